"""The rows of a plain file by the places of their cells: a quick way through files that mostly hold short, unquoted cells.

Gives what the strict parser would give, or hands over to it: a file's rest goes there from the first block on that is not
plain enough. Knows nothing of kinds or fields; knows how dates, counts and decimals are mostly written.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Generator, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cstui.base.usage import DAY_BITS, EMPTY, MINUTE
from cstui.ingest.dates import FIRST_YEAR, LAST_YEAR
from cstui.ingest.delimited import TextTable
from cstui.ingest.numbered import LONGEST, WORD, Numbered, padded, texts_at, words_at
from cstui.ingest.reading import Block, Table
from cstui.ingest.sharing import CHUNK, plain_enough

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]
    Words = NDArray[np.uint64]
    Bytes = NDArray[np.uint8]

_MOSTLY = 8
"""One line in so many that holds more than ASCII is looked at alone."""
_MONTH_DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] + [0] * 87)
_ZEROS = np.uint64(int.from_bytes(b"0" * WORD))
_POINT, _BYTE = np.uint64(ord(".") ^ ord("0")), np.uint64(0xFF)
_BITS, _PAIR = np.uint64(8), np.uint64(0xFFFF)
_DASHES, _DASHED = (np.uint64(byte << 8 * 4 | byte << 8 * 7) for byte in (ord("-") ^ ord("0"), 0xFF))
"""What stands between year, month and day, and where in the first word."""
_PAST_NINE, _HIGHEST = np.uint64(0x7676767676767676), np.uint64(0x8080808080808080)
_PAIRS = ((10, 8, 0x00FF00FF00FF00FF), (100, 16, 0x0000FFFF0000FFFF), (10_000, 32, 0x00000000FFFFFFFF))
"""How neighbours become one: the first's weight, the bits that the second is away, what the results take."""


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
    buffer: Bytes
    """The same, padded."""
    start: Ints
    end: Ints

    def text(self, row: int) -> str:
        """A cell as it stands."""
        return self.data[self.start[row] : self.end[row]].decode()

    def _texts(self, rows: Ints) -> list[str]:
        places = zip(self.start[rows].tolist(), self.end[rows].tolist(), strict=True)
        return [self.data[start:end].decode() for start, end in places]

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
            return distinct(self._texts(np.arange(len(length))))
        texts = texts_at(self.buffer, self.start, length)
        heads = np.flatnonzero(np.concatenate(([True], texts.mixed[1:] != texts.mixed[:-1])))
        _, first, which = np.unique(texts.mixed[heads], return_index=True, return_inverse=True)
        inverse = np.repeat(which, np.diff(np.append(heads, len(length))))
        rows = heads[first]
        own = texts.take(rows)
        if not own.take(inverse).same(texts).all():
            return distinct(self._texts(np.arange(len(length))))  # two texts had one mixture
        numbers = known.find(own)
        return Ids(self._texts(rows[numbers < 0]), numbers, inverse)

    def _understood(self, rows: Ints, length: Ints, codes: Mapping[str, int]) -> Ints:
        """Some cells in the numbers of `codes`; those that are equal are looked at once."""
        if int(length.max()) <= LONGEST:
            texts = texts_at(self.buffer, self.start[rows], length)
            _, first, which = np.unique(texts.mixed, return_index=True, return_inverse=True)
            if texts.take(first[which]).same(texts).all():
                return self._each(rows[first], codes)[which]
        return self._each(rows, codes)

    def _each(self, rows: Ints, codes: Mapping[str, int]) -> Ints:
        return np.fromiter(map(codes.__getitem__, self._texts(rows)), np.int64, len(rows))

    def _numbers(self, length: Ints, *, decimals: bool, codes: Mapping[str, int]) -> tuple[Ints, Bools]:
        """Digits, and where `decimals` are wanted in thousandths at most two of them after a point."""
        sure = (length > 0) & (length <= WORD)
        digits = words_at(self.buffer, self.start) ^ _ZEROS
        digits <<= ((WORD - np.clip(length, 1, WORD)) * 8).astype(np.uint64)  # the last digit in the highest byte, zeros before the first
        if not decimals:
            return _whole(digits, sure)
        after = np.zeros(len(length), np.int64)
        for place in (1, 2):
            here = ((digits >> np.uint64(8 * (WORD - 1 - place))) & _BYTE == _POINT) & (length > place + 1) & (after == 0)
            after[here] = place
            low = np.uint64((1 << 8 * (WORD - 1 - place)) - 1)
            digits[here] = (digits[here] & ~(low << np.uint64(8) | _BYTE)) | ((digits[here] & low) << np.uint64(8))
        value, sure = _whole(digits, sure)
        value *= np.array([MINUTE, MINUTE // 10, MINUTE // 100])[after]
        with_point = np.flatnonzero(sure & (after > 0))
        if len(with_point):
            codes[self.text(int(with_point[0]))]  # it tells how the column writes decimals
        return value, sure

    def _dates(self, length: Ints) -> tuple[Ints, Bools]:
        """YYYY-MM-DD, as month << DAY_BITS | day of the month."""
        digits, last = (words_at(self.buffer, self.start + at) ^ zeros for at, zeros in ((0, _ZEROS ^ _DASHES), (WORD, _ZEROS)))
        last &= _PAIR
        sure = (length == 10) & (_not_digits(digits) | (digits & _DASHED) | _not_digits(last) == 0)
        twice = digits * np.uint64(10)
        years, months = twice + (digits >> _BITS), (twice >> _BITS) + (digits >> np.uint64(2 * WORD))
        year = ((years & _BYTE) * np.uint64(100) + ((years >> np.uint64(2 * WORD)) & _BYTE)).astype(np.int64)
        month = np.where(sure, (months >> np.uint64(4 * WORD)) & _BYTE, np.uint64(0)).astype(np.int64)
        day = ((last & _BYTE) * np.uint64(10) + (last >> _BITS)).astype(np.int64)
        leap = (month == 2) & (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
        sure &= (month >= 1) & (month <= 12) & (day >= 1) & (day <= _MONTH_DAYS[month] + leap) & (year >= FIRST_YEAR) & (year <= LAST_YEAR)
        return ((year * 12 + month - 1) << DAY_BITS) | day, sure


def _not_digits(digits: Words) -> Words:
    """Not zero where a byte of a word is more than nine."""
    found: Words = ((digits + _PAST_NINE) | digits) & _HIGHEST
    return found


def _whole(digits: Words, sure: Bools) -> tuple[Ints, Bools]:
    """Eight digits in a word as a number, the first in the lowest byte; sure where there is nothing else."""
    sure = sure & (_not_digits(digits) == 0)
    for weight, apart, mask in _PAIRS:
        digits = (digits * np.uint64(weight) + (digits >> np.uint64(apart))) & np.uint64(mask)
    return digits.astype(np.int64), sure


class PlainBlock(NamedTuple):
    """Some rows of a file: the plain ones by place, the others as they were parsed."""

    columns: tuple[Places, ...]
    lines: Ints
    """The line of each plain row."""
    others: Block
    position: int
    separator: str
    read: int
    """Lines, those included that are no rows."""

    def row(self, at: int) -> list[str]:
        """A plain row's cells."""
        data, first, last = self.columns[0].data, self.columns[0].start[at], self.columns[-1].end[at]
        return data[first:last].decode().split(self.separator)


def distinct(cells: tuple[str, ...] | list[str]) -> Ids:
    """Texts, each once, none of them with a number yet."""
    index = {text: number for number, text in enumerate(dict.fromkeys(cells))}
    return Ids(list(index), np.full(len(index), -1, np.int64), np.fromiter(map(index.__getitem__, cells), np.int64, len(cells)))


def blocks(table: Table) -> Iterator[PlainBlock | Block]:
    """The file's rows, block by block. Raises what `Table.blocks` raises."""
    line = yield from quick(table)
    yield from strictly(table, line)


def strictly(table: Table, line: int | None) -> Iterator[Block]:
    """The rows from a line on, where there is one, through the strict parser."""
    if line is not None:
        yield from (replace(table, skip=line - 1) if isinstance(table, TextTable) else table).blocks()


def quick(table: Table, *, after: int = 0, until: int | None = None) -> Generator[PlainBlock, None, int | None]:
    """The file's blocks as far as they are plain enough; gives the line on which what is not begins, None where there is no such.

    `after`: so many of the file's blocks are passed over; `until`: so many are there in all.
    """
    if not (isinstance(table, TextTable) and plain_enough(table)):
        return table.skip + 1 if isinstance(table, TextTable) else 1
    with table.open() as stream:
        top = [stream.readline() for _ in range(table.skip)]
        again = top[-1].strip(b"\r\n").removeprefix(codecs.BOM_UTF8) if top else b""
        line, rest, number = table.skip + 1, b"", 0
        plain = not any(b"\r" in text.removesuffix(b"\r\n") for text in top)
        while plain and number != until:
            read = stream.read(CHUNK)
            number += 1
            data = rest + read
            if not read and data and not data.endswith(b"\n"):
                data += b"\n"
            cut = data.rfind(b"\n") + 1
            data, rest = data[:cut], data[cut:]
            if not data:
                if not read:
                    return None
                plain = len(rest) < 2 * CHUNK
                continue
            if number <= after:
                line += data.count(b"\n")
                continue
            if again and (b"\n" + again in data or codecs.BOM_UTF8 + again in data):  # the header, perhaps, which is no row
                return line
            block = _split(data, table, line, table.share(stream.tell() - len(rest)))
            if block is None:
                return line
            yield block
            line += block.read
    return None if plain else line


def _split(data: bytes, table: TextTable, line: int, position: int) -> PlainBlock | None:
    """Whole lines as a block; None where a cell goes over several lines, or bytes or quotes are not what they should be."""
    reach, width = padded(data), len(table.header)
    buffer = reach[: len(data)]
    marks = np.flatnonzero((buffer == 10) | (buffer == ord(table.separator)))
    last = np.flatnonzero(buffer[marks] == 10)
    first = np.concatenate(([0], last[:-1] + 1))  # of the marks, the first and the last of each line
    breaks = marks[last]
    starts = np.concatenate(([0], breaks[:-1] + 1))
    returns = buffer[np.maximum(breaks - 1, 0)] == 13
    if np.count_nonzero(buffer == 13) != np.count_nonzero(returns) or not _decodable(data, starts, breaks):
        return None
    ends = breaks - returns
    plain = (last - first == width - 1) & (ends > starts)
    if b'"' in data:
        quoted = np.bincount(np.searchsorted(breaks, np.flatnonzero(buffer == 34)), minlength=len(breaks))
        if (quoted % 2).any():
            return None
        plain &= quoted == 0
    others = _others(data, table, starts, breaks, np.flatnonzero(~plain), line)
    if others is None:
        return None
    starts, ends, first = starts[plain], ends[plain], first[plain]
    inner = [marks[first + at] for at in range(width - 1)]
    columns = tuple(
        Places(data, reach, starts if at == 0 else inner[at - 1] + 1, ends if at == width - 1 else inner[at]) for at in range(width)
    )
    return PlainBlock(columns, np.flatnonzero(plain) + line, others, position, table.separator, len(breaks))


def _decodable(data: bytes, starts: Ints, breaks: Ints) -> bool:
    """Whether all lines are UTF-8. Where there is little in them but ASCII, only the lines that hold it are looked at."""
    if data.isascii():
        return True
    lines = np.unique(np.searchsorted(breaks, np.flatnonzero(np.frombuffer(data, np.uint8) > 127)))
    few = len(lines) * _MOSTLY < len(breaks)
    found = b"\n".join(map(data.__getitem__, map(slice, starts[lines].tolist(), breaks[lines].tolist()))) if few else data
    try:
        found.decode()
    except UnicodeDecodeError:
        return False
    return True


def _others(data: bytes, table: TextTable, starts: Ints, breaks: Ints, rows: Ints, line: int) -> Block | None:
    """The lines that are not plain, through the strict parser; None where it objects."""
    places = zip(starts[rows].tolist(), (breaks[rows] + 1).tolist(), strict=True)
    texts = [data[start:end].decode() for start, end in places]
    try:
        found = list(csv.reader(texts, delimiter=table.separator, strict=True))
    except csv.Error:
        return None
    if len(found) != len(texts):  # a cell went on in the next of them
        return None
    kept = [(cells, line + row) for cells, row in zip(found, rows.tolist(), strict=True) if any(map(str.strip, cells))]
    return Block([cells for cells, _ in kept], [row for _, row in kept], 0)
