"""The least that a Textual application can be: what cstui's first frame is compared with."""

from __future__ import annotations

import sys

from textual.app import App, ComposeResult
from textual.widgets import Static


class Bare(App[None]):
    """One line of text; `q` quits."""

    BINDINGS = [("q", "quit", "Quit")]  # noqa: RUF012 - as Textual's documentation writes it

    def compose(self) -> ComposeResult:
        """The line that the benchmark waits for."""
        yield Static("hello, terminal", markup=False)


if __name__ == "__main__":
    app = Bare()
    app.run()
    sys.exit(app.return_code)
