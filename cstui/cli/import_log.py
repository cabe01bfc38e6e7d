"""`imports`, `undo` and `redo`: what came in, what it changed, taking it back, and making it again."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cstui.base.errors import Cancelled, UnknownImport
from cstui.cli.import_text import (
    detail_json,
    entry_json,
    log_table,
    outcome_table,
    progress_text,
    say_changes,
    say_joined,
    say_moves,
    say_problems,
)
from cstui.cli.options import json_option, whole, workspace_option
from cstui.cli.output import ProgressLine, emit, emit_json, say
from cstui.cli.session import opened, writing_path
from cstui.cli.tables import Column, table

if TYPE_CHECKING:
    from cstui.desk.importing import ImportEntry

_ROWS = tuple(map(Column, ("outcome", "kind", "id", "why")))
HIGHEST = 10**9 - 1
"""No import has a higher number."""


class UndoneAnyway(Cancelled):
    """Ctrl-C came when the undo had been done."""

    code = "undone"

    def __init__(self, number: int) -> None:
        super().__init__()
        self.message = f"Interrupted, but import {number} had been taken back by then."


class RedoneAnyway(Cancelled):
    """Ctrl-C came when the redo had been done."""

    code = "redone"

    def __init__(self, number: int) -> None:
        super().__init__()
        self.message = f"Interrupted, but import {number} had been made again by then."


def add(commands: argparse._SubParsersAction[Any]) -> None:
    """Add this group's commands to the parser."""
    log = commands.add_parser(
        "imports",
        help="the import log",
        description="What was imported, when, and what became of its rows. With IMPORT, all that is kept of one: "
        "what was refused, how its updates went, which past figures moved.",
    )
    log.add_argument("import_id", nargs="?", metavar="IMPORT", help="one import, by its number")
    log.add_argument("--rejects", metavar="FILE", help="write its refused rows here, to mend and import again; kept for 90 days")
    log.add_argument("--rows", action="store_true", help="of one that was taken back: what became of each row")
    log.add_argument("--limit", metavar="N", help="with --rows: the first N")
    json_option(log)
    workspace_option(log)
    log.set_defaults(run=run_imports)

    back = commands.add_parser(
        "undo", help="take an import back", description="Take an import back: the last one that changed something, or the one named."
    )
    back.add_argument("import_id", nargs="?", metavar="IMPORT", help="its number in `cstui imports`")
    json_option(back)
    workspace_option(back)
    back.set_defaults(run=run_undo)

    again = commands.add_parser(
        "redo",
        help="make an import again that was taken back",
        description="Make an import again: the one taken back last, or the one named, as far as nothing has changed since. "
        "Possible for 90 days, without its files.",
    )
    again.add_argument("import_id", nargs="?", metavar="IMPORT", help="its number in `cstui imports`")
    json_option(again)
    workspace_option(again)
    again.set_defaults(run=run_redo)


def run_imports(args: argparse.Namespace) -> int:
    """`cstui imports`."""
    from cstui.base.errors import UsageError
    from cstui.desk.importing import log

    if args.rejects and args.import_id is None:
        raise UsageError("--rejects needs the number of the import whose refused rows it should write.")
    with opened(args) as workspace:
        entries = sorted(log(workspace), key=lambda entry: entry.import_id)
        if args.import_id is not None:
            found = _one(entries, whole(args.import_id, "IMPORT", HIGHEST))
            if args.rejects:
                _write_rejects(args, workspace, found.import_id)
            from cstui.desk.importing import built_on, named_by

            later = {"built_on": built_on(workspace, found.import_id), "named_by": named_by(workspace, found.import_id)}
            return _say_one(args, found, _rows(args, workspace, found.import_id), later)
    if args.json:
        emit_json({"schema": 1, "imports": [entry_json(entry) for entry in entries]})
    elif entries:
        emit(log_table(entries))
    else:
        say("Nothing has been imported yet. `cstui import FILE…` does.")
    return 0


def _one(entries: list[ImportEntry], number: int) -> ImportEntry:
    for entry in entries:
        if entry.import_id == number:
            return entry
    raise UnknownImport(f"There is no import {number}. `cstui imports` lists them.")


def _write_rejects(args: argparse.Namespace, workspace: Any, number: int) -> None:  # noqa: ANN401  # a workspace, which cli only carries
    from cstui.base.config import today
    from cstui.base.days import to_day
    from cstui.desk.rejects import write_logged

    for written in write_logged(workspace, number, Path(args.rejects), to_day(today())):
        say(f"Refused rows: {written}")


