"""Help is true: every key it lists does something on that screen, and every key that does something there is listed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual.actions import parse
from textual.widgets import Input

from cstui.desk.sample import private_copy
from cstui.ui import commands
from cstui.ui.gallery import PICTURES, Picture, exports
from cstui.ui.keys import does
from cstui.ui.screens.help import ALSO, HelpScreen, live_keys
from tests.pilot.driving import WIDE, app_for, settled

if TYPE_CHECKING:
    from textual.app import App
    from textual.binding import ActiveBinding

TEXTUALS = {"tab", "shift+tab", "ctrl+c", "super+c", "ctrl+q"}
"""Told in `ALSO`; super+c is what some terminals send for ctrl+c."""
SCROLLS = {"up", "down", "left", "right", "home", "end", "pageup", "pagedown", "ctrl+pageup", "ctrl+pagedown"}
"""What scrolls anything that can be scrolled."""
ONCE = {picture.screen: picture for picture in reversed(PICTURES) if picture.screen != "CommandPalette"}


def answers(app: App[None], binding: ActiveBinding) -> bool:
    """Whether there is anything that its action calls."""
    namespace, name, _ = parse(binding.binding.action)
    target = {"app": app, "screen": app.screen}.get(namespace, binding.node)
    return hasattr(target, f"action_{name}") or hasattr(target, f"_action_{name}")


@pytest.mark.parametrize("picture", ONCE.values(), ids=list(ONCE))
async def test_help_lists_the_keys_that_work_and_no_other(picture: Picture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    exports(tmp_path / "exports")
    monkeypatch.chdir(tmp_path / "exports")
    app = app_for(tmp_path / "new.db" if picture.fresh else private_copy(tmp_path))
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        for key in picture.keys:
            await pilot.press(key)
            await settled(pilot)
        screen = app.screen
        assert type(screen).__name__ == picture.screen
        live = {key: active for key, active in screen.active_bindings.items() if active.enabled}
        assert [key for key, active in live.items() if not answers(app, active)] == []
        told = live_keys(screen)
        listed = {action.id for action, _ in told}
        for key, active in live.items():
            if active.binding.id:
                own = {action.id for action in commands.of(screen.SCOPES[0]) if key in commands.bound_keys(action)}  # type: ignore[attr-defined]
                assert active.binding.id in listed or own & listed, key
            elif not isinstance(active.node, Input):
                assert key in TEXTUALS | SCROLLS, key
        assert all(keys for _, keys in told)
        if isinstance(screen, HelpScreen):
            return
        await app.push_screen(HelpScreen(screen))
        await settled(pilot)
        words = " ".join(str(app.screen.query("Words").nodes[1].render()).split())
        assert all(" ".join(does(action).split()) in words for action, _ in told)
        assert " ".join(ALSO.split()) in words
