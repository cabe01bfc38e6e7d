"""What a person writes on a customer's page: contacts, notes, fields by hand, what they take back; and forgetting the customer.

Everything goes through the desk in a thread, and the page looks again afterwards. Draws nothing of the page itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from rich.text import Text
from textual.message import Message

from cstui.base import formatting as fmt
from cstui.base.config import instant
from cstui.base.days import iso, to_day
from cstui.base.errors import CstuiError
from cstui.base.text import cell, safe
from cstui.desk.customer_page import CustomerPage
from cstui.ui.screens.base import SnapshotScreen
from cstui.ui.screens.customer_words import Fact, name_of
from cstui.ui.screens.entry import Ask, Begun, Drafts, EntryDialog
from cstui.ui.screens.in_front import InFront
from cstui.ui.widgets.rows import Rows

if TYPE_CHECKING:
    from cstui.desk.customer_edit import Forgotten
    from cstui.desk.workspace import Workspace

_COUNTED = {"survey": ("answer",), "usage": ("day of use", "days of use")}
"""How rows are called where they are counted, when not by their kind."""


class CustomerWriting(SnapshotScreen[CustomerPage], InFront[None]):
    """A page that can be written on; it has a list `#facts` of `_facts`."""

    @dataclass
    class Done(Message):
        """Something was written."""

        words: str

    @dataclass
    class Weighed(Message):
        """It is known what forgetting would remove."""

        found: Forgotten

    @dataclass
    class Gone(Message):
        """They have been forgotten."""

        found: Forgotten

    def __init__(self) -> None:
        super().__init__()
        self._facts: list[Fact] = []
        self._channel = ""

    @property
    def _page(self) -> CustomerPage | None:
        return self.snapshot

    def action_log(self) -> None:
        """Log a contact."""
        self._write("contact")

    def action_note(self) -> None:
        """Write a note."""
        self._write("note")

    def _write(self, kind: str) -> None:
        page = self._page
        if page is None:
            return
        app, today = self.cstui, to_day(self.cstui.today)
        title = Text.assemble(("Log a contact" if kind == "contact" else "Write a note", "bold"), f"   {cell(name_of(page), 40)}")
        asks = [Ask("text", "What was said" if kind == "contact" else "Note", "")]
        asks += [Ask("channel", "How", "call, e-mail, meeting, chat …", self._channel)] if kind == "contact" else []
        asks += [Ask("by", "By", "who had it" if kind == "contact" else "who writes it", replaced=True)]
        asks += [Ask("day", "Day", "YYYY-MM-DD; other digits are fine", iso(today), replaced=True)]

        def save(given: dict[str, str]) -> None:
            workspace = app.opened().workspace
            app.desk.write_entry(workspace, page.customer_id, kind, given, today, instant())

        def begun() -> Begun:
            lines, by = app.desk.begun_entry(app.opened().workspace, kind, page.customer_id)
            return Begun(lines, {"by": by})

        def keep(lines: dict[str, str]) -> None:
            app.desk.keep_entry(app.opened().workspace, lines, kind, page.customer_id)

        def saved(given: dict[str, str] | None) -> None:
            if given is not None:
                self._channel = given.get("channel", self._channel)
                self.post_message(self.Done("Logged." if kind == "contact" else "Noted."))

        drafts = Drafts(begun, keep, "text", "l" if kind == "contact" else "n")
        self.app.push_screen(EntryDialog(title, asks, save, drafts), saved)

    def action_score(self) -> None:
        """Record an answer of this customer."""
        if (page := self._page) is not None:
            from cstui.ui.screens.surveys import record_for

            record_for(self.cstui, page.customer_id)

    def action_edit(self) -> None:
        """To the facts; on them, edit the one under the cursor."""
        facts = self.query_one("#facts", Rows)
        if self.focused is facts:
            self._edit(facts.cursor)
            return
        if self.has_class("-narrow") and not self.has_class("-side"):
            self.add_class("-side")
        facts.focus()

    def _edit(self, index: int) -> None:
        page = self._page
        if page is None or index >= len(self._facts):
            return
        fact = self._facts[index]
        if not fact.editable:
            self.app.notify(f"{safe(fact.name, 40)} is a column of your own; it changes with the next import.", markup=False)
            return
        app = self.cstui
        value = dict(page.facts)[fact.name]
        held = iso(value) if isinstance(value, int) else safe(value or "", 10_000)
        hint = "blank empties it" + ("; YYYY-MM-DD" if fact.name.endswith("_at") else "") + "; imports leave it alone from now on"
        title = Text.assemble(("Edit by hand", "bold"), f"   {cell(name_of(page), 40)}")

        def save(given: dict[str, str]) -> None:
            app.desk.edit_field(app.opened().workspace, page.customer_id, fact.name, given["value"], instant())

        def saved(given: dict[str, str] | None) -> None:
            if given is not None:
                self.post_message(self.Done(f"{fact.name.replace('_', ' ')} is pinned: u takes the edit back, p unpins."))

        self.app.push_screen(EntryDialog(title, [Ask("value", fact.name.replace("_", " "), hint, held)], save), saved)

    def action_unpin(self) -> None:
        """Let imports change the field under the cursor again."""
        page, facts = self._page, self.query_one("#facts", Rows)
        if page is None or not self._facts:
            return
        fact = self._facts[facts.cursor]
        if self.focused is not facts or not fact.pinned:
            self.app.notify("E goes to the facts; p unpins the one under the cursor, if it was edited by hand.", markup=False)
            return
        name = fact.name
        self._act(
            lambda ws: f"{name.replace('_', ' ')} is unpinned." if self.cstui.desk.unpin(ws, page.customer_id, name, instant()) else ""
        )

    def action_undo(self) -> None:
        """Take the last change by hand back."""
        if (page := self._page) is not None:
            desk = self.cstui.desk
            self._act(lambda ws: _told("Taken back", desk.take_back(ws, page.customer_id), "There is nothing to take back."))

    def action_redo(self) -> None:
        """Do again what was taken back."""
        if (page := self._page) is not None:
            desk = self.cstui.desk
            self._act(lambda ws: _told("Done again", desk.do_again(ws, page.customer_id), "There is nothing to do again."))

    def _act(self, work: Callable[[Workspace], str]) -> None:
        self.run_worker(partial(self._acting, work), name="write", group="write", thread=True)

    def _acting(self, work: Callable[[Workspace], str]) -> None:
        app = self.cstui
        try:
            self.post_message(self.Done(work(app.opened().workspace)))
        except CstuiError as error:
            app.notify(safe(error.message, 400), severity="error", markup=False)

    def on_customer_writing_done(self, event: Done) -> None:
        """Say so, and look again."""
        if event.words:
            self.app.notify(safe(event.words, 200), markup=False)
        self.ask()

    # Forgetting

    def action_forget(self) -> None:
        """Ask, with all that would go, and forget them."""
        if (page := self._page) is not None:
            self.run_worker(partial(self._weigh, page.customer_id), name="weigh", group="forget", thread=True, exclusive=True)

    def _weigh(self, customer_id: str) -> None:
        app = self.cstui
        try:
            self.post_message(self.Weighed(app.desk.before_forgetting(app.opened().workspace, customer_id)))
        except CstuiError as error:
            app.notify(safe(error.message, 400), severity="error", markup=False)

    def on_customer_writing_weighed(self, event: Weighed) -> None:
        """The question."""
        from cstui.ui.screens.choices import Confirm

        found = event.found
        rows = ", ".join(fmt.count(n, *_COUNTED.get(kind, (kind,))) for kind, n in found.rows) or "no other row"
        words = Text.assemble(
            (f"Forget {cell(found.name or found.customer_id, 40)} for good?", "bold"),
            (
                f"\nTheir record, {rows}, notes and traces in the import log go. Nothing brings them back; imports refuse them.",
                self.ink.dim,
            ),
        )
        if found.backups:
            words.append(
                f"\nStill in these files beside the workspace: {', '.join(cell(name, 40) for name in found.backups)}", self.ink.care
            )
        customer_id = found.customer_id
        self.app.push_screen(Confirm(words, "Forget them", "Keep them"), lambda sure: self._forget(customer_id) if sure else None)

    def _forget(self, customer_id: str) -> None:
        self.run_worker(partial(self._forgetting, customer_id), name="forget", group="forget", thread=True, exclusive=True)

    def _forgetting(self, customer_id: str) -> None:
        app = self.cstui
        try:
            self.post_message(self.Gone(app.desk.forget(app.path, customer_id, instant())))
        except CstuiError as error:
            app.notify(safe(error.message, 400), severity="error", markup=False)

    def on_customer_writing_gone(self, event: Gone) -> None:
        """Leave the page."""
        backups = event.found.backups
        more = f" Still in {', '.join(safe(name, 60) for name in backups)}." if backups else ""
        open_ = (
            ""
            if event.found.rewritten
            else " Another program has the workspace open: bytes of theirs may stay in the file until it is closed there."
        )
        self.app.notify(f"Forgotten.{more}{open_}", markup=False, timeout=10)
        self.in_front(self.dismiss)


def _told(what: str, words: str | None, nothing: str) -> str:
    return f"{what}: {words}." if words else nothing
