"""Behind a figure: rows that open their customer, who made the difference, parts within parts, more rows as one goes down."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cstui.base.ask import PeriodChoice, View
from cstui.base.days import parse_month
from cstui.ui.screens import explain as screen
from cstui.ui.screens.explain import ExplainScreen
from tests.pilot.driving import NARROW, WIDE, app_for, settled, until, until_gone

OCTOBER = View(PeriodChoice(parse_month("2026-10")))
SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "120x40"])


@SIZES
async def test_a_row_opens_its_customer_and_back(sample: Path, size: tuple[int, int]) -> None:
    async with app_for(sample).run_test(size=size) as pilot:
        await settled(pilot)
        await pilot.press("right", "right", "e")
        await until(pilot, "348 rows")
        await pilot.press("j", "enter")
        await until(pilot, "صيدلية الياسمين")
        await until(pilot, "c-1101")
        await pilot.press("escape")
        await until(pilot, "348 rows")


@SIZES
async def test_what_made_the_difference(sample: Path, size: tuple[int, int]) -> None:
    async with app_for(sample).run_test(size=size) as pilot:
        await settled(pilot)
        await pilot.press("e")
        await until(pilot, "rows")
        await pilot.press("d")
        text = await until(pilot, "since Sep 2026, largest first")
        assert "movers" in text
        await pilot.press("enter")
        await until_gone(pilot, "largest first")
        await pilot.press("escape")
        await until(pilot, "largest first")
        await pilot.press("d")
        await until(pilot, "largest rows")


async def test_parts_open_in_turn_and_say_where_one_is(sample: Path) -> None:
    app = app_for(sample)
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        await settled(pilot)
        opened = app.opening_now()
        assert opened is not None
        assert opened.overview is not None
        await app.push_screen(ExplainScreen("profit_per_customer", OCTOBER, opened.overview))
        text = await until(pilot, "what it did since Sep 2026")
        assert "Made of" in text
        await pilot.press("enter")
        await until(pilot, "Profit per customer › Profit ")
        await pilot.press("j", "enter")
        await until(pilot, "Profit per customer › Profit › Costs")
        await until(pilot, "costs.csv:")
        await pilot.press("enter")
        await until(pilot, "Costs and traffic have")
        await pilot.press("d")
        await until(pilot, "marketing")
        await pilot.press("escape", "escape")
        await until(pilot, "customers_active.start")


async def test_more_rows_are_read_as_one_goes_down(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen, "FIRST_ROWS", 5)
    async with app_for(sample).run_test(size=WIDE) as pilot:
        await settled(pilot)
        await pilot.press("e")
        await until(pilot, "The 5 largest rows")
        await settled(pilot)
        await pilot.press("G")
        await until(pilot, "The 40 largest rows")
        await settled(pilot)
        await pilot.press("G")
        await until(pilot, "The 320 largest rows")
        await settled(pilot)
        await pilot.press("G")
        await until(pilot, "what each adds, file and line")


async def test_the_overview_s_change_opens_who_made_it(sample: Path) -> None:
    async with app_for(sample).run_test(size=WIDE) as pilot:
        await settled(pilot)
        await pilot.press("i")
        await until(pilot, "since Sep 2026, largest first")


async def test_a_change_since_a_year_before_opens_who_made_that_one(sample: Path) -> None:
    async with app_for(sample).run_test(size=WIDE) as pilot:
        await settled(pilot)
        await pilot.press("c", "j", "enter")
        await until(pilot, "vs Oct 2025")
        await pilot.press("i")
        text = await until(pilot, "since Oct 2025, largest first")
        assert "Oct 2025 $71,669" in text


@pytest.mark.parametrize("keys", [("3", "e"), ("2", "E")], ids=["customers", "at risk"])
async def test_a_list_s_totals_are_explained(sample: Path, keys: tuple[str, ...]) -> None:
    async with app_for(sample).run_test(size=WIDE) as pilot:
        await settled(pilot)
        for key in keys:
            await pilot.press(key)
            await settled(pilot)
        text = await until(pilot, "Explain what these customers come to")
        await pilot.press(*(["j"] if "of this list" in text else []), "enter")
        await until(pilot, "The 100 largest rows")
        await until(pilot, "$148,767")


@SIZES
async def test_csat_is_explained_at_a_touchpoint(sample: Path, size: tuple[int, int]) -> None:
    async with app_for(sample).run_test(size=size) as pilot:
        await settled(pilot)
        await pilot.press("4")
        await until(pilot, "NPS answers" if size == WIDE else "answers")
        await pilot.press("m")
        await until(pilot, lambda text: "CSAT answers" in text or "CSAT scores" in text)
        await pilot.press("e")
        text = await until(pilot, "all touchpoints together")
        assert "onboarding" in text
        await pilot.press("down", "enter")
        await until(pilot, "CSAT, support")
        text = await until(pilot, lambda text: "rows" in text and "surveys" in text)
        assert "onboarding" not in text
        await pilot.press("escape")
        await until(pilot, "CSAT")


@SIZES
async def test_a_customer_s_figures_open_their_rows(sample: Path, size: tuple[int, int]) -> None:
    async with app_for(sample).run_test(size=size) as pilot:
        await settled(pilot)
        await pilot.press("2")
        await until(pilot, "MRR × risk")
        await pilot.press("enter")
        await until(pilot, "prefers phone")
        await settled(pilot)
        await pilot.press("e")
        text = await until(pilot, "Explain a figure of")
        for figure in ("MRR", "First paid", "Stage", "Value so far", "Risk"):
            assert figure in text
        await pilot.press("enter")
        await until(pilot, "subscriptions.csv:")
        await pilot.press("escape", "e", "j", "enter")
        text = await until(pilot, "The first day with MRR")
        assert "subscriptions.csv:" in text
        await pilot.press("escape", "e", "j", "j", "enter")
        text = await until(pilot, "begins when they first pay")
        assert "in charge: " in text
        assert re.search(r"subscription s-\d+ +subscriptions\.csv:\d+", text)
        await pilot.press("escape", "e", "j", "j", "j", "enter")
        await until(pilot, "payments.csv:")
        await pilot.press("escape", "e", "G", "enter")
        await until(pilot, "points add up to the score")
        await pilot.press("escape", "t")
        await until(pilot, "enter explains a month's figures")
        await pilot.press("j", "enter")
        await until(pilot, "in Sep 2026")
        await pilot.press("j", "enter")
        text = await until(pilot, "Active days   ")
        assert "usage.csv:" in await settled(pilot)


async def test_what_is_at_stake_is_explained_by_its_customers(sample: Path) -> None:
    async with app_for(sample).run_test(size=WIDE) as pilot:
        await settled(pilot)
        await pilot.press("2")
        text = await until(pilot, "MRR × risk $")
        total = text.split("MRR × risk ")[1].split(" ")[0]
        await pilot.press("E", "enter")
        text = await until(pilot, "Of every customer on the list")
        assert total in text
        await pilot.press("d")
        await until(pilot, "Nothing to compare with")
        await pilot.press("d", "enter")
        await until(pilot, "Customer   1 of")


async def test_all_that_is_said_of_a_figure_is_read_on_a_small_terminal(sample: Path) -> None:
    """Formula and switches were beneath what 80 × 24 shows, and no key went there."""
    async with app_for(sample).run_test(size=NARROW) as pilot:
        await settled(pilot)
        await pilot.press("e")
        text = await until(pilot, "100 largest rows")
        assert "switches in force" not in text
        await pilot.press("m")
        text = await until(pilot, "switches in force")
        assert "sum(subscriptions in service on the last day)" in text
        assert "Days past due until churned: 30" in text
        await pilot.press("escape")
        await until_gone(pilot, "switches in force")
