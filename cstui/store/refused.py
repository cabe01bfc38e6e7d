"""The raw cells of refused rows: kept with the import for a while, so that they can be written out and mended later.

What is kept of a forgotten customer's row is nothing. Knows no file format.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import groupby
from json import loads

from cstui.base.days import iso
from cstui.base.problems import FORGOTTEN, Problem
from cstui.store import undone

KEPT_DAYS = 90
"""Days after the import for which raw text is kept."""

_PROBLEMS = "SELECT line, \"column\", code, value, message FROM problem WHERE file_id = ? AND severity = 'refused' ORDER BY line, seq"


def keep(db: sqlite3.Connection, first: int, day: int) -> None:
    """Keep what the staging file holds, for files from number `first` on; let go what is too old on `day`."""
    db.execute(
        "INSERT OR IGNORE INTO refused_row(file_id, line, cells) SELECT ? + r.file, r.line, r.cells FROM s_refused AS r WHERE NOT EXISTS "
        "(SELECT 1 FROM problem AS p WHERE p.file_id = ? + r.file AND p.line = r.line AND p.code = ?)",
        (first, first, FORGOTTEN),
    )
    let_go(db, day)


def overdue(db: sqlite3.Connection, day: int) -> bool:
    """Whether anything is kept that should be let go on `day`. A look at the log, not at what it kept."""
    old = "SELECT 1 FROM import_file AS f WHERE f.day < ? AND EXISTS (SELECT 1 FROM refused_row AS r WHERE r.file_id = f.id)"
    taken_back = "SELECT 1 FROM import AS i WHERE i.undone_at < ? AND EXISTS (SELECT 1 FROM undone_kind AS k WHERE k.import_id = i.id)"
    bounds = (day - KEPT_DAYS, iso(day - undone.KEPT_DAYS))
    return bool(db.execute(f"SELECT EXISTS ({old}) OR EXISTS ({taken_back})", bounds).fetchone()[0])


def let_go(db: sqlite3.Connection, day: int) -> None:
    """Let go of what is too old on `day`: raw text of refused rows, and what undos took away."""
    purge(db, day)
    undone.purge(db, iso(day - undone.KEPT_DAYS))


def purge(db: sqlite3.Connection, day: int) -> int:
    """Let go of the raw text of imports more than `KEPT_DAYS` before `day`; how many rows."""
    return db.execute("DELETE FROM refused_row WHERE file_id IN (SELECT id FROM import_file WHERE day < ?)", (day - KEPT_DAYS,)).rowcount


def any_kept(db: sqlite3.Connection, file: int) -> bool:
    """Whether the raw text of a logged file's refused rows is still there."""
    return bool(db.execute("SELECT EXISTS (SELECT 1 FROM refused_row WHERE file_id = ?)", (file,)).fetchone()[0])


def rows(db: sqlite3.Connection, file: int) -> Iterator[tuple[int, list[str], list[Problem]]]:
    """Each refused row of a logged file whose raw text is still there: line, cells, problems."""
    problems = {line: list(own) for line, own in groupby((Problem(*row) for row in db.execute(_PROBLEMS, (file,))), key=lambda p: p.line)}
    for line, cells in db.execute("SELECT line, cells FROM refused_row WHERE file_id = ? ORDER BY line", (file,)):
        yield line, loads(cells), problems.get(line, [])
