"""Goals: a value that a person wants a metric to have, how it reads in a period, and how far the figure is from it.

A goal is for a month. Of a longer period of whole months, what adds up month by month is measured against as many goals;
a rate over a month (churn, retention) has no goal there; a level, a mean or a score has the same one. Of metrics that are
better lower the goal is a limit. The first overview reads goals, so it is light: engine and parser come when one is set.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from cstui.base import formatting as fmt
from cstui.base.errors import UsageError

if TYPE_CHECKING:
    from datetime import date

    from cstui.base.ask import View
    from cstui.base.days import Period
    from cstui.desk.workspace import Workspace
    from cstui.metrics.registry import Metric

ADDS_UP = frozenset(
    "customers_new customers_churned customers_returned customers_expanded leads_new mrr_new mrr_expansion mrr_contraction mrr_churned "
    "mrr_reactivation mrr_fx mrr_net_new revenue one_off_revenue costs profit profit_per_customer".split()
)
"""Metrics whose goal for a quarter is three times that for a month."""
BY_THE_MONTH = frozenset("customer_churn_rate revenue_churn_rate grr nrr".split())
"""Rates that mean something else over a longer period."""
NOWHERE = frozenset(("", "none", "-"))
"""What takes a goal away."""
_SHORT = {"k": 10**3, "m": 10**6}


class Progress(NamedTuple):
    """A figure against its goal."""

    goal: Fraction
    reached: bool | None
    """None where the metric is neither better higher nor lower."""
    share: Fraction | None
    """How much of the way is done, 0 to 1, for a bar; None where no share can be drawn (a goal or value of 0 or less)."""
    words: str
    """`91 % of $200k`, `✓ $200k met`, `✓ under 3.0 %`, `0.6 pt over 2.0 %`."""


class Goal(NamedTuple):
    """A metric's goal, and where the metric stands in a period."""

    metric: Metric
    goal: Fraction
    """For a month, as it was set."""
    value: Fraction | None
    reason: str | None
    """Why there is no value, or no goal for this period."""
    progress: Progress | None

    def to_json(self) -> dict[str, Any]:
        """An entry of `cstui goals --json`."""
        from cstui.desk.figures import number

        whole, done = self.metric.unit == "count", self.progress
        found = {"metric": self.metric.id, "unit": self.metric.unit, "better": self.metric.better, "goal": number(self.goal, whole=whole)}
        return found | {
            "goal_in_period": None if done is None else number(done.goal, whole=whole),
            "value": number(self.value, whole=whole),
            "reached": None if done is None else done.reached,
            "share": None if done is None else number(done.share, whole=False),
            "reason": self.reason,
        }


class Goals(NamedTuple):
    """Every goal of a workspace, in the catalogue's order, against one period."""

    as_of: int | None
    currency: str
    period: Period
    goals: tuple[Goal, ...]

    def to_json(self) -> dict[str, Any]:
        """The document of docs/commands.md, `cstui goals --json`."""
        from cstui.desk.figures import header, period_json

        head = header(self.as_of, self.currency, ())
        return head | {"period": period_json(self.period, self.as_of), "goals": [goal.to_json() for goal in self.goals]}


def in_period(metric: str, goal: Fraction, period: Period) -> Fraction | None:
    """The goal for a period; None where it has none."""
    months = period.months
    if months == 1 or metric not in ADDS_UP | BY_THE_MONTH:
        return goal
    return goal * months if months is not None and metric in ADDS_UP else None


def no_goal(metric: str) -> str:
    """Why a goal is none for a period, in words."""
    return "the goal is for a month" if metric in BY_THE_MONTH else "the goal is for whole months"


def progress(value: Fraction, goal: Fraction, unit: str, better: str, currency: str) -> Progress:
    """How a figure stands against its goal. `unit` as `formatting.unit_of` gives it."""
    shown = fmt.wish(goal, unit, currency)
    gap = _gap(abs(value - goal), unit, currency)
    if better == "neither":
        side = "at" if value == goal else f"{gap} {'above' if value > goal else 'below'}"
        return Progress(goal, None, None, f"{side} {shown}")
    if better == "lower":
        share = min(Fraction(1), goal / value) if goal > 0 and value > 0 else None
        met = value <= goal
        return Progress(goal, met, Fraction(1) if met else share, f"✓ under {shown}" if met else f"{gap} over {shown}")
    if value >= goal:
        return Progress(goal, True, Fraction(1), f"✓ {shown} met")
    if goal > 0 and value >= 0:
        return Progress(goal, False, value / goal, f"{_below(value / goal)} of {shown}")
    return Progress(goal, False, None, f"{gap} below {shown}")


