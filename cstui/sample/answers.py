"""What customers say when they are asked: would you recommend us, were you satisfied, was it easy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cstui.sample import company, sayings
from cstui.sample.chance import Chance
from cstui.sample.company import add_months
from cstui.sample.contacts import Contact
from cstui.sample.story import Span, Story, stream

_SCALES = {"nps": "0-10", "csat": "1-5", "ces": "1-7"}
_NPS = {
    2: ((10, 46), (9, 36), (8, 13), (7, 5)),
    1: ((10, 22), (9, 34), (8, 26), (7, 12), (6, 6)),
    0: ((10, 8), (9, 18), (8, 28), (7, 22), (6, 13), (5, 7), (4, 4)),
    -1: ((9, 6), (8, 16), (7, 22), (6, 22), (5, 16), (4, 10), (3, 8)),
    -2: ((7, 10), (6, 18), (5, 20), (4, 18), (3, 16), (2, 10), (1, 8)),
    -3: ((6, 8), (5, 14), (4, 18), (3, 20), (2, 16), (1, 12), (0, 12)),
}
_CSAT = {
    2: ((5, 72), (4, 24), (3, 4)),
    1: ((5, 48), (4, 40), (3, 9), (2, 3)),
    0: ((5, 28), (4, 44), (3, 19), (2, 6), (1, 3)),
    -1: ((5, 10), (4, 30), (3, 32), (2, 19), (1, 9)),
    -2: ((4, 13), (3, 26), (2, 35), (1, 26)),
    -3: ((4, 5), (3, 16), (2, 35), (1, 44)),
}
_CES = {
    2: ((7, 60), (6, 32), (5, 8)),
    1: ((7, 36), (6, 38), (5, 18), (4, 8)),
    0: ((7, 18), (6, 34), (5, 26), (4, 12), (3, 10)),
    -1: ((6, 20), (5, 26), (4, 22), (3, 20), (2, 12)),
    -2: ((5, 16), (4, 22), (3, 28), (2, 22), (1, 12)),
    -3: ((4, 14), (3, 28), (2, 32), (1, 26)),
}
_TABLES = {"nps": _NPS, "csat": _CSAT, "ces": _CES}


@dataclass(frozen=True, slots=True)
class Answer:
    """One line of the surveys file."""

    customer: int
    day: int
    kind: str
    score: int
    survey: str
    respondent: str
    touchpoint: str
    comment: str

    @property
    def scale(self) -> str:
        """The scale it was given on."""
        return _SCALES[self.kind]


def answers(story: Story, asked: Sequence[Contact]) -> list[Answer]:
    """All answers of a customer; `asked`: their tickets, after which they are asked too."""
    chance = stream(story.person, 5)
    who = [sayings.respondent(chance, story.person.language) for _ in range(chance.between(1, 3))]
    found = [answer for span in story.spans for one in (_relationship, _occasions) for answer in one(story, span, chance, who)]
    for ticket in asked:
        satisfied, easy = chance.happens(story.answers * 0.45), chance.happens(story.answers * 0.3)
        if ticket.resolved_at is None:
            continue
        badly = 1 if (ticket.reopens or 0) else 0
        if satisfied:
            found += _one(story, ticket.resolved_at + 1, "csat", "support", chance, who, -badly)
        if easy:
            found += _one(story, ticket.resolved_at + 1, "ces", "support", chance, who, -badly)
    return sorted(found, key=lambda answer: (answer.day, answer.kind, answer.touchpoint))


def _relationship(story: Story, span: Span, chance: Chance, who: list[str]) -> Iterator[Answer]:
    """Would you recommend us: two months after the first paid day, then twice a year."""
    day = span.pays_from + 45 + chance.between(0, 20)
    while day < span.end:
        for name in who[: 2 if span.plan in ("business", "enterprise") else 1]:
            if chance.happens(story.answers):
                yield from _one(story, day + chance.between(0, 9), "nps", "", chance, [name], 0)
        day += 175 + chance.between(0, 14)


def _occasions(story: Story, span: Span, chance: Chance, who: list[str]) -> Iterator[Answer]:
    """Were you satisfied: after onboarding, after some bills, and at the checkout, where a shop has one of ours."""
    if chance.happens(story.answers * 0.8):
        yield from _one(story, span.pays_from + chance.between(18, 30), "csat", "onboarding", chance, who, 0)
    month = 1
    while (day := add_months(span.pays_from, month)) < span.end:
        month += 1
        bill, checkout, wait = chance.below(1000), chance.below(1000), chance.between(0, 20)
        hurt = story.hurt(day + wait)
        if bill < 1000 * story.answers * (0.2 if hurt else 0.05):
            yield from _one(story, day + 1, "csat", "billing", chance, who, -1 if hurt else 0)
        # After the move everybody was asked about the checkout.
        if story.person.platform in ("hosted shop", "own shop") and checkout < 1000 * story.answers * (0.5 if hurt else 0.11):
            yield from _one(story, day + wait, "csat", "checkout", chance, who, -1 if hurt else 0)


_SURVEYS = {
    "": "relationship",
    "support": "after a ticket",
    "onboarding": "after onboarding",
    "billing": "after a bill",
    "checkout": "at checkout",
}


def _one(story: Story, day: int, kind: str, touchpoint: str, chance: Chance, who: Sequence[str], shift: int) -> Iterator[Answer]:
    mood = max(-3, story.mood(day) + shift)
    score, draw, name = chance.weighted(_TABLES[kind][mood]), chance.below(100), chance.pick(who)
    comment = sayings.comment(chance, story.person.language, touchpoint, good=_good(kind, score))
    if company.ANSWERS_FROM <= day <= min(company.THROUGH, story.asked) and story.span(day) is not None:
        told = comment if draw < (46 if not _good(kind, score) else 28) else ""
        yield Answer(story.person.number, day, kind, score, _SURVEYS[touchpoint], name, touchpoint, told)


def _good(kind: str, score: int) -> bool:
    return score >= {"nps": 8, "csat": 4, "ces": 5}[kind]
