"""Scheduled churn: subscriptions that are cancelled and still in service at `as_of`. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from cstui.metrics.cells import Group, by_group, major
from cstui.metrics.facts import Facts
from cstui.metrics.figure import Figure, Frame, figure, missing_rate
from cstui.metrics.service import Known, Span, span


class Scheduled(NamedTuple):
    """What is about to leave, of one group."""

    spans: tuple[Span, ...]

    def figure(self, one: Frame, facts: Facts) -> Figure:
        """The figure at `as_of`, whatever the period; days left as parts."""
        by_currency: dict[str, int] = {}
        for item in self.spans:
            by_currency[item.row.currency] = by_currency.get(item.row.currency, 0) + item.level
        n, total = len(self.spans), Fraction(0)
        lacking = {code: facts.as_of for code in by_currency if facts.rates.on(code, facts.as_of) is None}
        if lacking:
            return missing_rate({code: major(level, code) for code, level in by_currency.items()}, n, facts.currency, lacking)
        for code, level in by_currency.items():
            total += (facts.rates.on(code, facts.as_of) or 0) * major(level, code)
        left = [item.scheduled - facts.as_of for item in self.spans if item.scheduled is not None]
        parts = {"days_left": {"min": min(left), "max": max(left)}} if left else None
        return figure(one, total, n=n, parts=parts)


def scheduled(facts: Facts) -> dict[Group, Scheduled]:
    """Scheduled churn by group; `Total.ALL` is always there."""
    found = by_group(facts, scheduled_spans(facts), lambda item: item.row.customer_id)
    return {group: Scheduled(tuple(spans)) for group, spans in found.items()}


def scheduled_spans(facts: Facts) -> Iterator[Span]:
    """The subscriptions' spans, paying at `as_of`, whose cancellation takes effect later."""
    known = Known(facts.as_of, facts.own, facts.switches.past_due_days)
    for row in facts.cancelled():
        item = span(row, known)
        if item is not None and item.scheduled is not None and item.pay <= facts.as_of < item.end:
            yield item


def days_left(item: Span, as_of: int) -> Fraction:
    """Days from `as_of` to the service end."""
    return Fraction((item.scheduled or as_of) - as_of)
