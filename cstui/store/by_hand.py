"""Telling the rollups of what a person does by hand: of a customer or two, however many others there are. Knows no change itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from cstui.store import rollups


def touch(db: sqlite3.Connection, customers: Iterable[object]) -> None:
    """Begin a refresh of the rollups for these customers alone; `rollups.refresh_by_hand` ends it."""
    rollups.prepare(db)
    db.executemany("INSERT OR IGNORE INTO temp.touched_customer(id) VALUES (?)", ((customer,) for customer in customers))
    # Told how few they are, SQLite looks each of them up. Else it goes through everybody's rows, a second for 100,000 customers.
    db.execute("ANALYZE temp.touched_customer")
