"""One workspace file, opened: a connection for each thread, short write transactions, settings and the revision.

Knows how the file is opened and locked; knows no query about facts.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path

from cstui.base.errors import NoWorkspace, StorageFailed, refused_by
from cstui.store import schema
from cstui.store.schema import connect
from cstui.store.trouble import plain_errors

__all__ = ["Workspace", "connect", "transaction"]


@contextmanager
def transaction(db: sqlite3.Connection, path: Path) -> Iterator[sqlite3.Connection]:
    """One immediate transaction: all of it, or nothing. Raises WorkspaceBusy when another writer outlasts our patience."""
    with plain_errors(path):
        db.execute("BEGIN IMMEDIATE")
        try:
            yield db
            db.execute("COMMIT")
        finally:
            _roll_back(db)


def _roll_back(db: sqlite3.Connection) -> None:
    """End the transaction, if one is open: after some failures SQLite has rolled back by itself, and ROLLBACK would hide the error."""
    if db.in_transaction:
        db.execute("ROLLBACK")


def _keep(db: sqlite3.Connection, name: str, value: str | None) -> None:
    """Set a setting, or with None forget it."""
    if value is None:
        db.execute("DELETE FROM setting WHERE name = ?", (name,))
    else:
        db.execute("INSERT OR REPLACE INTO setting(name, value) VALUES (?, ?)", (name, value))


def _tidy(db: sqlite3.Connection) -> None:
    """Refresh the planner's statistics and fold the write-ahead log in. Raises sqlite3.OperationalError where the file is locked."""
    db.execute("PRAGMA query_only=OFF")
    db.execute("PRAGMA busy_timeout=200")
    db.execute("PRAGMA analysis_limit=400")  # without it, a look at every row of a big workspace
    db.execute("PRAGMA optimize")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


class _Held:
    """A thread's connection, and how many uses of it are going on."""

    __slots__ = ("db", "uses")

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self.uses = 0


def _bring(db: sqlite3.Connection, found: int) -> None:
    """Fill what a newer form of the workspace keeps and the one `found` had no place for."""
    from cstui.store import matches, rollups  # bring the metrics along, and opening a workspace waits for neither

    if found < matches.SINCE:
        matches.renew(db)
    rollups.rebuild(db)


class Workspace:
    """An open workspace. Safe to share between threads: each gets its own connections."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._all: list[_Held] = []
        self._closed = False
        self._guard = threading.Lock()

    @classmethod
    def open(cls, path: Path, *, create: bool = False) -> Workspace:
        """Open the workspace at `path`, upgrading an older one; `create` makes a missing one.

        Raises NoWorkspace, NotAWorkspace, NewerWorkspace, WorkspaceBusy, StorageFailed.
        """
        made = False
        if not path.exists():
            if not create:
                raise NoWorkspace(path)
            try:
                made = schema.create_private(path)
            except OSError as error:
                raise refused_by(error, path) from error
        found = schema.version(path)
        if found < schema.VERSION:
            try:
                schema.migrate(path, _bring)
            except StorageFailed:
                if made:
                    schema.discard(path)
                raise
        workspace = cls(path)
        with workspace.read():
            return workspace

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """This thread's reading connection, in one transaction: every query inside sees the same state of the file."""
        with self._using("reader") as db:
            if db.in_transaction:
                yield db
                return
            with plain_errors(self.path):
                db.execute("BEGIN")
                try:
                    yield db
                finally:
                    _roll_back(db)

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """A write transaction; commits at the end, or leaves everything as it was."""
        with self._using("writer") as db, transaction(db, self.path):
            yield db

    def revision(self) -> int:
        """The number that grows with every change to facts or settings, by any program."""
        with self.read() as db:
            return int(db.execute("SELECT revision FROM state").fetchone()[0])

    def setting(self, name: str) -> str | None:
        """A setting's value, or None when it was never set."""
        with self.read() as db:
            row = db.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def settings(self) -> dict[str, str]:
        """All settings, by name."""
        with self.read() as db:
            return dict(db.execute("SELECT name, value FROM setting ORDER BY name"))

    def set_setting(self, name: str, value: str | None) -> None:
        """Set a setting, or with None forget it; what figures rest on is derived again where the setting changes it."""
        with self.write() as db:
            if name == "currency" or name.startswith("switch."):
                from cstui.store import restated, rollups  # bring the metrics along, and opening a workspace waits for neither

                with restated.watched(db, "setting", name) if restated.measurable(db) else nullcontext():
                    _keep(db, name, value)
                    rollups.rebuild(db)
                if name == "currency":
                    restated.clear(db)
            else:
                _keep(db, name, value)
                db.execute("UPDATE state SET revision = revision + 1")

    def close(self) -> None:
        """Give the file back, its write-ahead log folded in. The workspace can't be used after; what is going on in a thread ends first.

        A connection in use is closed by whoever uses it: SQLite may not be called from two threads at once, not even to close.
        """
        with self._guard:
            self._closed = True
            held, self._all = self._all, []
            idle = [one.db for one in held if not one.uses]
        for index, db in enumerate(idle, 1):
            if index == len(held):
                with suppress(sqlite3.OperationalError):  # another program is writing: whoever closes last tidies up
                    _tidy(db)
            db.close()

    @contextmanager
    def _using(self, role: str) -> Iterator[sqlite3.Connection]:
        """This thread's connection for a role, kept open meanwhile. Raises StorageFailed where the workspace has been closed."""
        held: _Held | None = getattr(self._local, role, None)
        if held is None:
            held = _Held(connect(self.path, readonly=role == "reader"))
            setattr(self._local, role, held)
            with self._guard:
                self._all.append(held)
        with self._guard:
            held.uses += not self._closed
            gone = self._closed
        if gone:
            if not held.uses:
                held.db.close()  # made just now, or closed already
            raise StorageFailed(self.path, "it has been closed")
        try:
            yield held.db
        finally:
            with self._guard:
                held.uses -= 1
                last = self._closed and not held.uses
            if last:
                held.db.close()
