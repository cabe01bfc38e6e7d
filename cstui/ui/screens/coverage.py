"""What has been imported, as a calendar: every kind with its months on one line, and the kind under the cursor year by year.

A function of a `Calendar` snapshot. Shades say how much, numbers how much exactly, and `–` that nothing was imported for a month.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.color import Color

from cstui.base import formatting as fmt
from cstui.base.records import Kind
from cstui.base.text import safe
from cstui.desk.coverage import Calendar, KindCoverage, MonthRows
from cstui.ui import commands
from cstui.ui.screens.base import SnapshotScreen, workspace_words
from cstui.ui.theme import Ink
from cstui.ui.widgets.grid import EMPTY, Grid, Sheet
from cstui.ui.widgets.line import KeysLine, TopLine, Words, fit
from cstui.ui.widgets.rows import Rows

_LABEL, _ROWS, _SPAN, _GAPS = 15, 8, 26, 10
_CELL = 6
"""Columns of a month in the calendar of one kind."""
_YEAR = 7
"""Columns of the year before its months."""
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


class CoverageScreen(SnapshotScreen[Calendar]):
    """Opened from anywhere."""

    SCOPES: ClassVar[tuple[str, ...]] = ("coverage", "list", "grid")
    LEAD = "#head"
    BINDINGS = commands.bindings("coverage")
    AUTO_FOCUS = "#kinds"
    DEFAULT_CSS = """
    CoverageScreen #head { padding: 1 1 0 1; }
    CoverageScreen #kinds { padding: 0 1; }
    CoverageScreen #kind { padding: 1 1 0 1; }
    CoverageScreen #calendar { margin: 1 0 0 0; width: 79; max-width: 100%; height: 1fr; }
    """
    ABOUT: ClassVar[str] = (
        "What has been imported of each kind, month by month: the stronger the shade, the more rows. – is a month inside the kind's first "
        "to last without a single row; figures count it as 0, and say that nothing was imported for it. "
        "Customers and subscriptions go on: their list covers all days up to the data's last, and a month in which none begins is no gap. "
        "Enter on a kind goes to its months, and on a month "
        "opens its rows, with file and line; e on a kind opens all its months, and the rows that name no day."
    )

    def compose(self) -> ComposeResult:
        yield TopLine()
        yield Words(id="head")
        kinds = Rows(id="kinds")
        kinds.styles.height = len(Kind)
        yield kinds
        yield Words(id="kind")
        yield Grid(id="calendar")
        yield KeysLine("coverage")

    def on_mount(self) -> None:
        self.query_one(TopLine).say((Text("looking…", style=self.ink.dim),))
        self.ask()

    def question(self) -> Callable[[], Calendar]:
        app = self.cstui
        return lambda: app.desk.coverage(app.opened().workspace, app.today)

    async def show(self, snapshot: Calendar) -> None:
        ink = self.ink
        self.query_one(TopLine).say(workspace_words(snapshot, ink), (Text("Coverage", style="bold"),))
        if snapshot.nothing:
            self.query_one("#head", Words).say(Text("Nothing has been imported yet. 6 imports.", style=ink.dim))
            self.query_one("#kinds", Rows).show(0, lambda _index, _width: Text())
            return
        self.query_one("#kinds", Rows).show(
            len(snapshot.kinds), lambda index, width: _kind_line(snapshot, snapshot.kinds[index], width, ink)
        )
        self._say_head()
        self._say_calendar(latest=not self.query_one(Grid).has_focus)

    def on_resize(self) -> None:
        self._say_head()

    def _say_head(self) -> None:
        snapshot, ink = self.snapshot, self.ink
        if snapshot is None or snapshot.nothing:
            return
        if snapshot.span is None:
            words = f" {'kind':<{_LABEL}}{'rows':>{_ROWS}}  none of them on a day"
            self.query_one("#head", Words).say(Text(words, style=ink.dim, no_wrap=True))
            return
        room = _room(self.query_one("#kinds", Rows).size.width or self.size.width - 2)
        first = max(snapshot.span[0], snapshot.span[1] - room + 1)
        strip = f"{fmt.month(first, short=True)} – {fmt.month(snapshot.span[1], short=True)}" if room else ""
        words = f" {'kind':<{_LABEL}}{'rows':>{_ROWS}}  {'covers':<{_SPAN}}{'without':<{_GAPS}}{strip}"
        self.query_one("#head", Words).say(Text(words, style=ink.dim, no_wrap=True))

    @on(Rows.Moved, "#kinds")
    def _moved(self) -> None:
        self._say_calendar(latest=True)

    @property
    def _kind(self) -> KindCoverage | None:
        """The kind under the cursor."""
        kinds = self.query_one("#kinds", Rows)
        return self.snapshot.kinds[kinds.cursor] if self.snapshot is not None and kinds.count else None

    def _say_calendar(self, *, latest: bool = False) -> None:
        """The kind's months; `latest`: the cursor goes to the last of them."""
        kind, ink, grid = self._kind, self.ink, self.query_one(Grid)
        if kind is None:
            return
        self.query_one("#kind", Words).say(_title(kind, ink))
        grid.say(Text("no row says on which day; enter lists them" if kind.rows else "import some: 6", style=ink.dim))
        if not kind.months:
            grid.show(EMPTY)
            return
        held = {one.month: one for one in kind.months}
        most = max(one.rows for one in kind.months)
        years = range(kind.months[-1].month // 12, kind.months[0].month // 12 - 1, -1)

        def cell(row: int, column: int) -> Text:
            return _cell(held.get(years[row] * 12 + column), most, ink)

        titles = [Text(f"{name} ") for name in _MONTHS]
        sheet = Sheet(lambda row, _width: Text(str(years[row]), ink.dim), titles, [_CELL] * len(_MONTHS), cell, len(years), least=_YEAR)
        grid.show(sheet, row=0 if latest else None, column=kind.months[-1].month % 12 if latest else None)

    # Acting

    @on(Rows.Opened, "#kinds")
    def _into(self) -> None:
        """From a kind to its months; where no row has a day, to the rows."""
        if (kind := self._kind) is not None and kind.months:
            self.query_one(Grid).focus()
        else:
            self.action_explain()

    @on(Grid.Opened, "#calendar")
    def _opened(self) -> None:
        self.action_explain()

    def action_explain(self) -> None:
        """The rows of the month under the cursor; on the list of kinds, the kind's months."""
        kind, grid, snapshot = self._kind, self.query_one(Grid), self.snapshot
        if snapshot is None or kind is None or not kind.rows:
            self._nothing()
            return
        from cstui.desk.coverage_cell import CoverageCell
        from cstui.desk.subjects import CoverageOf
        from cstui.ui.screens.explain import BehindScreen

        month = None
        if grid.has_focus:
            month = (kind.months[-1].month // 12 - grid.row) * 12 + grid.column
            if not kind.months[0].month <= month <= kind.months[-1].month:
                self.app.notify(f"{fmt.month(month)} is outside the first to the last.", markup=False)
                return
        self.app.push_screen(BehindScreen(CoverageOf(CoverageCell(Kind(kind.kind), month)), snapshot))

    def _nothing(self) -> None:
        self.app.notify("Nothing of this kind has been imported. 6 imports.", markup=False)

    def action_back(self) -> None:
        """From the months to the kinds, from there to where one came from."""
        if self.query_one(Grid).has_focus:
            self.query_one("#kinds", Rows).focus()
        else:
            super().action_back()


def _room(width: int) -> int:
    """How many months have room on a kind's line."""
    return max(0, width - _LABEL - _ROWS - 2 - _SPAN - _GAPS - 1)


def shade(rows: int, most: int, ink: Ink, ground: str) -> str:
    """The colour beneath a month: the more rows, the stronger. A month with any is never without."""
    if rows <= 0:
        return ground
    share = 0.18 + 0.62 * rows / max(most, 1)
    return Color.parse(ground).blend(Color.parse(ink.line), share).hex6


def _kind_line(calendar: Calendar, kind: KindCoverage, width: int, ink: Ink) -> Text:
    """Kind, rows, first to last, months without any, and its latest months as shades."""
    line = Text.assemble(fit(kind.kind.replace("_", " "), _LABEL, "" if kind.rows else ink.faint), (f"{kind.rows:>{_ROWS},}  ", ""))
    if kind.first is None or kind.through is None or calendar.span is None:
        return line.append("nothing imported" if not kind.rows else "no row has a date", ink.dim)
    line.append_text(fit(f"{fmt.day(kind.first)} – {fmt.day(kind.through)}", _SPAN, ink.dim))
    gaps, care = (fmt.count(len(kind.missing), "month"), ink.care) if kind.missing and not kind.level else ("", ink.dim)
    line.append_text(fit(gaps, _GAPS, care))
    rows = {one.month: one.rows for one in kind.months}
    most = max(rows.values(), default=0)
    last = calendar.span[1]
    for month in range(max(calendar.span[0], last - _room(width) + 1), last + 1):
        if month not in rows:
            line.append(" ")
        elif rows[month]:
            line.append("▇", shade(rows[month], most, ink, ink.fill))
        else:
            line.append("–", care)
    return line


def _title(kind: KindCoverage, ink: Ink) -> Text:
    """One kind in words: how much of it there is, and what is missing."""
    text = Text(no_wrap=True)
    text.append(kind.kind.replace("_", " "), f"bold {ink.accent}").append(f"   {fmt.count(kind.rows, 'row')}", "bold")
    if kind.undated:
        text.append(f", {kind.undated:,} of them without a date", ink.dim)
    if kind.level and kind.through is not None:
        text.append(f", covers through {fmt.day(kind.through)}", ink.dim)
    if kind.missing:
        named = ", ".join(fmt.month(month) for month in kind.missing[-6:])
        more = f"{len(kind.missing) - 6} more and " if len(kind.missing) > 6 else ""
        what, care = ("nothing new in", ink.dim) if kind.level else ("nothing imported for", ink.care)
        text.append(f"   {what} {more}{safe(named, 120)}", care)
    elif kind.months:
        text.append("   enter: its months, and their rows", ink.faint)
    return text


def _contrast(front: str, ground: str) -> float:
    """How well one colour is read on another."""
    low, high = sorted(_light(colour) for colour in (front, ground))
    return (high + 0.05) / (low + 0.05)


def _light(colour: str) -> float:
    red, green, blue = Color.parse(colour).normalized
    return float(0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2)


def _cell(one: MonthRows | None, most: int, ink: Ink) -> Text:
    if one is None:
        return Text(" " * _CELL)
    if not one.rows:
        return Text("–".rjust(_CELL - 1) + " ", style=ink.care)
    words = fmt.compact(Fraction(one.rows))
    ground = shade(one.rows, most, ink, ink.fill)
    front = max(("#10141b", "#f7f9fc"), key=lambda front: _contrast(front, ground))
    return Text.assemble(" ", (f"{words:>{_CELL - 2}} ", f"{front} on {ground}"))
