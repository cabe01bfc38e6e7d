"""Putting files in, and taking an import back: one transaction per call.

A `Job` runs in a child process: it stages the files and previews them exactly while the workspace stays free; `commit`
merges them in one short transaction. Nothing is written to the workspace before that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cstui.base.errors import Cancelled, NotAWorkspace, NoWorkspace
from cstui.base.outcome import Changes, Joins, Move, changes_from, joins_from, move_from
from cstui.base.problems import OVERWRITES, Problem
from cstui.desk.child import Child

if TYPE_CHECKING:
    from cstui.desk.import_moved import MovedBy
    from cstui.desk.import_request import ImportRequest
    from cstui.desk.workspace import Workspace
    from cstui.store.log import LoggedFile

PROBLEMS_SHOWN = 100
"""Problems of a file that an outcome carries."""


RECENT = 50
"""Imports back that folders are remembered from."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Bytes read so far, of all files."""

    bytes_read: int
    bytes_total: int
    rows: int
    stage: str
    """`reading`, `comparing`, `merging`, `undoing` or `redoing`."""


@dataclass(frozen=True, slots=True)
class ColumnPreview:
    """One column of the file and what becomes of it."""

    header: str
    field: str | None
    """The cstui field, or None: left out; `attribute:NAME` for a custom attribute."""
    type: str
    samples: tuple[str, ...]
    made: bool = False
    """Whether it is no column of the file, but made of several, or of none."""


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What a file was taken for and what its rows come to. `read = created + updated + unchanged + refused`."""

    file: str
    kind: str
    """Blank where the file is recognised and not used; `why` then says why not."""
    source: str
    why: str
    """Why it was taken for this kind, in words."""
    read: int
    created: int
    updated: int
    unchanged: int
    refused: int
    problems: tuple[Problem, ...]
    """The refused rows' problems: the first `PROBLEMS_SHOWN`; all of them are in the staging and the log."""
    oddities: tuple[Oddity, ...]
    columns: tuple[ColumnPreview, ...] = ()
    samples: tuple[tuple[str, ...], ...] = ()
    """The first rows as they will be kept, one cell per previewed column."""
    encoding: str = ""
    """What the file was read as: `utf-8`, `cp1256`, `xlsx` …; blank in the log of older imports."""
    changes: Changes = field(default_factory=Changes)
    """How the updates go, field by field."""
    joined: Joins | None = None
    """Rows that join a customer by a second key; None where nobody asked for one."""
    use: str = "import"
    """What its source says it is for: `import`, `lookup`, `reconcile` or `none`."""
    path: str = ""
    """Where it is; blank in the log."""

    def to_json(self) -> dict[str, Any]:
        """What one process hands to another."""
        return {**asdict(self), "changes": self.changes.to_json(), "joined": self.joined and self.joined.to_json()}


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something odd that did not keep rows out: what, how many rows, and where the first ones are."""

    code: str
    count: int
    message: str
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """A preview (`import_id` None) or a finished import, one entry per file and kind."""

    import_id: int | None
    files: tuple[FileOutcome, ...]
    moves: tuple[Move, ...] | None = None
    """Past figures that have moved; None in a preview: `Job.moves` works them out."""
    last_days: tuple[int | None, int | None] = (None, None)
    """The last day of the data before and after; None where there is none."""

    @property
    def overwritten(self) -> int:
        """Rows that are written over other customers' under the same ids."""
        return sum(odd.count for file in self.files for odd in file.oddities if odd.code == OVERWRITES)

    def to_json(self) -> dict[str, Any]:
        """What `outcome_from` reads."""
        moves = None if self.moves is None else [move.exact() for move in self.moves]
        return {"import_id": self.import_id, "files": [file.to_json() for file in self.files], "moves": moves, "last_days": self.last_days}


@dataclass(frozen=True, slots=True)
class UndoOutcome:
    """An import taken back: rows reversed, rows kept because something later changed them, rows that are not there any more."""

    import_id: int
    reversed: int
    kept: int
    kept_why: tuple[str, ...]
    failed: int = 0
    failed_why: tuple[str, ...] = ()
    skipped: tuple[int, ...] = ()
    """Later imports that were passed over, because they changed nothing."""


@dataclass(frozen=True, slots=True)
class RedoOutcome:
    """An import made again after it was taken back: rows that are as it left them, and rows kept as they have become since."""

    import_id: int
    redone: int
    kept: int
    kept_why: tuple[str, ...]


OnProgress = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class ImportEntry:
    """One line of the import log."""

    import_id: int
    at: str
    day: int
    undone_at: str | None
    files: tuple[FileOutcome, ...]
    moves: tuple[Move, ...] = ()
    """Past figures that it moved."""


