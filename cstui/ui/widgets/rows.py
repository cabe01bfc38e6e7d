"""A list of any length: only the lines in sight are asked for and drawn (Textual's line API).

Asks a `draw` function for line `index` at a width; knows nothing of what the lines mean.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Self

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.events import Click
from textual.filter import ANSIToTruecolor, LineFilter
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from cstui.ui import commands
from cstui.ui.widgets.drawing import segments
from cstui.ui.widgets.line import ink_for

Draw = Callable[[int, int], Text]
"""(index, width) → the line. Called as lines come in sight, and anew for all after `Rows.refresh`: it must not read files or databases."""
_KEPT = 1_000
"""Lines that are kept drawn."""
AFTERWARDS = 0.03
"""Seconds after a page was drawn when lines beyond it are best read ahead: beside the drawing that would hold it up."""


class Rows(ScrollView, can_focus=True):
    """A windowed list with a cursor and, where wanted, marks."""

    BINDINGS = commands.bindings("list")

    cursor: reactive[int] = reactive(0, repaint=False)

    class About(Message):
        """Something about a list; its kinds are below."""

        def __init__(self, rows: Rows, index: int) -> None:
            super().__init__()
            self.rows = rows
            self.index = index
            """The line under the cursor."""

        @property
        def control(self) -> Rows:
            """The list, for `@on(Rows.Opened, "#id")`."""
            return self.rows

    class Opened(About):
        """A line was opened."""

    class Moved(About):
        """The cursor is on another line now."""

    class Marked(About):
        """Marks were set or taken away."""

    def __init__(self, *, id: str | None = None, markable: bool = False, empty: Text | None = None) -> None:
        super().__init__(id=id)
        self.count = 0
        self.marked: set[int] = set()
        self.says: Mapping[str, str | tuple[str, str]] = {}
        """What keys of the screen do while the keyboard is here, for the line of keys: action id → word; blank: nothing."""
        self._draw: Draw = lambda _index, _width: Text()
        self._markable = markable
        self._empty = empty or Text()
        self._skip: frozenset[int] = frozenset()
        self._style = Style()
        self._drawn: dict[tuple[int, bool], Strip] = {}
        """Lines as they were drawn since all were last to be drawn anew, by index and whether they are marked as the cursor's."""
        self._drawn_for = (self._style, 0)
        self._said: list[Text] = []
        """`_empty`, in lines as wide as the list."""

    def show(self, count: int, draw: Draw, *, cursor: int | None = None, skip: frozenset[int] = frozenset()) -> None:
        """List `count` lines; the cursor stays where it is, or goes to `cursor`. It never rests on lines of `skip` (headings)."""
        self.count, self._draw, self._skip = count, draw, skip
        self.virtual_size = Size(0, count)
        self.marked = {index for index in self.marked if index < count}
        wanted = self.cursor if cursor is None else cursor
        self.cursor = self._landing(max(0, min(wanted, count - 1)), 1)
        self.refresh()

    def say(self, text: Text) -> None:
        """What to show while there is no line."""
        self._empty = text
        self.refresh()

    def _landing(self, index: int, by: int) -> int:
        """The nearest line from `index` on, in the direction `by`, that the cursor may rest on."""
        for step in (by, -by):
            at = index
            while 0 <= at < self.count:
                if at not in self._skip:
                    return at
                at += step
        return index

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Draw again: regions as the lines were drawn, or all of it anew."""
        if not regions:
            self._drawn.clear()
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def watch_cursor(self, old: int, new: int) -> None:
        """Keep the cursor in sight. The two lines are drawn again, and all of them only where the list scrolls."""
        across, top = self.outer_size.width, self.gutter.top - self.scroll_offset.y
        self.refresh(Region(0, old + top, across, 1), Region(0, new + top, across, 1))
        self.scroll_to_region(Region(0, new, 1, 1), animate=False, force=True)
        if old != new:
            self.post_message(self.Moved(self, new))

    def render_lines(self, crop: Region) -> list[Strip]:
        """The strips of a region. What they share is worked out once: their style takes longer than a line."""
        self._style = self.rich_style
        width = self.scrollable_content_region.width
        if self._drawn_for != (self._style, width) or len(self._drawn) > _KEPT:
            self._drawn.clear()
            self._drawn_for = (self._style, width)
        self._said = [] if self.count or width < 1 else list(self._empty.wrap(self.app.console, max(1, width - 2)))
        return super().render_lines(crop)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Without the one that turns a terminal's own colours into true ones: inks are true colours already, and a page is many pieces."""
        return [one for one in super().get_line_filters() if not isinstance(one, ANSIToTruecolor)]

    def render_line(self, y: int) -> Strip:
        """The strip at screen line `y`."""
        index = y + self.scroll_offset.y
        chosen = index == self.cursor and self.has_focus and index not in self._skip
        strip = self._drawn.get((index, chosen))
        if strip is None:
            strip = self._drawn[index, chosen] = self._strip(y, index, chosen=chosen)
        return strip

    def _strip(self, y: int, index: int, *, chosen: bool) -> Strip:
        width, style = self.scrollable_content_region.width, self._style
        if index >= self.count:
            line = Text.assemble(" ", self._said[y]) if y < len(self._said) else Text()
            line.end = ""
        else:
            line = self._line(index, width, chosen=chosen)
            if chosen:
                style += Style(bgcolor=ink_for(self).selected)
        pieces = segments(line, style, self.app.console)
        if (rest := width - line.cell_len) > 0:
            pieces.append(Segment(" " * rest, style))
        return Strip(pieces, width) if rest >= 0 else Strip(pieces).crop(0, width)

    def _line(self, index: int, width: int, *, chosen: bool) -> Text:
        ink = ink_for(self)
        lead = Text("▸" if chosen else " ", style=ink.accent)
        if self._markable:
            lead.append("●" if index in self.marked else " ", ink.accent)
        line = Text.assemble(lead, self._draw(index, max(0, width - lead.cell_len)), no_wrap=True, end="")
        line.truncate(width, overflow="ellipsis")
        return line

    @property
    def room(self) -> int:
        """Columns of a line, its mark included: what a scrollbar leaves."""
        return self.scrollable_content_region.width

    def line_text(self, index: int) -> str:
        """A line's words, without colours and marks."""
        return " ".join(self._draw(index, 200).plain.split())

    def _go(self, index: int, by: int) -> None:
        if self.count:
            self.cursor = self._landing(max(0, min(index, self.count - 1)), by)

    def action_down(self) -> None:
        """One line down."""
        self._go(self.cursor + 1, 1)

    def action_up(self) -> None:
        """One line up."""
        self._go(self.cursor - 1, -1)

    def action_first(self) -> None:
        """To the first line."""
        self._go(0, 1)

    def action_last(self) -> None:
        """To the last line."""
        self._go(self.count - 1, -1)

    def action_page_down(self) -> None:
        """One page down."""
        self._go(self.cursor + max(1, self.size.height - 1), 1)

    def action_page_up(self) -> None:
        """One page up."""
        self._go(self.cursor - max(1, self.size.height - 1), -1)

    def action_open(self) -> None:
        """Open the line under the cursor."""
        if self.count:
            self.post_message(self.Opened(self, self.cursor))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:  # Textual's own shape
        """Marking is the screen's own where lines can't be marked here."""
        return action != "mark" or self._markable

    def action_mark(self) -> None:
        """Mark or unmark the line under the cursor, and go on to the next."""
        if self.count:
            self.marked ^= {self.cursor}
            self.post_message(self.Marked(self, self.cursor))
            self.action_down()
            self.refresh()

    def on_click(self, event: Click) -> None:
        """A click goes to the line, a double click opens it."""
        index = event.y + self.scroll_offset.y
        if 0 <= index < self.count and index not in self._skip:
            self.cursor = index
            if event.chain == 2:
                self.action_open()
