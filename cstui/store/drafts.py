"""What was begun and not yet kept: texts by name, beside the facts. Saving one changes no figure and no revision. Knows no form."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable


def draft(db: sqlite3.Connection, name: str) -> str | None:
    """A draft's text, or None."""
    row = db.execute("SELECT value FROM draft WHERE name = ?", (name,)).fetchone()
    return None if row is None else str(row[0])


def save(db: sqlite3.Connection, name: str, value: str | None) -> None:
    """Keep a draft, or with None drop it."""
    if value is None:
        db.execute("DELETE FROM draft WHERE name = ?", (name,))
    else:
        db.execute("INSERT OR REPLACE INTO draft(name, value) VALUES (?, ?)", (name, value))


def drop(db: sqlite3.Connection, which: Callable[[str, str], bool]) -> int:
    """Drop the drafts whose name and text are such; how many."""
    names = [(name,) for name, value in db.execute("SELECT name, value FROM draft").fetchall() if which(name, value)]
    return db.executemany("DELETE FROM draft WHERE name = ?", names).rowcount if names else 0
