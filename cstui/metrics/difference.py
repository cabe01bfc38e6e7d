"""What made the difference between two readings of a counted figure: who moved it, and by how much. Pure.

Two readings are one metric in two periods, or in one period under two sets of switches. A counted figure is a sum over its rows, or
`times` × one sum over another. In a sum, a customer contributes what they add more. A ratio moved because its numerator did and because
its denominator did: the effect of each is its change, with the other one held at the mean of both readings, so that the two effects
add up to the difference exactly. Both are sums over customers again, so everybody's contribution is known, and they add up too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from cstui.base.days import Period
from cstui.base.money import SCALE, exponent
from cstui.metrics.evidence import SHARES, Change, churn_base, evidence, money_rows, told_by_purchases
from cstui.metrics.facts import Facts
from cstui.metrics.figure import Figure
from cstui.metrics.rows import Asked, Evidence
from cstui.metrics.states import CHOICE, chosen

Who = tuple[int | None, str]
"""A customer, or None and what rows without a customer count under."""
Pair = tuple[Fraction, Fraction]
"""What somebody adds to numerator and to denominator."""
NOTHING: Pair = (Fraction(0), Fraction(0))


@dataclass(frozen=True, slots=True)
class Mover:
    """Somebody who adds otherwise in the second reading than in the first."""

    customer: int | None
    under: str
    """What rows without a customer count under: `marketing, ads`. Empty for a customer."""
    before: Pair | None
    """None: nothing of theirs counted."""
    now: Pair | None
    contribution: Fraction
    """Their part of the difference, in the figure's own unit."""


@dataclass(frozen=True, slots=True)
class Effect:
    """One side of a ratio, or one part of a composed figure."""

    before: Fraction
    now: Fraction
    effect: Fraction | None
    """What its change did to the figure."""


@dataclass(frozen=True, slots=True)
class Moves:
    """Who moved a figure, largest first; of a ratio also what each side did."""

    movers: tuple[Mover, ...]
    numerator: Effect | None = None
    denominator: Effect | None = None


class Reading(NamedTuple):
    """What everybody adds to a figure. Kept as whole numbers where there may be a hundred thousand of them."""

    own: Mapping[int, tuple[int, int]]
    """Customer → numerator and denominator × `scale`."""
    scale: int
    rest: Mapping[Who, Pair]
    """Those whose money had to be converted, and what no shorter way is known for."""

    def of(self, who: Who) -> Pair | None:
        """What one of them adds."""
        held = None if who[0] is None else self.own.get(who[0])
        return self.rest.get(who) if held is None else (Fraction(held[0], self.scale), Fraction(held[1], self.scale))


def reading(facts: Facts, name: str, period: Period) -> Reading:
    """What everybody adds to a counted metric in a period."""
    asked = Asked(facts, name, period)
    if told_by_purchases(facts, name):
        return reading_of(evidence(*asked).rows)
    if name in SHARES:
        return _money(asked)
    if name == "customer_churn_rate":
        return Reading({customer: (int(left), base) for customer, base, left in churn_base(asked)}, 1, {})
    if name in CHOICE:
        return Reading({state.customer: (1, 0) for state in chosen(*asked)}, 1, {})
    return reading_of(evidence(*asked).rows)


def reading_of(rows: Iterable[Evidence]) -> Reading:
    """What everybody adds by rows."""
    return Reading({}, 1, _summed(rows))


def _money(asked: Asked) -> Reading:
    facts, share = asked.facts, SHARES[asked.name]
    own: dict[int, tuple[int, int]] = {}
    foreign = []
    for state in chosen(*asked):
        if state.foreign:
            foreign.append(state.customer)
        else:
            before, after = state.before, state.after
            top, bottom = share(Change(before, after, before, after, after))
            own[state.customer] = int(top), int(bottom)
    return Reading(own, SCALE * 10 ** exponent(facts.currency), _summed(money_rows(asked, foreign)) if foreign else {})


def _summed(rows: Iterable[Evidence]) -> dict[Who, Pair]:
    found: dict[Who, Pair] = {}
    for row in rows:
        who = (row.customer, "" if row.customer is not None else row.under or "")
        top, bottom = found.get(who, NOTHING)
        found[who] = top + (row.numerator or 0), bottom + (row.denominator or 0)
    return found


def moves(first: Reading, then: Reading, before: Figure, now: Figure, times: int) -> Moves:
    """Who moved a figure from `before` to `now`. Both have a value, and both are sums or both ratios."""
    changed = list(_changed(first, then))
    if now.denominator is None or before.denominator is None:
        return Moves(_ordered((who, a, b, (b or NOTHING)[0] - (a or NOTHING)[0]) for who, a, b in changed))
    n0, d0, n1, d1 = (part or Fraction(0) for part in (before.numerator, before.denominator, now.numerator, now.denominator))
    per_top = times * (1 / d0 + 1 / d1) / 2
    per_bottom = -times * (n0 + n1) / 2 / (d0 * d1)
    weighed = (
        (who, a, b, per_top * ((b or NOTHING)[0] - (a or NOTHING)[0]) + per_bottom * ((b or NOTHING)[1] - (a or NOTHING)[1]))
        for who, a, b in changed
    )
    return Moves(_ordered(weighed), Effect(n0, n1, per_top * (n1 - n0)), Effect(d0, d1, per_bottom * (d1 - d0)))


def _changed(first: Reading, then: Reading) -> Iterator[tuple[Who, Pair | None, Pair | None]]:
    """Everybody who adds otherwise, with what they added and add."""
    for customer in first.own.keys() | then.own.keys():
        held = first.own.get(customer)
        if first.scale != then.scale or held is None or held != then.own.get(customer):
            who: Who = (customer, "")
            a, b = first.of(who), then.of(who)
            if (a or NOTHING) != (b or NOTHING):
                yield who, a, b
    for other in first.rest.keys() | then.rest.keys():
        if other[0] is None or not (other[0] in first.own or other[0] in then.own):
            a, b = first.rest.get(other), then.rest.get(other)
            if (a or NOTHING) != (b or NOTHING):
                yield other, a, b


def _ordered(found: Iterator[tuple[Who, Pair | None, Pair | None, Fraction]]) -> tuple[Mover, ...]:
    """Largest contribution first."""
    movers = (Mover(who[0], who[1], a, b, contribution) for who, a, b, contribution in found)
    return tuple(sorted(movers, key=lambda one: (-abs(float(one.contribution)), one.customer or 0, one.under)))
