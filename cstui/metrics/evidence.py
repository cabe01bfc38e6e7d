"""The rows behind a counted figure: which customers, subscriptions or payments it counts, and what each adds.

Rows re-sum to the figure's numerator and denominator (or to its value, where it has neither); a property test holds it.
Pure; where rows came from is the store's to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from heapq import nsmallest
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from cstui.base.days import Period, iso
from cstui.base.formatting import at_rate, count, in_code
from cstui.base.money import SCALE, to_major
from cstui.metrics import costs, funnel, lifecycle, purchase_rows, satisfaction, use_rows, worth
from cstui.metrics.cells import frame, major
from cstui.metrics.facts import Facts
from cstui.metrics.leads import created_in, open_at, read
from cstui.metrics.purchases import REPEAT_PURCHASE
from cstui.metrics.revenue import payment_row
from cstui.metrics.rows import Asked, Evidence
from cstui.metrics.scheduled import days_left, scheduled_spans
from cstui.metrics.service import Known, SubscriptionRow
from cstui.metrics.states import State, chosen, states
from cstui.metrics.steps import bridges, level_on, paying_on, spans_of

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


class Found(NamedTuple):
    """The rows of a counted metric, largest first."""

    rows: list[Evidence]
    total: int | None
    """How many there are; None where only the largest were looked for."""


def evidence(facts: Facts, name: str, period: Period, limit: int | None = None) -> Found:
    """The rows of a counted metric in a period, largest first, or the first `limit` of them. Composed metrics have none of their own.

    With a limit only what must be looked at is: the customers who can have a row among the largest. Which of equal rows come first
    is then another choice than without one, but always the same.
    """
    asked = Asked(facts, name, period)
    bought = told_by_purchases(facts, name)
    if limit is not None and name in _LARGEST and not bought:
        return _LARGEST[name](asked, limit)
    rows = list((purchase_rows.rows if bought else _ROWS[name])(asked))
    return Found(sorted(rows, key=_size) if limit is None or limit >= len(rows) else nsmallest(limit, rows, key=_size), len(rows))


def told_by_purchases(facts: Facts, name: str) -> bool:
    """Whether the rows of a metric are purchases, as the workspace is read."""
    return facts.mode == REPEAT_PURCHASE and name in purchase_rows.FIGURES


def _size(row: Evidence) -> tuple[float, float, int, int]:
    """Orders rows, the largest first."""
    return -abs(float(row.numerator or 0)), -abs(float(row.denominator or 0)), row.customer or 0, row.row


def _counted(asked: Asked) -> Iterator[Evidence]:
    for state in chosen(*asked):
        yield Evidence("customer", state.customer, state.customer, Fraction(1), None)


def _first_counted(asked: Asked, limit: int) -> Found:
    """As `_counted`: one row is as large as another."""
    ids = [state.customer for state in chosen(*asked)]
    return Found([Evidence("customer", one, one, Fraction(1), None) for one in nsmallest(limit, ids)], len(ids))


def churn_base(asked: Asked) -> Iterator[tuple[int, int, bool]]:
    """(customer, what they add to the base of churn, whether they left) of those who count."""
    new_too = asked.facts.switches.churn_base == "start+new"
    for state in states(asked.facts, asked.period):
        base = bool(state.before) + (new_too and state.first_paid)
        if base:
            yield state.customer, base, bool(state.before and not state.after)


def _churn(asked: Asked) -> Iterator[Evidence]:
    return (_churn_row(*one) for one in churn_base(asked))


def _first_churned(asked: Asked, limit: int) -> Found:
    """As `_churn`: first those who left, then by what they add to the base."""
    everybody = list(churn_base(asked))
    first = nsmallest(limit, everybody, key=lambda one: (not one[2], -one[1], one[0]))
    return Found([_churn_row(*one) for one in first], len(everybody))


def _churn_row(customer: int, base: int, left: bool) -> Evidence:
    return Evidence("customer", customer, customer, Fraction(left), Fraction(base), "left" if left else None)


def _money(asked: Asked) -> Iterator[Evidence]:
    """Subscriptions of the customers that count, with what each adds; one without a rate says so instead."""
    return money_rows(asked, [state.customer for state in chosen(*asked)])


def _largest_money(asked: Asked, limit: int) -> Found:
    """As `_money`: no row is larger than what its customer pays at one of the two ends, so few customers need looking at."""
    facts = asked.facts
    ranked = [(-reach(facts, asked.period, state), state.customer) for state in chosen(*asked)]
    ranked.sort()
    rows: list[Evidence] = []
    at, block = 0, max(limit, 64)
    while at < len(ranked) and (len(rows) < limit or abs(rows[limit - 1].numerator or Fraction(0)) < major(-ranked[at][0], facts.currency)):
        rows += money_rows(asked, [customer for _, customer in ranked[at : at + block]])
        rows.sort(key=_size)
        at, block = at + block, block * 2
    return Found(rows[:limit], len(rows) if at >= len(ranked) else None)


def reach(facts: Facts, period: Period, state: State) -> Amount:
    """What no row of the customer can exceed, minor × SCALE in the workspace's currency; what has no rate has no size either."""
    if not state.foreign:
        return max(state.before, state.after)
    start, end = period.start - 1, min(period.last, facts.as_of)
    held = facts.foreign_steps()[state.customer].items()

    def worth(day: int, rate_day: int) -> Amount:
        return sum(level_on(steps, day) * (facts.rates.factor(code, rate_day) or 0) for code, steps in held)

    return max(worth(start, start), worth(end, start), worth(end, end))


