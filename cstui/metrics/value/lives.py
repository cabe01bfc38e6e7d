"""Subscriptions' lives counted in terms: after how many each customer left, or how often those who stay have renewed so far. Pure.

A life is a customer's first unbroken paid service, over all their subscriptions; its term is that of the row they first paid for, and
terms under a month are counted by the month. Who left inside a term did not renew at its end.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from cstui.base.days import months_on, to_date
from cstui.metrics.service import Span
from cstui.metrics.value.sbg import Lives

_MONTHS = {"month": 1, "quarter": 3, "year": 12}


class Life(NamedTuple):
    """One customer's life."""

    customer: int
    months: int
    """The length of a term."""
    start: int
    end: int | None
    """The day the service ended; None: it goes on."""
    terms: int
    """Of one who left, the term at whose end they did, from 1; of one who stays, how often they have renewed, from 0."""


def life(spans: Sequence[Span], as_of: int, gap_days: int) -> Life | None:
    """The first life of a customer with this paid service; None of one who has not paid by `as_of`. Shorter gaps are bridged."""
    paid = sorted((item for item in spans if item.level > 0 and item.pay <= as_of), key=lambda item: (item.pay, item.row.id))
    if not paid:
        return None
    start, end = paid[0].pay, paid[0].end
    for item in paid[1:]:
        if item.pay - end >= max(1, gap_days):
            break
        end = max(end, item.end)
    row = paid[0].row
    months = _MONTHS.get(row.interval or "month", 0) * (row.interval_count or 1) or 1
    if end <= as_of:
        return Life(row.customer_id, months, start, end, max(1, whole_terms(start, months, end - 1) + 1))
    return Life(row.customer_id, months, start, None, whole_terms(start, months, as_of))


def whole_terms(start: int, months: int, day: int) -> int:
    """How many terms from `start` had come to their end by a day: due days keep the day of the month, clipped to the month's end."""
    begun, now = to_date(start), to_date(day)
    count = ((now.year - begun.year) * 12 + now.month - begun.month) // months
    return count if months_on(begun, count * months) <= day else count - 1


def by_term(lives: Iterable[Life]) -> dict[int, list[Life]]:
    """Lives by the length of their term, in months."""
    found: dict[int, list[Life]] = {}
    for one in lives:
        found.setdefault(one.months, []).append(one)
    return dict(sorted(found.items()))


def counted(lives: Sequence[Life]) -> Lives:
    """Lives of one length of term, counted."""
    most = max((one.terms for one in lives), default=0)
    left, going = np.zeros(most), np.zeros(most + 1)
    for one in lives:
        if one.end is None:
            going[one.terms] += 1
        else:
            left[one.terms - 1] += 1
    return Lives(left, going)