def _gap(size: Fraction, unit: str, currency: str) -> str:
    if unit == "ratio":
        return fmt.points(size)
    return fmt.money_compact(size, currency) if unit == "money" else fmt.figure(size, unit, currency).removeprefix("+")


def _below(share: Fraction) -> str:
    """A share that is short of the whole never reads 100 %."""
    return fmt.percent(share, 0) if fmt.rounded(share, 2) < 100 else fmt.percent(Fraction(int(share * 1000), 1000))


def bar(share: Fraction, width: int) -> str:
    """`━━━━━━┄┄`: a share of the way as a bar whose two parts differ in shape, not in colour alone."""
    full = width if share >= 1 else min(width - 1, int(share * width + Fraction(1, 2)))
    return "━" * full + "┄" * (width - full)


def held(settings: Mapping[str, str]) -> dict[str, Fraction]:
    """Metric → goal for a month, as the workspace keeps them."""
    return {name: Fraction(value) for name, value in settings.items()}


def parse(metric: Metric, text: str) -> Fraction:
    """A goal as a person writes it: `200,000`, `200k`, `2 %`, `۲٪`. Raises UsageError for what is no value of the metric."""
    from cstui.ingest.failures import Bad
    from cstui.ingest.numbers import decimal_of

    unit = fmt.unit_of(metric.id, metric.unit)
    written = text.strip()
    short = re.fullmatch(r"(.*\S)\s*([kKmM])", written)
    found = decimal_of(short[1] if short else written, money=unit == "money")
    if isinstance(found, Bad):
        raise UsageError(f"“{text}” is no goal for {metric.label}: {found.message}")
    value = Fraction(found) * (_SHORT[short[2].lower()] if short else 1)
    percent = "%" in written or "٪" in written
    if percent and unit != "ratio":
        raise UsageError(f"{metric.label} is not a percentage; write its goal as a number.")
    if unit == "ratio" and not percent and value > Fraction(3, 2):
        raise UsageError(f"{metric.label} is a share: write its goal as {fmt.number(value, 0)} % or as a decimal such as 0.02.")
    if unit == "count" and value.denominator != 1:
        raise UsageError(f"{metric.label} is counted in whole numbers.")
    if value < 0 and unit not in ("money", "score"):
        raise UsageError(f"{metric.label} is never below 0.")
    return value


def written(value: Fraction, unit: str) -> str:
    """A goal as it may be typed again, without losing a digit."""
    shown = value * 100 if unit == "ratio" else value
    text = f"{Decimal(shown.numerator) / Decimal(shown.denominator):f}"
    return f"{text} %" if unit == "ratio" else text


def set_goal(ws: Workspace, name: str, text: str) -> Fraction | None:
    """Set a metric's goal, or take it away (`none`, or blank). Raises UnknownMetric, UsageError."""
    from cstui.metrics.registry import metric
    from cstui.store import notes

    one = metric(name)
    value = None if text.strip().casefold() in NOWHERE else parse(one, text)
    with ws.write() as db:
        notes.set_goal(db, one.id, None if value is None else str(value))
    return value


def goals(ws: Workspace, view: View, today: date, only: str | None = None) -> Goals:
    """Every goal against the period of the view (without one, the last complete month); `only` of one metric. Raises UnknownMetric."""
    from cstui.base.ask import View as Frame
    from cstui.desk.overview import period_of
    from cstui.metrics.compute import compute
    from cstui.metrics.registry import METRICS, metric
    from cstui.store import notes
    from cstui.store.facts import SqlFacts

    wanted = METRICS if only is None else {metric(only).id: None}
    with ws.read() as db:
        kept = held(notes.goals(db))
        ids = [name for name in METRICS if name in kept and name in wanted]
        facts = SqlFacts(db, Frame(view.choice, view.where, None, view.as_of))
        period = period_of(facts, view, today)
        answers = compute(facts, ids, [period])[0].metrics if ids else {}
        as_of = None if facts.empty and view.as_of is None else facts.as_of
        found = []
        for name in ids:
            figure, wished = answers[name].figure, in_period(name, kept[name], period)
            found.append(_goal(METRICS[name], kept[name], wished, figure.value, figure.reason, facts.currency))
        return Goals(as_of, facts.currency, period, tuple(found))


def _goal(one: Metric, kept: Fraction, wished: Fraction | None, value: Fraction | None, reason: str | None, currency: str) -> Goal:
    if wished is None:
        return Goal(one, kept, value, no_goal(one.id), None)
    if value is None:
        return Goal(one, kept, None, reason, None)
    return Goal(one, kept, value, None, progress(value, wished, fmt.unit_of(one.id, one.unit), one.better, currency))
