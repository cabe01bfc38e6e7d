"""Any figure, explained: what it means, which switches are in force, what it is made of, and the very rows it counts.

Takes a workspace, a metric and a view; returns a frozen explanation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from cstui.base.ask import View, Where
from cstui.base.days import Period, iso
from cstui.base.errors import UsageError
from cstui.desk.coverage import notes
from cstui.desk.difference import Difference, composed_difference, counted_difference
from cstui.desk.figures import MONEY_FAMILIES, answer_json, header, number, period_json, periods_of
from cstui.desk.settings import SWITCH_NAMES, check_name, switch_label
from cstui.metrics.composition import Composition, composition
from cstui.metrics.compute import Answer, compute
from cstui.metrics.evidence import Found, evidence
from cstui.metrics.figure import NO_DATA, OK, Figure
from cstui.metrics.purchases import REPEAT_PURCHASE
from cstui.metrics.purchasing import described
from cstui.metrics.registry import Metric, metric
from cstui.metrics.rows import Evidence
from cstui.metrics.switches import SWITCHES, Definitions, definitions
from cstui.store.facts import SqlFacts
from cstui.store.surveys import touchpoints
from cstui.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row a figure counts, with where it came from. Money in major units."""

    kind: str
    """`customer`, `subscription`, `payment`, `cost`, `traffic`, `survey` or `usage`."""
    id: str
    """Its own id, as in the file it came from; of `usage` the user's, from the last of their days that the figure counts."""
    number: int | None
    """Their customer's number in this workspace; None: costs and traffic have no customer."""
    customer_id: str | None
    name: str | None
    """The customer's name."""
    numerator: Fraction | None
    denominator: Fraction | None
    file: str | None
    """None: entered by hand."""
    line: int | None
    entered: int | None
    """The day it was entered by hand."""
    note: str | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """A figure with everything that makes it."""

    revision: int
    as_of: int | None
    currency: str
    where: Where
    period: Period
    metric: Metric
    answer: Answer
    switches: Mapping[str, str]
    """Switch → value in force."""
    explained: Mapping[str, Explanation]
    """Of a composed figure: its parts, each explained. Empty for a counted one."""
    rows: tuple[SourceRow, ...] | None
    """Of a counted figure: its rows, largest first. None where they were not asked for, or the figure is composed."""
    total_rows: int | None
    """How many rows there are, when `rows` was cut; None where only the largest were looked for."""
    difference: Difference | None = None
    """Against the period before. None where it was not asked for."""
    coverage: tuple[str, ...] = ()
    """What was not imported for the months that the figure rests on, in words."""
    counted: bool = True
    """From rows, whether or not they were asked for; else made of `explained`."""
    against: Period | None = None
    """The period that `answer` and `difference` are held against; None: the one before."""

    def to_json(self) -> dict[str, Any]:
        """The document of commands.md, `cstui explain --json`."""
        found = header(self.as_of, self.currency, self.where)
        return found | {"metric": self.metric.id, "period": period_json(self.period, self.as_of)} | self.document()

    def document(self) -> dict[str, Any]:
        """The explanation without the frame that it shares with its parts."""
        found = answer_json(self.metric, self.answer, self.coverage) | {
            "label": self.metric.label,
            "definition": self.metric.definition,
            "formula": self.metric.formula,
            "switches": dict(self.switches),
        }
        if self.difference is not None:
            found["difference"] = self.difference.to_json(self.metric)
        if self.explained or not self.counted:
            found["explained"] = {name: part.document() for name, part in self.explained.items()}
        if self.rows is not None:
            whole = self.metric.family not in MONEY_FAMILIES
            found["rows"] = [_row_json(row, whole=whole) for row in self.rows]
        return found


@dataclass(frozen=True, slots=True)
class Wanted:
    """How much of an explanation to work out."""

    rows: bool = True
    """The rows, or none."""
    limit: int | None = None
    """The first so many rows and movers, largest first; None: all."""
    difference: bool = False
    """What made the difference against the period before."""
    parts: bool = True
    """Of a composed figure, all this of its parts too; else only what they come to."""
    year_before: bool = False
    """Hold it against the same period a year earlier, not against the one before."""

    def against(self, period: Period) -> Period:
        """The period that one is held against."""
        return period.year_before if self.year_before else period.previous


EVERYTHING = Wanted()
"""The figure with all of its rows."""


def explain(
    workspace: Workspace, name: str, view: View, today: date, wanted: Wanted = EVERYTHING, supposing: Mapping[str, str] | None = None
) -> Explanation:
    """Explain a metric in the last period that `view` asks for, `supposing` switches to be set otherwise than they are.

    Raises UnknownMetric, UnknownField, UsageError.
    """
    chosen, switches = metric(name), _checked(supposing or {})
    with workspace.read() as db:
        facts = SqlFacts(db, View(view.choice, view.where, None, view.as_of), switches)
        found = _explain(facts, chosen, view, periods_of(view, facts, today)[-1], wanted)
        if not switches:
            return found
        told = f"{_supposed(switches, definitions(facts.settings))} {found.metric.definition}"
        return replace(found, metric=replace(found.metric, definition=told))


