"""What the way to the first frame, and to `--help`, must not load."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

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


BEFORE_FIRST_FRAME = {
    "cstui": "base cli desk ui",
    "cstui.base": "ask collector config currencies days errors formatting money text",
    "cstui.cli": "app entry",
    "cstui.desk": "ahead annotations overview",
    "cstui.ui": "app charts commands controls doors doors_files first_frame hangup in_order layouts lean screens stylesheet theme widgets",
    "cstui.ui.screens": "base overview overview_words views",
    "cstui.ui.widgets": "card chart drawing line moves news rows",
}
"""Room → its modules that are loaded when the first frame leaves. Each costs up to a millisecond: only what is drawn in it belongs here."""
_PAINT = """
import json, os, sys
from datetime import date
from pathlib import Path
from cstui.cli import main
from cstui.cli.app import make_ready

path, day = Path(sys.argv[1]), date(2026, 11, 21)
ahead = make_ready(path, day)
import gc
rested = not gc.isenabled()
import cstui.ui.app as ui
ui.FIRST_FRAME_PATIENCE = 60.0
display = ui.CstuiApp._display

def watched(app, screen, renderable):
    display(app, screen, renderable)
    if app.painted:
        modules = sorted(sys.modules)
        made = [f"{name}.{key}" for name in modules if name.startswith("cstui")
                for key, value in vars(sys.modules[name]).items()
                if "__dataclass_fields__" in getattr(value, "__dict__", ()) and value.__module__ == name]
        found = {"modules": modules, "dataclasses": made, "rested": rested, "drawn": renderable.render_segments(app.console)}
        json.dump(found, told)  # the app has taken sys.stderr, and passes on what is flushed there when it likes
        told.flush()
        os._exit(0)

ui.CstuiApp._display = watched
told = os.fdopen(os.dup(2), "w")
ui.CstuiApp(path, day, ahead=ahead).run(headless=True, size=(120, 40))
"""


@pytest.fixture(scope="module")
def first_frame(root: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a fresh Python holds when the first frame of the sample company leaves, and that frame."""
    path = Path(shutil.copy(root / "sample.db", tmp_path_factory.mktemp("startup")))
    done = subprocess.run([sys.executable, "-c", _PAINT, path], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stderr)
    return found


def test_before_the_first_frame_no_room_is_entered_that_is_not_drawn_in_it(first_frame: dict[str, Any]) -> None:
    rooms = {f"{room}.{name}" for room, names in BEFORE_FIRST_FRAME.items() for name in names.split()}
    assert {name for name in first_frame["modules"] if name.startswith("cstui.")} == rooms


def test_before_the_first_frame_nothing_is_loaded_that_can_wait(first_frame: dict[str, Any]) -> None:
    late = {
        "ssl",
        "sqlite3",
        "_sqlite3",
        "concurrent.futures.thread",
        "importlib.resources",
        "textual.command",
        "plotext",
        "pandas",
        "numpy",
        "sqlite_utils",
    }
    assert late.isdisjoint(first_frame["modules"])


def test_before_the_first_frame_no_dataclass_is_made(first_frame: dict[str, Any]) -> None:
    # Each takes Python 0.2 to 0.6 ms; a named tuple takes a quarter of that.
    assert first_frame["dataclasses"] == []


def test_the_first_frame_is_whole_and_has_its_figures(first_frame: dict[str, Any]) -> None:
    drawn = re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", first_frame["drawn"])
    for words in ("Simorgh Cloud", "$148,767", "Customer churn", "What moved in Oct 2026", "quit"):
        assert words in drawn
    assert first_frame["rested"], "the collector looks for garbage while the program starts"
