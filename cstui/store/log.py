"""The import log: which files came in when, what became of their rows, what was wrong or odd about them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from json import loads
from pathlib import Path
from typing import Any

from cstui.base.outcome import Changes, Move, changes_from
from cstui.base.problems import Problem
from cstui.store.restated import moves
from cstui.store.schema import connect, version
from cstui.store.tables import TABLES

_IMPORTS = "SELECT id, at, day, undone_at, ifnull(options ->> '$.unused', '[]') FROM import ORDER BY id"
_FILES = """
SELECT id, name, kind, source, mapping, changes, read, created, updated, unchanged, refused FROM import_file WHERE import_id = ? ORDER BY id
"""
_PROBLEMS = (
    "SELECT line, \"column\", code, value, message FROM problem WHERE file_id = ? AND severity = 'refused' ORDER BY line, seq LIMIT ?"
)


@dataclass(frozen=True, slots=True)
class LoggedFile:
    """One file (and kind) of a logged import."""

    number: int
    name: str
    kind: str
    source: str
    mapping: Mapping[str, object]
    counts: tuple[int, int, int, int, int]
    """Read, created, updated, unchanged, refused."""
    problems: tuple[Problem, ...]
    changes: Changes

    @property
    def shape(self) -> tuple[tuple[str, ...], str]:
        """Its header and delimiter, as far as they were noted."""
        header = self.mapping.get("header")
        return (tuple(map(str, header)) if isinstance(header, list) else ()), str(self.mapping.get("delimiter", ","))


@dataclass(frozen=True, slots=True)
class LoggedImport:
    """One logged import."""

    number: int
    at: str
    day: int
    undone_at: str | None
    files: tuple[LoggedFile, ...]
    moves: tuple[Move, ...]
    """Past figures that it moved."""
    unused: tuple[Mapping[str, str], ...] = ()
    """Files of the call that were recognised and not used, as they were given to `merge`."""


def imports(db: sqlite3.Connection, problems: int) -> Iterator[LoggedImport]:
    """The log, oldest first, with at most so many problems per file."""
    for number, at, day, undone_at, unused in db.execute(_IMPORTS).fetchall():
        files = tuple(
            LoggedFile(
                file, name, kind, source, loads(mapping), tuple(counts),
                tuple(Problem(*row) for row in db.execute(_PROBLEMS, (file, problems))),
                changes_from(loads(changes)) if changes else Changes(),
            )
            for file, name, kind, source, mapping, changes, *counts in db.execute(_FILES, (number,)).fetchall()
        )  # fmt: skip
        yield LoggedImport(number, at, day, undone_at, files, moves(db, "import", number), tuple(loads(unused)))


def numbers(db: sqlite3.Connection) -> list[tuple[int, bool]]:
    """Every import's number and whether it is undone, oldest first."""
    return [(number, bool(gone)) for number, gone in db.execute("SELECT id, undone_at IS NOT NULL FROM import ORDER BY id")]


def last_asked(db: sqlite3.Connection) -> tuple[int, Mapping[str, Any]] | None:
    """The number of the last import that stands, and what was asked for; empty where it did not keep that."""
    row = db.execute("SELECT id, options FROM import WHERE undone_at IS NULL ORDER BY id DESC LIMIT 1").fetchone()
    return None if row is None else (int(row[0]), loads(row[1]).get("request") or {})


def mappings(db: sqlite3.Connection, number: int) -> dict[str, Mapping[str, Any]]:
    """How each file of an import was read, by its name."""
    found = db.execute("SELECT name, mapping FROM import_file WHERE import_id = ?", (number,))
    return {name: loads(mapping) for name, mapping in found}


def sources_of(db: sqlite3.Connection, most: int) -> list[str]:
    """Whole paths of the files of the last `most` imports, the latest import first."""
    rows = db.execute(
        "SELECT f.value FROM (SELECT id, options FROM import ORDER BY id DESC LIMIT ?) AS i, json_each(i.options, '$.request.files') AS f "
        "ORDER BY i.id DESC, f.id",
        (most,),
    )
    return [str(path) for (path,) in rows]


def files_of(db: sqlite3.Connection, number: int) -> list[str]:
    """Whole paths of an import's files, in the order they were given."""
    sql = "SELECT f.value FROM import AS i, json_each(i.options, '$.request.files') AS f WHERE i.id = ? ORDER BY f.id"
    return [str(path) for (path,) in db.execute(sql, (number,))]


def newest(path: Path) -> int:
    """The number of the last import, undone or not; 0 where there is none, or no workspace."""
    found = _ask(path, "SELECT max(id) FROM import")
    return int(found) if isinstance(found, int) else 0


def made_at(path: Path, number: int) -> str | None:
    """The instant of an import."""
    found = _ask(path, "SELECT at FROM import WHERE id = ?", number)
    return None if found is None else str(found)


def _ask(path: Path, sql: str, *values: object) -> object:
    if not path.exists() or version(path) == 0:
        return None
    with closing(connect(path, readonly=True)) as db:
        row = db.execute(sql, values).fetchone()
    return row[0] if row else None


def built_on(db: sqlite3.Connection, number: int) -> list[tuple[int, str, int]]:
    """(later import, kind, rows) of what later imports have changed of this one's rows."""
    tables = {"usage": "usage"} | {table.name: table.kind.value for table in TABLES.values()}
    found = []
    for name, kind in tables.items():
        sql = (
            f"SELECT p.import_id, count(*) FROM {name}_prior AS p JOIN import_file AS f ON f.id = p.file_id "
            "WHERE f.import_id = :number AND p.import_id <> :number GROUP BY p.import_id"
        )
        found += [(int(later), kind, int(rows)) for later, rows in db.execute(sql, {"number": number})]
    return sorted(found)


def named_by(db: sqlite3.Connection, number: int) -> list[tuple[int, str, int]]:
    """(later import, kind, rows) of later imports' rows that are of customers whom this one describes."""
    described = "SELECT c.id FROM customer AS c JOIN import_file AS f ON f.id = c.file_id WHERE f.import_id = :number AND NOT c.stub"
    later = "SELECT id FROM import_file WHERE import_id > :number AND kind = :kind"
    tables = {"usage": "usage"} | {table.name: table.kind.value for table in TABLES.values() if table.mentions}
    found = []
    for name, kind in tables.items():
        bound = {"number": number, "kind": kind}
        if not db.execute(f"SELECT EXISTS ({described}) AND EXISTS ({later})", bound).fetchone()[0]:
            continue
        sql = (
            f"SELECT f.import_id, sum(o.n) FROM (SELECT file_id, count(*) AS n FROM {name} WHERE file_id IN ({later}) "
            f"AND customer_id IN ({described}) GROUP BY file_id) AS o JOIN import_file AS f ON f.id = o.file_id GROUP BY f.import_id"
        )
        found += [(int(one), kind, int(rows)) for one, rows in db.execute(sql, bound)]
    return sorted(found)
