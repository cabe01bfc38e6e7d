"""Answers and costs without an id whose rows are there already, read otherwise: they must not come to count twice.

A row of the very file that brought it before, told by its bytes and its line, is left as it is; one that another file told of with
other columns can only be pointed at. Reads the workspace, writes the staging file only.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from json import loads
from typing import NamedTuple

from cstui.base.records import Kind
from cstui.store.oddities import FIRST_LINES, Odd
from cstui.store.tables import TABLES

MEASURE = {Kind.SURVEYS: "score", Kind.COSTS: "amount"}
"""Kind → the field whose column tells one question of a form, or one amount of a ledger, from another."""

_NOUN = {Kind.SURVEYS: "answers", Kind.COSTS: "costs"}
_SAME = {
    Kind.SURVEYS: ("s.kind", "o.kind", "o.answered_at = s.answered_at AND o.kind = s.kind AND o.score = s.score"),
    Kind.COSTS: ("NULL", "NULL", "o.date = s.date AND o.category = s.category AND o.amount = s.amount"),
}
"""Kind → what is one row's of several on a line, staged and kept; and what two rows that tell of one thing share, beside the customer."""
_MAY_DIFFER = {
    Kind.SURVEYS: ("response_id", "scale", "survey", "respondent", "touchpoint", "comment"),
    Kind.COSTS: ("cost_id", "currency", "channel"),
}
"""Columns that one of two such rows may lack, and that are different in two things."""


class Came(NamedTuple):
    """A file of a call, as far as it can be known again."""

    sha256: str
    """Blank: what it holds now is no matter of what it held."""
    table: str
    """What stands after the `›` of its name."""
    kind: Kind
    fields: Mapping[str, str | None]
    """Field → its column."""
    given: frozenset[str]
    """Fields that a column or a constant gives."""


def leave(db: sqlite3.Connection, files: Sequence[Came], folds: Sequence[str]) -> dict[int, Odd]:
    """Leave rows as they are that the same line of the same file brought before; by file, which they are.

    Before rows of one key are made one. `folds` are the customers' folded ids, by their numbers.
    """
    found: dict[int, Odd] = {}
    for number, file in enumerate(files):
        earlier = dict(_earlier(db, file))
        if not earlier:
            continue
        lines = list(_left(db, number, TABLES[file.kind].name, file.kind, earlier, folds))
        if lines:
            which = " and ".join(map(str, sorted({earlier[brought] for _, brought in lines})))
            message = (
                f"{_NOUN[file.kind]} that this very file brought before (import {which}), read otherwise: "
                f"they stay as they are, and count once. To have them read anew, take import {which} back first"
            )
            found[number] = Odd("came-before", len(lines), message, tuple(sorted(line for line, _ in lines)[:FIRST_LINES]))
    return found


def _earlier(db: sqlite3.Connection, file: Came) -> Iterator[tuple[int, int]]:
    """(file, import) of the log that are this file, its rows' measure taken from the same column."""
    measure = MEASURE.get(file.kind)
    if measure is None:
        return
    rows = db.execute("SELECT id, import_id, name, mapping FROM import_file WHERE sha256 = ? AND kind = ?", (file.sha256, file.kind.value))
    for number, of, name, mapping in rows:
        if name.partition(" › ")[2] == file.table and loads(mapping).get("fields", {}).get(measure) == file.fields.get(measure):
            yield number, of


def _left(
    db: sqlite3.Connection, number: int, table: str, kind: Kind, earlier: Mapping[int, int], folds: Sequence[str]
) -> Iterator[tuple[int, int]]:
    """(line, file that brought it) of the rows that are left, each made one that says nothing new."""
    staged, kept, _ = _SAME[kind]
    mentions = TABLES[kind].mentions
    marks = ", ".join("?" * len(earlier))
    whose = ("c.fold", " JOIN customer AS c ON c.id = o.customer_id") if mentions else ("NULL", "")
    sql = (
        f"SELECT o.line, {kept}, {whose[0]}, o.match, o.file_id FROM {table} AS o{whose[1]} WHERE o.file_id IN ({marks}) ORDER BY o.id DESC"
    )
    known = {(line, what, fold): (match, brought) for line, what, fold, match, brought in db.execute(sql, tuple(earlier))}
    if not known:
        return
    ref = "s.ref" if mentions else "NULL"
    new = f"SELECT s.seq, s.line, {staged}, {ref} FROM s_{table} AS s WHERE s.file = ? AND s.match NOT IN (SELECT match FROM {table})"
    nothing = ", ".join(f"{name} = NULL" for name in TABLES[kind].values if name not in {"match", "ref"})
    for seq, line, what, customer in db.execute(new, (number,)).fetchall():
        found = known.get((line, what, None if customer is None else folds[customer]))
        if found is not None:
            db.execute(f"UPDATE s_{table} SET match = ?, {nothing} WHERE seq = ?", (found[0], seq))
            yield line, found[1]


