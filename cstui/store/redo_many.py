"""Bringing rows back that nothing stands in the way of, many at once: what `redo` does one by one for the others.

These are rows that the import made and whose place is free, and rows that it changed and that are as they were before. What has
been brought back is let go of, so that `redo` finds only the others.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from json import loads
from typing import cast

from cstui.base.records import Kind
from cstui.store import coverage_days
from cstui.store.tables import Table
from cstui.store.undo import touch

AT_ONCE = 50_000
"""Rows held in memory."""


def bring_back(db: sqlite3.Connection, table: Table, chosen: int, customers: dict[int, int]) -> int:
    """Bring back what can be of a kind; gives how many rows of the import that is. Touches what it writes.

    `customers`: each customer's number of then → of now; customers who come back are added.
    """
    columns = db.execute("SELECT columns FROM undone_kind WHERE import_id = ? AND kind = ?", (chosen, table.name)).fetchone()
    if columns is None:
        return 0
    names: list[str] = loads(columns[0])
    kept = range(len(table.kept))
    states = ", ".join(f"{state}_{at}" for state in ("after", "before") for at in kept)
    db.execute(f"CREATE TEMP TABLE again(id INTEGER PRIMARY KEY, new INTEGER, {states})")
    done, last = 0, -1
    while True:
        found = db.execute(
            "SELECT id, after, before FROM undone_row WHERE import_id = ? AND kind = ? AND later = 0 AND id > ? ORDER BY id LIMIT ?",
            (chosen, table.name, last, AT_ONCE),
        ).fetchall()
        if not found:
            break
        last = found[-1][0]
        marks = ", ".join("?" * (2 + 2 * len(kept)))
        db.executemany(f"INSERT INTO temp.again VALUES ({marks})", _rows(table, names, found, customers))
        done += _made(db, table)
        done += _changed(db, table, chosen)
        db.execute(
            "DELETE FROM undone_row WHERE import_id = ? AND kind = ? AND later = 0 AND id IN (SELECT id FROM temp.again)",
            (chosen, table.name),
        )
        if table.kind is Kind.CUSTOMERS:
            customers.update((number, number) for (number,) in db.execute("SELECT id FROM temp.again"))
        db.execute("DELETE FROM temp.again")
    db.execute("DROP TABLE temp.again")
    return done


def _rows(
    table: Table, names: Sequence[str], found: Sequence[tuple[int, str, str | None]], customers: dict[int, int]
) -> Iterator[tuple[object, ...]]:
    """Rows of TEMP `again`: number, whether the import made it, after and before; in the customers' numbers of now."""
    places = [names.index(name) if name in names else None for name in table.kept]
    whose = table.kept.index("customer_id") if table.mentions else None
    nothing: list[object] = [None] * len(places)

    def state(text: str) -> list[object]:
        values = loads(text)
        row: list[object] = [None if at is None else values[at] for at in places]
        if whose is not None:
            row[whose] = customers.get(cast("int", row[whose]))
        return row

    for number, after, before in found:
        now, was = state(after), nothing if before is None else state(before)
        if whose is None or (now[whose] is not None and (before is None or was[whose] is not None)):
            yield (number, before is None, *now, *was)


def _made(db: sqlite3.Connection, table: Table) -> int:
    """Rows that the import made, where their number and their key are free; the others leave `again`."""
    key = ("fold",) if table.kind is Kind.CUSTOMERS else tuple("customer_id" if name == "ref" else name for name in table.key)
    same = " AND ".join(f"o.{name} = again.after_{table.kept.index(name)}" for name in key)
    db.execute(
        f"DELETE FROM temp.again WHERE new AND (id IN (SELECT id FROM {table.name}) "
        f"OR EXISTS (SELECT 1 FROM {table.name} AS o WHERE {same}))"
    )
    values = ", ".join(f"after_{at}" for at in range(len(table.kept)))
    made = db.execute(
        f"INSERT INTO {table.name}(id, {', '.join(table.kept)}) SELECT id, {values} FROM temp.again WHERE new ORDER BY id"
    ).rowcount
    which = f"{table.name} AS o WHERE o.id IN (SELECT id FROM temp.again WHERE new)"
    coverage_days.add(db, table.kind, which)
    touch(db, table, which)
    if table.kind is Kind.CUSTOMERS:
        stub = table.kept.index("stub")
        made -= db.execute(f"SELECT count(*) FROM temp.again WHERE new AND after_{stub}").fetchone()[0]
    return int(made)


def _changed(db: sqlite3.Connection, table: Table, chosen: int) -> int:
    """Rows that the import changed, where they are as they were before; the others leave `again`."""
    if not db.execute("SELECT EXISTS (SELECT 1 FROM temp.again WHERE NOT new)").fetchone()[0]:
        return 0
    alike = " AND ".join(f"o.{name} IS again.before_{at}" for at, name in enumerate(table.kept))
    if table.kind is Kind.CUSTOMERS:  # what a person pinned is a matter of its own, and a stub is nobody's row
        alike += f" AND o.pinned IS NULL AND NOT again.after_{table.kept.index('stub')}"
    db.execute(f"DELETE FROM temp.again WHERE NOT new AND NOT EXISTS (SELECT 1 FROM {table.name} AS o WHERE o.id = again.id AND {alike})")
    before = ", ".join(f"before_{at}" for at in range(len(table.kept)))
    db.execute(
        f"INSERT OR REPLACE INTO {table.name}_prior(import_id, id, {', '.join(table.kept)}) "
        f"SELECT ?, id, {before} FROM temp.again WHERE NOT new",
        (chosen,),
    )
    which = f"{table.name} AS o WHERE o.id IN (SELECT id FROM temp.again WHERE NOT new)"
    touch(db, table, which)
    coverage_days.take(db, table.kind, which)
    assigned = ", ".join(f"{name} = again.after_{at}" for at, name in enumerate(table.kept))
    changed = db.execute(f"UPDATE {table.name} AS o SET {assigned} FROM temp.again WHERE again.id = o.id AND NOT again.new").rowcount
    coverage_days.add(db, table.kind, which)
    touch(db, table, which)
    return changed
