"""What each customer pays on the last day of the data, as a narrow rollup: the customer list orders a hundred thousand by it.

Kept in step by `rollups.refresh`. Knows MRR steps; knows nothing of how they are worked out, nor of lists and screens.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from struct import iter_unpack

from cstui.store.sql import query

_PAID = (
    "INSERT INTO customer_now(customer_id, elsewhere, mrr, first_paid, next, sort) "
    "SELECT id, ?, ?, ?, ?, customer_id FROM customer WHERE id = ?"
)
_UNPAID = (
    "INSERT OR IGNORE INTO customer_now(customer_id, elsewhere, mrr, sort) "
    "SELECT id, 0, 0, customer_id FROM customer WHERE id IN (SELECT id FROM temp.touched_customer)"
)


def refresh(db: sqlite3.Connection, before: int | None, after: int | None, currency: str) -> None:
    """Bring the touched customers in step, and those whose MRR changes between the two last days of data."""
    moved = before != after
    if moved and (before is None or after is None or after < before):
        db.execute("INSERT OR IGNORE INTO temp.touched_customer(id) SELECT id FROM customer")
    elif moved:
        db.execute("INSERT OR IGNORE INTO temp.touched_customer(id) SELECT customer_id FROM customer_now WHERE next <= ?", (after,))
    db.execute("DELETE FROM customer_now WHERE customer_id IN (SELECT id FROM temp.touched_customer)")
    if after is not None:
        rows = db.execute(query("touched_steps"))
        db.executemany(_PAID, _standing(rows, after, currency))
    db.execute(_UNPAID)


def _standing(rows: Iterable[tuple[int, str, bytes]], day: int, currency: str) -> Iterator[tuple[int, int, int | None, int | None, int]]:
    """What customers pay on `day`, of their packed steps, which arrive customer by customer."""
    for customer, own in groupby(rows, key=itemgetter(0)):
        elsewhere, mrr, first, following = 0, 0, None, None
        for _, code, packed in own:
            level = 0
            for start, then in iter_unpack("<qq", packed):
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
        yield elsewhere, mrr, first, following, customer
