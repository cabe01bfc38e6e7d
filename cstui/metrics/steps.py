"""A customer's MRR as steps: from which day it stood at which level, per currency.

Everything that asks for MRR on a day, or between two, reads steps. Pure; knows nothing of periods.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from cstui.metrics.service import FOREVER, Known, Span, SubscriptionRow, span

Steps = list[tuple[int, int]]
"""(day, level) ascending: from `day` on, MRR is `level` (minor units × SCALE)."""


class Bridge(NamedTuple):
    """A gap without MRR, `[start, end)`, too short to count as leaving."""

    start: int
    end: int


def spans_of(rows: Iterable[SubscriptionRow], known: Known) -> list[Span]:
    """The paid service of one customer's rows."""
    return [found for row in rows if (found := span(row, known)) is not None]


def steps_of(spans: Sequence[Span], known: Known, gap_days: int) -> dict[str, Steps]:
    """One customer's steps by currency; gaps shorter than `gap_days` are bridged at the level before them."""
    if len(spans) == 1:
        only = spans[0]
        steps = [(only.pay, only.level)]
        if only.end < FOREVER:
            steps.append((only.end, 0))
        return {only.row.currency: steps}
    by_currency: dict[str, dict[int, int]] = {}
    for item in spans:
        changes = by_currency.setdefault(item.row.currency, {})
        changes[item.pay] = changes.get(item.pay, 0) + item.level
        if item.end < FOREVER:
            changes[item.end] = changes.get(item.end, 0) - item.level
    found = {currency: _levels(changes) for currency, changes in by_currency.items()}
    if gap_days > 1:
        for bridge in bridges(spans, known, gap_days):
            for currency, steps in found.items():
                found[currency] = _bridged(steps, bridge)
    return found


def bridges(spans: Sequence[Span], known: Known, gap_days: int) -> list[Bridge]:
    """The customer's gaps, over all currencies together, that are shorter than `gap_days` and had ended by `as_of`."""
    found: list[Bridge] = []
    reach: int | None = None
    for item in sorted(spans, key=lambda each: each.pay):
        if reach is not None and reach < item.pay <= known.as_of and item.pay - reach < gap_days:
            found.append(Bridge(reach, item.pay))
        reach = item.end if reach is None else max(reach, item.end)
    return found


def paying_on(spans: Sequence[Span], day: int, gaps: Sequence[Bridge]) -> list[Span]:
    """The spans that make up the customer's MRR on a day; inside a bridged gap, those of the day before it."""
    for gap in gaps:
        if gap.start <= day < gap.end:
            day = gap.start - 1
            break
    return [item for item in spans if item.pay <= day < item.end]


def level_on(steps: Steps, day: int) -> int:
    """The level on a day; 0 before the first step."""
    index = bisect_right(steps, (day, 2**80))
    return steps[index - 1][1] if index else 0


def _levels(changes: dict[int, int]) -> Steps:
    steps: Steps = []
    level = 0
    for day in sorted(changes):
        if changes[day]:
            level += changes[day]
            steps.append((day, level))
    return steps


def _bridged(steps: Steps, gap: Bridge) -> Steps:
    before = level_on(steps, gap.start - 1)
    after = level_on(steps, gap.end)
    kept = [step for step in steps if not gap.start <= step[0] <= gap.end]
    if after != before:
        kept.append((gap.end, after))
    kept.sort()
    return kept
