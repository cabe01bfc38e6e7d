"""The line one types into to find something: the list beneath follows every key. Knows nothing of what is found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.binding import BindingType
from textual.message import Message

from cstui.ui import commands
from cstui.ui.widgets.one_line import OneLine


class FindInput(OneLine):
    """An input that hands the keyboard to the list: enter opens, down goes there, esc clears."""

    DEFAULT_CSS = (
        "FindInput { border: none; height: 1; padding: 0 1; background: $panel; } FindInput:focus { border: none; background: $selected; }"
    )
    KEYS: ClassVar[tuple[str, ...]] = ("find",)
    BINDINGS: ClassVar[list[BindingType]] = commands.bindings("find")

    @dataclass
    class Left(Message):
        """The person is done typing."""

        clear: bool
        """Take the search off."""
        open: bool
        """Open the first line."""

    def __init__(self, hint: str, *, id: str | None = None) -> None:
        super().__init__(placeholder=hint, id=id)

    def action_into(self) -> None:
        """To the list, which stays as found."""
        self.post_message(self.Left(clear=False, open=False))

    def action_clear(self) -> None:
        """To the list, with everybody in it."""
        self.post_message(self.Left(clear=True, open=False))

    def action_open(self) -> None:
        """Open the first line that was found."""
        self.post_message(self.Left(clear=False, open=bool(self.value.strip())))
