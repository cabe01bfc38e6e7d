"""Which character separates the cells of a file: `,` `;` TAB `|` `،`, by the strict parser and never by guesswork on text; or spaces.

Knows no file: it is given the first lines of one.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress

DELIMITERS = (",", ";", "\t", "|", "،")
"""In order of preference where nothing else tells."""

ALIGNED = "aligned"
"""Stands for any number of spaces: columns that are aligned with them."""
MOST_COLUMNS = 16_384
"""As many as a spreadsheet has."""
SAMPLE_LINES = 200
_HEADERS_AMONG = 60
_ALIGNED_LEAST = 2
"""Lines of which columns of spaces must be seen."""
_SEP = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)


def stated(first_line: str) -> str | None:
    """The delimiter that a spreadsheet's `sep=;` line names, or None."""
    match = _SEP.fullmatch(first_line)
    return match[1] if match else None


def delimiter_of(lines: Sequence[str], known: Callable[[str], bool]) -> str:
    """The delimiter whose reading has the most known header cells, then the most rows as wide as the widest common one, then the widest.

    ALIGNED where none separates anything and every line has as many words as the others.
    """
    scores = {delimiter: _score(lines, delimiter, known) for delimiter in DELIMITERS}
    best = max(DELIMITERS, key=scores.__getitem__)
    return ALIGNED if scores[best][0] == 0 and _aligned(lines, scores[best][1]) else best


def _score(lines: Sequence[str], delimiter: str, known: Callable[[str], bool]) -> tuple[int, float, int]:
    """Known names in one line; the share of rows that are as wide as most; how wide that is."""
    rows: list[list[str]] = []
    with suppress(csv.Error):  # a sample may end inside a quoted cell; the whole file is judged when it is read
        rows.extend(row[: MOST_COLUMNS + 1] for row in csv.reader(lines, delimiter=delimiter, strict=True) if any(row))
    wide = [len(row) for row in rows if len(row) > 1]
    if not wide:
        return (0, 0.0, 1)
    width, often = Counter(wide).most_common(1)[0]
    names = max((sum(map(known, row)) for row in rows[:_HEADERS_AMONG] if len(row) > 1), default=0)
    return (names, often / len(rows), width)


def _aligned(lines: Sequence[str], alike: float) -> bool:
    """Whether words stand in columns: as many in each line, apart by more than one space somewhere."""
    counts = Counter(len(words) for line in lines if (words := line.split()))
    if not counts or sum(counts.values()) < _ALIGNED_LEAST:
        return False
    width, often = counts.most_common(1)[0]
    spaced = sum(line.startswith(" ") or "  " in line.strip() for line in lines)
    return width > 1 and often == sum(counts.values()) and 2 * spaced > len(lines) and alike < 1
