"""Opening a workspace. What the command line and the screens hold in their hands; they never see a connection."""

from __future__ import annotations

from pathlib import Path

from cstui.store.workspace import Workspace

__all__ = ["Workspace", "open_workspace"]


def open_workspace(path: Path, *, create: bool = False) -> Workspace:
    """The workspace at `path`; `create` makes a missing one. Raises NoWorkspace, NotAWorkspace, NewerWorkspace, WorkspaceBusy."""
    return Workspace.open(path, create=create)
