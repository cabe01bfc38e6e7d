"""Spawn to first frame, in a pty: cstui on sample.db against a bare Textual application and visidata on a 1,000-row CSV.

One run alternates the three, so that what else the machine does falls on all of them; medians and their ratios are what counts.
`python -m benchmarks.first_frame [--rounds 15] [--check]`; how to read it: benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pexpect

from tests.e2e.terminal import Display, cstui

ROOT = Path(__file__).resolve().parent.parent
BARE = Path(__file__).resolve().parent / "bare_textual.py"
HEAVY = ("pandas", "numpy", "sqlite_utils", "plotext")
FIGURE = re.compile(r"\$\d{1,3}(?:,\d{3})+")

COLUMNS, ROWS = 120, 40
PATIENCE = 30.0
QUIET = 0.5
"""Seconds without output, once its last mark has come, after which a program has shown all it will show by itself."""

WATCH = """
import sys, time
def watch(event, given, heavy={heavy!r}):
    if event == "import" and given[0] in heavy:
        with open({log!r}, "a") as file:
            file.write(f"{{given[0]}} {{time.monotonic()}}" + chr(10))
sys.addaudithook(watch)
"""
"""A sitecustomize module that writes down each heavy package whose import begins, and when, on the clock that all processes share."""

FRAME_LIMIT, CHART_LIMIT, MEMORY_LIMIT = 1.3, 1.75, 60.0


@dataclass(slots=True)
class Runs:
    """What was seen of one program over all rounds."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    """Stage → seconds from spawn."""
    mebibytes: list[float] = field(default_factory=list)
    """Resident memory of the process when its first stage was reached."""

    def median(self, stage: str) -> float:
        """The median seconds of a stage."""
        return statistics.median(self.seconds[stage])


@dataclass(frozen=True, slots=True)
class Program:
    """How to start a program, and how to see how far it is."""

    name: str
    command: tuple[str, ...]
    stages: tuple[tuple[str, Callable[[str], bool]], ...]
    """Stage → whether a screen shows it, in the order in which they come."""
    mark: bytes
    """What its output holds by the last stage, seen without drawing."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """What came at once."""

    seconds: float
    """From spawn."""
    at: float
    """The same moment on the clock that all processes share."""
    mebibytes: float
    data: bytes


def resident(pid: int) -> float:
    """MiB that a process holds now: Linux's VmRSS; 0.0 where there is no /proc."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return 0.0
    found = re.search(r"VmRSS:\s+(\d+) kB", status.read_text())
    return int(found.group(1)) / 1024 if found else 0.0


def record(program: Program, env: dict[str, str]) -> list[Chunk]:
    """All that a program sends until it is quiet after its mark; it is drawn later, so that drawing delays nothing."""
    command = program.command
    marked = False
    chunks: list[Chunk] = []
    begin = time.monotonic()
    child: pexpect.spawn[bytes] = pexpect.spawn(command[0], list(command[1:]), env=env, cwd=str(ROOT), dimensions=(ROWS, COLUMNS))
    pid = child.pid
    assert pid is not None
    try:
        while True:
            try:
                data: bytes = child.read_nonblocking(65536, timeout=QUIET if marked else PATIENCE)
            except (pexpect.TIMEOUT, pexpect.EOF):
                break
            marked = marked or program.mark in data
            chunks.append(Chunk((at := time.monotonic()) - begin, at, resident(pid), data))
    finally:
        child.close(force=True)
    return chunks


def reached(program: Program, chunks: list[Chunk]) -> dict[str, Chunk]:
    """Stage → the chunk that brought it to the screen. Raises SystemExit where a stage never came."""
    display = Display(COLUMNS, ROWS)
    stages = dict(program.stages)
    found: dict[str, Chunk] = {}
    for chunk in chunks:
        display.feed(chunk.data)
        found |= {stage: chunk for stage, seen in stages.items() if stage not in found and seen(display.text)}
    if missing := stages.keys() - found:
        raise SystemExit(f"{program.name}: {missing} never came; the screen:\n{display.text}")
    return found


def start(program: Program, runs: Runs, env: dict[str, str]) -> None:
    """One run: seconds at each stage, memory at the first."""
    found = reached(program, record(program, env))
    for stage, chunk in found.items():
        runs.seconds.setdefault(stage, []).append(chunk.seconds)
    runs.mebibytes.append(found[program.stages[0][0]].mebibytes)


def frame_is_whole(text: str) -> bool:
    """Whether the top line, the cards, the movements and the keys are on the screen."""
    return FIGURE.search(text) is not None and all(words in text for words in ("data through", "What moved", "quit"))


def chart_is_there(text: str) -> bool:
    """Whether a chart with its value axis is on the screen; cards have bars and sparklines, but no axis."""
    return sum("┤" in line for line in text.splitlines()) >= 3


