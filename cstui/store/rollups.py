"""Rollups: what the metrics read instead of the raw facts, brought in step in the transaction that changed the facts.

A writer calls `prepare`, fills the two TEMP tables with what it touched, and calls `refresh`. What MRR *means* comes from
`cstui.metrics`; this module only keeps its results.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from cstui.base.days import Period, month_of, months
from cstui.base.records import Kind
from cstui.metrics.movements import WIDTH, Run, Tally
from cstui.metrics.service import Known, SubscriptionRow
from cstui.metrics.steps import Steps, spans_of, steps_of
from cstui.metrics.switches import Definitions, definitions
from cstui.store import answer_rollup, coverage_days, covered, lifecycle_rollup, payment_rollup, standing, usage_rollups
from cstui.store.inserting import insert
from cstui.store.packed import pack, unpack
from cstui.store.sql import query
from cstui.store.standing import Standing, standing_of

ROLLUPS = (
    "mrr_steps",
    "mrr_month",
    "customer_plan",
    "customer_attr",
    "customer_now",
    "coverage",
    coverage_days.ROLLUP,
    *payment_rollup.ROLLUPS,
    *answer_rollup.ROLLUPS,
    *lifecycle_rollup.ROLLUPS,
    *usage_rollups.ROLLUPS,
)
MANY = 5_000
"""Touched customers from which on they may be worked out all at once."""
_AMOUNTS = frozenset((2, 4, 6, 8, 10))  # indexes of a tally that are money, kept as text: sums may pass 64 bits


def prepare(db: sqlite3.Connection) -> None:
    """Make (or empty) the TEMP tables `touched_customer(id)` and `touched_day(day)`."""
    db.execute("CREATE TEMP TABLE IF NOT EXISTS touched_customer(id INTEGER PRIMARY KEY)")
    db.execute("CREATE TEMP TABLE IF NOT EXISTS touched_day(day INTEGER PRIMARY KEY)")
    db.execute("DELETE FROM temp.touched_customer")
    db.execute("DELETE FROM temp.touched_day")
    usage_rollups.prepare(db)


def widen(db: sqlite3.Connection) -> None:
    """Touch customers that share a subscription id with a touched one. Call it before rows are deleted as well."""
    if _any_untouched(db):
        db.execute(query("touched_siblings"))


def refresh(db: sqlite3.Connection) -> None:
    """Bring every rollup, `as_of` and coverage in step with what was touched, and grow the revision. Inside the writer's transaction."""
    before = db.execute("SELECT as_of FROM state").fetchone()[0]
    usage_rollups.months(db)
    after = _as_of(db)
    usage_rollups.days(db, after)
    switches = _definitions(db)
    widen(db)
    if after is not None and before != after and _any_untouched(db):
        db.execute(
            f"INSERT OR IGNORE INTO temp.touched_customer(id) {query('floating')}",
            {"before": before if before is not None else -1, "after": after, "past_due_days": switches.past_due_days},
        )
    currency, many = _currency(db), _very_many(db)
    if before is not None:
        _take_months(db, currency, before, many=many)
    db.execute("DELETE FROM mrr_steps WHERE customer_id IN (SELECT id FROM temp.touched_customer)")
    db.execute("DELETE FROM customer_plan WHERE customer_id IN (SELECT id FROM temp.touched_customer)")
    lifecycle_rollup.forget(db)
    standings: Sequence[Standing] = []
    if after is not None and many and switches.reactivation_gap_days <= 1:
        standings = _derive_many(db, currency, Known(after, after, switches.past_due_days))
    else:
        if after is not None:
            standings = _derive(db, currency, Known(after, after, switches.past_due_days), switches.reactivation_gap_days)
        db.execute(query("touched_plan"), {"as_of": after})
    _attributes(db, many=many)
    standing.refresh(db, standings, before, after, currency)
    payment_rollup.refresh(db)
    coverage_days.tidy(db)
    answer_rollup.refresh(db, before, after)
    covered.refresh(db, after)
    db.execute(
        "UPDATE state SET revision = revision + 1, as_of = ?, foreign_money = EXISTS (SELECT 1 FROM mrr_steps WHERE currency <> ?)",
        (after, currency),
    )


