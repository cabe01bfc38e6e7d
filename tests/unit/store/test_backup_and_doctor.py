"""A backup is whole and private, or is not there; the doctor sees what is broken and changes nothing."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
from pathlib import Path
from random import Random

import pytest

from cstui.base.errors import NotAWorkspace, NoWorkspace
from cstui.store.backup import BackupExists, BackupFailed, backup
from cstui.store.doctor import FAILED, OK, WARNING, Examination, examine, rebuild
from cstui.store.workspace import Workspace


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "shop.db"
    workspace = Workspace.open(path, create=True)
    workspace.set_setting("company", "شركة النور")
    with workspace.write() as db:
        db.execute("INSERT INTO import(id, at, day) VALUES (1, '2026-11-02T00:00:00Z', 20759)")
        db.execute(
            "INSERT INTO import_file(id, import_id, day, name, kind, source, read, created, updated, unchanged, refused) "
            "VALUES (1, 1, 20759, 'subs.csv', 'subscriptions', 'plain', 1, 1, 0, 0, 0)"
        )
        db.execute("INSERT INTO customer(id, customer_id, fold, stub, file_id, line) VALUES (1, 'c-1', 'c-1', 1, 1, 2)")
        db.execute(
            "INSERT INTO subscription(subscription_id, started_at, customer_id, amount, currency, file_id, line) "
            "VALUES ('s-1', 20000, 1, 4900, 'USD', 1, 2)"
        )
    workspace.close()
    rebuild(path)
    return path


def found(examination: Examination) -> dict[str, str]:
    return {check.check: check.status for check in examination.checks}


def test_a_backup_holds_everything_and_is_private(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    size = backup(path, target)
    assert size == target.stat().st_size
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    copy = Workspace.open(target)
    assert copy.setting("company") == "شركة النور"
    copy.close()
    assert [file.name for file in tmp_path.glob("copy.db*")] == ["copy.db"]
    assert set(found(examine(target)).values()) == {OK}


def test_a_backup_is_taken_while_another_writes(path: Path, tmp_path: Path) -> None:
    workspace = Workspace.open(path)
    with workspace.write() as db:
        db.execute("UPDATE setting SET value = 'half done'")
        backup(path, tmp_path / "copy.db")
    copy = Workspace.open(tmp_path / "copy.db")
    assert copy.setting("company") == "شركة النور"
    for each in (copy, workspace):
        each.close()


def test_a_backup_overwrites_nothing(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    target.write_text("precious", encoding="utf-8")
    with pytest.raises(BackupExists):
        backup(path, target)
    with pytest.raises(BackupExists):
        backup(path, path)
    assert target.read_text(encoding="utf-8") == "precious"


def test_a_backup_to_nowhere_says_so(path: Path, tmp_path: Path) -> None:
    with pytest.raises(BackupFailed, match="No such file"):
        backup(path, tmp_path / "not there" / "copy.db")


def test_no_workspace_no_backup(tmp_path: Path) -> None:
    with pytest.raises(NoWorkspace):
        backup(tmp_path / "none.db", tmp_path / "copy.db")
    assert not list(tmp_path.iterdir())


def test_the_doctor_finds_a_sound_file_sound_and_leaves_it_alone(path: Path) -> None:
    before = path.read_bytes()
    examination = examine(path)
    assert set(found(examination).values()) == {OK}
    assert examination.as_of == 20000
    assert {item.kind: item.n for item in examination.coverage}["subscriptions"] == 1
    assert path.read_bytes() == before


def test_the_doctor_sees_stale_rollups_and_rebuild_mends_them(path: Path) -> None:
    db = sqlite3.connect(path)
    db.execute("DELETE FROM mrr_steps")
    db.commit()
    db.close()
    assert found(examine(path))["rollups"] == FAILED
    rebuild(path)
    assert found(examine(path))["rollups"] == OK


def test_the_doctor_sees_facts_without_a_customer(path: Path) -> None:
    db = sqlite3.connect(path)
    db.execute("UPDATE subscription SET customer_id = 99")
    db.commit()
    db.close()
    assert found(examine(path))["links"] == FAILED


def test_the_doctor_sees_a_missing_table_and_column(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute("DROP TABLE coverage")
        db.execute("ALTER TABLE customer DROP COLUMN goal")
        db.commit()
    checks = {check.check: check for check in examine(path).checks}
    assert (checks["integrity"].status, checks["schema"].status) == (OK, FAILED)
    assert checks["schema"].message.startswith(
        "5 columns missing: coverage.first, coverage.kind, coverage.last, coverage.n, customer.goal."
    )


@pytest.mark.parametrize("seed", range(8))
def test_the_doctor_sees_damaged_pages(path: Path, seed: int) -> None:
    chance = Random(seed)
    pages = path.stat().st_size // 4096
    with path.open("r+b") as file:
        for page in chance.sample(range(2, pages), pages // 3):
            file.seek(page * 4096)
            file.write(chance.randbytes(4096))
    # Schema pages may be hit too: then it is no workspace that could be opened.
    with contextlib.suppress(NotAWorkspace):
        assert found(examine(path))["integrity"] == FAILED


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX")
def test_the_doctor_sees_open_permissions(path: Path) -> None:
    path.chmod(0o644)
    assert found(examine(path))["permissions"] == WARNING


def test_the_doctor_warns_in_a_synchronised_folder(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "Dropbox"
    folder.mkdir()
    workspace = Workspace.open(folder / "shop.db", create=True)
    workspace.close()
    assert found(examine(folder / "shop.db"))["journal"] == WARNING


def test_the_doctor_needs_a_workspace(tmp_path: Path) -> None:
    with pytest.raises(NoWorkspace):
        examine(tmp_path / "none.db")
    (tmp_path / "notes.txt").write_text("not a database at all, whatever its length may be", encoding="utf-8")
    with pytest.raises(NotAWorkspace):
        examine(tmp_path / "notes.txt")
