"""A screen whose work may end while another is in front: what is to be done then waits until it is in front again.

Textual closes whatever is in front, whoever asks, and opens a dialog over it. Knows nothing of the work.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from textual.screen import Screen

R = TypeVar("R")


class InFront(Screen[R]):
    """A screen that closes itself, or asks something, when its work ends."""

    _then: Callable[[], object] | None = None

    def in_front(self, then: Callable[[], object]) -> bool:
        """Do it now, or when this screen is in front again; whether it was done."""
        now = self.app.screen is self
        if now:
            then()
        else:
            self._then = then
        return now

    def on_screen_resume(self) -> None:
        """What had to wait."""
        then, self._then = self._then, None
        if then is not None:
            then()
