"""Random keys on every screen, with and without data: nothing crashes and nothing goes wrong behind the screen.

A few sequences in the suite; `CSTUI_SEQUENCES=500` for a long run.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from random import Random

import pytest

from cstui.ui import commands
from tests.pilot.driving import WIDE, app_for, frame

SEQUENCES = int(os.environ.get("CSTUI_SEQUENCES", "4"))
LENGTH = 7
SCREENS = {"overview": "1", "at_risk": "2", "customers": "3", "surveys": "4", "import": "6"}
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


@pytest.mark.parametrize("filled", [True, False], ids=["sample", "empty"])
@pytest.mark.parametrize("screen", SCREENS)
async def test_no_sequence_of_keys_breaks_a_screen(screen: str, filled: bool, root: Path, tmp_path: Path, new: Path) -> None:
    path = new
    if filled:
        path = tmp_path / "sample.db"
        shutil.copy(root / "sample.db", path)
    chance, keys = Random(f"{screen} {filled}"), alphabet()
    app = app_for(path)
    async with app.run_test(size=WIDE) as pilot:
        for number in range(SEQUENCES):
            pressed = [chance.choice(keys) for _ in range(LENGTH)]
            for key in pressed:
                await pilot.press(key)
            assert app.is_running, (screen, number, pressed)
            assert frame(app).strip(), (screen, number, pressed)
            for _ in range(6):
                if len(app.screen_stack) == 1:
                    break
                await pilot.press("escape")
            app.action_go(screen)
            await pilot.pause()
    assert app.return_code in (None, 0), screen
    app.tidy()
