"""The rows behind one cell of the cohort table: its customers, subscriptions or payments. Pure; without the table's pandas.

Where a row has no exchange rate, what it adds is None.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import groupby
from operator import attrgetter

from cstui.base.days import Period, iso, month_of, months
from cstui.metrics.cells import major
from cstui.metrics.evidence import Amount, both_ends
from cstui.metrics.facts import Facts
from cstui.metrics.purchases import REPEAT_PURCHASE
from cstui.metrics.revenue import payment_row
from cstui.metrics.rows import Evidence
from cstui.metrics.service import Known
from cstui.metrics.steps import Steps, level_on

CUSTOMERS, MRR, REVENUE = "customers", "mrr", "revenue"
NONE = Fraction(0)


def last_month(facts: Facts) -> int:
    """The last month that has a column: the last complete one, and in repeat-purchase mode none that no payment is known of."""
    complete = month_of(facts.as_of + 1) - 1
    return min(complete, month_of(facts.buying().through)) if facts.mode == REPEAT_PURCHASE else complete


def members(facts: Facts, month: int) -> dict[int, Mapping[str, Steps]]:
    """Everyone first paid in a month, with their steps by currency."""
    span = months(month)
    found: dict[int, Mapping[str, Steps]] = {}
    for customer, steps in facts.steps():
        own = list(steps)
        if own[0][0] in span:
            found[customer] = {facts.currency: own}
    foreign = facts.foreign_steps().items()
    return found | {customer: held for customer, held in foreign if min(steps[0][0] for steps in held.values()) in span}


def rows(facts: Facts, month: int, k: int, value: str) -> list[Evidence]:
    """What a cell counts, each row with what it adds to the k-th month after (numerator) and to M0 (denominator), largest first."""
    everybody = members(facts, month)
    found = {CUSTOMERS: _customers, MRR: _subscriptions, REVENUE: _payments}[value](facts, everybody, month, k)
    return sorted(found, key=lambda row: (-abs(row.numerator or NONE), -abs(row.denominator or NONE), row.customer or 0, row.row))


def _customers(_: Facts, everybody: Mapping[int, Mapping[str, Steps]], month: int, k: int) -> Iterator[Evidence]:
    day = months(month + k).last
    for customer, by_currency in everybody.items():
        active = any(level_on(steps, day) for steps in by_currency.values())
        note = None if active else f"left {iso(_left(by_currency, day))}"
        yield Evidence("customer", customer, customer, Fraction(active or k == 0), Fraction(1), note)


def _left(by_currency: Mapping[str, Steps], day: int) -> int:
    """The last day by `day` on which a level fell to nothing."""
    return max(at for steps in by_currency.values() for at, level in steps if not level and at <= day)


def _subscriptions(facts: Facts, everybody: Mapping[int, Mapping[str, Steps]], month: int, k: int) -> Iterator[Evidence]:
    known = Known(facts.as_of, facts.own, facts.switches.past_due_days)
    span = Period(months(month).end, max(months(month + k).end, months(month).end + 1))
    for customer, own in groupby(facts.subscriptions(sorted(everybody)), key=attrgetter("customer_id")):
        for one in both_ends(facts, list(own), known, span):
            now, last = (one.was, one.first) if k == 0 else (one.now, one.last)
            if now or one.was:
                adds = _worth(facts, now, last), _worth(facts, one.was, one.first)
                note = f"{one.row.currency}, no exchange rate" if None in adds else None
                yield Evidence("subscription", one.row.id, customer, *adds, note)


def _worth(facts: Facts, level: int, factor: Amount | None) -> Fraction | None:
    """A level as major units; None where its currency has no rate."""
    if not level:
        return NONE
    return None if factor is None else major(level * factor, facts.currency)


def _payments(facts: Facts, everybody: Mapping[int, Mapping[str, Steps]], month: int, k: int) -> Iterator[Evidence]:
    first, then = months(month), months(month + k)
    for span in (first, then) if k else (first,):
        for row in facts.payments(span):
            if row.customer_id in everybody:
                found = payment_row(facts, row)
                adds = (found.numerator if span == then else NONE, found.numerator if span == first else NONE)
                yield replace(found, numerator=adds[0], denominator=adds[1])
