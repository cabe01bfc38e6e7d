"""A customer's journey: the stages they went through, from when, for how long, and whose they were. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cstui.base.days import parse_iso
from cstui.base.errors import UsageError
from cstui.base.text import fold_key, fold_search
from cstui.desk.customer_timeline import Event
from cstui.metrics.journey import STAGES, began, begins, in_charge, stays

__all__ = ["STAGES", "Stage", "begins", "first_seen", "journey", "says_first_seen"]

_VISITS = frozenset(("visited_at", "first_visit", "first_visit_at", "first_seen", "first_seen_at", "visitor_since"))
"""Custom attributes that say when somebody was first seen."""
_BEGINS = {"trial_started": "trial", "first_paid": "customer", "churned": "churned", "returned": "returned", "lost": "lost"}


@dataclass(frozen=True, slots=True)
class Stage:
    """A stretch of the journey."""

    name: str
    start: int
    end: int | None
    """The day the next stage began; None: the stage they are in."""
    days: int
    """In the stage, up to the last day of the data."""
    owners: tuple[str, ...]
    """Who was in charge, in order: a hand-over shows as two. Of contacts in that time, and of the record for the stage they are in."""


def says_first_seen(attribute: str) -> bool:
    """Whether a custom attribute of that name says when somebody was first seen."""
    return fold_search(attribute).replace(" ", "_") in _VISITS


def first_seen(value: str) -> int | None:
    """The day such an attribute names; None where it is no date: a custom column may hold anything."""
    try:
        return parse_iso(fold_key(value)[:10])
    except UsageError:
        return None


def journey(
    events: Iterable[Event],
    contacts: Sequence[tuple[int, str]],
    attributes: Mapping[str, str],
    owner: str | None,
    as_of: int,
    stage: str | None = None,
) -> tuple[Stage, ...]:
    """The stages by start. `contacts` are (day, who held it), without tickets; `stage` is what the record says it is in now."""
    held = sorted(contacts)
    return tuple(
        Stage(
            stay.stage,
            stay.start,
            stay.end,
            max(0, (stay.end if stay.end is not None else as_of + 1) - stay.start),
            in_charge(stay, held, owner, as_of),
        )
        for stay in stays(_starts(events, attributes, stage))
    )


def _starts(events: Iterable[Event], attributes: Mapping[str, str], stage: str | None) -> Iterator[tuple[int, str]]:
    for event in events:
        if event.what in _BEGINS:
            yield event.day, _BEGINS[event.what]
        created = began(event.day, stage) if event.what == "created" else None
        if created is not None:
            yield created
    for name, value in attributes.items():
        day = first_seen(value) if says_first_seen(name) else None
        if day is not None:
            yield day, "visitor"
