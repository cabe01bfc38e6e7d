"""Seconds of `cstui import` of usage against the `sqlite3` shell's `.import` and `sqlite-utils insert --csv`, same messy file, same run.

    python -m benchmarks.import_usage [--rows 1000000] [--rounds 3] [--order ORDER] [--slow] [--growth N] [--keys] [--check]

Every figure is a whole process into a new file. cstui's is the whole import: validation, provenance, what an undo needs, and
rollups; `.import` and `sqlite-utils insert` fill a table of text keyed (customer_id, user_id, date), as cstui's is, in which of the rows
of one key one stays. The best of the rounds counts for each. `--slow` takes sqlite-utils in (some minutes): into the keyed table, and
into one without a key, which spares it the index and keeps what is said twice twice. `--growth N` takes a file of N rows, `--keys` the
longest wait for the frame after a down key in the app while the import runs. Prints one JSON document; with `--check` it exits 1 where
a target is missed.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pexpect

from benchmarks.import_subscriptions import ROOT, measured
from tests.e2e.terminal import PATIENCE, Display, Terminal

Answer = list[tuple[float, bytes]]
"""What a program sent, with the seconds since a key was pressed."""
HEADER = ("Customer ID", "date", "user_id", "sessions", "minutes", "events")
DAYS = 366
ORDERS = ("day", "user", "random")
"""Day by day, as a program logs them; each user's rows together, which the shell's key likes best; none."""
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "CSTUI_TODAY": "2026-11-22"}
KEYED = ("--pk", "Customer ID", "--pk", "user_id", "--pk", "date", "--ignore")
"""sqlite-utils' words for the shell's key, whose rows of a key that is there already stay out as well."""
QUIET = 0.1
"""Seconds without output after which a key's frame has been painted."""
_BAD = (
    (0, ""), (1, "2025-02-30"), (1, ""), (1, "yesterday"), (3, "-1"), (3, "2.5"), (3, "many"), (4, "nan"), (4, "-3"), (5, "1e5"),
)  # fmt: skip


