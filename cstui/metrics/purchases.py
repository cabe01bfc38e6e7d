"""Repeat purchase: who is active where nobody subscribes, worked out from the days on which customers bought.

A customer is active until they have lapsed: silent for longer than twice the median of their own gaps so far, or, after a single
purchase, than the 90th percentile of all gaps of the workspace. Pure; knows no money and no rows.
"""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from cstui.metrics.steps import Steps

SUBSCRIPTION, REPEAT_PURCHASE = "subscription", "repeat_purchase"
SHARE = (9, 10)
"""The percentile of the workspace's gaps that a single purchase is held against."""


class Stay(NamedTuple):
    """A purchase and the silence after it that still is no lapse."""

    day: int
    limit: int | None
    """Silent for more days than this is lapsed; None: nothing is known to hold the silence against."""
    own: bool
    """The limit is twice the median of the customer's own gaps."""

    @property
    def lapses(self) -> int | None:
        """The first day on which the customer has lapsed, if nothing is bought until then."""
        return None if self.limit is None else self.day + self.limit + 1


class Buying(NamedTuple):
    """Everybody's days of purchase as known, and what a single purchase is held against."""

    days: dict[int, list[int]]
    """Customer → days with a purchase, ascending; purchases of one day are one. All customers of the workspace."""
    single: int | None
    """The 90th percentile (nearest rank) of the gaps of the whole workspace; None while nobody has bought twice."""
    through: int
    """The last day that payments are known for: later silence is nobody's lapse."""

    def steps(self, customers: Iterable[int] | None = None) -> Iterator[tuple[int, Steps]]:
        """(customer, steps) of those who ever bought: level 1 while active, 0 while lapsed."""
        chosen = self.days if customers is None else (customer for customer in customers if customer in self.days)
        for customer in chosen:
            yield customer, steps_of(self.days[customer], self.single, self.through)

    def stays(self, customer: int) -> list[Stay]:
        """A customer's purchases, each with the silence it allows."""
        return stays(self.days.get(customer, ()), self.single)


def mode_of(switch: str, facts: Mapping[str, int]) -> str:
    """The mode in force, given how many facts of a kind there are: `auto` is by purchases only where there are payments alone."""
    if switch != "auto":
        return switch
    return REPEAT_PURCHASE if facts.get("payments") and not facts.get("subscriptions") else SUBSCRIPTION


def buying(purchases: Iterable[tuple[int, int]], through: int) -> Buying:
    """From (customer, day) pairs in order of both."""
    days: dict[int, list[int]] = {}
    gaps: dict[int, int] = {}
    for customer, day in purchases:
        own = days.get(customer)
        if own is None:
            days[customer] = [day]
        elif day != (last := own[-1]):
            own.append(day)
            gaps[day - last] = gaps.get(day - last, 0) + 1
    return Buying(days, nearest_rank(gaps, SHARE), through)


def nearest_rank(counts: dict[int, int], share: tuple[int, int]) -> int | None:
    """The percentile of values with their counts, by nearest rank: the least value that `share` of all do not pass. None of nothing."""
    total = sum(counts.values())
    rank = -(-total * share[0] // share[1])
    for value in sorted(counts):
        rank -= counts[value]
        if rank <= 0:
            return value
    return None


def stays(days: Sequence[int], single: int | None) -> list[Stay]:
    """Purchases, each with the silence allowed after it by the gaps known on that day."""
    found: list[Stay] = []
    gaps: list[int] = []
    for index, day in enumerate(days):
        if not index:
            found.append(Stay(day, single, own=False))
            continue
        insort(gaps, day - days[index - 1])
        twice = gaps[(index - 1) // 2] + gaps[index // 2]  # the two middle ones, or the middle one twice
        found.append(Stay(day, twice, own=True))
    return found


def steps_of(days: Sequence[int], single: int | None, through: int) -> Steps:
    """One customer's activity as steps of level 1 and 0, up to the last day that purchases are known for."""
    steps: Steps = [(days[0], 1)]
    held = stays(days, single)
    for stay, following in zip(held, [*days[1:], through + 1], strict=True):
        lapses = stay.lapses
        if lapses is not None and lapses < following:
            steps.append((lapses, 0))
            if following <= through:
                steps.append((following, 1))
    return steps
