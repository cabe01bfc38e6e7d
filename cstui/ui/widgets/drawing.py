"""Text that is drawn to the size it gets: a function of width and height. Knows nothing of what is drawn."""

from __future__ import annotations

from collections.abc import Callable

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
