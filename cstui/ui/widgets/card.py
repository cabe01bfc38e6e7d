"""One figure on a card: value, change, sparkline, and how far to trust it.

Draws a `Card` and says when it is opened or looked at; computes nothing about the figure but its wording.
"""

from __future__ import annotations

from rich.text import Text
from textual.events import Click, Focus
from textual.message import Message
from textual.widget import Widget

from cstui.base import formatting as fmt
from cstui.base.text import safe
from cstui.desk.overview import Card
from cstui.ui import commands
from cstui.ui.theme import Ink
from cstui.ui.widgets.line import ink_for

PREVIOUS, YEAR, GOAL = "previous", "year", "goal"
"""What a card's change is measured against."""
_CARE = {"small_sample", "incomplete"}
_SHORT = {
    "customers_active": "Customers",
    "customers_churned": "Churned",
    "customers_returned": "Returned",
    "customers_expanded": "Expanded",
    "customer_churn_rate": "Churn",
    "renewal_rate_value": "Renewals, value",
    "mrr_fx": "FX effect",
    "grr": "Gross retention",
    "nrr": "Net retention",
    "arpc": "Per customer",
    "profit_per_customer": "Profit each",
    "cac": "CAC",
    "active_customer_share": "Customers using",
    "session_minutes": "Session length",
}
"""What figures are called where their names have no room."""


def value_text(card: Card, currency: str, ink: Ink, width: int) -> Text:
    """The figure, and at its right what it was made from: `1.9 %     8 of 421`."""
    value = fmt.figure(card.value, unit := fmt.unit_of(card.metric, card.unit), currency)
    if len(value) > width:
        value = fmt.figure_within(card.value, unit, currency, width)
    line = Text.assemble((value, f"bold {ink.care if card.value is None else ink.text}"), no_wrap=True)
    if (
        fmt.unit_of(card.metric, card.unit) == "ratio"
        and card.numerator is not None
        and card.denominator is not None
        and card.n is not None
    ):
        line.append_text(_right(_base(card, currency), width - len(value), ink.dim))
    elif card.status == "small_sample" and card.n is not None:
        line.append_text(_right(f"n {card.n:,}", width - len(value), ink.dim))
    return line


def _base(card: Card, currency: str) -> str:
    top, bottom = card.numerator, card.denominator
    if top is None or bottom is None:
        return ""
    if card.n is not None and bottom == card.n:
        return f"{fmt.number(top)} of {fmt.number(bottom)}"
    return f"n {card.n:,}" if card.n is not None else fmt.money_compact(bottom, currency)


def _right(text: str, room: int, style: str) -> Text:
    return Text(text.rjust(room), style=style) if room > len(text) else Text()


def change_text(card: Card, currency: str, ink: Ink, width: int, against: str = PREVIOUS) -> Text:
    """The change against what is compared with, in words and coloured by better or worse; or why there is none."""
    if card.value is None:
        return Text()
    if against == GOAL:
        return goal_text(card, currency, ink, width)
    before = card.previous if against == PREVIOUS else card.year_before
    words = fmt.delta_within(card.value, before, fmt.unit_of(card.metric, card.unit), card.better, currency, width)
    style = {1: ink.good, -1: ink.bad, 0: ink.dim}[fmt.verdict(card.value, before, card.better)]
    return Text(words or ("before n/a" if against == PREVIOUS else "year before n/a"), style=style if words else ink.faint, no_wrap=True)


def goal_text(card: Card, currency: str, ink: Ink, width: int) -> Text:
    """How far the figure is from its goal: in words, and as a bar where there is room."""
    from cstui.desk.goals import bar, no_goal, progress

    if card.value is None or card.goal is None:
        return Text("no goal yet" if card.goal_set is None else no_goal(card.metric), style=ink.faint, no_wrap=True)
    done = progress(card.value, card.goal, fmt.unit_of(card.metric, card.unit), card.better, currency)
    style = {True: ink.good, False: ink.care, None: ink.dim}[done.reached]
    line, room = Text(done.words, style=style, no_wrap=True), width - len(done.words) - 1
    if done.share is not None and room >= 3:
        line.append(" " + bar(done.share, min(room, 12)), style)
    return line


def label_in(metric: str, label: str, width: int) -> str:
    """A figure's name, or its short one where that is too long."""
    return safe(label if len(label) <= width else _SHORT.get(metric, label), 60)


