"""How a call's updates go, field by field: from what the workspace has to what the merge will make of it.

Asked after `classify` and before the merge, over the same expressions as both. Values are told as a file would write them.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from json import loads

from cstui.base.days import iso
from cstui.base.money import exponent
from cstui.base.outcome import FIRST_ROWS, Changes, FieldChange, RowChange
from cstui.base.records import RECORDS, Type
from cstui.store import usage_changes
from cstui.store.classify import UPDATED, matched
from cstui.store.tables import TABLES, Table

Pair = tuple[object, object]
"""A column's value before and after."""


def changes(db: sqlite3.Connection, files: int, currency: str, *, clear: bool) -> list[Changes]:
    """What the updates of each of so many files come to. Files hold one kind each, so that a file's table is its own."""
    found = [Changes() for _ in range(files)]
    for table in TABLES.values():
        if db.execute(f"SELECT EXISTS (SELECT 1 FROM c_{table.name} WHERE outcome = {UPDATED})").fetchone()[0]:
            for file, own in _of_table(db, table, currency, clear=clear):
                found[file] = own
    for file, own in usage_changes.changes(db):
        found[file] = own
    return found


def _of_table(db: sqlite3.Connection, table: Table, currency: str, *, clear: bool) -> Iterator[tuple[int, Changes]]:
    columns = [column for column in table.columns if column not in table.key]
    after = {column: table.result(column, clear=clear) for column in columns}
    source = f"{matched(table)} JOIN c_{table.name} AS c ON c.seq = s.seq WHERE c.outcome = {UPDATED}"
    bound = {"currency": currency} if any(":currency" in sql for sql in after.values()) else {}
    differs = ", ".join(f"total({sql} IS NOT o.{column})" for column, sql in after.items())
    for file, rows, *counts in db.execute(f"SELECT s.file, count(*), {differs} FROM {source} GROUP BY s.file", bound).fetchall():
        fields = Counter({_plain(column): int(count) for column, count in zip(columns, counts, strict=True) if count})
        if "attributes" in fields:
            del fields["attributes"]
            fields.update(_attributes(db, after["attributes"], source, int(file)))
        yield int(file), Changes(rows, tuple(fields.most_common()), tuple(_first(db, table, after, (source, bound), int(file))))


def _attributes(db: sqlite3.Connection, after: str, source: str, file: int) -> Iterator[str]:
    """Names of the attributes that change, one for each row in which they do."""
    for old, new in db.execute(f"SELECT o.attributes, {after} FROM {source} AND s.file = ? AND {after} IS NOT o.attributes", (file,)):
        yield from (change.field for change in _attribute_changes(old, new))


def _first(
    db: sqlite3.Connection, table: Table, after: Mapping[str, str], asked: tuple[str, Mapping[str, object]], file: int
) -> Iterator[RowChange]:
    """The first rows of a file that change, by line."""
    source, bound = asked
    named = {"customer_id": ("(SELECT b.customer_id FROM customer AS b WHERE b.id = o.customer_id)", "m.raw")} if table.mentions else {}
    pairs = ", ".join(f"{old}, {new}" for old, new in (named.get(column, (f"o.{column}", sql)) for column, sql in after.items()))
    rows = db.execute(
        f"SELECT s.line, {table.label}, {pairs} FROM {source} AND s.file = :file ORDER BY s.line, s.seq LIMIT {FIRST_ROWS}",
        {**bound, "file": file},
    )
    for line, label, *values in rows.fetchall():
        states = dict(zip(after, zip(values[::2], values[1::2], strict=True), strict=True))
        yield RowChange(line, str(label), tuple(_told(table, states)))


def _told(table: Table, states: Mapping[str, Pair]) -> Iterator[FieldChange]:
    """The fields of one row that change."""
    codes = states.get("currency", (None, None))
    for column, (old, new) in states.items():
        if old == new:
            continue
        if column == "attributes":
            yield from _attribute_changes(old, new)
        else:
            name = _plain(column)
            yield FieldChange(name, *(_text(table, name, value, code) for value, code in zip((old, new), codes, strict=True)))


def _attribute_changes(old: object, new: object) -> Iterator[FieldChange]:
    before, after = (loads(value) if isinstance(value, str) else {} for value in (old, new))
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            yield FieldChange(f"attribute:{name}", before.get(name), after.get(name))


def _text(table: Table, name: str, value: object, currency: object) -> str | None:
    """A stored value as a file would write it."""
    if value is None:
        return None
    kind = RECORDS[table.kind].field(name).type
    if kind is Type.DATE and isinstance(value, int):
        return iso(value)
    if kind is Type.MONEY and isinstance(value, int):
        return f"{Decimal(value).scaleb(-exponent(str(currency))):f}"
    return str(value)


def _plain(column: str) -> str:
    return column.strip('"')
