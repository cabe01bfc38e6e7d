"""The command line: arguments, tables, JSON, exit codes. Imports only `desk` and `base`, and each desk only when it is needed."""

from __future__ import annotations

from cstui.cli.entry import main

__all__ = ["main"]
