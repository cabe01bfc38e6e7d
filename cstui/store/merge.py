"""Staging into the workspace, in one short transaction: all of a call or none of it.

What an update replaces is kept as it was, so that the import can be taken back; so are the refused rows' raw cells, and which
past figures moved. Knows what a row does to a row; does not know files, nor what the figures mean that the rollups keep.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from importlib import import_module
from json import dumps
from pathlib import Path
from typing import TypeVar

from cstui.base.errors import CstuiError
from cstui.base.outcome import Changes, Move
from cstui.base.records import Kind
from cstui.store import coverage_days, forget, joining, refused, restated, rollups, schema, usage_staging
from cstui.store.changes import changes
from cstui.store.classify import CREATED, UNCHANGED, UPDATED, by_file, classify, matched
from cstui.store.staging import CHEAP
from cstui.store.tables import TABLES, Table, functions
from cstui.store.workspace import connect, transaction

A = TypeVar("A")
B = TypeVar("B")


class SettingsMoved(CstuiError):
    """While the files were being looked at, the workspace's currency was set, or a customer forgotten: the rows were read otherwise."""

    code = "settings-moved"

    def __init__(self) -> None:
        super().__init__(
            "The workspace's currency or its forgotten customers have changed since the preview. Nothing was changed; import again."
        )


@dataclass(frozen=True, slots=True)
class FileEntry:
    """What the log keeps of a file (and kind)."""

    name: str
    kind: Kind
    source: str
    sha256: str
    bytes: int
    mapping: Mapping[str, object]
    read: int
    created: int
    updated: int
    unchanged: int
    refused: int
    changes: Changes = field(default_factory=Changes)


@dataclass(frozen=True, slots=True)
class Call:
    """One import as the log keeps it."""

    at: str
    day: int
    currency: str
    sets_currency: bool
    """The workspace had no currency: this import gives it one."""
    clear: bool
    files: Sequence[FileEntry]
    revision: int
    """The workspace's revision that the staging was compared with."""
    request: Mapping[str, object] = field(default_factory=dict)
    """What was asked for, so that it can be asked for again."""
    unused: Sequence[Mapping[str, str]] = ()
    """Files of the call that were recognised and not used: `name`, `source`, `why`, `use`, `encoding`."""


@dataclass(frozen=True, slots=True)
class Merged:
    """What has come in."""

    number: int
    files: Sequence[FileEntry]
    moves: tuple[Move, ...]


def ready(*, new: bool) -> None:
    """Load what comparing and merging very many rows needs: by whoever has time for it before it is wanted.

    `new`: a workspace is to be made.
    """
    import_module("cstui.store.many")  # numpy, which fewer rows do without
    restated.ready()
    if new:
        schema.ready()


def merge(workspace: Path, staging: Path, call: Call, *, new: bool = False) -> Merged:
    """Merge what is staged and classified; gives the import's number, its files as they came in, and past figures that moved.

    Compares again where the workspace has changed since. `new`: it was made for this. Raises WorkspaceBusy, SettingsMoved.
    """
    restated.ready()
    with closing(connect(workspace)) as db:
        functions(db)
        _attach(db, staging)
        with schema.journalled(db, workspace, new=new), transaction(db, workspace):
            return _merged(db, call)


def _attach(db: sqlite3.Connection, staging: Path) -> None:
    db.execute("ATTACH ? AS stage", (str(staging),))
    for pragma in CHEAP:
        db.execute(f"PRAGMA stage.{pragma}")


class _Rehearsed(Exception):
    """Raised to roll a rehearsal back."""


class Rehearsal:
    """A merge that is done and rolled back, to see what it changes. It can be stopped from another thread."""

    _OFTEN = 20_000
    """Steps of SQLite between two looks at whether to stop."""

    def __init__(self) -> None:
        self._stopped = False

    def stop(self) -> None:
        """Nobody wants to know any more."""
        self._stopped = True

    def run(self, workspace: Path, staging: Path, call: Call) -> tuple[Move, ...] | None:
        """The past figures that the merge would move, None where it was stopped. Raises WorkspaceBusy, SettingsMoved."""
        return self.watch(workspace, staging, call, lambda _: None, lambda _, __, merged: merged.moves)

    def watch(
        self,
        workspace: Path,
        staging: Path,
        call: Call,
        before: Callable[[sqlite3.Connection], A],
        after: Callable[[sqlite3.Connection, A, Merged], B],
    ) -> B | None:
        """What `after` makes of the workspace as it would be, given what `before` made of it as it is; None where it was stopped.

        Raises WorkspaceBusy, SettingsMoved.
        """
        seen: B | None = None
        with closing(connect(workspace)) as db:
            functions(db)
            _attach(db, staging)
            db.set_progress_handler(lambda: int(self._stopped), self._OFTEN)
            try:
                with transaction(db, workspace):
                    first = before(db)
                    seen = after(db, first, _merged(db, call))
                    raise _Rehearsed
            except _Rehearsed:
                return seen
            except CstuiError:
                if self._stopped:
                    return None
                raise
            finally:
                db.set_progress_handler(None, 0)


