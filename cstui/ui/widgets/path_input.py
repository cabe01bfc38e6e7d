"""A line to type or paste a path, completed as one types (Tab or → takes it). Knows nothing of what the path is for."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import ClassVar

from textual.binding import BindingType
from textual.message import Message
from textual.suggester import Suggester

from cstui.ui import commands
from cstui.ui.files import completion
from cstui.ui.widgets.one_line import OneLine


class PathSuggester(Suggester):
    """Completes from the folder, read in a thread."""

    def __init__(self, base: Path) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self.base = base

    async def get_suggestion(self, value: str) -> str | None:
        """The completed path, or None."""
        return await asyncio.to_thread(completion, value, self.base)


class PathInput(OneLine):
    """An input whose Tab completes while there is something to complete; esc and down leave it."""

    DEFAULT_CSS = "PathInput { border: none; height: 1; padding: 0 1; background: $panel; } PathInput:focus { border: none; }"
    KEYS: ClassVar[tuple[str, ...]] = ("path",)
    BINDINGS: ClassVar[list[BindingType]] = commands.bindings("path")

    class Left(Message):
        """The person wants back to the list."""

    def __init__(self, base: Path, *, id: str | None = None) -> None:
        self._paths = PathSuggester(base)
        super().__init__(placeholder="type or paste a path; Tab completes", suggester=self._paths, id=id)

    def base_folder(self, folder: Path) -> None:
        """What relative paths are relative to from now on."""
        self._paths.base = folder

    def action_leave(self) -> None:
        """Empty the line, and back to the list."""
        self.value = ""
        self.post_message(self.Left())

    def action_into(self) -> None:
        """To the list; what was typed stays."""
        self.post_message(self.Left())

    def action_complete(self) -> None:
        """Take the completion, or go on to the next field."""
        if self._suggestion and self.cursor_position >= len(self.value) and self._suggestion != self.value:
            self.action_cursor_right()
        else:
            self.screen.focus_next()
