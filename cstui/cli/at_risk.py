"""`at-risk`: the ranked list with its reasons."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from cstui.base.days import iso
from cstui.cli.options import filter_options, form_options, view_of, whole, workspace_option
from cstui.cli.output import csv_text, emit, emit_json, say
from cstui.cli.session import opened
from cstui.cli.tables import Column, table

if TYPE_CHECKING:
    from fractions import Fraction

    from cstui.desk.at_risk import AtRisk, Group, RiskRow

SHOWN = 40
"""Customers that the plain text shows unless it is told how many."""
BOUGHT = {"mrr": "monthly_revenue", "weighted_mrr": "weighted_revenue", "scheduled_end": "lapses_on"}
"""What columns of the CSV are called in repeat-purchase mode."""
TITLES = (
    *("customer_id", "name", "owner", "segment", "mrr", "risk", "band", "weighted_mrr"),
    *("scheduled_end", "renews_on", "new", "reasons", "unknown"),
)
GROUP_TITLES = ("by", "customers", "at_risk", "mrr", "weighted_mrr")


def add(commands: argparse._SubParsersAction[Any]) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "at-risk",
        help="who is at risk, and why",
        description="Paying customers by MRR × risk, with the reasons. 100 = most at risk.",
    )
    parser.add_argument("--limit", metavar="N", help="at most N customers")
    filter_options(parser)
    parser.add_argument("--by", metavar="FIELD", help="count them by a field, such as owner or segment, or by reason")
    parser.add_argument("--reason", metavar="SIGNAL", help="only those with this signal, such as usage_drop")
    parser.add_argument("--sort", metavar="HOW", default="weighted", help="weighted (MRR × risk, the default), risk, mrr or renewal")
    parser.add_argument("--new", action="store_true", help="only those new at risk since the list was last looked at; counts as a look")
    form_options(parser)
    workspace_option(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """`cstui at-risk`."""
    from cstui.base.config import today
    from cstui.desk.at_risk import Choice, at_risk

    view = view_of(args)
    limit = None if args.limit is None else whole(args.limit, "--limit", 10**9 - 1)
    if limit is None and not (args.json or args.csv):
        limit = SHOWN
    with opened(args) as workspace:
        choice = Choice(args.sort, args.reason, args.by, args.new)
        found = at_risk(workspace, view, today(), limit, choice=choice, look=args.new and not args.demo)
    if args.json:
        emit_json(found.to_json())
    elif args.csv and args.by is not None:
        emit(csv_text(_titles(GROUP_TITLES, found), [_group_row(group) for group in found.groups]))
    elif args.csv:
        emit(csv_text(_titles(TITLES, found), [_csv_row(row) for row in found.customers]))
    else:
        _show(found, args.by, args.new)
    return 0


def _titles(titles: tuple[str, ...], found: AtRisk) -> tuple[str, ...]:
    return tuple(BOUGHT.get(title, title) for title in titles) if found.by_purchase else titles


def _group_row(group: Group) -> tuple[str | float | None, ...]:
    mrr, weighted = (None, None) if group.elsewhere else (group.mrr, group.weighted)
    return (group.value, group.customers, group.at_risk, _number(mrr), _number(weighted))


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(round(value, 10))


def _csv_row(row: RiskRow) -> tuple[str | int | float | None, ...]:
    why = "; ".join(f"{one.signal} {one.points}: {one.evidence}" for one in row.reasons)
    missing = "; ".join(f"{one.signal}: {one.why}" for one in row.unknown)
    who = (row.customer_id, row.name, row.owner, row.segment, _number(row.mrr), row.risk, row.band, _number(row.weighted))
    return (*who, _day(row.scheduled_end if row.lapses_on is None else row.lapses_on), _day(row.renews_on), int(row.new), why, missing)


def _day(day: int | None) -> str | None:
    return None if day is None else iso(day)


def _show(found: AtRisk, by: str | None, new: bool) -> None:
    from cstui.base.formatting import count, money

    if new and found.since is None:
        say("This is the first look, so there is nothing to compare with: the next one tells who is new at risk.")
        return
    if new and not found.order:
        say(f"Nobody is new at risk since {found.since}.")
        return

    stake = "a month" if found.by_purchase else "MRR"
    if by is not None:
        columns = (Column(by), *(Column(title, right=True) for title in ("customers", "at risk", stake, f"{stake} × risk")))
        rows = [
            (
                "(none)" if group.value is None else group.value,
                f"{group.customers:,}",
                f"{group.at_risk:,}",
                "no rate" if group.elsewhere else money(group.mrr, found.currency),
                "no rate" if group.elsewhere else money(group.weighted, found.currency),
            )
            for group in found.groups
        ]
        emit(table(columns, rows))
    else:
        emit(_list(found))
    shown = f"{len(found.customers):,} of " if by is None and len(found.customers) < len(found.order) else ""
    parts = [
        shown + count(len(found.order), "active customer" if found.by_purchase else "paying customer"),
        f"{found.at_risk:,} at risk",
        found.direction,
        "plain rules",
    ]
    if found.since is not None:
        parts.append(f"{len(found.news):,} new since {found.since}")
    if found.as_of is not None:
        parts.append(f"data through {iso(found.as_of)}")
    say(" · ".join(parts))


def _calm(row: RiskRow) -> str:
    if row.band == "low":
        return "no sign in what is known" if row.unknown else "nothing to see"
    return "too little known"


def _list(found: AtRisk) -> str:
    from cstui.base.formatting import money

    columns = (
        Column("risk", right=True),
        Column("band"),
        Column("a month" if found.by_purchase else "MRR", right=True),
        Column("× risk" if found.by_purchase else "MRR × risk", right=True),
        Column("lapses" if found.by_purchase else "ends or renews"),
        Column("customer"),
        Column("name", limit=28),
        Column("why, strongest first", limit=160),
    )
    rows = [
        (
            str(row.risk),
            row.band + (" new" if row.new else ""),
            "no rate" if row.mrr is None else money(row.mrr, found.currency),
            None if row.weighted is None else money(row.weighted, found.currency),
            f"ends {iso(row.scheduled_end)}" if row.scheduled_end is not None else _day(row.lapses_on or row.renews_on),
            row.customer_id,
            row.name,
            " · ".join(one.told(found.today) for one in row.reasons) or _calm(row),
        )
        for row in found.customers
    ]
    return table(columns, rows)
