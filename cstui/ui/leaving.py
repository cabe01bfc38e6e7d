"""Leaving the program: asked about first where something would be lost that nothing keeps. Knows no screen by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from rich.text import Text

if TYPE_CHECKING:
    from textual.app import App
    from textual.screen import Screen

_ASKED = "leaving"
"""The class of the question while it is in front."""


def leave(app: App[None], screens: Iterable[Screen[Any]], then: Callable[[], None]) -> None:
    """Leave; where a screen says what it `would_lose`, once the person has said that this is meant."""
    if app.screen.has_class(_ASKED):
        return
    lost = next(filter(None, (getattr(screen, "would_lose", "") for screen in screens)), "")
    if not lost:
        then()
        return
    from cstui.ui.screens.choices import Confirm

    question = Confirm(Text.assemble(("Leave cstui?", "bold"), f"\n{lost}"), "Leave", "Stay")
    question.add_class(_ASKED)
    app.push_screen(question, lambda sure: then() if sure else None)
