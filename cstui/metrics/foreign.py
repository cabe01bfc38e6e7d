"""Customers whose MRR is not all in the workspace's currency.

Without a rate their money is never added to the rest: counts stay whole, money is kept by currency, and the figure
says which rate is missing. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from cstui.base.days import Period
from cstui.metrics import movements as m
from cstui.metrics.steps import Steps, level_on

START, END = m.WIDTH, m.WIDTH + 1


@dataclass(slots=True)
class ForeignTally:
    """One period of one group: counts, and money by currency (minor × SCALE) under movements' indexes, START and END."""

    counts: list[int] = field(default_factory=lambda: [0] * m.WIDTH)
    start_n: int = 0
    money: dict[str, list[int]] = field(default_factory=dict)
    undecided: int = 0
    """Customers with more in one currency and less in another: up or down depends on the rate."""

    def amounts(self, currency: str) -> list[int]:
        """The currency's amounts, made when first asked for."""
        return self.money.setdefault(currency, [0] * (m.WIDTH + 2))


def foreign_tally(customers: Iterable[Mapping[str, Steps]], period: Period, as_of: int) -> ForeignTally:
    """What such customers did between the start and the end of a period."""
    tally = ForeignTally()
    end = min(period.last, as_of)
    for by_currency in customers:
        days = sorted({day for steps in by_currency.values() for day, _ in steps if day <= end})
        paid = [day for day in days if any(level_on(steps, day) for steps in by_currency.values())]
        before = {code: level_on(steps, period.start - 1) for code, steps in by_currency.items()}
        after = {code: level_on(steps, end) for code, steps in by_currency.items()}
        inside = [day for day in days if day >= period.start]
        tally.start_n += any(before.values())
        tally.counts[m.FIRST_PAID] += bool(paid) and paid[0] in period
        for code in by_currency:
            tally.amounts(code)[START] += before[code]
            tally.amounts(code)[END] += after[code]
        _classify(tally, before, after, bool(paid) and paid[0] < period.start)
        if any(before.values()) and any(after.values()):
            tally.counts[m.LEFT_AND_BACK] += any(day not in paid for day in inside)
        elif not any(before.values()) and not any(after.values()):
            tally.counts[m.JOINED_AND_LEFT] += any(day in paid for day in inside)
    return tally


def _classify(tally: ForeignTally, before: Mapping[str, int], after: Mapping[str, int], had_paid: bool) -> None:
    if any(before.values()) and any(after.values()):
        ups = [code for code in before if after[code] > before[code]]
        downs = [code for code in before if after[code] < before[code]]
        for code in ups:
            tally.amounts(code)[m.EXPANSION] += after[code] - before[code]
        for code in downs:
            tally.amounts(code)[m.CONTRACTION] += before[code] - after[code]
        tally.undecided += bool(ups and downs)
        tally.counts[m.EXPANDED_N] += bool(ups and not downs)
        tally.counts[m.CONTRACTED_N] += bool(downs and not ups)
        return
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
    customers: Mapping[int, Mapping[str, Steps]], groups: Mapping[int, str] | None, periods: Sequence[Period], as_of: int
) -> dict[str | None, list[ForeignTally]]:
    """Tallies of every period by group (None: customers without one, or all)."""
    members: dict[str | None, list[Mapping[str, Steps]]] = {}
    for customer, steps in customers.items():
        members.setdefault(groups.get(customer) if groups is not None else None, []).append(steps)
    return {group: [foreign_tally(steps, period, as_of) for period in periods] for group, steps in members.items()}


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
