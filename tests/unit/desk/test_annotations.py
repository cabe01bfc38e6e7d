"""Annotations: kept once, with the draft that one was begun as gone in the same breath."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from cstui.base.errors import CstuiError
from cstui.desk.annotations import add, all_annotations
from cstui.desk.workspace import open_workspace
from cstui.ui.doors import Desk


def test_one_that_cannot_be_kept_whole_is_not_kept_and_its_draft_stays(tmp_path: Path) -> None:
    workspace, desk = open_workspace(tmp_path / "a.db", create=True), Desk()
    desk.keep_entry(workspace, {"text": "price change"}, "annotation")
    with closing(sqlite3.connect(tmp_path / "a.db")) as db:
        db.execute("CREATE TRIGGER kept BEFORE DELETE ON draft BEGIN SELECT raise(ABORT, 'it stays'); END")
        db.commit()
    with pytest.raises((CstuiError, sqlite3.Error)):
        desk.annotate(workspace, "2026-03-01", "price change")
    assert all_annotations(workspace) == ()
    assert desk.begun_entry(workspace, "annotation")[0] == {"text": "price change"}
    with closing(sqlite3.connect(tmp_path / "a.db")) as db:
        db.execute("DROP TRIGGER kept")
        db.commit()
    desk.annotate(workspace, "2026-03-01", "price change")
    assert [one.text for one in all_annotations(workspace)] == ["price change"]
    assert desk.begun_entry(workspace, "annotation")[0] == {}
    workspace.close()


def test_one_from_the_command_line_leaves_what_was_begun_on_the_screen(tmp_path: Path) -> None:
    workspace, desk = open_workspace(tmp_path / "a.db", create=True), Desk()
    desk.keep_entry(workspace, {"text": "a long st"}, "annotation")
    add(workspace, "2026-03-01", "price change")
    assert desk.begun_entry(workspace, "annotation")[0] == {"text": "a long st"}
    workspace.close()
