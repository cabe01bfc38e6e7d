"""From subscription rows to service: when each row was in service, from when it paid, and what it paid a month.

The rules are those of metrics.md, “Recurring revenue”; every decision where it is silent stands beside the code that
takes it. Pure functions of the rows, the switches and what was known on a day. No SQL, no clock.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from cstui.base.money import mrr_scaled

FOREVER = 2**40
"""A day that never comes: the service end of a row without one."""
_STATED = frozenset(("ended", "period end", "request", "status"))
"""What closes a row for good; a pause, or another row in its place, doesn't."""


class SubscriptionRow(NamedTuple):
    """A stored subscription row. Money in minor units of `currency`; dates are day numbers."""

    id: int
    customer_id: int
    subscription_id: str
    started_at: int
    amount: int
    currency: str
    interval: str | None
    interval_count: int | None
    quantity: str | None
    discount: int | None
    status: str | None
    trial_end: int | None
    status_since: int | None
    cancel_requested_at: int | None
    ended_at: int | None
    current_period_end: int | None
    next_start: int | None
    """Start of the next row with the same subscription_id, if there is one."""


class Known(NamedTuple):
    """What was known: as of which day, in a workspace whose own last day is `own`."""

    as_of: int
    own: int
    past_due_days: int


class Span(NamedTuple):
    """A row's paid service: MRR `level` (minor × SCALE) on every day d with `pay` ≤ d < `end`."""

    row: SubscriptionRow
    pay: int
    end: int
    level: int
    how: str
    """What ended it: `open`, `ended`, `period end`, `request`, `status`, `delinquent`, `paused`, `changed`."""
    assumed: bool
    """The end is a date nobody stated."""
    scheduled: int | None
    """The service end of a cancellation that has not taken effect at `as_of`, else None."""


def span(row: SubscriptionRow, known: Known) -> Span | None:
    """The row's paid service as known, or None for a row that starts later or never pays."""
    if row.started_at > known.as_of:
        return None
    # The common row first: no status but active, no end of any kind, no later version.
    if row.ended_at is None and row.cancel_requested_at is None and (row.status is None or row.status == "active"):
        end, how, assumed, scheduled = FOREVER, "open", False, None
    else:
        end, how, assumed, scheduled = _closing(row, known)
    following = row.next_start
    if following is not None and following <= end and following <= known.as_of:
        end, how, assumed, scheduled = following, "changed", False, None
    pay = _pays_from(row)
    if pay >= end:
        return None
    level = monthly(row.amount, row.quantity, row.discount, row.interval, row.interval_count)
    return Span(row, pay, end, level, how, assumed, scheduled) if level else None


def trial_closed(row: SubscriptionRow, known: Known) -> tuple[int, bool] | None:
    """(service end, whether it is assumed) of a trial that is over, or will be, before it pays; None of any other row."""
    if row.started_at > known.as_of or row.trial_end is None:
        return None
    end, how, assumed, _ = _closing(row, known)
    replaced = row.next_start is not None and row.next_start <= min(end, known.as_of)
    return (end, assumed) if how in _STATED and end <= _pays_from(row) and not replaced else None


def _pays_from(row: SubscriptionRow) -> int:
    trial_end = row.trial_end
    return trial_end if trial_end is not None and trial_end > row.started_at else row.started_at


def _closing(row: SubscriptionRow, known: Known) -> tuple[int, str, bool, int | None]:
    """A started row's end by its own dates and status: the day, what ended it, whether it is assumed, the end where only scheduled."""
    dated = _dated(row, known)
    scheduled = dated[0] if dated is not None and dated[0] > known.as_of else None
    return *_stopped(row, known, *_end(row, known, dated)), scheduled


def _status(row: SubscriptionRow, known: Known) -> str | None:
    """The status, where it was known: from `status_since`, or at the workspace's own as_of, which is what it describes."""
    if row.status_since is not None:
        return row.status if row.status_since <= known.as_of else None
    return row.status if known.as_of >= known.own else None


def past_due(row: SubscriptionRow, known: Known) -> bool:
    """Whether the row is in paid service at `as_of` and known by then to be past due."""
    service = span(row, known)
    return service is not None and service.pay <= known.as_of < service.end and _status(row, known) == "past_due"


_End = tuple[int, str, bool]
"""The first day out of service, what ended it, and whether the date is assumed."""


def _end(row: SubscriptionRow, known: Known, dated: _End | None) -> _End:
    """Service end by the stated dates, and by the status where they leave it a say.

    A status without its own date describes `as_of` only: it says nothing of a row that was over by then.
    """
    over = (dated is not None and dated[0] <= known.as_of) or (row.next_start is not None and row.next_start <= known.as_of)
    if over and row.status_since is None:
        return dated if dated is not None else (FOREVER, "open", False)
    status = _status(row, known)
    if status == "past_due":
        delinquent = _delinquent(row, known.past_due_days)
        return dated if dated is not None and dated[0] <= delinquent else (delinquent, "delinquent", False)
    if dated is not None:
        return dated
    if status == "cancelled":
        since = row.status_since
        return (since, "status", False) if since is not None else (known.own, "status", True)
    return FOREVER, "open", False


def _dated(row: SubscriptionRow, known: Known) -> _End | None:
    """The end that the dates state, of those that were known.

    “The first of” is read as the earliest. “The period still runs” is read on the day of the request: a period that had
    ended before it says nothing about it.
    """
    requested = row.cancel_requested_at
    if requested is not None and requested > known.as_of:
        requested = None
    ended = row.ended_at
    if ended is not None and ended > known.as_of and requested is None and known.as_of < known.own:
        ended = None
    if requested is not None:
        period_end = row.current_period_end
        if period_end is not None and period_end > requested and (ended is None or period_end < ended):
            return period_end, "period end", False
        if ended is None:
            return requested, "request", True
    return None if ended is None else (ended, "ended", False)


def _delinquent(row: SubscriptionRow, days: int) -> int:
    """First day on which a past-due row no longer counts; without a date to count from, it goes on."""
    since = row.status_since
    if row.current_period_end is None:
        return FOREVER if since is None else since + days
    return max(row.current_period_end + days, since if since is not None else 0)


def _stopped(row: SubscriptionRow, known: Known, end: int, how: str, assumed: bool) -> _End:
    """A pause, or a trial without an end date, has no MRR although service goes on.

    A row still in trial when the file was made never paid before either, whatever day is asked about; with
    `status_since` it stops paying there. Everything else a status says of the present is not known earlier.
    """
    status = _status(row, known)
    if status == "paused":
        since = row.status_since if row.status_since is not None else known.own
        return (since, "paused", row.status_since is None) if since < end else (end, how, assumed)
    if row.status == "trial" and row.trial_end is None:
        if row.status_since is None:
            return row.started_at, "trial", False
        if status == "trial" and row.status_since < end:
            return row.status_since, "trial", False
    return end, how, assumed


@lru_cache(maxsize=1 << 15)  # price lists are short
def monthly(amount: int, quantity: str | None, discount: int | None, interval: str | None, count: int | None) -> int:
    """MRR (minor × SCALE) = max(0, amount × quantity − discount) ÷ months in count × interval."""
    billed: Fraction | int = amount
    if quantity is not None:
        billed *= int(quantity) if quantity.isdecimal() else Fraction(quantity)
    if discount is not None:
        billed -= discount
    return mrr_scaled(billed, interval or "month", count if count is not None else 1) if billed > 0 else 0
