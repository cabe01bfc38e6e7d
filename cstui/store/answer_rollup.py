"""A rollup of survey answers by month: how often which score was given, so that figures over years need not read every answer.

Writers touch the days of the answers they make, change or delete; only months with such a day are counted again. Knows no band,
threshold or middle of a scale.
"""

from __future__ import annotations

import sqlite3

from cstui.base.days import month_of, month_start
from cstui.store.sql import query

ROLLUP = "answer_month"


def touch(db: sqlite3.Connection, which: str) -> None:
    """Note the days of answers `o`, before they change or after; `which` is a FROM clause with a WHERE."""
    db.execute("CREATE TEMP TABLE IF NOT EXISTS touched_answer_day(day INTEGER PRIMARY KEY)")
    db.execute(f"INSERT OR IGNORE INTO temp.touched_answer_day(day) SELECT o.answered_at FROM {which}")


def refresh(db: sqlite3.Connection, before: int | None, after: int | None) -> None:
    """Bring the months in step with what was touched, and with what a new last day of data lets count or no longer counts."""
    touch(db, "survey AS o WHERE FALSE")
    if before != after:
        low = min(-1 if day is None else day for day in (before, after))
        for kind in ("nps", "csat", "ces"):
            touch(db, f"survey AS o WHERE o.kind = '{kind}' AND o.answered_at > {low}")
    months = {month_of(day) for (day,) in db.execute("SELECT day FROM temp.touched_answer_day")}
    for month in sorted(months):
        db.execute("DELETE FROM answer_month WHERE month = ?", (month,))
        bounds = {"month": month, "start": month_start(month), "end": month_start(month + 1), "as_of": -1 if after is None else after}
        db.execute(query("answer_month_sum"), bounds)
    db.execute("DELETE FROM temp.touched_answer_day")


def rebuild(db: sqlite3.Connection) -> None:
    """Have every month counted again by the next `refresh`."""
    db.execute("DELETE FROM answer_month")
    touch(db, "survey AS o WHERE TRUE")
