"""A month of use as columns, for whoever reads those of everybody: kept beside `usage_month`, which is written and looked up row by row."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from cstui.base.days import Period, month_of
from cstui.metrics.using import NONE, USER_BITS, Month, days_of
from cstui.store.pages import narrow

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cstui.metrics.columns import Flags, Ints

FEW = 1_000
"""Users under which a month is as quickly read from its rows."""
_WORDS = "SELECT customer_id << 32 | user_id, days"
_OF_MONTH = f"{_WORDS}, ifnull(minutes, 0), ifnull(sessions, 0), minutes IS NULL OR sessions IS NULL "
_BOTH = (
    "SELECT customer_id << 32 | user_id, sum(minutes), sum(sessions) FROM usage "
    "WHERE month = ? AND minutes IS NOT NULL AND sessions IS NOT NULL GROUP BY customer_id, user_id"
)


class Words(NamedTuple):
    """Who was active in a month, and when."""

    users: Ints
    """customer << 32 | user, ascending."""
    days: Ints
    """Bit day of month − 1."""


def put(db: sqlite3.Connection, found: Month) -> None:
    """Keep a month's columns, where it is worth it."""
    if len(found.users) < FEW:
        db.execute("DELETE FROM usage_column WHERE month = ?", (found.month,))
        return
    columns = (found.users, *map(_narrow, (found.days, found.minutes, found.sessions)))
    db.execute("INSERT OR REPLACE INTO usage_column VALUES (?, ?, ?, ?, ?)", (found.month, *(column.tobytes() for column in columns)))


def renew(db: sqlite3.Connection, month: int) -> None:
    """Make a month's columns anew from its rows."""
    put(db, _made(db, month))


def _made(db: sqlite3.Connection, month: int) -> Month:
    kind = np.dtype([("users", "<i8"), ("days", "<i8"), ("minutes", "<i8"), ("sessions", "<i8"), ("lacking", "<i8")])
    rows = np.fromiter(db.execute(f"{_OF_MONTH} FROM usage_month WHERE month = ? ORDER BY customer_id, user_id", (month,)), kind)
    users = np.ascontiguousarray(rows["users"])
    lacking = rows["lacking"] != 0
    minutes, sessions = (np.where(lacking, empty, rows[name]) for name, empty in (("minutes", NONE), ("sessions", 0)))
    odd = "SELECT EXISTS (SELECT 1 FROM usage WHERE month = ? AND (minutes IS NULL) <> (sessions IS NULL))"
    if not lacking.all() and db.execute(odd, (month,)).fetchone()[0]:  # then sums of the month hold days that name one of the two
        both = np.fromiter(db.execute(_BOTH, (month,)), np.dtype([("users", "<i8"), ("minutes", "<i8"), ("sessions", "<i8")]))
        at = np.searchsorted(users, both["users"])
        minutes, sessions = np.full(len(users), NONE), np.zeros(len(users), dtype=np.int64)
        minutes[at], sessions[at] = both["minutes"], both["sessions"]
    return Month(month, users, np.ascontiguousarray(rows["days"]), minutes, sessions)


def words(db: sqlite3.Connection, month: int) -> Words:
    """Who was active in a month, and on which days."""
    row = db.execute("SELECT users, days FROM usage_column WHERE month = ?", (month,)).fetchone()
    if row is None:
        kind = np.dtype([("users", "<i8"), ("days", "<i8")])
        rows = np.fromiter(db.execute(f"{_WORDS} FROM usage_month WHERE month = ? ORDER BY customer_id, user_id", (month,)), kind)
        return Words(np.ascontiguousarray(rows["users"]), np.ascontiguousarray(rows["days"]))
    users = np.frombuffer(row[0], "<i8")
    return Words(users, _wide(row[1], len(users)))


def customers(db: sqlite3.Connection, span: Period, chosen: Flags | None) -> set[int]:
    """Whose users were active in a span: of `chosen` customers, by their number (None: of all)."""
    found: set[int] = set()
    for month in range(month_of(span.start), month_of(span.last) + 1):
        users, days = words(db, month)
        whose = users[(days & days_of(month, span)) != 0] >> USER_BITS
        if chosen is not None:
            whose = whose[chosen[np.minimum(whose, len(chosen) - 1)]]
        found.update(whose[np.diff(whose, prepend=-1) > 0].tolist())  # they ascend
    return found


def months(db: sqlite3.Connection, first: int, last: int, chosen: Flags | None) -> list[Month]:
    """The months from `first` to `last` that somebody was active in: of `chosen` customers, by their number (None: of all)."""
    sql = "SELECT * FROM usage_column WHERE month BETWEEN ? AND ?"
    kept = {row[0]: _read(*row) for row in db.execute(sql, (first, last))}
    found = []
    for month in range(first, last + 1):
        one = kept.get(month) or _made(db, month)
        if chosen is not None:
            mine = chosen[np.minimum(one.customers, len(chosen) - 1)]
            one = Month(month, *(column[mine] for column in one[1:]))
        if len(one.users):
            found.append(one)
    return found


def _read(month: int, packed: bytes, *columns: bytes) -> Month:
    users = np.frombuffer(packed, "<i8")
    return Month(month, users, *(_wide(column, len(users)) for column in columns))


def _narrow(column: Ints) -> NDArray[np.signedinteger[Any]]:
    found = narrow(column)
    return found.astype(found.dtype.newbyteorder("<"), copy=False)


def _wide(packed: bytes, count: int) -> Ints:
    return np.frombuffer(packed, f"<i{len(packed) // count}").astype(np.int64) if count else np.zeros(0, dtype=np.int64)
