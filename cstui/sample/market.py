"""What was spent month by month, and who came to the web site week by week, from the arrivals there were."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cstui.base.days import month_of, month_start, to_date
from cstui.sample import company
from cstui.sample.chance import Chance
from cstui.sample.people import Person

_MARKETING = {"paid ads": 42, "events": 22, "partner": 14, "organic search": 14, "referral": 8}
"""Percent of the month's marketing, by channel."""
_VISITS = {"organic search": 58, "paid ads": 74, "referral": 15, "partner": 17, "events": 12, "outbound": 9}
"""Visits a week behind each arrival."""


@dataclass(frozen=True, slots=True)
class Cost:
    """One line of the costs file; cents."""

    name: str
    day: int
    category: str
    amount: int
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Traffic:
    """One line of the traffic file: a channel's week, under its Monday."""

    day: int
    channel: str
    visits: int
    conversions: int
    leads: int


def costs(revenue: dict[int, int]) -> Iterator[Cost]:
    """Every month's costs, booked on its last day. `revenue`: month → cents billed, which hosting and support follow."""
    chance = Chance(company.SEED * 17)
    first = month_of(company.OPENING)
    for step in range(company.MONTHS):
        month = first + step
        day = month_start(month + 1) - 1
        bad = company.trouble(company.BAD_REGION, day - 14)
        size = revenue.get(month, 0)
        marketing = _around(chance, 900_000 + 48_000 * step) * (140 if month % 12 in (8, 9) else 70 if bad else 100) // 100
        for channel, percent in _MARKETING.items():
            yield Cost("marketing", day, "marketing", _round(marketing * percent // 100), channel)
        yield Cost("sales", day, "sales", _round(_around(chance, 800_000 + 52_000 * step)))
        yield Cost("outbound", day, "sales", _round(_around(chance, 120_000 + 4_000 * step)), "outbound")
        yield Cost("hosting", day, "cost_of_revenue", _round(_around(chance, 250_000 + size * 13 // 100)))
        yield Cost("messages", day, "cost_of_revenue", _round(_around(chance, size * 6 // 100 + 10_000)))
        yield Cost("support", day, "service", _round(_around(chance, 420_000 + size * 9 // 100) * (145 if bad else 100) // 100))
        yield Cost("office", day, "other", _round(_around(chance, 380_000 + 14_000 * step)))
        if bad:
            yield Cost("migration", day, "other", _round(_around(chance, 1_450_000)))


def _around(chance: Chance, amount: int) -> int:
    """The amount, up to 6 % more or less."""
    return amount * chance.between(94, 106) // 100


def _round(cents: int) -> int:
    """To whole units of the currency."""
    return cents // 100 * 100


def traffic(found: Sequence[Person]) -> Iterator[Traffic]:
    """Every channel's weeks. Leads are the arrivals there were; visits follow the year's mean, not each arrival."""
    chance = Chance(company.SEED * 19)
    leads = Counter((_monday(person.created_at), person.channel) for person in found)
    weeks = range(_monday(company.OPENING) + 7, company.THROUGH + 1, 7)
    for number, day in enumerate(weeks):
        bad = company.trouble(company.BAD_REGION, day)
        for channel, share in company.CHANNELS:
            # Arrivals a week, in thousandths: as many as the trend of the months and the channel's share give.
            expected = (14_000 + 17_000 * number // len(weeks)) * 12 // 52 * share // 100
            visits = expected * _VISITS[channel] * chance.between(88, 112) // 100_000 * (88 if bad else 100) // 100
            came, more = leads[day, channel], chance.between(0, 2)
            conversions = came if bad else came + more
            yield Traffic(day, channel, max(visits, conversions * 4), conversions, came)


def _monday(day: int) -> int:
    return day - to_date(day).weekday()
