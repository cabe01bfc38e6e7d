"""What each staged row would do to the workspace: create, update, leave unchanged. Exact, and a matter of comparing sets.

Reads the workspace, writes the staging file only. A row that has no entry in its `c_` table creates.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from cstui.base.money import exponent
from cstui.base.records import Kind
from cstui.store import usage_staging
from cstui.store.tables import CLEARED, TABLES, State, Table, merged

CREATED, UPDATED, UNCHANGED = 0, 1, 2

Identities = Mapping[object, tuple[object, str]]
"""A staged customer's number → what tells it from others (its id, or “new”), and its id as written."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What the accepted rows of a file come to."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0


def classify(db: sqlite3.Connection, files: int, currency: str, *, clear: bool) -> list[Counts]:
    """Compare everything staged with the workspace as it is now; gives the counts of each of so many files.

    `db` sees both: the staging file with the workspace attached, or the workspace with the staging file attached.
    """
    totals: Counter[tuple[int, int]] = Counter()
    _resolve(db)
    for table in TABLES.values():
        db.execute(f"DELETE FROM c_{table.name}")
        if db.execute(f"SELECT EXISTS (SELECT 1 FROM {table.name})").fetchone()[0]:
            _own_currency(db, table, currency)
            _compare(db, table, currency, clear=clear)
        totals.update(_plain(db, table))
        totals.update(_doubled(db, table, currency))
    if usage_staging.any_staged(db):
        from cstui.store import usage_classify  # with numpy, which no other kind needs

        totals.update(usage_classify.classify(db))
    totals.update({(file, UNCHANGED): rows for file, rows in db.execute("SELECT file, sum(rows) FROM s_again GROUP BY file")})
    return [Counts(*(totals[file, outcome] for outcome in (CREATED, UPDATED, UNCHANGED))) for file in range(files)]


def _resolve(db: sqlite3.Connection) -> None:
    """Which of the call's customers the workspace has, each looked up once."""
    if db.execute("SELECT EXISTS (SELECT 1 FROM customer)").fetchone()[0]:
        db.execute("UPDATE s_ref SET (id, stub) = (SELECT customer.id, customer.stub FROM customer WHERE customer.fold = s_ref.fold)")


def matched(table: Table) -> str:
    """SQL: staged rows `s` with their customer `m`, joined to the old row `o` of the same key."""
    if table.kind is Kind.CUSTOMERS:
        return "s_customer AS s JOIN s_ref AS m ON m.ref = s.ref JOIN customer AS o ON o.id = m.id"
    same = " AND ".join(f"o.{name} = s.{name}" for name in table.key)
    named = " JOIN s_ref AS m ON m.ref = s.ref" if table.mentions else ""
    return f"{table.staged} AS s JOIN {table.name} AS o ON {same}{named}"


def _compare(db: sqlite3.Connection, table: Table, currency: str, *, clear: bool) -> None:
    columns = [column for column in table.columns if column not in table.key]
    after = ", ".join(table.result(column, clear=clear) for column in columns)
    before = ", ".join(f"o.{column}" for column in columns)
    stub = f"WHEN o.stub THEN {CREATED} " if table.kind is Kind.CUSTOMERS else ""
    db.execute(
        f"INSERT INTO c_{table.name}(seq, id, outcome) SELECT s.seq, o.id, CASE {stub}WHEN ({after}) IS NOT ({before}) THEN {UPDATED} "
        f"ELSE {UNCHANGED} END FROM {matched(table)} ORDER BY s.seq",
        {"currency": currency} if ":currency" in after else {},
    )


def _own_currency(db: sqlite3.Connection, table: Table, currency: str) -> None:
    """Amounts without a currency were read in the workspace's minor units. Where the old row's are others, they are the workspace's."""
    if "currency" not in table.values:
        return
    found = db.execute(
        f"SELECT s.seq, o.currency FROM {matched(table)} WHERE s.currency IS NULL AND o.currency <> ?", (currency,)
    ).fetchall()
    other = [(currency, seq) for seq, old in found if exponent(old) != exponent(currency)]
    db.executemany(f"UPDATE {table.staged} SET currency = ? WHERE seq = ?", other)


def by_file(db: sqlite3.Connection, which: str) -> list[tuple[int, int]]:
    """(file, rows) of some staged rows `s`. Where all are one file's, nothing is sorted for it."""
    first, last, rows = db.execute(f"SELECT min(s.file), max(s.file), count(*) FROM {which}").fetchone()
    if first == last:
        return [(first, rows)] if rows else []
    return db.execute(f"SELECT s.file, count(*) FROM {which} GROUP BY s.file").fetchall()


