"""The overview: six figures, the trend, and what moved, for one period and segment.

A function of an `Overview` snapshot. Asks the desk in a thread; what is behind a figure is the explanation screen's to show.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import zip_longest
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.geometry import Size

from cstui.base import formatting as fmt
from cstui.base.ask import PeriodChoice, View
from cstui.base.days import month_of, months
from cstui.base.text import safe
from cstui.desk.annotations import marks_of
from cstui.desk.overview import Card, Overview
from cstui.ui import commands
from cstui.ui.charts import Series
from cstui.ui.screens.base import workspace_words
from cstui.ui.screens.overview_words import about_words, frame_words
from cstui.ui.screens.views import PeerScreen, empty_words
from cstui.ui.widgets.card import GOAL, PREVIOUS, YEAR, CardTile
from cstui.ui.widgets.chart import Chart
from cstui.ui.widgets.line import KeysLine, TopLine, Words
from cstui.ui.widgets.moves import Moves
from cstui.ui.widgets.news import News
from cstui.ui.widgets.rows import Rows

CARDS = 6
"""Figures on the screen; a snapshot with fewer leaves the last ones blank."""
_COLUMNS = [(0, "-tiny"), (60, "-narrow"), (104, "-wide")]
_LINES = [(0, "-short"), (34, "-tall")]


class OverviewScreen(PeerScreen[Overview]):
    """Screen 1."""

    SCOPES: ClassVar[tuple[str, ...]] = ("overview", "card", "list")
    BINDINGS = commands.bindings("overview")
    HORIZONTAL_BREAKPOINTS = _COLUMNS
    VERTICAL_BREAKPOINTS = _LINES
    ABOUT: ClassVar[str] = (
        "How the customer base is doing in one period, against the one before it; c compares with a year before or with goals you set. A "
        "card's change is green when it is for the better, red when for the worse, whichever way the figure went. n/a means unknown, never "
        "zero: the card says what would make it known. ░ marks a period that is not over, ┊ a day that somebody noted. Press e or enter on "
        "any figure or movement to see its definition and the very rows it was made from."
    )

    def __init__(self) -> None:
        super().__init__(View())
        self._against = PREVIOUS

    def compose(self) -> ComposeResult:
        first = self.cstui.opening_soon()
        snapshot = first.overview if first else None
        self._classes_for(self.app.size)
        yield TopLine()
        yield Words(id="notice")
        for index in range(CARDS):
            card = snapshot.cards[index] if snapshot and index < len(snapshot.cards) else None
            yield CardTile(card, snapshot.currency if snapshot else "")
        yield Chart(id="trend")
        yield Moves(id="moves")
        yield Chart(id="focus")
        yield Words(id="about")
        yield News()
        yield KeysLine("overview")

    def _classes_for(self, size: Size) -> None:
        """What the breakpoints will say, said before the first layout, which then needs no second one."""
        for breakpoints, length in ((_COLUMNS, size.width), (_LINES, size.height)):
            self.add_class(max((least, name) for least, name in breakpoints if least <= length)[1])

    async def on_mount(self) -> None:
        first = self.cstui.opening_now()
        if first is not None and first.overview is not None and not self.cstui.has_moved_on(first.overview.revision):
            self.snapshot = first.overview
            await self.show(first.overview)
        else:
            self.query_one(TopLine).say((Text("opening…", style=self.ink.dim),))
            self.ask()

    def on_screen_resume(self) -> None:
        """The figures are in sight again, or for the first time."""
        self.query_one(News).keep_first_look()

    def question(self) -> Callable[[], Overview]:
        app, view = self.cstui, self.view
        return lambda: app.desk.overview(app.opened().workspace, view, app.today)

    # Showing

    async def show(self, snapshot: Overview) -> None:
        right = frame_words(snapshot, self.ink, self._against) if snapshot.as_of is not None else ()
        self.query_one(TopLine).say(workspace_words(snapshot, self.ink), right)
        self.notice(empty_words(self.ink, snapshot.undated) if snapshot.as_of is None else None)
        if snapshot.as_of is None:
            if not snapshot.undated:
                self.cstui.nothing_here()
            return
        tiles = list(self.query(CardTile))
        for tile, card in zip_longest(tiles, snapshot.cards[: len(tiles)]):
            tile.show(card, snapshot.currency, self._against)
        self._show_trend(snapshot)
        self.query_one(Moves).tell(snapshot, self.ink)
        self.query_one(News).look(snapshot.revision)
        if self.focused is None and self.is_current:
            tiles[0].focus()
        self._show_focus(self._card())

    def _show_trend(self, snapshot: Overview) -> None:
        trend = snapshot.trend
        if trend.periods:
            self._chart("#trend", trend.label, trend.values, trend.unit)

    def _chart(self, where: str, label: str, values: tuple[Fraction | None, ...], unit: str) -> None:
        """Draw a series that ends with the period, from the first value that is known; the last known one is said."""
        snapshot = self.snapshot
        if snapshot is None:
            return
        known = next((index for index, value in enumerate(values) if value is not None), 0)
        values, currency = values[known:], snapshot.currency
        periods = snapshot.trend.periods[-len(values) :]
        labels = tuple(fmt.month(month_of(period.last), short=True) for period in periods)
        unfinished = sum(not over for over in snapshot.trend.complete[-len(values) :])
        note = fmt.figure(next((value for value in reversed(values) if value is not None), None), unit, currency)
        marks = marks_of(snapshot.annotations, periods)
        series = Series(values, labels, unit in ("money", "count"), unfinished, note, marks, titled=True)
        span = fmt.count(len(values), "month" if snapshot.period.months == 1 else "period")
        title = Text.assemble((safe(label, 40), "bold"), (f", {span}", self.ink.dim))
        self.query_one(where, Chart).show(title, series, lambda value: fmt.axis(value, unit, currency))

    def _show_focus(self, card: Card | None) -> None:
        """The second chart and the words beside it, on tall terminals: about the figure in focus."""
        snapshot = self.snapshot
        if snapshot is None or not snapshot.cards or snapshot.as_of is None:
            return
        shown = card or snapshot.cards[0]
        if shown.metric == snapshot.trend.metric:  # the chart above has it already
            shown = next((other for other in snapshot.cards if other.metric != shown.metric), shown)
        unit = fmt.unit_of(shown.metric, shown.unit)
        self._chart("#focus", shown.label, shown.series, unit)
        card = card or snapshot.cards[0]
        self.query_one("#about", Words).say(about_words(card, snapshot, self.ink, self._against))

    # Acting

    def _card(self) -> Card | None:
        return self.focused.card if isinstance(self.focused, CardTile) else None

    def _figure(self) -> tuple[str, str] | None:
        """(metric, label) under the keyboard."""
        snapshot = self.snapshot
        if snapshot is None or snapshot.as_of is None or not snapshot.cards:
            return None
        if isinstance(self.focused, Moves) and (move := self.focused.move) is not None:
            return move.metric, move.label
        card = self._card() or snapshot.cards[0]
        return card.metric, card.label

    @on(CardTile.Looked)
    def _looked(self, event: CardTile.Looked) -> None:
        self._show_focus(event.card)

    @on(CardTile.Opened)
    @on(Rows.Opened)
    def _opened(self) -> None:
        self.action_explain()

    def action_difference(self) -> None:
        """Open who made the figure under the keyboard differ from the period that it is compared with."""
        self.action_explain(difference=True)

    def action_explain(self, *, difference: bool = False) -> None:
        """Open what is behind the figure under the keyboard."""
        if (figure := self._figure()) is None or self.snapshot is None:
            return
        from cstui.desk.subjects import step_of
        from cstui.ui.screens.explain import BehindScreen, ExplainScreen

        period, year, here = self.snapshot.period, self._against == YEAR, self.focused
        if isinstance(here, Moves) and (move := here.move) is not None:
            # the start level is the end level of the period before
            step = step_of(move, self.view.on(period.previous if here.at_start else period), year_before=year)
            self.app.push_screen(BehindScreen(step, self.snapshot, difference=difference))
        else:
            view = self.view.on(period)
            self.app.push_screen(ExplainScreen(figure[0], view, self.snapshot, difference=difference, year_before=year))

    def action_compare(self) -> None:
        """Choose what the cards are compared with, or set a goal."""
        snapshot = self.snapshot
        if snapshot is not None and snapshot.as_of is not None and snapshot.cards:
            from cstui.ui.screens.comparing import CompareDialog

            self.app.push_screen(CompareDialog(self._card() or snapshot.cards[0], snapshot, self._against), self._compare)

    def _compare(self, against: str | None) -> None:
        if against is not None:
            self._against = against
            if against == GOAL:
                self.ask()  # one may just have been set
            self.redraw()

    def action_cards(self) -> None:
        """Choose which figures are shown."""
        if (snapshot := self.snapshot) is not None and snapshot.as_of is not None:
            from cstui.ui.screens.cards import CardsDialog

            chosen = tuple(card.metric for card in snapshot.cards)
            self.app.push_screen(CardsDialog(chosen, self.view.on(snapshot.period)), lambda kept: self.ask() if kept else None)

    def action_break_down(self) -> None:
        """The cards' figures by a field: choose it, then see the table."""
        if (snapshot := self.snapshot) is not None and snapshot.as_of is not None:
            from cstui.ui.screens.breakdown import FieldDialog

            self.app.push_screen(FieldDialog(None), self._break_down)

    def _break_down(self, field: str | None) -> None:
        if field is not None and (snapshot := self.snapshot) is not None:
            from cstui.ui.screens.breakdown import BreakdownScreen

            metrics = tuple(card.metric for card in snapshot.cards)
            self.app.push_screen(BreakdownScreen(field, metrics, self.view.on(snapshot.period), snapshot, self._filter))

    def action_value(self) -> None:
        """What customers are expected to be worth."""
        if self.snapshot is not None:
            from cstui.ui.screens.value import ValueScreen

            self.app.push_screen(ValueScreen(self.view, self.snapshot))

    def action_cohorts(self) -> None:
        """Who is still there, month by month after the first payment."""
        if (snapshot := self.snapshot) is not None and snapshot.as_of is not None:
            from cstui.ui.screens.cohorts import CohortsScreen

            self.app.push_screen(CohortsScreen(self.view, snapshot))

    def action_waterfall(self) -> None:
        """MRR's way through the period."""
        if (snapshot := self.snapshot) is not None and snapshot.as_of is not None:
            from cstui.ui.screens.waterfall import WaterfallScreen

            self.app.push_screen(WaterfallScreen(self.view.on(snapshot.period), snapshot))

    def action_journey(self) -> None:
        """All customers from stage to stage."""
        if (snapshot := self.snapshot) is not None and snapshot.as_of is not None:
            from cstui.ui.screens.journeys import JourneysScreen

            self.app.push_screen(JourneysScreen(self.view.on(snapshot.period), snapshot))

    def action_trend(self, table: bool) -> None:
        """The figure under the keyboard over many months, as a chart or as a table."""
        if (figure := self._figure()) is not None and self.snapshot is not None:
            from cstui.ui.screens.trend import TrendScreen

            self.app.push_screen(TrendScreen(figure[0], self.view.on(self.snapshot.period), self.snapshot, table=table))

    def action_period(self, by: int) -> None:
        """The period `by` earlier (−) or later (+); a trailing window moves by a month."""
        snapshot = self.snapshot
        if snapshot is None or snapshot.as_of is None:
            return
        choice = self.view.choice
        period = choice.period or snapshot.period  # what was asked for last, which may not have come yet
        if choice.trailing is not None:
            self._choose(choice._replace(period=months(month_of(period.last) + by)))
            return
        moved = period.previous if by < 0 else period.next
        self._choose(PeriodChoice(period=moved))

    def _choose(self, choice: PeriodChoice) -> None:
        snapshot = self.snapshot
        if snapshot is None or snapshot.as_of is None:
            return
        wanted = choice.resolve(snapshot.as_of)[-1]
        if self.reaches(wanted, snapshot.as_of):
            self.look(self.view._replace(choice=choice))

    def action_choose_period(self) -> None:
        """A list of months, quarters, years and windows."""
        if (snapshot := self.snapshot) is not None and snapshot.as_of is not None:
            from cstui.ui.screens.choices import PeriodDialog

            self.app.push_screen(PeriodDialog(snapshot.as_of, snapshot.period), lambda choice: self._choose(choice) if choice else None)

    def action_copy(self) -> None:
        """Copy the figure under the keyboard as words."""
        snapshot, card = self.snapshot, self._card()
        if snapshot is None or card is None:
            return
        value = fmt.figure(card.value, fmt.unit_of(card.metric, card.unit), snapshot.currency)
        self.copy(f"{safe(card.label)} {fmt.period(snapshot.period)}: {value}")
