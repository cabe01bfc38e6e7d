"""Customers' MRR steps as columns, and what moved read from them at once, for workspaces of many customers. Pure.

The rules are those of `movements`. numpy is imported with this module, so whoever needs it imports it late.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from cstui.base.days import Period, month_of, month_start
from cstui.metrics import movements as m

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]

_HALF = 32
_AT_ONCE = 1 << 20
"""So many halves of 64-bit numbers add up exactly in a double."""


def distinct(values: Ints) -> Ints:
    """Ascending, each once. By sorting: among millions, of which many are alike, numpy's own way by hashing takes ten times as long."""
    found = np.sort(values, kind="stable")
    if len(found) < 2:  # one is alike to none
        return found
    first = np.empty(len(found), dtype=np.bool_)
    first[0] = True
    np.not_equal(found[1:], found[:-1], out=first[1:])
    alone: Ints = found[first]
    return alone


@dataclass(frozen=True, slots=True)
class Grouping:
    """Customers by the value of a field."""

    names: tuple[str | None, ...]
    """The groups; None, the last, is of those without a value."""
    code: Ints
    """By customer: the index of their group."""

    def of(self, customers: Ints) -> Ints:
        """The groups' indexes of some customers."""
        found: Ints = self.code[np.minimum(customers, len(self.code) - 1)]
        return found


def grouping(members: Mapping[str, Ints]) -> Grouping:
    """Value → who has it, as the group of everybody; whoever is nowhere has none."""
    names: tuple[str | None, ...] = (*members, None)
    most = max((int(customers.max()) for customers in members.values() if len(customers)), default=0)
    code = np.full(most + 2, len(members), dtype=np.int64)
    for index, customers in enumerate(members.values()):
        code[customers] = index
    return Grouping(names, code)


NOBODY = Grouping((None,), np.zeros(1, dtype=np.int64))
"""All customers in one group."""


@dataclass(frozen=True, slots=True)
class StepColumns:
    """The steps of many customers, one customer's after another's, each ascending by day."""

    customer: Ints
    """One each, in any order."""
    first: Ints
    """The place of each one's first step. As MRR begins at 0, that is the first paid day."""
    day: Ints
    level: Ints
    """Minor units × SCALE."""

    def levels(self, day: int) -> Ints:
        """Each customer's level on a day."""
        upto = np.zeros(len(self.day) + 1, dtype=np.int64)
        np.cumsum(self.day <= day, out=upto[1:])
        ends = np.append(self.first[1:], len(self.day))
        seen = upto[ends] - upto[self.first]
        found: Ints = np.where(seen > 0, self.level[self.first + np.maximum(seen, 1) - 1], 0)
        return found


def grid(steps: StepColumns, complete: int, since: int) -> dict[int, list[tuple[int, Fraction | int, int]]]:
    """By month of the first paid day, from `since` on: (active, their level, everybody) at the end of it and each month to `complete`."""
    if not len(steps.day):
        return {}
    first = steps.day[steps.first]
    months = range(max(since, month_of(int(first.min()))), complete + 1)
    starts = np.array([month_start(month) for month in (*months, complete + 1)])
    cohort = np.searchsorted(starts, first, side="right") - 1
    inside = (cohort >= 0) & (cohort < len(months))
    own = cohort[inside]
    everybody = np.bincount(own, minlength=len(months)).tolist()
    found: dict[int, list[tuple[int, Fraction | int, int]]] = {month: [] for month, n in zip(months, everybody, strict=True) if n}
    for past in range(1, len(starts)):
        level = steps.levels(int(starts[past]) - 1)[inside]
        active, total = np.bincount(own[level > 0], minlength=len(months)).tolist(), sums(own, level, len(months))
        for place, one in enumerate(months[:past]):
            if one in found:
                found[one].append((active[place], total[place], everybody[place]))
    return found


