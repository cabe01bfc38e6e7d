"""A definition switch before it is turned: which figures would change, and which customers move. Writes nothing.

Both readings are worked out in one reading transaction, the second as if the switch had been set.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from cstui.base import formatting as fmt
from cstui.base.ask import View
from cstui.base.days import Period
from cstui.desk.difference import between
from cstui.desk.figures import MONEY_FAMILIES, header, number, period_json
from cstui.desk.overview import BOUGHT_CARDS, CARDS, period_of
from cstui.desk.settings import SWITCH_NAMES, check_name
from cstui.metrics.compute import compute
from cstui.metrics.difference import Mover, Pair
from cstui.metrics.figure import Figure
from cstui.metrics.purchases import REPEAT_PURCHASE
from cstui.metrics.registry import METRICS, Metric
from cstui.metrics.switches import SWITCHES
from cstui.store.facts import SqlFacts
from cstui.store.workspace import Workspace

_LEADS = ("mrr", "customers_active")
"""By which of the figures that move customers are ordered, where one of these does; else by the first of the catalogue."""


@dataclass(frozen=True, slots=True)
class Turned:
    """A figure under the switch as it is, and as it would be."""

    metric: Metric
    before: Figure
    after: Figure
    uses: bool
    """Its definition, or that of a part, uses the switch."""


@dataclass(frozen=True, slots=True)
class Part:
    """What a customer adds to one figure before and after."""

    before: Pair | None
    after: Pair | None
    contribution: Fraction
    """Their part of the figure's change, in its unit."""


@dataclass(frozen=True, slots=True)
class Moving:
    """A customer who would count otherwise."""

    number: int
    customer_id: str
    name: str | None
    parts: Mapping[str, Part]
    """Metric → what changes there, of the counted figures that would count them otherwise."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What turning a switch would do, in one period."""

    revision: int
    as_of: int | None
    currency: str
    switch: str
    label: str
    """What people call it."""
    definition: str
    default: str
    before: str
    after: str
    period: Period
    figures: tuple[Turned, ...]
    """The overview's, then the others whose definition uses the switch."""
    by: str | None
    """The metric whose change orders the customers; None where nobody moves."""
    customers: tuple[Moving, ...]
    total: int
    """How many move, when `customers` was cut."""

    @property
    def leading(self) -> str:
        """The label of `by`."""
        return "" if self.by is None else METRICS[self.by].label

    def to_json(self) -> dict[str, Any]:
        """The document of docs/commands.md, `cstui switches NAME VALUE --preview --json`."""
        return header(self.as_of, self.currency, ()) | {
            "switch": {"name": self.switch, "before": self.before, "after": self.after, "default": self.default},
            "period": period_json(self.period, self.as_of),
            "figures": {turned.metric.id: _figure_json(turned) for turned in self.figures},
            "by": self.by,
            "customers": [
                {
                    "customer_id": one.customer_id,
                    "name": one.name,
                    "figures": {name: _part_json(METRICS[name], part) for name, part in one.parts.items()},
                }
                for one in self.customers
            ],
            "total": self.total,
        }


def _figure_json(turned: Turned) -> dict[str, Any]:
    count = turned.metric.unit == "count"
    found: dict[str, Any] = {"unit": turned.metric.unit, "uses": turned.uses}
    for when, figure in (("before", turned.before), ("after", turned.after)):
        found[when] = {"value": number(figure.value, whole=count), "status": figure.status, "n": figure.n}
        if figure.reason is not None:
            found[when]["reason"] = figure.reason
    return found


def _part_json(one: Metric, part: Part) -> dict[str, Any]:
    whole = one.family not in MONEY_FAMILIES

    def pair(adds: Pair | None) -> dict[str, Any] | None:
        return adds and {"numerator": number(adds[0], whole=whole), "denominator": number(adds[1], whole=whole)}

    return {
        "before": pair(part.before),
        "after": pair(part.after),
        "contribution": number(part.contribution, whole=one.unit == "count"),
    }


