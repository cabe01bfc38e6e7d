"""Rows of use in the staging file: packed by month in blocks, so that each month can be looked at whole and alone.

Row by row in a table they would be written twice, there and in the workspace; packed they cost a tenth of that.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from cstui.base.days import month_of, month_start
from cstui.base.usage import CUSTOMER_SHIFT, DAY_BITS, Packed
from cstui.store import usage_changes

if TYPE_CHECKING:
    from cstui.store.usage_rows import Rows

_TOGETHER = 1 << 18
"""Rows gathered before they are parted by month."""
_FIRST_LINES = 10


def make(db: sqlite3.Connection) -> None:
    """The tables that the staging of use needs."""
    db.execute("CREATE TABLE s_usage(seq INTEGER PRIMARY KEY, month INTEGER NOT NULL, data BLOB NOT NULL)")
    db.execute("CREATE TABLE c_usage(seq INTEGER PRIMARY KEY, month INTEGER NOT NULL, outcome INTEGER NOT NULL, data BLOB NOT NULL)")
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
        ends = [*starts[1:].tolist(), len(month)]
        self._db.executemany(
            "INSERT INTO s_usage(month, data) VALUES (?, ?)",
            (
                (number, rows.take(order[start:end]).packed())
                for number, start, end in zip(found.tolist(), starts.tolist(), ends, strict=True)
            ),
        )
        self._held, self._rows = [], 0


def any_staged(db: sqlite3.Connection) -> bool:
    """Whether the call has rows of use."""
    return bool(db.execute("SELECT EXISTS (SELECT 1 FROM s_usage)").fetchone()[0])


def by_month(db: sqlite3.Connection) -> Iterator[tuple[int, Rows]]:
    """(month, its rows in the order of the call), months ascending. Who lets go of a month before asking for the next holds one alone."""
    places = db.execute("SELECT month, seq, length(data) FROM s_usage ORDER BY month, seq").fetchall()
    for month, blocks in groupby(places, key=itemgetter(0)):
        yield month, _read(db, "s_usage", [block[1:] for block in blocks])


def written(db: sqlite3.Connection) -> Iterator[tuple[int, int, Rows]]:
    """(month, outcome, rows) of what the classification set down to be written, in this order."""
    places = db.execute("SELECT month, outcome, seq, length(data) FROM c_usage ORDER BY month, outcome, seq").fetchall()
    for (month, outcome), blocks in groupby(places, key=itemgetter(0, 1)):
        yield month, outcome, _read(db, "c_usage", [block[2:] for block in blocks])


def _read(db: sqlite3.Connection, table: str, blocks: Sequence[tuple[int, int]]) -> Rows:
    """Blocks by their numbers and sizes, as one."""
    from cstui.store.usage_rows import gathered

    sql = f"SELECT data FROM {table} WHERE seq = ?"
    return gathered((db.execute(sql, (seq,)).fetchone()[0] for seq, _ in blocks), sum(size for _, size in blocks))


def set_mentions(db: sqlite3.Connection) -> None:
    """Write down in `s_usage_mention` where each customer is first named by a row of use."""
    import numpy as np

    from cstui.store.usage_rows import unpacked

    first: dict[int, tuple[int, int]] = {}
    for (seq,) in db.execute("SELECT seq FROM s_usage").fetchall():
        rows = unpacked(db.execute("SELECT data FROM s_usage WHERE seq = ?", (seq,)).fetchone()[0])
        refs, at = np.unique(rows.key >> CUSTOMER_SHIFT, return_index=True)
        for ref, place in zip(refs.tolist(), zip(rows.file[at].tolist(), rows.line[at].tolist(), strict=True), strict=True):
            first[ref] = min(place, first.get(ref, place))
    db.executemany("INSERT INTO s_usage_mention(ref, file, line) VALUES (?, ?, ?)", ((ref, *place) for ref, place in sorted(first.items())))


def rejoin(db: sqlite3.Connection, into: Mapping[int, int]) -> dict[int, list[tuple[int, int]]]:
    """Give rows of use to other customers of the call; by file: the (line, customer until then) of each, in file order."""
    if not into or not any_staged(db):
        return {}
    import numpy as np

    from cstui.store.usage_rows import unpacked

    moved: dict[int, list[tuple[int, int]]] = {}
    to = np.arange(max(*into, *into.values()) + 1)
    to[list(into)] = list(into.values())
    for (seq,) in db.execute("SELECT seq FROM s_usage ORDER BY seq").fetchall():
        rows = unpacked(db.execute("SELECT data FROM s_usage WHERE seq = ?", (seq,)).fetchone()[0])
        refs = rows.key >> CUSTOMER_SHIFT
        inside = np.minimum(refs, len(to) - 1)
        new = np.where(refs < len(to), to[inside], refs)
        which = np.flatnonzero(new != refs)
        if len(which):
            for file, line, ref in zip(rows.file[which].tolist(), rows.line[which].tolist(), refs[which].tolist(), strict=True):
                moved.setdefault(file, []).append((line, ref))
            data = rows._replace(key=rows.key + ((new - refs) << CUSTOMER_SHIFT)).packed()
            db.execute("UPDATE s_usage SET data = ? WHERE seq = ?", (data, seq))
    return {file: sorted(found) for file, found in moved.items()}


def conflicts(db: sqlite3.Connection, file: int) -> list[int]:
    """Lines of a file that say other things of a key than the rows before them. After the classification."""
    return [row[0] for row in db.execute("SELECT line FROM s_usage_conflict WHERE file = ?", (file,))]


def after(db: sqlite3.Connection, file: int, day: int) -> tuple[int, tuple[int, ...]]:
    """How many rows of a file are dated after a day, and the lines of the first ten."""
    count, first = 0, list[int]()
    for seq, month in db.execute("SELECT seq, month FROM s_usage WHERE month >= ?", (month_of(day),)).fetchall():
        from cstui.store.usage_rows import unpacked  # with numpy, which no other kind needs

        rows = unpacked(db.execute("SELECT data FROM s_usage WHERE seq = ?", (seq,)).fetchone()[0])
        dom = rows.key & ((1 << DAY_BITS) - 1)
        lines = rows.line[(rows.file == file) & (dom + (month_start(month) - 1) > day)]
        count += len(lines)
        first = sorted([*first, *sorted(lines.tolist())[:_FIRST_LINES]])[:_FIRST_LINES]
    return count, tuple(first)
