"""Movements read from columns are those read customer by customer."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cstui.base.days import Period, months
from cstui.metrics.columns import NOBODY, StepColumns, grouping, sums, sweep
from cstui.metrics.movements import NOTHING
from cstui.metrics.movements import sweep as one_by_one
from cstui.metrics.steps import Steps, level_on

FIRST = 2026 * 12
YEAR = [months(FIRST + i) for i in range(12)]
LAST = YEAR[-1].last
DAYS = st.integers(YEAR[0].start - 60, LAST + 60)
LEVELS = st.sampled_from([0, 0, 1, 2, 2**62 + 1, 2**63 - 1])

steps = (
    st.lists(st.tuples(DAYS, LEVELS), min_size=1, max_size=8, unique_by=lambda step: step[0])
    .map(sorted)
    .filter(lambda found: found[0][1] > 0)  # MRR begins at 0, so the first step is one up
)
everybody = st.lists(steps, max_size=8)
periods = st.one_of(
    st.just(YEAR),
    st.just([months(FIRST + i, 3) for i in range(8)]),
    st.just([Period(YEAR[2].start + 3, YEAR[4].start + 1), Period(YEAR[6].start, YEAR[6].start + 1)]),
)


def columns(found: list[Steps]) -> StepColumns:
    sizes = np.array([len(own) for own in found], dtype=np.int64)
    flat = np.array([step for own in found for step in own], dtype=np.int64).reshape(-1, 2)
    return StepColumns(np.arange(len(found), dtype=np.int64), np.cumsum(sizes) - sizes, flat[:, 0], flat[:, 1])


@given(everybody, periods, DAYS)
def test_movements_are_those_of_one_customer_after_another(found: list[Steps], asked: list[Period], as_of: int) -> None:
    assert sweep(columns(found), asked, as_of, NOBODY) == one_by_one(enumerate(found), asked, as_of)


@given(everybody, periods, DAYS)
def test_movements_by_group_too(found: list[Steps], asked: list[Period], as_of: int) -> None:
    names = {number: "even" if number % 3 == 0 else "odd" for number in range(len(found)) if number % 3 < 2}
    members = {value: np.array([n for n, own in names.items() if own == value], dtype=np.int64) for value in ("even", "odd", "nobody")}
    by_group = one_by_one(enumerate(found), asked, as_of, names)
    together = sweep(columns(found), asked, as_of, grouping(members))
    assert together == {name: by_group.get(name, [NOTHING] * len(asked)) for name in (*members, None)}


@given(everybody, DAYS)
def test_levels_on_a_day(found: list[Steps], day: int) -> None:
    assert columns(found).levels(day).tolist() == [level_on(own, day) for own in found]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(-(2**63), 2**63 - 1)), max_size=30))
def test_sums_are_exact_past_64_bits(found: list[tuple[int, int]]) -> None:
    keys, amounts = (np.array([pair[i] for pair in found], dtype=np.int64) for i in (0, 1))
    assert sums(keys, amounts, 4) == [sum(amount for key, amount in found if key == wanted) for wanted in range(4)]
