"""The workspace a command works on: found from its arguments, opened, and closed again."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from cstui.base.ask import where_of
from cstui.base.errors import UsageError
from cstui.cli.options import as_of, pairs, path_of
from cstui.cli.output import say

if TYPE_CHECKING:
    from cstui.desk.workspace import Workspace


@contextmanager
def opened(args: argparse.Namespace) -> Iterator[Workspace]:
    """The open workspace for a command that reads; with `--demo` a private copy of the sample. Raises NoWorkspace, NotAWorkspace, …"""
    from cstui.desk.workspace import open_workspace

    with reading_path(args) as path:
        workspace = open_workspace(path)
        try:
            _warn(args, workspace)
            yield workspace
        finally:
            workspace.close()


def _warn(args: argparse.Namespace, workspace: Workspace) -> None:
    """Say which values of a filter nobody has: figures of nobody are zeros."""
    if getattr(args, "where", None):
        from cstui.base.text import safe
        from cstui.desk.filters import unheld

        for one in unheld(workspace, where_of(pairs(args.where, "--where")), as_of(args)):
            say(safe(f"{one.words[0].upper()}{one.words[1:]}.", 300))


@contextmanager
def reading_path(args: argparse.Namespace) -> Iterator[Path]:
    """The file a reading command works on."""
    if not args.demo:
        yield path_of(args)
        return
    if args.db:
        raise UsageError("--demo reads its own copy of the sample company; leave --db out.")
    from cstui.cli.app import sample_copy

    with sample_copy() as path:
        yield path


def writing_path(args: argparse.Namespace) -> Path:
    """The file a writing command works on. Raises UsageError with `--demo`, whose copy would be gone right after."""
    if args.demo:
        raise UsageError("--demo is a copy that is gone afterwards, so only commands that read take it.")
    return path_of(args)
