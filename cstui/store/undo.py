"""Taking an import back: the exact inverse of `merge`, in one transaction, as long as nothing later built on it.

A row is taken back to the version before the import. Where a later import has changed it, it stays, and what that import
remembers as “before” becomes what was before *this* one, so that taking both back in any order leads to the start.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from json import loads
from pathlib import Path

from cstui.base.errors import UnknownImport
from cstui.base.records import Kind
from cstui.store import coverage_days, edits, restated, rollups, survey_edits, undone, usage_undo
from cstui.store.tables import TABLES, Table, functions, pinned
from cstui.store.workspace import connect, transaction

WHY_SHOWN = 20
_FACTS = tuple(table.name for table in TABLES.values() if table.mentions)
_PRIORS = tuple(f"{name}_prior" for name in _FACTS)


@dataclass(frozen=True, slots=True)
class Undone:
    """What came of it."""

    number: int
    reversed: int
    kept: int
    why: tuple[str, ...]
    failed: int = 0
    """Rows that can't be found any more."""
    failed_why: tuple[str, ...] = ()
    skipped: tuple[int, ...] = ()
    """Later imports that stand and changed nothing: there is nothing of theirs to take back."""


def undo(workspace: Path, number: int | None, at: str) -> Undone:
    """Take back import `number`, or the last that stands and changed something. Raises UnknownImport, WorkspaceBusy."""
    restated.ready()
    with closing(connect(workspace)) as db, transaction(db, workspace):
        functions(db)
        chosen, skipped = _last(db) if number is None else (_named(db, number), ())
        return replace(_take_back(db, chosen, at), skipped=skipped)


def _take_back(db: sqlite3.Connection, chosen: int, at: str) -> Undone:
    """The import's rows, kind by kind, and then what rests on them."""
    with restated.watched(db, "undo", str(chosen)):
        rollups.prepare(db)
        db.execute("CREATE TEMP TABLE gone(id INTEGER PRIMARY KEY)")
        db.execute("INSERT INTO temp.gone(id) SELECT id FROM import_file WHERE import_id = ?", (chosen,))
        undone.forget(db, chosen)
        done, why, failed = usage_undo.undo(db, chosen)
        kept = len(why)
        for table in reversed(tuple(TABLES.values())):
            failed += undone.remember(db, table, chosen)
        undone.remember_names(db, chosen)
        for table in reversed(tuple(TABLES.values())):
            stayed = _hand_down(db, table, chosen)
            kept += len(stayed)
            why += stayed
            touch(db, table, f"{table.name} AS o WHERE o.file_id IN (SELECT id FROM temp.gone)")
            rollups.widen(db)
            with _counted(db, table, chosen):
                done += _restore(db, table, chosen)
                done += _bare_customers(db) if table.kind is Kind.CUSTOMERS else _delete(db, table)
            db.execute(f"DELETE FROM {table.name}_prior WHERE import_id = ?", (chosen,))
        _drop_unmentioned(db)
        db.execute("UPDATE import SET undone_at = ? WHERE id = ?", (at, chosen))
        rollups.refresh(db)
        _forget_currency(db)  # only now: what is taken out of the rollups was counted in that currency
        db.execute("DROP TABLE temp.gone")
    more = (f"and {kept - WHY_SHOWN} more",) if kept > WHY_SHOWN else ()
    return Undone(chosen, done, kept, (*why[:WHY_SHOWN], *more), failed, (undone.GONE,) if failed else ())


def _last(db: sqlite3.Connection) -> tuple[int, tuple[int, ...]]:
    """The last import that stands and changed something, and those after it that changed nothing."""
    changed = "EXISTS (SELECT 1 FROM import_file AS f WHERE f.import_id = i.id AND f.created + f.updated > 0)"
    skipped: list[int] = []
    for number, did in db.execute(f"SELECT i.id, {changed} FROM import AS i WHERE i.undone_at IS NULL ORDER BY i.id DESC"):
        if did:
            return int(number), tuple(skipped)
        skipped.append(int(number))
    if skipped:
        raise UnknownImport("No import that stands changed anything, so there is none to take back.")
    raise UnknownImport("There is no import to take back.")


