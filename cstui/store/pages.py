"""Rows of whole numbers laid out as pages of a table, in a disposable file that SQLite then copies them out of.

Given a million rows one by one, SQLite takes three times as long as to copy them; into a table that is still empty it copies whole
records. The form is that of its file format (https://sqlite.org/fileformat2.html), which is promised to stay. Nothing but that
file is ever written so: whatever lasts, SQLite writes. Knows no table.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from cstui.base.errors import refused_by
from cstui.store.schema import create_private

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.signedinteger[Any]]
    Bytes = NDArray[np.uint8]

MOST = 1 << 20
"""Rows of one table: what lies between the leaves must fit on one page."""
_PAGE = 1 << 16
_PRAGMAS = (f"page_size={_PAGE}", "auto_vacuum=NONE", "journal_mode=OFF", "synchronous=OFF")
_LEAF, _INTERIOR = 10, 2
"""The first byte of a page of a table without rowids."""
_HEAD = {_LEAF: 8, _INTERIOR: 12}
_POINTER, _CHILD = 2, 4
"""Bytes of a place on a page, and of a page's number."""
_LOCKED = (1 << 30) // _PAGE + 1
"""The page that SQLite puts its locks on, and nothing else."""
_START_AT = 5
"""Where a page says where its cells begin."""
_UNUSED_AT, _COUNT_AT = 20, 28
"""Where the file's header says how many bytes at the end of each page are not used, and how many pages there are."""
_SERIAL = {0: 0, 1: 1, 2: 2, 4: 4, 8: 6}
"""Bytes of a number → how a record's header says so; none are NULL's."""
_KINDS = (np.int8, np.int16, np.int32, np.int64)
_AT_ONCE = 32
"""Pages made at once."""
_THREADS = 2


class RowFile:
    """Tables in a file of their own."""

    def __init__(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        create_private(path)
        self.path = path
        self._tables = 0

    def add(self, definition: str, columns: Sequence[Numbers], null: int) -> str:
        """Lay out rows, in the order of their keys and each once, MOST at most; gives their table's name. The number `null` is none.

        `definition`: the CREATE TABLE of a table without rowids, whose key's columns come first. Raises StorageFailed.
        """
        self._tables += 1
        name = f"rows{self._tables}"
        with closing(sqlite3.connect(self.path, isolation_level=None)) as db:
            for pragma in _PRAGMAS:
                db.execute(f"PRAGMA {pragma}")
            db.execute(f"CREATE TABLE {name}{definition[definition.index('(') :]}")
            root = db.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (name,)).fetchone()[0]
        try:
            with self.path.open("r+b") as file:
                _lay_out(file, root, columns, null)
        except OSError as error:
            raise refused_by(error, self.path) from error
        return name


def narrow(column: Numbers) -> Numbers:
    """Whole numbers in as few bytes as the longest takes."""
    low, high = (int(column.min()), int(column.max())) if len(column) else (0, 0)
    return column.astype(next(kind for kind in _KINDS if np.iinfo(kind).min <= low and high <= np.iinfo(kind).max), copy=False)


def _cells(columns: Sequence[Numbers], null: int) -> tuple[Bytes, Numbers]:
    """A record in each row, and how long each is; the longest fill their rows."""
    shape = np.zeros(len(columns[0]), np.int64)
    for at, column in enumerate(columns):
        shape |= (column == null).astype(np.int64) << at
    cells = np.zeros((len(shape), _longest(columns)), np.uint8)
    lengths = np.empty(len(shape), np.int64)
    for bits in np.unique(shape).tolist():  # rows that lack the same are alike
        which = shape == bits
        records = _records([column[which] for column in columns], [bits >> at & 1 for at in range(len(columns))])
        cells[which, : records.shape[1]] = records
        lengths[which] = records.shape[1]
    return cells, lengths


def _longest(columns: Sequence[Numbers]) -> int:
    return 2 + len(columns) + sum(column.itemsize for column in columns)


