"""MRR from a period's start to its end, step by step, for a period and those before it; where nothing recurs, active customers.

Takes a workspace and a view; returns one frozen snapshot. The steps are the overview's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cstui.base.ask import View, Where
from cstui.base.days import Period, series
from cstui.desk.overview import COMING, MOVING, Move, comings, moves_of, period_of
from cstui.metrics.compute import compute
from cstui.metrics.purchases import REPEAT_PURCHASE
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
    counted: bool
    """In repeat-purchase mode: the steps are of active customers, not of MRR."""


def waterfall(workspace: Workspace, view: View, today: date) -> Waterfall:
    """The period that the view asks for, and the eleven before it. Raises UnknownField."""
    with workspace.read() as db:
        facts = SqlFacts(db, View(view.choice, view.where, None, view.as_of))
        bought = facts.mode == REPEAT_PURCHASE
        answers = compute(facts, COMING if bought else MOVING, series(period_of(facts, view, today), PERIODS))
        steps = ((part.period, comings(part.metrics) if bought else moves_of(part.metrics)) for part in answers)
        found = tuple(Steps(period, period.complete(facts.as_of), moves) for period, moves in steps)
        as_of = None if facts.empty and view.as_of is None else facts.as_of
        return Waterfall(facts.revision, as_of, facts.currency, view.where, found, bought)
