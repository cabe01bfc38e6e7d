"""What is wrong or odd about one row of a file, in the field's own codes."""

from __future__ import annotations

from dataclasses import dataclass

FORGOTTEN = "forgotten"
"""The code of a row whose customer was forgotten: nothing of it may be kept, not even to say why it stayed out."""
OVERWRITES = "customer-changed"
"""The code of rows that are written over another customer's, because both have one id."""
OF_THE_FILE = frozenset({"left-out", "duplicate-label", "note"})
"""Codes of oddities that are the whole file's: its rows are counted with them, and are not what is odd."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One cell or row that was refused, or that came in and deserves a second look."""

    line: int
    """Physical line on which the row begins, the header being line 1 of a plain file."""
    column: str | None
    """The file's own header, or None when the whole row is meant."""
    code: str
    """`type-error`, `missing-cell`, `extra-cell`, `constraint-error`, `not-a-number`, `not-a-date`, … (docs/commands.md)."""
    value: str | None
    """The raw cell, as read."""
    message: str
    """One sentence: what is wrong and what to do."""
