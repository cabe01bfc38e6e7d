"""Rows of sources that only ever show the present, moved so that they never rewrite the past, before they are compared.

A subscription whose amount, quantity or status has changed opens a new version at its period's start where that is known and
later, else on the day of the import; one that has not is its latest version. So it is with a score that carries no day.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date, timedelta

PRICED = ("amount", "quantity", "discount", "currency", "interval", "interval_count")
"""What a subscription's MRR rests on."""
_DATED = ("ended_at", "cancel_requested_at", "status_since")
"""Dates that say themselves from when a status holds."""

_VERSIONS = f"""
SELECT s.seq, s.started_at, o.started_at, s.status IS NOT NULL AND s.status IS NOT ifnull(o.status, 'active'),
  {
    " OR ".join(
        f"(s.{name} IS NOT NULL AND s.{name} IS NOT {f'ifnull(o.{name}, {default})' if default else f'o.{name}'})"
        for name, default in (
            ("amount", ""),
            ("quantity", "'1'"),
            ("discount", "0"),
            ("currency", ""),
            ("interval", "'month'"),
            ("interval_count", "1"),
        )
    )
},
  {" OR ".join(f"typeof(s.{name}) = 'integer'" for name in _DATED)},
  (SELECT max(p.day) FROM s_opens AS p WHERE p.file = s.file AND p.line = s.line)
FROM s_subscription AS s JOIN subscription AS o ON o.subscription_id = s.subscription_id
WHERE s.file = ? AND o.started_at = (SELECT max(v.started_at) FROM subscription AS v WHERE v.subscription_id = s.subscription_id)
"""

_SCORES = """
SELECT s.seq, s.match, s.response_id, o.match, o.response_id, o.answered_at, s.score IS NOT o.score OR s.scale IS NOT o.scale
FROM s_survey AS s JOIN survey AS o ON o.match = s.match OR o.match GLOB replace(replace(s.match, '[', '?'), '*', '?') || '@????-??-??'
WHERE s.file = ? AND s.answered_at = ? AND s.response_id IS NOT NULL ORDER BY s.seq, o.answered_at, o.id
"""


def keep_the_past(db: sqlite3.Connection, files: Sequence[int], day: int) -> None:
    """Move the staged rows of so many files of a call, on the day of the import."""
    for file in files:
        _subscriptions(db, file, day)
        _scores(db, file, day)


def _subscriptions(db: sqlite3.Connection, file: int, day: int) -> None:
    moved = []
    for seq, started, latest, status_changed, price_changed, dated, opens in db.execute(_VERSIONS, (file,)).fetchall():
        if started > latest:
            continue  # the source itself says that a new one has begun
        changed = price_changed or (status_changed and not dated)
        begins = opens if opens is not None and latest < opens <= day else max(day, latest)
        moved.append((begins if changed else latest, seq))
    db.executemany("UPDATE s_subscription SET started_at = ? WHERE seq = ?", moved)


def _scores(db: sqlite3.Connection, file: int, day: int) -> None:
    """The latest answer of the same id: if its score is the same it is that answer, else this is a new one."""
    moved: dict[int, tuple[object, ...]] = {}
    today = (date(1970, 1, 1) + timedelta(days=day)).isoformat()
    for seq, match, response, old_match, old_response, answered, changed in db.execute(_SCORES, (file, day)).fetchall():
        if not changed:
            moved[seq] = (old_match, old_response, answered)
        elif answered == day:
            moved[seq] = (old_match, old_response, day)
        else:
            moved[seq] = (f"{match}@{today}", f"{response}@{today}", day)
    db.executemany("UPDATE s_survey SET match = ?, response_id = ?, answered_at = ? WHERE seq = ?", [(*v, seq) for seq, v in moved.items()])
