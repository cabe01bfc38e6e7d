"""Delimited text: CSV in any common dialect, and columns aligned with spaces; read strictly, in blocks.

Knows nothing of kinds, fields or values. Where the tables of a text are is `layout`'s to find.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO, Protocol, TextIO

from cstui.base.errors import BrokenText, NothingThere
from cstui.ingest import dialect
from cstui.ingest.content import Content
from cstui.ingest.dialect import ALIGNED, MOST_COLUMNS
from cstui.ingest.encodings import CHUNK, Scan, wide
from cstui.ingest.layout import Note, Row, Span, spans
from cstui.ingest.reading import BLOCK, Block, Table, rows_per_block

_RUNAWAY = 1 << 24
"""Characters after which a quoted cell is not a cell but a quote that was never closed."""
_MOST_CELLS = 1 << 18
_LOOKED_THROUGH = 1 << 22
"""Bytes up to which a file is looked through as a whole for more than one table."""

csv.field_size_limit(_RUNAWAY)


class Reading(Protocol):
    """Rows, and how many lines they took."""

    @property
    def line_num(self) -> int:
        """Lines so far."""

    def __iter__(self) -> Iterator[list[str]]: ...

    def __next__(self) -> list[str]: ...


class _Aligned:
    """Lines whose cells stand apart by spaces."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self.line_num = 0

    def __iter__(self) -> Iterator[list[str]]:
        return self

    def __next__(self) -> list[str]:
        line = next(self._lines)
        self.line_num += 1
        return line.split()


@dataclass(frozen=True, slots=True)
class TextTable(Table):
    """A table in a text."""

    content: Content
    codec: str
    separator: str
    """What stands between its cells; ALIGNED where spaces do."""
    skip: int
    """Lines up to and including the header."""
    until: int | None
    """The first line after it, where the text goes on."""
    drop: frozenset[int]
    """Lines that are no rows."""
    unpacked: int
    """Bytes of the text."""
    endless: bool
    """Whether some line is very long, so that its cells are counted before they are made."""

    @property
    def whole(self) -> bool:
        """Whether all lines after the header are rows."""
        return self.until is None and not self.drop

    @property
    def above(self) -> int:
        """Lines to be passed over before the first row."""
        return self.skip

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """The bytes."""
        with self.content.open() as stream:
            yield stream

    def share(self, position: int) -> int:
        """Bytes unpacked so far as bytes on the disk."""
        return position if self.unpacked == self.size else self.size * position // max(self.unpacked, 1)

    def blocks(self, most: int = BLOCK) -> Iterator[Block]:
        with self.open() as stream:
            text = _text(stream, self.codec)
            try:
                for _ in islice(text, self.above):
                    pass
                for block in _blocks(text, stream, self, most):
                    yield block if self.whole else self._kept(block)
                    if self.until is not None and block.lines and block.lines[-1] >= self.until:
                        return
            except UnicodeError as error:
                raise undecodable(self.content, self.codec) from error

    def _kept(self, block: Block) -> Block:
        until = self.until
        kept = [
            (line, row)
            for line, row in zip(block.lines, block.rows, strict=True)
            if line not in self.drop and (until is None or line < until)
        ]
        return Block([row for _, row in kept], [line for line, _ in kept] or block.lines[:0], block.position)


def tables_of(content: Content, found: Scan, known: Callable[[str], bool]) -> list[Table]:
    """The tables of a text. Raises BrokenText, NothingThere."""
    top = _top(content, found)
    separator = (dialect.stated(top[0]) if top else None) or dialect.delimiter_of(top, known)
    rows = _rows_to_look_at(content, found, separator, top)
    tables = spans(rows, known)
    if not tables:
        raise NothingThere(f"{content.name} is empty: there is no header line.", file=str(content.path))
    return [_table(content, found, separator, span, number, tables) for number, span in enumerate(tables, start=1)]


def _table(content: Content, found: Scan, separator: str, span: Span, number: int, tables: Sequence[Span]) -> TextTable:
    name = content.name if len(tables) == 1 else content.within(span.title or f"table {number}")
    if len(span.header) > MOST_COLUMNS:
        message = f"{name} has {len(span.header):,} columns; a table has at most {MOST_COLUMNS:,}."
        raise BrokenText(message, file=str(content.path), line=max(span.skip, 1))
    shown = "utf-8" if found.encoding == "utf-8-sig" else found.encoding
    notes = span.notes
    if found.guess is not None:
        notes = (Note("encoding", 0, f"read as {shown}: {found.guess}. Another: --encoding E"), *notes)
    delimiter = separator if len(separator) == 1 and separator != " " else ","
    size = content.size // len(tables) if number > 1 else content.size - content.size // len(tables) * (len(tables) - 1)
    return TextTable(
        content.path, name, size, found.sha256, shown, delimiter, span.header, notes,
        content, found.encoding, separator, span.skip, span.until, span.drop, found.size, found.endless,
    )  # fmt: skip


def _text(stream: BinaryIO, codec: str) -> TextIO:
    return io.TextIOWrapper(stream, encoding=codec, errors="strict", newline="")


def _top(content: Content, found: Scan) -> list[str]:
    with content.open() as stream:
        try:
            text: Iterable[str] = _text(stream, found.encoding)
            if found.endless:
                text = _guarded(text, content, "", 0)
            return list(islice(text, dialect.SAMPLE_LINES))
        except UnicodeError as error:
            raise undecodable(content, found.encoding) from error


