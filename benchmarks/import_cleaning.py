"""Seconds of `cstui import` of plain files, of the same rows in need of cleaning, of a second time, of taking back and of making again.

    python -m benchmarks.import_cleaning [--rows 200000] [--usage 1000000] [--rounds 3] [--kind KIND]... [--check]

Each kind of record is written twice with the same values: plainly (ISO dates, ASCII digits, decimal point), and as Persian programs
do (Persian digits, decimal comma, thousands marks, Jalali dates). Every figure is a whole process; the plain file goes into a new
workspace, again into the same one, is taken back and made again; the other file goes into a workspace of its own. The
best of the rounds counts. Ratios are of processor seconds, which other programs' load leaves alone; the processes wait for nothing but
the disk. Prints one JSON document; with `--check` it exits 1 where a target is missed.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

import jdatetime

from benchmarks.import_subscriptions import ROOT

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "CSTUI_TODAY": "2026-11-22"}
TARGETS = {"cleaned_over_plain": 2.0, "again_over_plain": 1.2, "undo_over_plain": 1.0, "redo_over_plain": 1.2}
PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
FIRST = date(2022, 1, 1)
_WORDS = "نور سما آراد پویان رستم Kestrel Orion Blue Delta Façade شرکت بهار Marsh Łódź Nørd".split()

Row = tuple[object, ...]
"""A row's values: text as it is in both files, a date, a float with two decimals, or a whole number."""
Make = Callable[[int, random.Random], Iterator[Row]]


def customers(count: int, chance: random.Random) -> Iterator[Row]:
    """Customers with a name, an address, and where they are."""
    yield "customer_id", "name", "email", "created_at", "segment", "region", "owner"
    for number in range(count):
        name = f"{chance.choice(_WORDS)} {chance.choice(_WORDS)} {number}"
        day = FIRST + timedelta(days=chance.randrange(1700))
        yield f"cus_{number:07d}", name, f"p{number}@example.org", day, chance.choice("ABC"), chance.choice(_WORDS), f"o{number % 9}"


def subscriptions(count: int, chance: random.Random) -> Iterator[Row]:
    """One subscription a row, nearly half of them over."""
    yield "subscription_id", "customer_id", "plan", "amount", "currency", "interval", "quantity", "status", "started_at", "ended_at"
    for number in range(count):
        start = FIRST + timedelta(days=chance.randrange(1500))
        end = start + timedelta(days=chance.randrange(30, 280)) if chance.random() < 0.45 else ""
        yield (
            f"sub_{number:07d}", f"cus_{chance.randrange(count // 3):07d}", chance.choice(("basic", "team", "pro")),
            chance.randrange(900, 400_000) / 100, "USD", chance.choice(("month", "year")), chance.randrange(1, 9),
            "canceled" if end else "active", start, end,
        )  # fmt: skip


def payments(count: int, chance: random.Random) -> Iterator[Row]:
    """Payments by the customers of a third as many."""
    yield "payment_id", "customer_id", "amount", "paid_at", "currency", "kind", "status"
    for number in range(count):
        day = FIRST + timedelta(days=chance.randrange(1700))
        owner = f"cus_{chance.randrange(count // 3):07d}"
        yield f"pay_{number:07d}", owner, chance.randrange(100, 900_000) / 100, day, "USD", "recurring", "paid"