def _named(db: sqlite3.Connection, number: int) -> int:
    row = db.execute("SELECT undone_at FROM import WHERE id = ?", (number,)).fetchone()
    if row is None:
        raise UnknownImport(f"There is no import {number}. `cstui imports` lists them.")
    if row[0] is not None:
        raise UnknownImport(f"Import {number} was taken back already, on {row[0]}.")
    return number


@contextmanager
def _counted(db: sqlite3.Connection, table: Table, chosen: int) -> Iterator[None]:
    """Count the import's rows out of the calendar, and those that are as they were before it in again."""
    coverage_days.take(db, table.kind, f"{table.name} AS o WHERE o.file_id IN (SELECT id FROM temp.gone)")
    db.execute(
        f"CREATE TEMP TABLE restored AS SELECT o.id AS id FROM {table.name}_prior AS p JOIN {table.name} AS o ON o.id = p.id "
        "WHERE p.import_id = ? AND o.file_id IN (SELECT id FROM temp.gone)",
        (chosen,),
    )
    yield
    coverage_days.add(db, table.kind, f"{table.name} AS o WHERE o.id IN (SELECT id FROM temp.restored)")
    db.execute("DROP TABLE temp.restored")


def _hand_down(db: sqlite3.Connection, table: Table, chosen: int) -> list[str]:
    """What later imports remember of this one's rows becomes what was before it; says which rows stay as they made them."""
    name = f"{table.name}_prior"
    stub = " AND NOT p.stub" if table.kind is Kind.CUSTOMERS else ""
    held = f"FROM {name} AS p WHERE p.import_id <> :number AND p.file_id IN (SELECT id FROM temp.gone)"
    stayed = [
        f"{table.name.replace('_', ' ')} {key}: changed since by import {later}"
        for key, later in db.execute(
            f"SELECT {table.label}, p.import_id FROM {name} AS p JOIN {table.name} AS o ON o.id = p.id "
            f"WHERE p.import_id <> :number AND p.file_id IN (SELECT id FROM temp.gone){stub} ORDER BY p.id",
            {"number": chosen},
        )
    ]
    columns = ", ".join(table.kept)
    own = ", ".join(f"own.{column}" for column in table.kept)
    db.execute(f"CREATE TEMP TABLE held AS SELECT p.import_id AS later, p.id AS id {held}", {"number": chosen})
    db.execute(
        f"DELETE FROM {name} WHERE (import_id, id) IN (SELECT later, id FROM temp.held) "
        f"AND id NOT IN (SELECT id FROM {name} WHERE import_id = ?)",
        (chosen,),
    )
    db.execute(
        f"UPDATE {name} SET ({columns}) = ({own}) FROM {name} AS own, temp.held "
        f"WHERE own.import_id = ? AND own.id = held.id AND {name}.import_id = held.later AND {name}.id = held.id",
        (chosen,),
    )
    db.execute("DROP TABLE temp.held")
    return stayed


def _restore(db: sqlite3.Connection, table: Table, chosen: int) -> int:
    """Rows that the import updated, and nothing since: as they were."""
    assigned = ", ".join(f"{column} = {table.restored(column)}" for column in table.kept)
    done = db.execute(
        f"UPDATE {table.name} AS o SET {assigned} FROM {table.name}_prior AS p "
        "WHERE p.import_id = ? AND p.id = o.id AND o.file_id IN (SELECT id FROM temp.gone)",
        (chosen,),
    ).rowcount
    touch(db, table, f"{table.name}_prior AS p JOIN {table.name} AS o ON o.id = p.id WHERE p.import_id = {int(chosen)}")
    return done


def _delete(db: sqlite3.Connection, table: Table) -> int:
    """Rows that the import made, and nothing changed since. Whatever else it touched has been restored and names another file."""
    return db.execute(f"DELETE FROM {table.name} WHERE file_id IN (SELECT id FROM temp.gone)").rowcount


