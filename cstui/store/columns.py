"""Rollups read as columns, for figures over many customers: SQLite joins what a hundred thousand rows would be fetched for one by one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cstui.metrics.columns import Grouping, Ints, StepColumns

MANY = 10_000
"""Subscription rows from which on columns are faster, numpy's own loading included."""


def steps(db: sqlite3.Connection, source: str, bound: dict[str, object]) -> StepColumns:
    """The MRR steps of the rows that a query gives, which are of one currency."""
    import numpy as np

    from cstui.metrics.columns import StepColumns

    sql = f"SELECT group_concat(customer_id), group_concat(length(steps)), group_concat(hex(steps), '') FROM ({source})"
    customers, lengths, packed = db.execute(sql, bound).fetchone()
    values = np.frombuffer(bytes.fromhex(packed or ""), dtype="<i8")
    sizes = numbers(lengths) // 16  # bytes of a day and a level
    return StepColumns(numbers(customers), np.cumsum(sizes) - sizes, values[::2], values[1::2])


def grouping(rows: Iterable[tuple[str, str]]) -> Grouping:
    """Groups of (value, who has it)."""
    from cstui.metrics.columns import grouping

    return grouping({value: numbers(customers) for value, customers in rows})


def numbers(joined: str | None) -> Ints:
    """What `group_concat` made of whole numbers."""
    import numpy as np

    return np.fromstring(joined, dtype=np.int64, sep=",") if joined else np.zeros(0, dtype=np.int64)
