"""What made the difference between two readings of a counted figure: who moved it, and by how much. Pure.

Two readings are one metric in two periods, or in one period under two sets of switches. A counted figure is a sum over its rows, or
`times` × one sum over another. In a sum, a customer contributes what they add more. A ratio moved because its numerator did and because
its denominator did: the effect of each is its change, with the other one held at the mean of both readings, so that the two effects
add up to the difference exactly. Both are sums over customers again, so everybody's contribution is known, and they add up too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from heapq import nsmallest
from math import lcm
from typing import Any, NamedTuple

from cstui.base.days import Period
from cstui.base.money import SCALE, exponent
from cstui.metrics import costs, satisfaction, use_rows, worth
from cstui.metrics.evidence import SHARES, Change, churn_base, evidence, money_rows, told_by_purchases
from cstui.metrics.facts import Facts
from cstui.metrics.figure import Figure
from cstui.metrics.revenue import payment_row, signed
from cstui.metrics.rows import Asked, Evidence
from cstui.metrics.states import CHOICE, chosen

Who = tuple[int | None, str]
"""A customer, or None and what rows without a customer count under."""
Pair = tuple[Fraction, Fraction]
"""What somebody adds to numerator and to denominator."""
NOTHING: Pair = (Fraction(0), Fraction(0))
_PAID = frozenset(("revenue", "one_off_revenue", "gross_margin"))


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
    """The first of them where they were cut."""
    total: int
    """How many there are."""
    rest: Fraction
    """What those who were cut contributed together."""
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
    if name in _PAID and (name != "gross_margin" or facts.switches.gross_margin == "computed"):
        return _paid(asked)
    if name in use_rows.COUNTED:
        return Reading(*use_rows.adds(asked), {})
    if name == "promoters":
        (everybody,) = satisfaction.advocates(facts, [period.end])
        return Reading(dict.fromkeys(everybody, (1, 0)), 1, {})
    return reading_of(evidence(*asked).rows)


def readings(first: Facts, then: Facts, name: str, periods: tuple[Period, Period]) -> tuple[Reading, Reading]:
    """What everybody adds in two readings; of a figure that counts all there ever was, what those add who may add otherwise."""
    if name != "clv_realised":
        return reading(first, name, periods[0]), reading(then, name, periods[1])
    near = worth.told_apart(first, then, periods)
    before, now = (worth.brought_by(facts, span, near) for facts, span in zip((first, then), periods, strict=True))
    scale = 10 ** exponent(then.currency)
    return Reading(before[0], scale, _summed(before[1])), Reading(now[0], scale, _summed(now[1]))


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


def _paid(asked: Asked) -> Reading:
    """By payments; who paid in another currency as well, and costs, by their rows."""
    facts, name, period = asked
    paid = [row for row in facts.payments(period) if name != "one_off_revenue" or row.kind == "one_off"]
    strangers = {row.customer_id for row in paid if row.currency != facts.currency}
    own: dict[int, int] = {}
    for row in paid:
        if row.customer_id not in strangers:
            own[row.customer_id] = own.get(row.customer_id, 0) + signed(row.kind, row.amount)
    apart = [row for row in paid if row.customer_id in strangers]
    margin = name == "gross_margin"
    rest = costs.margin_rows(facts, period, apart) if margin else (payment_row(facts, row) for row in apart)
    sums = {customer: (amount, amount if margin else 0) for customer, amount in own.items()}
    return Reading(sums, 10 ** exponent(facts.currency), _summed(rest))


def _summed(rows: Iterable[Evidence]) -> dict[Who, Pair]:
    found: dict[Who, Pair] = {}
    for row in rows:
        who = (row.customer, "" if row.customer is not None else row.under or "")
        top, bottom = found.get(who, NOTHING)
        found[who] = top + (row.numerator or 0), bottom + (row.denominator or 0)
    return found


def moves(first: Reading, then: Reading, before: Figure, now: Figure, times: int, limit: int | None = None) -> Moves:
    """Who moved a figure from `before` to `now`, the first `limit` of them. Both have a value, and both are sums or both ratios."""
    if now.denominator is None or before.denominator is None:
        return _weighed(first, then, (Fraction(1), Fraction(0)), limit)
    n0, d0, n1, d1 = (part or Fraction(0) for part in (before.numerator, before.denominator, now.numerator, now.denominator))
    per_top = times * (1 / d0 + 1 / d1) / 2
    per_bottom = -times * (n0 + n1) / 2 / (d0 * d1)
    sides = Effect(n0, n1, per_top * (n1 - n0)), Effect(d0, d1, per_bottom * (d1 - d0))
    found = _weighed(first, then, (per_top, per_bottom), limit)
    return replace(found, numerator=sides[0], denominator=sides[1])


def _weighed(first: Reading, then: Reading, per: Pair, limit: int | None) -> Moves:
    """Everybody who adds otherwise, by what a unit of numerator and of denominator does to the figure.

    Contributions are compared × `unit`, which makes those of `own` whole numbers: only who is listed costs fractions.
    """
    whole = lcm(per[0].denominator, per[1].denominator)
    scale = lcm(first.scale, then.scale)
    unit = whole * scale
    top, bottom = (int(part * whole) for part in per)
    found: list[tuple[Fraction | int, Who]] = []
    was, is_ = scale // first.scale, scale // then.scale
    converted = first.rest.keys() | then.rest.keys()
    for customer in first.own.keys() | then.own.keys():
        if (customer, "") in converted:
            continue
        (a, b), (c, d) = first.own.get(customer, (0, 0)), then.own.get(customer, (0, 0))
        more, below = c * is_ - a * was, d * is_ - b * was
        if more or below:
            found.append((top * more + bottom * below, (customer, "")))
    for who in converted:
        one, other = first.of(who) or NOTHING, then.of(who) or NOTHING
        if one != other:
            found.append((unit * (per[0] * (other[0] - one[0]) + per[1] * (other[1] - one[1])), who))
    listed = sorted(found, key=_size) if limit is None else nsmallest(limit, found, key=_size)
    movers = tuple(Mover(*who, first.of(who), then.of(who), Fraction(contribution) / unit) for contribution, who in listed)
    rest = sum((size for size, _ in found), 0) - sum((size for size, _ in listed), 0)
    return Moves(movers, len(found), Fraction(rest) / unit)


def _size(one: tuple[Fraction | int, Who]) -> tuple[Fraction, int, str]:
    """Orders movers, the largest first."""
    contribution, (customer, under) = one
    size: Any = -abs(contribution)
    return size, customer or 0, under
