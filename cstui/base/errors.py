"""Every error a person can meet, as one tree: a base, and named leaves that build their own message.

Knows nothing of how an error is shown. A broken file or wrong request raises; a bad *row* is collected as a
`Problem` (see `cstui.base.problems`) and never raises.
"""

from __future__ import annotations

import errno
from pathlib import Path


class CstuiError(Exception):
    """What went wrong, where, and what to do. `exit_status` is the command line's: 1 bad data or file, 2 wrong usage."""

    code = "error"
    exit_status = 1
    encoding = ""
    """What the file in question was read as, where it could be read at all."""
    table = ""
    """Which of the file's tables is meant, where it has several: what stands after the `›` of its name."""

    def __init__(self, message: str, *, file: str | None = None, line: int | None = None, column: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.file = file
        self.line = line
        self.column = column


class UsageError(CstuiError):
    """The request itself makes no sense: an unknown metric, field, option or value."""

    code = "usage"
    exit_status = 2


class UnknownMetric(UsageError):
    """A metric id that the registry does not hold."""

    code = "unknown-metric"

    def __init__(self, metric: str, near: tuple[str, ...] = ()) -> None:
        hint = f" Did you mean {', '.join(near)}?" if near else ""
        super().__init__(f"There is no metric “{metric}”.{hint} `cstui metrics --list` names them all.")


class UnknownField(UsageError):
    """A filter, breakdown or mapping field that nothing has."""

    code = "unknown-field"

    def __init__(self, field: str, known: tuple[str, ...]) -> None:
        super().__init__(f"There is no field “{field}”. Known: {', '.join(known)}.")


class BadSwitch(CstuiError):
    """The workspace holds a value for a definition switch that it can't have."""

    code = "bad-switch"

    def __init__(self, name: str, why: str, default: str) -> None:
        super().__init__(
            f"{why} No figure can be worked out until it is set, on the screen that = opens or by `cstui switches {name} {default}`."
        )


class NoWorkspace(CstuiError):
    """The workspace file is not there, and the command does not make one."""

    code = "no-workspace"

    def __init__(self, path: Path) -> None:
        super().__init__(f"There is no workspace at {path}. `cstui import FILE…` makes one.", file=str(path))


class NotAWorkspace(CstuiError):
    """The file is there but is not a cstui workspace, or it is damaged."""

    code = "not-a-workspace"

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path} is not a cstui workspace: {why}.", file=str(path))


class NewerWorkspace(CstuiError):
    """The file was written by a newer cstui; nothing was written to it."""

    code = "newer-workspace"

    def __init__(self, path: Path, found: int, known: int) -> None:
        super().__init__(
            f"{path} has schema {found}; this cstui knows up to {known}. Update cstui to open it. Nothing was changed.",
            file=str(path),
        )


class WorkspaceBusy(CstuiError):
    """Another cstui held the write lock for longer than we wait."""

    code = "busy"

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is being written by another program. Nothing was changed; try again in a moment.", file=str(path))


class StorageFailed(CstuiError):
    """The disk or the file system refused: full, read-only, an I/O error."""

    code = "storage"

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path} could not be read or written: {why}. Nothing was changed.", file=str(path))


class DiskFull(StorageFailed):
    """No room is left on the disk, or the person may not take more of it."""

    code = "disk-full"

    def __init__(self, path: Path) -> None:
        what = f"There is no room left on the disk that holds {path.absolute().parent}"
        CstuiError.__init__(self, f"{what}. Nothing was changed. Free some of it, then try again.", file=str(path))


def refused_by(error: OSError, path: Path) -> StorageFailed:
    """What the system said when `path` was written, as an error that says what to do."""
    full = error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", None))
    return DiskFull(path) if full else StorageFailed(path, error.strerror or str(error))


class BadFile(CstuiError):
    """A file that can't be imported at all. Subclasses name why."""

    code = "bad-file"


class UnreadableFile(BadFile):
    """The file is missing, a folder, or the system refuses it."""

    code = "unreadable"


class NothingThere(BadFile):
    """No header, or a header and no row."""

    code = "empty-file"


class NoRecords(NothingThere):
    """JSON without a record, as an export of what there is none of."""


class BrokenText(BadFile):
    """The bytes are not the encoding, or the CSV is not well-formed."""

    code = "broken-text"


class UnknownKind(BadFile):
    """The columns match no record kind."""

    code = "unknown-kind"


class NothingOfUse(BadFile):
    """The files are known exports that hold nothing cstui keeps: there is nothing to map."""

    code = "unknown-kind"


class OnlyReconciled(NothingOfUse):
    """Recognised as what `reconcile` compares: it holds no record."""


class MissingColumn(BadFile):
    """A required column is absent and neither `--map` nor `--set` gives it."""

    code = "missing-column"
    kind: str | None = None
    """The kind the file was taken for."""
    suggested: tuple[str, str] | None = None
    """A field that no column holds because every row shares its value, and that value as far as the file tells it, or blank."""


class AllRefused(BadFile):
    """Every row was refused, so the call changes nothing."""

    code = "all-refused"


class RowsRefused(BadFile):
    """`--strict`, and at least one row was refused."""

    code = "rows-refused"


class Cancelled(CstuiError):
    """The person pressed esc or Ctrl-C; nothing was changed."""

    code = "cancelled"

    def __init__(self) -> None:
        super().__init__("Cancelled. Nothing was changed.")


class UnknownCustomer(CstuiError):
    """No customer has that id."""

    code = "unknown-customer"

    def __init__(self, customer_id: str) -> None:
        super().__init__(f"There is no customer “{customer_id}”. `cstui customers --find TEXT` looks for one.")


class CustomerGone(UnknownCustomer):
    """A customer who was listed is not there any more."""

    def __init__(self) -> None:
        CstuiError.__init__(self, "This customer is not here any more: their import was taken back, or they were forgotten.")


class UnknownImport(CstuiError):
    """No such import, or it has been undone already."""

    code = "unknown-import"


class NoRejects(CstuiError):
    """The import has no refused rows, or their raw text is not kept any more."""

    code = "no-rejects"