def preview(workspace: Workspace, name: str, value: str, today: date, limit: int | None = None) -> Preview:
    """What a switch would do to the last complete month, and the `limit` customers who would move most. Raises UsageError."""
    check_name(name, SWITCH_NAMES, "switch")
    switch = SWITCHES[name]
    after = switch.check(value)
    with workspace.read() as db:
        first, then = SqlFacts(db, View()), SqlFacts(db, View(), {name: after})
        period = period_of(first, View(), today)
        cards = workspace.setting("cards")
        usual = BOUGHT_CARDS if first.mode == REPEAT_PURCHASE else CARDS
        figures = _figures(first, then, name, period, cards.split(",") if cards else usual)
        moving = _moving(first, then, period, figures)
        by = next((lead for lead in (*_LEADS, *METRICS) if any(lead in parts for parts in moving.values())), None)
        order = sorted(moving, key=lambda customer: (*_rank(moving[customer], by), customer))
        return Preview(
            first.revision,
            None if first.empty else first.as_of,
            first.currency,
            name,
            switch.label,
            switch.definition,
            switch.default,
            first.switches.value(name),
            after,
            period,
            figures,
            by,
            tuple(_named(first, order[:limit], moving)),
            len(order),
        )


def uses(one: Metric, switch: str) -> bool:
    """Whether a metric's definition, or that of a part, uses a switch."""
    return switch in one.switches or any(uses(METRICS[part.partition(".")[0]], switch) for part in one.composed)


def _figures(first: SqlFacts, then: SqlFacts, switch: str, period: Period, cards: Iterable[str]) -> tuple[Turned, ...]:
    names = list(dict.fromkeys((*cards, *(one.id for one in METRICS.values() if uses(one, switch)))))
    before, after = (compute(facts, names, [period])[0].metrics for facts in (first, then))
    return tuple(Turned(METRICS[name], before[name].figure, after[name].figure, uses(METRICS[name], switch)) for name in names)


def _moving(first: SqlFacts, then: SqlFacts, period: Period, figures: Iterable[Turned]) -> dict[int, dict[str, Part]]:
    """Customer → what changes, by metric. Composed figures move by their parts, which are figures themselves."""
    found: dict[int, dict[str, Part]] = {}
    for turned in figures:
        one = turned.metric
        if not turned.uses or one.composed or turned.before.value is None or turned.after.value is None:
            continue
        moves = between(first, then, one, (period, period), (turned.before, turned.after), None)
        for mover in moves.movers if moves is not None else ():
            if mover.customer is not None:
                found.setdefault(mover.customer, {})[one.id] = _part(mover)
    return found


def _part(mover: Mover) -> Part:
    return Part(mover.before, mover.now, mover.contribution)


def _rank(parts: Mapping[str, Part], by: str | None) -> tuple[float, int]:
    """Those who move the leading figure most first, then those who move many others."""
    lead = parts.get(by or "")
    return -abs(float(lead.contribution)) if lead is not None else 0.0, -len(parts)


def _named(facts: SqlFacts, order: list[int], moving: Mapping[int, Mapping[str, Part]]) -> Iterable[Moving]:
    sources = facts.sources("customer", order)
    for customer in order:
        _, customer_id, name, *_ = sources[customer]
        yield Moving(customer, customer_id or "", name, moving[customer])


def moving_words(one: Moving, found: Preview, most: int) -> list[str]:
    """What changes for a customer: the leading figure first, `most` at most, and how many there are beside them."""
    names = sorted(one.parts, key=lambda name: name != found.by)
    words = [part_words(name, one.parts[name], found.currency) for name in names[:most]]
    more = len(names) - len(words)
    return [*words, f"and {more} more"] if more else words


def part_words(name: str, part: Part, currency: str) -> str:
    """`MRR $490 → –`; of a ratio `Customer churn 0 of 1 → 1 of 1`."""
    return f"{metric_label(name)} {' → '.join(part_values(name, part, currency))}"


def metric_label(name: str) -> str:
    """What people call a metric."""
    return METRICS[name].label


def part_values(name: str, part: Part, currency: str) -> tuple[str, str]:
    """What the customer adds before and after, in words."""
    one = METRICS[name]
    return _adds(one, part.before, currency), _adds(one, part.after, currency)


def _adds(one: Metric, pair: Pair | None, currency: str) -> str:
    if pair is None:
        return "–"
    unit = "money" if one.unit == "money" or one.family in MONEY_FAMILIES else "count"
    top = fmt.figure(pair[0], unit, currency)
    return f"{top} of {fmt.figure(pair[1], unit, currency)}" if pair[1] else top
