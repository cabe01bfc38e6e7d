"""Import: choose, preview, import all or nothing, cancel, map what is missing, take it back."""

from __future__ import annotations

import os
import re
import sqlite3
import threading
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cstui.base.days import to_day
from cstui.base.errors import Cancelled
from cstui.base.outcome import Move
from cstui.desk.import_request import ImportRequest
from cstui.desk.importing import FileOutcome, ImportOutcome, Progress
from cstui.desk.importing import Job as RealJob
from cstui.ui.doors import Desk as RealDesk
from cstui.ui.jobs import Job
from cstui.ui.screens.choices import ListDialog
from cstui.ui.screens.mapping import MappingScreen
from cstui.ui.screens.mapping_asking import Chosen
from cstui.ui.screens.preview import PreviewScreen
from cstui.ui.screens.preview_lines import file_line
from cstui.ui.theme import INKS
from cstui.ui.widgets.path_input import PathInput
from cstui.ui.widgets.rows import Rows
from tests.pilot.driving import NARROW, WIDE, app_for, until, until_gone
from tests.pilot.fakes import FakeDesk
from tests.unit.store.import_calls import one

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.pilot import Pilot

    from cstui.desk.import_moved import MovedBy


def customers(path: Path) -> int:
    """Customer rows in the file."""
    with sqlite3.connect(path) as db:
        return int(db.execute("SELECT count(*) FROM customer").fetchone()[0])


def subscriptions(path: Path) -> list[str]:
    """Their ids in the file."""
    with sqlite3.connect(path) as db:
        return [str(row[0]) for row in db.execute("SELECT subscription_id FROM subscription ORDER BY 1")]


async def to_files(pilot: Pilot[None], name: str) -> None:
    """To the Import screen, with the cursor on a file."""
    await until(pilot, lambda text: "no data yet" in text or "What moved" in text)
    await pilot.press("6")
    await until(pilot, name)
    await until(pilot, lambda text: "Nothing has been imported yet." in text or "2 Nov 2026" in text or "21 Nov 2026" in text)


async def choose(pilot: Pilot[None], name: str) -> None:
    """Type the file's name into the path line."""
    await pilot.press("slash")
    for char in name:
        await pilot.press({".": "full_stop", "_": "underscore"}.get(char, char))
    await pilot.press("enter")


async def test_several_files_are_marked_previewed_imported_and_taken_back(new: Path, folder: Path) -> None:
    async with app_for(new).run_test(notifications=True, size=WIDE) as pilot:
        await to_files(pilot, "customers.csv")
        rows = sorted(os.listdir(folder))  # noqa: PTH208 - names, in an async test
        await pilot.press("g", "down")  # past the way up, to the first file
        for name in rows:
            await pilot.press("space" if name in ("customers.csv", "subs.csv") else "down")
        await until(pilot, "2 files marked")
        await pilot.press("enter")
        text = await until(pilot, "8 rows read")
        assert "8 create" in text
        assert "customer_id" in text
        assert customers(new) == 0
        await pilot.press("enter")
        await until(pilot, "Import 1 done")
        assert customers(new) == 4
        await until(pilot, "+8")
        await pilot.press("1")
        await until(pilot, "What moved")
        await pilot.press("6", "u")
        await until(pilot, "Take back import 1?")
        await pilot.press("down", "enter")
        await until(pilot, "taken back: 8 rows reversed")
        await until(pilot, lambda text: "taken back" in text.splitlines()[4])
        assert customers(new) == 0


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_the_number_of_marked_files_has_room_beside_any_folder(size: tuple[int, int], new: Path, folder: Path) -> None:
    deep = folder / "a folder of a long name" / "and in it another whose name is not short"
    deep.mkdir(parents=True)
    (deep / "customers.csv").write_text("customer_id\nc1\n")
    async with app_for(new).run_test(size=size) as pilot:
        await to_files(pilot, "customers.csv")
        await choose(pilot, "a folder of a long name/and in it another whose name is not short")
        await until(pilot, lambda text: "subs.csv" not in text and "customers.csv" in text)
        await pilot.press("space")
        text = await until(pilot, "1 file marked, enter previews")
        assert "type or paste a path" in text.splitlines()[2 if size == NARROW else 4]


async def test_a_file_that_changes_while_its_preview_is_read_comes_in_as_shown_and_that_is_said(new: Path, folder: Path) -> None:
    path = folder / "soon.csv"
    path.write_text("customer_id\nc1\n")
    async with app_for(new).run_test(notifications=True, size=WIDE) as pilot:
        await to_files(pilot, "soon.csv")
        await choose(pilot, "soon.csv")
        await until(pilot, "1 row read")
        path.write_text("customer_id\nc1\nc2\n")
        await pilot.press("enter")
        seen: set[str] = set()  # either may be gone again before the other comes

        def both(text: str) -> bool:
            seen.update(words for words in ("Import 1 done", "soon.csv changed since the preview") if words in text)
            return len(seen) == 2

        await until(pilot, both)
    assert customers(new) == 1


