"""Cells of files that a spreadsheet may open: guarded against being run as formulas on the way out, bare again on the way in.

`unguarded(guarded(text)) == text` for every text. Knows no file format.
"""

from __future__ import annotations

import re
from typing import Final

RUN: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a cell begins with that a spreadsheet would run as a formula."""
_FORMULA = re.compile(f"'*[{re.escape(''.join(RUN))}]")
_GUARDED = re.compile(f"'+[{re.escape(''.join(RUN))}]")


def guarded(text: str) -> str:
    """A text with one `'` before it where a spreadsheet would run it, or where it already looks guarded. Not for numbers."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """The text that `guarded` was given."""
    return text[1:] if _GUARDED.match(text) else text


def quoted(text: str) -> str:
    """A text for a format that no spreadsheet runs, but whose cells are unguarded when they come back."""
    return f"'{text}" if _GUARDED.match(text) else text
