"""Movements between the two ends of periods, and the levels on either side of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cstui.base.days import Period, months
from cstui.metrics.movements import Movement, runs, sweep
from cstui.metrics.steps import Steps, level_on

FIRST = 2026 * 12
YEAR = [months(FIRST + i) for i in range(12)]
LAST = YEAR[-1].last

steps = st.lists(st.tuples(st.integers(YEAR[0].start - 60, LAST + 60), st.integers(0, 4)), max_size=8, unique_by=lambda s: s[0]).map(sorted)


def levels(found: list[Steps], day: int) -> tuple[int, int]:
    """(customers active, MRR) on a day."""
    now = [level_on(own, day) for own in found]
    return sum(level > 0 for level in now), sum(now)


@given(st.lists(steps, max_size=6), st.integers(YEAR[0].start, LAST))
def test_levels_and_movements_agree_on_every_period(found: list[Steps], as_of: int) -> None:
    for period, movement in zip(YEAR, sweep(enumerate(found), YEAR, as_of)[None], strict=True):
        start, end = min(period.start - 1, as_of), min(period.last, as_of)
        assert (movement.start_n, movement.start) == levels(found, start)
        assert (movement.end_n, movement.end) == levels(found, end)
        kept = movement.start - movement.contraction - movement.churned  # the numerator of grr; with expansion, of nrr
        assert kept == sum(min(level_on(own, start), level_on(own, end)) for own in found)
        assert kept + movement.expansion == sum(level_on(own, end) for own in found if level_on(own, start))


@given(st.lists(steps, max_size=6))
def test_a_period_reads_the_same_alone_and_in_a_run(found: list[Steps]) -> None:
    together = sweep(enumerate(found), YEAR, LAST)[None]
    for period, movement in zip(YEAR, together, strict=True):
        assert sweep(enumerate(found), [period], LAST)[None] == [movement]


@given(st.lists(steps, max_size=6))
def test_groups_add_up(found: list[Steps]) -> None:
    groups = dict.fromkeys(range(0, len(found), 2), "even")
    by_group = sweep(enumerate(found), YEAR, LAST, groups)
    for i, whole in enumerate(sweep(enumerate(found), YEAR, LAST)[None]):
        parts = [by_group[key][i] for key in by_group]
        for name in Movement._fields:
            assert sum(getattr(part, name) for part in parts) == getattr(whole, name)


def test_point_to_point_over_the_whole_period_never_a_sum_of_months() -> None:
    quarter = Period(YEAR[0].start, YEAR[2].end)
    left_and_back = [(YEAR[0].start - 10, 5), (YEAR[0].start + 5, 0), (YEAR[2].start + 5, 7)]
    whole = sweep([(1, left_and_back)], [quarter], LAST)[None][0]
    assert (whole.churned_n, whole.returned_n, whole.left_and_back, whole.expansion) == (0, 0, 1, 2)
    monthly = sweep([(1, left_and_back)], YEAR[:3], LAST)[None]
    assert [(m.churned_n, m.returned_n) for m in monthly] == [(1, 0), (0, 0), (0, 1)]


def test_joining_and_leaving_inside_a_period_is_a_memo() -> None:
    found = sweep([(1, [(YEAR[0].start + 2, 5), (YEAR[0].start + 9, 0)])], YEAR[:1], LAST)[None][0]
    assert (found.first_paid, found.new_n, found.joined_and_left, found.end_n) == (1, 0, 1, 0)


def test_runs_are_periods_without_gap_or_overlap() -> None:
    assert runs(YEAR) == [list(range(12))]
    assert runs([YEAR[0], YEAR[2], YEAR[3]]) == [[0], [1, 2]]
