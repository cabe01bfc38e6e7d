"""The customer list, the page and the risk list in repeat-purchase mode, over a small shop reckoned by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from cstui.base.ask import PeriodChoice, View, where_of
from cstui.base.days import Period, iso, parse_iso, parse_month
from cstui.desk.at_risk import Choice, at_risk
from cstui.desk.customer_list import lines, listing
from cstui.desk.customers import customer, customers
from cstui.desk.explain import Wanted
from cstui.desk.overview import BOUGHT_CARDS, overview
from cstui.desk.subjects import step_of
from cstui.desk.switching import preview
from cstui.desk.waterfall import waterfall
from cstui.desk.workspace import Workspace
from tests.oracle.companies import IMPORT_DAY, Company
from tests.oracle.purchases import Purchases
from tests.oracle.shops import shop
from tests.property.program import created, imported, seeds


def paid(customer: str, day: str, amount: str, **more: str) -> dict[str, str]:
    return {"payment_id": f"{customer}-{day}-{amount}", "customer_id": customer, "paid_at": day, "amount": amount, "kind": "one_off"} | more


MADE = Company(
    ({"customer_id": "keen", "name": "Keen", "segment": "b2b", "owner": "سارة"}, {"customer_id": "lead", "name": "Lead", "stage": "lead"}),
    (),
    (
        paid("keen", "2026-05-01", "10"),
        paid("keen", "2026-05-11", "10"),
        paid("keen", "2026-05-26", "10"),
        paid("keen", "2026-06-14", "70.50"),
        paid("keen", "2026-06-14", "0.50", kind="refund"),
        paid("gone", "2026-03-01", "500"),
        paid("gone", "2026-03-06", "500"),
        paid("back", "2026-01-01", "5"),
        paid("back", "2026-01-08", "5"),
        paid("back", "2026-06-30", "5"),
        paid("once", "2026-06-01", "20"),
        paid("abroad", "2026-06-20", "20", currency="EUR"),
    ),
)
"""Payments end on 30 June. Gaps: 10, 15, 19; 5; 7, 173: the 90th percentile of six is the sixth, 173."""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with imported(MADE, tmp_path_factory.mktemp("shop")) as ws:
        yield ws


def test_the_list_has_the_highest_revenue_first_and_who_has_lapsed(workspace: Workspace) -> None:
    found = customers(workspace, View())
    assert found.by_purchase
    assert [(line.customer_id, line.status) for line in found.customers] == [
        *(("abroad", "active"), ("gone", "lapsed"), ("keen", "active"), ("once", "active"), ("back", "active"), ("lead", "lead")),
    ]
    keen = found.customers[2]
    assert keen.mrr is None
    assert keen.bought is not None
    assert keen.bought.to_json() == {
        "count": 4,
        "first": "2026-05-01",
        "last": "2026-06-14",
        "usual_gap_days": 15.0,
        "expected_next": "2026-06-29",
        "lapses_on": "2026-07-15",
        "lapsed": False,
        "revenue": 100.0,
    }
    assert found.customers[0].bought is not None
    assert found.customers[0].bought.spent is None, "euros without a rate"
    assert found.customers[3].bought is not None
    assert found.customers[3].bought.expected is None, "one purchase is no rhythm"
    assert found.customers[3].bought.lapses == parse_iso("2026-06-01") + 174
    lead = found.to_json()["customers"][5]  # type: ignore[index]
    assert {name: value for name, value in lead.items() if value is not None} == {"customer_id": "lead", "name": "Lead", "status": "lead"}


def test_the_screen_s_list_is_the_same(workspace: Workspace) -> None:
    every = customers(workspace, View()).customers
    found = listing(workspace, View(), "mrr", IMPORT_DAY)
    assert found.by_purchase
    assert found.first == every
    assert [line.customer_id for line in lines(workspace, found.numbers[1:3]).values()] == ["gone", "keen"]
    newest = listing(workspace, View(), "newest", IMPORT_DAY)
    assert [line.customer_id for line in newest.first][:2] == ["abroad", "once"]
    some = listing(workspace, View(where=where_of([("segment", "b2b")])), "mrr", IMPORT_DAY)
    assert [line.customer_id for line in some.first] == ["keen"]


def test_the_page_tells_the_rhythm_and_the_comings_and_goings(workspace: Workspace) -> None:
    page = customer(workspace, "back")
    assert page.status == "active"
    moves = [(iso(event.day), event.what) for event in page.timeline if event.what in ("first_paid", "churned", "returned")]
    assert moves == [("2026-06-30", "returned"), ("2026-01-23", "churned"), ("2026-01-01", "first_paid")]
    assert [(stage.name, iso(stage.start)) for stage in page.journey] == [
        *(("customer", "2026-01-01"), ("churned", "2026-01-23"), ("returned", "2026-06-30")),
    ]
    assert page.bought is not None
    assert page.bought.gap == Fraction(7 + 173, 2)
    assert page.trend.money == "Revenue"
    assert [int(amount or 0) for amount in page.trend.mrr] == [10, 0, 0, 0, 0, 5]
    gone = customer(workspace, "gone")
    assert (gone.status, iso(gone.first_paid or 0)) == ("lapsed", "2026-03-01")
    assert customer(workspace, "lead").status == "lead"


def test_risk_is_silence_longer_than_usual_with_the_payment_behind_it(workspace: Workspace) -> None:
    found = at_risk(workspace, View(), IMPORT_DAY)
    assert found.by_purchase
    rows = {row.customer_id: row for row in found.customers}
    assert set(rows) == {"keen", "back", "once", "abroad"}, "who has lapsed is no risk any more"
    (reason,) = rows["keen"].reasons
    assert reason.signal == "purchase_gap"
    assert reason.evidence == "no purchase for 16 days, since 14 Jun 2026; usually every 15 days, lapses on 15 Jul 2026"
    assert reason.points == 5, "16 days of 30: just past the usual"
    assert [(row.kind, row.id, row.day) for row in reason.rows] == [("payment", "keen-2026-06-14-70.50", parse_iso("2026-06-14"))]
    assert rows["once"].reasons == ()
    assert rows["keen"].mrr == Fraction(100 * 365, 12 * 61)
    assert rows["abroad"].mrr is None
    assert iso(rows["keen"].lapses_on or 0) == "2026-07-15"
    document = found.to_json()
    assert document["mrr"] is None
    first = next(row for row in document["customers"] if row["customer_id"] == "keen")  # type: ignore[attr-defined]
    assert (first["mrr"], first["lapses_on"]) == (None, "2026-07-15")
    assert first["monthly_revenue"] == pytest.approx(100 * 365 / 12 / 61)
    assert [row.customer_id for row in at_risk(workspace, View(), IMPORT_DAY, choice=Choice(reason="purchase_gap")).customers] == ["keen"]
    nearest = at_risk(workspace, View(), IMPORT_DAY, choice=Choice(sort="renewal"))
    assert [row.customer_id for row in nearest.customers] == ["keen", "once", "abroad", "back"]
    assert at_risk(workspace, View(), IMPORT_DAY, choice=Choice(reason="renewal_near")).order == ()


def test_an_earlier_day_is_judged_by_what_was_known(workspace: Workspace) -> None:
    found = at_risk(workspace, View(as_of=parse_iso("2026-03-14")), IMPORT_DAY)
    assert [row.customer_id for row in found.customers] == ["gone"]
    assert found.customers[0].reasons == (), "no payment is known of after 6 March, so nobody is silent"
    later = at_risk(workspace, View(as_of=parse_iso("2026-05-21")), IMPORT_DAY).customers
    assert [(row.customer_id, row.reasons) for row in later] == [("keen", ())]


@pytest.mark.parametrize("seed", seeds(40, 8))
def test_list_page_and_risk_agree_with_the_oracle(seed: int, tmp_path: Path) -> None:
    from random import Random

    made = shop(Random(seed), 8)
    facts = made.facts()
    if facts.own_as_of is None or not made.payments:
        return
    life = Purchases(facts, facts.own_as_of)
    with imported(made, tmp_path) as ws:
        found = customers(ws, View())
        risky = {row.customer_id for row in at_risk(ws, View(), IMPORT_DAY).customers}
        for line in found.customers:
            days = life.bought[line.customer_id]
            there = bool(life.level(line.customer_id, facts.own_as_of))
            assert (line.bought is not None) == bool(days)
            assert (line.customer_id in risky) == there
            page = customer(ws, line.customer_id)
            assert page.status == line.status
            assert page.bought == line.bought
            if line.bought is None:
                continue
            assert line.status == ("active" if there else "lapsed")
            assert (iso(line.bought.first), iso(line.bought.last), line.bought.purchases) == (str(days[0]), str(days[-1]), len(days))
            if line.bought.lapses is not None:
                lapsed = date.fromisoformat(iso(line.bought.lapses))
                assert lapsed - timedelta(days=1) >= days[-1]
                assert (lapsed > life.through) == there
            assert page.first_paid == line.first_paid == line.bought.first


def test_the_overview_is_told_by_revenue_and_customers(workspace: Workspace) -> None:
    month = View(PeriodChoice(period=parse_month("2026-06")))
    found = overview(workspace, month, IMPORT_DAY)
    assert found.trend.metric == "revenue"
    assert [card.metric for card in found.cards] == list(BOUGHT_CARDS)
    assert [(move.label, int(move.amount or 0), move.unit) for move in found.moves] == [
        ("start", 1, "count"),
        ("new, stayed", 2, "count"),
        ("returned", 1, "count"),
        ("lapsed", 0, "count"),
        ("end", 4, "count"),
    ]
    chosen = overview(workspace, month, IMPORT_DAY, cards=("mrr",), trend="mrr")
    assert [(card.metric, card.status) for card in chosen.cards] == [("mrr", "no_data")]


@pytest.mark.parametrize(
    ("first", "last"), [("2026-06", "2026-06"), ("2026-03", "2026-03"), ("2026-01", "2026-06"), ("2026-02", "2026-05")]
)
def test_each_step_of_the_roll_forward_is_explained_by_its_own_customers(workspace: Workspace, first: str, last: str) -> None:
    """New customers were opened where the step is of those who stayed."""
    span = Period(parse_month(first).start, parse_month(last).end)
    found = overview(workspace, View(PeriodChoice(period=span)), IMPORT_DAY)
    for move in found.moves[1:]:
        behind = step_of(move, View().on(span)).explain(workspace, IMPORT_DAY, Wanted(difference=True))
        assert behind.answer.figure.value == abs(move.amount or 0) == sum(row.numerator or 0 for row in behind.rows or ()), move
        difference = behind.difference
        assert difference is not None
        if difference.value is not None:
            assert sum((mover.contribution for mover in difference.movers), Fraction(0)) == difference.value
            assert difference.before == behind.answer.previous


def test_a_workspace_without_anything_has_neither(tmp_path: Path) -> None:
    with created(MADE, tmp_path) as ws:
        assert not listing(ws, View(), "mrr", IMPORT_DAY).by_purchase
        assert at_risk(ws, View(), IMPORT_DAY).customers == ()


def test_the_waterfall_of_a_shop_goes_from_active_customers_to_active_customers(tmp_path: Path) -> None:
    with imported(MADE, tmp_path) as ws:
        found = waterfall(ws, View(PeriodChoice(parse_month("2026-06"))), IMPORT_DAY)
        assert found.counted
        listed = overview(ws, View(PeriodChoice(parse_month("2026-06"))), IMPORT_DAY)
        assert found.periods[-1].moves == listed.moves
        for steps in found.periods:
            start, *moves, end = (move.amount for move in steps.moves)
            if end is not None:
                assert (start or 0) + sum(move or 0 for move in moves) == end


def test_a_switch_s_preview_begins_with_the_shop_s_own_cards(workspace: Workspace) -> None:
    found = preview(workspace, "churn_base", "start+new", date(2026, 7, 5))
    assert tuple(turned.metric.id for turned in found.figures)[: len(BOUGHT_CARDS)] == BOUGHT_CARDS
