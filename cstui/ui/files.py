"""Folders and paths for choosing files: what is in a folder, and what a typed path may become.

Reads directory entries only, never a file's content. Call from a thread: a folder may be on a slow disk.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

TABLES = frozenset((".csv", ".tsv", ".txt", ".tab", ".xlsx", ".xlsm", ".json", ".ndjson", ".jsonl", ".gz", ".zip"))
"""Endings of files that can be imported."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a folder."""

    name: str
    path: Path
    folder: bool
    size: int | None
    """Bytes; None for what is no file: folders, pipes, links that lead nowhere."""

    @property
    def table(self) -> bool:
        """Whether it looks like something to import."""
        return self.size is not None and self.path.suffix.lower() in TABLES


def listing(folder: Path) -> tuple[Entry, ...]:
    """The way up, folders, then files with tables first; hidden ones left out. Raises OSError."""
    found = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if not entry.name.startswith("."):
                is_folder, size = _looked_at(entry)
                found.append(Entry(entry.name, folder / entry.name, is_folder, size))
    found.sort(key=lambda entry: (not entry.folder, not entry.folder and not entry.table, entry.name.casefold()))
    up = [Entry("..", folder.parent, folder=True, size=None)] if folder.parent != folder else []
    return (*up, *found)


def _looked_at(entry: os.DirEntry[str]) -> tuple[bool, int | None]:
    """Whether it is a folder, and its size. A link to nowhere or to itself is neither: shown, and refused when it is read."""
    try:
        return entry.is_dir(), entry.stat().st_size if entry.is_file() else None
    except OSError:
        return False, None


def stamps(paths: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Size and last change of files; a file that can't be asked is left out."""
    found: dict[str, tuple[int, int]] = {}
    for path in paths:
        with suppress(OSError):
            told = Path(path).stat()
            found[path] = told.st_size, told.st_mtime_ns
    return found


def here() -> Path:
    """The folder the program was started in; the person's own where that has been removed since."""
    try:
        return Path.cwd()
    except OSError:
        return Path.home()


def is_folder(path: Path) -> bool:
    """Whether a path is a folder; one that can't be a path at all is none."""
    try:
        return path.is_dir()
    except (OSError, ValueError):  # too long a name
        return False


def typed(text: str, base: Path) -> Path:
    """A path as people type and paste it: quotes, `file://`, `~`, relative to `base`."""
    bare = Path(text.strip().strip("'\"").removeprefix("file://"))
    try:
        return base / bare.expanduser()
    except RuntimeError:  # `~name` of nobody here: a file may be called so
        return base / bare


def completion(text: str, base: Path) -> str | None:
    """The text, completed as far as the first entry that begins so; None where nothing does."""
    if not text.strip():
        return None
    head, stem = os.path.split(text)
    folder = typed(head, base) if head else base
    try:
        entries = listing(folder)
    except (OSError, ValueError):
        return None
    match = next((entry for entry in entries if entry.name != ".." and entry.name.casefold().startswith(stem.casefold())), None)
    if match is None:
        return None
    return text + match.name[len(stem) :] + (os.sep if match.folder else "")
