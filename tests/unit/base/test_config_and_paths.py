"""The day and the files come from the environment in a stated order; asking creates nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cstui.base.config import instant, today
from cstui.base.errors import UsageError
from cstui.base.paths import data_folder, default_workspace, sample_workspace


def test_the_day_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CSTUI_TODAY", "2026-11-02")
    assert today() == date(2026, 11, 2)
    assert instant() == "2026-11-02T00:00:00Z"


@pytest.mark.parametrize("text", ["tomorrow", "2026-02-30", "20261102", "۲۰۲۶-۱۱-۰۲"])
def test_a_day_that_is_none_is_wrong_usage(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("CSTUI_TODAY", text)
    with pytest.raises(UsageError, match="CSTUI_TODAY"):
        today()


def test_without_it_the_clock_says_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CSTUI_TODAY", raising=False)
    assert isinstance(today(), date)
    assert instant().endswith("Z")


def test_the_workspace_is_named_or_in_the_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.delenv("CSTUI_DB", raising=False)
    assert default_workspace() == tmp_path / "cstui" / "workspace.db"
    assert data_folder() == tmp_path / "cstui"
    monkeypatch.setenv("CSTUI_DB", str(tmp_path / "shop.db"))
    assert default_workspace() == tmp_path / "shop.db"
    assert not list(tmp_path.iterdir())


def test_the_sample_is_shipped_beside_the_package_or_inside_it() -> None:
    assert sample_workspace().name == "sample.db"
