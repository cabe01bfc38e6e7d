"""The family of money: what was spent, what is left, what a new customer cost. From costs, payments and movements.

Costs have no customer, only a channel: under any other filter, what rests on them is unknown.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from fractions import Fraction
from operator import attrgetter
from typing import NamedTuple

from cstui.base.days import Period, iso, month_of, months, months_on, to_date
from cstui.metrics.cells import Cells, Group, Moved, Purse, Total, frame
from cstui.metrics.customers import first_paid_n
from cstui.metrics.facts import CostRow, Facts, PaymentRow
from cstui.metrics.figure import INCOMPLETE, MISSING_RATE, NO_DATA, OK, Figure, Frame, figure, missing_rate, no_data, not_filterable, ratio
from cstui.metrics.rates import Rates
from cstui.metrics.revenue import Paid, paid_in, payment_row, purse_figure
from cstui.metrics.rows import Asked, Evidence

ACQUISITION = frozenset(("sales", "marketing"))
COST_OF_REVENUE = "cost_of_revenue"
FROM_REVENUE = frozenset(("profit", "profit_per_customer", "gross_margin"))
"""Figures of the family that need what was paid."""


@dataclass(frozen=True, slots=True)
class Spent:
    """What was spent in one period, of one group."""

    all: Purse
    by_category: dict[str, Purse]


@dataclass(frozen=True, slots=True)
class Ledger:
    """The costs of the filter, by day, and the days on which anybody spent anything."""

    rows: Sequence[CostRow]
    days: Sequence[int]
    rates: Rates

    def within(self, period: Period, group: Group = Total.ALL) -> list[CostRow]:
        """Costs of a period, of a channel where the group is one."""
        start, end = period
        return [row for row in self.rows if start <= row.day < end and (group is Total.ALL or row.channel == (group or ""))]

    def spent(self, period: Period, group: Group) -> Spent:
        """The sums of a period."""
        found = Spent(Purse(self.rates), {})
        for row in self.within(period, group):
            found.all.add(row.amount, row.currency, row.day)
            found.by_category.setdefault(row.category, Purse(self.rates)).add(row.amount, row.currency, row.day)
        return found

    def any_in(self, period: Period) -> bool:
        """Whether anything was spent in a period, by anybody: without a row profit would be revenue."""
        index = bisect_left(self.days, period.start)
        return index < len(self.days) and self.days[index] < period.end


def ledger(facts: Facts, span: Period) -> Ledger:
    """The costs of a span."""
    return Ledger([] if facts.beyond_channel else list(facts.costs(span)), facts.cost_days(), facts.rates)


def lagged(period: Period, lag: int) -> Period:
    """The period so many months earlier."""
    if period.months is not None:
        return months(month_of(period.start) - lag, period.months)
    return Period(months_on(to_date(period.start), -lag), months_on(to_date(period.end), -lag))


class Won(NamedTuple):
    """A customer who was won."""

    day: int
    """Their first paid day ever."""
    channel: str
    segment: str


@dataclass(frozen=True, slots=True)
class _Sources:
    """What the family's figures are made from."""

    facts: Facts
    ledger: Ledger
    paid: Mapping[Group, Sequence[Paid]]
    movements: Mapping[Group, Sequence[Moved]]
    won: Sequence[Won] | None
    """Those who were won in the periods, by their first paid day; None where nobody asks how costs divide."""

    def unfilterable(self, group: Group) -> bool:
        """Whether costs can't be told apart for this group under this filter."""
        return self.facts.beyond_channel or (group is not Total.ALL and not self.facts.by_channel)


def figures(
    facts: Facts, periods: Sequence[Period], movements: Mapping[Group, Sequence[Moved]], wanted: AbstractSet[str], *, parts: bool = True
) -> Cells:
    """The family's figures by group and period; `movements` may be empty where nothing of `compute.FROM_MOVEMENTS` is wanted.

    Without `parts`, `cac` does not say how it divides over channels and segments, for which everybody who was won must be looked at.
    """
    lag = facts.switches.cac_lag_months
    reach = [*periods, *(lagged(period, lag) for period in periods)]
    cac = "cac" in wanted
    sources = _Sources(
        facts,
        ledger(facts, Period(min(p.start for p in reach), max(p.end for p in reach))),
        paid_in(facts, periods, apart=facts.by_channel) if wanted & FROM_REVENUE and not facts.beyond_channel else {},
        movements,
        _won(facts, Period(min(p.start for p in periods), max(p.end for p in periods))) if cac and parts else None,
    )
    groups: tuple[Group, ...] = (*facts.groups(), Total.ALL) if facts.grouped else (Total.ALL,)
    return {group: [_cell(sources, group, i, period, cac) for i, period in enumerate(periods)] for group in groups}


