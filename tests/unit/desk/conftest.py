"""The workspace that a test module's own `path` makes, opened."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cstui.desk.workspace import Workspace, open_workspace


@pytest.fixture
def ws(path: Path) -> Iterator[Workspace]:
    """Open, and closed afterwards."""
    workspace = open_workspace(path)
    yield workspace
    workspace.close()
