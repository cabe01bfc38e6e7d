"""Rows of use that are staged: by month in blocks, so that each month can be looked at whole and alone.

Row by row in a table they would be written twice, there and in the workspace; in blocks they cost a tenth of that.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from cstui.base.days import month_of, month_start
from cstui.base.usage import CUSTOMER_SHIFT, DAY_BITS, Packed
from cstui.store import usage_changes
from cstui.store.usage_blocks import Block, Blocks

if TYPE_CHECKING:
    from cstui.store.usage_rows import Rows

_TOGETHER = 1 << 18
"""Rows gathered before they are parted by month."""
_FIRST_LINES = 10


def make(db: sqlite3.Connection) -> None:
    """The tables that the staging of use needs."""
    db.execute("CREATE TABLE s_usage(seq INTEGER PRIMARY KEY, month INTEGER NOT NULL, at INTEGER NOT NULL, rows INTEGER NOT NULL)")
    db.execute(
        "CREATE TABLE c_usage(seq INTEGER PRIMARY KEY, month INTEGER NOT NULL, outcome INTEGER NOT NULL, "
        "at INTEGER NOT NULL, rows INTEGER NOT NULL)"
    )
    db.execute("CREATE TABLE s_user(user INTEGER PRIMARY KEY, user_id TEXT NOT NULL, id INTEGER)")
    db.execute("CREATE TABLE s_usage_customer(id INTEGER PRIMARY KEY)")
    usage_changes.make(db)
    db.execute("CREATE TABLE s_usage_conflict(file INTEGER NOT NULL, line INTEGER NOT NULL)")
    db.execute("CREATE TABLE s_usage_mention(ref INTEGER PRIMARY KEY, file INTEGER NOT NULL, line INTEGER NOT NULL)")


class UsageStaging:
    """Takes rows in file order and writes them by month."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._held: list[tuple[int, Packed]] = []
        self._rows = 0

    def add(self, file: int, packed: Packed) -> None:
        """Stage rows of a file."""
        self._db.executemany("INSERT INTO s_user(user_id) VALUES (?)", ((name,) for name in packed.users))
        if len(packed.key):
            self._held.append((file, packed))
            self._rows += len(packed.key)
        if self._rows >= _TOGETHER:
            self.flush()

    def flush(self) -> None:
        """Write what is held. Once more after the last row."""
        if not self._held:
            return
        import numpy as np

        from cstui.store.usage_rows import Rows

        columns = (np.concatenate([getattr(packed, name) for _, packed in self._held]) for name in ("key", "sessions", "minutes", "events"))
        file = np.concatenate([np.full(len(packed.key), number, np.int32) for number, packed in self._held])
        rows = Rows._make((*columns, file, np.concatenate([packed.line for _, packed in self._held])))
        month = np.concatenate([packed.month for _, packed in self._held])
        order = np.argsort(month.astype(np.int16), kind="stable")
        found, starts = np.unique(month[order], return_index=True)
        rows, ends = rows.take(order), [*starts[1:].tolist(), len(month)]
        blocks = Blocks(self._db).write(rows.take(slice(*span)) for span in zip(starts.tolist(), ends, strict=True))
        self._db.executemany(
            "INSERT INTO s_usage(month, at, rows) VALUES (?, ?, ?)",
            ((number, *block) for number, block in zip(found.tolist(), blocks, strict=True)),
        )
        self._held, self._rows = [], 0


def any_staged(db: sqlite3.Connection) -> bool:
    """Whether the call has rows of use."""
    return bool(db.execute("SELECT EXISTS (SELECT 1 FROM s_usage)").fetchone()[0])


def months(db: sqlite3.Connection) -> list[tuple[int, list[Block]]]:
    """(month, where its rows are, in the order of the call), months ascending."""
    places = db.execute("SELECT month, at, rows FROM s_usage ORDER BY month, seq").fetchall()
    return [(month, [(at, rows) for _, at, rows in found]) for month, found in groupby(places, key=itemgetter(0))]


