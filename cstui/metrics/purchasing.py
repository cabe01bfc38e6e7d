"""The family of recurring revenue in repeat-purchase mode: what has no meaning there says so, the rest is told from payments. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from cstui.base.days import Period, iso
from cstui.metrics.cells import Cells, Group, Moved, frame
from cstui.metrics.facts import Facts
from cstui.metrics.figure import MISSING_RATE, NO_DATA, Figure, Frame, ratio
from cstui.metrics.registry import METRICS, Metric
from cstui.metrics.revenue import paid_in, purse_figure

NO_MRR = "nothing recurs in repeat-purchase mode: see revenue and customers, or import subscriptions (switch mode)"
"""Why a figure of MRR is unknown."""


def no_mrr() -> Figure:
    """A figure that only subscriptions have."""
    return Figure(None, NO_DATA, NO_MRR)


def figures(facts: Facts, periods: Sequence[Period], movements: Mapping[Group, Sequence[Moved]]) -> Cells:
    """The family's figures by group and period."""
    nothing = {name: no_mrr() for name, one in METRICS.items() if one.family == "recurring"}
    frames = [frame(facts, period, facts.paying) for period in periods]
    paid = paid_in(facts, periods)
    return {
        group: [
            nothing | {"arpc": _arpc(one, purse_figure(one, held.net, facts.currency), part)}
            for one, held, part in zip(frames, paid[group], parts, strict=True)
        ]
        for group, parts in movements.items()
    }


def _arpc(one: Frame, revenue: Figure, part: Moved) -> Figure:
    """Net revenue of a month, on the mean of the period's months, of each customer active at the end."""
    if revenue.status == MISSING_RATE:
        return revenue
    monthly = (revenue.value or Fraction(0)) / months_in(one.period)
    return ratio(one, monthly, part.end_n, n=part.end_n, floor=0, base=f"nobody was active on {iso(one.end)}")


def months_in(period: Period) -> Fraction:
    """How many months a period is: calendar months where it is whole ones, else its days ÷ (365 ÷ 12)."""
    return Fraction(period.months) if period.months else Fraction((period.end - period.start) * 12, 365)


def described(one: Metric, period: Period) -> Metric:
    """A metric as it is made up in repeat-purchase mode."""
    switches = tuple(name for name in one.switches if name not in {"past_due_days", "reactivation_gap_days"})
    if one.id != "arpc":
        return replace(one, switches=switches)
    months = str(period.months) if period.months else f"({period.end - period.start} * 12 / 365)"
    return replace(one, switches=switches, formula=f"revenue / {months} / customers_active", composed=("revenue", "customers_active"))
