"""`export`: records of a kind, or figures, into a file."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cstui.base.errors import UsageError
from cstui.base.records import RECORDS
from cstui.cli.options import filter_options, json_option, period_options, view_of, workspace_option
from cstui.cli.output import emit_json, emit_line, json_text
from cstui.cli.session import opened

if TYPE_CHECKING:
    from cstui.desk.export import Exported, Target
    from cstui.desk.workspace import Workspace


def add(commands: argparse._SubParsersAction[Any]) -> None:
    """Add this group's commands to the parser."""
    out = commands.add_parser(
        "export",
        help="records or figures into a file",
        description="Write all records of a kind, or figures for any periods, to a CSV, JSON, NDJSON or XLSX file. Exported records "
        "import back unchanged. A lone name that is a kind and a metric (costs) means the records, unless a period is given.",
    )
    out.add_argument("names", nargs="+", metavar="KIND|METRIC", help=f"one of {', '.join(RECORDS)}; or metrics")
    out.add_argument("-o", "--output", metavar="FILE", required=True, help="where to; the ending says the format")
    out.add_argument("--format", choices=["csv", "json", "ndjson", "xlsx"], help="the format, where the ending does not say it")
    out.add_argument("--force", action="store_true", help="write over a file that is there")
    out.add_argument("--by", metavar="FIELD", help="break figures down by this field")
    period_options(out)
    filter_options(out)
    json_option(out)
    workspace_option(out)
    out.set_defaults(run=run_export)


def run_export(args: argparse.Namespace) -> int:
    """`cstui export`."""
    from cstui.desk.export import export_records, target_of

    target = target_of(Path(args.output), args.format, force=args.force)
    with opened(args) as workspace:
        done = export_records(workspace, args.names[0], target) if _is_records(args) else _figures(workspace, args, target)
    if args.json:
        emit_json({"schema": 1, "file": done.file, "format": done.format, "rows": done.rows})
    else:
        from cstui.base.formatting import count

        emit_line(f"{count(done.rows, 'row')} in {done.file}")
    return 0


def _is_records(args: argparse.Namespace) -> bool:
    """Whether records are meant. Raises UsageError for kinds that are mixed with others, or filtered."""
    asked = any(getattr(args, name) for name in ("month", "first", "final", "quarter", "year", "trailing", "last", "where", "as_of", "by"))
    kinds = [name for name in args.names if name in RECORDS]
    if len(args.names) == 1 and kinds and not asked:
        return True
    from cstui.desk.export import only_kinds

    alone = only_kinds(args.names)
    if alone and asked and len(args.names) == 1:
        raise UsageError(f"All {alone[0]} are exported; periods and filters are for figures.")
    if alone:
        raise UsageError(f"A file holds one kind of record, or figures: export {' and '.join(alone)} each into its own file.")
    return False


def _figures(workspace: Workspace, args: argparse.Namespace, target: Target) -> Exported:
    from cstui.base.config import today
    from cstui.cli.figure_tables import csv_rows
    from cstui.desk.export import export_table, export_text
    from cstui.desk.figures import figures

    found = figures(workspace, args.names, view_of(args), today())
    titles, rows = csv_rows(found)
    if target.format == "json":
        return export_text(workspace, target, json_text(found.to_json()), sum(1 for _ in rows))
    return export_table(workspace, target, "figures", titles, rows)
