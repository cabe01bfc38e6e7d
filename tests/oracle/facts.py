"""What a workspace holds as facts: dates, exact numbers, and which of them are events.

Knows rule 2 of the catalogue, and nothing of figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer record, or a stub that only other facts mention (then every field is empty)."""

    customer_id: str
    stage: str
    created_at: date | None
    lost_at: date | None
    fields: Mapping[str, str]
    """Everything that has a value, custom attributes too."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """One version of a subscription; its key is (`subscription_id`, `started_at`). Money in major units."""

    subscription_id: str
    customer_id: str
    started_at: date
    billed: Fraction
    """amount × quantity − discount, once per `months`; may be negative."""
    months: Fraction
    interval: str
    interval_count: int
    currency: str
    plan: str
    status: str
    trial_start: date | None
    trial_end: date | None
    status_since: date | None
    cancel_requested_at: date | None
    ended_at: date | None
    current_period_end: date | None


@dataclass(frozen=True, slots=True)
class Payment:
    """Money in or back, in major units of its currency."""

    payment_id: str
    customer_id: str
    amount: Fraction
    paid_at: date | None
    due_at: date | None
    currency: str
    kind: str
    status: str
    source: str


@dataclass(frozen=True, slots=True)
class Use:
    """What one user of a customer did on one day. Without a user id, the customer is the user."""

    customer_id: str
    user_id: str
    day: date
    sessions: int | None
    minutes: Fraction | None


@dataclass(frozen=True, slots=True)
class Contact:
    """An interaction with a customer; no figure rests on it, but it is an event."""

    customer_id: str
    at: date
    resolved_at: date | None


@dataclass(frozen=True, slots=True)
class Scored:
    """One answer to one survey question, as it was given. `line` orders the answers of one day."""

    line: int
    customer_id: str
    respondent: str
    day: date
    kind: str
    score: Fraction
    low: int
    high: int
    direction: str
    touchpoint: str


@dataclass(frozen=True, slots=True)
class Visits:
    """A day's traffic through one channel, "" where none is named."""

    day: date
    channel: str
    visits: int
    conversions: int


@dataclass(frozen=True, slots=True)
class Cost:
    """One expense, in major units of its currency."""

    day: date
    category: str
    amount: Fraction
    currency: str
    channel: str


@dataclass(frozen=True, slots=True)
class Rate:
    """One unit of `currency` is `rate` units of the workspace's, on that day."""

    day: date
    currency: str
    rate: Fraction


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a workspace holds after an import on `import_day`."""

    customers: tuple[Customer, ...]
    subscriptions: tuple[Subscription, ...]
    payments: tuple[Payment, ...]
    currency: str
    import_day: date
    usage: tuple[Use, ...] = ()
    contacts: tuple[Contact, ...] = ()
    scores: tuple[Scored, ...] = ()
    traffic: tuple[Visits, ...] = ()
    costs: tuple[Cost, ...] = ()
    rates: tuple[Rate, ...] = ()

    @property
    def own_as_of(self) -> date | None:
        """The last day an imported event happened; a date after the import has not happened and does not count."""
        days = [day for day in event_days(self) if day <= self.import_day]
        return max(days) if days else None


def event_days(facts: Facts) -> Iterable[date]:
    """Every date on which something happened, future ones too. trial_end, current_period_end, due_at and rates are no events."""
    for c in facts.customers:
        yield from (day for day in (c.created_at, c.lost_at) if day)
    for s in facts.subscriptions:
        dates = (s.started_at, s.trial_start, s.status_since, s.cancel_requested_at, s.ended_at)
        yield from (day for day in dates if day)
    for p in facts.payments:
        if p.paid_at:
            yield p.paid_at
    for contact in facts.contacts:
        yield from (day for day in (contact.at, contact.resolved_at) if day)
    yield from (use.day for use in facts.usage)
    yield from (score.day for score in facts.scores)
    yield from (visits.day for visits in facts.traffic)
    yield from (cost.day for cost in facts.costs)
