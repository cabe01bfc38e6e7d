"""The overview: figures, the period and the segment, and what is behind a figure, by keys alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from cstui.base import formatting as fmt
from cstui.base.ask import View
from cstui.base.days import month_of
from cstui.ui.layouts import SENT
from tests.oracle.companies import Company
from tests.pilot.driving import NARROW, WIDE, app_for, settled, until, until_gone
from tests.pilot.fakes import EMPTY, FakeDesk, overview
from tests.property.program import imported

if TYPE_CHECKING:
    from datetime import date

    from cstui.desk.overview import Overview
    from cstui.desk.workspace import Workspace
    from tests.pilot.fakes import FakeWorkspace


@pytest.mark.parametrize("size", [WIDE, NARROW, (200, 60), (50, 16), (20, 5)])
async def test_figures_are_there_at_every_size(sample: Path, size: tuple[int, int]) -> None:
    async with app_for(sample).run_test(notifications=True, size=size) as pilot:
        text = await settled(pilot)
        assert "MRR" in text
        assert "$" in text


async def test_the_value_at_the_end_of_the_trend_names_its_month_where_later_ones_are_unknown(sample: Path) -> None:
    """Over the picture it stood above other months, and `n/a` above the last month that was known."""
    whole = overview(View())
    trend = whole.trend._replace(values=(*whole.trend.values[:-2], None, None))
    last = fmt.figure(trend.values[-3], "money", "USD")
    month = fmt.month(month_of(trend.periods[-3].last), short=True)
    for size in (WIDE, NARROW):
        async with app_for(sample, FakeDesk(whole._replace(trend=trend))).run_test(size=size) as pilot:
            line = next(line for line in (await settled(pilot)).splitlines() if "MRR, 24 months" in line)
            assert f"● {month} {last}" in line


async def test_the_first_frame_names_workspace_age_period_and_segment(sample: Path) -> None:
    async with app_for(sample).run_test(notifications=True, size=NARROW) as pilot:
        top = (await until(pilot, "What moved")).splitlines()[0]
        assert "data through 31 Oct 2026" in top
        assert "(21 d" in top
        assert "‹ Oct 2026 ›" in top
        assert "all customers" in top


async def test_periods_go_back_and_forth_and_end_with_the_data(sample: Path) -> None:
    async with app_for(sample).run_test(notifications=True, size=WIDE) as pilot:
        await until(pilot, "‹ Oct 2026 ›")
        await pilot.press("left_square_bracket")
        await until(pilot, "What moved in Sep 2026")
        await pilot.press("right_square_bracket")
        await until(pilot, "What moved in Oct 2026")
        await pilot.press("right_square_bracket")
        await until(pilot, "The data ends on 31 Oct 2026")


async def test_a_trailing_window_is_chosen_from_the_list(sample: Path) -> None:
    async with app_for(sample).run_test(notifications=True, size=WIDE) as pilot:
        await until(pilot, "What moved")
        await pilot.press("m")
        await until(pilot, "Which period")
        for _ in range(3):
            await pilot.press("j")
        await pilot.press("enter")
        await until(pilot, "What moved in Aug–Oct 2026")


async def test_a_segment_is_chosen_shown_and_taken_off(sample: Path) -> None:
    async with app_for(sample).run_test(notifications=True, size=WIDE) as pilot:
        before = await settled(pilot)
        await pilot.press("f")
        await until(pilot, lambda text: "plan" in text and "space marks" in text)
        await pilot.press("enter", "space", "enter")
        await until(pilot, lambda text: "What moved" in text and "all customers" not in text)
        await settled(pilot)
        await pilot.press("x")
        await until(pilot, "all customers")
        assert await settled(pilot) == before


async def test_a_card_explains_itself_down_to_file_and_line(sample: Path) -> None:
    async with app_for(sample).run_test(notifications=True, size=WIDE) as pilot:
        await until(pilot, "What moved")
        await pilot.press("right", "right", "e")
        text = await until(pilot, "÷")
        assert "What churn is divided by: start" in text
        assert "subscriptions.csv:" in text or "customers.csv:" in text
        await pilot.press("G")
        await until(pilot, "0 of 1")
        await pilot.press("escape")
        await until(pilot, "What moved")


async def test_down_from_any_figure_leads_to_what_moved(sample: Path) -> None:
    async with app_for(sample).run_test(notifications=True, size=WIDE) as pilot:
        await settled(pilot)
        await pilot.press("right", "j", "e")
        text = await until(pilot, "MRR   $139,421")
        assert "Sep 2026" in text
        await pilot.press("escape", "k", "e")
        await until(pilot, "Revenue   $193,059")


async def test_a_movement_opens_its_rows(sample: Path) -> None:
    async with app_for(sample).run_test(notifications=True, size=WIDE) as pilot:
        await until(pilot, "What moved")
        for _ in range(8):
            await pilot.press("tab")
            if "Moves" in type(pilot.app.focused).__name__:
                break
        await pilot.press("j", "enter")
        text = await until(pilot, "row")
        await until(pilot, "subscriptions.csv:")
        assert "New" in text or "new" in text


@pytest.mark.parametrize("layout", [0, 1], ids=["arabic", "persian"])
async def test_keys_work_under_other_layouts(sample: Path, layout: int) -> None:
    def sent(key: str) -> str:
        return SENT[key][min(layout, len(SENT[key]) - 1)]

    async with app_for(sample).run_test(notifications=True, size=WIDE) as pilot:
        await until(pilot, "What moved")
        await pilot.press(sent("["))
        await until(pilot, "What moved in Sep 2026")
        await pilot.press(sent("f"))
        await until(pilot, "space marks")
        await pilot.press("escape")
        await until(pilot, "What moved")
        await pilot.press("arabic_question_mark")
        await until(pilot, "Explain the figure:")


async def test_an_unknown_figure_says_why_and_a_small_one_says_so() -> None:
    async with app_for(Path("acme.db"), FakeDesk()).run_test(notifications=True, size=WIDE) as pilot:
        text = await settled(pilot)
        assert "n/a" in text
        assert "nothing was lost" in text
        assert "small sample" in text


async def test_an_unfinished_month_says_so_far() -> None:
    whole = overview()
    trend = whole.trend._replace(complete=(True,) * 23 + (False,))
    cards = tuple(card._replace(status="incomplete") if card.value is not None else card for card in whole.cards)
    shown = whole._replace(complete=False, trend=trend, cards=cards)
    async with app_for(Path("acme.db"), FakeDesk(shown)).run_test(notifications=True, size=WIDE) as pilot:
        text = await settled(pilot)
        assert "so far" in text.splitlines()[0]
        assert "░ so far" in text
        assert "░░" in text


async def test_an_empty_workspace_says_what_to_do(new: Path) -> None:
    async with app_for(new).run_test(notifications=True, size=NARROW) as pilot:
        text = await until(pilot, "Nothing has been imported yet")
        assert "no data yet" in text.splitlines()[0]
        await pilot.press("e", "f", "m", "left_square_bracket")
        await until(pilot, "Nothing has been imported yet")


async def test_stale_answers_are_dropped() -> None:
    """The answer to an older question, coming after a newer one, is not shown."""

    class SlowDesk(FakeDesk):
        def overview(self, workspace: Workspace, view: View, today: date) -> Overview:
            found = super().overview(workspace, view, today)
            if view.where:
                import time

                time.sleep(0.5)  # this one question is answered late
            return found

    app = app_for(Path("acme.db"), SlowDesk())
    async with app.run_test(notifications=True, size=WIDE) as pilot:
        await until(pilot, "What moved in Oct 2026")
        await pilot.press("f")
        await until(pilot, "basic")
        await pilot.press("enter", "space", "enter")
        await until(pilot, "What moved")
        await pilot.press("x", "left_square_bracket")
        await settled(pilot)
        text = await until(pilot, "What moved in Sep 2026")
        assert "all customers" in text


async def test_another_writer_is_noticed() -> None:
    desk = FakeDesk()
    app = app_for(Path("acme.db"), desk)
    async with app.run_test(notifications=True, size=WIDE) as pilot:
        await until(pilot, "Acme Cloud")
        desk.shown = overview()._replace(workspace="Renamed Ltd", revision=8)
        opened = app.opening_now()
        assert opened is not None
        cast("FakeWorkspace", opened.workspace).now = 8
        await until(pilot, "Renamed Ltd")


async def test_help_lists_live_keys_and_the_palette_runs_commands(sample: Path) -> None:
    app = app_for(sample)
    async with app.run_test(notifications=True, size=WIDE) as pilot:
        await until(pilot, "What moved")
        await pilot.press("question_mark")
        text = await until(pilot, "Explain the figure:")
        assert "explain" in text.lower()
        await pilot.press("end")
        await until(pilot, "Everywhere")
        await pilot.press("escape")
        await until(pilot, "What moved")
        await pilot.press("ctrl+p")
        text = await until(pilot, "Choose the period")
        assert "screenshot" not in text.lower()
        await pilot.press(*"segment", "enter")
        await until(pilot, "space marks")


async def test_the_theme_changes_and_everything_is_redrawn(sample: Path) -> None:
    app = app_for(sample)
    async with app.run_test(notifications=True, size=WIDE) as pilot:
        before = await settled(pilot)
        dark = app.export_screenshot()
        await pilot.press("ctrl+t")
        await until(pilot, "What moved")
        assert await settled(pilot) == before
        assert app.theme == "cstui-light"
        light = app.export_screenshot()
        assert "#10141b" in dark
        assert "#10141b" not in light


async def test_ctrl_c_says_which_key_leaves(sample: Path) -> None:
    async with app_for(sample).run_test(notifications=True, size=WIDE) as pilot:
        await until(pilot, "MRR")
        await pilot.press("ctrl+c")
        await until(pilot, "q leaves cstui")


async def test_quit(sample: Path) -> None:
    app = app_for(sample)
    async with app.run_test(notifications=True, size=WIDE) as pilot:
        await until(pilot, "What moved")
        await pilot.press("q")
    assert app.return_code == 0


async def test_the_empty_fake_is_empty() -> None:
    async with app_for(Path("acme.db"), FakeDesk(EMPTY)).run_test(notifications=True, size=NARROW) as pilot:
        await until_gone(pilot, "What moved")
        await until(pilot, "Nothing has been imported yet")


async def test_the_digit_of_a_screen_leads_out_of_what_was_opened_over_it(sample: Path) -> None:
    async with app_for(sample).run_test(size=WIDE) as pilot:
        await until(pilot, "What moved")
        await pilot.press("h")
        await until(pilot, "M0")
        await pilot.press("1")
        await until(pilot, "What moved")
        await pilot.press("h")
        await until(pilot, "M0")
        await pilot.press("2")
        await until(pilot, "100 = most at risk")
        await pilot.press("1")
        await until(pilot, "What moved")


async def test_one_toast_at_a_time_takes_the_place_of_those_before_it(sample: Path) -> None:
    async with app_for(sample).run_test(size=WIDE, notifications=True) as pilot:
        await until(pilot, "$148,767")
        await pilot.press("right_square_bracket", "right_square_bracket", "right_square_bracket")
        text = await until(pilot, "The data ends on 31 Oct 2026")
        assert text.count("The data ends on") == 1
        await pilot.press("y")
        await until(pilot, lambda text: "Copied." in text and "The data ends on" not in text)


async def test_what_can_still_be_saved_stands_in_the_last_period_alone(sample: Path) -> None:
    async with app_for(sample).run_test(size=NARROW) as pilot:
        await until(pilot, "still to save    13      $2,785")
        await pilot.press("left_square_bracket")
        await until(pilot, lambda text: "What moved in Sep 2026" in text and "still to save" not in text)


async def test_customers_without_any_day_are_told_and_no_name_is_asked_for(tmp_path: Path) -> None:
    """A list of customers without dates opened as if nothing had been imported, with the questions of a first run."""
    rows = ({"customer_id": "c-1", "name": "One"}, {"customer_id": "c-2", "name": "Two"})
    with imported(Company(rows, (), ()), tmp_path) as ws:
        path = ws.path
    async with app_for(path).run_test(size=NARROW, notifications=True) as pilot:
        text = await until(pilot, "2 rows imported, but none of them says what happened on which day.")
        assert "Welcome" not in text
        await pilot.press("2")
        await until(pilot, "At risk")
        await until(pilot, "2 rows imported, but none")
        await pilot.press("C")
        text = await until(pilot, "no row has a date")
        await pilot.press("enter")
        await until(pilot, "Customers without a day")
        await pilot.press("enter")
        text = await until(pilot, "customers.csv:3")
        assert "1970" not in text
