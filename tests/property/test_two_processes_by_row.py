"""A large list of subscriptions, customers or payments read by two processes comes to what one process makes of it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from tests.e2e.command import cstui
from tests.property.test_two_processes import LEAST, TWO, everything, run

pytestmark = [pytest.mark.e2e, pytest.mark.skipif(not TWO, reason="needs two processors, and a say in how many are used")]

HEADERS = {
    "subscriptions": (
        "subscription_id",
        "customer_id",
        "Customer name",
        "amount",
        "currency",
        "interval",
        "status",
        "started_at",
        "ended_at",
    ),
    "customers": ("customer_id", "name", "email", "country", "shade", "created_at"),
    "payments": ("payment_id", "customer_id", "amount", "currency", "kind", "status", "due_at", "paid_at"),
}
"""Without the memo at the end of each row."""
DAYS = {"subscriptions": "started_at", "customers": "created_at", "payments": "paid_at"}
DATES = ("2024-02-30", "yesterday", "", "1403/05/12", "2024-05-01 09:30:00", "31.12.2024", "1999-01-01")
AMOUNTS = ("", "nan", "$ 9", '"1,200.50"', "-3", "0", "۱۲٫۵", "9" * 25, '"12,3,4"')
IDS = ("1E+05", "1e+05", "1234567890123450000", "کاف", "كاف", " c1 ", "C1", "c1\u200e", "", "  ", "'=c", "x" * 70)
NAMES = ("Acme", "Acme Ltd", "شرکت نور", "شركت نور", "", " ", "[/]", "'=1+1", "O'Hara", "a\tb")
MEMO = "rest " * 60
"""Makes rows long, and a large file of few."""


def rows(kind: str, chance: Random, customers: int) -> Iterator[dict[str, str]]:
    """Endless messy rows; customers come again, and mostly say again what they have said."""
    number = 0
    while True:
        number += 1
        at, who = chance.random(), chance.randrange(customers)
        own = number if at < 0.9 else chance.randrange(number)
        name = chance.choice(NAMES) if 0.02 < at < 0.06 else f"Name {who % 97}"
        day = f"202{chance.randrange(1, 6)}-{chance.randrange(1, 13):02d}-{chance.randrange(1, 29):02d}"
        later = chance.choice(("", "", "2026-01-31", day))
        cells = {
            "subscription_id": f"s{own}",
            "payment_id": f"p{own}",
            "customer_id": chance.choice(IDS) if at < 0.02 else f"c{who}",
            "Customer name": name,
            "name": name,
            "email": chance.choice(("", f"a{who}@example.com")),
            "country": chance.choice(("IR", "DE", "")),
            "shade": chance.choice("ab"),
            "amount": chance.choice(AMOUNTS) if 0.09 < at < 0.12 else str(chance.randrange(5, 900)),
            "currency": chance.choice(("USD", "usd", "", "USD", "DOLLAR")),
            "interval": chance.choice(("month", "year", "Monthly", "fortnight")) if at > 0.3 else "",
            "status": chance.choice(("", "active", "cancelled", "odd") if kind == "subscriptions" else ("", "paid", "open", "odd")),
            "kind": chance.choice(("", "recurring", "refund")),
            "due_at": later,
            "ended_at": later,
        }
        cells[DAYS[kind]] = chance.choice(DATES) if 0.06 < at < 0.09 else day
        yield {name: cells[name] for name in HEADERS[kind]} | {"memo": MEMO[: chance.randrange(len(MEMO))]}


MEMOS = {
    "many lines": ('"one\ntwo ""quoted""\n\nthree"', '"\n"', '"a\r\nb"'),
    "stray quotes": ('5" pipe', '"one\ntwo"', '12" pipe and 3" nail'),
    "an open quote": ('"never closed',),
    "a carriage return": ("one\rtwo",),
}
"""What is odd in the last cell of rows."""
ROWS = {
    "the header": ("{header}",),
    "shapes": ("c1,2024-01-01", ",,,,,,,,,,,,,,,,,,,", "  ,,,,,", ""),
    "a mark": ("\ufeffc1,2024-01-01",),
}
"""Odd in themselves."""


def written(path: Path, kind: str, seed: int, oddity: str, place: float) -> None:
    """A file with something odd at a share of it, and again soon after."""
    chance = Random(seed)
    header = ",".join((*HEADERS[kind], "memo"))
    made, size = [header], 0
    memos, odd = list(MEMOS.get(oddity, ())), [row.format(header=header) for row in ROWS.get(oddity, ())]
    days = ["31/12/2024", "03/04/2024"] if oddity == "a day first" else []
    for cells in rows(kind, chance, chance.choice((30, 6000))):
        if size > place * LEAST:
            made += [odd.pop()] if odd else []
            cells.update({"memo": memos.pop()} if memos else {})
            cells.update({DAYS[kind]: days.pop()} if days else {})
        made.append(",".join(cells.values()))
        size += len(made[-1]) + 1
        if size > LEAST:
            break
    end = chance.choice(("\n", "\r\n"))
    path.write_bytes((chance.choice(("", "\ufeff")) + end.join(made) + chance.choice((end, ""))).encode())


def of_each_file(workspace: Path) -> dict[str, list[tuple[object, ...]]]:
    """All that a workspace holds; of what was refused the order in each file, not among files, which is by blocks."""
    found = everything(workspace)
    return found | {"problem": [(file, line, *said) for file, line, _, *said in found["problem"]]}


CASES = [
    (1, "subscriptions", "nothing", 0.0, ()),
    (2, "subscriptions", "many lines", 0.2699, ("--as", "subscriptions", "--clear")),
    (3, "customers", "stray quotes", 0.1, ()),
    (4, "payments", "shapes", 0.6, ()),
    (5, "subscriptions", "an open quote", 0.8, ()),
    (7, "subscriptions", "a day first", 0.9, ()),
    (9, "subscriptions", "a carriage return", 0.05, ()),
]


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "kind", "oddity", "place", "options"), CASES)
def test_two_processes_come_to_what_one_does(
    seed: int, kind: str, oddity: str, place: float, options: tuple[str, ...], tmp_path: Path
) -> None:
    both, alone = (tmp_path / name / "desk.db" for name in ("both", "alone"))
    processors = os.sched_getaffinity(0)
    for number in (1, 2):
        written(tmp_path / f"list{number}.csv", kind, seed * 10 + number, oddity if number == 1 else "nothing", place)
    (tmp_path / "customers.csv").write_text("customer_id,name\nc1,One\nc2,Two\nC3,Three\n", encoding="utf-8")
    for workspace in (both, alone):
        workspace.parent.mkdir()
    if seed % 2:
        assert cstui("import", tmp_path / "customers.csv", "--db", both, home=tmp_path).status == 0
        assert cstui("forget", "c2", "--yes", "--db", both, home=tmp_path).status == 0
        shutil.copy(both, alone)
    for files in (("list1.csv",), ("list2.csv", "list1.csv")):
        told = [
            run(workspace, "--json", *options, *(str(tmp_path / name) for name in files), processors=where)
            for workspace, where in ((both, processors), (alone, {min(processors)}))
        ]
        assert told[0] == told[1]
        assert both.exists() == alone.exists()
        assert not both.exists() or of_each_file(both) == of_each_file(alone)
