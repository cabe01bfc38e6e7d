"""Stripe's exports: what is past due since when, and what is said of coupons and refunds where there are some."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cstui.base.ask import View
from cstui.base.days import iso
from cstui.desk.at_risk import at_risk
from cstui.desk.workspace import open_workspace
from cstui.store.packed import unpack
from tests.unit.store.import_calls import bring, select

HEADER = (
    "id,Customer ID,Customer Email,Plan,Quantity,Currency,Interval,Amount,Status,Created (UTC),Current Period Start (UTC),"
    "Current Period End (UTC),Canceled At (UTC),Ended At (UTC),Coupon\n"
)
PAYMENTS = "id,Description,Seller Message,Created (UTC),Amount,Amount Refunded,Currency,Status,Customer ID\n"
PERIODS = (
    "SELECT date(started_at * 86400, 'unixepoch'), status, date(status_since * 86400, 'unixepoch'), "
    "date(current_period_end * 86400, 'unixepoch') FROM subscription ORDER BY 1"
)


@pytest.fixture(autouse=True)
def no_own_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


def subscription(status: str, start: str, end: str, *, coupon: str = "") -> str:
    return HEADER + f"sub_1,cus_1,a@x.example,pro,1,usd,month,49.00,{status},2026-01-05 10:00,{start} 10:00,{end} 10:00,,,{coupon}\n"


def levels(workspace: Path) -> list[tuple[str, bool]]:
    """From which days on there was MRR, and from which none."""
    ((steps,),) = select(workspace, "SELECT steps FROM mrr_steps")
    return [(iso(day), level > 0) for day, level in unpack(steps)]


def remarks(workspace: Path, text: str, *, commit: bool = True, **wishes: Any) -> list[tuple[int, str, tuple[int, ...]]]:  # noqa: ANN401  # the fields of an ImportRequest
    found = bring(workspace, text, commit=commit, **wishes).files[0]
    return [(odd.count, odd.message, odd.lines) for odd in found.oddities if odd.code == "remark"]


@pytest.mark.parametrize("status", ["past_due", "unpaid", "Past due"])
def test_a_subscription_is_past_due_since_its_unpaid_period_began(tmp_path: Path, status: str) -> None:
    path = tmp_path / "w.db"
    open_workspace(path, create=True).close()
    bring(path, subscription(status, "2026-10-05", "2026-11-05"), "customer_id,answered_at,kind,score\ncus_1,2026-10-31,nps,9\n")
    assert select(path, PERIODS) == [("2026-01-05", "past_due", "2026-10-05", "2026-10-05")]
    ws = open_workspace(path)
    reasons = {one.signal: one.evidence for one in at_risk(ws, View(), date(2026, 11, 2)).customers[0].reasons}
    ws.close()
    assert reasons["payment_late"] == "past due since 5 Oct 2026 (26 days)"


def test_its_mrr_is_lost_thirty_days_after_that(tmp_path: Path) -> None:
    path = tmp_path / "w.db"
    bring(path, subscription("past_due", "2026-09-05", "2026-10-05"), "customer_id,answered_at,kind,score\ncus_1,2026-10-31,nps,9\n")
    assert levels(path) == [("2026-01-05", True), ("2026-10-05", False)]


def test_what_still_is_past_due_has_been_since_it_first_was(tmp_path: Path) -> None:
    path = tmp_path / "w.db"
    bring(path, subscription("active", "2026-07-05", "2026-08-05"))
    bring(path, subscription("past_due", "2026-08-05", "2026-09-05"))
    assert bring(path, subscription("past_due", "2026-09-05", "2026-10-05")).files[0].unchanged == 1
    assert bring(path, subscription("unpaid", "2026-10-05", "2026-11-05")).files[0].unchanged == 1
    assert select(path, PERIODS) == [("2026-01-05", "past_due", "2026-08-05", "2026-08-05")]
    bring(path, subscription("active", "2026-11-05", "2026-12-05"))
    assert select(path, PERIODS)[1:] == [("2026-11-05", "active", None, "2026-12-05")]
    assert levels(path) == [("2026-01-05", True), ("2026-09-04", False), ("2026-11-05", True)]


def test_coupons_are_told_where_there_are_some_and_no_discount_is_given(tmp_path: Path) -> None:
    path = tmp_path / "w.db"
    (told,) = remarks(path, subscription("active", "2026-10-05", "2026-11-05", coupon="LAUNCH20"), commit=False)
    assert told[0] == 1
    assert "the amount is the price before it" in told[1]
    assert told[2] == (2,)
    assert remarks(path, subscription("active", "2026-10-05", "2026-11-05"), commit=False) == []
    less = subscription("active", "2026-10-05", "2026-11-05", coupon="9.80")
    assert remarks(path, less, commit=False, mapping={"discount": "Coupon"}) == []


def test_refunds_are_told_where_there_are_some(tmp_path: Path) -> None:
    path = tmp_path / "w.db"
    paid = PAYMENTS + "ch_1,,,2026-07-02 10:00,100.00,0.00,usd,Paid,cus_1\nch_2,,,2026-07-03 10:00,90.00,,usd,Paid,cus_1\n"
    assert remarks(path, paid, commit=False) == []
    back = paid + "ch_3,,,2026-07-04 10:00,80.00,20.00,usd,Paid,cus_1\nch_4,,,2026-07-04 10:00,70.00,70.00,usd,Refunded,cus_1\n"
    (told,) = remarks(path, back)
    assert (told[0], told[2]) == (2, (4, 5))
    assert "payments that were refunded" in told[1]
    # A row that is refused is nothing to remark upon.
    bad = paid + "ch_5,,,2026-07-04 10:00,eighty,20.00,usd,Paid,cus_1\n"
    assert remarks(path, bad, commit=False) == []


def test_a_cell_that_can_not_be_read_is_named_by_its_own_column(tmp_path: Path) -> None:
    good = subscription("active", "2026-10-05", "2026-11-05")
    bad = subscription("active", "2026-10-05", "2026-31-05").splitlines()[1].replace("sub_1", "sub_2")
    found = bring(tmp_path / "w.db", good + bad + "\n", commit=False).files[0]
    assert [(p.line, p.column, p.value) for p in found.problems] == [(3, "Current Period End (UTC)", "2026-31-05 10:00")]