def _rows(args: argparse.Namespace, workspace: Any, number: int) -> list[dict[str, str | None]] | None:  # noqa: ANN401  # the same
    from cstui.desk.importing import undone_rows

    if not args.rows:
        return None
    return undone_rows(workspace, number, None if args.limit is None else whole(args.limit, "--limit", HIGHEST))


def _say_one(
    args: argparse.Namespace, entry: ImportEntry, rows: list[dict[str, str | None]] | None, later: dict[str, list[dict[str, str | int]]]
) -> int:
    if args.json:
        emit_json(detail_json(entry) | later | ({} if rows is None else {"rows": rows}))
        return 0
    taken_back = f", taken back {entry.undone_at}" if entry.undone_at else ""
    emit(f"Import {entry.import_id}, {entry.at}{taken_back}\n\n{outcome_table(entry.files)}")
    say_problems(entry.files)
    say_joined(entry.files)
    say_changes(entry.files)
    say_moves(entry.moves)
    for one in later["built_on"]:
        say(f"built on: import {one['import_id']} has changed {one['rows']:,} of its {one['kind']}")
    for one in later["named_by"]:
        say(f"built on: import {one['import_id']} has {_count(int(one['rows']), 'row')} of {one['kind']} of its customers")
    if rows:
        emit("\n" + table(_ROWS, [(row["outcome"] or "", row["kind"] or "", row["id"] or "", row["why"] or "") for row in rows]))
    return 0


def run_undo(args: argparse.Namespace) -> int:
    """`cstui undo`."""
    from cstui.desk.importing import undo

    path = writing_path(args)
    number = None if args.import_id is None else whole(args.import_id, "IMPORT", HIGHEST)
    line = ProgressLine()
    before = _undone(path)
    try:
        done = undo(path, number, lambda progress: line.show(progress_text(progress)))
    except KeyboardInterrupt:
        # It may have been done before it could be stopped: say so then, and only else that nothing was.
        if taken := _undone(path) - before:
            raise UndoneAnyway(max(taken)) from None
        raise Cancelled from None
    finally:
        line.clear()
    if args.json:
        document = {"schema": 1, "import_id": done.import_id, "reversed": done.reversed, "kept": done.kept, "kept_why": list(done.kept_why)}
        emit_json(document | {"failed": done.failed, "failed_why": list(done.failed_why), "skipped": list(done.skipped)})
        return 0
    if done.skipped:
        they = "it" if len(done.skipped) == 1 else "they"
        say(f"Passed over, because {they} changed nothing: import {', '.join(map(str, done.skipped))}.")
    failed = f", {done.failed:,} not there any more" if done.failed else ""
    rows = _count(done.reversed, "row as it was", "rows as they were")
    emit(f"Import {done.import_id} taken back: {rows} before, {done.kept:,} kept{failed}.")
    for why in done.failed_why:
        say(f"failed: {why}")
    for why in done.kept_why:
        say(f"kept: {why}")
    return 0


def run_redo(args: argparse.Namespace) -> int:
    """`cstui redo`."""
    from cstui.desk.importing import redo

    number = None if args.import_id is None else whole(args.import_id, "IMPORT", HIGHEST)
    path = writing_path(args)
    line = ProgressLine()
    before = _undone(path)
    try:
        done = redo(path, number, lambda progress: line.show(progress_text(progress)))
    except KeyboardInterrupt:
        # As with undo: only say that nothing was done where nothing was.
        if made := before - _undone(path):
            raise RedoneAnyway(max(made)) from None
        raise Cancelled from None
    finally:
        line.clear()
    if args.json:
        emit_json({"schema": 1, "import_id": done.import_id, "redone": done.redone, "kept": done.kept, "kept_why": list(done.kept_why)})
        return 0
    rows = _count(done.redone, "row as it left it", "rows as it left them")
    emit(f"Import {done.import_id} made again: {rows}, {done.kept:,} kept as {'it is' if done.kept == 1 else 'they are'}.")
    for why in done.kept_why:
        say(f"kept: {why}")
    return 0


def _count(value: int, one: str, many: str | None = None) -> str:
    from cstui.base.formatting import count

    return count(value, one, many)


def _undone(path: Path) -> frozenset[int]:
    """Imports that have been taken back."""
    from cstui.desk.importing import log
    from cstui.desk.workspace import open_workspace

    workspace = open_workspace(path)
    try:
        return frozenset(entry.import_id for entry in log(workspace) if entry.undone_at is not None)
    finally:
        workspace.close()