class Job:
    """One call's import, in a child process that dies with this one. Use it once: preview, then commit or close.

    `preview` and `commit` block, and raise CstuiError; `cancel` may come from any thread.
    """

    def __init__(self, workspace_path: Path, request: ImportRequest) -> None:
        self._path = workspace_path
        self._request = request
        self._child = Child(workspace_path)
        self._preview: ImportOutcome | None = None
        self._newest = 0

    def preview(self, on_progress: OnProgress | None = None) -> ImportOutcome:
        """Read and compare everything, change nothing."""
        _bring_up_to_date(self._path)
        self._newest = _newest(self._path)
        answer = self._child.ask({"do": "import", "request": asdict(self._request)}, _progress_to(on_progress))
        self._preview = outcome_from(answer)
        return self._preview

    def commit(self, on_progress: OnProgress | None = None, at: str = "") -> ImportOutcome:
        """Merge what was previewed, in one transaction; `at` is when that was confirmed, if not when it was asked for."""
        at = at or self._request.at
        self._child.hurry()
        try:
            return outcome_from(self._child.ask({"do": "commit", "at": at}, _progress_to(on_progress)))
        except Cancelled:
            # The merge may have been done before it could be stopped: then that is the answer.
            number = _newest(self._path)
            if self._preview is None or number <= self._newest or not _is_ours(self._path, number, at):
                raise
            return ImportOutcome(number, self._preview.files)

    def moves(self) -> tuple[Move, ...] | None:
        """The past figures that committing would move, worked out exactly; takes about as long as the merge. Blocks.

        None where `commit` came from another thread meanwhile: it does not wait for this.
        """
        answer = self._child.ask({"do": "moves"}, None)["moves"]
        return None if answer is None else tuple(map(move_from, answer))

    def moved_by(self, metric: str, month: str) -> MovedBy | None:
        """Who would move a past figure of `moves`, largest first. Blocks. None where that can't be told of customers."""
        from cstui.desk.import_moved import moved_by_from

        answer = self._child.ask({"do": "moved by", "metric": metric, "month": month}, None)["moved_by"]
        return None if answer is None else moved_by_from(answer)

    def write_rejects(self, path: Path) -> tuple[Path, ...]:
        """Write the refused rows as CSV to mend and import again, one file for each that has some (`path`, or `path` with its name)."""
        answer = self._child.ask({"do": "rejects", "path": str(path)}, None)
        return tuple(Path(name) for name in answer["written"])

    def cancel(self) -> None:
        """Stop at once and take the staging away. A waiting `preview` or `commit` raises Cancelled."""
        self._child.cancel()

    def close(self) -> None:
        """Take the staging away; harmless when that is done."""
        self._child.close()


def undo(path: Path, import_id: int | None, on_progress: OnProgress | None = None) -> UndoOutcome:
    """Take an import back: the last that changed something, or the one named. Raises UnknownImport, NoWorkspace, WorkspaceBusy."""
    from cstui.base.config import instant

    if not path.exists():
        raise NoWorkspace(path)
    _bring_up_to_date(path)
    child = Child(path)
    try:
        answer = child.ask({"do": "undo", "import_id": import_id, "at": instant()}, _progress_to(on_progress))
    finally:
        child.close()
    whole: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in answer.items()}
    return UndoOutcome(**whole)


def redo(path: Path, import_id: int | None, on_progress: OnProgress | None = None) -> RedoOutcome:
    """Make an import again: the one taken back last, or the one named. Raises UnknownImport, NoWorkspace, WorkspaceBusy."""
    if not path.exists():
        raise NoWorkspace(path)
    _bring_up_to_date(path)
    child = Child(path)
    try:
        answer = child.ask({"do": "redo", "import_id": import_id}, _progress_to(on_progress))
    finally:
        child.close()
    return RedoOutcome(answer["import_id"], answer["redone"], answer["kept"], tuple(answer["kept_why"]))


def built_on(ws: Workspace, import_id: int) -> list[dict[str, str | int]]:
    """What later imports have changed of an import's rows: they keep these when it is taken back."""
    from cstui.store.log import built_on as found

    with ws.read() as db:
        return [{"import_id": later, "kind": kind, "rows": rows} for later, kind, rows in found(db, import_id)]


def named_by(ws: Workspace, import_id: int) -> list[dict[str, str | int]]:
    """Later imports' rows that are of customers whom an import describes: taken back, these are known by their id alone."""
    from cstui.store.log import named_by as found

    with ws.read() as db:
        return [{"import_id": later, "kind": kind, "rows": rows} for later, kind, rows in found(db, import_id)]


