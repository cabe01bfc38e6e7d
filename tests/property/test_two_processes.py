"""A large file of use read by two processes comes to what one process makes of it: words, log, facts, rollups and problems."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from tests.e2e.command import cstui, environment

TWO = hasattr(os, "fork") and hasattr(os, "sched_getaffinity") and len(os.sched_getaffinity(0)) > 1
pytestmark = [pytest.mark.e2e, pytest.mark.skipif(not TWO, reason="needs two processors, and a say in how many are used")]

LEAST = 9 << 20
"""Bytes from which on a second process reads too, and some more."""
BLOCK = 1 << 22
HEADER = "customer_id,date,user_id,sessions,minutes,events"
BAD = ("2025-02-30", "yesterday", "", "31.12.2025", "2025-13-01")
ODD_IDS = ("1E+05", "1e+05", "1234567890123450000", "کاف", "كاف", " c1 ", "c1\u200e", "x" * 70, "X" * 70, "'=c", "Acme Inc", "")


def rows(chance: Random, customers: int) -> Iterator[str]:
    """Endless messy rows; what stands in early ones may come again late, and the other way round."""
    while True:
        at = chance.random()
        customer = chance.choice(ODD_IDS) if at < 0.01 else f"c{chance.randrange(customers)}"
        user = chance.choice(ODD_IDS) if 0.005 < at < 0.02 else f"u-{chance.randrange(900)}"
        day = f"2025-{chance.randrange(1, 13):02d}-{chance.randrange(1, 29):02d}"
        day = chance.choice(BAD) if 0.02 < at < 0.03 else f"{day} 09:30:00" if 0.03 < at < 0.05 else day
        minutes = chance.choice(("", "0.5", "12.25", "1234", "nan", "-1", "۳٫۵", "1.0005")) if at > 0.9 else str(chance.randrange(900))
        yield f"{customer},{day},{user},{chance.choice(('', '1', '2', '3'))},{minutes},{chance.choice(('', '7', 'many', '1,5'))}".replace(
            "1,5", '"1,005"'
        )


ODDITIES = {
    "nothing": (),
    "quotes": ('c1,2025-01-01,"u ""1""",1,1,1', '"c,1",2025-01-01,u,1,1,1', '"c1",2025-01-02,u7,1,1,1'),
    "many lines": ('c1,2025-01-01,"u\n1",1,1,1', 'c1,2025-01-03,"u\n\n2",2,2,2'),
    "shapes": ("c1,2025-01-01", "c1,2025-01-01,u,1,1,1,1,1", "c1,2025-01-04,u,1,1,1,,,", "  ,,,,,"),
    "the header": (HEADER,),
    "a carriage return": ("c1,2025-01-05,u\r1,1,1,1",),
    "days first": ("c1,31/01/2025,u,1,1,1", "c1,02/01/2025,u,1,1,1"),
}


def written(path: Path, seed: int, oddity: str, place: float) -> None:
    """A file with something odd at a share of it, and again soon after."""
    chance = Random(seed)
    made, size = [HEADER], 0
    lines = rows(chance, chance.choice((40, 4000)))
    odd = list(ODDITIES[oddity])
    while size < LEAST:
        if odd and size > place * LEAST:
            made.append(odd.pop())
        made.append(next(lines))
        size += len(made[-1]) + 1
    end = chance.choice(("\n", "\r\n"))
    text = end.join(made) + chance.choice((end, ""))
    path.write_bytes((chance.choice(("", "\ufeff")) + text).encode())


def everything(workspace: Path) -> dict[str, list[tuple[object, ...]]]:
    """All that a workspace holds, but when its tables were made."""
    with closing(sqlite3.connect(workspace)) as db:
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1") if name[0] != "_"]
        return {name: db.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall() for name in names}


def run(workspace: Path, *arguments: str, processors: set[int]) -> tuple[int, bytes, bytes]:
    """`cstui import`, on these processors."""
    command = [sys.executable, "-m", "cstui", "import", "--db", str(workspace), *arguments]
    done = subprocess.run(
        command, capture_output=True, env=environment(workspace.parent), cwd=workspace.parent, timeout=300, check=False,
        preexec_fn=lambda: os.sched_setaffinity(0, processors),
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


CASES = [
    (1, "nothing", 0.0, ()),
    (2, "quotes", 0.2, ("--clear",)),
    (3, "many lines", 0.9, ()),
    (4, "shapes", 0.7, ("--set", "user_id=one")),
    (5, "the header", 0.97, ()),
    (6, "a carriage return", 0.3, ()),
    (7, "days first", 0.95, ()),
    (8, "many lines", 0.1, ()),
    (9, "the header", 0.6, ("--clear",)),
    (10, "quotes", 0.8, ()),
]


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "oddity", "place", "options"), CASES)
def test_two_processes_come_to_what_one_does(seed: int, oddity: str, place: float, options: tuple[str, ...], tmp_path: Path) -> None:
    both, alone = (tmp_path / name / "desk.db" for name in ("both", "alone"))
    processors = os.sched_getaffinity(0)
    for number in (1, 2):
        written(tmp_path / f"use{number}.csv", seed * 10 + number, oddity, place if number == 1 else 1 - place)
    (tmp_path / "customers.csv").write_text("customer_id,name\nc1,One\nc2,Two\nC3,Three\n", encoding="utf-8")
    for workspace in (both, alone):
        workspace.parent.mkdir()
    if seed % 2:
        assert cstui("import", tmp_path / "customers.csv", "--db", both, home=tmp_path).status == 0
        assert cstui("forget", "c2", "--yes", "--db", both, home=tmp_path).status == 0
        shutil.copy(both, alone)
    for files in (("use1.csv",), ("use2.csv", "use1.csv")):
        told = [
            run(workspace, *options, *(str(tmp_path / name) for name in files), processors=where)
            for workspace, where in ((both, processors), (alone, {min(processors)}))
        ]
        assert told[0] == told[1]
        assert everything(both) == everything(alone)
