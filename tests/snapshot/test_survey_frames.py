"""Frames of the surveys screen: {normal, recording, queue, empty, error} × {80×24, 120×40}, on a company of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from cstui.base.errors import WorkspaceBusy
from cstui.desk.settings import set_setting
from cstui.desk.workspace import open_workspace
from tests.pilot.answered import company
from tests.pilot.driving import NARROW, WIDE, app_for, settled
from tests.pilot.fakes import FakeDesk
from tests.snapshot.test_frames import compare

SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "120x40"])
SCREENS = {"surveys": ("4",), "surveys-recording": ("4", "a", "c"), "surveys-detractors": ("4", "m", "v")}


@SIZES
@pytest.mark.parametrize("screen", SCREENS)
async def test_normal(screen: str, size: tuple[int, int], tmp_path: Path) -> None:
    async with app_for(company(tmp_path / "acme.db")).run_test(size=size) as pilot:
        await settled(pilot)
        for key in SCREENS[screen]:
            await pilot.press(key)
            await settled(pilot)
        compare(f"{screen}-normal-{size[0]}x{size[1]}", await settled(pilot))


@SIZES
async def test_empty(size: tuple[int, int], tmp_path: Path) -> None:
    workspace = open_workspace(tmp_path / "acme.db", create=True)
    set_setting(workspace, "company", "Acme Cloud")
    workspace.close()
    async with app_for(tmp_path / "acme.db").run_test(size=size) as pilot:
        await settled(pilot)
        await pilot.press("4")
        compare(f"surveys-empty-{size[0]}x{size[1]}", await settled(pilot))


@SIZES
async def test_error(size: tuple[int, int]) -> None:
    class Broken(FakeDesk):
        def voices(self, *_given: object) -> None:  # type: ignore[override]  # it only fails
            raise WorkspaceBusy(Path("acme.db"))

        draft = voices  # type: ignore[assignment]

    async with app_for(Path("acme.db"), Broken()).run_test(size=size) as pilot:
        await settled(pilot)
        await pilot.press("4")
        compare(f"surveys-error-{size[0]}x{size[1]}", await settled(pilot))
