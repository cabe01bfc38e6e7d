"""The journey: visitor → lead → trial → customer → churned → returned. One customer's stages, and all customers' from stage to stage.

Pure functions of when things began; no SQL, no display. The customer page and the journey of all read stages from here, so that
they agree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import NamedTuple

from cstui.base.days import Period
from cstui.base.text import fold_search
from cstui.metrics.leads import median

STAGES = ("visitor", "lead", "trial", "customer", "churned", "returned", "lost")
_RANK = {name: rank for rank, name in enumerate(STAGES)}
_FORWARD = frozenset(("visitor", "lead", "trial", "customer"))


class Stay(NamedTuple):
    """A stretch of one customer's journey."""

    stage: str
    start: int
    end: int | None
    """The day the next stage began; None: the stage they are in."""


class Traveller(NamedTuple):
    """One customer's journey with those who were in charge."""

    customer: int
    stays: tuple[Stay, ...]
    contacts: Sequence[tuple[int, str]]
    """(day, who held it), by day; without tickets."""
    owner: str | None
    """The record's owner, now."""


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


def began(created_at: int | None, stage: str | None) -> tuple[int, str] | None:
    """Where a record's creation puts a customer: a lead, or a visitor while their stage still says so."""
    if created_at is None:
        return None
    return created_at, "visitor" if (stage or "").strip().casefold() == "visitor" else "lead"


def paying(levels: Iterable[tuple[int, int]], as_of: int) -> list[tuple[int, str]]:
    """Where MRR puts a customer: from (day, level from then on), by day, as `customer`, `churned` and `returned`, up to `as_of`."""
    found: list[tuple[int, str]] = []
    paid = False
    for day, level in levels:
        if day > as_of:
            break
        if bool(level) != paid:
            paid = not paid
            found.append((day, ("returned" if found else "customer") if paid else "churned"))
    return found


def stays(starts: Iterable[tuple[int, str]]) -> tuple[Stay, ...]:
    """The stages by start, each once on the way there; of two that begin on one day the later counts.

    Who ever pays was not lost as a lead, and a second record or trial does not turn the journey back.
    """
    found = sorted(starts)
    days = [day for day, _ in found]
    if len(set(days)) < len(days):
        found.sort(key=_in_order)
    later = [day > before for before, day in pairwise(days)]
    kept = [found[place] for place in _places(tuple([name for _, name in found]), tuple(later))]
    ends = (*(day for day, _ in kept[1:]), None)
    return tuple([Stay(name, day, end) for (day, name), end in zip(kept, ends, strict=False)])


@lru_cache(maxsize=4096)
def _places(names: tuple[str, ...], later: tuple[bool, ...]) -> tuple[int, ...]:
    """Which of the stages in order count; `later`: each but the first begins after the one before. Very many journeys share an answer."""
    found = list(zip(accumulate((0, *later)), names, strict=False))
    return tuple(map(found.index, _kept(found)))


def _kept(found: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """Those of the starts, in order, that count."""
    paid = "customer" in {name for _, name in found}
    kept: list[tuple[int, str]] = []
    furthest = -1
    for day, name in found:
        rank = _RANK[name]
        if kept and (name == kept[-1][1] or (name in _FORWARD and furthest >= rank)):
            continue
        if name == "lost" and paid:
            continue
        if kept and kept[-1][0] == day and name != "lost":
            kept.pop()
            furthest = max((_RANK[other] for _, other in kept), default=-1)
        kept.append((day, name))
        furthest = max(furthest, rank)
    return kept


def _in_order(start: tuple[int, str]) -> tuple[int, int]:
    day, name = start
    return day, _RANK[name]


def is_ticket(kind: str | None, status: str | None, resolved_at: int | None, reopens: int | None) -> bool:
    """Whether a contact is a ticket: something to be solved. Whoever solves it is not in charge of the customer."""
    return status is not None or resolved_at is not None or reopens is not None or "ticket" in fold_search(kind or "")


def in_charge(stay: Stay, contacts: Iterable[tuple[int, str]], owner: str | None, day: int) -> tuple[str, ...]:
    """Who was in charge of a stay: who held its contacts, in order, and the record's owner for the stage they are in on `day`."""
    until = stay.end if stay.end is not None else day + 1
    owners = [who for at, who in contacts if stay.start <= at < until]
    if stay.end is None and owner:
        owners.append(owner)
    return tuple(dict.fromkeys(owners))


def tally(travellers: Iterable[Traveller], period: Period | None, as_of: int) -> tuple[tuple[StageTally, ...], tuple[MoveTally, ...]]:
    """All journeys from stage to stage: ever, or what happened in a period and where everybody stood at its end."""
    end = as_of if period is None else min(period.last, as_of)
    found = _Tallies(period, end)
    for one in travellers:
        found.add(one)
    return found.stages(), found.moves()


class _Tallies:
    """Everything counted so far."""

    def __init__(self, period: Period | None, end: int) -> None:
        self._period = period
        self._end = end
        self._reached = dict.fromkeys(STAGES, 0)
        self._members: dict[str, list[int]] = {stage: [] for stage in STAGES}
        self._over: dict[str, list[int]] = {stage: [] for stage in STAGES}
        self._waiting: dict[str, list[int]] = {stage: [] for stage in STAGES}
        self._owners: dict[str, Counter[str]] = {stage: Counter() for stage in STAGES}
        self._moves: dict[tuple[str | None, str], tuple[list[int], list[int]]] = {}

    def add(self, one: Traveller) -> None:
        """Count one customer."""
        end, since = self._end, None if self._period is None else self._period.start
        last, began = None, 0
        entered: set[str] = set()
        charged: set[tuple[str, str]] = set()
        for stay in one.stays:
            stage, start, until = stay
            if start > end:
                break
            if since is None or start >= since:
                entered.add(stage)
                held = self._moves.get((last, stage))
                if held is None:
                    held = self._moves[last, stage] = ([], [])
                held[0].append(one.customer)
                if last is not None:
                    held[1].append(start - began)
                    self._over[last].append(start - began)
            if until is None or until > end:
                self._members[stage].append(one.customer)
                self._waiting[stage].append(end + 1 - start)
            known = one.contacts or (until is None and one.owner)
            if known and (until is None or since is None or until >= since):
                charged |= {(stage, who) for who in in_charge(stay, one.contacts, one.owner, end)}
            last, began = stage, start
        for stage in entered:
            self._reached[stage] += 1
        for stage, who in charged:
            self._owners[stage][who] += 1

    def stages(self) -> tuple[StageTally, ...]:
        """Every stage, in order; those nobody reached too."""
        return tuple(
            StageTally(
                name,
                self._reached[name],
                tuple(self._members[name]),
                tuple(self._waiting[name]),
                median(self._over[name]),
                median(self._waiting[name]),
                tuple(sorted(self._owners[name].items(), key=lambda owner: (-owner[1], owner[0]))),
            )
            for name in STAGES
        )

    def moves(self) -> tuple[MoveTally, ...]:
        """Every move that somebody made, by stage."""
        order: Mapping[str | None, int] = {None: -1, **{name: i for i, name in enumerate(STAGES)}}
        return tuple(
            MoveTally(
                origin,
                target,
                tuple(dict.fromkeys(customers)),
                () if origin is None else tuple(dict(zip(customers, days, strict=True)).values()),
                len(customers),
                median(days),
            )
            for (origin, target), (customers, days) in sorted(self._moves.items(), key=lambda move: (order[move[0][0]], order[move[0][1]]))
        )
