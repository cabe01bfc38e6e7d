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
from cstui.base.text import cell, clean
from cstui.desk.survey import day_of
from cstui.ui import commands
from cstui.ui.drafts import Choice, Draft, choices
from cstui.ui.widgets.fields import ChoiceField, CommentField, DayField, OnField, ScoreField, TextField, WhomField
from cstui.ui.widgets.line import KeysLine, Words, ink_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cstui.desk.roster import CustomerName, Roster

KIND_NAMES = {"nps": "NPS", "csat": "CSAT", "ces": "CES"}
FOUND = 7
"""Customers listed while one is being looked for."""
_TEXTS = {"whom": "who", "touchpoint": "touchpoint", "respondent": "respondent", "comment": "comment", "day": "date"}
"""Field → what of the draft it holds."""
_LABELS = {
    "whom": "customer", "kind": "kind", "scale": "scale", "touchpoint": "touchpoint", "respondent": "respondent", "day": "date",
    "score": "score", "comment": "comment",
}  # fmt: skip
"""Field → what it is called."""


def scale_words(choice: Choice) -> str:
    """A scale on the form: `0–10`, `1–7 easy`, `1–7 hard` (the high end is hard)."""
    scale, direction = choice
    return scale.replace("-", "–") + {"high_easy": " easy", "low_easy": " hard"}.get(direction, "")


