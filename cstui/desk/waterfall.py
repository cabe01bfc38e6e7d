"""MRR from a period's start to its end, step by step, for a period and those before it.

Takes a workspace and a view; returns one frozen snapshot. The steps are the overview's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cstui.base.ask import View, Where
from cstui.base.days import Period, series
from cstui.desk.overview import MOVING, Move, moves_of, period_of
from cstui.metrics.compute import compute
from cstui.store.facts import SqlFacts
from cstui.store.workspace import Workspace

PERIODS = 12


@dataclass(frozen=True, slots=True)
class Steps:
    """One period's roll-forward: start, movements, end."""

    period: Period
    complete: bool
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class Waterfall:
    """The roll-forwards of `PERIODS` periods, oldest first; the last is the one asked for."""

    revision: int
    as_of: int | None
    """None: nothing has been imported."""
    currency: str
    where: Where
    periods: tuple[Steps, ...]


def waterfall(workspace: Workspace, view: View, today: date) -> Waterfall:
    """The period that the view asks for, and the eleven before it. Raises UnknownField."""
    with workspace.read() as db:
        facts = SqlFacts(db, View(view.choice, view.where, None, view.as_of))
        answers = compute(facts, MOVING, series(period_of(facts, view, today), PERIODS))
        found = tuple(Steps(part.period, part.period.complete(facts.as_of), moves_of(part.metrics)) for part in answers)
        return Waterfall(facts.revision, None if facts.empty and view.as_of is None else facts.as_of, facts.currency, view.where, found)
