"""Rollups that name whom they count, divided over the groups of a breakdown, or cut to the customers of a filter. Knows no figure."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from cstui.metrics.facts import AnswerCount, PaidDay
from cstui.store.answer_rollup import Answered
from cstui.store.payment_rollup import Paid

OUT = "\0"
"""The group of customers whom a filter leaves out: no value of a field is a control character."""
Groups = Callable[[int], str | None]
"""Customer → group; None without a value, OUT where the filter leaves them out."""


def paid(rows: Iterable[Paid], group: Groups) -> Iterator[PaidDay]:
    """Rows of `payment_rollup.each` by group."""
    for day, currency, kind, source, _, customers, amounts in rows:
        whose = list(map(group, _numbers(customers)))
        sums: dict[str | None, int] = {}
        for name, amount in zip(whose, _numbers(amounts), strict=True):
            sums[name] = sums.get(name, 0) + amount
        counts = Counter(whose)
        for name, amount in sums.items():
            if name != OUT:
                yield PaidDay(name, day, currency, kind, source, counts[name], amount)


def answered(rows: Iterable[Answered], group: Groups) -> Iterator[AnswerCount]:
    """Rows of `answer_rollup.each` by group."""
    for month, scale, direction, touchpoint, score, latest_of, others_of in rows:
        latest = Counter(map(group, _numbers(latest_of)))
        every = latest + Counter(map(group, _numbers(others_of)))
        for name, n in every.items():
            if name != OUT:
                yield AnswerCount(name, month, scale, direction, touchpoint, score, n, latest[name])


def _numbers(joined: str) -> list[int]:
    found: list[int] = json.loads(f"[{joined}]")
    return found
