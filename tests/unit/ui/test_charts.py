"""Charts as text: exactly as large as asked, axis in words, last value marked, gaps and unfinished months shown."""

from __future__ import annotations

from fractions import Fraction

import pytest
from rich.cells import cell_len
from rich.text import Text

from cstui.base import formatting as fmt
from cstui.ui.charts import Series, heading, line
from cstui.ui.theme import INKS

INK = INKS["cstui-dark"]
BRAILLE = range(0x2800, 0x2900)


def money(value: Fraction) -> str:
    return fmt.axis(value, "money", "USD")


def series(count: int, *, filled: bool = True, unfinished: int = 0, gap: int | None = None) -> Series:
    values = tuple(None if index == gap else Fraction(1000 + 37 * index) for index in range(count))
    return Series(values, tuple(f"L{index}" for index in range(count)), filled, unfinished, "$1,851")


@pytest.mark.parametrize("size", [(74, 16), (42, 11), (200, 40), (16, 4), (33, 7)])
@pytest.mark.parametrize("filled", [True, False])
def test_the_chart_is_as_large_as_asked(size: tuple[int, int], filled: bool) -> None:
    width, height = size
    rows = line(series(24, filled=filled), width, height, money, INK).plain.split("\n")
    assert len(rows) == height
    assert all(len(row) == width for row in rows)


def test_axis_marks_and_note() -> None:
    text = line(series(24), 74, 16, money, INK).plain
    assert "$2k┤" in text
    assert "$0┤" in text
    assert "●" in text
    assert "$1,851" in text
    assert "L0" in text
    assert "L23" in text
    assert not any(ord(char) in BRAILLE for char in text)


@pytest.mark.parametrize("height", [4, 5])
def test_where_rows_are_few_the_axis_has_its_ends(height: int) -> None:
    """Its upper end alone stood beside whatever the value was."""
    values = tuple(Fraction(value, 10) for value in (62, 58, 60, 59, 61, 54, 30))
    text = line(Series(values, tuple("abcdefg"), False, 0, "3.0"), 38, height, lambda value: fmt.number(value, 0), INK).plain
    assert "8┤" in text
    assert "2┤" in text


def test_an_unfinished_period_is_hatched() -> None:
    assert "░" not in line(series(24), 74, 16, money, INK).plain
    assert "░" in line(series(24, unfinished=1), 74, 16, money, INK).plain


def test_a_gap_stays_a_gap() -> None:
    whole, holed = (line(series(24, gap=gap), 74, 16, money, INK).plain for gap in (None, 12))
    assert holed.count("█") < whole.count("█")


def test_too_little_to_draw_is_said_in_words() -> None:
    assert "two months" in line(series(1), 74, 16, money, INK).plain
    assert line(series(24), 10, 3, money, INK).plain == "$1,851"
    assert line(series(24), 0, 0, money, INK).plain == "$1,851"


def test_many_points_are_thinned_without_losing_the_peak() -> None:
    values = [Fraction(10)] * 10_000
    values[6_543] = Fraction(1_000)
    long = Series(tuple(values), tuple(map(str, range(10_000))), filled=False, unfinished=0, note="$10")
    text = line(long, 60, 12, money, INK).plain
    assert "$1k┤" in text
    assert any(char in "▌▐█▗▖▝▘▞▚▙▟▛▜▀▄" for char in text.split("\n")[0] + text.split("\n")[1])


@pytest.mark.parametrize("level", [0, 5, -5])
def test_a_flat_series_has_an_axis(level: int) -> None:
    flat = Series((Fraction(level),) * 5, tuple("abcde"), filled=True, unfinished=0, note=str(level))
    assert "●" in line(flat, 40, 10, money, INK).plain


def test_what_happened_stands_beside_a_line_down_to_its_month() -> None:
    marked = series(24)._replace(marks=((6, "price change"), (20, "شركة [/]\x1b[2J")))
    rows = line(marked, 74, 16, money, INK).plain.split("\n")
    assert len(rows) == 16
    assert any("┊ price change" in row for row in rows)
    assert any("شركة [/]" in row for row in rows)
    assert not any("\x1b" in row for row in rows)
    assert all(cell_len(row) == 74 for row in rows)


def test_a_mark_on_the_last_and_highest_month_is_still_said() -> None:
    text = line(series(24)._replace(marks=((23, "outage"),)), 74, 16, money, INK).plain
    assert "outage" in text
    assert "$1,851" in text


def test_crowded_marks_are_cut_and_never_run_into_each_other() -> None:
    crowded = series(24)._replace(marks=((10, "a long story about prices"), (13, "another one"), (14, "third")))
    rows = line(crowded, 60, 14, money, INK).plain.split("\n")
    assert all(cell_len(row) == 60 for row in rows)
    assert any("…" in row or "a long story about prices" in row for row in rows)


def test_a_titled_value_stands_in_the_title_with_its_own_month_and_not_above_others() -> None:
    holed = Series((*series(22).values, None, None), series(24).labels, filled=True, unfinished=0, note="$1,777", titled=True)
    picture = line(holed, 42, 11, money, INK).plain
    assert "●" in picture
    assert "$1,777" not in picture
    title = Text("MRR, 24 months")
    assert heading(title, holed, 42, INK).plain == f"{title}                ● L21 $1,777"
    assert heading(title, holed, 26, INK).plain == f"{title}    ● $1,777"
    assert heading(title, holed, 20, INK).plain == "MRR, 24 months"
    assert heading(title, series(24), 42, INK).plain == "MRR, 24 months"
    assert heading(title, series(1)._replace(titled=True), 42, INK).plain == "MRR, 24 months"


def test_the_mark_of_the_value_goes_where_it_is_told() -> None:
    first = line(series(24)._replace(at=0, note="$1,000"), 74, 16, money, INK).plain.split("\n")
    place = next(row.index("●") for row in first if "●" in row)
    assert place < 12