def _rows_to_look_at(content: Content, found: Scan, separator: str, top: Sequence[str]) -> Iterator[Row]:
    """All rows of a small file, and of one with gaps; else its first and its last lines'."""
    stated = bool(top) and dialect.stated(top[0]) is not None
    ending = [(found.tail_line + at, line) for at, line in enumerate(_decoded(found))]
    if found.gaps or found.size <= _LOOKED_THROUGH or any(line.count('"') % 2 for _, line in ending):
        yield from _all_rows(content, found, separator, stated)
        return
    lines = iter(top[1:] if stated else top)
    yield from _rows(_reader(lines, separator), content, int(stated), lenient=True)
    for number, line in ending:
        if number > len(top):
            with suppress(csv.Error):
                yield from (Row(number, number, row) for row in _reader([line], separator))


def _decoded(found: Scan) -> list[str]:
    text = found.tail.decode(found.encoding, "replace")
    return text.splitlines(keepends=True)


def _all_rows(content: Content, found: Scan, separator: str, stated: bool) -> Iterator[Row]:
    with content.open() as stream:
        text = _text(stream, found.encoding)
        try:
            for _ in islice(text, int(stated)):
                pass
            lines = _guarded(text, content, separator, int(stated)) if found.endless else text
            yield from _rows(_reader(lines, separator), content, int(stated), lenient=False)
        except UnicodeError as error:
            raise undecodable(content, found.encoding) from error


def _rows(reader: Reading, content: Content, before: int, *, lenient: bool) -> Iterator[Row]:
    """Rows with their lines. A row that breaks the rules raises, or ends a sample that may stop inside a quoted cell."""
    last, blank = before, False
    try:
        for row in reader:
            if any(row) or not blank:  # one blank line tells as much as many
                yield Row(last + 1, reader.line_num + before, row[: MOST_COLUMNS + 1])
            last, blank = reader.line_num + before, not any(row)
    except csv.Error as error:
        if not (lenient and last > before):
            raise malformed(content, last + 1, str(error)) from error


def _guarded(text: Iterable[str], content: Content, separator: str, before: int) -> Iterator[str]:
    """Lines, as long as each has no more cells than could be looked at."""
    for number, line in enumerate(text, start=before + 1):
        if len(line) > CHUNK:
            marks = (separator,) if len(separator) == 1 else dialect.DELIMITERS
            if max(map(line.count, marks)) > _MOST_CELLS:
                message = f"{content.name}, line {number}: the line has more than {_MOST_CELLS:,} cells, as no table has."
                raise BrokenText(message, file=str(content.path), line=number)
        yield line


def _reader(lines: Iterable[str], separator: str) -> Reading:
    return _Aligned(lines) if separator == ALIGNED else csv.reader(lines, delimiter=separator, strict=True)


def _blocks(text: TextIO, stream: BinaryIO, table: TextTable, at_once: int) -> Iterator[Block]:
    lines_read = _guarded(text, table.content, table.separator, table.skip) if table.endless else text
    reader = _reader(lines_read, table.separator)
    most, done = rows_per_block(len(table.header), at_once), False
    while not done:
        rows: list[list[str]] = []
        before = reader.line_num
        try:
            rows.extend(islice(reader, most))
        except csv.Error as error:
            # What was read before the error is in `rows`: the broken row begins on the line after them.
            begins = _lines(rows, before + table.skip)[1]
            raise malformed(table.content, begins, str(error)) from error
        done = len(rows) < most
        lines: Sequence[int] = range(before + table.skip + 1, reader.line_num + table.skip + 1)
        if len(lines) != len(rows):
            lines = _lines(rows, before + table.skip)[0]
        if not any(map(any, rows)):
            rows, lines = [], lines[:0]
        if not all(map(any, rows)):
            kept = [(line, row) for line, row in zip(lines, rows, strict=True) if any(row) and any(map(str.strip, row))]
            rows, lines = [row for _, row in kept], [line for line, _ in kept]
        yield Block(rows, lines, table.share(stream.tell()))


def _lines(rows: list[list[str]], before: int) -> tuple[list[int], int]:
    """The line each row begins on, counting line ends inside quoted cells; and the line after them all."""
    lines, at = [], before + 1
    for row in rows:
        lines.append(at)
        at += 1 + sum(cell.count("\n") + cell.count("\r") - cell.count("\r\n") for cell in row)
    return lines, at


def malformed(content: Content, line: int, what: str) -> BrokenText:
    """Quotes that do not match."""
    if "field limit" in what:
        why = f"a cell that begins here has more than {_RUNAWAY:,} characters: its quote may never be closed"
    elif "unexpected end" in what:
        why = "a quoted cell begins here and its quote is never closed. Close it, or double the quotes inside the cell"
    elif "expected after" in what:
        why = 'a quote inside a quoted cell stands alone. Double it: ""'
    else:
        why = what
    return BrokenText(f"{content.name}, line {line}: {why}.", file=str(content.path), line=line)


def undecodable(content: Content, encoding: str) -> BrokenText:
    """Where decoding fails, found line by line; only called once it has."""
    decode = codecs.getdecoder(encoding)
    line = 1
    if not wide(encoding):
        with content.open() as stream:
            for line, raw in enumerate(iter(lambda: stream.readline(CHUNK), b""), start=1):  # noqa: B007  # the line is the answer
                try:
                    decode(raw, "strict")
                except UnicodeError:
                    break
    else:
        line = _wide_line(content, encoding)
    shown = "UTF-8" if encoding.startswith("utf-8") else encoding
    what = f"the bytes are not {shown}. Save the file as UTF-8, or name its encoding with --encoding, for example cp1256"
    return BrokenText(f"{content.name}, line {line}: {what}.", file=str(content.path), line=line)


def _wide_line(content: Content, encoding: str) -> int:
    """The line after those that can be decoded."""
    decoder, lines = codecs.getincrementaldecoder(encoding)("strict"), 1
    with content.open() as stream:
        while raw := stream.read(1024):
            try:
                lines += decoder.decode(raw).count("\n")
            except UnicodeError:
                break
    return lines
