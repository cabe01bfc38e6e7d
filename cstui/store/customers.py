"""The rows behind the customer list and one customer's page. Says which rows, never what they mean."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from cstui.base.text import fold_key, fold_search
from cstui.metrics.rates import Rates
from cstui.metrics.service import SubscriptionRow
from cstui.store.packed import unpack
from cstui.store.sql import query


class ListRow(NamedTuple):
    """One customer of the list. Days are day numbers."""

    id: int
    customer_id: str
    name: str | None
    email: str | None
    plan: str | None
    segment: str | None
    owner: str | None
    stage: str | None
    lost_at: int | None
    in_trial: int
    stub: int


class Standing(NamedTuple):
    """What a customer pays on a day."""

    mrr: Fraction | int
    """In the workspace's currency, minor units × SCALE, other currencies at the day's rate."""
    elsewhere: bool
    """Some of the MRR is in a currency without a rate for the day; `mrr` leaves it out."""
    first_paid: int | None


NOTHING = Standing(0, False, None)


class FactsRow(NamedTuple):
    """The customer record as stored, the plan in force, and where the record came from."""

    id: int
    customer_id: str
    name: str | None
    email: str | None
    stage: str | None
    created_at: int | None
    lost_at: int | None
    segment: str | None
    plan: str | None
    region: str | None
    country: str | None
    industry: str | None
    owner: str | None
    channel: str | None
    language: str | None
    contact_preference: str | None
    goal: str | None
    attributes: str | None
    stub: int
    plan_now: str | None
    file: str | None
    line: int | None
    entered: int | None


class SubscriptionDetail(NamedTuple):
    """What a subscription row says beside its MRR."""

    id: int
    plan: str | None
    trial_start: int | None
    file: str | None
    line: int | None
    entered: int | None


class PaymentRow(NamedTuple):
    """One payment; the amount in minor units of its currency."""

    payment_id: str
    amount: int
    currency: str
    kind: str
    status: str
    paid_at: int | None
    due_at: int | None
    source: str | None
    file: str | None
    line: int | None
    entered: int | None


class StepRow(NamedTuple):
    """From `day` on, MRR in `currency` is `level` (minor units × SCALE)."""

    currency: str
    day: int
    level: int


def as_of(db: sqlite3.Connection) -> int | None:
    """The last day an imported event happened; None before the first import."""
    found: int | None = db.execute("SELECT as_of FROM state").fetchone()[0]
    return found


def count(db: sqlite3.Connection) -> int:
    """Customer records, stubs too."""
    return int(db.execute("SELECT count(*) FROM customer").fetchone()[0])


def identities(db: sqlite3.Connection) -> dict[int, tuple[str, str | None, str]]:
    """Customer → (id, name, folded id), of everybody."""
    return {row[0]: tuple(row[1:]) for row in db.execute("SELECT id, customer_id, name, fold FROM customer")}


def matching(db: sqlite3.Connection, text: str) -> frozenset[int]:
    """Customers whose id, name or e-mail contains `text`, folded so that any script, case or keyboard finds it."""
    wanted = fold_search(text)
    names = db.execute(query("customer_names"))
    return frozenset(row[0] for row in names if any(wanted in fold_search(value) for value in row[1:] if value))


def standings(db: sqlite3.Connection, ids: Collection[int] | None, *, day: int | None, rates: Rates) -> dict[int, Standing]:
    """What those in `ids` (None: all) pay on `day`; customers who never paid by then are left out."""
    found: dict[int, Standing] = {}
    if day is None:
        return found
    if day == as_of(db):
        rows = db.execute(query("customer_standings"), {"ids": _json(ids)})
        now = {customer: Standing(mrr, bool(elsewhere), first) for customer, mrr, elsewhere, first in rows}
        return now | _abroad(db, now, day=day, rates=rates)
    for customer, code, packed in db.execute(query("steps"), {"ids": _json(ids)}):
        level, first = 0, None
        for start, following in unpack(packed):
            if start > day:
                break
            level = following
            if first is None and level:
                first = start
        if first is not None:
            held = found.get(customer, NOTHING)
            begun = first if held.first_paid is None else min(first, held.first_paid)
            found[customer] = _with(held, level, code, day, rates)._replace(first_paid=begun)
    return found


def _with(held: Standing, level: int, code: str, day: int, rates: Rates) -> Standing:
    """One currency's MRR more."""
    worth = rates.factor(code, day) if level else 0
    return held._replace(elsewhere=True) if worth is None else held._replace(mrr=held.mrr + level * worth)


def _abroad(db: sqlite3.Connection, now: Mapping[int, Standing], *, day: int, rates: Rates) -> dict[int, Standing]:
    """Those of `now` who pay in another currency, with that at the day's rate: the rollup knows no rates."""
    found = {customer: held._replace(elsewhere=False) for customer, held in now.items() if held.elsewhere}
    for customer, code, packed in db.execute(query("steps"), {"ids": _json(found)}) if found else ():
        if code != rates.currency:
            level = next((level for start, level in reversed(list(unpack(packed))) if start <= day), 0)
            found[customer] = _with(found[customer], level, code, day, rates)
    return found


