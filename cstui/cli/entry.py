"""`cstui`: which command was asked for, and how its failures become messages and exit codes.

0 done; 1 the data or file is bad and nothing was done; 2 wrong usage; 130 interrupted. Without a command, opens the app.
Loads nothing heavy: each command imports its desk when it runs, and the app is imported only to be opened.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from cstui.base.errors import Cancelled, CstuiError

INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run `cstui` with these arguments (the process's own by default). Returns the exit status."""
    given = list(sys.argv[1:] if argv is None else argv)
    try:
        return _run(given)
    except CstuiError as error:
        from cstui.cli.output import fail

        status = fail(error, as_json="--json" in given)
        return INTERRUPTED if isinstance(error, Cancelled) else status
    except KeyboardInterrupt:
        from cstui.cli.output import say

        say("\ncstui: Interrupted.")
        return INTERRUPTED
    except BrokenPipeError:  # whoever read our output has read enough
        from cstui.cli.output import drop_stdout

        drop_stdout()
        return 0


def _run(given: list[str]) -> int:
    if (plain := _app_arguments(given)) is not None:
        from cstui.cli.app import open_app

        return open_app(*plain)
    if given[0] == "import" and len(given) > 1 and not {"-h", "--help"} & {*given}:
        from cstui.desk.child import start_early

        start_early()  # it loads for longer than we take to understand the rest
    from cstui.cli.parser import build

    args = build().parse_args(given)
    status: int = args.run(args)
    return status


def _app_arguments(given: list[str]) -> tuple[str | None, bool] | None:
    """(workspace, demo) where nothing but opening the app is asked for, without building the parser; else None."""
    if not given:
        return None, False
    if given == ["--demo"]:
        return None, True
    if len(given) == 2 and given[0] == "--db" and given[1]:
        return given[1], False
    return None
