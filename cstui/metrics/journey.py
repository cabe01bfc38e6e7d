"""The journey: visitor → lead → trial → customer → churned → returned. One customer's stages.

Pure functions of when things began; no SQL, no display. The customer page and the journey of all (`journey_columns`) read from here
which beginnings count, so that they agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import NamedTuple

from cstui.base.text import fold_search

STAGES = ("visitor", "lead", "trial", "customer", "churned", "returned", "lost")
RANK = {name: rank for rank, name in enumerate(STAGES)}
"""A stage's place on the way: of two that begin on one day the higher is the later."""
_MEANS = {
    "visitor": "their record, which says visitor still, is created, or on the day a field such as first_seen names",
    "lead": "their record is created",
    "trial": "their first trial begins",
    "customer": "they first pay",
    "churned": "they pay no longer",
    "returned": "they pay again",
    "lost": "their record says that they are lost, and they have never paid",
}
_BY_PURCHASE = {
    "customer": "they first buy",
    "churned": "they lapse: silent for longer than their purchases lie apart",
    "returned": "they buy again",
}
"""The same where nobody subscribes."""
_FORWARD = frozenset(("visitor", "lead", "trial", "customer"))


class Stay(NamedTuple):
    """A stretch of one customer's journey."""

    stage: str
    start: int
    end: int | None
    """The day the next stage began; None: the stage they are in."""


def begins(stage: str, *, by_purchase: bool) -> str:
    """When a stage begins, in words; `by_purchase`: where nobody subscribes."""
    return _BY_PURCHASE.get(stage, _MEANS[stage]) if by_purchase else _MEANS[stage]


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
    kept = [found[place] for place in places(tuple([name for _, name in found]), tuple(later))]
    ends = (*(day for day, _ in kept[1:]), None)
    return tuple([Stay(name, day, end) for (day, name), end in zip(kept, ends, strict=False)])


@lru_cache(maxsize=4096)
def places(names: tuple[str, ...], later: tuple[bool, ...]) -> tuple[int, ...]:
    """Which of the stages, in their order, count; `later`: each but the first begins on a later day. Very many journeys share an answer."""
    found = list(zip(accumulate((0, *later)), names, strict=False))
    return tuple(map(found.index, _kept(found)))


def _kept(found: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """Those of the starts, in order, that count."""
    paid = "customer" in {name for _, name in found}
    kept: list[tuple[int, str]] = []
    furthest = -1
    for day, name in found:
        rank = RANK[name]
        if kept and (name == kept[-1][1] or (name in _FORWARD and furthest >= rank)):
            continue
        if name == "lost" and paid:
            continue
        if kept and kept[-1][0] == day and name != "lost":
            kept.pop()
            furthest = max((RANK[other] for _, other in kept), default=-1)
        kept.append((day, name))
        furthest = max(furthest, rank)
    return kept


def _in_order(start: tuple[int, str]) -> tuple[int, int]:
    day, name = start
    return day, RANK[name]


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