def _cell(sources: _Sources, group: Group, index: int, period: Period, cac: bool) -> dict[str, Figure]:
    facts = sources.facts
    one, billed = frame(facts, period, "costs"), frame(facts, period, "payments")
    paid = sources.paid[group][index] if group in sources.paid else Paid(Purse(facts.rates), Purse(facts.rates), {})
    revenue = purse_figure(billed, paid.net, facts.currency)
    if sources.unfilterable(group):
        nothing = not_filterable("costs")
        margin = set_margin(facts, one) or nothing
        return {"costs": nothing, "profit": nothing, "profit_per_customer": nothing, "gross_margin": margin, "cac": nothing}
    spent = sources.ledger.spent(period, group)
    costs = purse_figure(one, spent.all, facts.currency, _by_category(spent))
    known = sources.ledger.any_in(period)
    profit = _profit(one, revenue, costs, (paid.net, spent.all), known)
    cell = {
        "costs": costs,
        "profit": profit,
        "gross_margin": set_margin(facts, one) or _margin(one, revenue, paid.net, spent, known),
    }
    if sources.movements:
        active = sources.movements[group][index]
        cell["profit_per_customer"] = _per_customer(one, frame(facts, period, facts.paying), profit, active)
        if cac:
            cell["cac"] = _cac(sources, group, index, period)
    return cell


def _by_category(spent: Spent) -> dict[str, dict[str, Fraction | None]]:
    return {"by_category": {category: purse.worth for category, purse in sorted(spent.by_category.items())}}


def _profit(one: Frame, revenue: Figure, costs: Figure, purses: tuple[Purse, Purse], known: bool) -> Figure:
    """Revenue less costs; `purses` hold both, for the subtotals where a rate is missing."""
    paid, spent = purses
    if MISSING_RATE in {revenue.status, costs.status}:
        return missing_rate(_less(paid, spent), revenue.n, paid.currency, paid.lacking | spent.lacking)
    if revenue.value is None or costs.value is None:
        return Figure(None, NO_DATA, costs.reason if costs.value is None else revenue.reason)
    if not known:
        return Figure(None, NO_DATA, no_costs(one.period))
    return figure(one, revenue.value - costs.value, n=revenue.n, parts={"revenue": revenue.value, "costs": costs.value})


def _less(paid: Purse, spent: Purse) -> dict[str, Fraction]:
    """What was paid less what was spent, each currency in its own."""
    sums = dict(paid.subtotals)
    for code, amount in spent.subtotals.items():
        sums[code] = sums.get(code, Fraction(0)) - amount
    return sums


def no_costs(period: Period) -> str:
    """Why a period without a cost has no profit."""
    return f"no costs from {iso(period.start)} to {iso(period.last)}: without them profit would be revenue; import costs"


def _per_customer(one: Frame, paying: Frame, profit: Figure, part: Moved) -> Figure:
    if profit.value is None:
        return profit
    if paying.outside:
        return Figure(None, NO_DATA, no_data(paying))
    mean = Fraction(part.start_n + part.end_n, 2)
    base = f"nobody was active on {iso(one.period.start - 1)} or on {iso(one.end)}"
    return ratio(one, profit.value, mean, n=part.start_n + part.end_n, floor=0, base=base)


def set_margin(facts: Facts, one: Frame) -> Figure | None:
    """The margin that a person has set."""
    value = facts.switches.gross_margin
    if value == "computed":
        return None
    status = OK if one.period.complete(one.as_of) else INCOMPLETE
    return Figure(Fraction(value), status, "set by the switch gross_margin, not computed")


def _margin(one: Frame, revenue: Figure, paid: Purse, spent: Spent, known: bool) -> Figure:
    cost = spent.by_category.get(COST_OF_REVENUE)
    worth = Fraction(0) if cost is None else cost.worth
    if revenue.status == MISSING_RATE or worth is None:
        if cost is None:
            return missing_rate(paid.subtotals, revenue.n, paid.currency, paid.lacking)
        return missing_rate(_less(paid, cost), revenue.n, paid.currency, paid.lacking | cost.lacking)
    if revenue.value is None:
        return Figure(None, NO_DATA, revenue.reason)
    if one.outside or not known:
        return Figure(None, NO_DATA, no_data(one) if one.outside else no_costs(one.period))
    base = "no revenue in the period"
    return ratio(one, revenue.value - worth, revenue.value, n=revenue.n or 0, floor=0, base=base)


