"""`forget`: remove a customer, for good, from the workspace and from every byte of its file."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from cstui.base import formatting as fmt
from cstui.base.errors import UsageError
from cstui.cli.options import json_option, workspace_option
from cstui.cli.output import emit, emit_json, say
from cstui.cli.session import writing_path

if TYPE_CHECKING:
    from cstui.desk.customer_edit import Forgotten


def add(commands: argparse._SubParsersAction[Any]) -> None:
    """Add this group's commands to the parser."""
    forget = commands.add_parser(
        "forget",
        help="remove a customer for good",
        description="Remove a customer's record, every fact, note, earlier version and trace in the import log, and leave a salted mark, "
        "so that imports refuse them from now on. Names the backups beside the workspace that still hold them.",
    )
    forget.add_argument("customer", metavar="CUSTOMER", help="their id")
    forget.add_argument("--yes", action="store_true", help="do it; without this, say what would go and ask")
    forget.add_argument("--lift", action="store_true", help="only take the mark away: an import may bring them back")
    json_option(forget)
    workspace_option(forget)
    forget.set_defaults(run=run_forget)


def run_forget(args: argparse.Namespace) -> int:
    """`cstui forget`."""
    from cstui.base.config import instant
    from cstui.desk.customer_edit import before_forgetting, forget, lift
    from cstui.desk.workspace import open_workspace

    path = writing_path(args)
    workspace = open_workspace(path)
    try:
        if args.lift:
            return _lifted(args, lift(path, args.customer))
        if not args.yes:
            found = before_forgetting(workspace, args.customer)
            if not _asked(args, found):
                return 1
    finally:
        workspace.close()
    done = forget(path, args.customer, instant())
    if args.json:
        emit_json(done.to_json())
    else:
        emptied = fmt.count(done.problems, "entry of the import log", "entries of the import log")
        noted = f", {fmt.count(done.annotations, 'annotation')}" if done.annotations else ""
        emit(f"{_name(done)} is forgotten: {_rows(done)} removed, {emptied}{noted} emptied.")
        _warn(done)
    return 0


def _lifted(args: argparse.Namespace, there: bool) -> int:
    if args.json:
        emit_json({"schema": 1, "lifted": there})
    else:
        emit("The mark is gone; an import may bring them back." if there else "There is no such mark; nothing was changed.")
    return 0 if there else 1


def _asked(args: argparse.Namespace, found: Forgotten) -> bool:
    """Whether the person at the terminal agrees; nobody is there to ask in a script."""
    if args.json or not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError("Forgetting can't be taken back; add --yes to do it.")
    say(f"{_name(found)}: {_rows(found)} would go, for good.")
    _warn(found)
    say("Type yes and enter to forget them; anything else keeps them.")
    agreed = sys.stdin.readline().strip().casefold() == "yes"
    if not agreed:
        say("Nothing was changed.")
    return agreed


def _name(found: Forgotten) -> str:
    from cstui.base.text import cell

    return cell(found.customer_id if found.name is None else f"{found.name} ({found.customer_id})")


def _rows(found: Forgotten) -> str:
    return ", ".join(f"{n:,} {kind}" for kind, n in found.rows) or "no other row"


def _warn(found: Forgotten) -> None:
    from cstui.base.text import safe

    if not found.rewritten:
        say("Another program has the workspace open: bytes of theirs may stay in the file until it is closed there.")
    for name in found.backups:
        say(f"{safe(name)} beside the workspace still holds them.")
