"""At risk: the list, its reasons and their rows, by keys alone; hostile names, other layouts, every size."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from cstui.base.errors import WorkspaceBusy
from cstui.ui.layouts import SENT
from tests.pilot.driving import NARROW, WIDE, app_for, settled, until, until_gone
from tests.pilot.fakes import FakeDesk
from tests.unit.risk import company


@pytest.fixture(scope="module")
def risky(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return company.make(tmp_path_factory.mktemp("risky") / "acme.db")


@pytest.fixture
def acme(risky: Path, tmp_path: Path) -> Path:
    import sqlite3

    copy = tmp_path / "acme.db"
    with sqlite3.connect(risky) as db:
        db.execute("VACUUM INTO ?", (str(copy),))
    return copy


@pytest.mark.parametrize("size", [WIDE, NARROW, (200, 60), (50, 16), (20, 5)])
async def test_the_list_is_there_at_every_size(acme: Path, size: tuple[int, int]) -> None:
    async with app_for(acme).run_test(size=size) as pilot:
        await settled(pilot)
        await pilot.press("2")
        text = await settled(pilot)
        assert "49" in text or size[1] < 10


async def test_80_by_24_is_whole(acme: Path) -> None:
    async with app_for(acme).run_test(size=NARROW) as pilot:
        await settled(pilot)
        await pilot.press("2")
        text = await until(pilot, "use down 90 %")
        assert "100 = most at risk" in text
        assert "6 of 8 at risk, ! is 30 or more · MRR × risk" in text
        scores = re.findall(r"^[ ▸]+(\d+)([! ])[█▏▎▍▌▋▊▉ ]{5} ", text, re.MULTILINE)
        assert len(scores) == 8
        assert [mark == "!" for _, mark in scores] == [int(score) >= 30 for score, _ in scores]
        assert sum(mark == "!" for _, mark in scores) == 6
        assert "risk 49 = use 29 + NPS 20" in text
        assert "not known, so no good sign" in text
        assert "[@click=app.quit]" in text  # a name is a name
        assert "\x1b" not in text
        keys = text.splitlines()[-1]
        assert all(word in keys for word in ("e evidence", "s sort", "w owner", "r reason", "n new", "f segment", "? help", "q quit"))


async def test_the_reasons_follow_the_cursor_and_open_their_rows(acme: Path) -> None:
    async with app_for(acme).run_test(size=WIDE) as pilot:
        await settled(pilot)
        await pilot.press("2")
        await until(pilot, "risk 49 = use 29 + NPS 20")
        await pilot.press("j")
        await until(pilot, "risk 55 = use 25 + payment 20 + silence 10")
        await pilot.press("e")
        text = await until(pilot, "points add up to the score")
        assert "file2.csv:3" in text
        assert "payment p-2" in text
        assert "no NPS answer in 180 days" in text
        await pilot.press("escape")
        await until(pilot, "risk 55 = use 25")


async def test_the_reasons_of_a_line_far_away_come_with_its_row(root: Path, tmp_path: Path) -> None:
    """They stayed away where a neighbouring block was read first."""
    copy = Path(shutil.copy(root / "sample.db", tmp_path / "sample.db"))
    async with app_for(copy).run_test(size=NARROW) as pilot:
        await settled(pilot)
        await pilot.press("2")
        await until(pilot, "37 of 365 at risk")
        for key in ("G", "g", "G"):
            await pilot.press(key)
            await pilot.app.workers.wait_for_complete()
        await until(pilot, lambda text: "▌ no sign" in text)


async def test_enter_opens_the_customer(acme: Path) -> None:
    async with app_for(acme).run_test(size=WIDE) as pilot:
        await settled(pilot)
        await pilot.press("2")
        await until(pilot, "risk 49")
        await pilot.press("enter")
        await until_gone(pilot, "why, strongest first")
        await settled(pilot)
        assert type(pilot.app.screen).__name__ == "CustomerScreen"
        await pilot.press("escape")
        await until(pilot, "why, strongest first")


async def test_sorting_goes_round(acme: Path) -> None:
    async with app_for(acme).run_test(size=WIDE) as pilot:
        await settled(pilot)
        await pilot.press("2")
        await until(pilot, "by MRR × risk")
        for words in ("sorted by risk", "sorted by MRR · ", "sorted by next end or renewal", "sorted by MRR × risk"):
            await pilot.press("s")
            await until(pilot, words)


async def test_by_owner_narrows_and_x_widens(acme: Path) -> None:
    async with app_for(acme).run_test(size=NARROW) as pilot:
        await settled(pilot)
        await pilot.press("2")
        await until(pilot, "6 of 8 at risk")
        await pilot.press("w")
        text = await until(pilot, "By owner")
        assert "2 of 4" in text
        assert "1 customer without one" in text
        await pilot.press("j", "enter")
        await until(pilot, "2 of 4 at risk")
        await settled(pilot)
        await pilot.press("x")
        await until(pilot, "6 of 8 at risk")


async def test_by_segment_narrows(acme: Path) -> None:
    async with app_for(acme).run_test(size=NARROW) as pilot:
        await settled(pilot)
        await pilot.press("2")
        await until(pilot, "6 of 8 at risk")
        await pilot.press("W")
        await until(pilot, "By segment")
        await pilot.press("j", "enter")
        await until(pilot, lambda text: "of 8 at risk" not in text and "at risk" in text and "By segment" not in text)
        await settled(pilot)
        await pilot.press("x")
        await until(pilot, "6 of 8 at risk")


async def test_by_reason_narrows(acme: Path) -> None:
    async with app_for(acme).run_test(size=WIDE) as pilot:
        await settled(pilot)
        await pilot.press("2")
        await until(pilot, "6 of 8 at risk")
        await pilot.press("r")
        text = await until(pilot, "By reason")
        assert "use falling or gone" in text
        await pilot.press("j", "enter")
        await until(pilot, "only use falling or gone")


async def test_a_segment_is_chosen(acme: Path) -> None:
    async with app_for(acme).run_test(size=WIDE) as pilot:
        await settled(pilot)
        await pilot.press("2")
        await until(pilot, "6 of 8 at risk")
        await pilot.press("f")
        await until(pilot, "space marks")
        await pilot.press("enter", "space", "enter")
        await until(pilot, lambda text: "of 8 at risk" not in text and "at risk" in text and "space marks" not in text)


async def test_what_is_new(acme: Path) -> None:
    async with app_for(acme).run_test(size=WIDE) as pilot:
        await settled(pilot)
        await pilot.press("2")
        await until(pilot, "first look")
        await pilot.press("n")
        text = await until(pilot, "nothing to compare with")
        assert "the first look: nobody can be new yet" in text
        assert "0 of 0" not in text
        await pilot.press("n")
        await until(pilot, "6 of 8 at risk")


@pytest.mark.parametrize("layout", [0, 1], ids=["arabic", "persian"])
async def test_keys_work_under_other_layouts(acme: Path, layout: int) -> None:
    def sent(key: str) -> str:
        return SENT[key][min(layout, len(SENT[key]) - 1)]

    async with app_for(acme).run_test(size=WIDE) as pilot:
        await settled(pilot)
        await pilot.press(sent("2"))
        await until(pilot, "risk 49 = use 29")
        await pilot.press(sent("j"))
        await until(pilot, "risk 55 = use 25")
        await pilot.press(sent("s"))
        await until(pilot, "sorted by risk")
        await pilot.press(sent("w"))
        await until(pilot, "By owner")
        await pilot.press("escape")
        await until_gone(pilot, "By owner")
        await pilot.press(sent("e"))
        await until(pilot, "points add up to the score")


async def test_an_empty_workspace_says_what_to_do(new: Path) -> None:
    async with app_for(new).run_test(size=NARROW) as pilot:
        await settled(pilot)
        await pilot.press("2")
        await until(pilot, "Nothing has been imported yet")
        await pilot.press("e", "s", "w", "r", "n", "f", "x", "y", "j", "enter")
        await until(pilot, "Nothing has been imported yet")


async def test_a_failure_takes_the_screen_only_while_there_is_nothing_to_keep() -> None:
    class Broken(FakeDesk):
        def at_risk(self, *_given: object, **_more: object) -> None:  # type: ignore[override]  # it only fails
            raise WorkspaceBusy(Path("acme.db"))

    async with app_for(Path("acme.db"), Broken()).run_test(size=NARROW) as pilot:
        await settled(pilot)
        await pilot.press("2")
        await until(pilot, "This workspace can't be shown")
        await pilot.press("e", "s", "w", "j", "enter")
        await until(pilot, "This workspace can't be shown")


async def test_the_theme_changes_and_everything_is_redrawn(acme: Path) -> None:
    app = app_for(acme)
    async with app.run_test(size=WIDE) as pilot:
        await settled(pilot)
        await pilot.press("2")
        before = await settled(pilot)
        await pilot.press("ctrl+t")
        assert await settled(pilot) == before
        assert "#10141b" not in app.export_screenshot()
