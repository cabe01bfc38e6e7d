"""Text that is drawn: to the size it gets, or as the pieces of a line. Knows nothing of what is drawn."""

from __future__ import annotations

from collections.abc import Callable

from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.widget import Widget

Draw = Callable[[int, int], Text]
"""(width, height) → at most `height` lines of at most `width` cells. Called on every draw: no input or output."""


class Drawing(Widget):
    """A picture made of text."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._draw: Draw = lambda _width, _height: Text()

    def show(self, draw: Draw) -> None:
        """Draw this from now on."""
        self._draw = draw
        self.refresh()

    def render(self) -> Text:
        width, height = self.content_size
        return self._draw(width, height) if width > 3 and height > 0 else Text()


def segments(line: Text, under: Style, console: Console) -> list[Segment]:
    """The pieces of a line over a style. As `Text.render` has them, at half its price where no span lies on another."""
    plain, at, own = line.plain, 0, under + console.get_style(line.style)
    found: list[Segment] = []
    for start, end, style in line.spans:
        if start < at:
            return [Segment(text, under + style if style else under) for text, style, _ in line.render(console)]
        if start > at:
            found.append(Segment(plain[at:start], own))
        if end > start:
            found.append(Segment(plain[start:end], own + console.get_style(style, default="")))
        at = end
    if at < len(plain):
        found.append(Segment(plain[at:], own))
    return found
