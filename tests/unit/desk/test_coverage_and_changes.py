"""What was imported when, which figures rest on months without anything, and what changed since the last look: through the doors."""

from __future__ import annotations

import json
from contextlib import redirect_stderr, redirect_stdout
from datetime import date
from fractions import Fraction
from io import StringIO
from pathlib import Path

import pytest

from cstui.base.ask import PeriodChoice, View
from cstui.base.days import parse_month, parse_year
from cstui.base.records import Kind
from cstui.cli.entry import main
from cstui.desk.changes import changes, looked
from cstui.desk.cohort_cell import CohortCell, cohort_cell
from cstui.desk.coverage import KindCoverage, coverage
from cstui.desk.explain import explain
from cstui.desk.figures import figures
from cstui.desk.overview import overview
from cstui.desk.report import make
from cstui.desk.settings import set_switch
from cstui.desk.workspace import Workspace, open_workspace
from cstui.metrics.registry import METRICS
from cstui.store.redo import redo
from cstui.store.undo import undo
from tests.unit.store.import_calls import AT, bring

TODAY = date(2026, 11, 21)
SUBSCRIPTIONS = "subscription_id,customer_id,started_at,amount\ns1,c1,2026-06-01,100\ns2,c2,2026-06-01,410\ns3,c3,2026-10-30,5\n"
LEFT = "subscription_id,customer_id,started_at,amount,ended_at\ns2,c2,2026-06-01,410,2026-09-10\n"
PAYMENTS = "payment_id,customer_id,amount,paid_at\np1,c1,100,2026-06-10\np2,c1,100,2026-07-10\np3,c2,7,2026-07-11\np4,c1,100,2026-09-10\n"
USAGE = "customer_id,date,user_id,minutes\nc1,2026-06-01,u1,5\nc1,2026-06-01,u2,5\nc1,2026-08-03,u1,5\n"
AUGUST = View(PeriodChoice(period=parse_month("2026-08")))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    workspace = tmp_path / "w.db"
    bring(workspace, SUBSCRIPTIONS, PAYMENTS, USAGE)
    return workspace


def cstui(*arguments: str) -> tuple[int, str, str]:
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status = main(arguments)
    return status, out.getvalue(), err.getvalue()


def kind(workspace: Workspace, name: Kind) -> KindCoverage:
    return next(one for one in coverage(workspace, TODAY).kinds if one.kind == name)


def test_a_kinds_months_are_counted_and_its_gaps_named(ws: Workspace) -> None:
    found = kind(ws, Kind.PAYMENTS)
    june = parse_month("2026-06").start
    assert [(one.rows, one.days) for one in found.months] == [(1, 1), (2, 2), (0, 0), (1, 1)]
    assert found.missing == (2026 * 12 + 7,)
    assert (found.first, found.rows, found.undated) == (june + 9, 4, 0)


def test_use_is_counted_by_the_days_people_used_it(ws: Workspace) -> None:
    found = kind(ws, Kind.USAGE)
    assert [(one.rows, one.days) for one in found.months] == [(2, 1), (0, 0), (1, 1)]


def test_a_list_of_subscriptions_covers_all_days_up_to_the_last_and_payments_up_to_their_own(tmp_path: Path) -> None:
    path = tmp_path / "billing.db"
    bring(path, "subscription_id,customer_id,started_at,amount\ns1,c1,2026-01-05,100\ns2,c2,2026-04-01,50\n")
    bring(path, "payment_id,customer_id,amount,paid_at\np1,c1,100,2026-09-02\n", "customer_id,date,sessions\nc1,2026-10-31,2\n")
    billing = open_workspace(path)
    through = {one.kind: one.to_json()["through"] for one in coverage(billing, TODAY).kinds if one.rows}
    assert through == {"subscriptions": "2026-10-31", "payments": "2026-09-02", "usage": "2026-10-31"}
    text = make(billing, View(PeriodChoice(period=parse_month("2026-09"))), TODAY).render("md")
    assert "| subscriptions | 2 | 5 Jan 2026 | 1 Apr 2026 | 31 Oct 2026 |  |  |" in text
    assert "| payments | 1 | 2 Sep 2026 | 2 Sep 2026 | 2 Sep 2026 | 59 days |  |" in text
    billing.close()
    table = cstui("--db", str(path), "coverage")[1]
    assert "covers through" in table
    assert "2026-04-01  2026-10-31" in table


def test_every_kind_is_there(ws: Workspace) -> None:
    assert [one.kind for one in coverage(ws, TODAY).kinds] == [kind.value for kind in Kind]


