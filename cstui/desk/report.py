"""The month on paper: figures, customers, definitions and coverage as one document, made once and kept as it was.

A report rests on the workspace alone, never on the clock: the same question to the same data gives the same bytes. What was made
is kept with its switches and revision, so that a past report never changes with a later import or definition.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cstui.base import formatting as fmt
from cstui.base.ask import PeriodChoice, View, Where
from cstui.base.currencies import described
from cstui.base.days import Period, iso, series, to_day
from cstui.base.errors import CstuiError, UsageError
from cstui.base.records import Kind
from cstui.desk.paper.blocks import Block, Cell, Document, Heading, Table, Words, from_json, to_json
from cstui.desk.placing import placed
from cstui.desk.sparing import spare

if TYPE_CHECKING:
    from cstui.store.facts import SqlFacts
    from cstui.store.reports import Stored
    from cstui.store.workspace import Workspace

FORMATS = ("md", "html")
PERIODS = 24
"""How many periods the charts go back."""


class NothingToReport(CstuiError):
    """The workspace holds no facts, or none of the period."""

    code = "nothing-to-report"

    def __init__(self, words: str = "There is nothing to report on yet. `cstui import FILE…` brings data in.") -> None:
        super().__init__(words)

    @classmethod
    def outside(cls, period: Period, first: int | None, last: int) -> NothingToReport:
        """The period begins after the data's last day, or ends before its first."""
        if period.start > last:
            return cls(f"There is nothing to report on {fmt.period(period)} yet: the data ends on {fmt.day(last)}.")
        return cls(f"There is nothing to report on {fmt.period(period)}: the data begins on {fmt.day(first or last)}.")


class UnknownReport(CstuiError):
    """No report of that number has been made."""

    code = "unknown-report"

    def __init__(self, number: int) -> None:
        super().__init__(f"There is no report {number}. `cstui report --list` names them.")


class ReportExists(CstuiError):
    """There is a file of that name."""

    code = "exists"

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is there already. Give --force to write over it. Nothing was written.", file=str(path))


class ReportFailed(CstuiError):
    """The file can't be written."""

    code = "unreadable"

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path} could not be written: {why}.", file=str(path))


@dataclass(frozen=True, slots=True)
class Report:
    """A report that was made."""

    number: int
    made: int
    """The day it was first made; in the list, not in the report."""
    revision: int
    as_of: int | None
    period: Period
    where: Where
    switches: Mapping[str, str]
    """Switch → the value that was in force."""
    document: Document

    @property
    def title(self) -> str:
        """The first heading."""
        return next((block.text for block in self.document if isinstance(block, Heading)), "Report")

    def render(self, form: str) -> str:
        """The report as `md` or `html`. Raises UsageError for another form."""
        if form == "md":
            from cstui.desk.paper.markdown import markdown

            return markdown(self.document)
        if form == "html":
            from cstui.desk.paper.html import html

            return html(self.document)
        raise UsageError(f"A report is written as {' or '.join(FORMATS)}, not as “{form}”.")

    def to_json(self) -> dict[str, Any]:
        """As `cstui report --list --json` lists it."""
        return {
            "report": self.number,
            "title": self.title,
            "made": iso(self.made),
            "start": iso(self.period.start),
            "end": iso(self.period.end),
            "filters": {name: list(values) for name, values in self.where},
            "as_of": None if self.as_of is None else iso(self.as_of),
            "revision": self.revision,
            "switches": dict(self.switches),
        }


def make(workspace: Workspace, view: View, today: date) -> Report:
    """Make the report of the last period that `view` asks for (with none chosen, the last complete month), and keep it.

    `today` is only noted beside it. Raises NothingToReport, UnknownField, UsageError.
    """
    from cstui.store import reports

    with workspace.read() as db:
        stored = _compose(workspace, db, view, to_day(today))
    with workspace.write() as db:
        number = reports.keep(db, stored, _digest(stored))
    return _report(stored._replace(id=number))


def write(report: Report, form: str, target: Path, *, force: bool) -> None:
    """Write a report to a file that is its owner's alone, as it names customers. Raises ReportExists, ReportFailed, UsageError."""
    if force:
        spare(target)
    text = report.render(form).encode("utf-8", "replace")
    try:
        with placed(target, over=force) as part:
            part.write_bytes(text)
    except FileExistsError:
        raise ReportExists(target) from None
    except OSError as error:
        raise ReportFailed(target, error.strerror or "the system refused") from error


def stored(workspace: Workspace, number: int) -> Report:
    """A report as it was made. Raises UnknownReport."""
    from cstui.store import reports

    with workspace.read() as db:
        found = reports.get(db, number)
    if found is None:
        raise UnknownReport(number)
    return _report(found)


def all_reports(workspace: Workspace) -> tuple[Report, ...]:
    """Every report that was made, oldest first."""
    from cstui.store import reports

    with workspace.read() as db:
        return tuple(_report(one) for one in reports.every(db))


def _report(held: Stored) -> Report:
    where = tuple((name, tuple(values)) for name, values in sorted(held.filters.items()))
    period = Period(held.start, held.end)
    return Report(held.id, held.made, held.revision, held.as_of, period, where, held.switches, from_json(held.document))


