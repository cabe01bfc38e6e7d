"""The overview's sentences: the period and segment on top, what a figure means, what to do when there is nothing yet.

Functions of a snapshot and the inks; draws nothing and asks nothing.
"""

from __future__ import annotations

from rich.text import Text

from cstui.base import formatting as fmt
from cstui.base.text import safe
from cstui.desk.overview import Card, Overview
from cstui.ui.screens.base import period_words, where_text
from cstui.ui.theme import Ink
from cstui.ui.widgets.card import GOAL, PREVIOUS, YEAR


def against_words(overview: Overview, against: str) -> str:
    """What the cards are compared with: `vs Sep 2026`, `vs Oct 2025`, `vs goals`."""
    if against == GOAL:
        return "vs goals"
    return f"vs {fmt.period(overview.period.previous if against == PREVIOUS else overview.period.year_before)}"


def frame_words(overview: Overview, ink: Ink, against: str = PREVIOUS) -> tuple[Text, ...]:
    """The right of the top line, longest first: ‹ period ›, what it is compared with, and segment."""
    period = period_words(overview.period, ink, complete=overview.complete)
    compared = (against_words(overview, against), ink.dim if against == PREVIOUS else ink.accent)
    long = Text.assemble(period, " ", compared, "   ", where_text(overview.where, ink))
    middle = Text.assemble(period, " ", *((compared, " ") if against != PREVIOUS else ()), where_text(overview.where, ink, 14))
    return long, middle, Text.assemble(period, " ", compared) if against != PREVIOUS else period


def about_words(card: Card, overview: Overview, ink: Ink, against: str = PREVIOUS) -> Text:
    """What the figure in focus is: value, what it is compared with, how far to trust it, what it means."""
    unit = fmt.unit_of(card.metric, card.unit)
    text = Text.assemble((safe(card.label, 60), "bold"), "  ", fmt.figure(card.value, unit, overview.currency))
    word, other = {PREVIOUS: ("before", card.previous), YEAR: ("a year before", card.year_before), GOAL: ("goal", card.goal)}[against]
    if other is not None:
        text.append(f"   {word} {fmt.figure(other, unit, overview.currency)}", ink.dim)
    if card.status != "ok" and card.reason:
        text.append(f"\n{safe(fmt.reason(card.reason), 200)}", ink.care)
    for note in card.coverage:
        text.append(f"\n{safe(note, 200)}", ink.care)
    text.append(f"\n\n{safe(card.definition, 400)}", ink.dim)
    return text.append("\n\ne shows the rows it was made from", ink.faint)
