"""Rollups of terms and of trials: when each is due or ends, and what the rows say came of it. Kept in step by `rollups.refresh`.

Whether something not yet decided is lost depends on the day asked about, so that is left to whoever reads. What a term *means* comes from
`cstui.metrics.terms`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence

from cstui.metrics.service import Known, Span
from cstui.metrics.steps import Steps
from cstui.metrics.terms import Term, firsts, paid_on, terms_of
from cstui.store.sql import query

ROLLUPS = ("renewal_term", "trial")
_MOST = 2**62


def touch_turning(db: sqlite3.Connection, before: int | None, after: int | None) -> None:
    """Touch the customers with a term that begins, or has not begun any more, between the two last days of data."""
    if before is None or after is None or before == after:
        return
    bounds = {"low": min(before, after), "high": max(before, after)}
    db.execute(
        "INSERT OR IGNORE INTO temp.touched_customer(id) SELECT customer_id FROM renewal_term "
        "WHERE (turns > :low AND turns <= :high) OR began > :low",
        bounds,
    )


def forget(db: sqlite3.Connection) -> None:
    """Leave out what is known of the touched customers."""
    for table in ROLLUPS:
        db.execute(f"DELETE FROM {table} WHERE customer_id IN (SELECT id FROM temp.touched_customer)")


class Collector:
    """Takes the touched customers' service and steps as they are derived, and writes their terms and trials."""

    def __init__(self, db: sqlite3.Connection, known: Known) -> None:
        self._db = db
        self._known = known
        self._terms: list[Term] = []
        self._trials: dict[int, list[tuple[int, int, int]]] = {}
        self._paid: dict[tuple[int, int], int] = {}
        for (customer, ends), (began, row) in firsts(db.execute(query("touched_trials"), {"as_of": known.as_of})).items():
            self._trials.setdefault(customer, []).append((ends, began, row))

    def service(self, spans: Sequence[Span]) -> None:
        """One customer's paid service."""
        self._terms += terms_of(spans, self._known, every=False)

    def steps(self, customer: int, by_currency: Mapping[str, Steps]) -> None:
        """One customer's steps."""
        for ends, _, _ in self._trials.get(customer, ()):
            day = paid_on(by_currency, ends)
            if day is not None:
                self._paid[customer, ends] = day

    def write(self) -> None:
        """Write everything taken."""
        self._db.executemany("INSERT INTO renewal_term VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", map(_packed, self._terms))
        self._db.executemany(
            "INSERT INTO trial VALUES (?, ?, ?, ?, ?)",
            (
                (ends, customer, began, row, self._paid.get((customer, ends)))
                for customer, own in self._trials.items()
                for ends, began, row in own
            ),
        )


def _packed(term: Term) -> tuple[object, ...]:
    plain = all(code == term.currency for code, _ in term.renewed) and sum(level for _, level in term.renewed) < _MOST
    renewed = sum(level for _, level in term.renewed) if plain and term.renewed_on is not None else None
    mixed = None if plain else json.dumps(term.renewed)
    return term.due, term.row, term.customer, term.began, term.turns, term.currency, term.level, term.renewed_on, renewed, mixed


def unpacked(row: tuple[int, int, int, str, int, int | None, int | None, str | None]) -> Term:
    """A row of `terms_due` as a term; who carried it on is not kept."""
    number, customer, due, currency, level, renewed_on, renewed, mixed = row
    by_currency: tuple[tuple[str, int], ...] = ()
    if mixed is not None:
        by_currency = tuple((code, amount) for code, amount in json.loads(mixed))
    elif renewed is not None:
        by_currency = ((currency, renewed),)
    return Term(number, customer, due, currency, level, renewed_on, by_currency, (), due, None)
