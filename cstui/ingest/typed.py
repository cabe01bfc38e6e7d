"""A block of rows on its way from text to what is staged: its cells as values, and what is wrong with them.

Knows nothing of how either is done.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

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


@dataclass(slots=True)
class Checked:
    """What a block came to: its accepted rows by column, of customers as they name them; what is wrong with the others.

    It can be handed from one process to another.
    """

    read: int
    lines: Sequence[int]
    """Of the accepted rows."""
    columns: dict[str, list[object]]
    """Field (and `attributes`) → the accepted rows' values."""
    problems: list[Problem]
    refused: list[tuple[int, Raw]]
    """Line and raw cells of each refused row."""
    first: list[Raw] = field(default_factory=list)
    """A few raw rows, to show."""
    opens: tuple[tuple[int, int], ...] = ()
    """(line, day) of rows of a snapshot that say when their present period began."""
    rounded: Mapping[str, list[int]] = field(default_factory=dict)
    """Id field → lines of ids that a spreadsheet seems to have rounded."""
    again: int = 0
    """Accepted rows that say again what one before them has said; they are not among the columns'."""
    met: Mapping[int, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    """Line → folded id, and what the row says, of rows that are the first of their customer in the part of a file that is read."""
