"""When a subscription row is in service, and what it pays: the rules of metrics.md, one case each."""

from __future__ import annotations

import pytest

from cstui.base.days import parse_iso
from cstui.base.money import SCALE
from cstui.metrics.service import FOREVER, Known, Span, SubscriptionRow, span

AS_OF = parse_iso("2026-10-31")
KNOWN = Known(AS_OF, AS_OF, 30)


def day(text: str | None) -> int | None:
    return None if text is None else parse_iso(text)


def row(**given: str | int | None) -> SubscriptionRow:
    """A $100 monthly row from 1 January 2026, with what is given laid over it; dates as text."""
    dates = ("started_at", "trial_end", "status_since", "cancel_requested_at", "ended_at", "current_period_end", "next_start")
    values: dict[str, object] = {
        "id": 1,
        "customer_id": 1,
        "subscription_id": "s-1",
        "amount": 10_000,
        "currency": "USD",
        "interval": "month",
        "interval_count": 1,
        "quantity": None,
        "discount": None,
        "status": None,
        **dict.fromkeys(dates),
        "started_at": "2026-01-01",
        **given,
    }
    return SubscriptionRow(**{name: day(value) if name in dates else value for name, value in values.items()})  # type: ignore[arg-type]


def ends(found: Span | None) -> tuple[int, str, bool]:
    assert found is not None
    return found.end, found.how, found.assumed


@pytest.mark.parametrize(
    ("given", "end", "how"),
    [
        ({}, None, "open"),
        ({"ended_at": "2026-05-01"}, "2026-05-01", "ended"),
        ({"cancel_requested_at": "2026-05-10", "current_period_end": "2026-06-01"}, "2026-06-01", "period end"),
        ({"cancel_requested_at": "2026-05-10", "current_period_end": "2026-04-01"}, "2026-05-10", "request"),
        ({"cancel_requested_at": "2026-05-10"}, "2026-05-10", "request"),
        ({"cancel_requested_at": "2026-05-10", "current_period_end": "2026-06-01", "ended_at": "2026-05-20"}, "2026-05-20", "ended"),
        ({"cancel_requested_at": "2026-05-10", "current_period_end": "2026-06-01", "ended_at": "2026-08-01"}, "2026-06-01", "period end"),
        ({"status": "cancelled"}, "2026-10-31", "status"),
        ({"status": "cancelled", "status_since": "2026-07-01"}, "2026-07-01", "status"),
        ({"status": "cancelled", "ended_at": "2026-12-01"}, "2026-12-01", "ended"),
        ({"status": "past_due", "current_period_end": "2026-09-01"}, "2026-10-01", "delinquent"),
        ({"status": "past_due", "current_period_end": "2026-09-01", "status_since": "2026-10-10"}, "2026-10-10", "delinquent"),
        ({"status": "past_due"}, None, "delinquent"),
        ({"status": "past_due", "current_period_end": "2026-09-01", "ended_at": "2026-12-01"}, "2026-10-01", "delinquent"),
        ({"status": "past_due", "current_period_end": "2026-09-01", "ended_at": "2026-09-15"}, "2026-09-15", "ended"),
        ({"status": "paused"}, "2026-10-31", "paused"),
        ({"status": "paused", "status_since": "2026-03-01"}, "2026-03-01", "paused"),
        ({"next_start": "2026-04-01", "ended_at": "2026-05-01"}, "2026-04-01", "changed"),
        ({"next_start": "2027-04-01"}, None, "open"),
    ],
)
def test_service_end(given: dict[str, str], end: str | None, how: str) -> None:
    found = ends(span(row(**given), KNOWN))
    assert found[:2] == (FOREVER if end is None else parse_iso(end), how)


def test_the_end_is_marked_assumed_where_nobody_stated_it() -> None:
    assert ends(span(row(status="cancelled"), KNOWN))[2]
    assert ends(span(row(cancel_requested_at="2026-05-10"), KNOWN))[2]
    assert not ends(span(row(ended_at="2026-05-10"), KNOWN))[2]


def test_paying_starts_at_trial_end_and_a_trial_lost_never_pays() -> None:
    assert span(row(trial_end="2026-02-01"), KNOWN).pay == parse_iso("2026-02-01")  # type: ignore[union-attr]
    assert span(row(trial_end="2025-02-01"), KNOWN).pay == parse_iso("2026-01-01")  # type: ignore[union-attr]
    assert span(row(trial_end="2026-02-01", ended_at="2026-02-01"), KNOWN) is None
    assert span(row(status="trial"), KNOWN) is None
    assert ends(span(row(status="trial", status_since="2026-06-01"), KNOWN))[0] == parse_iso("2026-06-01")


def test_what_was_not_yet_known_does_not_count() -> None:
    earlier = Known(parse_iso("2026-06-30"), AS_OF, 30)
    assert span(row(started_at="2026-07-01"), earlier) is None
    assert ends(span(row(ended_at="2026-08-01"), earlier))[1] == "open"
    assert ends(span(row(ended_at="2026-08-01", cancel_requested_at="2026-07-05"), earlier))[1] == "open"
    requested = span(row(ended_at="2026-08-01", cancel_requested_at="2026-06-05"), earlier)
    assert requested is not None
    assert requested.scheduled == parse_iso("2026-08-01")
    for status in ("cancelled", "paused", "past_due"):
        assert ends(span(row(status=status, current_period_end="2026-01-15"), earlier))[1] == "open"


def test_scheduled_churn_is_a_cancellation_that_has_not_taken_effect() -> None:
    assert span(row(ended_at="2026-12-01"), KNOWN).scheduled == parse_iso("2026-12-01")  # type: ignore[union-attr]
    assert span(row(cancel_requested_at="2026-10-05", current_period_end="2026-11-05"), KNOWN).scheduled is not None  # type: ignore[union-attr]
    assert span(row(current_period_end="2026-11-05"), KNOWN).scheduled is None  # type: ignore[union-attr]
    assert span(row(ended_at="2026-10-31"), KNOWN).scheduled is None  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("given", "cents_a_month"),
    [
        ({"interval": "year", "amount": 120_000}, 10_000),
        ({"interval": "quarter", "amount": 30_000}, 10_000),
        ({"interval": "month", "interval_count": 6, "amount": 60_000}, 10_000),
        ({"interval": "week", "amount": 1_200}, 5_200),
        ({"interval": "day", "amount": 1_200}, 36_500),
        ({"quantity": "3"}, 30_000),
        ({"quantity": "1.5", "discount": 2_500}, 12_500),
        ({"interval": None, "interval_count": None}, 10_000),
    ],
)
def test_level_is_exact_for_every_interval(given: dict[str, str | int | None], cents_a_month: int) -> None:
    found = span(row(**given), KNOWN)
    assert found is not None
    assert found.level == cents_a_month * SCALE


def test_a_discount_never_makes_mrr_negative_and_no_mrr_is_no_span() -> None:
    assert span(row(discount=10_001), KNOWN) is None
    assert span(row(amount=0), KNOWN) is None
    assert span(row(quantity="0"), KNOWN) is None
