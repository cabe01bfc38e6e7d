"""What repeat purchase rests on: who bought on which day, and what they paid. Says which rows, never what they mean."""

from __future__ import annotations

import json
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from functools import cached_property

from cstui.metrics.purchases import Buying, buying
from cstui.store.sql import query


class BuyingFacts(ABC):
    """What `SqlFacts` knows of purchases."""

    _db: sqlite3.Connection
    as_of: int
    currency: str

    @abstractmethod
    def coverage(self, kind: str) -> tuple[int | None, int | None]:
        """First and last covered day of a kind."""

    def buying(self) -> Buying:
        """The days on which everybody bought, as known."""
        return self._buying

    @cached_property
    def _buying(self) -> Buying:
        _, through = self.coverage("payments")
        rows = self._db.execute(query("purchase_days"), {"as_of": self.as_of})
        return buying(rows, self.as_of if through is None else min(through, self.as_of))

    def purchase_ids(self, pairs: Sequence[tuple[int, int]]) -> dict[tuple[int, int], int]:
        """(customer, day) of purchases → the first payment that says so."""
        rows = self._db.execute(query("purchase_ids"), {"pairs": json.dumps(pairs)})
        return {(customer, day): payment for customer, day, payment in rows}

    def names(self, customers: Iterable[int]) -> dict[int, tuple[str, str | None]]:
        """Customer → their own id and name."""
        rows = self._db.execute(query("names_of"), {"ids": json.dumps(list(customers))})
        return {row[0]: (row[1], row[2]) for row in rows}

    def public_ids(self) -> dict[int, str]:
        """Customer → their own id, of everybody."""
        return dict(self._db.execute(query("risk_ids")))

    def paid_sums(self, ids: Iterable[int] | None) -> tuple[dict[int, int], dict[int, list[tuple[int, str, int]]]]:
        """Net payments by customer in the workspace's currency, and those in others as (day, currency, amount). Minor units."""
        bound = {"as_of": self.as_of, "currency": self.currency, "ids": None if ids is None else json.dumps(list(ids))}
        elsewhere: dict[int, list[tuple[int, str, int]]] = {}
        for customer, day, code, amount in self._db.execute(query("paid_elsewhere"), bound):
            elsewhere.setdefault(customer, []).append((day, code, amount))
        return dict(self._db.execute(query("paid_sums"), bound)), elsewhere
