"""Days, and the periods that are asked for: what is written, what lies before and after, and what no calendar has."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cstui.base.days import Period, iso, months, parse_iso, parse_month, parse_quarter, parse_year, rolling, series
from cstui.base.errors import UsageError


def span(period: Period) -> tuple[str, str]:
    return iso(period.start), iso(period.end)


@pytest.mark.parametrize(
    ("parse", "text", "expected"),
    [
        (parse_month, "2024-02", ("2024-02-01", "2024-03-01")),
        (parse_month, "۲۰۲۴-۱۲", ("2024-12-01", "2025-01-01")),
        (parse_quarter, "2026-q4", ("2026-10-01", "2027-01-01")),
        (parse_year, "2026", ("2026-01-01", "2027-01-01")),
        (parse_month, "9999-11", ("9999-11-01", "9999-12-01")),
    ],
)
def test_a_period_is_read_as_it_is_written(parse: Callable[[str], Period], text: str, expected: tuple[str, str]) -> None:
    assert span(parse(text)) == expected


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "26-01", "2026-1", "0000-01", "۰۰۰۰-۰۱", "9999-12", "", "2026-01-01"])
def test_what_is_no_month_or_of_no_calendar_is_wrong_usage(text: str) -> None:
    with pytest.raises(UsageError):
        parse_month(text)


@pytest.mark.parametrize(
    ("parse", "text"),
    [
        (parse_quarter, "9999-Q4"),
        (parse_quarter, "0000-Q1"),
        (parse_quarter, "2026-Q5"),
        (parse_year, "9999"),
        (parse_year, "0999"),
        (parse_iso, "2026-02-29"),
        (parse_iso, "20260101"),
        (parse_iso, "۲۰۲۶-۰۱-۰۱"),
    ],
)
def test_so_is_any_other_period_or_day(parse: Callable[[str], object], text: str) -> None:
    with pytest.raises(UsageError):
        parse(text)


def test_a_year_before_a_leap_day_is_the_day_before_march() -> None:
    leap = parse_iso("2024-02-29")
    assert span(Period(leap, leap + 1).year_before) == ("2023-02-28", "2023-03-01")
    assert span(parse_month("2024-02").year_before) == ("2023-02-01", "2023-03-01")


@given(st.integers(1900 * 12, 2199 * 12), st.integers(1, 24))
def test_periods_of_months_lie_side_by_side(first: int, count: int) -> None:
    period = months(first, count)
    assert period.months == count
    assert (period.previous.end, period.next.start) == (period.start, period.end)
    assert (period.previous.next, period.next.previous) == (period, period)
    assert series(period, 3) == (period.previous.previous, period.previous, period)
    assert [one.end for one in rolling(period, 3)] == [months(first + count - back).start for back in (2, 1, 0)]


@given(st.integers(-20_000, 60_000), st.integers(1, 500))
def test_so_do_periods_of_days(start: int, days: int) -> None:
    period = Period(start, start + days)
    if period.months is None:
        assert (period.previous.end, period.next.start) == (start, start + days)
        assert period.previous.end - period.previous.start == period.next.end - period.next.start == days
