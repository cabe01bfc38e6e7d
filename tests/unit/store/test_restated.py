"""What a write did to months that were over, with its cause."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from cstui.desk.settings import set_setting, set_switch
from cstui.desk.workspace import open_workspace
from cstui.store import restated
from cstui.store.restated import Restatement
from cstui.store.undo import undo
from cstui.store.workspace import connect
from tests.unit.store.import_calls import AT, bring

SUBSCRIPTIONS = """subscription_id,customer_id,started_at,amount,ended_at
s1,c1,2026-06-01,100,
s2,c2,2026-06-01,410,
s3,c3,2026-10-30,5,
"""
LEFT = "subscription_id,customer_id,started_at,amount,ended_at\ns2,c2,2026-06-01,410,2026-09-10\n"
SEPTEMBER = 2026 * 12 + 8


def all_of(workspace: Path, after: int = 0) -> list[Restatement]:
    db = connect(workspace, readonly=True)
    try:
        return list(restated.since(db, after))
    finally:
        db.close()


def changes(workspace: Path, metric: str, after: int = 0) -> dict[int, tuple[object, object]]:
    return {one.month: (one.before, one.after) for one in all_of(workspace, after) if one.metric == metric}


def revision(workspace: Path) -> int:
    ws = open_workspace(workspace)
    try:
        return ws.revision()
    finally:
        ws.close()


def test_an_import_that_changes_september_says_so(tmp_path: Path) -> None:
    workspace = tmp_path / "w.db"
    bring(workspace, SUBSCRIPTIONS)
    seen = revision(workspace)
    bring(workspace, LEFT)
    found = changes(workspace, "mrr", seen)
    assert found[SEPTEMBER] == (Fraction(510), Fraction(100))
    assert SEPTEMBER - 1 not in found  # August is what it was
    assert {(one.cause, one.name) for one in all_of(workspace, seen)} == {("import", "2")}
    assert changes(workspace, "customers_churned", seen)[SEPTEMBER] == (0, 1)


def test_what_is_the_same_is_not_a_restatement(tmp_path: Path) -> None:
    workspace = tmp_path / "w.db"
    bring(workspace, SUBSCRIPTIONS)
    seen = revision(workspace)
    bring(workspace, SUBSCRIPTIONS)
    assert all_of(workspace, seen) == []


def test_taking_it_back_is_one_too(tmp_path: Path) -> None:
    workspace = tmp_path / "w.db"
    bring(workspace, SUBSCRIPTIONS)
    bring(workspace, LEFT)
    seen = revision(workspace)
    undo(workspace, 2, AT)
    assert changes(workspace, "mrr", seen)[SEPTEMBER] == (Fraction(100), Fraction(510))
    assert {(one.cause, one.name) for one in all_of(workspace, seen)} == {("undo", "2")}


def test_the_running_month_is_no_past_figure(tmp_path: Path) -> None:
    workspace = tmp_path / "w.db"
    bring(workspace, SUBSCRIPTIONS)
    seen = revision(workspace)
    bring(workspace, "subscription_id,customer_id,started_at,amount\ns4,c4,2026-10-29,7\n")
    assert all_of(workspace, seen) == []


def test_answers_move_nps_of_their_month(tmp_path: Path) -> None:
    workspace = tmp_path / "w.db"
    bring(workspace, SUBSCRIPTIONS, "customer_id,answered_at,kind,score\nc1,2026-09-02,nps,9\nc1,2026-10-05,nps,9\n")
    seen = revision(workspace)
    bring(workspace, "customer_id,answered_at,kind,score\nc2,2026-09-03,nps,2\n")
    assert changes(workspace, "nps", seen) == {SEPTEMBER: (100, 0)}


def test_a_switch_is_a_cause_and_another_currency_a_new_beginning(tmp_path: Path) -> None:
    workspace = tmp_path / "w.db"
    late = "subscription_id,customer_id,started_at,amount,status,current_period_end\ns5,c5,2026-01-01,50,past_due,2026-09-20\n"
    bring(workspace, SUBSCRIPTIONS, late)
    ws = open_workspace(workspace)
    seen = ws.revision()
    set_switch(ws, "past_due_days", "5")
    found = all_of(workspace, seen)
    assert ("setting", "switch.past_due_days") in {(one.cause, one.name) for one in found}
    assert changes(workspace, "mrr", seen)[SEPTEMBER] == (560, 510)
    set_setting(ws, "currency", "EUR")
    assert all_of(workspace) == []
    ws.close()
