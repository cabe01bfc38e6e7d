"""What is odd about staged rows that come in all the same: how many of each kind, and the first lines.

Reads the staging file and, for what is known already, the workspace. An oddity never keeps a row out.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cstui.base.records import RECORDS, Kind
from cstui.base.synonyms import REFUND_SUFFIX
from cstui.store import usage_staging
from cstui.store.tables import TABLES

FIRST_LINES = 10


@dataclass(frozen=True, slots=True)
class Odd:
    """Something odd about rows of one file."""

    code: str
    count: int
    message: str
    lines: tuple[int, ...]


def _future(kind: Kind) -> str:
    dates = [f.name for f in RECORDS[kind].fields if f.event and not (kind is Kind.SUBSCRIPTIONS and f.name == "ended_at")]
    # A cleared cell is a blob, and sorts after every number: an upper bound keeps it out.
    return " OR ".join(f"s.{name} BETWEEN :day + 1 AND 1000000" for name in dates)


_CREATED = "(SELECT o.created_at FROM customer AS o WHERE o.id = m.id)"
_STAGED_CREATED = "(SELECT k.created_at FROM s_customer AS k WHERE k.ref = s.ref)"

_UNDATED = " AND ".join(f"typeof(s.{name}) <> 'integer'" for name in ("ended_at", "cancel_requested_at", "status_since"))

_CHECKS: Mapping[Kind, tuple[tuple[str, str, str], ...]] = {
    Kind.CUSTOMERS: (
        ("future-date", "dated after the day of this import", _future(Kind.CUSTOMERS)),
        ("no-created-at", "customers without created_at: they count as nobody's new lead", "s.created_at IS NULL AND m.id IS NULL"),
    ),
    Kind.SUBSCRIPTIONS: (
        ("starts-before-customer", "subscriptions that start before their customer's created_at",
         f"s.started_at < ifnull(nullif({_STAGED_CREATED}, X''), {_CREATED})"),
        ("trial-lost", "ended at or before the trial's end: a trial lost, without MRR",
         "s.ended_at <= s.trial_end AND s.ended_at < X''"),
        ("zero-amount", "an amount of 0 outside a trial: in service, without MRR",
         "s.amount = 0 AND typeof(s.trial_end) <> 'integer' AND s.status IS NOT 'trial'"),
        ("negative-amount", "a negative amount: no MRR is less than 0", "s.amount < 0"),
        ("cancelled-undated", "cancelled, and no date says when: taken to end on the last day of the data",
         f"s.status = 'cancelled' AND {_UNDATED}"),
        ("trial-reversed", "a trial that ends before it starts", "s.trial_end < s.trial_start AND s.trial_end < X''"),
        ("future-date", "dated after the day of this import", _future(Kind.SUBSCRIPTIONS)),
    ),
    Kind.PAYMENTS: (
        ("zero-amount", "payments of 0", "s.amount = 0"),
        ("negative-amount", "payments below 0 that are not refunds: they lessen revenue", "s.amount < 0 AND s.kind IS NOT 'refund'"),
        ("refund-assumed", "payments that are said to be refunded: each is kept, and a refund of as much on its day beside it",
         f"s.kind = 'refund' AND s.payment_id LIKE '%{REFUND_SUFFIX}'"),
        ("future-date", "dated after the day of this import", _future(Kind.PAYMENTS)),
    ),
    Kind.INTERACTIONS: (
        ("solved-undated", "solved, and no date says when",
         "s.status = 'solved' AND typeof(s.resolved_at) <> 'integer' AND o.resolved_at IS NULL"),
        ("future-date", "dated after the day of this import", _future(Kind.INTERACTIONS)),
    ),
    Kind.SURVEYS: (
        ("scale-assumed", "NPS answers that name no scale, taken as 0-10", "s.scale IS NULL AND o.id IS NULL"),
        ("direction-assumed", "CES answers that don't say which end is easy: taken as the high one",
         "s.kind = 'ces' AND s.direction IS NULL AND o.id IS NULL"),
        ("future-date", "dated after the day of this import", _future(Kind.SURVEYS)),
    ),
    Kind.TRAFFIC: (
        ("more-than-visits", "more conversions than visits", "s.conversions > s.visits AND typeof(s.conversions) = 'integer'"),
        ("future-date", "dated after the day of this import", _future(Kind.TRAFFIC)),
    ),
    Kind.COSTS: (
        ("zero-amount", "costs of 0", "s.amount = 0"),
        ("negative-amount", "costs below 0: they lessen what was spent", "s.amount < 0"),
        ("future-date", "dated after the day of this import", _future(Kind.COSTS)),
    ),
    Kind.EXCHANGE_RATES: (
        ("future-date", "dated after the day of this import", "s.date > :day"),
    ),
}  # fmt: skip

_COMPARED = frozenset({Kind.INTERACTIONS, Kind.SURVEYS})
"""Kinds of which some checks look at the row `o` that the workspace has."""

_UNTIL = "iif(typeof(ended_at) = 'integer', ended_at, 1000000000)"
_BY_CUSTOMER = f"SELECT ref, subscription_id, started_at, {_UNTIL}, file, line FROM s_subscription ORDER BY ref, started_at, seq"
_BY_COLUMN = f"""
SELECT group_concat(ref), group_concat(started_at), group_concat({_UNTIL}), group_concat(file), group_concat(line),
       group_concat(subscription_id, char(31)) FROM s_subscription WHERE seq > :after AND seq <= :upto
