"""Workbooks and archives in the import screen: what is said of one table holds for it alone."""

from __future__ import annotations

import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import openpyxl

from cstui.desk.import_again import again as request_of
from cstui.store.workspace import Workspace
from cstui.ui.widgets.rows import Rows
from tests.pilot.driving import NARROW, WIDE, app_for, until
from tests.pilot.test_import import choose, to_files

HEADER = ["payment_id", "customer_id", "amount", "currency", "paid_at"]


def days(path: Path) -> dict[str, str]:
    with sqlite3.connect(path) as db:
        return dict(db.execute("SELECT payment_id, date(paid_at * 86400, 'unixepoch') FROM payment"))


async def test_each_sheet_of_a_workbook_is_asked_which_number_is_the_day(new: Path, folder: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Europe"  # type: ignore[union-attr]  # a new workbook has a sheet
    book.create_sheet("America")
    for sheet in book.worksheets:
        for row in (HEADER, [f"{sheet.title[0]}1", "a", 10, "EUR", "03/04/2026"], [f"{sheet.title[0]}2", "b", 12, "EUR", "05/06/2026"]):
            sheet.append(row)
    book.save(folder / "both.xlsx")
    async with app_for(new).run_test(notifications=True, size=NARROW) as pilot:
        await to_files(pilot, "both.xlsx")
        await choose(pilot, "both.xlsx")
        text = await until(pilot, "Which is the day?")
        assert "both.xlsx › Europe" in text
        await pilot.press("enter")  # day, month, year
        await until(pilot, "both.xlsx › America")
        await until(pilot, "Which is the day?")
        await pilot.press("down", "enter")  # month, day, year
        await until(pilot, "4 rows read")
        # And again for one of them, from the preview, where the cursor is on the last one that was asked about.
        await pilot.press("home", "t")
        await until(pilot, "How does the file write dates?")
        await pilot.press("down", "enter")
        await until(pilot, "4 rows read")
        await pilot.press("enter")
        await until(pilot, "Import 1 done")
    assert days(new) == {"E1": "2026-03-04", "E2": "2026-05-06", "A1": "2026-03-04", "A2": "2026-05-06"}


async def test_each_file_of_an_archive_is_read_as_an_encoding_of_its_own(new: Path, folder: Path) -> None:
    with zipfile.ZipFile(folder / "two.zip", "w") as archive:
        archive.writestr("east.csv", "customer_id,name\nf1,سارة\n".encode("cp1256"))
        archive.writestr("west.csv", "customer_id,name\nw1,Müller\n".encode("cp1252"))
    async with app_for(new).run_test(notifications=True, size=WIDE) as pilot:
        await to_files(pilot, "two.zip")
        await choose(pilot, "two.zip")
        await until(pilot, "2 rows read")
        files = pilot.app.screen.query_one("#files", Rows)
        names = [files.line_text(at) for at in range(2)]
        await pilot.press(*["down"] * next(at for at, name in enumerate(names) if "east" in name), "o")
        await until(pilot, "Read the file as")
        await pilot.press("end", "enter")  # UTF-16, which its bytes can't be
        await until(pilot, "Nothing was imported.")
        await pilot.press("o")
        await until(pilot, "Read the file as")
        await pilot.press("end", "up", "enter")  # Windows Western
        await until(pilot, "2 rows read")
        await pilot.press("enter")
        await until(pilot, "Import 1 done")
    with sqlite3.connect(new) as db:
        found = dict(db.execute("SELECT customer_id, name FROM customer"))
    assert found == {"f1": "سارة".encode("cp1256").decode("cp1252"), "w1": "Müller"}


async def test_one_sheet_of_a_workbook_is_read_alone_by_keys_and_again(new: Path, folder: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Old copy"  # type: ignore[union-attr]  # a new workbook has a sheet
    book.create_sheet("Sums").append(["just", "words"])
    book.create_sheet("New ق")
    for sheet, amount in zip((book.worksheets[0], book.worksheets[2]), (1, 2), strict=True):
        for row in (HEADER, [f"p{amount}", "a", amount, "EUR", "2026-03-14"]):
            sheet.append(row)
    book.save(folder / "book.xlsx")
    (folder / "more.csv").write_text(",".join(HEADER) + "\nm1,b,7,EUR,2026-03-15\n")
    async with app_for(new).run_test(notifications=True, size=WIDE) as pilot:
        await to_files(pilot, "book.xlsx")
        await choose(pilot, "more.csv")
        text = await until(pilot, "1 row read")
        assert "s sheet" not in text
        await pilot.press("s")
        await until(pilot, "more.csv holds one table alone.")
        await pilot.press("escape")
        await until(pilot, "type or paste a path")
        rows = pilot.app.screen.query_one("#files", Rows)
        for name in ("book.xlsx", "more.csv"):
            rows.cursor = next(at for at in range(20) if name in rows.line_text(at))
            await pilot.press("space")
        await pilot.press("enter")
        assert "s sheet" in await until(pilot, "3 rows read")
        await pilot.press("s")
        text = await until(pilot, "Which table of book.xlsx?")
        assert "all that fit" in text
        await pilot.press("end", "enter")  # New ق
        text = await until(pilot, "2 rows read")
        assert "Old copy" not in text
        await pilot.press("s", "home", "enter")
        await until(pilot, "3 rows read")
        await pilot.press("s", "end", "enter")
        await until(pilot, "2 rows read")
        await pilot.press("enter")
        await until(pilot, "Import 1 done")
    assert days(new) == {"p2": "2026-03-14", "m1": "2026-03-15"}
    with closing(Workspace.open(new)) as workspace:
        assert request_of(workspace, 20_778, "2026-11-21T10:00:00Z").said_of(str(folder / "book.xlsx")).sheet == "New ق"
