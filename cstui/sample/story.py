"""What happened to a company as a customer, beneath what any file says: when it was served, well or ill, and how it left.

Use, contacts and answers are told from one story, so that they agree; its chance is its own, so that no story moves a contract.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from cstui.sample import company
from cstui.sample.chance import Chance
from cstui.sample.life import Contract
from cstui.sample.people import Person

LINGERS = 45
"""Days for which the bad quarter is felt after its end."""


@dataclass(frozen=True, slots=True)
class Span:
    """Days of service without a break, half-open."""

    start: int
    pays_from: int
    end: int
    plan: str
    yearly: bool

    def __contains__(self, day: int) -> bool:
        return self.start <= day < self.end


@dataclass(frozen=True, slots=True)
class Fall:
    """Use that sinks from `start` to `depth` of what it was on `bottom`, and stays there until it comes back on `until`."""

    start: int
    bottom: int
    until: int
    depth: float


@dataclass(frozen=True, slots=True)
class Story:
    """One customer's story."""

    person: Person
    spans: tuple[Span, ...]
    falls: tuple[Fall, ...]
    anger: tuple[tuple[int, int], ...]
    """Days, half-open, on which they wrote again and again, and said so."""
    temper: int
    """How they judge on a usual day, −1…1."""
    quiet: bool
    """They never write, and nobody calls."""
    asked: int
    """The last day on which a survey is sent to them; before the first, they are never asked."""
    answers: float
    """Share of surveys they answer."""
    unpaid_from: int | None

    def use(self, day: int) -> float:
        """Share of the usual use on a day."""
        share = 1.0
        for fall in self.falls:
            if fall.start <= day < fall.until:
                passed = min(1.0, (day - fall.start) / (fall.bottom - fall.start))
                share = min(share, 1 - (1 - fall.depth) * passed)
        if self.hurt(day):
            share *= 0.5
        return share

    def hurt(self, day: int) -> bool:
        """Whether the bad quarter is felt there on that day; its first week was a quiet one."""
        return company.trouble(self.person.region, day - 7) or (company.trouble(self.person.region, day) and day > company.BAD_FROM + 7)

    def mood(self, day: int) -> int:
        """How they feel, from −3 (leaving in anger) to 2."""
        # The success team of 2026 lifts those most who were not fond of it before.
        mood = self.temper + (day >= company.RECOVERY and (self.temper < 1 or self.person.number % 3 == 0))
        if any(start <= day < end for start, end in self.anger):
            mood -= 3
        elif self.use(day) < 0.6:
            mood -= 1
        if self.hurt(day):
            mood -= 2
        elif company.trouble(self.person.region, day - LINGERS):
            mood -= 1
        return max(-3, min(2, mood))

    def span(self, day: int) -> Span | None:
        """The service of a day."""
        return next((span for span in self.spans if day in span), None)


def stream(person: Person, use: int) -> Chance:
    """A company's own source of chance for one use, apart from the one its contracts were drawn from."""
    return Chance((company.SEED * 1_000_003 + person.number) * 100 + use)


def tell(person: Person, contracts: list[Contract]) -> Story | None:
    """The story of who was ever served; None for the others."""
    mains = [contract for contract in contracts if contract.main]
    spans = tuple(_spans(mains))
    if not spans:
        return None
    chance = stream(person, 1)
    falls: list[Fall] = []
    anger: list[tuple[int, int]] = []
    for contract, following in zip(mains, [*mains[1:], None], strict=True):
        turned = following is not None and following.versions[0].start == contract.ended
        way, ahead, depth = chance.below(100), chance.between(24, 66), max(0.0, chance.spread(-0.15, 0.45))
        told = contract.unpaid_from or contract.requested
        if told is None or turned or contract.ended is None:
            continue
        # Most fade before they tell, some write in anger and use it to the last day, and some leave without a sign.
        start = max(contract.pays_from, told - ahead)
        if way < 76 and told > start:
            falls.append(Fall(start, told, contract.ended + 1, depth))
        if 48 <= way < 88:
            anger.append((start, contract.ended))
    calm, day, low, long = (
        chance.below(100),
        chance.between(company.USE_FROM, company.THROUGH),
        chance.spread(0.25, 0.65),
        chance.between(30, 75),
    )
    lately, since, left = chance.below(100), chance.between(20, 60), max(0.0, chance.spread(-0.25, 0.5))
    last = mains[-1]
    if calm < 22:  # A quiet season: it falls, and comes back.
        falls.append(Fall(day, day + 14, day + 14 + long, low))
    if lately < 11 and last.ended is None:
        falls.append(Fall(company.THROUGH - since, company.THROUGH - since // 3, company.THROUGH + 1, left))
    if 8 <= lately < 11 and last.ended is None:
        anger.append((company.THROUGH - since, company.THROUGH + 1))
    if last.unpaid_from is not None and last.ended is None and lately < 60:
        falls.append(Fall(last.unpaid_from - 30, last.unpaid_from, company.THROUGH + 1, left))
    temper, quiet = chance.weighted(((1, 40), (0, 40), (-1, 20))), chance.happens(0.12)
    never, dropped, answers = chance.happens(0.11), chance.happens(0.12), chance.spread(0.12, 0.8)
    asked = 0 if never else company.THROUGH - chance.between(200, 400) if dropped else company.THROUGH
    return Story(person, spans, tuple(falls), tuple(anger), temper, quiet, asked, answers, last.unpaid_from if last.ended is None else None)


def _spans(mains: list[Contract]) -> list[Span]:
    """Service of the main contracts, one span for those that follow without a break."""
    found: list[Span] = []
    for contract in mains:
        until = company.THROUGH + 1
        for stop in (contract.ended, contract.paused):
            until = until if stop is None else min(until, stop)
        version = contract.versions[-1]
        span = Span(contract.versions[0].start, contract.pays_from, until, version.plan, version.term == 12)
        if found and found[-1].end == span.start:
            first = found.pop()
            span = Span(first.start, first.pays_from, span.end, span.plan, span.yearly)
        if span.end > span.start:
            found.append(span)
    assert all(earlier.end <= later.start for earlier, later in pairwise(found))
    return found
