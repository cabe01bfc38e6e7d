"""The trend's and the waterfall's snapshots are what `metrics` says of the same periods."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cstui.base.ask import PeriodChoice, View
from cstui.base.days import months, parse_month
from cstui.desk.annotations import add
from cstui.desk.figures import figures
from cstui.desk.goals import set_goal
from cstui.desk.sample import private_copy
from cstui.desk.trend import trend
from cstui.desk.waterfall import waterfall
from cstui.desk.workspace import Workspace, open_workspace

TODAY = date(2026, 11, 21)
OCTOBER = View(PeriodChoice(parse_month("2026-10")))
TEAM = View(PeriodChoice(parse_month("2026-10")), where=(("plan", ("team",)),))


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return open_workspace(private_copy(tmp_path))


@pytest.mark.parametrize("view", [OCTOBER, TEAM], ids=["all", "filtered"])
@pytest.mark.parametrize("metric", ["mrr", "nps", "customer_churn_rate"])
def test_a_trend_is_the_metric_month_by_month(workspace: Workspace, metric: str, view: View) -> None:
    found = trend(workspace, metric, 24, view, TODAY)
    series = figures(workspace, [metric], View(PeriodChoice(view.choice.period, last=36), view.where), TODAY)
    told = [answers.metrics[metric] for answers in series.periods]
    assert [point.value for point in found.points] == [answer.figure.value for answer in told[12:]]
    assert [point.previous for point in found.points] == [answer.previous for answer in told[12:]]
    assert [point.year_before for point in found.points] == [answer.figure.value for answer in told[:24]]
    assert found.points[-1].period == parse_month("2026-10")


def test_a_trend_knows_the_goal_and_what_happened(workspace: Workspace) -> None:
    set_goal(workspace, "mrr", "200k")
    add(workspace, "2026-03-01", "price change")
    found = trend(workspace, "mrr", 12, OCTOBER, TODAY)
    assert found.goal == 200_000
    assert [note.text for note in found.annotations] == ["price change"]


@pytest.mark.parametrize("view", [OCTOBER, TEAM, View(PeriodChoice(months(2026 * 12 + 6, 3)))], ids=["all", "filtered", "quarters"])
def test_every_period_of_the_waterfall_goes_from_start_to_end(workspace: Workspace, view: View) -> None:
    found = waterfall(workspace, view, TODAY)
    assert len(found.periods) == 12
    assert found.periods[-1].period == view.choice.period
    for before, steps in zip((None, *found.periods), found.periods, strict=False):
        start, *moves, end = (move.amount for move in steps.moves)
        if start is not None and end is not None:
            assert start + sum(move for move in moves if move is not None) == end
        if before is not None:
            assert before.moves[-1].amount == start or start is None or before.moves[-1].amount is None
