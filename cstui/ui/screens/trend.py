"""Any metric over 3 to 60 months: a chart with what happened in them, or the same numbers as a table.

A function of a `TrendLine`. The mark goes from month to month; what is behind a month is the explanation screen's to show.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult

from cstui.base import formatting as fmt
from cstui.base.days import iso, month_of
from cstui.base.errors import CstuiError
from cstui.base.text import safe
from cstui.desk.annotations import marks_of
from cstui.desk.trend import TrendLine
from cstui.ui import commands
from cstui.ui.charts import Series
from cstui.ui.screens.base import BREAKPOINTS, where_words, workspace_words
from cstui.ui.screens.choices import ListDialog
from cstui.ui.screens.trend_words import copied, note_words, point_words, table_heading, table_line, unit_of
from cstui.ui.screens.views import BranchScreen
from cstui.ui.widgets.chart import Chart
from cstui.ui.widgets.line import KeysLine, TopLine, Words
from cstui.ui.widgets.rows import Rows

if TYPE_CHECKING:
    from cstui.base.ask import View
    from cstui.ui.screens.base import Stamp

SPANS = (3, 6, 12, 24, 36, 60)
"""Months that can be looked at."""


class TrendScreen(BranchScreen[TrendLine]):
    """Opened with `v` or, as a table, with `t` on any figure of the overview; with `t` on the measure of the surveys screen."""

    SCOPES: ClassVar[tuple[str, ...]] = ("trend", "list")
    BINDINGS = commands.bindings("trend")
    HORIZONTAL_BREAKPOINTS = BREAKPOINTS
    AUTO_FOCUS = "#rows"
    DEFAULT_CSS = """
    TrendScreen #title { padding: 1 2 0 2; }
    TrendScreen #history { width: 1fr; height: 1fr; padding: 1 1 0 1; }
    TrendScreen #columns { padding: 1 2 0 2; }
    TrendScreen #rows { padding: 0 1; }
    TrendScreen #point { padding: 1 2 0 2; max-height: 5; }
    TrendScreen #notes { padding: 1 2 1 2; max-height: 4; }
    TrendScreen.-narrow #title { padding: 0 1; }
    TrendScreen.-narrow #history, TrendScreen.-narrow #columns { padding: 0 1; }
    TrendScreen.-narrow #rows { padding: 0; }
    TrendScreen.-narrow #point, TrendScreen.-narrow #notes { padding: 0 1; }
    """
    ABOUT: ClassVar[str] = (
        "One figure, month by month. ← and → move the mark; the line beneath says what the figure was then, against the month and the "
        "year before, and e shows the rows it was made from. ┊ marks what somebody noted about a day (n adds a note). ░ is a month that "
        "is not over. t turns the chart into a table of the same numbers, y copies them."
    )

    def __init__(self, metric: str, view: View, stamp: Stamp, *, table: bool = False) -> None:
        super().__init__(view, stamp)
        self._metric = metric
        self._count = 24
        self._table = table
        self._at = -1

    def compose(self) -> ComposeResult:
        yield TopLine()
        yield Words(Text("looking it up…", style=self.ink.dim), id="title")
        yield Chart(id="history")
        yield Words(id="columns")
        yield Rows(id="rows")
        yield Words(id="point")
        yield Words(id="notes")
        yield KeysLine("trend")

    def on_mount(self) -> None:
        self._form()
        self.ask()

    def question(self) -> Callable[[], TrendLine]:
        app, metric, count, view = self.cstui, self._metric, self._count, self.view
        return lambda: app.desk.trend(app.opened().workspace, metric, count, view, app.today)

    def _form(self) -> None:
        """Chart or table."""
        self.query_one("#history").display = not self._table
        self.query_one("#columns").display = self.query_one("#rows").display = self._table
        if self._table:
            self.query_one("#rows").focus()
        else:
            self.set_focus(None)

    async def show(self, snapshot: TrendLine) -> None:
        ink, view = self.ink, self.view
        right = Text.assemble((fmt.count(len(snapshot.points), "month"), "bold"), ("   ", ""), (where_words(view.where), ink.dim))
        self.query_one(TopLine).say(workspace_words(self.stamp, ink), (right,))
        if not -len(snapshot.points) <= self._at < 0:
            self._at = -1
        rows = self.query_one("#rows", Rows)
        rows.show(
            len(snapshot.points), lambda index, width: table_line(snapshot, index, width, ink), cursor=len(snapshot.points) + self._at
        )
        self.query_one("#columns", Words).say(table_heading(snapshot, ink, self.size.width - 4))
        self._tell(snapshot)

    def _tell(self, snapshot: TrendLine) -> None:
        """What follows the mark: title, chart, and the words beneath."""
        ink, metric = self.ink, snapshot.metric
        title = Text.assemble((safe(metric.label, 60), f"bold {ink.accent}"), (f"   {safe(metric.definition, 400)}", ink.dim))
        title.truncate(max(20, (self.size.width - 5) * (1 if self.size.height < 34 else 2)), overflow="ellipsis")
        self.query_one("#title", Words).say(title)
        self._draw(snapshot)
        self.query_one("#point", Words).say(point_words(snapshot, snapshot.points[self._at], self.size.width - 4, ink))
        self.query_one("#notes", Words).say(note_words(snapshot, ink, self._at))

    def _draw(self, snapshot: TrendLine) -> None:
        unit, currency, points = unit_of(snapshot), snapshot.currency, snapshot.points
        known = next((index for index, point in enumerate(points) if point.value is not None), 0)
        shown = points[known:]
        labels = tuple(fmt.month(month_of(point.period.last), short=True) for point in shown)
        unfinished, note = sum(not point.complete for point in shown), fmt.figure(points[self._at].value, unit, currency)
        marks = marks_of(snapshot.annotations, [point.period for point in shown])
        at = max(0, len(shown) + self._at)
        values = tuple(point.value for point in shown)
        series = Series(values, labels, unit in ("money", "count"), unfinished, note, marks, at)
        if not any(value is not None for value in values):
            reason = points[-1].reason or "no value in these months"
            series = series._replace(note=safe(fmt.reason(reason), 200))
        self.query_one("#history", Chart).show(Text(), series, lambda value: fmt.axis(value, unit, currency))

    # Acting

    @on(Rows.Moved, "#rows")
    def _moved(self, event: Rows.Moved) -> None:
        if self.snapshot is not None:
            self._at = event.index - len(self.snapshot.points)
            self._tell(self.snapshot)

    @on(Rows.Opened, "#rows")
    def _opened(self) -> None:
        self.action_explain()

    def action_step(self, by: int) -> None:
        """Move the mark."""
        if (snapshot := self.snapshot) is not None:
            self._at = max(-len(snapshot.points), min(-1, self._at + by))
            self.query_one("#rows", Rows).cursor = len(snapshot.points) + self._at
            self._tell(snapshot)

    def action_span(self, by: int) -> None:
        """More months, or fewer."""
        self._count = SPANS[(SPANS.index(self._count) + by) % len(SPANS)]
        self.ask()

    def action_table(self) -> None:
        """Chart to table and back."""
        self._table = not self._table
        self._form()

    def action_metric(self) -> None:
        """Another metric of the catalogue."""
        from cstui.ui.screens.picking import PickMetric

        self.app.push_screen(PickMetric(self.view, self._metric), self._pick)

    def _pick(self, metric: str | None) -> None:
        if metric is not None:
            self._metric = metric
            self.ask()

    def action_explain(self) -> None:
        """What the figure of the month under the mark was made from."""
        if (snapshot := self.snapshot) is not None:
            from cstui.ui.screens.explain import ExplainScreen

            self.app.push_screen(ExplainScreen(snapshot.metric.id, self.view.on(snapshot.points[self._at].period), self.stamp))

    def action_annotate(self) -> None:
        """Note what happened in the month under the mark."""
        if (snapshot := self.snapshot) is None:
            return
        from cstui.ui.screens.entry import Ask, Begun, Drafts, EntryDialog

        app = self.cstui
        asks = (
            Ask("day", "When", "YYYY-MM-DD", iso(snapshot.points[self._at].period.start), replaced=True),
            Ask("text", "What happened", "price change, new onboarding, outage …"),
        )
        title = Text.assemble(("A note on the trend", "bold"), ("   every trend shows it; no figure changes", self.ink.dim))

        def save(given: dict[str, str]) -> None:
            app.desk.annotate(app.opened().workspace, given["day"], given["text"])

        def keep(lines: dict[str, str]) -> None:
            app.desk.keep_entry(app.opened().workspace, lines, "annotation")

        drafts = Drafts(lambda: Begun(app.desk.begun_entry(app.opened().workspace, "annotation")[0], {}), keep, "text", "n")
        self.app.push_screen(EntryDialog(title, asks, save, drafts), lambda given: self.ask() if given is not None else None)

    def action_forget(self) -> None:
        """Remove a note of the month under the mark; with several, say which."""
        if (snapshot := self.snapshot) is None:
            return
        period = snapshot.points[self._at].period
        noted = [note for note in snapshot.annotations if note.day in period]
        if not noted:
            self.app.notify(f"No note in {fmt.period(period)}. ← and → move the mark.", markup=False)
            return
        lines = [(Text(f"{fmt.day(note.day)}  {safe(note.text, 80)}"), note.number) for note in noted]
        self.app.push_screen(ListDialog(Text("Remove which note", style="bold"), lines), self._remove)

    def _remove(self, number: int | None) -> None:
        if number is not None:
            self.run_worker(partial(self._removing, number), name="remove note", thread=True, exclusive=True, group="note")

    def _removing(self, number: int) -> None:
        app = self.cstui
        try:
            app.desk.unannotate(app.opened().workspace, number)
        except CstuiError as error:
            app.notify(safe(error.message, 300), severity="error", markup=False)
        app.call_from_thread(self.ask)

    def action_copy(self) -> None:
        """Copy the whole series."""
        if self.snapshot is not None:
            self.copy(copied(self.snapshot), f"Copied {fmt.count(len(self.snapshot.points), 'month')} as a table.")
