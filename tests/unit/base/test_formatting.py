"""Figures as words: exact to the one rounding, half away from zero, with true minus signs."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from cstui.base import formatting as fmt
from cstui.base.days import Period, months, to_day

NOV_24 = 2024 * 12 + 10


@pytest.mark.parametrize(
    ("value", "currency", "words"),
    [
        (Fraction(182_410), "USD", "$182,410"),
        (Fraction(-980), "USD", "−$980"),
        (Fraction(9900, 200), "USD", "$49.50"),
        (Fraction(5, 4), "KWD", "KWD 1.250"),
        (Fraction(1_234_567, 2), "JPY", "¥617,284"),
        (Fraction(2999, 2), "EUR", "€1,500"),
        (Fraction(0), "GBP", "£0"),
    ],
)
def test_money(value: Fraction, currency: str, words: str) -> None:
    assert fmt.money(value, currency) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (Fraction(0), "0"),
        (Fraction(12), "12"),
        (Fraction(4100), "4.1k"),
        (Fraction(182_410), "182k"),
        (Fraction(1_300_000), "1.3M"),
        (Fraction(-2_500), "−2.5k"),
        (Fraction(999_999), "1M"),
    ],
)
def test_compact(value: Fraction, words: str) -> None:
    assert fmt.compact(value) == words


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (None, "money", "n/a"),
        (Fraction(8, 421), "ratio", "1.9 %"),
        (Fraction(1, 2000), "ratio", "0.1 %"),
        (Fraction(61, 10), "times", "6.1 ×"),
        (Fraction(412), "count", "412"),
        (Fraction(32), "score", "+32"),
        (Fraction(-4), "score", "−4"),
        (Fraction(21), "days", "21 days"),
        (Fraction(1), "days", "1 day"),
        (Fraction(7, 2), "months", "3.5 months"),
    ],
)
def test_figure(value: Fraction | None, unit: str, words: str) -> None:
    assert fmt.figure(value, unit, "USD") == words


@pytest.mark.parametrize(
    ("value", "previous", "unit", "better", "words"),
    [
        (Fraction(182_410), Fraction(179_206), "money", "higher", "▲ $3,204  +1.8 %"),
        (Fraction(97), Fraction(100), "money", "higher", "▼ $3  −3.0 %"),
        (Fraction(5), Fraction(0), "money", "higher", "▲ $5"),
        (Fraction(412), Fraction(406), "count", "higher", "▲ 6"),
        (Fraction(19, 1000), Fraction(23, 1000), "ratio", "lower", "▼ 0.4 pt better"),
        (Fraction(23, 1000), Fraction(19, 1000), "ratio", "lower", "▲ 0.4 pt worse"),
        (Fraction(23, 1000), Fraction(19, 1000), "ratio", "neither", "▲ 0.4 pt"),
        (Fraction(1, 100_000), Fraction(0), "ratio", "higher", "▲ <0.01 pt better"),
        (Fraction(3), Fraction(3), "count", "higher", "= unchanged"),
        (None, Fraction(3), "count", "higher", ""),
        (Fraction(3), None, "count", "higher", ""),
        (Fraction(40), Fraction(-5), "money", "higher", "▲ $45"),
        (Fraction(-40), Fraction(100), "money", "higher", "▼ $140"),
        (Fraction(8_204), Fraction(100), "money", "higher", "▲ $8,104"),
    ],
)
def test_delta(value: Fraction | None, previous: Fraction | None, unit: str, better: str, words: str) -> None:
    assert fmt.delta(value, previous, unit, better, "USD") == words


@pytest.mark.parametrize(
    ("period", "words"),
    [
        (months(NOV_24), "Nov 2024"),
        (months(NOV_24 - 4, 3), "2024-Q3"),
        (months(NOV_24 - 10, 12), "2024"),
        (months(NOV_24 - 3, 3), "Aug–Oct 2024"),
        (months(NOV_24, 3), "Nov 2024 – Jan 2025"),
        (Period(to_day(date(2026, 10, 3)), to_day(date(2026, 11, 10))), "3 Oct 2026 – 9 Nov 2026"),
    ],
)
def test_period(period: Period, words: str) -> None:
    assert fmt.period(period) == words


def test_sparkline_has_gaps_stretches_and_leaves_out_what_was_before_the_data() -> None:
    assert fmt.sparkline((Fraction(0), None, Fraction(7)), 3) == ["▁·█"]
    assert fmt.sparkline((None, None, Fraction(0), Fraction(7)), 4) == ["▁▁██"]
    assert fmt.sparkline((Fraction(0), Fraction(8)), 2, 2) == [" █", "▁█"]
    assert fmt.sparkline(tuple(map(Fraction, range(100))), 8) == ["▁▂▃▄▅▆▇█"]
    assert fmt.sparkline((Fraction(5), Fraction(5)), 2) == ["▄▄"]
    assert fmt.sparkline((None,), 5) == []


def test_small_words() -> None:
    assert fmt.age(0) == "today"
    assert fmt.age(1) == "1 day old"
    assert fmt.day(to_day(date(2026, 10, 31))) == "31 Oct 2026"
    assert fmt.count(1, "file") == "1 file"
    assert fmt.count(1200, "file") == "1,200 files"
    assert [fmt.size(n) for n in (812, 12_000, 3_400_000)] == ["812 B", "12 kB", "3.4 MB"]
    assert [fmt.signed(Fraction(n), "money", "USD") for n in (5130, -980, 0)] == ["+5,130", "−980", "0"]


@pytest.mark.parametrize(
    ("value", "currency", "room", "words"),
    [
        (Fraction(4_800_000), "IRR", 9, "4,800,000"),
        (Fraction(4_800_000), "IRR", 8, "4.8M"),
        (Fraction(4_856_000), "IRR", 5, "4.86M"),
        (Fraction(4_856_000), "IRR", 4, "4.9M"),
        (Fraction(-4_856_000), "IRR", 4, "−5M"),
        (Fraction(999_999), "IRR", 6, "1M"),
        (Fraction(999_400), "IRR", 4, "999k"),
        (Fraction(600_000), "IRR", 1, "600k"),
        (Fraction(4_800_000), "USD", 10, "$4,800,000"),
        (Fraction(4_800_000), "USD", 9, "$4.8M"),
    ],
)
def test_money_within(value: Fraction, currency: str, room: int, words: str) -> None:
    assert fmt.money_within(value, currency, room) == words


@pytest.mark.parametrize(
    ("room", "words"),
    [
        (23, "▼ IRR 1,200,000 −20.0 %"),
        (19, "▼ 1,200,000 −20.0 %"),
        (18, "▼ 1,200,000"),
        (10, "▼ 1.2M"),
    ],
)
def test_delta_within(room: int, words: str) -> None:
    assert fmt.delta_within(Fraction(4_800_000), Fraction(6_000_000), "money", "higher", "IRR", room) == words


@pytest.mark.parametrize(("days", "words"), [(Fraction(1), "day"), (Fraction(14), "14 days"), (Fraction(21, 2), "10.5 days")])
def test_span(days: Fraction, words: str) -> None:
    assert fmt.span(days) == words