def copy_to(workspace: Path, copy: Path) -> None:
    """A copy of the workspace to rehearse in, where a rehearsal would hold others up for long. Only its owner can read it."""
    with suppress(FileNotFoundError):
        copy.unlink()
    schema.create_private(copy)
    with closing(connect(workspace, readonly=True)) as db, closing(sqlite3.connect(copy)) as target:
        db.backup(target)
        target.execute("PRAGMA journal_mode=MEMORY")


def _merged(db: sqlite3.Connection, call: Call) -> Merged:
    if db.execute("SELECT revision FROM state").fetchone()[0] != call.revision:
        call = _again(db, call)
    with restated.watched(db, "import", answers=any(file.kind is Kind.SURVEYS for file in call.files)) as learned:
        number = _write(db, call)
        learned.append(str(number))
    return Merged(number, call.files, restated.moves(db, "import", number))


def _again(db: sqlite3.Connection, call: Call) -> Call:
    """The call compared with the workspace as it has become."""
    currency = db.execute("SELECT value FROM setting WHERE name = 'currency'").fetchone()
    if currency is not None and currency[0] != call.currency:
        raise SettingsMoved
    forgotten = forget.predicate(db)
    named = "SELECT fold FROM s_ref UNION ALL SELECT email FROM s_customer WHERE typeof(email) = 'text'"
    if forgotten is not None and any(forgotten(text) for (text,) in db.execute(named)):
        raise SettingsMoved
    db.execute("UPDATE s_ref SET id = NULL, stub = NULL")
    counts = classify(db, len(call.files), call.currency, clear=call.clear)
    fields = changes(db, len(call.files), call.currency, clear=call.clear)
    files = [
        replace(file, created=count.created, updated=count.updated, unchanged=count.unchanged, changes=own)
        for file, count, own in zip(call.files, counts, fields, strict=True)
    ]
    return replace(call, files=files, sets_currency=call.sets_currency and currency is None)


def _write(db: sqlite3.Connection, call: Call) -> int:
    number, first = _log(db, call)
    if call.sets_currency:
        db.execute("INSERT OR IGNORE INTO setting(name, value) VALUES ('currency', ?)", (call.currency,))
    rollups.prepare(db)
    values = {"import": number, "first": first, "currency": call.currency}
    for table in TABLES.values():
        if db.execute(f"SELECT EXISTS (SELECT 1 FROM {table.staged})").fetchone()[0]:
            _update(db, table, values, clear=call.clear)
            _create(db, table, values, clear=call.clear)
        if table.kind is Kind.CUSTOMERS:
            _mention(db, values)
    if usage_staging.any_staged(db):
        from cstui.store import usage_merge  # with numpy, which no other kind needs

        usage_merge.write(db, number, first)
    joining.keep(db)
    rollups.refresh(db)
    return number


def _count_written(db: sqlite3.Connection, first: int) -> None:
    """Note how many rows of the workspace each file makes or changes: what taking the import back has to account for.

    Use counts its own.
    """
    for table in TABLES.values():
        compared = f"{table.staged} AS s LEFT JOIN c_{table.name} AS c ON c.seq = s.seq WHERE c.outcome IS NOT {UNCHANGED}"
        found = [(rows, first + file) for file, rows in by_file(db, compared)]
        db.executemany("UPDATE import_file SET written = ? WHERE id = ?", found)


def _log(db: sqlite3.Connection, call: Call) -> tuple[int, int]:
    """The log's rows; gives the import's number and its first file's."""
    options: dict[str, object] = {"currency": call.currency} if call.sets_currency else {}
    if call.request:
        options["request"] = call.request
    if call.unused:
        options["unused"] = list(call.unused)
    number = db.execute(
        "INSERT INTO import(at, day, options) VALUES (?, ?, ?) RETURNING id", (call.at, call.day, dumps(options, ensure_ascii=False))
    ).fetchone()[0]
    first = db.execute("SELECT ifnull(max(id), 0) + 1 FROM import_file").fetchone()[0]
    db.executemany(
        "INSERT INTO import_file(id, import_id, day, name, kind, source, sha256, bytes, mapping, "
        "read, created, updated, unchanged, refused, changes, written) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
        [
            (first + index, number, call.day, f.name, f.kind.value, f.source, f.sha256, f.bytes,
             dumps(f.mapping, ensure_ascii=False), f.read, f.created, f.updated, f.unchanged, f.refused,
             dumps(f.changes.to_json(), ensure_ascii=False))
            for index, f in enumerate(call.files)
        ],
    )  # fmt: skip
    db.execute(
        'INSERT INTO problem(file_id, line, seq, severity, "column", code, value, message) '
        "SELECT ? + file, line, seq, 'refused', \"column\", code, value, message FROM s_problem ORDER BY file, line, seq",
        (first,),
    )
    refused.keep(db, first, call.day)
    _count_written(db, first)
    return int(number), int(first)


