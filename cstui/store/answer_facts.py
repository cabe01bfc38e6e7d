"""The answers to surveys that figures rest on: counted by month, one by one, everybody's last. Says which rows, never what they mean."""

from __future__ import annotations

import json
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence

from cstui.base.ask import View
from cstui.base.days import Period
from cstui.metrics.facts import AnswerCount, AnswerRow, LastAnswer
from cstui.store.sql import query


class AnswerFacts(ABC):
    """What `SqlFacts` knows of answers."""

    _db: sqlite3.Connection
    _view: View
    as_of: int
    own: int
    grouped: bool

    def __init__(self) -> None:
        self._last: dict[tuple[str, int], Mapping[int, LastAnswer]] = {}

    @property
    @abstractmethod
    def chosen_ids(self) -> str | None:
        """The customers in the filter as a JSON array; None for all of them."""

    def answer_counts(self, kind: str, first: int, last: int) -> Iterable[AnswerCount] | None:
        """Answers of a kind by month, while the rollup answers: nobody left out, no breakdown, the workspace's own last day."""
        if self._view.where or self.grouped or self.as_of != self.own:
            return None
        return map(AnswerCount._make, self._db.execute(query("answer_months"), {"kind": kind, "first": first, "last": last}))

    def answers(self, kind: str, span: Period) -> Iterable[AnswerRow]:
        """Answers of a kind in a span, in the order they were given. What was entered by hand is known at the workspace's own as_of."""
        bounds = {"start": span.start, "end": span.end}
        return map(AnswerRow._make, self._db.execute(query("answer_rows"), self._known_answers(kind) | bounds))

    def answers_of(self, ids: Iterable[int]) -> Iterable[AnswerRow]:
        """Answers by their ids."""
        return map(AnswerRow._make, self._db.execute(query("answers_of"), {"ids": json.dumps(sorted(ids))}))

    def last_answers(self, kind: str, scales: Collection[str], ends: Sequence[int]) -> list[Mapping[int, LastAnswer]]:
        """Every customer's last answer of a kind before each of some days; kept, as whoever explains a count of them asks again."""
        missing = sorted({end for end in ends if (kind, end) not in self._last})
        bounds = self._known_answers(kind)
        last: dict[int, LastAnswer] = {}
        for before, end in zip((None, *missing), missing, strict=False):
            name = "last_answers" if before is None else "later_answers"
            for row in self._db.execute(query(name), bounds | {"start": before, "end": end}):
                if row[7] in scales and ((held := last.get(row[5])) is None or row > held):
                    last[row[5]] = row
            self._last[kind, end] = last.copy()
        return [self._last[kind, end] for end in ends]

    def _known_answers(self, kind: str) -> dict[str, object]:
        return {"kind": kind, "as_of": self.as_of, "all": self.as_of >= self.own, "ids": self.chosen_ids}
