"""A customer's journey: the stages they went through, from when, for how long, and whose they were. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cstui.base.days import parse_iso
from cstui.base.errors import UsageError
from cstui.base.text import fold_key, fold_search
from cstui.desk.customer_timeline import Event

STAGES = ("visitor", "lead", "trial", "customer", "churned", "returned", "lost")
_VISITS = frozenset(("visited_at", "first_visit", "first_visit_at", "first_seen", "first_seen_at", "visitor_since"))
"""Custom attributes that say when somebody was first seen."""
_BEGINS = {"created": "lead", "trial_started": "trial", "first_paid": "customer", "churned": "churned", "returned": "returned"}


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


def journey(
    events: Iterable[Event], contacts: Sequence[tuple[int, str]], attributes: Mapping[str, str], owner: str | None, as_of: int
) -> tuple[Stage, ...]:
    """The stages by start. `contacts` are (day, who held it); of two stages that begin on one day the later counts."""
    starts = sorted(_starts(events, attributes), key=lambda start: (start[0], STAGES.index(start[1])))
    kept: list[tuple[int, str]] = []
    for day, name in starts:
        if kept and (name == kept[-1][1] or (name in ("lead", "trial", "customer") and _later(kept, name))):
            continue
        if kept and kept[-1][0] == day and name != "lost":
            kept.pop()
        kept.append((day, name))
    ends = [day for day, _ in kept[1:]]
    return tuple(_stage(name, start, end, contacts, owner, as_of) for (start, end), (_, name) in zip(_spans(kept, ends), kept, strict=True))


def _spans(kept: Sequence[tuple[int, str]], ends: Sequence[int]) -> list[tuple[int, int | None]]:
    return [(day, ends[index] if index < len(ends) else None) for index, (day, _) in enumerate(kept)]


def _later(kept: Sequence[tuple[int, str]], name: str) -> bool:
    """Whether a stage beyond this one has been reached: a second trial or record does not turn the journey back."""
    return any(STAGES.index(other) >= STAGES.index(name) for _, other in kept)


def _starts(events: Iterable[Event], attributes: Mapping[str, str]) -> list[tuple[int, str]]:
    found = [(event.day, _BEGINS[event.what]) for event in events if event.what in _BEGINS]
    paid = any(name == "customer" for _, name in found)
    found += [(event.day, "lost") for event in events if event.what == "lost" and not paid]
    for name, value in attributes.items():
        if fold_search(name).replace(" ", "_") in _VISITS:
            try:
                found.append((parse_iso(fold_key(value)[:10]), "visitor"))
            except UsageError:
                continue  # a custom column may hold anything; only a date is a date
    return found


def _stage(name: str, start: int, end: int | None, contacts: Sequence[tuple[int, str]], owner: str | None, as_of: int) -> Stage:
    until = end if end is not None else as_of + 1
    owners = [who for day, who in sorted(contacts) if start <= day < until]
    if end is None and owner:
        owners.append(owner)
    return Stage(name, start, end, max(0, until - start), tuple(dict.fromkeys(owners)))