def _cac(sources: _Sources, group: Group, index: int, period: Period) -> Figure:
    facts = sources.facts
    spent_in = lagged(period, facts.switches.cac_lag_months)
    rows = [row for row in sources.ledger.within(spent_in, group) if row.category in ACQUISITION]
    total = purse_of(rows, facts.rates)
    new = first_paid_n(sources.movements[group][index])
    if total.worth is None:
        return missing_rate(total.subtotals, new, facts.currency, total.lacking)
    for one in (frame(facts, spent_in, "costs"), frame(facts, period, facts.paying)):
        if one.outside:
            return Figure(None, NO_DATA, no_data(one))
    parts = None if sources.won is None else _divided(rows, _won_in(sources.won, group, period), facts.rates)
    base = "no customer was won in the period"
    return ratio(frame(facts, period, facts.paying), total.worth, new, n=new, floor=0, base=base, parts=parts)


def purse_of(rows: Iterable[CostRow], rates: Rates) -> Purse:
    """What costs come to."""
    purse = Purse(rates)
    for row in rows:
        purse.add(row.amount, row.currency, row.day)
    return purse


def _won(facts: Facts, span: Period) -> list[Won]:
    first = facts.first_paid(span)
    channels, segments = (facts.values_of(field, first.keys()) for field in ("channel", "segment"))
    return sorted(Won(day, channels.get(one, ""), segments.get(one, "")) for one, day in first.items())


def _won_in(won: Sequence[Won], group: Group, period: Period) -> list[Won]:
    inside = won[bisect_left(won, period.start, key=attrgetter("day")) : bisect_left(won, period.end, key=attrgetter("day"))]
    return [one for one in inside if group is Total.ALL or one.channel == (group or "")]


def _divided(rows: Sequence[CostRow], won: Sequence[Won], rates: Rates) -> dict[str, dict[str, Fraction | None]]:
    """What a new customer of each channel, and of each segment, cost.

    Costs have no segment: a channel's are shared equally by the customers it won; what has no channel, or won nobody, by all of them.
    """
    purses: dict[str, Purse] = {}
    for row in rows:
        purses.setdefault(row.channel, Purse(rates)).add(row.amount, row.currency, row.day)
    spent = {channel: purse.worth for channel, purse in purses.items()}
    n = Counter(one.channel for one in won)
    by_channel = {name: _each(spent.get(name, Fraction(0)), n[name]) for name in sorted({*n, *spent})}
    if None in spent.values():
        return {"by_channel": by_channel}
    shared = sum((amount or Fraction(0) for name, amount in spent.items() if not name or not n[name]), Fraction(0))
    own: dict[str, list[Fraction]] = {}
    for one in won:
        own.setdefault(one.segment, []).append((by_channel[one.channel] or Fraction(0)) if one.channel else Fraction(0))
    by_segment: dict[str, Fraction | None] = {
        name: sum(costs, Fraction(0)) / len(costs) + shared / len(won) for name, costs in sorted(own.items())
    }
    return {"by_channel": by_channel, "by_segment": by_segment}


def _each(spent: Fraction | None, n: int) -> Fraction | None:
    return spent / n if spent is not None and n else None


def rows(asked: Asked) -> Iterator[Evidence]:
    """The rows of `costs`, `gross_margin` and `cac`."""
    facts, name, period = asked
    if name == "costs":
        yield from (cost_row(facts, row, 1, None) for row in ledger(facts, period).within(period))
    elif name == "cac":
        yield from _cac_rows(facts, period)
    elif facts.switches.gross_margin == "computed":
        yield from margin_rows(facts, period, facts.payments(period))


def margin_rows(facts: Facts, period: Period, payments: Iterable[PaymentRow]) -> Iterator[Evidence]:
    """What payments add to the margin, and what it cost to bring the revenue in."""
    for paid in payments:
        found = payment_row(facts, paid)
        yield replace(found, denominator=found.numerator)
    of_revenue = (row for row in ledger(facts, period).within(period) if row.category == COST_OF_REVENUE)
    yield from (cost_row(facts, row, -1, Fraction(0)) for row in of_revenue)


def _cac_rows(facts: Facts, period: Period) -> Iterator[Evidence]:
    spent_in = lagged(period, facts.switches.cac_lag_months)
    for row in ledger(facts, spent_in).within(spent_in):
        if row.category in ACQUISITION:
            yield cost_row(facts, row, 1, Fraction(0))
    for customer, day in facts.first_paid(period).items():
        yield Evidence("customer", customer, customer, Fraction(0), Fraction(1), f"first paid {iso(day)}")


def cost_row(facts: Facts, row: CostRow, sign: int, denominator: Fraction | None) -> Evidence:
    """What a cost adds."""
    amount = facts.rates.major(sign * row.amount, row.currency, row.day)
    note = under = f"{row.category}, {row.channel}" if row.channel else row.category
    if row.currency != facts.currency:
        note += f", {row.currency}" if amount is not None else f", {row.currency}, no exchange rate"
    return Evidence("cost", row.id, None, amount, denominator, note, under)