def rows(count: int, chance: random.Random) -> Iterator[list[str]]:
    """Messy usage rows, day by day as a program logs them.

    Several ways of writing dates, blanks, thousands marks, Persian digits, rows said twice, about 1 % that must be refused.
    """
    made = 0
    first = date(2025, 11, 1)
    customers = max(count // 50, 1)
    users = [
        (
            chance.randrange(DAYS - 30),
            chance.random() * 0.8 + 0.1,
            f"cus_{chance.randrange(customers):06d}",
            f"u-{n}" if chance.random() < 0.9 else "",
        )
        for n in range(count // 36)
    ]
    for number in range(DAYS):
        day = first + timedelta(days=number)
        iso = day.isoformat()
        ways = (iso, day.strftime("%d/%m/%Y"), f"{iso} 09:30:00", f"{iso}T21:05:11Z")
        for start, busy, customer, user in users:
            if not start <= number < start + 120 or chance.random() >= busy:
                continue
            way = chance.random()
            when = iso if way < 0.85 else ways[int(way * 1000) % 4]
            row = [customer, when, user, str(chance.randrange(1, 9)), f"{chance.randrange(1, 4000) / 10:g}", str(chance.randrange(2500))]
            if way > 0.97:
                _mess(row, chance)
            yield row
            made += 1
            if way < 0.003 and made < count:
                yield [*row[:3], str(chance.randrange(1, 9)), "", ""]
                made += 1
            if made >= count:
                return


def _mess(row: list[str], chance: random.Random) -> None:
    way = chance.random()
    if way < 0.33:
        index, value = chance.choice(_BAD)
        row[index] = value
    elif way < 0.66:
        row[chance.randrange(3, 6)] = ""
    elif way < 0.8:
        row[5] = f"{int(row[5]) + 1000:,}"
    elif way < 0.9:
        row[3] = row[3].translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    else:
        row[0] = f" {row[0]} "


def _owner(row: list[str]) -> tuple[str, str]:
    return row[0].strip(), row[2]


def written(path: Path, count: int, order: str = "day") -> None:
    """A file of so many rows in one of ORDERS; the same at every call."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADER)
        made = rows(count, random.Random(20261122))  # a fixed seed is the point
        if order == "user":
            made = iter(sorted(made, key=_owner))
        elif order == "random":
            shuffled = list(made)
            random.Random(5).shuffle(shuffled)  # a fixed seed, as above
            made = iter(shuffled)
        writer.writerows(made)


def cstui(target: Path, source: Path) -> tuple[float, float]:
    """Seconds and peak MiB of the import, child process included."""
    return measured([sys.executable, "-m", "cstui", "import", "--db", target, source], ENVIRONMENT)


def shell(target: Path, source: Path) -> tuple[float, float]:
    """The same of the `sqlite3` shell's `.import` into a keyed table; rows of a key that is there already fail one by one."""
    table = (
        "CREATE TABLE usage(customer_id TEXT, date TEXT, user_id TEXT, sessions TEXT, minutes TEXT, events TEXT, "
        "PRIMARY KEY(customer_id, user_id, date));"
    )
    command = f"sqlite3 '{target}' '{table}' '.mode csv' \".import --skip 1 '{source}' usage\" 2>/dev/null || true"
    return measured(["sh", "-c", command], ENVIRONMENT)


def sqlite_utils(target: Path, source: Path, *options: str) -> tuple[float, float]:
    """The same of `sqlite-utils insert --csv`: without `options` into a table without a key."""
    other = Path(sys.executable).with_name("sqlite-utils")
    return measured([other, "insert", target, "usage", source, "--csv", *options], ENVIRONMENT)


def undo(target: Path, _source: Path) -> tuple[float, float]:
    """The same of taking the import back."""
    return measured([sys.executable, "-m", "cstui", "undo", "--db", target], ENVIRONMENT)


def best(folder: Path, source: Path, rounds: int) -> dict[str, object]:
    """The best of some rounds for cstui and the shell, in turn, and cstui's peak."""
    peak = 0.0
    ours, theirs, again, back = [list[float]() for _ in range(4)]
    for turn in range(rounds):
        target = folder / f"cstui{turn}.db"
        for found, call in ((ours, cstui), (again, cstui), (back, undo)):  # what changed nothing is passed over
            seconds, mebibytes = call(target, source)
            found.append(seconds)
            peak = max(peak, mebibytes)
        theirs.append(shell(folder / f"shell{turn}.db", source)[0])
        for made in folder.glob("*.db*"):
            made.unlink()
    return {
        "cstui_s": round(min(ours), 2),
        "again_s": round(min(again), 2),
        "undo_s": round(min(back), 2),
        "shell_s": round(min(theirs), 2),
        "shell_over_cstui": round(min(theirs) / min(ours), 2),
        "peak_mib": round(peak),
    }


def waits(folder: Path, source: Path) -> dict[str, float]:
    """Milliseconds from the down key in the customer list to the frame that it brings, first alone, then while `source` is imported there.

    The frames are drawn here afterwards: drawing them takes this process longer than the app takes to give them.
    """
    target = folder / "keys.db"
    shutil.copy(ROOT / "sample.db", target)
    display = Display(120, 40)
    with Terminal([sys.executable, "-m", "cstui", "--db", str(target)], env=ENVIRONMENT) as terminal:
        terminal.wait_for("MRR")
        terminal.press("3")  # the customer list: a long way down
        terminal.wait_for("Customers")
        time.sleep(2)
        display.feed(bytes(terminal.raw))
        before = _answer(terminal)
        alone = [_key(terminal) for _ in range(40)]
        command = [sys.executable, "-m", "cstui", "import", "--db", str(target), str(source)]
        importing = subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        meanwhile: list[Answer] = []
        while importing.poll() is None:
            meanwhile.append(_key(terminal))
    _painted(display, before)
    by_itself, found = (sorted(_painted(display, answer) for answer in answers) for answers in (alone, meanwhile))
    return {"keys": len(found), **_spread("", found), **_spread("alone_", by_itself)}


def _key(terminal: Terminal) -> Answer:
    """All that comes after the down key until nothing does."""
    started = time.perf_counter()
    terminal.press("down")
    data: bytes = terminal.child.read_nonblocking(65536, timeout=PATIENCE)
    first = (time.perf_counter() - started, data)
    return [first, *_answer(terminal, started)]


def _answer(terminal: Terminal, started: float = 0.0) -> Answer:
    """What else comes until nothing does, and when."""
    found: Answer = []
    with suppress(pexpect.TIMEOUT):
        while True:
            data: bytes = terminal.child.read_nonblocking(65536, timeout=QUIET)
            found.append((time.perf_counter() - started, data))
    return found


def _painted(display: Display, answer: Answer) -> float:
    """Milliseconds until the last of it that changed what stands on the screen, or its colours."""
    last, before = 0.0, display.cells
    for seconds, data in answer:
        display.feed(data)
        after = display.cells
        last, before = (seconds if after != before else last), after
    return last * 1000


def _spread(name: str, found: list[float]) -> dict[str, float]:
    """Median, 95th percentile and worst of what is in order."""
    places = {"median": len(found) // 2, "p95": int(len(found) * 0.95), "most": -1}
    return {f"{name}{word}_ms": round(found[place], 1) for word, place in places.items()}


def main() -> int:
    """Make the files, measure, print one JSON document; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--order", choices=ORDERS, default="day", help="how the rows of the file follow each other")
    parser.add_argument("--slow", action="store_true", help="sqlite-utils as well")
    parser.add_argument("--growth", type=int, metavar="ROWS", help="a larger file as well")
    parser.add_argument("--keys", action="store_true", help="the down key in the app meanwhile")
    parser.add_argument("--check", action="store_true", help="exit 1 where a target is missed")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        source = folder / "usage.csv"
        written(source, args.rows, args.order)
        found = {
            "rows": args.rows,
            "order": args.order,
            "megabytes": round(source.stat().st_size / 1e6, 1),
            **best(folder, source, args.rounds),
        }
        if args.slow:
            for name, options in (("sqlite_utils", KEYED), ("sqlite_utils_unkeyed", ())):
                seconds = sqlite_utils(folder / f"{name}.db", source, *options)[0]
                found |= {f"{name}_s": round(seconds, 2), f"{name}_over_cstui": round(seconds / float(str(found["cstui_s"])), 1)}
        if args.keys:
            found["keys"] = waits(folder, source)
        if args.growth:
            written(source, args.growth, args.order)
            seconds, peak = cstui(folder / "large.db", source)
            found["growth"] = {
                "rows": args.growth,
                "s": round(seconds, 2),
                "rows_per_s": round(args.growth / seconds),
                "peak_mib": round(peak),
            }
        print(json.dumps({"schema": 1, **found}, indent=2))
    missed = [what for what, held in _targets(found) if not held]
    print(*(f"missed: {what}" for what in missed), sep="\n", file=sys.stderr, end="")
    return 1 if args.check and missed else 0


def _targets(found: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    """What was asked for of all that was measured, and whether it held."""
    yield "shell_over_cstui at least 1", found["shell_over_cstui"] >= 1
    yield "peak_mib at most 300", found["peak_mib"] <= 300
    if "sqlite_utils_over_cstui" in found:
        yield "sqlite_utils_over_cstui at least 15", found["sqlite_utils_over_cstui"] >= 15
    if "keys" in found:
        yield "the keys' most_ms at most 50", found["keys"]["most_ms"] <= 50


if __name__ == "__main__":
    sys.exit(main())
