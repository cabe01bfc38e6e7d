"""The figures of a big company: 100,000 customers, 36 months, 355,000 changes of MRR, 10 million rows of use, 500,000 answers.

`python -m benchmarks.big_figures [--keep FILE] [--customers N] [--repeats N] [--check]` builds the workspace (or takes the one kept from
before) and prints one JSON document. What must hold: the overview's figures of 24 months at most 20 ms and 200 × faster than plain SQL
over the raw rows, with a filter or a breakdown of one field at most 500 ms, of several at most 1 s; the first 100 rows of an
explanation at most 300 ms; opening at most 1.3 × what it takes with a tenth of the history; rollups at most 35 % of the file, and working
them out at most half of what an import takes. `metrics` is the table of `benchmarks.big_metrics`, which has to hold for every metric.
"""

from __future__ import annotations

import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks import big_company
from benchmarks.big_explain import ONE
from benchmarks.big_metrics import MONTHS, SEVERAL, missed, table
from benchmarks.measuring import TODAY, bring, options, report, workspace_file
from benchmarks.movements import SQL
from cstui.base.ask import PeriodChoice, View, Where
from cstui.base.days import parse_month
from cstui.desk.explain import Wanted, explain
from cstui.desk.figures import catalogue, figures
from cstui.desk.overview import CARDS
from cstui.desk.workspace import Workspace, open_workspace
from cstui.store import rollups

METRICS = (*CARDS, "mrr_new", "mrr_expansion", "mrr_reactivation", "mrr_contraction", "mrr_churned", "mrr_fx")
"""What the overview shows while nobody has chosen other cards."""
USE = ("dau", "mau", "stickiness", "csat")
"""Cards that a person may choose beside them."""
EXPLAINED = ("customers_churned", "mrr", "nrr", "revenue", "nps")
MOST = {
    "unfiltered_ms": 20.0, "one_field_ms": 500.0, "breakdown_ms": 500.0, "combined_ms": 1000.0, "explain_ms": 300.0, "opening_ratio": 1.3,
    "rollups_share": 0.35, "upkeep_share": 0.5,
}  # fmt: skip
OPENINGS = 25
"""Rounds in which the two workspaces are opened: an opening takes milliseconds, so few of them say little."""
LEAST = {"sql_over_cstui": 200}

# What anyone would write over the raw rows for NPS and for the days, weeks and months of use.
VOICES = """
SELECT month, 100.0 * (sum(CAST(score AS INTEGER) >= 9) - sum(CAST(score AS INTEGER) <= 6)) / count(*) FROM (
  SELECT month, score, row_number() OVER (PARTITION BY customer_id, respondent, month ORDER BY answered_at DESC, id DESC) AS last
  FROM (SELECT *, strftime('%Y-%m', answered_at * 86400, 'unixepoch') AS month FROM survey WHERE kind = 'nps'))
WHERE last = 1 GROUP BY month ORDER BY month DESC LIMIT 24
"""
USERS = "SELECT month, dom, count(*) FROM usage WHERE month > :month - 24 GROUP BY month, dom"


