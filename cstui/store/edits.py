"""What a person writes about a customer by hand: contacts, notes, fields. Every change is kept, and can be undone and redone.

A field edited by hand is pinned: its name is in `customer.pinned`, and import leaves it alone. Knows no screen and no clock.
"""

from __future__ import annotations

import json
import sqlite3
from typing import NamedTuple

from cstui.base.errors import CstuiError
from cstui.base.records import Kind
from cstui.store import by_hand, coverage_days, rollups

Connection = sqlite3.Connection
"""For the annotations of those who may not know SQLite."""
ENTRY = "interaction"
"""The `field` of a change that is a contact or a note, whose row as JSON is `after`."""
PIN = "pin:"
"""Before a field's name: the change is that it was unpinned."""
_MOVING = frozenset(("created_at", "lost_at"))
"""Fields that the last day of the data is told by, while no hand has changed them."""
_COLUMNS = ("id", "interaction_id", "customer_id", "at", "channel", "direction", "kind", "owner", "note", "entered")


class Change(NamedTuple):
    """One change by hand."""

    id: int
    customer: int
    field: str
    before: str | None
    after: str | None


class EntryChanged(CstuiError):
    """A contact or note that an import has changed since it was written: taking it back would take the import's row."""

    code = "changed-since"

    def __init__(self) -> None:
        super().__init__("An import has changed that entry since. Take the import back first. Nothing was changed.")


def pinned(db: sqlite3.Connection, customer: int) -> frozenset[str]:
    """The fields that import leaves alone."""
    row = db.execute("SELECT pinned FROM customer WHERE id = ?", (customer,)).fetchone()
    return frozenset(json.loads(row[0])) if row and row[0] else frozenset()


def enter(db: sqlite3.Connection, customer: int, entry: dict[str, object], at: str) -> int:
    """Add a contact or a note: `at`, `kind`, `entered` and what else is known; its row number."""
    number, name = _free(db)
    row = {**dict.fromkeys(_COLUMNS), **entry, "id": number, "interaction_id": name, "customer_id": customer}
    _insert(db, row)
    _record(db, customer, ENTRY, None, _json(row), at)
    _refresh(db, customer)
    return number


def remember(db: sqlite3.Connection, name: str, value: str) -> None:
    """Keep what is proposed the next time, as a setting; changes no figure and no revision."""
    db.execute("INSERT OR REPLACE INTO setting(name, value) VALUES (?, ?)", (name, value))


def edit(db: sqlite3.Connection, customer: int, field: str, value: str | int | None, at: str) -> None:
    """Give a declared field another value (a day as a number) and pin it. Does nothing where it is that already and pinned."""
    before = db.execute(f"SELECT {field} FROM customer WHERE id = ?", (customer,)).fetchone()[0]
    was_pinned = field in pinned(db, customer)
    if before == value and was_pinned:
        return
    _record(db, customer, field, _json([before, was_pinned]), _json([value, True]), at)
    _set(db, customer, field, [value, True])


def unpin(db: sqlite3.Connection, customer: int, field: str, at: str) -> bool:
    """Let imports change the field again; whether it was pinned."""
    if field not in pinned(db, customer):
        return False
    value = db.execute(f"SELECT {field} FROM customer WHERE id = ?", (customer,)).fetchone()[0]
    _record(db, customer, PIN + field, _json([value, True]), _json([value, False]), at)
    _set(db, customer, field, [value, False])
    return True


def undo(db: sqlite3.Connection, customer: int) -> Change | None:
    """Take the customer's last standing change back; None where there is none. Raises EntryChanged."""
    change = _one(db, "SELECT * FROM customer_change WHERE customer_id = ? AND undone = 0 ORDER BY id DESC LIMIT 1", customer)
    if change is not None:
        _apply(db, change, change.before)
        db.execute("UPDATE customer_change SET undone = 1 WHERE id = ?", (change.id,))
    return change


def redo(db: sqlite3.Connection, customer: int) -> Change | None:
    """Do again what was undone last; None where nothing was, or something else was done since."""
    last = "SELECT ifnull(max(id), 0) FROM customer_change WHERE customer_id = :customer AND undone = 0"
    change = _one(db, f"SELECT * FROM customer_change WHERE customer_id = :customer AND undone = 1 AND id > ({last}) ORDER BY id", customer)
    if change is not None:
        _apply(db, change, change.after)
        db.execute("UPDATE customer_change SET undone = 0 WHERE id = ?", (change.id,))
    return change


