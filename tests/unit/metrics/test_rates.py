"""Which imported rate serves a day, and when none does."""

from __future__ import annotations

from fractions import Fraction

from cstui.base.days import parse_iso as day
from cstui.metrics.rates import RateRow, Rates


def rates(*rows: tuple[str, str], inverse: tuple[tuple[str, str], ...] = ()) -> Rates:
    """Rates of EUR into USD; `inverse` of USD into EUR."""
    held = [RateRow(day(when), False, Fraction(rate)) for when, rate in rows]
    held += [RateRow(day(when), True, Fraction(rate)) for when, rate in inverse]
    return Rates("USD", lambda code: held if code == "EUR" else [])


DAILY = rates(("2026-03-02", "1.1"), ("2026-03-10", "1.2"), ("2026-03-11", "1.3"))


def test_the_latest_on_or_before_the_day_at_most_seven_days_old() -> None:
    assert DAILY.on("EUR", day("2026-03-02")) == Fraction("1.1")
    assert DAILY.on("EUR", day("2026-03-09")) == Fraction("1.1")
    assert DAILY.on("EUR", day("2026-03-18")) == Fraction("1.3")
    assert DAILY.on("EUR", day("2026-03-19")) is None
    assert DAILY.on("EUR", day("2026-03-01")) is None


def test_a_months_only_rate_serves_its_month_and_goes_before_the_end_of_the_month_before() -> None:
    monthly = rates(("2026-01-31", "1.1"), ("2026-02-28", "1.2"))
    assert monthly.on("EUR", day("2026-01-01")) == Fraction("1.1")
    assert monthly.on("EUR", day("2026-02-01")) == Fraction("1.2")
    assert monthly.on("EUR", day("2026-03-07")) == Fraction("1.2")
    assert monthly.on("EUR", day("2026-03-08")) is None


def test_an_inverse_rate_serves_where_there_is_no_direct_one() -> None:
    both = rates(("2026-01-10", "1.25"), ("2026-01-11", "1.5"), inverse=(("2026-01-10", "0.5"), ("2026-02-01", "0.4")))
    assert both.on("EUR", day("2026-01-10")) == Fraction("1.25")
    assert both.on("EUR", day("2026-02-20")) == Fraction("2.5")


def test_own_money_needs_no_rate_and_a_stranger_has_none() -> None:
    assert DAILY.on("USD", day("1999-01-01")) == 1
    assert DAILY.on("GBP", day("2026-03-10")) is None


def test_minor_units_of_either_currency_are_minded() -> None:
    yen = Rates("USD", lambda _: [RateRow(day("2026-03-10"), False, Fraction("0.0065"))])
    assert yen.major(1000, "JPY", day("2026-03-10")) == Fraction("6.5")
    assert yen.factor("JPY", day("2026-03-10")) == Fraction("0.65")
