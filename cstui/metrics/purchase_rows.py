"""The rows behind who is active, new, lapsed and returned in repeat-purchase mode: each customer's own purchase that says so. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from cstui.base.days import Period, iso
from cstui.base.formatting import count
from cstui.metrics.facts import Facts
from cstui.metrics.purchases import Stay
from cstui.metrics.rows import Asked, Evidence


class Buyer(NamedTuple):
    """A customer at both ends of a period."""

    customer: int
    start: bool
    end: bool
    first: int
    """Their first purchase ever."""
    last: Stay
    """Their last purchase by the end."""
    since: int
    """The purchase with which the activity that `last` belongs to began."""


def buyers(facts: Facts, period: Period) -> Iterator[Buyer]:
    """Where everybody in the filter who ever bought by the end of a period stood at both its ends."""
    buying = facts.buying()
    end, eve = min(period.last, buying.through), min(period.start - 1, buying.through)
    chosen = facts.selected()
    for customer in buying.days if chosen is None else sorted(chosen):
        held = [stay for stay in buying.stays(customer) if stay.day <= end]
        if held:
            before = [stay for stay in held if stay.day <= eve]
            yield Buyer(customer, active(before, eve), active(held, end), held[0].day, held[-1], _since(held))


def active(stays: Sequence[Stay], day: int) -> bool:
    """Whether somebody who bought so, and nothing since, had not lapsed on a day."""
    return bool(stays) and ((lapses := stays[-1].lapses) is None or day < lapses)


def _since(stays: Sequence[Stay]) -> int:
    """The first purchase of the last unbroken activity."""
    since = stays[0].day
    for stay, following in pairwise(stays):
        if stay.lapses is not None and stay.lapses < following.day:
            since = following.day
    return since


def rows(asked: Asked) -> Iterator[Evidence]:
    """The rows of a figure of `FIGURES`, or of NEW_STAYED: one purchase a customer."""
    facts, name, period = asked
    chosen = (_CHOICE | _STEPS)[name]
    found = [buyer for buyer in buyers(facts, period) if chosen(buyer, period)]
    day = _DAY.get(name, _last)
    payments = facts.purchase_ids([(buyer.customer, day(buyer)) for buyer in found])
    rate, new_too = name == "customer_churn_rate", facts.switches.churn_base == "start+new"
    for buyer in found:
        left = buyer.start and not buyer.end
        base = buyer.start + (new_too and buyer.first in period)
        if rate and not base:
            continue
        top, below = (Fraction(left), Fraction(base)) if rate else (Fraction(1), None)
        yield Evidence("payment", payments[buyer.customer, day(buyer)], buyer.customer, top, below, _note(name, buyer, left))


def _last(buyer: Buyer) -> int:
    return buyer.last.day


_CHOICE: dict[str, Callable[[Buyer, Period], bool]] = {
    "customers_active": lambda b, _: b.end,
    "customers_new": lambda b, p: b.first in p,
    "customers_churned": lambda b, _: b.start and not b.end,
    "customers_returned": lambda b, p: b.end and not b.start and b.first < p.start,
    "customer_churn_rate": lambda b, p: b.start or b.first in p,
}
FIGURES = frozenset(_CHOICE)
NEW_STAYED = "customers_new_stayed"
"""No figure of the catalogue: the step of the roll-forward."""
_STEPS: dict[str, Callable[[Buyer, Period], bool]] = {NEW_STAYED: lambda b, p: b.end and b.first in p}
_DAY: Mapping[str, Callable[[Buyer], int]] = {
    "customers_new": lambda b: b.first,
    NEW_STAYED: lambda b: b.first,
    "customers_returned": lambda b: b.since,
}
"""The purchase that counts; of the other figures, the last one."""


def _note(name: str, buyer: Buyer, left: bool) -> str:
    if name in ("customers_new", NEW_STAYED):
        return f"first purchase {iso(buyer.first)}"
    if name == "customers_returned":
        return f"bought again {iso(buyer.since)}"
    last, lapses = f"bought {iso(buyer.last.day)}", buyer.last.lapses
    if lapses is None:
        return f"{last}, nothing to hold the silence against"
    limit = f"over {count(buyer.last.limit or 0, 'day')}, {_why(buyer.last)}"
    return f"{last}, {'lapsed' if left else 'lapses'} {iso(lapses)}: {limit}"


def _why(stay: Stay) -> str:
    """What a limit is."""
    return "2 × their median gap" if stay.own else "90th percentile of all gaps"
