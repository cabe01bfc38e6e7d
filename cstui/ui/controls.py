"""The last gate before the terminal: no raw control character passes, wherever it came from.

`base.text.safe` is the rule; this is the backstop behind it, for text that reached a widget without it. Uses Textual's line
filters, which are framework-internal: pinned, and held by a test.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.filter import LineFilter

from cstui.base.text import safe

if TYPE_CHECKING:
    from textual.color import Color


class NoControls(LineFilter):
    """Control characters in text become `·`."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments, with safe text."""
        if all(segment.text.isprintable() for segment in segments):
            return segments
        return [segment if segment.control else Segment(safe(segment.text, len(segment.text) + 1), segment.style) for segment in segments]
