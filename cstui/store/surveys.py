"""Answers as rows: which of them a list shows, a customer's latest, how often which score was given; and who can be asked.

Says which rows, never what they mean. What is entered by hand is `survey_edits`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Mapping
from typing import NamedTuple

from cstui.base.text import fold_key, fold_search
from cstui.store.sql import query


class AnswerRow(NamedTuple):
    """An answer with its customer and where it came from. Days are day numbers."""

    id: int
    customer: int
    """The customer's row."""
    customer_id: str
    name: str | None
    answered_at: int
    kind: str
    score: str
    scale: str
    direction: str | None
    survey: str | None
    response_id: str | None
    respondent: str | None
    touchpoint: str | None
    comment: str | None
    file: str | None
    """None: recorded by hand."""
    line: int | None
    entered: int | None


class CustomerName(NamedTuple):
    """Whom an answer can be recorded for."""

    id: int
    customer_id: str
    name: str | None
    email: str | None
    respondent: str | None
    """Who answered for them last, where that is known."""


class SaidRow(NamedTuple):
    """What was said, without whom it is about."""

    id: int
    answered_at: int
    score: str
    comment: str | None
    respondent: str | None


def known(db: sqlite3.Connection, customer_id: str) -> tuple[int, str] | None:
    """The row and the id as written of the customer whose id folds to the same key."""
    found: tuple[int, str] | None = db.execute("SELECT id, customer_id FROM customer WHERE fold = ?", (fold_key(customer_id),)).fetchone()
    return found


class Which(NamedTuple):
    """Which answers a list holds. None: whatever it is."""

    kind: str | None = None
    customers: Collection[int] | None = None
    find: str = ""
    """In comment, customer, respondent or touchpoint, folded."""
    start: int | None = None
    end: int | None = None
    """Days `[start, end)`."""
    worst_first: bool | None = None
    """By score; None: newest first."""


def answers(db: sqlite3.Connection, which: Which, limit: int | None = None) -> tuple[int, list[AnswerRow]]:
    """How many answers there are of those asked for, and the first `limit` of them."""
    bound = _bound(which)
    found = None
    if wanted := fold_search(which.find):
        found = _holding(db, wanted, bound)
        bound["rows"] = json.dumps(found)
    rows = db.execute(query("survey_answers"), {**bound, "most": -1 if limit is None else limit})
    kept = list(map(AnswerRow._make, rows))
    return int(db.execute(query("survey_count"), bound).fetchone()[0]) if found is None else len(found), kept


def _holding(db: sqlite3.Connection, wanted: str, bound: Mapping[str, object]) -> list[int]:
    """Rows that hold a text, folded, in comment, customer, respondent or touchpoint. Names and what is said often are folded once."""
    names = db.execute("SELECT id, customer_id, name FROM customer")
    named = {number for number, *texts in names if any(wanted in fold_search(text) for text in texts if text)}
    held: dict[str | None, bool] = {None: False}

    def holds(text: str | None) -> bool:
        if text not in held:
            held[text] = text is not None and wanted in fold_search(text)
        return held[text]

    found = []
    for row, customer, respondent, touchpoint, comment in db.execute(query("survey_texts"), bound):
        if customer in named or holds(touchpoint) or holds(respondent) or (comment is not None and wanted in fold_search(comment)):
            found.append(row)
    return found


def answer(db: sqlite3.Connection, answer_id: int) -> AnswerRow | None:
    """One answer, or None."""
    row = db.execute(query("survey_one"), {"id": answer_id}).fetchone()
    return None if row is None else AnswerRow._make(row)


def _bound(which: Which) -> dict[str, object]:
    order = {None: 0, True: 1, False: -1}[which.worst_first]
    ids = None if which.customers is None else json.dumps(sorted(which.customers))
    return {"kind": which.kind, "ids": ids, "start": which.start, "end": which.end, "by_score": order, "rows": None}


def unfollowed(db: sqlite3.Connection, kind: str, day: int) -> list[tuple[int, int, str]]:
    """(customer, row, score) of each customer's latest answer of a kind by the end of `day`, where nobody has been in contact since."""
    return db.execute(query("survey_unfollowed"), {"kind": kind, "day": day}).fetchall()


def said(db: sqlite3.Connection, ids: Collection[int]) -> dict[int, SaidRow]:
    """Row → what was said in it."""
    wanted = "SELECT id, answered_at, score, comment, respondent FROM survey WHERE id IN (SELECT value FROM json_each(?))"
    return {row[0]: SaidRow._make(row) for row in db.execute(wanted, (json.dumps(sorted(ids)),))}


def last_asked(db: sqlite3.Connection, day: int) -> dict[int, int]:
    """Customer → the last day by `day` on which they answered anything."""
    return dict(db.execute("SELECT customer_id, max(answered_at) FROM survey WHERE answered_at <= ? GROUP BY customer_id", (day,)))


def last_day(db: sqlite3.Connection, day: int) -> int | None:
    """The last day by `day` on which anybody answered."""
    found: int | None = db.execute("SELECT max(answered_at) FROM survey WHERE answered_at <= ?", (day,)).fetchone()[0]
    return found


def entered_on(db: sqlite3.Connection, day: int) -> list[tuple[str, str]]:
    """(kind, score) of what was recorded by hand on a day, in order."""
    return db.execute("SELECT kind, score FROM survey WHERE file_id IS NULL AND entered = ? ORDER BY id", (day,)).fetchall()


def touchpoints(db: sqlite3.Connection) -> tuple[str, ...]:
    """Touchpoints that answers name, the most frequent first."""
    found = db.execute("SELECT touchpoint FROM survey WHERE touchpoint IS NOT NULL GROUP BY touchpoint ORDER BY count(*) DESC, touchpoint")
    return tuple(row[0] for row in found)


def revision(db: sqlite3.Connection) -> int:
    """The workspace's revision, inside the caller's transaction."""
    return int(db.execute("SELECT revision FROM state").fetchone()[0])


def names(db: sqlite3.Connection) -> list[CustomerName]:
    """Every customer, by id."""
    return [CustomerName._make(row) for row in db.execute(query("survey_names"))]


def named(db: sqlite3.Connection, ids: Collection[int]) -> dict[int, tuple[str, str | None]]:
    """Customer → (id as written, name)."""
    wanted = "SELECT id, customer_id, name FROM customer WHERE id IN (SELECT value FROM json_each(?))"
    found = db.execute(wanted, (json.dumps(sorted(ids)),))
    return {row[0]: (row[1], row[2]) for row in found}


def count(db: sqlite3.Connection) -> int:
    """Answers there are, of any kind."""
    return int(db.execute("SELECT count(*) FROM survey").fetchone()[0])


def any_imported(db: sqlite3.Connection) -> bool:
    """Whether a file has named a customer."""
    return bool(db.execute("SELECT EXISTS (SELECT 1 FROM customer WHERE file_id IS NOT NULL)").fetchone()[0])
