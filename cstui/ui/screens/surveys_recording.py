"""Recording by keys: the form, the draft that outlives a crash, undo and redo. What the surveys screen does that writes.

Everything that writes goes through one queue, in order, and is finished before the screen goes; the draft is kept at every key.
Knows what is listed only as the line under the cursor.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from rich.text import Text
from textual.message import Message

from cstui.base.days import iso, month_of, to_day
from cstui.base.errors import CstuiError, UsageError
from cstui.base.text import cell, safe
from cstui.desk.answer_history import AnswerChange
from cstui.desk.survey import check
from cstui.desk.voices import Question, Voices, Waiting
from cstui.ui import drafts
from cstui.ui.drafts import Draft
from cstui.ui.screens import surveys_words as words
from cstui.ui.screens.views import FilteredScreen
from cstui.ui.widgets.answer_form import KIND_NAMES, AnswerForm
from cstui.ui.widgets.fields import WhomField
from cstui.ui.widgets.line import Words
from cstui.ui.widgets.rows import Rows

if TYPE_CHECKING:
    from cstui.desk.survey import Answer, CustomerName, Recorded, Roster


class RecordingScreen(FilteredScreen[Voices]):
    """A screen with an `AnswerForm`, `Words` #said and #found, and `Rows` #lines."""

    @dataclass
    class Ready(Message):
        """Everybody an answer can be recorded for, and at first the draft there was."""

        roster: Roster
        drafts: list[Draft] | None

    def __init__(self) -> None:
        super().__init__()
        self.look = Question()
        self._roster: Roster | None = None
        self._others: list[Draft] = []
        """Drafts that wait behind the one in the form."""
        self._kept: str | None = None
        """The drafts as they are in the file; None: not read yet."""
        self._turn = asyncio.Lock()
        self._writes: set[asyncio.Task[None]] = set()
        self._message = Text()
        self._wanted: str | None = None
        """A customer to record for, once the roster is there."""

    @property
    def form(self) -> AnswerForm:
        """The form."""
        return self.query_one(AnswerForm)

    @property
    def lines(self) -> Rows:
        """The list in sight."""
        return self.query_one("#lines", Rows)

    def under(self) -> Answer | Waiting | AnswerChange | None:
        """What is under the list's cursor."""
        return None

    def _look(self, look: Question) -> None:
        """Ask for something else."""
        self.look = look
        self.ask()

    # Whom one can find, and the draft there was

    def _read_roster(self) -> None:
        self.run_worker(partial(self._read, self._kept is None), name="roster", group="roster", exclusive=True, thread=True)

    def _read(self, first: bool) -> None:
        app = self.cstui
        try:
            workspace = app.opened().workspace
            held = drafts.from_text(app.desk.draft(workspace)) if first else None
            self.post_message(self.Ready(app.desk.roster(workspace), held))
        except CstuiError:
            return  # the snapshot's own question fails in the same way, and says so

    def on_recording_screen_ready(self, event: Ready) -> None:
        """Offer the customers; show the draft there was, unless something was begun meanwhile."""
        self._roster = event.roster
        self._offer()
        if event.drafts is not None and self._kept is None:
            self._kept = drafts.to_text(event.drafts)
            if event.drafts and not self.form.draft.begun:
                self._others = event.drafts[1:]
                self.form.show(event.drafts[0])
                if event.drafts[0].begun:
                    self.warn("An answer was begun here: a goes on with it.")
        if (wanted := self._wanted) is not None:
            self._wanted = None
            self.record_for(wanted)

    def _offer(self) -> None:
        self.form.offer(self._roster, self.snapshot.around.touchpoints if self.snapshot is not None else ())

    def _say(self, text: Text | None) -> None:
        """A message beneath the form; None: no more."""
        self._message = text or Text()
        self._tell()

    def warn(self, text: str) -> None:
        """Say that something can't be, and why."""
        self._say(Text(safe(text, 300), style=self.ink.care))

    def _tell(self) -> None:
        """The message, and what was recorded today."""
        today = words.today_line(self.snapshot, self.ink) if self.snapshot is not None else Text()
        gap = "   " if self._message.plain and today.plain else ""
        line = Text.assemble(self._message, gap, today, no_wrap=True)
        line.truncate(max(1, self.size.width - 2), overflow="ellipsis")
        self.query_one("#said", Words).say(line)

    # The form

    def on_answer_form_changed(self, event: AnswerForm.Changed) -> None:
        """Keep the draft."""
        self._keep()

    def on_answer_form_refused(self, event: AnswerForm.Refused) -> None:
        """Say why."""
        self.warn(event.why)

    def on_answer_form_found(self, event: AnswerForm.Found) -> None:
        """List the customers found beneath the field."""
        found = self.query_one("#found", Words)
        whom = self.form.draft.who.strip()
        text = Text("\n").join(self._found_line(name, index == event.marked) for index, name in enumerate(event.names))
        looking = self.form.query_one(WhomField).has_focus
        if looking and not event.names and whom and not self.form.draft.customer_id:
            none = "Nobody is found by that." if self._roster else "There are no customers yet: esc 6 imports them."
            none = "reading the customers…" if self._roster is None else none
            text = Text(f" {none}", style=self.ink.care)
        found.display = bool(text.plain)
        found.say(text)

    def _found_line(self, name: CustomerName, marked: bool) -> Text:
        ink = self.ink
        style = f"bold {ink.text}" if marked else ink.text
        line = Text.assemble((" ▸ " if marked else "   ", ink.accent), (cell(name.name or "–", 36), style))
        line.append(f"  {cell(name.customer_id, 24)}", ink.dim)
        line.truncate(60, overflow="ellipsis", pad=True)
        if marked:
            line.stylize(f"on {ink.selected}")
        return line

    def on_answer_form_left(self) -> None:
        """The list has the keyboard again, and what was found goes with the form."""
        self.query_one("#found", Words).display = False
        if self.form.draft.editing is not None:
            self._next_draft()
            self._say(None)
        self.set_focus(self.lines)

    def action_record(self) -> None:
        """To the form; from a queue, for the customer under the cursor."""
        one = self.under()
        free = self._roster is not None and not self.form.draft.begun
        if isinstance(one, Waiting) and free and self._roster and (name := self._roster.one(one.customer_id)) is not None:
            self.form.take(name)
        self.form.start()

    def record_for(self, customer_id: str) -> None:
        """To the form, for one customer; what was begun for another waits behind it."""
        if self._roster is None:
            self._wanted = customer_id
            return
        name = self._roster.one(customer_id)
        if name is None:
            return
        if self.form.draft.begun and self.form.draft.customer_id != name.customer_id:
            self._others.insert(0, self.form.draft)
            self.form.show(self.form.draft.next())
        self.form.take(name)
        self.form.start()

    def on_answer_form_saved(self, event: AnswerForm.Saved) -> None:
        """Record it, and make room for the next."""
        draft = event.draft
        if not draft.customer_id:
            self.warn("Choose the customer first: a part of the name, then enter.")
            self.form.start()
            return
        try:
            check(draft.recording(), to_day(self.cstui.today))
        except UsageError as error:
            self.warn(error.message)
            if not draft.score:
                self.form.start()
            return
        self._later(self._record(draft))
        self._next_draft()
        if draft.editing is None:
            self.form.start()
        else:
            self.set_focus(self.lines)

    def _next_draft(self) -> None:
        """The draft that waits, or an empty one."""
        self.form.show(self._others.pop(0) if self._others else self.form.draft.next())
        self._keep()

    # Writing, in order

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._writes.add(task)
        task.add_done_callback(self._writes.discard)

    async def _write(self, work: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever the work gives
        """Do it in a thread, after whatever was asked before. A CstuiError is told, and gives None."""
        async with self._turn:
            try:
                return await asyncio.to_thread(work)
            except CstuiError as error:
                self.app.notify(safe(error.message, 300), severity="error", markup=False)
                return None

    def _keep(self) -> None:
        if self._kept is not None:
            self._later(self._save_drafts())

    async def _save_drafts(self) -> None:
        text = drafts.to_text([self.form.draft, *self._others])
        if text == self._kept:
            return
        app, self._kept = self.cstui, text
        await self._write(lambda: app.desk.save_draft(app.opened().workspace, text))

    async def _record(self, draft: Draft) -> None:
        app = self.cstui
        given, today = draft.recording(), to_day(app.today)
        self._say(Text("saving…", style=self.ink.dim))
        done: Recorded | None = await self._write(lambda: app.desk.record(app.opened().workspace, given, draft.editing, today))
        if done is None:
            self._put_back(draft)
            return
        answer, ink = done.answer, self.ink
        verb = "recorded" if draft.editing is None else "changed"
        self._say(
            Text.assemble(
                (f"{verb}: {KIND_NAMES[answer.kind]} ", ink.good), (safe(answer.score, 6), f"bold {ink.good}"),
                (f"  {cell(answer.name or answer.customer_id, 40)}", ink.text), ("   esc u takes it back", ink.faint),
            )
        )  # fmt: skip
        self.look = replace(self.look, measure=answer.kind, month=month_of(answer.answered_at))
        self._written()

    def _put_back(self, draft: Draft) -> None:
        """What could not be recorded goes back into the form; what was begun since waits behind it."""
        if self.form.draft.begun:
            self._others.insert(0, self.form.draft)
        self.form.show(draft)
        self._say(Text("Not recorded. It is back in the form.", style=self.ink.bad))
        self._keep()

    def _written(self) -> None:
        self.ask()
        self._read_roster()

    async def on_unmount(self) -> None:
        """Finish what was begun to be written."""
        while self._writes:
            await asyncio.gather(*self._writes)

    # Changing what was recorded

    def _by_hand(self) -> Answer | None:
        """The answer under the cursor, if it was recorded by hand; says why not."""
        one = self.under()
        if one is None or isinstance(one, Waiting | AnswerChange):
            self.warn("Choose an answer from the list of answers first (v).")
            return None
        if one.file is not None:
            where = f"{safe(one.file, 60)}, line {one.line}"
            self.warn(f"That answer came from {where}: mend it there and import it again.")
            return None
        return one

    def action_edit(self) -> None:
        """Put the answer into the form; what was begun there waits."""
        if (one := self._by_hand()) is None or self.form.draft.editing == one.id:
            return
        if self.form.draft.begun:
            self._others.insert(0, self.form.draft)
        held = self.form.draft
        day = "" if one.answered_at == to_day(self.cstui.today) else iso(one.answered_at)
        draft = Draft(
            one.customer_id, cell(one.name or one.customer_id), one.kind, held.scales, one.touchpoint or "", one.respondent or "",
            one.score, one.comment or "", day, one.id,
        )  # fmt: skip
        self.form.show(draft.on((one.scale, one.direction or "")))
        self._keep()
        self.warn("Editing: enter in the comment saves it, esc leaves it as it was.")
        self.set_focus(self.form.query_one("#score"))

    def action_delete(self) -> None:
        """Delete the answer under the cursor."""
        if (one := self._by_hand()) is not None:
            self._later(self._delete(one))

    async def _delete(self, one: Answer) -> None:
        app = self.cstui
        if await self._write(lambda: app.desk.delete_answer(app.opened().workspace, one.id)) is not None:
            whom = cell(one.name or one.customer_id, 40)
            self._say(Text(f"deleted: {KIND_NAMES[one.kind]} {safe(one.score, 6)}  {whom}   u brings it back", style=self.ink.care))
            self._written()

    def action_undo(self) -> None:
        """Take the last change back."""
        self._later(self._turned(back=True))

    def action_redo(self) -> None:
        """Make it again."""
        self._later(self._turned(back=False))

    async def _turned(self, *, back: bool) -> None:
        app = self.cstui
        failed = object()
        done = await self._write(lambda: app.desk.turn_answer(app.opened().workspace, back=back) or failed)
        if done is failed:
            self.warn("There is nothing to undo." if back else "There is nothing to redo.")
        elif done is not None:
            what = {"record": "recorded", "edit": "changed", "delete": "deleted"}[done.action]
            said = f"{'taken back' if back else 'made again'}: {what} {KIND_NAMES[done.kind]} {safe(done.score, 6)}"
            known = self._roster.one(done.customer_id) if self._roster is not None else None
            whom = cell((known and known.name) or done.customer_id, 40)
            self._say(Text(f"{said}  {whom}   {'^r makes it again' if back else ''}", style=self.ink.care))
            self._written()
