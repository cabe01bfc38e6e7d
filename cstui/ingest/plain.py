"""The rows of a plain file by the places of their cells: a quick way through files that mostly hold short, unquoted cells.

Gives what the strict parser would give, or hands over to it: a file's rest goes there from the first block on that is not
plain enough. Knows nothing of kinds or fields; knows how dates, counts and decimals are mostly written.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cstui.base.usage import DAY_BITS, EMPTY, MINUTE
from cstui.ingest.dates import FIRST_YEAR, LAST_YEAR
from cstui.ingest.delimited import TextTable
from cstui.ingest.numbered import LONGEST, Numbered, texts_at
from cstui.ingest.reading import Block, Table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

_CHUNK = 1 << 22
_LONGEST_NUMBER = 9
_MONTH_DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] + [0] * 87)
_POINT, _DASH = np.uint8((ord(".") - 48) % 256), np.uint8((ord("-") - 48) % 256)


class Ids(NamedTuple):
    """The different texts of a column of ids, and which of them each row has."""

    texts: list[str]
    """Those without a number, in the order of `numbers`."""
    numbers: Ints
    """The number of each different text, −1 for those in `texts`."""
    which: Ints
    """For each row its place in `numbers`."""

    @property
    def nameless(self) -> list[int]:
        """The places of `texts` in `numbers`."""
        places: list[int] = np.flatnonzero(self.numbers < 0).tolist()
        return places


class Places(NamedTuple):
    """One column of a block: where its cells begin and end."""

    data: bytes
    start: Ints
    end: Ints

    def text(self, row: int) -> str:
        """A cell as it stands."""
        return self.data[self.start[row] : self.end[row]].decode()

    def read(self, codes: Mapping[str, int], form: str) -> Ints:
        """The column in the numbers of `codes`, which is only asked where a cell is not written as most are.

        `form` is count, thousandths or date.
        """
        length = self.end - self.start
        if form == "date":
            found, sure = self._dates(length)
        else:
            found, sure = self._numbers(length, decimals=form == "thousandths", codes=codes)
        found[length == 0] = EMPTY
        odd = np.flatnonzero(~sure & (length > 0))
        if len(odd):
            found[odd] = self._understood(odd, length[odd], codes)
        return found

    def distinct(self, known: Numbered) -> Ids:
        """Texts of the column, each once; those that are `known` only as their numbers."""
        length = self.end - self.start
        if int(length.max(initial=0)) > LONGEST:
            return distinct([self.text(row) for row in range(len(length))])
        texts = texts_at(self.data, self.start, length)
        heads = np.flatnonzero(np.concatenate(([True], texts.mixed[1:] != texts.mixed[:-1])))
        _, first, which = np.unique(texts.mixed[heads], return_index=True, return_inverse=True)
        inverse = np.repeat(which, np.diff(np.append(heads, len(length))))
        rows = heads[first]
        own = texts.take(rows)
        if not own.take(inverse).same(texts).all():
            return distinct([self.text(row) for row in range(len(length))])  # two texts had one mixture
        numbers = known.find(own)
        return Ids([self.text(row) for row in rows[numbers < 0].tolist()], numbers, inverse)

    def _understood(self, rows: Ints, length: Ints, codes: Mapping[str, int]) -> Ints:
        """Some cells in the numbers of `codes`; those that are equal are looked at once."""
        if int(length.max()) <= LONGEST:
            texts = texts_at(self.data, self.start[rows], length)
            _, first, which = np.unique(texts.mixed, return_index=True, return_inverse=True)
            if texts.take(first[which]).same(texts).all():
                return self._each(rows[first], codes)[which]
        return self._each(rows, codes)

    def _each(self, rows: Ints, codes: Mapping[str, int]) -> Ints:
        return np.fromiter((codes[self.text(row)] for row in rows.tolist()), np.int64, len(rows))

    def _digit(self, at: Ints) -> NDArray[np.uint8]:
        buffer = np.frombuffer(self.data, np.uint8)
        return buffer[np.minimum(at, len(buffer) - 1)] - np.uint8(48)

    def _numbers(self, length: Ints, *, decimals: bool, codes: Mapping[str, int]) -> tuple[Ints, Bools]:
        """Digits, and where `decimals` are wanted in thousandths at most two of them after a point."""
        value, sure = np.zeros(len(length), np.int64), (length > 0) & (length <= _LONGEST_NUMBER)
        point = np.full(len(length), -1, np.int64)
        for place in range(min(int(length.max(initial=0)), _LONGEST_NUMBER)):
            inside = length > place
            digit = self._digit(self.start + place)
            is_digit = digit < 10
            if decimals and place:
                here = inside & (digit == _POINT) & (point < 0)
                point[here] = place
                sure &= is_digit | here | ~inside
                inside &= ~here
            else:
                sure &= is_digit | ~inside
            value = np.where(inside, value * 10 + digit, value)
        if decimals:
            after = np.where(point < 0, 0, length - point - 1)
            sure &= (after <= 2) & ((point < 0) | (after > 0))
            value *= np.array([MINUTE, MINUTE // 10, MINUTE // 100])[np.clip(after, 0, 2)]
            with_point = np.flatnonzero(sure & (point > 0))
            if len(with_point):
                codes[self.text(int(with_point[0]))]  # it tells how the column writes decimals
        return value, sure

    def _dates(self, length: Ints) -> tuple[Ints, Bools]:
        """YYYY-MM-DD, as month << DAY_BITS | day of the month."""
        digit = [self._digit(self.start + place).astype(np.int64) for place in range(10)]
        sure = (length == 10) & (digit[4] == _DASH) & (digit[7] == _DASH)
        for place in (0, 1, 2, 3, 5, 6, 8, 9):
            sure &= digit[place] < 10
        year = ((digit[0] * 10 + digit[1]) * 10 + digit[2]) * 10 + digit[3]
        month, day = np.where(sure, digit[5] * 10 + digit[6], 0), digit[8] * 10 + digit[9]
        leap = (month == 2) & (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
        sure &= (month >= 1) & (month <= 12) & (day >= 1) & (day <= _MONTH_DAYS[month] + leap) & (year >= FIRST_YEAR) & (year <= LAST_YEAR)
        return ((year * 12 + month - 1) << DAY_BITS) | day, sure


class PlainBlock(NamedTuple):
    """Some rows of a file: the plain ones by place, the others as they were parsed."""

    columns: tuple[Places, ...]
    lines: Ints
    """The line of each plain row."""
    others: Block
    position: int

    def row(self, at: int) -> list[str]:
        """A plain row's cells."""
        return [column.text(at) for column in self.columns]


