"""A subscription that is past due by its status is trouble with payments, as far as it was known on the day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cstui.base.ask import View
from cstui.base.days import parse_iso
from cstui.desk.at_risk import Reason, at_risk, customer_risk
from cstui.desk.workspace import Workspace, open_workspace
from cstui.risk.past_due import PastDue, with_past_due
from cstui.risk.signals import Finding, Ref, Unpaid, payment_late
from tests.unit.store.import_calls import bring

TODAY = date(2026, 11, 2)
DAY = parse_iso("2026-10-31")
HEADER = "subscription_id,customer_id,started_at,amount,currency,status,status_since,current_period_end\n"
ROWS = """s-1,c-1,2025-01-20,90,USD,past_due,,2026-10-11
s-2,c-2,2025-01-20,80,USD,past_due,,
s-3,c-3,2025-01-20,70,USD,past_due,2026-10-25,2026-11-20
s-4,c-4,2025-01-20,60,USD,active,,
s-5,c-5,2025-01-20,50,USD,past_due,,2026-11-20
s-6,c-6,2025-01-20,40,USD,past_due,,2026-09-01
"""
PAYMENTS = "payment_id,customer_id,amount,currency,kind,status,paid_at,due_at\n"


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    path = tmp_path / "late.db"
    made = open_workspace(path, create=True)
    made.set_setting("company", "Late Ltd")
    made.close()
    bring(path, HEADER + ROWS, "customer_id,answered_at,kind,score\nc-4,2026-10-31,nps,9\n")
    return open_workspace(path)


def late(ws: Workspace, day: int | None = None) -> dict[str, Reason]:
    found = at_risk(ws, View(as_of=day), TODAY)
    return {one.customer_id: reason for one in found.customers for reason in one.reasons if reason.signal == "payment_late"}


def test_a_status_is_a_sign_with_its_row_though_no_payment_is_known(ws: Workspace) -> None:
    found = late(ws)
    assert {customer: (reason.points, reason.evidence) for customer, reason in found.items()} == {
        "c-1": (14, "past due since 11 Oct 2026 (20 days)"),
        "c-2": (10, "past due, since nobody knows when"),
        "c-3": (10, "past due since 25 Oct 2026 (6 days)"),
        "c-5": (10, "past due, since nobody knows when"),
    }  # c-6 has been past due for too long: that is churn
    assert [(row.kind, row.id, row.file, row.line) for row in found["c-1"].rows] == [("subscription", "s-1", "file0.csv", 2)]


def test_one_customer_is_as_in_the_list(ws: Workspace) -> None:
    for one in at_risk(ws, View(), TODAY).customers:
        assert customer_risk(ws, one.customer_id) == one


def test_the_past_knows_a_status_from_its_own_date_only(ws: Workspace) -> None:
    assert {customer: reason.evidence for customer, reason in late(ws, parse_iso("2026-10-28")).items()} == {
        "c-3": "past due since 25 Oct 2026 (3 days)"
    }
    assert late(ws, parse_iso("2026-10-20")) == {}


def test_an_unpaid_invoice_and_the_status_are_one_trouble(ws: Workspace) -> None:
    bring(ws.path, PAYMENTS + "p-1,c-1,90,USD,recurring,failed,,2026-10-30\np-2,c-4,60,USD,recurring,paid,2026-10-31,2026-10-31\n")
    found = late(ws)
    assert found["c-1"].points == 14
    assert found["c-1"].evidence == "1 payment failed, due 30 Oct 2026; past due since 11 Oct 2026 (20 days)"
    assert [row.id for row in found["c-1"].rows] == ["p-1", "s-1"]
    assert "c-4" not in found


def test_several_count_for_more_up_to_the_most() -> None:
    two = with_past_due(None, [PastDue(1, DAY - 40), PastDue(2, None)], DAY)
    assert (two.points, two.evidence) == (20, "2 subscriptions past due, the first since 21 Sep 2026 (40 days)")
    assert two.rows == (Ref("subscription", 1), Ref("subscription", 2))
    calm = payment_late([Unpaid(1, DAY - 1, False)], DAY)
    assert isinstance(calm, Finding)
    assert with_past_due(calm, [PastDue(1, DAY)], DAY).evidence == "past due since 31 Oct 2026 (0 days)"