def told_twice(db: sqlite3.Connection, number: int, files: Sequence[Came], names: Sequence[str]) -> Odd | None:
    """New rows of one file that seem to be there already: from a file read by other columns, also of this call, or by hand.

    `files` and their `names` are the call's.
    """
    file = files[number]
    if file.kind not in MEASURE:
        return None
    lines, before, here = set[int](), dict[str, None](), dict[str, None]()
    for line, source in _in_workspace(db, number, file):
        lines.add(line)
        before[source] = None
    for line, other in _in_call(db, number, files):
        lines.add(line)
        here[names[other]] = None
    if not lines:
        return None
    told = [*before, *(f"{name}, of this very import" for name in here)]
    ways = [*(["take that import back first"] if before else ()), *(["leave one of the files out"] if here else ["leave them out"])]
    message = (
        f"{_NOUN[file.kind]} that seem to be there already ({_some(told)}), told by other columns: they would count twice. "
        f"{', or '.join(ways).capitalize()}"
    )
    return Odd("told-twice", len(lines), message, tuple(sorted(lines)[:FIRST_LINES]))


def _in_workspace(db: sqlite3.Connection, number: int, file: Came) -> Iterator[tuple[int, str]]:
    """(line, what told of it) of a file's new rows that the workspace seems to have."""
    table = TABLES[file.kind]
    named = " JOIN s_ref AS m ON m.ref = s.ref" if table.mentions else ""
    customer = "o.customer_id = m.id AND " if table.mentions else ""
    alike = " AND ".join(f"(o.{name} IS NULL OR typeof(s.{name}) <> 'text' OR s.{name} = o.{name})" for name in _MAY_DIFFER[file.kind])
    rows = db.execute(
        f"SELECT s.line, f.id, f.import_id, f.name, f.sha256, f.mapping FROM {table.staged} AS s{named} JOIN {table.name} AS o "
        f"ON {customer}{_SAME[file.kind][2]} LEFT JOIN import_file AS f ON f.id = o.file_id "
        f"WHERE s.file = ? AND s.seq NOT IN (SELECT seq FROM c_{table.name}) AND {alike} ORDER BY s.line",
        (number,),
    )
    others: dict[int | None, bool] = {}
    for line, which, of, name, sha256, mapping in rows:
        if which is not None and which not in others:
            said = loads(mapping)
            fields = said.get("fields", {})
            others[which] = _another(file, sha256, fields, frozenset(fields) | frozenset(said.get("constants", {})))
        if which is None or not others[which]:
            yield line, "by hand" if which is None else f"{name}, import {of}"


def _in_call(db: sqlite3.Connection, number: int, files: Sequence[Came]) -> Iterator[tuple[int, int]]:
    """(line, file) of a file's new rows that files before it in this call seem to bring as well."""
    file = files[number]
    others = [
        at for at, one in enumerate(files[:number]) if one.kind is file.kind and not _another(file, one.sha256, one.fields, one.given)
    ]
    if not others:
        return
    table = TABLES[file.kind]
    customer = "o.ref = s.ref AND " if table.mentions else ""
    alike = " AND ".join(
        f"(typeof(o.{name}) <> 'text' OR typeof(s.{name}) <> 'text' OR s.{name} = o.{name})" for name in _MAY_DIFFER[file.kind]
    )
    new = f"(SELECT * FROM {table.staged} WHERE seq NOT IN (SELECT seq FROM c_{table.name}))"
    yield from db.execute(
        f"SELECT s.line, o.file FROM {new} AS s JOIN {new} AS o ON {customer}{_SAME[file.kind][2]} "
        f"WHERE s.file = ? AND o.file IN ({', '.join('?' * len(others))}) AND {alike} ORDER BY s.line, o.file",
        (number, *others),
    )


def _another(file: Came, sha256: str, fields: Mapping[str, object], given: frozenset[str]) -> bool:
    """Whether another file's rows are known to be others: read alike they would have been found, and so would another question's."""
    measure = MEASURE[file.kind]
    if sha256 and sha256 == file.sha256 and fields.get(measure) != file.fields.get(measure):
        return True
    return given == file.given


def _some(sources: Iterable[str]) -> str:
    told = list(sources)
    return "; ".join(told[:3]) + (f" and {len(told) - 3} more" if len(told) > 3 else "")
