"""Answers entered by hand: recording, changing and deleting them, with undo and redo; and drafts of them.

Every change keeps the row as it was and as it became, so it can be taken back as long as the row still is what the change made
of it. Drafts lie beside the facts: saving one changes no figure and no revision. Knows no scale, band or threshold.
"""

from __future__ import annotations

import json
import sqlite3
from typing import Any, NamedTuple

from cstui.base.errors import CstuiError
from cstui.base.matching import HAND, PART
from cstui.base.records import Kind
from cstui.base.text import fold_key
from cstui.store import by_hand, coverage_days, rollups
from cstui.store.surveys import known

COLUMNS = (
    "match", "customer_id", "answered_at", "kind", "score", "scale", "direction", "survey", "response_id", "respondent",
    "touchpoint", "comment", "file_id", "line", "entered",
)  # fmt: skip
_GIVEN = ("customer_id", "answered_at", "kind", "score", "scale", "direction", "respondent", "touchpoint", "comment", "entered")
IN_FORCE, UNDONE, PASSED = 0, 1, 2
"""What has become of a change: it stands; it was taken back and may be made again; it was taken back and another came after it."""

Row = dict[str, str | int | None]


class Given(NamedTuple):
    """An answer as a person gives it, checked."""

    customer_id: int
    answered_at: int
    kind: str
    score: str
    scale: str
    direction: str | None
    respondent: str | None
    touchpoint: str | None
    comment: str | None
    entered: int


class Change(NamedTuple):
    """One change to a recorded answer, as its history keeps it."""

    id: int
    at: str
    action: str
    """`record`, `edit` or `delete`."""
    before: Row | None
    after: Row | None


class Changed(NamedTuple):
    """A change with whose answer it is about."""

    change: Change
    customer: int | None
    """The customer's row; None where they are gone."""
    customer_id: str
    name: str | None
    undone: bool


class AnswerChanged(CstuiError):
    """The answer is not what the change made of it, so the change can't be taken back or made again."""

    code = "changed-since"

    def __init__(self) -> None:
        super().__init__("That answer has been changed or removed since. Nothing was changed.")


def customer(db: sqlite3.Connection, customer_id: str, entered: int) -> tuple[int, bool]:
    """The row of the customer whose id folds to the same key, and whether it was made now: only mentioned, as an import would."""
    if (found := known(db, customer_id)) is not None:
        return found[0], False
    made = db.execute(
        "INSERT INTO customer(customer_id, fold, stub, entered) VALUES (?, ?, 1, ?) RETURNING id",
        (customer_id, fold_key(customer_id), entered),
    )
    return int(made.fetchone()[0]), True


def record(db: sqlite3.Connection, given: Given, at: str) -> int:
    """Add an answer; gives its row's id. Inside a write transaction, like every function that writes here."""
    change = _log(db, at, "record", None, None)
    row: Row = {**dict.fromkeys(COLUMNS), **given._asdict(), "match": f"{HAND}{PART}{_number(db)}"}
    answer = _insert(db, row)
    db.execute("UPDATE survey_change SET survey_id = ?, after = ? WHERE id = ?", (answer, _json(row), change))
    _in_step(db, given.customer_id)
    return answer


def edit(db: sqlite3.Connection, answer: int, given: Given, at: str) -> None:
    """Change an answer that was entered by hand. Raises AnswerChanged when it is gone."""
    before = _by_id(db, answer)
    after: Row = {**before, **given._asdict()}
    if before == after:
        return
    _log(db, at, "edit", before, after, answer)
    _update(db, after)
    _in_step(db, before["customer_id"], given.customer_id)


def delete(db: sqlite3.Connection, answer: int, at: str) -> None:
    """Remove an answer that was entered by hand; its history keeps it. Raises AnswerChanged when it is gone."""
    before = _by_id(db, answer)
    _log(db, at, "delete", before, None, answer)
    _delete(db, before["match"])
    _in_step(db, before["customer_id"])


def undo(db: sqlite3.Connection) -> Change | None:
    """Take the last change back; None when there is none. Raises AnswerChanged."""
    found = _change(db, f"undone = {IN_FORCE} ORDER BY id DESC")
    return found and _turn(db, found, found.after, found.before, UNDONE)


def redo(db: sqlite3.Connection) -> Change | None:
    """Make the change again that was taken back last; None when there is none. Raises AnswerChanged."""
    found = _change(db, f"undone = {UNDONE} ORDER BY id")
    return found and _turn(db, found, found.before, found.after, IN_FORCE)


def forget(db: sqlite3.Connection, customer: int) -> int:
    """Remove what history and drafts keep of a customer; how many rows went."""
    gone = db.execute(
        "DELETE FROM survey_change WHERE json_extract(ifnull(before, '{}'), '$.customer_id') = :id "
        "OR json_extract(ifnull(after, '{}'), '$.customer_id') = :id",
        {"id": customer},
    ).rowcount
    return int(gone) + db.execute("DELETE FROM draft").rowcount


def forget_absent(db: sqlite3.Connection) -> None:
    """Let go of the history of answers of customers who are not there any more: their numbers may be given to others."""
    sides = (f"json_extract({side}, '$.customer_id') NOT IN (SELECT id FROM customer)" for side in ("before", "after"))
    db.execute(f"DELETE FROM survey_change WHERE {' OR '.join(sides)}")


def _turn(db: sqlite3.Connection, change: Change, now: Row | None, then: Row | None, state: int) -> Change:
    """Bring the answer from the one state to the other, if it is in the one."""
    match = (change.after or change.before or {})["match"]
    if _by_match(db, match) != now or (then is not None and not _is_customer(db, then["customer_id"])):
        raise AnswerChanged
    if now is None and then is not None:
        _insert(db, then)
    elif then is None:
        _delete(db, match)
    else:
        _update(db, then)
    db.execute("UPDATE survey_change SET undone = ? WHERE id = ?", (state, change.id))
    _in_step(db, *(row["customer_id"] for row in (now, then) if row is not None))
    return change


