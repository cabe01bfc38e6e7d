"""Opening, making and refusing workspace files."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path

import pytest

from cstui.base.errors import NewerWorkspace, NotAWorkspace, NoWorkspace
from cstui.base.records import RECORDS, Kind
from cstui.desk.workspace import open_workspace
from cstui.store import schema

TABLES = {
    Kind.CUSTOMERS: "customer",
    Kind.SUBSCRIPTIONS: "subscription",
    Kind.PAYMENTS: "payment",
    Kind.INTERACTIONS: "interaction",
    Kind.SURVEYS: "survey",
    Kind.TRAFFIC: "traffic",
    Kind.COSTS: "cost",
    Kind.EXCHANGE_RATES: "exchange_rate",
}


def raw(path: Path, statement: str) -> list[tuple[object, ...]]:
    db = sqlite3.connect(path)
    try:
        with db:
            return db.execute(statement).fetchall()
    finally:
        db.close()


def test_a_new_workspace_is_private_and_says_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "new" / "work.db"
    workspace = open_workspace(path, create=True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert all(stat.S_IMODE(item.stat().st_mode) == 0o600 for item in path.parent.iterdir())
    workspace.close()
    assert raw(path, "PRAGMA application_id") == [(schema.APPLICATION_ID,)]
    assert raw(path, "PRAGMA user_version") == [(schema.VERSION,)]
    assert raw(path, "PRAGMA journal_mode") == [("wal",)]
    loose = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND NOT strict AND name NOT LIKE '%sqlite_%'"
    assert raw(path, loose) == []


@pytest.mark.parametrize("kind", list(TABLES))
def test_every_declared_field_has_its_column(tmp_path: Path, kind: Kind) -> None:
    path = tmp_path / "work.db"
    open_workspace(path, create=True).close()
    columns = {str(row[1]) for row in raw(path, f"PRAGMA table_info({TABLES[kind]})")}
    assert set(RECORDS[kind].names) <= columns
    assert {"file_id", "line"} <= columns


def test_a_missing_file_names_the_command_that_makes_one(tmp_path: Path) -> None:
    with pytest.raises(NoWorkspace, match="cstui import"):
        open_workspace(tmp_path / "none.db")
    assert not (tmp_path / "none.db").exists()


def test_a_newer_file_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / "work.db"
    open_workspace(path, create=True).close()
    raw(path, "PRAGMA user_version = 99")
    before = path.read_bytes()
    with pytest.raises(NewerWorkspace, match=r"99.*up to 1"):
        open_workspace(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"not a database at all", b"SQLite format 3\x00" + b"\x00" * 200, b"\x00" * 4096])
def test_something_else_is_refused_untouched(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "work.db"
    path.write_bytes(content)
    with pytest.raises(NotAWorkspace):
        open_workspace(path, create=True)
    assert path.read_bytes() == content


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "work.db"
    raw(path, "CREATE TABLE theirs(a)")
    with pytest.raises(NotAWorkspace, match="another program"):
        open_workspace(path, create=True)


def test_an_empty_file_becomes_a_workspace(tmp_path: Path) -> None:
    path = tmp_path / "work.db"
    path.touch()
    open_workspace(path, create=True).close()
    assert raw(path, "SELECT revision FROM state") == [(0,)]


def test_a_synchronised_folder_gets_no_write_ahead_log(tmp_path: Path) -> None:
    path = tmp_path / "Dropbox" / "work.db"
    open_workspace(path, create=True).close()
    assert raw(path, "PRAGMA journal_mode") == [("delete",)]


def test_a_failed_write_leaves_everything_as_it_was(tmp_path: Path) -> None:
    workspace = open_workspace(tmp_path / "work.db", create=True)
    workspace.set_setting("company", "Acme")
    revision = workspace.revision()

    def fail_half_way() -> None:
        with workspace.write() as db:
            db.execute("DELETE FROM setting")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    assert (workspace.setting("company"), workspace.revision()) == ("Acme", revision)
    workspace.close()
