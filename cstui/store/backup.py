"""A copy of the workspace, taken through SQLite while others may read and write, and checked before it counts.

Never copies the live file with plain file calls: closing one would drop SQLite's locks.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from cstui.base.errors import CstuiError, NoWorkspace
from cstui.store.schema import connect


class BackupExists(CstuiError):
    """There is a file of that name; a backup overwrites nothing."""

    code = "exists"

    def __init__(self, target: Path) -> None:
        super().__init__(f"{target} exists already; a backup overwrites nothing. Name another file.", file=str(target))


class BackupFailed(CstuiError):
    """The copy could not be written, or what was written is not whole; it was removed."""

    code = "backup-failed"

    def __init__(self, target: Path, why: str) -> None:
        super().__init__(f"No backup was made at {target}: {why}.", file=str(target))


def backup(source: Path, target: Path) -> int:
    """Copy the workspace at `source` to the new file `target`, readable by its owner only. Returns its size in bytes.

    Raises BackupExists, BackupFailed, NoWorkspace, NotAWorkspace.
    """
    if not source.exists():
        raise NoWorkspace(source)
    db = connect(source, readonly=True)
    try:
        _reserve(target)
        try:
            _copy(db, target)
            _verify(target)
        except BaseException as error:
            _remove(target)
            if isinstance(error, (sqlite3.Error, OSError, CstuiError)):
                raise BackupFailed(target, str(error)) from error
            raise
    finally:
        db.close()
    return target.stat().st_size


def _reserve(target: Path) -> None:
    try:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        raise BackupExists(target) from None
    except OSError as error:
        raise BackupFailed(target, error.strerror or str(error)) from error


def _copy(db: sqlite3.Connection, target: Path) -> None:
    copy = sqlite3.connect(target, isolation_level=None)
    try:
        db.backup(copy)
    finally:
        copy.close()


def _verify(target: Path) -> None:
    copy = connect(target, readonly=True)
    try:
        found = [str(row[0]) for row in copy.execute("PRAGMA integrity_check(3)")]
    finally:
        copy.close()
    if found != ["ok"]:
        raise BackupFailed(target, "; ".join(found))


def _remove(target: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)
