"""Writes a big company as plain templates: 100,000 customers and about 355,000 changes of MRR over 36 months, seeded.

`python -m benchmarks.big_company FOLDER [CUSTOMERS]` writes customers.csv and subscriptions.csv. It is the company that the
movement benchmark measures; its amounts divide by twelve, so that plain SQL can be exact in whole cents too.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

SEED = 11
FIRST = date(2023, 11, 1)
THROUGH = date(2026, 10, 31)
CUSTOMERS = 100_000

SEGMENTS = ("small", "mid-market", "enterprise")
REGIONS = ("Gulf", "Mashriq", "Maghreb", "Iran", "Europe")
PLANS = (("start", 1_200), ("team", 3_600), ("business", 6_000))
_SPAN = (THROUGH - FIRST).days + 1
_DAYS = tuple((FIRST + timedelta(days=n)).isoformat() for n in range(_SPAN))

CUSTOMER_HEADER = "customer_id,name,created_at,segment,region"
SUBSCRIPTION_HEADER = "subscription_id,customer_id,started_at,amount,plan,currency,interval,quantity,discount,status,ended_at"


def write(folder: Path, customers: int = CUSTOMERS) -> int:
    """Write both templates. Returns how many times a customer's MRR changes."""
    chance = random.Random(SEED).random
    changes = 0
    with (
        (folder / "customers.csv").open("w", encoding="utf-8") as people,
        (folder / "subscriptions.csv").open("w", encoding="utf-8") as rows,
    ):
        people.write(CUSTOMER_HEADER + "\n")
        rows.write(SUBSCRIPTION_HEADER + "\n")
        for number in range(customers):
            start = int(chance() * chance() * _SPAN)
            people.write(f"c-{number},Company {number},{_DAYS[start]},{SEGMENTS[int(chance() * 3)]},{REGIONS[int(chance() * 5)]}\n")
            for line, steps in _life(number, start):
                rows.write(line)
                changes += steps
    return changes


def _life(number: int, start: int) -> Iterator[tuple[str, int]]:
    """Subscription rows of one customer, each with the changes of MRR it brings: a start or a change, and perhaps an end."""
    chance = random.Random(SEED * 1_000_003 + number).random
    contract, day = 0, start
    plan, cents = PLANS[int(chance() * 3)]
    seats = 1 + int(chance() * 9)
    yearly = chance() < 0.25
    while True:
        lasts = 30 + int(chance() * 354)
        past = day + lasts
        what = chance()
        ends = past < _SPAN and what < 0.34
        interval, amount = ("year", cents * 10) if yearly else ("month", cents)
        ended, status = (_DAYS[past], "cancelled") if ends else ("", "active")
        discount = f"{seats * 1.2:.2f}" if number % 10 == 0 else ""
        name, price = f"s-{number}-{contract}", f"{amount // 100}.{amount % 100:02d}"
        yield f"{name},c-{number},{_DAYS[day]},{price},{plan},USD,{interval},{seats},{discount},{status},{ended}\n", 1 + ends
        if past >= _SPAN:
            return
        if not ends:
            more, by = chance() < 0.65, 1 + int(chance() * 3)
            seats += by if more or seats <= by else -by
            day = past
            continue
        if what > 0.08:
            return
        contract, day = contract + 1, past + 30 + int(chance() * 150)
        if day >= _SPAN:
            return


def main() -> None:
    """Write the company into the folder named on the command line."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    changes = write(folder, int(sys.argv[2]) if len(sys.argv) > 2 else CUSTOMERS)
    print(f"{folder}: {changes:,} changes of MRR")


if __name__ == "__main__":
    main()