def _create(db: sqlite3.Connection, table: Table, values: Mapping[str, object], *, clear: bool) -> None:
    """Rows of new keys, in key order: that is what keeps the indexes fast."""
    names = (*table.columns, "file_id", "line")
    made = [*(table.initial(column, clear=clear) for column in table.columns), ":first + s.file", "s.line"]
    order = ", ".join(f"s.{name}" for name in table.key)
    if table.kind is Kind.CUSTOMERS:
        names, made, order = (*names, "fold"), [*made, "m.fold"], "m.fold"
    named = " JOIN s_ref AS m ON m.ref = s.ref" if "ref" in table.values else ""
    known = f" WHERE s.seq NOT IN (SELECT seq FROM c_{table.name})" if _any(db, f"c_{table.name}") else ""
    before = db.execute(f"SELECT ifnull(max(id), 0) FROM {table.name}").fetchone()[0]
    db.execute(
        f"INSERT INTO {table.name}({', '.join(names)}) SELECT {', '.join(made)} FROM {table.staged} AS s{named}{known} ORDER BY {order}",
        _used(values, *made),
    )
    made_rows = f"{table.name} AS o WHERE o.id > {int(before)}"
    coverage_days.add(db, table.kind, made_rows)
    _touch(db, table, made_rows)


def _update(db: sqlite3.Connection, table: Table, values: Mapping[str, object], *, clear: bool) -> None:
    """Rows of known keys that change, what they were kept first."""
    changing = f"c_{table.name} AS c JOIN {table.name} AS o ON o.id = c.id WHERE c.outcome IN ({CREATED}, {UPDATED})"
    if not db.execute(f"SELECT EXISTS (SELECT 1 FROM c_{table.name} WHERE outcome <> {UNCHANGED})").fetchone()[0]:
        return
    kept = ", ".join(table.kept)
    old = ", ".join(f"o.{column}" for column in table.kept)
    db.execute(
        f"INSERT INTO {table.name}_prior(import_id, id, {kept}) SELECT :import, o.id, {old} FROM {changing}", _used(values, ":import")
    )
    coverage_days.take(db, table.kind, changing)
    _touch(db, table, changing)
    columns = [column for column in table.columns if column not in table.key]
    new = [*(table.result(column, clear=clear) for column in columns), ":first + s.file", "s.line", "NULL"]
    names = [*columns, "file_id", "line", "entered"]
    if table.kind is Kind.CUSTOMERS:
        names, new = [*names, "stub"], [*new, "0"]
    named = ", ".join(f"{value} AS {name}" for name, value in zip(names, new, strict=True))
    db.execute(
        f"CREATE TEMP TABLE changed AS SELECT o.id AS id, {named} "
        f"FROM {matched(table)} JOIN c_{table.name} AS c ON c.seq = s.seq WHERE c.outcome IN ({CREATED}, {UPDATED}) ORDER BY o.id",
        _used(values, *new),
    )
    assigned = ", ".join(f"{name} = n.{name}" for name in names)
    db.execute(f"UPDATE {table.name} SET {assigned} FROM temp.changed AS n WHERE n.id = {table.name}.id")
    changed = f"{table.name} AS o WHERE o.id IN (SELECT id FROM temp.changed)"
    coverage_days.add(db, table.kind, changed)
    _touch(db, table, changed)
    db.execute("DROP TABLE temp.changed")


def _mention(db: sqlite3.Connection, values: Mapping[str, object]) -> None:
    """Stubs for customers that are only mentioned; then every customer of the call has its id."""
    missing = "WHERE id IS NULL AND named AND ref NOT IN (SELECT ref FROM s_customer) ORDER BY fold"
    before = db.execute("SELECT ifnull(max(id), 0) FROM customer").fetchone()[0]
    db.execute(
        f"INSERT INTO customer(customer_id, fold, stub, file_id, line) SELECT raw, fold, 1, :first + file, line FROM s_ref {missing}",
        _used(values, ":first"),
    )
    db.execute(f"INSERT OR IGNORE INTO temp.touched_customer(id) SELECT id FROM customer WHERE id > {int(before)}")
    db.execute("UPDATE s_ref SET id = (SELECT customer.id FROM customer WHERE customer.fold = s_ref.fold) WHERE id IS NULL")


def _touch(db: sqlite3.Connection, table: Table, which: str) -> None:
    """Tell the rollups of rows `o`, as they are now."""
    if table.moves == "day":
        db.execute(f"INSERT OR IGNORE INTO temp.touched_day(day) SELECT o.paid_at FROM {which} {_and(which)} o.paid_at IS NOT NULL")
    elif table.moves == "customer":
        column = "id" if table.kind is Kind.CUSTOMERS else "customer_id"
        db.execute(f"INSERT OR IGNORE INTO temp.touched_customer(id) SELECT o.{column} FROM {which}")


def _and(which: str) -> str:
    return "AND" if " WHERE " in which else "WHERE"


def _any(db: sqlite3.Connection, table: str) -> bool:
    return bool(db.execute(f"SELECT EXISTS (SELECT 1 FROM {table})").fetchone()[0])


def _used(values: Mapping[str, object], *sql: str) -> dict[str, object]:
    """The named parameters that some SQL uses."""
    return {name: value for name, value in values.items() if any(f":{name}" in text for text in sql)}
