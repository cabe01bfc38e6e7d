"""The overview as an instrument: cards, comparisons, goals, breakdowns, trends, cohorts, the waterfall and the journey, by keys alone."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from cstui.cli.entry import main
from cstui.ui.layouts import SENT
from tests.pilot.driving import NARROW, WIDE, app_for, settled, until

SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["120x40", "80x24"])


async def test_cards_are_chosen_by_typing_and_kept(sample: Path) -> None:
    app = app_for(sample)
    async with app.run_test(notifications=True, size=WIDE) as pilot:
        await until(pilot, "What moved")
        await pilot.press("a")
        await until(pilot, "Figures on the overview")
        await pilot.press("space")  # takes MRR, the first card, away
        await until(pilot, "room for 1 more")
        await pilot.press("slash", *"sticki", "enter")  # finding something chooses it
        await until(pilot, lambda text: "6 Stickiness" in text and "19.5 %" in text)
        await pilot.press("left_square_bracket")
        await until(pilot, "5 Stickiness")
        await pilot.press("enter")
        text = await until(pilot, lambda text: "Figures on the overview" not in text and "Stickiness" in text)
        assert text.index("Stickiness") < text.index("Revenue")
    workspace = app.opening_now()
    assert workspace is None or workspace.workspace.setting("cards") == "customers_active,customer_churn_rate,nrr,nps,stickiness,revenue"


async def test_a_seventh_card_is_refused_and_esc_keeps_the_cards(sample: Path) -> None:
    async with app_for(sample).run_test(notifications=True, size=WIDE) as pilot:
        before = await settled(pilot)
        await pilot.press("a")
        await until(pilot, "Figures on the overview")
        await pilot.press("j", "space")
        await until(pilot, "There is room for 6")
        await pilot.press("escape")
        await until(pilot, lambda text: "Figures on the overview" not in text and "There is room" not in text)
        assert await settled(pilot) == before


async def test_a_card_without_data_says_what_to_import(filled: Path) -> None:
    async with app_for(filled).run_test(notifications=True, size=WIDE) as pilot:
        await until(pilot, "What moved")
        await pilot.press("a")
        await until(pilot, "Figures on the overview")
        await pilot.press("slash", *"daily users", "down")
        text = await until(pilot, "no usage imported yet")
        assert "n/a" in text


async def test_cards_are_compared_with_a_year_before_and_with_goals(sample: Path) -> None:
    async with app_for(sample).run_test(notifications=True, size=WIDE) as pilot:
        text = await until(pilot, "What moved")
        assert "vs Sep 2026" in text.splitlines()[0]
        await pilot.press("c", "j", "enter")
        text = await until(pilot, "vs Oct 2025")
        assert "▲ $77,098" in text
        await pilot.press("c", "j", "j", "enter")
        await until(pilot, "A goal for MRR")
        await pilot.press(*"lots", "enter")
        await until(pilot, "is no goal for MRR")
        await pilot.press(*["backspace"] * 4, *"200k", "enter")
        text = await until(pilot, lambda text: "vs goals" in text and "of $200k" in text)
        assert "74 % of $200k" in text
        assert "no goal yet" in text
    assert main(["--db", str(sample), "goals", "--json"]) == 0


async def test_a_trend_moves_its_mark_spans_and_turns_into_a_table(sample: Path) -> None:
    app = app_for(sample)
    async with app.run_test(notifications=True, size=WIDE) as pilot:
        await until(pilot, "What moved")
        await pilot.press("v")
        await until(pilot, lambda text: "24 months" in text and "vs Sep 2026" in text)
        await pilot.press("left", "left")
        await until(pilot, lambda text: "Aug 2026  $127,571" in text and "vs Jul 2026" in text)
        await pilot.press("m")
        await until(pilot, "36 months")
        await pilot.press("t")
        text = await until(pilot, "month before")
        assert "▸Aug 2026" in text
        await pilot.press("j", "enter")
        await until(pilot, lambda text: "Sep 2026" in text.splitlines()[0] and "subscriptions.csv:" in text)
        await pilot.press("escape", "y")
        await until(pilot, "Copied 36 months")
        lines = app.clipboard.splitlines()
        assert lines[0].startswith("month\tvalue")
        assert lines[-1].startswith("2026-10\t148767.1")
        await pilot.press("slash", *"nps", "enter")
        await until(pilot, lambda text: "% promoters" in text and "Sep 2026" in text)


async def test_what_happened_is_noted_shown_everywhere_and_removed(sample: Path, capfd: pytest.CaptureFixture[str]) -> None:
    async with app_for(sample).run_test(notifications=True, size=WIDE) as pilot:
        await until(pilot, "What moved")
        await pilot.press("v")
        await until(pilot, "n notes what happened")
        await pilot.press("n")
        await until(pilot, "A note on the trend")
        await pilot.press(*"2026-10-05", "tab", *"price [/]", "enter")  # typing takes the place of the day proposed
        await until(pilot, lambda text: "5 Oct 2026 price [/]" in text and "A note" not in text)
        await until(pilot, lambda text: text.count("price [/]") == 2)  # on the chart, and beneath it
        await pilot.press("escape")
        await until(pilot, lambda text: "What moved" in text and "price [/]" in text)
        assert main(["--db", str(sample), "annotations", "--json"]) == 0
        assert json.loads(capfd.readouterr().out)["annotations"] == [{"number": 1, "date": "2026-10-05", "text": "price [/]"}]
        await pilot.press("v")
        await until(pilot, "5 Oct 2026 price")
        await pilot.press("delete")
        await until(pilot, "Remove which note")
        await pilot.press("enter")
        await until(pilot, "n notes what happened")
        await pilot.press("delete")
        await until(pilot, "No note in Oct 2026")


@SIZES
async def test_a_breakdown_is_sorted_explained_and_narrowed_to(sample: Path, size: tuple[int, int]) -> None:
    app = app_for(sample)
    async with app.run_test(notifications=True, size=size) as pilot:
        await until(pilot, "What moved")
        await pilot.press("b")
        await until(pilot, lambda text: "Break down by" in text and "plan" in text)
        await pilot.press("j", "j", "enter")
        text = await until(pilot, lambda text: "By plan" in text and "MRR ▼" in text)
        assert "all customers" in text
        assert text.index("business") < text.index("team") < text.index("start")
        await pilot.press("s")
        text = await until(pilot, "MRR ▲")
        assert text.index("start") < text.index("team") < text.index("business")
        await pilot.press("y")
        await until(pilot, "Copied")
        total, *parts = [float(line.split("\t")[1]) for line in app.clipboard.splitlines()[1:]]
        assert sum(parts) == pytest.approx(total)
        await pilot.press("j", "j")
        await until(pilot, "MRR of start")
        await pilot.press("e")
        await until(pilot, lambda text: "MRR   $8,871" in text and "subscriptions.csv:" in text)
        await pilot.press("escape", "f")
        await until(pilot, lambda text: "What moved" in text and "start" in text.splitlines()[0] and "$8,871" in text)


async def test_the_line_of_all_cohorts_opens_its_parts(sample: Path) -> None:
    async with app_for(sample).run_test(notifications=True, size=NARROW) as pilot:
        await until(pilot, "What moved")
        await pilot.press("h")
        await until(pilot, lambda text: "May 2024" in text and "M1" in text)
        await pilot.press("right", "right", "k", "e")
        text = await until(pilot, "All that have come to M3")
        assert "12 of 12 customers, 100.0 %" in text
        await pilot.press("enter")
        await until(pilot, lambda text: "Cohort May 2024, M3" in text and "customers.csv:" in text)


async def test_the_customers_without_a_value_are_explained_and_narrowed_to(sample: Path) -> None:
    async with app_for(sample).run_test(notifications=True, size=WIDE) as pilot:
        await until(pilot, "What moved")
        await pilot.press("b")
        await until(pilot, lambda text: "Break down by" in text and "channel" in text)
        await pilot.press(*["j"] * 7, "enter")
        await until(pilot, lambda text: "By channel" in text and "(none)" in text)
        await pilot.press("G", "e")
        await until(pilot, lambda text: "channel (none)" in text.splitlines()[0] and "MRR" in text.splitlines()[0])
        await pilot.press("escape", "f")
        await until(pilot, lambda text: "What moved" in text and "channel (none)" in text.splitlines()[0])


@SIZES
async def test_a_cohort_cell_opens_and_the_table_scrolls_sideways(sample: Path, size: tuple[int, int]) -> None:
    async with app_for(sample).run_test(notifications=True, size=size) as pilot:
        await until(pilot, "What moved")
        await pilot.press("h")
        text = await until(pilot, lambda text: "May 2024" in text and "M1" in text)
        assert "Cohorts: customers who are still there" in text
        await pilot.press(*["right"] * 24)
        text = await until(pilot, lambda text: "M25" in text and "‹" in text)
        assert "first paid" in text
        await pilot.press(*["left"] * 24, "enter")
        text = await until(pilot, lambda text: "12 rows" in text and "customers.csv:" in text)
        assert "Cohort May 2024, M1" in text
        await pilot.press("escape", "v")
        await until(pilot, "MRR that is still there")
        await pilot.press("t")
        await until(pilot, "in USD")
        await pilot.press("G", *["right"] * 20)
        await until(pilot, "not over yet")
        await pilot.press("enter")
        await until(pilot, "That month is not over")


async def test_a_step_of_the_waterfall_opens_and_twelve_periods_stand_side_by_side(sample: Path) -> None:
    app = app_for(sample)
    async with app.run_test(notifications=True, size=WIDE) as pilot:
        await until(pilot, "What moved")
        await pilot.press("w")
        text = await until(pilot, lambda text: "$139,421 → $148,767" in text and "≈" in text)
        assert "−1,198" in text
        await pilot.press("j", "enter")
        await until(pilot, "New MRR")
        await pilot.press("escape", "t")
        await until(pilot, "in USD")
        await pilot.press("y")
        await until(pilot, "Copied 12 periods")
        for line in app.clipboard.splitlines()[1:]:
            start, *steps, end = [float(cell) for cell in line.split("\t")[2:]]
            assert start + sum(steps) == pytest.approx(end)
        await pilot.press("left_square_bracket")
        await until(pilot, "‹ Sep 2026 ›")


async def test_the_journey_opens_the_customers_of_a_line_and_their_pages(sample: Path) -> None:
    async with app_for(sample).run_test(notifications=True, size=WIDE) as pilot:
        await until(pilot, "What moved")
        await pilot.press("o")
        await until(pilot, "From stage to stage")
        journey = await until(pilot, "→ customer")
        assert "everything so far" in journey
        await pilot.press("j", "j", "enter")
        text = await until(pilot, lambda text: "lead → customer" in text and "since" in text and "…" not in text.splitlines()[6])
        median = re.search(r"days as lead, median ([\d.]+)", text)
        assert median is not None
        assert f"after {median[1]} days" in journey
        days = [int(line.split()[0].lstrip("▸") or line.split()[1]) for line in text.splitlines()[5:30]]
        assert days == sorted(days, reverse=True)
        assert days[0] > float(median[1])
        await pilot.press("enter")
        await until(pilot, "previous")
        await pilot.press("escape")
        await until(pilot, "days as lead, median")
        await pilot.press("e")
        text = await until(pilot, lambda text: "subscriptions.csv:" in text and "555 rows" in text)
        assert "lead → customer   49.2 %" in text
        assert re.search(rf"after {days[0]} days", text)
        await pilot.press("enter")
        await until(pilot, "previous")
        await pilot.press("escape", "escape", "escape")
        await until(pilot, "From stage to stage")
        await pilot.press("v")
        await until(pilot, "‹ Oct 2026 ›")
        await pilot.press("g", "j", "e")
        await until(pilot, "Explain a figure of stage lead")
        await pilot.press("enter", "d")
        text = await until(pilot, "+1 since Sep 2026, largest first")
        assert "In stage lead   22" in text
        await pilot.press("escape", "e", "j", "enter")
        await until(pilot, "Reached stage lead   29")
        await pilot.press("escape", "e", "j", "j", "enter")
        await until(pilot, "Went on from lead   28")
        await pilot.press("escape", "e", "j", "j", "j", "enter")
        await until(pilot, "Begins as lead")


@pytest.mark.parametrize("layout", [0, 1], ids=["arabic", "persian"])
async def test_the_screens_open_under_other_layouts(sample: Path, layout: int) -> None:
    def sent(key: str) -> str:
        return SENT[key][min(layout, len(SENT[key]) - 1)]

    opened = {
        "c": "Compare the cards",
        "a": "Figures on",
        "v": "n note",
        "h": "Cohorts:",
        "w": "won",
        "o": "From stage",
        "b": "Break down by",
    }
    async with app_for(sample).run_test(notifications=True, size=WIDE) as pilot:
        await until(pilot, "What moved")
        for key, words in opened.items():
            if not SENT[key]:
                continue  # the Arabic layout sends two characters for it
            await pilot.press(sent(key))
            await until(pilot, words)
            await pilot.press("escape")
            await until(pilot, lambda text, words=words: words not in text and "What moved" in text)  # type: ignore[misc]


async def test_an_empty_workspace_opens_none_of_them(new: Path) -> None:
    async with app_for(new).run_test(notifications=True, size=NARROW) as pilot:
        await until(pilot, "Nothing has been imported yet")
        await pilot.press(*"acvtbhwo")
        await until(pilot, "Nothing has been imported yet")


@SIZES
async def test_arabic_and_hostile_values_stay_in_their_cells(filled: Path, size: tuple[int, int]) -> None:
    async with app_for(filled).run_test(notifications=True, size=size) as pilot:
        await until(pilot, "What moved")
        await pilot.press("b")
        await until(pilot, "region")
        await pilot.press("G", "enter")
        text = await until(pilot, "By region")
        text = await until(pilot, "شرق")
        assert "EMEA" in text
        await pilot.press("escape", "h")
        await until(pilot, "Jul 2026")
        await pilot.press("escape", "o")
        await until(pilot, "customer")
        await pilot.press("j", "enter")
        await until(pilot, "enter opens")
