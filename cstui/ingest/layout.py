"""Where the tables of a file are: its header lines, what stands before, between and after them, and totals that are no rows.

Works on rows with their lines; knows no file, no delimiter and no field, and a header only through a predicate it is given.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from cstui.base.text import clean, fold_search
from cstui.ingest.failures import Bad
from cstui.ingest.numbers import DIGITS, decimal_of

LINES_TOLD = 20
_WINDOW = 60
"""Rows that are looked at to find a header."""
_ENDING = 12
"""Last rows that may be totals and remarks."""
_COMMENT = re.compile(r"#(?:\s*[-=#]{2,}.*|\s+.*|)", re.DOTALL)
_DATE = re.compile(r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}(?:[T ].*)?")
_PERIOD = re.compile(r"[12]\d{3}(?:[-/](?:0?\d|1[0-2])|[-/ ]?[qQhH][1-4])?")
_COUNTED = re.compile(r"\d[\d.,٬٫]*\s+[^\W\d]+")
"""A number of something."""
_NUMBER_LIKE = re.compile(r"\d[\d:. /,-]*")
_TOTALS = (
    "total, totals, grand total, sub total, subtotal, sum, total general, gesamt, summe, المجموع, الإجمالي, الاجمالي, المجموع الكلي, "
    "الإجمالي العام, إجمالي, جمع, جمع کل, مجموع, مجموع کل"
)
_TOTAL_WORDS = frozenset(map(fold_search, _TOTALS.split(", ")))
_ANSWER = frozenset({"response", "open-ended response"})


class Row(NamedTuple):
    """Cells, and the lines on which they begin and end."""

    first: int
    last: int
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class Note:
    """Something about a file that people should know, and that keeps no row out."""

    code: str
    count: int
    message: str
    lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """One table in a file."""

    title: str
    """What stands above it as its name; mostly nothing."""
    header: tuple[str, ...]
    skip: int
    """Lines up to the first row."""
    until: int | None
    """The first line after the table, where it ends before its file does."""
    drop: frozenset[int]
    """Lines inside that are no rows."""
    notes: tuple[Note, ...]


Known = Callable[[str], bool]


def spans(rows: Iterable[Row], known: Known) -> list[Span]:
    """The tables. Rows may be left out of the middle, as long as none before or after a blank one is."""
    return _Finder(rows, known).found()


def data_like(text: str) -> bool:
    """Whether a cell holds a number or a date, as headers do not."""
    plain = text.translate(DIGITS).strip()
    return bool(_NUMBER_LIKE.fullmatch(plain) or _DATE.fullmatch(plain)) or not isinstance(decimal_of(plain, money=True), Bad)


@dataclass(slots=True)
class _Open:
    """A table that has begun."""

    title: str
    header: tuple[str, ...]
    skip: int
    notes: list[Note] = field(default_factory=list)
    dropped: dict[str, list[int]] = field(default_factory=dict)
    recent: deque[Row] = field(default_factory=lambda: deque(maxlen=_ENDING))

    def drop(self, code: str, line: int) -> None:
        self.dropped.setdefault(code, []).append(line)


_WHY = {
    "totals-row": "a line of totals is no row, and is left out",
    "comment-line": "lines that begin with # are remarks, and are left out",
    "trailer": "what stands below the table is no row, and is left out",
    "repeated-header": "the header comes again, and is left out",
}


class _Finder:
    """Goes over the rows once, looking a little ahead."""

    def __init__(self, rows: Iterable[Row], known: Known) -> None:
        self._rows = iter(rows)
        self._ahead: deque[Row] = deque()
        self._known = known
        self._found: list[Span] = []
        self._table: _Open | None = None
        self._comments: list[int] = []

    def found(self) -> list[Span]:
        gap = True
        while (row := self._next()) is not None:
            if _blank(row):
                gap = True
            elif _comment(row) and (gap or len(_filled(row)) == 1):
                self._comment(row)
                gap = True
            elif self._table is None:
                self._first_header(row)
                gap = False
            else:
                if not (gap and self._new_table(row, self._table)):
                    self._table.recent.append(row)
                gap = False
        self._close(None)
        return self._found

    def _next(self) -> Row | None:
        return self._ahead.popleft() if self._ahead else next(self._rows, None)

    def _peek(self, count: int) -> list[Row]:
        if len(self._ahead) < count:
            self._ahead.extend(islice(self._rows, count - len(self._ahead)))
        return list(islice(self._ahead, count))

    def _comment(self, row: Row) -> None:
        if self._table is None:
            self._comments.append(row.first)
        else:
            self._table.drop("comment-line", row.first)

    def _first_header(self, row: Row) -> None:
        window = [row, *(r for r in self._peek(_WINDOW) if not _blank(r) and not (_comment(r) and len(_filled(r)) == 1))]
        at = _header_at(window, self._known)
        before = window[:at]
        while row is not window[at]:
            if _comment(row):
                self._comments.append(row.first)
            following = self._next()
            assert following is not None
            row = following
        notes = []
        if before:
            said = " · ".join(clean(" ".join(_filled(r))) for r in before[:3])
            notes.append(Note("preamble", len(before), f"lines above the header are left out: {said}", _told([r.first for r in before])))
        if self._comments:
            notes.append(Note("comment-line", len(self._comments), _WHY["comment-line"], _told(self._comments)))
        self._begin("", window[at], window[at + 1 :], notes)

    def _new_table(self, row: Row, table: _Open) -> bool:
        """Whether what follows a gap is another table; it has begun then, or the line was a repeated header."""
        if _same(row.cells, table.header):
            table.drop("repeated-header", row.first)
            return True
        ahead = list(_until_gap(self._peek(_WINDOW)))
        if _begins_table(row, ahead, table.header, self._known):
            self._close(row.first)
            self._begin("", row, ahead, [])
            return True
        if len(_filled(row)) == 1 and ahead and _begins_table(ahead[0], ahead[1:], table.header, self._known):
            self._close(row.first)
            header = self._next()
            assert header is not None
            self._begin(clean(_filled(row)[0]), header, ahead[1:], [])
            return True
        return False

    def _begin(self, title: str, header: Row, ahead: Sequence[Row], notes: list[Note]) -> None:
        if not any(map(self._known, header.cells)) and _no_header(header):
            width = max(len(row.cells) for row in (header, *ahead))
            names = tuple(f"column {number}" for number in range(1, width + 1))
            notes.append(Note("no-header", 1, "there is no header line: the columns are numbered from 1", (header.first,)))
            self._table = _Open(title, names, header.first - 1, notes)
            self._table.recent.append(header)
            return
        names, skip = tuple(cell.strip() if cell.startswith("\ufeff") else cell for cell in header.cells), header.last
        following = self._peek(1)
        if following and ahead and following[0] is ahead[0] and _second_header(header, following[0]):
            second = following[0]
            names, skip = _merged(header.cells, second.cells), second.last
            notes.append(Note("second-header", 1, "the header has two lines, which are read as one", (second.first,)))
            self._next()
            following = self._peek(1)
        self._table = _Open(title, names, skip, notes)
        if following and _total(following[0]):
            self._table.drop("totals-row", following[0].first)
            self._next()

    def _close(self, until: int | None) -> None:
        table = self._table
        if table is None:
            return
        while table.recent and (code := _ending(table.recent[-1], len(table.header))):
            table.drop(code, table.recent.pop().first)
        notes = [*table.notes, *(Note(code, len(lines), _WHY[code], _told(lines)) for code, lines in table.dropped.items())]
        drop = frozenset(line for lines in table.dropped.values() for line in lines)
        self._found.append(Span(table.title, table.header, table.skip, until, drop, tuple(notes)))
        self._table = None


def _told(lines: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(lines)[:LINES_TOLD])


def _blank(row: Row) -> bool:
    return not any(map(str.strip, row.cells))


def _filled(row: Row) -> list[str]:
    return [cell for cell in row.cells if cell.strip()]


def _comment(row: Row) -> bool:
    return bool(row.cells) and row.cells[0] != "#" and _COMMENT.fullmatch(row.cells[0].lstrip("\ufeff")) is not None


def _same(cells: Sequence[str], header: Sequence[str]) -> bool:
    return [cell.strip().lstrip("\ufeff") for cell in cells] == [cell.strip() for cell in header]


def _until_gap(rows: Iterable[Row]) -> Iterator[Row]:
    for row in rows:
        if _blank(row) or _comment(row):
            return
        yield row


def _header_at(window: Sequence[Row], known: Known) -> int:
    """Which of the first rows is the header: the one with the most names that are known, or else the first that is wide enough."""
    filled = [len(_filled(row)) for row in window]
    names = [sum(map(known, row.cells)) for row in window]
    best = max(range(len(window)), key=lambda at: (names[at], -at))
    enough = names[best] >= 2 or (names[best] == 1 and filled[best] <= 2)
    if enough and not (names[0] and filled[0] >= filled[best]):
        wide = filled[best] > max(filled[:best], default=0) or 2 * names[best] >= filled[best]
        if wide and not any(map(data_like, _filled(window[best]))):
            return best
    if names[0]:
        return 0
    widest = max(filled)
    return next(at for at, count in enumerate(filled) if widest < 2 or (count >= 2 and count * 10 >= widest * 6))


def _no_header(row: Row) -> bool:
    cells = _filled(row)
    data = [cell for cell in cells if data_like(cell) and not _PERIOD.fullmatch(cell.strip())]
    return bool(data) and (2 * len(data) >= len(cells) or any(_DATE.fullmatch(cell.translate(DIGITS).strip()) for cell in data))


def _begins_table(row: Row, ahead: Sequence[Row], header: Sequence[str], known: Known) -> bool:
    """Whether a row after a gap is the header of another table."""
    cells = _filled(row)
    if len(cells) < 2 or any(map(data_like, cells)) or len({fold_search(cell) for cell in cells}) < len(cells):
        return False
    names = sum(map(known, cells))
    if names >= 2 and 2 * names >= len(cells):
        return True
    other_width = len(cells) != sum(map(bool, map(str.strip, header)))
    return other_width and bool(ahead) and all(len(r.cells) == len(row.cells) for r in ahead) and any(map(data_like, ahead[0].cells))


def _second_header(header: Row, second: Row) -> bool:
    """Whether the row below a header completes it, as SurveyMonkey's does."""
    told = _filled(second)
    if not told or second.cells[0].strip() or len(second.cells) > len(header.cells) or any(map(data_like, told)):
        return False
    if all(cell.strip().casefold() in _ANSWER for cell in told):
        return True
    return any(not top.strip() and below.strip() for top, below in zip(header.cells, second.cells, strict=False))


