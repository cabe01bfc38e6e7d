"""Taking the rows of use of an import back: what `undo` does for the other kinds, for the one keyed by its own columns."""

from __future__ import annotations

import sqlite3

from cstui.base.days import iso, month_start
from cstui.store import undone, usage_rollups
from cstui.store.sql import query

_KEY = ("month", "customer_id", "user_id", "dom")
_VALUES = ("sessions", "minutes", "events", "file_id", "line")
_SAME = " AND ".join(f"p.{name} = o.{name}" for name in _KEY)


def undo(db: sqlite3.Connection, chosen: int) -> tuple[int, list[str], int]:
    """Take back the use of import `chosen`; `temp.gone` has its files. Gives rows reversed, why others stay, and how many are gone.

    Afterwards `usage_month` is in step, and stubs that may be named no more are in `temp.touched_customer`.
    """
    if not db.execute("SELECT EXISTS (SELECT 1 FROM import_file WHERE import_id = ? AND kind = 'usage')", (chosen,)).fetchone()[0]:
        return 0, [], 0
    failed = undone.remember_usage(db, chosen)
    undone.remember_names(db, chosen)
    stayed = _hand_down(db, chosen)
    db.execute(
        "INSERT OR IGNORE INTO temp.touched_usage(month, customer_id) "
        "SELECT DISTINCT month, customer_id FROM usage WHERE file_id IN (SELECT id FROM temp.gone)"
    )
    db.execute(query("usage_touch_prior"), {"import": chosen})
    assigned = ", ".join(f"{name} = p.{name}" for name in _VALUES)
    done = db.execute(
        f"UPDATE usage AS o SET {assigned} FROM usage_prior AS p WHERE p.import_id = ? AND {_SAME} "
        "AND o.file_id IN (SELECT id FROM temp.gone)",
        (chosen,),
    ).rowcount
    done += db.execute("DELETE FROM usage WHERE file_id IN (SELECT id FROM temp.gone)").rowcount
    db.execute("DELETE FROM usage_prior WHERE import_id = ?", (chosen,))
    db.execute(query("usage_touch_stubs"))
    usage_rollups.months(db)
    db.execute(query("usage_users_drop"))
    return done, stayed, failed


def name_customers(db: sqlite3.Connection) -> None:
    """Make TEMP `usage_customer(id, rank, file_id, line)`: which of the stubs an undo looks at are still named by use, and first where.

    Rank 0 is a row, 1 one that is only remembered. Without an index by customer, one pass finds them all.
    """
    db.execute(
        "CREATE TEMP TABLE usage_customer(id INTEGER, rank INTEGER, file_id INTEGER, line INTEGER, PRIMARY KEY(id, rank)) WITHOUT ROWID"
    )
    stubs = "SELECT id FROM customer WHERE stub AND (id IN (SELECT id FROM temp.touched_customer) OR file_id IS NULL)"
    if not db.execute(f"SELECT EXISTS ({stubs})").fetchone()[0]:
        return
    for rank, table in enumerate(("usage", "usage_prior")):
        db.execute(
            "INSERT INTO temp.usage_customer(id, rank, file_id, line) "
            f"SELECT customer_id, {rank}, min(place) >> 32, min(place) & 4294967295 "
            f"FROM (SELECT customer_id, file_id << 32 | line AS place FROM {table} WHERE customer_id IN ({stubs})) GROUP BY customer_id"
        )


def _hand_down(db: sqlite3.Connection, chosen: int) -> list[str]:
    """What later imports remember of this one's rows becomes what was before it; says which rows stay as they made them."""
    held = f"FROM usage_prior AS o WHERE o.import_id <> {int(chosen)} AND o.file_id IN (SELECT id FROM temp.gone)"
    stayed = [
        f"usage {customer} on {iso(month_start(month) + dom - 1)}{f' by {user}' if user else ''}: changed since by import {later}"
        for customer, user, month, dom, later in db.execute(
            "SELECT c.customer_id, u.user_id, o.month, o.dom, o.import_id FROM usage_prior AS o JOIN customer AS c ON c.id = o.customer_id "
            f"LEFT JOIN usage_user AS u ON u.id = o.user_id WHERE o.import_id <> {int(chosen)} "
            "AND o.file_id IN (SELECT id FROM temp.gone) ORDER BY o.month, o.dom, c.fold, u.user_id"
        )
    ]
    own = f"SELECT 1 FROM usage_prior AS p WHERE p.import_id = {int(chosen)} AND {_SAME}"
    db.execute(f"CREATE TEMP TABLE held AS SELECT o.import_id AS later, {', '.join(f'o.{name}' for name in _KEY)} {held}")
    db.execute(f"DELETE {held} AND NOT EXISTS ({own})")
    assigned = ", ".join(f"{name} = p.{name}" for name in _VALUES)
    db.execute(
        f"UPDATE usage_prior AS o SET {assigned} FROM usage_prior AS p, temp.held AS h WHERE p.import_id = {int(chosen)} AND {_SAME} "
        f"AND o.import_id = h.later AND {' AND '.join(f'h.{name} = o.{name}' for name in _KEY)}"
    )
    db.execute("DROP TABLE temp.held")
    return stayed
