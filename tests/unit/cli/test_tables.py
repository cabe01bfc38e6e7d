"""Tables line up by the columns a terminal uses, and let nothing through that could steer it."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from cstui.base.text import cell
from cstui.cli.tables import Column, facts, pad, table, width

NAMES = ["Acme", "شركة النور", "پارس‌داده", "شَرِكَة", "株式会社", "한국", "Zoë", "Zoe\u0308", "ｆｕｌｌ", "", "a\u200eb", "نور 12"]


@pytest.mark.parametrize("name", NAMES)
def test_width_is_what_rich_measures(name: str) -> None:
    assert width(name) == cell_len(name)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("right", [False, True])
def test_padding_fills_to_the_asked_columns(name: str, right: bool) -> None:
    assert width(pad(name, 20, right=right)) == 20
    assert pad(name, 20, right=right).strip() == name.strip()


def test_padding_never_cuts() -> None:
    assert pad("株式会社", 3) == "株式会社"


def test_columns_start_at_the_same_column_in_every_row() -> None:
    text = table([Column("name"), Column("MRR", right=True), Column("plan")], [[name, str(10**i), "|"] for i, name in enumerate(NAMES)])
    starts = {width(line[: line.index("|")]) for line in text.split("\n")[1:]}
    assert len(starts) == 1


def test_right_to_left_cells_are_closed_by_a_direction_mark() -> None:
    line = table([Column("a"), Column("n", right=True), Column("b")], [["شركة", "5", "النور"]]).split("\n")[1]
    assert line == "شركة\u200e  5  النور\u200e"


def test_hostile_cells_stay_one_row_and_hold_no_control() -> None:
    hostile = ["[/]", "x\x1b[2Jy", "\x9b31m", "a\nb", "a\tb", "n" * 10_000, "\u202eevil"]
    text = table([Column("name"), Column("n")], [[name, "1"] for name in hostile])
    lines = text.split("\n")
    assert len(lines) == len(hostile) + 1
    assert all(char.isprintable() or char == "\u200e" for line in lines for char in line)
    assert max(map(width, lines)) <= 40 + 2 + 1
    assert "[/]" in lines[1]


def test_an_empty_table_is_its_titles() -> None:
    assert table([Column("a"), Column("b")], []) == "a  b"


def test_no_trailing_spaces_and_none_is_empty() -> None:
    assert table([Column("a"), Column("b")], [["x", None]]) == "a  b\nx"


def test_facts_leave_out_what_is_unknown() -> None:
    assert facts([("name", "Acme"), ("segment", None), ("id", "7")]) == "name  Acme\nid    7"
    assert facts([("اسم", "شركة")]) == f"{cell('اسم')}  {cell('شركة')}"
