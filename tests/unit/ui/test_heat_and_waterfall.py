"""The heat table's grounds can be read on, and the waterfall's bars hang together."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from rich.cells import cell_len

from cstui.desk.overview import Move
from cstui.ui.heat import SCALES, Shade, shade
from cstui.ui.theme import INKS
from cstui.ui.waterfall import standing
from cstui.ui.widgets.moves import waterfall

INK = INKS["cstui-light"]
MOVES = (
    Move("start", "mrr", None, Fraction(179_206)),
    Move("new", "mrr_new", 9, Fraction(5_130)),
    Move("expansion", "mrr_expansion", 14, Fraction(2_870)),
    Move("returned", "mrr_reactivation", 0, Fraction(0)),
    Move("contraction", "mrr_contraction", 6, Fraction(-980)),
    Move("churned", "mrr_churned", 8, Fraction(-4_226)),
    Move("end", "mrr", 412, Fraction(182_000)),
)


def luminance(colour: str) -> float:
    parts = (int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Shade) -> float:
    """How well the ink stands out from the ground: WCAG's ratio, 1 to 21."""
    low, high = sorted((luminance(one.back), luminance(one.ink)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", SCALES)
def test_every_shade_can_be_read_and_warms_with_the_share(theme: str) -> None:
    shades = [shade(Fraction(step, 20), theme) for step in range(21)]
    assert all(contrast(one) >= 4.5 for one in (*shades, shade(Fraction(3, 2), theme)))
    assert shades[0] != shades[10] != shades[20]
    assert shade(Fraction(1), theme) != shade(Fraction(1001, 1000), theme)


@pytest.mark.parametrize("size", [(116, 24), (78, 11), (56, 8)])
def test_the_picture_is_as_large_as_asked_and_says_every_amount(size: tuple[int, int]) -> None:
    text = standing(MOVES, size, "USD", INK).plain
    rows = text.split("\n")
    assert len(rows) == size[1]
    assert all(cell_len(row) <= size[0] for row in rows)
    for words in ("$179,206", "+5,130", "+2,870", "−980", "−4,226", "$182,000", "churned", "412", "≈"):
        assert words in text


def test_names_that_have_no_room_do_not_run_into_each_other() -> None:
    with_rates = (*MOVES[:-1], Move("exchange rates", "mrr_fx", None, Fraction(-20)), MOVES[-1])
    *_, names, _ = standing(with_rates, (78, 11), "USD", INK).plain.split("\n")
    assert names.split() == ["start", "new", "expansion", "returned", "contrac…", "churned", "exchange", "end"]


def test_each_bar_begins_where_the_one_before_it_ended() -> None:
    spans = waterfall(MOVES)
    for (_, before), (after, _) in pairwise(spans[:-1]):
        assert before == after


def test_what_is_unknown_or_too_small_is_not_drawn() -> None:
    assert standing(MOVES, (40, 20), "USD", INK).plain == ""
    assert standing((Move("start", "mrr", None, None), *MOVES[1:]), (100, 20), "USD", INK).plain == ""
