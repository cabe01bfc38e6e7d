"""What each customer pays on the last day of the data, as a narrow rollup: the customer list orders a hundred thousand by it.

Kept in step by `rollups.refresh`. Knows MRR steps; knows nothing of how they are worked out, nor of lists and screens.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from cstui.store.inserting import insert
from cstui.store.packed import unpack
from cstui.store.sql import query

_INTO = "INTO customer_now(elsewhere, mrr, first_paid, next, customer_id, sort)"
_NOTED = "CREATE TEMP TABLE noted(elsewhere INTEGER, mrr INTEGER, first_paid INTEGER, next INTEGER, id INTEGER PRIMARY KEY)"
_PAID = (
    f"INSERT OR REPLACE {_INTO} SELECT n.elsewhere, n.mrr, n.first_paid, n.next, n.id, c.customer_id "
    "FROM temp.noted AS n JOIN customer AS c ON c.id = n.id"
)
_UNPAID = (
    f"INSERT OR IGNORE {_INTO} SELECT 0, 0, NULL, NULL, id, customer_id FROM customer WHERE id IN (SELECT id FROM temp.touched_customer)"
)


class Standing(NamedTuple):
    """What one customer pays on a day."""

    elsewhere: int
    """1 where some of it is in another currency than the workspace's."""
    mrr: int
    first_paid: int | None
    next: int | None
    """The day after it on which the MRR is known to change."""
    customer: int


def standing_of(customer: int, by_currency: Mapping[str, Iterable[tuple[int, int]]], day: int, currency: str) -> Standing:
    """What a customer pays on `day`, of their steps by currency."""
    elsewhere, mrr, first, following = 0, 0, None, None
    for code, steps in by_currency.items():
        level = 0
        for start, then in steps:
            if start > day:
                following = start if following is None else min(start, following)
                break
            level = then
            if then and (first is None or start < first):
                first = start
        if code == currency:
            mrr = level
        elif level:
            elsewhere = 1
    return Standing(elsewhere, mrr, first, following, customer)


def refresh(db: sqlite3.Connection, derived: Iterable[Standing], before: int | None, after: int | None, currency: str) -> None:
    """Bring the touched customers in step, whose standing is `derived`, and those whose MRR changes between the two last days of data."""
    db.execute("DELETE FROM customer_now WHERE customer_id IN (SELECT id FROM temp.touched_customer)")
    _write(db, derived)
    list_new(db)
    if before is None or before == after:
        return
    if after is None:
        db.execute("UPDATE customer_now SET elsewhere = 0, mrr = 0, first_paid = NULL, next = NULL")
        return
    rows = db.execute(query("passed_steps"), {"after": after, "back": after < before}).fetchall()
    _write(
        db,
        (
            standing_of(customer, {code: unpack(packed) for _, code, packed in own}, after, currency)
            for customer, own in groupby(rows, key=itemgetter(0))
        ),
    )


def list_new(db: sqlite3.Connection) -> None:
    """Put the touched customers that are not there yet in the list: they pay nothing."""
    db.execute(_UNPAID)


def _write(db: sqlite3.Connection, standings: Iterable[Standing]) -> None:
    db.execute(_NOTED)
    insert(db, "INSERT INTO temp.noted", 5, standings)
    db.execute(_PAID)
    db.execute("DROP TABLE temp.noted")
