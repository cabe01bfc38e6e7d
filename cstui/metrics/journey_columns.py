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
    low = int(starts.day.min(initial=0))
    width = int(starts.day.max(initial=0)) - low + 1
    order = np.argsort((starts.customer * width + starts.day - low) * len(STAGES) + starts.stage)  # as one number: a third of the time
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


class _Seen(NamedTuple):
    """The stays that had begun by a day, and what each is to a period."""

    customer: Ints
    stage: Ints
    start: Ints
    origin: Ints
    """The stage before, -1 where a journey begins."""
    stayed: Ints
    """Days in the stage before."""
    inside: Flags
    """It began in the period."""
    there: Flags
    """It was not over by the day."""
    end: int
    """The day."""


def _seen(told: Lives, period: Period | None, as_of: int) -> _Seen:
    """Without a period, everything up to `as_of` is inside."""
    end = as_of if period is None else min(period.last, as_of)
    past = told.start <= end
    customer, stage, start, until = (column[past] for column in told)
    before = np.roll(stage, 1) if len(stage) else stage
    origin = np.where(_changes(customer), -1, before)
    stayed = start - (np.roll(start, 1) if len(start) else start)
    inside = np.ones(len(start), np.bool_) if period is None else start >= period.start
    return _Seen(customer, stage, start, origin, stayed, inside, until > end, end)


def tally(told: Lives, charges: Charges, period: Period | None, as_of: int) -> tuple[tuple[StageTally, ...], tuple[MoveTally, ...]]:
    """All journeys from stage to stage: ever, or what happened in a period and where everybody stood at its end."""
    customer, stage, start, origin, stayed, inside, there, end = _seen(told, period, as_of)
    owners = _owners(told, charges, None if period is None else period.start, end)

    def stage_of(rank: int) -> StageTally:
        mine = stage == rank
        here = mine & there
        waiting = end + 1 - start[here]
        return StageTally(
            STAGES[rank],
            int(_changes(customer[mine & inside]).sum()),
            tuple(customer[here].tolist()),
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


STAYS = -1
"""In place of a stage: they are in theirs still."""


class Line(NamedTuple):
    """What each customer adds to one line of the journey, those who add the most and were there the longest first."""

    customer: Ints
    """One each."""
    times: Ints
    """How often they made the move, or left the stage; 1 for who is in it or entered it."""
    out: Ints
    """Their moves out of the stage it leaves, and 1 more where they are in it still; 0 of a stage."""
    to: Ints
    """Where the last of what they add led, by its place in STAGES; STAYS."""
    on: Ints
    """The day of that: they came there, or into the stage that they are in."""
    days: Ints
    """How long they had been in the stage before, or are in theirs."""
    median: Fraction | None
    """Days, in the median: of everybody in a stage; before a move, of each time that it was made."""


def in_stage(told: Lives, stage: str, period: Period | None, as_of: int) -> Line:
    """Who is in a stage at the end."""
    seen = _seen(told, period, as_of)
    here = np.flatnonzero(seen.there & (seen.stage == RANK[stage]))
    here = here[np.lexsort((seen.customer[here], seen.start[here]))]
    start = seen.start[here]
    one = np.ones(len(here), np.int64)
    days = seen.end + 1 - start
    return Line(seen.customer[here], one, one * 0, one * STAYS, start, days, _middle(days))


def reached(told: Lives, stage: str, period: Period | None, as_of: int) -> Line:
    """Who entered a stage."""
    seen = _seen(told, period, as_of)
    which = np.flatnonzero(seen.inside & (seen.stage == RANK[stage]))
    found = _each(seen, which, np.where(seen.origin[which] < 0, 0, seen.stayed[which]), None)
    return found._replace(times=np.ones_like(found.times))


def left(told: Lives, stage: str, period: Period | None, as_of: int) -> Line:
    """Who went on from a stage, to wherever."""
    seen = _seen(told, period, as_of)
    which = np.flatnonzero(seen.inside & (seen.origin == RANK[stage]))
    return _each(seen, which, seen.stayed[which], _middle(seen.stayed[which]))


def _each(seen: _Seen, which: Ints, days: Ints, median: Fraction | None) -> Line:
    """A line of stays that began, ascending by customer: one each, told with the last."""
    heads = np.flatnonzero(_changes(seen.customer[which]))
    tails = np.append(heads[1:], len(which)) - 1 if len(which) else heads
    last, times, days = which[tails], tails - heads + 1, days[tails]
    best = np.lexsort((seen.customer[last], -days, -times))
    last = last[best]
    return Line(seen.customer[last], times[best], times * 0, seen.stage[last], seen.start[last], days[best], median)


def along(told: Lives, origin: str | None, target: str, period: Period | None, as_of: int) -> Line:
    """Who could make a move from one stage to another (None: whose journey began), and who did."""
    seen = _seen(told, period, as_of)
    left = -1 if origin is None else RANK[origin]
    out = np.flatnonzero(seen.inside & (seen.origin == left))
    still = np.flatnonzero(seen.there & (seen.stage == left))
    which = np.concatenate((out, still))
    to = np.concatenate((seen.stage[out], np.full(len(still), STAYS)))
    made = to == RANK[target]
    median = None if origin is None else _middle(seen.stayed[out][seen.stage[out] == RANK[target]])
    days = np.concatenate((seen.stayed[out] if origin is not None else np.zeros(len(out), np.int64), seen.end + 1 - seen.start[still]))
    # Of each customer's the last of those moves is told, else that they are there still, else the last that led elsewhere.
    order = np.lexsort((seen.start[which], to == STAYS, made, seen.customer[which]))
    which, to, made, days = which[order], to[order], made[order], days[order]
    heads = np.flatnonzero(_changes(seen.customer[which]))
    tails = np.append(heads[1:], len(which)) - 1 if len(which) else heads
    times = np.add.reduceat(made.astype(np.int64), heads) if len(heads) else heads
    last = which[tails]
    customer, days = seen.customer[last], days[tails]
    best = np.lexsort((customer, -days, -times))
    out = tails - heads + 1
    return Line(customer[best], times[best], out[best], to[tails][best], seen.start[last][best], days[best], median)


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
