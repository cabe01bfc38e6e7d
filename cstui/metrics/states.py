"""Where every customer stands at both ends of a period, and which of them a figure of customers or of recurring revenue counts.

Pure; one pass over everybody's levels, which there may be a hundred thousand of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from cstui.base.days import Period
from cstui.metrics.facts import Facts
from cstui.metrics.foreign import direction
from cstui.metrics.steps import level_on


class State(NamedTuple):
    """A customer at both ends of a period."""

    customer: int
    before: int
    """MRR on the day before the period (minor × SCALE); of a customer with foreign money only whether there is any."""
    after: int
    """MRR on its last day, likewise."""
    first_paid: bool
    """Their first paid day ever is inside."""
    more: bool
    less: bool
    foreign: bool = False
    """Some of their MRR is, or was, in another currency."""

    @property
    def returned(self) -> bool:
        """Active at the end, not at the start, had paid before."""
        return bool(self.after and not self.before and not self.first_paid)


def states(facts: Facts, period: Period) -> Iterator[State]:
    """Everybody who pays at one end of a period, or paid for the first time inside it."""
    start = period.start
    end = min(period.last, facts.as_of)
    for customer, before, after, first in facts.levels(start - 1, end):
        yield State(customer, before, after, first >= start, after > before, after < before)
    yield from _foreign(facts, period, end)


def _foreign(facts: Facts, period: Period, end: int) -> Iterator[State]:
    def worth(amount: int, code: str) -> Fraction | None:
        return facts.rates.major(amount, code, period.start - 1)

    for customer, by_currency in facts.foreign_steps().items():
        paid = [day for steps in by_currency.values() for day, level in steps if level and day <= end]
        if not paid:
            continue
        before = {code: level_on(steps, period.start - 1) for code, steps in by_currency.items()}
        after = {code: level_on(steps, end) for code, steps in by_currency.items()}
        way = direction(before, after, worth)
        was, now = any(before.values()), any(after.values())
        yield State(customer, was, now, min(paid) in period, way == 1 or way is None, way == -1 or way is None, foreign=True)


CHOICE: Mapping[str, Callable[[State], object]] = {
    "customers_active": lambda s: s.after,
    "customers_new": lambda s: s.first_paid,
    "customers_churned": lambda s: s.before and not s.after,
    "customers_returned": lambda s: s.returned,
    "customers_expanded": lambda s: s.before and s.after and s.more and not s.less,
    "mrr": lambda s: s.after,
    "mrr_new": lambda s: s.after and not s.before and s.first_paid,
    "mrr_expansion": lambda s: s.before and s.after and s.more,
    "mrr_contraction": lambda s: s.before and s.after and s.less,
    "mrr_churned": lambda s: s.before and not s.after,
    "mrr_reactivation": lambda s: s.returned,
    "grr": lambda s: s.before,
    "nrr": lambda s: s.before,
    "revenue_churn_rate": lambda s: s.before,
    "quick_ratio": lambda s: bool(s.before) != bool(s.after) or s.more or s.less,
    "mrr_fx": lambda s: s.after and s.foreign,
}
"""Metric → whether it counts a customer. Truthy or not: this is asked of everybody."""


def chosen(facts: Facts, name: str, period: Period) -> Iterator[State]:
    """The customers that a metric of `CHOICE` counts in a period."""
    return filter(CHOICE[name], states(facts, period))
