"""Costs, traffic, rates, answers and use through the doors: from files to figures with their parts, reasons and rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from cstui.base.ask import PeriodChoice, View, where_of
from cstui.base.days import parse_iso, parse_month
from cstui.base.errors import UnknownMetric
from cstui.desk.explain import explain
from cstui.desk.figures import figures
from cstui.desk.overview import CARDS, overview
from cstui.desk.settings import set_setting, set_switch
from cstui.desk.workspace import Workspace, open_workspace
from tests.unit.store.import_calls import bring

TODAY = date(2026, 11, 5)
FILES = (
    "customer_id,name,created_at,channel,plan\nc1,One,2026-01-01,google,pro\nc2,Two,2026-01-05,ads,basic\nc3,Three,2026-02-05,,pro\n",
    "subscription_id,customer_id,started_at,amount,currency\ns1,c1,2026-01-10,100,USD\ns2,c2,2026-02-10,50,EUR\ns3,c3,2026-03-10,80,USD\n",
    "payment_id,customer_id,amount,paid_at,currency\np1,c1,100,2026-01-10,USD\np2,c2,50,2026-02-10,EUR\np3,c1,100,2026-03-10,USD\n",
    "date,from,to,rate\n2026-01-31,EUR,USD,1.1\n2026-02-15,EUR,USD,1.2\n2026-03-15,EUR,USD,1.5\n",
    (
        "date,category,amount,channel,currency\n2026-01-15,marketing,30,google,USD\n2026-02-15,marketing,40,ads,EUR\n"
        "2026-03-15,cost_of_revenue,20,,USD\n2026-03-16,sales,20,,USD\n"
    ),
    "date,channel,visits,conversions\n2026-01-15,google,1000,30\n2026-02-15,ads,400,4\n2026-03-15,,100,\n2026-03-16,google,500,20\n",
    (
        "customer_id,answered_at,kind,score,scale,touchpoint,respondent,direction\nc1,2026-03-01,nps,9,0-10,support,ann,\n"
        "c1,2026-03-05,nps,6,0-10,support,ann,\nc2,2026-03-05,nps,10,1-10,support,,\nc1,2026-03-05,csat,4,1-5,support,ann,\n"
        "c1,2026-03-05,csat,4,1-7,onboarding,ann,\nc1,2026-03-05,ces,6,1-7,support,ann,high_easy\nc2,2026-03-05,ces,2,1-5,support,,low_easy\n"
    ),
    (
        "customer_id,date,user_id,sessions,minutes,events\nc1,2026-01-20,u1,2,30.5,1\nc1,2026-03-20,u1,2,15.25,1\nc1,2026-03-31,u2,2,,1\n"
        "c2,2026-03-31,,1,5,1\n"
    ),
)


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    path = tmp_path / "all.cstui"
    open_workspace(path, create=True).close()
    bring(path, *FILES)
    workspace = open_workspace(path)
    workspace.set_setting("currency", "USD")
    yield workspace
    workspace.close()


def asked(ws: Workspace, month: str, *metrics: str, by: str | None = None, **where: str) -> dict[str, Any]:
    """One month of `cstui metrics --json`."""
    view = View(PeriodChoice(period=parse_month(month)), where_of(list(where.items())), by)
    period: dict[str, Any] = figures(ws, metrics, view, TODAY).to_json()["periods"][0]
    return period


def one(ws: Workspace, month: str, metric: str, **where: str) -> dict[str, Any]:
    found: dict[str, Any] = asked(ws, month, metric, **where)["metrics"][metric]
    return found


def test_foreign_money_is_converted_day_by_day(ws: Workspace) -> None:
    assert one(ws, "2026-02", "revenue")["value"] == 60
    found = one(ws, "2026-02", "costs")
    assert (found["value"], found["previous"], found["parts"]) == (48, 30, {"by_category": {"marketing": 48}})


def test_rates_move_mrr_in_a_row_of_their_own(ws: Workspace) -> None:
    found = asked(ws, "2026-03", "mrr", "mrr_new", "mrr_fx", "mrr_net_new", "nrr", "mrr_expansion")["metrics"]
    assert found["mrr"]["value"] == 100 + 75 + 80
    assert (found["mrr_new"]["value"], found["mrr_fx"]["value"], found["mrr_net_new"]["value"]) == (80, 15, 95)
    assert (found["nrr"]["value"], found["mrr_expansion"]["value"]) == (1, 0)
    rows = explain(ws, "mrr_fx", View(PeriodChoice(period=parse_month("2026-03"))), TODAY).rows
    assert [(row.id, row.numerator, row.note) for row in rows or ()] == [("s2", Fraction(15), "EUR 50.00 at 1.2")]


def test_a_rate_that_was_not_yet_known_is_not_used(ws: Workspace) -> None:
    view = View(PeriodChoice(period=parse_month("2026-03")), as_of=parse_iso("2026-03-12"))
    found = figures(ws, ["mrr"], view, TODAY).to_json()["periods"][0]["metrics"]["mrr"]
    assert (found["status"], found["value"]) == ("missing_rate", None)
    assert found["parts"] == {"by_currency": {"EUR": 50, "USD": 180}}


def test_costs_follow_no_filter_but_channel(ws: Workspace) -> None:
    for name in ("costs", "profit", "profit_per_customer", "gross_margin", "cac", "goal_conversion_rate"):
        found = one(ws, "2026-03", name, plan="pro")
        assert (found["value"], found["status"]) == (None, "no_data")
        assert found["reason"].startswith("not_filterable")
    assert one(ws, "2026-02", "cac", channel="ads")["value"] == 48
    assert one(ws, "2026-02", "profit", channel="google")["value"] == 0


def test_groups_by_channel_hold_the_channels_of_the_ledgers_and_others_none(ws: Workspace) -> None:
    by_channel = asked(ws, "2026-03", "costs", "goal_conversion_rate", by="channel")["groups"]
    assert [(group["by"], group["metrics"]["costs"]["value"]) for group in by_channel] == [("ads", 0), ("google", 0), (None, 40)]
    by_plan = asked(ws, "2026-03", "costs", by="plan")
    assert by_plan["metrics"]["costs"]["value"] == 40
    assert {group["metrics"]["costs"]["status"] for group in by_plan["groups"]} == {"no_data"}


def test_a_margin_is_computed_or_set(ws: Workspace) -> None:
    assert one(ws, "2026-03", "gross_margin")["value"] == 0.8
    set_switch(ws, "gross_margin", "65 %")
    assert one(ws, "2026-03", "gross_margin")["value"] == 0.65


def test_a_period_without_costs_has_no_profit(ws: Workspace) -> None:
    assert one(ws, "2026-04", "profit")["status"] == "no_data"
    assert one(ws, "2026-03", "profit_per_customer")["value"] == 60 / 2.5


def test_costs_may_go_before_the_customers_they_won(ws: Workspace) -> None:
    assert one(ws, "2026-03", "cac")["value"] == 20
    set_switch(ws, "cac_lag_months", "1")
    found = one(ws, "2026-03", "cac")
    assert (found["value"], found["parts"]) == (48, {"by_channel": {"": 0, "ads": None}, "by_segment": {"": 48}})


def test_visits_without_conversions_say_nothing(ws: Workspace) -> None:
    found = one(ws, "2026-03", "goal_conversion_rate")
    assert (found["numerator"], found["denominator"], found["parts"]) == (20, 500, {"by_channel": {"google": 0.04}})


def test_a_kind_of_answer_that_was_never_imported_says_so(tmp_path: Path) -> None:
    path = tmp_path / "nps-only.cstui"
    open_workspace(path, create=True).close()
    answered = "customer_id,answered_at,kind,score,scale\nc1,2026-03-01,nps,9,\nc2,2026-05-01,nps,9,\n"
    bring(path, FILES[0], answered)
    ws = open_workspace(path)
    april = asked(ws, "2026-04", "csat", "ces", "nps", by="plan")["metrics"]
    ws.close()
    assert april["csat"]["reason"] == "no CSAT answers imported yet: import surveys that have some"
    assert april["ces"]["reason"].startswith("no CES answers")
    assert april["nps"]["reason"] == "nobody answered in the period"


def test_answers_are_counted_as_they_mean(ws: Workspace) -> None:
    found = asked(ws, "2026-03", "nps", "csat", "ces", "high_effort_share", "promoters")["metrics"]
    assert (found["nps"]["numerator"], found["nps"]["denominator"], found["nps"]["value"]) == (0, 2, 0)
    assert "0-10 and 1-10" in found["nps"]["reason"]
    assert found["csat"]["value"] == 50
    assert found["csat"]["parts"]["by_touchpoint"]["support"] == {"value": 100, "n": 1, "status": "small_sample"}
    assert found["csat"]["parts"]["mixed"]
    assert (found["ces"]["value"], found["ces"]["status"]) == (None, "no_data")
    assert found["ces"]["reason"].startswith("two_scales")
    assert (found["high_effort_share"]["value"], found["promoters"]["value"]) == (0, 1)
    set_switch(ws, "ces_scale", "1-5")
    assert one(ws, "2026-03", "ces")["value"] == 4


def test_use_is_counted_over_covered_days(ws: Workspace) -> None:
    found = asked(ws, "2026-01", "dau", "mau", "stickiness")["metrics"]
    assert found["dau"]["parts"] == {"covered_days": 12, "sum": 1}
    assert (found["mau"]["value"], found["stickiness"]["numerator"], found["stickiness"]["denominator"]) == (1, 1, 12)
    assert one(ws, "2026-03", "session_minutes")["value"] == 20.25 / 3
    assert one(ws, "2026-01", "session_minutes", plan="basic")["status"] == "no_data"
    assert one(ws, "2026-02", "dau")["value"] == 0
    assert one(ws, "2026-03", "active_customer_share")["numerator"] == 2
    assert one(ws, "2025-12", "dau")["status"] == "no_data"


def test_all_customers_and_a_filter_that_takes_all_agree_on_use(ws: Workspace) -> None:
    for month in ("2026-01", "2026-02", "2026-03"):
        for name in ("dau", "wau", "mau", "stickiness"):
            whole, parts = one(ws, month, name), asked(ws, month, name, by="plan")["groups"]
            assert whole["value"] is not None
            if name != "stickiness":
                assert sum(group["metrics"][name]["value"] for group in parts) == pytest.approx(whole["value"])


def test_the_overview_takes_any_metric_as_a_card(ws: Workspace) -> None:
    assert [card.metric for card in overview(ws, View(), TODAY).cards] == list(CARDS)
    set_setting(ws, "cards", "nps, dau,profit")
    cards = overview(ws, View(), TODAY).cards
    assert [(card.metric, card.status) for card in cards] == [("nps", "small_sample"), ("dau", "ok"), ("profit", "ok")]
    with pytest.raises(UnknownMetric):
        set_setting(ws, "cards", "nps,netpromoter")


def test_a_card_without_data_says_what_to_import(tmp_path: Path) -> None:
    path = tmp_path / "few.cstui"
    open_workspace(path, create=True).close()
    bring(path, *FILES[:2])
    workspace = open_workspace(path)
    cards = overview(workspace, View(), TODAY, cards=("nps", "dau", "profit", "goal_conversion_rate", "cac")).cards
    workspace.close()
    assert {card.metric: card.reason for card in cards} == {
        "nps": "no surveys imported yet: import surveys",
        "dau": "no usage imported yet: import usage",
        "profit": "no costs imported yet: import costs",
        "goal_conversion_rate": "no traffic imported yet: import traffic",
        "cac": "no costs imported yet: import costs",
    }


def test_rows_of_costs_have_no_customer_and_rows_of_use_a_line(ws: Workspace) -> None:
    view = View(PeriodChoice(period=parse_month("2026-03")))
    costs = explain(ws, "costs", view, TODAY).to_json()["rows"]
    assert {row["customer_id"] for row in costs} == {None}
    use = explain(ws, "dau", view, TODAY).to_json()["rows"]
    assert sorted((row["id"], row["source"]["line"]) for row in use) == [("c2", 5), ("u1", 3), ("u2", 4)]