def status_text(card: Card, ink: Ink) -> Text:
    """What to know before trusting the figure; empty where all is well."""
    if card.status == "incomplete":
        return Text("░ so far", style=ink.care)
    if card.status == "small_sample":
        return Text("small sample", style=ink.care)
    if card.subtotals:
        sums = " + ".join(fmt.money(amount, code) for code, amount in card.subtotals)
        return Text(f"{sums}: {safe(fmt.reason(card.reason).partition(';')[0], 200)}", style=ink.care)  # the subtotals are seen
    if card.coverage and not card.reason:
        return Text(safe(card.coverage[0], 200), style=ink.care)
    return Text(safe(fmt.reason(card.reason), 200), style=ink.dim)


class CardTile(Widget, can_focus=True):
    """A focusable card."""

    BINDINGS = commands.bindings("card")

    class Opened(Message):
        """The person asked what is behind the figure."""

    class Looked(Message):
        """The keyboard arrived on this card."""

        def __init__(self, card: Card) -> None:
            super().__init__()
            self.card = card

    def __init__(self, card: Card | None, currency: str) -> None:
        super().__init__()
        self.card = card
        self.currency = currency
        self.against = PREVIOUS
        self._spare = False
        self._drawn: tuple[object, ...] = (card, currency, PREVIOUS, False)

    def show(self, card: Card | None, currency: str, against: str = PREVIOUS, *, waiting: bool = False) -> None:
        """Draw this card from now on. Without one the place is empty, and the keyboard passes over it; or one is still to come."""
        self._spare = card is None and not waiting
        self.can_focus = card is not None and not waiting  # a preview is looked at, not opened
        wanted = (card, currency, against, self._spare)
        if wanted != self._drawn:
            self._drawn = wanted
            self.card, self.currency, self.against = card, currency, against
            self.refresh()

    def render(self) -> Text:
        ink, (width, height) = ink_for(self), self.content_size
        if self.card is None:
            return Text("a adds a figure" if self._spare else "…", style=ink.faint)
        card = self.card
        lines = [Text(label_in(card.metric, card.label, width), style=ink.accent if self.has_focus else ink.dim)]
        lines.append(value_text(card, self.currency, ink, width))
        status = status_text(card, ink)
        if card.value is None:
            lines.extend(status.wrap(self.app.console, width)[: max(1, height - 2)])
        else:
            lines.append(change_text(card, self.currency, ink, width, self.against))
            lines = self._with_trend(card, lines, status)
        for line in lines:
            line.truncate(width, overflow="ellipsis")
        return Text("\n", no_wrap=True).join(lines[:height])

    def _with_trend(self, card: Card, lines: list[Text], status: Text) -> list[Text]:
        """The card's lines, and beneath them the sparkline and the status, as far as there is room."""
        ink, (width, height) = ink_for(self), self.content_size
        room = height - len(lines)
        if room < 2 and card.status in _CARE:
            lines[0] = _titled(lines[0], status, width)
            status = Text()
        drawn = fmt.sparkline(card.series, width, 1 if room < 2 or status.plain else 2)
        for row in drawn:
            trend = Text(row, style=ink.line)
            if card.status == "incomplete":
                trend.stylize(ink.care, len(row) - 1)
            lines.append(trend)
        return [*lines, status] if status.plain else lines

    def on_focus(self, _: Focus) -> None:
        if self.card is not None:
            self.post_message(self.Looked(self.card))

    def on_click(self, event: Click) -> None:
        if event.chain == 2:
            self.action_open()

    def action_open(self) -> None:
        """Ask for what is behind the figure."""
        if self.card is not None:
            self.post_message(self.Opened())

    def action_step(self, by: int) -> None:
        """To the neighbouring card."""
        siblings = [tile for tile in self.screen.query(CardTile) if tile.can_focus]
        siblings[(siblings.index(self) + by) % len(siblings)].focus()

    def action_leap(self, by: int) -> None:
        """To the card below or above, or out of the cards."""
        siblings = [tile for tile in self.screen.query(CardTile) if tile.can_focus]
        above = [tile for tile in siblings if (tile.region.y - self.region.y) * by > 0 and tile.region.x == self.region.x]
        if above:
            min(above, key=lambda tile: abs(tile.region.y - self.region.y)).focus()
        elif by > 0:
            self.screen.set_focus(siblings[-1])  # at once: `focus` would come after the next step, and take it back
            self.screen.focus_next()


def _titled(title: Text, status: Text, width: int) -> Text:
    room = width - title.cell_len - status.cell_len
    return Text.assemble(title, " " * room, status) if room > 0 else title
