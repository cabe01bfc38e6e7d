"""`value`: what customers are worth, by models fitted on the user's own data and shown with how they hold."""

from __future__ import annotations

import argparse
from typing import Any

from cstui.cli.options import filter_options, form_options, view_of, whole, workspace_option
from cstui.cli.output import emit_found
from cstui.cli.session import opened
from cstui.desk.typed_days import typed_day

SHOWN = 20
"""Customers that the plain text shows unless it is told how many."""


def add(commands: argparse._SubParsersAction[Any]) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "value",
        help="what customers are worth: fitted models, and how they hold",
        description="Models fitted on your own data, shown against what happened. In repeat-purchase mode BG/NBD and Gamma-Gamma: who "
        "is still there, how often they will buy, for how much. By subscription sBG: how many terms customers stay. Too little data is "
        "refused.",
    )
    parser.add_argument("--until", metavar="DAY", help="fit on purchases up to this day, and hold the fit against those after it")
    parser.add_argument("--weeks", metavar="N", help="how far ahead purchases are expected (52)")
    parser.add_argument("--limit", metavar="N", help="at most N customers, the most valuable first")
    filter_options(parser)
    form_options(parser)
    workspace_option(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """`cstui value`."""
    from cstui.base.config import today
    from cstui.cli.value_tables import csv_rows, show
    from cstui.desk.value import MOST_WEEKS, WEEKS, value

    view = view_of(args)
    until = None if args.until is None else typed_day(args.until)
    weeks = WEEKS if args.weeks is None else whole(args.weeks, "--weeks", MOST_WEEKS)
    limit = None if args.limit is None else whole(args.limit, "--limit", 10**9 - 1)
    if limit is None and not (args.json or args.csv):
        limit = SHOWN
    with opened(args) as workspace:
        found = value(workspace, view, today(), until=until, weeks=weeks, limit=limit)
    return emit_found(args, found, csv_rows, show)
