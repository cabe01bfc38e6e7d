"""Money as exact integers: minor units of a currency, and the finer unit in which MRR is kept.

Nothing is rounded here but where a function says so. Display lives in `cstui.base.formatting`.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from cstui.base.currencies import CURRENCIES

SCALE = 332_640
"""MRR is kept in minor units × SCALE. SCALE = 12 × lcm(1…12), so that the month, quarter, year, week (12/52) and day
(12/365) share of any `interval_count` up to 12, and of 14, 15, 28, 30, 45, 60, 90, 180, 360 days, is a whole number:
sums and movements of MRR are then exact in integers. Other counts, and
fractions of a minor unit that a fractional quantity makes, are rounded half up once, to 1/SCALE of a minor unit."""

LARGEST = 2**62 // SCALE
"""The most minor units of MRR, amount or discount that a row may carry, so that an MRR fits a 64-bit integer."""

_POWERS = (1, 10, 100, 1000, 10_000)

_MONTHS = {  # months in one interval, as (numerator, denominator)
    "year": (12, 1),
    "quarter": (3, 1),
    "month": (1, 1),
    "week": (12, 52),
    "day": (12, 365),
}


def exponent(currency: str) -> int:
    """Digits after the point of a currency's minor unit: JPY 0, USD 2, KWD 3, CLF 4; 2 of a code that is none."""
    found = CURRENCIES.get(currency)
    return 2 if found is None else found.digits


def to_minor(amount: Decimal, currency: str) -> int | None:
    """Major units as minor ones, or None where the amount has more decimals than the currency knows."""
    scaled = amount.scaleb(exponent(currency))
    whole = int(scaled)
    return whole if whole == scaled else None


def to_major(minor: Fraction | int, currency: str) -> Fraction:
    """Minor units as major ones, exactly."""
    return Fraction(minor) / _POWERS[exponent(currency)]


def mrr_scaled(billed: Fraction | int, interval: str, count: int) -> int:
    """MRR in minor units × SCALE of what is billed, in minor units, once per `count` intervals."""
    months, per = _MONTHS[interval]
    top, bottom = billed.numerator * SCALE * per, billed.denominator * months * count
    whole, rest = divmod(top, bottom)
    return whole if not rest else (2 * top + bottom) // (2 * bottom)
