"""The rows behind a counted figure: which customers, subscriptions or payments it counts, and what each adds.

Rows re-sum to the figure's numerator and denominator (or to its value, where it has neither); a property test holds it.
Pure; where rows came from is the store's to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from cstui.base.days import Period, iso
from cstui.base.money import to_major
from cstui.metrics.cells import frame, major
from cstui.metrics.facts import Facts
from cstui.metrics.leads import created_in, open_at
from cstui.metrics.revenue import signed
from cstui.metrics.scheduled import days_left, scheduled_spans
from cstui.metrics.service import Known
from cstui.metrics.steps import Steps, bridges, level_on, paying_on, spans_of


@dataclass(frozen=True, slots=True)
class Evidence:
    """One row a figure counts, and what it adds to it. Money in major units."""

    kind: str
    """`customer`, `subscription` or `payment`."""
    row: int
    customer: int
    numerator: Fraction | None
    denominator: Fraction | None
    note: str | None = None


class Asked(NamedTuple):
    """Which metric, in which period, of which facts."""

    facts: Facts
    name: str
    period: Period


class Change(NamedTuple):
    """A subscription's MRR at both ends, and that of its customer. Minor × SCALE."""

    was: int
    now: int
    starts: int
    ends: int


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
    rows = _ROWS[name](Asked(facts, name, period))
    return sorted(rows, key=lambda row: (-abs(row.numerator or 0), -abs(row.denominator or 0), row.customer, row.row))


def states(facts: Facts, period: Period) -> Iterator[State]:
    """Where everybody who ever paid stood at both ends of a period."""
    end = min(period.last, facts.as_of)
    for customer, steps in facts.steps():
        state = _state(customer, {facts.currency: list(steps)}, period, end)
        if state is not None:
            yield state
    for customer, by_currency in facts.foreign_steps().items():
        state = _state(customer, by_currency, period, end)
        if state is not None:
            yield state


def _state(customer: int, by_currency: Mapping[str, Steps], period: Period, end: int) -> State | None:
    paid = [day for steps in by_currency.values() for day, level in steps if level and day <= end]
    if not paid:
        return None
    pairs = [(level_on(steps, period.start - 1), level_on(steps, end)) for steps in by_currency.values()]
    first = min(paid)
    return State(
        customer,
        start=any(before for before, _ in pairs),
        end=any(after for _, after in pairs),
        first_paid=first in period,
        had_paid=first < period.start,
        more=any(after > before for before, after in pairs),
        less=any(after < before for before, after in pairs),
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
    """Subscriptions of the customers that count, with what each adds; a foreign one says its own money instead."""
    facts, name, period = asked
    ids = [state.customer for state in states(facts, period) if _CHOICE[name](state)]
    known = Known(facts.as_of, facts.own, facts.switches.past_due_days)
    end = min(period.last, facts.as_of)
    for customer, rows in groupby(facts.subscriptions(ids), key=attrgetter("customer_id")):
        spans = spans_of(rows, known)
        gaps = bridges(spans, known, facts.switches.reactivation_gap_days)
        before = {item.row.id: item for item in paying_on(spans, period.start - 1, gaps)}
        after = {item.row.id: item for item in paying_on(spans, end, gaps)}
        starts = sum(item.level for item in before.values())
        ends = sum(item.level for item in after.values())
        for item in spans:
            was = item.level if item.row.id in before else 0
            now = item.level if item.row.id in after else 0
            top, bottom = _SHARES[name](Change(was, now, starts, ends))
            if not top and not bottom:
                continue
            currency = item.row.currency
            if currency != facts.currency:
                yield Evidence("subscription", item.row.id, customer, None, None, f"{currency}, no exchange rate")
                continue
            ratio = name in _RATIOS
            yield Evidence("subscription", item.row.id, customer, major(top, currency), major(bottom, currency) if ratio else None)


def _kept(c: Change) -> int:
    """A subscription's share of its customer's min(end, start)."""
    return c.now if c.ends <= c.starts else c.was


_RATIOS = frozenset(("grr", "nrr", "revenue_churn_rate", "quick_ratio"))
_SHARES: Mapping[str, Callable[[Change], tuple[int, int]]] = {
    "mrr": lambda c: (c.now, 0),
    "mrr_new": lambda c: (c.now, 0),
    "mrr_reactivation": lambda c: (c.now, 0),
    "mrr_churned": lambda c: (c.was, 0),
    "mrr_expansion": lambda c: (c.now - c.was, 0),
    "mrr_contraction": lambda c: (c.was - c.now, 0),
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
        money = major(item.level, item.row.currency) if item.row.currency == facts.currency else None
        yield Evidence("subscription", item.row.id, item.row.customer_id, money, None, note)


def _payments(asked: Asked) -> Iterator[Evidence]:
    facts = asked.facts
    for row in facts.payments(asked.period):
        if asked.name == "one_off_revenue" and row.kind != "one_off":
            continue
        same = row.currency == facts.currency
        amount = to_major(signed(row.kind, row.amount), row.currency) if same else None
        yield Evidence("payment", row.id, row.customer_id, amount, None, row.kind if same else f"{row.currency}, no exchange rate")


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
    "mrr_fx": lambda _: (),
    "mrr_scheduled_churn": _scheduled,
    "revenue": _payments,
    "one_off_revenue": _payments,
}
