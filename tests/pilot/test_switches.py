"""Switches: listed, previewed, left alone or turned, by keys alone."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from cstui.desk.settings import switches
from cstui.desk.workspace import open_workspace
from tests.pilot.driving import NARROW, WIDE, app_for, settled, until

SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "120x40"])
FIVE = ("ctrl+a", "delete", "delete", "5", "enter")
"""Types 5 over 30, and enters it."""


def value(path: Path, name: str) -> str:
    workspace = open_workspace(path)
    try:
        return next(state.value for state in switches(workspace) if state.name == name)
    finally:
        workspace.close()


@SIZES
async def test_a_switch_is_previewed_then_turned(sample: Path, size: tuple[int, int]) -> None:
    async with app_for(sample).run_test(size=size, notifications=True) as pilot:
        await settled(pilot)
        await pilot.press("=")
        await until(pilot, "Days of a gap that is bridged")
        await pilot.press("j", "enter")
        await until(pilot, "30 unless set")
        await pilot.press(*FIVE)
        text = await until(pilot, "5 customers would count otherwise")
        assert "nothing has been set yet" in text
        assert "$147,724" in text
        assert value(sample, "past_due_days") == "30"
        await pilot.press("escape")
        await until(pilot, "default   30")
        assert value(sample, "past_due_days") == "30"
        await pilot.press("v", *FIVE)
        await until(pilot, "would count otherwise")
        await pilot.press("ctrl+s")
        await until(pilot, "Days past due until churned: 5")
        assert value(sample, "past_due_days") == "5"
        await until(pilot, lambda text: "Days past due until churned   5" in text and "cstui switches past_due_days" in text)
        await pilot.press("escape")
        await until(pilot, "$147,724")


async def test_a_value_that_can_t_be_says_so_and_sets_nothing(sample: Path) -> None:
    async with app_for(sample).run_test(size=WIDE, notifications=True) as pilot:
        await settled(pilot)
        await pilot.press("=", "j", "enter")
        await until(pilot, "30 unless set")
        await pilot.press("ctrl+a", "x", "enter")
        await until(pilot, "takes a whole number of days")
        await pilot.press("ctrl+s", "escape")
        await until(pilot, "default   30")
    assert value(sample, "past_due_days") == "30"


async def test_a_mover_opens_their_page(sample: Path) -> None:
    async with app_for(sample).run_test(size=WIDE) as pilot:
        await settled(pilot)
        await pilot.press("=", "j", "enter")
        await until(pilot, "30 unless set")
        await pilot.press(*FIVE)
        await until(pilot, "would count otherwise")
        await pilot.press("enter")
        await until(pilot, "c-1267")
        await until(pilot, "customer since")


async def test_a_figure_is_explained_as_it_is_and_as_it_would_be(sample: Path) -> None:
    async with app_for(sample).run_test(size=WIDE) as pilot:
        await settled(pilot)
        await pilot.press("=", "j", "enter")
        await until(pilot, "30 unless set")
        await pilot.press(*FIVE)
        await until(pilot, "5 customers would count otherwise")
        await pilot.press("tab", "g", "enter")
        text = await until(pilot, "as it would be")
        assert "Explain MRR" in text
        await pilot.press("enter")
        text = await until(pilot, "$148,767")
        assert "As it would be" not in text
        await pilot.press("escape")
        await until(pilot, "nothing has been set yet")
        await pilot.press("e", "j", "enter")
        text = await until(pilot, "$147,724")
        assert "As it would be: Days past due until" in text
        assert "Days past due until churned: 5" in text
        await pilot.press("escape")
        await until(pilot, "nothing has been set yet")
        await pilot.press("tab", "e")
        await until(pilot, "MRR, as it would be   –")
        await pilot.press("enter")
        await until(pilot, lambda text: "1 row " in text and "subscriptions.csv" in text)
    assert value(sample, "past_due_days") == "30"


@pytest.mark.parametrize(
    ("name", "steps", "keys"), [("past_due_days", 1, ("ctrl+a", "ctrl+k", "3", "0", "enter")), ("churn_base", 3, ("enter",))]
)
async def test_a_value_that_was_kept_and_can_t_be_is_told_and_can_be_set(
    sample: Path, name: str, steps: int, keys: tuple[str, ...]
) -> None:
    with closing(sqlite3.connect(sample)) as db, db:
        db.execute("INSERT INTO setting(name, value) VALUES (?, 'lots')", (f"switch.{name}",))
    async with app_for(sample).run_test(size=NARROW, notifications=True) as pilot:
        text = await until(pilot, "This workspace can't be shown")
        said = " ".join(text.split())
        assert "not “lots”" in said
        assert f"cstui switches {name}" in said
        await pilot.press("=")
        await until(pilot, " lots")
        await pilot.press(*"j" * steps)
        await until(pilot, lambda text: "No figure can be worked out" in " ".join(text.split()))
        await pilot.press("enter")
        await settled(pilot)
        await pilot.press(*keys)
        await until(pilot, lambda text: "default   " in text and "lots" not in text)
        await pilot.press("escape")
        await until(pilot, "$148,767")