def set_down(db: sqlite3.Connection, month: int, outcome: int, rows: Rows) -> None:
    """Keep rows of a month that are to be written."""
    for block in Blocks(db).write([rows]):
        db.execute("INSERT INTO c_usage(month, outcome, at, rows) VALUES (?, ?, ?, ?)", (month, outcome, *block))


def written(db: sqlite3.Connection) -> list[tuple[int, int, list[Block]]]:
    """(month, outcome, where the rows are) of what the classification set down to be written, in this order."""
    places = db.execute("SELECT month, outcome, at, rows FROM c_usage ORDER BY month, outcome, seq").fetchall()
    return [(*of, [(at, rows) for *_, at, rows in found]) for of, found in groupby(places, key=itemgetter(0, 1))]


def newest(db: sqlite3.Connection) -> Iterator[tuple[int, Rows]]:
    """(month, rows) of what is to be written, the latest month first; a month may come in parts."""
    blocks = Blocks(db)
    for month, at, rows in db.execute("SELECT month, at, rows FROM c_usage ORDER BY month DESC").fetchall():
        yield month, blocks.read([(at, rows)])


def set_mentions(db: sqlite3.Connection) -> None:
    """Write down in `s_usage_mention` where each customer is first named by a row of use."""
    import numpy as np

    first: dict[int, tuple[int, int]] = {}
    blocks = Blocks(db)
    for block in db.execute("SELECT at, rows FROM s_usage").fetchall():
        rows = blocks.read([block])
        refs, at = np.unique(rows.key >> CUSTOMER_SHIFT, return_index=True)
        for ref, place in zip(refs.tolist(), zip(rows.file[at].tolist(), rows.line[at].tolist(), strict=True), strict=True):
            first[ref] = min(place, first.get(ref, place))
    db.executemany("INSERT INTO s_usage_mention(ref, file, line) VALUES (?, ?, ?)", ((ref, *place) for ref, place in sorted(first.items())))


def rejoin(db: sqlite3.Connection, into: Mapping[int, int]) -> dict[int, list[tuple[int, int]]]:
    """Give rows of use to other customers of the call; by file: the (line, customer until then) of each, in file order."""
    if not into or not any_staged(db):
        return {}
    import numpy as np

    moved: dict[int, list[tuple[int, int]]] = {}
    to = np.arange(max(*into, *into.values()) + 1)
    to[list(into)] = list(into.values())
    blocks = Blocks(db)
    for block in db.execute("SELECT at, rows FROM s_usage ORDER BY seq").fetchall():
        rows = blocks.read([block])
        refs = rows.key >> CUSTOMER_SHIFT
        inside = np.minimum(refs, len(to) - 1)
        new = np.where(refs < len(to), to[inside], refs)
        which = np.flatnonzero(new != refs)
        if len(which):
            for file, line, ref in zip(rows.file[which].tolist(), rows.line[which].tolist(), refs[which].tolist(), strict=True):
                moved.setdefault(file, []).append((line, ref))
            blocks.over(block[0], rows._replace(key=rows.key + ((new - refs) << CUSTOMER_SHIFT)))
    return {file: sorted(found) for file, found in moved.items()}


def conflicts(db: sqlite3.Connection, file: int) -> list[int]:
    """Lines of a file that say other things of a key than the rows before them. After the classification."""
    return [row[0] for row in db.execute("SELECT line FROM s_usage_conflict WHERE file = ?", (file,))]


def after(db: sqlite3.Connection, file: int, day: int) -> tuple[int, tuple[int, ...]]:
    """How many rows of a file are dated after a day, and the lines of the first ten."""
    count, first = 0, list[int]()
    blocks = Blocks(db)
    for month, *block in db.execute("SELECT month, at, rows FROM s_usage WHERE month >= ?", (month_of(day),)).fetchall():
        rows = blocks.read([(block[0], block[1])])
        dom = rows.key & ((1 << DAY_BITS) - 1)
        lines = rows.line[(rows.file == file) & (dom + (month_start(month) - 1) > day)]
        count += len(lines)
        first = sorted([*first, *sorted(lines.tolist())[:_FIRST_LINES]])[:_FIRST_LINES]
    return count, tuple(first)
