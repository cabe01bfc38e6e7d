"""`import`, `imports` and `undo`: files in, what came in, and taking it back."""

from __future__ import annotations

import argparse
import threading
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cstui.base.errors import Cancelled, RowsRefused, UsageError
from cstui.base.records import RECORDS
from cstui.cli.import_text import entry_json, import_json, log_table, outcome_table, problem_text, progress_text, say_problems
from cstui.cli.options import json_option, pairs, whole, workspace_option
from cstui.cli.output import ProgressLine, emit, emit_json, say
from cstui.cli.session import opened, writing_path

if TYPE_CHECKING:
    from cstui.desk.importing import FileOutcome, ImportOutcome, ImportRequest, Job, Progress


class UndoneAnyway(Cancelled):
    """Ctrl-C came when the undo had been done."""

    code = "undone"

    def __init__(self, number: int) -> None:
        super().__init__()
        self.message = f"Interrupted, but import {number} had been taken back by then."


def add(commands: argparse._SubParsersAction[Any]) -> None:
    """Add this group's commands to the parser."""
    reader = commands.add_parser(
        "import",
        help="bring files in: all of them or none",
        description="Bring CSV, Excel and JSON files, zipped or not, into the workspace: all of them in one transaction, or none. "
        "Makes the workspace if there is none.",
    )
    reader.add_argument("files", nargs="+", metavar="FILE")
    kinds = [kind.value for kind in RECORDS]
    reader.add_argument("--as", dest="kind", choices=kinds, help="what the rows are, where the columns don't tell")
    reader.add_argument("--map", metavar="FIELD=COLUMN", action="append", default=[], help="take a field from this column of the file")
    reader.add_argument("--set", metavar="FIELD=VALUE", action="append", default=[], help="a value for rows that have none of their own")
    reader.add_argument("--dates", choices=["DMY", "MDY", "YMD", "jalali"], help="how the file writes dates")
    reader.add_argument("--encoding", metavar="E", help="utf-8, cp1256, utf-16 …, where what the file is read as is wrong")
    reader.add_argument("--sheet", metavar="S", help="of a workbook, an archive or a file with several tables only this one")
    reader.add_argument("--clear", action="store_true", help="empty cells empty what the workspace has")
    reader.add_argument("--strict", action="store_true", help="import nothing if any row is refused")
    reader.add_argument("--rejects", metavar="FILE", help="write the refused rows here")
    reader.add_argument("--dry-run", action="store_true", help="say what would happen, change nothing")
    json_option(reader)
    workspace_option(reader)
    reader.set_defaults(run=run_import)

    log = commands.add_parser("imports", help="the import log", description="What was imported, when, and what became of its rows.")
    json_option(log)
    workspace_option(log)
    log.set_defaults(run=run_imports)

    back = commands.add_parser("undo", help="take an import back", description="Take an import back: the last one, or the one named.")
    back.add_argument("import_id", nargs="?", metavar="IMPORT", help="its number in `cstui imports`")
    json_option(back)
    workspace_option(back)
    back.set_defaults(run=run_undo)


def run_import(args: argparse.Namespace) -> int:
    """`cstui import`."""
    from cstui.desk.importing import Job

    path = writing_path(args)
    request = _request(args)
    if args.rejects:
        _check_rejects(Path(args.rejects), [*request.files, str(path)])
    job = Job(path, request)
    line = ProgressLine()
    try:
        outcome = _finish(partial(_import, job, args, line), job.cancel)
    except KeyboardInterrupt:
        raise Cancelled from None
    finally:
        line.clear()
        job.close()
    if args.json:
        emit_json(import_json(outcome))
        return 0
    emit(outcome_table(outcome.files))
    say_problems(outcome.files)
    say("Dry run: nothing was changed." if outcome.import_id is None else f"Import {outcome.import_id}. `cstui undo` takes it back.")
    return 0


