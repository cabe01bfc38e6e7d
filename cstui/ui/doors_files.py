"""The desk's doors for files: importing, the log and the way back, sources, reconciling. Holds no state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cstui.desk.import_kept import KeptImport
    from cstui.desk.import_request import ImportRequest
    from cstui.desk.importing import ImportEntry, Progress, RedoOutcome, UndoOutcome
    from cstui.desk.reconcile import Reconciliation
    from cstui.desk.sources import FirstRows, Guess, ReadAs
    from cstui.desk.workspace import Workspace
    from cstui.ui.jobs import Job


class FileDesk:
    """The rooms of `cstui.desk` that read files. Every method may block, so it is called in a thread worker; all raise CstuiError."""

    def job(self, path: Path, request: ImportRequest) -> Job:
        """An import call that has not begun."""
        from cstui.desk.importing import Job as RealJob

        return RealJob(path, request)

    def guess(self, path: str, kind: str | None = None, encoding: str | None = None, sheet: str | None = None) -> Guess:
        """What a file's columns may be."""
        from cstui.desk.sources import guess

        return guess(path, kind, encoding, sheet)

    def tables(self, path: str, encoding: str | None = None) -> tuple[str, ...]:
        """The tables in a file that has several."""
        from cstui.desk.sources import tables

        return tables(path, encoding)

    def first_rows(self, path: str, kind: str, mapping: Mapping[str, str], constants: Mapping[str, str], read: ReadAs) -> FirstRows:
        """A file's first rows as a mapping reads them."""
        from cstui.desk.sources import first_rows

        return first_rows(path, kind, mapping, constants, read)

    def save_source(self, name: str, kind: str, mapping: Mapping[str, str], constants: Mapping[str, str], dates: str | None) -> Path:
        """Keep a mapping as a source of the person's own."""
        from cstui.desk.sources import save_source

        return save_source(name, kind, mapping, constants, dates)

    def recent_folders(self, workspace: Workspace) -> tuple[Path, ...]:
        """Folders that files were imported from, the latest first."""
        from cstui.desk.importing import recent_folders

        return recent_folders(workspace)

    def log(self, workspace: Workspace) -> tuple[ImportEntry, ...]:
        """The imports there were, newest first."""
        from cstui.desk.importing import log

        return tuple(reversed(log(workspace)))

    def kept(self, workspace: Workspace, import_id: int, today: date) -> KeptImport:
        """All that is kept of an import."""
        from cstui.desk.import_kept import kept

        return kept(workspace, import_id, today)

    def write_refused(self, workspace: Workspace, import_id: int, today: date, otherwise: Path) -> tuple[Path, ...]:
        """Write the refused rows of an import in the log, beside its file or in the folder `otherwise`."""
        from cstui.desk.import_kept import write_refused

        return write_refused(workspace, import_id, today, otherwise)

    def undo(self, path: Path, import_id: int | None, on_progress: Callable[[Progress], None] | None = None) -> UndoOutcome:
        """Take an import back."""
        from cstui.desk.importing import undo

        return undo(path, import_id, on_progress)

    def redo(self, path: Path, import_id: int | None) -> RedoOutcome:
        """Make an import again that was taken back."""
        from cstui.desk.importing import redo

        return redo(path, import_id)

    def built_on(self, workspace: Workspace, import_id: int) -> list[dict[str, str | int]]:
        """What later imports have changed of an import's rows."""
        from cstui.desk.importing import built_on

        return built_on(workspace, import_id)

    def named_by(self, workspace: Workspace, import_id: int) -> list[dict[str, str | int]]:
        """What later imports say of the customers whom an import describes."""
        from cstui.desk.importing import named_by

        return named_by(workspace, import_id)

    def reconcile(self, workspace: Workspace, path: Path, encoding: str | None) -> Reconciliation:
        """Another program's MRR per subscriber against ours."""
        from cstui.desk.reconcile import reconcile

        return reconcile(workspace, path, encoding)
