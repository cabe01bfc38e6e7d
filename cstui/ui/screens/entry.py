"""What a person types about a customer: a contact, a note, a field's new value. A few lines, saved with enter.

Each is given what saves it; it stays open with the reason when that refuses, so that nothing typed is lost. One that is given where
drafts are kept is kept there at every key, and goes on with what was begun.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
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
from cstui.ui.screens.in_turn import InTurn
from cstui.ui.widgets.line import KeysLine, Words
from cstui.ui.widgets.one_line import OneLine

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


@dataclass(frozen=True, slots=True)
class Begun:
    """What was typed before and not saved, and what is proposed, by line."""

    lines: Mapping[str, str]
    proposed: Mapping[str, str]


class Drafts(NamedTuple):
    """Where what is typed is kept until it is saved. Both are called in a thread, and raise CstuiError."""

    begun: Callable[[], Begun]
    keep: Callable[[dict[str, str]], object]
    """Takes the lines that are not as proposed; none: nothing is kept."""
    text: str
    """The line without which there is nothing to keep."""
    key: str
    """What opens it again."""


class EntryDialog(Dialog[dict[str, str]], InTurn[dict[str, str] | None]):
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

    @dataclass
    class Found(Message):
        """What was begun has been read."""

        begun: Begun

    def __init__(self, title: Text, asks: Sequence[Ask], save: Save, drafts: Drafts | None = None) -> None:
        super().__init__()
        self._heading = title
        self._asks = asks
        self._save = save
        self._drafts = drafts
        self._proposed = {ask.name: ask.value for ask in asks}
        self._kept: dict[str, str] | None = None
        """The draft as it was asked to be kept last; None: not read yet."""
        self._busy = False

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Words(self._heading)
            for ask in self._asks:
                yield Words(Text.assemble((ask.title, "bold"), (f"   {ask.hint}" if ask.hint else "", self.ink.dim)), classes="title")
                yield OneLine(ask.value, id=ask.name, select_on_focus=ask.replaced)
            yield Words(id="trouble")
            yield KeysLine("entry")

    def on_mount(self) -> None:
        if self._drafts is None:
            self.query_one(KeysLine).without("entry.empty")
        else:
            self._later(self._read(self._drafts))

    async def _read(self, drafts: Drafts) -> None:
        begun: Begun | None = await self._write(drafts.begun)
        if begun is not None and self.is_attached:
            self.post_message(self.Found(begun))

    def on_entry_dialog_found(self, event: Found) -> None:
        """Go on with what was begun; what was typed meanwhile stands after it."""
        typed, lines = self._lines(), dict(event.begun.lines)
        self._proposed |= event.begun.proposed
        self._kept = lines
        for name, value in {**event.begun.proposed, **lines}.items():
            if (field := self._field(name)) is not None:
                field.value = value + typed.get(name, "") if name in lines or name not in typed else typed[name]
                field.cursor_position = len(field.value)
        if lines:
            self._tell(Text("\nBegun before and not saved: go on, or ^n to begin anew.", style=self.ink.care))
        self._keep_draft()

    def _field(self, name: str) -> Input | None:
        return self.query_one(f"#{name}", Input) if name in self._proposed else None

    def _lines(self) -> dict[str, str]:
        """What a draft holds: lines that are not as proposed."""
        return {name: text for name, text in self._given().items() if text != self._proposed[name]}

    @property
    def _worth(self) -> dict[str, str]:
        """The draft there is to keep; empty where the text itself is missing."""
        lines = self._lines()
        return lines if self._drafts is not None and lines.get(self._drafts.text, "").strip() else {}

    @on(Input.Changed)
    def _keep_draft(self) -> None:
        if self._drafts is not None and self._kept is not None and not self._busy and (lines := self._worth) != self._kept:
            self._kept, keep = lines, self._drafts.keep
            self._later(self._write_draft(keep, lines))

    async def _write_draft(self, keep: Callable[[dict[str, str]], object], lines: dict[str, str]) -> None:
        if self._kept == lines:  # else a newer one waits behind it
            await self._write(lambda: keep(lines))

    def _tell(self, text: Text) -> None:
        self.query_one("#trouble", Words).say(text)

    def action_empty(self) -> None:
        """Begin anew: nothing of the draft is kept."""
        if self._drafts is not None:
            for ask in self._asks:
                self.query_one(f"#{ask.name}", Input).value = self._proposed[ask.name]
            self._tell(Text())
            self.query_one(f"#{self._drafts.text}", Input).focus()

    def action_back(self) -> None:
        """Close without saving, unless that is going on; a draft that is kept is told of."""
        if self._drafts is not None and self._worth and not self._busy:
            self.app.notify(f"Kept as a draft, not saved: {self._drafts.key} goes on with it.", markup=False)
        super().action_back()

    def _given(self) -> dict[str, str]:
        return {ask.name: self.query_one(f"#{ask.name}", Input).value for ask in self._asks}

    @on(Input.Submitted)
    def _enter(self) -> None:
        self.action_save()

    def action_save(self) -> None:
        """Keep what was typed."""
        if not self._busy:
            self._busy = True
            self._later(self._saving(self._given()))

    async def _saving(self, given: dict[str, str]) -> None:
        """After whatever is being kept of the draft."""
        async with self._turn:
            try:
                await asyncio.to_thread(self._save, given)
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
        self._keep_draft()
        self._tell(Text("\n" + safe(event.error.message, 300), style=self.ink.bad))


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
