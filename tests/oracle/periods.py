"""Periods, half-open, and the period before each: rule 1 of the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """`[start, end)`."""

    start: date
    end: date

    @property
    def last(self) -> date:
        """The last day inside."""
        return self.end - timedelta(days=1)

    @property
    def eve(self) -> date:
        """The day before the first: its level is the start level."""
        return self.start - timedelta(days=1)

    @property
    def previous(self) -> Span:
        """Of equal length, ending where this one starts: as many calendar months where it is whole months, else as many days."""
        if self.start.day == 1 and self.end.day == 1:
            count = (self.end.year - self.start.year) * 12 + self.end.month - self.start.month
            return Span(add_months(self.start, -count), self.start)
        return Span(self.start - (self.end - self.start), self.start)


def add_months(first: date, count: int) -> date:
    """A first of a month, moved by months."""
    number = first.year * 12 + first.month - 1 + count
    return date(number // 12, number % 12 + 1, 1)


def month(year: int, number: int) -> Span:
    """A calendar month."""
    return Span(date(year, number, 1), add_months(date(year, number, 1), 1))


def month_of(day: date) -> Span:
    """The calendar month a day is in."""
    return month(day.year, day.month)


def quarter(year: int, number: int) -> Span:
    """A calendar quarter, 1 to 4."""
    start = date(year, number * 3 - 2, 1)
    return Span(start, add_months(start, 3))


def year(number: int) -> Span:
    """A calendar year."""
    return Span(date(number, 1, 1), date(number + 1, 1, 1))


def trailing(count: int, day: date) -> Span:
    """The `count` calendar months that end with the month of `day`."""
    end = month_of(day).end
    return Span(add_months(end, -count), end)


def from_to(first: date, last: date) -> Span:
    """`--from` and `--to`, the last day included."""
    return Span(first, last + timedelta(days=1))
