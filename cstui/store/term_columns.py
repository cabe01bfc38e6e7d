"""The rows of very many customers that terms are worked out from, read by column.

What became of the terms is `cstui.metrics.term_columns`'.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from cstui.base.days import Period
from cstui.metrics.service import FOREVER, Known, monthly
from cstui.metrics.step_columns import Rows
from cstui.metrics.term_columns import Billed, TermColumns, terms_of
from cstui.metrics.terms import billed, is_long
from cstui.store.sql import query
from cstui.store.vectors import NEVER, Ints, days, ints, texts


class Read(NamedTuple):
    """Terms, and what has to be worked out one by one."""

    terms: TermColumns
    codes: tuple[str, ...]
    """Currencies, by their numbers in `terms`."""
    several: list[int]
    """Customers with service in several currencies, whose terms are not among them."""


def read(db: sqlite3.Connection, known: Known, window: Period, bounds: Mapping[str, object]) -> Read:
    """Terms due in a window. `known.as_of` is the workspace's own last day; `bounds` as of `term_lengths.sql`."""
    customer, started, *dated, words = db.execute(query("term_columns"), {**bounds, "never": NEVER}).fetchone()
    trial_end, since, requested, ended, period_end, following = (days(text, FOREVER) for text in dated)
    held = texts(words) if words else []
    kinds = {one: number for number, one in enumerate(dict.fromkeys(held))}
    codes: dict[str, int] = {}
    of = [_terms(one, codes, every=bool(bounds["every"])) for one in kinds]
    level, currency, status, months, length, counts = (
        (np.array(column, np.int64) for column in zip(*of, strict=True)) if of else [_NONE] * 6
    )
    which = np.fromiter(map(kinds.__getitem__, held), np.int64, len(held))
    rows = Rows(
        ints(customer),
        currency[which],
        level[which],
        ints(started),
        trial_end,
        status[which],
        since,
        requested,
        ended,
        period_end,
        following,
    )
    terms, several = terms_of(rows, Billed(months[which], length[which], counts[which] > 0), known, window)
    return Read(terms, tuple(codes), several.tolist())


_NONE: Ints = np.zeros(0, np.int64)


def _terms(words: str, codes: dict[str, int], *, every: bool) -> tuple[int, int, int, int, int, int]:
    """What rows with these terms pay a month, their currency's number, their status, how often they are billed, whether it counts."""
    amount, discount, count, quantity, interval, currency, status = words.split(" ")
    level = monthly(int(amount), quantity, int(discount), interval, int(count))
    return (
        level, codes.setdefault(currency, len(codes)), int(status), *billed(interval, int(count)), every or is_long(interval, int(count))
    )  # fmt: skip
