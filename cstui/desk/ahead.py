"""The first overview, worked out in a process of its own while this one is still importing the screens.

On two cores the figures are then there when the first frame is. Only an answer comes back: whatever goes wrong over there is
met again, and told, where the workspace is opened properly. Knows nothing of screens.
"""

from __future__ import annotations

import os
import pickle  # the other end of the pipe is this very program, forked
import sys
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from cstui.desk.overview import Overview

BOTH = ("dataclasses", "difflib", "json", "locale", "threading", "cstui.base.formatting", "cstui.base.text", "cstui.desk.overview")
"""What this process will import for its screens and the other for its figures: once, before there are two."""


class Ahead:
    """A forked process that works out one overview. Start it before any thread exists."""

    def __init__(self, child: int, pipe: int) -> None:
        self._child = child
        self._pipe = pipe

    @classmethod
    def start(cls, path: Path, today: date) -> Ahead | None:
        """Fork, where the system can and there is a file to read. None otherwise."""
        if not hasattr(os, "fork") or not path.is_file():
            return None
        for name in BOTH:
            import_module(name)
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            os.close(reading)
            _answer(path, today, writing)
        os.close(writing)
        return cls(child, reading)

    def take(self) -> tuple[Overview, bool] | None:
        """The overview, and whether the workspace has been given a name; waits for it. None where there is no answer."""
        with os.fdopen(self._pipe, "rb") as pipe:
            answer = pipe.read()
        _, status = os.waitpid(self._child, 0)
        if status or not answer:  # ended halfway, it may have written half
            return None
        found: tuple[Overview, bool] = pickle.loads(answer)  # noqa: S301  # written by our own child
        return found


def _answer(path: Path, today: date, pipe: int) -> NoReturn:
    """In the child: work it out, write it, and be gone without running anybody's exit handlers."""
    status = 1
    try:
        # What it might have to say was never asked for: the parent says it when it opens the file itself.
        os.dup2(os.open(os.devnull, os.O_RDWR), 2)
        from cstui.base.ask import View
        from cstui.desk.overview import overview
        from cstui.store import schema
        from cstui.store.workspace import Workspace

        if schema.version(path) == schema.VERSION:
            workspace = Workspace(path)
            answer = pickle.dumps((overview(workspace, View(), today), workspace.setting("company") is not None))
            with os.fdopen(pipe, "wb") as out:
                out.write(answer)
            status = 0
    finally:
        sys.stderr.flush()
        os._exit(status)
