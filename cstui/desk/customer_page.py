"""One customer: the facts with where they came from, the subscriptions and what they pay, payments, and what happened when.

Returns a frozen snapshot as of the last day of the data; amounts are exact Fractions in major units, days are day numbers.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from cstui.base.ask import View
from cstui.base.errors import CustomerGone, UnknownCustomer
from cstui.base.money import SCALE, to_major
from cstui.desk.customer_buying import Habit, habits
from cstui.desk.customer_buying import events as buying_events
from cstui.desk.customer_journey import Stage, journey
from cstui.desk.customer_timeline import Event, Life, timeline
from cstui.desk.customer_trend import LifeLine, by_purchase, life_line
from cstui.desk.customer_words import Source, day_there, is_lost, status_of, subscription_state
from cstui.metrics.journey import is_ticket
from cstui.metrics.purchases import REPEAT_PURCHASE
from cstui.metrics.service import FOREVER, Known, Span, SubscriptionRow, span, trial_closed
from cstui.metrics.worth import realised
from cstui.store import customer_life as life
from cstui.store import customers as rows
from cstui.store import edits
from cstui.store.facts import SqlFacts
from cstui.store.workspace import Workspace

__all__ = ["FACTS", "CustomerPage", "PaymentLine", "Source", "SubscriptionLine", "customer"]

FACTS = (
    "name",
    "email",
    "stage",
    "created_at",
    "lost_at",
    "segment",
    "plan",
    "region",
    "country",
    "industry",
    "owner",
    "channel",
    "language",
    "contact_preference",
    "goal",
)
"""The customer's declared fields, in template order, without the id."""


@dataclass(frozen=True, slots=True)
class SubscriptionLine:
    """One subscription row: what it says, and its paid service as cstui reads it."""

    subscription_id: str
    plan: str | None
    amount: Fraction
    currency: str
    interval: str
    interval_count: int
    quantity: Fraction
    discount: Fraction
    status: str | None
    """As the source says it."""
    started_at: int
    trial_start: int | None
    trial_end: int | None
    cancel_requested_at: int | None
    ended_at: int | None
    current_period_end: int | None
    paying_from: int | None
    """First day with MRR; None for a row that never has any."""
    service_end: int | None
    """First day no longer in service; None while no end is known."""
    date_assumed: bool
    """Nobody stated that end."""
    scheduled_end: int | None
    """The end of a cancellation that has not taken effect yet."""
    mrr: Fraction
    """While it pays, in its own currency."""
    mrr_now: Fraction
    state: str
    """In words."""
    source: Source


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """One payment, in its own currency."""

    payment_id: str
    amount: Fraction
    currency: str
    kind: str
    status: str
    paid_at: int | None
    due_at: int | None
    via: str | None
    """The payment's own `source` column."""
    source: Source


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """Everything the customer page shows."""

    revision: int
    as_of: int | None
    currency: str
    customer_id: str
    facts: tuple[tuple[str, str | int | None], ...]
    """Declared fields in template order; days as day numbers."""
    attributes: tuple[tuple[str, str], ...]
    """Custom attributes, by name."""
    stub: bool
    """Only mentioned by other facts so far; `source` is the first of them."""
    source: Source
    plan_now: str | None
    status: str
    mrr: Fraction | None
    """In the workspace's currency; None when some of it is in one without a rate."""
    mrr_by_currency: tuple[tuple[str, Fraction], ...]
    first_paid: int | None
    realised: Fraction | None
    """Net revenue so far, in the workspace's currency (`clv_realised`); None where a payment's day has no rate."""
    realised_by_currency: tuple[tuple[str, Fraction], ...]
    subscriptions: tuple[SubscriptionLine, ...]
    payments: tuple[PaymentLine, ...]
    timeline: tuple[Event, ...]
    """Newest first."""
    number: int
    """Their number in this workspace, as lists hold it."""
    workspace: str
    """The company's name, or the file's."""
    pinned: frozenset[str]
    """Fields edited by hand, which imports leave alone."""
    edited: tuple[tuple[str, str], ...]
    """(field, day) of the last edit by hand of each field; the day as YYYY-MM-DD, in the workspace's time zone."""
    journey: tuple[Stage, ...]
    trend: LifeLine
    bought: Habit | None = None
    """Their purchases, in repeat-purchase mode."""

    def to_json(self) -> dict[str, object]:
        """The document of `cstui customer ID --json`."""
        from cstui.desk.customer_json import page_json

        return page_json(self)


