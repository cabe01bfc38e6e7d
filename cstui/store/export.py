"""The workspace's records, kind by kind, as a file of them has to say it: every row, one after another, however many there are."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from json import loads
from typing import Any

from cstui.base.days import month_start
from cstui.base.matching import HAND, HAND_ID, PART
from cstui.base.records import RECORDS, Kind
from cstui.base.usage import MINUTE
from cstui.store.tables import TABLES, sql_name

_MOST_AT_ONCE = 10_000


def attributes(db: sqlite3.Connection) -> tuple[str, ...]:
    """Names of the custom attributes that a customer has, by code point."""
    found = db.execute(
        "SELECT DISTINCT j.key FROM customer AS c, json_each(c.attributes) AS j WHERE c.attributes IS NOT NULL ORDER BY j.key"
    )
    return tuple(str(name) for (name,) in found)


def records(db: sqlite3.Connection, kind: Kind) -> Iterator[tuple[Any, ...]]:
    """Rows with the kind's fields in template order; customers with their attributes, a mapping, after them.

    A customer whom other facts only mention has no row: those facts bring them back.
    """
    if kind is Kind.CUSTOMERS:
        columns = ", ".join(f"o.{name}" for name in RECORDS[kind].names)
        sql = f"SELECT {columns}, o.attributes FROM customer AS o WHERE NOT o.stub OR o.pinned IS NOT NULL ORDER BY o.id"
        return ((*row[:-1], loads(row[-1]) if row[-1] else {}) for row in _each(db, sql))
    if kind is Kind.USAGE:
        return _usage(db)
    table = TABLES[kind]
    columns = ", ".join(_column(kind, name) for name in RECORDS[kind].names)
    named = " JOIN customer AS c ON c.id = o.customer_id" if table.mentions else ""
    return _each(db, f"SELECT {columns} FROM {table.name} AS o{named} ORDER BY o.id")


def _column(kind: Kind, name: str) -> str:
    if name == "customer_id":
        return "c.customer_id"
    if kind is Kind.TRAFFIC and name == "channel":
        return "nullif(o.channel, '')"
    if kind is Kind.SURVEYS and name == "response_id":
        start = len(HAND) + len(PART)
        by_hand = f"substr(o.match, 1, {start}) = '{HAND}{PART}'"
        return f"CASE WHEN {by_hand} THEN '{HAND_ID}' || substr(o.match, {start + 1}) ELSE o.response_id END"
    return f"o.{sql_name(name)}"


def _usage(db: sqlite3.Connection) -> Iterator[tuple[Any, ...]]:
    sql = (
        "SELECT c.customer_id, o.month, o.dom, u.user_id, o.sessions, o.minutes, o.events FROM usage AS o "
        "CROSS JOIN customer AS c ON c.id = o.customer_id LEFT JOIN usage_user AS u ON u.id = o.user_id "
        "ORDER BY o.month, o.customer_id, o.user_id, o.dom"
    )
    month, first = -1, 0
    for customer, number, dom, user, sessions, minutes, events in _each(db, sql):
        if number != month:
            month, first = number, month_start(number) - 1
        yield customer, first + dom, user, sessions, _minutes(minutes), events


def _minutes(thousandths: int | None) -> str | None:
    if thousandths is None:
        return None
    whole, rest = divmod(thousandths, MINUTE)
    return str(whole) if not rest else f"{whole}.{rest:03d}".rstrip("0")


def _each(db: sqlite3.Connection, sql: str) -> Iterator[tuple[Any, ...]]:
    cursor = db.execute(sql)
    while rows := cursor.fetchmany(_MOST_AT_ONCE):
        yield from rows
