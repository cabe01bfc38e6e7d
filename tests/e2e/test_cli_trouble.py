"""What a command says where files and folders are not what it needs: a sentence and an exit code, never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.command import cstui

pytestmark = pytest.mark.e2e


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A folder with a file, one of whose rows is refused, and the workspace it was imported into, `shop.db`."""
    (tmp_path / "subs.csv").write_text("subscription_id,customer_id,started_at,amount\ns-1,c-1,2026-01-01,10\ns-2,c-2,2026-01-01,ten\n")
    assert cstui("--db", "shop.db", "import", "subs.csv", home=tmp_path).status == 0
    return tmp_path


@pytest.mark.parametrize(
    ("place", "command"),
    [
        (".", ("import", "subs.csv")),
        (".", ("metrics",)),
        ("subs.csv/below.db", ("import", "subs.csv")),
        ("subs.csv/below.db", ("survey", "add", "c-1", "nps", "9")),
        ("subs.csv", ("doctor",)),
    ],
)
def test_a_file_or_folder_that_can_be_no_workspace_is_told_in_a_sentence(shop: Path, place: str, command: tuple[str, ...]) -> None:
    done = cstui("--db", place, *command, home=shop)
    assert done.status == 1
    assert done.err.startswith("cstui: ")
    assert "Traceback" not in done.err
    assert len(done.err.splitlines()) == 1
    assert sorted(path.name for path in shop.iterdir()) == ["shop.db", "subs.csv"]
