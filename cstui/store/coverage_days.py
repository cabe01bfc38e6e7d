"""How many rows of each kind there are on each day: what was imported, when, and where nothing was.

A rollup that writers keep by adding the rows they make and taking away the rows they change or delete, so that it costs what they
write and not what is there. Knows no meaning: what rests on a kind, and what a gap says, is the desk's.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

from cstui.base.days import Period
from cstui.base.records import Kind
from cstui.store import answer_rollup
from cstui.store.sql import query

ROLLUP = "coverage_day"
_PART = 1 << 18


class Counted(NamedTuple):
    """How a kind's rows are counted: its table, the SQL of a row's day, and which rows count, over `o`."""

    table: str
    day: str
    which: str = "TRUE"


class CoveredRow(NamedTuple):
    """A row that a month of the calendar counts."""

    id: int
    customer: int | None
    """None: costs, traffic and rates have none."""
    day: int | None
    said: str | None
    """What it says, in a word or two."""
    under: str | None
    """What a row without a customer counts under."""


KINDS: Mapping[Kind, Counted] = {
    Kind.CUSTOMERS: Counted("customer", "ifnull(o.created_at, o.lost_at)", "o.stub = 0"),
    Kind.SUBSCRIPTIONS: Counted("subscription", "o.started_at"),
    Kind.PAYMENTS: Counted("payment", "ifnull(o.paid_at, o.due_at)"),
    Kind.INTERACTIONS: Counted("interaction", "o.at"),
    Kind.SURVEYS: Counted("survey", "o.answered_at"),
    Kind.TRAFFIC: Counted("traffic", "o.date"),
    Kind.COSTS: Counted("cost", "o.date"),
    Kind.EXCHANGE_RATES: Counted("exchange_rate", "o.date"),
}
"""Every kind but use, which has a rollup by day already: a person's day is a row."""


def add(db: sqlite3.Connection, kind: Kind, which: str) -> None:
    """Count rows `o` in, as they are now; `which` is a FROM clause with a WHERE."""
    _count(db, kind, which, 1)


def take(db: sqlite3.Connection, kind: Kind, which: str) -> None:
    """Count rows `o` out, before they change or go."""
    _count(db, kind, which, -1)


@contextmanager
def moving(db: sqlite3.Connection, kind: Kind, column: str, value: object) -> Iterator[None]:
    """Count the rows whose column has a value out, and after what is done to them inside those that are still there in again."""
    table = KINDS[kind].table
    ids = [int(row[0]) for row in db.execute(f"SELECT id FROM {table} WHERE {column} = ?", (value,))]
    own = f"{table} AS o WHERE o.id IN ({', '.join(map(str, ids))})"
    take(db, kind, own)
    yield
    add(db, kind, own)


def _count(db: sqlite3.Connection, kind: Kind, which: str, each: int) -> None:
    counted = KINDS[kind]
    if kind is Kind.SURVEYS:
        answer_rollup.touch(db, which)
    # Counted here: SQLite would sort all rows for it.
    found = db.execute(f"SELECT ifnull(group_concat({counted.day}), '') FROM {which} AND {counted.which}").fetchone()[0]
    rows: Counter[str] = Counter()
    for part in _parts(found):
        rows.update(part.split(","))
    db.executemany(
        "INSERT INTO coverage_day(kind, day, n) VALUES (?, ?, ?) ON CONFLICT(kind, day) DO UPDATE SET n = n + excluded.n",
        [(kind.value, int(day), each * n) for day, n in rows.items()],
    )


def _parts(text: str) -> Iterator[str]:
    """Days with a comma between, not all of them at once: there may be a million."""
    begin = 0
    while begin < len(text):
        end = text.find(",", begin + _PART)
        end = len(text) if end < 0 else end
        yield text[begin:end]
        begin = end + 1


def tidy(db: sqlite3.Connection) -> None:
    """Drop the days that no row is on any more. At the end of a write."""
    db.execute("DELETE FROM coverage_day WHERE n = 0")


def rebuild(db: sqlite3.Connection) -> None:
    """Count everything again."""
    db.execute("DELETE FROM coverage_day")
    for kind, counted in KINDS.items():
        add(db, kind, f"{counted.table} AS o WHERE TRUE")


def days(db: sqlite3.Connection, kind: Kind) -> Iterator[tuple[int, int]]:
    """(day, rows) of a kind, ascending."""
    if kind is Kind.USAGE:
        return iter(db.execute("SELECT day, dau FROM usage_day WHERE dau > 0 ORDER BY day"))
    return iter(db.execute("SELECT day, n FROM coverage_day WHERE kind = ? ORDER BY day", (kind.value,)))


def rows(db: sqlite3.Connection, kind: Kind, span: Period | None) -> Iterator[CoveredRow]:
    """The rows of a kind but use that count in a span (None: those without a day), by day."""
    start, end = (0, 0) if span is None else (span.start, span.end)
    bound = {"kind": KINDS[kind].table, "start": start, "end": end, "undated": span is None}
    return map(CoveredRow._make, db.execute(query("covered_rows"), bound))


def any_in(db: sqlite3.Connection, kind: Kind, start: int, end: int) -> bool:
    """Whether a kind has a row in `[start, end)`."""
    if kind is Kind.USAGE:
        found = db.execute("SELECT EXISTS (SELECT 1 FROM usage_day WHERE day >= ? AND day < ? AND dau > 0)", (start, end))
    else:
        found = db.execute("SELECT EXISTS (SELECT 1 FROM coverage_day WHERE kind = ? AND day >= ? AND day < ?)", (kind.value, start, end))
    return bool(found.fetchone()[0])
