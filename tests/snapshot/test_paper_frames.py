"""Frames of the coverage calendar and of the news on the overview: × {80×24, 120×40}."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.pilot.conftest import ROOT
from tests.pilot.driving import NARROW, WIDE, app_for, settled
from tests.pilot.test_papers import see
from tests.snapshot.test_frames import compare
from tests.unit.store.import_calls import bring

SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "120x40"])
RESTATING = (
    "payment_id,customer_id,amount,paid_at\np-late,c-1003,410,2026-09-10\np-later,c-1003,75,2026-06-10\n",
    "customer_id,answered_at,kind,score\nc-1003,2026-09-11,nps,1\n",
)


@SIZES
@pytest.mark.parametrize("name", ["coverage", "coverage-gaps"])
async def test_coverage(name: str, size: tuple[int, int], tmp_path: Path) -> None:
    path = Path(shutil.copy(ROOT / "sample.db", tmp_path / "workspace.db"))
    if name == "coverage-gaps":
        bring(path, "payment_id,customer_id,amount,paid_at\np-old,c-1003,410,2023-01-10\n")
    async with app_for(path).run_test(size=size) as pilot:
        await settled(pilot)
        for key in ("C", "j", "j"):
            await pilot.press(key)
            await settled(pilot)
        compare(f"{name}-normal-{size[0]}x{size[1]}", await settled(pilot))


@SIZES
@pytest.mark.parametrize("keys", [(), ("d",)], ids=["line", "details"])
async def test_news(keys: tuple[str, ...], size: tuple[int, int], tmp_path: Path) -> None:
    path = Path(shutil.copy(ROOT / "sample.db", tmp_path / "workspace.db"))
    see(path)
    bring(path, *RESTATING)
    async with app_for(path).run_test(size=size) as pilot:
        await settled(pilot)
        for key in keys:
            await pilot.press(key)
        compare(f"news-{'details' if keys else 'line'}-normal-{size[0]}x{size[1]}", await settled(pilot))


@SIZES
async def test_reconcile(size: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from cstui.ui.gallery import _MRR

    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "mrr.csv").write_text(_MRR, encoding="utf-8")
    monkeypatch.chdir(folder)
    path = Path(shutil.copy(ROOT / "sample.db", tmp_path / "workspace.db"))
    async with app_for(path).run_test(size=size) as pilot:
        await settled(pilot)
        for key in ("6", "c"):
            await pilot.press(key)
            await settled(pilot)
        compare(f"reconcile-normal-{size[0]}x{size[1]}", await settled(pilot))
