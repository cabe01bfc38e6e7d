"""Every figure of a big company explained to its first 100 rows: plainly, under a filter, and with what made it differ.

`python -m benchmarks.big_explain NUMBERS.db [--repeats N] [--only METRIC]… [--cpu] [--check]` copies the workspace that
`benchmarks.big_figures --keep` made, imports costs, traffic and 20,000 leads (half of whom try it) beside what it holds, and prints one
JSON document: for each metric milliseconds of the first 100 rows, of those under a filter, and of the first 100 who made it differ.
What must hold: the first rows at most 300 ms.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from benchmarks.big_company import FIRST, THROUGH
from benchmarks.measuring import TODAY
from cstui.base.ask import PeriodChoice, View, Where
from cstui.base.days import parse_month, to_day
from cstui.desk.explain import Wanted, explain
from cstui.desk.figures import catalogue
from cstui.desk.import_request import ImportRequest
from cstui.desk.importing import Job
from cstui.desk.workspace import Workspace, open_workspace

Found = TypeVar("Found")

FIRST_ROWS = 100
ONE: Where = (("segment", ("enterprise",)),)
LEADS = 20_000
MOST_MS = 300.0
SEPTEMBER = PeriodChoice(period=parse_month("2026-09"))
ASKED: tuple[tuple[str, Where, Wanted], ...] = (
    ("rows", (), Wanted(limit=FIRST_ROWS, parts=False)),
    ("filtered", ONE, Wanted(limit=FIRST_ROWS, parts=False)),
    ("difference", (), Wanted(rows=False, limit=FIRST_ROWS, difference=True, parts=False)),
)
"""What a person sees first, the same of one segment, and what the screen looks up after it."""
CHANNELS = ("ads", "partners", "")


def write(folder: Path) -> list[str]:
    """Costs and traffic by channel, and leads of whom half began a trial and some of these pay; seeded."""
    chance = random.Random(17)
    days = [(FIRST + timedelta(days=n)).isoformat() for n in range((THROUGH - FIRST).days + 1)]
    with (folder / "costs.csv").open("w", encoding="utf-8") as costs, (folder / "traffic.csv").open("w", encoding="utf-8") as traffic:
        costs.write("date,category,amount,channel,currency\n")
        traffic.write("date,channel,visits,conversions\n")
        for day in days:
            for number, channel in enumerate(CHANNELS):
                category = ("marketing", "sales", "cost_of_revenue")[number]
                costs.write(f"{day},{category},{chance.randint(100, 900)},{channel},USD\n")
                traffic.write(f"{day},{channel},{chance.randint(500, 900)},{chance.randint(5, 50)}\n")
    with (
        (folder / "customers.csv").open("w", encoding="utf-8") as leads,
        (folder / "subscriptions.csv").open("w", encoding="utf-8") as trials,
    ):
        leads.write("customer_id,name,stage,created_at,segment\n")
        trials.write("subscription_id,customer_id,started_at,amount,currency,interval,trial_start,trial_end,ended_at\n")
        for number in range(LEADS):
            at = chance.randrange(len(days) - 20)
            leads.write(f"l-{number},Lead {number},lead,{days[at]},{('small', 'enterprise')[number % 2]}\n")
            if number % 2:
                ended = days[at + 14] if number % 3 else ""
                trials.write(f"t-{number},l-{number},{days[at]},12,USD,month,{days[at]},{days[at + 14]},{ended}\n")
    return [str(folder / f"{name}.csv") for name in ("costs", "traffic", "customers", "subscriptions")]


def build(source: Path, target: Path) -> None:
    """Copy the workspace, and import what it has none of."""
    shutil.copyfile(source, target)
    with tempfile.TemporaryDirectory() as folder:
        job = Job(target, ImportRequest(tuple(write(Path(folder))), day=to_day(TODAY), at="2026-11-02T09:00:00Z"))
        try:
            job.preview()
            job.commit()
        finally:
            job.close()


def milliseconds(call: Callable[[], object], repeats: int, clock: Callable[[], float]) -> float:
    """The median of some calls, after one that warms up."""
    call()
    taken = []
    for _ in range(repeats):
        started = clock()
        call()
        taken.append(1000 * (clock() - started))
    return round(statistics.median(taken), 1)


def measure(workspace: Workspace, names: Sequence[str], repeats: int, clock: Callable[[], float]) -> dict[str, Any]:
    """Every metric in September 2026, each way of asking."""

    def asked(name: str, where: Where, wanted: Wanted) -> Callable[[], object]:
        view = View(SEPTEMBER, where)
        return lambda: explain(workspace, name, view, TODAY, wanted)

    taken: dict[str, Any] = {}
    for name in names:
        status = explain(workspace, name, View(SEPTEMBER), TODAY, Wanted(rows=False)).answer.figure.status
        taken[name] = {way: milliseconds(asked(name, where, wanted), repeats, clock) for way, where, wanted in ASKED} | {"status": status}
    return taken


def options(doc: str | None) -> argparse.Namespace:
    """What both benchmarks of a completed copy are asked with; described by the first line of a module's words."""
    parser = argparse.ArgumentParser(description=doc.splitlines()[0] if doc else None)
    parser.add_argument("numbers", type=Path, help="the workspace of `benchmarks.big_figures --keep`; it is copied, never written to")
    parser.add_argument("--keep", type=Path, help="keep the completed copy in this file, and use it when it is there")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--only", action="append", default=[], help="this metric alone; may be repeated")
    parser.add_argument("--cpu", action="store_true", help="this process's own seconds, where others keep the machine busy")
    parser.add_argument("--check", action="store_true", help="exit 1 where a target is missed")
    return parser.parse_args()


def on_a_copy(args: argparse.Namespace, measured: Callable[[Workspace, Sequence[str], int, Callable[[], float]], Found]) -> Found:
    """What is measured, on a copy that has rows of every kind."""
    names = args.only or [one.id for one in catalogue()]
    with tempfile.TemporaryDirectory() as folder:
        path = args.keep or Path(folder) / "completed.db"
        if not path.exists():
            build(args.numbers, path)
        workspace = open_workspace(path)
        try:
            return measured(workspace, names, args.repeats, time.process_time if args.cpu else time.perf_counter)
        finally:
            workspace.close()


def main() -> int:
    """Copy, complete, measure, and print one JSON document."""
    args = options(__doc__)
    found = on_a_copy(args, measure)
    missed = [f"{name} {way}" for name, taken in found.items() for way in ("rows", "filtered") if taken[way] > MOST_MS]
    print(json.dumps({"explain": found, "at_most_ms": MOST_MS, "missed": missed}, indent=1))
    return 1 if args.check and missed else 0


if __name__ == "__main__":
    sys.exit(main())