def page(
    db: sqlite3.Connection, ids: Collection[int] | None, *, day: int | None, rates: Rates, limit: int | None, offset: int
) -> list[tuple[ListRow, Standing]]:
    """A window of the list: those in `ids` (None: all), the highest MRR on `day` first, then by id."""
    standing = standings(db, ids, day=day, rates=rates)

    def rank(row: tuple[int, str]) -> tuple[bool, Fraction | int, str]:
        own = standing.get(row[0], NOTHING)
        return not own.elsewhere, -own.mrr, row[1]

    names = ((row[0], row[1]) for row in db.execute(query("customer_names")) if ids is None or row[0] in ids)
    window = [row[0] for row in sorted(names, key=rank)[offset : None if limit is None else offset + limit]]
    chosen = None if ids is None and limit is None else window
    rows = {row[0]: ListRow._make(row) for row in db.execute(query("customer_list"), {"ids": _json(chosen), "as_of": day})}
    return [(rows[customer], standing.get(customer, NOTHING)) for customer in window]


SORTS: Mapping[str, str] = {
    "mrr": "elsewhere DESC, mrr DESC, sort",
    "newest": "first_paid IS NULL, first_paid DESC, sort",
    "id": "sort",
}
"""Orders of the list that the narrow rollup answers by itself; `name` is worked out over folded names."""


def order(db: sqlite3.Connection, ids: Collection[int] | None, sort: str, *, rates: Rates) -> list[int]:
    """The customers in `ids` (None: all) in the order `sort`: a ranking as numbers only. MRR without a rate stands first."""
    if sort == "name":
        names = ((fold_search(name or raw), raw, number) for number, raw, name, _ in db.execute(query("customer_names")))
        return [number for *_, number in sorted(names) if ids is None or number in ids]
    which = "" if ids is None else "WHERE customer_id IN (SELECT value FROM json_each(:ids))"
    ordered = f"SELECT customer_id FROM customer_now {which} ORDER BY {SORTS[sort]}"
    # One row with all of them comes in half the time of a hundred thousand, and holds up no other thread meanwhile.
    found = db.execute(f"SELECT json_group_array(customer_id) FROM ({ordered})", {} if ids is None else {"ids": _json(ids)})
    ranking: list[int] = json.loads(found.fetchone()[0])
    day = as_of(db)
    if sort != "mrr" or day is None or not db.execute("SELECT EXISTS (SELECT 1 FROM customer_now WHERE elsewhere)").fetchone()[0]:
        return ranking
    standing = standings(db, ids, day=day, rates=rates)
    sorts: dict[int, str] = dict(db.execute("SELECT customer_id, sort FROM customer_now"))

    def rank(number: int) -> tuple[bool, Fraction | int, str]:
        held = standing.get(number, NOTHING)
        return not held.elsewhere, -held.mrr, sorts[number]

    return sorted(ranking, key=rank)


def window(db: sqlite3.Connection, numbers: Sequence[int], *, day: int | None, rates: Rates) -> list[tuple[ListRow, Standing]]:
    """What the list shows of these customers, in their order; one who is gone by now is left out."""
    ids = json.dumps(list(numbers))
    rows = {row[0]: ListRow._make(row) for row in db.execute(query("customer_window"), {"ids": ids, "as_of": day})}
    now = {row[0]: Standing(row[2], bool(row[1]), row[3]) for row in db.execute(query("customer_now"), {"ids": ids})}
    if day is not None:
        now |= _abroad(db, now, day=day, rates=rates)
    return [(rows[number], now.get(number, NOTHING)) for number in numbers if number in rows]


def folded(db: sqlite3.Connection) -> list[tuple[int, str]]:
    """(customer, everything the search looks in, folded): id, name and e-mail, a line each."""
    names = db.execute(query("customer_names"))
    return [(row[0], "\n".join(fold_search(value) for value in row[1:] if value)) for row in names]


def id_of(db: sqlite3.Connection, number: int) -> str | None:
    """The customer's own id."""
    row = db.execute("SELECT customer_id FROM customer WHERE id = ?", (number,)).fetchone()
    return None if row is None else str(row[0])


def _json(ids: Collection[int] | None) -> str | None:
    return None if ids is None else json.dumps(sorted(ids))


def facts(db: sqlite3.Connection, customer_id: str) -> FactsRow | None:
    """The customer whose id folds to the same key, or None."""
    row = db.execute(query("customer_facts"), {"fold": fold_key(customer_id)}).fetchone()
    return None if row is None else FactsRow._make(row)


def subscriptions(db: sqlite3.Connection, customer: int) -> list[tuple[SubscriptionRow, SubscriptionDetail]]:
    """The customer's subscription rows by start."""
    details = {row[0]: SubscriptionDetail._make(row) for row in db.execute(query("customer_subscriptions"), {"id": customer})}
    rows = (SubscriptionRow._make(row) for row in db.execute(query("subscription_rows_of"), {"ids": json.dumps([customer])}))
    return [(row, details[row.id]) for row in rows]


def payments(db: sqlite3.Connection, customer: int) -> list[PaymentRow]:
    """The customer's payments by day."""
    return [PaymentRow._make(row) for row in db.execute(query("customer_payments"), {"id": customer})]


def steps(db: sqlite3.Connection, customer: int) -> list[StepRow]:
    """The customer's MRR steps by currency and day."""
    found = db.execute("SELECT customer_id, currency, steps FROM mrr_steps WHERE customer_id = ?", (customer,))
    return sorted(StepRow(currency, day, level) for _, currency, packed in found for day, level in unpack(packed))
