"""Many rows into one table, several by each statement: with a statement for every row SQLite takes up to twice as long.

Knows no table.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from itertools import chain, islice

_AT_ONCE = 64
"""Rows by one statement: more gain nothing, and the number of cells in a statement has a limit."""


def insert(db: sqlite3.Connection, into: str, width: int, rows: Iterable[Sequence[object]], *, before: str = "") -> None:
    """Insert rows of `width` cells; `into` is the statement up to VALUES, `before` the SQL of columns that are the same in every row."""
    one = f"({before}{', '.join('?' * width)})"
    many = f"{into} VALUES {', '.join([one] * _AT_ONCE)}"
    cells = chain.from_iterable(rows)
    while part := list(islice(cells, width * _AT_ONCE)):
        whole = len(part) == width * _AT_ONCE
        db.execute(many if whole else f"{into} VALUES {', '.join([one] * (len(part) // width))}", part)
