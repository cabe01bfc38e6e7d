"""The command palette's entries: the table of actions, as far as they work on the screen in sight.

Replaces Textual's own entries, one of which writes a picture of customer data to disk unasked.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider

from cstui.ui import commands


class Actions(Provider):
    """Actions of the app and of the screen the palette was called from."""

    def _offered(self) -> list[commands.Action]:
        scopes = {"app", *getattr(self.screen, "SCOPES", ())}
        offered = [action for action in commands.ACTIONS if action.palette and action.scope in scopes]
        return sorted(offered, key=lambda action: action.scope == "app")  # what is particular to the screen first

    def _run(self, action: commands.Action) -> Callable[[], Awaitable[bool]]:
        return partial(self.app.run_action, action.action, self.app if action.scope == "app" else self.screen)

    async def discover(self) -> Hits:
        """Everything on offer."""
        for action in self._offered():
            yield DiscoveryHit(action.title, self._run(action), help=f"{action.help}  {commands.shown(action.keys[0])}")

    async def search(self, query: str) -> Hits:
        """What matches the words typed."""
        matcher = self.matcher(query)
        for action in self._offered():
            if (score := matcher.match(action.title)) > 0:
                yield Hit(score, matcher.highlight(action.title), self._run(action), help=action.help)
