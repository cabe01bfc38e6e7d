"""Rows of the plain templates as facts: dates, exact numbers, and what the workspace knows as of a day.

Knows the templates and rule 2 of the catalogue, and nothing of figures. Cells are clean: ISO dates, plain decimals.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

Row = Mapping[str, str]
"""One line of a template: column → cell; an absent column is an empty cell."""

DECLARED = (
    "customer_id name email stage created_at lost_at segment plan region country industry owner channel language contact_preference goal"
).split()
"""Columns of the customers template; any other is a custom attribute."""


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
class Facts:
    """Everything a workspace holds after an import on `import_day`."""

    customers: tuple[Customer, ...]
    subscriptions: tuple[Subscription, ...]
    payments: tuple[Payment, ...]
    currency: str
    import_day: date

    @property
    def own_as_of(self) -> date | None:
        """The last day an imported event happened; a date after the import has not happened and does not count."""
        days = [day for day in event_days(self) if day <= self.import_day]
        return max(days) if days else None


def event_days(facts: Facts) -> Iterable[date]:
    """Every date on which something happened, future ones too. trial_end, current_period_end and due_at are no events."""
    for c in facts.customers:
        yield from (day for day in (c.created_at, c.lost_at) if day)
    for s in facts.subscriptions:
        dates = (s.started_at, s.trial_start, s.status_since, s.cancel_requested_at, s.ended_at)
        yield from (day for day in dates if day)
    for p in facts.payments:
        if p.paid_at:
            yield p.paid_at


def merged(rows: Iterable[Row], key: Sequence[str]) -> list[dict[str, str]]:
    """Rows of one key become one: later over earlier, an empty cell leaves what is there."""
    found: dict[tuple[str, ...], dict[str, str]] = {}
    for row in rows:
        kept = found.setdefault(tuple(row.get(name, "") for name in key), {})
        kept.update({name: cell for name, cell in row.items() if cell != ""})
    return list(found.values())


def read(customers: Iterable[Row], subscriptions: Iterable[Row], payments: Iterable[Row], *, currency: str, import_day: date) -> Facts:
    """The facts of template rows. A subscription that ends before it starts is refused; unknown customers become stubs."""
    people = [_customer(row) for row in merged(customers, ["customer_id"])]
    kept = [row for row in subscriptions if not _ends_before_start(row)]
    subs = [_subscription(row, currency) for row in merged(kept, ["subscription_id", "started_at"])]
    paid = [_payment(row, currency) for row in merged(payments, ["payment_id"])]
    known = {person.customer_id for person in people}
    mentioned = dict.fromkeys([s.customer_id for s in subs] + [p.customer_id for p in paid])
    stubs = [Customer(name, "", None, None, {}) for name in mentioned if name not in known]
    return Facts(tuple(people + stubs), tuple(subs), tuple(paid), currency, import_day)


def _ends_before_start(row: Row) -> bool:
    ended = _day(row, "ended_at")
    return ended is not None and ended < date.fromisoformat(row["started_at"])


def _day(row: Row, name: str) -> date | None:
    return date.fromisoformat(row[name]) if row.get(name) else None


def _customer(row: Row) -> Customer:
    fields = {name: cell for name, cell in row.items() if cell and name != "customer_id"}
    return Customer(row["customer_id"], row.get("stage", ""), _day(row, "created_at"), _day(row, "lost_at"), fields)


def _subscription(row: Row, currency: str) -> Subscription:
    in_one = {"year": Fraction(12), "quarter": Fraction(3), "month": Fraction(1), "week": Fraction(12, 52), "day": Fraction(12, 365)}
    return Subscription(
        subscription_id=row["subscription_id"],
        customer_id=row["customer_id"],
        started_at=date.fromisoformat(row["started_at"]),
        billed=Fraction(row["amount"]) * Fraction(row.get("quantity") or "1") - Fraction(row.get("discount") or "0"),
        months=in_one[row.get("interval") or "month"] * int(row.get("interval_count") or "1"),
        currency=row.get("currency") or currency,
        plan=row.get("plan", ""),
        status=row.get("status", ""),
        trial_start=_day(row, "trial_start"),
        trial_end=_day(row, "trial_end"),
        status_since=_day(row, "status_since"),
        cancel_requested_at=_day(row, "cancel_requested_at"),
        ended_at=_day(row, "ended_at"),
        current_period_end=_day(row, "current_period_end"),
    )


def _payment(row: Row, currency: str) -> Payment:
    return Payment(
        payment_id=row["payment_id"],
        customer_id=row["customer_id"],
        amount=Fraction(row["amount"]),
        paid_at=_day(row, "paid_at"),
        due_at=_day(row, "due_at"),
        currency=row.get("currency") or currency,
        kind=row.get("kind") or "recurring",
        status=row.get("status") or ("paid" if row.get("paid_at") else "open"),
        source=row.get("source", ""),
    )
