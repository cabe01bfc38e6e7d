"""A trend, drawn once per size and snapshot in a thread, after the frame it belongs to.

Knows no metric: it is given a series, how to write its axis, and a title.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import partial

from rich.text import Text
from textual.events import Resize
from textual.message import Message
from textual.widget import Widget
from textual.worker import get_current_worker

from cstui.ui.charts import Series, heading, line
from cstui.ui.first_frame import after_first_frame
from cstui.ui.theme import Ink
from cstui.ui.widgets.line import ink_for

Axis = Callable[[Fraction], str]


class Chart(Widget):
    """A title and a chart beneath it."""

    class Drawn(Message):
        """The thread has drawn."""

        def __init__(self, request: int, text: Text) -> None:
            super().__init__()
            self.request = request
            self.text = text

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._title = Text()
        self._series: Series | None = None
        self._axis: Axis = str
        self._text = Text()
        self._request = self._arrived = 0
        self._drawn: tuple[object, ...] = ()

    def show(self, title: Text, series: Series, axis: Axis) -> None:
        """Draw this from now on."""
        self._title, self._series, self._axis = title, series, axis
        self.refresh()
        self._soon()

    def on_resize(self, _: Resize) -> None:
        self._soon()

    def _soon(self) -> None:
        """Draw once the frame without the chart is painted: importing plotext must not hold the first one up."""
        self.call_after_refresh(after_first_frame, self, self._draw)

    @property
    def _wanted(self) -> tuple[object, ...]:
        return (self._series, *self.content_size, ink_for(self))

    @property
    def ready(self) -> bool:
        """The picture of this series at this size is there, or there is nothing to draw."""
        nothing = self._series is None or not self.display or min(self.content_size) < 2
        return nothing or (self._wanted == self._drawn and self._arrived == self._request)

    def _draw(self) -> None:
        """Draw in a thread, unless this very picture is there already."""
        (width, height), ink = self.content_size, ink_for(self)
        if self._series is None or self._wanted == self._drawn or width < 1 or height < 2:
            return
        self._drawn = self._wanted
        self._request += 1
        work = partial(self._work, self._request, self._series, (width, height - 1), self._axis, ink)
        self.run_worker(work, name="chart", group="chart", exclusive=True, thread=True)

    def _work(self, request: int, series: Series, size: tuple[int, int], axis: Axis, ink: Ink) -> None:
        worker = get_current_worker()
        text = line(series, *size, axis, ink)
        if not worker.is_cancelled:
            self.post_message(self.Drawn(request, text))

    def on_chart_drawn(self, event: Drawn) -> None:
        """Show the newest picture, drop any other."""
        event.stop()
        if event.request == self._request:
            self._text, self._arrived = event.text, event.request
            self.refresh()

    def render(self) -> Text:
        title = self._title if self._series is None else heading(self._title, self._series, self.content_size.width, ink_for(self))
        return Text.assemble(title, "\n", self._text, no_wrap=True, end="")
