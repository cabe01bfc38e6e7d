"""What customers are expected to be worth: the most valuable, and how the fitted models hold against what happened.

A function of a `ValueSnapshot`. The fit runs in the worker that asks the desk; nothing here imports it.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from cstui.base import formatting as fmt
from cstui.base.ask import View
from cstui.base.days import month_of, months
from cstui.base.text import safe
from cstui.desk.subjects import FigureOf, ValueOf
from cstui.desk.value import ValuePoint, ValueSnapshot
from cstui.ui import commands
from cstui.ui.charts import Series
from cstui.ui.screens import value_words as words
from cstui.ui.screens.base import BREAKPOINTS, Stamp, where_text, workspace_words
from cstui.ui.screens.explain import BehindScreen, explain_one_of
from cstui.ui.screens.views import BranchScreen
from cstui.ui.widgets.drawing import Drawing
from cstui.ui.widgets.line import KeysLine, TopLine, Words
from cstui.ui.widgets.pointing import FigureChart, Pointing
from cstui.ui.widgets.rows import Rows

if TYPE_CHECKING:
    from cstui.desk.subjects import Subject

_WHOLE = 10_000
"""Cells that no line of words fills."""
MOST = 1000
"""Customers listed, the most valuable first; the heading says of how many."""


class ValueScreen(BranchScreen[ValueSnapshot]):
    """Opened with `V` on the overview."""

    SCOPES: ClassVar[tuple[str, ...]] = ("value", "list", "card")
    LEAD = "#sum"
    BINDINGS = commands.bindings("value")
    HORIZONTAL_BREAKPOINTS = BREAKPOINTS
    AUTO_FOCUS = "#people"
    DEFAULT_CSS = """
    ValueScreen #sum { padding: 1 2 0 2; }
    ValueScreen #models { padding: 1 2 0 2; max-height: 8; }
    ValueScreen #frame { height: 1fr; padding: 1 1 0 1; }
    ValueScreen #whom { width: 1fr; margin-right: 2; }
    ValueScreen #columns { height: 1; }
    ValueScreen #held { width: 54; }
    ValueScreen #fit { height: 1fr; }
    ValueScreen.-refused #held { display: none; }
    ValueScreen.-narrow #sum, ValueScreen.-narrow #models { padding: 0 1; }
    ValueScreen.-narrow #models { max-height: 4; }
    ValueScreen.-narrow.-refused #models { max-height: 16; }
    ValueScreen.-narrow #frame { layout: vertical; padding: 0; }
    ValueScreen.-narrow #whom { height: 1fr; margin-right: 0; }
    ValueScreen.-narrow #held { width: 1fr; height: 9; padding: 0 1; }
    """
    ABOUT: ClassVar[str] = (
        "What each customer is expected to bring from now on, by a model fitted on your own data; whether it can be trusted stands beside "
        "each model. By subscription: sBG, how many terms customers of each length of term stay; value is MRR × the months to come. By "
        "purchase: BG/NBD, who is still there and how often they will buy, and Gamma-Gamma, what a purchase is worth. The chart holds the "
        "model against what happened: a fit that held so far may be believed a little further, one that did not may not. Too little data "
        "is refused, and what is missing is said. Before costs, not discounted. e says how one value is worked out, or all together. t "
        "shows the chart as a table; → goes to the chart. Of both, e explains each place down to its customers. p shows the parameters."
    )

    def __init__(self, view: View, stamp: Stamp) -> None:
        super().__init__(View(where=view.where, as_of=view.as_of), stamp)
        self._shown = 0
        self._table = False

    def compose(self) -> ComposeResult:
        yield TopLine()
        yield Words(Text("fitting the models on your data…", style=self.ink.dim), id="sum")
        yield Words(id="models")
        with Horizontal(id="frame"):
            with Vertical(id="whom"):
                yield Drawing(id="columns")
                yield Rows(id="people")
            with Vertical(id="held"):
                yield FigureChart(id="fit")
                yield Words(id="titles")
                yield Rows(id="table")
        yield KeysLine("value")

    def on_mount(self) -> None:
        self._head()
        self.add_class("-refused")  # until there is something to hold against what happened
        self._form()
        self.ask()

    def question(self) -> Callable[[], ValueSnapshot]:
        app, view = self.cstui, self.view
        return lambda: app.desk.value(app.opened().workspace, view, app.today, MOST)

    def _head(self) -> None:
        self.query_one(TopLine).say(workspace_words(self.stamp, self.ink), (where_text(self.view.where, self.ink), Text()))

    def _form(self) -> None:
        """Chart or table."""
        self.query_one("#fit").display = not self._table
        self.query_one("#titles").display = self.query_one("#table").display = self._table

    # Showing

    async def show(self, snapshot: ValueSnapshot) -> None:
        self._head()
        ink = self.ink
        self.query_one("#sum", Words).say(words.summary(snapshot, ink))
        narrow, refused = self.has_class("-narrow"), not words.pictures(snapshot)
        room, most = (self.size.width - 2, 4) if narrow else (self.size.width - 4, 8)
        if refused:  # nothing else is to be seen, so the reasons get all the room they want
            room, most = _WHOLE, 8
        self.query_one("#models", Words).say(words.model_lines(snapshot, room, most, ink))
        self.set_class(refused, "-refused")
        self._show_people(snapshot)
        self._show_fit(snapshot)

    def _show_people(self, snapshot: ValueSnapshot) -> None:
        ink, people, currency = self.ink, self.query_one("#people", Rows), snapshot.currency
        found = snapshot.buyers or snapshot.subscribers

        def draw(index: int, width: int) -> Text:
            if snapshot.buyers:
                return words.buyer_line(snapshot.buyers[index], currency, width, ink)
            return words.subscriber_line(snapshot.subscribers[index], currency, width, ink)

        people.say(Text("Nobody is expected to bring anything while no model fits." if snapshot.as_of is not None else "", style=ink.dim))
        people.show(len(found), draw)

        def heading(_width: int, _height: int) -> Text:
            return words.people_heading(snapshot, people.scrollable_content_region.width - 1, ink) if found else Text()

        self.query_one("#columns", Drawing).show(heading)

    def on_resize(self) -> None:
        """What was cut to the width."""
        self.redraw()

    def _show_fit(self, snapshot: ValueSnapshot) -> None:
        """The picture chosen, as a chart and as a table."""
        shown = words.pictures(snapshot)
        if not shown:
            return
        ink, picture = self.ink, shown[self._shown % len(shown)]
        more = f"  {self._shown % len(shown) + 1}/{len(shown)}" if len(shown) > 1 else ""
        title = Text.assemble(
            (picture.title, "bold"), ("  ■ actual", ink.line), ("  ■ expected", ink.accent), (more, ink.faint), no_wrap=True
        )
        actual, expected = (
            tuple(Fraction(value) for value in side) for side in zip(*((x.actual, x.expected) for x in picture.lines), strict=True)
        )
        marks = () if picture.fitted is None else ((picture.fitted, "fitted up to here"),)
        labels = tuple(line.label for line in picture.lines)
        series = Series(actual, labels, False, 0, picture.words(picture.lines[-1].actual), marks, None, expected)
        unit = "ratio" if picture.share else "count"

        def told(at: int) -> tuple[Text, str]:
            return Text(words.point_words(picture, at), style=f"bold {ink.accent}", no_wrap=True), picture.words(picture.lines[at].actual)

        self.query_one("#fit", FigureChart).show_points(title, series, lambda value: fmt.axis(value, unit, snapshot.currency), told)
        heading = Text.assemble((picture.title, "bold"), (more, ink.faint), "\n", words.table_heading(picture, ink))
        self.query_one("#titles", Words).say(heading)
        self.query_one("#table", Rows).show(len(picture.lines), lambda index, _width: words.table_line(picture, index, self.ink))

    # Acting

    @on(Rows.Opened, "#people")
    def _opened(self, event: Rows.Opened) -> None:
        """The customer's page."""
        if (snapshot := self.snapshot) is not None:
            from cstui.ui.screens.customer import CustomerScreen

            people = [one.customer for one in (snapshot.buyers or snapshot.subscribers)]
            self.app.push_screen(CustomerScreen(people, event.index))

    @on(Rows.Opened, "#table")
    @on(Pointing.Opened, "#fit")
    def action_explain(self) -> None:
        """A place of the table or the chart; else how the value under the cursor is worked out, each part of it, and all together."""
        snapshot = self.snapshot
        table, chart = self.query_one("#table", Rows), self.query_one("#fit", FigureChart)
        shown = words.pictures(snapshot) if snapshot is not None else ()
        if shown and self.focused in (table, chart):
            line = shown[self._shown % len(shown)].lines[table.cursor if self.focused is table else chart.at]
            self.app.push_screen(BehindScreen(ValueOf(line.behind, self.view), self.stamp, ("Customer value",)))
            return
        found = () if snapshot is None else snapshot.buyers or snapshot.subscribers
        if snapshot is None or snapshot.as_of is None or not found:
            return
        one = found[self.query_one("#people", Rows).cursor]
        now = View(where=(("customer_id", (one.customer_id,)),)).on(months(month_of(snapshot.as_of)))
        parts = (("clv_realised", "what they have paid so far"),) if snapshot.buyers else (("mrr", "MRR"), ("clv_realised", "paid so far"))
        lines: list[tuple[Text, Subject]] = [(Text(label), FigureOf(metric, now)) for metric, label in parts]
        lines.append((Text(words.total_words(snapshot)), ValueOf(ValuePoint(), self.view)))
        who = safe(one.name or one.customer_id, 40)
        explain_one_of(self, self.stamp, f"{who}: {words.worked_out(one, snapshot.currency)}; p holds the model", lines)

    def action_table(self) -> None:
        """Chart to table and back."""
        self._table = not self._table
        self._form()
        self.query_one("#table" if self._table and not self.has_class("-refused") else "#people").focus()

    def action_points(self) -> None:
        """From the customers to the chart."""
        if not self._table and not self.has_class("-refused"):
            self.query_one("#fit").focus()

    @on(Pointing.Beyond, "#fit")
    def _beyond(self, event: Pointing.Beyond) -> None:
        """Out of the chart, back to the customers."""
        if event.by < 0 and event.down == self.has_class("-narrow"):
            self.query_one("#people").focus()

    def action_turn_chart(self) -> None:
        """The next picture."""
        self._shown += 1
        if self.snapshot is not None:
            self._show_fit(self.snapshot)

    def action_parameters(self) -> None:
        """Every model's parameters and likelihood."""
        if (snapshot := self.snapshot) is not None and snapshot.as_of is not None:
            from cstui.ui.screens.entry import Reading

            self.app.push_screen(Reading(words.parameter_words(snapshot, self.ink)))

    @property
    def choosable(self) -> bool:
        return self.snapshot is not None and self.snapshot.as_of is not None

    def look(self, view: View) -> None:
        super().look(view)
        self._head()
        self.query_one("#sum", Words).say(Text("fitting the models on your data…", style=self.ink.dim))

    def action_copy(self) -> None:
        """The picture as a table."""
        shown = words.pictures(self.snapshot) if self.snapshot is not None else ()
        if shown:
            self.copy(words.copied(shown[self._shown % len(shown)]), "Copied as a table.")