def refresh_by_hand(db: sqlite3.Connection, kind: Kind) -> None:
    """As `refresh`, after a change by hand of rows of one kind to the touched customers: a person is not kept waiting for the rest.

    Nobody changes a subscription, a payment or use by hand, and nothing that is entered by hand moves `as_of` (metrics.md, rule 2).
    """
    as_of, counted = db.execute("SELECT as_of, EXISTS (SELECT 1 FROM coverage) FROM state").fetchone()
    if not counted:  # the workspace's first facts
        refresh(db)
        return
    db.execute("DELETE FROM customer_plan WHERE customer_id IN (SELECT id FROM temp.touched_customer)")
    db.execute(query("touched_plan"), {"as_of": as_of})
    _attributes(db, many=False)
    standing.list_new(db)
    coverage_days.tidy(db)
    answer_rollup.refresh(db, as_of, as_of)
    covered.refresh(db, as_of, (kind,))
    db.execute("UPDATE state SET revision = revision + 1")


def _any_untouched(db: sqlite3.Connection) -> bool:
    everybody, touched = db.execute("SELECT (SELECT count(*) FROM customer), (SELECT count(*) FROM temp.touched_customer)").fetchone()
    return bool(everybody > touched)


def _very_many(db: sqlite3.Connection) -> bool:
    """Whether so many customers are touched that going through everything once is quicker than looking at each of them."""
    everybody, touched = db.execute("SELECT (SELECT count(*) FROM customer), (SELECT count(*) FROM temp.touched_customer)").fetchone()
    return bool(touched >= MANY and touched * 8 >= everybody)


def _as_of(db: sqlite3.Connection) -> int | None:
    """The last day that an imported event of any kind happened."""
    found = (db.execute(query("as_of")).fetchone()[0], usage_rollups.last_event(db))
    return max((day for day in found if day is not None), default=None)


def rebuild(db: sqlite3.Connection) -> None:
    """Derive every rollup again from the facts, inside the caller's transaction."""
    prepare(db)
    derived = ("mrr_steps", "mrr_month", "customer_plan", "customer_attr", "customer_now")
    for table in (*derived, *payment_rollup.ROLLUPS, *lifecycle_rollup.ROLLUPS):
        db.execute(f"DELETE FROM {table}")  # names from the lines above
    db.execute("INSERT INTO temp.touched_customer(id) SELECT id FROM customer")
    db.execute("INSERT INTO temp.touched_day(day) SELECT DISTINCT paid_at FROM payment WHERE paid_at IS NOT NULL")
    usage_rollups.touch_all(db)
    coverage_days.rebuild(db)
    answer_rollup.rebuild(db)
    db.execute("UPDATE state SET as_of = NULL")
    refresh(db)


def differences(db: sqlite3.Connection) -> tuple[str, ...]:
    """Names of the rollups that are not what the facts give. Works on a copy in memory; changes nothing."""
    copy = sqlite3.connect(":memory:", isolation_level=None)
    try:
        db.backup(copy)
        wrong = []
        held = {table: copy.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in ROLLUPS}
        as_of = copy.execute("SELECT as_of, foreign_money FROM state").fetchone()
        rebuild(copy)
        for table, rows in held.items():
            if sorted(copy.execute(f"SELECT * FROM {table}").fetchall()) != sorted(rows):
                wrong.append(table)
        if copy.execute("SELECT as_of, foreign_money FROM state").fetchone() != as_of:
            wrong.append("state")
        return tuple(wrong)
    finally:
        copy.close()


def derived(rows: Iterable[tuple[object, ...]], known: Known, gap_days: int) -> Iterator[tuple[int, dict[str, Steps]]]:
    """(customer, steps by currency) of subscription rows that arrive customer by customer."""
    current: int | None = None
    held: list[SubscriptionRow] = []
    for values in rows:
        row = SubscriptionRow._make(values)
        if row.customer_id != current:
            if current is not None and (spans := spans_of(held, known)):
                yield current, steps_of(spans, known, gap_days)
            current, held = row.customer_id, []
        held.append(row)
    if current is not None and (spans := spans_of(held, known)):
        yield current, steps_of(spans, known, gap_days)


def _derive(db: sqlite3.Connection, currency: str, known: Known, gap_days: int) -> list[Standing]:
    """Write the touched customers' steps, and add their movements to the months they fall in. Gives how they stand on the last day.

    Customers with foreign money are left out of the months: their movements need a rate, so they are worked out when asked for.
    """
    run = _run_of_months(db, known.as_of)
    standings: list[Standing] = []
    lifecycle = lifecycle_rollup.Collector(db, known.as_of)

    def rows() -> Iterator[tuple[int, str, bytes]]:
        for customer, by_currency in derived(db.execute(query("touched_rows")), known, gap_days):
            lifecycle.steps(customer, by_currency)
            standings.append(standing_of(customer, by_currency, known.as_of, currency))
            for code, steps in sorted(by_currency.items()) if len(by_currency) > 1 else by_currency.items():
                if code == currency and len(by_currency) == 1:
                    run.add(steps)
                yield customer, code, pack(steps)

    db.executemany("INSERT INTO mrr_steps(customer_id, currency, steps) VALUES (?, ?, ?)", rows())
    _add_to_months(db, run.first, run.tallies, 1)
    lifecycle.write()
    return standings