def _is_customer(db: sqlite3.Connection, customer: object) -> bool:
    return bool(db.execute("SELECT EXISTS (SELECT 1 FROM customer WHERE id = ?)", (customer,)).fetchone()[0])


def _log(db: sqlite3.Connection, at: str, action: str, before: Row | None, after: Row | None, answer: int = 0) -> int:
    db.execute(f"UPDATE survey_change SET undone = {PASSED} WHERE undone = {UNDONE}")
    made = db.execute(
        "INSERT INTO survey_change(at, action, survey_id, before, after) VALUES (?, ?, ?, ?, ?) RETURNING id",
        (at, action, answer, _json(before), _json(after)),
    )
    return int(made.fetchone()[0])


def _number(db: sqlite3.Connection) -> int:
    """A number that no answer entered by hand has ever had, here or where an export came from: its history may be forgotten."""
    db.execute("INSERT OR IGNORE INTO setting(name, value) VALUES ('survey.hand', '0')")
    start = len(HAND) + len(PART)
    highest = db.execute(
        f"SELECT ifnull(max(CAST(substr(match, {start + 1}) AS INTEGER)), 0) FROM survey WHERE substr(match, 1, {start}) = ?",
        (HAND + PART,),
    ).fetchone()[0]  # those that came from another workspace's export are not counted in the setting
    larger = "UPDATE setting SET value = max(CAST(value AS INTEGER), ?) + 1 WHERE name = 'survey.hand' RETURNING value"
    return int(db.execute(larger, (highest,)).fetchone()[0])


def _insert(db: sqlite3.Connection, row: Row) -> int:
    values = ", ".join(f":{name}" for name in COLUMNS)
    answer = int(db.execute(f"INSERT INTO survey({', '.join(COLUMNS)}) VALUES ({values}) RETURNING id", row).fetchone()[0])
    coverage_days.add(db, Kind.SURVEYS, f"survey AS o WHERE o.id = {answer}")
    return answer


def _update(db: sqlite3.Connection, row: Row) -> None:
    with coverage_days.moving(db, Kind.SURVEYS, "match", row["match"]):
        db.execute(f"UPDATE survey SET {', '.join(f'{name} = :{name}' for name in _GIVEN)} WHERE match = :match", row)


def _delete(db: sqlite3.Connection, match: object) -> None:
    with coverage_days.moving(db, Kind.SURVEYS, "match", match):
        db.execute("DELETE FROM survey WHERE match = ?", (match,))


def _in_step(db: sqlite3.Connection, *customers: object) -> None:
    by_hand.touch(db, customers)
    rollups.refresh_by_hand(db, Kind.SURVEYS)


def _by_id(db: sqlite3.Connection, answer: int) -> Row:
    row = db.execute(f"SELECT {', '.join(COLUMNS)} FROM survey WHERE id = ? AND file_id IS NULL", (answer,)).fetchone()
    if row is None:
        raise AnswerChanged
    return dict(zip(COLUMNS, row, strict=True))


def _by_match(db: sqlite3.Connection, match: object) -> Row | None:
    row = db.execute(f"SELECT {', '.join(COLUMNS)} FROM survey WHERE match = ?", (match,)).fetchone()
    return None if row is None else dict(zip(COLUMNS, row, strict=True))


def _change(db: sqlite3.Connection, which: str) -> Change | None:
    row = db.execute(f"SELECT id, at, action, before, after FROM survey_change WHERE {which} LIMIT 1").fetchone()
    return None if row is None else _made(row)


def _made(row: tuple[Any, ...]) -> Change:
    return Change(*row[:3], *(None if text is None else json.loads(text) for text in row[3:5]))


def _json(row: Row | None) -> str | None:
    return None if row is None else json.dumps(row, ensure_ascii=False, separators=(",", ":"))


def customer_id_of(db: sqlite3.Connection, change: Change) -> str:
    """Whose answer a change is about; blank when they are gone."""
    row = change.after or change.before or {}
    found = db.execute("SELECT customer_id FROM customer WHERE id = ?", (row.get("customer_id"),)).fetchone()
    return "" if found is None else str(found[0])


def changes(db: sqlite3.Connection, limit: int | None) -> tuple[int, list[Changed]]:
    """How many changes there are, and the newest of them, those that were taken back too."""
    total = int(db.execute("SELECT count(*) FROM survey_change").fetchone()[0])
    found = db.execute(
        "SELECT o.id, o.at, o.action, o.before, o.after, o.undone, c.id, c.customer_id, c.name FROM survey_change AS o "
        "LEFT JOIN customer AS c ON c.id = json_extract(ifnull(o.after, o.before), '$.customer_id') ORDER BY o.id DESC LIMIT ?",
        (-1 if limit is None else limit,),
    )
    return total, [Changed(_made(row), row[6], row[7] or "", row[8], row[5] != IN_FORCE) for row in found]


def draft(db: sqlite3.Connection, name: str) -> str | None:
    """A draft's text, or None."""
    row = db.execute("SELECT value FROM draft WHERE name = ?", (name,)).fetchone()
    return None if row is None else str(row[0])


def save_draft(db: sqlite3.Connection, name: str, value: str | None) -> None:
    """Keep a draft, or with None drop it."""
    if value is None:
        db.execute("DELETE FROM draft WHERE name = ?", (name,))
    else:
        db.execute("INSERT OR REPLACE INTO draft(name, value) VALUES (?, ?)", (name, value))