def explain_touchpoint(workspace: Workspace, touchpoint: str, view: View, today: date, wanted: Wanted = EVERYTHING) -> Explanation:
    """Explain CSAT at one touchpoint (`''`: of answers that name none). Raises UnknownField, UsageError."""
    from cstui.store.touchpoint import TouchpointFacts

    where = touchpoint or "no touchpoint"
    chosen = metric("csat")
    chosen = replace(chosen, label=f"{chosen.label}, {where}", definition=f"{chosen.definition} Here: answers at {where} alone.")
    with workspace.read() as db:
        known = touchpoints(db)
        if touchpoint and touchpoint not in known:
            raise UsageError(f"No answer names the touchpoint “{touchpoint}”. There are: {', '.join(known) or 'none'}.")
        facts = TouchpointFacts(db, View(view.choice, view.where, None, view.as_of), touchpoint)
        return _explain(facts, chosen, view, periods_of(view, facts, today)[-1], wanted)


def _checked(supposing: Mapping[str, str]) -> dict[str, str]:
    """Switch → value, as it would be set. Raises UsageError."""
    for name in supposing:
        check_name(name, SWITCH_NAMES, "switch")
    return {name: SWITCHES[name].check(value) for name, value in supposing.items()}


def _supposed(switches: Mapping[str, str], held: Definitions) -> str:
    """That this is not how it is."""
    told = ", ".join(f"{switch_label(name)} {value} instead of {held.value(name)}" for name, value in switches.items())
    return f"As it would be: {told}. Nothing has been set."


def _explain(facts: SqlFacts, one: Metric, view: View, period: Period, wanted: Wanted) -> Explanation:
    if facts.mode == REPEAT_PURCHASE:
        one = described(one, period)
    answer = compute(facts, [one.id], [period])[0].metrics[one.id]
    if wanted.year_before:
        earlier = compute(facts, [one.id], [wanted.against(period)])[0].metrics[one.id].figure
        answer = Answer(answer.figure, None if one.timeless else earlier.value)
    of_parts = wanted if wanted.parts else Wanted(rows=False, year_before=wanted.year_before)
    made = composition(facts, one, period)
    explained = _parts(facts, made, view, of_parts)
    if one.instead and answer.figure.value is not None and any(part.answer.figure.value is None for part in explained.values()):
        one = replace(one, formula=" - ".join(one.instead), composed=one.instead)
        made = composition(facts, one, period)
        explained = _parts(facts, made, view, of_parts)
    counted = wanted.rows and made.counted
    known = counted and answer.figure.status != NO_DATA
    found = evidence(facts, one.id, period, wanted.limit) if known else Found([], 0)
    one = replace(one, formula=made.formula, composed=tuple(piece.label for piece in made.pieces))
    return Explanation(
        facts.revision,
        None if facts.empty and view.as_of is None else facts.as_of,
        facts.currency,
        view.where,
        period,
        one,
        answer,
        {switch: facts.in_force[switch] for switch in one.switches},
        explained,
        tuple(sourced(facts, found.rows, period)) if counted else None,
        found.total,
        _difference(facts, one, view, period, answer, explained, wanted) if wanted.difference else None,
        notes(facts, [one.id], period).get(one.id, ()),
        made.counted,
        wanted.against(period) if wanted.year_before else None,
    )


def _difference(
    facts: SqlFacts, one: Metric, view: View, period: Period, answer: Answer, explained: Mapping[str, Explanation], wanted: Wanted
) -> Difference:
    against = wanted.against(period)
    if not one.composed:
        return counted_difference(facts, one, (against, period), answer, wanted.limit)
    before = _parts(facts, composition(facts, one, against), view, Wanted(rows=False))
    now = {name: part.answer.figure.value for name, part in explained.items()}
    return composed_difference(
        facts, one, (against, period), now, {name: before[name].answer.figure.value if name in before else None for name in now}
    )


def _parts(facts: SqlFacts, made: Composition, view: View, wanted: Wanted) -> dict[str, Explanation]:
    """Of a composed figure: its parts, each explained in the period it is taken from."""
    explained: dict[str, Explanation] = {}
    for piece in made.pieces:
        found = _explain(facts, metric(piece.metric), view, piece.period, wanted)
        explained[piece.label] = _nobody_yet(found, facts) if piece.label.endswith(".start") else found
    return explained


def _nobody_yet(start: Explanation, facts: SqlFacts) -> Explanation:
    """A level before the first fact of its kind is 0, where it is a figure's start."""
    first, _ = facts.coverage(facts.paying)
    if start.answer.figure.status != NO_DATA or first is None or start.period.end > first:
        return start
    return replace(
        start, answer=Answer(Figure(Fraction(0), OK, numerator=Fraction(0) if start.metric.unit == "count" else None, n=0), None)
    )


def sourced(facts: SqlFacts, found: Sequence[Evidence], period: Period) -> list[SourceRow]:
    """Rows with where they came from."""
    kinds = sorted({row.kind for row in found} - {"usage"})
    where = {kind: facts.sources(kind, (row.row for row in found if row.kind == kind)) for kind in kinds}
    users = facts.usage_sources(((row.customer or 0, row.row) for row in found if row.kind == "usage"), period)
    rows = []
    for item in found:
        source = users[item.customer or 0, item.row] if item.kind == "usage" else where[item.kind][item.row]
        public, customer_id, name, file, line, entered = source
        adds = item.numerator, item.denominator
        rows.append(SourceRow(item.kind, public, item.customer, customer_id, name, *adds, file, line, entered, item.note))
    return rows


def _row_json(row: SourceRow, *, whole: bool) -> dict[str, Any]:
    source: dict[str, Any] = {"file": row.file, "line": row.line} if row.entered is None else {"entered": iso(row.entered)}
    found: dict[str, Any] = {
        "kind": row.kind,
        "id": row.id,
        "customer_id": row.customer_id,
        "numerator": number(row.numerator, whole=whole),
        "denominator": number(row.denominator, whole=whole),
        "source": source,
    }
    return found | ({"note": row.note} if row.note is not None else {})
