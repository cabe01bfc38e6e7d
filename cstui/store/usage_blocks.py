"""Blocks of rows of use in a file beside the staging file: written behind each other, read again by their places.

Inside the staging file SQLite would cut them into its own pages, through its cache, on the way in and on the way out. Disposable like
that file, and only what it says of its places counts. Knows no meaning.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Literal

from cstui.base.errors import StorageFailed
from cstui.store.schema import create_private

if TYPE_CHECKING:
    from cstui.store.usage_rows import Rows

Block = tuple[int, int]
"""Where a block begins, and its rows."""


def blocks_of(staging: Path) -> Path:
    """Where the blocks of a staging file are."""
    return Path(f"{staging}-blocks")


class Blocks:
    """The blocks of the staging file that a connection has open."""

    def __init__(self, db: sqlite3.Connection) -> None:
        """The staging file is the connection's own or is attached to a workspace's."""
        files = {name: file for _, name, file in db.execute("PRAGMA database_list")}
        self._path = blocks_of(Path(files.get("stage", files["main"])))

    def write(self, parts: Iterable[Rows]) -> list[Block]:
        """Write some blocks. Raises StorageFailed."""
        found = list[Block]()
        create_private(self._path)
        with self._open("r+b") as file:
            at = file.seek(0, 2)
            for rows in parts:
                found.append((at, len(rows.key)))
                at += sum(map(file.write, _bytes(rows)))
        return found

    def over(self, at: int, rows: Rows) -> None:
        """Write a block where one of as many rows begins. Raises StorageFailed."""
        with self._open("r+b") as file:
            file.seek(at)
            file.writelines(_bytes(rows))

    def read(self, blocks: Iterable[Block]) -> Rows:
        """Some blocks as one. Raises StorageFailed."""
        import numpy as np

        from cstui.store.usage_rows import TYPES, Rows

        blocks = list(blocks)
        columns, done = [np.empty(sum(count for _, count in blocks), kind) for kind in TYPES], 0
        with self._open("rb") as file:
            for at, count in blocks:
                file.seek(at)
                for column in columns:
                    part = column[done : done + count]
                    if file.readinto(part.data) < part.nbytes:  # type: ignore[attr-defined]  # which the files that we open have
                        raise OSError("it ends too early")
                done += count
        return Rows._make(columns)

    @contextmanager
    def _open(self, mode: Literal["rb", "r+b"]) -> Iterator[BinaryIO]:
        try:
            with self._path.open(mode) as file:
                yield file
        except OSError as error:
            raise StorageFailed(self._path, error.strerror or str(error)) from error


def _bytes(rows: Rows) -> Iterator[memoryview]:
    """The columns, each in one piece."""
    for column in rows:
        yield column.data if column.flags.c_contiguous else column.copy().data
