"""Why an import failed, in the words of the app: the keys, where the message names options of the command line. Draws nothing."""

from __future__ import annotations

from cstui.base.errors import CstuiError, MissingColumn, UnknownKind
from cstui.base.text import safe


def failure_words(error: CstuiError) -> str:
    """Why nothing was imported; where the message ends in options of the command line, the keys that do the same."""
    message = safe(error.message, 800)
    if isinstance(error, UnknownKind):
        return message.partition(" Say what they are with --as")[0] + " a chooses what the rows are, m maps the columns."
    if isinstance(error, MissingColumn):
        return message.partition(" Say which it is: --")[0] + " m maps a column to it, v sets one value for every row."
    return message
