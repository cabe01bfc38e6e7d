"""What customers asked and what the company's people wrote and said: tickets, calls, meetings, e-mails.

Tickets come first, since answers follow them; calls come last, since some of them answer an answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cstui.sample import company, sayings
from cstui.sample.chance import Chance
from cstui.sample.company import add_months
from cstui.sample.story import Span, Story, stream


@dataclass(frozen=True, slots=True)
class Contact:
    """One line of the interactions file."""

    customer: int
    at: int
    channel: str
    direction: str
    kind: str
    subject: str
    owner: str
    status: str = ""
    resolved_at: int | None = None
    reopens: int | None = None
    note: str = ""


_CHANNELS = {
    "whatsapp": (("whatsapp", 50), ("chat", 30), ("email", 20)),
    "telegram": (("telegram", 50), ("chat", 30), ("email", 20)),
    "phone": (("phone", 40), ("chat", 35), ("email", 25)),
}
_CHANNELS_ELSE = (("email", 50), ("chat", 50))
_RATE = {"start": 0.0065, "team": 0.0095, "business": 0.012, "enterprise": 0.016}
"""Tickets a day in quiet times."""
_TOPICS = (("how-to", 34), ("channels", 24), ("import", 14), ("billing", 12), ("bug", 16))
_TOPICS_IN_TROUBLE = (("checkout", 58), ("payment", 32), ("bug", 10))
_EVERY = {"start": (85, 150), "team": (50, 95), "business": (35, 70), "enterprise": (22, 40)}
"""Days between two calls of the owner, least and most."""


def tickets(story: Story) -> list[Contact]:
    """What the customer asked, in order of days."""
    if story.quiet:
        return []
    chance = stream(story.person, 3)
    return [
        _ticket(story, day, chance)
        for span in story.spans
        for day in range(max(span.start, company.CONTACTS_FROM), min(span.end, company.THROUGH + 1))
        if chance.happens(_rate(story, span, day))
    ]


def _rate(story: Story, span: Span, day: int) -> float:
    rate = _RATE[span.plan] * (2.5 if day < span.start + 30 else 1.0)
    if story.hurt(day):
        rate *= 4
    return rate * 11 if any(start <= day < end for start, end in story.anger) else rate


def _ticket(story: Story, day: int, chance: Chance) -> Contact:
    person, hurt = story.person, story.hurt(day)
    angry = any(start <= day < end for start, end in story.anger)
    channel = chance.weighted(_CHANNELS.get(person.contact_preference or "", _CHANNELS_ELSE))
    topic = chance.weighted(_TOPICS_IN_TROUBLE if hurt else _TOPICS)
    subject = chance.pick(sayings.SUBJECTS[topic][sayings.tongue(person.language)])
    quick, slow, stale = chance.between(0, 5), chance.between(5, 24), chance.happens(0.004)
    back, again = chance.happens(0.42 if hurt or angry else 0.05), chance.happens(0.3)
    resolved = day + (slow if hurt or angry else quick)
    if resolved > company.THROUGH or stale:
        return Contact(person.number, day, channel, "in", "ticket", subject, person.owner, "open", None, int(back and angry))
    return Contact(person.number, day, channel, "in", "ticket", subject, person.owner, "solved", resolved, (1 + again) if back else 0)


def calls(story: Story, low: Sequence[int]) -> Iterator[Contact]:
    """What the company's people did of their own accord. `low`: days of answers of detractors, some of which are followed up."""
    chance = stream(story.person, 4)
    for span in story.spans:
        yield from _round(story, span, chance)
    for day in low:
        wait, care = chance.between(1, 8), chance.happens(0.6 if day >= company.RECOVERY else 0.35)
        if care and not story.quiet and day >= company.CONTACTS_FROM and day + wait <= company.THROUGH:
            yield _own(story, day + wait, "follow-up", chance)
    due = story.unpaid_from
    if due is not None and due + 2 <= company.THROUGH:
        yield _own(story, due + 2, "payment", chance, "email")


def _round(story: Story, span: Span, chance: Chance) -> Iterator[Contact]:
    """Onboarding, then a call every so often, and one before a year is up."""
    first, welcome, every = span.pays_from + chance.between(2, 9), chance.happens(0.75), chance.between(*_EVERY[span.plan])
    if welcome and company.CONTACTS_FROM <= first < min(span.end, company.THROUGH + 1):
        yield _own(story, first, "onboarding", chance)
    if story.quiet:
        return
    day = first + every
    while day < min(span.end, company.THROUGH + 1):
        # The owners had no time for rounds while the Gulf's tickets burnt.
        if day >= company.CONTACTS_FROM and not story.hurt(day):
            yield _own(story, day, "check-in", chance)
        day += every + chance.between(-6, 9)
    renewal = add_months(span.pays_from, 12) - chance.between(18, 40)
    if span.yearly and company.RECOVERY <= renewal < min(span.end, company.THROUGH + 1) and chance.happens(0.8):
        yield _own(story, renewal, "renewal", chance)


def _own(story: Story, day: int, topic: str, chance: Chance, channel: str = "") -> Contact:
    person = story.person
    chosen, met = person.contact_preference or "email", chance.happens(0.12)
    tongue = sayings.tongue(person.language)
    note = chance.pick(sayings.NOTES[tongue]) if chance.happens(0.14) and topic in ("check-in", "follow-up") else ""
    kind = "email" if channel or chosen == "email" else "meeting" if met else "call" if chosen == "phone" else "message"
    via = channel or ("video" if kind == "meeting" else chosen)
    return Contact(person.number, day, via, "out", kind, sayings.OCCASIONS[topic][tongue], person.owner, note=note)
