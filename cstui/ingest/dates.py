"""Dates as people and programs write them, to days; and how a column writes them, decided for the whole of it.

Never guesses row by row: `03/04/2025` is read only when its column, or the person, has said which is the day, and `1430/01/05`
when it is known whose years are counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from enum import StrEnum

from cstui.base.days import to_day
from cstui.ingest.calendars import FIRST, HIJRI_FROM, JALALI_UNTIL, LAST, Calendar, date_in, month_named
from cstui.ingest.cells import serial_date
from cstui.ingest.failures import Bad
from cstui.ingest.numbers import DIGITS

FIRST_YEAR, LAST_YEAR = 1900, 2199


class Order(StrEnum):
    """How a column writes dates: which number is the day, or whose years are counted. Both calendars write the day first or last."""

    DMY = "DMY"
    MDY = "MDY"
    YMD = "YMD"
    JALALI = "jalali"
    HIJRI = "hijri"


_TIME = (
    r"(?:(?:[T ]|,\s)\s*(?P<time>\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)\s*(?P<half>[AaPp][Mm])?"
    r"\s*(?P<zone>Z|z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?"
)
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})" + _TIME, re.ASCII)
_COMPACT = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})", re.ASCII)
_YEAR_LAST = re.compile(r"(?P<one>\d{1,2})(?P<mark>[-/.])(?P<two>\d{1,2})(?P=mark)(?P<year>\d{4})" + _TIME, re.ASCII)
_MONTH = re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})|(?P<first>\d{1,2})[-/.](?P<last>\d{4})", re.ASCII)
"""A month of a year, in numbers."""
_IN_WORDS = re.compile(r"(?P<words>.*?)" + _TIME, re.DOTALL)
_SERIAL = re.compile(r"[2-7][0-9]{4}(?:[.,][0-9]+)?")
_SECONDS = re.compile(r"([0-9]{9,10})(?:\.[0-9]+)?")
_PARTS_OF_SECONDS = {12: 3, 13: 3, 15: 6, 16: 6}
"""Digits of an instant in milliseconds or microseconds → digits that are parts of a second."""
_AFTER_YEAR = frozenset("-/")
_MARKS = DIGITS | dict.fromkeys((0x200C, 0x200E, 0x200F, 0x061C, 0xFEFF)) | {0x2212: "-", 0x00A0: " ", 0x202F: " ", 0x060C: ","}
_HALVES = re.compile(r"(?<=\d)\s*(ق\.?ظ|ب\.?ظ|ص|م|صباحا|مساء|صباحاً|مساءً)\.?(?=\s|$)")
_MORNING = frozenset({"ق.ظ", "قظ", "ص", "صباحا", "صباحاً"})
_SHORT_YEAR = re.compile(r"\d{1,2}(?P<mark>[-/.])\d{1,2}(?P=mark)\d{1,2}" + _TIME, re.ASCII)
_TWO_DIGITS = Bad("not-a-date", "The year has two digits, so its century is open. Write it with four, like 2026-10-31.")
_NOT_A_DATE = Bad("not-a-date", "This is not a date. Write it like 2026-10-31.")
_NO_SUCH_DAY = Bad("not-a-date", "The calendar has no such day, or the clock no such time.")


def day_of(text: str, order: Order | None, zone: tzinfo, *, from_1904: bool = False) -> int | Bad:
    """The day in `text`. A time with a zone of its own counts on the day it is in `zone`; one without, on the day it says."""
    if _ISO.fullmatch(text) and text[:2] >= "16":
        try:
            return _in_range(date.fromisoformat(text))
        except ValueError:
            return Bad("not-a-date", "The calendar has no such day.")
    if len(text) >= 16 and text[4:5] == text[7:8] == "-" and text[:2] >= "16":  # what programs write most, and Python reads fastest
        with suppress(ValueError, OverflowError):  # another way of writing it may be meant: read on
            moment = datetime.fromisoformat(text)
            return _in_range((moment if moment.tzinfo is None else moment.astimezone(zone)).date())
    text = _plain(text)
    match = _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text)
    if match:
        return _build(match, int(match["month"]), int(match["day"]), order, zone)
    match = _YEAR_LAST.fullmatch(text)
    if match is not None:
        return _year_last(match, order, zone)
    if text[:1].isdigit() and not any(map(str.isalpha, text)):
        return _of_number(text, zone, from_1904=from_1904)
    return _in_words(text, zone)


def month_of(text: str, order: Order | None = None) -> int | None:
    """The first day of a month that stands without one: `2026-11`, `11/2026`, `Nov-26`, `سپتامبر ۲۰۲۶`; None for anything else."""
    plain = _plain(text)
    match = _MONTH.fullmatch(plain)
    if match is not None:
        year, number = int(match["year"] or match["last"]), int(match["month"] or match["first"])
        calendar = _calendar(year, order)
    else:
        numbers, named = re.findall(r"\d+", plain), month_named(re.findall(r"[^\W\d_]+", plain))
        if named is None or len(numbers) != 1 or len(numbers[0]) not in {2, 4} or re.search(r"[^\w\s.,'’/-]", plain):
            return None
        year, number, calendar = int(numbers[0]), named.number, named.calendar
        if len(numbers[0]) == 2 and calendar is Calendar.GREGORIAN:
            year += 2000
        if (calendar is Calendar.GREGORIAN) == (FIRST <= year <= LAST):
            return None
    found = _day(calendar, (year, number, 1), None, UTC)
    return found if isinstance(found, int) else None


def order_of(texts: Iterable[str]) -> Order | tuple[str, str] | str | None:
    """How a column writes dates.

    An Order where a day above 12 or the years decide it; None where no value depends on it; one undecided value; or two that
    contradict.
    """
    day_first, month_first, open_value = "", "", ""
    other_years: dict[int, str] = {}
    for text in sorted(text for text in texts if not _year_is_first(text)):
        year, one, two = _written(text)
        if FIRST <= year <= LAST:
            other_years.setdefault(year, text)
        elif one > 12 >= two >= 1:
            day_first = day_first or text
        elif two > 12 >= one >= 1:
            month_first = month_first or text
        elif one != two:
            open_value = open_value or text
    if other_years:
        return _calendar_of(other_years)
    if day_first and month_first:
        return day_first, month_first
    if day_first or month_first:
        return Order.DMY if day_first else Order.MDY
    return open_value or None


def _year_is_first(text: str) -> bool:
    """Whether a date so plainly begins with a year of our own that it says nothing of the order."""
    return text[4:5] in _AFTER_YEAR and text[:4].isdecimal() and text[:2] >= "16" and text[0] <= "9"


def numeric(text: str, *, from_1904: bool = False) -> str | None:
    """What kind of number a date is written as, in words; None where it is not."""
    if "-" in text or "/" in text or ":" in text:
        return None
    plain = _plain(text)
    if _SERIAL.fullmatch(plain):
        return f"days since {1904 if from_1904 else 1900}, as {'this workbook counts' if from_1904 else 'spreadsheets count'}"
    if _SECONDS.fullmatch(plain) or (plain.isdecimal() and len(plain) in _PARTS_OF_SECONDS):
        return "seconds since 1970"
    return None


def numbered(text: str) -> bool:
    """Whether a date has a year of another calendar, written as a number."""
    return FIRST <= _written(text)[0] <= LAST


def _plain(text: str) -> str:
    plain = text.translate(_MARKS).strip()
    if plain.isascii():
        return plain
    return _HALVES.sub(lambda found: " am" if found[1] in _MORNING else " pm", plain) if ":" in plain else plain


def _written(text: str) -> tuple[int, int, int]:
    """A date's year, and day and month in their order where the year is last; zeros for what is not there."""
    plain = _plain(text)
    if match := _YEAR_LAST.fullmatch(plain):
        return int(match["year"]), int(match["one"]), int(match["two"])
    match = _YEAR_FIRST.fullmatch(plain) or _COMPACT.fullmatch(plain)
    return (int(match["year"]) if match else 0), 0, 0


