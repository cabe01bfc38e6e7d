"""What one subscription row pays on one day, and a customer on every day: the section *Recurring revenue*, sentence by sentence.

Day by day, in exact fractions of major units, per currency. Knows nothing of periods and figures.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from tests.oracle.facts import Facts, Subscription

DAY = timedelta(days=1)

Money = dict[str, Fraction]
"""Currency → amount, without zeros."""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """From where one looks: a day, whether that is the workspace's own `as_of`, and the switches."""

    as_of: date
    own: bool
    past_due_days: int = 30
    reactivation_gap_days: int = 1


@dataclass(frozen=True, slots=True)
class Service:
    """A subscription row as it is known: in service on days `start` ≤ d < `end`, paying where nothing below forbids it."""

    row: Subscription
    end: date | None
    pays_from: date
    zero_from: date | None
    """From here on the row counts nothing: paused, delinquent, or a trial."""
    cancelled: bool
    """A cancellation was requested, or an end is known."""

    def in_service(self, day: date) -> bool:
        """`started_at` ≤ d < service end."""
        return self.row.started_at <= day and (self.end is None or day < self.end)

    def mrr(self, day: date) -> Fraction:
        """What the row adds to MRR on that day, in its own currency."""
        if not self.in_service(day) or day < self.pays_from or (self.zero_from is not None and day >= self.zero_from):
            return Fraction(0)
        return max(Fraction(0), self.row.billed) / self.row.months


def status_known(row: Subscription, at: Knowledge) -> tuple[str, date | None]:
    """The status that counts, and since when. Without `status_since` it describes the workspace's own `as_of` only."""
    if row.status_since is not None:
        return (row.status, row.status_since) if row.status_since <= at.as_of else ("", None)
    return (row.status, None) if at.own else ("", None)


def dated_end(row: Subscription, at: Knowledge) -> tuple[date | None, bool]:
    """The service end that dates alone give, and whether the row is cancelled, from what is known by `as_of`."""
    requested = row.cancel_requested_at
    if requested is not None and requested > at.as_of:
        requested = None
    ended = row.ended_at
    if ended is not None and ended > at.as_of and not at.own and requested is None:
        ended = None  # not known yet: the cancellation had not been requested by then
    ends: list[date] = []
    if ended is not None:
        ends.append(ended)
    if requested is not None and row.current_period_end is not None and requested < row.current_period_end:
        ends.append(row.current_period_end)
    if requested is not None and not ends:
        ends.append(requested)
    return (min(ends) if ends else None), bool(ends)


def service(row: Subscription, versions: list[Subscription], at: Knowledge) -> Service:
    """Everything the catalogue says about one row, as known at `at`. `versions` are all rows of its `subscription_id`."""
    end, cancelled = dated_end(row, at)
    status, since = status_known(row, at)
    if status == "cancelled" and end is None:
        end = since if since is not None else at.as_of
        cancelled = True
    known = [other.started_at for other in versions if at.own or other.started_at <= at.as_of]
    later = [start for start in known if start > row.started_at]
    if later and (end is None or min(later) < end):
        end = min(later)
    pays_from = row.started_at if row.trial_end is None else max(row.started_at, row.trial_end)
    return Service(row, end, pays_from, _zero_from(row, status, since, end, at), cancelled)


def _zero_from(row: Subscription, status: str, since: date | None, end: date | None, at: Knowledge) -> date | None:
    if row.status == "trial" and row.trial_end is None and row.status_since is None:
        return row.started_at  # a trial of unknown length never paid, whenever one looks
    if status == "trial" and row.trial_end is None:
        return since
    if status == "paused":
        return since if since is not None else at.as_of
    if status == "past_due":
        return _delinquent_from(row, since, end, at)
    return None


def _delinquent_from(row: Subscription, since: date | None, end: date | None, at: Knowledge) -> date | None:
    grace = timedelta(days=at.past_due_days)
    if since is not None:
        due = row.current_period_end if row.current_period_end is not None else since
        return max(since, due + grace)
    if row.current_period_end is None:
        return None  # past due since nobody knows when: the 30 days can't be over
    if end is not None and end <= at.as_of:
        return None  # the dates say it had ended; the status describes as_of only
    return row.current_period_end + grace


class Levels:
    """MRR of every customer on every day through `as_of`. Days after it have the level of `as_of`."""

    def __init__(self, facts: Facts, at: Knowledge) -> None:
        self.facts = facts
        self.at = at
        versions: dict[str, list[Subscription]] = {}
        for row in facts.subscriptions:
            versions.setdefault(row.subscription_id, []).append(row)
        self.services = [service(row, versions[row.subscription_id], at) for row in facts.subscriptions]
        self.days: dict[str, dict[date, Money]] = {c.customer_id: {} for c in facts.customers}
        for one in self.services:
            self._add(one)
        for days in self.days.values():
            self._bridge(days)

    def _add(self, one: Service) -> None:
        days = self.days[one.row.customer_id]
        day = one.row.started_at
        while day <= self.at.as_of and one.in_service(day):
            amount = one.mrr(day)
            if amount > 0:
                level = days.setdefault(day, {})
                level[one.row.currency] = level.get(one.row.currency, Fraction(0)) + amount
            day += DAY

    def _bridge(self, days: dict[date, Money]) -> None:
        paid = sorted(days)
        for before, after in pairwise(paid):
            gap = (after - before).days - 1
            if 0 < gap < self.at.reactivation_gap_days:
                for step in range(1, gap + 1):
                    days[before + step * DAY] = days[before]

    def level(self, customer_id: str, day: date) -> Money:
        """What the customer's MRR is on that day, per currency; `{}` is not active."""
        return self.days[customer_id].get(min(day, self.at.as_of), {})

    def first_paid(self, customer_id: str) -> date | None:
        """The first paid day ever, as far as is known."""
        return min(self.days[customer_id], default=None)

    def paid_within(self, customer_id: str, first: date, last: date) -> list[bool]:
        """Active or not on each day from `first` to `last`, but no further than `as_of`."""
        found, day = [], first
        while day <= min(last, self.at.as_of):
            found.append(day in self.days[customer_id])
            day += DAY
        return found
