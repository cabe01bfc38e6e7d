"""The argument parser of the whole command line, put together from the command groups."""

from __future__ import annotations

import argparse

from cstui.cli import (
    at_risk,
    customers,
    exporting,
    figures,
    forget,
    goals,
    history,
    import_log,
    importing,
    journey,
    maintenance,
    reconciling,
    report,
    sources,
    survey,
    value,
)
from cstui.cli.options import Parser, workspace_option

DESCRIPTION = """\
A customer-success desk in the terminal. Without a command, opens the screens.

Results go to stdout, messages to stderr. Exit status: 0 done, 1 the data or file is bad and nothing
was done, 2 wrong usage."""


def build() -> argparse.ArgumentParser:
    """The parser. Each command sets `run`; no command runs the app."""
    parser = Parser(prog="cstui", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter)
    workspace_option(parser, default=None)
    parser.add_argument("--demo", action="store_true", help="use a private copy of the sample company, gone afterwards")
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version")
    parser.set_defaults(run=_app)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", dest="command", parser_class=Parser)
    for group in (
        importing,
        import_log,
        sources,
        figures,
        goals,
        journey,
        at_risk,
        customers,
        value,
        survey,
        exporting,
        maintenance,
        reconciling,
        forget,
        history,
        report,
    ):
        group.add(commands)
    return parser


class _Version(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_rest: object) -> None:
        from cstui import __version__
        from cstui.cli.output import emit

        emit(f"cstui {__version__}")
        parser.exit(0)


def _app(args: argparse.Namespace) -> int:
    from cstui.cli.app import open_app

    return open_app(args.db, args.demo)
