"""Why a figure is not what it was in an earlier period: who moved it, what each side of a ratio did, what each part did.

Works in the reading transaction of an explanation. Knows no screen; what a contribution is, `metrics.difference` says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from cstui.base.days import Period, iso
from cstui.base.formatting import period as in_words
from cstui.desk.figures import MONEY_FAMILIES, number
from cstui.metrics.compute import Answer, compute
from cstui.metrics.difference import Effect, Moves, Pair, moves, readings
from cstui.metrics.difference import Mover as Moved
from cstui.metrics.figure import Figure
from cstui.metrics.formula import effects, evaluated
from cstui.metrics.registry import Metric
from cstui.store.facts import SqlFacts

__all__ = ["PARTS", "RATIO", "SUM", "Difference", "Effect", "Mover", "Pair", "between", "composed_difference", "counted_difference"]

SUM, RATIO, PARTS = "sum", "ratio", "parts"
_TIMELESS = "it is a level of the data's last day, whichever period is asked about: --as-of tells what it was on an earlier day"


@dataclass(frozen=True, slots=True)
class Mover:
    """Somebody who moved a figure."""

    number: int | None
    """The customer's number in this workspace; None for costs and traffic, which have no customer."""
    customer_id: str | None
    name: str | None
    what: str
    """What it is, without a customer: `marketing, ads`."""
    before: Pair | None
    """What they added to numerator and denominator; None: nothing of theirs counted."""
    now: Pair | None
    contribution: Fraction
    """Their part of the difference, in the figure's unit."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure against an earlier period, and what made the difference."""

    previous: Period
    """The period it is held against: as a rule the one before."""
    before: Fraction | None
    now: Fraction | None
    reason: str | None
    """Why there is nothing to compare, in words."""
    method: str | None
    """`sum`, `ratio` or `parts`; None without a difference."""
    numerator: Effect | None
    """Of a ratio: what its numerator did."""
    denominator: Effect | None
    parts: Mapping[str, Effect]
    """Of a composed figure: what each part did. An effect is None where the formula can't be taken apart."""
    movers: tuple[Mover, ...]
    """Largest first; the first of them where they were cut."""
    total: int
    """How many there are."""
    rest: Fraction
    """What those who were cut contributed together."""

    @classmethod
    def of(cls, facts: SqlFacts, previous: Period, before: Figure, now: Figure, found: Moves) -> Difference:
        """The difference of a counted figure, its movers with names."""
        method = SUM if found.numerator is None else RATIO
        sides = found.numerator, found.denominator
        return cls(previous, before.value, now.value, None, method, *sides, {}, named(facts, found.movers), found.total, found.rest)

    @classmethod
    def unknown(cls, previous: Period, before: Fraction | None, now: Fraction | None, reason: str) -> Difference:
        """There is nothing to take apart, and why."""
        return cls(previous, before, now, reason, None, None, None, {}, (), 0, Fraction(0))

    @property
    def value(self) -> Fraction | None:
        """The difference."""
        return None if self.now is None or self.before is None else self.now - self.before

    def to_json(self, one: Metric) -> dict[str, Any]:
        """The `difference` of commands.md."""
        whole, count = one.family not in MONEY_FAMILIES, one.unit == "count"
        return {
            "previous": {"start": iso(self.previous.start), "end": iso(self.previous.end)},
            "before": number(self.before, whole=count),
            "now": number(self.now, whole=count),
            "value": number(self.value, whole=count),
            "reason": self.reason,
            "method": self.method,
            "numerator": _effect_json(self.numerator, whole=whole),
            "denominator": _effect_json(self.denominator, whole=whole or one.unit == "money"),
            "parts": {name: _effect_json(part, whole=False) for name, part in self.parts.items()} or None,
            "movers": [
                {
                    "customer_id": mover.customer_id,
                    "name": mover.name,
                    "what": mover.what or None,
                    "before": _pair_json(mover.before, whole=whole, ratio=self.method == RATIO),
                    "now": _pair_json(mover.now, whole=whole, ratio=self.method == RATIO),
                    "contribution": number(mover.contribution, whole=count),
                }
                for mover in self.movers
            ],
            "total": self.total,
            "rest": number(self.rest, whole=count),
        }


