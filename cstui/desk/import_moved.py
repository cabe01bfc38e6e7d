"""Who moves a past figure by an import that has not been made yet: told by the rehearsal of its merge, before and after.

Runs in the child process; what it finds goes to the parent as JSON. Knows no screen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from cstui.base.ask import View
from cstui.base.days import parse_month
from cstui.desk.difference import Mover, named
from cstui.metrics.compute import compute
from cstui.metrics.difference import Reading, moves, reading
from cstui.metrics.figure import Figure
from cstui.metrics.registry import METRICS
from cstui.store.facts import SqlFacts
from cstui.store.merge import Call, Merged, Rehearsal

SHOWN = 200
"""Movers that are told at most."""


@dataclass(frozen=True, slots=True)
class FigureMover:
    """Somebody who would move a past figure."""

    customer_id: str | None
    """None for costs, which have no customer."""
    name: str | None
    what: str
    """What it is, without a customer: `marketing, ads`."""
    before: Fraction | None
    """What they add to a sum now; None: nothing of theirs counts, or the figure is a ratio."""
    after: Fraction | None
    """What they would add."""
    contribution: Fraction
    """Their part of the change, in the figure's unit."""


@dataclass(frozen=True, slots=True)
class MovedBy:
    """Who would move one figure of one month."""

    movers: tuple[FigureMover, ...]
    """Largest first; the first `SHOWN` of them."""
    total: int
    """How many there are."""
    rest: Fraction
    """What those who are not told contribute together."""

    def to_json(self) -> dict[str, Any]:
        """What `moved_by_from` reads."""
        told = [
            [one.customer_id, one.name, one.what, *(None if value is None else str(value) for value in (one.before, one.after)),
             str(one.contribution)]
            for one in self.movers
        ]  # fmt: skip
        return {"movers": told, "total": self.total, "rest": str(self.rest)}


def moved_by_from(data: Mapping[str, Any]) -> MovedBy:
    """What `MovedBy.to_json` made."""
    return MovedBy(tuple(map(_mover, data["movers"])), data["total"], Fraction(data["rest"]))


def _mover(data: Sequence[str | None]) -> FigureMover:
    customer_id, name, what, before, after, contribution = data
    return FigureMover(customer_id, name, what or "", _number(before), _number(after), Fraction(contribution or 0))


def _number(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


class Seen(NamedTuple):
    """A figure as it is read at one moment of a rehearsal."""

    figure: Figure
    reading: Reading
    """What everybody adds."""


def seen(facts: SqlFacts, metric: str, month: str) -> Seen:
    """One figure of one month (`YYYY-MM`) with what everybody adds to it."""
    period = parse_month(month)
    return Seen(compute(facts, [metric], [period])[0].metrics[metric].figure, reading(facts, metric, period))


def moved_by(facts: SqlFacts, metric: str, first: Seen, then: Seen) -> MovedBy | None:
    """Who moved it between two looks, names as `facts` has them; None where one of them has no value, or nothing to compare."""
    before, now = first.figure, then.figure
    if before.value is None or now.value is None or (before.denominator is None) != (now.denominator is None):
        return None
    found = moves(first.reading, then.reading, before, now, METRICS[metric].times, SHOWN)
    ratio = now.denominator is not None
    told = tuple(
        FigureMover(one.customer_id, one.name, one.what, *(_sides(one) if not ratio else (None, None)), one.contribution)
        for one in named(facts, found.movers)
    )
    return MovedBy(told, found.total, found.rest)


def _sides(one: Mover) -> tuple[Fraction | None, Fraction | None]:
    """What somebody adds to a sum before and after."""
    return (None if one.before is None else one.before[0]), (None if one.now is None else one.now[0])


def traced(rehearsal: Rehearsal, metric: str, month: str, workspace: Path, staging: Path, call: Call) -> MovedBy | None:
    """Who moves a figure in a rehearsal of the merge; None also where it was stopped. Raises WorkspaceBusy, SettingsMoved."""

    def then(db: Any, first: Seen, _: Merged) -> MovedBy | None:  # noqa: ANN401  # a connection, which desk only carries
        facts = SqlFacts(db, View())
        return moved_by(facts, metric, first, seen(facts, metric, month))

    return rehearsal.watch(workspace, staging, call, lambda db: seen(SqlFacts(db, View()), metric, month), then)
