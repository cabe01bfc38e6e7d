"""Making a workspace file, and bringing an old one up to date, in one exclusive transaction.

Knows the pragmas and the numbered migrations; knows nothing of what the tables mean. The tables are plain DDL because
sqlite-utils makes neither STRICT nor WITHOUT ROWID ones; what has been applied is sqlite-utils' own record.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from cstui.base.errors import NewerWorkspace, NotAWorkspace, StorageFailed, WorkspaceBusy, refused_by
from cstui.store.trouble import plain_errors

APPLICATION_ID = 0x63737475
"""“cstu”, in the file's header, so that `file` and other programs can tell what it is."""

MIGRATIONS = (
    "0001_first_light",
    "0002_four_screens",
    "0003_coverage_and_reports",
    "0004_outcome",
    "0005_answer_months",
    "0006_matches",
    "0007_terms",
    "0008_columns",
    "0009_who",
    "0010_joined",
)
VERSION = len(MIGRATIONS)

BUSY_MS = 5000
_PRAGMAS = (
    f"PRAGMA busy_timeout={BUSY_MS}",
    "PRAGMA foreign_keys=ON",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA cell_size_check=ON",
    "PRAGMA mmap_size=0",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",
)
_CACHE = "PRAGMA cache_size=-65536"
"""A writer's derivations go through the whole file again and again: with SQLite's own 2 MiB every look is a read."""
_SYNCHRONISED = ("dropbox", "onedrive", "icloud", "mobile documents", "google drive", "googledrive", "nextcloud", "syncthing", "pcloud")

sqlite3.register_adapter(type(None), {}.get)  # type: ignore[arg-type]  # `get` has other uses beside this one
"""None as it is, found at once: without an entry of its own, Python's sqlite3 asks every None that it binds whether it can adapt itself."""


def synchronised_folder(path: Path) -> str | None:
    """The name of the file-synchronising folder that holds `path`, or None. WAL is unsafe in one."""
    for part in path.absolute().parts[:-1]:
        if any(mark in part.casefold() for mark in _SYNCHRONISED):
            return part
    return None


def is_workspace(path: Path) -> bool:
    """Whether a file is a workspace of any schema, by its header alone. Not for one that this process has open: reading drops its locks."""
    try:
        with path.open("rb") as file:
            head = file.read(100)
    except OSError:  # not ours to read, so not ours to judge
        return False
    return head.startswith(b"SQLite format 3\0") and head[68:72] == APPLICATION_ID.to_bytes(4, "big")


def create_private(path: Path) -> bool:
    """Make an empty file that only its owner can read, before SQLite would make one that everybody can. Keeps what is there: False."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        return False
    return True


def discard(path: Path) -> None:
    """Take a workspace away that was made just now and could not be filled; not one that somebody else has open, or wrote to."""
    if path.stat().st_size == 0:  # as SQLite rolled it back; to lock it would take room on the disk
        path.unlink()
        return
    with suppress(sqlite3.Error), closing(_opened(path)) as db:
        db.execute("PRAGMA journal_mode=DELETE")  # refused while there is a write-ahead log that somebody has open
        db.execute("BEGIN EXCLUSIVE")
        if _found(db, path) == 0 or db.execute("SELECT revision FROM state").fetchone()[0] == 0:
            path.unlink()


def connect(path: Path, *, readonly: bool = False) -> sqlite3.Connection:
    """A connection with every pragma set, in autocommit, to a workspace of the current schema.

    `readonly` refuses writes by pragma, not by open mode: a reader of a WAL file must be able to make its `-shm`.
    Raises NotAWorkspace, NewerWorkspace, WorkspaceBusy.
    """
    db = _opened(path)
    try:
        _check(db, path)
        for pragma in _PRAGMAS:
            db.execute(pragma)
        db.execute("PRAGMA query_only=ON" if readonly else _CACHE)
    except BaseException:
        db.close()
        raise
    return db


@contextmanager
def journalled(db: sqlite3.Connection, path: Path, *, new: bool) -> Iterator[None]:
    """Around a large transaction: a workspace that was just made has its pages written once, and not to a log first.

    Afterwards there is the write-ahead log, also where somebody who filled a new one was killed.
    """
    if new:
        _journal(db, "DELETE")
    yield  # a new one that could not be filled is not kept
    _journal(db, _mode(path))


def _mode(path: Path) -> str:
    return "DELETE" if synchronised_folder(path) else "WAL"


def _journal(db: sqlite3.Connection, mode: str) -> None:
    """Change how the file is journalled; not now, where somebody else has it open."""
    with suppress(sqlite3.OperationalError):
        if db.execute("PRAGMA main.journal_mode").fetchone()[0] != mode.lower():
            db.execute(f"PRAGMA main.journal_mode={mode}")


def version(path: Path) -> int:
    """The file's schema version; 0 for an empty file. Raises NotAWorkspace, NewerWorkspace before anything is written."""
    with closing(_opened(path)) as db:
        db.execute(f"PRAGMA busy_timeout={BUSY_MS}")
        return _found(db, path)


