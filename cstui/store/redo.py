"""Making an import again that was taken back: what `undone` remembers, put where the undo left off, in one transaction.

A row comes back where everything is as the undo left it. What something has changed since then stays, and that is said.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from json import dumps, loads
from pathlib import Path

from cstui.base.errors import UnknownImport
from cstui.base.records import Kind
from cstui.store import coverage_days, redo_many, restated, rollups, undone, usage_redo
from cstui.store.tables import TABLES, Table, functions, repinned
from cstui.store.undo import touch
from cstui.store.workspace import connect, transaction

WHY_SHOWN = 20
_NOBODY = -1
"""The number of a customer who is not there."""

Values = dict[str, object]
"""A row by column."""
Remembered = tuple[int, int, str, Values, Values | None]
"""Row, later import or 0, what a person calls it, after, before."""


@dataclass(frozen=True, slots=True)
class Redone:
    """What came of it."""

    number: int
    redone: int
    kept: int
    why: tuple[str, ...]


@dataclass(slots=True)
class _Tally:
    """What became of the rows so far."""

    done: int = 0
    why: list[str] = field(default_factory=list)


def redo(workspace: Path, number: int | None) -> Redone:
    """Make import `number` again, or the one taken back last. Raises UnknownImport, WorkspaceBusy."""
    with closing(connect(workspace)) as db, transaction(db, workspace):
        functions(db)
        chosen = _chosen(db, number)
        tally = _Tally()
        with restated.watched(db, "import", str(chosen)):
            rollups.prepare(db)
            _currency(db, chosen)
            customers = _customers(db, chosen, tally)
            for table in TABLES.values():
                if table.kind is not Kind.CUSTOMERS:
                    tally.done += redo_many.bring_back(db, table, chosen, customers)
                    _rows(db, table, chosen, customers, tally)
            usage = usage_redo.redo(db, chosen, customers)
            tally.done += usage[0]
            tally.why += usage[1]
            db.execute("UPDATE import SET undone_at = NULL WHERE id = ?", (chosen,))
            undone.forget(db, chosen)
            rollups.widen(db)
            rollups.refresh(db)
    kept = len(tally.why)
    more = (f"and {kept - WHY_SHOWN} more",) if kept > WHY_SHOWN else ()
    return Redone(chosen, tally.done, kept, (*tally.why[:WHY_SHOWN], *more))


def _chosen(db: sqlite3.Connection, number: int | None) -> int:
    if number is None:
        last = db.execute("SELECT id FROM import WHERE undone_at IS NOT NULL ORDER BY undone_at DESC, id LIMIT 1").fetchone()
        if last is None:
            raise UnknownImport("No import was taken back, so there is none to make again.")
        number = int(last[0])
    row = db.execute("SELECT undone_at FROM import WHERE id = ?", (number,)).fetchone()
    if row is None:
        raise UnknownImport(f"There is no import {number}. `cstui imports` lists them.")
    if row[0] is None:
        raise UnknownImport(f"Import {number} was not taken back: there is nothing to make again.")
    if not db.execute("SELECT EXISTS (SELECT 1 FROM undone_kind WHERE import_id = ?)", (number,)).fetchone()[0]:
        raise UnknownImport(
            f"What import {number} brought is not kept any more ({undone.KEPT_DAYS} days after undo). Import its files anew."
        )
    return number


def _currency(db: sqlite3.Connection, chosen: int) -> None:
    """The currency that the import gave the workspace, where the undo took it away."""
    code = loads(db.execute("SELECT options FROM import WHERE id = ?", (chosen,)).fetchone()[0]).get("currency")
    if code:
        db.execute("INSERT OR IGNORE INTO setting(name, value) VALUES ('currency', ?)", (code,))


def _remembered(db: sqlite3.Connection, table: Table, chosen: int) -> list[Remembered]:
    """An import's rows of a table."""
    columns = db.execute("SELECT columns FROM undone_kind WHERE import_id = ? AND kind = ?", (chosen, table.name)).fetchone()
    if columns is None:
        return []
    names = loads(columns[0])

    def row(text: str | None) -> Values | None:
        return None if text is None else {**dict.fromkeys(table.kept), **dict(zip(names, loads(text), strict=True))}

    found = db.execute(
        "SELECT id, later, label, after, before FROM undone_row WHERE import_id = ? AND kind = ? ORDER BY later, id", (chosen, table.name)
    ).fetchall()
    return [(number, later, label, row(after) or {}, row(before)) for number, later, label, after, before in found]