def undone_rows(ws: Workspace, import_id: int, limit: int | None) -> list[dict[str, str | None]]:
    """What became of each row of an import that was taken back: outcome, kind, id, why. While it is remembered: 90 days."""
    from itertools import islice

    from cstui.store.undone import rows

    with ws.read() as db:
        return [dict(row._asdict()) for row in islice(rows(db, import_id), limit)]


def log(ws: Workspace) -> tuple[ImportEntry, ...]:
    """The import log, oldest first."""
    from cstui.store.log import imports

    with ws.read() as db:
        return tuple(
            ImportEntry(
                found.number,
                found.at,
                found.day,
                found.undone_at,
                (*map(_logged, found.files), *map(not_used, found.unused)),
                found.moves,
            )
            for found in imports(db, PROBLEMS_SHOWN)
        )


def _logged(file: LoggedFile) -> FileOutcome:
    why, encoding = (str(file.mapping.get(name, "")) for name in ("why", "encoding"))
    return FileOutcome(
        file.name, file.kind, file.source, why, *file.counts, file.problems, _oddities(file.mapping),
        encoding=encoding, changes=file.changes, joined=joins_from(file.mapping),
    )  # fmt: skip


def not_used(file: Mapping[str, str]) -> FileOutcome:
    """A file that is recognised and not used, out of what the log keeps of it."""
    why = file["why"]
    odd = (Oddity("not-used", 0, why, ()),)
    return FileOutcome(file["name"], "", file["source"], why, 0, 0, 0, 0, 0, (), odd, encoding=file["encoding"], use=file["use"])


def recent_folders(ws: Workspace) -> tuple[Path, ...]:
    """Folders that files were imported from and that are still there, the latest first."""
    from cstui.store.log import sources_of

    with ws.read() as db:
        found = dict.fromkeys(Path(name).parent for name in sources_of(db, RECENT))
    return tuple(filter(_is_there, found))


def _is_there(folder: Path) -> bool:
    """Whether a folder is one; one that can't be looked for is none."""
    try:
        return folder.is_dir()
    except OSError:
        return False


def headers(path: str, encoding: str | None = None, sheet: str | None = None) -> tuple[str, ...]:
    """The column headers of a file's first table, or of the one that is named, to choose from. Raises BadFile, UsageError."""
    from cstui.base.text import clean
    from cstui.ingest import job
    from cstui.ingest.opening import Wanted

    return tuple(map(clean, job.headers(path, Wanted(encoding, sheet))))


def packed(path: str, table: str | None) -> str | None:
    """Which part of a file is read as an encoding of its own: a member of an archive; None for the file as a whole."""
    from zipfile import is_zipfile

    return table.partition(" › ")[0] if table and is_zipfile(path) else None


def outcome_from(data: Mapping[str, Any]) -> ImportOutcome:
    """An outcome out of the JSON that the child process sent."""
    moves = None if data["moves"] is None else tuple(map(move_from, data["moves"]))
    return ImportOutcome(data["import_id"], tuple(_file_from(file) for file in data["files"]), moves, tuple(data["last_days"]))


def _file_from(data: Mapping[str, Any]) -> FileOutcome:
    return FileOutcome(
        **{
            **data,
            "problems": tuple(Problem(**problem) for problem in data["problems"]),
            "oddities": tuple(Oddity(odd["code"], odd["count"], odd["message"], tuple(odd["lines"])) for odd in data["oddities"]),
            "columns": tuple(ColumnPreview(c["header"], c["field"], c["type"], tuple(c["samples"]), c["made"]) for c in data["columns"]),
            "samples": tuple(map(tuple, data["samples"])),
            "changes": changes_from(data["changes"]),
            "joined": joins_from(data["joined"] or {}),
        }
    )


def _oddities(mapping: Mapping[str, Any]) -> tuple[Oddity, ...]:
    return tuple(Oddity(code, count, message, tuple(lines)) for code, count, message, lines in mapping.get("oddities", ()))


def _progress_to(on_progress: OnProgress | None) -> Callable[[list[Any]], None] | None:
    return None if on_progress is None else lambda told: on_progress(Progress(*told))


def _bring_up_to_date(path: Path) -> None:
    """Upgrade a workspace of an older form; a missing or empty one is made when there is something to put in. Raises NotAWorkspace."""
    from cstui.desk.workspace import open_workspace
    from cstui.store import schema

    if not path.exists():
        above = next(folder for folder in path.absolute().parents if folder.exists())
        if not above.is_dir():
            raise NotAWorkspace(path, f"{above} is not a folder")
    elif 0 < schema.version(path) < schema.VERSION:
        open_workspace(path).close()


def _newest(path: Path) -> int:
    from cstui.store.log import newest

    return newest(path)


def _is_ours(path: Path, number: int, at: str) -> bool:
    from cstui.store.log import made_at

    return made_at(path, number) == at
