"""Driving the app in tests: what is on the screen as text, and waiting for it to say something."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from cstui.ui.app import CstuiApp
from cstui.ui.widgets.chart import Chart

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from textual.pilot import Pilot

    from cstui.ui.doors import Desk

WIDE, NARROW = (120, 40), (80, 24)
PATIENCE = 30.0
"""Seconds until something that should appear is missed; nothing waits longer than it must."""


def app_for(path: Path, desk: Desk | None = None) -> CstuiApp:
    """The app on a workspace, on the fixed day of all tests."""
    from cstui.base.config import today

    return CstuiApp(path, today(), desk)


def frame(app: CstuiApp) -> str:
    """What stands on the screen in front, line by line, without trailing blanks: the very strips that go to the terminal."""
    return "\n".join(strip.text.rstrip() for strip in app.screen._compositor.render_strips())


async def until(pilot: Pilot[None], wanted: str | Callable[[str], bool]) -> str:
    """Wait until the screen says `wanted`; the frame that does."""
    app = pilot.app
    assert isinstance(app, CstuiApp)
    holds = wanted if callable(wanted) else lambda text: wanted in text
    limit = time.monotonic() + PATIENCE
    while True:
        await pilot.pause()
        if holds(text := frame(app)):
            return text
        assert time.monotonic() < limit, f"{wanted!r} did not appear; the screen:\n{text}"
        await asyncio.sleep(0.01)


async def until_gone(pilot: Pilot[None], unwanted: str) -> str:
    """Wait until the screen no longer says it."""
    return await until(pilot, lambda text: unwanted not in text)


async def settled(pilot: Pilot[None]) -> str:
    """Wait until nothing is being worked on and every chart is drawn; the frame then."""
    app = pilot.app
    assert isinstance(app, CstuiApp)
    limit = time.monotonic() + PATIENCE
    calm, text = 0, ""
    while calm < 6:
        await pilot.pause()
        busy = [worker.name for worker in app.workers if not worker.is_finished and worker.group != "poll"]
        before, text = text, frame(app)
        drawn = not getattr(app.screen, "_behind", False) and all(chart.ready for chart in app.screen.query(Chart))
        resting = not busy and drawn and text == before and text.strip()
        calm = calm + 1 if resting else 0
        assert time.monotonic() < limit, f"the screen never came to rest ({busy}):\n{frame(app)}"
        await asyncio.sleep(0.01)
    return text
