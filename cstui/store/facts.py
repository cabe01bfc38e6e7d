"""The store's answer to `cstui.metrics.facts.Facts`: which rows, for one filter and `as_of`, from one state of the file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from itertools import chain, groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from cstui.base.ask import NO_VALUE, View
from cstui.base.days import Period
from cstui.base.records import Kind
from cstui.metrics.facts import (
    CostRow,
    LeadRow,
    ManyTerms,
    PaidDay,
    PaymentRow,
    TrafficRow,
)
from cstui.metrics.movements import Tally
from cstui.metrics.purchases import REPEAT_PURCHASE, mode_of
from cstui.metrics.rates import RateRow, Rates
from cstui.metrics.service import Known, SubscriptionRow
from cstui.metrics.steps import Steps, level_on, spans_of
from cstui.metrics.switches import SWITCHES, definitions
from cstui.metrics.terms import Term, Trial, first_begin, firsts, paid_on, terms_of
from cstui.store import columns, coverage_days, divided, payment_rollup
from cstui.store.answer_facts import AnswerFacts
from cstui.store.buying import BuyingFacts
from cstui.store.chosen import CUSTOMER
from cstui.store.packed import levels_of, unpack, unpack_each
from cstui.store.reports import names
from cstui.store.rollups import derived, month_tallies
from cstui.store.sql import query
from cstui.store.use_facts import Source, UseFacts

if TYPE_CHECKING:
    from cstui.metrics.columns import StepColumns

_NEVER = 2**40
_WIDE = 400
"""Days from which on a span is taken to hold a term of nearly everybody who has any."""
_IN_ROLLUPS = ("past_due_days", "reactivation_gap_days")
"""Switches that the rollups of MRR have been worked out with."""


class SqlFacts(BuyingFacts, AnswerFacts, UseFacts):
    """Facts of the customers in a view's filter. Lives as long as the reading transaction it was made in."""

    def __init__(self, db: sqlite3.Connection, view: View, switches: Mapping[str, str] | None = None) -> None:
        """`switches` are read as they are given here, instead of as they are set: what if. Nothing is written."""
        held = self.settings = dict(db.execute("SELECT name, value FROM setting"))
        settings = held | {f"switch.{name}": value for name, value in (switches or {}).items()}
        state = db.execute("SELECT revision, as_of, foreign_money FROM state").fetchone()
        super().__init__(db, view, state[1] if state[1] is not None else -1)
        self.revision: int = state[0]
        self.empty: bool = state[1] is None
        self.currency: str = settings.get("currency", "USD")
        self.switches = definitions(settings)
        kept = definitions(held)
        self._kept = self.as_of == self.own and all(getattr(kept, name) == getattr(self.switches, name) for name in _IN_ROLLUPS)
        """The rollups of MRR hold for this question."""
        self.rates = Rates(self.currency, self._rates)
        covered = db.execute("SELECT kind, n, first, last FROM coverage").fetchall()
        self._coverage = {kind: (first, last) for kind, _, first, last in covered}
        self._n = {kind: n for kind, n, _, _ in covered}
        self.mode = mode_of(self.switches.mode, self._n)
        self.paying = "payments" if self.mode == REPEAT_PURCHASE else "subscriptions"
        self._foreign_money = bool(state[2])
        self._levels: tuple[tuple[int, int], list[tuple[int, int, int, int]]] | None = None
        self._terms: tuple[Period, list[Term]] | None = None
        self._known = Known(self.as_of, self.own, self.switches.past_due_days)

    @property
    def in_force(self) -> dict[str, str]:
        """Every switch and its value, always in this order; the mode as what it comes to in this workspace."""
        return {name: self.mode if name == "mode" else self.switches.value(name) for name in SWITCHES}

    def coverage(self, kind: str) -> tuple[int | None, int | None]:
        """First and last covered day of a kind; customers and subscriptions count through `as_of`."""
        first, last = self._coverage.get(kind, (None, None))
        by_hand = kind == "surveys" and self.as_of >= self.own  # an answer entered by hand is known whatever its day
        if first is None or (first > self.as_of and not by_hand):
            return None, None
        if kind in ("customers", "subscriptions"):
            return first, self.as_of
        if self.as_of < self.own:
            last = self._db.execute(query("last_known"), {"kind": kind, "as_of": self.as_of}).fetchone()[0]
        return first, last

    def held(self, kind: Kind) -> int:
        """How many facts of a kind there are, before filters."""
        return int(self._n.get(kind.value, 0))

    @property
    def undated_rows(self) -> int:
        """While nothing has happened on a day: how many facts there are all the same; else 0."""
        return sum(map(self.held, Kind)) if self.empty else 0

    def month_tallies(self, months: Period) -> tuple[Sequence[Tally], Sequence[Tally]] | None:
        """The cached months, while they answer the question: nobody left out, known as of the workspace's own last day."""
        if self._view.where or not self._kept or self.mode == REPEAT_PURCHASE:
            return None
        return month_tallies(self._db, months)

    def steps(self) -> Iterator[tuple[int, Iterable[tuple[int, int]]]]:
        """(customer, steps), of customers whose MRR is all in the workspace's currency; in repeat-purchase mode, of all who bought."""
        if self.mode == REPEAT_PURCHASE:
            return self.buying().steps(self.selected())
        if self._derived is not None:
            only = {self.currency}
            return ((customer, steps[self.currency]) for customer, steps in self._derived.items() if steps.keys() == only)
        rows = self._step_rows()
        foreign = self.foreign_steps()
        return unpack_each(row for row in rows if row[0] not in foreign) if foreign else unpack_each(rows)

    @cached_property
    def step_columns(self) -> StepColumns | None:
        """What `steps` gives as columns, where there are so many that it pays and the rollup holds them."""
        if self._derived is not None or self.mode == REPEAT_PURCHASE or self._n.get("subscriptions", 0) < columns.MANY:
            return None
        field, bound = self._chosen_steps()
        source = query(field)
        if self._foreign_money:
            source = f"SELECT * FROM ({source}) WHERE customer_id NOT IN (SELECT customer_id FROM mrr_steps WHERE currency <> :currency)"
        return columns.steps(self._db, source, bound | {"currency": self.currency})

    def levels(self, before: int, after: int) -> Iterable[tuple[int, int, int, int]]:
        """(customer, level on `before`, level on `after`, first paid day) of those in `steps` who pay on either or first paid between."""
        if self._levels is None or self._levels[0] != (before, after):
            self._levels = (before, after), list(self._read_levels(before, after))
        return self._levels[1]

    def _read_levels(self, before: int, after: int) -> Iterator[tuple[int, int, int, int]]:
        if self._derived is None and self.mode != REPEAT_PURCHASE:
            foreign = self.foreign_steps()
            rows = self._step_rows()
            yield from levels_of((row for row in rows if row[0] not in foreign) if foreign else rows, before, after)
            return
        for customer, steps in self.steps():
            own = list(steps)
            was, now, first = level_on(own, before), level_on(own, after), own[0][0]
            if was or now or before < first <= after:
                yield customer, was, now, first

    def _step_rows(self) -> sqlite3.Cursor:
        """The rollup's rows of the filter."""
        name, bound = self._chosen_steps()
        return self._db.execute(query(name), bound)

    def _chosen_steps(self) -> tuple[str, dict[str, object]]:
        """The query of the filter's rows, and what it is given; one field needs no list of its customers."""
        field, values = self._view.where[0] if len(self._view.where) == 1 else (CUSTOMER, ())
        if field != CUSTOMER and NO_VALUE not in values and "ids" not in self.__dict__:
            return "steps_chosen", {"field": field, "values": json.dumps(self._spelt(field, values))}
        return "steps", {"ids": self.ids}

    def foreign_steps(self) -> Mapping[int, Mapping[str, Steps]]:
        """Customers with MRR in another currency: their steps by currency."""
        return {} if self.mode == REPEAT_PURCHASE else self._foreign

    @cached_property
    def _foreign(self) -> Mapping[int, Mapping[str, Steps]]:
        if self._derived is not None:
            return {customer: steps for customer, steps in self._derived.items() if steps.keys() != {self.currency}}
        if not self._foreign_money:
            return {}
        rows = self._step_rows().fetchall()
        strangers = {customer for customer, currency, _ in rows if currency != self.currency}
        found: dict[int, dict[str, Steps]] = {}
        for customer, currency, steps in rows:
            if customer in strangers:
                found.setdefault(customer, {})[currency] = list(unpack(steps))
        return found

    @cached_property
    def _derived(self) -> Mapping[int, Mapping[str, Steps]] | None:
        """Steps worked out for an `as_of` or for switches of the user's own; None where the rollup holds them."""
        if self._kept:
            return None
        rows = self._db.execute(query("subscription_rows"), {"ids": self.ids})
        return dict(derived(rows, self._known, self.switches.reactivation_gap_days))

    def subscriptions(self, customers: Sequence[int] | None) -> Iterable[SubscriptionRow]:
        """Subscription rows of `customers`, or of everybody in the filter, each customer's together."""
        if customers is None:
            return map(SubscriptionRow._make, self._db.execute(query("subscription_rows"), {"ids": self.ids}))
        return map(SubscriptionRow._make, self._db.execute(query("subscription_rows_of"), {"ids": json.dumps(list(customers))}))

    def trials(self) -> Iterator[Trial]:
        """Trials of the customers in the filter."""
        if self.as_of == self.own:
            rows = self._db.execute(
                "SELECT row, customer_id, began, ends, paid_on FROM trial "
                "WHERE :ids IS NULL OR customer_id IN (SELECT value FROM json_each(:ids))",
                {"ids": self.ids},
            )
            yield from map(Trial._make, rows)
            return
        found = firsts(self._db.execute(query("trial_rows"), {"ids": self.ids, "as_of": self.as_of}))
        steps = self.steps_of({customer for customer, _ in found})
        for (customer, ends), (began, row) in found.items():
            yield Trial(row, customer, began, ends, paid_on(steps.get(customer, {}), ends))

    def steps_of(self, customers: Collection[int]) -> Mapping[int, Mapping[str, Steps]]:
        """The steps of some customers, by currency."""
        if self._derived is not None:
            return self._derived
        held: dict[int, dict[str, Steps]] = {}
        for customer, currency, steps in self._db.execute(query("steps"), {"ids": json.dumps(sorted(customers))}):
            held.setdefault(customer, {})[currency] = list(unpack(steps))
        return held

    def terms(self, span: Period) -> Iterator[Term]:
        """Terms of the customers in the filter that are due in a span; kept, as whoever explains them asks again."""
        if self._terms is None or span.start < self._terms[0].start or span.end > self._terms[0].end:
            self._terms = span, list(self._read_terms(span))
        held, terms = self._terms
        return iter(terms) if held == span else (term for term in terms if term.due in span)

    def _read_terms(self, span: Period) -> Iterator[Term]:
        every = self.switches.renewal_terms == "all"
        bounds = {"ids": self.ids, "every": every, "as_of": self.as_of}
        if span.end - span.start > _WIDE:
            near = self._db.execute(f"SELECT json_group_array(customer_id) FROM ({query('term_lengths')})", bounds).fetchone()[0]
        else:
            near = json.dumps(sorted(set(self._with_terms_in(span, bounds))))
        yield from self._terms_of(near, span)

    def many_terms(self, span: Period) -> ManyTerms | None:
        """What `terms` says of a long span, as columns; None where only the rows one by one can answer, or where they are few."""
        if self.as_of != self.own or span.end - span.start <= _WIDE or self._n.get("subscriptions", 0) < columns.MANY:
            return None
        from cstui.store import term_columns  # with numpy, which fewer rows do without

        every = self.switches.renewal_terms == "all"
        found = term_columns.read(self._db, self._known, span, {"ids": self.ids, "every": every, "as_of": self.as_of})
        return ManyTerms(found.terms, found.codes, list(self._terms_of(json.dumps(found.several), span)))

    def _terms_of(self, customers: str, span: Period) -> Iterator[Term]:
        """The terms of some customers (a JSON array) that are due in a span."""
        every = self.switches.renewal_terms == "all"
        rows = map(SubscriptionRow._make, self._db.execute(query("subscription_rows_of"), {"ids": customers}))
        for _, own in groupby(rows, key=itemgetter(1)):  # by customer
            yield from terms_of(spans_of(own, self._known), self._known, every=every, window=span)

    def _with_terms_in(self, span: Period, bounds: Mapping[str, object]) -> Iterator[int]:
        """Those who may have one that is due in a span."""
        near = self._db.execute(query("term_lengths_near"), {**bounds, "start": span.start, "end": span.end})
        for customer, pay, interval, count, ends, ended in near:
            begins = first_begin(pay, interval, count, span)
            runs = begins is not None and (ended is None or begins < ended or self.as_of != self.own)
            if runs or (ends is not None and ends in span):
                yield customer

    def cancelled(self) -> Iterable[SubscriptionRow]:
        """Rows in the filter that may be scheduled churn."""
        rows = self._db.execute(query("cancelled_rows"), {"ids": self.ids, "as_of": self.as_of})
        return map(SubscriptionRow._make, rows)

    def paid_days(self, span: Period) -> Iterable[PaidDay]:
        """Paid payments by day and group, from the rollup; of one customer or a few from their payments."""
        bounds: dict[str, object] = {"start": span.start, "end": min(span.end, self.as_of + 1)}
        if not self._view.where and not self.grouped:
            return map(PaidDay._make, self._db.execute(query("paid_days"), bounds))
        if self.of_some and not self.grouped:
            return map(PaidDay._make, self._db.execute(query("paid_days_some"), bounds | {"ids": self.ids}))
        rows = payment_rollup.each(self._db, bounds)
        if self._n.get("payments", 0) < columns.MANY:
            return divided.paid(rows, self.group_or_out)
        return columns.paid(rows, self.grouping, self.chosen_flags)

    def paid_by(self, groups: Mapping[int, str], span: Period) -> Iterable[PaidDay]:
        """Paid payments by day and by the customers' groups, from the rollup."""
        rows = payment_rollup.each(self._db, self._bounds(span))
        return divided.paid(rows, lambda customer: groups.get(customer, divided.OUT))

    def payments(self, span: Period) -> Iterable[PaymentRow]:
        """Paid payments in a span that had happened by `as_of`."""
        bounds = {"start": span.start, "end": min(span.end, self.as_of + 1), "ids": self.ids}
        return map(PaymentRow._make, self._db.execute(query("payment_rows"), bounds))

    def payments_of(self, customers: Collection[int], span: Period) -> Iterator[PaymentRow]:
        """Paid payments of some customers in a span."""
        bounds = {"start": span.start, "end": min(span.end, self.as_of + 1), "ids": json.dumps(sorted(customers))}
        return map(PaymentRow._make, self._db.execute(query("payments_of"), bounds))

    def largest_payments(self, span: Period, most: int) -> Iterator[PaymentRow]:
        """Of `payments` those among which the largest are."""
        bounds = {"start": span.start, "end": min(span.end, self.as_of + 1), "ids": self.ids, "currency": self.currency, "most": most}
        rows = list(payment_rollup.each(self._db, bounds)) if self._n.get("payments", 0) >= columns.MANY else None
        least = 0 if rows is None else columns.least_of_largest((row for row in rows if row[1] == self.currency), self.chosen_flags, most)
        yield from map(PaymentRow._make, self._db.execute(query("payments_largest"), bounds | {"least": least}))
        if rows is None or any(row[1] != self.currency for row in rows):
            yield from map(PaymentRow._make, self._db.execute(query("payments_elsewhere"), bounds))

    def leads(self, span: Period, eve: int) -> Iterator[LeadRow]:
        """Records created in a span, and those created before its end that had not paid by a day, as known."""
        bounds = {"start": span.start, "end": span.end, "eve": eve, "ids": self.ids, "as_of": self.as_of}
        if self._derived is None and self.mode != REPEAT_PURCHASE:
            yield from map(LeadRow._make, self._db.execute(query("lead_rows"), bounds))
            return
        paid = self.first_paid()
        for customer, created, lost, stage in self._db.execute(query("lead_records"), bounds):
            found = LeadRow(customer, created, lost, stage, paid.get(customer))
            if found.created_at >= span.start or found.first_paid is None or found.first_paid > eve:
                yield found

    def undated(self) -> Sequence[int]:
        """The customers in the filter without a day of creation."""
        return [customer for (customer,) in self._db.execute(query("undated_customers"), {"ids": self.ids})]

    def first_paid(self, span: Period | None = None) -> Mapping[int, int]:
        """Customer → first paid day ever, up to `as_of`; of those alone for whom it is in a span, where one is given."""
        if span is None:
            return self._first_paid
        if self._derived is None and self.mode != REPEAT_PURCHASE:
            return self._first_in(span.start, span.end)
        return {customer: day for customer, day in self._first_paid.items() if day in span}

    def _first_in(self, start: int | None, end: int | None) -> dict[int, int]:
        return dict(self._db.execute(query("first_paid"), {"ids": self.ids, "start": start, "end": end}))

    @cached_property
    def _first_paid(self) -> Mapping[int, int]:
        """Everybody's, kept: whoever explains a count of them asks again."""
        if self._derived is None and self.mode != REPEAT_PURCHASE:
            return self._first_in(None, None)
        found: dict[int, int] = {}
        everybody = ((customer, steps) for customer, by_currency in self.foreign_steps().items() for steps in by_currency.values())
        for customer, steps in chain(self.steps(), everybody):
            day, _ = next(iter(steps))  # MRR begins at 0, so the first step is a first paid day
            if day <= self.as_of:
                found[customer] = min(day, found.get(customer, day))
        return found

    def values_of(self, field: str, customers: Collection[int]) -> Mapping[int, str]:
        """Customer → their value of a field, of those of some customers who have one."""
        if field == "plan" and self.as_of != self.own:
            return {customer: value for customer, value in self.values(field) if customer in customers}
        if len(customers) > columns.MANY:  # then all of them are as soon read
            of = self.all_values(field)
            return {customer: of[customer] for customer in customers if customer in of}
        return dict(self._db.execute(query("attribute_values_of"), {"field": field, "ids": json.dumps(sorted(customers))}))

    def costs(self, span: Period) -> Iterable[CostRow]:
        """Costs in a span, of the channels in the filter."""
        rows = map(CostRow._make, self._db.execute(query("cost_rows"), self._bounds(span)))
        return (row for row in rows if self.in_channels(row.channel))

    def cost_days(self) -> Sequence[int]:
        """Every day with a cost, ascending, before filters."""
        return [day for (day,) in self._db.execute(query("cost_days"), {"as_of": self.as_of})]

    def traffic(self, span: Period) -> Iterable[TrafficRow]:
        """Traffic in a span, of the channels in the filter."""
        rows = map(TrafficRow._make, self._db.execute(query("traffic_rows"), self._bounds(span)))
        return (row for row in rows if self.in_channels(row.channel))

    def days_with(self, kind: Kind) -> Iterator[tuple[int, int]]:
        """(day, rows) of a kind, ascending, before filters."""
        return coverage_days.days(self._db, kind)

    def rows_with(self, kind: Kind, span: Period | None) -> Iterator[coverage_days.CoveredRow]:
        """The rows of a kind but use that `days_with` counts in a span (None: those without a day), by day."""
        return coverage_days.rows(self._db, kind, span)

    def named(self, customers: Iterable[int]) -> dict[int, tuple[str, str | None]]:
        """Customer → (id, name)."""
        return names(self._db, customers)

    def any_on(self, kind: Kind, span: Period) -> bool:
        """Whether a kind has a row in a span, before filters."""
        return coverage_days.any_in(self._db, kind, span.start, span.end)

    def _bounds(self, span: Period) -> dict[str, int]:
        return {"start": span.start, "end": min(span.end, self.as_of + 1)}

    def _rates(self, code: str) -> Iterator[RateRow]:
        last = self.as_of if self.as_of < self.own else _NEVER
        rows = self._db.execute(query("rates"), {"code": code, "currency": self.currency, "last": last})
        return (RateRow(day, bool(inverse), Fraction(rate)) for day, inverse, rate in rows)

    def sources(self, kind: str, ids: Iterable[int]) -> dict[int, Source]:
        """Row id → where it came from, of rows of a kind."""
        rows = self._db.execute(query("sources"), {"kind": kind, "ids": json.dumps(sorted(set(ids)))})
        return {row[0]: tuple(row[1:]) for row in rows}
