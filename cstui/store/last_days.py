"""Where a call's rows move the last day of the data, which every figure and age is counted from; and one row alone that does it.

Reads the staging file once it is compared, and the workspace's `as_of`. The rule is as_of.sql's: events, never after the import's day.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, NamedTuple

from cstui.base.days import iso, month_start
from cstui.base.formatting import count
from cstui.base.records import RECORDS
from cstui.base.usage import DAY_BITS
from cstui.store import usage_staging
from cstui.store.classify import UNCHANGED
from cstui.store.oddities import Odd
from cstui.store.tables import TABLES, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

FAR = 31
"""Days by which one row alone is after all others when that is worth a word: a month passes between most exports."""
_NEVER = -1_000_000_000


class Last(NamedTuple):
    """One of the latest rows."""

    day: int
    file: int
    line: int


class LastDays(NamedTuple):
    """What a call does to the last day of the data."""

    before: int | None
    after: int | None
    alone: tuple[int, Odd] | None
    """The file of a row that is far after all others, and what to say of it."""


def last_days(db: sqlite3.Connection, day: int) -> LastDays:
    """What the rows that come in do, on the day `day` of the import."""
    before = db.execute("SELECT as_of FROM state").fetchone()[0]
    latest = sorted((row for rows in _latest(db, day) for row in rows), reverse=True)
    if not latest or (before is not None and latest[0].day <= before):
        return LastDays(before, before, None)
    first, *others = latest
    rest = [known for known in (before, *(other.day for other in others)) if known is not None]
    alone = None
    if rest and first.day - max(rest) > FAR:
        by = count(first.day - max(rest), "day")
        message = f"one row alone moves the last day of the data to {iso(first.day)}, {by} after all others: is its date right?"
        alone = (first.file, Odd("last-day-alone", 1, message, (first.line,)))
    return LastDays(before, first.day, alone)


def _latest(db: sqlite3.Connection, day: int) -> Iterator[list[Last]]:
    """The two latest rows of each kind that are created or changed."""
    for table in TABLES.values():
        if dates := [f.name for f in RECORDS[table.kind].fields if f.event]:
            yield _two(db, table, dates, day)
    yield _two_of_use(db, day)


def _two(db: sqlite3.Connection, table: Table, dates: list[str], day: int) -> list[Last]:
    events = ", ".join(f"iif(s.{name} <= :day, s.{name}, {_NEVER})" for name in dates)  # a cleared one, a blob, is after every day
    found = db.execute(
        f"SELECT max({events}, {_NEVER}) AS last, s.file, s.line FROM {table.staged} AS s LEFT JOIN c_{table.name} AS c ON c.seq = s.seq "
        f"WHERE c.outcome IS NOT {UNCHANGED} ORDER BY last DESC, s.seq LIMIT 2",
        {"day": day},
    )
    return [Last(*row) for row in found if row[0] > _NEVER]


def _two_of_use(db: sqlite3.Connection, day: int) -> list[Last]:
    found: list[Last] = []
    for month, rows in usage_staging.newest(db):
        if len(found) == 2 and month_start(month + 1) <= found[-1].day:
            break
        days = (rows.key & ((1 << DAY_BITS) - 1)) + (month_start(month) - 1)
        places = _latest_two(days, day)
        found = sorted([*found, *(Last(int(days[at]), int(rows.file[at]), int(rows.line[at])) for at in places)], reverse=True)[:2]
    return found


def _latest_two(days: NDArray[np.int64], day: int) -> list[int]:
    """The places of the two latest days up to `day`, the latest first."""
    import numpy as np

    places: NDArray[np.int64] = np.flatnonzero(days <= day)
    if len(places) > 2:
        places = places[np.argpartition(days[places], -2)[-2:]]
    found: list[int] = places[days[places].argsort()[::-1]].tolist()
    return found