def _calendar_of(years: dict[int, str]) -> Order | tuple[str, str]:
    """Whose years they are: Jalali ones end about now, Hijri ones began forty years later."""
    first, last = min(years), max(years)
    if last <= JALALI_UNTIL:
        return Order.JALALI
    return Order.HIJRI if first >= HIJRI_FROM else (years[first], years[last])


def _year_last(match: re.Match[str], order: Order | None, zone: tzinfo) -> int | Bad:
    one, two = int(match["one"]), int(match["two"])
    if FIRST <= int(match["year"]) <= LAST or order in {Order.JALALI, Order.HIJRI}:
        return _build(match, two, one, order, zone)  # neither calendar is written with the month first
    if order is None and one != two:
        return Bad("not-a-date", "Which of the two numbers is the day? Say so with --dates.")
    if order is Order.YMD:
        return Bad("not-a-date", "The year is not first, as --dates YMD says.")
    return _build(match, *((one, two) if order is Order.MDY else (two, one)), order, zone)


def _build(match: re.Match[str], month: int, day: int, order: Order | None, zone: tzinfo) -> int | Bad:
    year = int(match["year"])
    timed = match.re is not _COMPACT and match["time"]
    return _day(_calendar(year, order), (year, month, day), match if timed else None, zone)


def _calendar(year: int, order: Order | None) -> Calendar:
    if not FIRST <= year <= LAST:
        return Calendar.GREGORIAN
    if order in {Order.JALALI, Order.HIJRI}:
        return Calendar(order.value)
    return Calendar.JALALI if year <= JALALI_UNTIL else Calendar.HIJRI


