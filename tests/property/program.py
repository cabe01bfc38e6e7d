"""The program, driven through its public doors, for tests that ask one company many questions."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from cstui.base.ask import PeriodChoice, View, where_of
from cstui.base.days import Period, to_day
from cstui.desk.explain import Wanted, explain
from cstui.desk.figures import figures
from cstui.desk.import_request import ImportRequest
from cstui.desk.import_session import Session
from cstui.desk.importing import ImportOutcome
from cstui.desk.settings import set_switch
from cstui.desk.settings import switches as switches_in_force
from cstui.desk.workspace import Workspace, open_workspace
from cstui.store import rollups
from tests.oracle.companies import IMPORT_DAY, Company
from tests.oracle.periods import Span
from tests.oracle.selection import Where

Document = dict[str, Any]
EXAMPLES = int(os.environ.get("CSTUI_EXAMPLES", "0"))
"""More examples than the suite's few, for a long run; see also `tests/property/soak.py`."""


def seeds(first: int, few: int) -> range:
    """Seeds of random companies: a few, or as many as `CSTUI_EXAMPLES` says."""
    return range(first, first + (EXAMPLES or few))


@dataclass(frozen=True, slots=True)
class Question:
    """Periods, customers, breakdown, as of when, under which switches."""

    spans: tuple[Span, ...]
    where: Where = field(default_factory=dict)
    by: str | None = None
    as_of: date | None = None
    switches: tuple[tuple[str, str], ...] = ()

    def view(self, span: Span) -> View:
        """As the program is asked for one of the periods."""
        pairs = [(name, value) for name, values in self.where.items() for value in values]
        choice = PeriodChoice(period=Period(to_day(span.start), to_day(span.end)))
        return View(choice, where_of(pairs), self.by, None if self.as_of is None else to_day(self.as_of))


def ask(ws: Workspace, question: Question, span: Span, metrics: list[str] | None = None) -> Document:
    """The one period of `cstui metrics --json`."""
    document = figures(ws, metrics, question.view(span), IMPORT_DAY).to_json()
    found: Document = json.loads(json.dumps(document))["periods"][0]
    return found


def explained(
    ws: Workspace, metric: str, question: Question, span: Span, limit: int | None = None, *, year_before: bool = False
) -> Document:
    """`cstui explain METRIC --rows --difference [--year-before] [--limit N] --json`."""
    wanted = Wanted(limit=limit, difference=True, year_before=year_before)
    found: Document = json.loads(json.dumps(explain(ws, metric, question.view(span), IMPORT_DAY, wanted).to_json()))
    return found


def switch(ws: Workspace, switches: tuple[tuple[str, str], ...]) -> None:
    """Set these switches and every other to its default."""
    chosen = dict(switches)
    for name, default in [(state.name, state.default) for state in switches_in_force(ws)]:
        set_switch(ws, name, chosen.pop(name, default))
    assert not chosen, f"no such switch: {chosen}"


@contextmanager
def created(company: Company, folder: Path, name: str = "imported") -> Iterator[Workspace]:
    """An empty workspace in the company's currency."""
    path = folder / f"{name}.cstui"
    for old in folder.glob(f"{name}.cstui*"):
        old.unlink()
    ws = open_workspace(path, create=True)
    try:
        ws.set_setting("currency", company.currency)
        yield ws
    finally:
        ws.close()


def bring_in(ws: Workspace, *files: Path, day: date = IMPORT_DAY) -> ImportOutcome:
    """One import call, previewed and merged in this process: what `desk.importing.Job` runs in a child."""
    request = ImportRequest(tuple(map(str, files)), day=to_day(day), at=f"{day}T12:00:00Z")
    session = Session(ws.path, request, lambda _: None)
    try:
        preview = session.preview()
        outcome = session.commit()
    finally:
        session.close()
    assert [(f.read, f.created, f.updated, f.unchanged, f.refused) for f in preview.files] == [
        (f.read, f.created, f.updated, f.unchanged, f.refused) for f in outcome.files
    ], "the preview is exact"
    for file in outcome.files:
        assert file.read == file.created + file.updated + file.unchanged + file.refused
    return outcome


@contextmanager
def imported(company: Company, folder: Path) -> Iterator[Workspace]:
    """A workspace with the company's files imported in one call."""
    with created(company, folder) as ws:
        outcome = bring_in(ws, *company.write(folder))
        assert sum(file.refused for file in outcome.files) == 0, outcome
        yield ws


LOGS = frozenset(
    "import import_file restated problem refused_row setting state sqlite_stat1 sqlite_stat4 "
    "undone_kind undone_row undone_customer undone_user usage_undone".split()
)


def held(ws: Workspace) -> dict[str, list[tuple[object, ...]]]:
    """Every fact, prior version and rollup of the workspace, and its as_of: what an undo has to bring back."""
    with ws.read() as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        found = {name: sorted(map(tuple, db.execute(f"SELECT * FROM {name}")), key=repr) for name in tables if name not in LOGS}
        found["state"] = list(map(tuple, db.execute("SELECT as_of, foreign_money FROM state")))
        assert rollups.differences(db) == (), "the rollups are what the facts give"
    return found
