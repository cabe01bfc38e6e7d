"""Rows of use into the workspace, as `usage_classify` set them down: new ones in key order, changed ones after what they were was kept."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import numpy as np

from cstui.base.usage import CUSTOMER_SHIFT, DAY_BITS, EMPTY, USER_BITS
from cstui.metrics.using import NONE, Month
from cstui.store import usage_rollups
from cstui.store.sql import query
from cstui.store.usage_classify import CREATED, numbers, translated
from cstui.store.usage_staging import written

if TYPE_CHECKING:
    from cstui.store.usage_rows import Ints, Rows

_COLUMNS = "customer_id, user_id, dom, sessions, minutes, events, file_id, line"
_WIDTH = 6
_AT_ONCE = 50
"""Rows in a statement."""
_TOGETHER = 1000 * _AT_ONCE
"""Rows turned into Python's numbers at once."""


def write(db: sqlite3.Connection, number: int, first: int) -> None:
    """Write what is classified, for import `number` whose first file has the number `first`. `s_ref.id` must be there for all."""
    if not db.execute("SELECT EXISTS (SELECT 1 FROM c_usage)").fetchone()[0]:
        return
    db.execute("INSERT INTO usage_user(user_id) SELECT user_id FROM s_user WHERE id IS NULL ORDER BY user_id")
    db.execute("UPDATE s_user SET id = (SELECT u.id FROM usage_user AS u WHERE u.user_id = s_user.user_id) WHERE id IS NULL")
    numbering = numbers(db)
    for month, outcome, rows in written(db):
        _write(db, month, outcome, rows, numbering, first, number)
        del rows  # before the next month's are read


def _write(db: sqlite3.Connection, month: int, outcome: int, rows: Rows, numbering: tuple[Ints, Ints], first: int, number: int) -> None:
    _count_written(db, rows, first)
    key = translated(rows.key, *numbering)
    order = np.argsort(key)
    rows, key = rows.take(order), key[order]
    fresh = outcome == CREATED and not usage_rollups.has(db, month)
    if outcome == CREATED:
        _create(db, month, key, rows, first)
    else:
        _update(db, month, key, rows, first, number)
    if fresh:
        usage_rollups.add_month(db, _summed(key, rows), _columns(month, key, rows))
    else:
        owners = key >> CUSTOMER_SHIFT
        usage_rollups.touch(db, month, owners[np.concatenate(([True], owners[1:] != owners[:-1]))].tolist())


def _count_written(db: sqlite3.Connection, rows: Rows, first: int) -> None:
    files, counts = np.unique(rows.file, return_counts=True)
    db.executemany("UPDATE import_file SET written = written + ? WHERE id = ?", zip(counts.tolist(), (files + first).tolist(), strict=True))


def _summed(key: Ints, rows: Rows) -> list[list[int | None]]:
    """A new month's rows by customer and user: their numbers, days as bits, and the sums, None where no row says any."""
    owners, starts, days = _by_user(key)
    columns: list[list[int | None]] = [(owners >> USER_BITS).tolist(), (owners & ((1 << USER_BITS) - 1)).tolist(), days.tolist()]
    for column in rows.values:
        sums = np.add.reduceat(np.where(column == EMPTY, 0, column).astype(np.int64), starts)
        values: list[int | None] = sums.tolist()
        for at in np.flatnonzero(np.logical_and.reduceat(column == EMPTY, starts)).tolist():
            values[at] = None
        columns.append(values)
    return columns


def _by_user(key: Ints) -> tuple[Ints, Ints, Ints]:
    """Customer and user of rows in key order, the place of each one's first row, and their days as bits."""
    owner = key >> DAY_BITS
    starts = np.flatnonzero(np.concatenate(([True], owner[1:] != owner[:-1])))
    return owner[starts], starts, np.bitwise_or.reduceat(np.int64(1) << ((key & ((1 << DAY_BITS) - 1)) - 1), starts)


def _columns(month: int, key: Ints, rows: Rows) -> Month:
    """The same month as columns."""
    owners, starts, days = _by_user(key)
    both = (rows.minutes != EMPTY) & (rows.sessions != EMPTY)
    minutes, sessions = (np.add.reduceat(np.where(both, column, 0).astype(np.int64), starts) for column in (rows.minutes, rows.sessions))
    users = (owners >> USER_BITS << 32) | (owners & ((1 << USER_BITS) - 1))
    return Month(month, users, days, np.where(np.logical_or.reduceat(both, starts), minutes, NONE), sessions)


def _create(db: sqlite3.Connection, month: int, key: Ints, rows: Rows, first: int) -> None:
    """New rows, in key order."""
    _insert(db, f"INSERT INTO usage(month, {_COLUMNS})", f"{int(month)}, ", key, rows, first)


def _update(db: sqlite3.Connection, month: int, key: Ints, rows: Rows, first: int, number: int) -> None:
    """Rows that change, after what they were was kept."""
    db.execute("DELETE FROM temp.changed_usage")
    _insert(db, f"INSERT INTO temp.changed_usage({_COLUMNS})", "", key, rows, first)
    db.execute(query("usage_keep"), {"import": number, "month": month})
    db.execute(query("usage_update"), {"month": month})


def _insert(db: sqlite3.Connection, into: str, before: str, key: Ints, rows: Rows, first: int) -> None:
    """Rows by many at a time: a statement for each would take twice as long, and so would a tuple."""
    columns = (key, *rows.values, rows.file + first, rows.line)
    many, one = (f"{into} VALUES {_places(count, before)}" for count in (_AT_ONCE, 1))
    for start in range(0, len(key), _TOGETHER):
        table = np.stack([column[start : start + _TOGETHER] for column in columns], axis=1, dtype=np.int64)
        whole = len(table) - len(table) % _AT_ONCE
        db.executemany(many, table[:whole].reshape(-1, _AT_ONCE * _WIDTH).tolist())
        db.executemany(one, table[whole:].tolist())


def _places(count: int, before: str) -> str:
    """SQL for the values of some rows, from six numbers each: key, sessions, minutes, events, file, line."""

    def row(at: int) -> str:
        key, *values, file, line = (f"?{at * _WIDTH + place}" for place in range(1, _WIDTH + 1))
        counts = ", ".join(f"iif({value} = {EMPTY}, NULL, {value})" for value in values)
        owner = f"{key} >> {CUSTOMER_SHIFT}, ({key} >> {DAY_BITS}) & {(1 << USER_BITS) - 1}, {key} & {(1 << DAY_BITS) - 1}"
        return f"({before}{owner}, {counts}, {file}, {line})"

    return ", ".join(map(row, range(count)))
