"""The last gate before the terminal: no raw control character passes, wherever it came from, and columns keep their places.

`base.text.safe` and `cell` are the rules; these are the backstops behind them, for text that reached a widget without them, or was cut
or wrapped there. Uses Textual's line filters, which are framework-internal: pinned, and held by a test.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.filter import LineFilter

from cstui.base.text import closed, safe

if TYPE_CHECKING:
    from textual.color import Color


_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_GAP = re.compile("( {2,})")


class NoControls(LineFilter):
    """Control characters in text become `·`."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments, with safe text."""
        if all(segment.text.isprintable() for segment in segments):
            return segments
        return [segment if segment.control else Segment(safe(segment.text, len(segment.text) + 1), segment.style) for segment in segments]


class KeptColumns(LineFilter):
    """Right-to-left text is closed before a gap and at a widget's edge: a terminal that reorders leaves what follows where it is."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments, of the same width."""
        if not any(not segment.text.isascii() and _RIGHT_TO_LEFT.search(segment.text) for segment in segments):
            return segments
        kept: list[Segment] = []
        gap = True  # what follows, seen from the end
        for segment in reversed(segments):
            text = segment.text
            if text and not segment.control:
                *parts, last = _GAP.split(text)
                parts = [closed(part) if part.strip() else part for part in parts]
                body = last.rstrip(" ")
                tail = last[len(body) :]
                text = "".join(parts) + (closed(body) if gap or tail == "  " else body) + tail
                gap = segment.text.startswith("  ") or (gap and not segment.text.strip())
            kept.append(Segment(text, segment.style, segment.control))
        kept.reverse()
        return kept


class Gate(LineFilter):
    """Both, and for most lines neither: every line of every screen comes through here, so what needs no second look is let by at once."""

    def __init__(self) -> None:
        super().__init__()
        self._controls, self._columns = NoControls(), KeptColumns()

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same segments, with safe text that keeps its columns."""
        whole = "".join([segment.text for segment in segments])
        if whole.isascii() and whole.isprintable():
            return segments
        return self._columns.apply(self._controls.apply(segments, background), background)
