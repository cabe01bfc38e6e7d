"""What a customer is worth and costs to win: the catalogue's section *Value of a customer*, without `cac`.

Written from its sentences; what they leave open is in AMBIGUITIES.md, J.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from tests.oracle.ledger import earlier
from tests.oracle.periods import Span, add_months, trailing
from tests.oracle.rates import MissingRate
from tests.oracle.raw import Raw
from tests.oracle.selection import ZERO, NoData

if TYPE_CHECKING:
    from tests.oracle.reading import Reading

MOST_MONTHS = 60


class ZeroBase(Exception):
    """A quotient inside the figure has nothing below the line."""


def all_of(*calls: Callable[[], Fraction]) -> list[Fraction]:
    """What each part comes to; of what is wrong with several, the reason that comes first in the catalogue's precedence."""
    found, wrong = [], []
    for call in calls:
        try:
            found.append(call())
        except (MissingRate, NoData, ZeroBase) as error:
            wrong.append(type(error))
    for reason in (MissingRate, NoData, ZeroBase):
        if reason in wrong:
            raise reason
    return found


def quotient(raw: Raw) -> Fraction:
    """A share. Raises ZeroBase."""
    assert raw.denominator is not None
    if raw.denominator <= 0:
        raise ZeroBase
    return raw.numerator / raw.denominator


def positive(share: Fraction) -> Fraction:
    """A margin that a value can rest on. Raises NoData."""
    if share <= 0:
        raise NoData
    return share


def months_of(span: Span) -> list[Span]:
    """The calendar months of a span of whole months."""
    found, start = [], span.start
    while start < span.end:
        found.append(Span(start, add_months(start, 1)))
        start = add_months(start, 1)
    return found


def margin_window(reading: Reading, span: Span) -> Span | None:
    """The months of the 12 that end with the period for which there are payments and costs; None with fewer than three."""
    there = [m for m in months_of(trailing(12, span.last)) if not reading.outside(("payments", "costs"), m)]
    return Span(there[0].start, there[-1].end) if len(there) >= 3 else None


def margin(reading: Reading, span: Span) -> Fraction:
    """The gross margin of the 12 months that end with the period, or those there are, at least 3; 1 where there are no cost rows."""
    chosen = reading.switches.gross_margin
    if chosen is not None:
        return positive(chosen)
    if not reading.known(reading.facts.costs, trailing(12, span.last)):
        return Fraction(1)
    window = margin_window(reading, span)
    if window is None:
        raise NoData
    return positive(quotient(reading.gross_margin(window)))


def churn(reading: Reading, span: Span) -> Fraction:
    """The mean of the customer churn rates of the 6 months that end with the period, those without a base left out."""
    rates, churned = [], ZERO
    for month in months_of(trailing(6, span.last)):
        if reading.outside((reading.paying,), month):
            continue
        raw = reading.customer_churn_rate(month)
        assert raw.denominator is not None
        churned += raw.numerator
        if raw.denominator > 0:
            rates.append(raw.numerator / raw.denominator)
    if churned < 5:
        raise NoData
    return sum(rates, ZERO) / len(rates)


def clv(reading: Reading, span: Span) -> Raw:
    if reading.switches.gross_margin is None and reading.known(reading.facts.costs, trailing(12, span.last)):
        reading.channels()
    level, share, rate = all_of(lambda: quotient(reading.worth_of_one(span)), lambda: margin(reading, span), lambda: churn(reading, span))
    life = min(Fraction(MOST_MONTHS), 1 / rate)
    parts = {"margin": share, "churn": rate, "lifetime_months": life, "uncapped": level * share / rate}
    return Raw(level * share * life, parts=parts)


def clv_realised(reading: Reading, span: Span) -> Raw:
    first = min((p.paid_at for p in reading.facts.payments if p.paid_at), default=span.start)
    to_date = reading.paid_in(Span(min(first, span.start), span.end))
    paid = [reading.levels.first_paid(name) for name in reading.ids]
    ever = [day for day in paid if day is not None and day < span.end]
    return Raw(reading.takings(to_date), Fraction(len(ever)), len(ever))


def customer_realised(reading: Reading, customer_id: str, day: date) -> Fraction:
    """What one customer has brought by a day, less what they got back."""
    own = [p for p in reading.facts.payments if p.customer_id == customer_id and p.status == "paid" and p.paid_at and p.paid_at <= day]
    return reading.takings(own)


def clv_cac_ratio(reading: Reading, span: Span) -> Raw:
    return Raw(*_both(reading, span))


def clv_net_of_cac(reading: Reading, span: Span) -> Raw:
    worth, cost = _both(reading, span)
    return Raw(worth - cost)


def _both(reading: Reading, span: Span) -> tuple[Fraction, Fraction]:
    reading.channels()  # what rests on costs follows no other filter
    worth, cost = all_of(lambda: clv(reading, span).numerator, lambda: quotient(reading.cac(span)))
    return worth, cost


def band(ratio: Fraction) -> str:
    """3 and more is healthy, 2–3 slim, 1–2 poor, 1 and less losing money."""
    if ratio >= 3:
        return "healthy"
    if ratio >= 2:
        return "slim"
    return "poor" if ratio > 1 else "losing money"


def first_mrr(reading: Reading, span: Span) -> Raw:
    """Mean MRR of the period's new customers on their first paid day, at that day's rate."""
    new = reading.new_in(span)
    total = ZERO
    for name in new:
        day = reading.levels.first_paid(name)
        assert day is not None
        total += reading.sum([reading.levels.level(name, day)], day)
    return Raw(total, Fraction(len(new)), len(new))


def period_margin(reading: Reading, span: Span) -> Fraction:
    """The gross margin of the period itself, or the one that a person has set."""
    chosen = reading.switches.gross_margin
    if chosen is not None:
        return positive(chosen)
    raw = reading.gross_margin(span)
    if reading.outside(("payments", "costs"), span):
        raise NoData
    return positive(quotient(raw))


def cac_payback_months(reading: Reading, span: Span) -> Raw:
    reading.channels()
    cost, first, share = all_of(
        lambda: quotient(reading.cac(span)), lambda: quotient(first_mrr(reading, span)), lambda: period_margin(reading, span)
    )
    return Raw(cost, first * share)


def cac_by_segment(reading: Reading, span: Span) -> dict[str, Fraction]:
    """What a new customer of each segment cost: a channel's costs go to those it won, the rest to everybody, in equal shares."""
    lagged = earlier(span, reading.switches.cac_lag_months)
    new = [c for c in reading.customers if c.customer_id in set(reading.new_in(span))]
    carried = {c.customer_id: ZERO for c in new}
    for cost in reading.spent(lagged, "sales", "marketing"):
        through = [c for c in new if cost.channel and c.fields.get("channel") == cost.channel] or new
        for c in through:
            carried[c.customer_id] += reading.outlay([cost]) / len(through)
    found: dict[str, list[Fraction]] = {}
    for c in new:
        found.setdefault(c.fields.get("segment", ""), []).append(carried[c.customer_id])
    return {name: sum(own, ZERO) / len(own) for name, own in found.items()}
