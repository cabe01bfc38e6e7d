"""One metric over many months, with what happened in them: the trend screen's snapshot.

Takes a workspace and a view; the months end with the last month of the view's period.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from cstui.base.ask import View, Where
from cstui.base.days import Period, month_of, months, series
from cstui.desk.annotations import Annotation
from cstui.desk.goals import held
from cstui.desk.overview import period_of
from cstui.metrics.compute import compute
from cstui.metrics.registry import Metric, metric
from cstui.store import notes
from cstui.store.facts import SqlFacts
from cstui.store.workspace import Workspace

YEAR = 12


@dataclass(frozen=True, slots=True)
class Point:
    """The metric in one month."""

    period: Period
    value: Fraction | None
    status: str
    reason: str | None
    n: int | None
    previous: Fraction | None
    year_before: Fraction | None
    complete: bool


@dataclass(frozen=True, slots=True)
class TrendLine:
    """A metric over months, oldest first."""

    revision: int
    as_of: int | None
    """None: nothing has been imported."""
    currency: str
    where: Where
    metric: Metric
    points: tuple[Point, ...]
    annotations: tuple[Annotation, ...]
    goal: Fraction | None
    """For a month."""


def trend(workspace: Workspace, name: str, count: int, view: View, today: date) -> TrendLine:
    """The last `count` months that end with the view's period. Raises UnknownMetric, UnknownField."""
    one = metric(name)
    with workspace.read() as db:
        facts = SqlFacts(db, View(view.choice, view.where, None, view.as_of))
        last = months(month_of(period_of(facts, view, today).last))
        answers = compute(facts, [name], series(last, count + YEAR))
        values = [part.metrics[name] for part in answers]
        points = tuple(
            Point(
                part.period,
                now.figure.value,
                now.figure.status,
                now.figure.reason,
                now.figure.n,
                now.previous,
                before.figure.value,
                part.period.complete(facts.as_of),
            )
            for part, now, before in zip(answers[YEAR:], values[YEAR:], values, strict=False)
        )
        as_of = None if facts.empty and view.as_of is None else facts.as_of
        found = tuple(Annotation(*row) for row in notes.annotated(db))
        return TrendLine(facts.revision, as_of, facts.currency, view.where, one, points, found, held(notes.goals(db)).get(name))
