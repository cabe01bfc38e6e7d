"""Parts of figures in words."""

from __future__ import annotations

from fractions import Fraction

import pytest

from cstui.base.parts import name_words, part_words


@pytest.mark.parametrize(
    ("path", "value", "unit", "words"),
    [
        (("shares", "promoters"), Fraction(12, 23), "score", "52.2 %"),
        (("by_scale", "1-7", "easy_share"), Fraction(11, 14), "score", "78.6 %"),
        (("by_scale", "1-7", "value"), Fraction(75, 14), "score", "5.36"),
        (("net",), Fraction(-92, 10_000), "ratio", "−0.9 %"),
        (("by_channel", "events"), Fraction(1, 7), "ratio", "14.3 %"),
        (("by_channel", "events"), Fraction(3388), "money", "IRR 3,388"),
        (("by_channel", ""), None, "money", "n/a"),
        (("by_currency", "KWD"), Fraction(5, 4), "money", "KWD 1.250"),
        (("lifetime_months",), Fraction(163, 3), "money", "54.3 months"),
        (("median_days",), Fraction(12), "ratio", "12 days"),
        (("capped",), False, "money", "no"),
        (("counts", "promoters"), 1200, "score", "1,200"),
        (("band",), "healthy", "ratio", "healthy"),
    ],
)
def test_each_is_in_its_own_unit(path: tuple[str, ...], value: object, unit: str, words: str) -> None:
    assert part_words(path, value, unit, "IRR") == words


def test_who_has_no_value_is_said() -> None:
    assert [name_words(name) for name in ("by_channel", "", None)] == ["by channel", "(none)", "(none)"]
