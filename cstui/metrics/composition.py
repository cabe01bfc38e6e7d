"""What a figure is made of, in one period: the formula, and the figures of other metrics and periods that it names. Pure.

Most say it in the registry; a few depend on what there is: months without a base, a margin that a person has set, no costs at all.
"""

from __future__ import annotations

from typing import NamedTuple

from cstui.base.days import Period, month_of, months
from cstui.metrics.compute import compute
from cstui.metrics.facts import Facts
from cstui.metrics.margin import margin_window, reach_of
from cstui.metrics.registry import Metric
from cstui.metrics.worth import churn_months


class Piece(NamedTuple):
    """A figure inside a formula."""

    label: str
    """As the formula names it: a metric, or `METRIC.start`, `METRIC.window`, `METRIC.m1`."""
    metric: str
    period: Period


class Composition(NamedTuple):
    """A formula and its pieces; a counted figure has none, and rows instead."""

    formula: str
    pieces: tuple[Piece, ...]
    counted: bool


def composition(facts: Facts, one: Metric, period: Period) -> Composition:
    """What a metric is made of in a period."""
    if one.id == "gross_margin" and facts.switches.gross_margin != "computed":
        return Composition(facts.switches.gross_margin, (), counted=False)
    if one.id == "clv":
        return _clv(facts, period)
    return Composition(one.formula, tuple(_piece(part, period) for part in one.composed), counted=not one.composed)


def _piece(part: str, period: Period) -> Piece:
    name, _, when = part.partition(".")
    if part == "one_off_revenue":
        return Piece(part, name, months(month_of(period.last) - 2, 3))
    return Piece(part, name, period.previous if when == "start" else period)


def _clv(facts: Facts, period: Period) -> Composition:
    window = churn_months(period)
    rates = [answers.metrics["customer_churn_rate"].figure.value for answers in compute(facts, ["customer_churn_rate"], window)]
    known = [month for month, rate in zip(window, rates, strict=True) if rate is not None]
    monthly = [Piece(f"customer_churn_rate.m{len(window) - window.index(month)}", "customer_churn_rate", month) for month in known]
    margin = _margin(facts, period)
    mean = f"mean({', '.join(piece.label for piece in monthly)})" if monthly else "customer_churn_rate"
    formula = f"arpc{''.join(f' * {piece.label}' for piece in margin)} * min(60, 1 / {mean})"
    return Composition(formula, (Piece("arpc", "arpc", period), *margin, *monthly), counted=False)


def _margin(facts: Facts, period: Period) -> tuple[Piece, ...]:
    """The margin's own figure; none where it is 1 for want of costs."""
    if facts.switches.gross_margin != "computed":
        return (Piece("gross_margin", "gross_margin", period),)
    reach = reach_of(period)
    if not any(day in reach for day in facts.cost_days()):
        return ()
    window = margin_window(facts, period)
    return (Piece("gross_margin.window", "gross_margin", window or reach),)
