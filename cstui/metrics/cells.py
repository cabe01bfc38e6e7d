"""Figures in a table: by group and period. And what several families share: movements, rows by group, converted money. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import TypeVar

from cstui.base.days import Period
from cstui.base.money import SCALE, exponent, to_major
from cstui.metrics import foreign as f
from cstui.metrics import movements as m
from cstui.metrics.facts import Facts
from cstui.metrics.figure import Figure, Frame
from cstui.metrics.rates import Rates


class Total(Enum):
    """The key of all customers in the filter together, beside the breakdown's groups."""

    ALL = "all"


Group = str | None | Total
Cell = Mapping[str, Figure]
"""Metric id → figure, of one group in one period."""
Cells = Mapping[Group, Sequence[Cell]]
"""Group → one cell a period, in the periods' order."""
Family = Callable[[Facts, Sequence[Period]], Cells]
Row = TypeVar("Row")


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

    def mixed(self, index: int, currency: str) -> int:
        """What customers of several currencies have in the workspace's, under `index`. Minor × SCALE."""
        held = self.foreign.money.get(currency) if self.foreign else None
        return held[index] if held else 0

    def elsewhere(self, index: int, currency: str) -> Iterator[tuple[str, int]]:
        """(currency, amount) of the foreign money under `index`, where there is any. Minor × SCALE."""
        if self.foreign is not None:
            for code, amounts in self.foreign.money.items():
                if code != currency and amounts[index]:
                    yield code, amounts[index]


def major(scaled: Fraction | int, currency: str) -> Fraction:
    """Minor × SCALE as major units."""
    return Fraction(scaled, SCALE * 10 ** exponent(currency))


class Purse:
    """Money of several currencies, gathered day by day: its worth in the workspace's, and what it is in each.

    A currency's rate is that of the money's own day. The workspace's own money stays whole numbers until it is asked for.
    """

    __slots__ = ("_converted", "_minor", "_rates", "lacking", "n")

    def __init__(self, rates: Rates) -> None:
        self._rates = rates
        self._minor: dict[str, Fraction | int] = {}
        self._converted: Fraction | None = Fraction(0)
        self.lacking: dict[str, int] = {}
        """Currencies without a rate, each with the first day put in that has none."""
        self.n = 0

    def add(self, minor: Fraction | int, code: str, day: int, n: int = 1) -> None:
        """Put money in: `n` rows of it."""
        self.n += n
        self._minor[code] = self._minor.get(code, 0) + minor
        if minor and code != self._rates.currency:
            worth = self._rates.major(minor, code, day)
            if worth is None:
                self._converted = None
                self.lacking[code] = min(day, self.lacking.get(code, day))
            elif self._converted is not None:
                self._converted += worth

    def include(self, other: Purse) -> None:
        """Put everything of another purse in."""
        self.n += other.n
        for code, minor in other._minor.items():
            self._minor[code] = self._minor.get(code, 0) + minor
        for code, day in other.lacking.items():
            self.lacking[code] = min(day, self.lacking.get(code, day))
        if self._converted is not None:
            self._converted = None if other._converted is None else self._converted + other._converted

    @property
    def currency(self) -> str:
        """The workspace's."""
        return self._rates.currency

    @property
    def worth(self) -> Fraction | None:
        """Major units of the workspace's currency; None where a rate is missing."""
        own = self._rates.currency
        return None if self._converted is None else self._converted + to_major(self._minor.get(own, 0), own)

    @property
    def subtotals(self) -> dict[str, Fraction]:
        """Currency → its own major units."""
        return {code: to_major(minor, code) for code, minor in self._minor.items()}


def by_group(facts: Facts, rows: Iterable[Row], customer: Callable[[Row], int]) -> dict[Group, list[Row]]:
    """Rows by their customer's group; `Total.ALL` holds them all."""
    total = list(rows)
    found: dict[Group, list[Row]] = {group: [] for group in facts.groups()} if facts.grouped else {}
    if facts.grouped:
        of = facts.group_of()
        for row in total:
            found.setdefault(of.get(customer(row)), []).append(row)
    return found | {Total.ALL: total}


def frame(facts: Facts, period: Period, kind: str) -> Frame:
    """The frame of a figure that rests on one kind of fact."""
    first, last = facts.coverage(kind)
    return Frame(period, facts.as_of, kind, first, last)


def moved(facts: Facts, periods: Sequence[Period]) -> dict[Group, list[Moved]]:
    """Movements by group and period; `Total.ALL` is always there."""
    own = _own(facts, periods)
    groups = facts.group_of() if facts.grouped else None
    strangers = facts.foreign_steps()
    tallies = f.tallies(strangers, groups, periods, facts.as_of, facts.rates) if strangers else {}
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


def cached_months(facts: Facts, periods: Sequence[Period]) -> tuple[Sequence[m.Tally], Sequence[m.Tally]] | None:
    """Tallies of (every month before, each of `periods`), where these are months without a gap and the cache answers for them."""
    if facts.grouped or len(m.runs(periods)) != 1 or any(period.months != 1 for period in periods):
        return None
    return facts.month_tallies(Period(periods[0].start, periods[-1].end))


def _own(facts: Facts, periods: Sequence[Period]) -> dict[str | None, list[m.Movement]]:
    cached = cached_months(facts, periods)
    if cached is not None:
        before, inside = cached
        start = m.roll(0, 0, [*before, [0] * m.WIDTH])[-1]
        return {None: m.roll(start.start_n, start.start, inside)}
    columns = facts.step_columns
    if columns is not None:
        from cstui.metrics.columns import sweep  # brings numpy along

        return sweep(columns, periods, facts.as_of, facts.grouping)
    return m.sweep(facts.steps(), periods, facts.as_of, facts.group_of() if facts.grouped else None)