def _one(db: sqlite3.Connection, sql: str, customer: int) -> Change | None:
    bound: dict[str, int] | tuple[int] = {"customer": customer} if ":customer" in sql else (customer,)
    row = db.execute(sql, bound).fetchone()
    return None if row is None else Change(row[0], row[2], row[3], row[4], row[5])


def _record(db: sqlite3.Connection, customer: int, field: str, before: str | None, after: str | None, at: str) -> None:
    db.execute("DELETE FROM customer_change WHERE customer_id = ? AND undone = 1", (customer,))  # another way was taken: no redo
    db.execute(
        "INSERT INTO customer_change(at, customer_id, field, before, after) VALUES (?, ?, ?, ?, ?)", (at, customer, field, before, after)
    )


def _apply(db: sqlite3.Connection, change: Change, state: str | None) -> None:
    """Bring about one side of a change."""
    if change.field == ENTRY:
        assert change.after is not None
        entry: dict[str, object] = json.loads(change.after)
        if state is None:
            _remove(db, entry)
        else:
            _bring_back(db, change, entry)
        _refresh(db, change.customer)
        return
    assert state is not None
    _set(db, change.customer, change.field.removeprefix(PIN), json.loads(state))


def _remove(db: sqlite3.Connection, entry: dict[str, object]) -> None:
    with coverage_days.moving(db, Kind.INTERACTIONS, "id", entry["id"]):
        if not db.execute("DELETE FROM interaction WHERE id = ? AND file_id IS NULL", (entry["id"],)).rowcount:
            raise EntryChanged


def _bring_back(db: sqlite3.Connection, change: Change, entry: dict[str, object]) -> None:
    """A contact or note as it was, under another number and name where its own have been given away since."""
    taken = db.execute("SELECT EXISTS (SELECT 1 FROM interaction WHERE id = :id OR interaction_id = :interaction_id)", entry).fetchone()[0]
    if taken:
        entry["id"], entry["interaction_id"] = _free(db)
        db.execute("UPDATE customer_change SET after = ? WHERE id = ?", (_json(entry), change.id))
    _insert(db, entry)


def _free(db: sqlite3.Connection) -> tuple[int, str]:
    """A row number and an interaction id, `hand-N`, that nothing has."""
    last = db.execute(
        "SELECT ifnull(max(CAST(substr(interaction_id, 6) AS INTEGER)), 0) FROM interaction WHERE interaction_id LIKE 'hand-%'"
    ).fetchone()[0]
    number = db.execute("SELECT ifnull(max(id), 0) + 1 FROM interaction").fetchone()[0]
    return int(number), f"hand-{last + 1}"


def _insert(db: sqlite3.Connection, row: dict[str, object]) -> None:
    names = ", ".join(_COLUMNS)
    db.execute(f"INSERT INTO interaction({names}) VALUES ({', '.join('?' * len(_COLUMNS))})", [row[name] for name in _COLUMNS])
    coverage_days.add(db, Kind.INTERACTIONS, f"interaction AS o WHERE o.id = {int(str(row['id']))}")


def _set(db: sqlite3.Connection, customer: int, field: str, state: list[object]) -> None:
    value, pin = state
    before = db.execute(f"SELECT {field} FROM customer WHERE id = ?", (customer,)).fetchone()[0]
    names = pinned(db, customer) - {field} | ({field} if pin else set())
    by_hand.touch(db, (customer,))
    pins = json.dumps(sorted(names)) if names else None
    with coverage_days.moving(db, Kind.CUSTOMERS, "id", customer):
        db.execute(f"UPDATE customer SET {field} = ?, pinned = ? WHERE id = ?", (value, pins, customer))
    if field in _MOVING and (not pin or value == before):  # an import's day counts again, or a hand's as one, or no longer
        rollups.refresh(db)
    else:
        rollups.refresh_by_hand(db, Kind.CUSTOMERS)


def forget_absent(db: sqlite3.Connection) -> None:
    """Let go of the history of customers who are not there any more: their numbers may be given to others."""
    db.execute("DELETE FROM customer_change WHERE customer_id NOT IN (SELECT id FROM customer)")


def _refresh(db: sqlite3.Connection, customer: int) -> None:
    by_hand.touch(db, (customer,))
    rollups.refresh_by_hand(db, Kind.INTERACTIONS)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
