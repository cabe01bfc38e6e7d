"""The journey of all customers: from stage to stage, how many, how long it took in the median, and whose they were.

Takes a workspace and a view; returns one frozen snapshot. With a period chosen it tells what happened in it and where everybody
stood at its end; without one, everything up to the last day of the data.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from cstui.base.ask import View, Where
from cstui.base.collector import held_back
from cstui.base.days import Period, to_day
from cstui.base.errors import UsageError
from cstui.desk.customer_journey import STAGES, first_seen, says_first_seen
from cstui.desk.figures import header, number, period_json
from cstui.metrics.journey import RANK, began, is_ticket, paying
from cstui.metrics.journey_columns import Charges, Lives, MoveTally, StageTally, Starts, begun, joined, lives, paid, tally
from cstui.metrics.steps import level_on
from cstui.store.facts import SqlFacts
from cstui.store.journey_facts import JourneyFacts
from cstui.store.workspace import Workspace

if TYPE_CHECKING:
    from cstui.metrics.columns import Flags, Ints

__all__ = ["STAGES", "JourneysSnapshot", "StageLine", "Transition", "journeys"]


@dataclass(frozen=True, slots=True)
class StageLine:
    """One stage over all customers."""

    stage: str
    reached: int
    """Customers who entered it: ever, or in the period."""
    now: int
    """Customers in it at the end."""
    median_days: Fraction | None
    """In it, of those who went on."""
    waiting_days: Fraction | None
    """In it so far, of those who are there."""
    owners: tuple[tuple[str, int], ...]
    """Who was in charge of how many of its customers, the most first: who held the contacts in that time, and the record's owner for the
    stage a customer is in."""
    members: tuple[int, ...]
    """The numbers of those in it, as lists hold them."""
    days: tuple[int, ...]
    """How long each of them has been in it."""


@dataclass(frozen=True, slots=True)
class Transition:
    """The way from one stage to another."""

    origin: str | None
    """None: where journeys begin."""
    target: str
    customers: int
    times: int
    """Moves: who leaves and returns twice makes it twice."""
    share: Fraction
    """Of the moves out of the origin, and those still in it."""
    median_days: Fraction | None
    """In the origin before the move."""
    members: tuple[int, ...]
    """The numbers of its customers, as lists hold them."""
    days: tuple[int, ...]
    """How long each of them was in the origin before, the last time."""


@dataclass(frozen=True, slots=True)
class JourneysSnapshot:
    """The journey of the customers in the view's filter."""

    revision: int
    workspace: str
    """The company's name, or the file's."""
    currency: str
    as_of: int | None
    """None: nothing has been imported."""
    age_days: int
    where: Where
    period: Period | None
    """None: everything up to `as_of`."""
    customers: int
    """Customers in the filter, stubs too."""
    undated: int
    """Those of whom no date says that a journey began."""
    stages: tuple[StageLine, ...]
    """Every stage, in order."""
    transitions: tuple[Transition, ...]
    """Those that somebody made, by stage."""

    def to_json(self) -> dict[str, Any]:
        """The document of docs/commands.md, `cstui journey --json`."""
        return header(self.as_of, self.currency, self.where) | {
            "period": None if self.period is None else period_json(self.period, self.as_of),
            "customers": self.customers,
            "undated": self.undated,
            "stages": [
                {
                    "stage": line.stage,
                    "reached": line.reached,
                    "now": line.now,
                    "median_days": number(line.median_days, whole=False),
                    "waiting_days": number(line.waiting_days, whole=False),
                    "owners": [{"owner": owner, "customers": count} for owner, count in line.owners],
                }
                for line in self.stages
            ],
            "transitions": [
                {
                    "from": move.origin,
                    "to": move.target,
                    "customers": move.customers,
                    "times": move.times,
                    "share": number(move.share, whole=False),
                    "median_days": number(move.median_days, whole=False),
                }
                for move in self.transitions
            ],
        }


def journeys(workspace: Workspace, view: View, today: date) -> JourneysSnapshot:
    """The journey of all customers in the view's filter. Raises UnknownField, UsageError."""
    if view.choice.last != 1:
        raise UsageError("The journey is told of one period, not of a series.")
    with held_back(), workspace.read() as db:
        facts = SqlFacts(db, View(where=view.where, as_of=view.as_of))
        empty = facts.empty and view.as_of is None
        period = period_of(facts, view)
        known = JourneyFacts(db, facts.chosen_flags, facts.as_of)
        customers = 0 if empty else known.customers()
        told = lives(joined([])) if empty else everybody(facts, known)
        stages, moves = tally(told, _charges(facts, known), period, facts.as_of)
        company = workspace.setting("company")
    return JourneysSnapshot(
        revision=facts.revision,
        workspace=company or workspace.path.stem,
        currency=facts.currency,
        as_of=None if empty else facts.as_of,
        age_days=0 if facts.empty else to_day(today) - facts.as_of,
        where=view.where,
        period=period,
        customers=customers,
        undated=customers - told.customers(),
        stages=tuple(map(_stage, stages)),
        transitions=tuple(_transitions(moves, stages)),
    )


