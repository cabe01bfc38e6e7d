"""Where cstui's files are. Functions, not constants: importing this reads no environment and creates nothing."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_SAMPLE = "sample.db"


def data_folder() -> Path:
    """The user's folder for cstui's data: XDG_DATA_HOME where it is set, else the platform's own."""
    if xdg := os.environ.get("XDG_DATA_HOME"):
        return Path(xdg) / "cstui"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "cstui"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "cstui"
    return Path.home() / ".local" / "share" / "cstui"


def default_workspace() -> Path:
    """The workspace file used when none is named: `CSTUI_DB`, else `workspace.db` in the data folder."""
    if named := os.environ.get("CSTUI_DB"):
        return Path(named)
    return data_folder() / "workspace.db"


def sample_workspace() -> Path:
    """The shipped sample company: inside the installed package, or at the top of a checkout."""
    package = Path(__file__).resolve().parent.parent
    installed = package / _SAMPLE
    return installed if installed.exists() else package.parent / _SAMPLE
