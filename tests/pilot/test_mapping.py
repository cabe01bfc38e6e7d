"""Mapping unknown files by keys: what is missing is not passed over, what rests on little is said, words are told what they mean."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import pytest

from cstui.desk.import_request import ImportRequest
from cstui.desk.importing import ImportOutcome, Job, Progress
from cstui.desk.sources import Guess
from cstui.ui.doors import Desk
from cstui.ui.screens.mapping import MappingScreen
from cstui.ui.widgets.rows import Rows
from tests.pilot.driving import NARROW, WIDE, app_for, until, until_gone
from tests.pilot.test_import import choose, to_files

if TYPE_CHECKING:
    from textual.pilot import Pilot

COSTS = "When,What for,Money\nSep-26,Fairs,5.00\nOct-26,Fairs,6.00\nOct-26,Coffee,7.00\n"


class Held(Desk):
    """A desk that guesses at columns, and merges, when it may."""

    def __init__(self) -> None:
        self.guess_now, self.merge_now = Event(), Event()

    def guess(self, path: str, kind: str | None = None, encoding: str | None = None, sheet: str | None = None) -> Guess:
        self.guess_now.wait(30)
        return super().guess(path, kind, encoding, sheet)

    def job(self, path: Path, request: ImportRequest) -> Job:
        held = self

        class Waiting(Job):
            def commit(self, on_progress: Callable[[Progress], None] | None = None, at: str = "") -> ImportOutcome:
                held.merge_now.wait(30)
                return super().commit(on_progress, at)

        return Waiting(path, request)


async def test_columns_that_were_guessed_late_do_not_come_over_an_import_that_is_being_written(new: Path, folder: Path) -> None:
    desk = Held()
    async with app_for(new, desk).run_test(notifications=True, size=WIDE) as pilot:
        await to_files(pilot, "customers.csv")
        await choose(pilot, "customers.csv")
        await until(pilot, "4 create")
        await pilot.press("m", "enter")
        await until(pilot, "merging")
        desk.guess_now.set()
        await until(pilot, lambda _: all(worker.is_finished for worker in pilot.app.workers if worker.group == "guess"))
        assert "Columns for" not in await until(pilot, "merging")
        await pilot.press("q")
        await until(pilot, "The import is still being written")
        await pilot.press("enter")
        desk.merge_now.set()
        await until(pilot, "Import 1 done")


async def test_words_are_told_what_they_mean_and_nothing_is_said_to_be_well_before(new: Path, folder: Path) -> None:
    (folder / "costs.csv").write_text(COSTS, encoding="utf-8")
    async with app_for(new).run_test(notifications=True, size=WIDE) as pilot:
        await to_files(pilot, "costs.csv")
        await choose(pilot, "costs.csv")
        await until(pilot, "Columns for")
        await pilot.press("a")
        await until(pilot, "The likeliest first.")
        lists = pilot.app.screen.query_one(Rows)
        kinds = [lists.line_text(at).split()[0] for at in range(lists.count)]
        lists.cursor = kinds.index("costs")
        await pilot.press("enter")
        await until(pilot, "Columns for costs")
        screen = pilot.app.screen
        assert isinstance(screen, MappingScreen)
        fields, columns = screen.query_one("#fields", Rows), screen.query_one("#columns", Rows)
        for name, at in (("date", 0), ("category", 1), ("amount", 2)):
            fields.focus()
            fields.cursor = next(i for i in range(fields.count) if fields.line_text(i).split()[0].strip("*") == name)
            await pilot.press("enter")
            columns.cursor = at
            await pilot.press("enter")
        text = await until(pilot, "all of the first 3 rows would be refused")
        assert "Nothing is missing" not in text
        assert "w where columns are mapped" in text
        fields.cursor = next(i for i in range(fields.count) if fields.line_text(i).split()[0].strip("*") == "category")
        await pilot.press("w")
        text = await until(pilot, "Words that are no category")
        assert "Fairs" in text
        await pilot.press("enter")
        await until(pilot, "What is “Fairs”?")
        await pilot.press("down", "enter")
        await until(pilot, "1 of the first 3 rows would be refused")
        await pilot.press("ctrl+s")
        await until(pilot, "3 rows read: 2 create")
        await pilot.press("enter")
        await until(pilot, "Import 1 done")
    with sqlite3.connect(new) as db:
        assert db.execute("SELECT date(date * 86400, 'unixepoch'), category, amount FROM cost ORDER BY 1").fetchall() == [
            ("2026-09-01", "marketing", 500),
            ("2026-10-01", "marketing", 600),
        ]


async def to_kind(pilot: Pilot[None], kind: str) -> None:
    """Take the rows in the mapping for another kind."""
    await pilot.press("a")
    await until(pilot, "The likeliest first.")
    lists = pilot.app.screen.query_one(Rows)
    lists.cursor = next(at for at in range(lists.count) if lists.line_text(at).startswith(kind))
    await pilot.press("enter")
    await until(pilot, f"Columns for {kind}")


async def test_words_that_only_late_rows_have_are_told_what_they_mean(new: Path, folder: Path) -> None:
    """The preview refused them, and `w` said that every word was known."""
    lines = [f"p-{at},c-1,2026-01-{1 + at % 28:02},100,USD,{'ناموفق-موقت' if at == 503 else 'paid'}" for at in range(511)]
    (folder / "late.csv").write_text("\n".join(["payment_id,customer_id,paid_at,amount,currency,status", *lines, ""]), encoding="utf-8")
    async with app_for(new).run_test(notifications=True, size=WIDE) as pilot:
        await to_files(pilot, "late.csv")
        await choose(pilot, "late.csv")
        await until(pilot, "1 refuse")
        await pilot.press("m")
        await until(pilot, "Columns for payments")
        fields = pilot.app.screen.query_one("#fields", Rows)
        fields.cursor = next(i for i in range(fields.count) if fields.line_text(i).split()[0].strip("*") == "status")
        await pilot.press("w")
        assert "ناموفق-موقت" in await until(pilot, "Words that are no status")
        await pilot.press("enter")
        await until(pilot, "What is “ناموفق-موقت")
        lists = pilot.app.screen.query_one(Rows)
        lists.cursor = next(at for at in range(lists.count) if lists.line_text(at).startswith("failed"))
        await pilot.press("enter")
        await until(pilot, "Nothing is missing")
        await pilot.press("ctrl+s")
        await until(pilot, "511 rows read: 511 create")


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_it_is_said_which_field_a_column_is_taken_for(new: Path, folder: Path, size: tuple[int, int]) -> None:
    async with app_for(new).run_test(notifications=True, size=size) as pilot:
        await to_files(pilot, "unknown.csv")
        await choose(pilot, "unknown.csv")
        await until(pilot, "Columns for")
        await to_kind(pilot, "payments")
        await until(pilot, "enter columns")
        screen = pilot.app.screen
        fields, columns = screen.query_one("#fields", Rows), screen.query_one("#columns", Rows)
        fields.cursor = next(i for i in range(fields.count) if "paid_at" in fields.line_text(i))
        await pilot.press("enter")
        text = await until(pilot, "enter takes this column for paid_at")
        assert "enter take it" in text
        columns.cursor = columns.count - 1
        await pilot.press("enter")
        await until_gone(pilot, "enter takes this column")
        columns.focus()
        await until(pilot, "enter takes this column for")
        await to_kind(pilot, "customers")
        await until_gone(pilot, "enter takes this column")
        assert fields.has_focus, "after another kind the first that is missing is under the cursor"


async def test_how_dates_are_written_is_said_in_the_mapping(new: Path, folder: Path) -> None:
    (folder / "dates.csv").write_text("Client ref,Joined\nc1,03/04/2026\nc2,05/06/2026\n", encoding="utf-8")
    async with app_for(new).run_test(notifications=True, size=WIDE) as pilot:
        await to_files(pilot, "dates.csv")
        await choose(pilot, "dates.csv")
        await until(pilot, "Columns for")
        await to_kind(pilot, "customers")
        screen = pilot.app.screen
        fields, columns = screen.query_one("#fields", Rows), screen.query_one("#columns", Rows)
        for name, at in (("customer_id", 0), ("created_at", 1)):
            fields.focus()
            fields.cursor = next(i for i in range(fields.count) if fields.line_text(i).split()[0].strip("*") == name)
            await pilot.press("enter")
            columns.cursor = at
            await pilot.press("enter")
        text = await until(pilot, "t says which it is")
        assert "--dates" not in text
        await pilot.press("t")
        await until(pilot, "How does the file write dates?")
        await pilot.press("down", "enter")
        assert "2026-04-03" in await until(pilot, "First rows as they would be kept")
        await pilot.press("ctrl+s")
        await until(pilot, "2 rows read: 2 create")


async def test_one_column_may_be_both_ids_of_a_row_where_it_is_said_of_both(new: Path, folder: Path) -> None:
    """A list of one subscription each has but the customer's id, which on the command line goes to both fields."""
    text = "Kunde;Firma;Vertragsbeginn;Betrag pro Monat\nK-1;Acme;01.02.2026;1.234,50 €\nK-2;Öl AG;15.03.2026;99,00 €\n"
    (folder / "list.csv").write_text(text, encoding="utf-8")
    async with app_for(new).run_test(notifications=True, size=WIDE) as pilot:
        await to_files(pilot, "list.csv")
        await choose(pilot, "list.csv")
        await until(pilot, "Columns for")
        await pilot.press("a")
        await until(pilot, "The likeliest first.")
        lists = pilot.app.screen.query_one(Rows)
        lists.cursor = next(at for at in range(lists.count) if lists.line_text(at).startswith("subscriptions"))
        await pilot.press("enter")
        await until(pilot, "Columns for subscriptions")
        fields, columns = pilot.app.screen.query_one("#fields", Rows), pilot.app.screen.query_one("#columns", Rows)
        for name in ("customer_id", "subscription_id"):
            fields.focus()
            fields.cursor = next(i for i in range(fields.count) if name in fields.line_text(i))
            await pilot.press("enter")
            columns.cursor = 0
            await pilot.press("enter")
        await until_gone(pilot, "Still needed:")
        await pilot.press("ctrl+s")
        await until(pilot, "2 rows read: 2 create")
        await pilot.press("enter")
        await until(pilot, "Import 1 done")
    with sqlite3.connect(new) as db:
        assert db.execute("SELECT subscription_id, amount, currency FROM subscription ORDER BY 1").fetchall() == [
            ("K-1", 123450, "EUR"),
            ("K-2", 9900, "EUR"),
        ]