def usage(count: int, chance: random.Random) -> Iterator[Row]:
    """Use by the day, as programs log it."""
    yield "customer_id", "date", "user_id", "sessions", "minutes", "events"
    users = max(count // 300, 1)
    for number in range(count):
        day, user = FIRST + timedelta(days=number // users), number % users
        minutes = chance.randrange(10, 40_000) / 100
        yield f"cus_{user % (users // 3 + 1):07d}", day, f"u-{user}", chance.randrange(1, 9), minutes, chance.randrange(2500)


KINDS: dict[str, Make] = {"customers": customers, "subscriptions": subscriptions, "payments": payments, "usage": usage}


def plainly(value: object) -> str:
    """A value as programs write it."""
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def persian(value: object) -> str:
    """The same value as a Persian program writes it."""
    if isinstance(value, date):
        return _jalali(value)
    if isinstance(value, float):
        return f"{value:,.2f}".translate(str.maketrans(",.", "٬٫")).translate(PERSIAN)
    return str(value).translate(PERSIAN) if isinstance(value, int) else str(value)


def with_comma(value: object) -> str:
    """The same value with a decimal comma and the day first."""
    if isinstance(value, float):
        return f"{value:,.2f}".translate(str.maketrans(",.", ".,"))
    return value.strftime("%d.%m.%Y") if isinstance(value, date) else str(value)


@lru_cache(None)
def _jalali(day: date) -> str:
    there = jdatetime.date.fromgregorian(date=day)
    return f"{there.year}/{there.month:02d}/{there.day:02d}".translate(PERSIAN)


WAYS: dict[str, Callable[[object], str]] = {"plain": plainly, "persian": persian, "comma": with_comma}


def written(path: Path, make: Make, count: int, way: str) -> None:
    """A file of so many rows in one of the ways of writing."""
    write = WAYS[way]
    with path.open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream, delimiter="," if way == "plain" else ";")
        header, *rows = make(count, random.Random(20261122))  # a fixed seed is the point
        out.writerow(header)
        out.writerows([write(value) for value in row] for row in rows)


def run(*words: str | Path) -> tuple[float, float, float]:
    """Seconds by the clock, of the processor, and peak MiB of one command of cstui and the process it starts."""
    started = time.perf_counter()
    command = [sys.executable, "-c", _USED, sys.executable, "-m", "cstui", *map(str, words)]
    done = subprocess.run(command, capture_output=True, env=ENVIRONMENT, text=True, check=False)
    elapsed = time.perf_counter() - started
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, words))} failed: {done.stderr}")
    processor, peak = done.stdout.split()
    return elapsed, float(processor), int(peak) / 1024


_USED = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, used.ru_maxrss)
sys.exit(done.returncode)
"""


def one_kind(folder: Path, kind: str, count: int, rounds: int) -> dict[str, object]:
    """Every step for one kind, the best of the rounds."""
    sources = {way: folder / f"{kind}_{way}.csv" for way in WAYS}
    for way, path in sources.items():
        written(path, KINDS[kind], count, way)
    clock: dict[str, list[float]] = {}
    processor: dict[str, list[float]] = {}
    peak = 0.0

    def step(name: str, *words: str | Path) -> None:
        nonlocal peak
        took, used, most = run(*words)
        clock.setdefault(name, []).append(took)
        processor.setdefault(name, []).append(used)
        peak = max(peak, most)

    for turn in range(rounds):
        plain = folder / f"{turn}.db"
        step("plain", "import", "--db", plain, sources["plain"])
        for way in ("persian", "comma"):
            step(way, "import", "--db", folder / f"{turn}_{way}.db", sources[way])
        step("again", "import", "--db", plain, sources["plain"])
        step("undo", "undo", "--db", plain)  # the first time: the second changed nothing, and is passed over
        step("redo", "redo", "--db", plain, "1")
        for made in folder.glob("*.db*"):
            made.unlink()
    best = {name: min(used) for name, used in processor.items()}
    return {
        "rows": count,
        "clock_s": {name: round(min(took), 2) for name, took in clock.items()},
        "processor_s": {name: round(used, 2) for name, used in best.items()},
        "cleaned_over_plain": round(max(best["persian"], best["comma"]) / best["plain"], 2),
        **{f"{name}_over_plain": round(best[name] / best["plain"], 2) for name in ("again", "undo", "redo")},
        "peak_mib": round(peak),
    }


def missed(found: dict[str, dict[str, object]]) -> list[str]:
    """The targets that are not met."""
    return [
        f"{kind}: {name} {figures[name]} (at most {most})"
        for kind, figures in found.items()
        for name, most in TARGETS.items()
        if float(str(figures[name])) > most
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the files, measure, print one JSON document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--usage", type=int, default=1_000_000, help="rows of use")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--kind", action="append", choices=tuple(KINDS), help="only these kinds")
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        found = {kind: one_kind(Path(name), kind, args.usage if kind == "usage" else args.rows, args.rounds) for kind in args.kind or KINDS}
    print(json.dumps({"schema": 1, **found}, indent=2))
    misses = missed(found)
    for miss in misses:
        print(miss, file=sys.stderr)
    return 1 if args.check and misses else 0


if __name__ == "__main__":
    raise SystemExit(main())
