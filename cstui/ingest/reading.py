"""A delimited text file, read strictly and in blocks: rows with the line each begins on, and how far reading has come.

A file that is not what it seems (bytes, quotes) raises with the place; a row with too few or too many cells is handed on
as it is. Knows nothing of kinds, fields or values.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TextIO

from cstui.base.errors import BrokenText, NothingThere, UnreadableFile, UsageError
from cstui.base.text import clean
from cstui.ingest import dialect

BLOCK = 16_384
"""Rows in a block: enough to work by column, little enough for memory and progress."""
_RUNAWAY = 1 << 24
"""Characters after which a quoted cell is not a cell but a quote that was never closed."""
_CHUNK = 1 << 20

csv.field_size_limit(_RUNAWAY)


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows in file order. Blank ones are not among them."""

    rows: list[list[str]]
    lines: Sequence[int]
    """The physical line on which each row begins."""
    position: int
    """Bytes of the file read so far."""


@dataclass(frozen=True, slots=True)
class Table:
    """A file that can be read, and its header."""

    path: Path
    name: str
    """As it is told to people: the file's own name."""
    size: int
    sha256: str
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    skip: int
    """Lines up to and including the header."""

    def blocks(self) -> Iterator[Block]:
        """The rows, block by block. Raises BrokenText with the line."""
        with _text(self.path, self.encoding) as text:
            try:
                for _ in islice(text, self.skip):
                    pass
                yield from _blocks(text, self)
            except UnicodeDecodeError as error:
                raise _undecodable(self.path, self.encoding) from error


def open_table(path: Path, encoding: str | None, known: Callable[[str], bool], on_bytes: Callable[[int], None]) -> Table:
    """The file's facts, encoding, delimiter and header. `known` tells a header cell that a kind has.

    Raises UnreadableFile, BrokenText, NothingThere, UsageError (no such encoding).
    """
    name = _encoding(path, encoding)
    size, digest = _inspect(path, name, on_bytes)
    delimiter, header, skip = _top(path, name, known)
    return Table(path, clean(path.name), size, digest, name, delimiter, header, skip)


def header_of(path: Path, encoding: str | None, known: Callable[[str], bool]) -> tuple[str, ...]:
    """A file's header cells alone, without reading on. Raises UnreadableFile, BrokenText, NothingThere, UsageError."""
    return _top(path, _encoding(path, encoding), known)[1]


def _top(path: Path, encoding: str, known: Callable[[str], bool]) -> tuple[str, tuple[str, ...], int]:
    """Delimiter, header, and the lines up to and including it."""
    try:
        with _text(path, encoding) as text:
            lines = list(islice(text, dialect.SAMPLE_LINES))
    except UnicodeDecodeError as error:
        raise _undecodable(path, encoding) from error
    separator = dialect.stated(lines[0]) if lines else None
    start = 0 if separator is None else 1
    delimiter = separator or dialect.delimiter_of(lines, known)
    header, skip = _header(path, lines[start:], delimiter)
    return delimiter, header, start + skip


def _text(path: Path, encoding: str) -> TextIO:
    try:
        return path.open(encoding=encoding, errors="strict", newline="")
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> UnreadableFile:
    return UnreadableFile(f"{clean(str(path))} can't be read: {error.strerror or error}.", file=str(path))


def _encoding(path: Path, asked: str | None) -> str:
    try:
        with path.open("rb") as stream:
            start = stream.read(4)
    except OSError as error:
        raise _unreadable(path, error) from error
    if asked is None and start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        raise BrokenText(f"{clean(path.name)} is UTF-16. Save it as UTF-8, or say --encoding utf-16.", file=str(path), line=1)
    try:
        name = codecs.lookup(asked or "utf-8").name
    except LookupError:
        raise UsageError(f"There is no encoding “{asked}”. Examples: utf-8, cp1252, cp1256, utf-16.") from None
    return "utf-8-sig" if name == "utf-8" else name


