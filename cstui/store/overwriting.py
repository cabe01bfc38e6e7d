"""Rows that would be written over another customer's, because both have one id: two programs that each number from 1.

Reads the staging file and the workspace; a row that comes again for its own customer is no matter of this.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence

from cstui.base.problems import OVERWRITES
from cstui.base.records import RECORDS, Kind
from cstui.store.classify import UPDATED
from cstui.store.oddities import FIRST_LINES, Odd
from cstui.store.tables import TABLES

_NOUN = {
    Kind.SUBSCRIPTIONS: "subscriptions", Kind.PAYMENTS: "payments", Kind.INTERACTIONS: "contacts and tickets", Kind.SURVEYS: "answers",
}  # fmt: skip
_SOURCES_TOLD = 3


def overwrites(db: sqlite3.Connection, number: int, kind: Kind, names: Sequence[str]) -> Odd | None:
    """The rows of one file that are written over another customer's; `names` are the call's files.

    After everything is compared.
    """
    if kind not in _NOUN:
        return None
    lines, sources = set[int](), Counter[str]()
    for line, source in (*_of_the_workspace(db, number, kind), *_of_the_call(db, number, kind, names)):
        if line not in lines:
            lines.add(line)
            sources[source] += 1
    if not lines:
        return None
    own = "survey=NAME" if kind is Kind.SURVEYS else f"{RECORDS[kind].own_id}=NAME-*"
    message = (
        f"{_NOUN[kind]} that {'overwrite or end' if kind is Kind.SUBSCRIPTIONS else 'overwrite'} those of {_some(sources)}: the same ids, "
        f"other customers. If each file counts ids of its own, --set {own} keeps both"
    )
    return Odd(OVERWRITES, len(lines), message, tuple(sorted(lines)[:FIRST_LINES]))


def _of_the_workspace(db: sqlite3.Connection, number: int, kind: Kind) -> Iterator[tuple[int, str]]:
    """(line, where the other is from) of rows over those that the workspace has."""
    table = TABLES[kind]
    other = "(m.id IS NULL OR o.customer_id <> m.id)"
    queries = [
        f"""SELECT s.line, f.name, f.import_id FROM c_{table.name} AS c JOIN {table.staged} AS s ON s.seq = c.seq
        JOIN s_ref AS m ON m.ref = s.ref JOIN {table.name} AS o ON o.id = c.id LEFT JOIN import_file AS f ON f.id = o.file_id
        WHERE c.outcome = {UPDATED} AND s.file = :file AND {other} ORDER BY s.line"""
    ]
    if kind is Kind.SUBSCRIPTIONS:  # one that starts later ends the other customer's
        queries.append(
            f"""SELECT s.line, f.name, f.import_id FROM {table.staged} AS s JOIN s_ref AS m ON m.ref = s.ref
            JOIN {table.name} AS o ON o.subscription_id = s.subscription_id LEFT JOIN import_file AS f ON f.id = o.file_id
            WHERE s.file = :file AND s.seq NOT IN (SELECT seq FROM c_{table.name}) AND {other} ORDER BY s.line"""
        )
    for sql in queries:
        for line, name, of in db.execute(sql, {"file": number}):
            yield line, "an entry by hand" if name is None else f"{name} (import {of})"


def _of_the_call(db: sqlite3.Connection, number: int, kind: Kind, names: Sequence[str]) -> Iterator[tuple[int, str]]:
    """(line, where the other is from) of rows over those of another file of the call."""
    sql = (
        "SELECT line, earlier FROM (SELECT line, file, ref, lag(file) OVER own AS earlier, lag(ref) OVER own AS other "
        f'FROM d_{TABLES[kind].name} WINDOW own AS (PARTITION BY "of" ORDER BY seq)) '
        "WHERE file = ? AND earlier <> file AND other <> ref ORDER BY line"
    )
    for line, earlier in db.execute(sql, (number,)):
        yield line, names[earlier]


def _some(sources: Counter[str]) -> str:
    told = [name for name, _ in sources.most_common()]
    more = f" and {len(told) - _SOURCES_TOLD} more" if len(told) > _SOURCES_TOLD else ""
    return ", ".join(told[:_SOURCES_TOLD]) + more
