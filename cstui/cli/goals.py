"""`goals` and `annotations`: what a person adds beside the figures, for the screens to show."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cstui.base.errors import UsageError
from cstui.cli.options import filter_options, json_option, period_options, view_of, whole, workspace_option
from cstui.cli.output import emit, emit_json, say
from cstui.cli.session import opened, writing_path
from cstui.cli.tables import Column, table

if TYPE_CHECKING:
    from cstui.desk.goals import Goals

WIDTH = 12
"""Cells of the bar."""


def add(commands: argparse._SubParsersAction[Any]) -> None:
    """Add this group's commands to the parser."""
    goals = commands.add_parser(
        "goals",
        help="what a metric should be, and how far it is from it",
        description="List the goals, show a metric's, or set it: `cstui goals mrr 200k`, `cstui goals nrr none`. A goal is for a month.",
    )
    goals.add_argument("metric", nargs="?", metavar="METRIC")
    goals.add_argument("value", nargs="?", metavar="VALUE", help="a number, a share (2 %% or 0.02), or none")
    period_options(goals)
    filter_options(goals)
    json_option(goals)
    workspace_option(goals)
    goals.set_defaults(run=run_goals)

    marks = commands.add_parser(
        "annotations",
        help="what happened on a day, marked on every trend",
        description="List the annotations; `add DATE TEXT` makes one, `remove N` takes one away.",
    )
    marks.add_argument("action", nargs="?", choices=("add", "remove"), metavar="add|remove")
    marks.add_argument("given", nargs="*", metavar="DATE TEXT | N")
    json_option(marks)
    workspace_option(marks)
    marks.set_defaults(run=run_annotations)


def run_goals(args: argparse.Namespace) -> int:
    """`cstui goals`."""
    from cstui.base.config import today
    from cstui.desk.goals import goals, set_goal

    view = view_of(args)
    if args.value is not None:
        writing_path(args)
    with opened(args) as workspace:
        if args.value is not None:
            set_goal(workspace, args.metric, args.value)
        found = goals(workspace, view, today(), args.metric)
    if args.json:
        emit_json(found.to_json())
    else:
        _show_goals(found, args.metric)
    return 0


def _show_goals(found: Goals, metric: str | None) -> None:
    from cstui.base.formatting import period

    if not found.goals:
        of = "" if metric is None else f" for {metric}"
        say(f"No goal{of}. `cstui goals METRIC VALUE` sets one, for example `cstui goals mrr 200k`.")
        return
    say(period(found.period))
    columns = (Column("metric"), Column("goal", right=True), Column("value", right=True), Column("progress"), Column("", limit=120))
    emit(table(columns, _goal_rows(found)))


def _goal_rows(found: Goals) -> Iterator[tuple[str, ...]]:
    from cstui.base.formatting import figure, unit_of
    from cstui.desk.goals import bar

    for goal in found.goals:
        unit, done = unit_of(goal.metric.id, goal.metric.unit), goal.progress
        drawn = bar(done.share, WIDTH) if done is not None and done.share is not None else ""
        wished = goal.goal if done is None else done.goal
        words = goal.reason or "" if done is None else done.words
        yield goal.metric.id, figure(wished, unit, found.currency), figure(goal.value, unit, found.currency), drawn, words


def run_annotations(args: argparse.Namespace) -> int:
    """`cstui annotations`."""
    from cstui.desk.annotations import add as annotate
    from cstui.desk.annotations import all_annotations, remove

    if args.action is not None:
        writing_path(args)
    with opened(args) as workspace:
        if args.action == "add":
            if len(args.given) < 2:
                raise UsageError(
                    "`cstui annotations add DATE TEXT` takes a day and what happened, for example: add 2026-03-01 price change"
                )
            annotate(workspace, args.given[0], " ".join(args.given[1:]))
        elif args.action == "remove":
            if len(args.given) != 1:
                raise UsageError("`cstui annotations remove N` takes one number; `cstui annotations` lists them.")
            gone = remove(workspace, whole(args.given[0], "remove", 10**9 - 1))
            say(f"Removed: {gone.text}")
        found = all_annotations(workspace)
    if args.json:
        emit_json({"schema": 1, "annotations": [one.to_json() for one in found]})
        return 0
    if not found:
        say("No annotation yet. `cstui annotations add DATE TEXT` makes one.")
        return 0
    documents = [one.to_json() for one in found]
    emit(
        table(
            (Column("number", right=True), Column("date"), Column("what", limit=100)), [[str(v) for v in one.values()] for one in documents]
        )
    )
    return 0
