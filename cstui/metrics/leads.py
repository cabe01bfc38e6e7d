"""The family of leads: customer records on their way to a first payment. Counted from customer records and first paid days."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from fractions import Fraction
from statistics import median_low

from cstui.base.days import Period
from cstui.metrics.cells import Cell, Cells, Group, Total, frame
from cstui.metrics.facts import Facts, LeadRow
from cstui.metrics.figure import Frame, figure, ratio
from cstui.metrics.registry import METRICS

_NEVER = 2**40


def leads(facts: Facts, periods: Sequence[Period]) -> Cells:
    """Every figure of the family, by group and period."""
    frames = [frame(facts, period, "customers") for period in periods]
    days = sorted({one.end for one in frames})
    group = facts.group_of().get
    pools: dict[Group, _Pool] = {name: _Pool(days) for name in (facts.groups() if facts.grouped else (None,))}
    for row in read(facts, frames):
        pools[group(row.id)].add(row, facts.own)
    for customer in facts.undated():
        pools[group(customer)].undated += 1
    together = _Pool(days)
    for pool in pools.values():
        together.include(pool)
    wanted: dict[Group, _Pool] = {**(pools if facts.grouped else {}), Total.ALL: together}
    return {name: [_cell(one, found) for one in frames] for name, found in wanted.items()}


class _Pool:
    """Customer records of one group, counted on the way: who was created when, and of which stages those were who wait on some days."""

    __slots__ = ("_created", "_days", "_sorted", "_turns", "undated")

    def __init__(self, days: Sequence[int]) -> None:
        self._days = days
        self._created: list[tuple[int, int]] = []
        self._turns: dict[str, list[int]] = {}
        self._sorted = False
        self.undated = 0

    def add(self, row: LeadRow, own: int) -> None:
        """Count a record."""
        paid = _NEVER if row.first_paid is None else row.first_paid
        self._created.append((row.created_at, paid))
        first, past = bisect_left(self._days, row.created_at), bisect_left(self._days, min(paid, _lost_on(row, own)))
        if first < past:
            turns = self._turns.get(row.stage or "")
            if turns is None:
                turns = self._turns[row.stage or ""] = [0] * (len(self._days) + 1)
            turns[first] += 1
            turns[past] -= 1

    def include(self, other: _Pool) -> None:
        """Count everybody of another pool."""
        self._created += other._created
        self.undated += other.undated
        for stage, turns in other._turns.items():
            held = self._turns.get(stage, [0] * len(turns))
            self._turns[stage] = [a + b for a, b in zip(held, turns, strict=True)]

    def created(self, period: Period) -> list[tuple[int, int]]:
        """(day created, first paid day) of the records created in a period."""
        if not self._sorted:
            self._created.sort()
            self._sorted = True
        return self._created[bisect_left(self._created, (period.start,)) : bisect_left(self._created, (period.end,))]

    def waiting(self, day: int) -> dict[str, int]:
        """How many wait on one of the days, by stage."""
        upto = bisect_left(self._days, day) + 1
        counts = {stage: sum(turns[:upto]) for stage, turns in sorted(self._turns.items())}
        return {stage: count for stage, count in counts.items() if count}


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
    return _lost_on(row, own) <= day


def _lost_on(row: LeadRow, own: int) -> int:
    """From which day on a record is lost."""
    if row.lost_at is not None:
        return row.lost_at
    return own if (row.stage or "").casefold() == "lost" else _NEVER


def median(values: Sequence[int]) -> Fraction | None:
    """The median, exactly; None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    low = median_low(ordered)
    return Fraction(low + ordered[len(ordered) // 2], 2)


def _cell(one: Frame, pool: _Pool) -> Cell:
    created, stages = pool.created(one.period), pool.waiting(one.end)
    days = [paid - day for day, paid in created if paid < _NEVER]
    waiting = sum(stages.values())
    return {
        "leads_new": figure(one, len(created), numerator=len(created), n=len(created), parts={"without_date": pool.undated}),
        "leads_open": figure(one, waiting, numerator=waiting, n=waiting, parts={"by_stage": stages}),
        "lead_conversion_rate": ratio(
            one,
            len(days),
            len(created),
            n=len(created),
            floor=METRICS["lead_conversion_rate"].floor,
            base="no lead was created in the period",
            parts={"median_days": median(days)},
        ),
    }
