"""The form that answers are recorded in: customer, kind, scale, touchpoint, respondent, date, score, comment.

Holds a `Draft` and says when it changes or is to be saved; records nothing itself. Enter goes the short way: customer, score, comment.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.suggester import SuggestFromList
from textual.widgets import Input

from cstui.base.days import iso, to_day
from cstui.base.errors import UsageError
from cstui.base.text import cell
from cstui.desk.survey import day_of
from cstui.ui import commands
from cstui.ui.drafts import Choice, Draft, choices
from cstui.ui.widgets.fields import ChoiceField, DayField, OnField, ScoreField, TextField, WhomField
from cstui.ui.widgets.line import Words, ink_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cstui.desk.survey import CustomerName, Roster

KIND_NAMES = {"nps": "NPS", "csat": "CSAT", "ces": "CES"}
FOUND = 7
"""Customers listed while one is being looked for."""
_TEXTS = {"touchpoint": "touchpoint", "respondent": "respondent", "comment": "comment", "day": "date"}
"""Field → what of the draft it holds."""


def scale_words(choice: Choice) -> str:
    """A scale on the form: `0–10`, `1–7 easy`, `1–7 hard` (the high end is hard)."""
    scale, direction = choice
    return scale.replace("-", "–") + {"high_easy": " easy", "low_easy": " hard"}.get(direction, "")


class AnswerForm(Vertical):
    """Three lines of fields, and the customers found beneath the first."""

    BINDINGS: ClassVar[list[BindingType]] = commands.bindings("answer")
    DEFAULT_CSS = """
    AnswerForm { height: 3; layers: base over; padding: 0 1; background: $surface; }
    AnswerForm Horizontal { height: 1; }
    AnswerForm .label { width: auto; height: 1; padding: 0 1 0 0; }
    AnswerForm .after { padding: 0 1 0 2; }
    AnswerForm DayField { width: 13; }
    AnswerForm #hint { width: auto; height: 1; padding: 0 0 0 1; }
    """

    @dataclass
    class Changed(Message):
        """The draft is another."""

        draft: Draft

    @dataclass
    class Saved(Message):
        """The answer is to be recorded."""

        draft: Draft

    @dataclass
    class Refused(Message):
        """What was typed can't be, and why."""

        why: str

    class Left(Message):
        """The keyboard goes back to the list; the draft stays."""

    @dataclass
    class Found(Message):
        """Customers that match what is typed; the one marked."""

        names: tuple[CustomerName, ...]
        marked: int

    def __init__(self, today: date, *, id: str) -> None:
        super().__init__(id=id)
        self.draft = Draft()
        self._today = to_day(today)
        self._roster: Roster | None = None
        self._found: tuple[CustomerName, ...] = ()
        self._marked = 0

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield self._label("customer", after=False)
            yield WhomField(id="whom", placeholder="type to find, any script")
            yield self._label("kind")
            yield ChoiceField(id="kind")
            yield self._label("scale")
            yield ChoiceField(id="scale")
        with Horizontal():
            yield self._label("touchpoint", after=False)
            yield TextField(id="touchpoint")
            yield self._label("respondent")
            yield TextField(id="respondent")
            yield self._label("date")
            yield DayField(id="day")
        with Horizontal():
            yield self._label("score", after=False)
            yield ScoreField(id="score")
            yield Words(id="hint")
            yield self._label("comment")
            yield TextField(id="comment")

    def _label(self, text: str, *, after: bool = True) -> Words:
        return Words(Text(text, style=ink_for(self).dim), classes="label after" if after else "label")

    def on_mount(self) -> None:
        self.show(self.draft)

    # Showing

    def show(self, draft: Draft) -> None:
        """Hold this draft from now on."""
        self.draft = draft
        self.query_one(WhomField).hold(draft.who)
        for name, part in _TEXTS.items():
            field = self.query_one(f"#{name}", TextField)
            text = str(getattr(draft, part)) or (iso(self._today) if name == "day" else "")
            if field.value != text:
                field.hold(text)
        kinds, scales = tuple(KIND_NAMES), choices(draft.kind)
        self.query_one("#kind", ChoiceField).hold([KIND_NAMES[kind] for kind in kinds], kinds.index(draft.kind))
        self.query_one("#scale", ChoiceField).hold([scale_words(scale) for scale in scales], scales.index(draft.scale))
        self.query_one(ScoreField).hold(draft.score)
        low, _, high = draft.scale[0].partition("-")
        keys = f"0–9 ٠–٩ ۰–۹, t = {high}" if high == "10" else f"{low}–{high}"
        self.query_one("#hint", Words).say(Text(keys, style=ink_for(self).faint))

    def offer(self, roster: Roster | None, touchpoints: Sequence[str]) -> None:
        """Whom one can find, and the touchpoints there are."""
        self._roster = roster
        self.query_one("#touchpoint", TextField).suggester = SuggestFromList(touchpoints, case_sensitive=False)

    def _become(self, draft: Draft) -> None:
        if draft != self.draft:
            self.show(draft)
            self.post_message(self.Changed(draft))

    # The customer

    def start(self) -> None:
        """To the field that is to be filled first."""
        field = "#whom" if not self.draft.customer_id else "#score" if not self.draft.score else "#comment"
        self.screen.set_focus(self.query_one(field))

    def take(self, name: CustomerName) -> None:
        """The answer is this customer's; the respondent is who answered for them last."""
        other = name.customer_id != self.draft.customer_id
        respondent = (name.respondent or "") if other else self.draft.respondent
        self._become(replace(self.draft, customer_id=name.customer_id, who=cell(name.name or name.customer_id), respondent=respondent))
        self._list(())

    @on(Input.Changed, "#whom")
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._become(replace(self.draft, who=event.value, customer_id=""))
        self._list(self._roster.find(event.value, FOUND) if self._roster is not None else ())

    def _list(self, found: tuple[CustomerName, ...], marked: int = 0) -> None:
        self._found, self._marked = found, marked
        self.post_message(self.Found(found, marked))

    def on_whom_field_stepped(self, event: WhomField.Stepped) -> None:
        """Mark another of those found."""
        if self._found:
            self._list(self._found, (self._marked + event.by) % len(self._found))

    def on_whom_field_picked(self) -> None:
        """Take the one marked, and on to the score."""
        if self._found:
            self.take(self._found[self._marked])
        if self.draft.customer_id:
            self.screen.set_focus(self.query_one(ScoreField))

    def on_descendant_blur(self) -> None:
        """The list of those found goes with the customer field's keyboard."""
        if self._found and not self.query_one(WhomField).has_focus:
            self._list(())

    # The other fields

    @on(Input.Changed)
    def _text(self, event: Input.Changed) -> None:
        event.stop()
        part = _TEXTS.get(event.input.id or "")
        if part is None:
            return
        text = "" if part == "date" and event.value == iso(self._today) else event.value
        self._become(self.draft.saying(part, text))

    @on(ChoiceField.Chosen, "#kind")
    def _other_kind(self, event: ChoiceField.Chosen) -> None:
        self._kind(tuple(KIND_NAMES)[event.index])

    def on_score_field_kind(self, event: ScoreField.Kind) -> None:
        """Another kind, by its letter."""
        self._kind(event.kind)

    def _kind(self, kind: str) -> None:
        if kind != self.draft.kind:
            self._become(replace(self.draft, kind=kind, score=""))

    @on(ChoiceField.Chosen, "#scale")
    def _other_scale(self, event: ChoiceField.Chosen) -> None:
        self._become(replace(self.draft.on(choices(self.draft.kind)[event.index]), score=""))

    def on_score_field_scored(self, event: ScoreField.Scored) -> None:
        """The score, if the scale has it; then the comment."""
        low, _, high = self.draft.scale[0].partition("-")
        if event.score and not int(low) <= int(event.score) <= int(high):
            self.post_message(self.Refused(f"{event.score} is not on the scale from {low} to {high}."))
            return
        self._become(replace(self.draft, score=event.score))
        if event.score:
            self.screen.set_focus(self.query_one("#comment"))

    def on_day_field_stepped(self, event: DayField.Stepped) -> None:
        """A day later or earlier, never after today."""
        try:
            day = day_of(self.draft.date, self._today)
        except UsageError:
            day = self._today
        moved = min(self._today, day + event.by)
        self._become(replace(self.draft, date="" if moved == self._today else iso(moved)))

    def on_on_field_on(self, event: OnField.On) -> None:
        """Enter: save where there is a score, else to it."""
        event.stop()
        if self.draft.customer_id and self.draft.score and self.query_one(ScoreField).has_focus:
            self.action_save()
        else:
            self.start()

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        if event.input.id == "comment":
            self.action_save()
        else:
            self.screen.set_focus(self.query_one("#comment" if self.draft.score else "#score"))

    def action_cycle(self, by: int) -> None:
        """To the next field, and from the last to the first: what is typed next is never a command."""
        fields = [field for field in self.query("*") if field.can_focus]
        at = next((index for index, field in enumerate(fields) if field.has_focus), 0)
        self.screen.set_focus(fields[(at + by) % len(fields)])

    def action_save(self) -> None:
        """Ask for it to be recorded."""
        self.post_message(self.Saved(self.draft))

    def action_empty(self) -> None:
        """Begin anew."""
        self._become(self.draft.next())
        self._list(())
        self.screen.set_focus(self.query_one(WhomField))

    def action_leave(self) -> None:
        """Back to the list."""
        self._list(())
        self.post_message(self.Left())
