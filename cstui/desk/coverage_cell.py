"""A month of one kind in the calendar, explained as any figure is: its rows with file and line, and whose they are more than before.

Returns an `Explanation`. A kind as a whole is made of its months; what a row is and when, the calendar's own rows say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from cstui.base.days import Period, iso, month_name, month_of, months, parse_month
from cstui.base.errors import UsageError
from cstui.base.formatting import month as month_words
from cstui.base.records import Kind
from cstui.desk.coverage import LEVELS, KindCoverage, kind_coverage
from cstui.desk.difference import Difference
from cstui.desk.explain import EVERYTHING, Explanation, Wanted, sourced
from cstui.metrics.compute import Answer
from cstui.metrics.difference import Reading, moves, reading_of
from cstui.metrics.engagement import covered
from cstui.metrics.evidence import Found, evidence
from cstui.metrics.figure import OK, Figure
from cstui.metrics.registry import Metric
from cstui.metrics.rows import Asked, Evidence
from cstui.metrics.use_rows import adds
from cstui.store.coverage_days import KINDS
from cstui.store.facts import SqlFacts
from cstui.store.workspace import Workspace

_DAY: Mapping[Kind, str] = {
    Kind.CUSTOMERS: "created_at, or lost_at where that is blank",
    Kind.SUBSCRIPTIONS: "started_at",
    Kind.PAYMENTS: "paid_at, or due_at while open or failed",
    Kind.INTERACTIONS: "at",
    Kind.SURVEYS: "answered_at",
}
"""What day a row of a kind stands on; of those not named, its date."""
_UNDATED = "undated"


@dataclass(frozen=True, slots=True)
class CoverageCell:
    """A place in the calendar."""

    kind: Kind
    month: int | None = None
    """As a month number; None: all months together."""
    undated: bool = False
    """The rows without a day, which stand in no month."""

    @classmethod
    def parse(cls, text: str) -> CoverageCell:
        """`payments:2026-03`, `payments`, `customers:undated`. Raises UsageError."""
        match = re.fullmatch(r"([a-z_]+)(?::(\d{4}-\d{2}|undated))?", text.strip(), re.ASCII)
        if match is None or match[1] not in {kind.value for kind in Kind}:
            raise UsageError(f"A cell is a kind and a month, such as payments:2026-03, not “{text}”. The kinds: {', '.join(Kind)}.")
        kind, when = Kind(match[1]), match[2]
        if when == _UNDATED:
            return cls(kind, undated=True)
        return cls(kind, None if when is None else month_of(parse_month(when).start))


def coverage_cell(workspace: Workspace, cell: CoverageCell, wanted: Wanted = EVERYTHING) -> Explanation:
    """The explanation of a place in the calendar. Raises UsageError where the kind has no such month."""
    from cstui.base.ask import View

    with workspace.read() as db:
        facts = SqlFacts(db, View())
        held = kind_coverage(cell.kind, facts)
        if not held.rows:
            raise UsageError(f"There are no {_words(cell.kind)}: none has been imported.")
        span = _span(held)
        if cell.undated:
            if not held.undated:
                raise UsageError(f"Every row of {_words(cell.kind)} has a day.")
            return _counted(facts, cell, span, held.undated, None, wanted)
        if cell.month is None:
            return _whole(facts, cell.kind, held, span, wanted)
        rows = {one.month: one.rows for one in held.months}
        if cell.month not in rows:
            first_to_last = f": they go from {month_words(min(rows))} to {month_words(max(rows))}" if rows else ""
            raise UsageError(f"There are no {_words(cell.kind)} in {month_name(cell.month)}{first_to_last}.")
        return _counted(facts, cell, months(cell.month), rows[cell.month], rows.get(cell.month - 1), wanted)


def part_of(cell: CoverageCell, explained: Explanation) -> CoverageCell:
    """The place in the calendar that a part of a whole kind stands for."""
    if explained.metric.id.endswith(f"_{_UNDATED}"):
        return CoverageCell(cell.kind, undated=True)
    return CoverageCell(cell.kind, month_of(explained.period.start))


def _whole(facts: SqlFacts, kind: Kind, held: KindCoverage, span: Period, wanted: Wanted) -> Explanation:
    """All of a kind, made of its months, the latest first."""
    nothing = Wanted(rows=False)
    rows = {one.month: one.rows for one in held.months}
    parts = {
        month_name(month): _counted(facts, CoverageCell(kind, month), months(month), rows[month], rows.get(month - 1), nothing)
        for month in sorted(rows, reverse=True)
    }
    if held.undated:
        parts[_UNDATED] = _counted(facts, CoverageCell(kind, undated=True), span, held.undated, None, nothing)
    one = Metric(
        f"coverage_{kind}",
        f"Rows of {_words(kind)}",
        "count",
        "neither",
        "coverage",
        f"Everything imported or entered by hand as {_words(kind)} that is there now. {_standing(kind)}",
        "sum over the months",
        composed=tuple(parts),
    )
    nothing_before = Difference.unknown(span.previous, None, Fraction(held.rows), "all that was ever imported has nothing before it")
    found = _explanation(facts, one, span, held.rows, None)
    return replace(found, explained=parts, counted=False, difference=nothing_before if wanted.difference else None)


def _counted(facts: SqlFacts, cell: CoverageCell, span: Period, count: int, before: int | None, wanted: Wanted) -> Explanation:
    found = _rows(facts, cell, span, wanted.limit) if wanted.rows else None
    difference = None
    if wanted.difference:
        reason = "nothing of this kind was imported for an earlier month" if cell.month is not None else "they stand in no month"
        difference = Difference.unknown(span.previous, None, Fraction(count), reason)
        if before is not None:
            was, now = _figure(before), _figure(count)
            moved = moves(_reading(facts, cell.kind, span.previous), _reading(facts, cell.kind, span), was, now, 1, wanted.limit)
            difference = Difference.of(facts, span.previous, was, now, moved)
    return replace(
        _explanation(facts, _metric(cell, count), span, count, before),
        rows=None if found is None else tuple(sourced(facts, found.rows, span)),
        total_rows=None if found is None else found.total,
        difference=difference,
    )


def _explanation(facts: SqlFacts, one: Metric, span: Period, count: int, before: int | None) -> Explanation:
    answer = Answer(_figure(count), None if before is None else Fraction(before))
    as_of = None if facts.empty else facts.as_of
    return Explanation(facts.revision, as_of, facts.currency, (), span, one, answer, {}, {}, None, None)


def _figure(count: int) -> Figure:
    return Figure(Fraction(count), OK, n=count)


def _span(held: KindCoverage) -> Period:
    """From the first of the kind's months to the last; a day where no row has any."""
    if not held.months:
        return Period(0, 1)
    return Period(months(held.months[0].month).start, months(held.months[-1].month).end)


