"""A plain text cut in two where a row seems to end, so that two processes can each read one part of its rows.

Whether a row does end there only shows where the first part is read to its end: within a quoted cell it is malformed. Knows nothing of
kinds, fields or values.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import Any, BinaryIO, NamedTuple, cast

from cstui.ingest.delimited import TextTable

_READ = 1 << 20
_FAR = 1 << 16
"""Bytes after the wanted place in which a cut is looked for."""


class Cut(NamedTuple):
    """The end of a line outside quotes."""

    byte: int
    line: int
    """Lines before it, as the reader counts them."""


@dataclass(frozen=True, slots=True)
class Part(TextTable):
    """The rows of a table in some of its bytes."""

    begin: int = 0
    end: int | None = None

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        with self.content.open() as stream:
            stream.seek(self.begin)
            yield stream if self.end is None else cast("BinaryIO", io.BufferedReader(_Until(stream, self.end), _READ))

    @property
    def above(self) -> int:
        return 0 if self.begin else self.skip


class _Until(io.RawIOBase):
    """A stream up to some byte of it."""

    def __init__(self, stream: BinaryIO, end: int) -> None:
        super().__init__()
        self._stream, self._end = stream, end

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._stream.tell()

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # typeshed's buffer can't be sliced
        data = self._stream.read(min(len(buffer), self._end - self._stream.tell()))
        buffer[: len(data)] = data
        return len(data)


def cut(table: TextTable, wanted: int) -> Cut | None:
    """The first line's end from a place on that stands outside quotes, if these are what they should be; None where none is near."""
    byte = line = quotes = 0
    with table.open() as stream:
        while byte < wanted + _FAR:
            data = stream.read(max(0, min(_READ, wanted - byte))) + stream.readline(_FAR)
            if not data.endswith(b"\n"):
                return None
            byte, quotes = byte + len(data), quotes + data.count(b'"')
            line += data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")
            if byte >= wanted and quotes % 2 == 0:
                return Cut(byte, line) if line > table.skip else None
    return None


def before(table: TextTable, at: Cut) -> Part:
    """The rows up to a cut."""
    return Part(**_held(table), end=at.byte)


def after(table: TextTable, at: Cut) -> Part:
    """The rows from a cut on, with the lines that they have in the whole."""
    codec = table.codec.removesuffix("-sig")  # a mark that stands in the middle of a text is text
    return Part(**_held(table) | {"skip": at.line, "codec": codec}, begin=at.byte)


def _held(table: TextTable) -> dict[str, Any]:
    return {one.name: getattr(table, one.name) for one in fields(table)}