async def test_escape_on_the_preview_changes_nothing(new: Path, folder: Path) -> None:
    async with app_for(new).run_test(notifications=True, size=NARROW) as pilot:
        await to_files(pilot, "customers.csv")
        await choose(pilot, "customers.csv")
        await until(pilot, "4 rows read")
        await pilot.press("escape")
        await until(pilot, "Cancelled. Nothing was changed.")
        assert customers(new) == 0


async def test_the_path_line_names_its_keys_and_is_left_with_one_press(new: Path, folder: Path) -> None:
    async with app_for(new).run_test(notifications=True, size=NARROW) as pilot:
        await to_files(pilot, "customers.csv")
        line = pilot.app.screen.query_one(PathInput)
        await pilot.press("slash", "x", "1")
        text = await until(pilot, "esc back to the list")
        assert text.splitlines()[-1].split() == ["enter", "preview", "tab", "complete", "esc", "back", "to", "the", "list"]
        await pilot.press("escape")
        await until(pilot, "space mark")
        assert line.value == ""
        await pilot.press("slash", "x", "down")
        await until(pilot, "space mark")
        assert line.value == "x"
        await pilot.press("1")
        await until(pilot, "no data yet")


async def test_a_preview_of_a_typed_path_gives_the_keyboard_back_to_the_list(new: Path, folder: Path) -> None:
    async with app_for(new).run_test(notifications=True, size=NARROW) as pilot:
        await to_files(pilot, "customers.csv")
        await choose(pilot, "customers.csv")
        await until(pilot, "4 rows read")
        await pilot.press("escape")
        await until(pilot, "space mark")
        assert pilot.app.screen.query_one(PathInput).value == ""
        assert pilot.app.screen.focused is pilot.app.screen.query_one("#files", Rows)


async def test_a_refused_row_is_explained_and_written_out(new: Path, folder: Path) -> None:
    async with app_for(new).run_test(notifications=True, size=WIDE) as pilot:
        await to_files(pilot, "broken.csv")
        await choose(pilot, "broken.csv")
        text = await until(pilot, "1 row refused")
        assert "amount" in text
        assert "“12,3,4”" in text
        assert "4 create" in text
        await pilot.press("w")
        await until(pilot, "Refused rows are in broken.refused.csv")
        assert (folder / "broken.refused.csv").exists()


async def test_a_file_that_is_nothing_known_is_mapped_by_hand(new: Path, folder: Path) -> None:
    (folder / "unknown.csv").write_text("x1,x2,x3,x4\nx-1,c-1,2026-07-05,100\n")
    async with app_for(new).run_test(notifications=True, size=WIDE) as pilot:
        await to_files(pilot, "unknown.csv")
        await choose(pilot, "unknown.csv")
        text = await until(pilot, "Columns for")
        assert "2026-07-05" in text  # what is in the columns stands beside their names
        await pilot.press("a")
        await until(pilot, "What are the rows?")
        for _ in range(9):
            lines = (await until(pilot, "What are the rows?")).splitlines()
            if any("▸subscriptions" in line.replace(" ", "") for line in lines):
                break
            await pilot.press("down")
        await pilot.press("enter")
        await until(pilot, "Columns for subscriptions")
        fields = pilot.app.screen.query_one("#fields", Rows)
        columns = pilot.app.screen.query_one("#columns", Rows)
        fields.focus()
        await pilot.press("g")
        for _ in range(4):  # nothing of what was guessed
            await pilot.press("backspace", "down")
        await until(pilot, "Still needed: subscription_id, customer_id, started_at, amount")
        await pilot.press("s")
        await until(pilot, "A source must say where each is.")
        await pilot.press("g")
        for column, left in ((0, "customer_id, started_at, amount"), (1, "started_at, amount"), (2, "amount")):
            await pilot.press("enter")
            columns.cursor = column
            await pilot.press("enter")
            await until(pilot, f"Still needed: {left}")
        await pilot.press("enter")
        columns.cursor = 3
        await pilot.press("enter")
        text = await until(pilot, "subscription_id x-1 · customer_id c-1")
        assert "Nothing is missing" in text
        assert "amount 100.00" in text  # typed, as it would be kept
        await pilot.press("ctrl+s")
        await until(pilot, "1 row read")
        await pilot.press("enter")
        await until(pilot, "Import 1 done")


async def test_a_file_nobody_knows_is_told_with_the_keys_that_mend_it(new: Path, folder: Path) -> None:
    (folder / "unknown.csv").write_text("x1,x2,x3,x4\nx-1,c-1,2026-07-05,100\n")
    (folder / "short.csv").write_text("subscription_id,customer_id,started_at\ns-1,c-1,2026-07-05\n")
    async with app_for(new).run_test(notifications=True, size=WIDE) as pilot:
        await to_files(pilot, "unknown.csv")
        for name, keys in (
            ("unknown.csv", "a chooses what the rows are, m maps the columns."),
            ("short.csv", "m maps a column to it, v sets one value for every row."),
        ):
            await choose(pilot, name)
            assert f"{name} left, fields right" in await until(pilot, "Columns for")
            await pilot.press("escape")
            text = " ".join((await until(pilot, "Nothing was imported.")).split())
            assert keys in text
            assert "--" not in text
            await pilot.press("escape")
            await until(pilot, "space mark")


