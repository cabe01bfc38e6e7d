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
from cstui.ui.widgets.line import KeysLine, TopLine, Words, fit
from cstui.ui.widgets.rows import Rows

_LABEL, _ROWS, _SPAN, _GAPS = 15, 8, 26, 10
_CELL = 6
"""Columns of a month in the calendar of one kind."""
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


class CoverageScreen(SnapshotScreen[Calendar]):
    """Opened from anywhere."""

    SCOPES: ClassVar[tuple[str, ...]] = ("coverage", "list")
    LEAD = "#head"
    BINDINGS = commands.bindings("coverage")
    AUTO_FOCUS = "#kinds"
    DEFAULT_CSS = """
    CoverageScreen #head { padding: 1 1 0 1; }
    CoverageScreen #kinds { padding: 0 1; }
    CoverageScreen #calendar { padding: 1 1 0 1; height: 1fr; overflow-y: auto; }
    """
    ABOUT: ClassVar[str] = (
        "What has been imported of each kind, month by month: the stronger the shade, the more rows. – is a month inside the kind's first "
        "to last without a single row; figures count it as 0, and say that nothing was imported for it. "
        "Customers and subscriptions go on: a month in which none begins is no gap."
    )

    def compose(self) -> ComposeResult:
        yield TopLine()
        yield Words(id="head")
        kinds = Rows(id="kinds")
        kinds.styles.height = len(Kind)
        yield kinds
        yield Words(id="calendar")
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
        if snapshot.as_of is None:
            self.query_one("#head", Words).say(Text("Nothing has been imported yet. 6 imports.", style=ink.dim))
            self.query_one(Rows).show(0, lambda _index, _width: Text())
            return
        self.query_one(Rows).show(len(snapshot.kinds), lambda index, width: _kind_line(snapshot, snapshot.kinds[index], width, ink))
        self._say_head()
        self._say_calendar()

    def on_resize(self) -> None:
        self._say_head()

    def _say_head(self) -> None:
        snapshot, ink = self.snapshot, self.ink
        if snapshot is None or snapshot.span is None:
            return
        room = _room(self.query_one(Rows).size.width or self.size.width - 2)
        first = max(snapshot.span[0], snapshot.span[1] - room + 1)
        strip = f"{fmt.month(first, short=True)} – {fmt.month(snapshot.span[1], short=True)}" if room else ""
        words = f" {'kind':<{_LABEL}}{'rows':>{_ROWS}}  {'first to last':<{_SPAN}}{'without':<{_GAPS}}{strip}"
        self.query_one("#head", Words).say(Text(words, style=ink.dim, no_wrap=True))

    @on(Rows.Moved)
    def _moved(self) -> None:
        self._say_calendar()

    def _say_calendar(self) -> None:
        kinds = self.query_one(Rows)
        if self.snapshot is not None and kinds.count:
            self.query_one("#calendar", Words).say(_calendar(self.snapshot.kinds[kinds.cursor], self.ink))


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
    if kind.first is None or kind.last is None or calendar.span is None:
        return line.append("nothing imported" if not kind.rows else "no row has a date", ink.dim)
    line.append_text(fit(f"{fmt.day(kind.first)} – {fmt.day(kind.last)}", _SPAN, ink.dim))
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


def _calendar(kind: KindCoverage, ink: Ink) -> Text:
    """One kind, a year to a line, the latest first."""
    text = Text(no_wrap=True)
    text.append(kind.kind.replace("_", " "), f"bold {ink.accent}").append(f"   {fmt.count(kind.rows, 'row')}", "bold")
    if kind.undated:
        text.append(f", {kind.undated:,} of them without a date", ink.dim)
    if not kind.months:
        return text.append("\n\nimport some: 6", ink.dim)
    if kind.missing:
        named = ", ".join(fmt.month(month) for month in kind.missing[-6:])
        more = f"{len(kind.missing) - 6} more and " if len(kind.missing) > 6 else ""
        what, care = ("nothing new in", ink.dim) if kind.level else ("nothing imported for", ink.care)
        text.append(f"   {what} {more}{safe(named, 120)}", care)
    text.append("\n\n     " + "".join(f"{name:>{_CELL}}" for name in _MONTHS), ink.dim)
    held = {one.month: one for one in kind.months}
    most = max(one.rows for one in kind.months)
    for year in range(kind.months[-1].month // 12, kind.months[0].month // 12 - 1, -1):
        text.append(f"\n{year} ", ink.dim)
        for month in range(year * 12, year * 12 + 12):
            text.append_text(_cell(held.get(month), most, ink))
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
