"""What a killed import leaves beside the workspace is taken away by the next one, wherever it was killed."""

from __future__ import annotations

from pathlib import Path

import pytest

from cstui.store.staging import copy_of, path_for, remove, remove_stale, rows_of
from cstui.store.usage_blocks import blocks_of

GONE = 2**22 + 1
"""No process has this number."""


class Killed(BaseException):
    """The end, at once."""


@pytest.mark.parametrize("moment", range(5))
def test_nothing_stays_of_one_killed_while_it_took_its_files_away(moment: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = tmp_path / "desk.db"
    path = path_for(workspace, GONE)
    for file in (path, rows_of(path), blocks_of(path), copy_of(path)):
        file.touch()
    left, unlink = moment, Path.unlink

    def until_killed(file: Path, *, missing_ok: bool = False) -> None:
        nonlocal left
        if file.exists():
            if not left:
                raise Killed
            left -= 1
        unlink(file, missing_ok=missing_ok)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", until_killed)
        if moment < 4:
            with pytest.raises(Killed):
                remove(path)
        else:
            remove(path)
    remove_stale(workspace)
    assert not list(tmp_path.iterdir())
