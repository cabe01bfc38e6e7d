"""Figures in a table: by group and period. And the movements that two families share. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from cstui.base.days import Period
from cstui.base.money import SCALE, exponent
from cstui.metrics import foreign as f
from cstui.metrics import movements as m
from cstui.metrics.facts import Facts
from cstui.metrics.figure import Figure, Frame


class Total(Enum):
    """The key of all customers in the filter together, beside the breakdown's groups."""

    ALL = "all"


Group = str | None | Total
Cell = Mapping[str, Figure]
"""Metric id → figure, of one group in one period."""
Cells = Mapping[Group, Sequence[Cell]]
"""Group → one cell a period, in the periods' order."""
Family = Callable[[Facts, Sequence[Period]], Cells]


@dataclass(frozen=True, slots=True)
class Moved:
    """One group's movements in one period: money in the workspace's currency, and beside it what needs a rate."""

    own: m.Movement
    foreign: f.ForeignTally | None

    def count(self, index: int, own: int) -> int:
        """A count over all customers: `own` of the workspace's currency and those in the foreign tally under `index`."""
        return own + (self.foreign.counts[index] if self.foreign else 0)

    @property
    def start_n(self) -> int:
        """Customers active at the start."""
        return self.own.start_n + (self.foreign.start_n if self.foreign else 0)

    @property
    def end_n(self) -> int:
        """Customers active at the end."""
        if self.foreign is None:
            return self.own.end_n
        counts = self.foreign.counts
        return self.own.end_n + self.foreign.start_n + counts[m.NEW_N] + counts[m.RETURNED_N] - counts[m.CHURNED_N]

    def subtotals(self, own: int, weights: Mapping[int, int], currency: str) -> dict[str, Fraction] | None:
        """By currency, in its major units, what a figure adds up: the sum of index × weight, with `own` of the workspace's.

        None when all the money under those indexes is in the workspace's currency.
        """
        if self.foreign is None:
            return None
        money = {code: amounts for code, amounts in self.foreign.money.items() if any(amounts[i] for i in weights)}
        if not money.keys() - {currency}:
            return None
        found = {code: sum(amounts[i] * weight for i, weight in weights.items()) for code, amounts in money.items()}
        if own or currency in found:
            found[currency] = found.get(currency, 0) + own
        return {code: major(amount, code) for code, amount in found.items()}

    def amount(self, own: int, index: int, currency: str) -> int:
        """Money in the workspace's currency: `own` and what mixed customers have in it under `index`. Minor × SCALE."""
        held = self.foreign.money.get(currency) if self.foreign else None
        return own + (held[index] if held else 0)


def major(scaled: int, currency: str) -> Fraction:
    """Minor × SCALE as major units."""
    return Fraction(scaled, SCALE * 10 ** exponent(currency))


def frame(facts: Facts, period: Period, kind: str) -> Frame:
    """The frame of a figure that rests on one kind of fact."""
    first, last = facts.coverage(kind)
    return Frame(period, facts.as_of, kind, first, last)


def moved(facts: Facts, periods: Sequence[Period]) -> dict[Group, list[Moved]]:
    """Movements by group and period; `Total.ALL` is always there."""
    own = _own(facts, periods)
    groups = facts.group_of() if facts.grouped else None
    strangers = facts.foreign_steps()
    tallies = f.tallies(strangers, groups, periods, facts.as_of) if strangers else {}
    keys: Sequence[str | None] = list(facts.groups()) if facts.grouped else [None]
    nothing = [m.NOTHING] * len(periods)
    by_group: dict[Group, list[Moved]] = {
        key: [Moved(own_part, tallies[key][i] if key in tallies else None) for i, own_part in enumerate(own.get(key, nothing))]
        for key in keys
    }
    total = [_together([by_group[key][i] for key in keys]) for i in range(len(periods))]
    return (by_group if facts.grouped else {}) | {Total.ALL: total}


def _together(parts: Sequence[Moved]) -> Moved:
    own = m.NOTHING
    for part in parts:
        own = m.add(own, part.own)
    tallies = [part.foreign for part in parts if part.foreign is not None]
    return Moved(own, f.merged(tallies) if tallies else None)


def _own(facts: Facts, periods: Sequence[Period]) -> dict[str | None, list[m.Movement]]:
    runs = m.runs(periods)
    if not facts.grouped and len(runs) == 1 and all(period.months == 1 for period in periods):
        cached = facts.month_tallies(Period(periods[0].start, periods[-1].end))
        if cached is not None:
            before, inside = cached
            start = m.roll(0, 0, [*before, [0] * m.WIDTH])[-1]
            return {None: m.roll(start.start_n, start.start, inside)}
    return m.sweep(facts.steps(), periods, facts.as_of, facts.group_of() if facts.grouped else None)
