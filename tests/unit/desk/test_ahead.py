"""The overview worked out ahead, in a process of its own: the same answer, or none and no harm."""

from __future__ import annotations

import os
import pickle
import shutil
from datetime import date
from pathlib import Path

from cstui.base.ask import View
from cstui.desk.ahead import Ahead
from cstui.desk.overview import overview
from cstui.desk.workspace import open_workspace

TODAY = date(2026, 11, 21)


def test_it_is_the_overview_that_asking_here_gives(root: Path, tmp_path: Path) -> None:
    path = tmp_path / "sample.db"
    shutil.copy(root / "sample.db", path)
    ahead = Ahead.start(path, TODAY)
    assert ahead is not None
    answer = ahead.take()
    workspace = open_workspace(path)
    assert answer == (overview(workspace, View(), TODAY), True)
    workspace.close()


def test_without_a_file_there_is_nothing_to_do(tmp_path: Path) -> None:
    assert Ahead.start(tmp_path / "none.db", TODAY) is None
    assert not (tmp_path / "none.db").exists()


def test_what_is_no_workspace_has_no_answer_and_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a database, and long enough to be looked at twice " * 20)
    ahead = Ahead.start(path, TODAY)
    assert ahead is not None
    assert ahead.take() is None
    assert [item.name for item in tmp_path.iterdir()] == ["notes.txt"]


def test_half_an_answer_is_none() -> None:
    """Killed while it wrote, the child has left half a pickle in the pipe."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.write(writing, pickle.dumps(("an overview", True))[:10])
        os._exit(1)
    os.close(writing)
    assert Ahead(child, reading).take() is None
