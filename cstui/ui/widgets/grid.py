"""A table of cells with a cursor that goes four ways: the names at the left and the titles on top stay, the rest scrolls.

Asks functions for names, titles and cells; knows nothing of what they mean. Only what is in sight is drawn (Textual's line API).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text
from textual.events import Click, MouseScrollDown, MouseScrollUp, Resize
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from cstui.ui import commands
from cstui.ui.widgets.line import ink_for

Cell = Callable[[int, int], Text]
"""(row, column) → the cell, no wider than its column. Called on every draw: no input or output."""


class Sheet(NamedTuple):
    """What a grid shows."""

    names: Callable[[int, int], Text]
    """(row, width) → what stands at the left."""
    titles: Sequence[Text]
    """One per column."""
    widths: Sequence[int]
    cell: Cell
    """Cells stand at the right of their columns, but for those as wide as the column."""
    rows: int
    pinned: int = 0
    """How many of the first rows stay on top: totals."""
    corner: Text = Text()
    """The title of the names."""
    least: int = 12
    """The least width of the names."""


EMPTY = Sheet(lambda _row, _width: Text(), (), (), lambda _row, _column: Text(), 0)


class Grid(Widget, can_focus=True):
    """Rows × columns with a cell under the cursor. The first `pinned` rows never scroll; the cursor goes there too."""

    BINDINGS = commands.bindings("grid")

    class About(Message):
        """Something about a cell; its kinds are below."""

        def __init__(self, grid: Grid, row: int, column: int) -> None:
            super().__init__()
            self.grid = grid
            self.row = row
            self.column = column

        @property
        def control(self) -> Grid:
            """The grid, for `@on(Grid.Moved, "#id")`."""
            return self.grid

    class Opened(About):
        """A cell was opened."""

    class Moved(About):
        """Another cell is under the cursor now."""

    def __init__(self, *, id: str | None = None, empty: Text | None = None) -> None:
        super().__init__(id=id)
        self.row = self.column = 0
        self._sheet = EMPTY
        self._top = self._left = 0
        self._empty = empty or Text()

    def show(self, sheet: Sheet, *, row: int | None = None, column: int | None = None) -> None:
        """Show these from now on; the cursor stays where it is as far as there is such a cell."""
        self._sheet = sheet
        self._go(self.row if row is None else row, self.column if column is None else column)
        self.refresh()

    def say(self, text: Text) -> None:
        """What to show while there is no cell."""
        self._empty = text
        self.refresh()

    @property
    def empty(self) -> bool:
        """There is no cell."""
        return not (self._sheet.rows and self._sheet.widths)

    # Where things stand

    @property
    def _names_width(self) -> int:
        """The names take what the columns leave, and at least their least."""
        return max(self._sheet.least, self.size.width - sum(self._sheet.widths))

    def _columns(self) -> range:
        """The columns that fit whole from the first in sight on."""
        room, last = self.size.width - self._names_width, self._left
        for index in range(self._left, len(self._sheet.widths)):
            room -= self._sheet.widths[index]
            if room < 0:
                break
            last = index + 1
        return range(self._left, max(last, min(self._left + 1, len(self._sheet.widths))))

    @property
    def _body(self) -> int:
        """Lines for rows that scroll."""
        return max(1, self.size.height - 1 - self._sheet.pinned)

    def _go(self, row: int, column: int) -> None:
        sheet, before = self._sheet, (self.row, self.column)
        self.row = max(0, min(sheet.rows - 1, row))
        self.column = max(0, min(len(sheet.widths) - 1, column))
        body_row, last = self.row - sheet.pinned, sheet.rows - sheet.pinned - self._body
        if body_row >= 0:
            self._top = max(body_row - self._body + 1, min(self._top, body_row))
        self._top = max(0, min(self._top, last))
        self._left = min(self._left, self.column)
        while self.column not in self._columns() and self._left < self.column:
            self._left += 1
        while self._left > 0 and self._fits(self._left - 1):
            self._left -= 1
        self.refresh()
        if before != (self.row, self.column) and not self.empty:
            self.post_message(self.Moved(self, self.row, self.column))

    def _fits(self, left: int) -> bool:
        """Whether everything from `left` on is in sight: then there is no reason to have scrolled beyond it."""
        return sum(self._sheet.widths[left:]) <= self.size.width - self._names_width

    def on_resize(self, _: Resize) -> None:
        """Keep the cursor in sight."""
        self._go(self.row, self.column)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return self._sheet.rows + 1

    # Drawing

    def render_line(self, y: int) -> Strip:
        """The strip at line `y`: titles, rows that stay, rows that scroll."""
        width = self.size.width
        if self.empty:
            lines = list(self._empty.wrap(self.app.console, max(1, width - 2)))
            line = Text.assemble(" ", lines[y]) if y < len(lines) else Text()
        else:
            sheet = self._sheet
            row = y - 1 if y <= sheet.pinned else y - 1 + self._top
            line = self._titles() if y == 0 else self._row(row) if row < sheet.rows else Text()
        line.end = ""
        line.truncate(width)
        strip = Strip(line.render(self.app.console), line.cell_len)
        return strip.adjust_cell_length(width, self.rich_style).apply_style(self.rich_style)

    def _titles(self) -> Text:
        sheet, columns, ink = self._sheet, self._columns(), ink_for(self)
        corner = sheet.corner.copy()
        corner.truncate(self._names_width - 2, overflow="ellipsis")
        line = Text.assemble("  ", corner, " " * max(0, self._names_width - corner.cell_len - 2))
        for column in columns:
            title = sheet.titles[column].copy()
            title.truncate(sheet.widths[column] - 1, overflow="ellipsis")
            title.stylize(f"bold {ink.accent}" if column == self.column and self.has_focus else ink.dim)
            line.append(" " * (sheet.widths[column] - title.cell_len)).append_text(title)
        if columns.start:
            line = _over(line, self._names_width - 1, "‹", ink.accent)
        if columns.stop < len(sheet.widths):
            line.pad_right(max(0, self.size.width - line.cell_len))
            line = _over(line, self.size.width - 1, "›", ink.accent)
        return line

    def _row(self, row: int) -> Text:
        sheet, ink = self._sheet, ink_for(self)
        here = row == self.row and self.has_focus
        name = sheet.names(row, self._names_width - 2)
        line = Text.assemble(("▸ " if here else "  ", ink.accent), name)
        line.append(" " * max(0, self._names_width - cell_len(line.plain)))
        for column in self._columns():
            shown = sheet.cell(row, column)
            shown.truncate(sheet.widths[column], overflow="ellipsis")
            pad = sheet.widths[column] - shown.cell_len
            cell = Text.assemble(" " * pad, shown)
            if here and column == self.column:
                cell.stylize(Style(reverse=True, bold=True))
            line.append_text(cell)
        return line

    # Keys and mouse

    def action_down(self) -> None:
        """One line down."""
        self._go(self.row + 1, self.column)

    def action_up(self) -> None:
        """One line up."""
        self._go(self.row - 1, self.column)

    def action_across(self, by: int) -> None:
        """One column on or back."""
        self._go(self.row, self.column + by)

    def action_first(self) -> None:
        """To the first line."""
        self._go(0, self.column)

    def action_last(self) -> None:
        """To the last line."""
        self._go(self._sheet.rows - 1, self.column)

    def action_page(self, by: int) -> None:
        """One page up or down."""
        self._go(self.row + by * max(1, self._body - 1), self.column)

    def action_open(self) -> None:
        """Open the cell under the cursor."""
        if not self.empty:
            self.post_message(self.Opened(self, self.row, self.column))

    def on_click(self, event: Click) -> None:
        """A click goes to the cell, a double click opens it."""
        sheet = self._sheet
        row = event.y - 1 if event.y <= sheet.pinned else event.y - 1 + self._top
        if event.y < 1 or not 0 <= row < sheet.rows:
            return
        x, column = self._names_width, self.column
        for index in self._columns():
            if x <= event.x < x + sheet.widths[index]:
                column = index
            x += sheet.widths[index]
        self._go(row, column)
        if event.chain == 2:
            self.action_open()

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """Three lines down."""
        event.stop()
        self._go(self.row + 3, self.column)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """Three lines up."""
        event.stop()
        self._go(self.row - 3, self.column)


def _over(line: Text, at: int, char: str, style: str) -> Text:
    """The line with one character replaced."""
    return Text.assemble(line[:at], (char, style), line[at + 1 :])
