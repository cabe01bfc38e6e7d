"""What a person adds beside the figures: goals, and annotations of days. Kept as settings, so they are in every copy of the file.

Knows neither what a metric is nor how a value is written; its callers have checked both.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import NamedTuple

_GOAL, _ANNOTATION = "goal.", "annotation."


class AnnotationRow(NamedTuple):
    """A day and what happened on it."""

    number: int
    day: int
    text: str


def goals(db: sqlite3.Connection) -> dict[str, str]:
    """Metric → goal as it was set."""
    found = db.execute("SELECT substr(name, ?), value FROM setting WHERE name GLOB 'goal.*'", (len(_GOAL) + 1,))
    return dict(found)


def set_goal(db: sqlite3.Connection, metric: str, value: str | None) -> None:
    """Set a metric's goal, or with None take it away. Inside the writer's transaction."""
    _put(db, _GOAL + metric, value)


def annotated(db: sqlite3.Connection) -> list[AnnotationRow]:
    """Every annotation by day, and of one day in the order they were made."""
    found = db.execute("SELECT substr(name, ?), value FROM setting WHERE name GLOB 'annotation.*'", (len(_ANNOTATION) + 1,))
    rows = []
    for number, value in found:
        day, _, text = value.partition(" ")
        rows.append(AnnotationRow(int(number), int(day), text))
    return sorted(rows, key=lambda row: (row.day, row.number))


def add_annotation(db: sqlite3.Connection, day: int, text: str) -> int:
    """Keep an annotation; its number, one more than the highest there is. Inside the writer's transaction."""
    number = max((row.number for row in annotated(db)), default=0) + 1
    _put(db, f"{_ANNOTATION}{number}", f"{day} {text}")
    return number


def remove_annotation(db: sqlite3.Connection, number: int) -> bool:
    """Take an annotation away; whether it was there. Inside the writer's transaction."""
    there = any(row.number == number for row in annotated(db))
    if there:
        _put(db, f"{_ANNOTATION}{number}", None)
    return there


def empty(db: sqlite3.Connection, which: Callable[[str], bool], instead: str) -> int:
    """Put a word in the place of the texts that `which` holds of; how many there were. The days stay. Inside the writer's transaction."""
    found = [row for row in annotated(db) if which(row.text)]
    for row in found:
        _put(db, f"{_ANNOTATION}{row.number}", f"{row.day} {instead}")
    return len(found)


def _put(db: sqlite3.Connection, name: str, value: str | None) -> None:
    if value is None:
        db.execute("DELETE FROM setting WHERE name = ?", (name,))
    else:
        db.execute("INSERT OR REPLACE INTO setting(name, value) VALUES (?, ?)", (name, value))
    db.execute("UPDATE state SET revision = revision + 1")
