"""Rows per second of `cstui import` against `sqlite-utils insert --csv`, on the same messy file, in the same run.

    python -m benchmarks.import_subscriptions [--rows 200000] [--rounds 3] [--as subscriptions] [--check]

Both are whole processes into a new file. cstui's is the whole import: validation, provenance, duplicates, MRR steps and
rollups; sqlite-utils' is a bare insert without a key. The target is a ratio of at least 3. The best of the rounds counts for
both; a first run of each, on a few rows, has compiled what they load.

The file also names its customers: cstui makes a customer of each besides, unless `--as subscriptions` is asked for. Prints one
JSON document.
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
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = 3
HEADER = (
    "subscription_id", "customer_id", "Customer name", "plan", "amount", "currency", "interval", "interval_count", "quantity", "discount",
    "status", "started_at", "trial_end", "cancel_requested_at", "ended_at",
)  # fmt: skip
IMPORT = (sys.executable, "-m", "cstui", "import")
_WORDS = "نور سما آراد پویان رستم Kestrel Orion Blue Delta Façade شرکت شركة بهار Marsh Łódź Nørd".split()
_PLANS = ("basic", "team", "pro", "enterprise", "پایه", "متقدم")
_BAD = (
    ("amount", "12,3,4"), ("amount", "nan"), ("started_at", "2025-02-30"), ("started_at", ""), ("currency", "DOLLAR"),
    ("interval", "fortnight"), ("interval_count", "0"), ("quantity", "-3"), ("customer_id", ""), ("ended_at", "1999-01-01"),
)  # fmt: skip


def rows(count: int, chance: random.Random) -> Iterator[list[str]]:
    """Messy subscription rows: three ways of writing dates, blanks, versions of one subscription, about 1 % that must be refused."""
    made = 0
    first = date(2021, 1, 1)
    while made < count:
        number = made
        customer = chance.randrange(count // 3)
        start = first + timedelta(days=chance.randrange(1700))
        for _ in range(min(chance.choices((1, 2, 3), (80, 15, 5))[0], count - made)):
            row = _row(number, customer, start, chance)
            if chance.random() < 0.01:
                name, value = chance.choice(_BAD)
                row[HEADER.index(name)] = value
            yield row
            made += 1
            start += timedelta(days=chance.randrange(30, 300))


def _row(number: int, customer: int, start: date, chance: random.Random) -> list[str]:
    trial = start + timedelta(days=14) if chance.random() < 0.2 else None
    end = start + timedelta(days=chance.randrange(20, 900)) if chance.random() < 0.45 else None
    asked = end - timedelta(days=10) if end and chance.random() < 0.5 else None
    amount = chance.choice((9, 19, 29, 49, 99, 199, 490, 1200)) + chance.choice((0, 0, 0.5, 0.99))
    text = f"{amount:,.2f}" if chance.random() < 0.5 else f"{amount:g}"
    return [
        f"sub_{number:07d}", f"cus_{customer:06d}", _name(customer, chance),
        chance.choice(_PLANS), f"$ {text}" if chance.random() < 0.05 else text, chance.choice(("USD", "usd", "USD", "")),
        chance.choice(("month", "monthly", "Monthly", "year", "annual", "quarter", "")), chance.choice(("1", "1", "", "")),
        chance.choice(("1", "", "3", "10", "25")), chance.choice(("", "", "", "5", "2.50")),
        chance.choice(("active", "Active", "", "active", "past_due")) if end is None else "canceled",
        _date(start, chance), _date(trial, chance), _date(asked, chance), _date(end, chance),
    ]  # fmt: skip


def _name(customer: int, chance: random.Random) -> str:
    """What a customer is called, in one row of fifty written otherwise."""
    name = f"{_WORDS[customer % len(_WORDS)]} {_WORDS[customer // 7 % len(_WORDS)]} {customer % 1000}"
    return f"{name} Ltd" if chance.random() < 0.02 else name


def _date(day: date | None, chance: random.Random) -> str:
    if day is None:
        return ""
    way = chance.random()
    if way < 0.6:
        return day.isoformat()
    if way < 0.75:
        return day.strftime("%Y/%m/%d")
    return day.strftime("%d/%m/%Y") if way < 0.9 else f"{day.isoformat()} {chance.randrange(24):02d}:15:00"


def measured(command: Sequence[str | Path], environment: dict[str, str]) -> tuple[float, float]:
    """Seconds and peak resident MiB of a command, its children included."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-c", _PEAK, *map(str, command)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, text=True
    )
    told, _ = process.communicate()
    elapsed = time.perf_counter() - started
    if process.returncode:
        raise SystemExit(f"{command[0]} failed with {process.returncode}")
    return elapsed, int(told) / 1024


_PEAK = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(done.returncode)
"""


def main() -> int:
    """Make the file, measure both, print the ratio; with `--check`, exit status 1 where it is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--as", dest="kind", metavar="KIND", help="`subscriptions`: the names stay out")
    parser.add_argument("--keep", metavar="FILE", help="keep the generated CSV here")
    parser.add_argument("--check", action="store_true", help="exit 1 where the target is missed")
    args = parser.parse_args()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "CSTUI_TODAY": "2026-11-22"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # both run compiled, as they do wherever they are installed
    other = Path(sys.executable).with_name("sqlite-utils")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "subscriptions.csv")
        with source.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(HEADER)
            writer.writerows(rows(args.rows, random.Random(20261122)))  # a fixed seed is the point
        if args.keep:
            shutil.copy(source, args.keep)
        small = Path(folder, "first.csv")
        with source.open(encoding="utf-8") as whole, small.open("w", encoding="utf-8") as part:
            part.writelines(islice(whole, 1_000))
        measured([sys.executable, "-m", "cstui", "import", "--db", Path(folder, "first.db"), small], environment)
        measured([other, "insert", Path(folder, "first-plain.db"), "subscription", small, "--csv"], environment)
        ours, theirs, peak = [], [], 0.0
        for turn in range(args.rounds):
            target = Path(folder, f"cstui{turn}.db")
            seconds, mebibytes = measured([*IMPORT, *(["--as", args.kind] if args.kind else []), "--db", target, source], environment)
            ours.append(seconds)
            peak = max(peak, mebibytes)
            theirs.append(measured([other, "insert", Path(folder, f"plain{turn}.db"), "subscription", source, "--csv"], environment)[0])
            print(f"round {turn + 1}: {ours[-1]:.2f} s, sqlite-utils {theirs[-1]:.2f} s", file=sys.stderr)
        size = source.stat().st_size / 1e6
    ratio = min(theirs) / min(ours)
    found = {
        "rows": args.rows,
        "megabytes": round(size, 1),
        "rows_per_s": round(args.rows / min(ours)),
        "sqlite_utils_rows_per_s": round(args.rows / min(theirs)),
        "ratios": [round(their / our, 2) for their, our in zip(theirs, ours, strict=True)],
        "sqlite_utils_over_cstui": round(ratio, 2),
        "peak_mib": round(peak),
    }
    print(json.dumps({"schema": 1, **found}, indent=2))
    return 1 if args.check and ratio < TARGET else 0


if __name__ == "__main__":
    sys.exit(main())
