"""What the import preview needs of an import call: `cstui.desk.importing.Job`, or a test's stand-in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from cstui.base.outcome import Move
from cstui.desk.importing import ImportOutcome, Progress

if TYPE_CHECKING:
    from cstui.desk.import_moved import MovedBy


class Job(Protocol):
    """One import call: preview it, then commit it or close it (`cstui.desk.importing.Job`)."""

    def preview(self, on_progress: Callable[[Progress], None] | None = None) -> ImportOutcome:
        """Stage the files. Blocking; raises CstuiError."""
        ...

    def commit(self, on_progress: Callable[[Progress], None] | None = None, at: str = "") -> ImportOutcome:
        """Merge what was staged, as confirmed at that instant. Blocking; raises CstuiError."""
        ...

    def moves(self) -> tuple[Move, ...] | None:
        """Past figures that would move; None where nobody waits for it any more. Blocking; raises CstuiError."""
        ...

    def moved_by(self, metric: str, month: str) -> MovedBy | None:
        """Who would move a past figure; None where nobody can be told to. Blocking; raises CstuiError."""
        ...

    def write_rejects(self, path: Path) -> tuple[Path, ...]:
        """Write the refused rows as CSV; the files written."""
        ...

    def cancel(self) -> None:
        """Stop, from any thread; a running preview or commit raises Cancelled."""
        ...

    def close(self) -> None:
        """Forget what was staged."""
        ...