def money_rows(asked: Asked, ids: Sequence[int]) -> Iterator[Evidence]:
    """As `_money`, of these customers."""
    facts, name, period = asked
    known = Known(facts.as_of, facts.own, facts.switches.past_due_days)
    for customer, rows in groupby(facts.subscriptions(ids), key=attrgetter("customer_id")):
        found = both_ends(facts, list(rows), known, period)
        starts = sum(one.was * one.first for one in found if one.first is not None)
        ends = sum(one.now * one.first for one in found if one.first is not None)
        for one in found:
            code, row = one.row.currency, one.row.id
            needed = {"mrr": (one.last,), "mrr_fx": (one.first, one.last)}.get(name, (one.first,))
            if None in needed:
                if one.now if name == "mrr" else one.was or one.now:
                    yield Evidence("subscription", row, customer, None, None, f"{_in_own(one, name)}, no exchange rate")
                continue
            early, late = one.first or 0, one.last or 0
            top, bottom = SHARES[name](Change(one.was * early, one.now * early, starts, ends, one.now * late))
            if top or bottom:
                note = None if code == facts.currency else _at_rate(facts, one, name, period.start - 1 if name != "mrr" else one.end)
                below = major(bottom, facts.currency) if name in _RATIOS else None
                yield Evidence("subscription", row, customer, major(top, facts.currency), below, note)


def _at_rate(facts: Facts, one: _Level, name: str, day: int) -> str:
    """How money of another currency was converted."""
    rate = facts.rates.on(one.row.currency, day)
    return _in_own(one, name) if rate is None else at_rate(_in_own(one, name), rate)


def _in_own(one: _Level, name: str) -> str:
    """The subscription's MRR in its own currency: at the end, and for what moves, from the start on."""
    code = one.row.currency
    was, now = (to_major(Fraction(level, SCALE), code) for level in (one.was, one.now))
    return in_code(now, code) if name == "mrr" or was == now else f"{in_code(was, code)} → {in_code(now, code)}"


class _Level(NamedTuple):
    """A subscription at both ends: MRR in its own currency (minor × SCALE), and what turns it into the workspace's on the two days."""

    row: SubscriptionRow
    was: int
    now: int
    end: int
    first: Amount | None
    last: Amount | None


def both_ends(facts: Facts, rows: list[SubscriptionRow], known: Known, period: Period) -> list[_Level]:
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
SHARES: Mapping[str, Callable[[Change], tuple[Amount, Amount]]] = {  # of a subscription, and as well of a customer
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
        note = f"ends {iso(facts.as_of + int(left))}, {count(int(left), 'day')} left"
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
    one = frame(facts, period, "customers")
    everybody = read(facts, [one])
    for row in open_at(one, everybody, facts.own) if name == "leads_open" else created_in(everybody, period):
        if name == "lead_conversion_rate":
            day = row.first_paid
            note = f"paid {iso(day)}" if day is not None else None
            yield Evidence("customer", row.id, row.id, Fraction(day is not None), Fraction(1), note)
        else:
            yield Evidence("customer", row.id, row.id, Fraction(1), None)


def _largest_paid(asked: Asked, limit: int) -> Found:
    """As `_payments`, and as those of the margin."""
    facts, name, period = asked
    if name == "gross_margin" and facts.switches.gross_margin != "computed":
        return Found([], 0)
    paid = list(facts.largest_payments(period, limit))
    all_paid = sum(day.n for day in facts.paid_days(period))
    rows = list(costs.margin_rows(facts, period, paid)) if name == "gross_margin" else [payment_row(facts, row) for row in paid]
    return Found(nsmallest(limit, rows, key=_size), len(rows) - len(paid) + all_paid)


def _largest_brought(asked: Asked, limit: int) -> Found:
    rows, everything = worth.largest_brought(asked, limit)
    return Found(nsmallest(limit, rows, key=_size), len(rows) if everything else None)


def _first_advocates(asked: Asked, limit: int) -> Found:
    return Found(*satisfaction.first_advocates(asked, limit))


def _most_use(asked: Asked, limit: int) -> Found:
    return Found(*use_rows.largest(asked, limit))


_LARGEST: Mapping[str, Callable[[Asked, int], Found]] = {
    **dict.fromkeys(("customers_active", "customers_new", "customers_churned", "customers_returned", "customers_expanded"), _first_counted),
    "customer_churn_rate": _first_churned,
    **dict.fromkeys(SHARES, _largest_money),
    **dict.fromkeys(use_rows.COUNTED, _most_use),
    "promoters": _first_advocates,
    **dict.fromkeys(("revenue", "gross_margin"), _largest_paid),
    "clv_realised": _largest_brought,
}
"""Metrics whose largest rows are found without making the others."""
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
    **dict.fromkeys(SHARES, _money),
    "mrr_scheduled_churn": _scheduled,
    "revenue": _payments,
    "one_off_revenue": _payments,
    **dict.fromkeys(("costs", "gross_margin", "cac"), costs.rows),
    **dict.fromkeys(("dau", "wau", "mau", "stickiness", "active_customer_share", "session_minutes"), use_rows.rows),
    **dict.fromkeys(("nps", "csat", "ces", "high_effort_share", "promoters"), satisfaction.rows),
    "goal_conversion_rate": funnel.rows,
    **dict.fromkeys((lifecycle.TRIALS, *lifecycle.RENEWALS), lifecycle.rows),
    **dict.fromkeys(("first_mrr", "clv_realised"), worth.rows),
}
