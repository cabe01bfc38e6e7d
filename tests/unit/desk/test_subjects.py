"""What can be explained beside a metric of everybody: CSAT at a touchpoint, one customer's figures, the total of a risk list."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from cstui.base.ask import PeriodChoice, View, Where
from cstui.base.days import months, parse_month
from cstui.base.errors import UnknownField, UsageError
from cstui.desk.at_risk import Choice, at_risk, customer_risk
from cstui.desk.customer_page import customer
from cstui.desk.explain import Explanation, Wanted, explain
from cstui.desk.figures import figures
from cstui.desk.overview import overview
from cstui.desk.subjects import DaysOf, FigureOf, RiskTotalOf, TouchpointOf
from cstui.desk.workspace import Workspace, open_workspace
from cstui.metrics.figure import Part

ROOT = Path(__file__).resolve().parents[3]
TODAY = date(2026, 11, 21)
ALL = Wanted(difference=True)
OCTOBER = View(PeriodChoice(period=parse_month("2026-10")))
NONE = Fraction(0)
HALF = View(PeriodChoice(trailing=6), where=(("plan", ("business", "team")),))


@pytest.fixture(scope="module")
def ws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    workspace = open_workspace(Path(shutil.copy(ROOT / "sample.db", tmp_path_factory.mktemp("subjects") / "sample.db")))
    yield workspace
    workspace.close()


def sums(found: Explanation) -> tuple[Fraction, Fraction]:
    rows = found.rows or ()
    return sum((row.numerator or NONE for row in rows), NONE), sum((row.denominator or NONE for row in rows), NONE)


def touchpoints(ws: Workspace, view: View) -> dict[str, dict[str, Part]]:
    parts = explain(ws, "csat", view, TODAY).answer.figure.parts
    assert parts is not None
    held = parts["by_touchpoint"]
    assert isinstance(held, dict)
    return held


@pytest.mark.parametrize("view", [OCTOBER, HALF], ids=["october", "half a year of two plans"])
def test_a_touchpoint_s_rows_sum_to_the_figure_that_csat_gives_for_it(ws: Workspace, view: View) -> None:
    held = touchpoints(ws, view)
    assert len(held) > 2
    rows = 0
    for name, part in held.items():
        found = TouchpointOf(name, view).explain(ws, TODAY, ALL)
        top, bottom = sums(found)
        assert found.answer.figure.value == part["value"] == 100 * top / bottom
        assert bottom == part["n"] == found.total_rows
        assert all(row.note is not None and row.note.endswith(name) for row in found.rows or ())
        assert name in found.metric.label
        assert found.difference is not None
        if found.difference.value is not None:
            assert found.difference.now == part["value"]
            assert sum(mover.contribution for mover in found.difference.movers) == found.difference.value
        rows += found.total_rows or 0
    assert rows == explain(ws, "csat", view, TODAY).total_rows


def test_a_touchpoint_that_no_answer_names(ws: Workspace) -> None:
    with pytest.raises(UsageError, match=r"No answer names the touchpoint “lunch”. There are: .*onboarding"):
        TouchpointOf("lunch", OCTOBER).explain(ws, TODAY, ALL)
    nowhere = TouchpointOf("", OCTOBER).explain(ws, TODAY, ALL)
    assert nowhere.answer.figure.status == "zero_base"
    assert nowhere.rows == ()


def test_one_customer_s_figures_are_those_of_their_page(ws: Workspace) -> None:
    ids = [row.customer_id for row in at_risk(ws, View(), TODAY, 12).customers]
    assert len(ids) == 12
    for name in ids:
        page = customer(ws, name)
        view = View(where=(("customer_id", (f" {name} ",)),))
        mrr, worth = (FigureOf(metric, view).explain(ws, TODAY, Wanted()) for metric in ("mrr", "clv_realised"))
        assert mrr.answer.figure.value == page.mrr == sums(mrr)[0]
        assert worth.answer.figure.value == page.realised
        assert sums(worth)[0] == page.realised
        assert sums(worth)[1] == 1
        assert {row.customer_id for row in (*(mrr.rows or ()), *(worth.rows or ()))} == {name}


def test_customers_are_asked_of_by_id_and_never_broken_down_by_it(ws: Workspace) -> None:
    both = [row.customer_id for row in at_risk(ws, View(), TODAY, 2).customers]
    one = [explain(ws, "mrr", View(where=(("customer_id", (name,)),)), TODAY).answer.figure.value for name in both]
    assert explain(ws, "mrr", View(where=(("customer_id", tuple(both)),)), TODAY).answer.figure.value == sum(value or 0 for value in one)
    assert explain(ws, "mrr", View(where=(("customer_id", ("nobody",)),)), TODAY).answer.figure.value == 0
    crossed = View(where=(("customer_id", tuple(both)), ("plan", ("no such plan",))))
    assert explain(ws, "mrr", crossed, TODAY).answer.figure.value == 0
    with pytest.raises(UnknownField):
        figures(ws, ["mrr"], View(by="customer_id"), TODAY)


@pytest.mark.parametrize("choice", [Choice(), Choice(reason="usage_drop"), Choice(sort="mrr")], ids=["all", "one reason", "by MRR"])
@pytest.mark.parametrize("where", [(), (("plan", ("team",)),)], ids=["everybody", "team"])
def test_a_risk_list_s_total_is_that_of_its_customers(ws: Workspace, choice: Choice, where: Where) -> None:
    view = View(where=where)
    listed = at_risk(ws, view, TODAY, 0, choice=choice)
    found = RiskTotalOf(view, choice).explain(ws, TODAY, ALL)
    assert found.answer.figure.value == listed.weighted == sums(found)[0]
    assert found.total_rows == sum(risk > 0 for risk in listed.risks) > 0
    first = (found.rows or ())[0]
    judged = customer_risk(ws, first.customer_id or "")
    assert judged is not None
    assert judged.mrr is not None
    assert first.numerator == judged.mrr * judged.risk / 100
    amounts = [row.numerator or Fraction(0) for row in found.rows or ()]
    assert amounts == sorted(amounts, reverse=True)
    few = RiskTotalOf(view, choice).explain(ws, TODAY, Wanted(limit=3))
    assert few.rows == (found.rows or ())[:3]
    assert few.total_rows == found.total_rows


def test_what_can_still_be_saved_is_of_the_last_day_and_held_against_nothing(ws: Workspace) -> None:
    """It was told as “unchanged” since a period before, in which it was never looked at."""
    value = explain(ws, "mrr_scheduled_churn", OCTOBER, TODAY).answer.figure.value
    assert value
    for wanted in (ALL, Wanted(difference=True, year_before=True)):
        found = explain(ws, "mrr_scheduled_churn", OCTOBER, TODAY, wanted)
        assert found.answer.figure.value == value
        assert found.answer.previous is None
        assert found.difference is not None
        assert found.difference.value is None
        assert "the data's last day" in (found.difference.reason or "")
    card = overview(ws, OCTOBER, TODAY, cards=("mrr_scheduled_churn",)).cards[0]
    assert (card.value, card.previous, card.year_before) == (value, None, None)


def test_a_customer_s_active_days_are_those_of_their_chart(ws: Workspace) -> None:
    """The chart's days were “worked out from several rows”, and nothing told which."""
    told = 0
    for name in [row.customer_id for row in at_risk(ws, View(), TODAY, 12).customers]:
        line = customer(ws, name).trend
        for month, days in zip(line.months[-6:], line.days[-6:], strict=True):
            found = DaysOf(View(where=(("customer_id", (name,)),)).on(months(month))).explain(ws, TODAY, ALL)
            assert found.answer.figure.value == days == sums(found)[0]
            assert all(row.customer_id == name and row.file == "usage.csv" and row.line for row in found.rows or ())
            assert found.difference is not None
            if found.difference.value is not None:
                assert sum(mover.contribution for mover in found.difference.movers) == found.difference.value
            told += len(found.rows or ())
    assert told > 20
