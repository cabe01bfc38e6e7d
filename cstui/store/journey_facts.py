"""What the journey of all customers is told from, as columns: records, trials, contacts. Says which rows, never what they mean."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cstui.store.columns import numbers
from cstui.store.sql import query
from cstui.store.vectors import texts

if TYPE_CHECKING:
    from cstui.metrics.columns import Flags, Ints


class Dated(NamedTuple):
    """Customers, and a day of each."""

    customer: Ints
    day: Ints


class Contacts(NamedTuple):
    """Contacts that somebody held."""

    customer: Ints
    at: Ints
    owner: Ints
    """Of each its place in `owners`."""
    owners: Sequence[str]
    what: Ints
    """Of each its place in `whats`."""
    whats: Sequence[tuple[str, bool]]
    """A kind, and whether those contacts have a state, a day they were solved on, or were opened again."""


class JourneyFacts:
    """What is known of journeys on a day, beside MRR."""

    def __init__(self, db: sqlite3.Connection, chosen: Flags | None, as_of: int) -> None:
        """`chosen`: the customers in the filter by their number, the last place nobody's; None for all of them."""
        self._db = db
        self._chosen = chosen
        self._as_of = as_of

    def customers(self) -> int:
        """How many there are, stubs too."""
        if self._chosen is not None:
            return int(self._chosen.sum())
        return int(self._db.execute("SELECT count(*) FROM customer").fetchone()[0])

    def created(self) -> Dated:
        """Who was recorded when."""
        return self._dated("journey_created")

    def lost(self) -> Dated:
        """Who was lost when, as the records say."""
        return self._dated("journey_lost")

    def trials(self) -> Dated:
        """Who began a first trial when."""
        return self._dated("journey_trials")

    def contacts(self) -> Contacts:
        """Contacts that somebody held, tickets among them."""
        customers, days, held, about = self._columns("journey_contacts")
        whose = numbers(customers)
        mine = self._mine(whose)
        owners, owner = _coded(held)
        whats, what = _coded(about)
        return Contacts(
            whose[mine], numbers(days)[mine], owner[mine], owners, what[mine], [(words[1:], words[0] == "1") for words in whats]
        )

    def _dated(self, name: str) -> Dated:
        customers, days = map(numbers, self._columns(name))
        mine = self._mine(customers)
        return Dated(customers[mine], days[mine])

    def _columns(self, name: str) -> tuple[str | None, ...]:
        found: tuple[str | None, ...] = self._db.execute(query(name), {"as_of": self._as_of}).fetchone()
        return found

    def _mine(self, customers: Ints) -> Flags:
        """Which of them are in the filter."""
        if self._chosen is None:
            return np.ones(len(customers), np.bool_)
        found: Flags = self._chosen[np.minimum(customers, len(self._chosen) - 1)]
        return found


def _coded(joined: str | None) -> tuple[list[str], Ints]:
    """The texts that there are, once each, and of every row which it has."""
    rows = [] if joined is None else texts(joined)
    code = {words: number for number, words in enumerate(sorted(set(rows)))}
    return list(code), np.fromiter(map(code.__getitem__, rows), np.int64, len(rows))