def _merged(header: Sequence[str], second: Sequence[str]) -> tuple[str, ...]:
    names, above = [], ""
    for at, top in enumerate(header):
        above = top.strip() or above
        below = second[at].strip() if at < len(second) else ""
        if not below or below.casefold() in _ANSWER:
            names.append(top.strip() or (above if below else ""))
        else:
            names.append(f"{above} – {below}" if above else below)
    return tuple(names)


def _ending(row: Row, width: int) -> str | None:
    """Which kind of line that is no row this is, at the end of a table; None for a row."""
    if _total(row):
        return "totals-row"
    told = _filled(row)
    return "trailer" if len(told) == 1 and width > 1 and row.cells[0].strip() and " " in told[0].strip() and len(told[0]) > 7 else None


def _total(row: Row) -> bool:
    """Whether a row is a line of totals: it says so first, and then holds numbers alone, or counts: `Total`, `17 customers`."""
    filled = _filled(row)
    words = [cell for cell in filled if not data_like(cell)]
    if not words or len(filled) < 2 or fold_search(words[0]).strip(" :*") not in _TOTAL_WORDS:
        return False
    return len(words) == 1 or (words[0] is filled[0] and all(_COUNTED.fullmatch(cell.translate(DIGITS).strip()) for cell in words[1:]))
