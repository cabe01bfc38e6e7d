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
        "1.5",
        "2025-01",
        "31/01/25",
        "1403/12/31",
        "1404/12/30",
        "31 مهر 1403",
        "17 Safar 2026",
        "31 October 1403",
        "October 2026",
        "2026",
        "1403",
        "99999",
        "123456789012345678",
        "Acme Ltd",
        "0001-01-01",
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    assert isinstance(day_of(text, Order.DMY, UTC), Bad)


@pytest.mark.parametrize("text", ["13/04/26", "26-04-13", "13.04.26 10:00", "13-Apr-26", "Apr 13, 26", "١٣/٠٤/٢٦"])
def test_a_year_of_two_digits_says_that_it_wants_four(text: str) -> None:
    found = day_of(text, Order.DMY, UTC)
    assert isinstance(found, Bad)
    assert "The year has two digits" in found.message


@pytest.mark.parametrize(
    "text",
    [
        "31 Jan 2025", "January 31, 2025", "31-Jan-2025", "2025-Jan-31", "Fri, 31 Jan 2025 10:00:00 GMT", "31st of January 2025",
        "31 يناير 2025", "٣١ كانون الثاني ٢٠٢٥", "31 ژانویه 2025", "1403/11/12", "1403-11-12", "۱۴۰۳/۱۱/۱۲", "۱۴۰۳/۱۱/۱۲ ۱۵:۰۲",
        "12/11/1403",
        "14031112", "۱۲ بهمن ۱۴۰۳", "جمعه ۱۲ بهمن ۱۴۰۳", "12 Bahman 1403", "1 شعبان 1446", "١ شعبان ١٤٤٦ هـ", "1446/08/01",
        "45688", "45688.75",
        "1738281600", "1738281600000", "1738281600.25", "1738281600000000", "31 يناير 2025 10:00 م",
    ],
)  # fmt: skip
def test_dates_in_words_in_other_calendars_and_as_numbers(text: str) -> None:
    assert day_of(text, None, UTC) == JANUARY_31


def test_serial_numbers_count_from_the_workbook_s_own_epoch() -> None:
    assert day_of("44226", None, UTC, from_1904=True) == JANUARY_31
    assert day_of("44226", None, UTC) == to_day(date(2021, 1, 30))


def test_an_instant_counts_on_the_day_it_is_in_the_workspace() -> None:
    assert day_of("1738366200", None, UTC) == JANUARY_31
    assert day_of("1738366200", None, ZoneInfo("Asia/Tehran")) == JANUARY_31 + 1


def test_whose_years_are_counted_is_the_column_s_or_the_person_s_to_say() -> None:
    assert order_of(["1403/01/02", "1405/02/03"]) is Order.JALALI
    assert order_of(["۱۴۰۳/۰۱/۰۲"]) is Order.JALALI
    assert order_of(["02/01/1403"]) is Order.JALALI
    assert order_of(["1445/01/02", "1418/02/03"]) is Order.HIJRI
    assert order_of(["1403/01/02", "1446/02/03"]) == ("1403/01/02", "1446/02/03")
    assert order_of(["2025-01-01", "1403/01/02"]) is Order.JALALI
    assert day_of("1403/01/05", Order.HIJRI, UTC) == to_day(date(1982, 10, 22))
    assert day_of("1425/01/05", Order.JALALI, UTC) == to_day(date(2046, 3, 25))
    assert day_of("2025-01-31", Order.JALALI, UTC) == JANUARY_31


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
