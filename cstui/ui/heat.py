"""How warm a cell of the cohort table is: a share as a background and an ink that can be read on it, in the dark and the light theme.

Pure. The colour only underlines the number, which is always there.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

STEPS = 10


class Shade(NamedTuple):
    """Colours as `#rrggbb`."""

    back: str
    ink: str


class Scale(NamedTuple):
    """Where a theme's shades begin and end."""

    cold: tuple[int, int, int]
    """Nothing is left."""
    warm: tuple[int, int, int]
    """Everything is."""
    above: tuple[int, int, int]
    """More than there was."""
    ink: str


SCALES = {
    "cstui-dark": Scale((22, 28, 38), (24, 112, 100), (58, 78, 150), "#eef2f7"),
    "cstui-light": Scale((243, 240, 232), (120, 196, 176), (172, 188, 236), "#1f2630"),
}


def shade(share: Fraction, theme: str) -> Shade:
    """The shade of a share of the whole, in ten steps; more than the whole has a colour of its own."""
    scale = SCALES.get(theme) or SCALES["cstui-dark"]
    if share > 1:
        return Shade(_hex(scale.above), scale.ink)
    step = int(max(Fraction(0), share) * STEPS)
    low, high = scale.cold, scale.warm
    return Shade(_hex(tuple(a + (b - a) * step // STEPS for a, b in zip(low, high, strict=True))), scale.ink)


def _hex(colour: tuple[int, ...]) -> str:
    return "#" + "".join(f"{part:02x}" for part in colour)
