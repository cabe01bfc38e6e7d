"""What an undo takes away, remembered for a while: so that every row of the import can be listed, and made again.

Filled before anything is taken back, in the same transaction. `redo` reads it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from json import dumps, loads
from typing import NamedTuple

from cstui.base.days import iso, month_start
from cstui.base.records import Kind
from cstui.store.tables import TABLES, Table

KEPT_DAYS = 90
USAGE = "usage"
_TABLES = ("undone_kind", "undone_row", "undone_customer", "undone_user", "usage_undone")
_SAME = " AND ".join(f"p.{name} = o.{name}" for name in ("month", "customer_id", "user_id", "dom"))
_MENTIONING = frozenset(table.name for table in TABLES.values() if table.mentions)
_KEY = "o.month, o.customer_id, o.user_id, o.dom"
_VALUES = ("sessions", "minutes", "events", "file_id", "line")


class UndoneRow(NamedTuple):
    """What became of one row of an import that was taken back."""

    outcome: str
    """`reversed`, `kept` or `failed`."""
    kind: str
    id: str | None
    why: str | None


def remember(db: sqlite3.Connection, table: Table, chosen: int) -> int:
    """Keep the rows of import `chosen` (`temp.gone` has its files) and what they were before; how many can't be found any more."""
    name = table.name
    customer = "o.id" if table.kind is Kind.CUSTOMERS else "o.customer_id" if table.mentions else "NULL"
    now, was = (f"json_array({', '.join(f'{row}.{column}' for column in table.kept)})" for row in ("o", "p"))
    pins = "o.pinned" if table.kind is Kind.CUSTOMERS else "NULL"
    into = "INSERT INTO undone_row(import_id, kind, id, later, customer_id, label, pinned, after, before) "
    own = f"LEFT JOIN {name}_prior AS p ON p.import_id = :number AND p.id = o.id"
    before = f"CASE WHEN p.id IS NULL THEN NULL ELSE {was} END"
    bound = {"number": chosen, "kind": name}
    db.execute(
        f"{into} SELECT :number, :kind, o.id, 0, {customer}, {table.label}, {pins}, {now}, {before} "
        f"FROM {name} AS o {own} WHERE o.file_id IN (SELECT id FROM temp.gone)",
        bound,
    )
    db.execute(
        f"{into} SELECT :number, :kind, o.id, o.import_id, {customer}, {table.label}, NULL, {now}, {before} "
        f"FROM {name}_prior AS o {own} WHERE o.import_id <> :number AND o.file_id IN (SELECT id FROM temp.gone)",
        bound,
    )
    stub = table.kept.index("stub") if table.kind is Kind.CUSTOMERS else None
    real = "" if stub is None else f" AND NOT json_extract(after, '$[{stub}]')"
    found = db.execute(f"SELECT count(*) FROM undone_row WHERE import_id = :number AND kind = :kind{real}", bound).fetchone()[0]
    return _note(db, chosen, name, table.kind, dumps(table.kept), int(found))


def remember_usage(db: sqlite3.Connection, chosen: int) -> int:
    """The same for rows of use."""
    into = (
        "INSERT INTO usage_undone(import_id, month, customer_id, user_id, dom, later, sessions, minutes, events, file_id, line, new, "
        "was_sessions, was_minutes, was_events, was_file_id, was_line) "
    )
    now = ", ".join(f"o.{name}" for name in _VALUES)
    was = ", ".join(f"p.{name}" for name in _VALUES)
    own = f"LEFT JOIN usage_prior AS p ON p.import_id = {int(chosen)} AND {_SAME}"
    if not db.execute("SELECT EXISTS (SELECT 1 FROM usage_prior WHERE import_id = ?)", (chosen,)).fetchone()[0]:
        own, was = "", "NULL, NULL, NULL, NULL, NULL"  # it only made rows: there is nothing to look up for each
    new = "p.import_id IS NULL" if own else "1"
    gone = "o.file_id IN (SELECT id FROM temp.gone)"
    found = db.execute(f"{into} SELECT {int(chosen)}, {_KEY}, 0, {now}, {new}, {was} FROM usage AS o {own} WHERE {gone}").rowcount
    found += db.execute(
        f"{into} SELECT {int(chosen)}, {_KEY}, o.import_id, {now}, {new}, {was} FROM usage_prior AS o {own} "
        f"WHERE o.import_id <> {int(chosen)} AND {gone}"
    ).rowcount
    return _note(db, chosen, USAGE, Kind.USAGE, "[]", found)