def test_a_month_without_payments_counts_as_nothing_and_says_so(ws: Workspace) -> None:
    document = figures(ws, ["revenue", "mrr", "profit"], AUGUST, TODAY).to_json()["periods"][0]["metrics"]
    assert (document["revenue"]["value"], document["revenue"]["status"]) == (0.0, "ok")
    assert document["revenue"]["coverage"] == ["no payments imported for Aug 2026"]
    assert document["profit"]["coverage"] == ["no payments imported for Aug 2026"]
    assert "coverage" not in document["mrr"]
    assert explain(ws, "revenue", AUGUST, TODAY).to_json()["coverage"] == ["no payments imported for Aug 2026"]
    assert overview(ws, AUGUST, TODAY, cards=("revenue",)).cards[0].coverage == ("no payments imported for Aug 2026",)


def test_a_month_with_payments_and_one_outside_them_say_nothing(ws: Workspace) -> None:
    for month in ("2026-07", "2026-09", "2026-01"):
        found = figures(ws, ["revenue"], View(PeriodChoice(period=parse_month(month))), TODAY)
        assert not found.notes


def test_of_a_longer_period_the_empty_months_are_named(ws: Workspace) -> None:
    found = figures(ws, ["revenue"], View(PeriodChoice(period=parse_year("2026"))), TODAY)
    assert next(iter(found.notes.values()))["revenue"] == ("no payments imported for Aug 2026",)


COSTS = "date,category,amount\n2026-05-12,sales,30\n2026-06-12,sales,30\n2026-08-12,sales,30\n2026-09-12,sales,30\n2026-10-12,service,5\n"


def said(ws: Workspace, metric: str, month: str) -> list[str]:
    """What must be known of a figure's months, by the document."""
    document = figures(ws, [metric], View(PeriodChoice(period=parse_month(month))), TODAY).to_json()
    found: list[str] = document["periods"][0]["metrics"][metric].get("coverage", [])
    return found


def test_a_figure_that_reaches_back_names_the_months_that_it_reads(path: Path, ws: Workspace) -> None:
    bring(path, COSTS)
    assert said(ws, "revenue", "2026-09") == []
    for metric in ("clv", "clv_cac_ratio", "clv_net_of_cac"):
        assert said(ws, metric, "2026-09") == ["no payments imported for Aug 2026", "no costs imported for Jul 2026"]
    assert said(ws, "clv_realised", "2026-09") == ["no payments imported for Aug 2026"]
    assert said(ws, "gross_margin", "2026-08") == ["no payments imported for Aug 2026"]
    set_switch(ws, "gross_margin", "0.8")
    assert said(ws, "gross_margin", "2026-08") == said(ws, "clv", "2026-09") == []


def test_costs_that_go_before_their_customers_are_named_where_they_were_spent(path: Path, ws: Workspace) -> None:
    bring(path, COSTS)
    assert (said(ws, "cac", "2026-07"), said(ws, "cac", "2026-08")) == (["no costs imported for Jul 2026"], [])
    set_switch(ws, "cac_lag_months", "1")
    assert (said(ws, "cac", "2026-07"), said(ws, "cac", "2026-08")) == ([], ["no costs imported for Jul 2026"])


def test_a_window_of_use_that_begins_in_an_empty_month_says_so(ws: Workspace) -> None:
    assert [said(ws, metric, "2026-08") for metric in ("dau", "wau", "mau")] == [[], *[["no usage imported for Jul 2026"]] * 2]


