"""Customers named in every row of their subscriptions come in as from a list of their own, row for row: created, changed, left, refused."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from cstui.desk.importing import FileOutcome
from tests.unit.store.import_calls import bring, select

IDS = st.sampled_from(["c-1", "C-1", "c-2", "c-3", " c-3 ", "", "  "])
NAMES = st.sampled_from(["Acme", "Acme Ltd", "شرکت نور", "شركت نور", "", " ", "[/]", "'=1+1"])
EMAILS = st.sampled_from(["a@example.com", "", "b@example.com"])
NOT_NEEDED = st.sampled_from([("2026-01-05", "10"), ("2026-02-01", "25"), ("2026-13-01", "10"), ("", "7"), ("2026-03-01", "ten")])
Row = tuple[str, str, str, tuple[str, str]]
ROWS = st.lists(st.tuples(IDS, NAMES, EMAILS, NOT_NEEDED), max_size=30)


def _text(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([header, *rows])
    return out.getvalue()


def _told(file: FileOutcome) -> tuple[object, ...]:
    problems = [(problem.line, problem.code, problem.value, problem.message) for problem in file.problems]
    repeated = [(odd.count, odd.lines) for odd in file.oddities if odd.code == "duplicate-key"]
    return file.read, file.created, file.updated, file.unchanged, file.refused, problems, repeated


def _kept(path: Path) -> list[tuple[object, ...]]:
    return select(path, "SELECT customer_id, name, email, line FROM customer WHERE NOT stub ORDER BY fold")


@settings(max_examples=10)
@given(ROWS, ROWS)
def test_customers_of_a_subscription_list_are_those_of_a_customer_list(first: list[Row], later: list[Row]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        one, other = Path(folder, "one.db"), Path(folder, "other.db")
        for turn, drawn in enumerate((first, later)):
            rows = [("c-0", "Nobody’s trouble", "", ("2026-01-05", "10")), *drawn * 25]  # a file of which nothing comes in is an error
            subs = [(f"s-{turn}-{at}", row[0], row[1], row[2], *row[3]) for at, row in enumerate(rows)]
            both = bring(one, _text(("subscription_id", "customer_id", "Customer name", "email", "started_at", "amount"), subs))
            plain = bring(
                other,
                _text(("customer_id", "name", "email", "shade"), [(*row[:3], "blue") for row in rows]),
            )
            customers = next(file for file in both.files if file.kind == "customers")
            assert _told(customers) == _told(plain.files[0])
            assert _kept(one) == _kept(other)
