"""The texts by which answers and costs without an id are found, written anew for a workspace that has them in an older form."""

from __future__ import annotations

import sqlite3

from cstui.base.matching import PART, Matcher
from cstui.base.records import RECORDS, Kind

SINCE = 6
"""The form of the workspace that has them as they are now."""
_TABLES = ((Kind.SURVEYS, "survey"), (Kind.COSTS, "cost"))


def renew(db: sqlite3.Connection) -> None:
    """Write them anew, inside the caller's transaction."""
    for kind, table in _TABLES:
        names = RECORDS[kind].names
        columns = ", ".join("c.fold" if name == "customer_id" else f"o.{name}" for name in names)
        source = f"{table} AS o" + (" JOIN customer AS c ON c.id = o.customer_id" if "customer_id" in names else "")
        rows = db.execute(f"SELECT o.id, {columns} FROM {source} WHERE o.match LIKE ? ORDER BY o.id", (f"row{PART}%",)).fetchall()
        if not rows:
            continue
        ids, *values = zip(*rows, strict=True)
        texts = Matcher(kind, "").texts(dict(zip(names, values, strict=True)))
        # In two steps: a new text may be another row's old one.
        for pairs in ([(f"new{PART}{text}", number) for number, text in zip(ids, texts, strict=True)], list(zip(texts, ids, strict=True))):
            db.executemany(f"UPDATE {table} SET match = ? WHERE id = ?", pairs)
        db.execute(f"UPDATE {table}_prior SET match = o.match FROM {table} AS o WHERE o.id = {table}_prior.id")