def test_who_is_active_in_a_shop_rests_on_payments(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    bring(path, PAYMENTS)
    shop = open_workspace(path)
    for metric in ("customers_active", "customer_churn_rate", "arpc"):
        assert said(shop, metric, "2026-08") == ["no payments imported for Aug 2026"]
        assert said(shop, metric, "2026-09") == []


def test_a_cohort_s_cell_says_what_was_not_imported_for_its_months(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    bring(path, PAYMENTS)
    shop = open_workspace(path)
    for value in ("customers", "revenue"):
        cells = [cohort_cell(shop, CohortCell.parse(f"2026-06:{k}", value), View()).coverage for k in range(3)]
        assert cells == [(), (), ("no payments imported for Aug 2026",)]


def test_what_rests_on_levels_alone_has_no_gap(ws: Workspace) -> None:
    for metric in ("mrr", "customers_active", "nrr"):
        assert said(ws, metric, "2026-08") == []
    assert figures(ws, list(METRICS), AUGUST, TODAY).notes


def test_nothing_has_changed_before_anything_has(ws: Workspace) -> None:
    found = changes(ws)
    assert (found.seen_revision, found.news, found.changes) == (None, False, ())


def test_a_restated_september_is_told_with_its_import_until_it_was_looked_at(path: Path, ws: Workspace) -> None:
    looked(ws)
    bring(path, LEFT)
    found = changes(ws)
    assert found.news
    assert found.imports == (2,)
    assert found.line == "Sep 2026 MRR −$410 (import 2) and 2 more"
    assert (found.changes[0].before, found.changes[0].after) == (Fraction(510), Fraction(100))
    looked(ws)
    assert not changes(ws).news


def test_what_was_moved_there_and_back_has_not_changed(path: Path, ws: Workspace) -> None:
    looked(ws)
    bring(path, LEFT)
    undo(path, 2, AT)
    assert changes(ws).changes == ()


def test_an_import_taken_back_since_the_look_is_told(path: Path, ws: Workspace) -> None:
    bring(path, LEFT)
    looked(ws)
    undo(path, 2, AT)
    found = changes(ws)
    assert found.undone == (2,)
    assert found.changes[0].words("USD") == "Sep 2026 MRR +$410 (import 2 taken back)"


def test_a_new_month_restates_nothing(path: Path, ws: Workspace) -> None:
    looked(ws)
    bring(path, "payment_id,customer_id,amount,paid_at\np9,c1,3,2026-11-20\n")
    found = changes(ws)
    assert found.changes == ()
    assert found.line == "1 import, data through 20 Nov 2026; no past figure changed"


def test_a_switch_is_named(path: Path, ws: Workspace) -> None:
    bring(path, "subscription_id,customer_id,started_at,amount,status,current_period_end\ns5,c5,2026-01-01,50,past_due,2026-09-20\n")
    looked(ws)
    set_switch(ws, "past_due_days", "5")
    assert "switch past_due_days" in changes(ws).changes[0].words("USD")


def test_looking_is_no_change(ws: Workspace) -> None:
    before = ws.revision()
    looked(ws)
    assert ws.revision() == before


def test_the_commands(path: Path) -> None:
    status, out, _ = cstui("--db", str(path), "coverage", "--json")
    assert status == 0
    found = {one["kind"]: one for one in json.loads(out)["kinds"]}
    assert found["payments"]["missing"] == ["2026-08"]
    assert found["payments"]["months"][0] == {"month": "2026-06", "rows": 1, "days": 1, "first": "2026-06-10", "last": "2026-06-10"}
    status, out, _ = cstui("--db", str(path), "coverage", "--csv")
    assert out.splitlines()[0] == "kind,month,rows,days,first,last"
    assert "payments,2026-08,0,0,," in out.splitlines()
    status, out, err = cstui("--db", str(path), "coverage")
    assert "2026-08" in out
    assert cstui("--db", str(path), "changes", "--json", "--seen")[0] == 0
    bring(path, LEFT)
    document = json.loads(cstui("--db", str(path), "changes", "--json")[1])
    assert list(document) == ["schema", "as_of", "currency", "since", "imports", "undone", "changes"]
    assert document["changes"][0] == {
        "metric": "mrr",
        "label": "MRR",
        "unit": "money",
        "month": "2026-09",
        "before": 510.0,
        "after": 100.0,
        "change": -410.0,
        "causes": [{"cause": "import", "import_id": 2}],
    }
    status, out, err = cstui("--db", str(path), "changes")
    assert "2026-09" in out
    assert "imports: 2" in err
    status, out, err = cstui("--db", str(path), "metrics", "revenue", "--month", "2026-08")
    assert "no payments imported for Aug 2026: revenue" in err


def test_the_empty_workspace(tmp_path: Path) -> None:
    workspace = open_workspace(tmp_path / "e.db", create=True)
    assert coverage(workspace, TODAY).span is None
    assert not changes(workspace).news
    workspace.close()
    assert cstui("--db", str(tmp_path / "e.db"), "coverage")[2].strip() == "Nothing has been imported yet."


def test_an_import_that_was_made_again_has_come_in_since(path: Path, ws: Workspace) -> None:
    bring(path, "date,channel,visits,conversions\n2026-10-01,ads,10,1\n")
    undo(path, 2, AT)
    looked(ws)
    assert (changes(ws).imports, changes(ws).news) == ((), False)
    redo(path, 2)
    assert (changes(ws).imports, changes(ws).undone, changes(ws).news) == ((2,), (), True)
    assert changes(ws).line == "1 import; no past figure changed"
    looked(ws)
    undo(path, 2, AT)
    assert (changes(ws).imports, changes(ws).undone) == ((), (2,))
