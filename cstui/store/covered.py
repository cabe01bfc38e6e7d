"""First and last day of each kind of fact, and how many facts there are: the rollup `coverage`, from which a gap at either end is told.

A writer brings the kinds in step that it wrote. Knows no meaning: which figure rests on which kind is the metrics'.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from cstui.base.records import Kind


class _Span(NamedTuple):
    """Where a kind's facts are, and the SQL of the first and last day of those that have happened by :as_of or were entered by hand."""

    source: str
    first: str
    last: str
    n: str = "count(*)"


_SPANS: Mapping[Kind, _Span] = {
    Kind.CUSTOMERS: _Span(
        "customer WHERE stub = 0",
        "min(min(ifnull(created_at, lost_at), ifnull(lost_at, created_at)))",
        "max(max(ifnull(created_at, lost_at), ifnull(lost_at, created_at)))",
    ),
    Kind.SUBSCRIPTIONS: _Span("subscription", "min(started_at)", "max(started_at)"),
    Kind.PAYMENTS: _Span(
        "payment", "min(ifnull(paid_at, due_at))", "max(ifnull(paid_at, due_at)) FILTER (WHERE ifnull(paid_at, due_at) <= :as_of)"
    ),
    Kind.USAGE: _Span("usage_day", "min(day)", "max(day)", "ifnull(sum(dau), 0)"),
    Kind.INTERACTIONS: _Span("interaction", "min(at)", "max(at) FILTER (WHERE at <= :as_of OR entered IS NOT NULL)"),
    Kind.SURVEYS: _Span("survey", "min(answered_at)", "max(answered_at) FILTER (WHERE answered_at <= :as_of OR entered IS NOT NULL)"),
    Kind.TRAFFIC: _Span("traffic", "min(date)", "max(date) FILTER (WHERE date <= :as_of)"),
    Kind.COSTS: _Span("cost", "min(date)", "max(date) FILTER (WHERE date <= :as_of)"),
    Kind.EXCHANGE_RATES: _Span("exchange_rate", "min(date)", "max(date) FILTER (WHERE date <= :as_of)"),
}


def refresh(db: sqlite3.Connection, as_of: int | None, kinds: Iterable[Kind] = tuple(_SPANS)) -> None:
    """Count kinds again, as known on the last day of the data."""
    for kind in kinds:
        span = _SPANS[kind]
        db.execute("DELETE FROM coverage WHERE kind = ?", (kind.value,))
        db.execute(
            f"INSERT INTO coverage(kind, n, first, last) SELECT :kind, {span.n}, {span.first}, {span.last} FROM {span.source}",
            {"kind": kind.value, "as_of": as_of},
        )
