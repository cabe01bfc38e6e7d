"""A subscription row's terms: when each is due, and what became of it. Trials too: who paid after theirs.

The rules are those of metrics.md, `renewal_rate` and `trial_conversion_rate`; decisions where it is silent stand beside the code
that takes them. Pure functions of paid service; no SQL, no figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import takewhile
from typing import NamedTuple

from cstui.base.days import Period, months_on, to_date
from cstui.metrics.service import FOREVER, Known, Span
from cstui.metrics.steps import Steps, level_on

TO_RENEW = 30
"""Days after its due day that a term may still be renewed in, and after a row's end that another carries it on."""
TO_CONVERT = 14
"""Days, from the trial's end on, in which a customer who pays has converted."""
RENEWED, LOST, PENDING = "renewed", "lost", "pending"
CONVERTED = "converted"
_MONTHS = {"year": 12, "quarter": 3, "month": 1}
_DAYS = {"week": 7, "day": 1}
_QUARTER_DAYS = {"week": 13, "day": 92}
"""How many of them are a quarter or longer: 12 ÷ 52 and 12 ÷ 365 of a month each, as MRR takes them."""


class Term(NamedTuple):
    """A term that has begun, and what the rows say of its renewal. Money in minor units × SCALE."""

    row: int
    """The subscription row."""
    customer: int
    due: int
    currency: str
    level: int
    """The row's MRR."""
    renewed_on: int | None
    """The first day on or after the due day with MRR from the row, or from one that carries it on; None: no such day is known."""
    renewed: tuple[tuple[str, int], ...]
    """(currency, MRR) on that day."""
    by: tuple[str, ...]
    """The subscriptions that carry it on; empty: it goes on itself."""

    def outcome(self, as_of: int) -> str:
        """`renewed`, `lost`, or `pending` while it is not decided by `as_of`."""
        if self.due > as_of:
            return PENDING
        if self.renewed_on is not None and self.renewed_on <= as_of:
            return RENEWED
        return LOST if as_of >= self.due + TO_RENEW else PENDING


class Trial(NamedTuple):
    """One customer's trial: of several rows with one `trial_end`, the one that began first."""

    row: int
    customer: int
    began: int
    ends: int
    paid_on: int | None
    """The first day with MRR of the `TO_CONVERT` that start with its end."""

    def outcome(self, as_of: int) -> str:
        """`converted`, `lost`, or `pending` while the days are not over."""
        if self.paid_on is not None and self.paid_on <= as_of:
            return CONVERTED
        return LOST if as_of >= self.ends + TO_CONVERT - 1 else PENDING


@lru_cache(1 << 16)  # many rows began on one day
def due_day(pay: int, interval: str, count: int, number: int) -> int:
    """The due day of a row's term: its first paying day and so many intervals; the day of the month is kept, clipped to the month's end."""
    if interval in _DAYS:
        return pay + _DAYS[interval] * count * number
    return months_on(to_date(pay), _MONTHS[interval] * count * number)


def is_long(interval: str, count: int) -> bool:
    """Whether a term is a quarter or longer."""
    return count >= _QUARTER_DAYS[interval] if interval in _DAYS else _MONTHS[interval] * count >= 3


def billed(interval: str, count: int) -> tuple[int, int]:
    """(months, days) of a term: one of them is 0."""
    return (0, _DAYS[interval] * count) if interval in _DAYS else (_MONTHS[interval] * count, 0)


@lru_cache(1 << 16)
def first_begin(pay: int, interval: str, count: int, window: Period) -> int | None:
    """The day on which the first of the terms begins whose due days by the calendar are in a window; None where none is."""
    number, begins = 1, pay
    while begins < window.end:
        due = due_day(pay, interval, count, number)
        if due in window:
            return begins
        begins, number = due, number + 1
    return None


