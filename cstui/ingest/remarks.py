"""What a file says about all of its rows in the lines above its header: the days that a report is of.

Reads those lines alone; knows no field, no column and no program.
"""

from __future__ import annotations

import re
from datetime import date, datetime

from cstui.ingest.delimited import TextTable
from cstui.ingest.reading import Table

_LOOKED_AT = 1 << 14
"""Bytes at the beginning of a file."""
_FROM_TO = re.compile(r"^\W*(\d{4})(\d{2})(\d{2})-(\d{4})(\d{2})(\d{2})\W*$", re.MULTILINE | re.ASCII)
"""A line of nothing else: `# 20260901-20260930`."""
_DAY = re.compile(r"\b(start|end)[ _]date\b\W{0,4}(\d{4})-?(\d{2})-?(\d{2})\b", re.IGNORECASE)


def days_said(table: Table) -> tuple[date, date] | None:
    """The first and the last day that the lines above the header name; None where they don't."""
    if not isinstance(table, TextTable) or table.skip < 2:
        return None
    with table.open() as stream:
        text = stream.read(_LOOKED_AT).decode(table.codec, "ignore")
    above = "\n".join(text.splitlines()[: table.skip - 1])
    found = {word.casefold(): _day(*written) for word, *written in _DAY.findall(above)}
    first, last = found.get("start"), found.get("end")
    if last is None and (span := _FROM_TO.search(above)) is not None:
        first, last = _day(*span.groups()[:3]), _day(*span.groups()[3:])
    return (first or last, last) if last is not None and (first is None or first <= last) else None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return datetime(int(year), int(month), int(day)).date()  # noqa: DTZ001  # a day has no zone
    except ValueError:
        return None
