"""When a subscription's running term ends. Pure; knows no SQL."""

from __future__ import annotations

from functools import lru_cache

from cstui.base.days import months_on, to_date

_MONTHS = {"year": 12, "quarter": 3, "month": 1}
_DAYS = {"week": 7, "day": 1}


@lru_cache(4096)  # many customers began on one day
def next_due(pay: int, interval: str, count: int, day: int) -> int:
    """The first due day after `day`: the first paying day and whole terms, its day of the month kept and clipped to the month's end."""
    if interval in _DAYS:
        term = _DAYS[interval] * count
        return pay + term * ((day - pay) // term + 1)
    term, start, today = _MONTHS[interval] * count, to_date(pay), to_date(day)
    passed = ((today.year - start.year) * 12 + today.month - start.month) // term
    due = months_on(start, passed * term)
    return due if due > day else months_on(start, (passed + 1) * term)
