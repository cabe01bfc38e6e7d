"""What an answer means on the scale it was given on."""

from __future__ import annotations

from fractions import Fraction

import pytest

from cstui.base.days import Period
from cstui.metrics.facts import AnswerRow, LastAnswer
from cstui.metrics.satisfaction import agreement, averaged, band, ease, inside, latest, promoting, satisfied
from cstui.metrics.switches import Definitions


def answer(score: str, scale: str = "0-10", *, who: str = "", day: int = 1, customer: int = 1, direction: str | None = None) -> AnswerRow:
    return AnswerRow(0, customer, day, score, scale, direction, who, "")


@pytest.mark.parametrize(("score", "standard", "article"), [("6", "detractor", "passive"), ("5", "detractor", "detractor")])
def test_bands_follow_the_switch(score: str, standard: str, article: str) -> None:
    assert band(score, Definitions()) == standard
    assert band(score, Definitions(nps_bands="article")) == article
    assert (band("8", Definitions()), band("9", Definitions())) == ("passive", "promoter")


def test_the_latest_answer_of_a_respondent_counts_and_a_nameless_one_each_time() -> None:
    rows = [
        answer("9", who="ann"),
        answer("3"),
        answer("4", who="ann"),
        answer("3"),
        answer("7", who="ann", customer=2),
        answer("5", "1-5"),
    ]
    assert sorted(row.score for row in latest(rows)) == ["3", "3", "4", "7"]


def test_an_advocate_is_one_by_their_last_answer() -> None:
    before: dict[int, LastAnswer] = {1: (3, 0, 1, 2, 11, 1, "8", "0-10"), 2: (2, 0, 1, 3, 12, 2, "9", "1-10")}
    after = before | {1: (9, 0, 1, 4, 13, 1, "10", "0-10")}
    assert promoting([before, after]) == [{2: 12}, {1: 13, 2: 12}]


def test_each_scale_has_its_own_threshold_and_one_without_does_not_count() -> None:
    thresholds = Definitions().thresholds
    given = [("3", "1-5"), ("4", "1-5"), ("5", "1-7"), ("5", "1-10"), ("6", "1-10"), ("2", "1-3")]
    assert [satisfied(answer(*one), thresholds) for one in given] == [False, True, True, False, True, None]


def test_ease_is_read_from_the_right_end_and_the_middle_is_neither() -> None:
    high = [answer(score, "1-7") for score in ("5", "4", "3")]
    low = [answer(score, "1-7", direction="low_easy") for score in ("3", "4", "5")]
    assert [ease(row) for row in high] == [ease(row) for row in low] == [1, 0, -1]
    assert [agreement(row) for row in low] == [Fraction(5), Fraction(4), Fraction(3)]
    assert ease(answer("3", "1-6")) == -1


def test_two_scales_are_averaged_only_where_one_is_chosen() -> None:
    rows = [answer("5", "1-7"), answer("4", "1-5")]
    assert averaged(rows, Definitions()) is None
    assert averaged(rows, Definitions(ces_scale="1-5")) == rows[1:]
    assert averaged(rows[:1], Definitions()) == rows[:1]
    assert averaged([], Definitions()) == []


def test_a_period_takes_its_own_days() -> None:
    rows = [answer("1", day=day) for day in (1, 2, 2, 3)]
    assert inside(rows, Period(2, 3)) == rows[1:3]
