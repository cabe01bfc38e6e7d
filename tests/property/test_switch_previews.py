"""A preview says what turning the switch does: its figures are those of the switch turned, who moves adds up, and nothing is written."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest

from cstui.base.ask import PeriodChoice, View
from cstui.base.days import Period, parse_iso
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