def _customers(db: sqlite3.Connection, chosen: int, tally: _Tally) -> dict[int, int]:
    """Bring customers back; gives for each number of then the number of now."""
    table = TABLES[Kind.CUSTOMERS]
    same = "SELECT u.id, c.id FROM undone_customer AS u JOIN customer AS c ON c.fold = u.fold WHERE u.import_id = ?"
    known: dict[int, int] = dict(db.execute(same, (chosen,)))
    tally.done += redo_many.bring_back(db, table, chosen, known)
    for remembered in _remembered(db, table, chosen):
        number, _, label, *_ = remembered
        own = known.get(number)
        if own is None:
            known[number], came = _customer_anew(db, table, chosen, remembered)
        else:
            came = _customer(db, table, chosen, own, remembered)
        if came is None:
            tally.why.append(f"customer {label}: changed since it was taken back")
        else:
            tally.done += came
    named = (
        "SELECT customer_id FROM undone_row WHERE import_id = :number UNION SELECT customer_id FROM usage_undone WHERE import_id = :number"
    )
    missing = f"SELECT id, customer_id, fold FROM undone_customer WHERE import_id = :number AND id IN ({named})"
    for number, raw, fold in db.execute(missing, {"number": chosen}).fetchall():
        if number not in known:
            empty = {**dict.fromkeys(table.kept), "customer_id": raw, "fold": fold, "stub": 1}
            known[number] = _insert(db, table, number, empty)
            _touched(db, table, known[number])
    return known


def _customer_anew(db: sqlite3.Connection, table: Table, chosen: int, remembered: Remembered) -> tuple[int, int | None]:
    """A customer who is not there: their number, and whether a row of the import came back; None where it can't: a stub stands for it."""
    number, later, _, after, before = remembered
    if later or (before is not None and not before["stub"]):
        empty = {**dict.fromkeys(table.kept), "customer_id": after["customer_id"], "fold": after["fold"], "stub": 1}
        own = _insert(db, table, number, empty)
        _touched(db, table, own)
        return own, None
    own = _insert(db, table, number, after)
    if before is not None:
        _prior(db, table, chosen, own, before)
    _touched(db, table, own)
    return own, int(not after["stub"])


def _customer(db: sqlite3.Connection, table: Table, chosen: int, own: int, remembered: Remembered) -> int | None:
    """A customer who is there: whether a row of the import came back; None where they have changed since."""
    _, later, _, after, before = remembered
    now = _now(db, table, own)
    if later and _standing(db, later):
        _hold(db, table, chosen, (own, later), after, before)
        return int(not after["stub"])
    if after["stub"]:
        if now["stub"]:
            db.execute("UPDATE customer SET file_id = ?, line = ? WHERE id = ?", (after["file_id"], after["line"], own))
        return 0
    if now["stub"] if before is None or before["stub"] else _alike(db, own, now, before):
        _change(db, table, chosen, own, (now, after, before))
        return 1
    return None


def _rows(db: sqlite3.Connection, table: Table, chosen: int, customers: Mapping[int, int], tally: _Tally) -> None:
    kind = table.name.replace("_", " ")
    for number, later, label, after, before in _remembered(db, table, chosen):
        for state in (after, before):
            if state is not None and table.mentions:
                state["customer_id"] = customers.get(int(str(state["customer_id"])), _NOBODY)
        own = _with_key(db, table, after)
        if later and _standing(db, later):
            if own == number:
                _hold(db, table, chosen, (own, later), after, before)
                tally.done += 1
            else:
                tally.why.append(f"{kind} {label}: changed since by import {later}")
        elif before is None and own is None:
            _touched(db, table, _insert(db, table, number, after))
            tally.done += 1
            _follow(db, table, number, later, after)
        elif before is not None and own is not None and _now(db, table, own) == before:
            _change(db, table, chosen, own, (before, after, before))
            tally.done += 1
            _follow(db, table, number, later, after)
        else:
            tally.why.append(
                f"{kind} {label}: {'what the import had changed is gone' if own is None else 'changed since it was taken back'}"
            )


def _with_key(db: sqlite3.Connection, table: Table, row: Values) -> int | None:
    """The row that has the key of this one."""
    same = " AND ".join(f"{name} = ?" for name in table.key)
    found = db.execute(f"SELECT id FROM {table.name} WHERE {same}", [row[name] for name in table.key]).fetchone()
    return None if found is None else int(found[0])


