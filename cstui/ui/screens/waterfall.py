"""MRR's way from a period's start to its end, step by step: a picture and its lines, or twelve periods side by side as a table.

A function of a `Waterfall` snapshot. What is behind a step is the explanation screen's to show.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult

from cstui.base import formatting as fmt
from cstui.base.days import iso
from cstui.desk.overview import Move
from cstui.desk.waterfall import Steps, Waterfall
from cstui.ui import commands
from cstui.ui.screens.base import BREAKPOINTS, Stamp, period_words, where_text, workspace_words
from cstui.ui.screens.trend_words import plain
from cstui.ui.screens.views import BranchScreen
from cstui.ui.waterfall import standing
from cstui.ui.widgets.drawing import Drawing
from cstui.ui.widgets.grid import Grid, Sheet
from cstui.ui.widgets.line import KeysLine, TopLine, Words, fit
from cstui.ui.widgets.moves import level_of, move_line, step_words
from cstui.ui.widgets.rows import Rows

if TYPE_CHECKING:
    from cstui.base.ask import View


class WaterfallScreen(BranchScreen[Waterfall]):
    """Opened with `w` on the overview."""

    SCOPES: ClassVar[tuple[str, ...]] = ("waterfall", "list", "grid")
    BINDINGS = commands.bindings("waterfall")
    HORIZONTAL_BREAKPOINTS = BREAKPOINTS
    AUTO_FOCUS = "#steps"
    DEFAULT_CSS = """
    WaterfallScreen #title { padding: 1 2; }
    WaterfallScreen #picture { height: 1fr; margin: 0 2; }
    WaterfallScreen #steps { margin: 1 1; }
    WaterfallScreen #table { height: 1fr; margin: 0 1; }
    WaterfallScreen.-narrow #title { padding: 0 1; }
    WaterfallScreen.-narrow #picture { margin: 0 1; }
    WaterfallScreen.-narrow #steps, WaterfallScreen.-narrow #table { margin: 0; }
    """
    ABOUT: ClassVar[str] = (
        "Where MRR came from and went to: start + new + expansion + returned − contraction − churned = end. A step is from the period's "
        "first day to its last, not a sum of months. ≈ says that a bar does not begin at 0. The number beneath a step counts customers. "
        "In a shop, where nothing recurs, the steps are of active customers. e or enter opens a step's customers; t shows twelve "
        "periods side by side, y copies them."
    )

    def __init__(self, view: View, stamp: Stamp) -> None:
        super().__init__(view, stamp)
        self._table = False

    def compose(self) -> ComposeResult:
        yield TopLine()
        yield Words(Text("working it out…", style=self.ink.dim), id="title")
        yield Drawing(id="picture")
        yield Rows(id="steps")
        yield Grid(id="table")
        yield KeysLine("waterfall")

    def on_mount(self) -> None:
        self.query_one("#steps").styles.height = 8  # as many as there can be, where lists elsewhere take what is left
        self._form()
        self.ask()

    def question(self) -> Callable[[], Waterfall]:
        app, view = self.cstui, self.view
        return lambda: app.desk.waterfall(app.opened().workspace, view, app.today)

    def _form(self) -> None:
        """Picture or table."""
        self.query_one("#picture").display = self.query_one("#steps").display = not self._table
        self.query_one("#table").display = self._table
        self.query_one("#table" if self._table else "#steps").focus()

    # Showing

    async def show(self, snapshot: Waterfall) -> None:
        ink, steps, currency = self.ink, snapshot.periods[-1], snapshot.currency
        period = period_words(steps.period, ink, complete=steps.complete)
        right = Text.assemble(period, "   ", where_text(snapshot.where, ink))
        self.query_one(TopLine).say(workspace_words(self.stamp, ink), (right, period))
        self.query_one("#title", Words).say(self._summary(steps, currency, counted=snapshot.counted))
        moves = steps.moves
        self.query_one("#picture", Drawing).show(lambda width, height: standing(moves, (width, height), currency, ink))
        self.query_one("#steps", Rows).show(len(moves), lambda index, width: move_line(moves, index, width, currency, ink))
        self._show_table(snapshot)

    def _summary(self, steps: Steps, currency: str, *, counted: bool) -> Text:
        """The whole of it in one line."""
        start, end, unit = steps.moves[0].amount, steps.moves[-1].amount, steps.moves[0].unit
        what = "Active customers " if counted else "MRR "
        title = Text.assemble((what, f"bold {self.ink.accent}"), (fmt.period(steps.period), "bold"))
        if start is None or end is None:
            why = "no payments cover the period" if counted else "no subscriptions cover the period, or an exchange rate is missing"
            return title.append(f"   unknown: {why}", self.ink.care)
        gained = sum((move.amount for move in steps.moves[1:-1] if move.amount and move.amount > 0), Fraction(0))
        lost = sum((move.amount for move in steps.moves[1:-1] if move.amount and move.amount < 0), Fraction(0))
        title.append(f"   {fmt.figure(start, unit, currency)} → {fmt.figure(end, unit, currency)}")
        title.append("   won ", self.ink.dim).append(fmt.signed(gained, unit, currency), self.ink.good)
        title.append("   lost ", self.ink.dim).append(fmt.signed(lost, unit, currency), self.ink.bad)
        return title.append("\nIn a shop nothing recurs, so that no MRR moves: its customers do.", self.ink.dim) if counted else title

    def _labels(self, snapshot: Waterfall) -> tuple[Move, ...]:
        """The lines of the table: those of the period with the most."""
        return max((steps.moves for steps in snapshot.periods), key=len)

    def _amount(self, snapshot: Waterfall, row: int, column: int) -> Fraction | None:
        label, moves = self._labels(snapshot)[row].label, snapshot.periods[column].moves
        return next((move.amount for move in moves if move.label == label), Fraction(0))

    def _show_table(self, snapshot: Waterfall) -> None:
        labels, grid, ink = self._labels(snapshot), self.query_one("#table", Grid), self.ink
        last, highest = len(labels) - 1, max(level_of(steps.moves) for steps in snapshot.periods)

        def name(row: int, width: int) -> Text:
            return fit(labels[row].label, width, f"bold {ink.text}" if row in (0, last) else "")

        def cell(row: int, column: int) -> Text:
            amount = self._amount(snapshot, row, column)
            if amount is None:
                return Text(f"{fmt.UNKNOWN} ", style=ink.dim)
            if row in (0, last):
                return Text(f"{fmt.number(amount)} ", style=f"bold {ink.text}")
            style = ink.good if amount > 0 else ink.bad if amount < 0 else ink.dim
            return Text(f"{step_words(amount, labels[row].unit, snapshot.currency, highest)} ", style=style)

        titles = [Text(f"{fmt.period(steps.period)}{'' if steps.complete else ' ░'} ") for steps in snapshot.periods]
        widths = [max(11, title.cell_len + 1) for title in titles]
        first = grid.empty
        sheet = Sheet(
            name, titles, widths, cell, len(labels), corner=Text("customers" if snapshot.counted else f"in {snapshot.currency}"), least=15
        )
        grid.show(sheet, row=0 if first else None, column=len(titles) - 1 if first else None)

    # Acting

    def action_table(self) -> None:
        """Picture to table and back."""
        self._table = not self._table
        self._form()

    @on(Rows.Opened, "#steps")
    @on(Grid.Opened, "#table")
    def _opened(self) -> None:
        self.action_explain()

    def action_explain(self) -> None:
        """The customers behind the step under the cursor."""
        snapshot = self.snapshot
        if snapshot is None:
            return
        from cstui.desk.subjects import step_of
        from cstui.ui.screens.explain import BehindScreen

        grid = self.query_one("#table", Grid)
        row, column = (grid.row, grid.column) if self._table else (self.query_one("#steps", Rows).cursor, len(snapshot.periods) - 1)
        move = self._labels(snapshot)[row] if self._table else snapshot.periods[-1].moves[row]
        period = snapshot.periods[column].period
        if row == 0:
            period = period.previous  # the start level is the end level of the period before
        self.app.push_screen(BehindScreen(step_of(move, self.view.on(period)), self.stamp))

    def action_copy(self) -> None:
        """Copy all periods for a sheet."""
        if (snapshot := self.snapshot) is None:
            return
        labels = self._labels(snapshot)
        lines = ["\t".join(("from", "to", *(move.label for move in labels)))]
        for column, steps in enumerate(snapshot.periods):
            amounts = [self._amount(snapshot, row, column) for row in range(len(labels))]
            cells = ("" if amount is None else plain(amount) for amount in amounts)
            lines.append("\t".join((iso(steps.period.start), iso(steps.period.last), *cells)))
        self.copy("\n".join(lines), f"Copied {fmt.count(len(snapshot.periods), 'period')}.")
