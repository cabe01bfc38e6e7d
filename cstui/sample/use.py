"""Who used the product on which day: few people of each customer, as regular as people are, on the days their country works."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from cstui.base.days import to_date, to_day
from cstui.sample import company
from cstui.sample.story import Span, Story, stream

_USERS = {"start": (1, 1), "team": (1, 2), "business": (1, 2), "enterprise": (2, 2)}
"""Fewest and most users of a plan."""
_PACE = {"start": (0.22, 0.42), "team": (0.2, 0.42), "business": (0.22, 0.44), "enterprise": (0.3, 0.52)}
"""Share of the working days on which one of them comes."""
_WEEKEND = {"Gulf": (4, 5), "Mashriq": (4, 5), "Maghreb": (5, 6), "Iran": (3, 4), "Europe": (5, 6)}
"""Days off by region, Monday being 0."""
_NOWRUZ = range(to_day(date(2026, 3, 19)), to_day(date(2026, 4, 3)))
_RAMADAN = range(to_day(date(2026, 2, 18)), to_day(date(2026, 3, 20)))


@dataclass(frozen=True, slots=True)
class Use:
    """One line of the usage file."""

    day: int
    customer: int
    user: int
    """Which of the customer's users; 0 where the customer is not asked who it was."""
    sessions: int
    minutes: int


def use(story: Story) -> Iterator[Use]:
    """All use of a customer, user by user."""
    chance = stream(story.person, 2)
    for span in story.spans:
        if span.end <= company.USE_FROM:
            continue
        count = chance.between(*_USERS[span.plan])
        for user in range(1, count + 1):
            late = 0 if user == 1 else chance.between(0, 60)
            yield from _user(story, span, user if count > 1 else 0, max(span.start + 1 + late, company.USE_FROM))


def _user(story: Story, span: Span, user: int, start: int) -> Iterator[Use]:
    """One user's days: the pace is kept up over the weeks, whatever day it falls on."""
    chance = stream(story.person, 10 + user + 5 * story.spans.index(span))
    pace, owed, long = chance.spread(*_PACE[span.plan]), chance.spread(0.0, 1.0), chance.between(5, 14)
    off = _WEEKEND[story.person.region]
    for day in range(start, min(span.end, company.THROUGH + 1)):
        if to_date(day).weekday() in off:
            continue
        owed += pace * story.use(day) * _holiday(story.person.region, day) * chance.spread(0.6, 1.4)
        if owed < 1:
            continue
        owed -= 1
        sessions = chance.between(1, 4)
        yield Use(day, story.person.number, user, sessions, sessions * max(2, long + chance.between(-3, 4)))


def _holiday(region: str, day: int) -> float:
    if region == "Iran" and day in _NOWRUZ:
        return 0.25
    return 0.8 if region in ("Gulf", "Mashriq", "Maghreb") and day in _RAMADAN else 1.0