def run_imports(args: argparse.Namespace) -> int:
    """`cstui imports`."""
    from cstui.desk.importing import log

    with opened(args) as workspace:
        entries = sorted(log(workspace), key=lambda entry: entry.import_id)
    if args.json:
        emit_json({"schema": 1, "imports": [entry_json(entry) for entry in entries]})
    elif entries:
        emit(log_table(entries))
    else:
        say("Nothing has been imported yet. `cstui import FILE…` does.")
    return 0


def run_undo(args: argparse.Namespace) -> int:
    """`cstui undo`."""
    from cstui.desk.importing import undo

    path = writing_path(args)
    number = None if args.import_id is None else whole(args.import_id, "IMPORT", 10**9 - 1)
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
        emit_json(document)
        return 0
    emit(f"Import {done.import_id} taken back: {done.reversed:,} rows as they were before, {done.kept:,} kept.")
    for why in done.kept_why:
        say(f"kept: {why}")
    return 0


def _undone(path: Path) -> frozenset[int]:
    """Imports that have been taken back."""
    from cstui.desk.importing import log
    from cstui.desk.workspace import open_workspace

    workspace = open_workspace(path)
    try:
        return frozenset(entry.import_id for entry in log(workspace) if entry.undone_at is not None)
    finally:
        workspace.close()


def _import(job: Job, args: argparse.Namespace, line: ProgressLine) -> ImportOutcome:
    """Preview, keep the refused rows aside, and merge unless this is a dry run or `--strict` objects."""

    def show(progress: Progress) -> None:
        line.show(progress_text(progress))

    preview = job.preview(show)
    if args.rejects:
        for written in job.write_rejects(Path(args.rejects)):
            line.clear()
            say(f"Refused rows: {written}")
    if args.strict:
        _object(preview.files)
    return preview if args.dry_run else job.commit(show)


def _object(files: tuple[FileOutcome, ...]) -> None:
    for file in files:
        if file.refused:
            where = problem_text(file, file.problems[0]) if file.problems else file.file
            message = f"{file.refused:,} of {file.read:,} rows of {file.file} are refused, so --strict imported nothing. The first: {where}"
            raise RowsRefused(message, file=file.file, line=file.problems[0].line if file.problems else None)


def _finish(work: Callable[[], ImportOutcome], cancel: Callable[[], None]) -> ImportOutcome:
    """`work`'s result. Ctrl-C cancels it and waits for its answer: Cancelled, or the outcome where it was already done."""
    answer: list[ImportOutcome | BaseException] = []
    answered = threading.Event()

    def run() -> None:
        try:
            answer.append(work())
        except BaseException as error:  # noqa: BLE001 - raised again below, in the waiting thread
            answer.append(error)
        finally:
            answered.set()

    threading.Thread(target=run, name="import", daemon=True).start()
    while not answered.is_set():
        try:
            answered.wait()  # not Thread.join: interrupted once, it takes a running thread for a finished one
        except KeyboardInterrupt:
            cancel()
    if isinstance(answer[0], BaseException):
        raise answer[0]
    return answer[0]


def _request(args: argparse.Namespace) -> ImportRequest:
    from cstui.base.config import instant, today
    from cstui.base.days import to_day
    from cstui.desk.importing import ImportRequest

    return ImportRequest(
        files=tuple(args.files),
        kind=args.kind,
        mapping=_once(args.map, "--map"),
        constants=_once(args.set, "--set"),
        dates=args.dates,
        encoding=args.encoding,
        sheet=args.sheet,
        clear=args.clear,
        strict=args.strict,
        day=to_day(today()),
        at=instant(),
    )


def _once(given: list[str], option: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for name, value in pairs(given, option):
        if name in found:
            raise UsageError(f"{option} names “{name}” twice.")
        found[name] = value
    return found


def _check_rejects(rejects: Path, others: list[str]) -> None:
    if any(rejects.absolute() == Path(other).absolute() for other in others):
        raise UsageError(f"--rejects would overwrite {rejects}.")
