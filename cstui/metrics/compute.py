"""Figures for any choice of metrics, periods and groups: each family once, every figure beside the one before. Pure.

A family is imported when one of its figures is asked for: the first frame waits for six of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from fractions import Fraction
from typing import NamedTuple

from cstui.base.days import Period
from cstui.metrics.cells import Cell, Cells, Group, Total, moved
from cstui.metrics.facts import Facts
from cstui.metrics.figure import Figure
from cstui.metrics.registry import metric

FROM_MOVEMENTS = frozenset(("profit_per_customer", "cac"))
"""Figures of money that need who was active and who is new."""


class Answer(NamedTuple):
    """A figure and the value it had in the period before."""

    figure: Figure
    previous: Fraction | None


class PeriodAnswers(NamedTuple):
    """One period: the figures of all customers in the filter, and of each group of the breakdown."""

    period: Period
    metrics: Mapping[str, Answer]
    groups: tuple[tuple[str | None, Mapping[str, Answer]], ...]


def compute(facts: Facts, ids: Sequence[str], periods: Sequence[Period], *, parts: bool = True) -> tuple[PeriodAnswers, ...]:
    """The figures of `ids`, in that order, for `periods`, in theirs. Raises UnknownMetric.

    `parts` False: whoever asks shows values only, and parts that would cost a look at every customer are left out.
    """
    wanted = {metric(name).id for name in ids}
    every = sorted({*periods, *(period.previous for period in periods)})
    tables = _families(facts, wanted, every, parts=parts)
    index = {period: i for i, period in enumerate(every)}

    def answers(group: Group, period: Period) -> dict[str, Answer]:
        now, before = index[period], index[period.previous]
        cells = tables[group]
        return {name: Answer(cells[now][name], None if metric(name).timeless else cells[before][name].value) for name in ids}

    groups: Sequence[str | None] = facts.groups() if facts.grouped else ()
    return tuple(
        PeriodAnswers(period, answers(Total.ALL, period), tuple((group, answers(group, period)) for group in groups)) for period in periods
    )


def _families(facts: Facts, wanted: set[str], periods: Sequence[Period], *, parts: bool) -> dict[Group, list[Cell]]:
    """The cells of every family that is wanted, merged, by group and period."""
    families = {metric(name).family for name in wanted}
    tables = [*_moving(facts, families, wanted, periods, parts=parts)]
    if "revenue" in families:
        from cstui.metrics import revenue

        tables.append(revenue.revenue(facts, periods))
    if "leads" in families:
        from cstui.metrics import leads

        tables.append(leads.leads(facts, periods))
    if "engagement" in families:
        from cstui.metrics import engagement

        tables.append(engagement.figures(facts, periods, wanted))
    if "satisfaction" in families:
        from cstui.metrics import satisfaction

        tables.append(satisfaction.figures(facts, periods, wanted))
    if families & {"lifecycle", "renewed"}:
        from cstui.metrics import lifecycle

        tables.append(lifecycle.figures(facts, periods, wanted))
    if "funnel" in families:
        from cstui.metrics import funnel

        tables.append(funnel.figures(facts, periods))
    merged: dict[Group, list[Cell]] = {}
    for table in tables:
        for group, cells in table.items():
            held = merged.setdefault(group, [{} for _ in periods])
            merged[group] = [{**old, **new} for old, new in zip(held, cells, strict=True)]
    return merged


def _moving(
    facts: Facts, families: AbstractSet[str], wanted: AbstractSet[str], periods: Sequence[Period], *, parts: bool
) -> Iterator[Cells]:
    """Those that rest on what customers did between the ends of periods, which is worked out once where it is needed."""
    needed = families & {"customers", "recurring", "value"} or wanted & {*FROM_MOVEMENTS, "active_customer_share"}
    movements = moved(facts, periods) if needed else {}
    if "customers" in families:
        from cstui.metrics import customers

        yield customers.figures(facts, periods, movements)
    if "recurring" in families:
        from cstui.metrics import recurring

        yield recurring.figures(facts, periods, movements, wanted)
    if "money" in families:
        from cstui.metrics import costs

        yield costs.figures(facts, periods, movements, wanted, parts=parts)
    if "value" in families:
        from cstui.metrics import worth

        yield worth.figures(facts, periods, movements, wanted)
    if "active_customer_share" in wanted:
        from cstui.metrics import engagement

        yield engagement.shares(facts, periods, movements)
