"""The process beside this one: letting it go while it is asked something is no failure of the program."""

from __future__ import annotations

from pathlib import Path
from typing import IO, cast

import pytest

from cstui.desk.child import Child, ChildDied


class ClosedMeanwhile:
    """What a child said, as it is found where another thread closes it between a look and the reading."""

    closed = False

    def seek(self, *_: int) -> int:
        raise ValueError("I/O operation on closed file")

    def close(self) -> None:
        """It is."""


def test_a_child_that_was_let_go_while_it_died_is_told_as_dead(tmp_path: Path) -> None:
    child = Child(tmp_path / "w.db")
    process = child._started()
    process.kill()
    process.wait()
    words, child._words = child._words, cast("IO[bytes]", ClosedMeanwhile())
    with pytest.raises(ChildDied):
        child.ask({"do": "moves"}, None)
    words.close()
    child.close()
