"""What the way to the first frame, and to `--help`, must not load."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = ("textual", "rich", "pandas", "numpy", "scipy", "sqlite_utils", "plotext")

_REPORT = """
import json, sys
{code}
json.dump(sorted({{name.partition(".")[0] for name in sys.modules}}), sys.stderr)
"""


def loaded_by(code: str) -> set[str]:
    """The top-level modules that a fresh Python holds after running `code`; what that prints is dropped."""
    done = subprocess.run(
        [sys.executable, "-c", _REPORT.format(code=code)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    return set(json.loads(done.stderr))


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("import cstui", id="package"),
        pytest.param("import cstui.cli, cstui.__main__", id="cli"),
        pytest.param("from cstui.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass", id="--help"),
        pytest.param("from cstui.cli import main\ntry: main(['metrics', '--help'])\nexcept SystemExit: pass", id="metrics --help"),
        pytest.param("import cstui.desk.overview, cstui.desk.workspace", id="overview"),
        pytest.param("import cstui.desk.importing", id="importing"),
        pytest.param("import cstui.desk.value", id="value"),
    ],
)
def test_starting_loads_nothing_heavy(code: str) -> None:
    loaded = loaded_by(code)
    assert "cstui" in loaded
    assert loaded.isdisjoint(HEAVY), sorted(loaded.intersection(HEAVY))


def test_the_screens_come_without_pandas_numpy_sqlite_utils_and_plotext() -> None:
    loaded = loaded_by("import cstui.ui.app")
    assert "textual" in loaded
    assert loaded.isdisjoint({"pandas", "numpy", "scipy", "sqlite_utils", "plotext"})
