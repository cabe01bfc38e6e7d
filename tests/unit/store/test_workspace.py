"""An open workspace beside another program's: what is read is not spoilt by a lock, and closing waits for nobody."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Event

import pytest

from cstui.base.ask import View
from cstui.base.errors import DiskFull, NotAWorkspace, StorageFailed
from cstui.desk.customers import customers
from cstui.desk.workspace import open_workspace
from cstui.store import schema
from cstui.store.schema import discard
from tests.unit.store.import_calls import bring, content


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Two customers."""
    path = tmp_path / "shop.db"
    bring(path, "customer_id,name\nc-1,Noor\nc-2,Kestrel\n")
    return path


@pytest.fixture
def writer(shop: Path) -> Iterator[sqlite3.Connection]:
    """Another program in the midst of a write."""
    with closing(sqlite3.connect(shop, isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        yield db


def test_a_reader_opens_reads_and_closes_while_another_program_writes(shop: Path, writer: sqlite3.Connection) -> None:
    workspace = open_workspace(shop)
    assert customers(workspace, View(), None).total == 2
    workspace.close()
    assert writer.in_transaction


def test_a_folder_or_a_place_below_a_file_is_no_workspace(shop: Path, tmp_path: Path) -> None:
    for path, create in ((tmp_path, False), (tmp_path, True)):
        with pytest.raises(NotAWorkspace, match="not a file"):
            open_workspace(path, create=create)
    with pytest.raises(StorageFailed, match=r"Nothing was changed"):
        open_workspace(shop / "below.db", create=True)


def test_a_full_disk_is_told_with_where_and_what_to_do_and_nothing_is_changed(shop: Path) -> None:
    workspace = open_workspace(shop)
    before = content(shop)
    with workspace.write() as db:
        db.execute(f"PRAGMA max_page_count = {db.execute('PRAGMA page_count').fetchone()[0]}")
    with pytest.raises(DiskFull, match=rf"{re.escape(str(shop.parent))}\. Nothing was changed\. Free some"):
        workspace.set_setting("note", "x" * 100_000)
    workspace.close()
    assert content(shop) == before


def test_a_workspace_that_could_not_be_filled_is_taken_away_unless_somebody_uses_it(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    open_workspace(path, create=True).close()
    discard(path)
    assert list(tmp_path.iterdir()) == []
    held = open_workspace(path, create=True)
    discard(path)
    assert held.revision() == 0
    held.set_setting("currency", "EUR")
    held.close()
    discard(path)
    assert open_workspace(path).settings() == {"currency": "EUR"}


@pytest.mark.parametrize("make", [schema.make, lambda path: open_workspace(path, create=True)], ids=["import", "open"])
def test_a_workspace_that_finds_no_room_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Callable[[Path], object]
) -> None:
    def full(_db: sqlite3.Connection) -> None:
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    monkeypatch.setattr(schema, "_apply", full)
    with pytest.raises(DiskFull):
        make(tmp_path / "new.db")
    assert list(tmp_path.iterdir()) == []


def test_closing_leaves_a_connection_to_the_thread_that_is_using_it(shop: Path) -> None:
    workspace, reading, closed = open_workspace(shop), Event(), Event()

    def read() -> tuple[int, sqlite3.Connection]:
        with workspace.read() as db:
            reading.set()
            assert closed.wait(30)
            return db.execute("SELECT count(*) FROM customer").fetchone()[0], db

    with ThreadPoolExecutor() as pool:
        found = pool.submit(read)
        assert reading.wait(30)
        workspace.close()
        closed.set()
        count, db = found.result()
        assert count == 2
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            db.execute("SELECT 1")
        for again in (workspace.revision, pool.submit(workspace.revision).result):
            with pytest.raises(StorageFailed, match="closed"):
                again()
