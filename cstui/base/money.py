"""Money as exact integers: minor units of a currency, and the finer unit in which MRR is kept.

Nothing is rounded here but where a function says so. Display lives in `cstui.base.formatting`.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

SCALE = 332_640
"""MRR is kept in minor units × SCALE. SCALE = 12 × lcm(1…12), so that the month, quarter, year, week (12/52) and day
(12/365) share of any `interval_count` up to 12, and of 14, 15, 28, 30, 45, 60, 90, 180, 360 days, is a whole number:
sums and movements of MRR are then exact in integers. Other counts, and
fractions of a minor unit that a fractional quantity makes, are rounded half up once, to 1/SCALE of a minor unit."""

LARGEST = 2**62 // SCALE
"""The most minor units of MRR, amount or discount that a row may carry, so that an MRR fits a 64-bit integer."""

_NO_MINOR = frozenset("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split())
_THREE = frozenset("BHD IQD JOD KWD LYD OMR TND".split())

# ISO 4217 active codes; a code outside it is refused at import, with its place.
CURRENCIES = frozenset(
    (
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP "
        "CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF "
        "IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD "
        "MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB "
        "RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD "
        "UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG"
    ).split()
)

_POWERS = (1, 10, 100, 1000)

_MONTHS = {  # months in one interval, as (numerator, denominator)
    "year": (12, 1),
    "quarter": (3, 1),
    "month": (1, 1),
    "week": (12, 52),
    "day": (12, 365),
}


def exponent(currency: str) -> int:
    """Digits after the point of a currency's minor unit: JPY 0, USD 2, KWD 3."""
    return 0 if currency in _NO_MINOR else 3 if currency in _THREE else 2


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