def _effect_json(effect: Effect | None, *, whole: bool) -> dict[str, Any] | None:
    if effect is None:
        return None
    return {
        "before": number(effect.before, whole=whole),
        "now": number(effect.now, whole=whole),
        "effect": number(effect.effect, whole=False),
    }


def _pair_json(pair: Pair | None, *, whole: bool, ratio: bool) -> dict[str, Any] | None:
    if pair is None:
        return None
    return {"numerator": number(pair[0], whole=whole), "denominator": number(pair[1], whole=whole) if ratio else None}


def counted_difference(facts: SqlFacts, one: Metric, periods: tuple[Period, Period], answer: Answer, limit: int | None) -> Difference:
    """Of a counted figure in two periods, the later with its answer: who made the difference, the `limit` largest."""
    before, now = compute(facts, [one.id], [periods[0]])[0].metrics[one.id].figure, answer.figure
    if one.timeless:
        return Difference.unknown(periods[0], None, now.value, _TIMELESS)
    if before.value is None or now.value is None:
        return _nothing(periods[0], before, now)
    found = between(facts, facts, one, periods, (before, now), limit)
    if found is None:
        return _nothing(periods[0], before, now)
    return Difference.of(facts, periods[0], before, now, found)


def between(  # two readings, of what, how many of them
    first: SqlFacts, then: SqlFacts, one: Metric, periods: tuple[Period, Period], figures: tuple[Figure, Figure], limit: int | None
) -> Moves | None:
    """The first who moved a counted figure between two readings; None where one is a ratio and the other is not, so that nobody did."""
    before, now = figures
    if (before.denominator is None) != (now.denominator is None):
        return None
    return moves(*readings(first, then, one.id, periods), before, now, one.times, limit)


def _nothing(against: Period, before: Figure, now: Figure) -> Difference:
    """Why there is no difference to take apart."""
    unknown = [(figure, when) for figure, when in ((now, "now"), (before, f"in {in_words(against)}")) if figure.value is None]
    words = "; ".join(f"unknown {when}: {figure.reason or figure.status}" for figure, when in unknown)
    reason = words or "one of the two was set, not computed"
    return Difference.unknown(against, before.value, now.value, reason)


def composed_difference(
    facts: SqlFacts, one: Metric, periods: tuple[Period, Period], now: Mapping[str, Fraction | None], before: Mapping[str, Fraction | None]
) -> Difference:
    """Of a composed figure in two periods: what each part did. `now` and `before` are the parts' values."""
    first, then = (compute(facts, [one.id], [span])[0].metrics[one.id].figure for span in periods)
    if first.value is None or then.value is None:
        return _nothing(periods[0], first, then)
    values = {name: (before[name], value) for name, value in now.items()}
    known = {name: (a, b) for name, (a, b) in values.items() if a is not None and b is not None}
    found = _effects(one.formula, known, first.value, then.value) if len(known) == len(values) else None
    parts = {name: Effect(a, b, None if found is None else found[name]) for name, (a, b) in known.items()}
    return Difference(periods[0], first.value, then.value, None, PARTS, None, None, parts, (), 0, Fraction(0))


def _effects(formula: str, values: Mapping[str, tuple[Fraction, Fraction]], before: Fraction, now: Fraction) -> dict[str, Fraction] | None:
    """What each part did, where the formula gives both values; a figure with more to it than its formula is not taken apart."""
    first, then = ({name: pair[at] for name, pair in values.items()} for at in (0, 1))
    if evaluated(formula, first) != before or evaluated(formula, then) != now:
        return None
    return effects(formula, first, then)


def named(facts: SqlFacts, movers: tuple[Moved, ...]) -> tuple[Mover, ...]:
    """Movers with their names."""
    sources = facts.sources("customer", (mover.customer for mover in movers if mover.customer is not None))
    found = []
    for mover in movers:
        _, customer_id, name, *_ = sources[mover.customer] if mover.customer is not None else (None, None, None)
        found.append(Mover(mover.customer, customer_id, name, mover.under, mover.before, mover.now, mover.contribution))
    return tuple(found)
