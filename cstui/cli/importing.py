"""`import`: files in, all of them or none, and what came of it."""

from __future__ import annotations

import argparse
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cstui.base.errors import Cancelled, RowsRefused, UsageError
from cstui.base.records import RECORDS
from cstui.cli.import_text import (
    import_json,
    outcome_table,
    problem_text,
    progress_text,
    say_changes,
    say_joined,
    say_last_day,
    say_moves,
    say_problems,
)
from cstui.cli.options import json_option, pairs, workspace_option
from cstui.cli.output import ProgressLine, emit, emit_json, say
from cstui.cli.session import opened, writing_path

if TYPE_CHECKING:
    from cstui.desk.import_request import ImportRequest, Said
    from cstui.desk.importing import FileOutcome, ImportOutcome, Job, Progress


def add(commands: argparse._SubParsersAction[Any]) -> None:
    """Add this group's commands to the parser."""
    reader = commands.add_parser(
        "import",
        help="bring files in: all of them or none",
        description="Bring CSV, Excel and JSON files, zipped or not, into the workspace: all of them in one transaction, or none. "
        "Makes the workspace if there is none.",
    )
    reader.add_argument("files", nargs="*", metavar="FILE")
    reader.add_argument("--again", action="store_true", help="the last import's files once more, read in the same way")
    kinds = [kind.value for kind in RECORDS]
    reader.add_argument("--as", dest="kind", choices=kinds, help="what the rows are, where the columns don't tell")
    reader.add_argument("--map", metavar="FIELD=COLUMN", action="append", default=[], help="take a field from this column of the file")
    reader.add_argument("--set", metavar="FIELD=VALUE", action="append", default=[], help="a value for rows that have none of their own")
    reader.add_argument(
        "--dates", metavar="[TABLE=]ORDER", action="append", default=[],
        help="how the files write dates: DMY, MDY, YMD, jalali or hijri; with TABLE= one file, or one sheet",
    )  # fmt: skip
    reader.add_argument(
        "--encoding", metavar="[TABLE=]E", action="append", default=[],
        help="utf-8, cp1256, utf-16 …, where what the files are read as is wrong; with TABLE= one file, or one in a zip",
    )  # fmt: skip
    reader.add_argument("--sheet", metavar="S", help="of a workbook, an archive or a file with several tables only this one")
    reader.add_argument(
        "--match", choices=["email", "domain"], action="append", default=[],
        help="rows whose customer's id is not known join the one customer with their e-mail address; with domain, or with its domain",
    )  # fmt: skip
    reader.add_argument("--clear", action="store_true", help="empty cells empty what the workspace has")
    reader.add_argument("--strict", action="store_true", help="import nothing if any row is refused")
    reader.add_argument("--rejects", metavar="FILE", help="write the refused rows here")
    reader.add_argument("--dry-run", action="store_true", help="say what would happen, change nothing")
    json_option(reader)
    workspace_option(reader)
    reader.set_defaults(run=run_import)


def run_import(args: argparse.Namespace) -> int:
    """`cstui import`."""
    from cstui.desk.importing import Job
    from cstui.desk.sparing import spare

    path = writing_path(args)
    request = _request(args)
    if args.rejects:
        spare(Path(args.rejects), path, *map(Path, request.files))  # before anything is read
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
    say_joined(outcome.files)
    say_changes(outcome.files)
    say_last_day(*outcome.last_days)
    say_moves(outcome.moves or ())
    number, changed = outcome.import_id, any(file.created or file.updated for file in outcome.files)
    done = f"Import {number}. `cstui undo` takes it back." if changed else f"Import {number} changed nothing: all of it was there already."
    say("Dry run: nothing was changed." if number is None else done)
    return 0


def _import(job: Job, args: argparse.Namespace, line: ProgressLine) -> ImportOutcome:
    """Preview, keep the refused rows aside, and merge unless this is a dry run or `--strict` objects."""
    from cstui.base.config import instant

    def show(progress: Progress) -> None:
        line.show(progress_text(progress))

    preview = job.preview(show)
    if args.rejects:
        found = job.write_rejects(Path(args.rejects))
        line.clear()
        for written in found:
            say(f"Refused rows: {written}")
        if not found:
            say(f"No row was refused: {args.rejects} was {'left as it was' if Path(args.rejects).exists() else 'not written'}.")
    if args.strict:
        _object(preview.files)
    return replace(preview, moves=job.moves()) if args.dry_run else job.commit(show, instant())


def _object(files: tuple[FileOutcome, ...]) -> None:
    from cstui.base.formatting import share

    for file in files:
        if file.refused:
            where = problem_text(file, file.problems[0]) if file.problems else file.file
            message = f"{file.file}: {share(file.refused, file.read, 'row')} refused, so --strict imported nothing. The first: {where}"
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
    from cstui.desk.import_request import ImportRequest

    if args.again:
        return _again(args)
    if not args.files:
        raise UsageError("Name the files to import, or say --again for those of the last import.")
    dates, encoding, own = _of_tables(args)
    return ImportRequest(
        files=tuple(args.files),
        kind=args.kind,
        mapping=_once(args.map, "--map"),
        constants=_once(args.set, "--set"),
        own=own,
        dates=dates,
        encoding=encoding,
        sheet=args.sheet,
        clear=args.clear,
        strict=args.strict,
        match=max(args.match, key=["email", "domain"].index, default=None),
        day=to_day(today()),
        at=instant(),
    )


def _of_tables(args: argparse.Namespace) -> tuple[str | None, str | None, dict[str, Said]]:
    """`--dates` and `--encoding`: what holds for the whole call, and what for one file or table. Raises UsageError."""
    from cstui.desk.import_request import ORDERS, Said, any_place

    whole: dict[str, str] = {}
    own: dict[str, dict[str, str]] = {}
    for option, given in (("dates", args.dates), ("encoding", args.encoding)):
        for text in given:
            table, named, value = text.rpartition("=")
            if option == "dates" and value not in ORDERS:
                raise UsageError(f"--dates {text}: dates are read as {', '.join(ORDERS)}.")
            said = own.setdefault(any_place(table.strip()), {}) if named else whole
            if option in said:
                raise UsageError(f"--{option} is said twice{f' of “{table}”' if named else ''}.")
            said[option] = value
    return (
        whole.get("dates"),
        whole.get("encoding"),
        {place: Said(dates=said.get("dates"), encoding=said.get("encoding")) for place, said in own.items()},
    )


def _again(args: argparse.Namespace) -> ImportRequest:
    """What the last import asked for. Raises UsageError where something else is asked for too."""
    from cstui.base.config import instant, today
    from cstui.base.days import to_day
    from cstui.desk.import_again import again

    others = ("files", "kind", "map", "set", "dates", "encoding", "sheet", "clear", "match")
    if any(getattr(args, name) for name in others):
        raise UsageError("--again repeats the last import as it was: name no files, and no option that says how to read them.")
    with opened(args) as workspace:
        request = again(workspace, to_day(today()), instant())
    return replace(request, strict=args.strict)


def _once(given: list[str], option: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for name, value in pairs(given, option):
        if name in found:
            raise UsageError(f"{option} names “{name}” twice.")
        found[name] = value
    return found
