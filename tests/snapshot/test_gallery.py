"""Every screen of the app has a picture in the gallery, and the pictures can be drawn."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

import pytest
from textual.screen import ModalScreen, Screen

import cstui.ui.screens
from cstui.ui.gallery import PICTURES, draw
from cstui.ui.screens.base import DeskScreen, SnapshotScreen
from cstui.ui.screens.choices import Dialog, FieldsDialog
from cstui.ui.screens.customer_writing import CustomerWriting
from cstui.ui.screens.explain import BehindScreen
from cstui.ui.screens.import_asking import ImportAsking
from cstui.ui.screens.import_past import ImportPast
from cstui.ui.screens.import_run import ImportRun
from cstui.ui.screens.in_front import InFront
from cstui.ui.screens.in_turn import InTurn
from cstui.ui.screens.mapping_asking import MappingAsking
from cstui.ui.screens.picking import MetricDialog
from cstui.ui.screens.surveys_recording import RecordingScreen
from cstui.ui.screens.views import BranchScreen, FilteredScreen, PeerScreen, ViewScreen

ABSTRACT = {Screen, ModalScreen, DeskScreen, SnapshotScreen, Dialog, ImportRun, CustomerWriting, RecordingScreen, BehindScreen}
ABSTRACT |= {
    InFront,
    InTurn,
    MetricDialog,
    ImportAsking,
    ImportPast,
    MappingAsking,
    FieldsDialog,
    FilteredScreen,
    ViewScreen,
    PeerScreen,
    BranchScreen,
}


def screens() -> set[str]:
    """Names of all screens that `cstui.ui.screens` defines."""
    found: set[str] = set()
    for module in pkgutil.iter_modules(cstui.ui.screens.__path__):
        for value in vars(importlib.import_module(f"cstui.ui.screens.{module.name}")).values():
            if isinstance(value, type) and issubclass(value, Screen) and value not in ABSTRACT:
                found.add(value.__name__)
    return found


def test_every_screen_has_a_picture() -> None:
    shown = {picture.screen for picture in PICTURES}
    missing = {name for name in screens() if name not in shown}
    assert not missing


def test_every_picture_is_committed(root: Path) -> None:
    wanted = {f"{picture.name}{suffix}.svg" for picture in PICTURES for suffix in ("", "-light")}
    assert {path.name for path in (root / "screenshots").glob("*.svg")} == wanted


@pytest.mark.parametrize("light", [False, True], ids=["dark", "light"])
async def test_a_picture_is_drawn_the_same_each_time(tmp_path: Path, light: bool) -> None:
    from cstui.desk.sample import private_copy

    path = private_copy(tmp_path)
    first = await draw(PICTURES[0], path, light=light)
    assert first == await draw(PICTURES[0], path, light=light)
    assert "MRR" in first
    assert "font-family: monospace" in first  # a list of fonts is not understood everywhere