def _metric(cell: CoverageCell, count: int) -> Metric:
    """The cell as a metric of its own."""
    kind = cell.kind
    name = f"coverage_{kind}"
    if cell.month is None:
        name = f"{name}_{_UNDATED}"
        label, which = f"{_words(kind).capitalize()} without a day", "that name no day: they stand in no month of the calendar."
    else:
        label, which = f"{_words(kind).capitalize()}, {month_words(cell.month)}", f"of {month_words(cell.month)}. {_standing(kind)}"
    definition = f"Rows of {_words(kind)} {which}"
    if not count and cell.month is not None:
        level = kind in LEVELS
        definition += (
            " None begins in it: what has begun before goes on."
            if level
            else (f" None was imported for this month: figures that rest on {_words(kind)} count it as 0 and say so.")
        )
    return Metric(name, label, "count", "neither", "coverage", definition, "count(rows)")


def _standing(kind: Kind) -> str:
    more = " A person's day is one row, however many the file has of it." if kind is Kind.USAGE else ""
    return f"A row stands in the month of its {f'day: {_DAY[kind]}' if kind in _DAY else 'date'}.{more}"


def _words(kind: Kind) -> str:
    return kind.value.replace("_", " ")


def _rows(facts: SqlFacts, cell: CoverageCell, span: Period, limit: int | None) -> Found:
    """The rows, by day; of use its people with how many days they add, the most first."""
    if cell.kind is Kind.USAGE:
        found = evidence(facts, "dau", span, limit)
        days = covered(facts, span)
        return Found([replace(row, numerator=(row.numerator or Fraction(0)) * (days.end - days.start)) for row in found.rows], found.total)
    rows = list(_evidence(facts, cell.kind, None if cell.undated else span))
    return Found(rows[:limit], len(rows))


def _evidence(facts: SqlFacts, kind: Kind, span: Period | None) -> Iterator[Evidence]:
    for row in facts.rows_with(kind, span):
        note = ", ".join(filter(None, ("" if row.day is None else iso(row.day), row.said)))
        yield Evidence(KINDS[kind].table, row.id, row.customer, Fraction(1), None, note, row.under)


def _reading(facts: SqlFacts, kind: Kind, span: Period) -> Reading:
    """How many rows everybody has in a month."""
    if kind is Kind.USAGE:
        return Reading(adds(Asked(facts, "dau", span))[0], 1, {})
    return reading_of(_evidence(facts, kind, span))
