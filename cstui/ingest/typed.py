"""A block of rows on its way from text to what is staged: its cells as values, and what is wrong with them.

Knows nothing of how either is done.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from cstui.base.problems import Problem
from cstui.ingest.failures import Bad

Raw = list[str]
Faults = defaultdict[int, list[tuple[str, Bad]]]
"""Row of the block → (field, why) for each of its faults."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A block's rows as values, those with faults still among them."""

    rows: list[Raw]
    raw: list[tuple[str, ...]]
    """Their cells by column."""
    lines: Sequence[int]
    columns: dict[str, list[object]]
    faults: Faults
    count: int
    """Rows read, without blank ones and those set aside."""
    problems: list[Problem]
    refused: list[tuple[int, Raw]]
    """Of rows without a cell for each header."""
