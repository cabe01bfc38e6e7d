"""Forgetting a customer: every row, prior version, refused value and note about them goes, and so do the bytes.

Salted marks stay of their folded id, of every id that was joined to it, and of their own e-mail addresses, so that an import can tell
that it must not bring them back. Knows no screen.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

from cstui.base.emails import address
from cstui.base.errors import UnknownCustomer
from cstui.base.records import Kind
from cstui.base.text import fold_key, fold_search
from cstui.store import coverage_days, drafts, notes, reports, restated, rollups, survey_edits, undone
from cstui.store.schema import is_workspace
from cstui.store.sql import query
from cstui.store.workspace import connect, transaction

SALT = "forget.salt"
"""The setting that holds the salt; made with the first mark."""

GONE = "(forgotten)"
"""Stands in the import log and in annotations where a text named them."""

_FACTS = ("subscription", "payment", "interaction", "survey", "usage")
_PRIORS = ("subscription_prior", "payment_prior", "interaction_prior", "survey_prior", "usage_prior")
_MAIL = "mailto:"
_LEAST = 3
"""A name or id shorter than this is only taken for theirs where it is the whole value."""


class Forgotten(NamedTuple):
    """What was removed."""

    customer_id: str
    name: str | None
    rows: tuple[tuple[str, int], ...]
    """(table, rows removed), those with any."""
    problems: int
    """Refused values and messages that named them, emptied."""
    annotations: int
    """Annotations of days that named them, emptied."""
    rewritten: bool
    """No byte of theirs is left in the file. Else another program has it open, and they go when that lets go of it."""


def salt(db: sqlite3.Connection) -> str | None:
    """The workspace's salt; None while nobody was ever forgotten."""
    row = db.execute("SELECT value FROM setting WHERE name = ?", (SALT,)).fetchone()
    return None if row is None else str(row[0])


def marks(db: sqlite3.Connection) -> frozenset[str]:
    """The marks of everybody who was forgotten."""
    return frozenset(row[0] for row in db.execute("SELECT mark FROM forgotten"))


def mark(salt: str, fold: str) -> str:
    """The mark of a folded customer id, or of an e-mail address after `_MAIL`."""
    return blake2b(fold.encode("utf-8", "surrogatepass"), key=bytes.fromhex(salt), digest_size=24).hexdigest()


@dataclass(frozen=True, slots=True)
class _Named:
    """Tells who was forgotten, in whatever process it is asked."""

    salt: str
    marks: frozenset[str]

    def __call__(self, text: str) -> bool:
        mail = address(text)
        return mark(self.salt, fold_key(text)) in self.marks or (mail != "" and mark(self.salt, _MAIL + mail) in self.marks)


def predicate(db: sqlite3.Connection) -> Callable[[str], bool] | None:
    """Tells of an id or an e-mail address whether it is of a customer who was forgotten; None where nobody was."""
    held, gone = salt(db), marks(db)
    if held is None or not gone:
        return None

    return _Named(held, gone)


def find(db: sqlite3.Connection, customer_id: str) -> tuple[int, str, str | None]:
    """(number, id, name) of the customer whose id folds to the same key; the number is 0 where only what was taken back had them.

    Raises UnknownCustomer.
    """
    fold = fold_key(customer_id)
    row = db.execute("SELECT id, customer_id, name FROM customer WHERE fold = ?", (fold,)).fetchone()
    if row is None:
        row = db.execute("SELECT 0, customer_id, NULL FROM undone_customer WHERE fold = ? LIMIT 1", (fold,)).fetchone()
    if row is None and (gone := survey_edits.gone(db, fold)) is not None:
        row = (0, gone, None)
    if row is None:
        raise UnknownCustomer(customer_id)
    return int(row[0]), str(row[1]), row[2]


def counts(db: sqlite3.Connection, number: int) -> tuple[tuple[str, int], ...]:
    """(table, rows) that forgetting would remove from the facts, those with any."""
    found = ((table, db.execute(f"SELECT count(*) FROM {table} WHERE customer_id = ?", (number,)).fetchone()[0]) for table in _FACTS)
    return tuple((table, n) for table, n in found if n)


