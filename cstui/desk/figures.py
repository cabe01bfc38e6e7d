"""The catalogue's figures for any period, filter and breakdown. What `cstui metrics` prints and every card shows.

Takes a workspace and a view; returns frozen figures stamped with the workspace's revision.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from cstui.base.ask import View, Where
from cstui.base.collector import held_back
from cstui.base.days import Period, iso, to_day
from cstui.base.errors import UsageError
from cstui.desk.coverage import notes
from cstui.metrics.compute import Answer, PeriodAnswers, compute
from cstui.metrics.figure import Part
from cstui.metrics.registry import METRICS, Metric, metric
from cstui.store.facts import SqlFacts
from cstui.store.workspace import Workspace

__all__ = [
    "MONEY_FAMILIES",
    "Answer",
    "Figures",
    "Metric",
    "Row",
    "answer_json",
    "catalogue",
    "figures",
    "header",
    "number",
    "part_json",
    "period_json",
    "periods_of",
]

MONEY_FAMILIES = frozenset(("recurring", "revenue", "money", "value", "renewed"))
"""Families whose numerators and denominators are money."""
MOST_PERIODS = 600


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of a table: period, group, metric and answer."""

    period: Period
    group: str | None
    grouped: bool
    """The figure is of a group of the breakdown (None: those without a value), not of all customers."""
    metric: Metric
    answer: Answer


@dataclass(frozen=True, slots=True)
class Figures:
    """An answered question."""

    revision: int
    as_of: int | None
    """None: nothing has been imported."""
    currency: str
    where: Where
    by: str | None
    periods: tuple[PeriodAnswers, ...]
    notes: Mapping[Period, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    """Period → metric → what was not imported for the months it rests on."""

    def rows(self) -> Iterator[Row]:
        """Every figure: by period, all customers first and then each group."""
        for answers in self.periods:
            for name, answer in answers.metrics.items():
                yield Row(answers.period, None, False, METRICS[name], answer)
            for group, metrics in answers.groups:
                for name, answer in metrics.items():
                    yield Row(answers.period, group, True, METRICS[name], answer)

    def to_json(self) -> dict[str, Any]:
        """The document of commands.md, `cstui metrics --json`."""
        return header(self.as_of, self.currency, self.where) | {"periods": [self._period(answers) for answers in self.periods]}

    def _period(self, answers: PeriodAnswers) -> dict[str, Any]:
        notes = self.notes.get(answers.period, {})
        found: dict[str, Any] = period_json(answers.period, self.as_of) | {"metrics": _metrics(answers.metrics, notes)}
        if self.by is not None:
            found["groups"] = [{"by": group, "metrics": _metrics(metrics, notes)} for group, metrics in answers.groups]
        return found


def catalogue() -> tuple[Metric, ...]:
    """Every metric, in the catalogue's order."""
    return tuple(METRICS.values())


def figures(workspace: Workspace, metrics: Sequence[str] | None, view: View, today: date) -> Figures:
    """The figures asked for; all of them when `metrics` is None or empty. Raises UnknownMetric, UnknownField, UsageError.

    `today` matters only in an empty workspace, where there is no `as_of` to choose a period by.
    """
    ids = [metric(name).id for name in dict.fromkeys(metrics)] if metrics else list(METRICS)
    with held_back(), workspace.read() as db:
        facts = SqlFacts(db, view)
        periods = periods_of(view, facts, today)
        answers = compute(facts, ids, periods)
        as_of = None if facts.empty and view.as_of is None else facts.as_of
        said = {period: found for period in periods if (found := notes(facts, ids, period))}
        return Figures(facts.revision, as_of, facts.currency, view.where, view.by, answers, said)


def periods_of(view: View, facts: SqlFacts, today: date) -> tuple[Period, ...]:
    """The periods a view asks for. Raises UsageError for more than a person could read."""
    if view.choice.last > MOST_PERIODS:
        raise UsageError(f"At most {MOST_PERIODS} periods at once.")
    as_of = to_day(today) if facts.empty and view.as_of is None else facts.as_of
    return view.choice.resolve(as_of)


def header(as_of: int | None, currency: str, where: Where) -> dict[str, Any]:
    """What every document of figures begins with."""
    return {
        "schema": 1,
        "as_of": None if as_of is None else iso(as_of),
        "currency": currency,
        "filters": {name: list(values) for name, values in where},
    }


def period_json(period: Period, as_of: int | None) -> dict[str, Any]:
    """A period as documents write it."""
    return {"start": iso(period.start), "end": iso(period.end), "complete": as_of is not None and period.complete(as_of)}


def answer_json(one: Metric, answer: Answer, coverage: Sequence[str] = ()) -> dict[str, Any]:
    """One metric's answer as documents write it: counts as integers, the rest rounded once, to 10 decimals.

    `coverage`: what was not imported for the months it rests on.
    """
    figure = answer.figure
    money = one.family in MONEY_FAMILIES
    count = one.unit == "count"
    found: dict[str, Any] = {
        "value": number(figure.value, whole=count),
        "unit": one.unit,
        "status": figure.status,
        "numerator": number(figure.numerator, whole=not money),
        "denominator": number(figure.denominator, whole=not money or one.unit == "money"),
        "n": figure.n,
        "previous": number(answer.previous, whole=count),
    }
    if figure.parts is not None:
        found["parts"] = part_json(figure.parts)
    if figure.reason is not None:
        found["reason"] = figure.reason
    if coverage:
        found["coverage"] = list(coverage)
    return found


def number(value: Fraction | None, *, whole: bool) -> int | float | None:
    """An exact value as JSON writes it."""
    if value is None:
        return None
    if whole and value.denominator == 1:
        return int(value)
    return float(round(value, 10))


def part_json(part: Part) -> object:
    """Parts, with exact values as floats and counts as they are."""
    if isinstance(part, Fraction):
        return number(part, whole=False)
    if isinstance(part, Mapping):
        return {name: part_json(inner) for name, inner in part.items()}
    return part


def _metrics(answers: Mapping[str, Answer], notes: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    return {name: answer_json(METRICS[name], answer, notes.get(name, ())) for name, answer in answers.items()}
