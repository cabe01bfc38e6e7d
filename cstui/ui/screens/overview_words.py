"""The overview's sentences: the period and segment on top, what a figure means, what to do when there is nothing yet.

Functions of a snapshot and the inks; draws nothing and asks nothing.
"""

from __future__ import annotations

from rich.text import Text

from cstui.base import formatting as fmt
from cstui.base.text import safe
from cstui.desk.overview import Card, Overview
from cstui.ui.screens.base import where_words
from cstui.ui.theme import Ink


def frame_words(overview: Overview, ink: Ink) -> tuple[Text, ...]:
    """The right of the top line, longest first: ‹ period › and segment."""
    style = ink.text if overview.complete else ink.care
    words = fmt.period(overview.period) + ("" if overview.complete else " so far")
    period = Text.assemble(("‹ ", ink.faint), (words, f"bold {style}"), (" ›", ink.faint))
    chosen = ink.accent if overview.where else ink.dim
    long = Text.assemble(period, "   ", (where_words(overview.where), chosen))
    short = Text.assemble(period, " ", (where_words(overview.where, 14), chosen))
    return long, short, period


def about_words(card: Card, overview: Overview, ink: Ink) -> Text:
    """What the figure in focus is: value, the one before, how far to trust it, what it means."""
    unit = fmt.unit_of(card.metric, card.unit)
    text = Text.assemble((safe(card.label, 60), "bold"), "  ", fmt.figure(card.value, unit, overview.currency))
    if card.previous is not None:
        text.append(f"   before {fmt.figure(card.previous, unit, overview.currency)}", ink.dim)
    if card.status != "ok" and card.reason:
        text.append(f"\n{safe(card.reason, 200)}", ink.care)
    for note in card.coverage:
        text.append(f"\n{safe(note, 200)}", ink.care)
    text.append(f"\n\n{safe(card.definition, 400)}", ink.dim)
    return text.append("\n\ne shows the rows it was made from", ink.faint)


def empty_words(ink: Ink) -> Text:
    """A workspace without data: what to do."""
    key = f"bold {ink.accent}"
    return Text.assemble(
        ("Nothing has been imported yet.\n\n", "bold"),
        ("6", key),
        (" imports customers, subscriptions, payments, use, answers and more: CSV as it comes out of your billing or CRM.\n", ink.dim),
        ("?", key),
        (" shows every key.", ink.dim),
    )


def trouble_words(message: str, ink: Ink) -> Text:
    """Why nothing can be shown."""
    return Text.assemble(("This workspace can't be shown.\n\n", f"bold {ink.bad}"), safe(message, 600))
