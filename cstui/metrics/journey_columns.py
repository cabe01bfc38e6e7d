"""All customers' journeys at once, as columns: which beginnings count, who is in which stage, and the moves from stage to stage.

The rules are those of `journey`, which says of every pattern of beginnings which of them count: a hundred thousand customers share a
few. Pure; numpy is imported with this module, so whoever needs it imports it late.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cstui.base.days import Period
from cstui.metrics.journey import RANK, STAGES, places
from cstui.metrics.service import FOREVER

if TYPE_CHECKING:
    from cstui.metrics.columns import Flags, Ints, StepColumns

_DIGIT = 2 * len(STAGES) + 1
"""A beginning in a pattern: which stage, and whether it is a day of its own; 0 is none."""
_DIGITS = 16
"""So many beginnings of one customer are told apart by one 64-bit number."""


@dataclass(frozen=True, slots=True)
class StageTally:
    """What all customers' stays in one stage come to."""

    stage: str
    reached: int
    """Customers who entered it (in the period, where there is one)."""
    members: tuple[int, ...]
    """Those in it at the end."""
    since: tuple[int, ...]
    """The day each of them came into it."""
    days: tuple[int, ...]
    """How long each of them has been there."""
    median_days: Fraction | None
    """Of the stays that ended, in the period where there is one."""
    waiting_days: Fraction | None
    """How long those in it have been there, in the median."""
    owners: tuple[tuple[str, int], ...]
    """Who was in charge of how many of its customers, the most first."""


@dataclass(frozen=True, slots=True)
class MoveTally:
    """All moves from one stage to another."""

    origin: str | None
    """None: where journeys begin."""
    target: str
    members: tuple[int, ...]
    """The customers who made it, each once."""
    on: tuple[int, ...]
    """The day each of them made it, the last time."""
    days: tuple[int, ...]
    """How long each of them was in the stage before, the last time; empty where a journey begins."""
    times: int
    """How often it was made: who leaves and returns twice makes it twice."""
    median_days: Fraction | None
    """Days in the stage before, in the median; None where a journey begins."""


class Starts(NamedTuple):
    """When stages began, in any order: one place of the columns for each."""

    customer: Ints
    day: Ints
    stage: Ints
    """Its place in STAGES."""


class Charges(NamedTuple):
    """Who was in charge."""

    names: Sequence[str]
    customer: Ints
    """Of each contact that is no ticket, as the next two."""
    at: Ints
    who: Ints
    """Its holder's place in `names`."""
    now: Ints
    """By customer: the place in `names` of their record's owner, -1 where there is none. The last place is of everybody beyond."""


class Lives(NamedTuple):
    """Everybody's stays, ascending by customer and then as they were."""

    customer: Ints
    stage: Ints
    start: Ints
    until: Ints
    """The day the next stage began; FOREVER in the stage they are in."""

    def customers(self) -> int:
        """How many have begun."""
        return int(_changes(self.customer).sum())


def begun(customers: Ints, days: Ints, stage: str) -> Starts:
    """One stage of many customers."""
    return Starts(customers, days, np.full(len(customers), RANK[stage]))


def joined(parts: Sequence[Starts]) -> Starts:
    """Several of them as one."""
    customer, day, stage = (np.concatenate(columns) if columns else np.zeros(0, np.int64) for columns in zip(*parts, strict=True))
    return Starts(customer, day, stage)


def paid(steps: StepColumns, as_of: int) -> Starts:
    """Where MRR puts customers, up to `as_of`: as `journey.paying`."""
    if not len(steps.day):
        return Starts(steps.day, steps.day, steps.day)
    owner = np.repeat(np.arange(len(steps.customer)), np.diff(steps.first, append=len(steps.day)))
    paying = steps.level > 0
    before = np.append(False, paying[:-1])
    before[steps.first] = False
    turns = np.flatnonzero((paying != before) & (steps.day <= as_of))
    whose, pays = owner[turns], paying[turns]
    first = _changes(whose)
    stage = np.where(pays, np.where(first, RANK["customer"], RANK["returned"]), RANK["churned"])
    return Starts(steps.customer[whose], steps.day[turns], stage)


def lives(starts: Starts) -> Lives:
    """Everybody's stays, of all that ever began: as `journey.stays`."""
    order = np.lexsort((starts.stage, starts.day, starts.customer))
    customer, day, stage = starts.customer[order], starts.day[order], starts.stage[order]
    kept = _counting(customer, day, stage)
    customer, day, stage = customer[kept], day[kept], stage[kept]
    until = np.append(day[1:], FOREVER)
    until[np.append(customer[1:] != customer[:-1], True)[: len(customer)]] = FOREVER
    return Lives(customer, stage, day, until[: len(customer)])


def _counting(customer: Ints, day: Ints, stage: Ints) -> Flags:
    """Which beginnings, by customer, day and rank, count."""
    if not len(customer):
        return np.zeros(0, np.bool_)
    heads = np.flatnonzero(_changes(customer))
    size = np.diff(heads, append=len(customer))
    place = np.arange(len(customer)) - np.repeat(heads, size)
    later = np.append(False, day[1:] > day[:-1]) & (place > 0)
    digit = 1 + 2 * stage + later
    few = size <= _DIGITS
    power = _DIGIT ** np.minimum(place, _DIGITS - 1)
    patterns, which = np.unique(np.where(few, np.add.reduceat(digit * power, heads), 0), return_inverse=True)
    masks = np.array([_mask(_digits(int(pattern))) for pattern in patterns], dtype=np.int64)
    kept: Flags = (np.repeat(masks[which], size) >> np.minimum(place, _DIGITS - 1)) & 1 > 0
    for one in np.flatnonzero(~few).tolist():  # who comes and goes that often is rare
        own = slice(int(heads[one]), int(heads[one] + size[one]))
        kept[own] = False
        kept[own.start + np.array(_places(digit[own].tolist()))] = True
    return kept