def _day(calendar: Calendar, written: tuple[int, int, int], timed: re.Match[str] | None, zone: tzinfo) -> int | Bad:
    try:
        found = date_in(calendar, *written)
        if timed is not None:
            found = _local(found, timed["time"], timed["half"], timed["zone"], zone)
    except (ValueError, OverflowError):
        return _NO_SUCH_DAY
    return _in_range(found)


def _of_number(text: str, zone: tzinfo, *, from_1904: bool) -> int | Bad:
    """A spreadsheet's serial number, or an instant in seconds since 1970 or parts of them."""
    if _SERIAL.fullmatch(text):
        moment = serial_date(Decimal(text.replace(",", ".")), from_1904=from_1904)
        return _NOT_A_DATE if moment is None else _in_range(moment.date())
    seconds: int | None = None
    if match := _SECONDS.fullmatch(text):
        seconds = int(match[1])
    elif text.isdecimal() and len(text) in _PARTS_OF_SECONDS:
        seconds = int(text[: -_PARTS_OF_SECONDS[len(text)]])
    if seconds is None:
        return _TWO_DIGITS if _SHORT_YEAR.fullmatch(text) else _NOT_A_DATE
    return _in_range(datetime.fromtimestamp(seconds, zone).date())


def _in_words(text: str, zone: tzinfo) -> int | Bad:
    """A date whose month is a word: `31 Oct 2026`, `October 31, 2026`, `۱۷ آبان ۱۴۰۳`, `١٧ محرم ١٤٤٦`."""
    match = _IN_WORDS.fullmatch(text)
    assert match is not None  # it takes any text
    numbers = re.findall(r"\d+", match["words"])
    month = month_named(re.findall(r"[^\W\d_]+", match["words"]))
    if month is None or len(numbers) != 2 or len({len(number) == 4 for number in numbers}) != 2:
        return _TWO_DIGITS if month is not None and len(numbers) == 2 and max(map(len, numbers)) == 2 else _NOT_A_DATE
    year, day = (int(number) for number in sorted(numbers, key=len, reverse=True))
    if (month.calendar is Calendar.GREGORIAN) == (FIRST <= year <= LAST):
        return _NO_SUCH_DAY
    return _day(month.calendar, (year, month.number, day), match if match["time"] else None, zone)


def _local(day: date, written: str, half: str | None, stated: str | None, zone: tzinfo) -> date:
    hour, minute, *second = written.replace(",", ".").split(":")
    hours = int(hour)
    if half:
        if not 1 <= hours <= 12:
            raise ValueError(written)
        hours = hours % 12 + (12 if half.lower() == "pm" else 0)
    clock = time(hours, int(minute), int(float(second[0])) if second else 0)
    offset = _offset(stated)
    return day if offset is None else datetime.combine(day, clock, offset).astimezone(zone).date()


def _offset(stated: str | None) -> tzinfo | None:
    if stated is None:
        return None
    if stated in {"Z", "z", "UTC", "GMT"}:
        return UTC
    digits = stated[1:].replace(":", "")
    span = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return timezone(-span if stated[0] == "-" else span)


def _in_range(day: date) -> int | Bad:
    if FIRST_YEAR <= day.year <= LAST_YEAR:
        return to_day(day)
    return Bad("constraint-error", f"The year is not between {FIRST_YEAR} and {LAST_YEAR}.")
