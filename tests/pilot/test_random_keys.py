"""Random keys on every screen, with and without data: nothing crashes and nothing goes wrong behind the screen.

A few sequences in the suite; `CSTUI_SEQUENCES=500` for a long run.
"""

from __future__ import annotations

import inspect
import os
import pkgutil
import shutil
import time
from importlib import import_module
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, NamedTuple

import pytest
from textual.screen import ModalScreen, Screen

import cstui.ui.screens
from cstui.ui import commands
from tests.pilot.driving import PATIENCE, WIDE, app_for, frame

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from cstui.ui.app import CstuiApp

SEQUENCES = int(os.environ.get("CSTUI_SEQUENCES", "2"))
LENGTH = 7


class Way(NamedTuple):
    """How a screen is reached: from which peer, by which keys."""

    screen: str
    """Its class."""
    mode: str
    keys: tuple[str, ...] = ()


_FILE = ("g", "down", "down")
WAYS = {
    "overview": Way("OverviewScreen", "overview"),
    "at_risk": Way("AtRiskScreen", "at_risk"),
    "customers": Way("CustomersScreen", "customers"),
    "surveys": Way("SurveysScreen", "surveys"),
    "recording": Way("SurveysScreen", "surveys", ("a",)),
    "import": Way("ImportScreen", "import"),
    "customer": Way("CustomerScreen", "customers", ("enter",)),
    "evidence": Way("RiskEvidenceScreen", "at_risk", ("e",)),
    "explain": Way("ExplainScreen", "overview", ("e",)),
    "difference": Way("ExplainScreen", "overview", ("i",)),
    "behind a total": Way("BehindScreen", "customers", ("e", "enter")),
    "trend": Way("TrendScreen", "overview", ("v",)),
    "trend table": Way("TrendScreen", "overview", ("t",)),
    "breakdown": Way("BreakdownScreen", "overview", ("b", "enter")),
    "cohorts": Way("CohortsScreen", "overview", ("h",)),
    "waterfall": Way("WaterfallScreen", "overview", ("w",)),
    "journey": Way("JourneysScreen", "overview", ("o",)),
    "members": Way("MembersScreen", "overview", ("o", "enter")),
    "value": Way("ValueScreen", "overview", ("V",)),
    "coverage": Way("CoverageScreen", "overview", ("C",)),
    "switches": Way("SwitchesScreen", "overview", ("=",)),
    "switch preview": Way("SwitchPreviewScreen", "overview", ("=", "v", "down", "enter")),
    "goals": Way("CompareDialog", "overview", ("c",)),
    "cards": Way("CardsDialog", "overview", ("a",)),
    "period": Way("PeriodDialog", "overview", ("m",)),
    "segment": Way("SegmentDialog", "overview", ("f",)),
    "report": Way("ListDialog", "overview", ("p",)),
    "help": Way("HelpScreen", "overview", ("?",)),
    "preview": Way("PreviewScreen", "import", (*_FILE, "enter")),
    "mapping": Way("MappingScreen", "import", (*_FILE, "enter", "m")),
    "dates question": Way("ListDialog", "import", ("g", *["down"] * 3, "enter")),
    "past import": Way("ImportKeptScreen", "import", ("tab", "enter")),
    "reconcile": Way("ReconcileScreen", "import", (*_FILE, "c")),
    "first run": Way("FirstRunScreen", "first_run"),
}
LEAVING = frozenset(("q", "ctrl+q", "ctrl+c"))
EVERYWHERE = (
    *"jkgGefmnswrbchtlpyuzaxd0123456789[]/? ",
    *"تشس۵٣",
    *("up", "down", "left", "right", "home", "end", "pageup", "pagedown", "enter", "escape", "tab", "shift+tab", "backspace"),
)


def alphabet() -> list[str]:
    """Every key that does something anywhere, and some that do nothing; but for those that leave."""
    bound = {key for action in commands.ACTIONS for key in action.keys if not action.action.endswith("quit")}
    return sorted({*bound, *EVERYWHERE} - LEAVING)


def screens() -> set[str]:
    """Every full screen that the program has: those that no other is made from."""
    modules = (import_module(f"cstui.ui.screens.{module.name}") for module in pkgutil.iter_modules(cstui.ui.screens.__path__))
    every = {one for module in modules for _, one in inspect.getmembers(module, inspect.isclass) if issubclass(one, Screen)}
    found = {one for one in every if not issubclass(one, ModalScreen) and one.__module__.startswith("cstui.")}
    return {one.__name__ for one in found if not any(other is not one and issubclass(other, one) for other in found)}


def test_every_screen_is_among_them() -> None:
    assert screens() <= {way.screen for way in WAYS.values()}


@pytest.mark.parametrize("filled", [True, False], ids=["sample", "empty"])
@pytest.mark.parametrize("name", WAYS)
async def test_no_sequence_of_keys_breaks_a_screen(name: str, filled: bool, root: Path, tmp_path: Path, new: Path, folder: Path) -> None:
    (folder / "days.csv").write_text("customer_id,date,sessions\nc-1,03/04/2026,2\nc-2,05/06/2026,1\n", encoding="utf-8")
    path = new
    if filled:
        path = tmp_path / "sample.db"
        shutil.copy(root / "sample.db", path)
    chance, keys, way, number = Random(f"{name} {filled}"), alphabet(), WAYS[name], 0
    while number < SEQUENCES:
        app = app_for(path)
        async with app.run_test(size=WIDE) as pilot:
            while number < SEQUENCES:
                await _reach(app, pilot, way, certain=filled and not number)
                pressed = [chance.choice(keys) for _ in range(LENGTH)]
                for key in pressed:
                    await pilot.press(key)
                number += 1
                if way.mode == "first_run" and not app.is_running:
                    break  # one of its lines leaves, and so does esc
                assert app.is_running, (name, number, pressed)
                assert frame(app).strip(), (name, number, pressed)
                for _ in range(6):
                    if len(app.screen_stack) == 1:
                        break
                    await pilot.press("escape")
        assert app.return_code in (None, 0), name
        app.tidy()


async def _reach(app: CstuiApp, pilot: Pilot[None], way: Way, *, certain: bool) -> None:
    """To the screen. Earlier keys may have left nothing to open; `certain`: there are none."""
    app.action_go(way.mode)
    await _rested(app, pilot)
    for key in way.keys:
        await pilot.press(key)
        await _rested(app, pilot)
    if certain:
        assert type(app.screen).__name__ == way.screen, frame(app)


async def _rested(app: CstuiApp, pilot: Pilot[None]) -> None:
    """Until nothing is being worked on, so that the next key meets an answer. A run that was stopped meanwhile has not waited."""
    waited, before = 0.0, time.monotonic()
    await pilot.pause()
    while any(not worker.is_finished and worker.group != "poll" for worker in app.workers):
        now = time.monotonic()
        waited, before = waited + min(now - before, 1.0), now
        assert waited < PATIENCE, frame(app)
        await pilot.pause(0.005)
    await pilot.pause()
