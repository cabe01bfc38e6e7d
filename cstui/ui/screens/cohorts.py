"""Who is still there, month by month after the first payment: a heat table whose cells open.

A function of a `Cohorts` snapshot. What a cell counts is the explanation screen's to show.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult

from cstui.base import formatting as fmt
from cstui.base.ask import View
from cstui.base.days import month_name, month_of
from cstui.base.text import safe
from cstui.desk.cohorts import VALUES, Cohorts
from cstui.desk.overview import Overview
from cstui.ui import commands
from cstui.ui.heat import STEPS, shade
from cstui.ui.screens.base import BREAKPOINTS, where_text, workspace_words
from cstui.ui.screens.trend_words import plain
from cstui.ui.screens.views import BranchScreen
from cstui.ui.widgets.grid import Grid, Sheet
from cstui.ui.widgets.line import KeysLine, TopLine, Words

if TYPE_CHECKING:
    from cstui.desk.cohorts import Cohort

_WORDS = {"customers": "customers who are still there", "mrr": "MRR that is still there", "revenue": "revenue"}
_SMALL = 10
"""A cohort of fewer is marked: one customer is more than a tenth of it."""


def table_of(snapshot: Cohorts) -> tuple[tuple[tuple[Fraction | None, Fraction | None], ...], ...]:
    """(what a cell counts, its share of M0) by line: all cohorts that have come that far together, then each."""
    lines = [snapshot.values(cohort) for cohort in snapshot.cohorts]
    pooled = []
    for k in range(max(map(len, lines), default=0)):
        far = [cells for cells in lines if k < len(cells)]
        now, base = _sum(cells[k] for cells in far), _sum(cells[0] for cells in far)
        pooled.append((now, _share(now, base)))
    return (tuple(pooled), *(tuple((cell, _share(cell, cells[0])) for cell in cells) for cells in lines))


def _sum(cells: Iterable[Fraction | None]) -> Fraction | None:
    """None where one of them is unknown."""
    found = list(cells)
    return None if None in found else sum((cell for cell in found if cell is not None), Fraction(0))


def _share(now: Fraction | None, base: Fraction | None) -> Fraction | None:
    return now / base if base and now is not None else None


class CohortsScreen(BranchScreen[Cohorts]):
    """Opened with `h` on the overview."""

    SCOPES: ClassVar[tuple[str, ...]] = ("cohorts", "grid")
    BINDINGS = commands.bindings("cohorts")
    HORIZONTAL_BREAKPOINTS = BREAKPOINTS
    AUTO_FOCUS = "#table"
    DEFAULT_CSS = """
    CohortsScreen #title { padding: 1 2; }
    CohortsScreen #table { height: 1fr; margin: 0 1; }
    CohortsScreen #detail { padding: 1 2 0 2; }
    CohortsScreen #scale { padding: 0 2 1 2; }
    CohortsScreen.-narrow #title, CohortsScreen.-narrow #detail, CohortsScreen.-narrow #scale { padding: 0 1; }
    CohortsScreen.-narrow #table { margin: 0; }
    """
    ABOUT: ClassVar[str] = (
        "A line is everybody who paid for the first time in one month; M0 is that month, M1 the month after. A cell says how many "
        "of them, or how much of their MRR, was there at its end. Who came back counts again, so a line may rise, and more than 100 % "
        "has a colour of its own. A month that is not over is blank. * marks a cohort of fewer than ten. Enter opens a cell's "
        "customers, down to file and line."
    )

    def __init__(self, view: View, stamp: Overview) -> None:
        super().__init__(View(where=view.where, as_of=view.as_of), stamp)
        self._value = VALUES[0]
        self._shares = True
        self._table: tuple[tuple[tuple[Fraction | None, Fraction | None], ...], ...] = ()

    def compose(self) -> ComposeResult:
        yield TopLine()
        yield Words(Text("working it out…", style=self.ink.dim), id="title")
        yield Grid(id="table")
        yield Words(id="detail")
        yield Words(id="scale")
        yield KeysLine("cohorts")

    def on_mount(self) -> None:
        self._head()
        self.ask()

    def question(self) -> Callable[[], Cohorts]:
        app, value, view = self.cstui, self._value, self.view
        return lambda: app.desk.cohorts(app.opened().workspace, value, view)

    def _head(self) -> None:
        self.query_one(TopLine).say(workspace_words(self.stamp, self.ink), (where_text(self.view.where, self.ink), Text()))

    # Showing

    async def show(self, snapshot: Cohorts) -> None:
        self._head()
        ink, cohorts = self.ink, snapshot.cohorts
        form = "in per cent of the first month" if self._shares else f"in {snapshot.currency}" if self._value != "customers" else "counted"
        title = Text.assemble(("Cohorts: ", "bold"), (_WORDS[snapshot.value], f"bold {ink.accent}"), (f"   {form}", ink.dim))
        self.query_one("#title", Words).say(title)
        self.query_one("#scale", Words).say(self._scale() if cohorts and not snapshot.reason else Text())
        why = snapshot.reason or "No cohorts yet: nobody in the filter has paid. 6 imports subscriptions."
        self._table = table_of(snapshot)
        grid = self.query_one(Grid)
        grid.say(Text(safe(why, 300), style=ink.dim))
        rows = len(cohorts) + 1 if cohorts and not snapshot.reason else 0
        most = max((len(snapshot.values(cohort)) for cohort in cohorts), default=0)
        width = 5 if self._shares else 6 if self._value == "customers" else 7
        titles = [Text(f"M{k}") for k in range(most)]
        first = not grid.row and not grid.column
        sheet = Sheet(self._cohort_name, titles, [width] * most, self._cell, rows, 1, Text("first paid"), 16)
        grid.show(sheet, row=1 if first else None, column=1 if first else None)
        self._say()

    def _cohort_name(self, row: int, width: int) -> Text:
        """The month, and how many began in it."""
        snapshot, ink = self.snapshot, self.ink
        if snapshot is None:
            return Text()
        if row == 0:
            name, size, style = "all", sum(cohort.size for cohort in snapshot.cohorts), f"bold {ink.text}"
        else:
            cohort = snapshot.cohorts[row - 1]
            name, size, style = fmt.month(month_of(cohort.month.start)), cohort.size, ink.text
        mark = "*" if row and size < _SMALL else " "
        people = f"{size:,}".rjust(max(1, min(width, 18) - len(name) - 1))
        return Text.assemble((name, style), (people, ink.dim), (mark, ink.care))

    def _at(self, row: int, k: int) -> tuple[Fraction | None, Fraction | None]:
        """(what the cell counts, its share of M0)."""
        return self._table[row][k] if self._over(row, k) else (None, None)

    def _over(self, row: int, k: int) -> bool:
        """Whether the cell's month is over, and the table has it."""
        return row < len(self._table) and k < len(self._table[row])

    def _cell(self, row: int, column: int) -> Text:
        width = 5 if self._shares else 6 if self._value == "customers" else 7
        now, share = self._at(row, column)
        if not self._over(row, column):
            return Text()
        if now is None or self._shares:
            words = fmt.UNKNOWN if share is None else fmt.number(share * 100)
        else:
            words = fmt.number(now) if self._value == "customers" else fmt.compact(now)
        if share is None:
            return Text(f"{words:>{width - 1}} ", style=self.ink.dim)
        back, ink = shade(share, self.app.theme)
        return Text(f"{words:>{width - 1}} ", style=f"{'bold ' if row == 0 else ''}{ink} on {back}")

    def _scale(self) -> Text:
        """What the grounds mean."""
        text = Text("0 % ", style=self.ink.dim)
        for step in range(STEPS + 1):
            back, ink = shade(Fraction(step, STEPS), self.app.theme)
            text.append("  ", f"{ink} on {back}")
        back, ink = shade(Fraction(2), self.app.theme)
        return text.append(" 100 %   ", self.ink.dim).append(" more ", f"{ink} on {back}").append("   * fewer than ten", self.ink.dim)

    @on(Grid.Moved, "#table")
    def _say(self) -> None:
        """The cell under the cursor in words."""
        grid, snapshot, ink = self.query_one(Grid), self.snapshot, self.ink
        if snapshot is None or grid.empty:
            self.query_one("#detail", Words).say(Text())
            return
        row, k = grid.row, grid.column
        now, share = self._at(row, k)
        first = None if row == 0 else month_of(snapshot.cohorts[row - 1].month.start)
        whose = "All cohorts that have come that far" if first is None else f"First paid in {fmt.month(first)}"
        text = Text.assemble((f"{whose}, M{k}", f"bold {ink.accent}"), ("" if first is None else f" ({fmt.month(first + k)})", ink.dim))
        if now is None:
            why = f"   {snapshot.lacking}" if self._over(row, k) else "   not over yet"
            self.query_one("#detail", Words).say(text.append(why, ink.care))
            return
        base = now / share if share else None
        text.append(f"   {self._amount(now, whole=base is None)}", "bold")
        text.append("" if base is None else f" of {self._amount(base)}", ink.dim)
        text.append("" if share is None else f"   {fmt.percent(share)}", "bold")
        self.query_one("#detail", Words).say(text.append("   enter shows who", ink.faint) if row and self.size.width >= 90 else text)

    def _amount(self, value: Fraction, *, whole: bool = True) -> str:
        snapshot = self.snapshot
        if snapshot is None or snapshot.value == "customers":
            return fmt.count(int(value), "customer") if whole else fmt.number(value)
        return fmt.money(value, snapshot.currency)

    # Acting

    def action_value(self) -> None:
        """Customers, MRR, revenue."""
        self._value = VALUES[(VALUES.index(self._value) + 1) % len(VALUES)]
        self.ask()

    def action_numbers(self) -> None:
        """Shares or what they are made from."""
        self._shares = not self._shares
        self.redraw()

    @on(Grid.Opened, "#table")
    def _opened(self) -> None:
        self.action_explain()

    def action_explain(self) -> None:
        """The cell's customers."""
        grid, snapshot = self.query_one(Grid), self.snapshot
        if snapshot is None or grid.empty:
            return
        if not self._over(grid.row, grid.column):
            self.app.notify("That month is not over in the data.", markup=False)
            return
        from cstui.desk.cohort_cell import CohortCell
        from cstui.desk.subjects import CellOf
        from cstui.ui.screens.explain import BehindScreen, explain_one_of

        def behind(row: int) -> CellOf:
            return CellOf(CohortCell(month_of(snapshot.cohorts[row - 1].month.start), grid.column, self._value), self.view)

        if grid.row:
            self.app.push_screen(BehindScreen(behind(grid.row), self.stamp))
            return
        far = [row for row in range(1, len(self._table)) if grid.column < len(self._table[row])]
        months = [fmt.month(month_of(snapshot.cohorts[row - 1].month.start)) for row in far]
        lines = [(Text(f"{month}   {self._part(row, grid.column)}"), behind(row)) for month, row in zip(months, far, strict=True)]
        explain_one_of(self, self.stamp, f"All that have come to M{grid.column}: {self._part(0, grid.column)}, made of", lines)

    def _part(self, row: int, k: int) -> str:
        """A cell in words: `412 of 479, 86 %`."""
        now, share = self._at(row, k)
        if now is None:
            return fmt.UNKNOWN
        return self._amount(now) if not share else f"{self._amount(now, whole=False)} of {self._amount(now / share)}, {fmt.percent(share)}"

    def action_copy(self) -> None:
        """Copy the whole table for a sheet, as it is shown."""
        if (snapshot := self.snapshot) is None or not snapshot.cohorts:
            return
        most = max(len(snapshot.values(cohort)) for cohort in snapshot.cohorts)
        lines = ["\t".join(("first_paid", "size", *(f"M{k}" for k in range(most))))]
        for row, cohort in enumerate(snapshot.cohorts, 1):
            cells = [self._at(row, k)[1 if self._shares else 0] for k in range(most)]
            lines.append("\t".join((*_begun(cohort), *("" if cell is None else plain(cell) for cell in cells))))
        self.copy("\n".join(lines), f"Copied {fmt.count(len(snapshot.cohorts), 'cohort')}.")


def _begun(cohort: Cohort) -> tuple[str, str]:
    return month_name(month_of(cohort.month.start)), str(cohort.size)