def remember_names(db: sqlite3.Connection, chosen: int) -> None:
    """Keep who the customers and users of the rows are: their numbers may be another's by the time. After the rows."""
    named = [f"SELECT customer_id FROM {table} WHERE import_id = :number" for table in ("undone_row", "usage_undone")]
    for table in TABLES.values():
        if table.mentions:  # a row may have been another customer's before
            own = f"json_extract(before, '$[{table.kept.index('customer_id')}]')"
            named.append(f"SELECT {own} FROM undone_row WHERE import_id = :number AND kind = '{table.name}' AND before IS NOT NULL")
    db.execute(
        "INSERT OR IGNORE INTO undone_customer(import_id, id, customer_id, fold) "
        f"SELECT :number, id, customer_id, fold FROM customer WHERE id IN ({' UNION '.join(named)})",
        {"number": chosen},
    )
    db.execute(
        "INSERT OR IGNORE INTO undone_user(import_id, id, user_id) SELECT :number, id, user_id FROM usage_user "
        "WHERE id IN (SELECT user_id FROM usage_undone WHERE import_id = :number)",
        {"number": chosen},
    )


def _note(db: sqlite3.Connection, chosen: int, name: str, kind: Kind, columns: str, found: int) -> int:
    written = db.execute(
        "SELECT ifnull(sum(written), 0) FROM import_file WHERE import_id = ? AND kind = ?", (chosen, kind.value)
    ).fetchone()[0]
    failed = max(0, int(written) - found)
    db.execute("INSERT INTO undone_kind(import_id, kind, columns, failed) VALUES (?, ?, ?, ?)", (chosen, name, columns, failed))
    return failed


def forget(db: sqlite3.Connection, chosen: int) -> None:
    """Let go of what is remembered of an import."""
    for table in _TABLES:
        db.execute(f"DELETE FROM {table} WHERE import_id = ?", (chosen,))


def purge(db: sqlite3.Connection, day: str) -> None:
    """Let go of imports that were taken back before `day` (YYYY-MM-DD)."""
    for (number,) in db.execute("SELECT id FROM import WHERE undone_at < ?", (day,)).fetchall():
        forget(db, int(number))


def forget_customer(db: sqlite3.Connection, fold: str) -> frozenset[tuple[int, int]]:
    """Let go of everything of one customer, of rows too that are another's since; gives where these rows were read: (file, line)."""
    places: set[tuple[int, int]] = set()
    for number, customer in db.execute("SELECT import_id, id FROM undone_customer WHERE fold = ?", (fold,)).fetchall():
        for kind, columns in db.execute("SELECT kind, columns FROM undone_kind WHERE import_id = ?", (number,)).fetchall():
            if kind in _MENTIONING:
                places |= _forget_rows(db, (number, kind, customer), loads(columns))
        for table, column in (("undone_row", "customer_id"), ("usage_undone", "customer_id"), ("undone_customer", "id")):
            db.execute(f"DELETE FROM {table} WHERE import_id = ? AND {column} = ?", (number, customer))
    db.execute(
        "DELETE FROM undone_user WHERE NOT EXISTS (SELECT 1 FROM usage_undone AS u WHERE u.import_id = undone_user.import_id "
        "AND u.user_id = undone_user.id)"
    )
    return frozenset(places)


