"""Frames of the surveys screen: {normal, recording, queue, empty, error} × {80×24, 120×40}, on a company of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from cstui.desk.settings import set_setting
from cstui.desk.workspace import open_workspace
from tests.pilot.answered import company
from tests.snapshot.framing import SIZES, busy, framed

SCREENS = {"surveys": ("4",), "surveys-recording": ("4", "a", "c"), "surveys-detractors": ("4", "m", "v")}


@SIZES
@pytest.mark.parametrize("screen", SCREENS)
async def test_normal(screen: str, size: tuple[int, int], tmp_path: Path) -> None:
    await framed(f"{screen}-normal", size, company(tmp_path / "acme.db"), SCREENS[screen])


@SIZES
async def test_empty(size: tuple[int, int], tmp_path: Path) -> None:
    workspace = open_workspace(tmp_path / "acme.db", create=True)
    set_setting(workspace, "company", "Acme Cloud")
    workspace.close()
    await framed("surveys-empty", size, tmp_path / "acme.db", ("4",))


@SIZES
async def test_error(size: tuple[int, int]) -> None:
    await framed("surveys-error", size, Path("acme.db"), ("4",), busy("voices", "draft"))
