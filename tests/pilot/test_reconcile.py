"""Reconciling by keys: from the import screen and from the preview, to the customer and back; another encoding; errors."""

from __future__ import annotations

import re
from pathlib import Path

from cstui.ui.widgets.rows import Rows
from tests.pilot.driving import NARROW, WIDE, app_for, until
from tests.pilot.test_import import choose, to_files
from tests.unit.store.import_calls import one

SUBS = """subscription_id,customer_id,started_at,amount,currency,discount
s1,c1,2026-01-01,500,USD,
s2,c2,2026-01-01,50,USD,10
s3,c3,2026-03-31,1,USD,
"""
MRR = "Customer ID,Customer,Currency,2026-02\nc1,Acme,usd,500\nc2,[/] Bo,usd,50\nc9,Stranger,usd,5\n"


async def test_every_difference_is_listed_and_opens_its_customer(new: Path, folder: Path) -> None:
    one(new, SUBS)
    (folder / "aaa.csv").write_text(MRR, encoding="utf-8")
    async with app_for(new).run_test(notifications=True, size=WIDE) as pilot:
        await to_files(pilot, "aaa.csv")
        await pilot.press("g", "down", "c")
        text = await until(pilot, "2 differences")
        assert "Feb 2026" in text
        assert "discount" in text
        assert "+$10.00" in text
        await pilot.press("t", "enter", "y")
        await until(pilot, "Copied.")
        assert "2026-02" in pilot.app.clipboard
        rows = pilot.app.screen.query_one("#differences", Rows)
        stranger = next(index for index in range(rows.count) if "missing here" in rows.line_text(index))
        rows.cursor = stranger
        await pilot.press("enter")
        await until(pilot, "the file alone knows them")
        rows.cursor = 1 - stranger
        await pilot.press("enter")
        await until(pilot, lambda text: "2 differences" not in text and "c2" in text)
        await pilot.press("escape")
        await until(pilot, "2 differences")


async def test_our_side_of_a_month_and_of_a_difference_is_explained(new: Path, folder: Path) -> None:
    one(new, f"{SUBS}s4,c3,2026-01-15,7,EUR,\n")
    (folder / "aaa.csv").write_text(MRR, encoding="utf-8")
    async with app_for(new).run_test(notifications=True, size=WIDE) as pilot:
        await to_files(pilot, "aaa.csv")
        await pilot.press("g", "down", "c")
        await until(pilot, "3 differences")
        rows = pilot.app.screen.query_one("#differences", Rows)
        rows.cursor = next(index for index in range(rows.count) if "missing here" in rows.line_text(index))
        await pilot.press("e")
        await until(pilot, "the file alone knows them")
        rows.cursor = next(index for index in range(rows.count) if "discount" in rows.line_text(index))
        await pilot.press("e")
        text = await until(pilot, "1 row ")
        assert "Our MRR   $40" in text
        assert "theirs  $50" in text
        assert "discount  $10" in text
        await pilot.press("escape", "t", "g", "e")
        text = await until(pilot, "Our MRR   €7")
        assert "s4" in text
        await pilot.press("escape")
        await until(pilot, "3 differences")
        await pilot.press("j", "e")
        text = await until(pilot, "2 rows")
        assert "Our MRR   $540" in text
        assert re.search(r"s1 .*500 .*:2", text)
        assert re.search(r"s2 .*40 .*:3", text)
        await pilot.press("enter")
        await until(pilot, lambda text: "Our MRR" not in text and "c1" in text)


async def test_a_file_made_for_it_is_offered_by_the_preview_at_80_columns(new: Path, folder: Path) -> None:
    one(new, SUBS)
    (folder / "aaa.csv").write_text(MRR.replace("c9,Stranger,usd,5\n", "").replace("usd,50\n", "usd,40\n"), encoding="utf-8")
    async with app_for(new).run_test(notifications=True, size=NARROW) as pilot:
        await to_files(pilot, "aaa.csv")
        await choose(pilot, "aaa.csv")
        await until(pilot, "c compares it with the MRR here")
        await pilot.press("c")
        await until(pilot, "Both agree on every customer and month.")


async def test_months_after_the_data_are_said_to_be_left_out(new: Path, folder: Path) -> None:
    one(new, SUBS)
    text = "Customer ID,Customer,Currency,2026-02,2031-01,2031-02\nc1,Acme,usd,490,1,1\n"
    (folder / "aaa.csv").write_text(text, encoding="utf-8")
    async with app_for(new).run_test(notifications=True, size=NARROW) as pilot:
        await to_files(pilot, "aaa.csv")
        await pilot.press("g", "down", "c")
        await until(pilot, "Not compared, as the data ends before: 2 months from Jan 2031 on.")


async def test_another_file_says_why_it_is_not_compared(new: Path, folder: Path) -> None:
    one(new, SUBS)
    async with app_for(new).run_test(notifications=True, size=WIDE) as pilot:
        await to_files(pilot, "broken.csv")
        await pilot.press("g", "down", "c")
        await until(pilot, "is no MRR per subscriber")


async def test_the_preview_says_the_encoding_and_reads_it_as_another(new: Path, folder: Path) -> None:
    (folder / "aaa.csv").write_bytes("customer_id,name\nc1,سلام\n".encode("cp1256"))
    async with app_for(new).run_test(notifications=True, size=WIDE) as pilot:
        await to_files(pilot, "aaa.csv")
        await choose(pilot, "aaa.csv")
        text = await until(pilot, "read as cp1256")
        assert "سلام" in text
        await pilot.press("o")
        await until(pilot, "Read the file as")
        await pilot.press("down", "enter")
        text = await until(pilot, "read as cp1252")
        assert "سلام" not in text
