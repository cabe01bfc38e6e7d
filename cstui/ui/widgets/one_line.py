"""The line of text that every field here is: what is pasted into it is kept whole. Knows nothing of what it is for."""

from __future__ import annotations

from textual.events import Paste
from textual.widgets import Input

from cstui.base.text import safe


def one_line(text: str) -> str:
    """All of a text in one line: a space for its line ends and tabs, and `·` for what a terminal could obey."""
    lines = text.replace("\t", " ").splitlines()
    if len(lines) > 1:
        lines = [line.strip() for line in lines if line.strip()]
    joined = " ".join(lines)
    return safe(joined, len(joined) + 1)


class OneLine(Input):
    """An input that takes all the lines that are pasted, where Textual's own takes the first and lets the others go."""

    def _on_paste(self, event: Paste) -> None:
        event.prevent_default()
        event.stop()
        self._put(event.text)

    def action_paste(self) -> None:
        """What was copied in this program."""
        self._put(self.app.clipboard)

    def _put(self, text: str) -> None:
        if put := one_line(text):
            self.replace(put, *self.selection)
