"""`backup`, `doctor`, `settings` and `switches`: keeping a workspace safe, and telling it what it can't know."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cstui.base.errors import UsageError
from cstui.cli.options import json_option, whole, workspace_option
from cstui.cli.output import Json, emit, emit_json, emit_line, say
from cstui.cli.session import opened, reading_path, writing_path
from cstui.cli.tables import Column, table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from cstui.desk.maintenance import Diagnosis
    from cstui.desk.settings import SwitchState
    from cstui.desk.workspace import Workspace


def add(commands: argparse._SubParsersAction[Any]) -> None:
    """Add this group's commands to the parser."""
    copy = commands.add_parser("backup", help="a safe copy", description="Write a checked copy of the workspace to a new file.")
    copy.add_argument("file", metavar="FILE", help="must not exist yet")
    json_option(copy)
    workspace_option(copy)
    copy.set_defaults(run=run_backup)

    doctor = commands.add_parser(
        "doctor",
        help="is the workspace whole",
        description="Integrity, links, rollups against a recomputation, permissions, coverage, versions. Changes nothing.",
    )
    doctor.add_argument("--rebuild", action="store_true", help="derive the rollups again from the facts first")
    json_option(doctor)
    workspace_option(doctor)
    doctor.set_defaults(run=run_doctor)

    settings = commands.add_parser(
        "settings", help="currency, time zone, company, cards", description="List the settings, show one, or set it."
    )
    settings.set_defaults(run=run_settings)
    switches = commands.add_parser(
        "switches", help="definitions that differ in the field", description="List the definition switches, show one, or set it."
    )
    switches.set_defaults(run=run_switches)
    switches.add_argument(
        "--preview", action="store_true", help="what the value would change, before and after, and who moves; sets nothing"
    )
    switches.add_argument("--limit", metavar="N", help="with --preview, at most N of the customers who move")
    for parser in (settings, switches):
        parser.add_argument("name", nargs="?", metavar="NAME")
        parser.add_argument("value", nargs="?", metavar="VALUE")
        json_option(parser)
        workspace_option(parser)


def run_backup(args: argparse.Namespace) -> int:
    """`cstui backup`."""
    from cstui.base.formatting import size
    from cstui.desk.maintenance import backup

    with reading_path(args) as path:
        done = backup(path, Path(args.file))
    if args.json:
        emit_json(done.to_json())
    else:
        emit_line(f"{done.file}: {size(done.size)}, checked, readable by you only.")
    return 0


def run_doctor(args: argparse.Namespace) -> int:
    """`cstui doctor`. The exit status is 1 when a check failed."""
    from cstui.base.config import today
    from cstui.base.days import to_day
    from cstui.desk.maintenance import doctor

    day = to_day(today())
    if args.rebuild:
        found = doctor(writing_path(args), rebuild=True, day=day)
    else:
        with reading_path(args) as path:
            found = doctor(path, day=day)
    if args.json:
        emit_json(found.to_json())
    else:
        emit(_diagnosis(found))
    return 0 if found.ok else 1


def run_settings(args: argparse.Namespace) -> int:
    """`cstui settings`."""
    from cstui.desk.settings import NAMES, check_name, set_setting, settings

    if args.name is not None:
        check_name(args.name, NAMES, "setting")
    with _workspace(args) as workspace:
        if args.value is not None:
            set_setting(workspace, args.name, args.value)
        found = [item for item in settings(workspace) if args.name in (None, item.name)]
    if args.json:
        emit_json({"schema": 1, "settings": {item.name: item.value for item in found}})
        return 0
    columns = (Column("setting"), Column("value"), Column("", limit=16), Column("what it is", limit=200))
    emit(
        table(columns, [(item.name, item.value, "" if item.chosen or item.value is None else "assumed", item.definition) for item in found])
    )
    return 0


def run_switches(args: argparse.Namespace) -> int:
    """`cstui switches`."""
    from cstui.desk.settings import SWITCH_NAMES, check_name, set_switch, switches

    if args.name is not None:
        check_name(args.name, SWITCH_NAMES, "switch")
    if args.preview or args.limit is not None:
        return _preview(args)
    with _workspace(args) as workspace:
        if args.value is not None:
            set_switch(workspace, args.name, args.value)
            say("Every figure that rests on it follows.")
        found = [item for item in switches(workspace) if args.name in (None, item.name)]
    if args.json:
        emit_json({"schema": 1, "switches": {item.name: _switch_json(item) for item in found}})
        return 0
    columns = (Column("switch"), Column("value"), Column("default"), Column("choices"), Column("what it decides", limit=300))
    rows = [(item.name, item.value, item.default, ", ".join(item.choices) or item.takes, item.definition) for item in found]
    emit(table(columns, rows))
    return 0


def _preview(args: argparse.Namespace) -> int:
    """`cstui switches NAME VALUE --preview`."""
    from cstui.base.config import today
    from cstui.cli.switch_text import preview_text
    from cstui.desk.switching import preview

    if not args.preview or args.value is None:
        raise UsageError("--preview needs a switch and the value to try: cstui switches NAME VALUE --preview [--limit N].")
    limit = None if args.limit is None else whole(args.limit, "--limit", 10**9 - 1)
    with opened(args) as workspace:
        found = preview(workspace, args.name, args.value, today(), limit)
    if args.json:
        emit_json(found.to_json())
    else:
        emit("\n\n".join(preview_text(found)))
    return 0


def _workspace(args: argparse.Namespace) -> AbstractContextManager[Workspace]:
    if args.value is not None:
        writing_path(args)
    return opened(args)


def _switch_json(item: SwitchState) -> Json:
    return {"value": item.value, "default": item.default, "choices": list(item.choices) or None, "definition": item.definition}


def _diagnosis(found: Diagnosis) -> str:
    return "\n\n".join(_sections(found))


def _sections(found: Diagnosis) -> Iterator[str]:
    from cstui.base.days import iso
    from cstui.base.text import safe

    verdict = "whole" if found.ok else "NOT whole"
    rebuilt = "rollups derived again; " if found.rebuilt else ""
    through = "nothing imported yet" if found.as_of is None else f"data through {iso(found.as_of)}"
    yield safe(f"{found.workspace}: {rebuilt}{verdict}; {through}", 1000)
    yield table((Column("check"), Column("status"), Column("", limit=300)), found.checks)
    covered = [(item.kind, f"{item.n:,}", *("" if day is None else iso(day) for day in (item.first, item.last))) for item in found.coverage]
    yield table((Column("facts"), Column("rows", right=True), Column("first"), Column("last")), covered)
    yield table((Column("program"), Column("version")), [(name, version or "not installed") for name, version in found.versions])
