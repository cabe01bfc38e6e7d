"""`report`: the month on paper, and the reports that were made."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cstui.base.errors import UsageError
from cstui.cli.options import filter_options, json_option, period_options, view_of, whole, workspace_option
from cstui.cli.output import emit, emit_json, say
from cstui.cli.session import opened
from cstui.cli.tables import Column, table

if TYPE_CHECKING:
    from cstui.desk.report import Report
    from cstui.desk.workspace import Workspace

_SUFFIXES = {".html": "html", ".htm": "html", ".md": "md"}


def add(commands: argparse._SubParsersAction[Any]) -> None:
    """Add the command to the parser."""
    paper = commands.add_parser(
        "report",
        help="the month on paper",
        description="Figures, what moved, customers, risk, cohorts, definitions and coverage of one period, as Markdown or as one "
        "HTML file. Every report is kept as it was made.",
    )
    paper.add_argument("--format", metavar="md|html", help="how it is written (md, or what the file's name says)")
    paper.add_argument("-o", "--output", metavar="FILE", help="write to a file instead of stdout")
    paper.add_argument("--force", action="store_true", help="write over a file that is there")
    paper.add_argument("--list", action="store_true", help="the reports that were made")
    paper.add_argument("--stored", metavar="N", help="print report N as it was made")
    period_options(paper)
    filter_options(paper)
    json_option(paper)
    workspace_option(paper)
    paper.set_defaults(run=run_report)


def run_report(args: argparse.Namespace) -> int:
    """`cstui report`."""
    target = None if args.output in (None, "-") else Path(args.output)
    form = _form(args.format, target)
    if target is not None and not args.force and target.exists():
        from cstui.desk.report import ReportExists

        raise ReportExists(target)
    with opened(args) as workspace:
        if args.list:
            return _list(workspace, as_json=args.json)
        found = _found(args, workspace)
    if target is not None:
        from cstui.desk.report import write

        write(found, form, target, force=args.force)
        say(f"{target}: report {found.number}, {found.title}")
    if args.json:
        from cstui.desk.paper.blocks import to_json

        kept = {name: value for name, value in found.to_json().items() if name != "made"}  # the day is no part of the report
        emit_json({"schema": 1, **kept, "document": to_json(found.document)})
    elif target is None:
        emit(found.render(form))
    return 0


def _found(args: argparse.Namespace, workspace: Workspace) -> Report:
    from cstui.base.config import today
    from cstui.desk.report import make, stored

    if args.stored is not None:
        return stored(workspace, whole(args.stored, "--stored", 10**9 - 1))
    if args.last is not None:
        raise UsageError("A report is of one period; its charts go back 24 of them. Leave --last out.")
    return make(workspace, view_of(args), today())


def _form(given: str | None, target: Path | None) -> str:
    from cstui.desk.report import FORMATS

    form = given or _SUFFIXES.get("" if target is None else target.suffix.lower(), "md")
    if form not in FORMATS:
        raise UsageError(f"--format takes {' or '.join(FORMATS)}, not “{form}”.")
    return form


def _list(workspace: Workspace, *, as_json: bool) -> int:
    from cstui.base.days import iso
    from cstui.desk.report import all_reports

    found = all_reports(workspace)
    if as_json:
        emit_json({"schema": 1, "reports": [one.to_json() for one in found]})
        return 0
    if not found:
        say("No report has been made yet. `cstui report` makes one.")
        return 0
    columns = (Column("report", right=True), Column("title", limit=60), Column("only", limit=40), Column("data through"), Column("made"))
    rows = [
        (
            f"{one.number}",
            one.title,
            "; ".join(f"{field} {' or '.join(one or '(none)' for one in values)}" for field, values in one.where),
            "" if one.as_of is None else iso(one.as_of),
            iso(one.made),
        )
        for one in found
    ]
    emit(table(columns, rows))
    return 0
