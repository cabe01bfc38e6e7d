"""Rows kept aside: of workbooks and JSON, which are read once in their own way and then as often as a table is.

What is kept has no name in any folder and is gone with this process. Knows nothing of where rows come from.
"""

from __future__ import annotations

import marshal
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import NamedTuple

from cstui.base.errors import refused_by
from cstui.ingest.failures import Bad
from cstui.ingest.layout import Row
from cstui.ingest.reading import BLOCK, Block, Faults, Table, rows_per_block

_IN_MEMORY = 32 << 20
_CELLS = 1 << 17
"""Cells after which a part is put aside."""


class Part(NamedTuple):
    """Some rows in order."""

    rows: list[list[str]]
    lines: list[int]
    faults: dict[int, list[tuple[int, str, str]]]
    """Row → (column, code, message) of its cells that could not be read; column -1 is the whole row."""


class Spool:
    """Rows put aside one after another, and read again from the first."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115  # it lives as long as its tables
        self._now = Part([], [], {})
        self._cells = 0
        self.width = 0
        self.rows = 0

    def add(self, line: int, cells: list[str], faults: Sequence[tuple[int, str, str]] = ()) -> None:
        """Put a row aside."""
        if faults:
            self._now.faults[len(self._now.rows)] = list(faults)
        self._now.rows.append(cells)
        self._now.lines.append(line)
        self._cells += len(cells) + 1
        self.width = max(self.width, len(cells))
        self.rows += 1
        if self._cells >= _CELLS:
            self.seal()

    def seal(self) -> None:
        """Write out what is not yet."""
        if self._now.rows:
            try:
                marshal.dump(tuple(self._now), self._file)
            except OSError as error:  # not the fault of the file that is being read
                raise refused_by(error, Path(tempfile.gettempdir(), "rows")) from error
            self._now, self._cells = Part([], [], {}), 0

    def parts(self) -> Iterator[Part]:
        """All rows again."""
        at = 0
        while True:
            self._file.seek(at)
            try:
                part = Part(*marshal.load(self._file))  # noqa: S302  # what we wrote ourselves
            except EOFError:
                return
            at = self._file.tell()
            yield part

    def layout(self) -> Iterator[Row]:
        """All rows, each on its one line."""
        return (Row(line, line, row) for part in self.parts() for row, line in zip(part.rows, part.lines, strict=True))


@dataclass(frozen=True, slots=True)
class SpooledTable(Table):
    """Some of the rows put aside, as a table."""

    spool: Spool
    skip: int
    until: int | None
    drop: frozenset[int]
    epoch: int = 1900
    """The year from which a workbook counts days."""

    @property
    def from_1904(self) -> bool:
        return self.epoch == 1904

    def blocks(self, most: int = BLOCK) -> Iterator[Block]:
        most, width, done = rows_per_block(len(self.header), most), len(self.header), 0
        numbered = count(1)
        for part in self.spool.parts():
            rows: list[list[str]] = []
            lines: list[int] = []
            faults: dict[int, list[tuple[int, Bad]]] = {}
            for at, (line, row) in enumerate(zip(part.lines, part.rows, strict=True)):
                done = next(numbered)
                wrong = part.faults.get(at)
                if line <= self.skip or (self.until is not None and line >= self.until) or line in self.drop:
                    continue
                if not wrong and not any(map(str.strip, row)):
                    continue
                if wrong:
                    faults[len(rows)] = [(column, Bad(code, message)) for column, code, message in wrong]
                rows.append(_fitted(row, width))
                lines.append(line)
                if len(rows) >= most:
                    yield self._block(rows, lines, faults, done)
                    rows, lines, faults = [], [], {}
            if rows:
                yield self._block(rows, lines, faults, done)

    def _block(self, rows: list[list[str]], lines: list[int], faults: Faults, done: int) -> Block:
        return Block(rows, lines, self.size * done // max(self.spool.rows, 1), faults)


def _fitted(row: list[str], width: int) -> list[str]:
    """With a cell for each header; cells beyond them only where they hold something."""
    if len(row) < width:
        return row + [""] * (width - len(row))
    while len(row) > width and not row[-1].strip():
        row = row[:-1]
    return row
