"""Dates and moments to days; the order of day and month of a column."""

from __future__ import annotations

from datetime import UTC, date
from zoneinfo import ZoneInfo

import pytest

from cstui.base.days import to_day
from cstui.ingest.dates import Order, day_of, order_of
from cstui.ingest.failures import Bad

JANUARY_31 = to_day(date(2025, 1, 31))


@pytest.mark.parametrize(
    "text",
    [
        "2025-01-31", "2025/01/31", "2025/1/31", "2025.01.31", "20250131", "2025-01-31T23:59:59", "2025-01-31 3:00", "2025-01-31T10:00:00Z",
        "2025-01-31 15:04 UTC", "2025-01-31T10:00:00.123+00:00", "٢٠٢٥-٠١-٣١", "۲۰۲۵/۰۱/۳۱", "31/01/2025", "31.01.2025 08:26",
        "31-01-2025, 8:26 PM",
    ],
)  # fmt: skip
def test_dates_as_programs_write_them(text: str) -> None:
    assert day_of(text, Order.DMY, UTC) == JANUARY_31


@pytest.mark.parametrize(
    "text",
    [
        "2025-02-30",
        "2025-13-01",
        "13/13/2025",
        "2025-01-31 25:00",
        "31 Jan",
        "45688",
        "1.5",
        "2025-01",
        "31/01/25",
        "1403/08/17",
        "0001-01-01",
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    assert isinstance(day_of(text, Order.DMY, UTC), Bad)


def test_a_moment_counts_on_the_day_it_is_in_the_workspace() -> None:
    late = "2025-01-31T23:30:00Z"
    assert day_of(late, None, UTC) == JANUARY_31
    assert day_of(late, None, ZoneInfo("Asia/Tehran")) == JANUARY_31 + 1
    assert day_of("2025-01-31T23:30:00", None, ZoneInfo("Asia/Tehran")) == JANUARY_31
    assert day_of("2025-02-01T01:00:00+03:30", None, UTC) == JANUARY_31


def test_the_column_decides_the_order_of_day_and_month() -> None:
    assert order_of(["03/04/2025", "13/04/2025"]) is Order.DMY
    assert order_of(["03/04/2025", "04/13/2025"]) is Order.MDY
    assert order_of(["2025-01-31", "05/05/2025"]) is None
    assert order_of(["03/04/2025"]) == "03/04/2025"
    assert order_of(["13/04/2025", "04/13/2025"]) == ("13/04/2025", "04/13/2025")
    assert isinstance(day_of("03/04/2025", None, UTC), Bad)
    assert day_of("05/05/2025", None, UTC) == to_day(date(2025, 5, 5))
    assert isinstance(day_of("03/04/2025", Order.YMD, UTC), Bad)
