"""Scales as people write them."""

from __future__ import annotations

import pytest

from cstui.base.scores import SCALES, parse_scale, scale_text


@pytest.mark.parametrize(
    ("text", "scale"),
    [
        ("0-10", (0, 10)), ("0–10", (0, 10)), (" 1 - 5 ", (1, 5)), ("٠-١٠", (0, 10)), ("۱–۷", (1, 7)), ("1..5", (1, 5)), ("1 to 7", (1, 7)),
        ("", None), ("10", None), ("5-1", None), ("5-5", None), ("a-b", None), ("-1-5", None), ("0-10-20", None), ("1.5-3", None),
    ],
)  # fmt: skip
def test_a_scale_is_read_in_any_script_or_not_at_all(text: str, scale: tuple[int, int] | None) -> None:
    assert parse_scale(text) == scale


def test_every_scale_is_read_as_it_is_written() -> None:
    for scales in SCALES.values():
        assert all(parse_scale(scale_text(scale)) == scale for scale in scales)
