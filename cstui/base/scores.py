"""The scales that answers are given on, and how they are written: `0-10`, `1-5`.

Says which scales a kind of answer takes. Knows nothing of what a score means (promoter, satisfied, easy): that is `cstui.metrics`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from cstui.base.text import fold_key

Scale = tuple[int, int]
"""Lowest and highest score."""

SCALES: Mapping[str, tuple[Scale, ...]] = {
    "nps": ((0, 10), (1, 10)),
    "csat": ((1, 5), (1, 7), (1, 10)),
    "ces": ((1, 7), (1, 5)),
}
"""What each kind of answer may be given on; the first is the usual one."""

DIRECTIONS = ("high_easy", "low_easy")
"""Which end of a CES scale means that it was easy; the first is the usual one."""

_WRITTEN = re.compile(r"(\d{1,3})\s*(?:-|–|—|−|‐|‑|\.\.|…|to|/)\s*(\d{1,3})", re.IGNORECASE)


def parse_scale(text: str) -> Scale | None:
    """`0-10`, `1 – 5`, `٠-١٠`, `1 to 7` as (lowest, highest); None for anything else."""
    match = _WRITTEN.fullmatch(fold_key(text).replace("(", "").replace(")", "").strip())
    if match is None:
        return None
    low, high = int(match[1]), int(match[2])
    return (low, high) if low < high else None


def scale_text(scale: Scale) -> str:
    """A scale as it is kept: `0-10`."""
    return f"{scale[0]}-{scale[1]}"
