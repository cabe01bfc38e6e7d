"""The log's half of the import screen: an import taken back, and made again. Both work in threads; what came of it is told.

Knows the log's list by its id (`#log`); who draws it is the screen's business.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rich.text import Text
from textual import on
from textual.message import Message

from cstui.base import formatting as fmt
from cstui.base.errors import CstuiError
from cstui.base.text import cell, safe
from cstui.desk.importing import ImportEntry, RedoOutcome, UndoOutcome
from cstui.ui.screens.base import SnapshotScreen
from cstui.ui.screens.choices import Confirm
from cstui.ui.widgets.rows import Rows

Log = tuple[ImportEntry, ...]
LATER_SHOWN = 4
"""Later imports that the question names."""
_BUILT_ON = "Import {} built on it: {}."
NAMED_BY = "Import {} has {} of its customers: they stay, and name them by their id alone."


def built_on_words(later: Sequence[Mapping[str, str | int]], words: str = _BUILT_ON) -> list[str]:
    """A line for each of the first later imports that changed rows of this one: `Import 3 built on it: 2 rows of subscriptions.`"""
    found: dict[str | int, list[str]] = {}
    for one in later:
        found.setdefault(one["import_id"], []).append(
            f"{fmt.count(int(one['rows']), 'row')} of {cell(str(one['kind']).replace('_', ' '), 20)}"
        )
    lines = [f"\n{words.format(number, ', '.join(kinds))}" for number, kinds in found.items()]
    more = len(lines) - LATER_SHOWN
    return lines if more <= 0 else [*lines[:LATER_SHOWN], f"\n{fmt.count(more, 'later import')} more built on it."]


def _rows(entry: ImportEntry) -> int:
    """Rows that an import created or updated."""
    return sum(file.created + file.updated for file in entry.files)


class ImportPast(SnapshotScreen[Log]):
    """A screen with the list of imports."""

    _folder: Path
    """The folder that files are chosen from."""

    @dataclass
    class Asked(Message):
        """What was built on an import that is to be taken back has been looked up."""

        entry: ImportEntry
        later: list[dict[str, str | int]]
        naming: list[dict[str, str | int]]

    @dataclass
    class Redone(Message):
        """An import has been made again."""

        outcome: RedoOutcome

    @dataclass
    class Undone(Message):
        """An import has been taken back."""

        outcome: UndoOutcome

    @on(Rows.Opened, "#log")
    def _look_at(self, event: Rows.Opened) -> None:
        """All that is kept of the import."""
        from cstui.ui.screens.import_kept import ImportKeptScreen

        if self.snapshot and event.index < len(self.snapshot):
            self.app.push_screen(ImportKeptScreen(self.snapshot[event.index].import_id, self._folder))

    def _selected(self) -> ImportEntry | None:
        """The import under the log's cursor if the keyboard is there, else the last that stands and changed something."""
        log = self.query_one("#log", Rows)
        entries = self.snapshot or ()
        if self.focused is log and entries:
            return entries[log.cursor]
        return next((entry for entry in entries if entry.undone_at is None and _rows(entry)), None)

    def action_undo(self) -> None:
        """Ask, then take the import back."""
        entry = self._selected()
        if entry is None or entry.undone_at is not None:
            self.app.notify(
                "There is no import to take back." if entry is None else f"Import {entry.import_id} was taken back already.", markup=False
            )
            return
        self.run_worker(partial(self._ask_built_on, entry), name="built on", group="built on", thread=True, exclusive=True)

    def _ask_built_on(self, entry: ImportEntry) -> None:
        app = self.cstui
        try:
            workspace = app.opened().workspace
            later = app.desk.built_on(workspace, entry.import_id)
            naming = app.desk.named_by(workspace, entry.import_id)
        except CstuiError as error:
            app.notify(safe(error.message, 400), severity="error", markup=False)
        else:
            self.post_message(self.Asked(entry, later, naming))

    def on_import_past_asked(self, event: Asked) -> None:
        """What would be taken back, what stays of it, and whether that is wanted."""
        entry = event.entry
        if self.app.screen is not self:
            return
        rows = _rows(entry)
        names = ", ".join(dict.fromkeys(cell(Path(file.file).name, 40) for file in entry.files))
        question = Text.assemble(
            (f"Take back import {entry.import_id}?", "bold"),
            (f"\n{names}: {fmt.count(rows, 'row')} created or updated. What a later import changed since is kept.", self.ink.dim),
            (self._passed_over(entry), self.ink.dim),
            *((line, self.ink.care) for line in built_on_words(event.later)),
            *((line, self.ink.dim) for line in built_on_words(event.naming, NAMED_BY)),
        )
        yes = f"Take back {fmt.count(rows, 'row')}"
        self.app.push_screen(Confirm(question, yes, "Keep it"), lambda sure: self._undo(entry.import_id) if sure else None)

    def _passed_over(self, entry: ImportEntry) -> str:
        """Which later imports stand, and changed nothing that could be taken back."""
        if self.focused is self.query_one("#log", Rows):
            return ""
        idle = [str(one.import_id) for one in self.snapshot or () if one.import_id > entry.import_id and one.undone_at is None]
        return f"\nPassed over: import {', '.join(idle[:LATER_SHOWN])}, which changed nothing." if idle else ""

    def _undo(self, import_id: int) -> None:
        self.app.notify(f"Taking back import {import_id}…", markup=False)
        self.run_worker(partial(self._take_back, import_id), name="undo", group="undo", thread=True, exclusive=True)

    def _take_back(self, import_id: int) -> None:
        app = self.cstui
        try:
            self.post_message(self.Undone(app.desk.undo(app.path, import_id)))
        except CstuiError as error:
            app.notify(safe(error.message, 400), severity="error", markup=False)

    def action_redo(self) -> None:
        """Make an import again: the one under the log's cursor, or the one taken back last."""
        log, entries = self.query_one("#log", Rows), self.snapshot or ()
        chosen = entries[log.cursor] if self.focused is log and entries else None
        if chosen is not None and chosen.undone_at is None:
            self.app.notify(f"Import {chosen.import_id} was not taken back.", markup=False)
        elif not any(entry.undone_at for entry in entries):
            self.app.notify("No import was taken back.", markup=False)
        else:
            self.app.notify("Making the import again…", markup=False)
            number = chosen.import_id if chosen else None
            self.run_worker(partial(self._make_again, number), name="redo", group="undo", thread=True, exclusive=True)

    def _make_again(self, import_id: int | None) -> None:
        app = self.cstui
        try:
            self.post_message(self.Redone(app.desk.redo(app.path, import_id)))
        except CstuiError as error:
            app.notify(safe(error.message, 400), severity="error", markup=False)

    def on_import_past_redone(self, event: Redone) -> None:
        """Say what came of it."""
        outcome = event.outcome
        kept = f", {outcome.kept:,} kept: {safe('; '.join(outcome.kept_why), 200)}" if outcome.kept else ""
        words = f"Import {outcome.import_id} made again: {fmt.count(outcome.redone, 'row')}"
        self.app.notify(f"{words}{kept}.", markup=False, timeout=8)
        self.ask()

    def on_import_past_undone(self, event: Undone) -> None:
        """Say what came of it."""
        outcome = event.outcome
        words = f"Import {outcome.import_id} taken back: {fmt.count(outcome.reversed, 'row')} reversed"
        words += f", {outcome.kept:,} kept, {outcome.failed:,} failed."
        for what, why in (("Kept", outcome.kept_why), ("Failed", outcome.failed_why)):
            words += f" {what}: {safe('; '.join(why), 200)}." if why else ""
        self.app.notify(words, markup=False, timeout=8)
        self.ask()
