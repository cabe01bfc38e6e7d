"""The family of leads: customer records on their way to a first payment. Counted from customer records and first paid days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from statistics import median_low

from cstui.base.days import Period
from cstui.metrics.cells import Cell, Cells, by_group, frame
from cstui.metrics.facts import Facts, LeadRow
from cstui.metrics.figure import Frame, figure, ratio
from cstui.metrics.registry import METRICS


def leads(facts: Facts, periods: Sequence[Period]) -> Cells:
    """Every figure of the family, by group and period."""
    frames = [frame(facts, period, "customers") for period in periods]
    members = by_group(facts, read(facts, frames), lambda row: row.id)
    undated = by_group(facts, facts.undated(), lambda customer: customer)
    return {group: [_cell(one, rows, len(undated.get(group, ())), facts.own) for one in frames] for group, rows in members.items()}


def read(facts: Facts, frames: Sequence[Frame]) -> list[LeadRow]:
    """The records that some figure of the family may count in some of the periods."""
    hull = Period(min(one.period.start for one in frames), max(one.period.end for one in frames))
    return list(facts.leads(hull, min(one.end for one in frames)))


def created_in(rows: Iterable[LeadRow], period: Period) -> list[LeadRow]:
    """Records created in a period."""
    return [row for row in rows if row.created_at in period]


def open_at(one: Frame, rows: Iterable[LeadRow], own: int) -> list[LeadRow]:
    """Records that were leads at the period's end: created, not paid, not lost by then."""
    end = one.end
    return [row for row in rows if row.created_at <= end and (row.first_paid is None or row.first_paid > end) and not _lost(row, end, own)]


def _lost(row: LeadRow, day: int, own: int) -> bool:
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


def _cell(one: Frame, rows: list[LeadRow], undated: int, own: int) -> Cell:
    created = created_in(rows, one.period)
    waiting = open_at(one, rows, own)
    converted = [row for row in created if row.first_paid is not None]
    days = [row.first_paid - row.created_at for row in converted if row.first_paid is not None]
    stages: dict[str, int] = {}
    for row in waiting:
        stage = row.stage or ""
        stages[stage] = stages.get(stage, 0) + 1
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
