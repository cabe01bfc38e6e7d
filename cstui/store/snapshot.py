"""Rows of sources that only ever show the present, moved so that they never rewrite the past, before they are compared.

A subscription whose amount, quantity or status has changed opens a new version at its period's start where that is known and
later, else on the day of the import; one that has not is its latest version. So it is with a score that carries no day.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter

_DATED = ("ended_at", "cancel_requested_at", "status_since")
"""Dates that say themselves from when a status holds."""

_COMPARED = (
    ("status", "'active'"),
    ("amount", ""),
    ("quantity", "'1'"),
    ("discount", "0"),
    ("currency", ""),
    ("interval", "'month'"),
    ("interval_count", "1"),
)
"""Columns whose change opens a version, the status first, and what a blank stands for."""

_VERSIONS = f"""
SELECT s.seq, s.subscription_id, s.started_at, o.started_at, p.day, {" OR ".join(f"typeof(s.{name}) = 'integer'" for name in _DATED)},
  {
    ", ".join(
        f"CASE WHEN s.{name} IS NOT NULL THEN s.{name} IS NOT {f'ifnull(o.{name}, {default})' if default else f'o.{name}'} END"
        for name, default in _COMPARED
    )
}
FROM s_subscription AS s JOIN subscription AS o ON o.subscription_id = s.subscription_id
LEFT JOIN (SELECT line, max(day) AS day FROM s_opens WHERE file = :file GROUP BY line) AS p ON p.line = s.line
WHERE s.file = :file AND o.started_at = (SELECT max(v.started_at) FROM subscription AS v WHERE v.subscription_id = s.subscription_id)
ORDER BY s.subscription_id, s.started_at, s.seq
"""

_SCORES = " UNION ALL ".join(
    "SELECT s.seq AS seq, s.match, s.response_id, o.match, o.response_id, o.answered_at AS answered, "
    "s.score IS NOT o.score OR s.scale IS NOT o.scale, o.id AS id "
    f"FROM s_survey AS s CROSS JOIN survey AS o ON {same} WHERE s.file = :file AND s.answered_at = :day AND s.response_id IS NOT NULL"
    for same in (
        "o.match = s.match",
        # '@' and a day after it: between '@' and the character that follows it, which the index finds.
        "o.match > s.match || '@' AND o.match < s.match || 'A' AND substr(o.match, length(s.match) + 1) GLOB '@????-??-??'",
    )
)
_SCORES += " ORDER BY seq, answered, id"


_STILL = """
UPDATE s_subscription AS s SET status_since = o.status_since, current_period_end = ifnull(o.current_period_end, s.current_period_end)
FROM subscription AS o
WHERE s.file = :file AND s.status = 'past_due' AND o.subscription_id = s.subscription_id AND o.status = 'past_due'
  AND o.status_since < s.status_since
  AND o.started_at = (SELECT max(v.started_at) FROM subscription AS v WHERE v.subscription_id = s.subscription_id)
"""
"""What was past due and still is, has been since it first was: the period that runs is a later one each time."""


def keep_the_past(db: sqlite3.Connection, files: Sequence[int], day: int) -> None:
    """Move the staged rows of so many files of a call, on the day of the import."""
    for file in files:
        _subscriptions(db, file, day)
        _scores(db, file, day)


def _subscriptions(db: sqlite3.Connection, file: int, day: int) -> None:
    db.execute(_STILL, {"file": file})
    moved = []
    found = db.execute(_VERSIONS, {"file": file}).fetchall()
    for (_, started, latest), same in groupby(found, key=itemgetter(1, 2, 3)):
        if started > latest:
            continue  # the source itself says that a new one has begun
        rows = list(same)
        opens, status, *price = (_last(column) for column in zip(*((row[4], *row[6:]) for row in rows), strict=True))
        changed = any(price) or (status and not any(row[5] for row in rows))
        begins = opens if opens is not None and latest < opens <= day else max(day, latest)
        moved += [(begins if changed else latest, row[0]) for row in rows]
    db.executemany("UPDATE s_subscription SET started_at = ? WHERE seq = ?", moved)


def _last(values: Sequence[int | None]) -> int | None:
    """What several rows of one key say together: a blank leaves what was said before."""
    return next((value for value in reversed(values) if value is not None), None)


def _scores(db: sqlite3.Connection, file: int, day: int) -> None:
    """The latest answer of the same id: if its score is the same it is that answer, else this is a new one."""
    moved: dict[int, tuple[object, ...]] = {}
    named: dict[int, str] = {}
    last: dict[str, int] = {}  # of several rows that are matched by one text the last says what they come to
    today = (date(1970, 1, 1) + timedelta(days=day)).isoformat()
    for seq, match, response, old_match, old_response, answered, changed, _ in db.execute(_SCORES, {"file": file, "day": day}).fetchall():
        named[seq], last[match] = match, seq
        if not changed:
            moved[seq] = (old_match, old_response, answered)
        elif answered == day:
            moved[seq] = (old_match, old_response, day)
        else:
            moved[seq] = (f"{match}@{today}", f"{response}@{today}", day)
    settled = [(*moved[last[match]], seq) for seq, match in named.items()]
    db.executemany("UPDATE s_survey SET match = ?, response_id = ?, answered_at = ? WHERE seq = ?", settled)