def _records(columns: Sequence[Numbers], lacking: Sequence[int]) -> Bytes:
    """Rows that lack the same, as a page has them: the record's length, its header, and the numbers that there are."""
    widths = [0 if none else column.itemsize for column, none in zip(columns, lacking, strict=True)]
    header = bytes([len(columns) + 1, *(_SERIAL[width] for width in widths)])
    kinds = [(f"c{at}", f">i{width}") for at, width in enumerate(widths) if width]
    records = np.empty(len(columns[0]), np.dtype([("length", "u1"), ("header", "u1", len(header)), *kinds]))
    records["length"] = len(header) + sum(widths)
    records["header"] = np.frombuffer(header, np.uint8)
    for at, width in enumerate(widths):
        if width:
            records[f"c{at}"] = columns[at]
    return records.view(np.uint8).reshape(len(records), -1)


def _lay_out(file: BinaryIO, root: int, columns: Sequence[Numbers], null: int) -> None:
    """Write rows as leaves behind what is there, and on the root each row between two leaves; few go on the root alone."""
    file.seek(_UNUSED_AT)
    room = _PAGE - file.read(1)[0]
    count, columns = len(columns[0]), [narrow(column) for column in columns]
    fit = (room - _HEAD[_LEAF]) // (_longest(columns) + _POINTER)
    if count <= fit:
        _write(file, root, _pages(_LEAF, *_cells(columns, null), count, room))
        return
    together = next(n for n in range(fit + 1, 1, -1) if count % n)  # a leaf and the row after it; something is left for the last
    whole = count // together
    first = file.seek(0, 2) // _PAGE + 1
    if first <= _LOCKED <= first + whole:
        first = _LOCKED + 1
    alone = Lock()

    def leaves(start: int) -> tuple[Bytes, Numbers]:
        part = slice(start * together, min(start + _AT_ONCE, whole) * together)
        cells, lengths = _cells([column[part] for column in columns], null)
        is_last = np.arange(len(lengths)) % together == together - 1
        made = _pages(_LEAF, cells[~is_last], lengths[~is_last], together - 1, room)
        with alone:
            _write(file, first + start, made)
        return cells[is_last], lengths[is_last]

    with ThreadPoolExecutor(_THREADS) as pool:  # columns are worked on without the interpreter
        between = list(pool.map(leaves, range(0, whole, _AT_ONCE)))
    rest = _cells([column[whole * together :] for column in columns], null)
    _write(file, first + whole, _pages(_LEAF, *rest, count % together, room))
    children = np.arange(first, first + whole).astype(">u4").view(np.uint8).reshape(whole, _CHILD)
    cells, lengths = (np.concatenate(parts) for parts in zip(*between, strict=True))
    _write(file, root, _pages(_INTERIOR, np.concatenate((children, cells), axis=1), lengths + _CHILD, whole, room, last=first + whole))
    file.seek(_COUNT_AT)
    file.write((first + whole).to_bytes(4, "big"))


def _pages(kind: int, cells: Bytes, lengths: Numbers, rows: int, room: int, *, last: int = 0) -> Bytes:
    """Pages of so many rows each, whose cells stand at the end in their order; `last`: the page after them all, where there is one."""
    count, longest = len(cells) // rows, cells.shape[1]
    lengths = lengths.reshape(count, rows)
    places = room - lengths.sum(axis=1, keepdims=True) + np.cumsum(lengths, axis=1) - lengths
    buffer = np.zeros(count * _PAGE + longest, np.uint8)
    anywhere = np.ndarray((len(buffer) - longest + 1,), f"V{longest}", buffer, strides=(1,))
    anywhere[(places + np.arange(count)[:, np.newaxis] * _PAGE).ravel()] = cells.view(f"V{longest}").ravel()
    pages = buffer[: count * _PAGE].reshape(count, _PAGE)
    pages[:, room:] = 0  # what stood beyond the end of a short cell, the next one covers
    head = np.frombuffer(bytes([kind, 0, 0, *rows.to_bytes(2, "big"), 0, 0, 0, *last.to_bytes(4, "big")]), np.uint8)
    starts = places.astype(">u2").view(np.uint8)
    pages[:, : _HEAD[kind]] = head[: _HEAD[kind]]
    pages[:, _START_AT : _START_AT + _POINTER] = starts[:, :_POINTER]
    pages[:, _HEAD[kind] : _HEAD[kind] + starts.shape[1]] = starts
    return pages


def _write(file: BinaryIO, number: int, pages: Bytes) -> None:
    file.seek((number - 1) * _PAGE)
    file.write(pages.data)
