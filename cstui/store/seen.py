"""What was there when a person last looked, by a name for each thing that is looked at. Knows no figure."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import Any


def stand(db: sqlite3.Connection) -> tuple[int, int | None]:
    """The workspace's revision and last day, as they are now."""
    revision, as_of = db.execute("SELECT revision, as_of FROM state").fetchone()
    return revision, as_of


def looked(db: sqlite3.Connection, name: str) -> dict[str, Any]:
    """What was kept under a name at the last look; empty before the first."""
    row = db.execute("SELECT value FROM seen WHERE name = ?", (name,)).fetchone()
    return {} if row is None else dict(json.loads(row[0]))


def look(db: sqlite3.Connection, name: str, value: Mapping[str, object]) -> None:
    """Keep what is seen now. No fact changes, so the revision stays."""
    db.execute(
        "INSERT INTO seen(name, value) VALUES (?, ?) ON CONFLICT(name) DO UPDATE SET value = excluded.value WHERE value <> excluded.value",
        (name, json.dumps(value, separators=(",", ":"))),
    )
