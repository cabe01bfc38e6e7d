"""Customers whose MRR is not all in the workspace's currency.

Counts are whole; money is kept by currency, so that each level and movement can be valued at the rate it needs, and is never
added to the rest without one. Pure.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from cstui.base.days import Period
from cstui.metrics import movements as m
from cstui.metrics.rates import Rates
from cstui.metrics.steps import Steps, level_on

START, END = m.WIDTH, m.WIDTH + 1


@dataclass(slots=True)
class ForeignTally:
    """One period of one group: counts, and money by currency (minor × SCALE) under movements' indexes, START and END."""

    counts: list[int] = field(default_factory=lambda: [0] * m.WIDTH)
    start_n: int = 0
    money: dict[str, list[int]] = field(default_factory=dict)
    undecided: int = 0
    """Customers with more in one currency and less in another, and no rate that says which weighs more."""

    def amounts(self, currency: str) -> list[int]:
        """The currency's amounts, made when first asked for."""
        return self.money.setdefault(currency, [0] * (m.WIDTH + 2))


Levels = Mapping[str, int]
"""One customer's MRR by currency on a day. Minor × SCALE."""


def direction(before: Levels, after: Levels, worth: Callable[[int, str], Fraction | None]) -> int | None:
    """Whether a customer pays more (1), less (−1) or the same (0); None where only a rate that is missing could tell.

    `worth` values an amount of a currency at the rate of the period's start, as every movement is valued.
    """
    changes = {code: after[code] - before[code] for code in before if after[code] != before[code]}
    if all(change > 0 for change in changes.values()) or all(change < 0 for change in changes.values()):
        return next((1 if change > 0 else -1 for change in changes.values()), 0)
    total = Fraction(0)
    for code, change in changes.items():
        value = worth(change, code)
        if value is None:
            return None
        total += value
    return (total > 0) - (total < 0)


class Stranger:
    """One customer's steps by currency, with what every period asks of them."""

    __slots__ = ("days", "first", "paid", "steps")

    def __init__(self, steps: Mapping[str, Steps]) -> None:
        self.steps = steps
        self.days = sorted({day for own in steps.values() for day, _ in own})
        """Every day on which something changes."""
        self.paid = {day for day in self.days if any(level_on(own, day) for own in steps.values())}
        """Those from which on they pay."""
        self.first = min(self.paid, default=None)


def foreign_tally(customers: Iterable[Stranger], period: Period, as_of: int, rates: Rates) -> ForeignTally:
    """What such customers did between the start and the end of a period."""
    tally = ForeignTally()
    end = min(period.last, as_of)

    def worth(amount: int, code: str) -> Fraction | None:
        return rates.major(amount, code, period.start - 1)

    for one in customers:
        if one.first is None or one.first > end:
            continue
        before = {code: level_on(steps, period.start - 1) for code, steps in one.steps.items()}
        inside = one.days[bisect_left(one.days, period.start) : bisect_right(one.days, end)]
        after = {code: level_on(steps, end) for code, steps in one.steps.items()} if inside else before
        was, now = any(before.values()), any(after.values())
        for code in one.steps:
            amounts = tally.amounts(code)
            amounts[START] += before[code]
            amounts[END] += after[code]
        tally.start_n += was
        if not inside:
            continue
        tally.counts[m.FIRST_PAID] += one.first in period
        if was and now:
            tally.counts[m.LEFT_AND_BACK] += any(day not in one.paid for day in inside)
            _stayed(tally, before, after, direction(before, after, worth))
        else:
            _came_or_went(tally, before, after, one.first < period.start)
            tally.counts[m.JOINED_AND_LEFT] += not was and not now and any(day in one.paid for day in inside)
    return tally


def _stayed(tally: ForeignTally, before: Levels, after: Levels, way: int | None) -> None:
    """A customer active at both ends. Undecided, each currency's change stands on its own side: subtotals, never a sum."""
    tally.undecided += way is None
    tally.counts[m.EXPANDED_N] += way == 1
    tally.counts[m.CONTRACTED_N] += way == -1
    for code in before:
        change = after[code] - before[code]
        if way == 1 or (way is None and change > 0):
            tally.amounts(code)[m.EXPANSION] += change
        elif way == -1 or (way is None and change < 0):
            tally.amounts(code)[m.CONTRACTION] -= change


def _came_or_went(tally: ForeignTally, before: Levels, after: Levels, had_paid: bool) -> None:
    if any(before.values()):
        count, amount, levels = m.CHURNED_N, m.CHURNED, before
    elif any(after.values()):
        count, amount, levels = (m.RETURNED_N, m.REACTIVATION, after) if had_paid else (m.NEW_N, m.NEW, after)
    else:
        return
    tally.counts[count] += 1
    for code, level in levels.items():
        tally.amounts(code)[amount] += level


def tallies(
    customers: Mapping[int, Mapping[str, Steps]], groups: Mapping[int, str] | None, periods: Sequence[Period], as_of: int, rates: Rates
) -> dict[str | None, list[ForeignTally]]:
    """Tallies of every period by group (None: customers without one, or all)."""
    members: dict[str | None, list[Stranger]] = {}
    for customer, steps in customers.items():
        members.setdefault(groups.get(customer) if groups is not None else None, []).append(Stranger(steps))
    return {group: [foreign_tally(own, period, as_of, rates) for period in periods] for group, own in members.items()}


def merged(parts: Iterable[ForeignTally]) -> ForeignTally:
    """Tallies of disjoint sets of customers together."""
    total = ForeignTally()
    for part in parts:
        total.start_n += part.start_n
        total.undecided += part.undecided
        total.counts = [a + b for a, b in zip(total.counts, part.counts, strict=True)]
        for code, amounts in part.money.items():
            held = total.amounts(code)
            for i, amount in enumerate(amounts):
                held[i] += amount
    return total
