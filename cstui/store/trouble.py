"""What SQLite and the system say of a file that is locked, out of reach or damaged, or of a full disk, as errors that say what to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cstui.base.errors import DiskFull, NotAWorkspace, StorageFailed, WorkspaceBusy, refused_by

_REFUSED = {
    sqlite3.SQLITE_IOERR: "the disk or the file system refuses it (full, at a limit, gone or failing: see to that, then try again)",
    sqlite3.SQLITE_READONLY: "it may be read only",
    sqlite3.SQLITE_CANTOPEN: "it can't be opened, or its folder can't be written to",
}
"""What SQLite means where the disk or the file system refuses, by its primary code."""
_PRIMARY = 0xFF


@contextmanager
def plain_errors(path: Path) -> Iterator[None]:
    """Turns what SQLite raises inside about the workspace at `path` into WorkspaceBusy, StorageFailed or NotAWorkspace."""
    try:
        yield
    except sqlite3.IntegrityError:
        raise  # ours to mend, not the person's: never dressed up as a damaged file
    except sqlite3.OperationalError as error:
        text = str(error)
        if "locked" in text or "busy" in text:
            raise WorkspaceBusy(path) from error
        if refused := _refused(error, path):
            raise refused from error
        raise NotAWorkspace(path, f"its tables are not what cstui expects ({text}); `cstui doctor` looks closer") from error
    except sqlite3.DatabaseError as error:
        raise NotAWorkspace(path, f"it is damaged ({error}); `cstui doctor` looks closer") from error


@contextmanager
def plain_refusals(path: Path) -> Iterator[None]:
    """Turns what the disk or the file system refuses inside, with whatever file beside the workspace at `path`, into StorageFailed."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if refused := _refused(error, path):
            raise refused from error
        raise
    except BrokenPipeError:
        raise  # no disk: whoever is told of the progress has gone
    except OSError as error:
        raise refused_by(error, path) from error


def _refused(error: sqlite3.OperationalError, path: Path) -> StorageFailed | None:
    code = getattr(error, "sqlite_errorcode", 0) & _PRIMARY
    if code == sqlite3.SQLITE_FULL:
        return DiskFull(path)
    return StorageFailed(path, _REFUSED[code]) if code in _REFUSED else None