def customer(ws: Workspace, customer_id: str) -> CustomerPage:
    """The page of one customer, by an id in any spelling that folds to theirs. Raises UnknownCustomer."""
    with ws.read() as db:
        found = rows.facts(db, customer_id)
        if found is None:
            raise UnknownCustomer(customer_id)
        as_of = rows.as_of(db)
        settings = ws.settings()
        subscriptions = rows.subscriptions(db, found.id)
        payments = rows.payments(db, found.id)
        steps = [step for step in rows.steps(db, found.id) if as_of is not None and step.day <= as_of]
        contacts, surveys, use = life.interactions(db, found.id), life.surveys(db, found.id), life.use(db, found.id)
        facts = SqlFacts(db, View())
        bought, moves = _buying(facts, found.id)
        zone = settings.get("timezone", "UTC")
        changes = [row._replace(at=day_there(row.at, zone)) for row in life.changes(db, found.id)]
        pinned, used = edits.pinned(db, found.id), life.used_months(db)
        revision = ws.revision()
        paid = ((row.paid_at, row.kind, row.amount, row.currency) for row in payments if row.status == "paid" and row.paid_at is not None)
        brought = realised(paid, facts.rates, as_of if as_of is not None else 0)
        known = Known(as_of if as_of is not None else 0, as_of if as_of is not None else 0, facts.switches.past_due_days)
        lines = tuple(_subscription(row, detail, known) for row, detail in subscriptions)
        said, lived = [*_said(found, lines), *(moves or ())], Life(contacts, surveys, use, changes)
        happened = timeline(said, steps if moves is None else (), payments, known.as_of, lived)
        trend = life_line(steps, use, used, surveys, happened, facts.rates.on, as_of)
        if moves is not None:
            trend = by_purchase(trend, happened, facts.rates.on)
    currency = facts.currency
    levels = {step.currency: step.level for step in steps}
    paying = tuple((code, to_major(Fraction(level, SCALE), code)) for code, level in sorted(levels.items()) if level)
    paid_days = [step.day for step in steps if step.level]
    if moves is not None:
        paying, paid_days = (), [bought.first] if bought else []
    return CustomerPage(
        revision=revision,
        as_of=as_of,
        currency=currency,
        customer_id=found.customer_id,
        facts=tuple((name, getattr(found, name)) for name in FACTS),
        attributes=tuple(sorted((name, str(value)) for name, value in json.loads(found.attributes or "{}").items())),
        stub=bool(found.stub),
        source=Source(found.file, found.line, found.entered),
        plan_now=found.plan_now,
        status="lapsed"
        if bought is not None and bought.lapsed
        else status_of(
            paying=bool(paying) or bought is not None,
            paid_before=bool(paid_days),
            in_trial=any(line.state.startswith("in trial") for line in lines),
            lost=(found.lost_at is not None and found.lost_at <= known.as_of) or is_lost(found.stage),
        ),
        mrr=None if moves is not None else _worth(paying, facts, known.as_of),
        mrr_by_currency=paying,
        first_paid=min(paid_days, default=None),
        realised=brought.worth,
        realised_by_currency=tuple(sorted(brought.subtotals.items())),
        subscriptions=lines,
        payments=tuple(_payment(row) for row in payments),
        timeline=happened,
        number=found.id,
        workspace=settings.get("company", ws.path.stem),
        pinned=pinned,
        edited=tuple({change.field: change.at for change in changes if change.field in FACTS}.items()),
        journey=journey(
            happened[::-1],
            [(row.at, row.owner) for row in contacts if row.owner and not is_ticket(row.kind, row.status, row.resolved_at, row.reopens)],
            json.loads(found.attributes or "{}"),
            found.owner,
            known.as_of,
            found.stage,
        ),
        trend=trend,
        bought=bought,
    )


