"""Why an import failed, in the words of the app: the keys, where the message names options of the command line. Draws nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cstui.base.errors import CstuiError, MissingColumn, UnknownKind
from cstui.base.text import safe

_IN_KEYS: Sequence[tuple[str, str]] = (
    (r" Another: --encoding E", " o reads it as another."),
    (r"Say --dates \w+ or --dates \w+", "t says which it is"),
    (r"--dates \w+ reads it", "t reads it"),
    (r", as --dates \w+ says", ", as you said with t"),
    (r"say --map \S+(?: --set \S+)+", "say so with m and v"),
    (r"[Ss]ay --set ([\w-]+(?:=[\w|*-]+)?)", r"say \1 with v"),
    (r"with --set ([\w-]+(?:=[\w|*-]+)?)", r"with v (\1)"),
    (r"--set ([\w-]+(?:=[\w|*-]+)?)", r"v (\1)"),
    (r"[Ss]ay --encoding", "say with o which it is"),
    (r"--encoding\b", "o"),
    (r"--dates\b", "t"),
    (r"--map (\S+)", r"m (\1)"),
)
"""What a message calls an option of the command line → the key that does the same in the preview."""


def in_keys(message: str) -> str:
    """A message about a file, with keys in place of options."""
    for option, key in _IN_KEYS:
        message = re.sub(option, key, message)
    return message


def failure_words(error: CstuiError) -> str:
    """Why nothing was imported; where the message ends in options of the command line, the keys that do the same."""
    message = safe(error.message, 800)
    if isinstance(error, UnknownKind):
        return message.partition(" Say what they are with --as")[0] + " a chooses what the rows are, m maps the columns."
    if isinstance(error, MissingColumn):
        return message.partition(" Say which it is: --")[0] + " m maps a column to it, v sets one value for every row."
    return in_keys(message)
