"""Known exports in the import screen: several kinds from one file, and a file of no use that says why."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from cstui.ui.screens.choices import ListDialog
from cstui.ui.widgets.rows import Rows
from tests.pilot.driving import WIDE, app_for, until
from tests.pilot.test_import import choose, to_files

SOURCES = Path(__file__).parents[1] / "data" / "sources"


@pytest.fixture
def exports(folder: Path) -> Path:
    for name in ("shopify_orders.csv", "stripe_payments.csv"):
        (folder / name).write_bytes((SOURCES / name).read_bytes())
    (folder / "cards.csv").write_text("id,_fivetran_synced,brand\npm_1,2021-01-24,visa\n", encoding="utf-8")
    return folder


async def test_an_order_export_is_previewed_and_imported_as_payments_and_customers(new: Path, exports: Path) -> None:
    async with app_for(new).run_test(notifications=True, size=WIDE) as pilot:
        await to_files(pilot, "shopify_orders.csv")
        await choose(pilot, "shopify_orders.csv")
        text = await until(pilot, "5 rows read")
        assert "shopify payments" in text
        assert "shopify customers" in text
        assert "5 create" in text
        await pilot.press("enter")
        await until(pilot, "Import 1 done")
    with sqlite3.connect(new) as db:
        assert db.execute("SELECT payment_id, amount, status FROM payment ORDER BY 1").fetchall() == [
            ("#1001", 5000, "paid"),
            ("#1001-refund", 500, "paid"),
            ("#1002", 900, "open"),
        ]
        assert db.execute("SELECT customer_id, name FROM customer ORDER BY 1").fetchall() == [
            ("ada@x.example", "Ada Byron"),
            ("bo@x.example", "Bo"),
        ]


async def test_columns_of_a_known_export_can_still_be_mapped(new: Path, exports: Path) -> None:
    async with app_for(new).run_test(notifications=True, size=WIDE) as pilot:
        await to_files(pilot, "stripe_payments.csv")
        await choose(pilot, "stripe_payments.csv")
        await until(pilot, "3 rows read")
        await pilot.press("m")
        text = await until(pilot, "Columns for payments")
        assert "Amount − Amount Refunded" not in text
        assert "Created (UTC)" in text


async def test_mapping_one_kind_of_a_known_export_leaves_its_other_kinds_and_its_words_as_they_are(new: Path, exports: Path) -> None:
    async with app_for(new).run_test(notifications=True, size=WIDE) as pilot:
        await to_files(pilot, "shopify_orders.csv")
        await choose(pilot, "shopify_orders.csv")
        await until(pilot, "5 rows read")
        await pilot.press("m")
        await until(pilot, "Columns for payments")
        text = await until(pilot, "First rows as they would be kept")
        assert "status paid" in text, "read by the words of the export, not by hand"
        fields = pilot.app.screen.query_one("#fields", Rows)
        columns = pilot.app.screen.query_one("#columns", Rows)
        await pilot.press("g")
        while "customer_id" not in fields.line_text(fields.cursor):
            await pilot.press("down")
        await pilot.press("enter", "g")
        while not columns.line_text(columns.cursor).strip().startswith("Billing Name"):
            await pilot.press("down")
        await pilot.press("enter")
        await until(pilot, "customer_id Ada Byron")
        await pilot.press("ctrl+s")
        text = await until(pilot, "5 rows read")
        assert "shopify payments" in text
        assert "shopify customers" in text
        await pilot.press("enter")
        await until(pilot, "Import 1 done")
    with sqlite3.connect(new) as db:
        found = db.execute(
            "SELECT payment_id, status, c.customer_id FROM payment JOIN customer AS c ON c.id = payment.customer_id ORDER BY 1"
        )
        assert found.fetchall() == [("#1001", "paid", "Ada Byron"), ("#1001-refund", "paid", "Ada Byron"), ("#1002", "open", "Bo")]
        assert db.execute("SELECT customer_id FROM customer WHERE NOT stub ORDER BY 1").fetchall() == [
            ("ada@x.example",),
            ("bo@x.example",),
        ]


async def test_a_field_of_a_known_export_can_be_taken_away(new: Path, exports: Path) -> None:
    async with app_for(new).run_test(notifications=True, size=WIDE) as pilot:
        await to_files(pilot, "shopify_orders.csv")
        await choose(pilot, "shopify_orders.csv")
        await until(pilot, "5 rows read")
        await pilot.press("down", "m")
        await until(pilot, "Columns for customers")
        await until(pilot, "First rows as they would be kept")
        fields = pilot.app.screen.query_one("#fields", Rows)
        await pilot.press("g")
        while fields.line_text(fields.cursor).split()[0] != "email":
            await pilot.press("down")
        await pilot.press("backspace", "ctrl+s")
        await until(pilot, "5 rows read")
        await pilot.press("enter")
        await until(pilot, "Import 1 done")
    with sqlite3.connect(new) as db:
        assert db.execute("SELECT DISTINCT email FROM customer").fetchall() == [(None,)]
        assert db.execute("SELECT count(*) FROM payment").fetchone() == (3,)


async def test_a_file_of_no_use_says_why(new: Path, exports: Path) -> None:
    async with app_for(new).run_test(notifications=True, size=WIDE) as pilot:
        await to_files(pilot, "cards.csv")
        await choose(pilot, "cards.csv")
        await until(pilot, "no customer, subscription or payment")


async def test_what_every_row_of_a_report_shares_is_given_by_keys(new: Path, exports: Path) -> None:
    """The day of a report stands above its header: it is offered, taken with enter, and changed with v."""
    report = (
        "# ----\n# Start date: 20260901\n# End date: 20260930\n# ----\n\nCountry,Active users,Engagement rate\nIran,7,0.5\nOman,5,0.4\n"
    )
    (exports / "ga4.csv").write_text(report, encoding="utf-8")
    async with app_for(new).run_test(notifications=True, size=WIDE) as pilot:
        await to_files(pilot, "ga4.csv")
        await choose(pilot, "ga4.csv")
        text = await until(pilot, "date of every row of traffic")
        assert "2026-09-30" in text
        assert "read as utf-8; o reads it as another" in text
        await pilot.press("enter")
        await until(pilot, "Of every row without its own: date 2026-09-30")
        await pilot.press("v")
        await until(pilot, "One value for every row")
        await pilot.press("enter", *"2026", "minus", *"09", "minus", *"29", "enter")
        await until(pilot, lambda text: "date 2026-09-29" in text and "1 row read" in text)
        await pilot.press("enter")
        await until(pilot, "Import 1 done")
    with sqlite3.connect(new) as db:
        assert db.execute("SELECT date(date * 86400, 'unixepoch'), visits FROM traffic").fetchall() == [("2026-09-29", 12)]


async def test_a_column_of_ones_own_is_no_trouble_in_the_mapping(new: Path, folder: Path) -> None:
    (folder / "seated.csv").write_text("customer_id,name,seats\nc-1,Ann,4\n", encoding="utf-8")
    async with app_for(new).run_test(notifications=True, size=WIDE) as pilot:
        await to_files(pilot, "seated.csv")
        await choose(pilot, "seated.csv")
        await until(pilot, "1 row read")
        await pilot.press("d")
        await until(pilot, lambda text: "esc back" in text and "it has customer_id" in text)
        await pilot.press("escape", "m")
        text = await until(pilot, "First rows as they would be kept")
        assert "There is no field" not in text


async def test_a_value_given_to_one_of_several_files_touches_that_one_alone(new: Path, folder: Path) -> None:
    """Also where two files have the same name, in two folders."""
    (folder / "more").mkdir()
    head = "subscription_id,customer_id,started_at,amount,currency\n"
    (folder / "subs.csv").write_text(head + "s-1,c-1,2026-07-05,10,\n", encoding="utf-8")
    (folder / "more" / "subs.csv").write_text(head + "s-2,c-1,2026-07-05,10,\n", encoding="utf-8")
    async with app_for(new).run_test(notifications=True, size=WIDE) as pilot:
        await to_files(pilot, "subs.csv")
        rows = pilot.app.screen.query_one("#files", Rows)
        await pilot.press("g")
        while "subs.csv" not in rows.line_text(rows.cursor):
            await pilot.press("down")
        await pilot.press("space", "slash", *"more", "slash", *"subs", "full_stop", *"csv", "enter")
        await until(pilot, "2 rows read")
        await pilot.press("down", "v")
        await until(pilot, "One value for every row")
        screen = pilot.app.screen
        assert isinstance(screen, ListDialog)
        fields = [line.plain.split()[0] for line, _ in screen._lines]
        await pilot.press(*["down"] * fields.index("currency"), "enter", *"EUR", "enter")
        await until(pilot, lambda text: "Of every row of subs.csv without its own: currency EUR" in text and "2 rows read" in text)
        assert pilot.app.screen.query_one("#files", Rows).cursor == 1, "on the file that was read again, not on its namesake"
        await pilot.press("enter")
        await until(pilot, "Import 1 done")
    with sqlite3.connect(new) as db:
        assert db.execute("SELECT subscription_id, currency FROM subscription ORDER BY 1").fetchall() == [("s-1", "USD"), ("s-2", "EUR")]
