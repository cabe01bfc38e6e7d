"""The rows of a plain file by the places of their cells: a quick way through files that mostly hold short, unquoted cells.

Gives what the strict parser would give, or hands over to it: a file's rest goes there from the first block on that is not
plain enough. Knows nothing of kinds or fields.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Generator, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cstui.base.usage import EMPTY
from cstui.ingest.delimited import TextTable
from cstui.ingest.digits import FORMS, Digits, as_it_is, narrowed
from cstui.ingest.numbered import LONGEST, Numbered, Texts, padded, texts_at
from cstui.ingest.reading import Block, Table
from cstui.ingest.sharing import CHUNK, plain_enough

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]
    Bytes = NDArray[np.uint8]

_MOSTLY = 8
"""One line in so many that holds more than ASCII is looked at alone."""


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
    digits: Digits
    """The same cells with all digits as ASCII has them."""

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
        found, sure, pointed = FORMS[form](self.digits)
        length = self.end - self.start
        found[length == 0] = EMPTY
        if len(with_point := np.flatnonzero(sure & pointed)):
            codes[self.text(int(with_point[0]))]  # it tells how the column writes decimals
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
        rows, inverse = _different(texts)
        own = texts.take(rows)
        if not own.take(inverse).same(texts).all():
            return distinct(self._texts(np.arange(len(length))))  # two texts had one mixture
        numbers = known.find(own)
        return Ids(self._texts(rows[numbers < 0]), numbers, inverse)

    def _understood(self, rows: Ints, length: Ints, codes: Mapping[str, int]) -> Ints:
        """Some cells in the numbers of `codes`; those that are equal are looked at once."""
        if int(length.max()) <= LONGEST:
            texts = texts_at(self.buffer, self.start[rows], length)
            first, which = _different(texts)
            if texts.take(first[which]).same(texts).all():
                return self._each(rows[first], codes)[which]
        return self._each(rows, codes)

    def _each(self, rows: Ints, codes: Mapping[str, int]) -> Ints:
        return np.fromiter(map(codes.__getitem__, self._texts(rows)), np.int64, len(rows))


def _different(texts: Texts) -> tuple[Ints, Ints]:
    """The place of one text of each mixture, and for each text which of these it has. Quickest where equal ones stand together."""
    heads = np.flatnonzero(np.concatenate(([True], texts.mixed[1:] != texts.mixed[:-1])))
    _, first, which = np.unique(texts.mixed[heads], return_index=True, return_inverse=True)
    return heads[first], np.repeat(which, np.diff(np.append(heads, len(texts.mixed))))


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
    cells = [(starts if at == 0 else inner[at - 1] + 1, ends if at == width - 1 else inner[at]) for at in range(width)]
    own = as_it_is(reach) if data.isascii() else narrowed(reach, len(data))
    columns = tuple(Places(data, reach, *places, own.digits(*places)) for places in cells)
    return PlainBlock(columns, np.flatnonzero(plain) + line, others, position, table.separator, len(breaks))


def _decodable(data: bytes, starts: Ints, breaks: Ints) -> bool:
    """Whether all lines are UTF-8. Where there is little in them but ASCII, only the lines that hold it are looked at."""
    if data.isascii():
        return True
    more, found = np.flatnonzero(np.frombuffer(data, np.uint8) > 127), data
    if len(more) < len(breaks):
        lines = np.unique(np.searchsorted(breaks, more))
        if len(lines) * _MOSTLY < len(breaks):
            found = b"\n".join(map(data.__getitem__, map(slice, starts[lines].tolist(), breaks[lines].tolist())))
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
