"""Exchange rates: what one unit of a currency is worth in the workspace's on a day, as imported and never guessed. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import NamedTuple

from cstui.base.days import month_of, month_start
from cstui.base.money import exponent

OLDEST = 7
"""A rate serves its own day and this many days after it."""


class RateRow(NamedTuple):
    """One imported rate: a unit of the foreign currency in the workspace's, or, `inverse`, the other way round."""

    day: int
    inverse: bool
    rate: Fraction


class Pair:
    """The rates of one currency, by day."""

    __slots__ = ("_days", "_rates")

    def __init__(self, rows: Iterable[tuple[int, Fraction]]) -> None:
        ordered = sorted(rows)
        self._days = [day for day, _ in ordered]
        self._rates = [rate for _, rate in ordered]

    def on(self, day: int) -> Fraction | None:
        """The rate that serves a day: the only one of its month, or else the latest on or before it, at most 7 days old."""
        month = month_of(day)
        first, past = bisect_right(self._days, month_start(month) - 1), bisect_right(self._days, month_start(month + 1) - 1)
        if past - first == 1:
            return self._rates[first]
        index = bisect_right(self._days, day) - 1
        return self._rates[index] if index >= 0 and day - self._days[index] <= OLDEST else None


class Rates:
    """Rates into the workspace's currency. `load` gives a currency's rows, and is asked once for each currency that is met."""

    def __init__(self, currency: str, load: Callable[[str], Iterable[RateRow]]) -> None:
        self.currency = currency
        self._load = load
        self._pairs: dict[str, tuple[Pair, Pair]] = {}
        self._known: dict[tuple[str, int], Fraction | None] = {}

    def on(self, code: str, day: int) -> Fraction | None:
        """What a unit of `code` was worth on a day; None where no imported rate says so. A direct rate goes before an inverse one."""
        if code == self.currency:
            return Fraction(1)
        key = (code, day)
        if key not in self._known:
            direct, inverse = self._pair(code)
            found = direct.on(day)
            turned = inverse.on(day) if found is None else None
            self._known[key] = found if turned is None else 1 / turned
        return self._known[key]

    def major(self, minor: Fraction | int, code: str, day: int) -> Fraction | None:
        """Minor units of `code` as major units of the workspace's currency at the rate of a day; None without one."""
        rate = self.on(code, day)
        return None if rate is None else rate * minor / 10 ** exponent(code)

    def factor(self, code: str, day: int) -> Fraction | int | None:
        """What turns minor units of `code` into minor units of the workspace's currency; None without a rate."""
        if code == self.currency:
            return 1
        rate = self.on(code, day)
        return None if rate is None else rate * 10 ** exponent(self.currency) / 10 ** exponent(code)

    def _pair(self, code: str) -> tuple[Pair, Pair]:
        if code not in self._pairs:
            rows = [row for row in self._load(code) if row.rate > 0]
            self._pairs[code] = tuple(Pair((row.day, row.rate) for row in rows if row.inverse is side) for side in (False, True))  # type: ignore[assignment]
        return self._pairs[code]
