"""What is not in the first frame waits for it: charts, news, the collector.

Framework-internal: a frame leaves through `App._display`, updates are counted in `App._batch_count`. Pinned, and held by a test.
Knows nothing of what waits.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.app import App
from textual.widget import Widget

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.screen import Screen

SETTLED = 0.01
"""Seconds from a frame that was handed to the terminal's writer until it has reached the terminal."""


class FirstFrame(App[None]):
    """An application that knows when its first frame has been painted."""

    def __init__(self) -> None:
        super().__init__()
        self.painted = False
        self._waiting: list[tuple[Widget, float, Callable[[], object]]] = []

    @property
    def batching(self) -> bool:
        """Updates are held back: what is drawn now is not shown."""
        return self._batch_count > 0

    def after_first_frame(self, widget: Widget, callback: Callable[[], object], delay: float = SETTLED) -> None:
        """Have a widget called back `delay` seconds after the first frame; now, if that is past."""
        if self.painted:
            callback()
        elif (waiting := (widget, delay, callback)) not in self._waiting:
            self._waiting.append(waiting)

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        super()._display(screen, renderable)
        if renderable is None or self.painted or self.batching or not self._running:
            return
        self.painted = True
        # What is alive by now stays, so the collector, which has rested until here, need not look at it again.
        gc.freeze()
        gc.enable()
        for widget, delay, callback in self._waiting:
            widget.set_timer(delay, callback)
        self._waiting.clear()


def after_first_frame(widget: Widget, callback: Callable[[], object], delay: float = SETTLED) -> None:
    """Have a widget called back once the first frame is in the terminal; now, if it is already."""
    app = widget.app
    if isinstance(app, FirstFrame):
        app.after_first_frame(widget, callback, delay)
    else:
        callback()
