"""The rows behind a counted figure: which customers, subscriptions or payments it counts, and what each adds.

Rows re-sum to the figure's numerator and denominator (or to its value, where it has neither); a property test holds it.
Pure; where rows came from is the store's to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, groupby
from operator import attrgetter
from typing import NamedTuple

from cstui.base.days import Period, iso
from cstui.metrics import costs, engagement, funnel, purchase_rows, satisfaction
from cstui.metrics.cells import frame, major
from cstui.metrics.facts import Facts
from cstui.metrics.foreign import direction
from cstui.metrics.leads import created_in, open_at
from cstui.metrics.purchases import REPEAT_PURCHASE
from cstui.metrics.revenue import payment_row
from cstui.metrics.rows import Asked, Evidence
from cstui.metrics.scheduled import days_left, scheduled_spans
from cstui.metrics.service import Known, SubscriptionRow
from cstui.metrics.steps import Steps, bridges, level_on, paying_on, spans_of

Amount = Fraction | int
"""Money in minor units of the workspace's currency × SCALE; a fraction only where a rate has converted it."""


class Change(NamedTuple):
    """A subscription's MRR at both ends at the rate of the period's start, and that of its customer."""

    was: Amount
    now: Amount
    starts: Amount
    ends: Amount
    late: Amount
    """`now` at the rate of the end."""


@dataclass(frozen=True, slots=True)
class State:
    """A customer at both ends of a period."""

    customer: int
    start: bool
    end: bool
    first_paid: bool
    """Their first paid day ever is inside."""
    had_paid: bool
    """They had paid before it."""
    more: bool
    less: bool


def evidence(facts: Facts, name: str, period: Period) -> list[Evidence]:
    """The rows of a counted metric in a period, largest first. Composed metrics have none of their own."""
    bought = facts.mode == REPEAT_PURCHASE and name in purchase_rows.FIGURES
    rows = (purchase_rows.rows if bought else _ROWS[name])(Asked(facts, name, period))
    return sorted(rows, key=lambda row: (-abs(float(row.numerator or 0)), -abs(float(row.denominator or 0)), row.customer or 0, row.row))


def states(facts: Facts, period: Period) -> Iterator[State]:
    """Where everybody who ever paid stood at both ends of a period."""
    end = min(period.last, facts.as_of)

    def worth(amount: int, code: str) -> Fraction | None:
        return facts.rates.major(amount, code, period.start - 1)

    own = ((customer, {facts.currency: list(steps)}) for customer, steps in facts.steps())
    for customer, by_currency in chain[tuple[int, Mapping[str, Steps]]](own, facts.foreign_steps().items()):
        paid = [day for steps in by_currency.values() for day, level in steps if level and day <= end]
        if not paid:
            continue
        before = {code: level_on(steps, period.start - 1) for code, steps in by_currency.items()}
        after = {code: level_on(steps, end) for code, steps in by_currency.items()}
        first, way = min(paid), direction(before, after, worth)
        yield State(
            customer,
            start=any(before.values()),
            end=any(after.values()),
            first_paid=first in period,
            had_paid=first < period.start,
            more=way == 1 or way is None,
            less=way == -1 or way is None,
        )


_CHOICE: Mapping[str, Callable[[State], bool]] = {
    "customers_active": lambda s: s.end,
    "customers_new": lambda s: s.first_paid,
    "customers_churned": lambda s: s.start and not s.end,
    "customers_returned": lambda s: s.end and not s.start and s.had_paid,
    "customers_expanded": lambda s: s.start and s.end and s.more and not s.less,
    "mrr": lambda s: s.end,
    "mrr_new": lambda s: s.end and not s.start and not s.had_paid,
    "mrr_expansion": lambda s: s.start and s.end and s.more,
    "mrr_contraction": lambda s: s.start and s.end and s.less,
    "mrr_churned": lambda s: s.start and not s.end,
    "mrr_reactivation": lambda s: s.end and not s.start and s.had_paid,
    "grr": lambda s: s.start,
    "nrr": lambda s: s.start,
    "revenue_churn_rate": lambda s: s.start,
    "quick_ratio": lambda s: s.start != s.end or s.more or s.less,
    "mrr_fx": lambda s: s.end,
}


def _counted(asked: Asked) -> Iterator[Evidence]:
    for state in states(asked.facts, asked.period):
        if _CHOICE[asked.name](state):
            yield Evidence("customer", state.customer, state.customer, Fraction(1), None)


def _churn(asked: Asked) -> Iterator[Evidence]:
    new_too = asked.facts.switches.churn_base == "start+new"
    for state in states(asked.facts, asked.period):
        base = state.start + (new_too and state.first_paid)
        if base:
            churned = Fraction(state.start and not state.end)
            yield Evidence("customer", state.customer, state.customer, churned, Fraction(base), "left" if churned else None)


