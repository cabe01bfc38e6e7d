"""`coverage` and `changes`: what has been imported when, and what it has changed since the last look."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cstui.cli.options import form_options, json_option, workspace_option
from cstui.cli.output import emit, emit_found, emit_json, say
from cstui.cli.session import opened
from cstui.cli.tables import Column, table

if TYPE_CHECKING:
    from cstui.desk.changes import Changes
    from cstui.desk.coverage import Calendar

_CSV = ("kind", "month", "rows", "days", "first", "last")


def add(commands: argparse._SubParsersAction[Any]) -> None:
    """Add this group's commands to the parser."""
    calendar = commands.add_parser(
        "coverage",
        help="what has been imported, month by month",
        description="Of every kind of record: rows by month, first and last day, and the months between them without any.",
    )
    calendar.add_argument(
        "--cell",
        metavar="KIND[:MONTH]",
        help="what a month counts, such as payments:2026-03: its rows, file and line; a kind alone: its months",
    )
    calendar.add_argument("--limit", metavar="N", help="with --cell, at most N rows, and N of those who made the difference")
    form_options(calendar)
    workspace_option(calendar)
    calendar.set_defaults(run=run_coverage)

    news = commands.add_parser(
        "changes",
        help="past figures that have changed since you last looked",
        description="Imports since the overview was last looked at, and the figures of past months that are not what they were.",
    )
    news.add_argument("--all", action="store_true", help="since the beginning")
    news.add_argument("--seen", action="store_true", help="and mark them as seen")
    json_option(news)
    workspace_option(news)
    news.set_defaults(run=run_changes)


def run_coverage(args: argparse.Namespace) -> int:
    """`cstui coverage`."""
    if args.cell is not None:
        return _cell(args)
    from cstui.base.config import today
    from cstui.desk.coverage import coverage

    with opened(args) as workspace:
        found = coverage(workspace, today())
    return emit_found(args, found, lambda found: (_CSV, _csv_rows(found)), _show)


def _cell(args: argparse.Namespace) -> int:
    """`cstui coverage --cell KIND[:MONTH]`."""
    from cstui.cli.explanations import explained
    from cstui.desk.coverage_cell import CoverageCell, coverage_cell

    cell = CoverageCell.parse(args.cell)
    return explained(args, "--cell", lambda workspace, wanted: coverage_cell(workspace, cell, wanted))


def run_changes(args: argparse.Namespace) -> int:
    """`cstui changes`."""
    from cstui.desk.changes import changes, looked

    with opened(args) as workspace:
        found = changes(workspace, everything=args.all)
        if args.seen:
            looked(workspace)
    if args.json:
        emit_json(found.to_json())
    else:
        _tell(found)
    return 0


def _csv_rows(found: Calendar) -> Iterator[tuple[str | int | None, ...]]:
    for kind in found.to_json()["kinds"]:
        for one in kind["months"]:
            yield kind["kind"], one["month"], one["rows"], one["days"], one["first"], one["last"]


def _show(found: Calendar) -> None:
    from cstui.base.days import iso, month_name
    from cstui.base.formatting import count

    if found.nothing:
        say("Nothing has been imported yet.")
        return
    say("nothing that happened on a day yet" if found.as_of is None else f"data through {iso(found.as_of)}")
    days = (Column("first"), Column("last"), Column("covers through"))
    columns = [Column("kind"), Column("rows", right=True), *days, Column("months without any", limit=120)]
    emit(
        table(
            columns,
            [
                (
                    one.kind,
                    f"{one.rows:,}",
                    "" if one.first is None else iso(one.first),
                    "" if one.last is None else iso(one.last),
                    "" if one.through is None else iso(one.through),
                    "" if one.level else " ".join(month_name(month) for month in one.missing),
                )
                for one in found.kinds
            ],
        )
    )
    for one in found.kinds:
        if one.undated:
            say(f"{one.kind}: {count(one.undated, 'row')} without a date, in no month")
    span = found.span
    if span is not None:
        emit("\n" + _months(found, range(span[0], span[1] + 1)))


def _months(found: Calendar, months: range) -> str:
    """Rows by month, the latest first; `–` inside a kind's first to last is a month without any."""
    from cstui.base.days import month_name

    there = [one for one in found.kinds if one.months]
    held = [{month.month: month.rows for month in one.months} for one in there]
    rows = [
        [month_name(month), *("" if month not in own else f"{own[month]:,}" if own[month] else "–" for own in held)]
        for month in reversed(months)
    ]
    return table([Column("month"), *(Column(one.kind, right=True) for one in there)], rows)


def _tell(found: Changes) -> None:
    from cstui.base.days import iso, month_name
    from cstui.base.formatting import figure, unit_of

    if found.seen_revision is not None and found.seen_as_of is not None:
        say(f"Since you last looked, at data through {iso(found.seen_as_of)}")
    elif found.seen_revision is None:
        say("Nobody has looked yet, so that this is everything there has been. The overview counts as a look, and so does --seen.")
    for words, numbers in (("imports", found.imports), ("taken back", found.undone)):
        if numbers:
            say(f"{words}: {', '.join(map(str, numbers))}")
    if not found.changes:
        say("No past figure has changed.")
        return

    columns = [Column("month"), Column("metric"), Column("before", right=True), Column("now", right=True), Column("by", limit=120)]
    emit(
        table(
            columns,
            [
                (
                    month_name(one.month),
                    one.metric,
                    figure(one.before, unit_of(one.metric, one.unit), found.currency),
                    figure(one.after, unit_of(one.metric, one.unit), found.currency),
                    ", ".join(cause.words for cause in one.causes),
                )
                for one in found.changes
            ],
        )
    )
