"""The fields of a form of one-line fields: text, a few choices, a score by one key, a day. Each says what it holds now.

Knows nothing of what the form is for. Digits belong to a score field only while it has the keyboard.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.events import Key
from textual.message import Message
from textual.widget import Widget

from cstui.base.text import safe
from cstui.ui import commands
from cstui.ui.layouts import SENT, key_name
from cstui.ui.widgets.line import ink_for
from cstui.ui.widgets.one_line import OneLine

Says = Mapping[str, str | tuple[str, str]]
"""What a field's keys do just now, as the line of keys words it."""
ZEROS = ("0", "٠", "۰")
"""Nought in the three scripts."""


class TextField(OneLine):
    """A line of text without a frame."""

    DEFAULT_CSS = """
    TextField { border: none; height: 1; padding: 0 1; background: $panel; width: 1fr; }
    TextField:focus { border: none; background: $selected; }
    """

    KEYS: ClassVar[tuple[str, ...]] = ("text", "answer")
    BINDINGS: ClassVar[list[BindingType]] = commands.bindings("text")
    REPLACED: ClassVar[bool] = False
    """Typing replaces what is there, rather than going on with it."""

    def __init__(self, *, id: str, placeholder: str = "") -> None:
        super().__init__(placeholder=placeholder, id=id, select_on_focus=self.REPLACED)
        self.says: Says = {}

    def hold(self, text: str) -> None:
        """Show this text, without saying so."""
        with self.prevent(self.Changed):
            self.value = text
        self.cursor_position = len(text)


class CommentField(TextField):
    """What follows a score. Who has pressed 1 for a score of ten goes on with 0: that digit is the score's."""

    class Ten(Message):
        """The score is ten, and not one."""

    def __init__(self, *, id: str, placeholder: str = "") -> None:
        super().__init__(id=id, placeholder=placeholder)
        self.after_one = False
        """A score of 1 has just been given on a scale that has 10, and nothing been typed since."""

    def on_key(self, event: Key) -> None:
        """Whatever is pressed first settles it."""
        if self.after_one and not self.value and event.character in ZEROS:
            event.prevent_default()
            event.stop()
            self.post_message(self.Ten())
        self.after_one = False

    def on_blur(self) -> None:
        """What is typed after coming back is a comment."""
        self.after_one = False


class WhomField(TextField):
    """Where a customer is found by typing; the list beneath is the form's."""

    KEYS: ClassVar[tuple[str, ...]] = ("whom", "answer")
    BINDINGS: ClassVar[list[BindingType]] = commands.bindings("whom")

    class Picked(Message):
        """The one marked in the list is meant."""

    @dataclass
    class Stepped(Message):
        """Another one of the list."""

        by: int

    def action_pick(self) -> None:
        """Take the customer marked."""
        self.post_message(self.Picked())

    def action_step(self, by: int) -> None:
        """Mark the next or the one before."""
        self.post_message(self.Stepped(by))


class DayField(TextField):
    """A date; up and down are a day later and earlier."""

    KEYS: ClassVar[tuple[str, ...]] = ("text", "day", "answer")
    BINDINGS: ClassVar[list[BindingType]] = commands.bindings("day")
    REPLACED = True

    @dataclass
    class Stepped(Message):
        """So many days later."""

        by: int

    def action_step(self, by: int) -> None:
        """A day later or earlier."""
        self.post_message(self.Stepped(by))


class OnField(Widget, can_focus=True):
    """A field that is not typed into; enter goes on."""

    says: Says = {}  # noqa: RUF012 - each field has its own as soon as its form says so

    class On(Message):
        """Enter was pressed."""

    def action_on(self) -> None:
        """On to what comes next."""
        self.post_message(self.On())


class ChoiceField(OnField):
    """One of a few values, each with its wording: ‹NPS›."""

    KEYS: ClassVar[tuple[str, ...]] = ("choice", "answer")
    BINDINGS: ClassVar[list[BindingType]] = commands.bindings("choice")
    DEFAULT_CSS = "ChoiceField { height: 1; width: auto; } ChoiceField:focus { background: $selected; }"

    class Chosen(Message):
        """Another value was chosen."""

        def __init__(self, field: ChoiceField, index: int) -> None:
            super().__init__()
            self.field = field
            self.index = index

        @property
        def control(self) -> ChoiceField:
            """The field."""
            return self.field

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._names: Sequence[str] = ("",)
        self._index = 0

    def hold(self, names: Sequence[str], index: int) -> None:
        """Offer these, show this one."""
        if (names, index) != (self._names, self._index):
            self._names, self._index = names, index
            self.refresh(layout=True)

    def action_step(self, by: int) -> None:
        """The next value, or the one before."""
        if len(self._names) > 1:
            self.post_message(self.Chosen(self, (self._index + by) % len(self._names)))

    def render(self) -> Text:
        ink = ink_for(self)
        arrows = ink.accent if self.has_focus else ink.faint
        return Text.assemble(("‹", arrows), (safe(self._names[self._index], 30), f"bold {ink.text}"), ("›", arrows), no_wrap=True, end="")


def _digits() -> list[BindingType]:
    """Each digit as the Latin, the Arabic and the Persian layout send it."""
    action = commands.named("score.digit")
    assert action is not None
    return [
        Binding(keys, f"digit({digit})", action.title, show=False, tooltip=action.help, id=action.id)
        for digit in action.keys
        for keys in (",".join((digit, *map(key_name, SENT[digit]))),)
    ]


class ScoreField(OnField):
    """A score by one key."""

    KEYS: ClassVar[tuple[str, ...]] = ("score", "answer")
    BINDINGS: ClassVar[list[BindingType]] = [
        *(one for one in commands.bindings("score") if not (isinstance(one, Binding) and one.id == "score.digit")),
        *_digits(),
    ]
    DEFAULT_CSS = "ScoreField { height: 1; width: 6; background: $panel; } ScoreField:focus { background: $selected; }"

    @dataclass
    class Scored(Message):
        """A digit, or ten; blank: none."""

        score: str

    @dataclass
    class Kind(Message):
        """The answer is of another kind."""

        kind: str

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self._score = ""

    def hold(self, score: str) -> None:
        """Show this score."""
        self._score = score
        self.refresh()

    def action_digit(self, score: int) -> None:
        """This is the score."""
        self.post_message(self.Scored(str(score)))

    def action_clear(self) -> None:
        """There is no score yet."""
        self.post_message(self.Scored(""))

    def action_kind(self, kind: str) -> None:
        """The answer is of this kind."""
        self.post_message(self.Kind(kind))

    def render(self) -> Text:
        ink = ink_for(self)
        shown = safe(self._score, 4) or ("▁" if self.has_focus else "–")
        return Text(shown.center(6), style=f"bold {ink.accent if self._score else ink.faint}", no_wrap=True, end="")