def forget(workspace: Path, customer_id: str, at: str) -> Forgotten:
    """Remove a customer and leave their mark, in one transaction; then rewrite the file, so that no byte of theirs is left in it.

    Removed they are also where the file can't be rewritten yet.

    Raises UnknownCustomer, WorkspaceBusy.
    """
    with closing(connect(workspace)) as db:
        with transaction(db, workspace), restated.watched(db, "forget"):
            number, raw, name = find(db, customer_id)
            named_by = _named_by(db, number, fold_key(raw))
            words = (
                _words(db, number) | {fold_search(raw)} | {fold_search(one.removeprefix(_MAIL)) for one in named_by if len(one) >= _LEAST}
            )
            lines = frozenset(db.execute(query("forget_lines"), {"id": number}).fetchall())
            rollups.prepare(db)
            _touch(db, number)
            removed = _remove(db, number, raw)
            problems = _redact(db, words, lines | undone.forget_customer(db, fold_key(raw)))

            def named(text: str) -> bool:
                return _names(text, words)

            reports.forget(db, raw, named)
            drafts.drop(db, lambda name, text: name.endswith(f"/{fold_key(raw)}") or named(text) or _draft_names(text, words))
            annotations = notes.empty(db, named, GONE)
            db.execute("DELETE FROM joined_customer WHERE into_fold = :fold OR fold = :fold", {"fold": fold_key(raw)})
            _leave_marks(db, fold_key(raw), named_by, at)
            rollups.refresh(db)
        rewritten = scrub(db)
    return Forgotten(raw, name, removed, problems, annotations, rewritten)


def lift(workspace: Path, customer_id: str) -> bool:
    """Take a mark away with those left beside it, so that an import may bring the customer back; whether there was one."""
    with closing(connect(workspace)) as db, transaction(db, workspace):
        held = salt(db)
        if held is None:
            return False
        own, mail = mark(held, fold_key(customer_id)), mark(held, _MAIL + address(customer_id))
        found = db.execute("SELECT DISTINCT ifnull(of, mark) FROM forgotten WHERE mark IN (?, ?)", (own, mail)).fetchall()
        for (chosen,) in found:
            db.execute("DELETE FROM forgotten WHERE ? IN (mark, of)", (chosen,))
        return bool(found)


def scrub(db: sqlite3.Connection) -> bool:
    """Rewrite the file and empty its write-ahead log: what was deleted is in neither any more. Whether nobody was in the way."""
    try:
        db.execute("VACUUM")
        return not db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except sqlite3.OperationalError:  # another program writes, or the disk has no room for a second copy
        return False


def holders(workspace: Path, customer_id: str) -> tuple[str, ...]:
    """Names of the workspace files beside this one (backups, copies) that still hold the customer."""
    fold, own = fold_key(customer_id), workspace.resolve()
    beside = sorted(path for path in workspace.absolute().parent.iterdir() if path.is_file() and path.resolve() != own)
    return tuple(path.name for path in beside if is_workspace(path) and _holds(path, fold))


def _holds(path: Path, fold: str) -> bool:
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
        try:
            return bool(db.execute("SELECT EXISTS (SELECT 1 FROM customer WHERE fold = ?)", (fold,)).fetchone() == (1,))
        except sqlite3.DatabaseError:  # damaged or of an unknown form: it may hold them, so it is named
            return True


def _words(db: sqlite3.Connection, number: int) -> frozenset[str]:
    """What names the customer, folded: ids, names and e-mails, now and in prior versions, and ids of their rows."""
    found = db.execute(query("forget_words"), {"id": number})
    return frozenset(folded for (value,) in found if value and (folded := fold_search(str(value))))


def _named_by(db: sqlite3.Connection, number: int, fold: str) -> frozenset[str]:
    """What else a row may name them by, but for what is another's: ids that were joined to theirs, and, after `_MAIL`, their addresses."""
    found = db.execute("SELECT fold, email FROM joined_customer WHERE into_fold = ?", (fold,)).fetchall()
    for (text,) in db.execute("SELECT mapping FROM import_file WHERE mapping LIKE '%\"joined\"%'"):  # imports of an older form of the file
        joins = json.loads(text).get("joined") or ()
        found += [(fold_key(j["id"]), j["value"] if j["by"] == "email" else None) for j in joins if fold_key(j["customer_id"]) == fold]
    others = {one for (one,) in db.execute("SELECT fold FROM customer WHERE id <> ?", (number,))}
    own = "SELECT email FROM customer WHERE id = :id UNION SELECT email FROM customer_prior WHERE id = :id"
    mails = {address(text) for (text,) in db.execute(own, {"id": number}) if text} | {address(mail) for _, mail in found if mail}
    mails.add(address(fold))
    shared = {address(mail) for (mail,) in db.execute("SELECT email FROM customer WHERE id <> ? AND email <> ''", (number,))}
    return frozenset({one for one, _ in found} - others - {fold}) | {_MAIL + mail for mail in mails - shared if mail}


def _touch(db: sqlite3.Connection, number: int) -> None:
    """Tell the rollups what goes."""
    db.execute("INSERT OR IGNORE INTO temp.touched_customer(id) VALUES (?)", (number,))
    db.execute(
        "INSERT OR IGNORE INTO temp.touched_day(day) SELECT paid_at FROM payment WHERE customer_id = ? AND paid_at IS NOT NULL", (number,)
    )
    db.execute(
        "INSERT OR IGNORE INTO temp.touched_usage(month, customer_id) SELECT month, customer_id FROM usage_month WHERE customer_id = ?",
        (number,),
    )
    for kind in (Kind.SUBSCRIPTIONS, Kind.PAYMENTS, Kind.INTERACTIONS, Kind.SURVEYS):
        coverage_days.take(db, kind, f"{coverage_days.KINDS[kind].table} AS o WHERE o.customer_id = {number}")
    coverage_days.take(db, Kind.CUSTOMERS, f"customer AS o WHERE o.id = {number}")
    rollups.widen(db)


