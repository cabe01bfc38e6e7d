"""Refused rows as a file that can be mended and imported again: their own columns, and beside them where and why.

Written from a call's staging, or later from what the import log still keeps. Knows no widget.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cstui.base.cells import RUN
from cstui.base.errors import NoRejects, UnknownImport, UnreadableFile
from cstui.base.problems import Problem
from cstui.desk.placing import placed
from cstui.desk.sparing import spare
from cstui.ingest.headers import REJECT_COLUMNS

if TYPE_CHECKING:
    from cstui.store.workspace import Workspace

_NUMBER = re.compile(r"[-+]?[0-9][0-9.,]*")

Refused = tuple[int, Sequence[str], Sequence[Problem]]
"""Line, raw cells, what is wrong."""


def names_for(path: Path, files: Sequence[str]) -> tuple[Path, ...]:
    """Where the refused rows of each file go: `path`, or where several have some, `path` with the file's name."""
    if len(files) < 2:
        return (path,) * len(files)
    seen = Counter[str]()
    found = []
    for name in files:
        seen[name] += 1
        again = f"-{seen[name]}" if seen[name] > 1 else ""  # one file may hold several kinds
        found.append(path.with_name(f"{path.stem}-{Path(name).stem}{again}{path.suffix}"))
    return tuple(found)


def write(path: Path, header: Sequence[str], delimiter: str, rows: Iterable[Refused]) -> None:
    """Write one file's refused rows, over what is there: callers `spare` what they read. Raises UnreadableFile."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with placed(path, over=True) as part, part.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, delimiter=delimiter)
            writer.writerow([*map(guarded, header), *REJECT_COLUMNS])
            for line, cells, problems in rows:
                told = _told(line, problems)
                padded = [*cells, *[""] * (len(header) - len(cells))]
                writer.writerow([*map(guarded, padded[: len(header)]), *map(guarded, told), *map(guarded, padded[len(header) :])])
    except OSError as error:
        raise UnreadableFile(f"{path} can't be written: {error.strerror or error}.", file=str(path)) from error


def write_logged(workspace: Workspace, import_id: int, path: Path, day: int) -> tuple[Path, ...]:
    """Write the refused rows of an import in the log, as far as their raw text is still kept on `day`.

    Raises UnknownImport, NoRejects, UnreadableFile, UsageError.
    """
    from cstui.store import refused
    from cstui.store.log import imports

    with workspace.read() as db:
        entry = next((entry for entry in imports(db, 0) if entry.number == import_id), None)
        if entry is None:
            raise UnknownImport(f"There is no import {import_id}. `cstui imports` lists them.")
        with_some = [file for file in entry.files if file.counts[-1]]
        if not with_some:
            raise NoRejects(f"No row of import {import_id} was refused.")
        held = [file for file in with_some if refused.any_kept(db, file.number)] if day - entry.day <= refused.KEPT_DAYS else []
        if not held:
            raise NoRejects(f"The raw text of import {import_id}'s refused rows is gone: it is kept for {refused.KEPT_DAYS} days.")
        paths = names_for(path, [file.name for file in held])
        for name in paths:
            spare(name, workspace.path)
        for name, file in zip(paths, held, strict=True):
            write(name, *file.shape, refused.rows(db, file.number))
    return paths


def guarded(cell: str) -> str:
    """A raw cell that no spreadsheet takes for a formula; numbers stay bare."""
    return f"'{cell}" if cell.startswith(RUN) and not _NUMBER.fullmatch(cell) else cell


def _told(line: int, problems: Sequence[Problem]) -> tuple[str, str, str, str]:
    first = problems[0] if problems else Problem(line, None, "", None, "")
    return str(line), first.column or "", first.code, " ".join(problem.message for problem in problems)
