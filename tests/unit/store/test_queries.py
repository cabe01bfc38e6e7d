"""Every named query is valid against an empty workspace, and the hot ones never scan what an index answers."""

from __future__ import annotations

import re
import sqlite3
from importlib.resources import files
from pathlib import Path

import pytest

from cstui.store import by_hand, rollups, schema
from cstui.store.workspace import connect

NAMES = sorted(item.name for item in files("cstui.store").joinpath("queries").iterdir() if item.name.endswith(".sql"))
BY_INDEX = {
    "touched_rows": "SEARCH s USING INDEX subscription_customer",
    "cancelled_rows": "SEARCH s USING INTEGER PRIMARY KEY",
    "paid_days": "SEARCH payment_day USING PRIMARY KEY",
    "customer_payments": "SEARCH p USING INDEX payment_customer",
    "customer_subscriptions": "SEARCH s USING INDEX subscription_customer",
}
"""Query → how it finds the rows of a table of facts."""


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> sqlite3.Connection:
    path = tmp_path_factory.mktemp("queries") / "empty.db"
    schema.create_private(path)
    schema.migrate(path)
    db = connect(path)
    rollups.prepare(db)
    return db


def explain(db: sqlite3.Connection, name: str) -> list[str]:
    text = files("cstui.store").joinpath("queries", name).read_text(encoding="utf-8")
    bound = dict.fromkeys(re.findall(r":([a-z_]+)", text), "[]")
    return [str(step[3]) for step in db.execute(f"EXPLAIN QUERY PLAN {text}", bound)]


def test_there_are_queries() -> None:
    assert len(NAMES) > 10


@pytest.mark.parametrize("name", NAMES)
def test_a_query_is_valid(empty: sqlite3.Connection, name: str) -> None:
    assert explain(empty, name)


@pytest.mark.parametrize("name", BY_INDEX)
def test_hot_queries_find_their_rows_by_index(empty: sqlite3.Connection, name: str) -> None:
    plan = explain(empty, f"{name}.sql")
    assert any(step.startswith(BY_INDEX[name]) for step in plan), plan
    assert not any(step.startswith(("SCAN s", "SCAN p", "SCAN subscription", "SCAN payment")) for step in plan), plan


@pytest.mark.parametrize("name", [name for name in NAMES if re.search(r"_some\.sql|(?<!as)_of\.sql", name)])
def test_what_asks_of_some_customers_reads_no_table_whole(empty: sqlite3.Connection, name: str) -> None:
    plan = explain(empty, name)
    assert not [step for step in plan if step.startswith("SCAN") and "VIRTUAL TABLE" not in step], plan


def test_the_repository_has_no_other_sql_folder() -> None:
    root = Path(__file__).resolve().parents[3] / "cstui"
    assert {path.parent.name for path in root.rglob("*.sql")} <= {"queries", "migrations"}


@pytest.mark.parametrize(
    "name", ["touched_attr", "touched_plan", "touched_plans", "touched_rows", "touched_siblings", "touched_steps", "touched_trials"]
)
def test_what_is_done_by_hand_goes_through_nobody_else_s_rows(empty: sqlite3.Connection, name: str) -> None:
    by_hand.touch(empty, [1])
    scans = {step.split()[1] for step in explain(empty, f"{name}.sql") if step.startswith("SCAN")}
    assert scans <= {"t", "a", "(subquery-2)", "(subquery-10)"}, scans
