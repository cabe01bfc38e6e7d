"""A path as the tables in it: each with its header, and its rows in blocks, with the line each begins on.

A file that is not what it seems (bytes, quotes) raises with the place; a row with too few or too many cells is handed on
as it is. Knows nothing of kinds, fields or values.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cstui.ingest.failures import Bad
from cstui.ingest.layout import Note

BLOCK = 16_384
"""Rows in a block: enough to work by column, little enough for memory and progress."""
_CELLS = 1 << 20
Faults = Mapping[int, Sequence[tuple[int, Bad]]]
"""Row of a block → column and reason of each cell that could not be read; column -1 is the whole row."""


def rows_per_block(width: int, most: int) -> int:
    """How many rows go into a block, that wide ones do not fill the memory."""
    return max(16, min(most, _CELLS // max(width, 1)))


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows in file order. Blank ones are not among them."""

    rows: list[list[str]]
    lines: Sequence[int]
    """The physical line on which each row begins; in a workbook the sheet's row, in JSON the record's number."""
    position: int
    """Bytes of the file read so far."""
    faults: Faults = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table(ABC):
    """Rows under one header, somewhere in a file."""

    path: Path
    name: str
    """As it is told to people: the file's own name, and what is in it: `book.xlsx › Sheet1`."""
    size: int
    """Bytes on the disk."""
    sha256: str
    encoding: str
    """As a person would say it: `utf-8`, `cp1256`, `xlsx`."""
    delimiter: str
    """What refused rows are separated by when they are written out."""
    header: tuple[str, ...]
    notes: tuple[Note, ...]
    """What a person should know of how it was read."""

    @property
    def within(self) -> str:
        """Its name inside its file; blank where it is the only one."""
        return self.name.partition(" › ")[2]

    @property
    def from_1904(self) -> bool:
        """Whether numbers that stand for dates count days from 1904."""
        return False

    @abstractmethod
    def blocks(self, most: int = BLOCK) -> Iterator[Block]:
        """The rows, block by block, at `most` so many in each. Raises BrokenText with the line."""
