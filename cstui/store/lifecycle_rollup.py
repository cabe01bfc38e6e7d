"""A rollup of trials: when each ends, and when its customer first paid after it. Kept in step by `rollups.refresh`.

Whether a trial not yet decided is lost depends on the day asked about, so that is left to whoever reads. What a trial *means* comes from
`cstui.metrics.terms`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from cstui.metrics.steps import Steps
from cstui.metrics.terms import firsts, paid_on
from cstui.store.sql import query

ROLLUPS = ("trial",)


def forget(db: sqlite3.Connection) -> None:
    """Leave out what is known of the touched customers."""
    db.execute("DELETE FROM trial WHERE customer_id IN (SELECT id FROM temp.touched_customer)")


class Collector:
    """Takes the touched customers' steps as they are derived, and writes their trials."""

    def __init__(self, db: sqlite3.Connection, as_of: int) -> None:
        self._db = db
        self._trials: dict[int, list[tuple[int, int, int]]] = {}
        self._paid: dict[tuple[int, int], int] = {}
        for (customer, ends), (began, row) in firsts(db.execute(query("touched_trials"), {"as_of": as_of})).items():
            self._trials.setdefault(customer, []).append((ends, began, row))

    def steps(self, customer: int, by_currency: Mapping[str, Steps]) -> None:
        """One customer's steps."""
        for ends, _, _ in self._trials.get(customer, ()):
            day = paid_on(by_currency, ends)
            if day is not None:
                self._paid[customer, ends] = day

    def write(self) -> None:
        """Write everything taken."""
        self._db.executemany(
            "INSERT INTO trial VALUES (?, ?, ?, ?, ?)",
            (
                (ends, customer, began, row, self._paid.get((customer, ends)))
                for customer, own in self._trials.items()
                for ends, began, row in own
            ),
        )
