"""SQLite's own words about a file that is locked, full, out of reach or damaged, as errors that say what to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cstui.base.errors import NotAWorkspace, StorageFailed, WorkspaceBusy

_REFUSED = ("full", "readonly", "disk I/O", "unable to open")
"""What SQLite says where the disk or the file system refuses."""


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
        if any(word in text for word in _REFUSED):
            raise StorageFailed(path, text) from error
        raise NotAWorkspace(path, f"its tables are not what cstui expects ({text}); `cstui doctor` looks closer") from error
    except sqlite3.DatabaseError as error:
        raise NotAWorkspace(path, f"it is damaged ({error}); `cstui doctor` looks closer") from error
