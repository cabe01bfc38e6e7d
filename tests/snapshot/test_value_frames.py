"""Frames of customer value: {normal, table, refused, empty, error} × {80×24, 120×40}."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cstui.base.errors import WorkspaceBusy
from cstui.desk.value import ValueSnapshot
from tests.pilot.driving import NARROW, WIDE, app_for, settled
from tests.pilot.fakes import FakeDesk
from tests.snapshot.test_frames import compare
from tests.unit.risk import company

SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "120x40"])
SAMPLE = Path(__file__).resolve().parents[2] / "sample.db"


@SIZES
@pytest.mark.parametrize("state", ["normal", "table", "refused"])
async def test_value(state: str, size: tuple[int, int], tmp_path: Path) -> None:
    path = company.make(tmp_path / "acme.db") if state == "refused" else Path(shutil.copy(SAMPLE, tmp_path / "sample.db"))
    async with app_for(path).run_test(size=size) as pilot:
        await settled(pilot)
        for key in ("V", "t") if state == "table" else ("V",):
            await pilot.press(key)
            await settled(pilot)
        compare(f"value-{state}-{size[0]}x{size[1]}", await settled(pilot))


@SIZES
async def test_error(size: tuple[int, int]) -> None:
    class Broken(FakeDesk):
        def value(self, *_given: object) -> ValueSnapshot:
            raise WorkspaceBusy(Path("acme.db"))

    async with app_for(Path("acme.db"), Broken()).run_test(size=size) as pilot:
        await settled(pilot)
        await pilot.press("V")
        compare(f"value-error-{size[0]}x{size[1]}", await settled(pilot))
