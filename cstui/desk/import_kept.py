"""One import as the log keeps it: its files, what came of their rows, past figures it moved, and what was built on it since.

Takes a workspace; returns one frozen record. Its refused rows are written out beside the file that they came from.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from glob import escape
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from cstui.base.days import to_day
from cstui.base.errors import UnknownImport
from cstui.base.text import clean
from cstui.desk.importing import PROBLEMS_SHOWN, ImportEntry, built_on, log, named_by
from cstui.desk.rejects import write_logged

if TYPE_CHECKING:
    from cstui.store.undone import UndoneRow
    from cstui.store.workspace import Workspace

_MOST = 1_000
"""Names tried for a file of refused rows, so that one that has been mended is not written over."""


@dataclass(frozen=True, slots=True)
class UndoneRows:
    """Rows of an import that was taken back."""

    reversed: int
    kept: int
    failed: int
    reasons: tuple[UndoneRow, ...]
    """The first of those of which there is more to say: kept, failed, or with fields that a person edited."""


@dataclass(frozen=True, slots=True)
class KeptImport:
    """All that is kept of an import."""

    revision: int
    workspace: str
    """The company's name, or the file's."""
    currency: str
    as_of: int | None
    """The last day of the data; None: there is none."""
    age_days: int
    entry: ImportEntry
    built_on: list[dict[str, str | int]]
    """Later imports that changed its rows: `import_id`, `kind`, `rows`."""
    named_by: list[dict[str, str | int]]
    """Later imports with rows of customers whom it describes: the same."""
    undone: UndoneRows | None = None
    """What became of its rows where it was taken back, as long as that is remembered."""


def kept(workspace: Workspace, import_id: int, today: date) -> KeptImport:
    """What is kept of an import. Raises UnknownImport."""
    from cstui.base.ask import View
    from cstui.store.facts import SqlFacts

    with workspace.read() as db:
        entry = next((entry for entry in log(workspace) if entry.import_id == import_id), None)
        if entry is None:
            raise UnknownImport(f"There is no import {import_id} any more.")
        facts = SqlFacts(db, View())
        return KeptImport(
            revision=facts.revision,
            workspace=facts.settings.get("company", workspace.path.stem),
            currency=facts.currency,
            as_of=None if facts.empty else facts.as_of,
            age_days=0 if facts.empty else to_day(today) - facts.as_of,
            entry=entry,
            built_on=built_on(workspace, import_id),
            named_by=named_by(workspace, import_id),
            undone=None if entry.undone_at is None else _undone(workspace, import_id),
        )


def _undone(workspace: Workspace, import_id: int) -> UndoneRows | None:
    from cstui.store import undone

    with workspace.read() as db:
        counts = undone.counts(db, import_id)
        return None if counts is None else UndoneRows(*counts, tuple(islice(undone.rows(db, import_id, reasons=True), PROBLEMS_SHOWN)))


def write_refused(workspace: Workspace, import_id: int, today: date, otherwise: Path) -> tuple[Path, ...]:
    """Write an import's refused rows beside the first file that has some, or in the folder `otherwise` where that is gone.

    Under a name that nothing has yet. Raises UnknownImport, NoRejects, UnreadableFile.
    """
    entry = next((entry for entry in log(workspace) if entry.import_id == import_id), None)
    names = [file.file.partition(" › ")[0] for file in entry.files if file.refused] if entry else []
    name = names[0] if names else ""
    source = next((path for path in _files_of(workspace, import_id) if clean(path.name) == name and path.parent.is_dir()), None)
    folder, stem = (source.parent, source.stem) if source is not None else (otherwise, Path(name).stem or "import")
    tried = (f"{stem}.refused{f'-{number}' if number > 1 else ''}" for number in range(1, _MOST))
    free = next((one for one in tried if not any(folder.glob(f"{escape(one)}*"))), f"{stem}.refused")
    return write_logged(workspace, import_id, folder / f"{free}.csv", to_day(today))


def _files_of(workspace: Workspace, import_id: int) -> list[Path]:
    from cstui.store.log import files_of

    with workspace.read() as db:
        return [Path(name) for name in files_of(db, import_id)]
