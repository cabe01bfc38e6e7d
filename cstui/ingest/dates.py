"""Dates as people and programs write them, to days; and the order of day and month, decided for a whole column.

Never guesses row by row: `03/04/2025` is read only when its column, or the person, has said which is the day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from enum import StrEnum

from cstui.base.days import to_day
from cstui.ingest.failures import Bad
from cstui.ingest.numbers import DIGITS

FIRST_YEAR, LAST_YEAR = 1900, 2199


class Order(StrEnum):
    """Which number of a date is the day."""

    DMY = "DMY"
    MDY = "MDY"
    YMD = "YMD"


_TIME = (
    r"(?:(?:[T ]|,\s)\s*(?P<time>\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)\s*(?P<half>[AaPp][Mm])?"
    r"\s*(?P<zone>Z|z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?"
)
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})" + _TIME, re.ASCII)
_COMPACT = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})", re.ASCII)
_YEAR_LAST = re.compile(r"(?P<one>\d{1,2})(?P<mark>[-/.])(?P<two>\d{1,2})(?P=mark)(?P<year>\d{4})" + _TIME, re.ASCII)
_AFTER_YEAR = frozenset("-/")
_MARKS = DIGITS | dict.fromkeys((0x200C, 0x200E, 0x200F, 0x061C, 0xFEFF)) | {0x2212: "-", 0x00A0: " ", 0x202F: " "}
_NOT_A_DATE = Bad("not-a-date", "This is not a date. Write it like 2026-10-31.")


def day_of(text: str, order: Order | None, zone: tzinfo) -> int | Bad:
    """The day in `text`. A time with a zone of its own counts on the day it is in `zone`; one without, on the day it says."""
    if _ISO.fullmatch(text):
        try:
            return _in_range(date.fromisoformat(text))
        except ValueError:
            return Bad("not-a-date", "The calendar has no such day.")
    if len(text) >= 16 and text[4:5] == text[7:8] == "-":  # what programs write most, and Python reads fastest
        with suppress(ValueError, OverflowError):  # another way of writing it may be meant: read on
            moment = datetime.fromisoformat(text)
            return _in_range((moment if moment.tzinfo is None else moment.astimezone(zone)).date())
    text = text.translate(_MARKS).strip()
    match = _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text)
    if match:
        return _build(match, int(match["month"]), int(match["day"]), zone)
    match = _YEAR_LAST.fullmatch(text)
    if match is None:
        return _NOT_A_DATE
    one, two = int(match["one"]), int(match["two"])
    if order is None and one != two:
        return Bad("not-a-date", "Which of the two numbers is the day? Say so with --dates.")
    if order is Order.YMD:
        return Bad("not-a-date", "The year is not first, as --dates YMD says.")
    return _build(match, *((one, two) if order is Order.MDY else (two, one)), zone)


def order_of(texts: Iterable[str]) -> Order | tuple[str, str] | str | None:
    """How a column writes day and month.

    An Order where a day above 12 decides it; None where no value depends on it; one undecided value; or two that contradict.
    """
    day_first, month_first, open_value = "", "", ""
    for text in texts:
        if text[4:5] in _AFTER_YEAR:
            continue
        match = _YEAR_LAST.fullmatch(text.translate(_MARKS).strip())
        if match is None:
            continue
        one, two = int(match["one"]), int(match["two"])
        if one > 12 >= two >= 1:
            day_first = day_first or text
        elif two > 12 >= one >= 1:
            month_first = month_first or text
        elif one != two:
            open_value = open_value or text
    if day_first and month_first:
        return day_first, month_first
    if day_first or month_first:
        return Order.DMY if day_first else Order.MDY
    return open_value or None


def _build(match: re.Match[str], month: int, day: int, zone: tzinfo) -> int | Bad:
    year = int(match["year"])
    if 1200 <= year < 1500:
        return Bad("not-a-date", "This looks like a Solar Hijri or Hijri year. Write the date like 2026-10-31.")
    try:
        found = date(year, month, day)
        if match.re is not _COMPACT and match["time"]:
            found = _local(found, match["time"], match["half"], match["zone"], zone)
    except (ValueError, OverflowError):
        return Bad("not-a-date", "The calendar has no such day, or the clock no such time.")
    return _in_range(found)


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
    if 1200 <= day.year < 1500:
        return Bad("not-a-date", "This looks like a Solar Hijri or Hijri year. Write the date like 2026-10-31.")
    return Bad("constraint-error", f"The year is not between {FIRST_YEAR} and {LAST_YEAR}.")
