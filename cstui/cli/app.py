"""Opening the terminal application, on a workspace or on a private copy of the sample company."""

from __future__ import annotations

import gc
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from cstui.base.config import today
from cstui.base.errors import UsageError

if TYPE_CHECKING:
    from cstui.desk.ahead import Ahead


def open_app(workspace: str | None, demo: bool) -> int:
    """Run the screens until the person quits. Returns the exit status. Raises UsageError where there is no terminal."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("The screens need a terminal. `cstui --help` names the commands that do without.")
    if workspace is not None and demo:
        raise UsageError("--demo opens its own copy of the sample company; leave --db out.")
    day = today()
    if demo:
        with sample_copy() as path:
            return _screens(path, day)
    if workspace is not None:
        return _screens(Path(workspace), day)
    from cstui.base.paths import default_workspace

    return _screens(default_workspace(), day)


@contextmanager
def sample_copy() -> Iterator[Path]:
    """A copy of the shipped sample company that nobody else can read, gone afterwards."""
    from cstui.desk.sample import private_copy

    with tempfile.TemporaryDirectory(prefix="cstui-demo-") as folder:
        yield private_copy(Path(folder))


def _screens(path: Path, day: date) -> int:
    ahead = make_ready(path, day)
    from cstui.ui.app import run

    return run(path, day, ahead)


def make_ready(path: Path, day: date) -> Ahead | None:
    """What is done for the first frame's sake before Textual is imported. Returns the process that works its figures out."""
    # Hardly anything made while starting is garbage, and looking for it takes a fifth of the time to the first frame.
    # The app turns it on again once that is painted.
    gc.disable()
    from cstui.desk.ahead import Ahead

    return Ahead.start(path, day)
