"""`reconcile`: another program's MRR per subscriber against ours."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cstui.cli.options import form_options, workspace_option
from cstui.cli.output import csv_text, emit, emit_json, say
from cstui.cli.session import opened
from cstui.cli.tables import Column, table

if TYPE_CHECKING:
    from cstui.desk.reconcile import Difference, MonthTotal

SHOWN = 40
"""Differences in the text output; `--json` and `--csv` have them all."""


def add(commands: argparse._SubParsersAction[Any]) -> None:
    """Add this group's commands to the parser."""
    reconcile = commands.add_parser(
        "reconcile",
        help="Stripe's MRR per subscriber against ours",
        description="Compare Stripe's MRR-per-subscriber export with the MRR here, for each customer and month: a line for each "
        "difference, with its cause. Changes nothing.",
    )
    reconcile.add_argument("file", metavar="FILE", help="columns Customer ID, Currency and one for each month, 2026-01")
    reconcile.add_argument("--encoding", metavar="E", help="the file's encoding, where it is not UTF-8")
    reconcile.add_argument("--month", metavar="YYYY-MM", help="only this month of the file")
    form_options(reconcile)
    workspace_option(reconcile)
    reconcile.set_defaults(run=run_reconcile)


def run_reconcile(args: argparse.Namespace) -> int:
    """`cstui reconcile`."""
    from cstui.base.days import iso
    from cstui.desk.reconcile import csv_rows, reconcile

    with opened(args) as workspace:
        found = reconcile(workspace, Path(args.file), args.encoding, args.month)
    if args.json:
        emit_json(found.to_json())
        return 0
    if args.csv:
        emit(csv_text(*csv_rows(found)))
        return 0
    amounts = tuple(Column(name, right=True) for name in ("theirs", "ours", "difference"))
    totals = [(one.month, one.currency, *_amounts(one), ", ".join(name for name, _ in one.causes)) for one in found.totals]
    if totals:
        emit(table((Column("month"), Column("in"), *amounts, Column("causes", limit=60)), totals))
    lines = [(one.month, one.name or one.customer_id, one.currency, *_amounts(one), one.cause, one.why) for one in found.differences]
    if lines:
        head = (Column("month"), Column("customer"), Column("in"), *amounts, Column("cause"), Column("why", limit=80))
        emit("\n" + table(head, lines[:SHOWN]))
    if len(lines) > SHOWN:
        say(f"{len(lines):,} differences in all; --csv has them.")
    if found.later:
        say(f"note: not compared: {', '.join(found.later)}: the data here ends on {iso(found.as_of)}.")
    for line in found.unread:
        say(f"note: line {line} can't be read, or has a cell that is no amount; that counts as nothing.")
    return 0


def _amounts(one: Difference | MonthTotal) -> tuple[str, str, str]:
    """Both sides and the difference, with the decimals of the currency."""
    from cstui.base.formatting import number
    from cstui.base.money import exponent

    digits, gap = exponent(one.currency), one.theirs - one.ours
    return number(one.theirs, digits), number(one.ours, digits), ("+" if gap > 0 else "") + number(gap, digits)
