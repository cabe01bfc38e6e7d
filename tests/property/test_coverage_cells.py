"""Every month of the calendar of what has been imported is what its rows come to, and who made it differ from the month before adds up."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest

from cstui.base.days import month_name
from cstui.base.errors import UsageError
from cstui.base.records import Kind
from cstui.desk.coverage import coverage
from cstui.desk.coverage_cell import CoverageCell, coverage_cell
from cstui.desk.explain import Wanted
from cstui.desk.workspace import Workspace
from cstui.store import columns
from tests.oracle.companies import IMPORT_DAY, company
from tests.property.program import Document, imported, seeds

WHOLE = Wanted(difference=True)
FIRST = 3


def document(ws: Workspace, text: str, wanted: Wanted = WHOLE) -> Document:
    """`cstui coverage --cell KIND[:MONTH] --json`."""
    found: Document = json.loads(json.dumps(coverage_cell(ws, CoverageCell.parse(text), wanted).to_json()))
    return found


def holds(found: Document, rows: int, before: int | None) -> None:
    """A month is what its rows and its movers come to. Raises AssertionError."""
    assert found["value"] == found["n"] == rows == sum(row["numerator"] for row in found["rows"])
    assert found["previous"] == before
    assert all(row["source"]["file"].endswith(".csv") and row["source"]["line"] > 1 for row in found["rows"])
    difference = found["difference"]
    if before is not None:
        assert difference["value"] == rows - before == sum(mover["contribution"] for mover in difference["movers"])


@pytest.mark.parametrize("many", [False, True])
def test_months_are_what_their_rows_come_to(many: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if many:
        monkeypatch.setattr(columns, "MANY", 0)
    seen = set[str]()
    for seed in seeds(760, 4):
        with imported(company(Random(seed), 8), tmp_path) as ws:
            for kind in coverage(ws, IMPORT_DAY).kinds:
                if not kind.rows:
                    with pytest.raises(UsageError, match="none has been imported"):
                        document(ws, kind.kind)
                    continue
                held = {month_name(one.month): one.rows for one in kind.months}
                months = list(held)
                whole = document(ws, kind.kind)
                parts = {name: part["value"] for name, part in whole["explained"].items()}
                assert parts == held | ({"undated": kind.undated} if kind.undated else {})
                assert whole["value"] == kind.rows == sum(parts.values())
                for place, month in enumerate(months):
                    found = document(ws, f"{kind.kind}:{month}")
                    holds(found, held[month], held[months[place - 1]] if place else None)
                    first = document(ws, f"{kind.kind}:{month}", Wanted(limit=FIRST))["rows"]
                    assert len(first) == min(FIRST, len(found["rows"]))
                if kind.undated:
                    holds(document(ws, f"{kind.kind}:undated"), kind.undated, None)
                    seen.add("undated")
                else:
                    with pytest.raises(UsageError, match="has a day"):
                        document(ws, f"{kind.kind}:undated")
                with pytest.raises(UsageError, match="they go from"):
                    document(ws, f"{kind.kind}:1999-01")
                seen.add(kind.kind)
    assert seen == {*Kind, "undated"}


@pytest.mark.parametrize("text", ["", "payment:2026-01", "payments:2026-13", "payments:2026", "payments:", "Payments:2026-01"])
def test_a_cell_is_a_kind_and_a_month(text: str) -> None:
    with pytest.raises(UsageError):
        CoverageCell.parse(text)
