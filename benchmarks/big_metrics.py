"""Every metric of a big company for 24 months, asked in every way: plainly, under a filter, by a field, and both.

`python -m benchmarks.big_metrics NUMBERS.db [--repeats N] [--only METRIC]… [--cpu] [--check]` copies the workspace that
`benchmarks.big_figures --keep` made, imports costs, traffic, trials and leads beside what it holds, and prints one JSON document:
milliseconds of each metric and way. What must hold: a filter or a breakdown of one field at most 500 ms, several of them at most 1 s.
`benchmarks.big_figures` takes the same table of the workspace as it is.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence

from benchmarks.big_explain import ONE, milliseconds, on_a_copy, options
from benchmarks.measuring import TODAY
from cstui.base.ask import PeriodChoice, View, Where
from cstui.desk.figures import figures
from cstui.desk.journeys import journeys
from cstui.desk.overview import overview
from cstui.desk.workspace import Workspace

MONTHS = 24
SEVERAL: Where = (("region", ("Gulf", "Iran")), ("segment", ("enterprise",)))
WAYS: Mapping[str, tuple[Where, str | None]] = {
    "unfiltered": ((), None),
    "one_field": (ONE, None),
    "breakdown": ((), "region"),
    "combined": (SEVERAL, "plan"),
}
MOST_MS = {"one_field": 500.0, "breakdown": 500.0, "combined": 1000.0}

Table = dict[str, dict[str, float]]


def table(workspace: Workspace, names: Sequence[str], repeats: int, clock: Callable[[], float] = time.perf_counter) -> Table:
    """Milliseconds by metric and way; the overview screen and the journey of all customers stand below, with the ways they know."""

    def asked(name: str, where: Where, by: str | None) -> Callable[[], object]:
        view = View(PeriodChoice(last=MONTHS), where=where, by=by)
        return lambda: figures(workspace, [name], view, TODAY)

    def screens(where: Where) -> dict[str, Callable[[], object]]:
        view = View(where=where)
        return {"overview": lambda: overview(workspace, view, TODAY), "journey": lambda: journeys(workspace, view, TODAY)}

    found = {name: {way: milliseconds(asked(name, *how), repeats, clock) for way, how in WAYS.items()} for name in names}
    for way, where in (("unfiltered", ()), ("one_field", ONE), ("combined", SEVERAL)):
        for screen, call in screens(where).items():
            found.setdefault(screen, {})[way] = milliseconds(call, repeats, clock)
    return found


def missed(found: Table) -> list[str]:
    """What takes longer than it may."""
    return [f"{name} {way}" for name, taken in found.items() for way, most in MOST_MS.items() if taken.get(way, 0.0) > most]


def main() -> int:
    """Copy, complete, measure, and print one JSON document."""
    args = options(__doc__)
    found = on_a_copy(args, table)
    slow = missed(found)
    print(json.dumps({"milliseconds": found, "at_most": MOST_MS, "missed": slow}, indent=1))
    return 1 if args.check and slow else 0


if __name__ == "__main__":
    sys.exit(main())