def _money(asked: Asked) -> Iterator[Evidence]:
    """Subscriptions of the customers that count, with what each adds; one without a rate says so instead."""
    facts, name, period = asked
    ids = [state.customer for state in states(facts, period) if _CHOICE[name](state)]
    known = Known(facts.as_of, facts.own, facts.switches.past_due_days)
    for customer, rows in groupby(facts.subscriptions(ids), key=attrgetter("customer_id")):
        found = _levels(facts, list(rows), known, period)
        starts = sum(one.was * one.first for one in found if one.first is not None)
        ends = sum(one.now * one.first for one in found if one.first is not None)
        for one in found:
            code, row = one.row.currency, one.row.id
            needed = {"mrr": (one.last,), "mrr_fx": (one.first, one.last)}.get(name, (one.first,))
            if None in needed:
                if one.was or one.now:
                    yield Evidence("subscription", row, customer, None, None, f"{code}, no exchange rate")
                continue
            early, late = one.first or 0, one.last or 0
            top, bottom = _SHARES[name](Change(one.was * early, one.now * early, starts, ends, one.now * late))
            if top or bottom:
                note = None if code == facts.currency else _at_rate(facts, code, period.start - 1 if name != "mrr" else one.end)
                below = major(bottom, facts.currency) if name in _RATIOS else None
                yield Evidence("subscription", row, customer, major(top, facts.currency), below, note)


def _at_rate(facts: Facts, code: str, day: int) -> str:
    """How money of another currency was converted."""
    rate = facts.rates.on(code, day)
    return code if rate is None else f"{code} at {float(rate):.6g}"


class _Level(NamedTuple):
    """A subscription at both ends: MRR in its own currency (minor × SCALE), and what turns it into the workspace's on the two days."""

    row: SubscriptionRow
    was: int
    now: int
    end: int
    first: Amount | None
    last: Amount | None


def _levels(facts: Facts, rows: list[SubscriptionRow], known: Known, period: Period) -> list[_Level]:
    """One customer's subscriptions at both ends of a period."""
    end = min(period.last, facts.as_of)
    spans = spans_of(rows, known)
    gaps = bridges(spans, known, facts.switches.reactivation_gap_days)
    before = {item.row.id for item in paying_on(spans, period.start - 1, gaps)}
    after = {item.row.id for item in paying_on(spans, end, gaps)}
    found = []
    for item in spans:
        row = item.row
        first, last = (facts.rates.factor(row.currency, day) for day in (period.start - 1, end))
        found.append(_Level(row, item.level * (row.id in before), item.level * (row.id in after), end, first, last))
    return found


def _kept(c: Change) -> Amount:
    """A subscription's share of its customer's min(end, start)."""
    return c.now if c.ends <= c.starts else c.was


_RATIOS = frozenset(("grr", "nrr", "revenue_churn_rate", "quick_ratio"))
_SHARES: Mapping[str, Callable[[Change], tuple[Amount, Amount]]] = {
    "mrr": lambda c: (c.late, 0),
    "mrr_new": lambda c: (c.now, 0),
    "mrr_reactivation": lambda c: (c.now, 0),
    "mrr_churned": lambda c: (c.was, 0),
    "mrr_expansion": lambda c: (c.now - c.was, 0),
    "mrr_contraction": lambda c: (c.was - c.now, 0),
    "mrr_fx": lambda c: (c.late - c.now, 0),
    "grr": lambda c: (_kept(c), c.was),
    "nrr": lambda c: (c.now, c.was),
    "revenue_churn_rate": lambda c: (c.was - _kept(c), c.was),
    "quick_ratio": lambda c: (c.now - c.was, 0) if c.ends > c.starts else (0, c.was - c.now),
}


def _scheduled(asked: Asked) -> Iterator[Evidence]:
    facts = asked.facts
    for item in scheduled_spans(facts):
        left = days_left(item, facts.as_of)
        note = f"ends {iso(facts.as_of + int(left))}, {left} days left"
        rate = facts.rates.on(item.row.currency, facts.as_of)
        money = None if rate is None else rate * major(item.level, item.row.currency)
        yield Evidence("subscription", item.row.id, item.row.customer_id, money, None, note)


def _payments(asked: Asked) -> Iterator[Evidence]:
    facts = asked.facts
    for row in facts.payments(asked.period):
        if asked.name == "one_off_revenue" and row.kind != "one_off":
            continue
        yield payment_row(facts, row)


def _leads(asked: Asked) -> Iterator[Evidence]:
    facts, name, period = asked
    everybody = list(facts.customers())
    paid = facts.first_paid()
    open_now = name == "leads_open"
    rows = open_at(frame(facts, period, "customers"), everybody, paid, facts.own) if open_now else created_in(everybody, period)
    for row in rows:
        if name == "lead_conversion_rate":
            day = paid.get(row.id)
            note = f"paid {iso(day)}" if day is not None else None
            yield Evidence("customer", row.id, row.id, Fraction(day is not None), Fraction(1), note)
        else:
            yield Evidence("customer", row.id, row.id, Fraction(1), None)


_ROWS: Mapping[str, Callable[[Asked], Iterable[Evidence]]] = {
    "customers_active": _counted,
    "customers_new": _counted,
    "customers_churned": _counted,
    "customers_returned": _counted,
    "customers_expanded": _counted,
    "customer_churn_rate": _churn,
    "leads_new": _leads,
    "leads_open": _leads,
    "lead_conversion_rate": _leads,
    **dict.fromkeys(_SHARES, _money),
    "mrr_scheduled_churn": _scheduled,
    "revenue": _payments,
    "one_off_revenue": _payments,
    **dict.fromkeys(("costs", "gross_margin", "cac"), costs.rows),
    **dict.fromkeys(("dau", "wau", "mau", "stickiness", "active_customer_share", "session_minutes"), engagement.rows),
    **dict.fromkeys(("nps", "csat", "ces", "high_effort_share", "promoters"), satisfaction.rows),
    "goal_conversion_rate": funnel.rows,
}
