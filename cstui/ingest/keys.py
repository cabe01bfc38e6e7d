"""What tells a row from others where its own columns don't do it as they stand, for one file.

Traffic without a channel gets the blank one; answers and costs get the text of `cstui.base.matching`.
"""

from __future__ import annotations

from collections.abc import Mapping

from cstui.base.matching import MATCHED, Matcher
from cstui.base.records import Kind

MATCH = "match"
"""The column in which that text is staged."""


def matcher_of(kind: Kind, currency: str) -> Matcher | None:
    """How rows of the kind are matched, for one file; None where their own columns do it."""
    return Matcher(kind, currency) if kind in MATCHED else None


BLANK: Mapping[Kind, Mapping[str, str]] = {Kind.TRAFFIC: {"channel": ""}}
"""Kind → what a column of its key holds where the cell is blank, or where the file has no such column."""
