"""Opening, making and refusing workspace files."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path

import pytest

from cstui.base.errors import NewerWorkspace, NotAWorkspace, NoWorkspace
from cstui.base.records import RECORDS, Kind
from cstui.desk.import_request import ImportRequest
from cstui.desk.importing import Job, undo
from cstui.desk.workspace import open_workspace
from cstui.store import schema

TABLES = {
    Kind.CUSTOMERS: "customer",
    Kind.SUBSCRIPTIONS: "subscription",
    Kind.PAYMENTS: "payment",
    Kind.USAGE: "usage",
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
    elsewhere = {"date"} if kind is Kind.USAGE else set()  # kept as month and day of the month
    assert set(RECORDS[kind].names) - elsewhere <= columns
    assert {"file_id", "line"} <= columns


def test_an_older_file_keeps_its_facts_and_a_copy_of_itself(tmp_path: Path) -> None:
    path = tmp_path / "work.db"
    subscription = (
        "INSERT INTO subscription(subscription_id, started_at, customer_id, amount, currency) VALUES ('s', 20000, 1, 4900, 'USD')"
    )
    make_first_form(path, "INSERT INTO customer(id, customer_id, fold, name) VALUES (1, 'c', 'c', 'Ada')", subscription)
    open_workspace(path).close()
    assert raw(path, "PRAGMA user_version") == [(schema.VERSION,)]
    assert raw(path, "SELECT customer_id, name, pinned FROM customer") == [("c", "Ada", None)]
    assert raw(path, "SELECT subscription_id, amount FROM subscription") == [("s", 4900)]
    assert raw(path, "SELECT count(*) FROM survey_prior") == [(0,)]
    copy = tmp_path / "work.db.v1.backup"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert raw(copy, "PRAGMA user_version") == [(1,)]
    assert raw(copy, "SELECT name FROM customer") == [("Ada",)]


def test_an_upgraded_file_has_the_tables_of_a_new_one(tmp_path: Path) -> None:
    old, new = tmp_path / "old.db", tmp_path / "new.db"
    make_first_form(old)
    tables = []
    for path in (old, new):
        open_workspace(path, create=True).close()
        tables.append(raw(path, "SELECT type, name, sql FROM sqlite_master ORDER BY type, name"))
    assert tables[0] == tables[1]


def test_an_older_file_takes_an_import_and_an_undo(tmp_path: Path) -> None:
    path, text = tmp_path / "work.db", tmp_path / "answers.csv"
    text.write_text("customer_id,answered_at,kind,score\nc,2025-01-01,nps,9\n", encoding="utf-8")
    make_first_form(path, "INSERT INTO customer(customer_id, fold) VALUES ('c', 'c')")
    job = Job(path, ImportRequest((str(text),), day=20_800, at="2026-11-21T00:00:00Z"))
    assert job.preview().files[0].created == 1
    assert job.commit().import_id == 1
    job.close()
    other = tmp_path / "other.db"
    first = "INSERT INTO import(id, at, day) VALUES (1, '2026-11-21T00:00:00Z', 20800)"
    make_first_form(other, first)
    assert undo(other, 1).import_id == 1


def make_first_form(path: Path, *facts: str) -> None:
    """A workspace as the first cstui made it, with some rows."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schema, "MIGRATIONS", schema.MIGRATIONS[:1])
        patch.setattr(schema, "VERSION", 1)
        schema.create_private(path)
        schema.migrate(path)
    for fact in facts:
        raw(path, fact)


def test_a_missing_file_names_the_command_that_makes_one(tmp_path: Path) -> None:
    with pytest.raises(NoWorkspace, match="cstui import"):
        open_workspace(tmp_path / "none.db")
    assert not (tmp_path / "none.db").exists()


def test_a_newer_file_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / "work.db"
    open_workspace(path, create=True).close()
    raw(path, "PRAGMA user_version = 99")
    before = path.read_bytes()
    with pytest.raises(NewerWorkspace, match=rf"99.*up to {schema.VERSION}"):
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
