"""What a person writes about one customer: a contact, a note, a field by hand; taking it back; and forgetting the customer.

Checks what was typed; the day and the instant are arguments. Raises UnknownCustomer and UsageError; returns frozen outcomes.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cstui.base.days import iso, to_date
from cstui.base.errors import UnknownCustomer, UsageError
from cstui.base.records import RECORDS, Field, Kind, Type
from cstui.base.text import clean
from cstui.desk.entry_drafts import BY, name_of
from cstui.desk.typed_days import typed_day
from cstui.ingest.dates import FIRST_YEAR, LAST_YEAR
from cstui.store import customers as rows
from cstui.store import drafts, edits
from cstui.store import forget as forgetting

if TYPE_CHECKING:
    from cstui.store.workspace import Workspace

LONGEST_NOTE = 20_000
_FIELDS = {field.name: field for field in RECORDS[Kind.CUSTOMERS].fields if field.name != "customer_id"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A contact or a note as it is typed."""

    kind: str
    """`contact` or `note`."""
    text: str
    day: str = ""
    """YYYY-MM-DD, in any digits; blank: the day it is."""
    channel: str = ""
    """Of a contact: call, e-mail, meeting …"""
    direction: str = ""
    """Of a contact: `in`, `out`, or not said."""
    by: str = ""
    """Who had the contact, or wrote the note; blank: not said."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What forgetting removed, or would remove."""

    customer_id: str
    name: str | None
    rows: tuple[tuple[str, int], ...]
    """(kind, rows removed)."""
    problems: int
    """Entries of the import log that were emptied; 0 beforehand."""
    annotations: int
    """Annotations that named them and were emptied; 0 beforehand."""
    backups: tuple[str, ...]
    """Workspace files beside this one that still hold them."""
    rewritten: bool = True
    """No byte of theirs is left in the file; False: another program has it open, and they go when that lets go of it."""

    def to_json(self) -> dict[str, object]:
        """The document of `cstui forget --json`."""
        return {
            "schema": 1,
            "customer_id": self.customer_id,
            "removed": dict(self.rows),
            "log_entries_emptied": self.problems,
            "annotations_emptied": self.annotations,
            "rewritten": self.rewritten,
            "backups": list(self.backups),
        }


def enter(ws: Workspace, customer_id: str, entry: Entry, today: int, at: str) -> int:
    """Log a contact or write a note; the row's number. The draft of one is dropped. Raises UnknownCustomer, UsageError."""
    text = clean(entry.text)
    if not text:
        raise UsageError("There is nothing to keep: the note is empty.")
    if len(text) > LONGEST_NOTE:
        raise UsageError(f"A note is at most {LONGEST_NOTE:,} characters long.")
    day = _day(entry.day) if entry.day.strip() else today
    if day > today:
        raise UsageError(f"{iso(day)} is not over yet: what happened is written down on its day or after.")
    row: dict[str, object] = {"at": day, "kind": entry.kind, "note": text, "entered": today}
    by = clean(entry.by)
    if entry.kind == "contact":
        row |= {"channel": clean(entry.channel) or None, "direction": entry.direction or None}
    with ws.write() as db:
        number = edits.enter(db, _customer(db, customer_id), {**row, "owner": by or None}, at)
        drafts.save(db, name_of(entry.kind, customer_id), None)
        if by:
            edits.remember(db, BY, by)
    return number


def edit_field(ws: Workspace, customer_id: str, field: str, text: str, at: str) -> None:
    """Set a declared field by hand, blank empties it, and pin it against imports. Raises UnknownCustomer, UsageError."""
    value = _value(_field(field), text)
    with ws.write() as db:
        edits.edit(db, _customer(db, customer_id), field, value, at)


def unpin(ws: Workspace, customer_id: str, field: str, at: str) -> bool:
    """Let imports change the field again; whether it was pinned. Raises UnknownCustomer, UsageError."""
    _field(field)
    with ws.write() as db:
        return edits.unpin(db, _customer(db, customer_id), field, at)


def undo(ws: Workspace, customer_id: str) -> str | None:
    """Take back the customer's last change by hand; what it was, in words. Raises UnknownCustomer."""
    return _turn(ws, customer_id, edits.undo)


def redo(ws: Workspace, customer_id: str) -> str | None:
    """What was undone last, again; what it was, in words. Raises UnknownCustomer."""
    return _turn(ws, customer_id, edits.redo)


def _turn(ws: Workspace, customer_id: str, act: Callable[[edits.Connection, int], edits.Change | None]) -> str | None:
    with ws.write() as db:
        change = act(db, _customer(db, customer_id))
    if change is None:
        return None
    if change.field == edits.ENTRY:
        return f"the {json.loads(change.after or '{}').get('kind', 'entry')} of {iso(json.loads(change.after or '{}')['at'])}"
    if change.field.startswith(edits.PIN):
        return f"unpinning {change.field.removeprefix(edits.PIN)}"
    return f"the edit of {change.field}"


def before_forgetting(ws: Workspace, customer_id: str) -> Forgotten:
    """What forgetting would remove. Raises UnknownCustomer."""
    with ws.read() as db:
        number, raw, name = forgetting.find(db, customer_id)
        held = forgetting.counts(db, number)
    return Forgotten(raw, name, held, 0, 0, forgetting.holders(ws.path, customer_id))


def forget(path: Path, customer_id: str, at: str) -> Forgotten:
    """Remove the customer and every byte of theirs from the workspace, and leave a salted mark. Raises UnknownCustomer, WorkspaceBusy."""
    gone = forgetting.forget(path, customer_id, at)
    return Forgotten(*gone[:5], forgetting.holders(path, customer_id), gone.rewritten)


def lift(path: Path, customer_id: str) -> bool:
    """Take the mark away, so that an import may bring the customer back; whether there was one."""
    return forgetting.lift(path, customer_id)


def _customer(db: edits.Connection, customer_id: str) -> int:
    """The row of a customer."""
    found = rows.facts(db, customer_id)
    if found is None:
        raise UnknownCustomer(customer_id)
    return found.id


def _field(name: str) -> Field:
    if name not in _FIELDS:
        raise UsageError(f"There is no field “{name}” to edit. Known: {', '.join(_FIELDS)}.")
    return _FIELDS[name]


def _value(field: Field, text: str) -> str | int | None:
    kept = clean(text)
    if not kept:
        return None
    return _day(kept) if field.type is Type.DATE else kept


def _day(text: str) -> int:
    """A typed day of a year that files may have too. Raises UsageError."""
    day = typed_day(text)
    if not FIRST_YEAR <= to_date(day).year <= LAST_YEAR:
        raise UsageError(f"{iso(day)}: the year is not between {FIRST_YEAR} and {LAST_YEAR}.")
    return day