def period_of(facts: SqlFacts, view: View) -> Period | None:
    """The period that a view asks the journey of; None: everything up to the last day of the data."""
    chosen = view.choice.period is not None or view.choice.trailing is not None
    return view.choice.resolve(facts.as_of)[-1] if chosen and (not facts.empty or view.as_of is not None) else None


def everybody(facts: SqlFacts, known: JourneyFacts) -> Lives:
    """The journeys of the customers in the filter."""
    return lives(joined(list(_starts(facts, known))))


def _starts(facts: SqlFacts, known: JourneyFacts) -> Iterator[Starts]:
    """When every stage of everybody began."""
    yield from _paid(facts)
    created = known.created()
    visitors = _visitors(facts, created.customer)
    for stage, which in (("visitor", visitors), ("lead", ~visitors)):
        yield begun(created.customer[which], created.day[which], stage)
    yield begun(*known.lost(), "lost")
    yield begun(*known.trials(), "trial")
    seen = _first_seen(facts)
    yield begun(np.array([*seen], np.int64), np.array([*seen.values()], np.int64), "visitor")


def _first_seen(facts: SqlFacts) -> dict[int, int]:
    """Customer → the day a custom attribute says that they were first seen, by `as_of`."""
    found: dict[int, int] = {}
    for name in filter(says_first_seen, facts.attributes):
        for customer, value in facts.values(name):
            day = first_seen(value)
            if day is not None and day <= facts.as_of:
                found[customer] = min(day, found.get(customer, day))
    return found


def _paid(facts: SqlFacts) -> Iterator[Starts]:
    """Where MRR put whom and when, by `as_of`."""
    columns = facts.step_columns
    if columns is not None:
        yield paid(columns, facts.as_of)
    found: list[tuple[int, int, str]] = []
    for customer, steps in () if columns is not None else facts.steps():
        found += [(customer, day, stage) for day, stage in paying(steps, facts.as_of)]
    for customer, by_currency in facts.foreign_steps().items():
        days = sorted({day for steps in by_currency.values() for day, _ in steps if day <= facts.as_of})
        levels = ((day, sum(level_on(steps, day) for steps in by_currency.values())) for day in days)
        found += [(customer, day, stage) for day, stage in paying(levels, facts.as_of)]
    yield Starts(*np.array([(who, day, RANK[stage]) for who, day, stage in found], np.int64).reshape(-1, 3).T)


def _visitors(facts: SqlFacts, customers: Ints) -> Flags:
    """Which of them are visitors still, as their stage says."""
    stages = facts.grouped_by("stage")
    named = np.array([began(0, stage) == (0, "visitor") for stage in stages.names])
    found: Flags = named[stages.of(customers)]
    return found


def _charges(facts: SqlFacts, known: JourneyFacts) -> Charges:
    """Who was in charge: of contacts without tickets, and as the records say."""
    owners, held = facts.grouped_by("owner"), known.contacts()
    names = sorted({*filter(None, owners.names), *held.owners})
    place = {name: number for number, name in enumerate(names)}
    tickets = np.array([is_ticket(kind, "" if to_solve else None, None, None) for kind, to_solve in held.whats], np.bool_)
    mine = ~tickets[held.what] if len(held.what) else np.zeros(0, np.bool_)
    who = np.array([place[name] for name in held.owners], np.int64)[held.owner] if len(held.owner) else held.owner
    now = np.array([place.get(name or "", -1) for name in owners.names])[owners.code]
    return Charges(names, held.customer[mine], held.at[mine], who[mine], now)


def _stage(line: StageTally) -> StageLine:
    return StageLine(line.stage, line.reached, len(line.members), line.median_days, line.waiting_days, line.owners, line.members, line.days)


def _transitions(moves: Sequence[MoveTally], stages: Sequence[StageTally]) -> Iterator[Transition]:
    """Every move with its share of all that could be made from there."""
    out: dict[str | None, int] = {stage.stage: len(stage.members) for stage in stages}
    for move in moves:
        out[move.origin] = out.get(move.origin, 0) + move.times
    for move in moves:
        share = Fraction(move.times, out[move.origin])
        yield Transition(move.origin, move.target, len(move.members), move.times, share, move.median_days, move.members, move.days)