async def test_a_needed_field_keeps_the_mapping_open_and_a_kind_is_remembered(new: Path, folder: Path) -> None:
    async with app_for(new).run_test(notifications=True, size=WIDE) as pilot:
        await to_files(pilot, "unknown.csv")
        await choose(pilot, "unknown.csv")
        await until(pilot, "Columns for")
        await pilot.press("a")
        await until(pilot, "The likeliest first.")
        lists = pilot.app.screen.query_one(Rows)
        lists.cursor = next(at for at in range(lists.count) if lists.line_text(at).startswith("payments"))
        await pilot.press("enter")
        await until(pilot, "Columns for payments")
        fields = pilot.app.screen.query_one("#fields", Rows)
        fields.focus()
        fields.cursor = next(i for i in range(fields.count) if "payment_id" in fields.line_text(i))
        await pilot.press("backspace")
        await until(pilot, "Still needed:")
        await pilot.press("ctrl+s")
        await until(pilot, "can't be missing: enter gives a column")
        assert isinstance(pilot.app.screen, MappingScreen)
        await pilot.press("escape")
        await until_gone(pilot, "Columns for payments")
        await pilot.press("m")
        await until(pilot, "Columns for payments")


async def test_a_guess_on_little_is_said_before_the_file_is_read_with_it(new: Path, folder: Path) -> None:
    (folder / "odd.csv").write_text("Code of ours,Mail,When\nA-1,a@x.example,2026-01-02\nB-2,b@x.example,2026-01-03\n", encoding="utf-8")
    async with app_for(new).run_test(notifications=True, size=WIDE) as pilot:
        await to_files(pilot, "odd.csv")
        await choose(pilot, "odd.csv")
        await until(pilot, "Columns for")
        await pilot.press("a")
        await until(pilot, "The likeliest first.")
        lists = pilot.app.screen.query_one(Rows)
        lists.cursor = next(at for at in range(lists.count) if lists.line_text(at).startswith("interactions"))
        await pilot.press("enter")
        await until(pilot, "Columns for interactions")
        text = await until(pilot, "Look at interaction_id: little speaks for it.")
        assert "Nothing is missing" not in text


