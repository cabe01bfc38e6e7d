"""The staging file: a disposable SQLite file beside the workspace that holds a call's typed rows until they are merged.

It can be thrown away at any moment without loss. Knows the fact tables' columns; does not know what they mean, nor how
files are read.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import groupby
from json import JSONEncoder
from operator import itemgetter
from pathlib import Path
from urllib.parse import quote

from cstui.base.problems import Problem
from cstui.base.records import Kind
from cstui.base.text import fold_key
from cstui.base.usage import Packed
from cstui.store import forget, joining, schema, usage_blocks, usage_staging
from cstui.store.inserting import insert
from cstui.store.tables import TABLES, State, Table, functions, sql_name

CHEAP = ("journal_mode=MEMORY", "synchronous=OFF", "cache_size=-65536")
"""Pragmas of a file that may be lost, and that whoever has it open goes through again and again."""
_PRAGMAS = ("page_size=16384", *CHEAP, "temp_store=MEMORY")  # the size of pages first: the cache's is counted in them
_SUFFIX = ".staging"
_JSON = JSONEncoder(ensure_ascii=False).encode
_READING = frozenset(
    {
        sqlite3.SQLITE_SELECT,
        sqlite3.SQLITE_READ,
        sqlite3.SQLITE_TRANSACTION,
        sqlite3.SQLITE_FUNCTION,
        sqlite3.SQLITE_PRAGMA,
        sqlite3.SQLITE_DETACH,
    }
)


def path_for(workspace: Path, pid: int) -> Path:
    """Where process `pid` stages for a workspace: beside it, or in the system's temporary folder while there is no folder yet."""
    folder = workspace.absolute().parent
    where = folder if os.access(folder, os.W_OK) else Path(tempfile.gettempdir())
    return where / f".{workspace.name}.{pid}{_SUFFIX}"


def copy_of(path: Path) -> Path:
    """Where a copy of the workspace is made to rehearse the merge of the staging file `path`."""
    return Path(f"{path}-copy")


def rows_of(path: Path) -> Path:
    """Where the merge of the staging file `path` lays out the rows of use that are new."""
    return Path(f"{path}-rows")


def remove(path: Path, *, copy_only: bool = False) -> None:
    """Take a staging file away, wherever it had got to, with all that belongs to it; or only the copy that a merge was rehearsed in.

    The file itself goes last: by it `remove_stale` knows what a process left that was killed in between.
    """
    copy = copy_of(path)
    own = () if copy_only else (Path(f"{path}-journal"), rows_of(path), usage_blocks.blocks_of(path), path)
    for name in (*(Path(f"{copy}{suffix}") for suffix in ("-journal", "-wal", "-shm")), copy, *own):
        with suppress(FileNotFoundError):
            name.unlink()


def remove_stale(workspace: Path) -> None:
    """Take away what a killed process left: staging files of this workspace whose process is gone."""
    here = path_for(workspace, 0)
    for found in here.parent.glob(f".{glob_safe(workspace.name)}.*{_SUFFIX}"):
        pid = found.name[len(workspace.name) + 2 : -len(_SUFFIX)]
        if pid.isdecimal() and not _alive(int(pid)):
            remove(found)


def glob_safe(name: str) -> str:
    """A file name with the signs that a glob would obey taken literally."""
    return "".join(f"[{char}]" if char in "*?[" else char for char in name)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return pid != os.getpid()


