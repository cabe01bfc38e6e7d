"""Frames of the coverage calendar and of the news on the overview: × {80×24, 120×40}."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pilot.test_papers import see
from tests.snapshot.framing import SIZES, framed, sample
from tests.unit.store.import_calls import bring

RESTATING = (
    "payment_id,customer_id,amount,paid_at\np-late,c-1003,410,2026-09-10\np-later,c-1003,75,2026-06-10\n",
    "customer_id,answered_at,kind,score\nc-1003,2026-09-11,nps,1\n",
)


@SIZES
@pytest.mark.parametrize("name", ["coverage", "coverage-gaps"])
async def test_coverage(name: str, size: tuple[int, int], tmp_path: Path) -> None:
    path = sample(tmp_path)
    if name == "coverage-gaps":
        bring(path, "payment_id,customer_id,amount,paid_at\np-old,c-1003,410,2023-01-10\n")
    await framed(f"{name}-normal", size, path, ("C", "j", "j"))


@SIZES
@pytest.mark.parametrize("keys", [(), ("d",)], ids=["line", "details"])
async def test_news(keys: tuple[str, ...], size: tuple[int, int], tmp_path: Path) -> None:
    path = sample(tmp_path)
    see(path)
    bring(path, *RESTATING)
    await framed(f"news-{'details' if keys else 'line'}-normal", size, path, keys)


@SIZES
async def test_reconcile(size: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from cstui.ui.gallery import _MRR

    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "mrr.csv").write_text(_MRR, encoding="utf-8")
    monkeypatch.chdir(folder)
    await framed("reconcile-normal", size, sample(tmp_path), ("6", "c"))
