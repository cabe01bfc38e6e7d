"""What a write does to the figures of months that were over: “September MRR −410, import 12”.

The writer measures the key figures before and after, inside its own transaction, so that every change has its cause. Knows no
screen, and not what a person has seen.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from typing import NamedTuple

from cstui.base.ask import View
from cstui.base.days import month_name, month_of, months
from cstui.base.errors import BadSwitch
from cstui.base.outcome import Move
from cstui.metrics.registry import METRICS as METRIC

MONTHS = 24
"""How many months back are watched: those of the overview's trend."""
METRICS = ("mrr", "customers_active", "customers_new", "customers_churned", "revenue", "costs")
"""Answered by rollups, so that watching them costs an import next to nothing."""
ANSWERS = ("nps",)
"""Watched as well where a write touches answers: these are read one by one."""
WATCHED = (*METRICS, *ANSWERS)

Values = Mapping[tuple[str, int], Fraction | None]
"""(metric, month) → value, of complete months in which it is known; None: it would be, but for an exchange rate."""
_UNRATED = ""
"""What stands for None in the table, where NULL says that there was no such figure."""


class Restatement(NamedTuple):
    """One figure of a complete month that one write changed."""

    revision: int
    cause: str
    """`import`, `undo`, `setting` or `forget`."""
    name: str
    metric: str
    month: int
    before: Fraction | None
    after: Fraction | None


def ready() -> None:
    """Load what measures the figures: before a transaction begins, so that none waits for it."""
    import cstui.metrics.compute
    import cstui.store.facts  # noqa: F401  # both only loaded


def measurable(db: sqlite3.Connection) -> bool:
    """Whether figures can be worked out now: not while a switch holds what it can't."""
    from cstui.metrics.switches import definitions

    try:
        definitions(dict(db.execute("SELECT name, value FROM setting")))
    except BadSwitch:
        return False
    return True


@contextmanager
def watched(db: sqlite3.Connection, cause: str, name: str = "", *, answers: bool = True) -> Iterator[list[str]]:
    """Note what the write inside changes. It may append to what is yielded the cause's name, where only it learns that.

    `answers`: the write touches answers.
    """
    metrics = (*METRICS, *(ANSWERS if answers else ()))
    before = _values(db, metrics)
    learned = [name]
    yield learned
    after = _values(db, metrics, min((month for _, month in before), default=None))
    revision = db.execute("SELECT revision FROM state").fetchone()[0]
    db.executemany(
        "INSERT INTO restated(revision, cause, name, metric, month, before, after) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (revision, cause, learned[-1], *key, _text(before, key), _text(after, key))
            for key in sorted(before.keys() | after.keys())
            if before.get(key) != after.get(key)
        ],
    )


def since(db: sqlite3.Connection, revision: int) -> Iterator[Restatement]:
    """Every change after a revision, in the order in which they were made."""
    sql = "SELECT revision, cause, name, metric, month, before, after FROM restated WHERE revision > ? ORDER BY id"
    for row in db.execute(sql, (revision,)):
        yield Restatement._make((*row[:5], _value(row[5]), _value(row[6])))


def moves(db: sqlite3.Connection, cause: str, number: int) -> tuple[Move, ...]:
    """Past figures that an import, or taking it back, made others, or known for the first time where only a rate was missing."""
    sql = (
        "SELECT metric, month, before, after FROM restated WHERE cause = ? AND name = ? "
        "AND before IS NOT NULL AND (before <> '' OR after <> '') "
        "AND revision = (SELECT max(revision) FROM restated WHERE cause = ? AND name = ?)"
    )
    found = [
        Move(metric, METRIC[metric].unit, month_name(month), _value(before), _value(after))
        for metric, month, before, after in db.execute(sql, (cause, str(number), cause, str(number)))
    ]
    return tuple(sorted(found, key=lambda move: ((*METRICS, *ANSWERS).index(move.metric), move.month)))


def clear(db: sqlite3.Connection) -> None:
    """Forget them all: the figures are in another currency now."""
    db.execute("DELETE FROM restated")


def _values(db: sqlite3.Connection, metrics: tuple[str, ...], first: int | None = None) -> Values:
    """The figures of the months watched, and of those from `first` on."""
    from cstui.metrics.compute import compute
    from cstui.metrics.figure import MISSING_RATE
    from cstui.store.facts import SqlFacts

    facts = SqlFacts(db, View())
    if facts.empty:
        return {}
    last = month_of(facts.as_of + 1) - 1
    begin = last - MONTHS + 1
    periods = [months(month) for month in range(begin if first is None else min(first, begin), last + 1)]
    return {
        (name, month_of(one.period.start)): answer.figure.value
        for one in compute(facts, metrics, periods)
        for name, answer in one.metrics.items()
        if answer.figure.value is not None or answer.figure.status == MISSING_RATE
    }


def _text(values: Values, key: tuple[str, int]) -> str | None:
    value = values.get(key)
    return str(value) if value is not None else _UNRATED if key in values else None


def _value(text: str | None) -> Fraction | None:
    return Fraction(text) if text else None
