"""What a figure is made of beside its rows, as a person reads it: each part in its own unit, wherever explanations show it.

Knows the parts' names; what they mean is `cstui.metrics`.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from cstui.base import formatting as fmt
from cstui.base.currencies import CURRENCIES

_SHARES: Final = frozenset(("shares", "gross", "net", "easy_share", "margin", "churn"))
_DIVIDED: Final = frozenset(("by_channel", "by_segment", "by_source", "by_category"))
"""The same figure, of some of what it counts."""
_LENGTHS: Final = {"median_days": "days", "waiting_days": "days", "lifetime_months": "months"}


def name_words(name: str | None) -> str:
    """A part's name: `by channel`; who has no value is `(none)`."""
    return (name or "(none)").replace("_", " ")


def part_words(path: tuple[str, ...], value: object, unit: str, currency: str) -> str:
    """The part that is found under these names, the outermost first, of a figure in `unit`: `78.6 %`, `$3,388`, `54.3 months`."""
    if value is None:
        return fmt.UNKNOWN
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    return _amount(path, value, unit, currency) if isinstance(value, Fraction) else str(value)


def _amount(path: tuple[str, ...], value: Fraction, unit: str, currency: str) -> str:
    if path[0] == "by_currency" and path[-1] in CURRENCIES:
        return fmt.money(value, path[-1])
    if _SHARES.intersection(path) or (unit == "ratio" and path[0] in _DIVIDED):
        return fmt.percent(value)
    if path[-1] in _LENGTHS:
        return fmt.figure(value, _LENGTHS[path[-1]], currency)
    if unit == "money":
        return fmt.money(value, currency)
    return fmt.number(value, 0 if value.denominator == 1 else 2)
