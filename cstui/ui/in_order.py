"""Keys in the order they were pressed, each to where the keyboard is by then.

Textual hands a key to the widget that has the keyboard when the key arrives, and looks for its binding only once the key has come back
up from there. Of keys that arrive at once, as over a slow line, those after one that moves the keyboard were lost or taken for
commands. Here the next key waits until the one before it has done its work. Knows no key.
"""

from __future__ import annotations

from collections import deque
from time import monotonic

from textual.app import App
from textual.events import Event, Key, Paste
from textual.message import Message

OVERDUE = 0.25
"""Seconds after which a key is taken to have done its work: what it was handed to may have gone with a dialog."""


class InOrder(App[None]):
    """An app that hands on one key at a time."""

    class Passed(Message):
        """Goes behind a key, from where the keyboard is up to the app: what is before it has been dealt with."""

        def __init__(self, turn: int, *, again: bool) -> None:
            super().__init__()
            self.turn = turn
            self.again = again
            """Once more, behind what the key has set going."""

    def __init__(self) -> None:
        super().__init__()
        self._pressed: deque[Key | Paste] = deque()
        self._turn = 0
        self._since: float | None = None
        """When the key was handed on that is not done yet."""
        self._watched = False
        """A timer runs until it is overdue."""

    async def on_event(self, event: Event) -> None:
        """A key that has just been pressed, or a paste, waits for its turn."""
        if not isinstance(event, Key | Paste) or event.is_forwarded:
            await super().on_event(event)
            return
        self._pressed.append(event)
        await self._next_if_due()

    def drop_keys(self) -> None:
        """Forget what waits for its turn."""
        self._pressed.clear()

    async def _next_if_due(self) -> None:
        """Hand the next key on where the one before is done, or overdue; else look again when it is."""
        left = 0.0 if self._since is None else self._since + OVERDUE - monotonic()
        if left <= 0:
            await self._next_key()
        elif not self._watched:
            self._watched = True
            self.set_timer(left, self._look_again, name="keys")

    async def _look_again(self) -> None:
        self._watched = False
        if self._pressed:
            await self._next_if_due()

    async def _next_key(self) -> None:
        self._since = None
        if self._pressed:
            key = self._pressed.popleft()
            self._turn, self._since = self._turn + 1, monotonic()
            target = self.focused or self.screen
            await super().on_event(key)
            target.post_message(self.Passed(self._turn, again=True))

    async def on_in_order_passed(self, event: Passed) -> None:
        """The key has been dealt with, or also what it set going."""
        event.stop()
        if event.turn != self._turn:
            return
        if event.again:
            (self.focused or self.screen).post_message(self.Passed(self._turn, again=False))
        else:
            await self._next_key()
