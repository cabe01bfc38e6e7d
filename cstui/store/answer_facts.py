"""The answers to surveys that figures rest on: counted by month, one by one, everybody's last. Says which rows, never what they mean."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from cstui.base.days import Period
from cstui.metrics.facts import AnswerCount, AnswerRow, LastAnswer
from cstui.store import answer_rollup, columns, divided
from cstui.store.chosen import Chosen
from cstui.store.sql import query

if TYPE_CHECKING:
    from cstui.metrics.columns import ScoreColumns

_EVER = -(2**40)


class AnswerFacts(Chosen):
    """What `SqlFacts` knows of answers."""

    _n: Mapping[str, int]

    @cached_property
    def _last(self) -> dict[tuple[str, int], Mapping[int, LastAnswer]]:
        return {}

    @cached_property
    def _scores(self) -> dict[str, tuple[int, ScoreColumns]]:
        """Kind → before which day, the answers."""
        return {}

    def answer_counts(self, kind: str, first: int, last: int) -> Iterable[AnswerCount] | None:
        """Answers of a kind by month and group, while the rollup answers: at the workspace's own last day."""
        if self.as_of != self.own or self.of_some:
            return None
        bounds = {"kind": kind, "first": first, "last": last}
        if self._view.where or self.grouped:
            return divided.answered(answer_rollup.each(self._db, bounds), self.group_or_out)
        return map(AnswerCount._make, self._db.execute(query("answer_months"), bounds))

    def scores(self, kind: str, end: int) -> ScoreColumns | None:
        """What `answers` says before a day, as columns; None where answers are few. Kept: whoever explains a count of them asks again."""
        if self._n.get("surveys", 0) < columns.MANY:
            return None
        upto, held = self._scores.get(kind, (_EVER, None))
        if held is None or upto < end:
            held = columns.scores(self._db, self._known_answers(kind) | {"end": end})
            self._scores[kind] = end, held
        return held.before(end)

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
        return {"kind": kind, "as_of": self.as_of, "all": self.as_of >= self.own, "ids": self.ids}
