"""`journey`: all customers from stage to stage."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from cstui.base.days import iso
from cstui.base.formatting import count, figure, percent
from cstui.base.formatting import period as period_text
from cstui.cli.options import filter_options, form_options, period_options, view_of, workspace_option
from cstui.cli.output import emit, emit_found, say
from cstui.cli.session import opened
from cstui.cli.tables import Column, table

if TYPE_CHECKING:
    from cstui.desk.journeys import JourneysSnapshot

TITLES = ("from", "to", "customers", "times", "share", "median_days", "now")
OWNERS = 3
"""How many owners of a stage the plain text names."""


def add(commands: argparse._SubParsersAction[Any]) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "journey",
        help="all customers from stage to stage",
        description="Visitor → lead → trial → customer → churned → returned: how many, how long it took, and whose they were.",
    )
    parser.add_argument(
        "--line", metavar="STAGE[:STAGE]", help="who is in a stage, or made a move such as trial:customer: with days, file and line"
    )
    parser.add_argument("--limit", metavar="N", help="with --line, at most N rows, and N of those who made the difference")
    period_options(parser)
    filter_options(parser)
    form_options(parser)
    workspace_option(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """`cstui journey`."""
    if args.line is not None:
        return _line(args)
    from cstui.base.config import today
    from cstui.desk.journeys import journeys

    view = view_of(args)
    with opened(args) as workspace:
        found = journeys(workspace, view, today())
    return emit_found(args, found, lambda found: (TITLES, _rows(found)), _show)


def _line(args: argparse.Namespace) -> int:
    """`cstui journey --line STAGE[:STAGE]`."""
    from cstui.cli.explanations import explained
    from cstui.desk.journey_line import JourneyLine, journey_line

    line, view = JourneyLine.parse(args.line), view_of(args)
    return explained(args, "--line", lambda workspace, wanted: journey_line(workspace, line, view, wanted))


def _rows(found: JourneysSnapshot) -> Iterator[tuple[str | int | float | None, ...]]:
    """One row a move, and one a stage for those who are in it (`to` is blank there)."""
    for move in found.transitions:
        yield move.origin, move.target, move.customers, move.times, _number(move.share), _number(move.median_days), None
    for line in found.stages:
        yield line.stage, None, line.reached, None, None, _number(line.median_days), line.now


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(round(value, 10))


def _show(found: JourneysSnapshot) -> None:
    if found.as_of is None or found.customers == found.undated:
        say("No journey yet: no date says when one began. Import customers with created_at, or subscriptions.")
        return
    stages = (Column("stage"), Column("reached", right=True), Column("there now", right=True), Column("median stay", right=True))
    emit(
        table(
            (*stages, Column("there for", right=True), Column("who had how many of all there were", limit=80)),
            [
                (line.stage, f"{line.reached:,}", f"{line.now:,}", _days(line.median_days), _days(line.waiting_days), _owners(line.owners))
                for line in found.stages
            ],
        )
    )
    emit("")
    moves = (Column("from"), Column("to"), Column("customers", right=True), Column("times", right=True))
    emit(
        table(
            (*moves, Column("of all there", right=True), Column("after, median", right=True)),
            [
                (
                    move.origin or "(begins as)",
                    move.target,
                    f"{move.customers:,}",
                    f"{move.times:,}",
                    percent(move.share),
                    _days(move.median_days),
                )
                for move in found.transitions
            ],
        )
    )
    when = "everything so far" if found.period is None else period_text(found.period)
    where = "".join(f" · {field} = {' or '.join(one or '(none)' for one in values)} (as they are now)" for field, values in found.where)
    say(f"{when} · data through {iso(found.as_of)}{where} · {count(found.customers, 'customer')}, {found.undated:,} without a date")


def _days(value: Fraction | None) -> str:
    return "" if value is None else figure(value, "days", "")


def _owners(owners: tuple[tuple[str, int], ...]) -> str:
    shown = ", ".join(f"{owner} {count:,}" for owner, count in owners[:OWNERS])
    return shown + (f" and {len(owners) - OWNERS} more" if len(owners) > OWNERS else "")
