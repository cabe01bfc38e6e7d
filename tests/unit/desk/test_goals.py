"""Goals and annotations: what is taken, what is refused, and how far a figure is from its goal."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cstui.base.ask import PeriodChoice, View
from cstui.base.days import Period, month_of, months, parse_iso, parse_month
from cstui.base.errors import CstuiError, UsageError
from cstui.cli.entry import main
from cstui.desk.annotations import add, all_annotations, remove
from cstui.desk.goals import bar, goals, in_period, parse, progress, set_goal
from cstui.desk.overview import overview
from cstui.desk.sample import private_copy
from cstui.desk.workspace import Workspace, open_workspace
from cstui.metrics.registry import metric

TODAY = date(2026, 11, 21)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return open_workspace(private_copy(tmp_path))


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("mrr", "200k", 200_000),
        ("mrr", "$1,250.50", Fraction(125_050, 100)),
        ("mrr", "1.2M", 1_200_000),
        ("customer_churn_rate", "2 %", Fraction(1, 50)),
        ("customer_churn_rate", "۲٪", Fraction(1, 50)),
        ("nrr", "1.05", Fraction(21, 20)),
        ("nps", "-5", -5),
        ("quick_ratio", "4", 4),
        ("customers_new", "٣٠", 30),
    ],
)
def test_a_goal_is_read_as_people_write_it(name: str, text: str, value: Fraction | int) -> None:
    assert parse(metric(name), text) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [("mrr", "lots"), ("mrr", "5 %"), ("nrr", "105"), ("nps", "40 %"), ("customers_new", "2.5"), ("customers_new", "-3"), ("mrr", "nan")],
)
def test_what_is_no_goal_is_refused_with_the_metric_s_name(name: str, text: str) -> None:
    with pytest.raises(UsageError, match=metric(name).label):
        parse(metric(name), text)


def test_a_goal_is_for_a_month() -> None:
    quarter, days = months(month_of(parse_iso("2026-07-01")), 3), Period(100, 110)
    assert in_period("revenue", Fraction(10), quarter) == 30
    assert in_period("revenue", Fraction(10), days) is None
    assert in_period("customer_churn_rate", Fraction(1, 50), quarter) is None
    assert in_period("customer_churn_rate", Fraction(1, 50), parse_month("2026-07")) == Fraction(1, 50)
    assert in_period("mrr", Fraction(10), quarter) == in_period("nps", Fraction(10), days) == 10


def test_progress_says_in_words_which_side_of_the_goal_it_is() -> None:
    def words(value: str, goal: str, unit: str, better: str) -> str:
        return progress(Fraction(value), Fraction(goal), unit, better, "USD").words

    assert words("150000", "200000", "money", "higher") == "75 % of $200k"
    assert words("8085", "10500", "money", "higher") == "77 % of $10.5k"
    assert words("8085", "10512", "money", "higher") == "77 % of $10,512"
    assert words("1000000", "1250000", "money", "higher") == "80 % of $1.25M"
    assert words("0.03", "0.0225", "ratio", "lower") == "0.8 pt over 2.25 %"
    assert words("199999", "200000", "money", "higher") == "99.9 % of $200k"
    assert words("200000", "200000", "money", "higher") == "✓ $200k met"
    assert words("0.026", "0.02", "ratio", "lower") == "0.6 pt over 2.0 %"
    assert words("0.02", "0.02", "ratio", "lower") == "✓ under 2.0 %"
    assert words("-5", "40", "score", "higher") == "45 below +40"
    assert words("12", "10", "count", "neither") == "2 above 10"


@given(st.fractions(-1000, 1000), st.fractions(-1000, 1000), st.sampled_from(["higher", "lower", "neither"]))
def test_a_bar_is_full_only_when_the_goal_is_reached(value: Fraction, goal: Fraction, better: str) -> None:
    found = progress(value, goal, "score", better, "USD")
    if found.share is not None:
        assert 0 <= found.share <= 1
        assert ("┄" not in bar(found.share, 9)) == bool(found.reached)
    if found.reached is not None:
        assert found.reached == (value >= goal if better == "higher" else value <= goal)


def test_goals_are_kept_listed_and_taken_away(workspace: Workspace) -> None:
    before = workspace.revision()
    set_goal(workspace, "mrr", "200k")
    set_goal(workspace, "customer_churn_rate", "2 %")
    assert workspace.revision() > before
    found = goals(workspace, View(), TODAY)
    assert [goal.metric.id for goal in found.goals] == ["customer_churn_rate", "mrr"]
    cards = {card.metric: card for card in overview(workspace, View(), TODAY).cards}
    assert cards["mrr"].goal == 200_000
    assert found.goals[1].value == cards["mrr"].value
    assert cards["nps"].goal is None
    set_goal(workspace, "mrr", "none")
    assert [goal.metric.id for goal in goals(workspace, View(), TODAY).goals] == ["customer_churn_rate"]
    with pytest.raises(CstuiError):
        set_goal(workspace, "nonsense", "1")


@pytest.mark.parametrize(
    ("period", "before"),
    [
        (parse_month("2026-10"), parse_month("2025-10")),
        (months(2026 * 12 + 6, 3), months(2025 * 12 + 6, 3)),
        (months(2024 * 12, 12), months(2023 * 12, 12)),
        (Period(parse_iso("2024-02-29"), parse_iso("2024-03-05")), Period(parse_iso("2023-02-28"), parse_iso("2023-03-05"))),
        (Period(parse_iso("2024-02-10"), parse_iso("2024-03-01")), Period(parse_iso("2023-02-10"), parse_iso("2023-03-01"))),
    ],
)
def test_the_same_period_a_year_earlier(workspace: Workspace, period: Period, before: Period) -> None:
    assert period.year_before == before
    now = overview(workspace, View(PeriodChoice(period)), TODAY)
    then = overview(workspace, View(PeriodChoice(before)), TODAY)
    assert [card.year_before for card in now.cards] == [card.value for card in then.cards]


def test_annotations_are_by_day_and_hostile_text_is_safe(workspace: Workspace) -> None:
    add(workspace, "۲۰۲۶-۰۷-۱۴", "new onboarding")
    add(workspace, "2026-03", "price\x1b[2J change [/]")
    kept = all_annotations(workspace)
    assert [(one.number, one.text) for one in kept] == [(2, "price·[2J change [/]"), (1, "new onboarding")]
    assert overview(workspace, View(), TODAY).annotations == kept
    assert remove(workspace, 2).text.startswith("price")
    for date_, text in (("2026-13-01", "x"), ("soon", "x"), ("2026-03-01", " "), ("2026-03-01", "x" * 81)):
        with pytest.raises(UsageError):
            add(workspace, date_, text)
    with pytest.raises(UsageError, match="Numbers: 1"):
        remove(workspace, 7)


def test_the_commands_say_what_they_did(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = str(private_copy(tmp_path))
    assert main(["--db", path, "goals", "mrr", "200k", "--json"]) == 0
    (goal,) = json.loads(capfd.readouterr().out)["goals"]
    assert goal["goal"] == 200_000
    assert goal["reached"] is False
    assert goal["share"] == pytest.approx(goal["value"] / 200_000)
    assert main(["--db", path, "goals", "customer_churn_rate", "2 %", "--quarter", "2026-Q3", "--json"]) == 0
    (goal,) = json.loads(capfd.readouterr().out)["goals"]
    assert (goal["goal_in_period"], goal["reason"]) == (None, "the goal is for a month")
    assert main(["--db", path, "annotations", "add", "2026-03-01", "price", "change", "--json"]) == 0
    assert json.loads(capfd.readouterr().out)["annotations"] == [{"number": 1, "date": "2026-03-01", "text": "price change"}]
    assert main(["--db", path, "annotations", "remove", "1"]) == 0
    assert "price change" in capfd.readouterr().err
    for wrong in (["annotations", "add", "2026-03-01"], ["annotations", "remove", "x"], ["goals", "mrr", "x"], ["annotations", "remove"]):
        assert main(["--db", path, *wrong]) == 2
    capfd.readouterr()
    assert main(["--demo", "goals", "mrr", "1"]) == 2