class Staging:
    """An open staging file with its tables, the workspace attached for reading."""

    def __init__(self, path: Path, workspace: Path | None) -> None:
        """`workspace` None: there is none yet, and everything is new."""
        self.path = path
        remove(path)
        schema.create_private(path)
        self.db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, uri=True)
        for pragma in _PRAGMAS:
            self.db.execute(f"PRAGMA {pragma}")
        functions(self.db)
        self._make()
        self._usage = usage_staging.UsageStaging(self.db)
        self.joined: Mapping[int, joining.Found] = {}
        """By file: the rows that have joined a customer by a second key, once `seal` was asked for it."""
        if workspace is None:
            self._make_empty_workspace()
        else:
            self.db.execute("ATTACH ? AS ws", (f"file:{quote(str(workspace.absolute()))}",))
            self.db.execute(f"PRAGMA ws.busy_timeout={schema.BUSY_MS}")
            self.db.execute("PRAGMA ws.cache_size=-65536")  # rows are looked up by their keys
            self.db.set_authorizer(_reads_only)

    def begin(self) -> None:
        """Hold the workspace as it is now, until `keep`: everything staged is compared with that one state."""
        self.db.execute("BEGIN")

    def keep(self) -> None:
        """What has been staged stays in the file, for the merge to read."""
        self.db.execute("COMMIT")

    def revision(self) -> int:
        """The workspace's revision; 0 where there is no workspace."""
        return int(self.db.execute("SELECT revision FROM state").fetchone()[0])

    def forgotten(self) -> Callable[[str], bool] | None:
        """Tells whether the customer of a folded id was forgotten; None where nobody was."""
        return forget.predicate(self.db)

    def settings(self) -> dict[str, str]:
        """The workspace's settings."""
        return dict(self.db.execute("SELECT name, value FROM setting"))

    def add(self, file: int, kind: Kind, names: Sequence[str], rows: Sequence[tuple[object, ...]]) -> None:
        """Stage typed rows of one file: (line, values of the fields `names`), a customer by its number."""
        table = TABLES[kind]
        columns = ("line", *("ref" if name == "customer_id" else sql_name(name) for name in names))
        insert(self.db, f"INSERT INTO {table.staged}(file, {', '.join(columns)})", len(columns), rows, before=f"{int(file)}, ")

    def add_usage(self, file: int, packed: Packed) -> None:
        """Stage rows of use of one file."""
        self._usage.add(file, packed)

    def add_opens(self, file: int, opens: Iterable[tuple[int, int]]) -> None:
        """Keep when the present period of a snapshot's rows began: (line, day)."""
        self.db.executemany(f"INSERT INTO s_opens(file, line, day) VALUES ({int(file)}, ?, ?)", opens)

    def add_again(self, file: int, rows: int) -> None:
        """Count rows of a file that say again what one before them has said: nothing of them is staged."""
        self.db.execute("INSERT INTO s_again(file, rows) VALUES (?, ?)", (file, rows))

    def known(self, kind: str, key: str, take: str) -> dict[str, str]:
        """What the workspace has of a kind: folded text of one field → text of another. A key with two answers has none."""
        table = TABLES.get(Kind(kind))
        if table is None or not {key, take} <= {*table.columns}:
            return {}
        named = " JOIN customer AS c ON c.id = o.customer_id" if table.mentions else ""
        one, other = ("c.customer_id" if name == "customer_id" and table.mentions else f"o.{sql_name(name)}" for name in (key, take))
        found: dict[str, str | None] = {}
        for text, answer in self.db.execute(f"SELECT {one}, {other} FROM {table.name} AS o{named} WHERE {one} <> '' AND {other} <> ''"):
            fold = fold_key(str(text))
            found[fold] = str(answer) if found.get(fold, str(answer)) == str(answer) else None
        return {fold: answer for fold, answer in found.items() if answer is not None}

    def add_refused(self, file: int, problems: Iterable[Problem], rows: Iterable[tuple[int, list[str]]]) -> None:
        """Keep what is wrong with refused rows, and their raw cells."""
        self.db.executemany(
            f'INSERT INTO s_problem(file, line, "column", code, value, message) VALUES ({int(file)}, ?, ?, ?, ?, ?)',
            ((p.line, p.column, p.code, p.value, p.message) for p in problems),
        )
        self.db.executemany(
            f"INSERT INTO s_refused(file, line, cells) VALUES ({int(file)}, ?, ?)",
            ((line, _JSON(cells)) for line, cells in rows),
        )

    def seal(
        self,
        mentions: Iterable[tuple[str, str, int, int]],
        second_key: str | None = None,
        addresses: Mapping[int, Iterable[str]] | None = None,
    ) -> dict[int, list[int]]:
        """All rows are staged: note the customers they name (fold, raw, file, line; in the order of their numbers), one row per key.

        Rows whose customer is not known join one by their `second_key` (`email`, `domain`), where that is asked for; `addresses` are
        those that no staged row holds, by the customers' numbers. Gives file → lines
        that say other things of a key than the rows before them.
        """
        insert(self.db, "INSERT INTO s_ref(ref, fold, raw, file, line)", 5, ((i, *m) for i, m in enumerate(mentions)))
        self._usage.flush()
        if second_key is not None:
            self.joined = joining.join(self.db, second_key, addresses or {})
        conflicts: dict[int, list[int]] = {}
        for table in TABLES.values():
            self.db.execute(f"CREATE INDEX {table.staged}_key ON {table.staged}({', '.join(table.key)})")
            for file, line in self._fold(table):
                conflicts.setdefault(file, []).append(line)
        self._mentions_that_stay()
        return conflicts

    def problems(self, file: int, limit: int | None = None) -> list[Problem]:
        """What is wrong with a file's refused rows, in file order."""
        found = self.db.execute(
            'SELECT line, "column", code, value, message FROM s_problem WHERE file = ? ORDER BY line, seq LIMIT ?',
            (file, -1 if limit is None else limit),
        )
        return [Problem(*row) for row in found]

    def refused(self, file: int) -> Iterator[tuple[int, str, list[Problem]]]:
        """Each refused row of a file: line, its raw cells as JSON, its problems."""
        by_line = {line: list(group) for line, group in groupby(self.problems(file), key=lambda p: p.line)}
        for line, cells in self.db.execute("SELECT line, cells FROM s_refused WHERE file = ? ORDER BY line", (file,)):
            yield line, cells, by_line.get(line, [])

    def detach(self) -> None:
        """Let the workspace go: whoever merges is then its last reader, and folds its write-ahead log in. Pages held go too."""
        if any(name == "ws" for _, name, _ in self.db.execute("PRAGMA database_list")):
            self.db.execute("DETACH ws")
        self.db.execute("PRAGMA shrink_memory")  # the merge keeps pages of its own

    def close(self) -> None:
        """Close and take the file away."""
        self.db.close()
        remove(self.path)

    def _make(self) -> None:
        self.db.execute(
            "CREATE TABLE s_ref(ref INTEGER PRIMARY KEY, fold TEXT, raw TEXT, file INTEGER, line INTEGER, "
            "id INTEGER, stub INTEGER, named INTEGER DEFAULT 1)"
        )
        self.db.execute(
            "CREATE TABLE s_problem(seq INTEGER PRIMARY KEY, file INTEGER, line INTEGER, "
            '"column" TEXT, code TEXT, value TEXT, message TEXT)'
        )
        self.db.execute("CREATE TABLE s_again(file INTEGER, rows INTEGER)")
        self.db.execute("CREATE TABLE s_opens(file INTEGER, line INTEGER, day INTEGER)")
        self.db.execute("CREATE TABLE s_refused(seq INTEGER PRIMARY KEY, file INTEGER, line INTEGER, cells TEXT)")
        usage_staging.make(self.db)
        for table in TABLES.values():
            columns = ", ".join(("file", "line", *table.values))
            self.db.execute(f"CREATE TABLE {table.staged}(seq INTEGER PRIMARY KEY, {columns}, doubled INTEGER)")
            self.db.execute(f'CREATE TABLE d_{table.name}(seq INTEGER PRIMARY KEY, {columns}, "of" INTEGER)')
            self.db.execute(f"CREATE TABLE c_{table.name}(seq INTEGER PRIMARY KEY, id INTEGER NOT NULL, outcome INTEGER NOT NULL)")

    def _make_empty_workspace(self) -> None:
        """Empty fact tables of its own, so that a first import is compared like any other."""
        schema.make_tables(self.db)

    def _fold(self, table: Table) -> Iterator[tuple[int, int]]:
        """Make one staged row of those of one key, the originals set aside; gives the places that changed what was said before."""
        key, columns = ", ".join(table.key), ("file", "line", *table.values)
        several = f"SELECT {key} FROM {table.staged} GROUP BY {key} HAVING count(*) > 1"
        found = self.db.execute(
            f"SELECT seq, {', '.join(columns)} FROM {table.staged} WHERE ({key}) IN ({several}) ORDER BY {key}, seq"
        ).fetchall()
        by_key = itemgetter(*(columns.index(name) + 1 for name in table.key))
        aside: list[tuple[object, ...]] = []
        folded: list[tuple[object, ...]] = []
        for _, group in groupby(found, key=by_key):
            rows = list(group)
            state: State | None = None
            place = rows[0][1:3]
            for row in rows:
                new = table.apply(state, dict(zip(table.values, row[3:], strict=True)))
                if state is not None and new != state:
                    yield row[1], row[2]
                if new != state:
                    place = row[1:3]
                state = new
            assert state is not None
            first = rows[0][0]
            aside += [(*row, first) for row in rows]
            folded.append((first, *place, *state.values(), 1))
        self._replace(table, aside, folded)

    def _mentions_that_stay(self) -> None:
        """A customer that only a folded-away row named is not named: it gets no stub. One named again later has that row's place."""
        facts = [table for table in TABLES.values() if table.mentions]
        if not any(self.db.execute(f"SELECT EXISTS (SELECT 1 FROM d_{table.name})").fetchone()[0] for table in facts):
            return
        folded = " UNION ".join(f"SELECT ref FROM d_{table.name}" for table in facts)
        naming = (*(table.staged for table in facts), "s_usage_mention")
        named = " UNION ALL ".join(f"SELECT ref, file, line FROM {name}" for name in naming)
        usage_staging.set_mentions(self.db)
        self.db.execute(f"UPDATE s_ref SET named = 0 WHERE ref IN ({folded})")
        self.db.execute(
            "UPDATE s_ref SET named = 1, file = place / 4294967296, line = place % 4294967296 "
            f"FROM (SELECT ref AS again, min(file * 4294967296 + line) AS place FROM ({named}) WHERE ref IN ({folded}) GROUP BY ref) "
            "WHERE again = ref AND NOT named"
        )

    def _replace(self, table: Table, aside: list[tuple[object, ...]], folded: list[tuple[object, ...]]) -> None:
        """Rows of the staged table to those of one key that stand for them."""
        if not aside:
            return
        names, width = ", ".join(("file", "line", *table.values)), len(table.values) + 4
        self.db.executemany(f"DELETE FROM {table.staged} WHERE seq = ?", ((row[0],) for row in aside))
        insert(self.db, f'INSERT INTO d_{table.name}(seq, {names}, "of")', width, sorted(aside, key=itemgetter(0)))
        insert(self.db, f"INSERT INTO {table.staged}(seq, {names}, doubled)", width, folded)


def _reads_only(action: int, _one: str | None, _two: str | None, database: str | None, _trigger: str | None) -> int:
    """Lets nothing but reading reach the attached workspace."""
    return sqlite3.SQLITE_DENY if database == "ws" and action not in _READING else sqlite3.SQLITE_OK
