"""What is told of rows that are refused: which of their faults, how a raw cell is quoted, what is wrong with a row's shape.

Knows no kind and no workspace.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter

from cstui.base.problems import Problem
from cstui.base.text import clean
from cstui.ingest.failures import FOREIGN, FORGOTTEN, Bad

_VALUE_SHOWN = 200


def told(faults: list[tuple[str, Bad]]) -> list[tuple[str, Bad]]:
    """The faults of a row that are kept: of a forgotten customer's row nothing but that it is one; of what nobody knows, once."""
    if forgotten := [fault for fault in faults if fault[1].code == FORGOTTEN]:
        return forgotten[:1]
    unknown = [fault for fault in faults if fault[1].code == FOREIGN]
    return [*unknown[:1], *(fault for fault in faults if fault[1].code not in {FOREIGN, "missing-value"})] if unknown else faults


def shown(raw: str) -> str:
    """A raw cell as a problem quotes it: nothing in it that a terminal obeys, not endless."""
    text = clean(raw[: 2 * _VALUE_SHOWN])
    return text if len(text) <= _VALUE_SHOWN else text[: _VALUE_SHOWN - 1] + "…"


def misshapen(row: list[str], line: int, header: tuple[str, ...]) -> Problem | None:
    """What is wrong with a row's shape, or None."""
    if row[1:] == list(header[1:]) and row and row[0].removeprefix("\ufeff") == header[0]:
        return Problem(line, None, "repeated-header", shown(" ".join(row)), "The header comes again here: two files in one, perhaps.")
    if len(row) < len(header):
        message = f"The row has {len(row)} cells, the header {len(header)}: cells are missing from here on."
        return Problem(line, clean(header[len(row)]), "missing-cell", None, message)
    if len(row) > len(header):
        message = f"The row has {len(row)} cells, the header {len(header)}. Quote cells that hold the delimiter."
        return Problem(line, None, "extra-cell", shown(row[len(header)]), message)
    return None


def repeats(header: Sequence[str], rows: Sequence[list[str]]) -> bool:
    """Whether the header comes again among rows, each as wide as it."""
    first, *others = header
    firsts = list(map(itemgetter(0), rows))
    return (first in firsts or f"\ufeff{first}" in firsts) and ([first, *others] in rows or [f"\ufeff{first}", *others] in rows)
