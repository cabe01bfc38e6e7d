"""Bringing rows of use back that an undo took away: what `redo` does for the other kinds, for whole months at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from cstui.base.days import iso, month_start

_VALUES = ("sessions", "minutes", "events", "file_id", "line")
_KEY = ("month", "customer_id", "user_id", "dom")
_SHOWN = "month, customer_id, user_id, dom"


def redo(db: sqlite3.Connection, chosen: int, customers: Mapping[int, int]) -> tuple[int, list[str]]:
    """Bring the use of import `chosen` back; gives how many rows, and why others stay as they are. Touches what it writes."""
    if not db.execute("SELECT EXISTS (SELECT 1 FROM usage_undone WHERE import_id = ?)", (chosen,)).fetchone()[0]:
        return 0, []
    _name_users(db, chosen)
    if (whole := _whole(db, chosen, customers)) is not None:
        return whole, []
    _renumber(db, chosen, customers)
    own, was = (", ".join(f"j.{prefix}{name}" for name in _VALUES) for prefix in ("", "was_"))
    key = ", ".join(f"j.{name}" for name in _KEY)
    same = " AND ".join(f"o.{name} = j.{name}" for name in _KEY)
    like = " AND ".join(f"o.{name} IS j.was_{name}" for name in _VALUES)
    prior = f"INSERT OR REPLACE INTO usage_prior(import_id, {_SHOWN}, {', '.join(_VALUES)})"
    # Rows that a later import has changed: it remembers what this one left.
    held = "temp.again AS j WHERE j.later <> 0"
    done = db.execute(f"{prior} SELECT j.later, {key}, {own} FROM {held}").rowcount
    db.execute(f"{prior} SELECT {int(chosen)}, {key}, {was} FROM {held} AND NOT j.new")
    # Rows that are there as they were before.
    changing = f"temp.again AS j JOIN usage AS o ON {same} WHERE j.later = 0 AND NOT j.new AND {like}"
    db.execute(f"{prior} SELECT {int(chosen)}, {key}, {was} FROM {changing}")
    there = f"EXISTS (SELECT 1 FROM usage AS o WHERE {same} AND {like})"
    db.execute(f"UPDATE temp.again AS j SET done = 1 WHERE j.later = 0 AND NOT j.new AND {there}")
    assigned = ", ".join(f"{name} = j.{name}" for name in _VALUES)
    done += db.execute(f"UPDATE usage AS o SET {assigned} FROM temp.again AS j WHERE j.done AND {same}").rowcount
    # Rows that are not there.
    fresh = f"j.later = 0 AND j.new AND NOT EXISTS (SELECT 1 FROM usage AS o WHERE {same})"
    db.execute(f"UPDATE temp.again AS j SET done = 2 WHERE {fresh}")
    done += db.execute(
        f"INSERT INTO usage({_SHOWN}, {', '.join(_VALUES)}) SELECT {key}, {own} FROM temp.again AS j WHERE j.done = 2 ORDER BY {key}"
    ).rowcount
    db.execute("INSERT OR IGNORE INTO temp.touched_usage(month, customer_id) SELECT DISTINCT month, customer_id FROM temp.again WHERE done")
    why = [
        f"usage {customer} on {iso(month_start(month) + dom - 1)}: changed since it was taken back"
        for customer, month, dom in db.execute(
            "SELECT c.customer_id, j.month, j.dom FROM temp.again AS j JOIN customer AS c ON c.id = j.customer_id "
            "WHERE j.later = 0 AND NOT j.done ORDER BY j.month, j.dom, c.fold"
        )
    ]
    db.execute("DROP TABLE temp.again")
    return done, why


def _name_users(db: sqlite3.Connection, chosen: int) -> None:
    """Users who are not there any more are again, under their numbers of then where these are free."""
    missing = "FROM undone_user WHERE import_id = ? AND user_id NOT IN (SELECT user_id FROM usage_user) ORDER BY id"
    db.execute(f"INSERT OR IGNORE INTO usage_user(id, user_id) SELECT id, user_id {missing}", (chosen,))
    db.execute(f"INSERT INTO usage_user(user_id) SELECT user_id {missing}", (chosen,))


def _whole(db: sqlite3.Connection, chosen: int, customers: Mapping[int, int]) -> int | None:
    """Bring all rows back as they stand, where the import made every one, their numbers hold and their places are free: in key order.

    Gives how many; None where that is not so, and nothing is done.
    """
    if any(then != now for then, now in customers.items()):
        return None
    others = "SELECT 1 FROM undone_user AS x JOIN usage_user AS w ON w.user_id = x.user_id WHERE x.import_id = :number AND w.id <> x.id"
    own = "FROM usage_undone WHERE import_id = :number"
    count, plain, renumbered = db.execute(
        f"SELECT count(*), sum(new AND NOT later), EXISTS ({others}) {own}", {"number": chosen}
    ).fetchone()  # fmt: skip
    if plain < count or renumbered:
        return None
    columns = f"{_SHOWN}, {', '.join(_VALUES)}"
    db.execute("SAVEPOINT whole")
    done = db.execute(f"INSERT OR IGNORE INTO usage({columns}) SELECT {columns} {own} ORDER BY {_SHOWN}", {"number": chosen}).rowcount
    if done < count:  # rows of the same keys have come since
        db.execute("ROLLBACK TO whole")
        db.execute("RELEASE whole")
        return None
    db.execute("RELEASE whole")
    db.execute(f"INSERT OR IGNORE INTO temp.touched_usage(month, customer_id) SELECT DISTINCT month, customer_id {own}", {"number": chosen})
    return done


def _renumber(db: sqlite3.Connection, chosen: int, customers: Mapping[int, int]) -> None:
    """Make TEMP `again`: the remembered rows in the numbers of now; `later` 0 where the later import was taken back too."""
    db.execute("CREATE TEMP TABLE numbered(old INTEGER PRIMARY KEY, now INTEGER NOT NULL)")
    db.executemany("INSERT INTO temp.numbered(old, now) VALUES (?, ?)", customers.items())
    later = "CASE WHEN EXISTS (SELECT 1 FROM import AS i WHERE i.id = u.later AND i.undone_at IS NULL) THEN u.later ELSE 0 END"
    values = ", ".join(f"u.{prefix}{name} AS {prefix}{name}" for prefix in ("", "was_") for name in _VALUES)
    db.execute(
        "CREATE TEMP TABLE again AS SELECT u.month AS month, n.now AS customer_id, ifnull(w.id, 0) AS user_id, u.dom AS dom, "
        f"{later} AS later, u.new AS new, 0 AS done, {values} FROM usage_undone AS u JOIN temp.numbered AS n ON n.old = u.customer_id "
        "LEFT JOIN undone_user AS x ON x.import_id = u.import_id AND x.id = u.user_id LEFT JOIN usage_user AS w ON w.user_id = x.user_id "
        "WHERE u.import_id = ? ORDER BY 1, 2, 3, 4",
        (chosen,),
    )
    db.execute("DROP TABLE temp.numbered")
