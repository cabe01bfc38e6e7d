"""Opening a workspace. What the command line and the screens hold in their hands; they never see a connection."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from cstui.base.errors import StorageFailed, WorkspaceBusy
from cstui.store.workspace import Workspace

__all__ = ["Workspace", "let_go", "open_workspace"]


def open_workspace(path: Path, *, create: bool = False) -> Workspace:
    """The workspace at `path`; `create` makes a missing one. Raises NoWorkspace, NotAWorkspace, NewerWorkspace, WorkspaceBusy."""
    return Workspace.open(path, create=create)


def let_go(workspace: Workspace, day: int) -> None:
    """Let go of raw text and taken-back rows that are kept for 90 days only; whoever writes next does it where this can't now."""
    from cstui.store import refused

    with workspace.read() as db:
        if not refused.overdue(db, day):
            return
    with suppress(WorkspaceBusy, StorageFailed), workspace.write() as db:
        refused.let_go(db, day)
