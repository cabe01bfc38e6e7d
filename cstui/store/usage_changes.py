"""How updates of use go, field by field: noted while `usage_classify` compares, told in the words of `changes`. Knows no file."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from cstui.base.days import iso, month_start
from cstui.base.outcome import FIRST_ROWS, Changes, FieldChange, RowChange
from cstui.base.usage import CUSTOMER_SHIFT, DAY_BITS, EMPTY, MINUTE, USER_BITS

if TYPE_CHECKING:
    from cstui.store.usage_rows import Rows

FIELDS = ("sessions", "minutes", "events")
_VALUES = ", ".join(f"{when}_{name}" for when in ("old", "new") for name in FIELDS)


def make(db: sqlite3.Connection) -> None:
    """The tables of the staging file that the notes go to."""
    db.execute("CREATE TABLE s_usage_field(file INTEGER NOT NULL, field TEXT NOT NULL, rows INTEGER NOT NULL)")
    db.execute(
        "CREATE TABLE s_usage_change(file INTEGER NOT NULL, line INTEGER NOT NULL, month INTEGER NOT NULL, key INTEGER NOT NULL, "
        f"{', '.join(f'{name.strip()} INTEGER' for name in _VALUES.split(','))})"
    )


def clear(db: sqlite3.Connection) -> None:
    """Forget what was noted."""
    db.execute("DELETE FROM s_usage_field")
    db.execute("DELETE FROM s_usage_change")


def note(db: sqlite3.Connection, month: int, new: Rows, old: Rows) -> None:
    """Note rows of a month that change, all of them: what they come to, and what they were."""
    import numpy as np

    if not len(new.key):
        return
    differs = [after != before for after, before in zip(new.values, old.values, strict=True)]
    for file in np.unique(new.file).tolist():
        own = new.file == file
        counted = [(file, name, int(np.count_nonzero(own & column))) for name, column in zip(FIELDS, differs, strict=True)]
        db.executemany("INSERT INTO s_usage_field(file, field, rows) VALUES (?, ?, ?)", [(file, "", int(np.count_nonzero(own))), *counted])
        places = np.flatnonzero(own)
        first = places[np.argsort(new.line[places], kind="stable")[:FIRST_ROWS]]
        columns = (new.line, new.key, *old.values, *new.values)
        rows = zip(*(column[first].tolist() for column in columns), strict=True)
        db.executemany(
            f"INSERT INTO s_usage_change(file, month, line, key, {_VALUES}) VALUES ({int(file)}, {int(month)}, ?, ?, ?, ?, ?, ?, ?, ?)",
            rows,
        )


def changes(db: sqlite3.Connection) -> Iterator[tuple[int, Changes]]:
    """(file, what its updates come to) of the files of use that update anything."""
    counts: dict[int, Counter[str]] = {}
    for file, field, rows in db.execute("SELECT file, field, sum(rows) FROM s_usage_field GROUP BY file, field ORDER BY file"):
        counts.setdefault(file, Counter())[field] += rows
    for file, fields in counts.items():
        total = fields.pop("")
        yield file, Changes(total, tuple(item for item in fields.most_common() if item[1]), tuple(_first(db, file)))


def _first(db: sqlite3.Connection, file: int) -> Iterator[RowChange]:
    rows = db.execute(
        f"SELECT line, month, key, {_VALUES} FROM s_usage_change WHERE file = ? ORDER BY line LIMIT {FIRST_ROWS}", (file,)
    ).fetchall()
    for line, month, key, *values in rows:
        customer = db.execute("SELECT raw FROM s_ref WHERE ref = ?", (key >> CUSTOMER_SHIFT,)).fetchone()[0]
        user = db.execute("SELECT user_id FROM s_user WHERE user = ?", ((key >> DAY_BITS) & ((1 << USER_BITS) - 1),)).fetchone()
        day = iso(month_start(month) + (key & ((1 << DAY_BITS) - 1)) - 1)
        label = f"{customer} on {day}{f' by {user[0]}' if user else ''}"
        pairs = zip(FIELDS, values[:3], values[3:], strict=True)
        yield RowChange(line, label, tuple(FieldChange(n, _text(n, old), _text(n, new)) for n, old, new in pairs if old != new))


def _text(name: str, value: int) -> str | None:
    if value == EMPTY:
        return None
    return f"{(Decimal(value) / MINUTE).normalize():f}" if name == "minutes" else str(value)