def _bare_customers(db: sqlite3.Connection) -> int:
    """Customers that the import made: stubs again where facts still name them or a person edited them, else gone."""
    made = db.execute("SELECT count(*) FROM customer WHERE NOT stub AND file_id IN (SELECT id FROM temp.gone)").fetchone()[0]
    emptied = {column: f"CASE WHEN {pinned(column)} THEN o.{column} END" for column in TABLES[Kind.CUSTOMERS].columns[1:]}
    emptied["attributes"] = "CASE WHEN o.pinned IS NOT NULL THEN repinned(NULL, o.attributes, o.pinned) END"
    empty = ", ".join(f"{column} = {value}" for column, value in emptied.items())
    db.execute(
        f"UPDATE customer AS o SET {empty}, stub = 1, entered = NULL, file_id = NULL, line = NULL "
        "WHERE o.file_id IN (SELECT id FROM temp.gone)"
    )
    return int(made)


def _drop_unmentioned(db: sqlite3.Connection) -> None:
    """Of the customers touched, stubs that nothing names go; those that lost their place take that of the first row that names them."""
    named = " UNION ALL ".join(f"SELECT 1 FROM {name} AS f WHERE f.customer_id = customer.id" for name in (*_FACTS, *_PRIORS))
    named += " UNION ALL SELECT 1 FROM temp.usage_customer AS f WHERE f.id = customer.id"
    usage_undo.name_customers(db)
    bare = "customer.stub AND customer.pinned IS NULL"
    touched = f"{bare} AND customer.id IN (SELECT id FROM temp.touched_customer UNION SELECT id FROM temp.placeless)"
    # Only rows of this import lose their place, and entered ones never had a file: `entered` tells them apart.
    db.execute("CREATE TEMP TABLE placeless AS SELECT id FROM customer WHERE stub AND file_id IS NULL AND entered IS NULL")
    db.execute(f"DELETE FROM customer WHERE {touched} AND NOT EXISTS ({named})")
    places = " UNION ALL ".join(
        f"SELECT {rank} AS rank, f.file_id AS file_id, f.line AS line FROM {name} AS f "
        "WHERE f.customer_id = customer.id AND f.file_id IS NOT NULL"
        for rank, names in enumerate((_FACTS, _PRIORS))
        for name in names
    )
    places += " UNION ALL SELECT f.rank, f.file_id, f.line FROM temp.usage_customer AS f WHERE f.id = customer.id"
    db.execute(
        f"UPDATE customer SET (file_id, line) = (SELECT file_id, line FROM ({places}) ORDER BY rank, file_id, line LIMIT 1) "
        "WHERE id IN (SELECT id FROM temp.placeless)"
    )
    edits.forget_absent(db)
    survey_edits.forget_absent(db)
    db.execute("DROP TABLE temp.placeless")
    db.execute("DROP TABLE temp.usage_customer")


def _forget_currency(db: sqlite3.Connection) -> None:
    """A currency that only an import chose goes with the last amount in it."""
    amounts = " OR ".join(f"EXISTS (SELECT 1 FROM {table.name})" for table in TABLES.values() if "currency" in table.values)
    if db.execute(f"SELECT {amounts}").fetchone()[0]:
        return
    chosen = {loads(options).get("currency") for (options,) in db.execute("SELECT options FROM import")} - {None}
    db.executemany("DELETE FROM setting WHERE name = 'currency' AND value = ?", [(code,) for code in chosen])


def touch(db: sqlite3.Connection, table: Table, which: str) -> None:
    """Tell the rollups of rows `o`, and of their customers, who may be named no more."""
    if table.moves == "day":
        db.execute(f"INSERT OR IGNORE INTO temp.touched_day(day) SELECT o.paid_at FROM {which} AND o.paid_at IS NOT NULL")
    if table.mentions or table.kind is Kind.CUSTOMERS:
        column = "customer_id" if table.mentions else "id"
        db.execute(f"INSERT OR IGNORE INTO temp.touched_customer(id) SELECT o.{column} FROM {which}")
