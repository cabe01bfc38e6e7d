"""Rows of the plain templates as facts. Cells are clean: ISO dates, plain decimals. Knows nothing of figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction

from tests.oracle.facts import Contact, Cost, Customer, Facts, Payment, Rate, Scored, Subscription, Use, Visits

Row = Mapping[str, str]
"""One line of a template: column → cell; an absent column is an empty cell."""

DECLARED = (
    "customer_id name email stage created_at lost_at segment plan region country industry owner channel language contact_preference goal"
).split()
"""Columns of the customers template; any other is a custom attribute."""


def merged(rows: Iterable[Row], key: Sequence[str]) -> list[dict[str, str]]:
    """Rows of one key become one: later over earlier, an empty cell leaves what is there."""
    found: dict[tuple[str, ...], dict[str, str]] = {}
    for row in rows:
        kept = found.setdefault(tuple(row.get(name, "") for name in key), {})
        kept.update({name: cell for name, cell in row.items() if cell != ""})
    return list(found.values())


def read(tables: Mapping[str, Sequence[Row]], *, currency: str, import_day: date) -> Facts:
    """The facts of template rows, by kind. A subscription that ends before it starts is refused; unknown customers become stubs."""

    def rows(kind: str) -> Sequence[Row]:
        return tables.get(kind, ())

    people = [_customer(row) for row in merged(rows("customers"), ["customer_id"])]
    kept = [row for row in rows("subscriptions") if not _ends_before_start(row)]
    known = {person.customer_id for person in people}
    mentioning = ("subscriptions", "payments", "usage", "interactions", "surveys")
    mentioned = dict.fromkeys(row["customer_id"] for kind in mentioning for row in (kept if kind == "subscriptions" else rows(kind)))
    stubs = [Customer(name, "", None, None, {}) for name in mentioned if name not in known]
    return Facts(
        customers=tuple(people + stubs),
        subscriptions=tuple(_subscription(row, currency) for row in merged(kept, ["subscription_id", "started_at"])),
        payments=tuple(_payment(row, currency) for row in merged(rows("payments"), ["payment_id"])),
        currency=currency,
        import_day=import_day,
        usage=tuple(_use(row) for row in merged(rows("usage"), ["customer_id", "user_id", "date"])),
        contacts=tuple(_contact(row) for row in merged(rows("interactions"), ["interaction_id"])),
        scores=tuple(_scored(row, line) for line, row in enumerate(rows("surveys"))),
        traffic=tuple(_visits(row) for row in merged(rows("traffic"), ["date", "channel"])),
        costs=tuple(_cost(row, currency) for row in rows("costs")),
        rates=tuple(_rate(row) for row in rows("exchange_rates") if row["to"] == currency),
    )


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
        interval=row.get("interval") or "month",
        interval_count=int(row.get("interval_count") or "1"),
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


def _use(row: Row) -> Use:
    sessions, minutes = row.get("sessions"), row.get("minutes")
    return Use(
        customer_id=row["customer_id"],
        user_id=row.get("user_id", ""),
        day=date.fromisoformat(row["date"]),
        sessions=int(sessions) if sessions else None,
        minutes=Fraction(minutes) if minutes else None,
    )


def _contact(row: Row) -> Contact:
    return Contact(row["customer_id"], date.fromisoformat(row["at"]), _day(row, "resolved_at"))


def _scored(row: Row, line: int) -> Scored:
    low, high = (row.get("scale") or "0-10").split("-")
    return Scored(
        line=line,
        customer_id=row["customer_id"],
        respondent=row.get("respondent", ""),
        day=date.fromisoformat(row["answered_at"]),
        kind=row["kind"],
        score=Fraction(row["score"]),
        low=int(low),
        high=int(high),
        direction=row.get("direction") or "high_easy",
        touchpoint=row.get("touchpoint", ""),
    )


def _visits(row: Row) -> Visits:
    return Visits(date.fromisoformat(row["date"]), row.get("channel", ""), int(row["visits"]), int(row["conversions"]))


def _cost(row: Row, currency: str) -> Cost:
    day = date.fromisoformat(row["date"])
    return Cost(day, row["category"], Fraction(row["amount"]), row.get("currency") or currency, row.get("channel", ""))


def _rate(row: Row) -> Rate:
    return Rate(date.fromisoformat(row["date"]), row["from"], Fraction(row["rate"]))
