"""Reports as they were made: kept once for each content, and never changed but where a customer in them is forgotten."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple


class Stored(NamedTuple):
    """A report that was made."""

    id: int
    made: int
    """The day."""
    revision: int
    as_of: int | None
    start: int
    end: int
    filters: Mapping[str, list[str]]
    switches: Mapping[str, str]
    document: Any
    """Its blocks, as JSON values."""


GONE = "(forgotten)"
"""Stands where a customer was who has been forgotten since."""
_COLUMNS = 'id, made, revision, as_of, start, "end", filters, switches, document'


def keep(db: sqlite3.Connection, report: Stored, digest: str) -> int:
    """Keep a report; its number. The same content made again is the report that is there. `report.id` does not matter."""
    held = db.execute("SELECT id FROM report WHERE digest = ?", (digest,)).fetchone()
    if held is not None:
        return int(held[0])
    values = (*report[1:6], _text(report.filters), _text(report.switches), digest, _text(report.document))
    made = db.execute(
        'INSERT INTO report(made, revision, as_of, start, "end", filters, switches, digest, document) '
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        values,
    )
    return int(made.fetchone()[0])


def get(db: sqlite3.Connection, number: int) -> Stored | None:
    """Report `number`."""
    return next(_read(db, f"SELECT {_COLUMNS} FROM report WHERE id = ?", number), None)


def every(db: sqlite3.Connection) -> Iterator[Stored]:
    """All reports, oldest first."""
    return _read(db, f"SELECT {_COLUMNS} FROM report ORDER BY id")


def forget(db: sqlite3.Connection, customer_id: str, named: Callable[[str], bool]) -> int:
    """Make a customer unknown in every report that names them; how many do. Figures stay what they were.

    `named` tells whether a text that somebody wrote names them.
    """
    done = 0
    for report in list(every(db)):
        new = _without(report.document, customer_id, named)
        if new != report.document:
            db.execute("UPDATE report SET document = ?, digest = ? WHERE id = ?", (_text(new), f"forgotten {report.id}", report.id))
            done += 1
    return done


def _without(value: Any, customer_id: str, named: Callable[[str], bool]) -> Any:  # noqa: ANN401  # JSON values
    if isinstance(value, list):
        return [_without(item, customer_id, named) for item in value]
    if not isinstance(value, dict):
        return value
    if value.get("who") == customer_id:
        return GONE
    if value.get("tone") == "note" and named(value["text"]):
        return {**value, "text": GONE}
    kept = {name: _without(item, customer_id, named) for name, item in value.items()}
    if "marks" in kept:
        kept["marks"] = [[index, GONE if named(text) else text] for index, text in kept["marks"]]
    return kept


def names(db: sqlite3.Connection, numbers: Iterable[int]) -> dict[int, tuple[str, str | None]]:
    """Customer → (id, name)."""
    rows = db.execute(
        "SELECT id, customer_id, name FROM customer WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(sorted(set(numbers))),)
    )
    return {number: (customer_id, name) for number, customer_id, name in rows}


def _read(db: sqlite3.Connection, sql: str, *values: int) -> Iterator[Stored]:
    for row in db.execute(sql, values):
        yield Stored(*row[:6], *map(json.loads, row[6:]))


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
