"""What happened to one customer, in order: what records say, how MRR moved, what was paid. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from cstui.base.money import SCALE, to_major
from cstui.store.customers import PaymentRow, StepRow


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the timeline."""

    day: int
    what: str
    """`created`, `lost`, `subscription_started`, `trial_started`, `cancel_requested`, `first_paid`, `expansion`, `contraction`,
    `churned`, `returned`, `paid`, `refunded`, `payment_open`, `payment_failed`."""
    detail: str | None = None
    amount: Fraction | None = None
    """The payment, or MRR after the change."""
    currency: str | None = None


_PAYMENT_WORDS = {"paid": "paid", "open": "payment_open", "failed": "payment_failed"}


def timeline(said: Iterable[Event], steps: Sequence[StepRow], payments: Iterable[PaymentRow], as_of: int) -> tuple[Event, ...]:
    """Everything up to `as_of`, newest first; of one day, records before MRR before payments."""
    events = [*said, *_mrr_events(steps), *_payment_events(payments)]
    return tuple(sorted((event for event in events if event.day <= as_of), key=lambda event: -event.day))


def _payment_events(payments: Iterable[PaymentRow]) -> list[Event]:
    events = []
    for row in payments:
        day = row.paid_at if row.paid_at is not None else row.due_at
        if day is not None:
            what = "refunded" if row.status == "paid" and row.kind == "refund" else _PAYMENT_WORDS[row.status]
            events.append(Event(day, what, row.payment_id, to_major(row.amount, row.currency), row.currency))
    return events


def _mrr_events(steps: Sequence[StepRow]) -> list[Event]:
    """The customer's MRR changes by currency. Leaving and returning are judged over all currencies, at the end of a day."""
    events = []
    levels: dict[str, int] = {}
    paid = False
    for day, group in groupby(sorted(steps, key=lambda step: (step.day, step.currency)), key=lambda step: step.day):
        before = dict(levels)
        levels.update((step.currency, step.level) for step in group)
        for currency, level in levels.items():
            if level != before.get(currency, 0):
                what = _movement(before, levels, currency, paid)
                events.append(Event(day, what, None, to_major(Fraction(level, SCALE), currency), currency))
        paid = paid or any(levels.values())
    return events


def _movement(before: Mapping[str, int], after: Mapping[str, int], currency: str, paid: bool) -> str:
    if not any(after.values()):
        return "churned"
    if not any(before.values()):
        return "returned" if paid else "first_paid"
    return "expansion" if after[currency] > before.get(currency, 0) else "contraction"
