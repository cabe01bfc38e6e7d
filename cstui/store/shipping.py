"""Makes a workspace file fit to be shipped, and a shipped one fit to be worked in.

A shipped file has no write-ahead log, so that it can be read where nothing can be written, and carries nothing of the
machine or the hour that made it.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from cstui.store.schema import connect


def pack(path: Path, at: str) -> None:
    """Take machine and hour out of the workspace at `path` (`at` is the hour it shows instead) and make it as small as it goes.

    No other connection may be open. Raises NotAWorkspace.
    """
    db = connect(path)
    try:
        db.execute("UPDATE _sqlite_migrations SET applied_at = ?", (at,))
        db.execute("UPDATE import_file SET path = NULL")
        db.execute("UPDATE import SET options = json_remove(options, '$.request')")
        for name in ("usage", "usage_month"):  # laid out as wide as the widest: each row's numbers in as few bytes as it takes
            db.execute(f"CREATE TEMP TABLE narrow AS SELECT * FROM {name}")
            db.execute(f"DELETE FROM {name}")
            db.execute(f"INSERT INTO {name} SELECT * FROM temp.narrow")
            db.execute("DROP TABLE temp.narrow")
        db.execute("PRAGMA optimize")
        db.execute("PRAGMA journal_mode=DELETE")
        db.execute("PRAGMA page_size=2048")  # many small tables: with half the page, half of what their last pages leave empty
        db.execute("VACUUM")
    finally:
        db.close()


def unpack(shipped: Path, target: Path) -> None:
    """Copy a shipped workspace to the empty file `target`, with the write-ahead log that readers beside a writer need."""
    source = sqlite3.connect(f"{shipped.absolute().as_uri()}?mode=ro", uri=True)
    copy = sqlite3.connect(target, isolation_level=None)
    try:
        # A copy that is lost with the machine is made again, and opening the demo waits for this one.
        copy.execute("PRAGMA synchronous=OFF")
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=WAL")
    finally:
        copy.close()
        source.close()
