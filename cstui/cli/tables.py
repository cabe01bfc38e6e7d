"""Plain text tables, aligned by the columns a terminal really uses. Pure; knows nothing of where the cells come from.

Every cell goes through `cstui.base.text.cell` here, so that no value of a customer's can steer a terminal or shift a row.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cstui.base.text import cell

GAP = "  "
_ZERO = frozenset({"Mn", "Me", "Cf", "Cc", "Cs", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class Column:
    """A column's title and how its cells sit."""

    title: str
    right: bool = False
    limit: int = 40
    """The most characters of a cell that are shown."""


def width(text: str) -> int:
    """Terminal columns that `text` takes: 0 for marks and joiners, 2 for wide East Asian characters, else 1."""
    if text.isascii():
        return len(text)
    return sum(_char_width(char) for char in text)


def _char_width(char: str) -> int:
    if char == "\u00ad":  # a soft hyphen is drawn, though Unicode counts it as a format character
        return 1
    if unicodedata.category(char) in _ZERO or "\u1160" <= char <= "\u11ff":
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def pad(text: str, columns: int, *, right: bool = False) -> str:
    """`text` filled with spaces to `columns` terminal columns; longer text stays whole."""
    space = " " * (columns - width(text))
    return space + text if right else text + space


def table(columns: Sequence[Column], rows: Iterable[Sequence[str | None]]) -> str:
    """Title line and rows, without trailing spaces; "" for None. Ends without a line end."""
    shown = [[cell(value or "", column.limit) for column, value in zip(columns, row, strict=True)] for row in rows]
    titles = [column.title for column in columns]
    widths = [max(width(line[index]) for line in [titles, *shown]) for index in range(len(columns))]
    return "\n".join(_line(line, columns, widths) for line in [titles, *shown])


def facts(pairs: Iterable[tuple[str, str | None]], *, limit: int = 200) -> str:
    """`name  value` lines, values aligned; pairs without a value are left out."""
    there = [(name, value) for name, value in pairs if value is not None]
    longest = max((width(cell(name)) for name, _ in there), default=0)
    return "\n".join((pad(cell(name), longest) + GAP + cell(value, limit)).rstrip() for name, value in there)


def _line(cells: Sequence[str], columns: Sequence[Column], widths: Sequence[int]) -> str:
    padded = (pad(text, size, right=column.right) for text, column, size in zip(cells, columns, widths, strict=True))
    return GAP.join(padded).rstrip(" ")
