"""Stages of a journey, and all journeys together, on lives short enough to see."""

from __future__ import annotations

from fractions import Fraction

from cstui.base.days import Period
from cstui.metrics.journey import Stay, Traveller, began, paying, stays, tally


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


def test_moves_are_counted_by_customer_and_by_time() -> None:
    twice = stays([(1, "customer"), (5, "churned"), (8, "returned"), (10, "churned"), (20, "returned")])
    once = stays([(2, "customer"), (4, "churned")])
    stages, moves = tally([Traveller(7, twice, [(6, "Sara")], "Omid"), Traveller(8, once, [], "Omid")], None, 30)
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
    life = stays([(1, "lead"), (5, "customer"), (40, "churned")])
    stages, moves = tally([Traveller(7, life, [], None)], Period(4, 10), 99)
    assert [(move.origin, move.target) for move in moves] == [("lead", "customer")]
    assert {stage.stage: stage.members for stage in stages if stage.members} == {"customer": (7,)}
