"""Our side of a reconciled month, explained as any figure is: its subscriptions, and who made it differ from the month before.

Returns an `Explanation` in the currency of the line. Reads no file: what the other program says comes with the line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from cstui.base import formatting as fmt
from cstui.base.ask import View
from cstui.base.days import iso, parse_month
from cstui.base.money import SCALE, to_major
from cstui.desk.coverage import notes
from cstui.desk.difference import Difference
from cstui.desk.explain import EVERYTHING, Explanation, Wanted, sourced
from cstui.metrics.cells import frame
from cstui.metrics.compute import Answer
from cstui.metrics.difference import moves, reading_of
from cstui.metrics.evidence import both_ends
from cstui.metrics.figure import Figure, figure
from cstui.metrics.registry import METRICS, Metric
from cstui.metrics.rows import Evidence
from cstui.metrics.service import Known
from cstui.store.facts import SqlFacts

if TYPE_CHECKING:
    from cstui.base.days import Period
    from cstui.metrics.figure import Part
    from cstui.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class OurSide:
    """A line of a reconciliation: a month and currency, of all customers or of one."""

    month: str
    """`2026-09`."""
    currency: str
    theirs: Fraction
    """What the other program says, in major units of `currency`."""
    causes: tuple[tuple[str, Fraction], ...]
    """What makes the difference, each with its amount."""
    customer: tuple[int, str] | None = None
    """One customer's row here and id; None: all customers."""


def our_side(workspace: Workspace, side: OurSide, wanted: Wanted = EVERYTHING) -> Explanation:
    """What our amount of the line is made of."""
    period = parse_month(side.month)
    where = () if side.customer is None else (("customer_id", (side.customer[1],)),)
    with workspace.read() as db:
        facts = SqlFacts(db, View())
        now, before = list(_rows(facts, side, period)), list(_rows(facts, side, period.previous))
        one = _metric(facts, side, period)
        figures = _figure(facts, side, period, now, told=True), _figure(facts, side, period.previous, before)
        now.sort(key=lambda row: (-(row.numerator or 0), row.customer or 0, row.row))
        return Explanation(
            facts.revision,
            facts.as_of,
            side.currency,
            where,
            period,
            one,
            Answer(figures[0], figures[1].value),
            {switch: facts.in_force[switch] for switch in one.switches},
            {},
            tuple(sourced(facts, now[: wanted.limit], period)) if wanted.rows else None,
            len(now),
            _difference(facts, period, (before, now), figures, wanted.limit) if wanted.difference else None,
            notes(facts, ["mrr"], period).get("mrr", ()),
        )


def _rows(facts: SqlFacts, side: OurSide, period: Period) -> Iterator[Evidence]:
    """The subscriptions with MRR in the line's currency at the end of a period, each with what it adds."""
    known = Known(facts.as_of, facts.own, facts.switches.past_due_days)
    ids = None if side.customer is None else [side.customer[0]]
    for customer, rows in groupby(facts.subscriptions(ids), key=attrgetter("customer_id")):
        for level in both_ends(facts, list(rows), known, period):
            if level.now and level.row.currency == side.currency:
                yield Evidence("subscription", level.row.id, customer, to_major(Fraction(level.now, SCALE), side.currency), None)


def _figure(facts: SqlFacts, side: OurSide, period: Period, rows: list[Evidence], *, told: bool = False) -> Figure:
    ours = sum((row.numerator or Fraction(0) for row in rows), Fraction(0))
    parts: dict[str, Part] = {"theirs": side.theirs, "difference": side.theirs - ours, "causes": dict(side.causes)} if told else {}
    return figure(frame(facts, period, "subscriptions"), ours, n=len({row.customer for row in rows}), parts=parts or None)


def _metric(facts: SqlFacts, side: OurSide, period: Period) -> Metric:
    """The line as a metric of its own."""
    mrr = METRICS["mrr"]
    whose = "all customers" if side.customer is None else side.customer[1]
    day = iso(min(period.last, facts.as_of))
    here = f"MRR in {side.currency} of {whose} on {day}, without what is in another currency."
    definition = f"Our side of {fmt.period(period)}: {here} {mrr.definition}"
    return Metric("our_mrr", "Our MRR", "money", "higher", mrr.family, definition, mrr.formula, switches=mrr.switches)


def _difference(
    facts: SqlFacts, period: Period, rows: tuple[list[Evidence], list[Evidence]], figures: tuple[Figure, Figure], limit: int | None
) -> Difference:
    """Against the month before."""
    (before, now), (figure_now, figure_before) = rows, figures
    if figure_before.value is None or figure_now.value is None:
        reason = figure_now.reason or figure_before.reason or ""
        return Difference.unknown(period.previous, figure_before.value, figure_now.value, reason)
    moved = moves(reading_of(before), reading_of(now), figure_before, figure_now, 1, limit)
    return Difference.of(facts, period.previous, figure_before, figure_now, moved)