def _digest(held: Stored) -> str:
    """What tells one report from another: everything but its number and the day it was made."""
    return sha256(json.dumps(held[2:], ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()


def _compose(workspace: Workspace, db: Any, view: View, made: int) -> Stored:  # noqa: ANN401  # a connection, which desk may not name
    from cstui.desk.overview import period_of
    from cstui.metrics.switches import SWITCHES
    from cstui.store.facts import SqlFacts
    from cstui.store.reports import Stored

    facts = SqlFacts(db, View(view.choice, view.where, None, view.as_of))
    if facts.empty:
        raise NothingToReport
    period = period_of(facts, view, date.min)
    first = min((day for kind in Kind if (day := facts.coverage(kind)[0]) is not None), default=None)
    if period.start > facts.as_of or first is None or period.end <= first:
        raise NothingToReport.outside(period, first, facts.as_of)
    company = workspace.setting("company")
    switches = {name: facts.switches.value(name) for name in SWITCHES}
    name = company or workspace.path.stem
    document = tuple(_blocks(workspace, facts, view, period, name))
    filters = {field: list(values) for field, values in view.where}
    return Stored(0, made, facts.revision, facts.as_of, period.start, period.end, filters, switches, to_json(document))


def _blocks(workspace: Workspace, facts: SqlFacts, view: View, period: Period, company: str) -> Iterator[Block]:
    from cstui.desk import report_figures, report_people
    from cstui.desk.annotations import all_annotations
    from cstui.desk.coverage import notes
    from cstui.desk.goals import goals
    from cstui.desk.overview import MOVES
    from cstui.metrics.compute import compute
    from cstui.metrics.purchases import REPEAT_PURCHASE

    wished = goals(workspace, view._replace(choice=PeriodChoice(period=period)), date.min)
    ids = tuple(dict.fromkeys((*report_figures.asked(), *(goal.metric.id for goal in wished.goals))))
    bought = facts.mode == REPEAT_PURCHASE
    past = compute(facts, report_figures.BOUGHT_TRENDS if bought else report_figures.TRENDS, series(period, PERIODS))
    now = compute(facts, ids, [period])[0].metrics
    told = report_figures.Told(
        facts.currency, period, facts.as_of, now, past, notes(facts, ids, period), bought, all_annotations(workspace)
    )
    people = report_people.People(facts, period, facts.currency)
    yield from _frame(facts, view, period, company)
    yield from report_figures.headline(told)
    yield from report_figures.wished(told, wished.goals)
    yield from report_figures.trends(told)
    yield from report_figures.moved(told)
    yield from report_people.movers(people, MOVES)
    yield from report_people.came_and_went(people)
    yield from report_figures.voices(told)
    yield from report_people.at_risk(workspace, view, facts.own, min(period.last, facts.as_of), facts.currency)
    yield from report_people.cohorts(workspace, view, period)
    yield from report_figures.money(told)
    yield from _coverage(workspace, facts)
    yield from _definitions(facts, ids)


def _frame(facts: SqlFacts, view: View, period: Period, company: str) -> Iterator[Block]:
    """What is being reported on, and how far to trust it."""
    yield Heading(1, f"{company}: {fmt.period(period)}")
    only = ", ".join(f"{field} {' or '.join(value or '(none)' for value in values)}" for field, values in view.where)
    who = f"Only {only}" if only else "All customers"
    now = " (by the values customers have now)" if view.where else ""
    yield Words(f"{who}{now}. Sums in {described(facts.currency)}. Data through {fmt.day(facts.as_of)}, revision {facts.revision}.")
    if not period.complete(facts.as_of):
        yield Words(f"The period is not over: every figure is so far, up to {fmt.day(facts.as_of)}.", care=True)


def _coverage(workspace: Workspace, facts: SqlFacts) -> Iterator[Block]:
    """What has been imported, how old its last day is by the data's own last, and where nothing was."""
    from cstui.desk.coverage import coverage

    yield Heading(2, "What the figures rest on")
    rows = []
    for one in coverage(workspace, date.min).kinds:
        behind = "" if one.through is None or one.through >= facts.own else fmt.count(facts.own - one.through, "day")
        first, last, through = ("" if day is None else fmt.day(day) for day in (one.first, one.last, one.through))
        gaps = "" if one.level else ", ".join(fmt.month(month) for month in one.missing)
        kind = one.kind.replace("_", " ")
        cells = (Cell(kind), Cell(f"{one.rows:,}"), Cell(first), Cell(last), Cell(through), Cell(behind))
        rows.append((*cells, Cell(gaps, tone="care" if gaps else "")))
    yield Table(("kind", "rows>", "first", "last", "covers through", "behind>", "months without any"), tuple(rows))
    yield Words("A list of customers or subscriptions tells how things stand: it covers all days up to the data's last.")


def _definitions(facts: SqlFacts, ids: tuple[str, ...]) -> Iterator[Block]:
    """Every figure in words, and the switches in force."""
    from cstui.metrics.registry import METRICS
    from cstui.metrics.switches import SWITCHES

    yield Heading(2, "Definitions")
    rows = ((METRICS[name], name) for name in ids)
    yield Table(("figure", "id", "what it means", "formula"), tuple(
        (Cell(one.label), Cell(name), Cell(one.definition), Cell(one.formula)) for one, name in rows
    ))  # fmt: skip
    yield Heading(2, "Switches in force")
    yield Table(
        ("switch", "value", "what it decides"),
        tuple((Cell(name), Cell(facts.switches.value(name)), Cell(switch.definition)) for name, switch in SWITCHES.items()),
    )
