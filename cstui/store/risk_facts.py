"""The rows that the signals of risk are made from, for all customers or for a few. Says which rows, never what they mean.

One `RiskFacts` is one state of the file, seen as of one day; it lives as long as the reading transaction it was made in.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator, Sequence
from fractions import Fraction
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from cstui.base.ask import View
from cstui.base.days import iso, month_of, month_start
from cstui.base.formatting import count
from cstui.base.money import SCALE, exponent
from cstui.base.text import fold_key
from cstui.metrics.purchases import REPEAT_PURCHASE
from cstui.metrics.service import Known, SubscriptionRow
from cstui.store.facts import SqlFacts
from cstui.store.packed import flat
from cstui.store.rollups import derived
from cstui.store.sql import query

AnswerRow = tuple[int, int, str, int, str, str, str | None, str | None]
"""(customer, id, kind, day, score, scale, direction, respondent)."""
YEAR, MONTH = 365, 30
Contacts = dict[int, tuple[int, int, int | None]]
"""Customer → (day, row) of the latest contact, and the day of the latest that went out."""


class Paying(NamedTuple):
    """What a customer pays on the day. Levels are minor units × SCALE."""

    level: Fraction | int
    """In the workspace's currency, other currencies at the day's rate."""
    elsewhere: bool
    """Some of the MRR is in a currency without a rate for the day; `level` leaves it out."""
    mixed: bool
    """The MRR is in several currencies."""
    since: int
    """The first day of the paid service that goes on."""
    top: Fraction | int
    """The highest level in the days looked back on, at the day's rate; `level` where `mixed`."""
    fell: int
    """The day on which `top` ended; the latest change of MRR where nothing fell."""


class Person(NamedTuple):
    """Who a customer is, in the list."""

    id: int
    customer_id: str
    name: str | None
    owner: str | None
    segment: str | None


class Source(NamedTuple):
    """A row that evidence rests on, and where it came from."""

    kind: str
    id: str
    day: int | None
    note: str | None
    file: str | None
    line: int | None
    entered: int | None


