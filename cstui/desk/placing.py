"""Files that are written whole or not at all: beside their place, and put there at the end. No failure costs what was there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def placed(path: Path, *, over: bool) -> Iterator[Path]:
    """A private file to write into; it is put at `path` at the end, or taken away. `over`: also over a file that is there.

    A link stays one, and what is no file (a pipe, a terminal) is written to as it is. Callers `spare` what they read. Raises OSError, and
    FileExistsError before anything is written or where a file has come meanwhile.
    """
    if not over and path.exists():
        raise FileExistsError(path)
    path = path.resolve()
    if path.exists() and not path.is_file():
        yield path
        return
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with suppress(FileNotFoundError):
            part.unlink()
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        yield part
        if not over:
            path.touch(0o600, exist_ok=False)
        part.replace(path)
    finally:
        with suppress(OSError):
            part.unlink()
