"""What every test runs in: an empty HOME, one time zone, one locale, one day, no workspace of the person's own."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Iterator

TODAY = "2026-11-21"
ROOT = Path(__file__).resolve().parent.parent
SHARED_DATA = ROOT.parent / "shared" / "data"

# Two cores shared with the rest of the run: an example may take long without being wrong, and a failure must repeat.
settings.register_profile("cstui", deadline=None, derandomize=bool(os.environ.get("CI")), suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("cstui")


@pytest.fixture(scope="session", autouse=True)
def surroundings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The environment of this process and of every program it starts."""
    home = tmp_path_factory.mktemp("home")
    fixed = {"HOME": str(home), "TZ": "UTC", "LC_ALL": "C.UTF-8", "LANG": "C.UTF-8", "CSTUI_TODAY": TODAY, "PYTHONPATH": str(ROOT)}
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(("CSTUI_", "XDG_", "LC_", "TEXTUAL"))]:
            patch.delenv(name)
        for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "COLORTERM"):
            patch.delenv(name, raising=False)
        for name, value in fixed.items():
            patch.setenv(name, value)
        time.tzset()
        yield


@pytest.fixture(scope="session")
def root() -> Path:
    """The top of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real exports beside the checkout; tests that read them are skipped where they are absent, as on CI."""
    if not SHARED_DATA.is_dir():
        pytest.skip("../shared/data is not here: real exports are not part of the repository")
    return SHARED_DATA
