"""The named queries of `queries/*.sql`, read once. Every one of them is EXPLAINed by a test against an empty workspace."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_QUERIES = Path(__file__).with_name("queries")


@cache
def query(name: str) -> str:
    """The text of `queries/NAME.sql`. Raises FileNotFoundError for a name that is not there."""
    return (_QUERIES / f"{name}.sql").read_text(encoding="utf-8")
