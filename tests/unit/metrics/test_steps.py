"""A customer's MRR as steps, and the gaps that are too short to be churn."""

from __future__ import annotations

from cstui.metrics.service import FOREVER, Known, Span
from cstui.metrics.steps import bridges, level_on, paying_on, steps_of
from tests.unit.metrics.test_service import row

KNOWN = Known(1_000, 1_000, 30)


def paid(pay: int, end: int, level: int, number: int = 1, currency: str = "USD") -> Span:
    return Span(row(id=number, currency=currency), pay, end, level, "ended", assumed=False, scheduled=None)


def test_several_subscriptions_are_one_level() -> None:
    spans = [paid(10, 50, 5), paid(20, 30, 7, 2), paid(50, FOREVER, 5, 3)]
    assert steps_of(spans, KNOWN, 1) == {"USD": [(10, 5), (20, 12), (30, 5)]}


def test_currencies_are_kept_apart() -> None:
    assert steps_of([paid(10, 50, 5), paid(20, 30, 7, 2, "EUR")], KNOWN, 1) == {"USD": [(10, 5), (50, 0)], "EUR": [(20, 7), (30, 0)]}


def test_a_short_gap_is_bridged_at_the_level_before_it() -> None:
    spans = [paid(10, 50, 5), paid(57, 90, 9, 2)]
    assert steps_of(spans, KNOWN, 8) == {"USD": [(10, 5), (57, 9), (90, 0)]}
    assert steps_of(spans, KNOWN, 7) == {"USD": [(10, 5), (50, 0), (57, 9), (90, 0)]}
    gaps = bridges(spans, KNOWN, 8)
    assert [item.row.id for item in paying_on(spans, 53, gaps)] == [1]
    assert [item.row.id for item in paying_on(spans, 57, gaps)] == [2]


def test_a_gap_that_had_not_ended_by_as_of_is_a_gap() -> None:
    spans = [paid(10, 996, 5), paid(1_001, FOREVER, 5, 2)]
    assert bridges(spans, KNOWN, 30) == []


def test_level_before_the_first_step_is_nothing() -> None:
    assert [level_on([(10, 5), (20, 0)], day) for day in (9, 10, 19, 20)] == [0, 5, 5, 0]