async def test_in_the_mapping_headers_differ_by_their_ends_and_a_constant_is_told(new: Path, folder: Path) -> None:
    (folder / "help.csv").write_text("Requester identification,Requester identification e-mail,x3\nc-1,a@b.example,2026-07-05\n")
    async with app_for(new).run_test(notifications=True, size=NARROW) as pilot:
        await to_files(pilot, "help.csv")
        await choose(pilot, "help.csv")
        text = await until(pilot, "Columns for")
        assert re.search(r"Req\w*…\w*cation ", text)
        assert re.search(r"Req[\w ]*…[\w ]*e-mail", text)
        screen = pilot.app.screen
        assert isinstance(screen, MappingScreen)
        fields = screen.query_one("#fields", Rows)
        fields.focus()
        await pilot.press("G", "backspace")
        await until(pilot, "No column is taken for this field.")
        await pilot.press("c", "z", "z", "enter")
        await until(pilot, "Every row without a value of its own has zz.")
        await until_gone(pilot, "No column is taken for this field.")


async def test_customers_only_mentioned_are_told_with_the_key_that_matches_them(new: Path, folder: Path) -> None:
    (folder / "few.csv").write_text("subscription_id,customer_id,started_at,amount\ns-1,c-900,2026-07-05,10\n")
    async with app_for(new).run_test(notifications=True, size=WIDE) as pilot:
        await to_files(pilot, "few.csv")
        await choose(pilot, "few.csv")
        await until(pilot, "1 row read")
        await until(pilot, "matches them by e-mail (line 2)")


async def test_a_mapping_is_kept_and_known_the_next_time(new: Path, folder: Path) -> None:
    (folder / "theirs.csv").write_text("Client ref,Agreement,Begins,Fee\nc-1,x-1,2026-07-05,100\n")
    async with app_for(new).run_test(notifications=True, size=WIDE) as pilot:
        await to_files(pilot, "theirs.csv")
        await choose(pilot, "theirs.csv")
        await until(pilot, "Columns for")
        screen = pilot.app.screen
        assert isinstance(screen, MappingScreen)
        guess = screen._app().desk.guess(str(folder / "theirs.csv"), "subscriptions")
        wanted = {"customer_id": "Client ref", "subscription_id": "Agreement", "started_at": "Begins", "amount": "Fee"}
        screen._take_guess(guess, Chosen("subscriptions", wanted))
        screen._list()
        await until(pilot, "Nothing is missing")
        await pilot.press("s")
        await until(pilot, "Keep this as a source of your own")
        await pilot.press("enter")
        await until(pilot, "Kept as theirs.toml")
        await pilot.press("escape", "escape")
        await until(pilot, "newest first")
        line = pilot.app.screen.query_one(PathInput)
        line.value = "theirs.csv"
        line.focus()
        await pilot.press("enter")
        text = await until(pilot, "1 row read")
        assert "subscriptions" in text


async def test_where_no_year_tells_the_calendar_the_person_is_asked(new: Path, folder: Path) -> None:
    (folder / "years.csv").write_text("customer_id,created_at\nc1,1403/01/05\nc2,1446/01/05\n")
    async with app_for(new).run_test(notifications=True, size=NARROW) as pilot:
        await to_files(pilot, "years.csv")
        await choose(pilot, "years.csv")
        await until(pilot, "Whose years are these?")
        await pilot.press("down", "enter")
        await until(pilot, "2 rows read")


async def test_where_no_day_tells_the_order_the_person_is_asked(new: Path, folder: Path) -> None:
    (folder / "dates.csv").write_text("customer_id,created_at\nc1,03/04/2026\nc2,05/06/2026\n")
    async with app_for(new).run_test(notifications=True, size=NARROW) as pilot:
        await to_files(pilot, "dates.csv")
        await choose(pilot, "dates.csv")
        text = await until(pilot, "Which is the day?")
        assert "--dates" not in text.split("Which is the day?")[1]
        await pilot.press("down", "enter")
        await until(pilot, "2 rows read")
        await pilot.press("enter")
        await until(pilot, "Import 1 done")
    with sqlite3.connect(new) as db:
        assert db.execute("SELECT created_at FROM customer ORDER BY customer_id").fetchall() == [
            (to_day(date(2026, 3, 4)),),
            (to_day(date(2026, 5, 6)),),
        ]


