"""A preview says what turning the switch does: its figures are those of the switch turned, who moves adds up, and nothing is written."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest

from cstui.base.ask import PeriodChoice, View
from cstui.base.days import Period, parse_iso
from cstui.base.errors import UsageError
from cstui.desk.explain import explain
from cstui.desk.figures import figures
from cstui.desk.settings import set_switch, switches
from cstui.desk.switching import preview
from cstui.desk.workspace import Workspace
from tests.oracle.companies import IMPORT_DAY, company
from tests.property.program import Document, held, imported, seeds

VALUES = {
    "past_due_days": ("0", "5", "90"),
    "reactivation_gap_days": ("15", "60", "200"),
    "churn_base": ("start+new",),
    "nps_bands": ("article",),
    "csat_threshold": ("10:9", "5:5,7:7"),
    "ces_scale": ("1-7", "1-5"),
    "gross_margin": ("0.8",),
    "cac_lag_months": ("1", "3"),
    "mode": ("repeat_purchase", "subscription"),
    "trial_basis": ("started",),
    "renewal_terms": ("all",),
}
SETTINGS = "SELECT * FROM setting ORDER BY name"
TOLERANCE = 1e-6


def previewed(ws: Workspace, name: str, value: str, limit: int | None = None) -> Document:
    """`cstui switches NAME VALUE --preview --json`."""
    found: Document = json.loads(json.dumps(preview(ws, name, value, IMPORT_DAY, limit).to_json()))
    return found


def told(ws: Workspace, names: list[str], period: Document) -> Document:
    """The figures of a period as they are now."""
    span = Period(parse_iso(period["start"]), parse_iso(period["end"]))
    found: Document = json.loads(json.dumps(figures(ws, names, View(PeriodChoice(span)), IMPORT_DAY).to_json()))["periods"][0]["metrics"]
    return found


def agrees(shown: Document, figure: Document, name: str) -> None:
    assert shown["value"] == figure["value"], name
    assert shown["status"] == figure["status"], name
    assert shown["n"] == figure["n"], name


def turned(ws: Workspace, name: str, value: str) -> int:
    """Holds a preview to what turning the switch does, and turns it back. Returns how many customers move. Raises AssertionError."""
    before, revision = held(ws), ws.revision()
    document = previewed(ws, name, value)
    assert held(ws) == before
    assert ws.revision() == revision
    names = list(document["figures"])
    for metric, figure in told(ws, names, document["period"]).items():
        agrees(document["figures"][metric]["before"], figure, metric)
    set_switch(ws, name, value)
    for metric, figure in told(ws, names, document["period"]).items():
        agrees(document["figures"][metric]["after"], figure, metric)
        if not document["figures"][metric]["uses"]:
            assert document["figures"][metric]["after"] == document["figures"][metric]["before"], metric
    set_switch(ws, name, document["switch"]["before"])
    few = previewed(ws, name, value, 1)
    assert few["customers"] == document["customers"][:1]
    assert few["total"] == document["total"] == len(document["customers"])
    return adds_up(document)


def test_a_preview_is_what_turning_the_switch_does(tmp_path: Path) -> None:
    moved: dict[str, int] = {}
    for seed in seeds(900, 10):
        chance = Random(seed)
        with imported(company(chance, 8), tmp_path) as ws:
            for name in [state.name for state in switches(ws)]:
                moved[name] = moved.get(name, 0) + turned(ws, name, chance.choice(VALUES[name]))
    assert sum(moved.values()) > 0, "somebody moves under some switch"


def test_a_figure_is_explained_as_it_would_be(tmp_path: Path) -> None:
    """With its rows, or parts, and the switch as the preview has it; what is in force is told as ever without it."""
    rows = 0
    for seed in seeds(950, 4):
        chance = Random(seed)
        with imported(company(chance, 8), tmp_path) as ws:
            for name in ("past_due_days", "reactivation_gap_days", "churn_base", "nps_bands", "gross_margin"):
                value = chance.choice(VALUES[name])
                document = previewed(ws, name, value)
                view = View(PeriodChoice(Period(*(parse_iso(document["period"][side]) for side in ("start", "end")))))
                for metric, figure in document["figures"].items():
                    found = explain(ws, metric, view, IMPORT_DAY, supposing={name: value})
                    agrees(figure["after"], found.document(), metric)
                    if found.rows and metric in ("mrr", "customers_active", "revenue"):
                        rows += len(found.rows)
                        assert sum(row.numerator or 0 for row in found.rows) == found.answer.figure.value
                    assert found.metric.definition.startswith("As it would be: ")
                    if name in found.switches:
                        assert found.switches[name] == document["switch"]["after"]
                    agrees(figure["before"], explain(ws, metric, view, IMPORT_DAY).document(), metric)
    assert rows > 0


def test_a_supposed_value_is_checked_like_one_that_is_set(tmp_path: Path) -> None:
    with imported(company(Random(3), 3), tmp_path) as ws:
        for supposing in ({"past_due_days": "soon"}, {"no_such_switch": "1"}):
            with pytest.raises(UsageError):
                explain(ws, "mrr", View(), IMPORT_DAY, supposing=supposing)


def adds_up(document: Document) -> int:
    """Where customers move a figure, what they move comes to its change. Returns how many move. Raises AssertionError."""
    totals: dict[str, float] = {}
    for customer in document["customers"]:
        assert customer["figures"]
        for metric, part in customer["figures"].items():
            assert part["before"] != part["after"]
            totals[metric] = totals.get(metric, 0) + part["contribution"]
    for metric, total in totals.items():
        shown = document["figures"][metric]
        if metric not in ("cac", "gross_margin"):  # costs move these too, and costs have no customer
            assert total == pytest.approx(shown["after"]["value"] - shown["before"]["value"], abs=TOLERANCE), metric
    return len(document["customers"])