def terms_of(spans: Sequence[Span], known: Known, *, every: bool, window: Period | None = None) -> Iterator[Term]:
    """One customer's terms that have begun by `as_of`, those due in a window where one is given; with `every`, short ones too."""
    spans = [item for item in spans if item.pay <= known.as_of]
    low, high = window or (-FOREVER, 2 * FOREVER)
    for item in spans:
        interval, count = item.row.interval or "month", item.row.interval_count if item.row.interval_count is not None else 1
        if not every and not is_long(interval, count):
            continue
        for due in _dues(item, interval, count, known):
            if low <= due < high:
                if due < item.end:
                    row = item.row
                    yield Term(row.id, row.customer_id, due, row.currency, item.level, due, ((row.currency, item.level),), ())
                else:
                    yield _ended(item, due, spans, known)


def _dues(item: Span, interval: str, count: int, known: Known) -> Sequence[int]:
    """The due day of every term that began, cancelled inside it or not.

    `current_period_end` says when the term ends that was running on the workspace's own last day, or that was the row's last by then.
    It is not known earlier, and one that is over before that term begins says nothing about it.
    """
    override = item.row.current_period_end if known.as_of >= known.own else None
    number, begins, end = 1, item.pay, min(item.end, known.as_of + 1)
    found = []
    while begins < end:
        due = due_day(item.pay, interval, count, number)
        if override is None or override <= begins or begins > known.own or (due <= known.own and due < item.end):
            found.append(due)
        else:
            found.append(override)
        begins, number = due, number + 1
    return found


def _ended(item: Span, due: int, spans: Sequence[Span], known: Known) -> Term:
    """A term due when its row is over: whoever carries it on renews it."""
    row = item.row
    later = []
    for other in _carried_on(item, spans, known):
        first = max(due, other.pay)
        if first < other.end:
            later.append((first, other))
    if len(later) == 1:
        day, only = later[0]
        renewed = ((only.row.currency, only.level),)
        return Term(row.id, row.customer_id, due, row.currency, item.level, day, renewed, (only.row.subscription_id,))
    if not later:
        return Term(row.id, row.customer_id, due, row.currency, item.level, None, (), ())
    soonest = min(first for first, _ in later)
    levels: dict[str, int] = {}
    by = []
    for _, other in later:
        if other.pay <= soonest:
            levels[other.row.currency] = levels.get(other.row.currency, 0) + other.level
            by.append(other.row.subscription_id)
    return Term(row.id, row.customer_id, due, row.currency, item.level, soonest, tuple(sorted(levels.items())), tuple(by))


def _carried_on(item: Span, spans: Sequence[Span], known: Known) -> list[Span]:
    """The customer's rows that carry one on: they begin after it, paying within 30 days before or after its end; and so on from these.

    A row that still pays at `as_of` has not come to an end that another could follow.
    """
    if item.end > known.as_of or len(spans) == 1:
        return []
    found = [item]
    for one in found:
        if one.end <= known.as_of:
            after, low, high = one.pay, one.end - TO_RENEW, one.end + TO_RENEW
            for other in spans:
                pay = other.pay
                if pay > after and low <= pay <= high and other not in found:
                    found.append(other)
    return found[1:]


def paid_on(by_currency: Mapping[str, Steps], ends: int) -> int | None:
    """The first of the days that start with a trial's end on which its customer has MRR."""
    days = []
    for steps in by_currency.values():
        if level_on(steps, ends):
            return ends
        days += [day for day, level in takewhile(lambda step: step[0] < ends + TO_CONVERT, steps) if day > ends and level]
    return min(days, default=None)


def firsts(rows: Iterable[tuple[int, int, int, int]]) -> dict[tuple[int, int], tuple[int, int]]:
    """(customer, trial's end) → (day it began, row), of (row, customer, began, ends): the earliest of those that share an end."""
    found: dict[tuple[int, int], tuple[int, int]] = {}
    for row, customer, began, ends in rows:
        held = found.get((customer, ends))
        found[customer, ends] = (began, row) if held is None else min(held, (began, row))
    return found
