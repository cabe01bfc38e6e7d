"""What foreign money is worth in the workspace currency on a day: rule 3 of the catalogue.

A missing rate is never guessed: no inverse of the other direction, no way over a third currency.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction

from tests.oracle.facts import Rate
from tests.oracle.service import Money

OLDEST = timedelta(days=7)


class MissingRate(Exception):
    """Foreign money, and no rate to value it at."""


class Rates:
    """The rates known by `known_by`, or all where that is None."""

    def __init__(self, rates: Iterable[Rate], currency: str, known_by: date | None) -> None:
        self.currency = currency
        self.known = [rate for rate in rates if known_by is None or rate.day <= known_by]

    def rate(self, currency: str, day: date) -> Fraction:
        """Of one unit: the month's single rate where there is one, else the latest on or before the day, at most 7 days old."""
        if currency == self.currency:
            return Fraction(1)
        own = [rate for rate in self.known if rate.currency == currency]
        of_month = [rate for rate in own if (rate.day.year, rate.day.month) == (day.year, day.month)]
        if len(of_month) == 1:
            return of_month[0].rate
        before = [rate for rate in own if day - OLDEST <= rate.day <= day]
        if not before:
            raise MissingRate
        return max(before, key=lambda rate: rate.day).rate

    def worth(self, money: Money, day: date) -> Fraction:
        """A sum of money on a day. Raises MissingRate."""
        return sum((amount * self.rate(currency, day) for currency, amount in money.items() if amount != 0), Fraction(0))
