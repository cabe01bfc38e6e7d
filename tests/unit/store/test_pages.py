"""Tables laid out in pages: SQLite finds nothing wrong with them, and reads and copies what went in."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from cstui.base.errors import StorageFailed
from cstui.store.pages import MOST, RowFile, narrow

DEFINITION = "CREATE TABLE t(a INTEGER NOT NULL, b INTEGER NOT NULL, c INTEGER, d INTEGER, PRIMARY KEY(a, b)) STRICT, WITHOUT ROWID"
PAGE = 1 << 16
NONE = -1


def columns(count: int, largest: int) -> list[np.ndarray[tuple[int], np.dtype[np.int64]]]:
    chance = np.random.default_rng(count)
    key = np.unique(chance.integers(0, 1 << 40, count + 100))[:count]
    found = [key >> 20, key & ((1 << 20) - 1), chance.integers(-largest, largest, count), chance.integers(0, 3, count)]
    found[2][chance.random(count) < 0.2] = NONE
    found[3][found[3] == 1] = NONE
    return found


def rows(found: list[np.ndarray[tuple[int], np.dtype[np.int64]]]) -> list[tuple[int | None, ...]]:
    return [tuple(None if cell == NONE else cell for cell in row) for row in zip(*(column.tolist() for column in found), strict=True)]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(tmp_path / "other.db", isolation_level=None)) as db:
        db.execute(DEFINITION)
        yield db


def sound(db: sqlite3.Connection, schema: str) -> bool:
    return bool(db.execute(f"PRAGMA {schema}.integrity_check").fetchall() == [("ok",)])


AROUND = [(count, 2) for page in (3_640, 7_281) for count in range(page - 3, page + 4)]
"""Rows about as many as fill one page, or two and the root between them."""


@pytest.mark.parametrize(
    ("count", "largest"), [*AROUND, *((count, largest) for count in (1, 2, 60_000) for largest in (100, 30_000, 1 << 31, 1 << 62))]
)
def test_sqlite_reads_and_copies_what_was_laid_out(tmp_path: Path, database: sqlite3.Connection, count: int, largest: int) -> None:
    found = columns(count, largest)
    name = RowFile(tmp_path / "rows").add(DEFINITION, found, NONE)
    database.execute("ATTACH ? AS laid", (str(tmp_path / "rows"),))
    assert sound(database, "laid")
    assert database.execute(f"SELECT * FROM laid.{name}").fetchall() == rows(found)
    assert database.execute(f"INSERT INTO t SELECT * FROM laid.{name}").rowcount == count
    assert sound(database, "main")
    assert database.execute("SELECT * FROM t").fetchall() == rows(found)


def test_several_tables_lie_in_one_file(tmp_path: Path, database: sqlite3.Connection) -> None:
    file = RowFile(tmp_path / "rows")
    parts = [columns(count, 100) for count in (9_000, 10, 12_000)]
    names = [file.add(DEFINITION, part, NONE) for part in parts]
    database.execute("ATTACH ? AS laid", (str(tmp_path / "rows"),))
    assert sound(database, "laid")
    for name, part in zip(names, parts, strict=True):
        assert database.execute(f"SELECT * FROM laid.{name}").fetchall() == rows(part)


def test_as_many_rows_as_may_be_have_one_root(tmp_path: Path, database: sqlite3.Connection) -> None:
    key = np.arange(MOST)
    name = RowFile(tmp_path / "rows").add(DEFINITION, [key, key, key << 40, key << 40], NONE)
    database.execute("ATTACH ? AS laid", (str(tmp_path / "rows"),))
    assert sound(database, "laid")
    assert database.execute(f"SELECT count(*), sum(a), sum(b), max(c) FROM laid.{name}").fetchone() == (
        MOST, MOST * (MOST - 1) // 2, MOST * (MOST - 1) // 2, (MOST - 1) << 40,
    )  # fmt: skip


def test_the_page_of_sqlites_locks_is_left_alone(tmp_path: Path, database: sqlite3.Connection) -> None:
    file = RowFile(tmp_path / "rows")
    file.add(DEFINITION, columns(10, 100), NONE)
    before = (1 << 30) // PAGE - 5
    with file.path.open("r+b") as stream:  # as long as if there were many tables before
        stream.truncate(before * PAGE)
        stream.seek(28)
        stream.write(before.to_bytes(4, "big"))
    found = columns(60_000, 1 << 62)
    name = file.add(DEFINITION, found, NONE)
    database.execute("ATTACH ? AS laid", (str(tmp_path / "rows"),))
    assert database.execute(f"SELECT * FROM laid.{name}").fetchall() == rows(found)
    told = [text for (text,) in database.execute("PRAGMA laid.integrity_check")]
    assert all("never used" in line for text in told for line in text.splitlines() if line.startswith(("Page", "Tree", "On")))


@pytest.mark.skipif(sys.platform == "win32", reason="no limits of this kind")
def test_a_full_disk_is_told(tmp_path: Path) -> None:
    import resource

    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4 * PAGE, limits[1]))
    try:
        with pytest.raises(StorageFailed):
            RowFile(tmp_path / "rows").add(DEFINITION, columns(60_000, 100), NONE)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_narrow_takes_no_more_bytes_than_it_must() -> None:
    for low, high, width in ((0, 127, 1), (-128, 0, 1), (0, 128, 2), (-129, 0, 2), (0, 1 << 15, 4), (0, 1 << 31, 8)):
        found = narrow(np.array([low, high]))
        assert (found.itemsize, found.tolist()) == (width, [low, high])
    assert narrow(np.array([], np.int64)).tolist() == []
