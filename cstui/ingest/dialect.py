"""Which character separates the cells of a file: `,` `;` TAB `|` `،`, by the strict parser and never by guesswork on text.

Knows no file: it is given the first lines of one.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Sequence
from contextlib import suppress

DELIMITERS = (",", ";", "\t", "|", "،")
"""In order of preference where nothing else tells."""

SAMPLE_LINES = 200
_SEP = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)


def stated(first_line: str) -> str | None:
    """The delimiter that a spreadsheet's `sep=;` line names, or None."""
    match = _SEP.fullmatch(first_line)
    return match[1] if match else None


def delimiter_of(lines: Sequence[str], known: Callable[[str], bool]) -> str:
    """The delimiter whose reading has the most known header cells, then the most rows as wide as the header, then the widest."""
    return max(DELIMITERS, key=lambda delimiter: _score(lines, delimiter, known))


def _score(lines: Sequence[str], delimiter: str, known: Callable[[str], bool]) -> tuple[int, float, int]:
    rows: list[list[str]] = []
    with suppress(csv.Error):  # a sample may end inside a quoted cell; the whole file is judged when it is read
        rows.extend(row for row in csv.reader(lines, delimiter=delimiter, strict=True) if any(row))
    if not rows or len(rows[0]) < 2:
        return (0, 0.0, 1)
    header = rows[0]
    alike = sum(len(row) == len(header) for row in rows) / len(rows)
    return (sum(map(known, header)), alike, len(header))