async def test_nothing_of_an_earlier_reading_stays_under_a_failure_and_kinds_are_in_one_order(new: Path, folder: Path) -> None:
    async with app_for(new).run_test(notifications=True, size=WIDE) as pilot:
        await to_files(pilot, "customers.csv")
        await choose(pilot, "customers.csv")
        await until(pilot, "4 rows read")
        await pilot.press("a")
        await until(pilot, "The likeliest first.")
        lists = pilot.app.screen.query_one(Rows)
        in_preview = [lists.line_text(at) for at in range(lists.count)]
        assert in_preview[0].startswith("customers")
        lists.cursor = next(at for at, line in enumerate(in_preview) if line.startswith("payments"))
        await pilot.press("enter")
        await until(pilot, "Columns for payments")
        await pilot.press("a")
        await until(pilot, "The likeliest first.")
        lists = pilot.app.screen.query_one(Rows)
        assert [lists.line_text(at) for at in range(lists.count)] == in_preview
        await pilot.press("escape", "escape")
        text = await until(pilot, "Nothing was imported.")
        assert "template" not in text
        assert "you said" not in text


async def test_new_files_are_seen_on_coming_back_and_all_marks_go_with_one_key(new: Path, folder: Path) -> None:
    async with app_for(new).run_test(notifications=True, size=WIDE) as pilot:
        await to_files(pilot, "broken.csv")
        await choose(pilot, "broken.csv")
        await until(pilot, "1 refuse")
        await pilot.press("w")
        await until(pilot, "Refused rows are in broken.refused.csv")
        await pilot.press("escape")
        await until(pilot, lambda text: any(line.strip(" ▸●").startswith("broken.refused.csv") for line in text.splitlines()))
        (folder / "later.csv").write_text("customer_id\nc9\n", encoding="utf-8")
        await pilot.press("1")
        await until_gone(pilot, "newest first")
        await pilot.press("6")
        await until(pilot, "later.csv")
        await pilot.press("g", "down", "space", "space")
        await until(pilot, "2 files marked")
        await pilot.press("x")
        await until_gone(pilot, "marked")
