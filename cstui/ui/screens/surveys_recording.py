"""Recording by keys: the form, the draft that outlives a crash, undo and redo. What the surveys screen does that writes.

The draft is kept at every key. Knows what is listed only as the line under the cursor.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from rich.text import Text
from textual.message import Message

from cstui.base import formatting as fmt
from cstui.base.days import iso, month_of, parse_iso, to_day
from cstui.base.errors import CstuiError, UsageError
from cstui.base.text import cell, safe
from cstui.desk.answer_history import AnswerChange
from cstui.desk.answer_turns import Hand, Turned
from cstui.desk.survey import check
from cstui.desk.voices import Question, Voices, Waiting
from cstui.ui import drafts
from cstui.ui.drafts import Draft
from cstui.ui.screens import surveys_words as words
from cstui.ui.screens.in_turn import InTurn
from cstui.ui.screens.views import FilteredScreen
from cstui.ui.widgets.answer_form import KIND_NAMES, AnswerForm
from cstui.ui.widgets.fields import WhomField
from cstui.ui.widgets.line import Words
from cstui.ui.widgets.rows import Rows

if TYPE_CHECKING:
    from cstui.desk.roster import CustomerName, Roster
    from cstui.desk.survey import Answer, Recorded

_DONE = {"record": "recorded", "edit": "changed", "delete": "deleted"}


class RecordingScreen(FilteredScreen[Voices], InTurn[None]):
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
        self._message = Text()
        self._wanted: str | None = None
        """A customer to record for, once the roster is there."""
        self._hand = Hand()
        self._before: Question | None = None
        """What was asked for before a recording moved the month."""

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
            if event.drafts and self.form.untouched:
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

    def on_answer_form_told(self, event: AnswerForm.Told) -> None:
        """Say it."""
        self.warn(event.words)

    def on_answer_form_found(self, event: AnswerForm.Found) -> None:
        """List the customers found beneath the field."""
        found = self.query_one("#found", Words)
        whom = self.form.draft.who.strip()
        lines = [self._found_line(name, index == event.marked) for index, name in enumerate(event.names)]
        looking = self.form.query_one(WhomField).has_focus
        if looking and not event.names and whom and not self.form.draft.customer_id:
            none = "Nobody is found by that." if self._roster else "There are no customers yet: esc 6 imports them."
            none = "reading the customers…" if self._roster is None else none
            lines.append(Text(f" {none}", style=self.ink.care))
        if event.new:
            lines.append(self._new_line(event.new, event.marked == len(event.names)))
        found.display = bool(lines)
        found.say(Text("\n").join(lines))

    def _new_line(self, customer_id: str, marked: bool) -> Text:
        """The line of a customer who would be made."""
        ink = self.ink
        line = Text.assemble((" ▸ " if marked else "   ", ink.accent), ("new customer ", ink.dim), (f"“{cell(customer_id, 36)}”", ink.text))
        line.truncate(60, overflow="ellipsis", pad=True)
        if marked:
            line.stylize(f"on {ink.selected}")
        return line

    def on_answer_form_scored(self, event: AnswerForm.Scored) -> None:
        """The keyboard is in the comment now: say what its keys do."""
        draft, ink = event.draft, self.ink
        whom = f" of {cell(draft.who, 30)}{', who is new' if draft.new else ''}" if draft.customer_id else ""
        self._say(
            Text.assemble(
                (f"{KIND_NAMES[draft.kind]} {draft.score}", f"bold {ink.accent}"),
                (f"{', typed as 1 and 0,' if event.ten else ''}{whom}", ink.text),
                (". Now a comment, or none: enter saves it.", ink.text),
            )
        )  # fmt: skip

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
        done: Recorded | None = None
        try:
            done = await self._write(lambda: app.desk.record(app.opened().workspace, given, today, answer=draft.editing, new=draft.new))
        finally:
            if done is None:  # refused, or failed as nobody foresaw
                self._put_back(draft)
        if done is None:
            return
        answer, ink = done.answer, self.ink
        self._did(done)
        verb = "recorded" if draft.editing is None else "changed"
        month = month_of(answer.answered_at)
        moved = self.snapshot is not None and month != month_of(self.snapshot.period.start)
        self._say(
            Text.assemble(
                (f"{verb}: {KIND_NAMES[answer.kind]} ", ink.good), (safe(answer.score, 6), f"bold {ink.good}"),
                (f"  {cell(answer.name or answer.customer_id, 40)}", ink.text), (", a new customer" if done.new_customer else "", ink.text),
                (f", in {fmt.month(month)}" if moved else "", ink.text), ("   esc u takes it back", ink.faint),
            )
        )  # fmt: skip
        self._before = (self._before or self.look) if moved else self._before
        self.look = replace(self.look, measure=answer.kind, month=month)
        self._written()

    def _did(self, done: Recorded) -> None:
        if done.change:
            self._hand.did(done.change)

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
        done: Recorded | None = await self._write(lambda: app.desk.delete_answer(app.opened().workspace, one.id))
        if done is not None:
            self._did(done)
            whom = cell(one.name or one.customer_id, 40)
            self._say(Text(f"deleted: {KIND_NAMES[one.kind]} {safe(one.score, 6)}  {whom}   u brings it back", style=self.ink.care))
            self._written()

    def action_undo(self) -> None:
        """Take the last change back."""
        self._later(self._turn_back(None))

    def action_redo(self) -> None:
        """Make it again."""
        self._later(self._make_again(None))

    async def _turn_back(self, meant: int | None) -> None:
        app = self.cstui
        await self._turned(lambda: app.desk.turn_answer(app.opened().workspace, self._hand, meant, back=True), back=True)

    async def _make_again(self, meant: int | None) -> None:
        app = self.cstui
        await self._turned(lambda: app.desk.turn_answer(app.opened().workspace, self._hand, meant, back=False), back=False)

    async def _turned(self, work: Callable[[], Turned | None], *, back: bool) -> None:
        nothing = object()
        done = await self._write(lambda: work() or nothing)
        if done is nothing:
            self.warn("There is nothing to undo." if back else "There is nothing to redo.")
        elif done is not None and not done.own:
            self._ask_for(done, back=back)
        elif done is not None:
            said = f"{'taken back' if back else 'made again'}: {_DONE[done.action]} {KIND_NAMES[done.kind]} {safe(done.score, 6)}"
            gone = ", the new customer too" if done.customer_gone else ""
            self._say(Text(f"{said}  {self._whose(done)}{gone}   {'^r makes it again' if back else ''}", style=self.ink.care))
            self._written()

    def _whose(self, done: Turned) -> str:
        known = self._roster.one(done.customer_id) if self._roster is not None else None
        return cell((known and known.name) or done.customer_id, 40)

    def _ask_for(self, done: Turned, *, back: bool) -> None:
        """What another window did, or this person before, is turned only when that is meant."""
        from cstui.ui.screens.choices import Confirm

        day, time = fmt.day(parse_iso(done.at[:10])), done.at[11:16]
        what = f"{KIND_NAMES[done.kind]} {safe(done.score, 6)} of {self._whose(done)}"
        words = Text.assemble(
            (f"Take back what this window did not do? {what}" if back else f"Make again what was taken back elsewhere? {what}", "bold"),
            (f"\n{_DONE[done.action].capitalize()} on {day} at {time} UTC, in another window or before this one was opened.", self.ink.dim),
        )
        yes, no = ("Take it back", "Leave it") if back else ("Make it again", "Leave it as it is")
        work = self._turn_back if back else self._make_again
        self.app.push_screen(Confirm(words, yes, no), lambda sure: self._later(work(done.change)) if sure else None)
