"""Up to which day a sign counts, and what nobody can know of a past day: no other customer's rows decide, and it is no good sign."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cstui.base.ask import View
from cstui.base.days import parse_iso, to_day
from cstui.desk.at_risk import RiskRow, at_risk
from cstui.desk.report import make
from cstui.desk.workspace import Workspace, open_workspace
from tests.unit.risk import company
from tests.unit.store.import_calls import bring

TODAY = date(2026, 11, 26)
SUBSCRIPTIONS = """subscription_id,customer_id,started_at,amount,currency,cancel_requested_at,current_period_end,status
s-1,c-1,2025-01-01,90,USD,,,
s-2,c-2,2025-01-01,90,USD,,,
s-3,c-3,2025-01-01,90,USD,2026-11-01,2026-12-01,
s-4,c-4,2025-01-01,90,USD,2026-11-01,2026-11-25,
s-5,c-5,2025-01-01,90,USD,,2026-11-10,past_due
"""
PAYMENTS = "payment_id,customer_id,amount,currency,status,paid_at,due_at\n"
KNOWN = PAYMENTS + "p-9,c-2,90,USD,paid,2026-11-20,\n"


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    return open_workspace(company.make(tmp_path / "days.db", SUBSCRIPTIONS, KNOWN))


def rows(ws: Workspace, day: str | None = None) -> dict[str, RiskRow]:
    found = at_risk(ws, View(as_of=None if day is None else parse_iso(day)), TODAY)
    return {one.customer_id: one for one in found.customers}


def said(row: RiskRow, signal: str) -> tuple[int, str] | str | None:
    """Points and evidence; why it is not known; None where it is known and no sign."""
    reason = next(((one.points, one.evidence) for one in row.reasons if one.signal == signal), None)
    return reason or next((one.why for one in row.unknown if one.signal == signal), None)


class TestFailedPayments:
    def test_the_day_of_a_failed_payment_may_stand_as_due_or_as_paid(self, ws: Workspace) -> None:
        bring(ws.path, PAYMENTS + "p-1,c-1,90,USD,failed,,2026-11-01\np-2,c-2,90,USD,failed,2026-11-01,\n")
        assert said(rows(ws)["c-1"], "payment_late") == (14, "1 payment failed, due 1 Nov 2026")
        bring(ws.path, PAYMENTS + "p-9,c-2,10,USD,paid,2026-11-20,\n")  # too little to make it good
        found = rows(ws)
        assert said(found["c-2"], "payment_late") == said(found["c-1"], "payment_late")
        assert [(one.id, one.day) for one in found["c-2"].reasons[0].rows] == [("p-2", parse_iso("2026-11-01"))]

    def test_it_is_made_good_by_a_later_one_and_not_before(self, ws: Workspace) -> None:
        bring(ws.path, PAYMENTS + "p-2,c-2,90,USD,failed,2026-11-01,\np-3,c-3,90,USD,failed,2026-11-19,\np-4,c-3,90,USD,paid,2026-11-18,\n")
        found = rows(ws)
        assert said(found["c-2"], "payment_late") is None
        assert said(found["c-3"], "payment_late") == (10, "1 payment failed, due 19 Nov 2026")
        assert said(rows(ws, "2026-11-18")["c-3"], "payment_late") is None

    def test_an_open_invoice_is_late_from_its_due_day_though_it_has_another(self, ws: Workspace) -> None:
        bring(ws.path, PAYMENTS + "p-1,c-1,90,USD,open,2026-11-01,2026-11-13\n")
        assert said(rows(ws)["c-1"], "payment_late") == (10, "1 invoice unpaid, 7 days overdue")

    def test_a_persian_export_of_payments(self, ws: Workspace) -> None:
        bring(
            ws.path,
            "شماره پرداخت,شناسه مشتری,مبلغ,تاریخ پرداخت,وضعیت\nپ-۱,c-1,۹۰,۱۴۰۵/۰۸/۱۰,ناموفق\n",
            kind="payments",
            constants={"currency": "USD"},
        )
        assert said(rows(ws)["c-1"], "payment_late") == (14, "1 payment failed, due 1 Nov 2026")


class TestTickets:
    def test_the_age_of_an_open_ticket_is_no_matter_of_other_customers(self, ws: Workspace) -> None:
        bring(ws.path, "interaction_id,customer_id,at,status,reopens\nt-1,c-1,2026-11-01,open,0\nt-2,c-2,2026-11-03,solved,0\n")
        before = said(rows(ws)["c-1"], "ticket_open")
        assert before == (9, "1 ticket open, the oldest since 1 Nov 2026 (19 days)")
        bring(ws.path, "interaction_id,customer_id,at,direction,channel\ni-9,c-2,2026-11-20,in,phone\n")
        assert said(rows(ws)["c-1"], "ticket_open") == before
        assert said(rows(ws, "2026-11-10")["c-1"], "ticket_open") == (6, "1 ticket open, the oldest since 1 Nov 2026 (9 days)")

    def test_reopenings_are_not_known_of_the_past(self, ws: Workspace) -> None:
        bring(ws.path, "interaction_id,customer_id,at,status,resolved_at,reopens\nt-1,c-1,2026-11-01,solved,2026-11-02,2\n")
        assert said(rows(ws)["c-1"], "ticket_reopened") == (12, "1 ticket reopened twice in 90 days")
        assert said(rows(ws)["c-2"], "ticket_reopened") is None
        then = rows(ws, "2026-11-10")
        assert {said(then[who], "ticket_reopened") for who in ("c-1", "c-2")} == {"reopenings carry no date: not known of a past day"}

    def test_reopenings_that_no_file_has_are_not_known(self, ws: Workspace) -> None:
        bring(ws.path, "interaction_id,customer_id,at,status\nt-1,c-1,2026-11-01,open\n")
        assert said(rows(ws)["c-1"], "ticket_reopened") == "no reopenings imported"

    def test_a_ticket_solved_without_a_date_may_have_been_open(self, ws: Workspace) -> None:
        bring(
            ws.path, "interaction_id,customer_id,at,status\nt-1,c-1,2026-11-01,solved\nt-2,c-2,2026-11-01,open\nt-3,c-2,2026-11-01,solved\n"
        )
        assert said(rows(ws)["c-1"], "ticket_open") is None
        then = rows(ws, "2026-11-10")
        assert said(then["c-1"], "ticket_open") == "a ticket was solved, nobody knows when: not known of a past day"
        assert said(then["c-2"], "ticket_open") == (6, "1 ticket open, the oldest since 1 Nov 2026 (9 days)")
        assert said(then["c-3"], "ticket_open") is None

    def test_a_report_of_the_past_says_what_is_not_known(self, ws: Workspace) -> None:
        bring(ws.path, "interaction_id,customer_id,at,status,reopens\nt-1,c-1,2026-10-01,open,3\n")
        made = make(ws, View(as_of=parse_iso("2026-10-31")), TODAY).render("md")
        assert "Not known of any of them, so no good sign: " in made
        assert "reopenings carry no date: not known of a past day" in made


def test_an_undated_status_of_past_due_is_not_known_of_the_past(ws: Workspace) -> None:
    assert said(rows(ws)["c-5"], "payment_late") == (10, "past due since 10 Nov 2026 (10 days)")
    then = rows(ws, "2026-11-15")
    assert said(then["c-5"], "payment_late") == "a status of past due carries no date: not known of a past day"
    assert said(then["c-1"], "payment_late") == "no payments imported"


class TestDaysLeft:
    def test_days_left_are_counted_from_today_and_the_evidence_is_not(self, ws: Workspace) -> None:
        found = at_risk(ws, View(), TODAY)
        reasons = {one.customer_id: one.reasons[0] for one in found.customers if one.scheduled_end}
        assert reasons["c-3"].evidence == "cancelled, ends 1 Dec 2026"
        assert reasons["c-3"].told(found.today) == "cancelled, ends 1 Dec 2026: 5 days to save"
        assert reasons["c-4"].told(found.today) == "cancelled, ends 25 Nov 2026, which was 1 day ago"
        assert reasons["c-4"].told(to_day(date(2026, 11, 25))) == "cancelled, ends 25 Nov 2026, which is today"
        assert at_risk(ws, View(), date(2026, 12, 24)).customers == found.customers

    def test_of_a_past_day_they_are_counted_from_it(self, ws: Workspace) -> None:
        found = at_risk(ws, View(as_of=parse_iso("2026-11-15")), TODAY)
        assert found.today == parse_iso("2026-11-15")
