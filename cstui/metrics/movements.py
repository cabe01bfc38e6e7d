"""What happened to customers and their MRR between the start and the end of periods, from their steps.

One pass over the steps answers any number of periods that follow each other without a gap (a *run*); only periods in
which a customer's MRR steps cost anything. Point to point over each whole period, as metrics.md asks: a quarter is its own
run, never a sum of months. Pure integers; knows nothing of statuses or display.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from operator import add as plus
from typing import NamedTuple

from cstui.base.days import Period

(
    FIRST_PAID,
    NEW_N,
    NEW,
    EXPANDED_N,
    EXPANSION,
    CONTRACTED_N,
    CONTRACTION,
    CHURNED_N,
    CHURNED,
    RETURNED_N,
    REACTIVATION,
    LEFT_AND_BACK,
    JOINED_AND_LEFT,
) = range(13)
WIDTH = 13
Tally = list[int]
"""What moved in one period, by the indexes above; levels in minor units × SCALE."""


class Movement(NamedTuple):
    """One period's movements over a set of customers, with the levels on either side. Money in minor units × SCALE."""

    start_n: int
    start: int
    first_paid: int
    new_n: int
    new: int
    expanded_n: int
    expansion: int
    contracted_n: int
    contraction: int
    churned_n: int
    churned: int
    returned_n: int
    reactivation: int
    left_and_back: int
    joined_and_left: int

    @property
    def end_n(self) -> int:
        """Customers active at the end."""
        return self.start_n + self.new_n + self.returned_n - self.churned_n

    @property
    def end(self) -> int:
        """MRR at the end: the roll-forward, which holds by construction and is tested against the levels."""
        return self.start + self.new + self.expansion + self.reactivation - self.contraction - self.churned


NOTHING = Movement(*([0] * 15))


class Run:
    """Tallies for consecutive periods, filled customer by customer.

    `as_of` cuts what had not happened yet: the last period's end level is then the level on that day.
    """

    __slots__ = ("_as_of", "_index", "_start", "base", "base_n", "tallies")

    def __init__(self, periods: Sequence[Period], as_of: int) -> None:
        self._start = periods[0].start
        self._as_of = min(as_of, periods[-1].last)
        self._index = [i for i, period in enumerate(periods) for _ in range(period.end - period.start)]
        self.tallies: list[Tally] = [[0] * WIDTH for _ in periods]
        self.base_n = 0
        self.base = 0

    def add(self, steps: Iterable[tuple[int, int]]) -> None:  # noqa: C901, PLR0912  # every step of everybody: calls cost more than branches
        """Count one customer's steps (ascending)."""
        start, as_of = self._start, self._as_of
        level, paid, opened = 0, False, -1
        before, had_paid, fell, rose = 0, False, False, False
        counted = False
        for day, following in steps:
            if day > as_of:
                break
            if day >= start:
                index = self._index[day - start]
                if not counted:
                    counted = True
                    if level:
                        self.base_n += 1
                        self.base += level
                if index != opened:
                    if opened >= 0:
                        _close(self.tallies[opened], before, level, had_paid, fell, rose)
                    opened, before, had_paid, fell, rose = index, level, paid, False, False
                if following:
                    rose = True
                    if not paid:
                        self.tallies[index][FIRST_PAID] += 1
                else:
                    fell = True
            if following:
                paid = True
            level = following
        if opened >= 0:
            _close(self.tallies[opened], before, level, had_paid, fell, rose)
        elif level:
            self.base_n += 1
            self.base += level

    def movements(self) -> list[Movement]:
        """One movement a period, in order."""
        return roll(self.base_n, self.base, self.tallies)


def _close(tally: Tally, before: int, after: int, had_paid: bool, fell: bool, rose: bool) -> None:
    if before:
        if not after:
            tally[CHURNED_N] += 1
            tally[CHURNED] += before
            return
        if fell:
            tally[LEFT_AND_BACK] += 1
        if after > before:
            tally[EXPANDED_N] += 1
            tally[EXPANSION] += after - before
        elif after < before:
            tally[CONTRACTED_N] += 1
            tally[CONTRACTION] += before - after
    elif not after:
        if rose:
            tally[JOINED_AND_LEFT] += 1
    elif had_paid:
        tally[RETURNED_N] += 1
        tally[REACTIVATION] += after
    else:
        tally[NEW_N] += 1
        tally[NEW] += after


def roll(base_n: int, base: int, tallies: Sequence[Tally]) -> list[Movement]:
    """Tallies of consecutive periods and the level before them, as movements with levels."""
    counts = accumulate((t[NEW_N] + t[RETURNED_N] - t[CHURNED_N] for t in tallies), initial=base_n)
    levels = accumulate((t[NEW] + t[EXPANSION] + t[REACTIVATION] - t[CONTRACTION] - t[CHURNED] for t in tallies), initial=base)
    return [Movement(n, level, *tally) for n, level, tally in zip(counts, levels, tallies, strict=False)]


def tally_of(movement: Movement) -> Tally:
    """What moved, without the level it moved from."""
    return list(movement[2:])


def runs(periods: Sequence[Period]) -> list[list[int]]:
    """Indexes of `periods` (ascending) grouped into runs of periods that follow each other without gap or overlap."""
    found: list[list[int]] = []
    for i, period in enumerate(periods):
        if found and periods[found[-1][-1]].end == period.start:
            found[-1].append(i)
        else:
            found.append([i])
    return found


def sweep(
    customers: Iterable[tuple[int, Iterable[tuple[int, int]]]],
    periods: Sequence[Period],
    as_of: int,
    groups: Mapping[int, str] | None = None,
) -> dict[str | None, list[Movement]]:
    """Movements of all periods, in their order, by group (None: customers without one; all of them when `groups` is None).

    `customers` are (customer, steps), steps ascending. `periods` ascend.
    """
    parts = runs(periods)
    if groups is None and len(parts) == 1:
        run = Run(periods, as_of)
        for _, steps in customers:
            run.add(steps)
        return {None: run.movements()}
    tallies: dict[str | None, list[Run]] = {}

    def into(group: str | None) -> list[Run]:
        found = tallies.get(group)
        if found is None:
            found = tallies[group] = [Run([periods[i] for i in part], as_of) for part in parts]
        return found

    into(None)
    for customer, steps in customers:
        own = into(groups.get(customer) if groups is not None else None)
        if len(own) > 1:
            steps = list(steps)  # noqa: PLW2901  # steps may be read only once, and every run reads them
        for run in own:
            run.add(steps)
    return {group: _in_order(parts, own, len(periods)) for group, own in tallies.items()}


def _in_order(parts: Sequence[Sequence[int]], own: Sequence[Run], count: int) -> list[Movement]:
    """The movements of several runs, each in its period's place."""
    ordered = [NOTHING] * count
    for part, run in zip(parts, own, strict=True):
        for i, movement in zip(part, run.movements(), strict=True):
            ordered[i] = movement
    return ordered


def add(one: Movement, other: Movement) -> Movement:
    """Movements of two disjoint sets of customers together."""
    return Movement(*map(plus, one, other))
