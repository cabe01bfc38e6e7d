"""Answers entered by hand: recording, changing and deleting them, with undo and redo.

Every change keeps the row as it was and as it became, so it can be taken back as long as the row still is what the change made
of it. A customer who was made for an answer goes when that is taken back and nothing else is known of them; its history then
names them by their id. Knows no scale, band or threshold, nor whose a change is.
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
_KINDS = ("subscription", "payment", "interaction", "survey", "usage")
_NAMING = ("customer_change", *_KINDS, *(f"{kind}_prior" for kind in _KINDS))
"""Tables whose rows name a customer."""
_GIVEN = ("customer_id", "answered_at", "kind", "score", "scale", "direction", "respondent", "touchpoint", "comment", "entered")
IN_FORCE, UNDONE, PASSED = 0, 1, 2
"""What has become of a change: it stands; it was taken back and may be made again; it was taken back and another came after it."""
_GONE = ":"
"""Before the id of a customer who went, where a row of the history had their number: no number is compared equal to that."""

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


def record(db: sqlite3.Connection, given: Given, at: str) -> tuple[int, int]:
    """Add an answer; gives its row's id and the change's. Inside a write transaction, like every function that writes here."""
    change = _log(db, at, "record", None, None)
    row: Row = {**dict.fromkeys(COLUMNS), **given._asdict(), "match": f"{HAND}{PART}{_number(db)}"}
    answer = _insert(db, row)
    db.execute("UPDATE survey_change SET survey_id = ?, after = ? WHERE id = ?", (answer, _json(row), change))
    _in_step(db, given.customer_id)
    return answer, change


def edit(db: sqlite3.Connection, answer: int, given: Given, at: str) -> int:
    """Change an answer that was entered by hand; gives the change's id, 0 where all is as before. Raises AnswerChanged when it is gone."""
    before = _by_id(db, answer)
    after: Row = {**before, **given._asdict()}
    if before == after:
        return 0
    change = _log(db, at, "edit", before, after, answer)
    _update(db, after)
    _in_step(db, before["customer_id"], given.customer_id)
    return change


def delete(db: sqlite3.Connection, answer: int, at: str) -> int:
    """Remove an answer that was entered by hand; its history keeps it. Gives the change's id. Raises AnswerChanged when it is gone."""
    before = _by_id(db, answer)
    change = _log(db, at, "delete", before, None, answer)
    _delete(db, before["match"])
    _in_step(db, before["customer_id"])
    return change


def last(db: sqlite3.Connection) -> Change | None:
    """The last change in force; None when there is none."""
    return _change(db, f"undone = {IN_FORCE} ORDER BY id DESC")


def last_undone(db: sqlite3.Connection) -> Change | None:
    """The change that was taken back last, while no other has come after it; None when there is none."""
    return _change(db, f"undone = {UNDONE} ORDER BY id")


def numbered(db: sqlite3.Connection, number: int, *, undone: bool) -> Change | None:
    """A change by its number, if it has been taken back, or has not."""
    return _change(db, f"id = {number} AND undone {'<>' if undone else '='} {IN_FORCE}")


def undo(db: sqlite3.Connection, change: Change) -> bool:
    """Take a change back, and with a recording the customer who was made for it alone; whether they went. Raises AnswerChanged."""
    _turn(db, change, change.after, change.before, UNDONE)
    return change.before is None and change.after is not None and _let_go(db, change.after["customer_id"])


def redo(db: sqlite3.Connection, change: Change) -> None:
    """Make a change again that was taken back. Raises AnswerChanged."""
    raw = (change.after or {}).get("customer_id")
    if change.before is None and change.after is not None and isinstance(raw, str):
        number, _ = customer(db, raw.removeprefix(_GONE), int(change.after["entered"] or 0))
        _renumber(db, raw, number)
        change = change._replace(after={**change.after, "customer_id": number})
    _turn(db, change, change.before, change.after, IN_FORCE)


def _let_go(db: sqlite3.Connection, number: object) -> bool:
    """Remove a customer who was made by hand for an answer, where nothing else is known of them; whether they went."""
    rows = " UNION ALL ".join(f"SELECT 1 FROM {table} WHERE customer_id = :id" for table in _NAMING)
    of_theirs = (f"json_extract({side}, '$.customer_id') = :id" for side in ("before", "after"))
    rows += f" UNION ALL SELECT 1 FROM survey_change WHERE undone = {IN_FORCE} AND ({' OR '.join(of_theirs)})"
    gone = db.execute(
        "DELETE FROM customer WHERE id = :id AND stub AND entered IS NOT NULL AND file_id IS NULL AND pinned IS NULL "
        f"AND NOT EXISTS (SELECT 1 FROM customer_prior WHERE id = :id) AND NOT EXISTS ({rows}) RETURNING customer_id",
        {"id": number},
    ).fetchone()
    if gone is not None:
        _renumber(db, number, _GONE + gone[0])
        by_hand.touch(db, (number,))
        rollups.refresh(db)
    return gone is not None


def _renumber(db: sqlite3.Connection, before: object, after: object) -> None:
    """Call a customer otherwise in the history."""
    for side in ("before", "after"):
        where = f"json_extract({side}, '$.customer_id') = :before"
        bound = {"before": before, "after": after}
        db.execute(f"UPDATE survey_change SET {side} = json_set({side}, '$.customer_id', :after) WHERE {where}", bound)


def forget(db: sqlite3.Connection, customer: int, customer_id: str) -> int:
    """Remove what history keeps of a customer; how many rows went."""
    return int(
        db.execute(
            "DELETE FROM survey_change WHERE json_extract(ifnull(before, '{}'), '$.customer_id') IN (:id, :gone) "
            "OR json_extract(ifnull(after, '{}'), '$.customer_id') IN (:id, :gone)",
            {"id": customer, "gone": _GONE + customer_id},
        ).rowcount
    )


def gone(db: sqlite3.Connection, fold: str) -> str | None:
    """The id of a customer whom only the history names any more, by its folded key."""
    named = "SELECT json_extract(ifnull(after, before), '$.customer_id') AS raw FROM survey_change"
    found = db.execute(f"SELECT DISTINCT raw FROM ({named}) WHERE typeof(raw) = 'text'")
    return next((raw.removeprefix(_GONE) for (raw,) in found if fold_key(raw.removeprefix(_GONE)) == fold), None)


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
    return _id_of(row, db.execute("SELECT customer_id FROM customer WHERE id = ?", (row.get("customer_id"),)).fetchone())


def _id_of(row: Row, found: tuple[str] | None) -> str:
    held = row.get("customer_id")
    return str(found[0]) if found is not None else held.removeprefix(_GONE) if isinstance(held, str) else ""


def changes(db: sqlite3.Connection, limit: int | None) -> tuple[int, list[Changed]]:
    """How many changes there are, and the newest of them, those that were taken back too."""
    total = int(db.execute("SELECT count(*) FROM survey_change").fetchone()[0])
    found = db.execute(
        "SELECT o.id, o.at, o.action, o.before, o.after, o.undone, c.id, c.customer_id, c.name FROM survey_change AS o "
        "LEFT JOIN customer AS c ON c.id = json_extract(ifnull(o.after, o.before), '$.customer_id') ORDER BY o.id DESC LIMIT ?",
        (-1 if limit is None else limit,),
    )
    return total, [_changed(row) for row in found]


def _changed(row: tuple[Any, ...]) -> Changed:
    change = _made(row)
    raw = _id_of(change.after or change.before or {}, row[7] and (row[7],))
    return Changed(change, row[6], raw, row[8], row[5] != IN_FORCE)
