"""Rows of use into the workspace, as `usage_classify` set them down: new ones in key order, changed ones after what they were was kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cstui.base.usage import CUSTOMER_SHIFT, DAY_BITS, EMPTY, USER_BITS
from cstui.metrics.using import NONE, Month
from cstui.store import usage_rollups
from cstui.store.ahead import one_ahead
from cstui.store.inserting import insert
from cstui.store.pages import MOST, RowFile, narrow
from cstui.store.sql import query
from cstui.store.staging import rows_of
from cstui.store.usage_blocks import Block, Blocks
from cstui.store.usage_classify import CREATED, ascending, numbers, translated
from cstui.store.usage_staging import written

if TYPE_CHECKING:
    from cstui.store.usage_rows import Bools, Counted, Ints, Rows

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
    new = _New(db)
    for (month, outcome, _), (key, rows) in one_ahead(partial(_in_order, Blocks(db), first, numbering), written(db), lambda _: False):
        _write(db, month, outcome, key, rows, new, number)
        del key, rows  # before the next but one is read
    new.write()


def _in_order(blocks: Blocks, first: int, numbering: tuple[Ints, Ints], part: tuple[int, int, list[Block]]) -> tuple[Ints, Rows]:
    """The workspace's keys, and the rows of a month in their order."""
    rows = blocks.read(part[2])
    key = translated(rows.key, *numbering)
    rows = rows._replace(file=rows.file + first)
    if ascending(key):
        return key, rows
    order = np.argsort(key)
    return key[order], rows.take(order)


def _write(db: sqlite3.Connection, month: int, outcome: int, key: Ints, rows: Rows, new: _New, number: int) -> None:
    _count_written(db, rows)
    fresh = outcome == CREATED and not usage_rollups.has(db, month)
    if outcome == CREATED:
        new.add("usage", (np.full(len(key), month), *_owner(key), *rows.values, rows.file, rows.line))
    else:
        _update(db, month, key, rows, number)
    if fresh:
        sums, found = _summed(month, key, rows)
        new.add("usage_month", sums)
        usage_rollups.add_month(db, found)
    else:
        owners = key >> CUSTOMER_SHIFT
        usage_rollups.touch(db, month, owners[np.concatenate(([True], owners[1:] != owners[:-1]))].tolist())


def _count_written(db: sqlite3.Connection, rows: Rows) -> None:
    counts = np.bincount(rows.file)
    files = np.flatnonzero(counts)
    db.executemany("UPDATE import_file SET written = written + ? WHERE id = ?", zip(counts[files].tolist(), files.tolist(), strict=True))


def _owner(key: Ints) -> tuple[Ints, Ints, Ints]:
    """Customer, user and day of the month of keys."""
    return key >> CUSTOMER_SHIFT, (key >> DAY_BITS) & ((1 << USER_BITS) - 1), key & ((1 << DAY_BITS) - 1)


def _summed(month: int, key: Ints, rows: Rows) -> tuple[Sequence[Ints], Month]:
    """A new month's rows, in key order, by customer and user: as `usage_month` has them, EMPTY where no row says any; and as columns."""
    owner, (customer, user, dom) = key >> DAY_BITS, _owner(key)
    starts = np.flatnonzero(np.concatenate(([True], owner[1:] != owner[:-1])))
    customer, user, days = customer[starts], user[starts], np.bitwise_or.reduceat(np.int64(1) << (dom - 1), starts)
    sums = (
        np.where(np.logical_or.reduceat(column != EMPTY, starts), _added(column, column != EMPTY, starts), EMPTY) for column in rows.values
    )
    both = (rows.minutes != EMPTY) & (rows.sessions != EMPTY)
    minutes = np.where(np.logical_or.reduceat(both, starts), _added(rows.minutes, both, starts), NONE)
    found = Month(month, (customer << 32) | user, days, minutes, _added(rows.sessions, both, starts))
    return (np.full(len(starts), month), customer, user, days, *sums), found


def _added(column: Counted, which: Bools, starts: Ints) -> Ints:
    """Sums of some cells, from each start to the next."""
    found: Ints = np.add.reduceat(np.where(which, column, 0).astype(np.int64), starts)
    return found


class _New:
    """New rows of some tables, in the order of their keys: laid out in pages that SQLite copies in; given one by one where they are few."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._held: dict[str, list[Sequence[Counted]]] = {}
        """By table: parts of its columns, in as few bytes as they take."""
        self._pages: RowFile | None = None
        self._laid: list[tuple[str, str, int]] = []
        """Table, what the pages call a part of it, and how many rows are in that."""

    def add(self, table: str, columns: Sequence[Counted]) -> None:
        """Take rows, all of whose keys are higher than those before; EMPTY is NULL."""
        held = self._held.setdefault(table, [])
        for start in range(0, len(columns[0]), MOST):
            part = [narrow(column[start : start + MOST]) for column in columns]
            if _rows(held) + len(part[0]) > MOST:
                self._lay_out(table)
            held.append(part)

    def write(self) -> None:
        """Write them all."""
        for table, held in self._held.items():
            if _rows(held) > _FEW or any(name == table for name, *_ in self._laid):
                self._lay_out(table)
            for columns in held:
                cells = ([None if cell == EMPTY else cell for cell in column.tolist()] for column in columns)
                insert(self._db, f"INSERT INTO {table}", len(columns), zip(*cells, strict=True))
        if self._pages is not None:
            self._db.execute("ATTACH ? AS laid", (str(self._pages.path),))
        for table, name, count in self._laid:
            copied = self._db.execute(f"INSERT INTO {table} SELECT * FROM laid.{name}").rowcount
            assert copied == count

    def _lay_out(self, table: str) -> None:
        """What is held of a table goes to the pages."""
        if self._pages is None:
            stage = next(file for _, name, file in self._db.execute("PRAGMA database_list") if name == "stage")
            self._pages = RowFile(rows_of(Path(stage)))
        definition = self._db.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
        held = self._held[table]
        count, columns = _rows(held), [np.concatenate(parts) for parts in zip(*held, strict=True)]
        held.clear()
        self._laid.append((table, self._pages.add(definition, columns, EMPTY), count))


def _rows(parts: Sequence[Sequence[Counted]]) -> int:
    return sum(len(part[0]) for part in parts)


def _update(db: sqlite3.Connection, month: int, key: Ints, rows: Rows, number: int) -> None:
    """Rows that change, after what they were was kept."""
    db.execute("DELETE FROM temp.changed_usage")
    _insert(db, key, rows)
    db.execute(query("usage_keep"), {"import": number, "month": month})
    db.execute(query("usage_update"), {"month": month})


def _insert(db: sqlite3.Connection, key: Ints, rows: Rows) -> None:
    """Rows that change into `changed_usage`, by many at a time: a statement for each would take twice as long, and so would a tuple."""
    columns = (key, *rows.values, rows.file, rows.line)
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
