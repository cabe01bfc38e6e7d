"""Who came to the company, when, from where: everyone who ever asked, before it is known what they bought."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from cstui.base.days import month_of, month_start
from cstui.sample import company, words
from cstui.sample.chance import Chance


@dataclass(frozen=True, slots=True)
class Person:
    """A company that asked, as the CRM knows it."""

    number: int
    name: str
    email: str
    created_at: int
    region: str
    country: str
    industry: str | None
    owner: str
    channel: str
    language: str
    contact_preference: str | None
    goal: str | None
    platform: str
    way: str
    """`direct`, `trial` (then bought), `trial_lost` or `lead`."""
    chance: Chance
    """Their own stream, so that one company's life never moves another's."""


_WAYS = (("direct", 49), ("trial", 25), ("trial_lost", 14), ("lead", 12))


def people() -> list[Person]:
    """Everyone, in order of arrival."""
    taken: set[str] = set()
    found: list[tuple[int, Chance, str]] = []
    for index, (day, region) in enumerate(_arrivals(Chance(company.SEED))):
        found.append((day, Chance(company.SEED * 1_000_003 + index), region))
    found.sort(key=lambda arrival: arrival[0])
    return [_person(1001 + place, day, region, chance, taken) for place, (day, chance, region) in enumerate(found)]


def _arrivals(chance: Chance) -> Iterator[tuple[int, str]]:
    """(day, region) of each arrival: a trend with season, thinner where the move went wrong."""
    first = month_of(company.OPENING)
    owed = {region: Fraction(0) for region, _ in company.REGIONS}
    for step in range(company.MONTHS):
        month = first + step
        start, past = month_start(month), month_start(month + 1)
        trend = Fraction(14) + Fraction(step * 17, company.MONTHS) + (16 if step == 0 else 0)
        for region, share in company.REGIONS:
            rumour = Fraction(1, 2) if company.trouble(region, start + 14) else 1
            owed[region] += trend * share * company.season(region, month) * rumour / 10_000
            count = int(owed[region] + Fraction(chance.below(1000), 1000))
            owed[region] -= count
            for _ in range(count):
                yield start + chance.below(past - start), region


def _person(number: int, day: int, region: str, chance: Chance, taken: set[str]) -> Person:
    script = chance.weighted(company.SCRIPTS[region])
    name, slug = _name(script, chance, taken)
    country = chance.weighted(company.COUNTRIES[region])
    language = "fa" if script == "persian" else "ar" if script == "arabic" and region == "Europe" else company.LANGUAGES[country]
    preferences = company.PREFERENCES.get(region, company.PREFERENCES_ELSEWHERE)
    return Person(
        number=number,
        name=name,
        email=f"{chance.pick(words.MAILBOXES)}@{slug}.example",
        created_at=day,
        region=region,
        country=country,
        industry=chance.weighted(company.INDUSTRIES),
        owner=chance.pick(words.OWNERS[region]),
        channel=chance.weighted(company.CHANNELS),
        language=language,
        contact_preference=chance.weighted(preferences) if chance.happens(0.9) else None,
        goal=chance.pick(words.GOALS[language]) if chance.happens(0.6) else None,
        platform=chance.weighted(company.PLATFORMS),
        way=chance.weighted(_WAYS),
        chance=chance,
    )


def _name(script: str, chance: Chance, taken: set[str]) -> tuple[str, str]:
    """A company name nobody has yet, and its Latin slug."""
    while True:
        if script == "latin":
            (first, slug), (trade, tail) = chance.pick(words.LATIN), chance.pick(words.LATIN_TRADES)
            name = f"{first} {trade}"
        else:
            stems, patterns = (words.ARABIC, words.ARABIC_PATTERNS) if script == "arabic" else (words.PERSIAN, words.PERSIAN_PATTERNS)
            (first, slug), (pattern, tail) = chance.pick(stems), chance.pick(patterns)
            name = pattern.format(first)
        if name not in taken:
            taken.add(name)
            return name, f"{slug}-{tail}"