class RiskFacts:
    """Facts as of the view's day. `ids` are internal customer ids; None is everybody."""

    def __init__(self, db: sqlite3.Connection, view: View) -> None:
        self._db = db
        self.facts = SqlFacts(db, View(where=view.where, as_of=view.as_of))
        self.day = self.facts.as_of
        self.own = self.day >= self.facts.own
        """The day is the workspace's own: what carries no date of its own counts too."""
        self.known = Known(self.day, self.facts.own, self.facts.switches.past_due_days)

    @property
    def company(self) -> str | None:
        """The company's name, where it was given."""
        row = self._db.execute("SELECT value FROM setting WHERE name = 'company'").fetchone()
        return None if row is None else str(row[0])

    def covered(self, kind: str) -> tuple[int, int] | None:
        """First and last day, up to the day asked about, that facts of a kind are known for; None where there are none."""
        first, last = self.facts.coverage(kind)
        return None if first is None or last is None else (first, min(last, self.day))

    def paying(self, ids: Collection[int] | None, back: int) -> dict[int, Paying]:
        """Customers with MRR on the day, looking `back` days back; in repeat-purchase mode, those who have not lapsed."""
        if self.facts.mode == REPEAT_PURCHASE:
            return self._buying(ids)
        found: dict[int, Paying] = {}
        currency, day, after = self.facts.currency, self.day, self.day - back
        for customer, code, pairs in self._steps(_json(ids)):
            last = len(pairs) - 2
            while last >= 0 and pairs[last] > day:
                last -= 2
            if last < 0 or not (level := pairs[last + 1]):
                continue
            fell = since = pairs[last]
            top, at = level, last - 2
            while at >= 0 and pairs[at + 1]:  # back through the paid service that goes on
                if since > after and pairs[at + 1] > top:
                    top, fell = pairs[at + 1], since
                since = pairs[at]
                at -= 2
            held = found.get(customer)
            if held is None and code == currency:
                found[customer] = Paying(level, False, False, since, top, fell)
                continue
            worth = self.worth(level, code)
            if held is not None:
                own = held.level + (worth or 0)
                found[customer] = Paying(own, held.elsewhere or worth is None, True, min(since, held.since), own, fell)
            elif worth is None:
                found[customer] = Paying(0, True, False, since, 0, fell)
            else:
                found[customer] = Paying(worth, False, False, since, Fraction(worth) * top / level, fell)
        return found

    def _buying(self, ids: Collection[int] | None) -> dict[int, Paying]:
        """Customers who have not lapsed, at what they paid a month, net, in the last year or since they first bought."""
        buying = self.facts.buying()
        first_day = buying.through - YEAR + 1
        bound = {"start": first_day, "end": buying.through + 1, "ids": _json(ids)}
        sums: dict[int, dict[str, int]] = {}
        for customer, code, amount in self._db.execute(query("risk_revenue"), bound):
            sums.setdefault(customer, {})[code] = amount
        found: dict[int, Paying] = {}
        for customer, steps in buying.steps(ids):
            since, there = steps[-1]
            if there:
                days = min(YEAR, max(MONTH, buying.through - steps[0][0] + 1))
                worths = {code: self.worth(amount * SCALE, code) for code, amount in sums.get(customer, {}).items()}
                whole = sum((worth for worth in worths.values() if worth is not None), Fraction(0))
                level = Fraction(whole) * YEAR / (12 * days)
                found[customer] = Paying(level, None in worths.values(), len(worths) > 1, since, level, since)
        return found

    def worth(self, level: int, code: str) -> Fraction | int | None:
        """A level of another currency in the workspace's, at the rate of the day; None where no imported rate says so."""
        own = self.facts.currency
        if code == own:
            return level
        rate = self.facts.rates.on(code, self.day)
        return None if rate is None else rate * level * 10 ** exponent(own) / 10 ** exponent(code)

    def _steps(self, ids: str | None) -> Iterator[tuple[int, str, Sequence[int]]]:
        """(customer, currency, steps as day, level, day, level, …)."""
        gap_days = self.facts.switches.reactivation_gap_days
        if self.day < self.facts.own and gap_days > 1:
            again: set[int] | None = None  # a gap that is bridged by now may have been open then
        else:
            # Up to an earlier day, what is known now says what was known then, but of who is past due: when that began is not said.
            again = set() if self.day == self.facts.own else {one for (one,) in self._db.execute(query("past_due"))}
            for customer, code, packed in self._db.execute(query("steps"), {"ids": ids}):
                if customer not in again:
                    yield customer, code, flat(packed)
        if again is None or again:
            some = ids if again is None else _json(again if ids is None else again & set(json.loads(ids)))
            rows = self._db.execute(query("subscription_rows" if some is None else "subscription_rows_of"), {"ids": some})
            for customer, by_currency in derived(rows, self.known, gap_days):
                for code, steps in by_currency.items():
                    yield customer, code, [value for step in steps for value in step]

    def usage(self, ids: Collection[int] | None, first: int, through: int) -> dict[int, int]:
        """Customer → a bit for each day from `first` on that somebody there was active, up to `through`."""
        wanted, sql = _json(ids), query("risk_usage_all" if ids is None else "risk_usage_some")
        found: dict[int, int] = {}
        get = found.get
        for month in range(month_of(first), month_of(through) + 1):
            start = month_start(month)
            seen = (1 << through + 1 - start) - 1
            rows = self._db.execute(sql, {"month": month} if ids is None else {"month": month, "ids": wanted})
            if (by := start - first) >= 0:
                for customer, days in rows:
                    found[customer] = get(customer, 0) | (days & seen) << by
            else:
                for customer, days in rows:
                    found[customer] = get(customer, 0) | (days & seen) >> -by
        return found

    def answers(self, ids: Collection[int] | None, after: int) -> Iterator[tuple[int, list[AnswerRow]]]:
        """(customer, their answers after a day, ascending), each (customer, id, kind, day, score, scale, direction, respondent)."""
        bound: dict[str, object] = {"from": after, "as_of": self.day, "own": self.own}
        if ids is None:
            found = self._db.execute(query("risk_answers_all"), bound)
        else:
            found = self._db.execute(query("risk_answers_some"), bound | {"ids": _json(ids)})
        for customer, rows in groupby(found, key=itemgetter(0)):
            yield customer, list(rows)

    def asked(self, kind: str) -> bool:
        """Whether the workspace has any answer of that kind by the day."""
        sql = "SELECT EXISTS (SELECT 1 FROM survey WHERE kind = ? AND (answered_at <= ? OR (? AND file_id IS NULL)))"
        return bool(self._db.execute(sql, (kind, self.day, self.own)).fetchone()[0])

    def contacts(self, ids: Collection[int] | None) -> Contacts:
        """Customer → (day, row) of the latest contact, and the day of the latest that went out."""
        bound: dict[str, object] = {"as_of": self.day, "own": self.own}
        if ids is None:
            rows = self._db.execute(query("risk_contacts_all"), bound)
        else:
            rows = self._db.execute(query("risk_contacts_some"), bound | {"ids": _json(ids)})
        return {customer: (day, row, sent) for customer, day, row, sent in rows}

    def tickets(self, ids: Collection[int] | None, after: int, recent: int) -> Iterator[tuple[int, list[tuple[int, ...]]]]:
        """(customer, contacts after a day), each (id, day, came in, open, reopens).

        Of everybody, only those with a ticket open or reopened or with three contacts after `recent`.
        """
        if ids is None:
            bound: dict[str, object] = {"as_of": self.day, "own": self.own, "recent": recent}
            ids = [row[0] for row in self._db.execute(query("risk_troubled"), bound)]
        bound = {"ids": _json(ids), "from": after, "as_of": self.day, "own": self.own}
        for customer, rows in groupby(self._db.execute(query("risk_tickets"), bound), key=itemgetter(0)):
            yield customer, [row[1:] for row in rows]

    def reopens_recorded(self) -> bool:
        """Whether any contact says how often it was reopened, be it never."""
        return bool(self._db.execute("SELECT EXISTS (SELECT 1 FROM interaction WHERE reopens IS NOT NULL)").fetchone()[0])

    def solved_undated(self, ids: Collection[int] | None) -> Iterator[int]:
        """Customers with a ticket that was solved nobody knows when."""
        return (row[0] for row in self._db.execute(query("risk_solved_undated"), {"ids": _json(ids), "as_of": self.day}))

    def unpaid(self, ids: Collection[int] | None, after: int, through: int) -> Iterator[tuple[int, list[tuple[int, ...]]]]:
        """(customer, payments due and not paid by `through`), each (id, due, failed)."""
        bound: dict[str, object] = {"from": after, "through": through}
        if ids is None:
            found = self._db.execute(query("risk_unpaid_all"), bound)
        else:
            found = self._db.execute(query("risk_unpaid_some"), bound | {"ids": _json(ids)})
        for customer, rows in groupby(found, key=itemgetter(0)):
            yield customer, [row[1:] for row in rows]

    def terms(self, ids: Collection[int] | None) -> Iterator[SubscriptionRow]:
        """Rows in force that bill for a quarter or longer."""
        if ids is None:
            rows = self._db.execute(query("risk_terms_all"), {"as_of": self.day})
        else:
            rows = self._db.execute(query("risk_terms_some"), {"as_of": self.day, "ids": _json(ids)})
        return map(SubscriptionRow._make, rows)

    def cancelled(self, ids: Collection[int] | None) -> Iterator[SubscriptionRow]:
        """Rows that may be scheduled churn."""
        return map(SubscriptionRow._make, self._db.execute(query("cancelled_rows"), {"ids": _json(ids), "as_of": self.day}))

    def past_due(self, ids: Collection[int] | None) -> Iterator[SubscriptionRow]:
        """Rows whose status is past due; whether that was known on the day is the caller's to ask."""
        bound: dict[str, object] = {"as_of": self.day}
        if ids is None:
            rows = self._db.execute(query("risk_past_due_all"), bound)
        else:
            rows = self._db.execute(query("risk_past_due_some"), bound | {"ids": _json(ids)})
        return map(SubscriptionRow._make, rows)

    # One customer, or the few in sight

    def people(self, ids: Collection[int]) -> dict[int, Person]:
        """Who they are."""
        return {row[0]: Person._make(row) for row in self._db.execute(query("risk_people"), {"ids": _json(ids)})}

    def names(self) -> dict[int, str]:
        """Internal id → customer id, of everybody."""
        return dict(self._db.execute(query("risk_ids")))

    def internal(self, customer_id: str) -> int | None:
        """The internal id of the customer whose id folds to the same key."""
        row = self._db.execute("SELECT id FROM customer WHERE fold = ?", (fold_key(customer_id),)).fetchone()
        return None if row is None else int(row[0])

    def changes(self, customer: int, after: int) -> list[int]:
        """Subscription rows behind a change of MRR after a day."""
        bound = {"id": customer, "from": after, "as_of": self.day}
        return [row[0] for row in self._db.execute(query("risk_changes"), bound)]

    def sources(self, kind: str, ids: Collection[int]) -> dict[int, Source]:
        """Row id → where it came from."""
        rows = self._db.execute(query("risk_sources"), {"kind": kind, "ids": _json(ids)})
        return {row[0]: Source(kind, *row[1:]) for row in rows}

    def usage_rows(self, customer: int, first: int, through: int, most: int) -> list[Source]:
        """A customer's rows of use in a span of days, the latest first, `most` of them."""
        months = json.dumps(list(range(month_of(first), month_of(through) + 1)))
        found: list[Source] = []
        rows = self._db.execute(query("risk_usage_rows"), {"months": months, "id": customer})
        for month, dom, user, sessions, events, file, line in rows:
            day = month_start(month) + dom - 1
            if first <= day <= through:
                said = (count(value, what) for value, what in ((sessions, "session"), (events, "event")) if value is not None)
                note = ", ".join(filter(None, (user, *said)))
                found.append(Source("usage", iso(day), day, note or None, file, line, None))
                if len(found) == most:
                    break
        return found


def imports(db: sqlite3.Connection) -> int:
    """The number of the latest import; 0 before the first."""
    return int(db.execute("SELECT ifnull(max(id), 0) FROM import").fetchone()[0])


def _json(ids: Collection[int] | None) -> str | None:
    return None if ids is None else json.dumps(sorted(ids))
