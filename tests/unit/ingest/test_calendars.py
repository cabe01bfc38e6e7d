"""Solar Hijri and Hijri dates, against published tables and other libraries."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import jdatetime
import pytest
from hijridate import Gregorian

from cstui.ingest.calendars import MONTHS, Calendar, hijri, is_leap, jalali, month_named


def rows(shared_data: Path, name: str) -> Iterator[dict[str, str]]:
    with (shared_data / "persian_arabic" / name).open(encoding="utf-8") as file:
        yield from csv.DictReader(file)


@pytest.mark.shared_data
def test_every_published_pair(shared_data: Path) -> None:
    pairs = list(rows(shared_data, "jalali_gregorian_pairs.csv"))
    assert len(pairs) > 100
    for row in pairs:
        expected = date(int(row["gy"]), int(row["gm"]), int(row["gd"]))
        assert jalali(int(row["jy"]), int(row["jm"]), int(row["jd"])) == expected, row


@pytest.mark.shared_data
def test_every_official_leap_year_and_new_year(shared_data: Path) -> None:
    for row in rows(shared_data, "jalali_official_leap_1206_1498.csv"):
        year = int(row["jalali_year"])
        assert jalali(year, 1, 1) == date(int(row["norouz_gy"]), int(row["norouz_gm"]), int(row["norouz_gd"]))
        assert is_leap(year) == (row["is_leap"] == "True"), year


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ((1403, 8, 17), date(2024, 11, 7)),
        ((1403, 12, 30), date(2025, 3, 20)),
        ((1404, 1, 1), date(2025, 3, 21)),
        ((1278, 10, 11), date(1900, 1, 1)),
    ],
)
def test_some_days(written: tuple[int, int, int], expected: date) -> None:
    assert jalali(*written) == expected


def test_every_day_of_a_century_follows_the_one_before_as_jdatetime_has_it() -> None:
    day = date(1980, 3, 21)
    while day < date(2060, 3, 20):
        other = jdatetime.date.fromgregorian(date=day)
        assert jalali(other.year, other.month, other.day) == day
        day += timedelta(days=1)


def test_hijri_days_as_the_umm_al_qura_calendar_has_them() -> None:
    for offset in range(0, 20_000, 7):
        day = date(2000, 1, 1) + timedelta(days=offset)
        other = Gregorian(day.year, day.month, day.day).to_hijri()
        assert hijri(other.year, other.month, other.day) == day
    assert abs((hijri(1342, 12, 29) - hijri(1343, 1, 1)).days) <= 2  # tables begin here


@pytest.mark.parametrize("written", [(1404, 12, 30), (1403, 7, 31), (1403, 13, 1), (1403, 0, 1), (1403, 1, 0), (1403, 1, 32)])
def test_days_that_no_jalali_calendar_has(written: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match=str(written[0])):
        jalali(*written)


@pytest.mark.parametrize("written", [(1446, 1, 31), (1446, 13, 1), (1300, 2, 30), (1300, 0, 1)])
def test_days_that_no_hijri_calendar_has(written: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match=r".*"):
        hijri(*written)


def test_months_by_name() -> None:
    assert {month.calendar for month in MONTHS.values()} == set(Calendar)
    for calendar in Calendar:
        assert {month.number for month in MONTHS.values() if month.calendar is calendar} == set(range(1, 13))
    for words, expected in (
        ("آبان", (Calendar.JALALI, 8)), ("ABAN", (Calendar.JALALI, 8)), ("شنبه آبان", (Calendar.JALALI, 8)),
        ("ربيع الأول", (Calendar.HIJRI, 3)),
        ("Jumada al-Akhirah", (Calendar.HIJRI, 6)), ("تشرين الأول", (Calendar.GREGORIAN, 10)), ("Sat Oct", (Calendar.GREGORIAN, 10)),
    ):  # fmt: skip
        assert month_named(words.replace("-", " ").split()) == expected, words
    assert month_named(["Acme"]) is None
    assert month_named([]) is None
