"""The catalogue's figures by brute force: every customer, every day, exact fractions.

One method per metric, named as the catalogue names it and in its words. Slow and plain on purpose: it is what the program is held against.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from functools import partial
from statistics import median

from tests.oracle import worth
from tests.oracle.engagement import Engagement
from tests.oracle.facts import Customer
from tests.oracle.ledger import Ledger
from tests.oracle.periods import Span, add_months, month_of
from tests.oracle.rates import MissingRate
from tests.oracle.raw import Answer, Raw
from tests.oracle.satisfaction import Satisfaction
from tests.oracle.selection import ZERO, Move, NoData, Where
from tests.oracle.terms import Terms


class Reading(Engagement, Satisfaction, Ledger, Terms):
    """Figures of one company, for one filter, as of one day, under given switches."""

    def narrowed(self, where: Where) -> Reading:
        """The same for another filter; levels are shared."""
        return Reading(self.facts, where=where, as_of=self.as_of, switches=self.switches, levels=self.levels)

    # -- answers ----------------------------------------------------------------------------------------------------

    def ask(self, metric: str, span: Span) -> Answer:
        """The figure for a period, with the one before beside it."""
        before = self._alone(metric, span.previous)
        return replace(self._alone(metric, span), previous=before.value)

    def _alone(self, metric: str, span: Span) -> Answer:
        compute, kinds = self._repeat_purchase(metric) if self.repeat else self.catalogue()[metric]
        if metric == "gross_margin" and self.switches.gross_margin is not None:
            return Answer(self.switches.gross_margin, "incomplete" if span.end > self.as_of + timedelta(days=1) else "ok")
        try:
            raw = compute(span)
        except MissingRate:
            return Answer(None, "missing_rate")
        except NoData:
            return Answer(None, "no_data")
        except worth.ZeroBase:
            return Answer(None, "no_data" if self.outside(kinds, span) else "zero_base")
        if self.outside(kinds, span):
            return Answer(None, "no_data")
        if raw.denominator is not None and raw.denominator <= 0:
            return Answer(None, "zero_base", raw.numerator, raw.denominator, raw.n)
        status = "ok"
        if raw.n is not None and raw.n < raw.floor:
            status = "small_sample"
        if span.end > self.as_of + timedelta(days=1):
            status = "incomplete"
        value = raw.numerator if raw.denominator is None else raw.times * raw.numerator / raw.denominator
        return Answer(value, status, raw.numerator, raw.denominator, raw.n, None, raw.parts)

    def _repeat_purchase(self, metric: str) -> tuple[Callable[[Span], Raw], tuple[str, ...]]:
        """As `catalogue`, where nobody subscribes: who pays is known from payments, and there is no MRR."""
        if metric == "arpc":
            return self.sales_per_customer, ("payments",)
        compute, kinds = self.catalogue()[metric]
        if metric in NEEDS_MRR:
            compute = _unknown
        return compute, tuple("payments" if kind == "subscriptions" else kind for kind in kinds)

    def catalogue(self) -> dict[str, tuple[Callable[[Span], Raw], tuple[str, ...]]]:
        """Metric → how it is computed, and the kinds of fact whose coverage it is measured against."""
        subs, people, paid, spent = ("subscriptions",), ("customers",), ("payments",), ("costs",)
        used, asked = ("usage",), ("surveys",)
        return {
            "leads_new": (self.leads_new, people),
            "leads_open": (self.leads_open, people),
            "lead_conversion_rate": (self.lead_conversion_rate, people),
            "customers_new": (self.customers_new, subs),
            "customers_active": (self.customers_active, subs),
            "customers_churned": (self.customers_churned, subs),
            "customers_returned": (self.customers_returned, subs),
            "customers_expanded": (self.customers_expanded, subs),
            "customer_churn_rate": (self.customer_churn_rate, subs),
            "mrr": (self.mrr, subs),
            "arr": (self.arr, subs),
            "mrr_new": (self.mrr_new, subs),
            "mrr_expansion": (self.mrr_expansion, subs),
            "mrr_contraction": (self.mrr_contraction, subs),
            "mrr_churned": (self.mrr_churned, subs),
            "mrr_reactivation": (self.mrr_reactivation, subs),
            "mrr_fx": (self.mrr_fx, subs),
            "mrr_net_new": (self.mrr_net_new, subs),
            "mrr_with_addons": (self.mrr_with_addons, subs),
            "grr": (self.grr, subs),
            "nrr": (self.nrr, subs),
            "revenue_churn_rate": (self.revenue_churn_rate, subs),
            "quick_ratio": (self.quick_ratio, subs),
            "arpc": (self.arpc, subs),
            "mrr_scheduled_churn": (self.mrr_scheduled_churn, subs),
            "revenue": (self.revenue, paid),
            "one_off_revenue": (self.one_off_revenue, paid),
            "costs": (self.costs, spent),
            "profit": (self.profit, (*paid, *spent)),
            "profit_per_customer": (self.profit_per_customer, (*paid, *spent, *subs)),
            "gross_margin": (self.gross_margin, (*paid, *spent)),
            "cac": (self.cac, subs),
            "trial_conversion_rate": (self.trial_conversion_rate, subs),
            "renewal_rate": (self.renewal_rate, subs),
            "renewal_rate_value": (self.renewal_rate_value, subs),
            "clv": (partial(worth.clv, self), subs),
            "clv_realised": (partial(worth.clv_realised, self), (*paid, *subs)),
            "clv_cac_ratio": (partial(worth.clv_cac_ratio, self), subs),
            "clv_net_of_cac": (partial(worth.clv_net_of_cac, self), subs),
            "first_mrr": (partial(worth.first_mrr, self), subs),
            "cac_payback_months": (partial(worth.cac_payback_months, self), subs),
            "goal_conversion_rate": (self.goal_conversion_rate, ("traffic",)),
            "dau": (self.dau, used),
            "wau": (self.wau, used),
            "mau": (self.mau, used),
            "stickiness": (self.stickiness, used),
            "active_customer_share": (self.active_customer_share, (*used, *subs)),
            "session_minutes": (self.session_minutes, used),
            "high_effort_share": (self.high_effort_share, asked),
            "nps": (self.nps, asked),
            "csat": (self.csat, asked),
            "ces": (self.ces, asked),
            "promoters": (self.promoters, asked),
        }

    # -- customers and funnel ---------------------------------------------------------------------------------------

    def leads_new(self, span: Span) -> Raw:
        found = self.created_in(span)
        undated = [c for c in self.customers if c.created_at is None]
        return Raw(Fraction(len(found)), n=len(found), parts={"without_created_at": Fraction(len(undated))})

    def leads_open(self, span: Span) -> Raw:
        found = []
        for c in self.customers:
            if c.created_at is None or c.created_at >= span.end or c.created_at > self.as_of:
                continue
            paid = self.levels.first_paid(c.customer_id)
            if paid is not None and paid < span.end:
                continue
            if not self._lost_by(c, span):
                found.append(c)
        stages = {stage: Fraction(len([c for c in found if c.stage == stage])) for stage in ("visitor", "lead", "trial")}
        return Raw(Fraction(len(found)), n=len(found), parts=stages)

    def _lost_by(self, customer: Customer, span: Span) -> bool:
        if customer.lost_at is not None:
            return customer.lost_at < span.end and customer.lost_at <= self.as_of
        own = self.facts.own_as_of
        assert own is not None
        return customer.stage == "lost" and own < span.end and own <= self.as_of

    def lead_conversion_rate(self, span: Span) -> Raw:
        created = self.created_in(span)
        paid = [(c, self.levels.first_paid(c.customer_id)) for c in created]
        waits = [(day - c.created_at).days for c, day in paid if day is not None and c.created_at is not None]
        middle = Fraction(median(waits)) if waits else None
        return Raw(Fraction(len(waits)), Fraction(len(created)), len(created), 30, {"median_days": middle})

    def customers_new(self, span: Span) -> Raw:
        return _count(self.new_in(span))

    def customers_active(self, span: Span) -> Raw:
        return _count([m for m in self.moves(span) if m.end])

    def customers_churned(self, span: Span) -> Raw:
        found = [m for m in self.moves(span) if m.start and not m.end]
        days = {m.customer_id: self.levels.paid_within(m.customer_id, span.start, span.last) for m in self.moves(span)}
        left = [m for m in self.moves(span) if m.start and m.end and not all(days[m.customer_id])]
        joined = [m for m in self.moves(span) if not m.start and not m.end and any(days[m.customer_id])]
        return Raw(
            Fraction(len(found)), n=len(found), parts={"left_and_back": Fraction(len(left)), "joined_and_left": Fraction(len(joined))}
        )

    def customers_returned(self, span: Span) -> Raw:
        return _count([m for m in self.moves(span) if m.end and not m.start and m.paid_before])

    def customers_expanded(self, span: Span) -> Raw:
        return _count([m for m in self.moves(span) if m.start and m.end and self.direction(m, span) > 0])

    def customer_churn_rate(self, span: Span) -> Raw:
        moves = self.moves(span)
        base = len([m for m in moves if m.start])
        if self.switches.churn_base == "start+new":
            base += len(self.new_in(span))
        return Raw(Fraction(len([m for m in moves if m.start and not m.end])), Fraction(base), base, 30)

    # -- recurring revenue ------------------------------------------------------------------------------------------

    def mrr(self, span: Span) -> Raw:
        moves = self.moves(span)
        return Raw(self.sum((m.end for m in moves), span.last), n=len([m for m in moves if m.end]))

    def arr(self, span: Span) -> Raw:
        found = self.mrr(span)
        return Raw(12 * found.numerator, n=found.n)

    def mrr_new(self, span: Span) -> Raw:
        return self._movement(span, [m for m in self.moves(span) if not m.start and m.end and not m.paid_before])

    def mrr_reactivation(self, span: Span) -> Raw:
        return self._movement(span, [m for m in self.moves(span) if not m.start and m.end and m.paid_before])

    def mrr_expansion(self, span: Span) -> Raw:
        return self._movement(span, [m for m in self.moves(span) if m.start and m.end and self.direction(m, span) > 0])

    def mrr_contraction(self, span: Span) -> Raw:
        return self._movement(span, [m for m in self.moves(span) if m.start and m.end and self.direction(m, span) < 0])

    def mrr_churned(self, span: Span) -> Raw:
        return self._movement(span, [m for m in self.moves(span) if m.start and not m.end])

    def _movement(self, span: Span, moves: list[Move]) -> Raw:
        """What these customers' changes come to at the rates of the period's start, as a positive amount."""
        return Raw(abs(self.sum((m.change for m in moves), span.eve)), n=len(moves))

    def mrr_fx(self, span: Span) -> Raw:
        moves = self.moves(span)
        self.sum((m.start for m in moves), span.eve)  # a start of unknown worth leaves the change of worth unknown too
        ends = [m.end for m in moves]
        return Raw(self.sum(ends, span.last) - self.sum(ends, span.eve))

    def mrr_net_new(self, span: Span) -> Raw:
        moves = self.moves(span)
        return Raw(self.sum((m.end for m in moves), span.last) - self.sum((m.start for m in moves), span.eve))

    def mrr_with_addons(self, span: Span) -> Raw:
        end = month_of(span.last).end
        months = Span(add_months(end, -3), end)
        level = self.mrr(span)
        addons = self.takings(self.one_off(months))
        if self.outside(("payments",), months):
            raise NoData  # what was sold besides in those three months is unknown, not 0
        return Raw(level.numerator + addons / 3, n=level.n)

    def grr(self, span: Span) -> Raw:
        base = [m for m in self.moves(span) if m.start]
        kept = sum((min(self.sum([m.end], span.eve), self.sum([m.start], span.eve)) for m in base), ZERO)
        return Raw(kept, self.sum((m.start for m in base), span.eve), len(base), 30)

    def nrr(self, span: Span) -> Raw:
        base = [m for m in self.moves(span) if m.start]
        return Raw(self.sum((m.end for m in base), span.eve), self.sum((m.start for m in base), span.eve), len(base), 30)

    def revenue_churn_rate(self, span: Span) -> Raw:
        kept, net = self.grr(span), self.nrr(span)
        base = kept.denominator
        assert base is not None
        parts = {"gross": 1 - kept.numerator / base, "net": 1 - net.numerator / base} if base else None
        return Raw(base - kept.numerator, base, kept.n, 30, parts)

    def quick_ratio(self, span: Span) -> Raw:
        gained = [self.mrr_new(span), self.mrr_expansion(span), self.mrr_reactivation(span)]
        lost = [self.mrr_contraction(span), self.mrr_churned(span)]
        return Raw(sum((g.numerator for g in gained), ZERO), sum((x.numerator for x in lost), ZERO))

    def arpc(self, span: Span) -> Raw:
        level = self.mrr(span)
        assert level.n is not None
        return Raw(level.numerator, Fraction(level.n), level.n)

    def worth_of_one(self, span: Span) -> Raw:
        """`arpc`, by what the mode makes of it."""
        return self.sales_per_customer(span) if self.repeat else self.arpc(span)

    def sales_per_customer(self, span: Span) -> Raw:
        """Net revenue a month of each customer who is active at the end, in repeat-purchase mode."""
        active = len([m for m in self.moves(span) if m.end])
        return Raw(self.takings(self.paid_in(span)) / months_in(span), Fraction(active), active)

    def mrr_scheduled_churn(self, span: Span) -> Raw:
        del span  # it is what can still be saved at as_of, whichever period is looked at
        found = [s for s in self.scheduled() if s.mrr(self.as_of) > 0]
        return Raw(self.sum(({s.row.currency: s.mrr(self.as_of)} for s in found), self.as_of), n=len(found))


NEEDS_MRR = frozenset(
    "customers_expanded mrr arr mrr_new mrr_expansion mrr_contraction mrr_churned mrr_reactivation mrr_fx mrr_net_new mrr_with_addons "
    "grr nrr revenue_churn_rate quick_ratio mrr_scheduled_churn trial_conversion_rate renewal_rate renewal_rate_value first_mrr "
    "cac_payback_months".split()
)
"""Figures of MRR and its changes: unknown where nothing recurs."""


def _unknown(_: Span) -> Raw:
    raise NoData


def months_in(span: Span) -> Fraction:
    """Calendar months where the period is whole ones, else days × 12 ÷ 365, as MRR takes days."""
    if span.start.day == 1 and span.end.day == 1:
        return Fraction((span.end.year - span.start.year) * 12 + span.end.month - span.start.month)
    return Fraction((span.end - span.start).days * 12, 365)


def _count(found: list[Move] | list[str]) -> Raw:
    return Raw(Fraction(len(found)), n=len(found))
