"""The family of customers: who is active, who came, left, came back, grew. Counted from movements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from cstui.base.days import Period, iso
from cstui.base.formatting import count
from cstui.metrics import movements as m
from cstui.metrics.cells import Cell, Cells, Group, Moved, frame
from cstui.metrics.facts import Facts
from cstui.metrics.figure import MISSING_RATE, Figure, Frame, figure, ratio
from cstui.metrics.purchases import REPEAT_PURCHASE
from cstui.metrics.purchasing import no_mrr
from cstui.metrics.registry import METRICS


def figures(facts: Facts, periods: Sequence[Period], movements: Mapping[Group, Sequence[Moved]]) -> Cells:
    """The family's figures by group and period."""
    frames = [frame(facts, period, facts.paying) for period in periods]
    base = facts.switches.churn_base
    buying = {"customers_expanded": no_mrr()} if facts.mode == REPEAT_PURCHASE else {}
    return {
        group: [{**_cell(one, part, base), **buying} for one, part in zip(frames, parts, strict=True)] for group, parts in movements.items()
    }


def first_paid_n(part: Moved) -> int:
    """New customers: those whose first paid day ever is in the period."""
    return part.count(m.FIRST_PAID, part.own.first_paid)


def _cell(one: Frame, part: Moved, churn_base: str) -> Cell:
    own = part.own
    churned = part.count(m.CHURNED_N, own.churned_n)
    first_paid = first_paid_n(part)
    memo = {
        "left_and_came_back": part.count(m.LEFT_AND_BACK, own.left_and_back),
        "joined_and_left": part.count(m.JOINED_AND_LEFT, own.joined_and_left),
    }
    base = part.start_n + (first_paid if churn_base == "start+new" else 0)
    return {
        "customers_active": _count(one, part.end_n),
        "customers_new": _count(one, first_paid),
        "customers_churned": _count(one, churned, memo=memo),
        "customers_returned": _count(one, part.count(m.RETURNED_N, own.returned_n)),
        "customers_expanded": _expanded(one, part),
        "customer_churn_rate": ratio(
            one,
            churned,
            base,
            n=base,
            floor=METRICS["customer_churn_rate"].floor,
            base=f"nobody was active on {iso(one.period.start - 1)}",
        ),
    }


def _count(one: Frame, value: int, memo: dict[str, int] | None = None) -> Figure:
    return figure(one, value, numerator=value, n=value, parts={"memo": memo} if memo is not None else None)


def _expanded(one: Frame, part: Moved) -> Figure:
    if part.foreign is not None and part.foreign.undecided and not one.outside:
        some = count(part.foreign.undecided, "customer has", "customers have")
        reason = f"{some} more in one currency and less in another, and there is no exchange rate"
        return Figure(None, MISSING_RATE, reason, n=part.foreign.undecided)
    value = part.count(m.EXPANDED_N, part.own.expanded_n)
    return figure(one, Fraction(value), numerator=value, n=value)