def _derive_many(db: sqlite3.Connection, currency: str, known: Known) -> Sequence[Standing]:
    """As `_derive`, for very many customers at once, none of whose gaps is bridged."""
    from cstui.store import many  # with numpy, which fewer customers do without

    run = _run_of_months(db, known.as_of)
    found = many.derive(db, currency, known, run.periods)
    _add_to_months(db, run.first, found.tallies, 1)
    db.execute(
        "INSERT INTO customer_plan SELECT id, plan FROM customer WHERE plan IS NOT NULL AND id IN (SELECT id FROM temp.touched_customer)"
    )
    insert(db, "INSERT OR IGNORE INTO customer_plan(customer_id, plan)", 2, found.plans)
    return found.standings


def _take_months(db: sqlite3.Connection, currency: str, as_of: int, *, many: bool) -> None:
    """Take the touched customers' movements, as their steps still are, out of the months."""
    run = _run_of_months(db, as_of)
    steps = db.execute(query("touched_steps"))
    if many:
        from cstui.store.many import taken

        _add_to_months(db, run.first, taken(steps, currency, run.periods, as_of), -1)
        return
    for _, own in groupby(steps, key=itemgetter(0)):
        parts = list(own)
        if len(parts) == 1 and parts[0][1] == currency:
            run.add(unpack(parts[0][2]))
    _add_to_months(db, run.first, run.tallies, -1)


class _Months(Run):
    """A run of calendar months that knows its first."""

    __slots__ = ("first", "periods")

    def __init__(self, first: int, last: int, as_of: int) -> None:
        self.first, self.periods = first, [months(month) for month in range(first, last + 1)]
        super().__init__(self.periods, as_of)


def _run_of_months(db: sqlite3.Connection, as_of: int) -> _Months:
    """Every month that a step up to `as_of` can fall in: none falls before the first start, now or when the cache was made."""
    started = db.execute("SELECT min(started_at) FROM subscription").fetchone()[0]
    cached = db.execute("SELECT min(month) FROM mrr_month").fetchone()[0]
    last = month_of(as_of)
    first = min(last if started is None else month_of(started), last if cached is None else cached, last)
    return _Months(first, last, as_of)


def _add_to_months(db: sqlite3.Connection, first: int, tallies: Iterable[Tally], sign: int) -> None:
    held = _month_tallies(db, first)
    changed = [
        (month, [a + sign * b for a, b in zip(held.get(month, [0] * WIDTH), tally, strict=True)])
        for month, tally in enumerate(tallies, first)
        if any(tally)
    ]
    db.executemany(
        "INSERT OR REPLACE INTO mrr_month VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(month, *(str(v) if i in _AMOUNTS else v for i, v in enumerate(tally))) for month, tally in changed if any(tally)],
    )
    db.executemany("DELETE FROM mrr_month WHERE month = ?", [(month,) for month, tally in changed if not any(tally)])


def _month_tallies(db: sqlite3.Connection, first: int) -> dict[int, Tally]:
    return {row[0]: [int(value) for value in row[1:]] for row in db.execute("SELECT * FROM mrr_month WHERE month >= ?", (first,))}


def month_tallies(db: sqlite3.Connection, period: Period) -> tuple[list[Tally], list[Tally]]:
    """Cached tallies: (every month before `period`, each month inside it), empty months as zeros."""
    first, last = month_of(period.start), month_of(period.last)
    held = _month_tallies(db, 0)
    before = [tally for month, tally in sorted(held.items()) if month < first]
    return before, [held.get(month, [0] * WIDTH) for month in range(first, last + 1)]


def _attributes(db: sqlite3.Connection, *, many: bool) -> None:
    if db.execute("SELECT EXISTS (SELECT 1 FROM customer_attr)").fetchone()[0]:
        db.execute("DELETE FROM customer_attr WHERE customer_id IN (SELECT id FROM temp.touched_customer)")
    db.execute(query("touched_plans"))
    if not many or db.execute(query("any_described")).fetchone()[0]:
        db.execute(query("touched_attr"))


def _currency(db: sqlite3.Connection) -> str:
    row = db.execute("SELECT value FROM setting WHERE name = 'currency'").fetchone()
    return str(row[0]) if row else "USD"


def _definitions(db: sqlite3.Connection) -> Definitions:
    return definitions(dict(db.execute("SELECT name, value FROM setting")))
