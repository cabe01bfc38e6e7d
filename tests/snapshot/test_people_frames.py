"""Frames of the customer list, a customer's page and its dialogs: {normal, empty, error} × {80×24, 120×40}."""

from __future__ import annotations

from pathlib import Path

import pytest

from cstui.base.errors import WorkspaceBusy
from tests.pilot.driving import NARROW, WIDE, app_for, settled
from tests.pilot.fakes import FakeDesk
from tests.snapshot.test_frames import compare
from tests.unit.risk import company

SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "120x40"])
SCREENS: dict[str, tuple[str, ...]] = {
    "customers": ("3",),
    "customers-nobody": ("3", "/", "z", "q", "x"),
    "customer": ("3", "j", "enter"),
    "customer-facts": ("3", "j", "enter", "E"),
    "customer-log": ("3", "j", "enter", "l"),
    "customer-edit": ("3", "j", "enter", "E", "enter"),
    "customer-forget": ("3", "j", "enter", "D"),
    "customer-entry": ("3", "j", "enter", "enter"),
}


@SIZES
@pytest.mark.parametrize("screen", SCREENS)
async def test_normal(screen: str, size: tuple[int, int], tmp_path: Path) -> None:
    path = company.make(tmp_path / "acme.db")
    async with app_for(path).run_test(size=size) as pilot:
        await settled(pilot)
        for key in SCREENS[screen]:
            await pilot.press(key)
            await settled(pilot)
        compare(f"{screen}-normal-{size[0]}x{size[1]}", await settled(pilot))


@SIZES
async def test_error(size: tuple[int, int]) -> None:
    class Broken(FakeDesk):
        def listing(self, *_given: object, **_more: object) -> None:  # type: ignore[override]  # it only fails
            raise WorkspaceBusy(Path("acme.db"))

    async with app_for(Path("acme.db"), Broken()).run_test(size=size) as pilot:
        await settled(pilot)
        await pilot.press("3")
        compare(f"customers-error-{size[0]}x{size[1]}", await settled(pilot))
