"""The desk as the screens call it: one door per intention, each room imported when first entered.

What keeps the road to the first frame short, and what tests replace to give a screen a snapshot of their own. Holds no state.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from cstui.base.ask import View
    from cstui.desk.explain import Explanation
    from cstui.desk.importing import ImportEntry, ImportRequest, Progress, UndoOutcome
    from cstui.desk.overview import Overview, Segment
    from cstui.desk.workspace import Workspace
    from cstui.ui.jobs import Job


class Opening(NamedTuple):
    """What a workspace is when it is opened."""

    workspace: Workspace
    overview: Overview
    named: bool
    """A company name has been given."""


class Desk:
    """The rooms of `cstui.desk`. Every method may block, so it is called in a thread worker; all raise CstuiError."""

    def open(self, path: Path, *, create: bool = False) -> Workspace:
        """The workspace at `path`."""
        from cstui.desk.workspace import open_workspace

        return open_workspace(path, create=create)

    def begin(self, path: Path, settings: Mapping[str, str]) -> None:
        """Make the workspace at `path` if it is not there, and tell it what only a person knows.

        The company's name comes last: a workspace without one is asked about again. Raises UsageError for a value that can't be.
        """
        from cstui.desk.settings import set_setting

        workspace = self.open(path, create=True)
        try:
            for name in sorted(settings, key=lambda name: name == "company"):
                set_setting(workspace, name, settings[name])
        finally:
            workspace.close()

    def overview(self, workspace: Workspace, view: View, today: date) -> Overview:
        """The overview screen's snapshot."""
        from cstui.desk.overview import overview

        return overview(workspace, view, today)

    def segments(self, workspace: Workspace) -> tuple[Segment, ...]:
        """Fields and values that figures can be filtered by."""
        from cstui.desk.overview import segments

        return segments(workspace)

    def explain(self, workspace: Workspace, metric: str, view: View, today: date, limit: int) -> Explanation:
        """What is behind a figure, down to the `limit` largest rows."""
        from cstui.desk.explain import explain

        return explain(workspace, metric, view, today, limit=limit)

    def job(self, path: Path, request: ImportRequest) -> Job:
        """An import call that has not begun."""
        from cstui.desk.importing import Job as RealJob

        return RealJob(path, request)

    def headers(self, path: str) -> tuple[str, ...]:
        """A file's header labels."""
        from cstui.desk.importing import headers

        return headers(path)

    def log(self, workspace: Workspace) -> tuple[ImportEntry, ...]:
        """The imports there were, newest first."""
        from cstui.desk.importing import log

        return tuple(reversed(log(workspace)))

    def undo(self, path: Path, import_id: int | None, on_progress: Callable[[Progress], None] | None = None) -> UndoOutcome:
        """Take an import back."""
        from cstui.desk.importing import undo

        return undo(path, import_id, on_progress)

    def sample(self, folder: Path) -> Path:
        """A private copy of the sample company inside `folder`."""
        from cstui.desk.sample import private_copy

        return private_copy(folder)
