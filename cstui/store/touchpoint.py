"""Facts with the answers of one touchpoint alone. Everything else is as in `SqlFacts`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from cstui.base.ask import View
from cstui.base.days import Period
from cstui.metrics.facts import AnswerCount, AnswerRow
from cstui.store.facts import SqlFacts


class TouchpointFacts(SqlFacts):
    """Facts of the customers in a view's filter, of whose answers only those given at a touchpoint count; `''`: at none."""

    def __init__(self, db: sqlite3.Connection, view: View, touchpoint: str) -> None:
        super().__init__(db, view)
        self._touchpoint = touchpoint

    def answer_counts(self, kind: str, first: int, last: int) -> Iterable[AnswerCount] | None:
        """As counted by month. Which answer is a respondent's last in a month, is counted over all touchpoints."""
        counts = super().answer_counts(kind, first, last)
        return None if counts is None else (count for count in counts if count.touchpoint == self._touchpoint)

    def answers(self, kind: str, span: Period) -> Iterable[AnswerRow]:
        """Answers of a kind in a span, in the order they were given."""
        return (row for row in super().answers(kind, span) if row.touchpoint == self._touchpoint)
