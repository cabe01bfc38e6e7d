"""What a person types about a customer: a contact, a note, a field's new value. A few lines, saved with enter.

Each is given what saves it; it stays open with the reason when that refuses, so that nothing typed is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar, NamedTuple

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input

from cstui.base.errors import CstuiError
from cstui.base.text import safe
from cstui.ui import commands
from cstui.ui.screens.choices import Dialog
from cstui.ui.widgets.line import KeysLine, Words

Save = Callable[[dict[str, str]], object]
"""Keeps what was typed, by line; called in a thread. Raises CstuiError."""


class Ask(NamedTuple):
    """One line to fill in."""

    name: str
    title: str
    hint: str
    value: str = ""
    replaced: bool = False
    """Typing takes the place of the value, where it is but a proposal; else it adds to it."""


class EntryDialog(Dialog[dict[str, str]]):
    """A title, a few lines, and what was wrong with them. Dismisses with what was saved."""

    SCOPES: ClassVar[tuple[str, ...]] = ("entry",)
    BINDINGS = commands.bindings("entry")
    AUTO_FOCUS = "Input"
    DEFAULT_CSS = """
    EntryDialog .box { width: 76; }
    EntryDialog Input { height: 1; border: none; background: $panel; padding: 0 1; }
    EntryDialog Input:focus { border: none; background: $selected; }
    EntryDialog .title { margin-top: 1; }
    """

    class Kept(Message):
        """It has been saved."""

    @dataclass
    class Refused(Message):
        """It could not be saved."""

        error: CstuiError

    def __init__(self, title: Text, asks: Sequence[Ask], save: Save) -> None:
        super().__init__()
        self._heading = title
        self._asks = asks
        self._save = save
        self._busy = False

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Words(self._heading)
            for ask in self._asks:
                yield Words(Text.assemble((ask.title, "bold"), (f"   {ask.hint}" if ask.hint else "", self.ink.dim)), classes="title")
                yield Input(ask.value, id=ask.name, select_on_focus=ask.replaced)
            yield Words(id="trouble")
            yield KeysLine("entry")

    def _given(self) -> dict[str, str]:
        return {ask.name: self.query_one(f"#{ask.name}", Input).value for ask in self._asks}

    @on(Input.Submitted)
    def _enter(self) -> None:
        self.action_save()

    def action_save(self) -> None:
        """Keep what was typed."""
        if not self._busy:
            self._busy = True
            self.run_worker(partial(self._keep, self._given()), name="save", thread=True)

    def _keep(self, given: dict[str, str]) -> None:
        try:
            self._save(given)
        except CstuiError as error:
            self.post_message(self.Refused(error))
        else:
            self.post_message(self.Kept())

    def on_entry_dialog_kept(self) -> None:
        """Done; unless it was left meanwhile."""
        if self.is_current:
            self.dismiss(self._given())

    def on_entry_dialog_refused(self, event: Refused) -> None:
        """Say why, and let it be mended."""
        self._busy = False
        self.query_one("#trouble", Words).say(Text("\n" + safe(event.error.message, 300), style=self.ink.bad))


class Reading(Dialog[None]):
    """Something to be read in full: what stands behind a line."""

    SCOPES: ClassVar[tuple[str, ...]] = ("dialog",)
    AUTO_FOCUS = "VerticalScroll"
    DEFAULT_CSS = "Reading .box { width: 84; } Reading VerticalScroll { height: auto; max-height: 18; }"

    def __init__(self, text: Text) -> None:
        super().__init__()
        self._text = text

    def compose(self) -> ComposeResult:
        from textual.containers import VerticalScroll

        with Vertical(classes="box"):
            with VerticalScroll():
                yield Words(self._text)
            yield KeysLine("dialog")
