"""Gaps, the percentile, and what lapses: edges of repeat-purchase mode, reckoned by hand."""

from __future__ import annotations

import pytest

from cstui.metrics.purchases import Stay, buying, mode_of, nearest_rank, stays, steps_of

FAR = 10_000


def test_nearest_rank_is_a_value_there_is() -> None:
    assert nearest_rank({}, (9, 10)) is None
    assert nearest_rank({7: 1}, (9, 10)) == 7
    assert nearest_rank(dict.fromkeys(range(1, 11), 1), (9, 10)) == 9
    assert nearest_rank(dict.fromkeys(range(1, 12), 1), (9, 10)) == 10  # rank 9.9, rounded up
    assert nearest_rank({1: 9, 100: 1}, (9, 10)) == 1
    assert nearest_rank({1: 8, 100: 2}, (9, 10)) == 100


def test_the_limit_is_twice_the_median_of_the_gaps_so_far() -> None:
    found = stays([0, 10, 14, 44], single=30)
    assert found == [Stay(0, 30, own=False), Stay(10, 20, own=True), Stay(14, 14, own=True), Stay(44, 20, own=True)]
    assert [stay.lapses for stay in found] == [31, 31, 29, 65]


def test_who_is_silent_for_exactly_the_limit_has_not_lapsed() -> None:
    assert steps_of([0, 10], None, 30) == [(0, 1)]
    assert steps_of([0, 10], None, 31) == [(0, 1), (31, 0)]
    assert steps_of([0, 10, 31], None, 40) == [(0, 1)], "bought on the day they would have lapsed"
    assert steps_of([0, 10, 32], None, 40) == [(0, 1), (31, 0), (32, 1)]


def test_a_single_purchase_is_held_against_the_workspace() -> None:
    assert steps_of([0], 5, FAR) == [(0, 1), (6, 0)]
    assert steps_of([0], None, FAR) == [(0, 1)], "nothing to hold it against is no lapse"
    assert steps_of([0, 9], 5, 9) == [(0, 1), (6, 0), (9, 1)]


def test_purchases_of_one_day_are_one() -> None:
    found = buying([(1, 5), (1, 5), (1, 5), (2, 5), (2, 8)], 8)
    assert found.days == {1: [5], 2: [5, 8]}
    assert found.single == 3
    assert list(found.steps([2, 3])) == [(2, [(5, 1)])]


@pytest.mark.parametrize(
    ("switch", "facts", "mode"),
    [
        ("auto", {"payments": 3}, "repeat_purchase"),
        ("auto", {"payments": 3, "subscriptions": 1}, "subscription"),
        ("auto", {}, "subscription"),
        ("auto", {"customers": 2}, "subscription"),
        ("subscription", {"payments": 3}, "subscription"),
        ("repeat_purchase", {"subscriptions": 1}, "repeat_purchase"),
    ],
)
def test_the_mode_in_force(switch: str, facts: dict[str, int], mode: str) -> None:
    assert mode_of(switch, facts) == mode
