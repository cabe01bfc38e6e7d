"""Milliseconds of processor time that an edit, a note and an answer by hand take among 100,000 customers.

`python -m benchmarks.by_hand [--keep FILE] [--repeats N] [--check]` takes the workspace that `benchmarks.risk_list --keep FILE` makes, or
makes one, and writes on a copy of it. Prints one JSON document. What must hold: at most 100 ms each, whatever others do meanwhile.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from benchmarks import risk_list
from benchmarks.measuring import TODAY, options, report, workspace_file
from cstui.base.days import to_day
from cstui.desk.answer_turns import undo as undo_answer
from cstui.desk.customer_edit import Entry, edit_field, enter
from cstui.desk.survey import Recording, record
from cstui.desk.workspace import Workspace, open_workspace

AT = "2026-11-02T09:00:00Z"
MOST_MS = 100.0


def measure(ws: Workspace, repeats: int) -> dict[str, float]:
    """The median of each deed, over as many customers."""
    with ws.read() as db:
        ids = [row[0] for row in db.execute("SELECT customer_id FROM customer ORDER BY id LIMIT ?", (repeats,))]
    day = to_day(TODAY)
    deeds: dict[str, Callable[[str], object]] = {
        "edit_ms": lambda one: edit_field(ws, one, "segment", "by hand", AT),
        "edit_of_a_day_ms": lambda one: edit_field(ws, one, "created_at", "2024-01-05", AT),
        "note_ms": lambda one: enter(ws, one, Entry("note", "said"), day, AT),
        "answer_ms": lambda one: record(ws, Recording(one, "nps", "9"), today=day, at=AT),
        "undo_of_an_answer_ms": lambda _: undo_answer(ws),
    }
    return {name: round(median(_spent(deed, one) for one in ids), 1) for name, deed in deeds.items()}


def _spent(deed: Callable[[str], object], customer_id: str) -> float:
    begun = time.process_time()
    deed(customer_id)
    return 1000 * (time.process_time() - begun)


def main() -> int:
    """Build or reuse the workspace, measure on a copy, and print one JSON document."""
    args = options(__doc__).parse_args()
    with workspace_file(args) as path, tempfile.TemporaryDirectory() as folder:
        if not path.exists():
            risk_list.build(path, args.customers, all_pay=False)
        copy = Path(folder) / "copy.db"
        shutil.copy(path, copy)
        ws = open_workspace(copy)
        found = measure(ws, args.repeats)
        ws.close()
    holds = all(spent <= MOST_MS for spent in found.values())
    return report({**found, "at_most_ms": MOST_MS, "holds": holds}, args, holds=holds)


if __name__ == "__main__":
    sys.exit(main())
