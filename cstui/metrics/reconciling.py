"""Why another program's MRR of a customer on a day is not ours: the one difference in reading that explains the amount exactly.

Pure: takes the customer's subscription rows and both amounts. What can't be explained exactly is `unknown`, never guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from cstui.base.days import iso
from cstui.base.money import SCALE, mrr_scaled
from cstui.metrics.service import Known, Span, SubscriptionRow, span

_MOST_TIMES = 20
"""A quantity there that a row without one is taken to have, at most."""


class Cause(NamedTuple):
    """A cause and what it says of this case."""

    code: str
    why: str


class _Row(NamedTuple):
    """A subscription row on the day: its service, and what it would be per month read otherwise. Minor units × SCALE."""

    row: SubscriptionRow
    span: Span | None
    pays: bool
    level: int
    gross: int
    billed: int
    unit: int


def cause(theirs: Fraction, ours: int, rows: Sequence[SubscriptionRow], day: int, known: Known) -> Cause:
    """Why `theirs` is not `ours` (both minor × SCALE, in one currency), of a customer with these rows in that currency."""
    read = [_read(row, day, known) for row in rows if row.started_at <= day]
    difference = theirs - ours
    slack = SCALE * max(1, sum(one.pays for one in read))
    if abs(difference) <= slack:
        return Cause("rounding", "no more than one minor unit for each subscription")
    for code, why, amount in _candidates(read, day, ours, theirs):
        if abs(difference - amount) < slack:
            return Cause(code, why)
    return _share(theirs, ours, read) or Cause("unknown", "no single difference in reading explains the amount")


def _read(row: SubscriptionRow, day: int, known: Known) -> _Row:
    quantity = Fraction(row.quantity) if row.quantity is not None else Fraction(1)
    interval, count = row.interval or "month", row.interval_count or 1
    whole = row.amount * quantity

    def monthly(billed: Fraction) -> int:
        return mrr_scaled(billed, interval, count) if billed > 0 else 0

    net = whole - (row.discount or 0)
    found = span(row, known)
    pays = found is not None and found.pay <= day < found.end
    return _Row(row, found, pays, monthly(net), monthly(whole), max(0, int(net * SCALE)), monthly(Fraction(row.amount)))


def _candidates(read: Sequence[_Row], day: int, ours: int, theirs: Fraction) -> Iterator[tuple[str, str, int]]:
    """(cause, words, theirs − ours if that were it)."""
    paying = [one for one in read if one.pays]
    if any(one.row.discount for one in paying):
        yield "discount", "there without the discount that is taken off here", sum(one.gross - one.level for one in paying)
    yield from _not_counted(read, paying, day)
    longer = sum(one.billed - one.level for one in paying if one.billed > one.level)
    if longer:
        yield "annual", "the whole billing period there, a month's share of it here", longer
    yield from _one_by_one(read, paying, theirs - ours)
    ended = [one for one in read if not one.pays and one.span is not None and one.span.end <= day]
    for one in ended:
        yield "ended_here", f"{one.row.subscription_id} has ended here, and is counted there", one.level
    if theirs == 0 and ours:
        yield "ended_there", "nothing is counted there any more, and service goes on here", -ours
    for one in paying:
        yield "ended_there", f"{one.row.subscription_id} is not counted there", -one.level


def _not_counted(read: Sequence[_Row], paying: Sequence[_Row], day: int) -> Iterator[tuple[str, str, int]]:
    """Service that one side counts and the other does not: past due, paused, in trial."""

    def over(chosen: Callable[[_Row], bool]) -> int:
        return sum(one.level for one in read if not one.pays and chosen(one))

    late = over(lambda one: one.span is not None and one.span.how == "delinquent" and one.span.end <= day)
    if late:
        yield "past_due", "past due for too long to count here, still counted there", late
    in_grace = sum(one.level for one in paying if one.row.status == "past_due")
    if in_grace:
        yield "past_due", "past due, still counted here, not there", -in_grace
    paused = over(lambda one: one.row.status == "paused")
    if paused:
        yield "paused", "paused here, counted there", paused
    trial = over(lambda one: (one.row.trial_end or 0) > day or one.row.status == "trial")
    if trial:
        yield "trial", "in trial here, counted there", trial


def _one_by_one(read: Sequence[_Row], paying: Sequence[_Row], difference: Fraction) -> Iterator[tuple[str, str, int]]:
    """One row read with another quantity, or as another version of it."""
    for one in paying:
        times, rest = divmod(difference + one.level, one.unit) if one.unit else (0, 1)
        own = Fraction(one.row.quantity) if one.row.quantity is not None else Fraction(1)
        if not rest and 0 < times != own and (own != 1 or times <= _MOST_TIMES):
            yield "quantity", f"{one.row.subscription_id}: quantity {times} there, {own} here", int(difference)
        for other in read:
            if not other.pays and other.level not in (0, one.level):
                words = f"{one.row.subscription_id} is there what {other.row.subscription_id} of {iso(other.row.started_at)} is here"
                yield "tier", words, other.level - one.level


def _share(theirs: Fraction, ours: int, read: Sequence[_Row]) -> Cause | None:
    """A coupon there that no row here has: a whole percentage off."""
    if not 0 < theirs < ours or any(one.row.discount for one in read):
        return None
    off = round(100 * (1 - theirs / ours))
    exact = abs(theirs - ours * Fraction(100 - off, 100)) < SCALE
    return Cause("coupon", f"{off} % off there, and no discount here") if exact and 0 < off < 100 else None
