"""`survey add`, `list` and `history`: an answer recorded by hand, the answers there are, and what became of those recorded by hand."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from cstui.base.days import iso, to_day
from cstui.base.scores import DIRECTIONS, SCALES, scale_text
from cstui.cli.options import form_options, json_option, whole, workspace_option
from cstui.cli.output import csv_text, emit, emit_json, say
from cstui.cli.session import opened, writing_path
from cstui.cli.tables import Column, facts, table

if TYPE_CHECKING:
    from cstui.desk.survey import Answer

TITLES = (
    "customer_id", "answered_at", "kind", "score", "scale", "direction", "survey", "response_id", "respondent", "touchpoint", "comment",
)  # fmt: skip
"""The CSV's columns: those of the template, so that it can be imported."""
_SCALES = "; ".join(f"{kind}: {', '.join(map(scale_text, scales))}" for kind, scales in SCALES.items())


def add(commands: argparse._SubParsersAction[Any]) -> None:
    """Add this group's commands to the parser."""
    group = commands.add_parser("survey", help="record and list answers", description="Record what a customer answered, or list answers.")
    doing = group.add_subparsers(title="what to do", metavar="add|list|history", dest="doing", required=True, parser_class=type(group))

    one = doing.add_parser("add", help="record an answer", description="Record one answer of a customer.")
    one.add_argument("customer", metavar="CUSTOMER", help="the customer's id")
    one.add_argument("kind", metavar="nps|csat|ces")
    one.add_argument("score", metavar="SCORE")
    one.add_argument("--scale", metavar="LOW-HIGH", default="", help=f"{_SCALES}. 0-10 for nps without it; csat and ces need one")
    one.add_argument("--direction", metavar="|".join(DIRECTIONS), default="", help="which end of a ces scale is easy (high_easy)")
    one.add_argument("--touchpoint", metavar="T", default="", help="what they were asked about")
    one.add_argument("--respondent", metavar="R", default="", help="who answered")
    one.add_argument("--date", metavar="DAY", default="", help="when they answered, YYYY-MM-DD (today)")
    one.add_argument("--comment", metavar="C", default="")
    one.add_argument("--new", action="store_true", help="where nobody has the id, make a customer who is only mentioned so far")
    json_option(one)
    workspace_option(one)
    one.set_defaults(run=run_add)

    many = doing.add_parser("list", help="the answers", description="Answers, the newest first.")
    many.add_argument("--kind", metavar="nps|csat|ces", choices=tuple(SCALES))
    many.add_argument("--customer", metavar="ID", help="only this customer's")
    many.add_argument("--limit", metavar="N", help="at most N of them")
    form_options(many)
    workspace_option(many)
    many.set_defaults(run=run_list)

    past = doing.add_parser(
        "history", help="what was recorded, changed and deleted by hand", description="Changes by hand, the newest first."
    )
    past.add_argument("--limit", metavar="N", help="at most N of them")
    json_option(past)
    workspace_option(past)
    past.set_defaults(run=run_history)


def run_add(args: argparse.Namespace) -> int:
    """`cstui survey add`. Makes a missing workspace, once the answer itself has been found good."""
    from cstui.base.config import instant, today
    from cstui.desk.survey import Recording, check, record
    from cstui.desk.workspace import let_go, open_workspace

    day = to_day(today())
    given = check(
        Recording(
            args.customer, args.kind, args.score, args.scale, args.direction, args.touchpoint, args.respondent, args.comment, args.date
        ),
        day,
    )
    workspace = open_workspace(writing_path(args), create=True)
    try:
        let_go(workspace, day)
        done = record(workspace, given, today=day, at=instant(), new=args.new)
    finally:
        workspace.close()
    if done.new_customer:
        say(f"Nobody had the id {done.answer.customer_id} yet: a customer who is only mentioned so far was made.")
    if args.json:
        emit_json(done.to_json())
    else:
        emit(_one(done.answer))
    return 0


def run_list(args: argparse.Namespace) -> int:
    """`cstui survey list`."""
    from cstui.base.formatting import count
    from cstui.desk.survey import answers

    limit = None if args.limit is None else whole(args.limit, "--limit", 10**9 - 1)
    with opened(args) as workspace:
        found = answers(workspace, args.kind, args.customer, limit=limit)
    if args.json:
        emit_json(found.to_json())
    elif args.csv:
        emit(csv_text(TITLES, [_csv_row(one) for one in found.answers]))
    else:
        columns = (
            Column("answered"), Column("customer"), Column("name"), Column("kind"), Column("score", right=True), Column("scale"),
            Column("touchpoint", limit=24), Column("respondent", limit=24), Column("comment", limit=60), Column("from"),
        )  # fmt: skip
        emit(table(columns, [_row(one) for one in found.answers]))
        shown = f"{len(found.answers):,} of " if len(found.answers) < found.total else ""
        say(shown + count(found.total, "answer"))
    return 0


def run_history(args: argparse.Namespace) -> int:
    """`cstui survey history`."""
    from cstui.base.formatting import count
    from cstui.desk.answer_history import history

    limit = None if args.limit is None else whole(args.limit, "--limit", 10**9 - 1)
    with opened(args) as workspace:
        found = history(workspace, limit)
    if args.json:
        emit_json(found.to_json())
        return 0
    columns = (
        Column("at"), Column("done"), Column("customer"), Column("name"), Column("kind"), Column("score", right=True),
        Column("before → after", limit=100), Column(""),
    )  # fmt: skip
    rows = [
        (
            one.at, one.action, one.customer_id, one.name, one.kind, one.score,
            "; ".join(f"{field} {old or '–'} → {new or '–'}" for field, old, new in one.fields), "taken back" if one.undone else None,
        )
        for one in found.changes
    ]  # fmt: skip
    emit(table(columns, rows))
    say((f"{len(found.changes):,} of " if len(found.changes) < found.total else "") + count(found.total, "change"))
    return 0


def _one(answer: Answer) -> str:
    who = answer.customer_id if answer.name is None else f"{answer.customer_id}  {answer.name}"
    pairs = [
        ("recorded", f"{answer.kind} {answer.score} of {answer.scale}"),
        ("customer", who),
        ("answered", iso(answer.answered_at)),
        ("direction", answer.direction),
        ("touchpoint", answer.touchpoint),
        ("respondent", answer.respondent),
        ("comment", answer.comment),
    ]
    return facts(pairs)


def _row(answer: Answer) -> tuple[str | None, ...]:
    return (
        iso(answer.answered_at), answer.customer_id, answer.name, answer.kind, answer.score, answer.scale, answer.touchpoint,
        answer.respondent, answer.comment, _where(answer),
    )  # fmt: skip


def _csv_row(answer: Answer) -> tuple[str | int | float | None, ...]:
    from cstui.desk.survey import score_number

    return (
        answer.customer_id, iso(answer.answered_at), answer.kind, score_number(answer.score), answer.scale, answer.direction, answer.survey,
        answer.response_id, answer.respondent, answer.touchpoint, answer.comment,
    )  # fmt: skip


def _where(answer: Answer) -> str:
    if answer.file is None:
        return "by hand" if answer.entered is None else f"by hand {iso(answer.entered)}"
    return f"{answer.file}:{answer.line}"
