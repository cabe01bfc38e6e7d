"""`sources`: the exports that are known, and what a file is taken for."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from cstui.base.errors import UsageError
from cstui.cli.options import json_option
from cstui.cli.output import Json, emit, emit_json, emit_line, say
from cstui.cli.tables import Column, table

if TYPE_CHECKING:
    from cstui.desk.sources import Check, SourceEntry

NEAREST = 5
"""Sources that a check names as near, where the file is of none."""


def add(commands: argparse._SubParsersAction[Any]) -> None:
    """Add this group's command to the parser."""
    sources = commands.add_parser(
        "sources",
        help="the exports that are known",
        description="List the exports of other programs that import knows, show one, or say what a file is taken for and why.",
    )
    sources.add_argument("name", nargs="?", metavar="NAME", help="one source")
    sources.add_argument("--check", metavar="FILE", help="what this file is taken for, or what keeps it from being of NAME")
    sources.add_argument("--encoding", metavar="E", help="of the file")
    sources.add_argument("--sheet", metavar="S", help="of the file")
    json_option(sources)
    sources.set_defaults(run=run_sources)


def run_sources(args: argparse.Namespace) -> int:
    """`cstui sources`."""
    from cstui.desk.sources import check, listing

    if args.check is not None:
        found = check(args.check, args.name, args.encoding, args.sheet)
        if args.json:
            emit_json({"schema": 1, **_check_json(found)})
        else:
            _say_check(found, args.name)
        return 0
    entries = [entry for entry in listing() if args.name in (None, entry.name)]
    if not entries:
        raise UsageError(f"There is no source “{args.name}”. `cstui sources` names them all.")
    if args.json:
        emit_json({"schema": 1, "sources": [_entry_json(entry) for entry in entries]})
    elif args.name is not None:
        _say_entry(entries[0])
    else:
        columns = (Column("source"), Column("becomes", limit=60), Column("title", limit=70))
        emit(table(columns, [(entry.name, _becomes(entry), entry.title) for entry in entries]))
    return 0


def _becomes(entry: SourceEntry) -> str:
    return ", ".join(entry.kinds) or {"reconcile": "to reconcile", "lookup": "looked up in"}.get(entry.use, "not used")


def _say_entry(entry: SourceEntry) -> None:
    emit_line(f"{entry.name}: {entry.title}{' (your own)' if entry.own else ''}")
    emit_line(f"Recognised by: {', '.join(entry.columns)}")
    emit_line(f"Becomes: {_becomes(entry)}")
    if entry.why:
        emit_line(f"Why: {entry.why}")


def _say_check(found: Check, name: str | None) -> None:
    emit_line(f"{found.file}: {found.taken_for or 'no source'}{_arrow(found.kinds)}")
    say(found.why)
    near = [fit for fit in found.fits if fit.lacking and (name is not None or found.taken_for is None)][:NEAREST]
    if near:
        emit(table((Column("source"), Column("what it lacks", limit=120)), [(fit.name, "; ".join(fit.lacking)) for fit in near]))


def _arrow(kinds: tuple[str, ...]) -> str:
    return f" → {', '.join(kinds)}" if kinds else ""


def _entry_json(entry: SourceEntry) -> Json:
    return {**asdict(entry), "kinds": list(entry.kinds), "columns": list(entry.columns)}


def _check_json(found: Check) -> dict[str, Any]:
    return {
        "file": found.file,
        "source": found.taken_for,
        "kinds": list(found.kinds),
        "why": found.why,
        "sources": [{"name": fit.name, "fits": not fit.lacking, "lacking": list(fit.lacking)} for fit in found.fits],
    }
