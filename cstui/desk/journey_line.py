"""A line of the journey of all customers, explained as any figure is: who is in a stage, or who went from one to another.

Returns an `Explanation`. Its rows are the customers with their days, the longest first, so that the median is the middle one's; each
names the record that put them there, as far as one does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from operator import attrgetter

from cstui.base.ask import View
from cstui.base.collector import held_back
from cstui.base.days import Period, iso
from cstui.base.errors import UsageError
from cstui.base.formatting import count
from cstui.base.formatting import period as in_words
from cstui.desk.difference import Difference
from cstui.desk.explain import EVERYTHING, Explanation, Wanted, sourced
from cstui.desk.journeys import everybody, period_of
from cstui.metrics.compute import Answer
from cstui.metrics.difference import Reading, moves
from cstui.metrics.figure import Figure, Frame, Part, figure, ratio
from cstui.metrics.journey import STAGES, begins
from cstui.metrics.journey_columns import STAYS, Line, Lives, along, in_stage, left, reached
from cstui.metrics.purchases import REPEAT_PURCHASE
from cstui.metrics.registry import METRICS, Metric
from cstui.metrics.rows import Evidence
from cstui.metrics.service import Known, SubscriptionRow, span
from cstui.store.facts import SqlFacts
from cstui.store.journey_facts import JourneyFacts
from cstui.store.workspace import Workspace

_ONCE = "Who went more than once is told with the last time."
_FLOOR = METRICS["lead_conversion_rate"].floor
_BY_RECORD = frozenset(("visitor", "lead", "lost"))
"""Stages that the customer's own record puts them in."""

_Begun = tuple[int, str, int]
"""Customer, stage, and the day it began."""


REACHED, LEFT = "reached", "left"
"""In place of where a way leads: everybody who entered the stage; everybody who went on from it, to wherever."""


@dataclass(frozen=True, slots=True)
class JourneyLine:
    """A stage, or the way from one to another."""

    origin: str | None
    """None of a way: where journeys begin."""
    target: str | None = None
    """None: who is in the stage; REACHED, LEFT."""

    @property
    def way(self) -> bool:
        """Whether it leads from stage to stage."""
        return self.target in STAGES

    @classmethod
    def parse(cls, text: str) -> JourneyLine:
        """`trial`, `trial:reached`, `trial:left`, `trial:customer`, `:lead` for those who begin as leads. Raises UsageError."""
        origin, way, target = text.strip().partition(":")
        ways = STAGES if not origin else (*STAGES, REACHED, LEFT)
        if not (origin in STAGES or (way and not origin)) or (way and target not in ways):
            raise UsageError(
                f"A line is a stage such as trial, trial:reached, trial:left, or a way such as trial:customer, not “{text}”. "
                f"The stages: {', '.join(STAGES)}."
            )
        return cls(origin or None, target or None)

    def among(self, told: Lives, period: Period | None, as_of: int) -> Line:
        """What each customer adds to it."""
        if self.target is not None and self.way:
            return along(told, self.origin, self.target, period, as_of)
        assert self.origin is not None
        return {REACHED: reached, LEFT: left}.get(self.target or "", in_stage)(told, self.origin, period, as_of)


def journey_line(workspace: Workspace, line: JourneyLine, view: View, wanted: Wanted = EVERYTHING) -> Explanation:
    """The explanation of a line of the table that `desk.journeys` gives for the view. Raises UnknownField, UsageError."""
    if view.choice.last != 1:
        raise UsageError("The journey is told of one period, not of a series.")
    with held_back(), workspace.read() as db:
        facts = SqlFacts(db, View(where=view.where, as_of=view.as_of))
        period = period_of(facts, view)
        told = everybody(facts, JourneyFacts(db, facts.chosen_flags, facts.as_of))
        found = line.among(told, period, facts.as_of)
        earlier = None if period is None else line.among(told, period.previous, facts.as_of)
        span_of = period or Period(int(told.start.min(initial=facts.as_of)), facts.as_of + 1)
        now = _figure(line, found, span_of, facts.as_of)
        then = None if earlier is None else _figure(line, earlier, span_of.previous, facts.as_of)
        one = _metric(line, period, by_purchase=facts.mode == REPEAT_PURCHASE)
        return Explanation(
            facts.revision,
            None if facts.empty and view.as_of is None else facts.as_of,
            facts.currency,
            view.where,
            span_of,
            one,
            Answer(now, None if then is None else then.value),
            {switch: facts.in_force[switch] for switch in one.switches},
            {},
            tuple(sourced(facts, list(_rows(facts, line, found, wanted.limit)), span_of)) if wanted.rows else None,
            len(found.customer),
            _difference(facts, span_of, (earlier, found), (then, now), wanted.limit) if wanted.difference else None,
        )


def _figure(line: JourneyLine, found: Line, period: Period, as_of: int) -> Figure:
    frame, n = Frame(period, as_of, "customers", period.start, period.start), len(found.customer)
    if not line.way:
        name = "waiting_days" if line.target is None else "median_days"
        return figure(
            frame, int(found.times.sum()) if line.target == LEFT else n, n=n, parts=None if line.target == REACHED else {name: found.median}
        )
    parts: dict[str, Part] = {"customers": int((found.times > 0).sum())}
    if line.origin is not None:
        parts["median_days"] = found.median
    base = f"nobody was in stage {line.origin}" if line.origin is not None else "no journey began"
    return ratio(frame, int(found.times.sum()), int(found.out.sum()), n=n, floor=_FLOOR, base=base, parts=parts)


