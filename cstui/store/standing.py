"""What each customer pays on the last day of the data, as a narrow rollup: the customer list orders a hundred thousand by it.

Kept in step by `rollups.refresh`. Knows MRR steps; knows nothing of how they are worked out, nor of lists and screens.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from cstui.store.packed import unpack
from cstui.store.sql import query

_INTO = "INTO customer_now(elsewhere, mrr, first_paid, next, customer_id, sort)"
_PAID = f"INSERT OR REPLACE {_INTO} SELECT ?, ?, ?, ?, id, customer_id FROM customer WHERE id = ?"
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
    db.executemany(_PAID, derived)
    db.execute(_UNPAID)
    if before is None or before == after:
        return
    if after is None:
        db.execute("UPDATE customer_now SET elsewhere = 0, mrr = 0, first_paid = NULL, next = NULL")
        return
    rows = db.execute(query("passed_steps"), {"after": after, "back": after < before}).fetchall()
    db.executemany(
        _PAID,
        (
            standing_of(customer, {code: unpack(packed) for _, code, packed in own}, after, currency)
            for customer, own in groupby(rows, key=itemgetter(0))
        ),
    )
