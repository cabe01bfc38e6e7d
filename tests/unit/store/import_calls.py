"""Importing in this process, without the child: what the tests of the import's meaning share."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from cstui.desk.import_request import ImportRequest
from cstui.desk.import_session import Session
from cstui.desk.importing import FileOutcome, ImportOutcome

AT, DAY = "2026-11-21T00:00:00Z", 20_778
FACTS = ("customer", "subscription", "payment", "interaction", "survey", "traffic", "cost", "exchange_rate")
DERIVED = (
    "mrr_steps", "mrr_month", "customer_plan", "customer_attr", "payment_day", "payment_who", "answer_month", "answer_who", "coverage",
    "coverage_day",
)  # fmt: skip


def bring(workspace: Path, *contents: str, commit: bool = True, today: int = DAY, end: str = "csv", **wishes: Any) -> ImportOutcome:  # noqa: ANN401  # the fields of an ImportRequest
    """Import texts as files of one call, on the day `today`; `end` is that of their names."""
    paths = []
    for index, content in enumerate(contents):
        path = workspace.parent / f"file{index}.{end}"
        path.write_text(content, encoding="utf-8")
        paths.append(str(path))
    session = Session(workspace, ImportRequest(tuple(paths), day=today, at=AT, **wishes), lambda _: None)
    try:
        preview = session.preview()
        return session.commit() if commit else preview
    finally:
        session.close()


def one(workspace: Path, content: str, **wishes: Any) -> FileOutcome:  # noqa: ANN401  # the same
    """Import one CSV text."""
    return bring(workspace, content, **wishes).files[0]


def counts(outcome: FileOutcome) -> tuple[int, int, int, int, int]:
    """Read, created, updated, unchanged, refused."""
    return (outcome.read, outcome.created, outcome.updated, outcome.unchanged, outcome.refused)


def select(workspace: Path, sql: str) -> list[tuple[Any, ...]]:
    """Rows of a query."""
    db = sqlite3.connect(workspace)
    try:
        return db.execute(sql).fetchall()
    finally:
        db.close()


def content(workspace: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that facts and figures rest on, customers by their own ids, with the line each fact came from."""
    names = "(SELECT c.fold FROM customer AS c WHERE c.id = t.customer_id)"
    found: dict[str, list[tuple[Any, ...]]] = {}
    for table in (*FACTS, *DERIVED):
        columns = [row[1] for row in select(workspace, f"SELECT * FROM pragma_table_info('{table}')")]
        wanted = [
            names if name == "customer_id" and table != "customer" else f't."{name}"' for name in columns if name not in {"id", "file_id"}
        ]
        found[table] = sorted(select(workspace, f"SELECT {', '.join(wanted)} FROM {table} AS t"), key=repr)
    found["setting"] = select(workspace, "SELECT name, value FROM setting ORDER BY name")
    found["as_of"] = select(workspace, "SELECT as_of FROM state")
    return found
