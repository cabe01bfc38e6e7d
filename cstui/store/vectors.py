"""Whole columns out of SQLite, one value a row, as arrays and lists: without an object for every row they take half the time.

A query puts a column together with `group_concat`: numbers with a comma between, texts with `char(31)`, which no kept text holds. The
columns of one query are in the same order. A NULL would be left out, so a query says something in its place.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

NEVER = 9_999_999
"""In place of a day that there is none of: shorter than a day that never comes."""
_BETWEEN = "\x1f"
_ROWS = 1 << 16
"""Rows (by number) of a table that are looked at together, so that no text becomes too long."""


def ints(text: str) -> Ints:
    """A column of whole numbers."""
    return np.fromstring(text, np.int64, sep=",") if text else np.zeros(0, np.int64)


def days(text: str, never: int) -> Ints:
    """A column of days, `never` where there is none."""
    found = ints(text)
    found[found == NEVER] = never
    return found


def texts(text: str) -> list[str]:
    """A column of texts."""
    return text.split(_BETWEEN)


def parts(db: sqlite3.Connection, sql: str, last: int, values: Mapping[str, object]) -> Iterator[tuple[str, ...]]:
    """A query's columns, for rows after `:after` up to `:upto`, again and again up to row `last`; parts without rows are left out."""
    for after in range(0, last, _ROWS):
        row: tuple[str, ...] = db.execute(sql, {**values, "after": after, "upto": after + _ROWS}).fetchone()
        if row[0] is not None:
            yield row
