"""Blocks of rows of use: they come back as they went in, from wherever they are asked for, and a disk that is full is told as such."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from cstui.base.errors import StorageFailed
from cstui.store.usage_blocks import Blocks, blocks_of
from cstui.store.usage_rows import Rows, joined


def rows(count: int, first: int = 0) -> Rows:
    """As many different ones."""
    long, short = np.arange(first, first + count, dtype=np.int64), np.arange(first, first + count, dtype=np.int32)
    return Rows(long << 40, short, long * 3, short + 1, short % 2, short + 2)


def same(one: Rows, other: Rows) -> bool:
    return all(
        np.array_equal(mine, yours) and mine.dtype == yours.dtype
        for mine, yours in zip(map(np.asarray, one), map(np.asarray, other), strict=True)
    )


@pytest.fixture
def staging(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(tmp_path / "staging", isolation_level=None)) as db:
        yield db


def test_blocks_come_back_one_by_one_and_together(staging: sqlite3.Connection, tmp_path: Path) -> None:
    wide = rows(6).take(slice(None, None, 2))  # not in one piece
    first, last = Blocks(staging).write([rows(3), rows(100_000, 3)])
    Blocks(staging).over(first[0], wide)
    with closing(sqlite3.connect(tmp_path / "workspace", isolation_level=None)) as db:
        db.execute("ATTACH ? AS stage", (str(tmp_path / "staging"),))
        blocks = Blocks(db)
        assert same(blocks.read([first]), wide)
        assert same(blocks.read([last]), rows(100_000, 3))
        assert same(blocks.read([last, first]), joined([rows(100_000, 3), wide]))
        assert same(blocks.read([]), rows(0))


def test_only_its_owner_can_read_them(staging: sqlite3.Connection, tmp_path: Path) -> None:
    Blocks(staging).write([rows(3)])
    assert blocks_of(tmp_path / "staging").stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(sys.platform == "win32", reason="no limits of this kind")
def test_a_full_disk_is_told(staging: sqlite3.Connection) -> None:
    import resource

    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 16, limits[1]))
    try:
        with pytest.raises(StorageFailed):
            Blocks(staging).write([rows(60_000)])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_blocks_that_end_too_early_are_told(staging: sqlite3.Connection) -> None:
    [(at, count)] = Blocks(staging).write([rows(3)])
    with pytest.raises(StorageFailed):
        Blocks(staging).read([(at, count + 1)])
