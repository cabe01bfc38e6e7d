"""Simorgh Cloud: a help desk for online shops, sold in the Middle East, North Africa and Europe.

What it sells, to whom, when the seasons come, and what went wrong in the last quarter of 2025. Only constants and the
functions that read them; no chance, no rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cstui.base.days import month_of, to_date, to_day

NAME = "Simorgh Cloud"
CURRENCY = "USD"
TIMEZONE = "Asia/Dubai"
SEED = 7
OPENING = to_day(date(2024, 5, 1))
THROUGH = to_day(date(2026, 10, 31))
"""The last day of the data."""
MONTHS = month_of(THROUGH) - month_of(OPENING) + 1
TRIAL_DAYS = 14
USE_FROM = to_day(date(2025, 9, 1))
"""From here on the product reports who used it."""
CONTACTS_FROM = to_day(date(2025, 7, 1))
"""From here on tickets, calls and e-mails are in one place."""
ANSWERS_FROM = to_day(date(2025, 1, 15))
"""From here on customers are asked what they think."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a plan costs and who takes it."""

    name: str
    price: int
    """Cents per seat and month."""
    seats: tuple[int, int]
    """Fewest and most seats at the start."""
    terms: tuple[tuple[int, int], ...]
    """(months billed at once, weight)."""
    churn: float
    """Against the company's usual churn."""
    onboarding: tuple[float, int]
    """Share that buys onboarding, and its price in cents."""


START = Plan("start", 1900, (1, 5), ((1, 85), (12, 15)), 1.45, (0.0, 0))
TEAM = Plan("team", 3900, (3, 12), ((1, 64), (3, 8), (12, 28)), 1.0, (0.25, 19_000))
BUSINESS = Plan("business", 6500, (6, 20), ((1, 42), (3, 10), (12, 48)), 0.9, (0.55, 45_000))
ENTERPRISE = Plan("enterprise", 8900, (18, 34), ((1, 10), (12, 90)), 0.5, (0.9, 150_000))
LADDER = (START, TEAM, BUSINESS, ENTERPRISE)

CHATBOT = ("chatbot", 2900)
VOICE = ("voice", 4900)
ADDONS = (CHATBOT, VOICE)
"""Add-ons: name and cents a month, whatever the seats."""

SEGMENT = {"start": "small", "team": "mid-market", "business": "mid-market", "enterprise": "enterprise"}

REGIONS = (("Gulf", 36), ("Mashriq", 17), ("Maghreb", 10), ("Iran", 15), ("Europe", 22))
COUNTRIES: dict[str, tuple[tuple[str, int], ...]] = {
    "Gulf": (("Saudi Arabia", 45), ("United Arab Emirates", 33), ("Kuwait", 12), ("Qatar", 10)),
    "Mashriq": (("Egypt", 55), ("Jordan", 25), ("Lebanon", 12), ("Iraq", 8)),
    "Maghreb": (("Morocco", 50), ("Tunisia", 28), ("Algeria", 22)),
    "Iran": (("Iran", 100),),
    "Europe": (("Germany", 38), ("France", 24), ("Netherlands", 20), ("Sweden", 18)),
}
SCRIPTS: dict[str, tuple[tuple[str, int], ...]] = {
    "Gulf": (("arabic", 62), ("latin", 38)),
    "Mashriq": (("arabic", 66), ("latin", 34)),
    "Maghreb": (("arabic", 40), ("latin", 60)),
    "Iran": (("persian", 88), ("latin", 12)),
    "Europe": (("latin", 88), ("arabic", 5), ("persian", 7)),
}
LANGUAGES = {
    "Saudi Arabia": "ar", "United Arab Emirates": "en", "Kuwait": "ar", "Qatar": "ar", "Egypt": "ar", "Jordan": "ar", "Lebanon": "ar",
    "Iraq": "ar", "Morocco": "fr", "Tunisia": "fr", "Algeria": "ar", "Iran": "fa", "Germany": "de", "France": "fr",
    "Netherlands": "en", "Sweden": "en",
}  # fmt: skip
INDUSTRIES = (
    ("fashion", 22), ("electronics", 14), ("beauty", 13), ("grocery", 11), ("home", 11), ("travel", 8), ("education", 7),
    ("health", 7), ("sports", 5), (None, 2),
)  # fmt: skip
CHANNELS = (("organic search", 28), ("referral", 20), ("paid ads", 22), ("partner", 16), ("events", 8), ("outbound", 6))
CHANNEL_CHURN = {"paid ads": 1.45, "referral": 0.7, "partner": 0.85}
PREFERENCES: dict[str, tuple[tuple[str, int], ...]] = {
    "Iran": (("phone", 40), ("telegram", 40), ("email", 20)),
    "Europe": (("email", 80), ("phone", 20)),
}
PREFERENCES_ELSEWHERE = (("whatsapp", 55), ("phone", 20), ("email", 25))
PLATFORMS = (("hosted shop", 46), ("own shop", 24), ("marketplace", 18), ("app only", 12))

# New customers by calendar month (January first), in percent of the trend: Ramadan fell into March 2025 and into February
# and March 2026, Nowruz takes the second half of March, Europe rests in August, and everyone prepares for the autumn sales.
_SEASON = (96, 90, 72, 84, 100, 96, 88, 84, 122, 132, 124, 88)
_SEASON_IRAN = (104, 104, 46, 66, 104, 104, 100, 98, 116, 116, 108, 100)

BAD_FROM = to_day(date(2025, 10, 6))
BAD_UNTIL = to_day(date(2026, 1, 6))
BAD_REGION = "Gulf"
"""In October 2025 the Gulf was moved to a new payment provider and a new checkout: good cards were refused, chats from the
checkout were lost, tickets came back unsolved, and shops left."""
CARD_SLIPS, CARD_SLIPS_IN_TROUBLE = 0.025, 0.3
"""Share of card payments that fail at the first try."""
RECOVERY = to_day(date(2026, 2, 1))
"""From here on a customer-success team calls before renewals."""
RISE = to_day(date(2026, 6, 1))
"""From here on new customers pay more per seat on the two small plans."""


def trouble(region: str, day: int) -> bool:
    """Whether the botched move was felt for that region on that day."""
    return region == BAD_REGION and BAD_FROM <= day < BAD_UNTIL


def season(region: str, month: int) -> int:
    """Percent of the trend in a month number, for the region."""
    return (_SEASON_IRAN if region == "Iran" else _SEASON)[month % 12]


def price(plan: Plan, day: int) -> int:
    """Cents per seat and month for who signs on that day."""
    risen = 300 if plan is START else 400 if plan is TEAM else 0
    return plan.price + (risen if day >= RISE else 0)


def churn(plan: Plan, region: str, channel: str, day: int, tenure: int) -> float:
    """Chance to leave within a month, `tenure` months after the first paid day."""
    age = 1.5 if tenure <= 3 else 1.0 if tenure <= 12 else 0.75
    if day > THROUGH:
        age *= 3.6  # In October 2026 the next rise was announced.
    mood = (7.5 if plan is TEAM else 5.0) if trouble(region, day) else 0.88 if day >= RECOVERY else 1.0
    return 0.024 * plan.churn * CHANNEL_CHURN.get(channel, 1.0) * age * mood


def add_months(day: int, months: int) -> int:
    """The same day of the month `months` later, clipped to that month's end."""
    anchor = to_date(day)
    month = anchor.year * 12 + anchor.month - 1 + months
    year, index = month // 12, month % 12
    past = date(year + (index == 11), (index + 1) % 12 + 1, 1)
    return min(to_day(date(year, index + 1, 1)) + anchor.day - 1, to_day(past) - 1)