def won(steps: StepColumns, span: Period, groups: Grouping) -> Iterator[tuple[str | None, int, int]]:
    """(group, day, level on it) of those whose first paid day is in a span, added up by group and day."""
    day = steps.day[steps.first]
    inside = (day >= span.start) & (day < span.end)
    width = span.end - span.start
    keys = groups.of(steps.customer[inside]) * width + (day[inside] - span.start)
    for key, level in enumerate(sums(keys, steps.level[steps.first][inside], width * len(groups.names))):
        if level:
            yield groups.names[key // width], span.start + key % width, level


@dataclass(frozen=True, slots=True)
class ScoreColumns:
    """Answers in the order they were given."""

    id: Ints
    customer: Ints
    day: Ints
    code: Ints
    """Of each answer, the place in `said` of what it says."""
    said: Sequence[str]
    """Score and scale, with a space between: everything that was said, once each."""

    def before(self, day: int) -> ScoreColumns:
        """Those of the days before one."""
        upto = int(np.searchsorted(self.day, day))
        return ScoreColumns(self.id[:upto], self.customer[:upto], self.day[:upto], self.code[:upto], self.said)


def latest_say(answers: ScoreColumns, counts: Mapping[str, bool | None], ends: Sequence[int], groups: Grouping) -> list[list[int]]:
    """By day and group: whose latest answer before the day counts. What is None in `counts` is no answer at all."""
    return [np.bincount(groups.of(who), minlength=len(groups.names)).tolist() for who, _ in _latest(answers, counts, ends)]


def latest_saying(answers: ScoreColumns, counts: Mapping[str, bool | None], ends: Sequence[int]) -> list[dict[int, int]]:
    """By day: whose latest answer before the day counts, and its id."""
    return [dict(zip(who.tolist(), ids.tolist(), strict=True)) for who, ids in _latest(answers, counts, ends)]


def _latest(answers: ScoreColumns, counts: Mapping[str, bool | None], ends: Sequence[int]) -> list[tuple[Ints, Ints]]:
    """By day: (customers, answers) of those whose latest answer before it counts, by customer."""
    those = np.array([counts[words] is not None for words in answers.said], dtype=np.bool_)[answers.code]
    good = np.array([bool(counts[words]) for words in answers.said], dtype=np.bool_)[answers.code][those]
    ids, customer, day = answers.id[those], answers.customer[those], answers.day[those]
    last = np.full(int(customer.max(initial=0)) + 1, -1)
    found: dict[int, tuple[Ints, Ints]] = {}
    done = 0
    for end in sorted(set(ends)):
        upto = int(np.searchsorted(day, end))
        last[customer[done:upto]] = np.arange(done, upto)  # of one customer's answers the last stays
        who = np.flatnonzero(last >= 0)
        who = who[good[last[who]]]
        found[end] = who, ids[last[who]]
        done = upto
    return [found[end] for end in ends]


def sums(keys: Ints, amounts: Ints, size: int) -> list[int]:
    """Amounts by key, exactly: a sum may pass 64 bits."""
    total = [0] * size
    for start in range(0, len(keys), _AT_ONCE):
        own, part = keys[start : start + _AT_ONCE], amounts[start : start + _AT_ONCE]
        high = np.bincount(own, part >> _HALF, size)
        low = np.bincount(own, part & ((1 << _HALF) - 1), size)
        total = [held + (int(h) << _HALF) + int(n) for held, h, n in zip(total, high.tolist(), low.tolist(), strict=True)]
    return total


def sweep(steps: StepColumns, periods: Sequence[Period], as_of: int, groups: Grouping) -> dict[str | None, list[m.Movement]]:
    """As `movements.sweep`: movements of all periods, in their order, by group. `periods` ascend."""
    owner = np.repeat(np.arange(len(steps.customer)), np.diff(steps.first, append=len(steps.day)))
    code = groups.of(steps.customer)
    found: dict[str | None, list[m.Movement]] = {name: [m.NOTHING] * len(periods) for name in groups.names}
    for part in m.runs(periods):
        for name, movements in zip(
            groups.names, _run(steps, owner, code, [periods[i] for i in part], as_of, len(groups.names)), strict=True
        ):
            for i, movement in zip(part, movements, strict=True):
                found[name][i] = movement
    return found


def _run(steps: StepColumns, owner: Ints, code: Ints, run: Sequence[Period], as_of: int, groups: int) -> list[list[m.Movement]]:
    """Movements of periods that follow each other, by group: each stretch of a customer's steps in one period is looked at once."""
    width = len(run) + 1
    known = np.flatnonzero(steps.day <= min(as_of, run[-1].last))
    day, who = steps.day[known], owner[known]
    place = np.searchsorted(np.array([period.start for period in run]), day, side="right")  # 0: before the first period
    stretch = who * width + place
    opens = np.flatnonzero(np.concatenate(([True], stretch[1:] != stretch[:-1]))) if len(stretch) else np.zeros(0, dtype=np.int64)
    closes = np.append(opens[1:], len(stretch)) - 1 if len(stretch) else opens
    level = steps.level[known]
    new = steps.first[who[opens]] == known[opens]  # the customer's first step opens it
    before = np.where(new, 0, level[opens - 1])
    after = level[closes]
    paying = level > 0
    rose = np.logical_or.reduceat(paying, opens) if len(opens) else paying
    fell = np.logical_or.reduceat(~paying, opens) if len(opens) else paying
    return _counted(_Stretches(code[who[opens]] * width + place[opens], before, after, new, rose, fell), width, groups)


@dataclass(frozen=True, slots=True)
class _Stretches:
    """One customer's steps in one period each; those before the first period are one stretch of place 0."""

    key: Ints
    """Group × periods + place."""
    before: Ints
    after: Ints
    new: Flags
    rose: Flags
    fell: Flags


def _counted(every: _Stretches, width: int, groups: int) -> list[list[m.Movement]]:
    was, now = every.before > 0, every.after > 0
    change = every.after - every.before
    stayed = was & now
    came, left = ~was & now, was & ~now
    size = width * groups
    tallies: list[list[int]] = [[0] * m.WIDTH for _ in range(size)]

    def put(which: Flags, count: int, money: int | None, amounts: Ints) -> None:
        keys = every.key[which]
        for tally, n in zip(tallies, np.bincount(keys, minlength=size).tolist(), strict=True):
            tally[count] = n
        if money is not None:
            for tally, amount in zip(tallies, sums(keys, amounts[which], size), strict=True):
                tally[money] = amount

    put(every.new & every.rose, m.FIRST_PAID, None, change)
    put(came & every.new, m.NEW_N, m.NEW, every.after)
    put(stayed & (change > 0), m.EXPANDED_N, m.EXPANSION, change)
    put(stayed & (change < 0), m.CONTRACTED_N, m.CONTRACTION, -change)
    put(left, m.CHURNED_N, m.CHURNED, every.before)
    put(came & ~every.new, m.RETURNED_N, m.REACTIVATION, every.after)
    put(stayed & every.fell, m.LEFT_AND_BACK, None, change)
    put(~was & ~now & every.rose, m.JOINED_AND_LEFT, None, change)
    parts = [tallies[group * width : (group + 1) * width] for group in range(groups)]
    # What moved before the first period is the level at its start.
    return [m.roll(base[m.NEW_N] + base[m.RETURNED_N], base[m.NEW] + base[m.REACTIVATION], inside) for base, *inside in parts]