def distinct(cells: tuple[str, ...] | list[str]) -> Ids:
    """Texts, each once, none of them with a number yet."""
    index = {text: number for number, text in enumerate(dict.fromkeys(cells))}
    return Ids(list(index), np.full(len(index), -1, np.int64), np.fromiter(map(index.__getitem__, cells), np.int64, len(cells)))


def blocks(table: Table) -> Iterator[PlainBlock | Block]:
    """The file's rows, block by block. Raises what `Table.blocks` raises."""
    if not (isinstance(table, TextTable) and _plain_enough(table)):
        yield from table.blocks()
        return
    with table.open() as stream:
        top = [stream.readline() for _ in range(table.skip)]
        again = top[-1].strip(b"\r\n").removeprefix(codecs.BOM_UTF8) if top else b""
        line, rest = table.skip + 1, b""
        plain = not any(b"\r" in text.removesuffix(b"\r\n") for text in top)
        while plain:
            read = stream.read(_CHUNK)
            data = rest + read
            if not read and data and not data.endswith(b"\n"):
                data += b"\n"
            cut = data.rfind(b"\n") + 1
            data, rest = data[:cut], data[cut:]
            if not data:
                if not read:
                    return
                plain = len(rest) < 2 * _CHUNK
                continue
            if again and (b"\n" + again in data or codecs.BOM_UTF8 + again in data):  # the header, perhaps, which is no row
                break
            block = _split(data, table, line, table.share(stream.tell() - len(rest)))
            if block is None:
                break
            yield block
            line += data.count(b"\n")
    yield from replace(table, skip=line - 1).blocks()


def _plain_enough(table: TextTable) -> bool:
    return table.codec in {"utf-8-sig", "ascii"} and len(table.separator) == 1 and table.separator.isascii() and table.whole


def _split(data: bytes, table: TextTable, line: int, position: int) -> PlainBlock | None:
    """Whole lines as a block; None where a cell goes over several lines, or bytes or quotes are not what they should be."""
    if data.count(b"\r") != data.count(b"\r\n"):
        return None
    try:
        data.isascii() or data.decode()
    except UnicodeDecodeError:
        return None
    buffer = np.frombuffer(data, np.uint8)
    breaks = np.flatnonzero(buffer == 10)
    marks = np.flatnonzero(buffer == ord(table.separator))
    starts = np.concatenate(([0], breaks[:-1] + 1))
    ends = breaks - (buffer[np.maximum(breaks - 1, 0)] == 13) if b"\r" in data else breaks
    before = np.searchsorted(marks, starts)
    width = len(table.header)
    plain = np.diff(before, append=len(marks)) == width - 1
    plain &= ends > starts
    if b'"' in data:
        quoted = np.bincount(np.searchsorted(breaks, np.flatnonzero(buffer == 34)), minlength=len(breaks))
        if (quoted % 2).any():
            return None
        plain &= quoted == 0
    others = _others(data, table, starts, breaks, np.flatnonzero(~plain), line)
    if others is None:
        return None
    starts, ends, before = starts[plain], ends[plain], before[plain]
    inner = [marks[before + at] for at in range(width - 1)]
    columns = tuple(Places(data, starts if at == 0 else inner[at - 1] + 1, ends if at == width - 1 else inner[at]) for at in range(width))
    return PlainBlock(columns, np.flatnonzero(plain) + line, others, position)


def _others(data: bytes, table: TextTable, starts: Ints, breaks: Ints, rows: Ints, line: int) -> Block | None:
    """The lines that are not plain, through the strict parser; None where it objects."""
    cells: list[list[str]] = []
    lines: list[int] = []
    for row in rows.tolist():
        text = data[starts[row] : breaks[row] + 1].decode()
        try:
            found = list(csv.reader([text], delimiter=table.separator, strict=True))
        except csv.Error:
            return None
        if found and any(map(str.strip, found[0])):
            cells.append(found[0])
            lines.append(line + row)
    return Block(cells, lines, 0)
