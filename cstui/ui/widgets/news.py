"""One line above the keys: what has changed since a person last looked. Not there while there is nothing to say.

Asks the desk by itself, after the screen it stands on has been drawn; opening the details is the app's.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from rich.text import Text
from textual.message import Message
from textual.worker import get_current_worker

from cstui.base.errors import CstuiError
from cstui.base.text import safe
from cstui.ui import commands
from cstui.ui.first_frame import after_first_frame
from cstui.ui.widgets.line import Words, ink_for

if TYPE_CHECKING:
    from cstui.desk.changes import Changes

AFTER_CHARTS = 0.1
"""Seconds from the first frame: the charts come first."""


class News(Words):
    """What changed since the last look."""

    DEFAULT_CSS = "News { display: none; dock: bottom; height: 1; margin-bottom: 1; padding: 0 1; }"

    class Arrived(Message):
        """The desk has answered."""

        def __init__(self, changes: Changes) -> None:
            super().__init__()
            self.changes = changes

    def __init__(self) -> None:
        super().__init__(id="news")
        self.changes: Changes | None = None
        self._asked: int | None = None
        self._kept: Changes | None = None
        """The answer to which a first look was kept."""

    def look(self, revision: int) -> None:
        """Ask anew, if the workspace has been written to since the last time."""
        if revision != self._asked:
            self._asked = revision
            self.call_after_refresh(after_first_frame, self, self.ask, AFTER_CHARTS)

    def ask(self) -> None:
        """Ask the desk, in a thread."""
        self.run_worker(self._ask, name="changes", group="changes", thread=True, exclusive=True)

    def _ask(self) -> None:
        from cstui.ui.app import CstuiApp

        app, worker = self.app, get_current_worker()
        assert isinstance(app, CstuiApp)
        try:
            found = app.desk.changes(app.opened().workspace)
        except CstuiError:
            return  # busy just now: the next change of the workspace asks again
        if not worker.is_cancelled:
            self.post_message(self.Arrived(found))

    def on_news_arrived(self, event: Arrived) -> None:
        """Say it, or nothing."""
        event.stop()
        self.tell(event.changes)

    def tell(self, changes: Changes) -> None:
        """Show these changes."""
        from cstui.ui.app import CstuiApp

        self.changes = changes
        self.display = changes.news
        if isinstance(self.app, CstuiApp):
            self.app.told = True
        self.refresh()
        self.keep_first_look()

    def keep_first_look(self) -> None:
        """Where nobody has looked yet and the figures are in sight, this is the look that what comes next is told against."""
        found = self.changes
        if found is not None and found.seen_revision is None and found is not self._kept and self.screen.is_current:
            self._kept = found
            self.run_worker(partial(self._keep, found.revision), name="first look", group="look", thread=True)

    def _keep(self, revision: int) -> None:
        from cstui.ui.app import CstuiApp

        app = self.app
        assert isinstance(app, CstuiApp)
        with suppress(CstuiError):  # busy just now: leaving counts as a look too
            app.desk.looked(app.opened().workspace, revision)

    def render(self) -> Text:
        """As much of it as there is room for, and the key always."""
        if self.changes is None:
            return Text()
        ink, key = ink_for(self), commands.named("overview.changes")
        assert key is not None
        tail = Text.assemble("   ", (commands.shown(key.keys[0]), f"bold {ink.accent}"), (" details", ink.dim))
        line = Text.assemble(
            ("Since you last looked: ", ink.dim), (safe(self.changes.line, 300), ink.care if self.changes.changes else ink.text)
        )
        line.truncate(max(1, self.content_size.width - tail.cell_len), overflow="ellipsis")
        return Text.assemble(line, tail, no_wrap=True, end="")