def _plain(db: sqlite3.Connection, table: Table) -> Counter[tuple[int, int]]:
    """(file, outcome) → rows, of keys that only one row names."""
    counts: Counter[tuple[int, int]] = Counter()
    for file, rows in by_file(db, f"{table.staged} AS s WHERE s.doubled IS NULL"):
        counts[file, CREATED] = rows
    if not db.execute(f"SELECT EXISTS (SELECT 1 FROM c_{table.name})").fetchone()[0]:
        return counts
    compared = (
        f"SELECT s.file, c.outcome, count(*) FROM c_{table.name} AS c JOIN {table.staged} AS s ON s.seq = c.seq "
        f"WHERE s.doubled IS NULL GROUP BY s.file, c.outcome"
    )
    for file, outcome, rows in db.execute(compared):
        counts[file, CREATED] -= rows
        counts[file, outcome] += rows
    return counts


def _doubled(db: sqlite3.Connection, table: Table, currency: str) -> Counter[tuple[int, int]]:
    """(file, outcome) → rows, of keys that several rows name: applied one after another."""
    counts: Counter[tuple[int, int]] = Counter()
    columns = ", ".join(f"d.{name}" for name in ("file", "line", *table.values))
    rows = db.execute(f'SELECT d."of", {columns} FROM d_{table.name} AS d ORDER BY d."of", d.seq').fetchall()
    named = db.execute("SELECT ref, id, raw FROM s_ref") if rows and "ref" in table.values else ()
    ids: Identities = {ref: (("new", ref) if found is None else found, raw) for ref, found, raw in named}
    known = bool(rows) and db.execute(f"SELECT EXISTS (SELECT 1 FROM c_{table.name})").fetchone()[0]
    places: list[tuple[int, int, int]] = []
    for seq, group in groupby(rows, key=lambda row: row[0]):
        steps = [(row[1], row[2], dict(zip(table.values, row[3:], strict=True))) for row in group]
        before = _before(db, table, seq) if known else (None, None)
        outcomes, place = _run(table, *before, steps, currency, ids)
        counts.update(zip((file for file, _, _ in steps), outcomes, strict=True))
        places.append((*place, seq))
    db.executemany(f"UPDATE {table.staged} SET file = ?, line = ? WHERE seq = ?", places)
    return counts


def _before(db: sqlite3.Connection, table: Table, seq: int) -> tuple[State | None, str | None]:
    """The old row of a doubled key, and which of its fields are pinned; a stub is none."""
    columns = ", ".join(f"o.{column}" for column in table.columns)
    stub, pins = (" AND NOT o.stub", "o.pinned") if table.kind is Kind.CUSTOMERS else ("", "NULL")
    row = db.execute(
        f"SELECT {pins}, {columns} FROM c_{table.name} AS c JOIN {table.name} AS o ON o.id = c.id WHERE c.seq = ?{stub}", (seq,)
    ).fetchone()
    if row is None:
        return None, None
    return dict(zip(table.columns, row[1:], strict=True)), row[0]


def _run(
    table: Table, before: State | None, pins: str | None, steps: list[tuple[int, int, State]], currency: str, ids: Identities
) -> tuple[list[int], tuple[int, int]]:
    """Each row's outcome, and the place of the last that changed anything."""
    state, outcomes, place = before, list[int](), steps[0][:2]
    for file, line, row in steps:
        new = _settle(table, state, pins, row, currency, ids)
        outcomes.append(CREATED if state is None else UPDATED if new != state else UNCHANGED)
        if new != state:
            place = (file, line)
        state = new
    return ([UNCHANGED] * len(steps), place) if state == before else (outcomes, place)


def _settle(table: Table, old: State | None, pins: str | None, row: State, currency: str, ids: Identities) -> State:
    """The workspace row that a staged row leaves behind, as the SQL of `Table.result` and `Table.initial` has it."""
    new: State = {}
    for column, value in row.items():
        earlier = old[column] if old is not None and column != "ref" else None
        if column == "ref":
            customer = ids[value]
            new["customer_id"] = customer[1] if table.kind is Kind.CUSTOMERS else customer[0]
        elif column == "attributes":
            new[column] = merged(earlier, value, pins) if isinstance(value, str) else earlier  # type: ignore[arg-type]  # text or None
        elif value is None or (pins is not None and f'"{column}"' in pins):
            new[column] = earlier
        else:
            new[column] = None if value == CLEARED else value
    new.update(table.settles(old, row, currency))
    return {column: new[column] for column in table.columns}