def loaded_before_first_frame(program: Program, env: dict[str, str]) -> list[str]:
    """Which heavy packages a program had begun to import when its first stage was reached, by Python's own audit events."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "imports"
        log.touch()
        (Path(folder) / "sitecustomize.py").write_text(WATCH.format(log=str(log), heavy=HEAVY))
        chunks = record(program, {**env, "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}"})
        first = reached(program, chunks)[program.stages[0][0]]
        begun = [line.split() for line in log.read_text().splitlines()]
        return sorted({name for name, at in begun if float(at) <= first.at})


def programs(folder: Path) -> dict[str, Program]:
    """The three programs on their data, written into `folder`."""
    db = Path(shutil.copy(ROOT / "sample.db", folder / "sample.db"))
    table = folder / "thousand.csv"
    with table.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["customer_id", "name", "started_at", "amount", "plan"])
        rows.writerows([f"c-{n}", f"Customer {n}", "2026-01-01", n * 7 % 900, ("basic", "pro")[n % 2]] for n in range(1, 1001))
    visidata = str(Path(sys.executable).parent / "vd")
    return {
        "bare": Program("bare Textual", (sys.executable, str(BARE)), (("frame", lambda text: "hello" in text),), b"hello"),
        "cstui": Program(
            "cstui on sample.db",
            cstui("--db", str(db)),
            (("frame", lambda text: FIGURE.search(text) is not None), ("whole", frame_is_whole), ("charts", chart_is_there)),
            "┤".encode(),
        ),
        "visidata": Program(
            "visidata, 1,000 rows", (visidata, str(table)), (("frame", lambda text: "Customer 20" in text),), b"Customer 20"
        ),
    }


def measure(rounds: int) -> dict[str, object]:
    """The medians, ratios, memory and imports of one alternating run."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fixed = {"HOME": name, "PYTHONPATH": str(ROOT), "CSTUI_TODAY": "2026-11-21", "TZ": "UTC", "TERM": "xterm-256color"}
        # As installed: bytecode is there, though not in the checkout.
        kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
        env = {**kept, "COLORTERM": "truecolor", "PYTHONPYCACHEPREFIX": str(folder / "bytecode"), **fixed}
        compared = programs(folder)
        if not os.access(compared["visidata"].command[0], os.X_OK):
            del compared["visidata"]
        seen = {key: Runs() for key in compared}
        for round_number in range(rounds + 1):
            for key, program in compared.items():
                # The first round warms the disk and the bytecode caches, and is thrown away.
                start(program, seen[key] if round_number else Runs(), env)
        heavy = loaded_before_first_frame(compared["cstui"], env)
    bare = seen["bare"].median("frame")
    return {
        "rounds": rounds,
        "seconds": {key: {stage: round(runs.median(stage), 3) for stage in runs.seconds} for key, runs in seen.items()},
        "first_frame_vs_bare": round(seen["cstui"].median("frame") / bare, 2),
        "whole_frame_vs_bare": round(seen["cstui"].median("whole") / bare, 2),
        "charts_vs_bare": round(seen["cstui"].median("charts") / bare, 2),
        "first_frame_vs_visidata": round(seen["cstui"].median("frame") / seen["visidata"].median("frame"), 2)
        if "visidata" in seen
        else None,
        "mebibytes": {key: round(statistics.median(runs.mebibytes), 1) for key, runs in seen.items()},
        "loaded_before_first_frame": heavy,
    }


def misses(found: dict[str, object]) -> list[str]:
    """The targets that a measurement does not meet."""
    limits = {
        "first_frame_vs_bare": FRAME_LIMIT,
        "whole_frame_vs_bare": FRAME_LIMIT,
        "charts_vs_bare": CHART_LIMIT,
        "first_frame_vs_visidata": 1.0,
    }
    said = [f"{name} {value} > {limit}" for name, limit in limits.items() if isinstance(value := found[name], float) and value > limit]
    memory = found["mebibytes"]
    if isinstance(memory, dict) and memory["cstui"] > MEMORY_LIMIT:
        said.append(f"memory {memory['cstui']} MiB > {MEMORY_LIMIT:.0f}")
    if found["loaded_before_first_frame"]:
        said.append(f"loaded before the first frame: {found['loaded_before_first_frame']}")
    return said


def main() -> int:
    """Print the measurement as JSON; with `--check`, exit status 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--check", action="store_true", help="fail where a target is missed")
    options = parser.parse_args()
    found = measure(options.rounds)
    print(json.dumps(found, indent=2))
    missed = misses(found)
    for line in missed:
        print(f"missed: {line}", file=sys.stderr)
    return 1 if missed and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