def _metric(line: JourneyLine, period: Period | None, *, by_purchase: bool) -> Metric:
    """The line as a metric of its own."""
    switches = METRICS["customers_active"].switches
    label, definition, formula = _said(line, period, by_purchase=by_purchase)
    name, unit = ("journey_move", "ratio") if line.way else ("journey_stage", "count")
    return Metric(name, label, unit, "neither", "journey", definition, formula, floor=_FLOOR if line.way else 0, switches=switches)


def _said(line: JourneyLine, period: Period | None, *, by_purchase: bool) -> tuple[str, str, str]:
    """What a line is called, what it means, and how it is computed."""
    when = "so far" if period is None else f"in {in_words(period)}"
    stage, target = line.origin or "", line.target or ""
    told = target if line.way else stage
    begun = f"Stage {told} begins when {begins(told, by_purchase=by_purchase)}."
    longest = "The longest come first: the median is the middle one's."
    if line.target is None:
        end = "on the last day of the data" if period is None else f"at the end of {in_words(period)}"
        return f"In stage {stage}", f"Customers who are in stage {stage} {end}. {begun} {longest}", "count(customers)"
    if line.target == REACHED:
        return f"Reached stage {stage}", f"Customers who entered stage {stage} {when}, each counted once. {begun}", "count(customers)"
    if line.target == LEFT:
        definition = f"Moves out of stage {stage} {when}, to wherever, with the days that were spent in it. {begun} {longest}"
        return f"Went on from {stage}", f"{definition} {_ONCE}", "sum(moves)"
    if line.origin is None:
        definition = f"Of the journeys that began {when}, those that began as {target}. {begun}"
        return f"Begins as {target}", definition, f"journeys that began as {target} / journeys that began"
    definition = f"Of all moves out of stage {stage} {when} and those still in it, the moves to {target}. {begun} {longest} {_ONCE}"
    return f"{stage} → {target}", definition, f"moves {stage} → {target} / (all moves out of {stage} + those still in it)"


def _difference(
    facts: SqlFacts, period: Period, found: tuple[Line | None, Line], figures: tuple[Figure | None, Figure], limit: int | None
) -> Difference:
    """Against the period before; everything so far has none."""
    (then, now), (before, after) = found, figures
    if then is None or before is None:
        return Difference.unknown(period.previous, None, after.value, "everything so far has nothing before it")
    if before.value is None or after.value is None:
        return Difference.unknown(period.previous, before.value, after.value, after.reason or before.reason or "")
    moved = moves(_reading(then), _reading(now), before, after, 1, limit)
    return Difference.of(facts, period.previous, before, after, moved)


def _reading(line: Line) -> Reading:
    adds = zip(line.times.tolist(), line.out.tolist(), strict=True)
    return Reading(dict(zip(line.customer.tolist(), adds, strict=True)), 1, {})


# The rows


def _rows(facts: SqlFacts, line: JourneyLine, found: Line, limit: int | None) -> Iterator[Evidence]:
    """The first of the customers, each with the record that put them where they are."""
    columns = (column[:limit].tolist() for column in (found.customer, found.times, found.out, found.to, found.on, found.days))
    rows = list(zip(*columns, strict=True))
    stages = [line.origin or "" if to == STAYS else STAGES[to] for _, _, _, to, _, _ in rows]
    put = _put(facts, [(row[0], stage, row[4]) for row, stage in zip(rows, stages, strict=True)])
    for (customer, times, out, to, on, days), stage in zip(rows, stages, strict=True):
        kind, row = put.get((customer, stage, on), ("customer", customer))
        told = f"{count(days, 'day')}, since {iso(on)}" if to == STAYS else f"after {count(days, 'day')}, {iso(on)}"
        if line.origin is None or line.target == REACHED:
            told = iso(on)
        elsewhere = f" → {stage}" if to != STAYS and stage not in (line.target, line.origin) else ""
        below = Fraction(out) if line.way else None
        yield Evidence(kind, row, customer, Fraction(times), below, told + elsewhere)


def _put(facts: SqlFacts, wanted: Sequence[_Begun]) -> dict[_Begun, tuple[str, int]]:
    """The payment or subscription row that began a stage on a day, as (kind, row); what none began is the customer's record's."""
    bought = [(customer, on) for customer, stage, on in wanted if stage in ("customer", "returned")]
    if facts.mode == REPEAT_PURCHASE:
        payments = facts.purchase_ids(bought)
        return {one: ("payment", payments[one[0], one[2]]) for one in wanted if (one[0], one[2]) in payments and one[1] != "churned"}
    known = Known(facts.as_of, facts.own, facts.switches.past_due_days)
    of = {customer for customer, stage, _ in wanted if stage not in _BY_RECORD}
    begun: dict[_Begun, tuple[str, int]] = {}
    if any(stage == "trial" for _, stage, _ in wanted):
        begun |= {(trial.customer, "trial", trial.began): ("subscription", trial.row) for trial in facts.trials()}
    for customer, rows in groupby(facts.subscriptions(sorted(of)) if of else (), key=attrgetter("customer_id")):
        for row in rows:
            for stage, on in _turns(row, known):
                begun.setdefault((customer, stage, on), ("subscription", row.id))
    return begun


def _turns(row: SubscriptionRow, known: Known) -> Iterator[tuple[str, int]]:
    """What a subscription row can begin, and when."""
    yield "trial", row.started_at
    service = span(row, known)
    if service is not None:
        yield "customer", service.pay
        yield "returned", service.pay
        yield "churned", service.end
