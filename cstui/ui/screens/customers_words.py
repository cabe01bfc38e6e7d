"""The lines of the customer list: columns by width, one customer each. Draws what it is given; asks nothing."""

from __future__ import annotations

from rich.text import Text

from cstui.base import formatting as fmt
from cstui.base.text import cell
from cstui.desk.customers import CustomerLine
from cstui.ui.screens.customer_words import status_ink
from cstui.ui.theme import Ink

_IDENT, _WITH_IDENT = 12, 34
"""Columns of the id, and of name and id together from which it is shown."""


def _shape(width: int) -> tuple[int, ...]:
    """Widths of name, plan, segment, owner, status, MRR, since; 0: left out."""
    segment = 12 if width >= 104 else 0
    plan, owner, status, mrr, since = (14, 14, 8, 12, 11) if width >= 104 else (10, 10, 8, 11, 11 if width >= 74 else 0)
    name = width - sum(part + 1 for part in (plan, segment, owner, status, mrr, since) if part)
    return (max(8, name), plan, segment, owner, status, mrr, since)


def heading(width: int, ink: Ink, *, by_purchase: bool = False) -> Text:
    """The columns' names, over `customer_line`."""
    money, day = ("spent", "last bought") if by_purchase else ("MRR", "since")
    names = ("customer", "plan", "segment", "owner", "status", money, day)
    line = Text(" ", style=ink.dim, no_wrap=True)
    for index, (name, room) in enumerate(zip(names, _shape(width - 2), strict=True)):
        if room:
            line.append((name.rjust(room) if index == 5 else name.ljust(room))[:room] + " ")
    return line


def customer_line(line: CustomerLine, currency: str, width: int, ink: Ink) -> Text:
    """One customer."""
    name_room, plan, segment, owner, status, mrr, since = _shape(width - 1)
    text, ident = Text(), _IDENT if name_room >= _WITH_IDENT else 0
    _put(text, cell(line.name or line.customer_id, 80), name_room - ident, "bold" if line.status == "active" else "")
    if ident:
        _put(text, cell(line.customer_id if line.name else "", 24), ident - 1, ink.faint)
    for value, room in ((line.plan, plan), (line.segment, segment), (line.owner, owner)):
        if room:
            _put(text, cell(value or "–", 40), room, ink.text if value else ink.faint)
    _put(text, line.status, status, status_ink(line.status, ink))
    money, day = (line.mrr, line.first_paid) if line.bought is None else (line.bought.spent, line.bought.last)
    amount = fmt.money_within(money, currency, mrr) if money else "–" if money is not None or line.first_paid is None else "no rate"
    text.append(f"{amount:>{mrr}} ", ink.text if money else ink.faint)
    if since:
        text.append("–" if day is None else fmt.day(day), ink.dim)
    return text


def _put(text: Text, value: str, width: int, style: str) -> None:
    """A column, and the gap after it in one piece with it: a page of lines is drawn piece by piece."""
    if value.isascii() and len(value) <= width:
        text.append(f"{value:<{width}} ", style)
    else:
        cut = Text(value, style=style)
        cut.truncate(width, overflow="ellipsis", pad=True)
        text.append_text(cut.append(" "))