def _inspect(path: Path, encoding: str, on_bytes: Callable[[int], None]) -> tuple[int, str]:
    """Size and checksum; a NUL has no place in text of one-byte units."""
    digest, size, lines = hashlib.sha256(), 0, 1
    wide = encoding.startswith(("utf-16", "utf-32"))
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                if not wide and (at := chunk.find(b"\0")) >= 0:
                    line = lines + chunk.count(b"\n", 0, at)
                    what = "It holds a NUL character: it is damaged, or no text file. Export it again as CSV in UTF-8."
                    raise BrokenText(f"{clean(path.name)}, line {line}: {what}", file=str(path), line=line)
                digest.update(chunk)
                size += len(chunk)
                lines += chunk.count(b"\n")
                on_bytes(size)
    except OSError as error:
        raise _unreadable(path, error) from error
    return size, digest.hexdigest()


def _header(path: Path, lines: list[str], delimiter: str) -> tuple[tuple[str, ...], int]:
    """The first row that is not blank, and how many lines it takes with those before it."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                return tuple(row), reader.line_num
    except csv.Error as error:
        raise _malformed(path, reader.line_num, str(error)) from error
    raise NothingThere(f"{clean(path.name)} is empty: there is no header line.", file=str(path))


def _blocks(text: TextIO, table: Table) -> Iterator[Block]:
    reader = csv.reader(text, delimiter=table.delimiter, strict=True)
    done = False
    while not done:
        rows: list[list[str]] = []
        before = reader.line_num
        try:
            rows.extend(islice(reader, BLOCK))
        except csv.Error as error:
            # What was read before the error is in `rows`: the broken row begins on the line after them.
            begins = _lines(rows, before + table.skip)[1]
            raise _malformed(table.path, begins, str(error)) from error
        done = len(rows) < BLOCK
        lines: Sequence[int] = range(before + table.skip + 1, reader.line_num + table.skip + 1)
        if len(lines) != len(rows):
            lines = _lines(rows, before + table.skip)[0]
        if not all(map(any, rows)):
            kept = [(line, row) for line, row in zip(lines, rows, strict=True) if any(row) and any(map(str.strip, row))]
            rows, lines = [row for _, row in kept], [line for line, _ in kept]
        yield Block(rows, lines, text.buffer.tell())


def _lines(rows: list[list[str]], before: int) -> tuple[list[int], int]:
    """The line each row begins on, counting line ends inside quoted cells; and the line after them all."""
    lines, at = [], before + 1
    for row in rows:
        lines.append(at)
        at += 1 + sum(cell.count("\n") + cell.count("\r") - cell.count("\r\n") for cell in row)
    return lines, at


def _malformed(path: Path, line: int, what: str) -> BrokenText:
    if "unexpected end" in what or "field limit" in what:
        why = "a quoted cell begins here and its quote is never closed. Close it, or double the quotes inside the cell"
    elif "expected after" in what:
        why = 'a quote inside a quoted cell stands alone. Double it: ""'
    else:
        why = what
    return BrokenText(f"{clean(path.name)}, line {line}: {why}.", file=str(path), line=line)


def _undecodable(path: Path, encoding: str) -> BrokenText:
    """Where decoding fails, found line by line; only called once it has."""
    decode = codecs.getdecoder(encoding)
    line = 1
    if not encoding.startswith(("utf-16", "utf-32")):
        with path.open("rb") as stream:
            for line, raw in enumerate(stream, start=1):  # noqa: B007  # the line is the answer
                try:
                    decode(raw, "strict")
                except UnicodeDecodeError:
                    break
    shown = "UTF-8" if encoding.startswith("utf-8") else encoding
    what = f"the bytes are not {shown}. Save the file as UTF-8, or name its encoding with --encoding, for example cp1256"
    return BrokenText(f"{clean(path.name)}, line {line}: {what}.", file=str(path), line=line)
