"""Money in, money out, and what brought customers: the catalogue's section *Money*, `cac`, and `goal_conversion_rate`."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from tests.oracle.facts import Cost, Payment
from tests.oracle.periods import Span, add_months
from tests.oracle.raw import Raw
from tests.oracle.selection import ZERO, NoData, Selection
from tests.oracle.service import Money


def signed(payment: Payment) -> Money:
    """What a payment adds to revenue: refunds take away their absolute value."""
    return {payment.currency: -abs(payment.amount) if payment.kind == "refund" else payment.amount}


def earlier(span: Span, months: int) -> Span:
    """The period so many months before, days kept and clipped to the month's end."""

    def back(day: date) -> date:
        first = add_months(day.replace(day=1), -months)
        return first.replace(day=min(day.day, monthrange(first.year, first.month)[1]))

    return Span(back(span.start), back(span.end))


class Ledger(Selection):
    """Figures of payments, costs and traffic."""

    def takings(self, payments: Iterable[Payment]) -> Fraction:
        """What payments come to, each at the rate of its day."""
        return sum((self.sum([signed(p)], p.paid_at) for p in payments if p.paid_at), ZERO)

    def revenue(self, span: Span) -> Raw:
        found = self.paid_in(span)
        by_source: dict[str, Fraction | None] = {}
        for source in sorted({p.source for p in found}):
            by_source[source] = self.takings(p for p in found if p.source == source)
        return Raw(self.takings(found), n=len(found), parts=by_source)

    def one_off(self, span: Span) -> list[Payment]:
        """What was sold once and paid in the period."""
        return [p for p in self.paid_in(span) if p.kind == "one_off"]

    def one_off_revenue(self, span: Span) -> Raw:
        found = self.one_off(span)
        return Raw(self.takings(found), n=len(found))

    def spent(self, span: Span, *categories: str) -> list[Cost]:
        """The expenses of a period, through the channels asked for. Raises NoData under any other filter."""
        channels = self.channels()
        found = [c for c in self.known(self.facts.costs, span) if channels is None or c.channel in channels]
        return [c for c in found if not categories or c.category in categories]

    def outlay(self, costs: Iterable[Cost]) -> Fraction:
        """What expenses come to, each at the rate of its day."""
        return sum((self.sum([{c.currency: c.amount}], c.day) for c in costs), ZERO)

    def costs(self, span: Span) -> Raw:
        found = self.spent(span)
        each: dict[str, Fraction | None] = {
            name: self.outlay(c for c in found if c.category == name) for name in sorted({c.category for c in found})
        }
        return Raw(self.outlay(found), n=len(found), parts=each)

    def profit(self, span: Span) -> Raw:
        costs = self.spent(span)
        profit = self.takings(self.paid_in(span)) - self.outlay(costs)
        self._needs_costs(span)
        return Raw(profit)

    def _needs_costs(self, span: Span) -> None:
        """No cost rows for the period is no_data, not profit = revenue; a channel on which nothing was spent cost nothing."""
        if not self.known(self.facts.costs, span):
            raise NoData

    def profit_per_customer(self, span: Span) -> Raw:
        moves = self.moves(span)
        mean = Fraction(len([m for m in moves if m.start]) + len([m for m in moves if m.end]), 2)
        return Raw(self.profit(span).numerator, mean)

    def gross_margin(self, span: Span) -> Raw:
        costs = self.spent(span, "cost_of_revenue")
        revenue = self.takings(self.paid_in(span))
        margin = revenue - self.outlay(costs)
        self._needs_costs(span)
        return Raw(margin, revenue)

    def cac(self, span: Span) -> Raw:
        months = earlier(span, self.switches.cac_lag_months)
        outlay = self.outlay(self.spent(months, "sales", "marketing"))
        if self.outside(("costs",), months):
            raise NoData
        return Raw(outlay, Fraction(len(self.new_in(span))))

    def goal_conversion_rate(self, span: Span) -> Raw:
        channels = self.channels()
        rows = [v for v in self.known(self.facts.traffic, span) if channels is None or v.channel in channels]
        each: dict[str, Fraction | None] = {}
        for name in sorted({v.channel for v in rows}):
            visits = sum(v.visits for v in rows if v.channel == name)
            each[name] = Fraction(sum(v.conversions for v in rows if v.channel == name), visits) if visits else None
        visits = sum(v.visits for v in rows)
        return Raw(Fraction(sum(v.conversions for v in rows)), Fraction(visits), visits, 30, each)
