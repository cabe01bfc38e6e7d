"""Known exports in the import screen: several kinds from one file, and a file of no use that says why."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

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
        text = await until(pilot, "4 rows read")
        assert "shopify payments" in text
        assert "shopify customers" in text
        assert "4 create" in text
        await pilot.press("enter")
        await until(pilot, "Import 1 done")
    with sqlite3.connect(new) as db:
        assert db.execute("SELECT payment_id, amount, status FROM payment ORDER BY 1").fetchall() == [
            ("#1001", 4500, "paid"),
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
        await until(pilot, "2 rows read")
        await pilot.press("m")
        text = await until(pilot, "Columns for payments")
        assert "Amount − Amount Refunded" not in text
        assert "Created (UTC)" in text


async def test_a_file_of_no_use_says_why(new: Path, exports: Path) -> None:
    async with app_for(new).run_test(notifications=True, size=WIDE) as pilot:
        await to_files(pilot, "cards.csv")
        await choose(pilot, "cards.csv")
        await until(pilot, "no customer, subscription or payment")
