"""Stages of a journey, and all journeys together, on lives short enough to see."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cstui.base.days import Period
from cstui.metrics.columns import StepColumns
from cstui.metrics.journey import STAGES, Stay, began, paying, stays
from cstui.metrics.journey_columns import Charges, Starts, lives, paid, tally
from cstui.metrics.service import FOREVER


def test_a_visitor_is_one_while_the_stage_says_so() -> None:
    assert began(3, "Visitor ") == (3, "visitor")
    assert began(3, "customer") == (3, "lead")
    assert began(None, "visitor") is None


def test_mrr_makes_customers_leavers_and_returners() -> None:
    assert paying([(1, 7), (5, 9), (9, 0), (12, 4), (20, 0), (30, 5)], 25) == [
        (1, "customer"), (9, "churned"), (12, "returned"), (20, "churned"),
    ]  # fmt: skip


def test_the_way_is_gone_once() -> None:
    """A second trial or record does not turn it back; who pays was never lost; of two that begin on one day the later counts."""
    assert stays([(1, "lead"), (4, "trial"), (4, "customer"), (8, "trial"), (9, "lost"), (10, "churned")]) == (
        Stay("lead", 1, 4),
        Stay("customer", 4, 10),
        Stay("churned", 10, None),
    )
    assert stays([(1, "lead"), (1, "lost")]) == (Stay("lead", 1, 1), Stay("lost", 1, None))
    assert stays([]) == ()


Life = list[tuple[int, str]]


def starts(lives: Mapping[int, Life]) -> Starts:
    """What each customer's stages began on, as columns, later ones first."""
    every = [(who, day, STAGES.index(stage)) for who, life in lives.items() for day, stage in life]
    return Starts(*np.array(every[::-1], np.int64).reshape(-1, 3).T)


def charges(names: list[str], contacts: list[tuple[int, int, int]], now: Mapping[int, int]) -> Charges:
    """`contacts`: (customer, day, who held it); `now`: customer → the record's owner."""
    whose = np.array([now.get(one, -1) for one in range(10)])
    customer, at, who = np.array(contacts, np.int64).reshape(-1, 3).T
    return Charges(names, customer, at, who, whose)


NOBODY = charges([], [], {})


def test_moves_are_counted_by_customer_and_by_time() -> None:
    twice: Life = [(1, "customer"), (5, "churned"), (8, "returned"), (10, "churned"), (20, "returned")]
    told = lives(starts({7: twice, 8: [(2, "customer"), (4, "churned")]}))
    stages, moves = tally(told, charges(["Sara", "Omid"], [(7, 6, 0), (8, 1, 0), (6, 6, 0)], {7: 1, 8: 1, 9: 0}), None, 30)
    found = {(move.origin, move.target): move for move in moves}
    back = found["churned", "returned"]
    assert (back.members, back.times, back.median_days) == ((7,), 2, Fraction(13, 2))
    assert back.days == (10,)
    by_name = {stage.stage: stage for stage in stages}
    assert by_name["churned"].members == (8,)
    assert by_name["churned"].waiting_days == 27
    assert by_name["churned"].days == (27,)
    assert by_name["churned"].owners == (("Omid", 1), ("Sara", 1))
    assert by_name["returned"].owners == (("Omid", 1),)


def test_a_period_counts_what_happened_in_it() -> None:
    told = lives(starts({7: [(1, "lead"), (5, "customer"), (40, "churned")]}))
    stages, moves = tally(told, NOBODY, Period(4, 10), 99)
    assert [(move.origin, move.target) for move in moves] == [("lead", "customer")]
    assert {stage.stage: stage.members for stage in stages if stage.members} == {"customer": (7,)}


def test_nobody_has_no_journey() -> None:
    stages, moves = tally(lives(starts({})), NOBODY, None, 99)
    assert moves == ()
    assert {(stage.reached, stage.members, stage.median_days) for stage in stages} == {(0, (), None)}


@given(st.dictionaries(st.integers(0, 9), st.lists(st.tuples(st.integers(0, 12), st.sampled_from(STAGES)), max_size=24), max_size=6))
def test_columns_keep_what_each_customer_does_alone(every: dict[int, Life]) -> None:
    found = lives(starts(every))
    rows = zip(*(column.tolist() for column in found), strict=True)
    assert [(who, STAGES[stage], start, until) for who, stage, start, until in rows] == [
        (who, one.stage, one.start, FOREVER if one.end is None else one.end) for who in sorted(every) for one in stays(every[who])
    ]
    assert found.customers() == sum(map(bool, every.values()))


@given(st.lists(st.lists(st.tuples(st.integers(1, 40), st.integers(0, 2)), max_size=8, unique_by=lambda step: step[0]), max_size=5))
def test_columns_see_the_same_customers_leavers_and_returners(every: list[list[tuple[int, int]]]) -> None:
    steps = {who: sorted(own) for who, own in enumerate(every) if own and min(own)[1]}
    sizes = np.array([len(own) for own in steps.values()], np.int64)
    day, level = np.array([step for own in steps.values() for step in own], np.int64).reshape(-1, 2).T
    found = paid(StepColumns(np.array([*steps], np.int64), np.cumsum(sizes) - sizes, day, level), 25)
    rows = [(who, when, STAGES[stage]) for who, when, stage in zip(*(column.tolist() for column in found), strict=True)]
    assert rows == [(who, *start) for who, own in steps.items() for start in paying(own, 25)]
