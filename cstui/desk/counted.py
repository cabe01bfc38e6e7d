"""An `Explanation` of what is no metric of the registry and is counted from rows: the figure, its rows, and what made it differ.

Knows neither what is counted nor how: whoever asks has read it.
"""

from __future__ import annotations

from typing import NamedTuple

from cstui.base.ask import View
from cstui.base.days import Period
from cstui.desk.coverage import notes
from cstui.desk.difference import Difference
from cstui.desk.explain import Explanation, Wanted, sourced
from cstui.metrics.compute import Answer
from cstui.metrics.difference import moves, reading_of
from cstui.metrics.figure import Figure
from cstui.metrics.registry import Metric
from cstui.metrics.rows import Evidence
from cstui.store.facts import SqlFacts


class Side(NamedTuple):
    """What was read of one period."""

    period: Period
    figure: Figure
    rows: list[Evidence]


def counted(facts: SqlFacts, view: View, wanted: Wanted, one: Metric, before: Side, after: Side, covered_as: str) -> Explanation:
    """The period `after`, held against the one `before`; `covered_as` is the metric whose coverage holds."""
    (against, then, _), (period, now, rows) = before, after
    difference = None
    if wanted.difference and (now.value is None or then.value is None):
        difference = Difference.unknown(against, then.value, now.value, now.reason or then.reason or "")
    elif wanted.difference:
        moved = moves(reading_of(before.rows), reading_of(rows), then, now, 1, wanted.limit)
        difference = Difference.of(facts, against, then, now, moved)
    return Explanation(
        facts.revision,
        None if facts.empty and view.as_of is None else facts.as_of,
        facts.currency,
        view.where,
        period,
        one,
        Answer(now, then.value),
        {switch: facts.in_force[switch] for switch in one.switches},
        {},
        tuple(sourced(facts, rows[: wanted.limit], period)) if wanted.rows else None,
        len(rows),
        difference,
        notes(facts, [covered_as], period).get(covered_as, ()),
        against=against if wanted.year_before else None,
    )
