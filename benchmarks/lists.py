"""Milliseconds until the customer list, its pages and a customer's page are drawn, of 100 customers and of 100,000, in one run.

`python -m benchmarks.lists [--keep FILE] [--repeats N] [--check]` takes the workspace that `benchmarks.risk_list --keep FILE` makes, or
makes one, and one of 100 customers, and starts the app on each in turn, in a pty of 120×40. A key's time ends with the last chunk
that changed what stands on the screen: lines, chart and reasons have come by then. Prints one JSON document.

What must hold (medians): the list of 100,000 opens in at most 1.3 × the time of 100; a page further at most 15 ms; a customer's page,
whole, at most 150 ms.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

import pexpect

from benchmarks import risk_list
from benchmarks.import_subscriptions import ROOT
from benchmarks.measuring import TODAY, options, report, workspace_file
from tests.e2e.terminal import KEYS, PATIENCE, Display, cstui

COLUMNS, ROWS = 120, 40
SMALL = 100
QUIET = 0.4
"""Seconds without output after which a key has done all that it does."""
PAGES, VISITS = 20, 5
MOST = {"open_ratio": 1.3, "page_ms": 15.0, "customer_ms": 150.0}
Times = dict[str, list[float]]


class App:
    """The program in a pty. What it sends is kept with the moment it came, and drawn only when it is quiet: drawing delays nothing."""

    def __init__(self, path: Path, env: dict[str, str]) -> None:
        command = cstui("--db", str(path))
        self._child: pexpect.spawn[bytes] = pexpect.spawn(command[0], list(command[1:]), env=env, cwd=str(ROOT), dimensions=(ROWS, COLUMNS))
        self._child.delaybeforesend = None
        self._display = Display(COLUMNS, ROWS)
        self.cpu_ms = 0.0
        """Processor time that the last key took, where the system says: what is left of a crowded machine's milliseconds."""

    @property
    def text(self) -> str:
        """What stands on the screen."""
        return self._display.text

    def press(self, key: str) -> float:
        """Press a key; milliseconds until the last change of the screen that it brings. Raises SystemExit where it brings none."""
        begun, used = time.perf_counter(), self._used()
        self._child.send(KEYS.get(key) or key.encode())
        waited = 1000 * (self._settled(key) - begun)
        self.cpu_ms = 1000 * (self._used() - used)
        return waited

    def wait(self, wanted: str) -> None:
        """Until the screen says something and is at rest."""
        limit = time.perf_counter() + PATIENCE
        while wanted not in self.text:
            self._settled(wanted)
            if time.perf_counter() > limit:
                raise SystemExit(f"{wanted!r} never came; the screen:\n{self.text}")

    def close(self) -> None:
        """End the program."""
        self._child.close(force=True)

    def _used(self) -> float:
        """Seconds of processor time so far; 0.0 where there is no /proc."""
        status = Path(f"/proc/{self._child.pid}/stat")
        if not status.exists():
            return 0.0
        own = status.read_text().rpartition(")")[2].split()
        return (int(own[11]) + int(own[12])) / os.sysconf("SC_CLK_TCK")

    def _settled(self, what: str) -> float:
        """When the screen changed for the last time before it was quiet."""
        chunks: list[tuple[float, bytes]] = []
        while True:
            try:
                data: bytes = self._child.read_nonblocking(65536, timeout=QUIET if chunks else PATIENCE)
            except pexpect.TIMEOUT:
                break
            except pexpect.EOF:
                raise SystemExit(f"the program ended; the screen:\n{self.text}") from None
            chunks.append((time.perf_counter(), data))
        changed = 0.0
        for at, data in chunks:
            before = self.text
            self._display.feed(data)
            if self.text != before:
                changed = at
        if not changed:
            raise SystemExit(f"{what}: nothing changed; the screen:\n{self.text}")
        return changed


def visit(path: Path, env: dict[str, str], times: Times, *, pages: int) -> None:
    """One start of the app: open the list, look at some customers, page through it."""
    app = App(path, env)
    try:
        app.wait("┤")
        times.setdefault("open", []).append(app.press("3"))
        times.setdefault("open_cpu", []).append(app.cpu_ms)
        if "highest MRR first" not in app.text:
            raise SystemExit(f"no list; the screen:\n{app.text}")
        for _ in range(VISITS):
            times.setdefault("customer", []).append(app.press("enter"))
            times.setdefault("customer_cpu", []).append(app.cpu_ms)
            app.press("esc")
            app.press("down")
        for _ in range(pages):
            times.setdefault("page", []).append(app.press("pagedown"))
            times.setdefault("page_cpu", []).append(app.cpu_ms)
    finally:
        app.close()


def measure(small: Path, big: Path, rounds: int, env: dict[str, str]) -> dict[str, float]:
    """Rounds on both in turn."""
    few, many = Times(), Times()
    for _ in range(rounds):
        visit(small, env, few, pages=0)
        visit(big, env, many, pages=PAGES)
    return {
        "open_ms": round(statistics.median(many["open"]), 1),
        "open_100_ms": round(statistics.median(few["open"]), 1),
        "open_cpu_ms": round(statistics.mean(many["open_cpu"]), 1),
        "open_100_cpu_ms": round(statistics.mean(few["open_cpu"]), 1),
        "open_ratio": round(statistics.median(many["open"]) / statistics.median(few["open"]), 2),
        "page_ms": round(statistics.median(many["page"]), 1),
        "page_most_ms": round(max(many["page"]), 1),
        "page_cpu_ms": round(statistics.mean(many["page_cpu"]), 1),
        "customer_ms": round(statistics.median(many["customer"]), 1),
        "customer_most_ms": round(max(many["customer"]), 1),
        "customer_cpu_ms": round(statistics.mean(many["customer_cpu"]), 1),
    }


def main() -> int:
    """Make or take the workspaces, measure, print one JSON document."""
    args = options(__doc__).parse_args()
    with workspace_file(args) as kept, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if not kept.exists():
            risk_list.build(kept, args.customers, all_pay=False)
        small, big = folder / "small.db", folder / "big.db"
        risk_list.build(small, SMALL, all_pay=False)
        shutil.copy(kept, big)
        fixed = {"HOME": name, "PYTHONPATH": str(ROOT), "CSTUI_TODAY": TODAY.isoformat(), "TZ": "UTC", "TERM": "xterm-256color"}
        found = measure(small, big, args.repeats, {**os.environ, "COLORTERM": "truecolor", **fixed})
    holds = all(found[figure] <= most for figure, most in MOST.items())
    return report({"schema": 1, "rounds": args.repeats, **found, "at_most": MOST, "holds": holds}, args, holds=holds)


if __name__ == "__main__":
    sys.exit(main())
