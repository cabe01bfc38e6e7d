"""Movements of MRR of 24 months over 100,000 customers: through `cstui.desk.figures`, and by plain SQL over the raw rows.

`python -m benchmarks.movements [--keep FILE] [--customers N] [--repeats N] [--check]` builds the workspace (or takes the one
kept from before), checks that both give equal figures, and prints one JSON document with the medians and ratios of one run, the
two taking turns. What must hold: unfiltered at most 20 ms and 100 × faster, under a filter of one field at most 200 ms and 10 ×.
"""

from __future__ import annotations

import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import big_company
from benchmarks.measuring import TODAY, bring, options, report, workspace_file
from cstui.base.ask import PeriodChoice, View
from cstui.desk.figures import figures
from cstui.desk.workspace import Workspace, open_workspace

MONTHS = 24
METRICS = (
    "mrr", "mrr_new", "mrr_expansion", "mrr_contraction", "mrr_churned", "mrr_reactivation",
    "customers_active", "customers_new", "customers_churned", "customers_returned",
)  # fmt: skip
FILTERS: tuple[tuple[str, str], ...] = (("region", "Gulf"), ("segment", "enterprise"))

# What anyone would write over the raw rows, for all months at once. `{join}` and `{where}` narrow it to one field's value.
SQL = """
WITH RECURSIVE month(first, past) AS (
  SELECT date(:last, :back), date(:last, :back, '+1 month')
  UNION ALL SELECT past, date(past, '+1 month') FROM month WHERE first < :last
), bound AS (
  SELECT CAST(julianday(first) - 2440587.5 AS INTEGER) AS first, CAST(julianday(past) - 2440587.5 AS INTEGER) AS past FROM month
), service AS (
  SELECT s.customer_id, s.started_at AS first,
    min(coalesce(s.ended_at, 1000000), lead(s.started_at, 1, 1000000) OVER (PARTITION BY s.subscription_id ORDER BY s.started_at)) AS past,
    (s.amount * CAST(s.quantity AS INTEGER) - coalesce(s.discount, 0)) / CASE s.interval WHEN 'year' THEN 12 ELSE 1 END AS mrr
  FROM subscription s {join}
), paid AS (
  SELECT customer_id, min(first) AS first FROM service WHERE mrr > 0 AND past > first GROUP BY customer_id
), level AS (
  SELECT b.first, b.past, s.customer_id,
    sum(CASE WHEN s.first < b.first AND s.past >= b.first THEN s.mrr ELSE 0 END) AS before,
    sum(CASE WHEN s.first < b.past AND s.past >= b.past THEN s.mrr ELSE 0 END) AS after
  FROM bound b JOIN service s ON s.first < b.past AND s.past >= b.first GROUP BY b.first, b.past, s.customer_id
)
SELECT sum(after),
  sum(CASE WHEN before = 0 AND p.first >= level.first THEN after ELSE 0 END),
  sum(CASE WHEN before > 0 AND after > before THEN after - before ELSE 0 END),
  sum(CASE WHEN after > 0 AND after < before THEN before - after ELSE 0 END),
  sum(CASE WHEN after = 0 THEN before ELSE 0 END),
  sum(CASE WHEN before = 0 AND p.first < level.first THEN after ELSE 0 END),
  sum(after > 0), sum(p.first >= level.first AND p.first < level.past), sum(before > 0 AND after = 0),
  sum(before = 0 AND after > 0 AND p.first < level.first)
FROM level JOIN paid p USING (customer_id) GROUP BY level.first ORDER BY level.first
"""


def build(path: Path, customers: int) -> None:
    """Write the big company and import it into a new workspace at `path`."""
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        changes = big_company.write(Path(folder), customers)
        print(f"templates: {changes:,} changes of MRR, {time.perf_counter() - started:.1f} s", file=sys.stderr)
        bring(path, [str(Path(folder) / name) for name in ("customers.csv", "subscriptions.csv")], strict=True)


def ours(workspace: Workspace, where: tuple[str, str] | None) -> list[tuple[Any, ...]]:
    """The figures by month, counts as they are and money in major units."""
    view = View(PeriodChoice(last=MONTHS), where=() if where is None else ((where[0], (where[1],)),))
    document = figures(workspace, METRICS, view, TODAY).to_json()
    return [tuple(period["metrics"][name]["value"] for name in METRICS) for period in document["periods"]]


def plain(db: sqlite3.Connection, where: tuple[str, str] | None) -> list[tuple[Any, ...]]:
    """The same by plain SQL."""
    join = "" if where is None else f"JOIN customer c ON c.id = s.customer_id AND c.{where[0]} = '{where[1]}'"
    months = {"last": "2026-10-01", "back": f"-{MONTHS - 1} months"}
    rows = db.execute(SQL.format(join=join), months).fetchall()
    return [(*(cents / 100 for cents in row[:6]), *row[6:]) for row in rows]


def timed(call: Callable[[], list[tuple[Any, ...]]]) -> tuple[float, list[tuple[Any, ...]]]:
    """Milliseconds of one call, and what it gave."""
    started = time.perf_counter()
    found = call()
    return 1000 * (time.perf_counter() - started), found


def case(workspace: Workspace, db: sqlite3.Connection, where: tuple[str, str] | None, repeats: int) -> dict[str, Any]:
    """One filter, both ways in turns: medians, their ratio, and whether the figures agree and the bounds hold."""
    most, least = (20, 100) if where is None else (200, 10)
    fast, slow, agree = [], [], True
    ours(workspace, where)  # the first call of a session also reads what later ones share
    for _ in range(repeats):
        elapsed, theirs = timed(partial(plain, db, where))
        slow.append(elapsed)
        for _ in range(3):
            elapsed, mine = timed(partial(ours, workspace, where))
            fast.append(elapsed)
            agree = agree and mine == theirs
    cstui, sql = statistics.median(fast), statistics.median(slow)
    return {
        "where": None if where is None else "=".join(where),
        "cstui_ms": round(cstui, 2),
        "cstui_ms_at_most": most,
        "sql_ms": round(sql, 1),
        "ratio": round(sql / cstui, 1),
        "ratio_at_least": least,
        "agree": agree,
        "holds": agree and cstui <= most and sql >= least * cstui,
    }


def compare(path: Path, repeats: int) -> dict[str, Any]:
    """Measure every case on the workspace at `path`."""
    workspace, db = open_workspace(path), sqlite3.connect(path)
    cases: tuple[tuple[str, str] | None, ...] = (None, *FILTERS)
    document = {
        "customers": db.execute("SELECT count(*) FROM customer").fetchone()[0],
        "subscription_rows": db.execute("SELECT count(*) FROM subscription").fetchone()[0],
        "months": MONTHS,
        "repeats": repeats,
        "cases": [case(workspace, db, where, repeats) for where in cases],
    }
    workspace.close()
    db.close()
    return document


def main() -> int:
    """Build or reuse the workspace, compare, and print one JSON document."""
    args = options(__doc__).parse_args()
    with workspace_file(args) as path:
        if not path.exists():
            build(path, args.customers)
        document = compare(path, args.repeats)
    return report(document, args, holds=all(one["holds"] for one in document["cases"]))


if __name__ == "__main__":
    sys.exit(main())
