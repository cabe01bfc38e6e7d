"""Turns that nobody plans for: paths that can't be, a folder removed beneath the program, lists that change while one types."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cstui.ui.widgets.rows import Rows
from tests.pilot.answered import company
from tests.pilot.conftest import ROOT
from tests.pilot.driving import NARROW, WIDE, app_for, settled, until

if TYPE_CHECKING:
    from textual.pilot import Pilot


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    return Path(shutil.copy(ROOT / "sample.db", tmp_path / "sample.db"))


async def to_path_line(pilot: Pilot[None], text: str) -> None:
    await until(pilot, "What moved")
    await pilot.press("6")
    await until(pilot, "subs.csv")
    await pilot.press("slash", *text)
    await settled(pilot)


async def test_the_home_of_nobody_is_a_path_like_any_other(filled: Path) -> None:
    async with app_for(filled).run_test(size=WIDE) as pilot:
        await to_path_line(pilot, "~nobody-here/x.csv")
        await pilot.press("enter")
        await until(pilot, "Nothing was imported.")
        await pilot.press("escape")
        await until(pilot, "newest first")


async def test_a_name_longer_than_a_path_may_be_is_refused(filled: Path) -> None:
    async with app_for(filled).run_test(size=WIDE) as pilot:
        await to_path_line(pilot, "n" * 300)
        await pilot.press("enter")
        await until(pilot, "Nothing was imported.")


async def test_the_program_outlives_the_folder_it_was_started_in(sample: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = folder.parent / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    async with app_for(sample).run_test(size=WIDE) as pilot:
        await until(pilot, "What moved")
        shutil.rmtree(folder)
        await pilot.press("p")
        await until(pilot, str(home)[:40])
        await pilot.press("escape", "6")
        await until(pilot, "newest first")


@pytest.mark.parametrize("turns", [1, 2, 3])
async def test_finding_from_a_queue_goes_to_the_answers(tmp_path: Path, turns: int) -> None:
    async with app_for(company(tmp_path / "answered.db")).run_test(size=NARROW) as pilot:
        await until(pilot, "MRR")
        await pilot.press("4")
        await until(pilot, ", newest")
        for _ in range(24):  # a month in which nobody answered, while the queues still hold people
            await pilot.press("left_square_bracket")
        await until(pilot, "Oct 2024")
        await settled(pilot)
        await pilot.press(*"v" * turns)
        await settled(pilot)
        await pilot.press("G", "slash")
        await until(pilot, "find in comment")
        await until(pilot, "NPS answers 0")


async def test_the_risk_list_stands_on_whom_one_went_on_to(sample: Path) -> None:
    async with app_for(sample).run_test(size=WIDE) as pilot:
        await until(pilot, "What moved")
        await pilot.press("2")
        await until(pilot, "100 = most at risk")
        await pilot.press("enter")
        await until(pilot, "1 of ")
        await pilot.press("right_square_bracket")
        await until(pilot, "2 of ")
        await pilot.press("escape")
        await until(pilot, "100 = most at risk")
        assert pilot.app.screen.query_one("#list", Rows).cursor == 1


@pytest.mark.parametrize(("key", "name"), [("1", "Overview"), ("2", "At risk"), ("3", "Customers"), ("4", "Surveys"), ("6", "Import")])
async def test_the_digit_of_the_screen_in_sight_says_so(sample: Path, key: str, name: str) -> None:
    async with app_for(sample).run_test(size=WIDE, notifications=True) as pilot:
        await settled(pilot)
        if key != "1":
            await pilot.press(key)
            await settled(pilot)
        await pilot.press(key)
        await until(pilot, f"This is {name} already.")