async def test_what_was_said_of_a_file_is_kept_and_not_left_behind_unasked(new: Path, folder: Path) -> None:
    (folder / "dates.csv").write_text("customer_id,created_at\nc1,03/04/2026\nc2,05/06/2026\n")
    async with app_for(new).run_test(notifications=True, size=NARROW) as pilot:
        await to_files(pilot, "dates.csv")
        await choose(pilot, "dates.csv")
        await until(pilot, "Which is the day?")
        await pilot.press("down", "enter")
        await until(pilot, "2 rows read")
        await pilot.press("q")
        await until(pilot, "Leave cstui?")
        await pilot.press("ctrl+q", "enter")
        await until_gone(pilot, "Leave cstui?")
        await until(pilot, "2 rows read")
        await pilot.press("1")
        await until(pilot, "no data yet")
        await pilot.press("q")
        await until(pilot, "Leave cstui?")  # from another screen too
        await pilot.press("escape", "6")
        await until(pilot, "2 rows read")
        await pilot.press("escape")
        await until(pilot, "space mark")
        await choose(pilot, "dates.csv")
        await until(pilot, "preview starts from")
        await until(pilot, "2 rows read")  # unasked
        await pilot.press("escape")
        await until(pilot, "space mark")
        (folder / "dates.csv").write_text("customer_id,created_at\nc1,03/04/2026\nc2,05/06/2026\nc3,07/08/2026\n")
        await choose(pilot, "dates.csv")
        await until(pilot, "Which is the day?")  # another file by now
        await pilot.press("down", "enter")
        await until(pilot, "3 rows read")
        await pilot.press("q")
        await until(pilot, "Leave cstui?")
        await pilot.press("down", "enter")
        await pilot.pause()
        assert not pilot.app.is_running


async def test_the_log_has_the_time_at_which_an_import_was_confirmed(new: Path, folder: Path) -> None:
    """It had the time at which its file was opened."""
    request = ImportRequest((str(folder / "customers.csv"),), day=to_day(date(2026, 11, 20)), at="2026-11-20T17:00:00Z")
    async with app_for(new).run_test(notifications=True, size=WIDE) as pilot:
        await until(pilot, "no data yet")
        await pilot.app.push_screen(PreviewScreen(request))
        await until(pilot, "4 rows read")
        await pilot.press("enter")
        await until_gone(pilot, "Import preview")
    with sqlite3.connect(new) as db:
        assert db.execute("SELECT at FROM import").fetchall() == [("2026-11-21T00:00:00Z",)]


async def test_what_is_answered_for_one_file_holds_for_it_alone(new: Path, folder: Path) -> None:
    (folder / "first.csv").write_bytes("customer_id,name,created_at\nc1,Café,03/04/2026\n".encode("cp1252"))
    (folder / "second.csv").write_bytes("customer_id,name,created_at\nc2,شركة,03/04/2026\n".encode())
    paths = tuple(str(folder / name) for name in ("first.csv", "second.csv"))
    async with app_for(new).run_test(notifications=True, size=WIDE) as pilot:
        await until(pilot, "no data yet")
        await pilot.app.push_screen(PreviewScreen(ImportRequest(paths, day=to_day(date(2026, 11, 21)), at="2026-11-21T00:00:00Z")))
        assert "first.csv" in (await until(pilot, "Which is the day?")).split("Which is the day?")[1]
        await pilot.press("enter")  # day, month, year
        await until(pilot, lambda text: "second.csv, column" in text.partition("Which is the day?")[2])
        await pilot.press("down", "enter")  # month, day, year
        await until(pilot, "2 rows read")
        await until(pilot, "second.csv, read as")  # the cursor is on the file that was asked about
        await pilot.press("up")
        await until(pilot, "first.csv, read as")
        await pilot.press("o")
        await until(pilot, "Windows Arabic")
        await pilot.press("g", "down", "down", "enter")
        await until(pilot, "read as cp1256")
        await pilot.press("down")
        await until(pilot, "second.csv, read as")
        assert "شركة" in (await until(pilot, "First rows, as they will be kept")), "the other file is read as it was"
        await pilot.press("enter")
        await until_gone(pilot, "Import preview")
    with sqlite3.connect(new) as db:
        found = db.execute("SELECT customer_id, created_at FROM customer ORDER BY customer_id").fetchall()
    assert found == [("c1", to_day(date(2026, 4, 3))), ("c2", to_day(date(2026, 3, 4)))]


async def test_t_reads_dates_otherwise_and_notes_name_keys(new: Path, folder: Path) -> None:
    text = "customer_id,name,created_at\nc1,شركة النور,03/04/2026\nc2,شركة,05/06/2026\n"
    (folder / "dates.csv").write_bytes(text.encode("cp1256"))
    async with app_for(new).run_test(notifications=True, size=WIDE) as pilot:
        await to_files(pilot, "dates.csv")
        await choose(pilot, "dates.csv")
        await until(pilot, "Which is the day?")
        await pilot.press("escape")
        assert "t says which it is." in " ".join((await until(pilot, "Nothing was imported.")).split())
        await pilot.press("t")
        await until(pilot, "How does the file write dates?")
        await pilot.press("down", "enter")
        await until(pilot, "2026-04-03")
        await pilot.press("t")
        await until(pilot, "How does the file write dates?")
        await pilot.press("down", "enter")  # from the one in force
        frame = await until(pilot, "2026-03-04")
        assert "--" not in frame