def make(path: Path) -> None:
    """Make an empty workspace that is filled at once: it has no write-ahead log until `journalled` gives it one.

    Raises StorageFailed, NotAWorkspace, NewerWorkspace, WorkspaceBusy.
    """
    try:
        made = create_private(path)
    except OSError as error:
        raise refused_by(error, path) from error
    try:
        migrate(path, log=False)
    except StorageFailed:
        if made:
            discard(path)
        raise


def migrate(path: Path, bring: Callable[[sqlite3.Connection, int], None] | None = None, *, log: bool = True) -> None:
    """Create or upgrade the workspace at `path` to the current schema. Upgrading keeps a copy beside it first.

    `bring` is given what was of an older schema, and which, in the same transaction: nobody sees tables that are not filled yet.

    Raises NotAWorkspace, NewerWorkspace, WorkspaceBusy.
    """
    found = version(path)
    if found == VERSION:
        return
    with plain_errors(path), closing(_opened(path)) as db:
        if found:
            _keep_copy(path, found)
        for pragma in (*_PRAGMAS, _CACHE):
            db.execute(pragma)
        db.execute("BEGIN EXCLUSIVE")
        try:
            found = _found(db, path)
            if found < VERSION:
                _apply(db)
                if found and bring is not None:
                    bring(db, found)
            db.execute("COMMIT")
        finally:
            if db.in_transaction:
                db.execute("ROLLBACK")
        if log:  # not before: of a new one that fails nothing is to be left in the file
            _journal(db, _mode(path))


def statements(script: str) -> list[str]:
    """The statements of a SQL script, one by one: `executescript` would commit the transaction around them."""
    found, pending = [], ""
    for line in script.splitlines():
        pending += line + "\n"
        if sqlite3.complete_statement(pending):
            found.append(pending.strip())
            pending = ""
    return [statement for statement in found if statement]


class _Hidden:
    """An import hook that hides packages from the thread that made it."""

    def __init__(self, *names: str) -> None:
        self._names, self._thread = names, threading.get_ident()

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> None:
        """Nothing, or what an import of a package that is not installed raises."""
        if name in self._names and threading.get_ident() == self._thread:
            raise ModuleNotFoundError(name=name)


@contextmanager
def _lean() -> Iterator[None]:
    """While sqlite-utils is loaded: it brings pandas and numpy along where they are installed, for values that no migration has."""
    hidden = _Hidden("pandas", "numpy")
    sys.meta_path.insert(0, hidden)
    try:
        yield
    finally:
        sys.meta_path.remove(hidden)


def ready() -> None:
    """Load what a new workspace is made with."""
    with _lean():
        import sqlite_utils  # noqa: F401  # only loaded


def _apply(db: sqlite3.Connection) -> None:
    ready()
    from sqlite_utils import Database, Migrations

    registered = Migrations("cstui")
    for name in MIGRATIONS:
        script = _script(name)

        def run(target: Database, script: str = script) -> None:
            for statement in statements(script):
                target.conn.execute(statement)

        registered(name=name)(run)
    registered.apply(Database(db, recursive_triggers=False))
    db.execute(f"PRAGMA application_id={APPLICATION_ID}")
    db.execute(f"PRAGMA user_version={VERSION}")


def make_tables(db: sqlite3.Connection) -> None:
    """Make every table of the current schema, empty, in a database of any kind."""
    for name in MIGRATIONS:
        for statement in statements(_script(name)):
            db.execute(statement)


def _script(migration: str) -> str:
    return Path(__file__).with_name("migrations").joinpath(f"{migration}.sql").read_text(encoding="utf-8")


def _keep_copy(path: Path, found: int) -> None:
    """Copy a workspace of schema `found` beside it, unless another process has upgraded it by now."""
    copy = path.with_name(f"{path.name}.v{found}.backup")
    with closing(_opened(path)) as guard:
        guard.execute("BEGIN IMMEDIATE")  # nobody upgrades it while it is copied
        if _found(guard, path) != found:
            return
        try:
            create_private(copy)
        except OSError as error:
            raise refused_by(error, copy) from error
        with closing(_opened(path)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)


def _opened(path: Path) -> sqlite3.Connection:
    """A connection in autocommit, for any thread, to a file that is there. Raises NotAWorkspace, StorageFailed."""
    if not path.is_file():
        raise NotAWorkspace(path, "it is not a file")
    with plain_errors(path):
        return sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=256)


def _check(db: sqlite3.Connection, path: Path) -> None:
    db.execute(f"PRAGMA busy_timeout={BUSY_MS}")
    found = _found(db, path)
    if found == 0:
        raise NotAWorkspace(path, "it is empty")
    if found < VERSION:
        raise NotAWorkspace(path, f"it has schema {found} and has not been upgraded to {VERSION} yet")


def _found(db: sqlite3.Connection, path: Path) -> int:
    try:
        application, found = db.execute("SELECT * FROM pragma_application_id, pragma_user_version").fetchone()
        tables = db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise WorkspaceBusy(path) from error
        raise NotAWorkspace(path, str(error)) from error
    except sqlite3.DatabaseError as error:
        raise NotAWorkspace(path, "it is not an SQLite database, or it is damaged") from error
    if tables == 0 and application == 0 and found == 0:
        return 0
    if application != APPLICATION_ID:
        raise NotAWorkspace(path, "another program made it")
    if found > VERSION:
        raise NewerWorkspace(path, int(found), VERSION)
    return int(found)
