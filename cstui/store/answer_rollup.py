"""A rollup of survey answers by month: how often which score was given, so that figures over years need not read every answer; and
beside it who gave them.

Writers touch the days of the answers they make, change or delete; only months with such a day are counted again. Knows no band,
threshold or middle of a scale.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from itertools import groupby
from operator import itemgetter

from cstui.base.days import month_of, month_start
from cstui.store.sql import query

ROLLUPS = ("answer_month", "answer_who")
Answered = tuple[int, str, str, str, str, str, str]
"""(month, scale, direction, touchpoint, score, who gave the latest ones, who the others): customers by number, with commas between."""
KINDS = ("nps", "csat", "ces")


def touch(db: sqlite3.Connection, which: str) -> None:
    """Note the days of answers `o`, before they change or after; `which` is a FROM clause with a WHERE."""
    db.execute("CREATE TEMP TABLE IF NOT EXISTS touched_answer_day(day INTEGER PRIMARY KEY)")
    db.execute(f"INSERT OR IGNORE INTO temp.touched_answer_day(day) SELECT o.answered_at FROM {which}")


def refresh(db: sqlite3.Connection, before: int | None, after: int | None) -> None:
    """Bring the months in step with what was touched, and with what a new last day of data lets count or no longer counts."""
    touch(db, "survey AS o WHERE FALSE")
    if before != after:
        low = min(-1 if day is None else day for day in (before, after))
        for kind in KINDS:
            touch(db, f"survey AS o WHERE o.kind = '{kind}' AND o.answered_at > {low}")
    months = {month_of(day) for (day,) in db.execute("SELECT day FROM temp.touched_answer_day")}
    for month in sorted(months):
        for kind in KINDS:
            for table in ROLLUPS:
                db.execute(f"DELETE FROM {table} WHERE kind = ? AND month = ?", (kind, month))
        bounds = {"month": month, "start": month_start(month), "end": month_start(month + 1), "as_of": -1 if after is None else after}
        for kind, rows in groupby(db.execute(query("answer_month_sum"), bounds), key=itemgetter(0)):
            own = list(rows)
            db.executemany("INSERT INTO answer_month VALUES (?, ?, ?, ?, ?, ?, ?, ?)", [row[:8] for row in own])
            latest, others = (";".join(row[column] for row in own) for column in (8, 9))
            db.execute("INSERT INTO answer_who VALUES (?, ?, ?, ?)", (kind, month, latest, others))
    db.execute("DELETE FROM temp.touched_answer_day")


def rebuild(db: sqlite3.Connection) -> None:
    """Have every month counted again by the next `refresh`."""
    for table in ROLLUPS:
        db.execute(f"DELETE FROM {table}")
    touch(db, "survey AS o WHERE TRUE")


def each(db: sqlite3.Connection, bounds: Mapping[str, object]) -> Iterator[Answered]:
    """The rollup's rows of a `kind` in the months from `first` to `last`, with who answered."""
    found = db.execute(query("answer_who"), bounds)
    who = {month: (iter(latest.split(";")), iter(others.split(";"))) for month, latest, others in found}
    for _, month, scale, direction, touchpoint, score, _, _ in db.execute(query("answer_months"), bounds):
        latest, others = who[month]
        yield month, scale, direction, touchpoint, score, next(latest), next(others)