def _worth(paying: Sequence[tuple[str, Fraction]], facts: SqlFacts, day: int) -> Fraction | None:
    """Amounts in the workspace's currency, at a day's rates; None where one is missing."""
    worths = [(amount, facts.rates.on(code, day)) for code, amount in paying]
    return None if any(rate is None for _, rate in worths) else sum((amount * (rate or 0) for amount, rate in worths), Fraction(0))


def _buying(facts: SqlFacts, customer: int) -> tuple[Habit | None, list[Event] | None]:
    """Their purchases, and what these say of their coming and going; None and None but in repeat-purchase mode."""
    if facts.mode != REPEAT_PURCHASE:
        return None, None
    return habits(facts, [customer]).get(customer), list(buying_events(facts, customer))


def customer_numbered(ws: Workspace, number: int) -> CustomerPage:
    """The page of a customer by their number, as lists hold it. Raises CustomerGone."""
    with ws.read() as db:
        customer_id = rows.id_of(db, number)
        if customer_id is None:
            raise CustomerGone
        return customer(ws, customer_id)


def _subscription(row: SubscriptionRow, detail: rows.SubscriptionDetail, known: Known) -> SubscriptionLine:
    service, closed = span(row, known), trial_closed(row, known)
    level = Fraction(service.level, SCALE) if service else Fraction(0)
    paying = service is not None and service.pay <= known.as_of < service.end
    return SubscriptionLine(
        subscription_id=row.subscription_id,
        plan=detail.plan,
        amount=to_major(row.amount, row.currency),
        currency=row.currency,
        interval=row.interval or "month",
        interval_count=row.interval_count if row.interval_count is not None else 1,
        quantity=Fraction(row.quantity) if row.quantity is not None else Fraction(1),
        discount=to_major(row.discount or 0, row.currency),
        status=row.status,
        started_at=row.started_at,
        trial_start=detail.trial_start,
        trial_end=row.trial_end,
        cancel_requested_at=row.cancel_requested_at,
        ended_at=row.ended_at,
        current_period_end=row.current_period_end,
        paying_from=service.pay if service else None,
        service_end=_service_end(row, service, closed),
        date_assumed=service.assumed if service is not None else closed is not None and closed[1],
        scheduled_end=service.scheduled if service else None,
        mrr=to_major(level, row.currency),
        mrr_now=to_major(level, row.currency) if paying else Fraction(0),
        state=subscription_state(row, service, known.as_of, closed),
        source=Source(detail.file, detail.line, detail.entered),
    )


def _service_end(row: SubscriptionRow, service: Span | None, closed: tuple[int, bool] | None) -> int | None:
    if service is not None:
        return service.end if service.end < FOREVER else None
    if closed is not None:
        return closed[0]
    return min((day for day in (row.ended_at, row.next_start) if day is not None), default=None)


def _payment(row: rows.PaymentRow) -> PaymentLine:
    return PaymentLine(
        payment_id=row.payment_id,
        amount=to_major(row.amount, row.currency),
        currency=row.currency,
        kind=row.kind,
        status=row.status,
        paid_at=row.paid_at,
        due_at=row.due_at,
        via=row.source,
        source=Source(row.file, row.line, row.entered),
    )


def _said(found: rows.FactsRow, lines: tuple[SubscriptionLine, ...]) -> list[Event]:
    """What the records themselves say happened: the customer's dates, then each subscription row's."""
    dates = (("created", found.created_at), ("lost", found.lost_at))
    own = Source(found.file, found.line, found.entered)
    events = [Event(day, what, source=own) for what, day in dates if day is not None]
    for line in lines:
        what = " ".join(filter(None, (line.subscription_id, line.plan)))
        events.append(Event(line.started_at, "subscription_started", what, source=line.source))
        in_trial = line.trial_start is not None or line.status == "trial"
        if line.trial_end > line.started_at if line.trial_end is not None else in_trial:
            begun = line.trial_start if line.trial_start is not None else line.started_at
            events.append(Event(begun, "trial_started", what, source=line.source))
        if line.cancel_requested_at is not None:
            events.append(Event(line.cancel_requested_at, "cancel_requested", what, source=line.source))
    return events
