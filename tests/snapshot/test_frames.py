"""Frames of every screen, as text: screen × {empty, normal, error} × {80×24, 120×40}, compared with `frames/*.txt`.

`CSTUI_UPDATE_SNAPSHOTS=1 pytest tests/snapshot` writes them anew; look at the difference before committing it.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from cstui.base.errors import WorkspaceBusy
from tests.pilot.driving import NARROW, WIDE, app_for, settled
from tests.pilot.fakes import EMPTY, FakeDesk

UPDATE = bool(os.environ.get("CSTUI_UPDATE_SNAPSHOTS"))  # read before the tests' own surroundings hide it
FRAMES = Path(__file__).parent / "frames"
ROOT = Path(__file__).resolve().parents[2]
SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "120x40"])
CSV = "customer_id,name,plan\nc-1,[/],pro\nc-2,شركة النور,basic\nc-2,,\nc-3,,,x\n"

SCREENS: dict[str, tuple[str, ...]] = {
    "overview": (),
    "explain": ("right", "right", "e"),
    "explain-difference": ("right", "right", "e", "d"),
    "switches": ("S", "j"),
    "switch-preview": ("S", "j", "enter", "ctrl+a", "delete", "delete", "5", "enter"),
    "explain-parts": ("m", "j", "enter", "right", "right", "right", "right", "e"),
    "period": ("m",),
    "segment": ("f", "enter", "space"),
    "compare": ("c",),
    "cards": ("a", "j", "j"),
    "trend": ("v",),
    "trend-table": ("t",),
    "break-down-by": ("b",),
    "breakdown": ("b", "j", "j", "enter", "down", "right", "right"),
    "cohorts": ("h",),
    "cohorts-mrr": ("h", "v", "t"),
    "waterfall": ("w",),
    "waterfall-table": ("w", "t"),
    "journey": ("o", "j"),
    "help": ("question_mark",),
    "import": ("6",),
    "preview": ("6", "enter"),
    "mapping": ("6", "enter", "m"),
    "take-back": ("6", "u"),
}
"""Name → the keys that lead there from the overview of the sample company."""


def compare(name: str, text: str) -> None:
    """The frame is as it was, or is written anew."""
    text = re.sub(r"(?<=Files   )\S+", lambda path: "~" * len(path[0]), text)  # a temporary folder of this run
    text = "\n".join(line.rstrip() for line in text.splitlines()) + "\n"
    path = FRAMES / f"{name}.txt"
    if UPDATE:
        FRAMES.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.exists(), f"{path.name} is not there: CSTUI_UPDATE_SNAPSHOTS=1 writes it"
    assert text == path.read_text(encoding="utf-8")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one file to import, and the current one."""
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "crm.csv").write_text(CSV, encoding="utf-8")
    monkeypatch.chdir(folder)
    return tmp_path


@SIZES
@pytest.mark.parametrize("screen", SCREENS)
async def test_normal(screen: str, size: tuple[int, int], here: Path) -> None:
    path = Path(shutil.copy(ROOT / "sample.db", here / "workspace.db"))
    async with app_for(path).run_test(size=size) as pilot:
        await settled(pilot)
        for key in SCREENS[screen]:
            await pilot.press(key)
            await settled(pilot)
        compare(f"{screen}-normal-{size[0]}x{size[1]}", await settled(pilot))


@SIZES
@pytest.mark.parametrize(("screen", "keys"), [("overview", ()), ("import", ("6",)), ("first-run", ())])
async def test_empty(screen: str, keys: tuple[str, ...], size: tuple[int, int], here: Path) -> None:
    path = Path("acme.db")
    desk = None if screen == "first-run" else FakeDesk(EMPTY)
    async with app_for(path, desk).run_test(size=size) as pilot:
        await settled(pilot)
        for key in keys:
            await pilot.press(key)
        compare(f"{screen}-empty-{size[0]}x{size[1]}", await settled(pilot))


@SIZES
async def test_overview_error(size: tuple[int, int]) -> None:
    async with app_for(Path("acme.db"), FakeDesk(error=WorkspaceBusy(Path("acme.db")))).run_test(size=size) as pilot:
        compare(f"overview-error-{size[0]}x{size[1]}", await settled(pilot))


@SIZES
@pytest.mark.parametrize("name", ["nothing.csv", "strange.csv"])
async def test_preview_error(name: str, size: tuple[int, int], here: Path) -> None:
    (here / "exports" / "crm.csv").unlink()
    (here / "exports" / name).write_text("" if name == "nothing.csv" else "who,when\nc-1,2026-01-01\n")
    async with app_for(Path(shutil.copy(ROOT / "sample.db", here / "workspace.db"))).run_test(size=size) as pilot:
        for key in ("6", "enter"):
            await settled(pilot)
            await pilot.press(key)
        compare(f"preview-error-{name.removesuffix('.csv')}-{size[0]}x{size[1]}", await settled(pilot))


@SIZES
async def test_figures_to_be_read_with_care(size: tuple[int, int]) -> None:
    async with app_for(Path("acme.db"), FakeDesk()).run_test(size=size) as pilot:
        compare(f"overview-care-{size[0]}x{size[1]}", await settled(pilot))