class AnswerForm(Vertical):
    """Three lines of fields, and the customers found beneath the first."""

    BINDINGS: ClassVar[list[BindingType]] = commands.bindings("answer")
    DEFAULT_CSS = """
    AnswerForm { height: 3; layers: base over; padding: 0 1 0 0; background: $surface; }
    AnswerForm Horizontal { height: 1; }
    AnswerForm .label { width: auto; height: 1; padding: 0 1 0 0; }
    AnswerForm .after { padding: 0 1 0 1; }
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
    class Told(Message):
        """What was typed can't be, and why; or what comes of it."""

        words: str

    class Left(Message):
        """The keyboard goes back to the list; the draft stays."""

    @dataclass
    class Found(Message):
        """Customers that match what is typed; the one marked."""

        names: tuple[CustomerName, ...]
        new: str
        """The id that a new customer would have; blank: none is offered. Their line is the last."""
        marked: int
        """A line; −1: none."""

    @dataclass
    class Scored(Message):
        """There is a score, and the keyboard went on to the comment."""

        draft: Draft
        ten: bool = False
        """Whether it was 1, and a 0 after it made it ten."""

    def __init__(self, today: date, *, id: str) -> None:
        super().__init__(id=id)
        self.draft = Draft()
        self._today = to_day(today)
        self._roster: Roster | None = None
        self._found: tuple[CustomerName, ...] = ()
        self._new = ""
        self._marked = -1

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield self._label("whom", after=False)
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
            yield self._label("day")
            yield DayField(id="day")
        with Horizontal():
            yield self._label("score", after=False)
            yield ScoreField(id="score")
            yield Words(id="hint")
            yield self._label("comment")
            yield CommentField(id="comment", placeholder="in their words; may stay empty")

    def _label(self, field: str, *, after: bool = True) -> Words:
        return Words(self._label_text(field, False), id=f"of-{field}", classes="label after" if after else "label")

    def _label_text(self, field: str, focused: bool) -> Text:
        """A field's name, with a mark before it while the keyboard is there."""
        ink = ink_for(self)
        return Text(f"{'▸' if focused else ' '}{_LABELS[field]}", style=f"bold {ink.accent}" if focused else ink.dim)

    def _show_focus(self) -> None:
        for field in _LABELS:
            self.query_one(f"#of-{field}", Words).say(self._label_text(field, self.query_one(f"#{field}").has_focus))

    def on_descendant_focus(self) -> None:
        """Mark the field that the keyboard went to."""
        self._show_focus()

    def on_mount(self) -> None:
        self.show(self.draft)

    # Showing

    def show(self, draft: Draft, but: Input | None = None) -> None:
        """Hold this draft from now on. The field `but` is where it was typed: that one may be further by now."""
        self.draft = draft
        for name in _TEXTS:
            field, text = self.query_one(f"#{name}", TextField), self._held(name)
            if field is not but and field.value != text:
                field.hold(text)
        kinds, scales = tuple(KIND_NAMES), choices(draft.kind)
        self.query_one("#kind", ChoiceField).hold([KIND_NAMES[kind] for kind in kinds], kinds.index(draft.kind))
        self.query_one("#scale", ChoiceField).hold([scale_words(scale) for scale in scales], scales.index(draft.scale))
        self.query_one(ScoreField).hold(draft.score)
        low, _, high = draft.scale[0].partition("-")
        keys = f"0–9 ٠–٩ ۰–۹, t = {high}" if high == "10" else f"{low}–{high}"
        self.query_one("#hint", Words).say(Text(keys, style=ink_for(self).faint))
        self._say_keys()

    def _held(self, name: str) -> str:
        """What a field of text holds by the draft."""
        return str(getattr(self.draft, _TEXTS[name])) or (iso(self._today) if name == "day" else "")

    @property
    def untouched(self) -> bool:
        """Nothing has been typed, not even what the draft has yet to be told of."""
        return not self.draft.begun and all(self.query_one(f"#{name}", TextField).value == self._held(name) for name in _TEXTS)

    def _say_keys(self) -> None:
        """What enter and the score's keys do, given what is filled in so far."""
        low, _, high = self.draft.scale[0].partition("-")
        on = _LABELS[self._first()]
        choosing = bool(self._found or self._new)
        whom = self.query_one(WhomField)
        pick = "" if choosing and self._marked < 0 else "take" if choosing else "score" if self.draft.customer_id else ""
        pick = "new customer" if choosing and self._marked == len(self._found) else pick
        step = "next" if len(self._found) + bool(self._new) > 1 else "new customer" if self._new and self._marked < 0 else ""
        whom.says = {"whom.pick": pick, "whom.down": step}
        for name in ("touchpoint", "respondent", "day"):
            self.query_one(f"#{name}", TextField).says = {"text.on": "comment" if self.draft.score else "score"}
        saving = {"answer.save": ""} if self.draft.customer_id and self.draft.score else {}
        self.query_one("#comment", TextField).says = {"text.on": "save", "answer.save": ""}
        digits = {"score.digit": (low, f"to {min(int(high), 9)} score"), "score.ten": "ten" if high == "10" else ""}
        here = "save" if saving else "" if on == "score" else on
        self.query_one(ScoreField).says = {**digits, **saving, "score.on": here}
        for name in ("kind", "scale"):
            self.query_one(f"#{name}", ChoiceField).says = {"choice.on": on}
        for line in self.screen.query(KeysLine):
            line.refresh()

    def _first(self) -> str:
        """The field that is to be filled first."""
        return "whom" if not self.draft.customer_id else "score" if not self.draft.score else "comment"

    def offer(self, roster: Roster | None, touchpoints: Sequence[str]) -> None:
        """Whom one can find, and the touchpoints there are."""
        late, self._roster = self._roster is None and roster is not None, roster
        if late and not self.draft.customer_id and self.query_one(WhomField).has_focus:
            self._look_for(clean(self.draft.who))  # it was typed before anybody was known
        self.query_one("#touchpoint", TextField).suggester = SuggestFromList(touchpoints, case_sensitive=False)

    def _become(self, draft: Draft, but: Input | None = None) -> None:
        if draft != self.draft:
            self.show(draft, but)
            self.post_message(self.Changed(draft))

    # The customer

    def start(self) -> None:
        """To the field that is to be filled first."""
        self.screen.set_focus(self.query_one(f"#{self._first()}"))

    def take(self, name: CustomerName) -> None:
        """The answer is this customer's; the respondent is who answered for them last."""
        other = name.customer_id != self.draft.customer_id
        respondent = (name.respondent or "") if other else self.draft.respondent
        who = cell(name.name or name.customer_id)
        self._become(replace(self.draft, customer_id=name.customer_id, who=who, respondent=respondent, new=False))
        self._list(())

    @on(Input.Changed, "#whom")
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        typed = event.input.value
        if typed == self.draft.who:
            return  # it has been heard of, or is what was taken
        self._become(replace(self.draft, who=typed, customer_id="", new=False), event.input)
        self._look_for(clean(typed))

    def _look_for(self, wanted: str) -> None:
        """List who may be meant; and at last a new customer, where nobody has that very id."""
        if self._roster is None:
            self._list(())
        else:
            self._list(self._roster.find(wanted, FOUND), "" if not wanted or self._roster.one(wanted) is not None else wanted)

    def _list(self, found: tuple[CustomerName, ...], new: str = "", marked: int | None = None) -> None:
        """Show who is meant; the first of those found is marked, a new customer never unasked."""
        self._found, self._new = found, new
        self._marked = marked if marked is not None else 0 if found else -1
        self._say_keys()
        self.post_message(self.Found(found, new, self._marked))

    def on_whom_field_stepped(self, event: WhomField.Stepped) -> None:
        """Mark another of those found."""
        if lines := len(self._found) + bool(self._new):
            at = self._marked + event.by if self._marked >= 0 else 0
            self._list(self._found, self._new, at % lines)

    def on_whom_field_picked(self) -> None:
        """Take the one marked, and on to the score."""
        if self._new and self._marked == len(self._found):
            self._become(replace(self.draft, customer_id=self._new, new=True, respondent=""))
            self.post_message(self.Told(f"“{self._new}” will be a new customer, with that id."))
            self._list(())
        elif self._found:
            self.take(self._found[self._marked])
        elif self._new:
            self.post_message(self.Told(f"Nobody is found by that. ↓ enter records it for a new customer “{self._new}”."))
        if self.draft.customer_id:
            self.screen.set_focus(self.query_one(ScoreField))

    def on_descendant_blur(self) -> None:
        """The list of those found goes with the customer field's keyboard."""
        self._show_focus()
        if (self._found or self._new) and not self.query_one(WhomField).has_focus:
            self._list(())

    # The other fields

    @on(Input.Changed)
    def _text(self, event: Input.Changed) -> None:
        event.stop()
        part, text = _TEXTS.get(event.input.id or ""), event.input.value
        if part is not None:
            self._become(self.draft.saying(part, "" if part == "date" and text == iso(self._today) else text), event.input)

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
        comment = self.query_one(CommentField)
        if event.score == "0" and comment.after_one:
            self.on_comment_field_ten()  # typed so fast that the score field still had the keyboard
            return
        if event.score and not int(low) <= int(event.score) <= int(high):
            self.post_message(self.Told(f"{event.score} is not on the scale from {low} to {high}."))
            return
        self._become(replace(self.draft, score=event.score))
        if event.score:
            self.screen.set_focus(comment)
            comment.after_one = event.score == "1" and high == "10" and not comment.value
            self.post_message(self.Scored(self.draft))

    def on_comment_field_ten(self) -> None:
        """Ten was typed as 1 and 0."""
        self.query_one(CommentField).after_one = False
        self._become(replace(self.draft, score="10"))
        self.post_message(self.Scored(self.draft, ten=True))

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
