"""A screen that writes while one types: everything goes through one queue, in order, and is finished before the screen goes.

Knows nothing of what is written.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from textual.screen import Screen

from cstui.base.errors import CstuiError
from cstui.base.text import safe

R = TypeVar("R")


class InTurn(Screen[R]):
    """A screen with writes that wait for one another."""

    def __init__(self, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(name, id, classes)
        self._turn = asyncio.Lock()
        self._writes: set[asyncio.Task[None]] = set()

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._writes.add(task)
        task.add_done_callback(self._over)

    def _over(self, task: asyncio.Task[None]) -> None:
        self._writes.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self.app.call_later(task.result)  # raised where Textual sees it: an error that nobody foresaw ends the app, and says so

    async def _write(self, work: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever the work gives
        """Do it in a thread, after whatever was asked before. A CstuiError is told, and gives None."""
        async with self._turn:
            try:
                return await asyncio.to_thread(work)
            except CstuiError as error:
                self._unwritten(error)
                return None

    def _unwritten(self, error: CstuiError) -> None:
        """Say that something could not be written."""
        self.app.notify(safe(error.message, 300), severity="error", markup=False)

    async def on_unmount(self) -> None:
        """Finish what was begun to be written."""
        while self._writes:
            await asyncio.gather(*self._writes)
