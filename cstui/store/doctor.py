"""What can be checked about a workspace file without trusting it: SQLite's own checks, links, rollups, pragmas, permissions."""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from cstui.base.errors import NoWorkspace
from cstui.base.formatting import count
from cstui.store import rollups
from cstui.store.schema import APPLICATION_ID, VERSION, connect, make_tables, synchronised_folder
from cstui.store.sql import query
from cstui.store.trouble import plain_errors

OK, WARNING, FAILED = "ok", "warning", "failed"

_EXPECTED = (
    ("synchronous", (2,)),
    ("foreign_keys", (1,)),
    ("trusted_schema", (0,)),
    ("cell_size_check", (1,)),
    ("mmap_size", (0,)),
    ("temp_store", (2,)),
    ("secure_delete", (1,)),
)


_COLUMNS = "SELECT t.name, c.name FROM sqlite_master AS t, pragma_table_info(t.name) AS c WHERE t.type = 'table'"


class Check(NamedTuple):
    """One thing that was looked at."""

    check: str
    status: str
    """`ok`, `warning` or `failed`."""
    message: str


class Coverage(NamedTuple):
    """How many facts of a kind there are, and their first and last day."""

    kind: str
    n: int
    first: int | None
    last: int | None


class Examination(NamedTuple):
    """Everything that was found."""

    checks: tuple[Check, ...]
    coverage: tuple[Coverage, ...]
    as_of: int | None
    revision: int | None
    """None: the file is damaged."""


def examine(path: Path) -> Examination:
    """Check the workspace at `path`; writes nothing to it. Raises NoWorkspace, NotAWorkspace, NewerWorkspace."""
    if not path.exists():
        raise NoWorkspace(path)
    with plain_errors(path), closing(connect(path, readonly=True)) as db:
        sound: list[Check] = []
        for look in (_integrity, _schema):
            sound.append(look(db))
            if sound[-1].status == FAILED:  # what else it would say can't be believed
                return Examination((*sound, *_permissions(path)), (), None, None)
        looks = (_foreign_keys, _links, _rollups, _pragmas)
        checks = (*sound, *(look(db) for look in looks), _journal(db, path), *_permissions(path))
        coverage = tuple(Coverage._make(row) for row in db.execute("SELECT kind, n, first, last FROM coverage ORDER BY kind"))
        revision, as_of = db.execute("SELECT revision, as_of FROM state").fetchone()
        return Examination(checks, coverage, as_of, revision)


def _schema(db: sqlite3.Connection) -> Check:
    with closing(sqlite3.connect(":memory:")) as empty:
        make_tables(empty)
        lacking = sorted(set(empty.execute(_COLUMNS)) - set(db.execute(_COLUMNS)))
    if lacking:
        named = ", ".join(f"{table}.{column}" for table, column in lacking[:5])
        return Check("schema", FAILED, f"{count(len(lacking), 'column')} missing: {named}. Go back to a backup.")
    application, version = db.execute("SELECT * FROM pragma_application_id, pragma_user_version").fetchone()
    right = (application, version) == (APPLICATION_ID, VERSION)
    return Check("schema", OK if right else FAILED, f"application id {application:#010x}, schema {version} of {VERSION}")


def _integrity(db: sqlite3.Connection) -> Check:
    try:
        found = [str(row[0]) for row in db.execute("PRAGMA integrity_check(5)")]
    except sqlite3.DatabaseError as error:
        found = [str(error)]
    if found == ["ok"]:
        return Check("integrity", OK, "every page and index is whole")
    return Check("integrity", FAILED, f"{'; '.join(found)}. Go back to a backup.")


def _foreign_keys(db: sqlite3.Connection) -> Check:
    broken = db.execute("PRAGMA foreign_key_check").fetchall()
    tables = ", ".join(sorted({str(row[0]) for row in broken}))
    return (
        Check("foreign keys", FAILED, f"{count(len(broken), 'row points', 'rows point')} nowhere, in {tables}")
        if broken
        else Check("foreign keys", OK, "none broken")
    )


def _links(db: sqlite3.Connection) -> Check:
    lost = [f"{n} {fact}" for fact, n in db.execute(query("doctor_orphans")) if n]
    if lost:
        return Check("links", FAILED, f"facts without what they belong to: {', '.join(lost)}")
    return Check("links", OK, "every fact has its customer and its file")


def _rollups(db: sqlite3.Connection) -> Check:
    wrong = rollups.differences(db)
    if wrong:
        return Check("rollups", FAILED, f"not what the facts give: {', '.join(wrong)}; `cstui doctor --rebuild` derives them again")
    return Check("rollups", OK, "equal to a recomputation from the facts")


def _journal(db: sqlite3.Connection, path: Path) -> Check:
    mode = str(db.execute("PRAGMA journal_mode").fetchone()[0])
    folder = synchronised_folder(path)
    if folder is None:
        return (
            Check("journal", OK, f"{mode}") if mode == "wal" else Check("journal", WARNING, f"{mode}, not wal: writers make readers wait")
        )
    advice = "two computers that write at once will harm the file; keep it elsewhere and back up to there"
    return Check("journal", WARNING if mode == "delete" else FAILED, f"{mode}, in the synchronised folder {folder}: {advice}")


def _pragmas(db: sqlite3.Connection) -> Check:
    wrong = []
    for name, wanted in _EXPECTED:
        row = db.execute(f"PRAGMA {name}").fetchone()
        if row is not None and row[0] not in wanted:
            wrong.append(f"{name}={row[0]}")
    return Check("pragmas", FAILED, ", ".join(wrong)) if wrong else Check("pragmas", OK, "as they should be")


def _permissions(path: Path) -> list[Check]:
    if os.name != "posix":
        return []
    files = [path.with_name(path.name + suffix) for suffix in ("", "-wal", "-shm")]
    shared = [file.name for file in files if file.exists() and stat.S_IMODE(file.stat().st_mode) & 0o077]
    if shared:
        return [Check("permissions", WARNING, f"others on this computer can open {', '.join(shared)}: `chmod 600` it")]
    return [Check("permissions", OK, "only you can open it")]


def sqlite_version() -> str:
    """The version of the SQLite library that Python was built with."""
    return sqlite3.sqlite_version


def rebuild(path: Path) -> None:
    """Derive every rollup again, in one write transaction. Raises NoWorkspace, NotAWorkspace, WorkspaceBusy."""
    from cstui.store.workspace import transaction

    if not path.exists():
        raise NoWorkspace(path)
    with closing(connect(path)) as db, transaction(db, path):
        rollups.rebuild(db)
