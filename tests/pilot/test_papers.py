"""Beside the overview's figures: the coverage calendar, the report as a file, and what changed since the last look; by keys alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from cstui.desk.changes import changes, looked
from cstui.desk.report import all_reports
from cstui.desk.workspace import open_workspace
from tests.pilot.driving import NARROW, WIDE, app_for, settled, until, until_gone
from tests.unit.store.import_calls import bring

LEFT = "subscription_id,customer_id,started_at,amount,interval,currency,ended_at\ns-4,c-4,2026-09-09,250,month,USD,2026-09-20\n"


def see(path: Path) -> None:
    workspace = open_workspace(path)
    looked(workspace)
    workspace.close()


async def test_a_month_in_which_no_subscription_begins_is_no_gap(tmp_path: Path) -> None:
    path = tmp_path / "w.db"
    open_workspace(path, create=True).close()
    bring(
        path,
        "subscription_id,customer_id,started_at,amount,interval,currency\ns1,c1,2026-06-01,9,month,USD\ns2,c2,2026-08-01,9,month,USD\n",
    )
    bring(path, "payment_id,customer_id,amount,currency,paid_at\np1,c1,9,USD,2026-06-01\np2,c1,9,USD,2026-08-01\n")
    async with app_for(path).run_test(notifications=True, size=WIDE) as pilot:
        await until(pilot, "What moved")
        await pilot.press("C", "j")
        assert "imported for" not in await until(pilot, "subscriptions   2 rows, covers through 1 Aug 2026   nothing new in Jul 2026")
        await pilot.press("j")
        await until(pilot, "payments   2 rows   nothing imported for Jul 2026")


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_the_calendar_opens_from_anywhere_and_tells_the_kind_under_the_cursor(sample: Path, size: tuple[int, int]) -> None:
    async with app_for(sample).run_test(notifications=True, size=size) as pilot:
        await until(pilot, "What moved")
        await pilot.press("C")
        text = await until(pilot, "662 rows")
        assert "exchange rates" in text
        assert "nothing imported" in text
        await pilot.press("j", "j")
        text = await until(pilot, "payments   4,612 rows")
        assert "2026" in text
        assert "Dec" in text
        await pilot.press("escape")
        await until(pilot, "What moved")
        await pilot.press("6")
        await settled(pilot)
        await pilot.press("C")
        await until(pilot, "662 rows")


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_a_month_of_the_calendar_opens_its_rows_with_file_and_line(sample: Path, size: tuple[int, int]) -> None:
    async with app_for(sample).run_test(notifications=True, size=size) as pilot:
        await until(pilot, "What moved")
        await pilot.press("C", "j", "j")
        await until(pilot, "payments   4,612 rows")
        await pilot.press("enter", "left", "down", "down", "enter")
        text = await until(pilot, "payments.csv:176")
        assert "Payments, Oct 2024   58" in text
        assert "before 55" in text
        await pilot.press("d")
        await until(pilot, "+3 since Sep 2024")
        await pilot.press("d", "enter")
        await until(pilot, "1 of 53")
        await pilot.press("escape", "escape", "right", "right", "enter")
        await until(pilot, "Payments, Dec 2024")
        await pilot.press("escape", "left", "up", "up", "right", "right", "enter")
        await until(pilot, "Dec 2026 is outside")
        await pilot.press("escape")
        await pilot.press("escape")
        await until(pilot, "What moved")


async def test_a_kind_opens_its_months_and_what_has_no_day(sample: Path) -> None:
    async with app_for(sample).run_test(notifications=True, size=WIDE) as pilot:
        await until(pilot, "What moved")
        await pilot.press("C")
        await until(pilot, "662 rows")
        await pilot.press("e")
        await until(pilot, "Customers without a day")
        await pilot.press("G", "enter")
        text = await until(pilot, "customers.csv:174")
        assert "3 rows" in text
        await pilot.press("escape", "escape", "G", "enter")
        await until(pilot, "Nothing of this kind has been imported. 6 imports.")
        await pilot.press("e")
        await settled(pilot)


async def test_a_month_without_rows_stands_out(filled: Path) -> None:
    bring(filled, "payment_id,customer_id,amount,paid_at\np1,c-1,5,2026-06-02\np2,c-1,5,2026-08-02\n")
    async with app_for(filled).run_test(notifications=True, size=NARROW) as pilot:
        await settled(pilot)
        await pilot.press("C", "j", "j")
        assert "nothing imported for Jul 2026" in await until(pilot, "payments   2 rows")


async def test_nothing_imported(new: Path) -> None:
    async with app_for(new).run_test(notifications=True, size=NARROW) as pilot:
        await until(pilot, "Nothing has been imported yet")
        await pilot.press("C")
        await until(pilot, "6 imports")


async def test_the_report_is_written_once_and_never_over_another(sample: Path, folder: Path) -> None:
    async with app_for(sample).run_test(notifications=True, size=NARROW) as pilot:
        await until(pilot, "What moved")
        for name in ("report-2026-10.html", "report-2026-10-2.html"):
            await pilot.press("p")
            await until(pilot, name)
            await pilot.press("enter")
            await until(pilot, "written to")
            assert (folder / name).read_text(encoding="utf-8").startswith("<!doctype html>")
            await settled(pilot)
        await pilot.press("p")
        await until(pilot, "report-2026-10.md")
        await pilot.press("j", "enter")
        await until(pilot, lambda _: (folder / "report-2026-10.md").exists())
        assert not (folder / "report-2026-10-3.html").exists()
    workspace = open_workspace(sample)
    assert len(all_reports(workspace)) == 1
    workspace.close()


async def test_a_restated_month_is_told_until_it_was_seen(filled: Path) -> None:
    see(filled)
    bring(filled, LEFT)
    app = app_for(filled)
    async with app.run_test(notifications=True, size=WIDE) as pilot:
        text = await until(pilot, "Since you last looked: Sep 2026 MRR −$250 (import 2)")
        assert "d details" in text
        await pilot.press("d")
        text = await until(pilot, "enter opens one")
        assert "Active customers" in text
        await pilot.press("enter")
        await until(pilot, "Sep 2026")
        await settled(pilot)
        await pilot.press("escape")
        await until_gone(pilot, "Since you last looked")
    workspace = open_workspace(filled)
    assert not changes(workspace).news
    workspace.close()


async def test_leaving_is_having_seen_it(filled: Path) -> None:
    see(filled)
    bring(filled, LEFT)
    app = app_for(filled)
    async with app.run_test(notifications=True, size=NARROW) as pilot:
        await until(pilot, "Since you last looked")
        await pilot.press("2", "1")
        await until(pilot, "Since you last looked")
    app.tidy()
    workspace = open_workspace(filled)
    assert not changes(workspace).news
    workspace.close()


async def test_nothing_to_tell_is_said_when_asked_for(sample: Path) -> None:
    async with app_for(sample).run_test(notifications=True, size=NARROW) as pilot:
        text = await settled(pilot)
        assert "Since you last looked" not in text
        await pilot.press("d")
        await until(pilot, "This is the first look")


async def test_what_moves_after_the_first_look_is_told_in_the_same_session(filled: Path) -> None:
    async with app_for(filled).run_test(notifications=True, size=WIDE) as pilot:
        await until(pilot, "What moved")
        await settled(pilot)
        await pilot.press("d")
        await until(pilot, "This is the first look")
        await pilot.press("d")
        await until(pilot, "Nothing has changed since you last looked")
        await pilot.press("2")
        await until(pilot, "100 = most at risk")
        bring(filled, LEFT)
        await pilot.press("1")
        await until(pilot, "Since you last looked: Sep 2026 MRR −$250 (import 2)")
        await pilot.press("d")
        await until(pilot, "enter opens one")


async def test_figures_that_nobody_has_seen_are_no_look(new: Path) -> None:
    async with app_for(new).run_test(notifications=True, size=WIDE) as pilot:
        await until(pilot, "Nothing has been imported yet")
        await pilot.press("6")
        await settled(pilot)
        bring(new, "subscription_id,customer_id,started_at,amount,interval,currency\ns-4,c-4,2026-09-09,250,month,USD\n")
        await until(pilot, "file0.csv")
        await settled(pilot)
        workspace = open_workspace(new)
        assert changes(workspace).seen_revision is None
        await pilot.press("1")
        await until(pilot, "What moved")
        await until(pilot, lambda _: changes(workspace).seen_revision is not None)
        workspace.close()


async def test_nothing_new_since_the_last_look_is_said_when_asked_for(filled: Path) -> None:
    see(filled)
    async with app_for(filled).run_test(notifications=True, size=NARROW) as pilot:
        await until(pilot, "MRR")
        await pilot.press("d")
        await until(pilot, "Nothing has changed since you last")
