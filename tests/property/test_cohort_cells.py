"""Every cell of the cohort table is what its rows come to, and what made it differ from the month before adds up."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from cstui.base.ask import View
from cstui.base.days import month_of
from cstui.base.errors import UsageError
from cstui.desk.cohort_cell import CohortCell, cohort_cell
from cstui.desk.cohorts import cohorts
from cstui.desk.explain import Wanted
from cstui.desk.workspace import Workspace
from cstui.store import columns
from tests.oracle.companies import company
from tests.property.program import Document, imported, seeds

TOLERANCE = 1e-6
WHOLE = Wanted(difference=True)


def document(ws: Workspace, cell: CohortCell, view: View) -> Document:
    """`cstui cohorts --cell MONTH:K --json`."""
    found: Document = json.loads(json.dumps(cohort_cell(ws, cell, view, WHOLE).to_json()))
    return found


def holds(found: Document, value: Fraction | None, base: Fraction | None) -> None:
    """The cell is what its rows and its movers come to; unknown where one of them is. Raises AssertionError."""
    if value is None or base is None:
        assert (found["value"], found["status"]) == (None, "missing_rate")
        assert any(None in (row["numerator"], row["denominator"]) for row in found["rows"])
        return
    sums = [sum(row[side] for row in found["rows"]) for side in ("numerator", "denominator")]
    assert sums == pytest.approx([float(value), float(base)], abs=TOLERANCE)
    assert [found["numerator"], found["denominator"]] == pytest.approx([float(value), float(base)], abs=TOLERANCE)
    if found["value"] is not None:
        assert found["value"] == pytest.approx(float(value / base), abs=TOLERANCE)
    difference = found["difference"]
    if difference["value"] is not None:
        moved = sum(mover["contribution"] for mover in difference["movers"])
        assert moved == pytest.approx(difference["value"], abs=TOLERANCE)
        assert difference["before"] == found["previous"]
    for row in found["rows"]:
        assert row["source"]["file"].endswith(".csv")


@pytest.mark.parametrize("many", [False, True])
@pytest.mark.parametrize("value", ["customers", "mrr", "revenue"])
def test_cells_are_what_their_rows_come_to(value: str, many: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if many:
        monkeypatch.setattr(columns, "MANY", 0)
    cells = 0
    for seed in seeds(700, 4):
        chance = Random(seed)
        with imported(company(chance, 8), tmp_path) as ws:
            for view in (View(), View(where=(("segment", ("smb", "enterprise")),))):
                table = cohorts(ws, value, view)
                for cohort in table.cohorts:
                    values = table.values(cohort)
                    month = month_of(cohort.month.start)
                    for k in {0, 1, len(values) - 1} & set(range(len(values))):
                        holds(document(ws, CohortCell(month, k, value), view), values[k], values[0])
                        cells += 1
                    if values:
                        with pytest.raises(UsageError, match="no cell"):
                            cohort_cell(ws, CohortCell(month, len(values), value), view)
    assert cells


@pytest.mark.parametrize("text", ["2025-03", "2025-13:1", "2025-03:x", "2025-3:1", ""])
def test_a_cell_is_a_month_and_a_number(text: str) -> None:
    with pytest.raises(UsageError):
        CohortCell.parse(text)