"""
MANY = 20_000
"""Rows from which on it pays to look at them by column."""


def oddities(db: sqlite3.Connection, file: int, kind: Kind, day: int) -> list[Odd]:
    """What is odd about the rows of one file, by single rows."""
    if kind is Kind.USAGE:
        count, first = usage_staging.after(db, file, day)
        return [Odd("future-date", count, "dated after the day of this import", first)] if count else []
    table = TABLES[kind]
    old = f" LEFT JOIN c_{table.name} AS c ON c.seq = s.seq LEFT JOIN {table.name} AS o ON o.id = c.id" if table.kind in _COMPARED else ""
    values = {"file": file, "day": day}
    dated = db.execute(
        "SELECT EXISTS (SELECT 1 FROM s_customer WHERE typeof(created_at) = 'integer') "
        "OR EXISTS (SELECT 1 FROM customer WHERE created_at IS NOT NULL)"
    ).fetchone()[0]
    checks = [check for check in _CHECKS[kind] if dated or check[0] != "starts-before-customer"]
    tests = ", ".join(f"ifnull(sum({test}), 0)" for _, _, test in checks)
    named = " JOIN s_ref AS m ON m.ref = s.ref" if "m.id" in tests else ""
    rows = f"FROM {table.staged} AS s{named}{old} WHERE s.file = :file"
    counts = db.execute(f"SELECT {tests} {rows}", values).fetchone()
    found = []
    for (code, message, test), count in zip(checks, counts, strict=True):
        if count:
            # The day is bound in every query: a check that does not look at it must not fail for that.
            lines = db.execute(f"SELECT s.line {rows} AND ({test}) AND :day IS NOT NULL ORDER BY s.seq LIMIT {FIRST_LINES}", values)
            found.append(Odd(code, count, message, tuple(sorted(line for (line,) in lines))))
    return found


def unknown_customers(db: sqlite3.Connection, file: int) -> Odd | None:
    """Customers that this file is the first to name, and that no customer row describes."""
    rows = "FROM s_ref WHERE file = ? AND id IS NULL AND named AND ref NOT IN (SELECT ref FROM s_customer)"
    count = db.execute(f"SELECT count(*) {rows}", (file,)).fetchone()[0]
    if not count:
        return None
    lines = db.execute(f"SELECT line {rows} ORDER BY line LIMIT {FIRST_LINES}", (file,))
    message = "customers that are only mentioned: kept by their id until a customer list describes them"
    return Odd("unknown-customer", count, message, tuple(line for (line,) in lines))


def overlaps(db: sqlite3.Connection) -> dict[int, Odd]:
    """By file: subscriptions that begin while another of the same customer runs. A later version of one ends the version before it."""
    many = db.execute("SELECT count(*) FROM s_subscription").fetchone()[0] >= MANY
    found: dict[int, list[int]] = {}
    for file, line in _overlapping_many(db) if many else _overlapping(db):
        found.setdefault(file, []).append(line)
    message = "subscriptions that begin while another of their customer still runs: their MRR adds up"
    return {file: Odd("overlapping", len(lines), message, tuple(sorted(lines)[:FIRST_LINES])) for file, lines in found.items()}


def _overlapping(db: sqlite3.Connection) -> Iterator[tuple[int, int]]:
    """(file, line) of those rows."""
    ref, running, latest = None, dict[str, int](), 0
    for customer, subscription, start, end, file, line in db.execute(_BY_CUSTOMER):
        if customer != ref:
            ref, running, latest = customer, {}, 0
        if latest > start and any(until > start for other, until in running.items() if other != subscription):
            yield file, line
        running[subscription] = end
        latest = max(latest, end)


def _overlapping_many(db: sqlite3.Connection) -> Iterator[tuple[int, int]]:
    """As `_overlapping`, for very many rows: each runs up to some row of its customer, the next of its own subscription at the most."""
    import numpy as np

    from cstui.store.vectors import ints, parts, texts  # with numpy, which fewer rows do without

    found, ids = list[list[np.ndarray[tuple[int], np.dtype[np.int64]]]](), list[str]()
    last = db.execute("SELECT max(seq) FROM s_subscription").fetchone()[0]
    for *columns, names in parts(db, _BY_COLUMN, last, {}):
        ids += texts(names)
        found.append([*map(ints, columns)])
    numbers = dict(zip(distinct := dict.fromkeys(ids), range(len(distinct)), strict=True))
    whole = [np.concatenate(column) for column in zip(*found, strict=True)]
    whole.append(np.fromiter(map(numbers.__getitem__, ids), np.int64))
    begins = (whole[0] << 32) + whole[1]
    order = np.argsort(begins, kind="stable")  # keeps the order of rows that begin on one day
    ref, _, end, file, line, subscription = (column[order] for column in whole)
    until = np.searchsorted(begins[order], (ref << 32) + end)
    versions = np.argsort((ref << 32) + subscription, kind="stable")
    again = (ref[versions[1:]] == ref[versions[:-1]]) & (subscription[versions[1:]] == subscription[versions[:-1]])
    version, following = versions[:-1][again], versions[1:][again]
    until[version] = np.minimum(until[version], following)
    odd = np.flatnonzero(np.maximum.accumulate(until)[:-1] > np.arange(1, len(until))) + 1
    return zip(file[odd].tolist(), line[odd].tolist(), strict=True)


def without_rate(db: sqlite3.Connection, file: int, kind: Kind, own: str) -> list[Odd]:
    """Rows in a currency from which no rate of the workspace or of the call leads to the workspace's own, by currency."""
    table = TABLES.get(kind)
    if table is None or "currency" not in table.values:
        return []
    rows = f"FROM {table.staged} AS s WHERE s.file = ?1 AND s.currency = ?2"
    held = db.execute(
        f"SELECT currency, count(*) FROM {table.staged} WHERE file = ?1 AND currency <> ?2 GROUP BY 1 ORDER BY 1", (file, own)
    )
    found = []
    for code, count in held.fetchall():
        if not any(db.execute(_ANY_RATE.format(rates), {"code": code, "own": own}).fetchone()[0] for rates in _RATES):
            lines = tuple(line for (line,) in db.execute(f"SELECT s.line {rows} ORDER BY s.line LIMIT {FIRST_LINES}", (file, code)))
            told = "figures that count them stay unknown until exchange_rates bring one"
            found.append(Odd("no-rate", count, f"rows in {code}, from which no exchange rate leads to {own}: {told}", lines))
    return found


_RATES = ("exchange_rate", TABLES[Kind.EXCHANGE_RATES].staged)
_ANY_RATE = 'SELECT EXISTS (SELECT 1 FROM {} WHERE ("from" = :code AND "to" = :own) OR ("from" = :own AND "to" = :code))'


def without_currency(db: sqlite3.Connection, file: int, kind: Kind) -> Odd | None:
    """New rows that name no currency."""
    table = TABLES.get(kind)
    if table is None or "currency" not in table.values:
        return None
    rows = f"FROM {table.staged} AS s WHERE s.file = ? AND s.currency IS NULL AND s.seq NOT IN (SELECT seq FROM c_{table.name})"
    count = db.execute(f"SELECT count(*) {rows}", (file,)).fetchone()[0]
    if not count:
        return None
    lines = db.execute(f"SELECT s.line {rows} ORDER BY s.line LIMIT {FIRST_LINES}", (file,))
    return Odd("currency-assumed", count, "rows that name no currency, taken as the workspace's:", tuple(line for (line,) in lines))
