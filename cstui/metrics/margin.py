"""The gross margin that a customer's value rests on: of the twelve months that end with a period, or those there are. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from cstui.base.days import Period, iso, month_of, months
from cstui.metrics.cells import Group, Purse, Total, frame
from cstui.metrics.costs import COST_OF_REVENUE, Ledger, ledger, no_costs, set_margin
from cstui.metrics.facts import Facts
from cstui.metrics.figure import NO_DATA, OK, ZERO_BASE, Figure, missing_rate, not_filterable
from cstui.metrics.revenue import paid_in

MONTHS, FEWEST = 12, 3


def reach_of(period: Period) -> Period:
    """The twelve calendar months that end with the period's last."""
    return months(month_of(period.last) - MONTHS + 1, MONTHS)


def margin_window(facts: Facts, period: Period) -> Period | None:
    """Those of the twelve months that payments and costs cover, at least three; None with fewer, or where the margin is not computed."""
    if facts.switches.gross_margin != "computed":
        return None
    there = _there(facts, period)
    return Period(there[0].start, there[-1].end) if len(there) >= FEWEST else None


def _there(facts: Facts, period: Period) -> list[Period]:
    first = month_of(reach_of(period).start)
    every = (months(month) for month in range(first, first + MONTHS))
    return [one for one in every if not frame(facts, one, "payments").outside and not frame(facts, one, "costs").outside]


class Margins:
    """The margins of several periods, from one reading of the months that they reach."""

    def __init__(self, facts: Facts, periods: Sequence[Period]) -> None:
        self._facts = facts
        reaches = [reach_of(period) for period in periods]
        hull = Period(min(reach.start for reach in reaches), max(reach.end for reach in reaches))
        self._first = month_of(hull.start)
        every = [months(month) for month in range(self._first, month_of(hull.last) + 1)]
        computed = facts.switches.gross_margin == "computed"
        self._ledger = ledger(facts, hull) if computed else Ledger([], [], facts.rates)
        spending = computed and any(self._ledger.any_in(reach) for reach in reaches)
        self._paid = paid_in(facts, every, apart=facts.by_channel) if spending and not facts.beyond_channel else {}
        self._spent = self._cost_of_revenue(len(every))

    def _cost_of_revenue(self, count: int) -> Mapping[Group, list[Purse]]:
        found: dict[Group, list[Purse]] = {}
        for row in self._ledger.rows:
            if row.category == COST_OF_REVENUE:
                for group in (row.channel or None, Total.ALL):
                    if group not in found:
                        found[group] = [Purse(self._facts.rates) for _ in range(count)]
                    found[group][month_of(row.day) - self._first].add(row.amount, row.currency, row.day)
        return found

    def figure(self, group: Group, period: Period) -> Figure:
        """The margin of a group; 1, and said to be before costs, where there are no cost rows. Unknown where it is no gain."""
        facts, reach = self._facts, reach_of(period)
        chosen = set_margin(facts, frame(facts, period, "costs"))
        if chosen is not None:
            return positive(replace(chosen, status=OK))
        if not self._ledger.any_in(reach):
            return Figure(Fraction(1), OK, f"before costs: none from {iso(reach.start)} to {iso(reach.last)}")
        if facts.beyond_channel or (group is not Total.ALL and not facts.by_channel):
            return not_filterable("costs")
        there = _there(facts, period)
        if len(there) < FEWEST:
            when = f"of the {MONTHS} months to {iso(reach.last)}"
            return Figure(None, NO_DATA, f"{len(there)} {when} have both payments and costs; a margin takes at least {FEWEST}")
        return self._margin(group, Period(there[0].start, there[-1].end))

    def _margin(self, group: Group, window: Period) -> Figure:
        paid, spent = Purse(self._facts.rates), Purse(self._facts.rates)
        for month in range(month_of(window.start) - self._first, month_of(window.last) - self._first + 1):
            if group in self._paid:
                paid.include(self._paid[group][month].net)
            if group in self._spent:
                spent.include(self._spent[group][month])
        if paid.worth is None or spent.worth is None:
            return missing_rate(paid.subtotals, paid.n, paid.currency, paid.lacking | spent.lacking)
        if not self._ledger.any_in(window):
            return Figure(None, NO_DATA, no_costs(window))
        if paid.worth <= 0:
            return Figure(None, ZERO_BASE, f"no revenue from {iso(window.start)} to {iso(window.last)}")
        return positive(Figure((paid.worth - spent.worth) / paid.worth, OK))


def positive(margin: Figure) -> Figure:
    """A margin, unknown as a base of value where it is no gain."""
    if margin.value is None or margin.value > 0:
        return margin
    reason = f"margin_not_positive: the gross margin is {float(round(100 * margin.value, 1)):g} %, so that nothing is earned"
    return replace(margin, value=None, status=NO_DATA, reason=reason)
