"""Days as ints, and the periods that figures are asked for.

A *day* is an int: days since 1970-01-01. Nothing here reads the clock or knows a time zone.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from cstui.base.errors import UsageError

_EPOCH = date(1970, 1, 1).toordinal()


def to_day(value: date) -> int:
    """A calendar date as a day number."""
    return value.toordinal() - _EPOCH


def to_date(day: int) -> date:
    """A day number as a calendar date."""
    return date.fromordinal(day + _EPOCH)


def iso(day: int) -> str:
    """A day number as `YYYY-MM-DD`."""
    return to_date(day).isoformat()


def parse_iso(text: str) -> int:
    """`YYYY-MM-DD` as a day number. Raises UsageError."""
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) is None:
            raise ValueError
        return to_day(date.fromisoformat(text))
    except ValueError:
        raise UsageError(f"“{text}” is not a date; write it as YYYY-MM-DD, for example 2026-10-31.") from None


def month_of(day: int) -> int:
    """The month a day is in, as months since year 0 (`year * 12 + month - 1`), so that months subtract."""
    d = to_date(day)
    return d.year * 12 + d.month - 1


def month_start(month: int) -> int:
    """First day of a month number."""
    return to_day(date(month // 12, month % 12 + 1, 1))


def month_name(month: int) -> str:
    """A month number as `YYYY-MM`."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def months_on(start: date, count: int) -> int:
    """The day so many months after a date (or before it): its day of the month kept, clipped to the month's end."""
    year, month = divmod(start.year * 12 + start.month - 1 + count, 12)
    return to_day(date(year, month + 1, min(start.day, monthrange(year, month + 1)[1])))


class Period(NamedTuple):
    """A half-open span of days, `[start, end)`."""

    start: int
    end: int

    @property
    def last(self) -> int:
        """The last day inside."""
        return self.end - 1

    @property
    def months(self) -> int | None:
        """How many whole calendar months this is, or None when it does not start and end on a first of a month."""
        first, past = to_date(self.start), to_date(self.end)
        return month_of(self.end) - month_of(self.start) if first.day == 1 and past.day == 1 else None

    @property
    def previous(self) -> Period:
        """The period of equal length that ends where this one starts: as many months, or else as many days."""
        months = self.months
        if months is None:
            return Period(self.start - (self.end - self.start), self.start)
        return Period(month_start(month_of(self.start) - months), self.start)

    @property
    def next(self) -> Period:
        """The period of equal length that begins where this one ends: as many months, or else as many days."""
        count = self.months
        if count is None:
            return Period(self.end, self.end + (self.end - self.start))
        return months(month_of(self.end), count)

    @property
    def year_before(self) -> Period:
        """The same months, or days, a year earlier."""
        if (count := self.months) is not None:
            return months(month_of(self.start) - 12, count)
        return Period(_year_before(self.start), _year_before(self.last) + 1)

    def __contains__(self, day: object) -> bool:
        return isinstance(day, int) and self.start <= day < self.end

    def complete(self, as_of: int) -> bool:
        """Whether everything in it has happened by `as_of` (metrics.md, rule 2)."""
        return self.end <= as_of + 1


def _year_before(day: int) -> int:
    """The same day a year earlier; 28 February for the 29th."""
    found = to_date(day)
    leap = (found.month, found.day) == (2, 29)
    return to_day(found.replace(year=found.year - 1, day=28 if leap else found.day))


def months(first: int, count: int = 1) -> Period:
    """The period of `count` calendar months that starts with month number `first`."""
    return Period(month_start(first), month_start(first + count))


def parse_month(text: str) -> Period:
    """`YYYY-MM` as its month. Raises UsageError."""
    match = re.fullmatch(r"(\d{4})-(\d{2})", text)
    if match is None or not 1 <= int(match[2]) <= 12:
        raise UsageError(f"“{text}” is not a month; write it as YYYY-MM, for example 2026-10.")
    return _counted(text, int(match[1]) * 12 + int(match[2]) - 1, 1)


def parse_quarter(text: str) -> Period:
    """`YYYY-Qn` as its quarter. Raises UsageError."""
    match = re.fullmatch(r"(\d{4})-[Qq]([1-4])", text)
    if match is None:
        raise UsageError(f"“{text}” is not a quarter; write it as YYYY-Qn, for example 2026-Q3.")
    return _counted(text, int(match[1]) * 12 + (int(match[2]) - 1) * 3, 3)


def parse_year(text: str) -> Period:
    """`YYYY` as its year. Raises UsageError."""
    if re.fullmatch(r"[1-9]\d{3}", text) is None:
        raise UsageError(f"“{text}” is not a year; write it as YYYY, for example 2026.")
    return _counted(text, int(text) * 12, 12)


def _counted(text: str, first: int, count: int) -> Period:
    """`count` months from `first`, as `text` says. Raises UsageError where they are of no year that dates can have."""
    try:
        return months(first, count)
    except ValueError:
        raise UsageError(f"“{text}” can't be counted: dates are of the years 1 to 9999, and so is the day after.") from None


def series(last: Period, count: int) -> tuple[Period, ...]:
    """`count` periods of the last one's length, ascending, that end with it; months step by the month.

    A trailing window of several months also steps by one month only when the caller asks for it (`rolling`).
    """

    def back() -> Iterator[Period]:
        period = last
        for _ in range(count):
            yield period
            period = period.previous

    return tuple(reversed(tuple(back())))


def rolling(last: Period, count: int) -> tuple[Period, ...]:
    """`count` windows as long as `last` (whole months), each ending one month before the next; ascending."""
    length = last.months
    if length is None:
        return series(last, count)
    end = month_of(last.end)
    return tuple(months(end - back - length, length) for back in range(count - 1, -1, -1))