def _digits(pattern: int) -> list[int]:
    found = []
    while pattern:
        pattern, digit = divmod(pattern, _DIGIT)
        found.append(digit)
    return found


def _mask(digits: Sequence[int]) -> int:
    return sum(1 << place for place in _places(digits))


def _places(digits: Sequence[int]) -> tuple[int, ...]:
    return places(tuple(STAGES[(digit - 1) // 2] for digit in digits), tuple(bool((digit - 1) % 2) for digit in digits[1:]))


def tally(told: Lives, charges: Charges, period: Period | None, as_of: int) -> tuple[tuple[StageTally, ...], tuple[MoveTally, ...]]:
    """All journeys from stage to stage: ever, or what happened in a period and where everybody stood at its end."""
    end, since = (as_of, None) if period is None else (min(period.last, as_of), period.start)
    past = told.start <= end
    customer, stage, start, until = (column[past] for column in told)
    first = _changes(customer)
    origin = np.where(first, -1, np.roll(stage, 1)) if len(stage) else stage
    stayed = start - (np.roll(start, 1) if len(start) else start)
    inside = np.ones(len(start), np.bool_) if since is None else start >= since
    there = until > end
    owners = _owners(told, charges, since, end)

    def stage_of(rank: int) -> StageTally:
        mine = stage == rank
        here = mine & there
        waiting = end + 1 - start[here]
        return StageTally(
            STAGES[rank],
            int(_changes(customer[mine & inside]).sum()),
            tuple(customer[here].tolist()),
            tuple(start[here].tolist()),
            tuple(waiting.tolist()),
            _middle(stayed[inside & (origin == rank)]),
            _middle(waiting),
            owners[rank],
        )

    def move(before: int, after: int, which: Ints) -> MoveTally:
        who = customer[which]
        last = which[np.append(who[1:] != who[:-1], True)]
        began = before < 0
        return MoveTally(
            None if began else STAGES[before],
            STAGES[after],
            tuple(customer[last].tolist()),
            tuple(start[last].tolist()),
            () if began else tuple(stayed[last].tolist()),
            len(which),
            None if began else _middle(stayed[which]),
        )

    pairs = np.where(inside, (origin + 1) * len(STAGES) + stage, -1)
    moves = []
    for pair in np.unique(pairs[inside]).tolist():
        before, after = divmod(pair, len(STAGES))
        moves.append(move(before - 1, after, np.flatnonzero(pairs == pair)))
    return tuple(map(stage_of, range(len(STAGES)))), tuple(moves)


def _owners(told: Lives, charges: Charges, since: int | None, end: int) -> list[tuple[tuple[str, int], ...]]:
    """By stage: who was in charge of how many of its customers, of those whose stay was not over before `since`."""
    counts = np.zeros((len(STAGES), len(charges.names)), np.int64)
    if len(told.start) and len(charges.names):
        stays, who = _charged(told, charges, end)
        until = told.until[stays]
        counted = told.start[stays] <= end
        if since is not None:
            counted &= until >= since
        stays, who = stays[counted], who[counted]
        keys = (told.customer[stays] * len(STAGES) + told.stage[stays]) * len(charges.names) + who
        np.add.at(counts.reshape(-1), np.unique(keys) % counts.size, 1)
    found = ([(charges.names[who], n) for who, n in enumerate(row) if n] for row in counts.tolist())
    return [tuple(sorted(owners, key=lambda owner: (-owner[1], owner[0]))) for owners in found]


def _charged(told: Lives, charges: Charges, end: int) -> tuple[Ints, Ints]:
    """Stays, by place, with who was in charge of them: who held a contact in that time, and the record's owner of the stage they are in."""
    low = int(min(told.start.min(), charges.at.min(initial=FOREVER)))
    width = int(max(told.start.max(), charges.at.max(initial=0))) - low + 1
    at = np.searchsorted(told.customer * width + told.start - low, charges.customer * width + charges.at - low, side="right") - 1
    place = np.maximum(at, 0)
    held = (at >= 0) & (told.customer[place] == charges.customer) & ((told.until[place] < FOREVER) | (charges.at <= end))
    owner = charges.now[np.minimum(told.customer, len(charges.now) - 1)]
    now = np.flatnonzero((told.until == FOREVER) & (owner >= 0))
    return np.concatenate((place[held], now)), np.concatenate((charges.who[held], owner[now]))


def _changes(column: Ints) -> Flags:
    """Where a column differs from the place before; the first does."""
    found = np.ones(len(column), np.bool_)
    found[1:] = column[1:] != column[:-1]
    return found


def _middle(days: Ints) -> Fraction | None:
    """The median, exactly; None of nothing."""
    if not len(days):
        return None
    half = len(days) // 2
    low = half - 1 + len(days) % 2
    ordered = np.partition(days, (low, half))
    return Fraction(int(ordered[low]) + int(ordered[half]), 2)
