"""Days of use as bits: how many days of a period a user had been active in the window before."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cstui.base.days import Period
from cstui.metrics.engagement import WINDOWS, Days


@given(st.sets(st.integers(0, 90)), st.integers(0, 90), st.integers(0, 40), st.sampled_from(sorted(WINDOWS.values())))
def test_windows_reach_back_from_each_day(active: set[int], start: int, length: int, window: int) -> None:
    days = Days(1000, sum(1 << day for day in active))
    period = Period(1000 + start, 1000 + start + length)
    expected = sum(any(day - back in active for back in range(window)) for day in range(start, start + length))
    assert days.within(period, window) == expected