async def test_folders_of_earlier_imports_are_a_key_away(new: Path, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("downloads")
    (elsewhere / "march.csv").write_text("customer_id,name\nc1,Acme\n")
    async with app_for(new).run_test(notifications=True, size=WIDE) as pilot:
        await to_files(pilot, "subs.csv")
        await pilot.press("r")
        await until(pilot, "Nothing has been imported from a folder")
        await pilot.press("slash")
        pilot.app.screen.query_one(PathInput).value = str(elsewhere / "march.csv")
        await pilot.press("enter")
        await until(pilot, "1 row read")
        await pilot.press("enter")
        await until(pilot, "Import 1 done")
        pilot.app.screen.query_one("#files", Rows).focus()
        await pilot.press("r")
        await until(pilot, "Where files came from before")
        await pilot.press("enter")
        await until(pilot, "march.csv")


async def test_the_preview_says_how_updates_go_and_which_past_figures_move(new: Path, folder: Path) -> None:
    one(new, "subscription_id,customer_id,started_at,amount,currency\ns1,c1,2025-01-01,500,USD\ns2,c2,2025-03-01,1,USD\n")
    (folder / "later.csv").write_text("subscription_id,customer_id,started_at,amount,currency\ns1,c1,2025-01-01,90,USD\n", encoding="utf-8")
    async with app_for(new).run_test(notifications=True, size=WIDE) as pilot:
        await to_files(pilot, "later.csv")
        await choose(pilot, "later.csv")
        text = await until(pilot, "Jan 2025 MRR −410 (500 → 90)")
        assert "amount 500.00 → 90.00" in text
        assert "2 past figures move" in text
        await pilot.press("enter")
        await until(pilot, "Import 2 done")


async def test_answers_that_would_overwrite_those_of_others_are_told_first_and_kept_apart_by_keys(new: Path, folder: Path) -> None:
    header = "response_id,date,customer_id,score,touchpoint,customer_segment\n"
    one(new, header + "1,2026-05-02,a1,9,web,SMB\n")
    (folder / "june.csv").write_text(header + "1,2026-06-02,b1,4,web,SMB\n2,2026-06-02,b2,4,web,SMB\n", encoding="utf-8")
    async with app_for(new).run_test(notifications=True, size=NARROW) as pilot:
        await to_files(pilot, "june.csv")
        await choose(pilot, "june.csv")
        text = await until(pilot, "2 rows read")
        assert "1 row overwrites those of other customers" in text
        await pilot.press("v")
        await until(pilot, "One value for every row")
        screen = pilot.app.screen
        assert isinstance(screen, ListDialog)
        fields = [line.plain.split()[0] for line, _ in screen._lines]
        await pilot.press(*["down"] * fields.index("survey"), "enter")
        await until(pilot, "survey of every row")
        await pilot.press(*"june", "enter")
        await until(pilot, "2 create")
        text = await until_gone(pilot, "overwrites those")
        assert "survey june" in text
        await pilot.press("enter")
        text = await until(pilot, "Import 2 done")
        assert "over those of" not in text
    with sqlite3.connect(new) as db:
        assert db.execute("SELECT count(*) FROM survey").fetchone() == (3,)


async def test_of_the_rows_written_it_is_said_which_go_over_others_and_not_of_those_refused(new: Path, folder: Path) -> None:
    header = "response_id,date,customer_id,score,touchpoint,customer_segment\n"
    one(new, header + "1,2026-05-02,a1,9,web,SMB\n")
    (folder / "june.csv").write_text(header + "1,2026-06-02,b1,4,web,SMB\n2,2026-06-02,b2,eleven,web,SMB\n", encoding="utf-8")
    async with app_for(new).run_test(notifications=True, size=WIDE) as pilot:
        await to_files(pilot, "june.csv")
        await choose(pilot, "june.csv")
        await until(pilot, "1 row overwrites those of other customers")
        await pilot.press("enter")
        text = await until(pilot, "Import 2 done")
        said = " ".join(text.replace("▌", " ").split())
        assert "1 row created or updated, 1 of them over those of other customers, 1 row refused" in said, said


async def test_the_preview_says_which_past_figures_exchange_rates_make_known(new: Path, folder: Path) -> None:
    header = "subscription_id,customer_id,started_at,amount,currency\n"
    one(new, header + "s1,c1,2025-01-01,500,USD\ns2,c2,2025-01-01,10,EUR\ns3,c3,2025-02-20,1,USD\n")
    (folder / "rates.csv").write_text("date,from,to,rate\n2025-01-31,EUR,USD,2\n", encoding="utf-8")
    async with app_for(new).run_test(notifications=True, size=WIDE) as pilot:
        await to_files(pilot, "rates.csv")
        await choose(pilot, "rates.csv")
        text = await until(pilot, "1 past figure becomes known")
        assert "Jan 2025 MRR 520" in text
        assert "figures move" not in text


async def test_a_file_that_is_not_there_is_said(new: Path, folder: Path) -> None:
    async with app_for(new).run_test(notifications=True, size=WIDE) as pilot:
        await to_files(pilot, "subs.csv")
        await choose(pilot, "nowhere.csv")
        await until(pilot, "Nothing was imported.")
        await pilot.press("escape")
        await until(pilot, "Imports")


def test_counts_of_millions_do_not_run_into_each_other() -> None:
    many = FileOutcome("use.csv", "usage", "template", "", 1_000_000, 1_000_000, 0, 0, 0, (), ())
    assert file_line(many, NARROW[0] - 4, INKS["cstui-dark"]).plain.split()[-5:] == ["1.0M", "1.0M", "0", "0", "0"]
    assert file_line(many, WIDE[0] - 4, INKS["cstui-dark"]).plain.split()[-5:] == ["1.0M", "1.0M", "0", "0", "0"]
    thousands = replace(many, read=999_999, created=999_999)
    assert file_line(thousands, WIDE[0] - 4, INKS["cstui-dark"]).plain.split()[-5:-3] == ["999,999", "999,999"]


def test_sheets_of_one_workbook_are_told_apart_where_their_names_have_no_room() -> None:
    first = FileOutcome("accounts.xlsx › Subscriptions 2025", "subscriptions", "template", "", 1, 1, 0, 0, 0, (), ())
    lines = [file_line(replace(first, file=name), NARROW[0] - 4, INKS["cstui-dark"]).plain for name in (first.file, first.file[:-1] + "6")]
    assert ["2025" in lines[0], "2026" in lines[1]] == [True, True]
    idle = replace(first, kind="", source="purchase summary")
    assert all("not used, purc" in file_line(idle, size[0] - 4, INKS["cstui-dark"]).plain for size in (NARROW, WIDE))


class WaitingJob:
    """A job that reads until it is cancelled."""

    def __init__(self) -> None:
        self.stop = threading.Event()

    def preview(self, on_progress: Callable[[Progress], None] | None = None) -> ImportOutcome:
        while not self.stop.wait(0.02):
            if on_progress is not None:
                on_progress(Progress(620_000, 1_000_000, 12_000, "reading"))
        raise Cancelled

    def commit(self, on_progress: Callable[[Progress], None] | None = None, at: str = "") -> ImportOutcome:
        raise Cancelled

    def moves(self) -> tuple[Move, ...] | None:
        raise Cancelled

    def moved_by(self, metric: str, month: str) -> MovedBy | None:
        raise Cancelled

    def write_rejects(self, path: Path) -> tuple[Path, ...]:
        return ()

    def cancel(self) -> None:
        self.stop.set()

    def close(self) -> None:
        self.stop.set()


class WaitingDesk(FakeDesk):
    """A desk whose imports never end by themselves."""

    def job(self, path: Path, request: ImportRequest) -> Job:
        return WaitingJob()


async def test_reading_shows_progress_and_can_be_cancelled(folder: Path) -> None:
    async with app_for(Path("acme.db"), WaitingDesk()).run_test(notifications=True, size=WIDE) as pilot:
        await until(pilot, "What moved")
        await pilot.press("6")
        await until(pilot, "customers.csv")
        await choose(pilot, "customers.csv")
        text = await until(pilot, "62 %")
        assert "12,000 rows" in text
        await until(pilot, "rows/s")
        await pilot.press("escape")
        await until(pilot, "Cancelled. Nothing was changed.")


class SlowlyCancelled(WaitingJob):
    """One that takes its time to stop."""

    def __init__(self) -> None:
        super().__init__()
        self.stopped = threading.Event()

    def preview(self, on_progress: Callable[[Progress], None] | None = None) -> ImportOutcome:
        try:
            return super().preview(on_progress)
        finally:
            self.stopped.wait(60)


class SlowlyCancelledDesk(FakeDesk):
    """A desk with one such job."""

    def __init__(self) -> None:
        super().__init__()
        self.only = SlowlyCancelled()

    def job(self, path: Path, request: ImportRequest) -> Job:
        return self.only


async def test_what_was_cancelled_may_end_while_another_screen_is_in_front(folder: Path) -> None:
    """It closed the screen in front, and where that was the only one, the program."""
    desk = SlowlyCancelledDesk()
    async with app_for(Path("acme.db"), desk).run_test(notifications=True, size=WIDE) as pilot:
        await until(pilot, "What moved")
        await pilot.press("6")
        await until(pilot, "customers.csv")
        await choose(pilot, "customers.csv")
        await until(pilot, "62 %")
        await pilot.press("escape", "1")
        await until(pilot, "What moved")
        desk.only.stopped.set()
        await until(pilot, "Cancelled. Nothing was changed.")
        await pilot.press("6")
        await until(pilot, lambda text: "Files" in text and "62 %" not in text)
        assert len(pilot.app.screen_stack) == 1


class SlowlyImported(RealJob):
    """One that takes its time to write."""

    written = threading.Event()

    def commit(self, on_progress: Callable[[Progress], None] | None = None, at: str = "") -> ImportOutcome:
        self.written.wait(60)
        return super().commit(on_progress, at)


class SlowlyImportedDesk(RealDesk):
    """A desk with such jobs."""

    def job(self, path: Path, request: ImportRequest) -> Job:
        return SlowlyImported(path, request)


async def test_an_import_may_end_while_another_screen_is_in_front(new: Path, folder: Path) -> None:
    SlowlyImported.written.clear()
    async with app_for(new, SlowlyImportedDesk()).run_test(notifications=True, size=WIDE) as pilot:
        await to_files(pilot, "subs.csv")
        await choose(pilot, "subs.csv")
        await until(pilot, "4 rows read")
        await pilot.press("enter", "3")
        await until(pilot, "Nothing has been imported yet")
        SlowlyImported.written.set()
        await until(pilot, "4 customers")
        await pilot.press("6")
        await until(pilot, lambda text: "Files" in text and "subs.csv" in text and "4 rows read" not in text)
        assert len(pilot.app.screen_stack) == 1


async def test_quitting_while_reading_ends_the_job(folder: Path) -> None:
    app = app_for(Path("acme.db"), WaitingDesk())
    async with app.run_test(notifications=True, size=WIDE) as pilot:
        await until(pilot, "What moved")
        await pilot.press("6")
        await until(pilot, "customers.csv")
        await choose(pilot, "customers.csv")
        await until(pilot, "62 %")
        await pilot.press("q")
    assert app.return_code == 0


async def test_paths_complete_with_tab(new: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with app_for(new).run_test(notifications=True, size=WIDE) as pilot:
        await to_files(pilot, "subs.csv")
        await pilot.press("slash", "s", "u")
        await until(pilot, "subs.csv")
        while "subs.csv" not in pilot.app.screen.query_one("PathInput").value:  # type: ignore[attr-defined]
            await pilot.press("tab")
            await pilot.press("slash")
        await pilot.press("enter")
        await until(pilot, "4 rows read")


async def test_what_a_later_import_built_on_is_said_before_taking_back_and_ctrl_r_makes_it_again(new: Path, folder: Path) -> None:
    line = "subscription_id,customer_id,started_at,amount,currency\n"
    one(new, line + "s1,c1,2025-01-01,500,USD\ns2,c2,2025-03-01,1,USD\n")
    one(new, line + "s1,c1,2025-01-01,90,USD\n")
    async with app_for(new).run_test(notifications=True, size=WIDE) as pilot:
        await to_files(pilot, "subs.csv")
        pilot.app.screen.query_one("#log", Rows).focus()
        await pilot.press("u")
        text = await until(pilot, "Take back import 2?")
        assert "built on it" not in text
        await pilot.press("escape")
        await until_gone(pilot, "Take back import 2?")
        await pilot.press("down", "u")
        text = await until(pilot, "Take back import 1?")
        assert "Import 2 built on it: 1 row of subscriptions." in text
        await pilot.press("down", "enter")
        await until(pilot, "Import 1 taken back: ")
        assert subscriptions(new) == ["s1"], "what import 2 changed stays"
        await pilot.press("ctrl+r")
        await until(pilot, "Import 1 made again: ")
        await until(pilot, lambda text: not any("taken back" in line for line in text.splitlines()[4:8]))
        assert subscriptions(new) == ["s1", "s2"]
        await pilot.press("ctrl+r")
        await until(pilot, "was not taken back")


async def test_e_matches_customers_by_e_mail_then_by_domain_then_not(new: Path, folder: Path) -> None:
    one(new, "customer_id,name,email\nc-1,[/] Acme,ann@acme.com\nc-2,Zoe,zoe@gmail.com\n")
    (folder / "web.csv").write_text("customer_id,plan,email\nweb-1,pro,ANN@acme.com\nweb-2,pro,new@acme.com\nweb-3,pro,x@gmail.com\n")
    async with app_for(new).run_test(notifications=True, size=WIDE) as pilot:
        await to_files(pilot, "web.csv")
        await choose(pilot, "web.csv")
        assert "3 create" in await until(pilot, "3 rows read")
        await pilot.press("e")
        text = await until(pilot, "Matched by e-mail: 1 row joins a known customer")
        assert "2 create · 1 update" in text
        assert "web-1 joins c-1 (same e-mail: ann@acme.com)" in " ".join(text.split())
        await pilot.press("e")
        text = await until(pilot, "Matched by e-mail or domain: 2 rows join a known customer")
        assert "web-2 joins c-1 (same domain: acme.com)" in " ".join(text.split())
        await pilot.press("e")
        await until(pilot, lambda text: "3 create" in text and "Matched by" not in text)
        await pilot.press("e")
        await until(pilot, "Matched by e-mail: 1 row joins")
        await pilot.press("enter")
        await until(pilot, "Import 2 done")
    assert customers(new) == 4


async def test_d_shows_the_selected_line_whole(new: Path, folder: Path) -> None:
    async with app_for(new).run_test(notifications=True, size=NARROW) as pilot:
        await to_files(pilot, "broken.csv")
        await choose(pilot, "broken.csv")
        await until(pilot, "refused   line, column, value, reason")
        pilot.app.screen.query_one("#findings", Rows).focus()
        await pilot.press("j", "d")
        text = await until(pilot, "Line 6, amount")
        assert "not-a-number" in text
        await pilot.press("escape")
        await until_gone(pilot, "Line 6, amount")


async def test_d_shows_the_file_after_it_was_read_again(new: Path, folder: Path) -> None:
    one(new, "customer_id,name,email\nc-1,Acme,ann@acme.com\n")
    (folder / "web.csv").write_text("customer_id,plan,email\nweb-1,pro,ann@acme.com\n")
    async with app_for(new).run_test(notifications=True, size=WIDE) as pilot:
        await to_files(pilot, "web.csv")
        await choose(pilot, "web.csv")
        await until(pilot, "1 row read")
        await pilot.press("e")
        await until(pilot, "Matched by e-mail: 1 row joins")
        await pilot.press("d")
        await until(pilot, "│ web.csv, read as utf-8")


async def test_d_where_nothing_could_be_read_does_nothing(new: Path, folder: Path) -> None:
    (folder / "days.csv").write_text("customer_id,date,sessions\nc-1,03/04/2026,2\nc-2,05/06/2026,1\n", encoding="utf-8")
    async with app_for(new).run_test(notifications=True, size=NARROW) as pilot:
        await to_files(pilot, "days.csv")
        await choose(pilot, "days.csv")
        await until(pilot, "03/04/2026")
        await pilot.press("escape")
        await until(pilot, lambda text: "Nothing was imported." in text and "keys" not in text)
        for _ in range(3):
            await pilot.press("shift+tab", "d")
        await until(pilot, "Nothing was imported.")


async def test_d_on_a_file_shows_every_refused_row_and_scrolls(new: Path, folder: Path) -> None:
    header = "subscription_id,customer_id,started_at,amount\n"
    rows = [f"s-{number},c-{number},2026-10-10,many{number}\n" for number in range(30)]
    (folder / "many.csv").write_text(f"{header}{''.join(rows)}s-99,c-1,2026-10-10,5\n")
    async with app_for(new).run_test(notifications=True, size=NARROW) as pilot:
        await to_files(pilot, "many.csv")
        await choose(pilot, "many.csv")
        await until(pilot, "30 refuse")
        await pilot.press("d")
        text = await until(pilot, "Line 3, amount “many1”")
        assert "30 rows refused" in text
        await pilot.press("end")
        await until(pilot, "Line 31, amount “many29”")


async def test_headers_and_fields_stand_whole_in_the_preview(new: Path, folder: Path) -> None:
    header = "Customer reference number,Registered with the desk on,Name of the customer,Regional headquarters"
    (folder / "long.csv").write_text(f"{header}\nc-1,2026-10-10,Acme,North\n")
    mapping = {"customer_id": "Customer reference number", "created_at": "Registered with the desk on"}
    request = ImportRequest((str(folder / "long.csv"),), "customers", mapping, day=20_000, at="2026-11-21T00:00:00Z")
    for size in (WIDE, NARROW):
        async with app_for(new).run_test(notifications=True, size=size) as pilot:
            await until(pilot, "no data yet")
            await pilot.app.push_screen(PreviewScreen(request))
            text = await until(pilot, "1 row read")
            for found in (r"Customer reference number +→ customer_id", r"Registered with the desk on +→ created_at"):
                assert re.search(found, text)


async def test_u_passes_over_an_import_that_changed_nothing(new: Path, folder: Path) -> None:
    for _ in range(2):
        one(new, "subscription_id,customer_id,started_at,amount,currency\ns1,c1,2025-01-01,500,USD\n")
    async with app_for(new).run_test(notifications=True, size=WIDE) as pilot:
        await to_files(pilot, "subs.csv")
        await pilot.press("u")
        text = await until(pilot, "Take back import 1?")
        assert "Passed over: import 2, which changed nothing." in text
        await pilot.press("down", "enter")
        await until(pilot, "Import 1 taken back: 1 row reversed")
        await pilot.press("u")
        await until(pilot, "There is no import to take back.")


async def test_a_folder_with_pipes_and_links_to_nowhere_is_listed_and_none_of_them_holds_it_up(new: Path, folder: Path) -> None:
    os.mkfifo(folder / "a-pipe.csv")
    (folder / "b-loop.csv").symlink_to("b-loop.csv")
    (folder / "c-lost.csv").symlink_to("nowhere.csv")
    async with app_for(new).run_test(notifications=True, size=WIDE) as pilot:
        await to_files(pilot, "customers.csv")
        text = await until(pilot, "a-pipe.csv")
        named = [line.split() for line in text.splitlines()]
        for name in ("a-pipe.csv", "b-loop.csv", "c-lost.csv"):
            assert any(line[:1] == [name] and "file" in line for line in named), text
        for name, why in (("a-pipe.csv", "is a pipe, not a file"), ("b-loop.csv", "symbolic links"), ("c-lost.csv", "No such file")):
            await choose(pilot, name)
            await until(pilot, lambda text, why=why: why in " ".join(text.split()))  # type: ignore[misc]  # a long path wraps
            await pilot.press("escape")
            await until(pilot, "space mark")