def _now(db: sqlite3.Connection, table: Table, number: int) -> Values:
    row = db.execute(f"SELECT {', '.join(table.kept)} FROM {table.name} WHERE id = ?", (number,)).fetchone()
    return dict(zip(table.kept, row, strict=True))


def _alike(db: sqlite3.Connection, number: int, now: Values, before: Values) -> bool:
    """Whether a customer is as the undo left them, but for what a person pinned."""
    pins = _pins(db, number)
    return all(now[name] == before[name] for name in now if name not in pins and not (name == "attributes" and pins))


def _pins(db: sqlite3.Connection, number: int) -> list[str]:
    held = db.execute("SELECT pinned FROM customer WHERE id = ?", (number,)).fetchone()[0]
    return list(loads(held)) if held else []


def _standing(db: sqlite3.Connection, number: int) -> bool:
    return bool(db.execute("SELECT EXISTS (SELECT 1 FROM import WHERE id = ? AND undone_at IS NULL)", (number,)).fetchone()[0])


def _insert(db: sqlite3.Connection, table: Table, number: int, row: Values) -> int:
    """A row as it was, with its own number where that is free."""
    free = not db.execute(f"SELECT EXISTS (SELECT 1 FROM {table.name} WHERE id = ?)", (number,)).fetchone()[0]
    names, values = list(row), list(row.values())
    if free:
        names, values = ["id", *names], [number, *values]
    made = db.execute(f"INSERT INTO {table.name}({', '.join(names)}) VALUES ({', '.join('?' * len(names))}) RETURNING id", values)
    own = int(made.fetchone()[0])
    coverage_days.add(db, table.kind, f"{table.name} AS o WHERE o.id = {own}")
    return own


def _change(db: sqlite3.Connection, table: Table, chosen: int, number: int, states: tuple[Values, Values, Values | None]) -> None:
    """A row that is there as the import left it, what it was remembered; a customer's pinned fields stay."""
    now, after, before = states
    if before is not None:
        _prior(db, table, chosen, number, before)
    _touched(db, table, number)
    which = f"{table.name} AS o WHERE o.id = {int(number)}"
    coverage_days.take(db, table.kind, which)
    row = dict(after)
    if table.kind is Kind.CUSTOMERS and (pins := _pins(db, number)):
        row |= {name: now[name] for name in pins if name in now}
        row["attributes"] = repinned(_text(after["attributes"]), _text(now["attributes"]), dumps(pins))
    db.execute(f"UPDATE {table.name} SET {', '.join(f'{name} = ?' for name in row)} WHERE id = ?", [*row.values(), number])
    coverage_days.add(db, table.kind, which)
    _touched(db, table, number)


def _prior(db: sqlite3.Connection, table: Table, chosen: int, number: int, row: Values) -> None:
    names = ", ".join(row)
    db.execute(
        f"INSERT OR REPLACE INTO {table.name}_prior(import_id, id, {names}) VALUES (?, ?, {', '.join('?' * len(row))})",
        [chosen, number, *row.values()],
    )


def _hold(db: sqlite3.Connection, table: Table, chosen: int, place: tuple[int, int], after: Values, before: Values | None) -> None:
    """A later import changed the row: what it remembers as before is what this import left, as it was."""
    number, later = place
    _prior(db, table, later, number, after)
    if before is not None:
        _prior(db, table, chosen, number, before)


def _follow(db: sqlite3.Connection, table: Table, number: int, later: int, after: Values) -> None:
    """A later import that was taken back as well finds the row as this one leaves it, should it be made again."""
    if later:
        columns = db.execute("SELECT columns FROM undone_kind WHERE import_id = ? AND kind = ?", (later, table.name)).fetchone()
        if columns is not None:
            text = dumps([after.get(name) for name in loads(columns[0])], ensure_ascii=False)
            db.execute(
                "UPDATE undone_row SET before = ? WHERE import_id = ? AND kind = ? AND id = ? AND later = 0",
                (text, later, table.name, number),
            )


def _touched(db: sqlite3.Connection, table: Table, number: int) -> None:
    """Tell the rollups of a row, as it is."""
    touch(db, table, f"{table.name} AS o WHERE o.id = {int(number)}")


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
