"""The cards' figures side by side, by any field that customers have: who does well, who does not, and how sure one can be.

A function of `Figures` with a breakdown. A cell explains itself; a line narrows the overview to its customers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.worker import get_current_worker

from cstui.base import formatting as fmt
from cstui.base.ask import NO_VALUE, Where, where_of
from cstui.base.text import cell, safe
from cstui.desk.figures import Figures
from cstui.desk.goals import ADDS_UP
from cstui.desk.overview import Overview
from cstui.ui import commands
from cstui.ui.screens.base import BREAKPOINTS, period_words, where_text, workspace_words
from cstui.ui.screens.choices import FieldsDialog
from cstui.ui.screens.trend_words import pasted, plain
from cstui.ui.screens.views import BranchScreen
from cstui.ui.widgets.card import label_in
from cstui.ui.widgets.grid import Grid, Sheet
from cstui.ui.widgets.line import KeysLine, TopLine, Words, fit
from cstui.ui.widgets.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cstui.base.ask import View
    from cstui.desk.figures import Answer, Metric

NOBODY = "(none)"
"""How a line is called whose customers have no value."""
SHARED = ADDS_UP - {"profit_per_customer"} | {"mrr", "arr", "customers_active", "leads_open", "mrr_scheduled_churn", "promoters"}
"""Metrics that add up over customers: a line has its share of all."""
MOST_COPIED = 2_000
_LEAST = 13
"""Cells of a column at least: a gap, the figure, its mark."""
_MARKS = {"small_sample": "*", "incomplete": "░"}


class FieldDialog(FieldsDialog[str]):
    """Which field to break down by: each with how many values it has, and the first of them."""

    def __init__(self, current: str | None) -> None:
        super().__init__()
        self._current = current

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Words(Text.assemble(("Break down by", "bold"), ("   fields, and columns of your own", self.ink.dim)))
            rows = Rows(id="fields", empty=Text("reading…", style=self.ink.dim))
            rows.styles.height = 14
            yield rows
            yield KeysLine("dialog")

    def fill(self) -> None:
        rows = self.query_one(Rows)
        rows.say(Text("No customer has a field to break down by.", style=self.ink.dim))
        start = next((index for index, one in enumerate(self.segments) if one.field == self._current), 0)
        rows.show(len(self.segments), self._line, cursor=start)

    def _line(self, index: int, _width: int) -> Text:
        one = self.segments[index]
        some = ", ".join(cell(value, 16) or NOBODY for value in one.values[:3]) + (" …" if len(one.values) > 3 else "")
        return Text.assemble(fit(one.field, 18, "bold"), f"{len(one.values):>5}  ", (some, self.ink.dim))

    @on(Rows.Opened)
    def _picked(self, event: Rows.Opened) -> None:
        self.dismiss(self.segments[event.index].field)


class Laid(NamedTuple):
    """The lines of the table in their order."""

    groups: tuple[tuple[str | None, Mapping[str, Answer]], ...]
    metrics: tuple[Metric, ...]
    small: bool
    """Some figure is a small sample."""


def laid_out(snapshot: Figures, metrics: Sequence[str], column: int, down: bool) -> Laid:
    """Sorted by a column, unknown figures last; by name, those without one last, where `column` is −1."""
    from cstui.desk.figures import catalogue

    groups = snapshot.periods[-1].groups

    def rank(group: tuple[str | None, Mapping[str, Answer]]) -> tuple[bool, Fraction, str]:
        value = group[1][metrics[column]].figure.value
        return value is None, (-value if down else value) if value is not None else Fraction(0), group[0] or ""

    by_name = sorted(groups, key=lambda group: group[0] or "", reverse=not down)
    by_name.sort(key=lambda group: group[0] is None)
    known = {one.id: one for one in catalogue()}
    small = any(answer.figure.status == "small_sample" for _, answers in groups for answer in answers.values())
    return Laid(tuple(by_name if column < 0 else sorted(groups, key=rank)), tuple(known[name] for name in metrics), small)


class BreakdownScreen(BranchScreen[Figures]):
    """Opened with `b` on the overview, which it tells whom to narrow to."""

    SCOPES: ClassVar[tuple[str, ...]] = ("breakdown", "grid")
    BINDINGS = commands.bindings("breakdown")
    HORIZONTAL_BREAKPOINTS = BREAKPOINTS
    AUTO_FOCUS = "#table"
    DEFAULT_CSS = """
    BreakdownScreen #title { padding: 1 2; }
    BreakdownScreen #table { height: 1fr; margin: 0 1; }
    BreakdownScreen #detail { padding: 1 2; height: 5; }
    BreakdownScreen.-narrow #title { padding: 0 1; }
    BreakdownScreen.-narrow #table { margin: 0; }
    BreakdownScreen.-narrow #detail { padding: 0 1; height: 3; }
    """
    ABOUT: ClassVar[str] = (
        "The overview's figures for each value of a field, with all customers on top. ▲ ▼ beside a title say what the lines are sorted by. "
        "* is a small sample, which says little. n/a is unknown, never zero; the line beneath says why. Customers count under "
        " the value they have today, in past periods too."
    )

    @dataclass
    class Sorted(Message):
        """The lines are in their order."""

        snapshot: Figures
        laid: Laid

    def __init__(self, field: str, metrics: tuple[str, ...], view: View, stamp: Overview, on_narrow: Callable[[Where], None]) -> None:
        super().__init__(view._replace(by=field), stamp)
        self._metrics = metrics
        self._on_narrow = on_narrow
        self._sorted: tuple[int, bool] = (0, True)
        """(column, largest first); column −1 is the names."""
        self._laid = Laid((), (), small=False)

    def compose(self) -> ComposeResult:
        yield TopLine()
        yield Words(Text("working it out…", style=self.ink.dim), id="title")
        yield Grid(id="table")
        yield Words(id="detail")
        yield KeysLine("breakdown")

    def on_mount(self) -> None:
        self._head()
        self.ask()

    def question(self) -> Callable[[], Figures]:
        app, metrics, view = self.cstui, self._metrics, self.view
        return lambda: app.desk.figures(app.opened().workspace, metrics, view, app.today)

    def _head(self) -> None:
        ink = self.ink
        period = period_words(self.period, ink, complete=self.period.complete(self.stamp.as_of or 0))
        right = Text.assemble(period, "   ", where_text(self.view.where, ink))
        self.query_one(TopLine).say(workspace_words(self.stamp, ink), (right, period))

    # Showing

    async def show(self, snapshot: Figures) -> None:
        self._head()
        self.query_one(Grid).say(Text("No customer has this field. b chooses another.", style=self.ink.dim))
        self._arrange(snapshot)

    def _arrange(self, snapshot: Figures) -> None:
        """Sort in a thread: a field may have a hundred thousand values."""
        work = partial(self._sorting, snapshot, self._sorted)
        self.run_worker(work, name="sort", group="sort", thread=True, exclusive=True)

    def _sorting(self, snapshot: Figures, by: tuple[int, bool]) -> None:
        worker = get_current_worker()
        laid = laid_out(snapshot, self._metrics, *by)
        if not worker.is_cancelled:
            self.post_message(self.Sorted(snapshot, laid))

    def on_breakdown_screen_sorted(self, event: Sorted) -> None:
        """Draw the lines in their order, if they are still of the snapshot in sight."""
        if event.snapshot is not self.snapshot:
            return
        self._laid, ink, (column, down) = event.laid, self.ink, self._sorted
        found = Text.assemble(("By ", ink.dim), (cell(self.view.by or "", 40), f"bold {ink.accent}"))
        found.append(f"   {fmt.count(len(self._laid.groups), 'value')}, as customers are today", ink.dim)
        if self._laid.small:
            found.append("   * small sample", ink.care)
        self.query_one("#title", Words).say(found)
        room = 13 if self.has_class("-narrow") else 24
        titles = [Text(self._column_title(one, index, room)) for index, one in enumerate(self._laid.metrics)]
        widths = [max(_LEAST, min(26, title.cell_len + 2)) for title in titles]
        corner = f"{cell(self.view.by or '', 24)}{(' ▲' if down else ' ▼') if column < 0 else ''}"
        rows = len(self._laid.groups) + 1 if self._laid.groups else 0
        self.query_one(Grid).show(Sheet(self._group_name, titles, widths, self._cell, rows, 1, Text(corner, style=ink.dim), 16))
        self._say()

    def _column_title(self, one: Metric, index: int, room: int) -> str:
        column, down = self._sorted
        mark = (" ▼" if down else " ▲") if index == column else ""
        return label_in(one.id, one.label, room) + mark

    def _group_name(self, row: int, width: int) -> Text:
        if row == 0:
            return fit("all customers" if not self.view.where else "all of them", width, f"bold {self.ink.text}")
        group = self._laid.groups[row - 1][0]
        return fit(group, width) if group else fit(NOBODY, width, self.ink.dim)

    def _answer_at(self, row: int, column: int) -> Answer | None:
        if self.snapshot is None or column >= len(self._metrics):
            return None
        answers = self.snapshot.periods[-1].metrics if row == 0 else self._laid.groups[row - 1][1]
        return answers[self._metrics[column]]

    def _cell(self, row: int, column: int) -> Text:
        answer, snapshot = self._answer_at(row, column), self.snapshot
        if answer is None or snapshot is None:
            return Text()
        one, figure, ink = self._laid.metrics[column], answer.figure, self.ink
        value = fmt.figure_within(figure.value, fmt.unit_of(one.id, one.unit), snapshot.currency, _LEAST - 2)
        style = ink.dim if figure.value is None else ink.care if figure.status == "small_sample" else ink.text
        return Text.assemble(
            (value, f"bold {style}" if row == 0 else style),
            (_MARKS.get(figure.status, " "), ink.care if figure.status in _MARKS else style),
        )

    @on(Grid.Moved, "#table")
    def _say(self) -> None:
        """All of the cell under the cursor: what it is of, against all customers and the period before, and how far to trust it."""
        grid, snapshot = self.query_one(Grid), self.snapshot
        answer = self._answer_at(grid.row, grid.column) if not grid.empty else None
        if answer is None or snapshot is None:
            self.query_one("#detail", Words).say(Text())
            return
        one, figure, ink = self._laid.metrics[grid.column], answer.figure, self.ink
        unit, currency = fmt.unit_of(one.id, one.unit), snapshot.currency
        text = Text.assemble((safe(one.label, 40), f"bold {ink.accent}"), (" of ", ink.dim), self._group_name(grid.row, 40).plain.rstrip())
        text.append("   ").append(fmt.figure(figure.value, unit, currency), "bold")
        change = fmt.delta(figure.value, answer.previous, unit, one.better, currency)
        if change:
            style = {1: ink.good, -1: ink.bad, 0: ink.dim}[fmt.verdict(figure.value, answer.previous, one.better)]
            text.append("   ").append(change, style).append(f" vs {fmt.period(self.period.previous)}", ink.dim)
        whole = snapshot.periods[-1].metrics[one.id].figure.value
        if grid.row and figure.value is not None and whole and one.id in SHARED:
            text.append(f"   {fmt.percent(figure.value / whole)} of all", ink.dim)
        if figure.n is not None:
            text.append(f"   n {figure.n:,}", ink.dim)
        if figure.reason:
            text.append(f"\n{safe(fmt.reason(figure.reason), 300)}", ink.care)
        self.query_one("#detail", Words).say(text)

    # Acting

    def _where(self, row: int) -> Where | None:
        """The filter of a line; None while nothing is broken down."""
        if row == 0:
            return self.view.where
        group, by = self._laid.groups[row - 1][0], self.view.by
        if by is None:
            return None
        others = [(field, value) for field, values in self.view.where if field != by for value in values]
        return where_of([*others, (by, group or NO_VALUE)])

    @on(Grid.Opened, "#table")
    def _opened(self) -> None:
        self.action_explain()

    def action_explain(self) -> None:
        """What the cell was made from."""
        grid = self.query_one(Grid)
        if grid.empty or (where := self._where(grid.row)) is None:
            return
        from cstui.ui.screens.explain import ExplainScreen

        view = self.view._replace(by=None, where=where).on(self.period)
        self.app.push_screen(ExplainScreen(self._metrics[grid.column], view, self.stamp))

    def action_narrow(self) -> None:
        """Back to the overview, with this line's customers alone."""
        grid = self.query_one(Grid)
        if not grid.empty and (where := self._where(grid.row)) is not None:
            self._on_narrow(where)
            self.dismiss()

    def action_sort(self) -> None:
        """By the column under the cursor; again: the other way round, then by name."""
        if self.snapshot is None:
            return
        column = self.query_one(Grid).column
        at, down = self._sorted
        self._sorted = (column, True) if at != column else (column, False) if down else (-1, True)
        self._arrange(self.snapshot)

    def action_field(self) -> None:
        """Break down by another field."""
        self.app.push_screen(FieldDialog(self.view.by), self._choose)

    def _choose(self, field: str | None) -> None:
        if field is not None:
            self.look(self.view._replace(by=field))

    def action_copy(self) -> None:
        """Copy the whole table for a sheet."""
        if self.snapshot is None:
            return
        lines = ["\t".join((safe(self.view.by or ""), *self._metrics))]
        shown = self._laid.groups[:MOST_COPIED]
        for row in range(len(shown) + 1):
            answers = [self._answer_at(row, column) for column in range(len(self._metrics))]
            values = ["" if answer is None or answer.figure.value is None else plain(answer.figure.value) for answer in answers]
            name = "" if row and self._laid.groups[row - 1][0] is None else self._group_name(row, 200).plain.strip()
            lines.append("\t".join((pasted(name), *values)))
        more = f"the first {MOST_COPIED:,} lines" if len(self._laid.groups) > MOST_COPIED else fmt.count(len(shown), "line")
        self.copy("\n".join(lines), f"Copied {more} and the total.")