def _remove(db: sqlite3.Connection, number: int, raw: str) -> tuple[tuple[str, int], ...]:
    """Delete every row of theirs; (table, rows) of those that had any."""
    users = [row[0] for row in db.execute("SELECT DISTINCT user_id FROM usage_month WHERE customer_id = ? AND user_id <> 0", (number,))]
    keyed = [*((table, "customer_id") for table in (*_FACTS, *_PRIORS, "customer_change")), ("customer", "id"), ("customer_prior", "id")]
    removed = [(table, db.execute(f"DELETE FROM {table} WHERE {key} = ?", (number,)).rowcount) for table, key in keyed]
    removed.append(("survey_change", survey_edits.forget(db, number, raw)))
    removed.append(("usage_user", _delete_each(db, query("forget_user"), users)))
    db.execute("DELETE FROM seen")
    return tuple((table, n) for table, n in removed if n)


def _delete_each(db: sqlite3.Connection, sql: str, ids: Iterable[int]) -> int:
    return sum(db.execute(sql, {"user": one}).rowcount for one in ids)


def _redact(db: sqlite3.Connection, words: frozenset[str], lines: frozenset[tuple[int, int]]) -> int:
    """Empty the values, messages and constants of the import log that name them or stand on a line of theirs; how many."""
    done = 0
    for file, line, seq, value, message in db.execute("SELECT file_id, line, seq, value, message FROM problem").fetchall():
        if (file, line) in lines or _names(value, words) or _names(message, words):
            db.execute("UPDATE problem SET value = NULL, message = ? WHERE file_id = ? AND line = ? AND seq = ?", (GONE, file, line, seq))
            done += 1
    for file, line, cells in db.execute("SELECT file_id, line, cells FROM refused_row").fetchall():
        if (file, line) in lines or any(_names(text, words) for text in json.loads(cells)):
            db.execute("DELETE FROM refused_row WHERE file_id = ? AND line = ?", (file, line))
            done += 1
    for table, column in (("import_file", "mapping"), ("import_file", "changes"), ("import", "options")):
        for number, text in db.execute(f"SELECT id, {column} FROM {table} WHERE {column} IS NOT NULL").fetchall():
            held = json.loads(text)
            cleared = _without(_unlisted(held, number, words, lines) if column == "changes" else held, words)
            if cleared != held:
                db.execute(f"UPDATE {table} SET {column} = ? WHERE id = ?", (json.dumps(cleared, ensure_ascii=False), number))
                done += 1
    return done


def _unlisted(changes: dict[str, Any], file: int, words: frozenset[str], lines: frozenset[tuple[int, int]]) -> dict[str, Any]:
    """How a file's updates went, without the rows of theirs."""
    kept = [row for row in changes["first"] if (file, row["line"]) not in lines and not _names(row["id"], words)]
    return {**changes, "first": kept}


def _without(value: object, words: frozenset[str]) -> object:
    """A JSON value with `GONE` for every text that names them."""
    if isinstance(value, str):
        return GONE if _names(value, words) else value
    if isinstance(value, list):
        return [_without(item, words) for item in value]
    if isinstance(value, dict):
        return {name: _without(item, words) for name, item in value.items()}
    return value


def _draft_names(text: str, words: frozenset[str]) -> bool:
    """Whether a draft, which forms keep as JSON, names them in one of its texts."""
    try:
        held = json.loads(text)
    except ValueError:
        return False
    return bool(_without(held, words) != held)


def _names(text: str | None, words: frozenset[str]) -> bool:
    """Whether a text is, or holds, one of the words."""
    if not text:
        return False
    folded = fold_search(text)
    return folded in words or any(len(word) >= _LEAST and _as_a_word(word, folded) for word in words)


def _as_a_word(word: str, text: str) -> bool:
    """Whether `word` stands in `text` on its own: `c-9` is not in `c-91`."""
    at = text.find(word)
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(word) : at + len(word) + 1]
        if not before.isalnum() and not after.isalnum():
            return True
        at = text.find(word, at + 1)
    return False


def _leave_marks(db: sqlite3.Connection, fold: str, beside: Iterable[str], at: str) -> None:
    db.execute("INSERT OR IGNORE INTO setting(name, value) VALUES (?, ?)", (SALT, secrets.token_hex(32)))
    held = salt(db)
    assert held is not None
    own = mark(held, fold)
    left = [(own, at, None), *((mark(held, one), at, own) for one in beside)]
    db.executemany("INSERT OR IGNORE INTO forgotten(mark, at, of) VALUES (?, ?, ?)", left)
