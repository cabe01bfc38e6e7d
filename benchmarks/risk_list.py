"""The risk list of 100,000 customers, as the screen asks for it: every customer scored and put in order, and the first rows in words.

`python -m benchmarks.risk_list [--keep FILE] [--customers N] [--all-pay] [--repeats N] [--check]` builds the workspace (or takes the
one kept from before) and prints one JSON document. What must hold: the list at most 2 s (median), a further window of 64 rows at
most 50 ms, one customer's risk at most 50 ms.
"""

from __future__ import annotations

import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks import big_company
from benchmarks.measuring import TODAY, bring, options, report, workspace_file
from cstui.base.ask import View
from cstui.desk.at_risk import Choice, at_risk, customer_risk, more
from cstui.desk.workspace import open_workspace

WINDOW = 64
MOST = {"list_s": 2.0, "filtered_s": 2.0, "window_ms": 50.0, "customer_ms": 50.0}


def write(folder: Path, customers: int, *, all_pay: bool) -> list[str]:
    """The big company's templates, and what they use, say, ask and owe; seeded. With `all_pay` nobody ever left."""
    big_company.write(folder, customers)
    if all_pay:
        rows = folder / "subscriptions.csv"
        rows.write_text(re.sub(r",cancelled,[0-9-]+$", ",active,", rows.read_text(encoding="utf-8"), flags=re.MULTILINE), encoding="utf-8")
    chance = random.Random(7).random
    last = big_company.THROUGH
    names = ("usage", "interactions", "surveys", "payments")
    files = {name: (folder / f"{name}.csv").open("w", encoding="utf-8") for name in names}
    files["usage"].write("customer_id,date,sessions\n")
    files["interactions"].write("interaction_id,customer_id,at,direction,status,resolved_at,reopens\n")
    files["surveys"].write("customer_id,answered_at,kind,score,scale,response_id\n")
    files["payments"].write("payment_id,customer_id,amount,currency,kind,status,paid_at,due_at\n")
    day = [(last - timedelta(days=back)).isoformat() for back in range(400)]
    for number in range(customers):
        who, falls = f"c-{number}", chance() < 0.2
        for back in range(int(chance() * 10), 125, 9 + int(chance() * 6)):
            if not (falls and back < 28):
                files["usage"].write(f"{who},{day[back]},{1 + back % 4}\n")
        for turn in range(int(chance() * 5)):
            back = int(chance() * 300)
            solved = chance() < 0.9
            end = f"solved,{day[max(0, back - 3)]}" if solved else "open,"
            files["interactions"].write(f"i-{number}-{turn},{who},{day[back]},{'in' if turn % 2 else 'out'},{end},{int(chance() < 0.05)}\n")
        if chance() < 0.5:
            kind, top, scale = (("nps", 11, "0-10"), ("csat", 5, "1-5"), ("ces", 7, "1-7"))[number % 3]
            value = int(chance() * top) + (kind != "nps")
            files["surveys"].write(f"{who},{day[int(chance() * 300)]},{kind},{value},{scale},r-{number}\n")
        back = int(chance() * 60)
        state = "failed," if chance() < 0.03 else "open," if chance() < 0.03 else f"paid,{day[back]}"
        files["payments"].write(f"p-{number},{who},49,USD,recurring,{state},{day[back]}\n")
    for file in files.values():
        file.close()
    return [str(folder / f"{name}.csv") for name in ("customers", "subscriptions", *names)]


def build(path: Path, customers: int, *, all_pay: bool) -> None:
    """Write the company and import it into a new workspace at `path`."""
    with tempfile.TemporaryDirectory() as folder:
        bring(path, write(Path(folder), customers, all_pay=all_pay))


def median(call: Callable[[], object], repeats: int, clock: Callable[[], float] = time.perf_counter) -> float:
    """Seconds of one call."""
    taken = []
    for _ in range(repeats):
        started = clock()
        call()
        taken.append(clock() - started)
    return statistics.median(taken)


def yardstick() -> int:
    """Five million additions: 0.1 to 0.25 s of a quiet core, so that a crowded machine's seconds can be read."""
    total = 0
    for value in range(5_000_000):
        total += value
    return total


def measure(path: Path, repeats: int) -> dict[str, Any]:
    """Ask for the list, a filtered one, a window in its middle, and one customer."""
    workspace = open_workspace(path)
    try:
        ranking = at_risk(workspace, View(), TODAY, WINDOW)
        middle = len(ranking.order) // 2
        with workspace.read() as db:
            records = db.execute("SELECT count(*) FROM customer").fetchone()[0]
        some = ranking.customers[0].customer_id
        filtered = View(where=(("region", ("Gulf",)),))
        found = {
            "customers": records,
            "paying": len(ranking.order),
            "at_risk": ranking.at_risk,
            "list_s": round(median(lambda: at_risk(workspace, View(), TODAY, WINDOW), repeats), 3),
            "list_cpu_s": round(median(lambda: at_risk(workspace, View(), TODAY, WINDOW), repeats, time.process_time), 3),
            "yardstick_cpu_s": round(median(yardstick, repeats, time.process_time), 3),
            "by_reason_s": round(median(lambda: at_risk(workspace, View(), TODAY, 0, choice=Choice(by="reason")), repeats), 3),
            "filtered_s": round(median(lambda: at_risk(workspace, filtered, TODAY, WINDOW), repeats), 3),
            "window_ms": round(1000 * median(lambda: more(workspace, ranking, middle, WINDOW), repeats), 1),
            "customer_ms": round(1000 * median(lambda: customer_risk(workspace, some), repeats), 1),
        }
    finally:
        workspace.close()
    return {**found, "at_most": MOST, "holds": all(found[name] <= most for name, most in MOST.items())}


def main() -> int:
    """Build or reuse the workspace, measure, and print one JSON document."""
    parser = options(__doc__)
    parser.add_argument("--all-pay", action="store_true", help="nobody has left: every one of the customers is on the list")
    args = parser.parse_args()
    with workspace_file(args) as path:
        if not path.exists():
            build(path, args.customers, all_pay=args.all_pay)
        document = measure(path, args.repeats)
    return report(document, args, holds=document["holds"])


if __name__ == "__main__":
    sys.exit(main())
