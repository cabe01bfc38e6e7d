"""Subscriptions that are past due by their status: the signal `payment_late` where no payment says it, or beside the payments that do.

Pure functions of what was known of one customer on a day, as all of `signals`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cstui.base import formatting as fmt
from cstui.risk.signals import Finding, Ref, late_points


class PastDue(NamedTuple):
    """A subscription in service whose status was past due on the day."""

    id: int
    since: int | None
    """The day it began, by then over; None where nothing says."""


def with_past_due(payments: Finding | None, held: Sequence[PastDue], day: int) -> Finding:
    """What late payments say (None: nothing, or not known) and the subscriptions past due, of which there is one at least.

    Both tell of the same money, so the worse of the two counts, and both are told.
    """
    dated = [one.since for one in held if one.since is not None]
    since = min(dated, default=None)
    points = late_points(len(held), 0 if since is None else day - since)
    rows = tuple(Ref("subscription", one.id) for one in held)
    if payments is None or not payments.points:
        return Finding("payment_late", points, _words, (len(held), since, day), rows)
    values = (len(held), since, day, payments)
    return Finding("payment_late", max(points, payments.points), _words, values, payments.rows + rows)


def _words(count: int, since: int | None, day: int, payments: Finding | None = None) -> str:
    what = "past due" if count == 1 else f"{fmt.count(count, 'subscription')} past due"
    first = "" if count == 1 else "the first "
    when = (
        ", since nobody knows when"
        if since is None
        else f"{', ' if first else ' '}{first}since {fmt.day(since)} ({fmt.count(day - since, 'day')})"
    )
    return f"{what}{when}" if payments is None else f"{payments.evidence}; {what}{when}"
