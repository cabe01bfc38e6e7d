"""Trials and renewals, row by row and day by day: `trial_conversion_rate`, `renewal_rate` and `renewal_rate_value`.

Written from the catalogue's sentences; what they leave open is in AMBIGUITIES.md, H and I.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from tests.oracle.facts import Subscription
from tests.oracle.periods import Span, add_months
from tests.oracle.purchases import Purchases
from tests.oracle.raw import Raw
from tests.oracle.selection import ZERO, Selection
from tests.oracle.service import DAY, Money, Service

FLOOR = 30
TO_CONVERT, TO_RENEW = timedelta(days=14), timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Trial:
    """One customer's trial."""

    customer_id: str
    began: date
    ends: date


@dataclass(frozen=True, slots=True)
class Paid:
    """A row's paid service, as known: MRR on every day d with `first` ≤ d < `end`."""

    row: Subscription
    first: date
    end: date | None
    """None: it goes on."""
    level: Fraction

    def pays(self, day: date) -> bool:
        return self.first <= day and (self.end is None or day < self.end)


@dataclass(frozen=True, slots=True)
class Term:
    """A term that began."""

    paid: Paid
    due: date
    outcome: str
    """`renewed`, `lost` or `pending`."""
    renewed: Money
    """MRR it was renewed at, per currency."""


def due_day(row: Subscription, first: date, number: int) -> date:
    """The due day of a row's term: its first paying day + number × its interval; the anchor day is kept, clipped to the month's end."""
    if row.interval in ("day", "week"):
        return first + number * row.interval_count * timedelta(days=7 if row.interval == "week" else 1)
    months = {"month": 1, "quarter": 3, "year": 12}[row.interval] * row.interval_count * number
    start = add_months(first.replace(day=1), months)
    return start.replace(day=min(first.day, monthrange(start.year, start.month)[1]))


