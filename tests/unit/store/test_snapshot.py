"""Rows of sources that show only the present: each is compared with its own earlier versions, and with no other row."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from cstui.store import schema, snapshot
from tests.unit.store.import_calls import DAY, bring, select

LIST = "رقم العميل,تاريخ البدء,مبلغ ماهانه,NPS\n"


@pytest.fixture
def staged() -> Iterator[sqlite3.Connection]:
    """An empty workspace with the staging tables that are looked at."""
    with closing(sqlite3.connect(":memory:")) as db:
        schema.make_tables(db)
        for kind in ("subscription", "survey"):
            columns = ", ".join(row[1] for row in db.execute(f"SELECT * FROM pragma_table_info('{kind}')") if row[1] not in {"id", "line"})
            db.execute(f"CREATE TABLE s_{kind}(seq INTEGER PRIMARY KEY, file INTEGER, line INTEGER, {columns.replace('file_id, ', '')})")
        db.execute("CREATE TABLE s_opens(file INTEGER, line INTEGER, day INTEGER)")
        yield db


@pytest.mark.parametrize("sql", [snapshot._VERSIONS, snapshot._STILL, snapshot._SCORES])
def test_no_row_is_compared_with_every_other(staged: sqlite3.Connection, sql: str) -> None:
    plan = [str(step[3]) for step in staged.execute(f"EXPLAIN QUERY PLAN {sql}", {"file": 0, "day": DAY})]
    assert any(step.startswith("SEARCH o ") for step in plan), plan
    for table in ("o", "v", "p"):
        steps = [step for step in plan if step.startswith((f"SCAN {table} ", f"SEARCH {table} ")) or step == f"SCAN {table}"]
        assert all("INDEX" in step for step in steps), plan


def test_scores_without_a_day_are_new_answers_only_where_they_changed(tmp_path: Path) -> None:
    workspace = tmp_path / "desk.db"
    odd = ("c[1]", "c*", "c?", "c@2026", "c")
    bring(workspace, LIST + "".join(f"{name},2026-01-01,10,{at}\n" for at, name in enumerate(odd)))
    (people, _, scores) = bring(workspace, LIST + "".join(f"{name},2026-01-01,10,{at}\n" for at, name in enumerate(odd))).files
    assert (people.unchanged, scores.unchanged) == (5, 5)
    (*_, scores) = bring(workspace, LIST + "".join(f"{name},2026-01-01,10,9\n" for name in odd)).files
    assert (scores.created, scores.updated) == (0, 5)  # on the same day a score is put right
    assert select(workspace, "SELECT count(*), min(score), max(score) FROM survey") == [(5, "9", "9")]


def test_of_several_rows_of_one_subscription_the_last_says_whether_it_has_changed(tmp_path: Path) -> None:
    workspace = tmp_path / "desk.db"
    twice = LIST + "c,2026-01-01,0,4\nc,2026-01-01,50,7\nd,2026-01-01,60,\nd,2026-01-01,,5\n"
    bring(workspace, twice)
    for day in (DAY, DAY + 3):
        assert [(file.created, file.updated) for file in bring(workspace, twice, today=day).files] == [(0, 0)] * 3
    assert select(workspace, "SELECT subscription_id, amount FROM subscription ORDER BY 1") == [("c", 5000), ("d", 6000)]
    assert select(workspace, "SELECT score FROM survey ORDER BY 1") == [("5",), ("7",)]
