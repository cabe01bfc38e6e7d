"""Frames of every screen, as text: screen × {empty, normal, error} × {80×24, 120×40}, compared with `frames/*.txt`.

`CSTUI_UPDATE_SNAPSHOTS=1 pytest tests/snapshot` writes them anew; look at the difference before committing it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from cstui.base.errors import WorkspaceBusy
from tests.pilot.fakes import EMPTY, FakeDesk
from tests.snapshot.framing import SIZES, framed, sample

CSV = "customer_id,name,plan\nc-1,[/],pro\nc-2,شركة النور,basic\nc-2,,\nc-3,,,x\n"

SCREENS: dict[str, tuple[str, ...]] = {
    "overview": (),
    "explain": ("right", "right", "e"),
    "explain-difference": ("right", "right", "e", "d"),
    "switches": ("=", "j"),
    "switch-preview": ("=", "j", "enter", "ctrl+a", "delete", "delete", "5", "enter"),
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
    await framed(f"{screen}-normal", size, sample(here), SCREENS[screen])


@SIZES
@pytest.mark.parametrize(("screen", "keys"), [("overview", ()), ("import", ("6",)), ("first-run", ())])
async def test_empty(screen: str, keys: tuple[str, ...], size: tuple[int, int], here: Path) -> None:
    await framed(f"{screen}-empty", size, Path("acme.db"), keys, None if screen == "first-run" else FakeDesk(EMPTY))


@SIZES
async def test_overview_error(size: tuple[int, int]) -> None:
    await framed("overview-error", size, Path("acme.db"), desk=FakeDesk(error=WorkspaceBusy(Path("acme.db"))))


@SIZES
@pytest.mark.parametrize("name", ["nothing.csv", "strange.csv"])
async def test_preview_error(name: str, size: tuple[int, int], here: Path) -> None:
    (here / "exports" / "crm.csv").unlink()
    (here / "exports" / name).write_text("" if name == "nothing.csv" else "who,when\nc-1,2026-01-01\n")
    await framed(f"preview-error-{name.removesuffix('.csv')}", size, sample(here), ("6", "enter"))


@SIZES
async def test_figures_to_be_read_with_care(size: tuple[int, int]) -> None:
    await framed("overview-care", size, Path("acme.db"), desk=FakeDesk())
