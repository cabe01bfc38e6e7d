"""One customer's page as the document of `cstui customer ID --json`. Keys in a fixed order; see docs/commands.md."""

from __future__ import annotations

from cstui.desk.customer_journey import Stage
from cstui.desk.customer_page import CustomerPage, PaymentLine, SubscriptionLine
from cstui.desk.customer_timeline import Event
from cstui.desk.customer_words import date, number

_DAYS = ("created_at", "lost_at")


def page_json(page: CustomerPage) -> dict[str, object]:
    """The whole document."""
    return {
        "schema": 1,
        "as_of": date(page.as_of),
        "currency": page.currency,
        "customer_id": page.customer_id,
        "facts": {name: date(value) if name in _DAYS and isinstance(value, int) else value for name, value in page.facts},
        "attributes": dict(page.attributes),
        "stub": page.stub,
        "source": page.source.to_json(),
        "plan": page.plan_now,
        "status": page.status,
        "mrr": number(page.mrr),
        "mrr_by_currency": {code: number(amount) for code, amount in page.mrr_by_currency},
        "first_paid": date(page.first_paid),
        "clv_realised": number(page.realised),
        "clv_realised_by_currency": {code: number(amount) for code, amount in page.realised_by_currency},
        "subscriptions": [_subscription(line) for line in page.subscriptions],
        "payments": [_payment(line) for line in page.payments],
        "timeline": [_event(event) for event in page.timeline],
        "journey": [_stage(stage) for stage in page.journey],
        "pinned": sorted(page.pinned),
        **({} if page.bought is None else {"purchases": page.bought.to_json()}),
    }


def _subscription(line: SubscriptionLine) -> dict[str, object]:
    return {
        "subscription_id": line.subscription_id,
        "plan": line.plan,
        "amount": number(line.amount),
        "currency": line.currency,
        "interval": line.interval,
        "interval_count": line.interval_count,
        "quantity": number(line.quantity),
        "discount": number(line.discount),
        "status": line.status,
        "started_at": date(line.started_at),
        "trial_start": date(line.trial_start),
        "trial_end": date(line.trial_end),
        "cancel_requested_at": date(line.cancel_requested_at),
        "ended_at": date(line.ended_at),
        "current_period_end": date(line.current_period_end),
        "paying_from": date(line.paying_from),
        "service_end": date(line.service_end),
        "date_assumed": line.date_assumed,
        "scheduled_end": date(line.scheduled_end),
        "mrr": number(line.mrr),
        "mrr_now": number(line.mrr_now),
        "state": line.state,
        "source": line.source.to_json(),
    }


def _payment(line: PaymentLine) -> dict[str, object]:
    return {
        "payment_id": line.payment_id,
        "amount": number(line.amount),
        "currency": line.currency,
        "kind": line.kind,
        "status": line.status,
        "paid_at": date(line.paid_at),
        "due_at": date(line.due_at),
        "via": line.via,
        "source": line.source.to_json(),
    }


def _event(event: Event) -> dict[str, object]:
    return {
        "date": date(event.day),
        "what": event.what,
        "detail": event.detail,
        "amount": number(event.amount),
        "currency": event.currency,
        "group": event.group,
        "text": event.text,
        "source": None if event.source is None else event.source.to_json(),
    }


def _stage(stage: Stage) -> dict[str, object]:
    return {
        "stage": stage.name,
        "start": date(stage.start),
        "end": date(stage.end),
        "days": stage.days,
        "owners": list(stage.owners),
    }
