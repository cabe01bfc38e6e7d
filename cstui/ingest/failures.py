"""Why a whole file stays out, beyond what `cstui.base.errors` names for every room; and what a bad cell is until it is a problem."""

from __future__ import annotations

from dataclasses import dataclass

from cstui.base.errors import BadFile
from cstui.base.problems import FORGOTTEN

__all__ = ["FOREIGN", "FORGOTTEN", "AmbiguousDates", "Bad", "DuplicateLabel", "NotATable", "TooLarge"]


class DuplicateLabel(BadFile):
    """Two columns answer to one field, and the header can't say which is meant."""

    code = "duplicate-label"


class AmbiguousDates(BadFile):
    """A column of day/month dates whose order nothing in the file decides."""

    code = "ambiguous-dates"


class NotATable(BadFile):
    """Bytes of a kind that no table can be read from."""

    code = "not-a-table"


class TooLarge(BadFile):
    """It unpacks, or reaches, farther than any table does."""

    code = "too-large"


FOREIGN = "foreign-key"
"""The code of a row that names something which neither the call nor the workspace knows."""


@dataclass(frozen=True, slots=True)
class Bad:
    """Stands in a column where a cell could not be understood, until its row is refused."""

    code: str
    message: str
    column: str | None = None
    """The field whose cell is to blame, where it is not the one this stands in."""
    at: int | None = None
    """The file's own column to blame, where the field's is made of several."""