def write(folder: Path, customers: int) -> list[str]:
    """The big company's templates, its payments, use and answers; seeded."""
    big_company.write(folder, customers)
    chance = random.Random(5)
    days = [big_company.FIRST + timedelta(days=back) for back in range((big_company.THROUGH - big_company.FIRST).days + 1)]
    with (folder / "usage.csv").open("w", encoding="utf-8") as file:
        file.write("customer_id,date,user_id,sessions,minutes,events\n")
        for number, day in enumerate(days):
            seen = customers * (number + 200) // (len(days) + 200)
            iso = day.isoformat()
            for who in sorted(chance.sample(range(seen), min(seen, customers * 100 // len(days)))):
                file.write(f"c-{who},{iso},u-{who},{1 + who % 4},{5 + who % 50},{who % 90}\n")
    with (folder / "surveys.csv").open("w", encoding="utf-8") as file:
        file.write("customer_id,answered_at,kind,score,scale,response_id,respondent,touchpoint\n")
        for number in range(customers * 5):
            kind, least, most, scale = (("nps", 0, 10, "0-10"), ("csat", 1, 5, "1-5"), ("ces", 1, 7, "1-7"))[number % 3]
            who, asked = chance.randrange(customers), chance.choice(days).isoformat()
            touchpoint = ("support", "checkout", "product", "")[number % 4]
            file.write(f"c-{who},{asked},{kind},{chance.randint(least, most)},{scale},r-{number},p-{who},{touchpoint}\n")
    with (folder / "payments.csv").open("w", encoding="utf-8") as file:
        file.write("payment_id,customer_id,amount,currency,kind,status,paid_at\n")
        for number in range(customers * 6):
            paid = chance.choice(days).isoformat()
            file.write(f"p-{number},c-{chance.randrange(customers)},{9 + number % 90},USD,recurring,paid,{paid}\n")
    return [str(folder / f"{name}.csv") for name in ("customers", "subscriptions", "payments", "surveys", "usage")]


def build(path: Path, customers: int) -> None:
    """Write the company and import it into a new workspace at `path`."""
    with tempfile.TemporaryDirectory() as folder:
        bring(path, write(Path(folder), customers))


def median(call: Callable[[], object], repeats: int) -> float:
    """Milliseconds of one call, after one that warms up."""
    call()
    taken = []
    for _ in range(repeats):
        started = time.perf_counter()
        call()
        taken.append(1000 * (time.perf_counter() - started))
    return round(statistics.median(taken), 2)


def plain(db: sqlite3.Connection) -> None:
    """The overview's movements, voices and use by plain SQL over the raw rows."""
    db.execute(SQL.format(join=""), {"last": "2026-10-01", "back": f"-{MONTHS - 1} months"}).fetchall()
    db.execute(VOICES).fetchall()
    db.execute(USERS, {"month": 2026 * 12 + 9}).fetchall()


def openings(paths: Sequence[Path], rounds: int) -> list[float]:
    """Milliseconds from each file to the overview of its last month: the median of rounds in which they take turns, after a first."""
    from cstui.desk.overview import overview

    taken: list[list[float]] = [[] for _ in paths]
    for _ in range(rounds + 1):
        for path, own in zip(paths, taken, strict=True):
            started = time.perf_counter()
            workspace = open_workspace(path)
            overview(workspace, View(), TODAY)
            own.append(1000 * (time.perf_counter() - started))
            workspace.close()
    return [round(statistics.median(own[1:]), 2) for own in taken]


def share(db: sqlite3.Connection) -> float:
    """Rollups' pages by all pages, where SQLite can tell; else rows are weighed by their text."""
    try:
        pages = dict(db.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name"))
    except sqlite3.OperationalError:
        return -1.0
    indexes = dict(db.execute("SELECT name, tbl_name FROM sqlite_schema WHERE type = 'index'"))
    own = sum(int(size) for name, size in pages.items() if indexes.get(name, name) in rollups.ROLLUPS)
    return round(own / sum(map(int, pages.values())), 3)


def upkeep(customers: int) -> float:
    """Of an import into a new workspace, the share that working every rollup out takes: at most half, or it takes longer than the rest."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "upkeep.db"
        files = write(Path(folder), customers)
        started = time.perf_counter()
        bring(path, files)
        taken = time.perf_counter() - started
        workspace = open_workspace(path)
        try:
            with workspace.write() as db:
                started = time.perf_counter()
                rollups.rebuild(db)
                return round((time.perf_counter() - started) / taken, 3)
        finally:
            workspace.close()


def measure(path: Path, small: Path, repeats: int) -> dict[str, Any]:
    """Every figure that has a target, in one run."""
    workspace, db = open_workspace(path), sqlite3.connect(path)

    def ask(where: Where = (), by: str | None = None) -> Callable[[], object]:
        view = View(PeriodChoice(last=MONTHS), where=where, by=by)
        return lambda: figures(workspace, METRICS, view, TODAY)

    def explained(workspace: Workspace, name: str) -> Callable[[], object]:
        view = View(PeriodChoice(period=parse_month("2026-09")))
        return lambda: explain(workspace, name, view, TODAY, Wanted(limit=100))

    try:
        whole, tenth = openings((path, small), OPENINGS)
        fast = median(ask(), 3 * repeats)
        slow = median(lambda: plain(db), 1)
        found: dict[str, Any] = {
            "customers": db.execute("SELECT count(*) FROM customer").fetchone()[0],
            "usage_rows": db.execute("SELECT count(*) FROM usage").fetchone()[0],
            "answers": db.execute("SELECT count(*) FROM survey").fetchone()[0],
            "unfiltered_ms": fast,
            "sql_ms": slow,
            "sql_over_cstui": round(slow / fast),
            "use_ms": median(lambda: figures(workspace, USE, View(PeriodChoice(last=MONTHS)), TODAY), repeats),
            "one_field_ms": median(ask(ONE), repeats),
            "breakdown_ms": median(ask(by="region"), repeats),
            "combined_ms": median(ask(SEVERAL, by="plan"), repeats),
            "explain": {name: median(explained(workspace, name), repeats) for name in EXPLAINED},
            "opening_ms": whole,
            "opening_small_ms": tenth,
            "rollups_share": share(db),
            "metrics": table(workspace, [one.id for one in catalogue()], min(repeats, 3)),
        }
    finally:
        workspace.close()
        db.close()
    found["explain_ms"] = max(found["explain"].values())
    found["opening_ratio"] = round(found["opening_ms"] / found["opening_small_ms"], 2)
    found["upkeep_share"] = upkeep(found["customers"] // 10)
    over = [name for name, most in MOST.items() if found[name] > most] + [name for name, least in LEAST.items() if found[name] < least]
    return {**found, "at_most": MOST, "at_least": LEAST, "missed": over + missed(found["metrics"])}


def main() -> int:
    """Build or reuse the workspace and a tenth of it beside, measure, and print one JSON document."""
    args = options(__doc__).parse_args()
    with workspace_file(args) as path:
        small = path.with_name(f"{path.stem}-tenth{path.suffix}")
        for target, count in ((small, args.customers // 10), (path, args.customers)):
            if not target.exists():
                build(target, count)
        document = measure(path, small, args.repeats)
    return report(document, args, holds=not document["missed"])


if __name__ == "__main__":
    sys.exit(main())
