"""A picture with figures in it, which the keyboard goes through one by one.

Knows no figure: only how many there are, and which one the keyboard is on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ClassVar

from rich.text import Text
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from cstui.ui import commands
from cstui.ui.charts import Series
from cstui.ui.widgets.chart import Axis, Chart
from cstui.ui.widgets.drawing import Drawing

Told = Callable[[int], tuple[Text, str]]
"""Of a point: the title of the chart while the keyboard is on it, and what is written beside it."""


class Pointing(Widget, can_focus=True):
    """Figures in a row, or beneath each other; the arrows go along them, and out of the picture."""

    BINDINGS = commands.bindings("card")
    DOWNWARDS: ClassVar[bool] = False
    """They stand beneath each other."""

    at: reactive[int] = reactive(0, repaint=False)

    class About(Message):
        """Something about a picture; its kinds are below."""

        def __init__(self, picture: Pointing) -> None:
            super().__init__()
            self.picture = picture

        @property
        def control(self) -> Pointing:
            """The picture, for `@on(Pointing.Opened, "#id")`."""
            return self.picture

    class Opened(About):
        """The person asked what is behind the figure."""

    class Moved(About):
        """The keyboard is on another figure now, or came, or went."""

    class Beyond(About):
        """An arrow leads out of the picture."""

        def __init__(self, picture: Pointing, by: int, *, down: bool) -> None:
            super().__init__(picture)
            self.by = by
            """To the left or up: −1."""
            self.down = down
            """Up or down, not across."""

    count = 0

    def hold(self, count: int, at: int | None = None) -> None:
        """So many figures from now on; without any, the keyboard passes by. It goes to `at`, or stays where it is."""
        self.count, self.can_focus = count, count > 0
        self.at = max(0, min(self.at if at is None else at, count - 1))

    @property
    def mark(self) -> int | None:
        """The figure under the keyboard; None while it is elsewhere."""
        return self.at if self.has_focus and self.count else None

    def marked(self) -> None:
        """Draw the mark where it is now."""
        self.refresh()

    def watch_at(self) -> None:
        """It moved."""
        if self.is_mounted:
            self._changed()

    def on_mount(self) -> None:
        """Follow the keyboard."""
        self.watch(self, "has_focus", self._changed, init=False)

    def _changed(self) -> None:
        self.marked()
        self.post_message(self.Moved(self))

    def action_open(self) -> None:
        """Ask for what is behind the figure."""
        if self.count:
            self.post_message(self.Opened(self))

    def action_step(self, by: int) -> None:
        """To the figure at the side, or out of the picture."""
        self._go(by, down=False)

    def action_leap(self, by: int) -> None:
        """To the figure above or beneath, or out of the picture."""
        self._go(by, down=True)

    def _go(self, by: int, *, down: bool) -> None:
        if down == self.DOWNWARDS and 0 <= self.at + by < self.count:
            self.at += by
        else:
            self.post_message(self.Beyond(self, by, down=down))


def towards(event: Pointing.Beyond, pictures: Iterable[Pointing]) -> Pointing | None:
    """The nearest of some pictures with figures that an arrow leads to, out of another."""
    here, found = event.picture.region, []
    for other in pictures:
        there = other.region
        if event.down:
            far = there.y - here.bottom if event.by > 0 else here.y - there.bottom
        else:
            far = there.x - here.right if event.by > 0 else here.x - there.right
        if far >= 0 and other.can_focus and other is not event.picture:
            found.append((far, there.y, other))
    return min(found, key=lambda one: one[:2])[-1] if found else None


class FigureDrawing(Pointing, Drawing):
    """A drawing whose figures stand side by side."""


class FigureLines(Pointing, Drawing):
    """A drawing whose figures stand beneath each other."""

    DOWNWARDS: ClassVar[bool] = True


class FigureChart(Pointing, Chart):
    """A chart whose points can be gone through: the mark is on one of them, and the title tells of it."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._plain: tuple[Text, Series, Axis] | None = None
        self._told: Told | None = None

    def show_points(self, title: Text, series: Series, axis: Axis, told: Told) -> None:
        """Draw this from now on; the keyboard begins at the last point."""
        before = None if self._plain is None else self._plain[1].labels
        self._plain, self._told = (title, series, axis), told
        self.hold(len(series.values), None if before == series.labels else len(series.values) - 1)
        self.marked()

    def marked(self) -> None:
        """Draw it with the mark, or without."""
        if self._plain is None or self._told is None:
            return
        title, series, axis = self._plain
        if (at := self.mark) is not None:
            title, note = self._told(at)
            series = series._replace(at=at, note=note)
        self.show(title, series, axis)
