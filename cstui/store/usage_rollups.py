"""Rollups of use: a row per month, customer and user with a bit per active day, and how many were active day by day.

A writer touches (month, customer) pairs; only these are summed again. Knows no meaning: what an active user counts for is
said in `cstui.metrics`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from cstui.base.days import month_of, month_start
from cstui.store.sql import query

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from cstui.metrics.using import Month

    Words = tuple[NDArray[np.int64], NDArray[np.uint64]]
    """Users (customer << 32 | user) ascending, and the days on which each was active, as bits."""

ROLLUPS = ("usage_month", "usage_day", "usage_column")
WEEK, WINDOW = 7, 30
"""Days of the windows that end with a day."""
_SPILL = 2
"""A day can be in the windows of days so many months later: 31 January is in that of 1 March."""


def prepare(db: sqlite3.Connection) -> None:
    """Make (or empty) the TEMP tables of writers, `touched_usage(month, customer_id)` and `changed_usage`, and ours, `touched_month`."""
    db.execute(
        "CREATE TEMP TABLE IF NOT EXISTS touched_usage(month INTEGER, customer_id INTEGER, PRIMARY KEY(month, customer_id)) WITHOUT ROWID"
    )
    db.execute("CREATE TEMP TABLE IF NOT EXISTS touched_month(month INTEGER PRIMARY KEY, stale INTEGER NOT NULL)")
    db.execute(
        "CREATE TEMP TABLE IF NOT EXISTS changed_usage(customer_id INTEGER, user_id INTEGER, dom INTEGER, sessions INTEGER, "
        "minutes INTEGER, events INTEGER, file_id INTEGER, line INTEGER, PRIMARY KEY(customer_id, user_id, dom)) WITHOUT ROWID"
    )
    for name in ("touched_usage", "touched_month", "changed_usage"):
        db.execute(f"DELETE FROM temp.{name}")


def touch(db: sqlite3.Connection, month: int, customers: Iterable[int]) -> None:
    """Say that a month's use of some customers was written."""
    db.executemany(
        "INSERT OR IGNORE INTO temp.touched_usage(month, customer_id) VALUES (?, ?)", ((month, customer) for customer in customers)
    )


def has(db: sqlite3.Connection, month: int) -> bool:
    """Whether anybody was active in a month, touched or not."""
    return bool(db.execute(query("usage_month_any"), {"month": month}).fetchone()[0])


def add_month(db: sqlite3.Connection, found: Month) -> None:
    """Take a month that had none from its writer, who writes its rows of `usage_month` as well."""
    from cstui.store import usage_columns

    usage_columns.put(db, found)
    db.execute("INSERT OR IGNORE INTO temp.touched_month VALUES (?, 0)", (found.month,))


def touch_all(db: sqlite3.Connection) -> None:
    """Have everything derived again from the facts."""
    for table in ROLLUPS:
        db.execute(f"DELETE FROM {table}")
    db.execute("INSERT OR IGNORE INTO temp.touched_usage(month, customer_id) SELECT DISTINCT month, customer_id FROM usage")


def months(db: sqlite3.Connection) -> None:
    """Bring `usage_month` in step with what was touched; may be called more than once before `days`."""
    db.execute("INSERT OR REPLACE INTO temp.touched_month SELECT DISTINCT month, 1 FROM temp.touched_usage")
    db.execute(query("usage_months_drop"))
    db.execute(query("usage_months_sum"))
    db.execute("DELETE FROM temp.touched_usage")


def last_event(db: sqlite3.Connection) -> int | None:
    """The last day of use that is not after the day of its import. `usage_month` must be in step."""
    earliest = db.execute("SELECT min(day) FROM import_file WHERE kind = 'usage'").fetchone()[0]
    for month, _, last in _spans(db, newest_first=True):
        if last <= earliest:
            return last
        found = db.execute(query("usage_last_event"), {"month": month, "before": month_start(month) - 1}).fetchone()[0]
        if found is not None:
            return int(found)
    return None


def covered(db: sqlite3.Connection, as_of: int | None) -> tuple[int, int] | None:
    """First and last day of use by `as_of`; None where there is none. `usage_month` must be in step."""
    if as_of is None:
        return None
    start = next((first for _, first, _ in _spans(db, newest_first=False)), None)
    if start is None or start > as_of:
        return None
    for month, _, last in _spans(db, newest_first=True):
        if last <= as_of:
            return start, last
        bits = db.execute(query("usage_until"), {"month": month, "days": (1 << max(as_of - month_start(month) + 1, 0)) - 1}).fetchone()[0]
        if bits:
            return start, month_start(month) + int(bits).bit_length() - 1
    return None


