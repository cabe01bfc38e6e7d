"""A rollup of paid payments by day, so that figures over years need not read every payment; and beside it who paid how much.

Writers touch the days of the payments they make, change or delete.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from itertools import groupby
from operator import itemgetter

from cstui.store.sql import query

ROLLUPS = ("payment_day", "payment_who")
Paid = tuple[int, str, str, str, int, str, str]
"""(day, currency, kind, source, payments, customers, amounts): customers by number and their amounts, with commas between."""


def refresh(db: sqlite3.Connection) -> None:
    """Count the touched days again."""
    if not db.execute("SELECT EXISTS (SELECT 1 FROM temp.touched_day)").fetchone()[0]:  # without a day it would go through all payments
        return
    for table in ROLLUPS:
        db.execute(f"DELETE FROM {table} WHERE day IN (SELECT day FROM temp.touched_day)")
    for day, rows in groupby(db.execute(query("paid_day_sum")), key=itemgetter(0)):
        own = list(rows)
        db.executemany("INSERT INTO payment_day VALUES (?, ?, ?, ?, ?, ?)", [row[:6] for row in own])
        customers, amounts = (";".join(row[column] for row in own) for column in (6, 7))
        db.execute("INSERT INTO payment_who VALUES (?, ?, ?)", (day, customers, amounts))


def each(db: sqlite3.Connection, bounds: Mapping[str, object]) -> Iterator[Paid]:
    """The rollup's rows from `start` to before `end`, with who paid how much."""
    who = {day: (iter(customers.split(";")), iter(amounts.split(";"))) for day, customers, amounts in db.execute(query("paid_who"), bounds)}
    for _, day, currency, kind, source, n, _ in db.execute(query("paid_days"), bounds):
        customers, amounts = who[day]
        yield day, currency, kind, source, n, next(customers), next(amounts)