def _forget_rows(db: sqlite3.Connection, whose: tuple[int, str, int], columns: list[str]) -> set[tuple[int, int]]:
    """The same for one import and kind: (import, table, customer by their number then)."""
    customer, file, line = (columns.index(name) for name in ("customer_id", "file_id", "line"))
    theirs = f"import_id = ? AND kind = ? AND ? IN (customer_id, json_extract(before, '$[{customer}]'))"
    found = {
        place
        for side in ("before", "after")
        for place in db.execute(
            f"SELECT json_extract({side}, '$[{file}]'), json_extract({side}, '$[{line}]') FROM undone_row WHERE {theirs}", whose
        )
    }
    db.execute(f"DELETE FROM undone_row WHERE {theirs}", whose)
    return found


def rows(db: sqlite3.Connection, chosen: int, *, reasons: bool = False) -> Iterator[UndoneRow]:
    """What became of every row of an import that was taken back, kind by kind; `reasons`: of those that have a reason alone."""
    for table in TABLES.values():
        some = " AND (later <> 0 OR pinned IS NOT NULL)" if reasons else ""
        found = db.execute(
            f"SELECT later, label, pinned FROM undone_row WHERE import_id = ? AND kind = ?{_real(table)}{some} ORDER BY id, later",
            (chosen, table.name),
        )
        for later, label, pins in found:
            why = f"changed since by import {later}" if later else _stays(pins) if pins else None
            yield UndoneRow("kept" if later else "reversed", table.kind.value, label, why)
    found = db.execute(
        "SELECT o.later, c.customer_id, o.month, o.dom, u.user_id FROM usage_undone AS o "
        "JOIN undone_customer AS c ON c.import_id = o.import_id AND c.id = o.customer_id "
        "LEFT JOIN undone_user AS u ON u.import_id = o.import_id AND u.id = o.user_id "
        f"WHERE o.import_id = ?{' AND o.later <> 0' if reasons else ''} ORDER BY {_KEY}, o.later",
        (chosen,),
    )
    for later, customer, month, dom, user in found:
        label = f"{customer} on {iso(month_start(month) + dom - 1)}{f' by {user}' if user else ''}"
        why = f"changed since by import {later}" if later else None
        yield UndoneRow("kept" if later else "reversed", Kind.USAGE.value, label, why)
    kinds = {table.name: table.kind.value for table in TABLES.values()} | {USAGE: Kind.USAGE.value}
    for name, failed in db.execute("SELECT kind, failed FROM undone_kind WHERE import_id = ? AND failed > 0", (chosen,)):
        for _ in range(failed):
            yield UndoneRow("failed", kinds[name], None, GONE)


def counts(db: sqlite3.Connection, chosen: int) -> tuple[int, int, int] | None:
    """Rows of an import that was taken back: reversed, kept, failed; None where they are not remembered any more."""
    if not db.execute("SELECT EXISTS (SELECT 1 FROM undone_kind WHERE import_id = ?)", (chosen,)).fetchone()[0]:
        return None
    each = [f"SELECT later FROM undone_row WHERE import_id = :number AND kind = '{table.name}'{_real(table)}" for table in TABLES.values()]
    each.append("SELECT later FROM usage_undone WHERE import_id = :number")
    reversed_, kept = db.execute(
        f"SELECT ifnull(sum(later = 0), 0), ifnull(sum(later <> 0), 0) FROM ({' UNION ALL '.join(each)})", {"number": chosen}
    ).fetchone()
    failed = db.execute("SELECT sum(failed) FROM undone_kind WHERE import_id = ?", (chosen,)).fetchone()[0]
    return int(reversed_), int(kept), int(failed)


def _real(table: Table) -> str:
    """Of customers those who were more than a mention."""
    return f" AND NOT json_extract(after, '$[{table.kept.index('stub')}]')" if table.kind is Kind.CUSTOMERS else ""


def _stays(pins: str) -> str:
    return f"fields edited by hand stay: {', '.join(map(str, loads(pins)))}"


GONE = "it is not there any more: its customer was forgotten since"