def days(db: sqlite3.Connection, as_of: int | None) -> None:
    """Bring `usage_column` in step, and `usage_day` from the first to the last day of use by `as_of`. After `months`."""
    stale = [month for (month,) in db.execute("SELECT month FROM temp.touched_month WHERE stale ORDER BY month")]
    if stale:
        from cstui.store import usage_columns

        for month in stale:
            usage_columns.renew(db, month)
        db.execute("UPDATE temp.touched_month SET stale = 0")
    span = covered(db, as_of)
    held = db.execute("SELECT min(day), max(day) FROM usage_day").fetchone()
    if span is None:
        db.execute("DELETE FROM usage_day")
        return
    first, last = span
    db.execute("DELETE FROM usage_day WHERE day < ? OR day > ?", span)
    begin, end = month_of(first), month_of(last)
    touched = {row[0] for row in db.execute("SELECT month FROM temp.touched_month")}
    wanted = {month + after for month in touched for after in range(_SPILL + 1)}
    if held[0] is None:
        wanted.update(range(begin, end + 1))
    else:
        wanted.update(range(begin, month_of(held[0]) + 1) if first < held[0] else ())
        wanted.update(range(month_of(held[1]), end + 1) if last > held[1] else ())
    for day, *found in active(db, sorted(month for month in wanted if begin <= month <= end)):
        if first <= day <= last:
            db.execute("INSERT OR REPLACE INTO usage_day(day, dau, wau, mau) VALUES (?, ?, ?, ?)", (day, *found))


def active(db: sqlite3.Connection, wanted: Iterable[int]) -> Iterator[tuple[int, int, int, int]]:
    """(day, users active on it, in the 7, in the 30 days that end with it) for each day of the wanted months, ascending."""
    import numpy as np

    held: dict[int, Words] = {}
    for month in wanted:
        near = (month - 2, month - 1, month)
        held = {at: held[at] if at in held else _words(db, at) for at in near}
        start = month_start(month)
        origin = start - (WINDOW - 1)  # the day of bit 0
        users = np.concatenate([held[at][0] for at in near])
        bits = np.concatenate([_shifted(held[at][1], month_start(at) - origin) for at in near])
        if len(users):
            order = np.argsort(users, kind="stable")
            users, bits = users[order], bits[order]
            bits = np.bitwise_or.reduceat(bits, np.flatnonzero(np.concatenate(([True], users[1:] != users[:-1]))))
        for day in range(start, month_start(month + 1)):
            end = day - origin + 1
            dau, wau, mau = (_count(bits, ((1 << width) - 1) << (end - width)) for width in (1, WEEK, WINDOW))
            yield day, dau, wau, mau


def _count(bits: NDArray[np.uint64], mask: int) -> int:
    import numpy as np

    return int(np.count_nonzero(bits & np.uint64(mask)))


def _shifted(bits: NDArray[np.uint64], by: int) -> NDArray[np.uint64]:
    import numpy as np

    if abs(by) > 63:
        return np.zeros_like(bits)
    return bits << np.uint64(by) if by >= 0 else bits >> np.uint64(-by)


def _words(db: sqlite3.Connection, month: int) -> Words:
    import numpy as np

    from cstui.store import usage_columns

    found = usage_columns.words(db, month)
    return found.users, found.days.astype(np.uint64)


def _spans(db: sqlite3.Connection, *, newest_first: bool) -> Iterator[tuple[int, int, int]]:
    """(month, first and last day of use in it) of the months that have any."""
    edge = "max" if newest_first else "min"
    month = db.execute(f"SELECT {edge}(month) FROM usage_month").fetchone()[0]
    while month is not None:
        low, high = db.execute("SELECT min(days & -days), max(days) FROM usage_month WHERE month = ?", (month,)).fetchone()
        start = month_start(month) - 1
        yield month, start + int(low).bit_length(), start + int(high).bit_length()
        beyond = "<" if newest_first else ">"
        month = db.execute(f"SELECT {edge}(month) FROM usage_month WHERE month {beyond} ?", (month,)).fetchone()[0]
