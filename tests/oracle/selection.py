"""Who and what counts: the customers a filter selects, what is known of them, and how they moved through a period.

Rules 2, 4 and 6 of the catalogue. Knows no figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import TypeVar

from tests.oracle.facts import Cost, Customer, Facts, Payment, Scored, Use, Visits
from tests.oracle.periods import Span
from tests.oracle.purchases import Purchases, is_repeat
from tests.oracle.rates import Rates
from tests.oracle.service import Knowledge, Levels, Money, Service

Where = Mapping[str, tuple[str, ...]]
ZERO = Fraction(0)
Dated = TypeVar("Dated", Use, Scored, Visits, Cost)


class NoData(Exception):
    """A part of the figure lies outside what is covered, or rests on facts that have no customer to filter by."""


@dataclass(frozen=True, slots=True)
class Switches:
    """Where the field disagrees: the definitions in force."""

    mode: str = "auto"
    past_due_days: int = 30
    reactivation_gap_days: int = 1
    churn_base: str = "start"
    detractors_up_to: int = 6
    """The highest score of a detractor: 6, or 5 as article 004 draws the bands."""
    csat_ten: int = 6
    """The threshold of a 10-point scale: 6 as article 003 has it, or 9."""
    ces_scale: tuple[int, int] | None = None
    """The scale chosen where answers are on several."""
    cac_lag_months: int = 0
    gross_margin: Fraction | None = None
    """A margin that a person has set."""
    trial_basis: str = "ended"
    renewal_terms: str = "quarter"


def switches_of(chosen: Mapping[str, str]) -> Switches:
    """Switches from the words in which a person sets them; those not named keep their defaults."""
    found = Switches(
        mode=chosen.get("mode", "auto"),
        past_due_days=int(chosen.get("past_due_days", "30")),
        reactivation_gap_days=int(chosen.get("reactivation_gap_days", "1")),
        churn_base=chosen.get("churn_base", "start"),
        detractors_up_to=6 if chosen.get("nps_bands", "standard") == "standard" else 5,
        csat_ten=int(dict(pair.split(":") for pair in chosen.get("csat_threshold", "10:6").split(","))["10"]),
        cac_lag_months=int(chosen.get("cac_lag_months", "0")),
        gross_margin=None if chosen.get("gross_margin", "computed") == "computed" else Fraction(chosen["gross_margin"]),
        trial_basis=chosen.get("trial_basis", "ended"),
        renewal_terms=chosen.get("renewal_terms", "quarter"),
    )
    scale = chosen.get("ces_scale", "auto")
    if scale == "auto":
        return found
    low, high = scale.split("-")
    return replace(found, ces_scale=(int(low), int(high)))


@dataclass(frozen=True, slots=True)
class Move:
    """One customer from the eve of a period to its last day."""

    customer_id: str
    start: Money
    end: Money
    paid_before: bool

    @property
    def change(self) -> Money:
        """End less start, per currency, valued at one and the same rate."""
        names = set(self.start) | set(self.end)
        found = {name: self.end.get(name, ZERO) - self.start.get(name, ZERO) for name in names}
        return {name: amount for name, amount in found.items() if amount != 0}


def added(levels: Iterable[Money], times: Fraction = Fraction(1)) -> Money:
    """Sums per currency, times a number, without zeros."""
    found: Money = {}
    for level in levels:
        for name, amount in level.items():
            found[name] = found.get(name, ZERO) + amount * times
    return {name: amount for name, amount in found.items() if amount != 0}


class Selection:
    """One company, seen through one filter, as of one day, under given switches."""

    def __init__(
        self,
        facts: Facts,
        *,
        where: Where | None = None,
        as_of: date | None = None,
        switches: Switches | None = None,
        levels: Levels | Purchases | None = None,
    ) -> None:
        own = facts.own_as_of
        if own is None:
            raise ValueError("nothing has happened in this company yet")
        self.facts = facts
        self.switches = switches or Switches()
        self.as_of = as_of if as_of is not None else own
        at = Knowledge(self.as_of, self.as_of >= own, self.switches.past_due_days, self.switches.reactivation_gap_days)
        self.repeat = is_repeat(facts, self.switches.mode)
        made: Levels | Purchases = Purchases(facts, self.as_of) if self.repeat else Levels(facts, at)
        self.levels = made if levels is None else levels
        self.rates = Rates(facts.rates, facts.currency, None if at.own else self.as_of)
        self.where: Where = where or {}

    @property
    def paying(self) -> str:
        """The kind of fact that tells who is active."""
        return "payments" if self.repeat else "subscriptions"

    # -- who counts -------------------------------------------------------------------------------------------------

    def value_of(self, customer: Customer, field: str) -> str | None:
        """A customer's current value; a blank plan is that of their latest subscription row."""
        if field == "plan" and not customer.fields.get("plan"):
            rows = [s for s in self.facts.subscriptions if s.customer_id == customer.customer_id and s.started_at <= self.as_of]
            rows.sort(key=lambda s: (s.started_at, s.subscription_id))
            return (rows[-1].plan or None) if rows else None
        return customer.fields.get(field) or None

    def values(self, field: str) -> list[str]:
        """All values the workspace has in a field, by code point."""
        found = {value for c in self.facts.customers if (value := self.value_of(c, field)) is not None}
        if field == "channel":
            found |= {cost.channel for cost in self.facts.costs if cost.channel}
            found |= {visits.channel for visits in self.facts.traffic if visits.channel}
        return sorted(found)

    @cached_property
    def customers(self) -> list[Customer]:
        """The customers that the filter selects: values of one field OR, fields AND. The value "" stands for none."""
        return [c for c in self.facts.customers if all((self.value_of(c, f) or "") in wanted for f, wanted in self.where.items())]

    @cached_property
    def ids(self) -> set[str]:
        """Their ids."""
        return {c.customer_id for c in self.customers}

    # -- coverage ---------------------------------------------------------------------------------------------------

    @cached_property
    def coverage(self) -> dict[str, tuple[date, date]]:
        """First and last date of each kind of fact, before filters."""
        dates = {
            "customers": [day for c in self.facts.customers for day in (c.created_at, c.lost_at) if day],
            "subscriptions": [s.started_at for s in self.facts.subscriptions],
            "payments": [day for p in self.facts.payments if (day := p.paid_at or p.due_at)],
            "usage": [use.day for use in self.facts.usage],
            "surveys": [score.day for score in self.facts.scores],
            "traffic": [visits.day for visits in self.facts.traffic],
            "costs": [cost.day for cost in self.facts.costs],
        }
        found = {}
        for kind, days in dates.items():
            known = [day for day in days if day <= self.as_of]
            if known:
                found[kind] = (min(known), self.as_of if kind in ("customers", "subscriptions") else max(known))
        return found

    def outside(self, kinds: tuple[str, ...], span: Span) -> bool:
        """Whether the period has no day in common with the coverage of one of the kinds."""
        for kind in kinds:
            if kind not in self.coverage:
                return True
            first, last = self.coverage[kind]
            if span.end <= first or span.start > last:
                return True
        return False

    # -- facts of a period ------------------------------------------------------------------------------------------

    def created_in(self, span: Span) -> list[Customer]:
        """Customer records created in the period, as far as is known."""
        return [c for c in self.customers if c.created_at and span.start <= c.created_at < span.end and c.created_at <= self.as_of]

    def moves(self, span: Span) -> list[Move]:
        """Every selected customer, from the day before the period to its last day."""
        found = []
        for name in sorted(self.ids):
            first = self.levels.first_paid(name)
            start, end = self.levels.level(name, span.eve), self.levels.level(name, span.last)
            found.append(Move(name, start, end, first is not None and first < span.start))
        return found

    def new_in(self, span: Span) -> list[str]:
        """Customers whose first paid day ever is in the period."""
        firsts = [(name, self.levels.first_paid(name)) for name in sorted(self.ids)]
        return [name for name, first in firsts if first is not None and span.start <= first < span.end]

    def paid_in(self, span: Span) -> list[Payment]:
        """Paid payments and paid refunds of the selected customers in the period, as far as is known."""
        dated = [p for p in self.facts.payments if p.customer_id in self.ids and p.status == "paid" and p.paid_at]
        return [p for p in dated if p.paid_at and span.start <= p.paid_at < span.end and p.paid_at <= self.as_of]

    def scheduled(self) -> list[Service]:
        """Subscription rows of the selected customers that are cancelled and still in service at `as_of`."""
        if isinstance(self.levels, Purchases):
            return []
        rows = [s for s in self.levels.services if s.row.customer_id in self.ids and s.cancelled]
        return [s for s in rows if s.in_service(self.as_of)]

    def direction(self, move: Move, span: Span) -> int:
        """1 up, -1 down, 0 same; needs the rates of the period's start where currencies move against each other."""
        signs = {1 if amount > 0 else -1 for amount in move.change.values()}
        if len(signs) > 1:
            worth = self.sum([move.change], span.eve)
            return (worth > 0) - (worth < 0)
        return next(iter(signs), 0)

    def sum(self, levels: Iterable[Money], day: date) -> Fraction:
        """Sum in the workspace currency at that day's rates; after `as_of`, at those of `as_of`, as levels are."""
        return sum((self.rates.worth(level, min(day, self.as_of)) for level in levels), ZERO)

    def channels(self) -> tuple[str, ...] | None:
        """The channels asked for, None for all. Raises NoData under any other filter: costs and traffic have no customer."""
        if set(self.where) - {"channel"}:
            raise NoData
        return self.where.get("channel")

    def known(self, facts: Iterable[Dated], span: Span) -> list[Dated]:
        """Of these facts, those in the period, as far as is known."""
        return [fact for fact in facts if span.start <= fact.day < span.end and fact.day <= self.as_of]
