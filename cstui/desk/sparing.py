"""What a command may not write over, whatever it is told: a workspace, and the files that it reads itself."""

from __future__ import annotations

from pathlib import Path

from cstui.base.errors import UsageError
from cstui.store.schema import is_workspace

_BESIDE = ("", "-wal", "-shm", "-journal")
"""What SQLite keeps a workspace in."""


def spare(target: Path, *read: Path) -> None:
    """Raise UsageError where writing to `target` would replace a file of `read`, by whatever name, or a workspace."""
    own = (path.with_name(path.name + suffix) for path in read for suffix in _BESIDE)
    if any(_same(target, path) for path in own):
        raise UsageError(f"{target} would be written over, and this reads it. Name another file.")
    if is_workspace(target):
        raise UsageError(f"{target} is a workspace, and is not written over. Name another file.")


def _same(one: Path, other: Path) -> bool:
    return one.exists() and other.exists() and one.samefile(other)
