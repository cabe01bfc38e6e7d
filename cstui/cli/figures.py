"""`metrics`, `cohorts` and `explain`: the catalogue's figures, and what any of them is made of."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from cstui.base.errors import UsageError
from cstui.cli.options import filter_options, form_options, json_option, period_options, view_of, whole, workspace_option
from cstui.cli.output import csv_text, emit, emit_found, emit_json, say
from cstui.cli.session import opened
from cstui.cli.tables import Column, table

if TYPE_CHECKING:
    from cstui.desk.voices import AnswerPart


def add(commands: argparse._SubParsersAction[Any]) -> None:
    """Add this group's commands to the parser."""
    many = commands.add_parser(
        "metrics",
        help="figures for any period, filter and breakdown",
        description="The catalogue's figures: those named, or all. `--list` says what each one means.",
    )
    many.add_argument("metrics", nargs="*", metavar="METRIC")
    many.add_argument("--list", action="store_true", help="name and define every metric; needs no workspace")
    many.add_argument("--by", metavar="FIELD", help="a breakdown: one figure for each value of this customer field")
    period_options(many)
    filter_options(many)
    form_options(many)
    workspace_option(many)
    many.set_defaults(run=run_metrics)

    table_of = commands.add_parser(
        "cohorts",
        help="the retention table",
        description="Of everyone first paid in a month, who is still active at the end of each month after, or with what MRR or revenue.",
    )
    table_of.add_argument("--value", default="customers", metavar="customers|mrr|revenue", help="what is counted (customers)")
    table_of.add_argument(
        "--cell", metavar="MONTH:K", help="what one cell counts, such as 2025-03:4: its customers and rows, file and line"
    )
    table_of.add_argument("--limit", metavar="N", help="with --cell, at most N rows, and N of those who made the difference")
    filter_options(table_of)
    form_options(table_of)
    workspace_option(table_of)
    table_of.set_defaults(run=run_cohorts)

    one = commands.add_parser(
        "explain",
        help="one figure, down to file and line",
        description="What a figure means, what it is made of and, with --rows, the very rows it counts with file and line.",
    )
    one.add_argument("metric", metavar="METRIC")
    one.add_argument("--rows", action="store_true", help="the rows, the largest first")
    one.add_argument("--difference", action="store_true", help="what made the difference against the period before")
    one.add_argument("--year-before", action="store_true", help="hold it against the same period a year earlier, not the one before")
    one.add_argument("--limit", metavar="N", help="at most N rows, and N of those who made the difference")
    one.add_argument("--touchpoint", metavar="NAME", help="csat at this touchpoint alone; blank: of answers that name none")
    one.add_argument(
        "--answers", metavar="WHICH", help="of nps, csat or ces: promoters, passives, detractors, easy, or a score such as 9 or 4@1-5"
    )
    one.add_argument(
        "--supposing", action="append", default=[], metavar="SWITCH=VALUE", help="as it would be with the switch set so; nothing is set"
    )
    period_options(one)
    filter_options(one)
    json_option(one)
    workspace_option(one)
    one.set_defaults(run=run_explain)


def run_metrics(args: argparse.Namespace) -> int:
    """`cstui metrics`."""
    if args.list:
        return _list(args)
    from cstui.base.config import today
    from cstui.cli.figure_tables import csv_rows, show
    from cstui.desk.figures import figures

    view = view_of(args)
    with opened(args) as workspace:
        found = figures(workspace, args.metrics or None, view, today())
    return emit_found(args, found, csv_rows, show)


def run_cohorts(args: argparse.Namespace) -> int:
    """`cstui cohorts`."""
    if args.cell is not None:
        return _cell(args)
    from cstui.cli.cohort_tables import csv_rows, show
    from cstui.desk.cohorts import cohorts

    view = view_of(args)
    with opened(args) as workspace:
        found = cohorts(workspace, args.value, view)
    return emit_found(args, found, csv_rows, show)


def _cell(args: argparse.Namespace) -> int:
    """`cstui cohorts --cell MONTH:K`."""
    from cstui.cli.explanations import explained
    from cstui.desk.cohort_cell import CohortCell, cohort_cell

    cell, view = CohortCell.parse(args.cell, args.value), view_of(args)
    return explained(args, "--cell", lambda workspace, wanted: cohort_cell(workspace, cell, view, wanted))


def run_explain(args: argparse.Namespace) -> int:
    """`cstui explain`."""
    from cstui.base.config import today
    from cstui.cli.explanations import explanation
    from cstui.desk.explain import Wanted, explain, explain_touchpoint
    from cstui.desk.subjects import AnswersOf

    view = view_of(args)
    limit = None if args.limit is None else whole(args.limit, "--limit", 10**9 - 1)
    wanted = Wanted(args.rows, limit, args.difference, year_before=args.year_before)
    if args.touchpoint is not None and args.metric != "csat":
        raise UsageError(f"--touchpoint is for csat: {args.metric} is not read by touchpoint.")
    supposing = dict(_supposed(text) for text in args.supposing)
    if sum((bool(supposing), args.touchpoint is not None, args.answers is not None)) > 1:
        raise UsageError("Of --supposing, --touchpoint and --answers, only one can be asked for.")
    part = None if args.answers is None else _part(args.metric, args.answers)
    with opened(args) as workspace:
        if part is not None:
            found = AnswersOf(part, view).explain(workspace, today(), wanted)
        elif args.touchpoint is not None:
            found = explain_touchpoint(workspace, args.touchpoint, view, today(), wanted)
        else:
            found = explain(workspace, args.metric, view, today(), wanted, supposing)
    if args.json:
        emit_json(found.to_json())
    else:
        emit("\n\n".join(explanation(found)))
    return 0


def _part(metric: str, text: str) -> AnswerPart:
    """A part of the answers of a kind. Raises UsageError."""
    from cstui.desk.answers_behind import part_named
    from cstui.desk.voices import MEASURES

    if metric not in MEASURES:
        raise UsageError(f"--answers is for {', '.join(MEASURES)}: {metric} does not count answers by score.")
    return part_named(metric, text)


def _supposed(text: str) -> tuple[str, str]:
    """A switch and the value it is to be read with. Raises UsageError."""
    name, given, value = text.partition("=")
    if not given:
        raise UsageError(f"--supposing {text}: takes SWITCH=VALUE, such as past_due_days=60.")
    return name.strip(), value


def _list(args: argparse.Namespace) -> int:
    from cstui.desk.figures import catalogue

    if args.metrics:
        raise UsageError("--list names every metric; `cstui explain METRIC` defines one.")
    chosen = catalogue()
    if args.json:
        emit_json(
            {
                "schema": 1,
                "metrics": [
                    {
                        "id": one.id,
                        "label": one.label,
                        "unit": one.unit,
                        "better": one.better,
                        "definition": one.definition,
                        "formula": one.formula,
                        "floor": one.floor,
                        "switches": list(one.switches),
                        "composed_of": list(one.composed),
                    }
                    for one in chosen
                ],
            }
        )
        return 0
    rows = [(one.id, one.label, one.unit, one.definition) for one in chosen]
    if args.csv:
        emit(csv_text(("metric", "label", "unit", "definition"), rows))
        return 0
    emit(table((Column("metric"), Column("label"), Column("unit"), Column("definition", limit=400)), rows))
    say(f"{len(rows)} metrics")
    return 0
