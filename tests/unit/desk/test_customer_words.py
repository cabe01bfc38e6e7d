"""What a customer or subscription row is on a day, in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from cstui.base.days import iso, parse_iso
from cstui.desk.customer_edit import edit_field
from cstui.desk.customer_timeline import timeline
from cstui.desk.customer_words import is_lost, status_of, subscription_state
from cstui.desk.customers import customer
from cstui.desk.settings import set_setting
from cstui.desk.workspace import open_workspace
from cstui.metrics.service import Known, SubscriptionRow, span, trial_closed
from cstui.store.customers import StepRow
from tests.unit.store.import_calls import bring

AS_OF = parse_iso("2026-10-31")
KNOWN = Known(AS_OF, AS_OF, 30)
PLAIN = SubscriptionRow(1, 1, "s-1", parse_iso("2026-01-01"), 4900, "USD", "month", 1, None, None, None, None, None, None, None, None, None)


def day(text: str) -> int:
    return parse_iso(text)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "paying"),
        ({"started_at": day("2026-12-01")}, "starts 2026-12-01"),
        ({"trial_end": day("2026-11-05")}, "in trial until 2026-11-05"),
        ({"trial_end": day("2026-02-01"), "ended_at": day("2026-01-20")}, "trial lost 2026-01-20"),
        ({"ended_at": day("2026-06-01")}, "ended 2026-06-01"),
        ({"ended_at": day("2026-11-30")}, "paying; cancelled, ends 2026-11-30"),
        (
            {"cancel_requested_at": day("2026-10-20"), "current_period_end": day("2026-11-10")},
            "paying; cancelled, ends 2026-11-10",
        ),
        ({"cancel_requested_at": day("2026-10-20")}, "ended 2026-10-20 (date assumed: the day of the cancellation)"),
        (
            {"cancel_requested_at": day("2026-09-20"), "current_period_end": day("2026-10-01")},
            "cancelled, ended with its period 2026-10-01",
        ),
        ({"status": "cancelled"}, "cancelled 2026-10-31 (date assumed: the last day of the data)"),
        ({"status": "cancelled", "status_since": day("2026-08-01")}, "cancelled 2026-08-01"),
        ({"status": "paused", "status_since": day("2026-08-01")}, "paused since 2026-08-01"),
        ({"status": "paused"}, "paused since 2026-10-31 (date assumed: the last day of the data)"),
        ({"status": "past_due", "current_period_end": day("2026-10-15")}, "past due; churns 2026-11-14 unless it is paid"),
        ({"status": "past_due", "current_period_end": day("2026-09-01")}, "churned 2026-10-01: past due too long"),
        ({"status": "trial"}, "in trial, without an end date"),
        ({"amount": 0}, "free"),
        ({"next_start": day("2026-05-01")}, "replaced 2026-05-01 by a later row"),
        ({"next_start": day("2026-01-10"), "trial_end": day("2026-02-01")}, "replaced 2026-01-10 before it paid"),
        ({"amount": 0, "ended_at": day("2026-03-01")}, "ended 2026-03-01, never paid"),
    ],
)
def test_a_subscription_in_words(changes: dict[str, object], words: str) -> None:
    row = PLAIN._replace(**changes)  # type: ignore[arg-type]
    assert subscription_state(row, span(row, KNOWN), AS_OF, trial_closed(row, KNOWN)) == words


@pytest.mark.parametrize(
    ("paying", "paid_before", "in_trial", "lost", "status"),
    [
        (True, True, True, True, "active"),
        (False, True, True, False, "trial"),
        (False, True, False, True, "churned"),
        (False, False, False, True, "lost"),
        (False, False, False, False, "lead"),
    ],
)
def test_what_is_paid_outranks_what_is_written(paying: bool, paid_before: bool, in_trial: bool, lost: bool, status: str) -> None:
    assert status_of(paying=paying, paid_before=paid_before, in_trial=in_trial, lost=lost) == status


def test_a_lost_stage_in_any_case() -> None:
    assert is_lost("Lost")
    assert not is_lost("lead")
    assert not is_lost(None)


def whats(*steps: tuple[str, int, int]) -> list[tuple[int, str]]:
    rows = [StepRow(*step) for step in sorted(steps)]
    return [(event.day, event.what) for event in reversed(timeline([], rows, [], 100))]


def test_mrr_moves_in_the_field_s_words() -> None:
    assert whats(("USD", 1, 10), ("USD", 2, 20), ("USD", 3, 5), ("USD", 4, 0), ("USD", 9, 7)) == [
        (1, "first_paid"),
        (2, "expansion"),
        (3, "contraction"),
        (4, "churned"),
        (9, "returned"),
    ]


def test_changing_currency_on_one_day_is_not_leaving() -> None:
    assert whats(("EUR", 5, 10), ("USD", 1, 10), ("USD", 5, 0)) == [(1, "first_paid"), (5, "expansion"), (5, "contraction")]


def test_what_is_still_to_come_is_not_told() -> None:
    assert whats(("USD", 1, 10), ("USD", 101, 0)) == [(1, "first_paid")]


def test_an_edit_is_told_on_the_day_it_was_where_the_company_is(tmp_path: Path) -> None:
    """An hour after midnight in Tehran it is still the day before in UTC."""
    path = tmp_path / "w.db"
    bring(path, "customer_id,name\nc-1,Kestrel\n")
    ws = open_workspace(path)
    for zone, day in (("UTC", "2026-11-01"), ("Asia/Tehran", "2026-11-02")):
        set_setting(ws, "timezone", zone)
        edit_field(ws, "c-1", "segment", zone, "2026-11-01T21:30:00Z")
        page = customer(ws, "c-1")
        assert (dict(page.edited)["segment"], iso(page.timeline[0].day)) == (day, day)
    ws.close()
