"""The family of leads: customer records on their way to a first payment. Counted from customer records and first paid days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from statistics import median_low

from cstui.base.days import Period
from cstui.metrics.cells import Cell, Cells, Group, Total, frame
from cstui.metrics.facts import CustomerRow, Facts
from cstui.metrics.figure import Frame, figure, ratio
from cstui.metrics.registry import METRICS


def leads(facts: Facts, periods: Sequence[Period]) -> Cells:
    """Every figure of the family, by group and period."""
    paid = facts.first_paid()
    members = _by_group(facts)
    frames = [frame(facts, period, "customers") for period in periods]
    return {group: [_cell(one, rows, paid, facts) for one in frames] for group, rows in members.items()}


def created_in(rows: Iterable[CustomerRow], period: Period) -> list[CustomerRow]:
    """Records created in a period."""
    return [row for row in rows if row.created_at is not None and row.created_at in period]


def open_at(one: Frame, rows: Iterable[CustomerRow], paid: Mapping[int, int], own: int) -> list[CustomerRow]:
    """Records that were leads at the period's end: created, not paid, not lost by then."""
    end = one.end
    return [
        row
        for row in rows
        if row.created_at is not None and row.created_at <= end and paid.get(row.id, end + 1) > end and not _lost(row, end, own)
    ]


def _lost(row: CustomerRow, day: int, own: int) -> bool:
    if row.lost_at is not None:
        return row.lost_at <= day
    return day >= own and (row.stage or "").casefold() == "lost"


def median(values: Sequence[int]) -> Fraction | None:
    """The median, exactly; None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    low = median_low(ordered)
    return Fraction(low + ordered[len(ordered) // 2], 2)


def _by_group(facts: Facts) -> dict[Group, list[CustomerRow]]:
    found: dict[Group, list[CustomerRow]] = {group: [] for group in facts.groups()} if facts.grouped else {}
    total = list(facts.customers())
    if facts.grouped:
        of = facts.group_of()
        for row in total:
            found.setdefault(of.get(row.id), []).append(row)
    return found | {Total.ALL: total}


def _cell(one: Frame, rows: list[CustomerRow], paid: Mapping[int, int], facts: Facts) -> Cell:
    created = created_in(rows, one.period)
    waiting = open_at(one, rows, paid, facts.own)
    converted = [row for row in created if row.id in paid]
    days = [paid[row.id] - row.created_at for row in converted if row.created_at is not None]
    stages: dict[str, int] = {}
    for row in waiting:
        stage = row.stage or ""
        stages[stage] = stages.get(stage, 0) + 1
    undated = sum(row.created_at is None for row in rows)
    return {
        "leads_new": figure(one, len(created), numerator=len(created), n=len(created), parts={"without_date": undated}),
        "leads_open": figure(one, len(waiting), numerator=len(waiting), n=len(waiting), parts={"by_stage": dict(sorted(stages.items()))}),
        "lead_conversion_rate": ratio(
            one,
            len(converted),
            len(created),
            n=len(created),
            floor=METRICS["lead_conversion_rate"].floor,
            base="no lead was created in the period",
            parts={"median_days": median(days)},
        ),
    }
