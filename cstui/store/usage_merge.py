"""Rows of use into the workspace, as `usage_classify` set them down: new ones in key order, changed ones after what they were was kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cstui.base.usage import CUSTOMER_SHIFT, DAY_BITS, EMPTY, USER_BITS
from cstui.metrics.using import NONE, Month
from cstui.store import usage_rollups
from cstui.store.inserting import insert
from cstui.store.pages import MOST, RowFile, narrow
from cstui.store.sql import query
from cstui.store.staging import rows_of
from cstui.store.usage_classify import CREATED, numbers, translated
from cstui.store.usage_staging import written

if TYPE_CHECKING:
    from cstui.store.usage_rows import Counted, Ints, Rows

_WIDTH = 9
"""Columns of `usage`."""
_FEW = 5_000
"""Rows up to which they are given one by one: laying pages out takes some milliseconds, however few there are."""
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
    new = _New(db, first)
    for month, outcome, rows in written(db):
        _write(db, month, outcome, rows, numbering, new, number)
        del rows  # before the next month's are read
    new.write()


def _write(db: sqlite3.Connection, month: int, outcome: int, rows: Rows, numbering: tuple[Ints, Ints], new: _New, number: int) -> None:
    first = new.first
    _count_written(db, rows, first)
    key = translated(rows.key, *numbering)
    order = np.argsort(key)
    rows, key = rows.take(order), key[order]
    fresh = outcome == CREATED and not usage_rollups.has(db, month)
    if outcome == CREATED:
        new.add(month, key, rows)
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


class _New:
    """New rows: held and laid out in pages, from which SQLite copies them in; given one by one where they are few."""

    def __init__(self, db: sqlite3.Connection, first: int) -> None:
        self.first = first
        """The number of the import's first file."""
        self._db = db
        self._held: list[Sequence[Counted]] = []
        """By month, the columns of `usage` in as few bytes as they take."""
        self._count = 0
        self._pages: RowFile | None = None
        self._laid: list[tuple[str, int]] = []
        """Table of the pages, and how many rows are in it."""

    def add(self, month: int, key: Ints, rows: Rows) -> None:
        """Take rows of a month, in key order; months ascending."""
        for start in range(0, len(key), MOST):
            part = slice(start, start + MOST)
            own = key[part]
            if self._count + len(own) > MOST:
                self._lay_out()
            owner = (own >> CUSTOMER_SHIFT, (own >> DAY_BITS) & ((1 << USER_BITS) - 1), own & ((1 << DAY_BITS) - 1))
            columns = (np.full(len(own), month), *owner, *(column[part] for column in (*rows.values, rows.file + self.first, rows.line)))
            self._held.append([narrow(column) for column in columns])
            self._count += len(own)

    def write(self) -> None:
        """Write them all."""
        if not self._laid and self._count < _FEW:
            cells = ([[None if cell == EMPTY else cell for cell in column.tolist()] for column in columns] for columns in self._held)
            insert(self._db, "INSERT INTO usage", _WIDTH, chain.from_iterable(zip(*columns, strict=True) for columns in cells))
            return
        self._lay_out()
        assert self._pages is not None
        self._db.execute("ATTACH ? AS laid", (str(self._pages.path),))
        for name, count in self._laid:
            copied = self._db.execute(f"INSERT INTO usage SELECT * FROM laid.{name}").rowcount
            assert copied == count

    def _lay_out(self) -> None:
        """What is held goes to the pages."""
        if self._pages is None:
            stage = next(file for _, name, file in self._db.execute("PRAGMA database_list") if name == "stage")
            definition = self._db.execute("SELECT sql FROM sqlite_master WHERE name = 'usage'").fetchone()[0]
            self._pages = RowFile(rows_of(Path(stage)), definition)
        columns = [np.concatenate(parts) for parts in zip(*self._held, strict=True)]
        self._held, count, self._count = [], self._count, 0
        self._laid.append((self._pages.add(columns, EMPTY), count))


def _update(db: sqlite3.Connection, month: int, key: Ints, rows: Rows, first: int, number: int) -> None:
    """Rows that change, after what they were was kept."""
    db.execute("DELETE FROM temp.changed_usage")
    _insert(db, key, rows, first)
    db.execute(query("usage_keep"), {"import": number, "month": month})
    db.execute(query("usage_update"), {"month": month})


def _insert(db: sqlite3.Connection, key: Ints, rows: Rows, first: int) -> None:
    """Rows that change into `changed_usage`, by many at a time: a statement for each would take twice as long, and so would a tuple."""
    columns = (key, *rows.values, rows.file + first, rows.line)
    many, one = (f"INSERT INTO temp.changed_usage VALUES {_places(count)}" for count in (_AT_ONCE, 1))
    for start in range(0, len(key), _TOGETHER):
        table = np.stack([column[start : start + _TOGETHER] for column in columns], axis=1, dtype=np.int64)
        whole = len(table) - len(table) % _AT_ONCE
        db.executemany(many, table[:whole].reshape(-1, _AT_ONCE * len(columns)).tolist())
        db.executemany(one, table[whole:].tolist())


def _places(count: int) -> str:
    """SQL for the values of some rows, from six numbers each: key, sessions, minutes, events, file, line."""

    def row(at: int) -> str:
        key, *values, file, line = (f"?{at * 6 + place}" for place in range(1, 7))
        counts = ", ".join(f"iif({value} = {EMPTY}, NULL, {value})" for value in values)
        owner = f"{key} >> {CUSTOMER_SHIFT}, ({key} >> {DAY_BITS}) & {(1 << USER_BITS) - 1}, {key} & {(1 << DAY_BITS) - 1}"
        return f"({owner}, {counts}, {file}, {line})"

    return ", ".join(map(row, range(count)))