class Terms(Selection):
    """Figures of trials and of terms."""

    # -- trials -----------------------------------------------------------------------------------------------------

    def trials(self, span: Span) -> list[Trial]:
        """Trials that end (or, by switch, start) in the period: one per customer and `trial_end`."""
        found: dict[tuple[str, date], date] = {}
        for row in self.facts.subscriptions:
            began = row.trial_start or row.started_at
            if row.customer_id not in self.ids or row.trial_end is None or row.trial_end <= began:
                continue
            if row.started_at <= self.as_of and began <= self.as_of:
                key = row.customer_id, row.trial_end
                found[key] = min(began, found.get(key, began))
        trials = [Trial(customer, began, ends) for (customer, ends), began in found.items()]
        ended = self.switches.trial_basis == "ended"
        return [t for t in trials if span.start <= (t.ends if ended else t.began) < span.end]

    def trial_outcome(self, trial: Trial) -> str:
        days = [trial.ends + n * DAY for n in range(TO_CONVERT.days)]
        if any(self.levels.level(trial.customer_id, day) for day in days if day <= self.as_of):
            return "converted"
        return "lost" if days[-1] <= self.as_of else "pending"

    def trial_conversion_rate(self, span: Span) -> Raw:
        outcomes = [self.trial_outcome(trial) for trial in self.trials(span)]
        converted, lost = outcomes.count("converted"), outcomes.count("lost")
        parts = {name: Fraction(outcomes.count(name)) for name in ("converted", "lost", "pending")}
        return Raw(Fraction(converted), Fraction(converted + lost), converted + lost, FLOOR, parts)

    # -- terms ------------------------------------------------------------------------------------------------------

    def paid_service(self, one: Service) -> Paid | None:
        """When a row paid, found by looking at every day up to `as_of`, and from there at what is known of its end."""
        day, first = one.row.started_at, None
        while day <= self.as_of and one.in_service(day):
            if one.mrr(day) > 0 and first is None:
                first = day
            if one.mrr(day) == 0 and first is not None:
                return Paid(one.row, first, day, one.mrr(first))
            day += DAY
        if first is None:
            return None
        if day <= self.as_of:
            return Paid(one.row, first, day, one.mrr(first))
        ends = [end for end in (one.end, one.zero_from) if end is not None]
        return Paid(one.row, first, min(ends, default=None), one.mrr(first))

    def services_paid(self) -> list[Paid]:
        """Every selected customer's rows that ever paid."""
        services = [] if isinstance(self.levels, Purchases) else self.levels.services
        found = [self.paid_service(one) for one in services if one.row.customer_id in self.ids]
        return [one for one in found if one is not None]

    def dues(self, paid: Paid) -> Iterator[date]:
        """The due day of each term that began by `as_of`, cancelled inside it or not."""
        own = self.facts.own_as_of
        assert own is not None
        override = paid.row.current_period_end if self.as_of >= own else None
        number, begins = 1, paid.first
        while begins <= self.as_of and paid.pays(begins):
            due = due_day(paid.row, paid.first, number)
            running = begins <= own and not (due <= own and paid.pays(due))
            if running and override is not None and override > begins:
                yield override
            else:
                yield due
            begins, number = due, number + 1

    def successors(self, paid: Paid, everyone: list[Paid]) -> list[Paid]:
        """Rows of the customer that carried on: paying within 30 days of its end, and those that carried these on in turn."""
        found: list[Paid] = [paid]
        for one in found:
            for other in everyone:
                if other in found or other.row.customer_id != one.row.customer_id or one.end is None or one.end > self.as_of:
                    continue  # an end that has not come has no successor yet
                if other.first > one.first and abs(other.first - one.end) <= TO_RENEW and other.first <= self.as_of:
                    found.append(other)
        return found[1:]

    def terms(self, span: Span) -> list[Term]:
        """The terms due in the period, each with what became of it."""
        everyone = self.services_paid()
        found = []
        for paid in everyone:
            if self.switches.renewal_terms != "all" and paid.row.months < 3:
                continue
            dues = [due for due in self.dues(paid) if span.start <= due < span.end]
            found += [self.term(paid, due, self.successors(paid, everyone)) for due in dues]
        return found

    def term(self, paid: Paid, due: date, successors: list[Paid]) -> Term:
        if due > self.as_of:
            return Term(paid, due, "pending", {})
        if paid.pays(due):
            return Term(paid, due, "renewed", {paid.row.currency: paid.level})
        day = due
        while day <= self.as_of:
            level: Money = {}
            for other in successors:
                if other.pays(day):
                    level[other.row.currency] = level.get(other.row.currency, ZERO) + other.level
            if level:
                return Term(paid, due, "renewed", level)
            day += DAY
        return Term(paid, due, "lost" if self.as_of >= due + TO_RENEW else "pending", {})

    def renewal_rate(self, span: Span) -> Raw:
        outcomes = [term.outcome for term in self.terms(span)]
        renewed, lost = outcomes.count("renewed"), outcomes.count("lost")
        parts = {name: Fraction(outcomes.count(name)) for name in ("renewed", "lost", "pending")}
        return Raw(Fraction(renewed), Fraction(renewed + lost), renewed + lost, FLOOR, parts)

    def renewal_rate_value(self, span: Span) -> Raw:
        """Valued at the rates of the period's start, as all that moves is."""
        terms = self.terms(span)
        decided = [term for term in terms if term.outcome != "pending"]
        due, gross, net = ZERO, ZERO, ZERO
        for term in decided:
            was = self.sum([{term.paid.row.currency: term.paid.level}], span.eve)
            now = self.sum([term.renewed], span.eve)
            due, gross, net = due + was, gross + min(was, now), net + now
        parts: dict[str, Fraction | None] = {"gross": gross / due, "net": net / due} if due else {}
        return Raw(gross, due, len(decided), FLOOR, parts | {"pending": Fraction(len(terms) - len(decided))})
