"""What a person is asked about a mapping beside its columns: what words mean, how dates are written. And what it comes to.

Draws nothing but dialogs.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from rich.text import Text

from cstui.base.records import Field
from cstui.base.text import safe
from cstui.ui.screens.choices import Dialog, ListDialog, dates_dialog
from cstui.ui.screens.mapping_lines import is_known, word_line

if TYPE_CHECKING:
    from cstui.desk.sources import Guess
    from cstui.ui.app import CstuiApp


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is which, as the person said."""

    kind: str
    mapping: Mapping[str, str] = field(default_factory=dict)
    """Field → column, and `field:word` → what a word of the field means."""
    constants: Mapping[str, str] = field(default_factory=dict)
    """Field → text of every row that has none of its own."""
    made: Mapping[str, str] = field(default_factory=dict)
    """Field → of what it is made, where that is no column of the file alone."""
    dates: str | None = None
    """How the file writes dates, as the person said."""
    used: bool = True
    """Whether the file is to be read with it; else only the kind is remembered."""

    def unlike(self, known: Chosen) -> dict[str, str]:
        """Field → column, of the fields that take another than in what was known; blank where they take none any more."""
        if self.kind != known.kind:
            return dict(self.mapping)
        found = {name: column for name, column in self.mapping.items() if known.mapping.get(name) != column}
        had = (*known.mapping, *known.made)
        return {**found, **{name: "" for name in had if name not in (*self.mapping, *self.made)}}


@dataclass(frozen=True, slots=True)
class Reading:
    """How the file is read: what its mapping is tried on."""

    path: str
    dates: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    known: Chosen | None = None
    """What the file is taken for already; None where it is not."""
    several: bool = False
    """Whether its rows give several kinds, of which this is one."""
    refused: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Column → words of it that keep rows out, wherever in the file they stand."""


class MappingAsking(Dialog[Chosen]):
    """A mapping in the making."""

    _guess: Guess

    def __init__(self, reading: Reading) -> None:
        super().__init__()
        self._reading = reading
        self._mapping: dict[str, str] = {}
        """Field → column."""
        self._words: dict[str, str] = {}
        """`field:word` → what it means."""

    @abstractmethod
    def _field(self) -> Field:
        """The field in question."""

    @abstractmethod
    def _say(self) -> None:
        """Show what has been said."""

    def _app(self) -> CstuiApp:
        app: CstuiApp = self.app  # type: ignore[assignment]  # the only app there is
        return app

    def action_words(self) -> None:
        """Say what the words of this field's column mean."""
        one = self._field()
        column = next((column for column in self._guess.columns if column.header == self._mapping.get(one.name)), None)
        if not one.choices or column is None:
            self.app.notify(f"{one.name} has no words to be told: it is for fields with choices, such as status.", markup=False)
            return
        refused = self._reading.refused.get(column.header, ())
        told = [key.partition(":")[2] for key in self._words if key.startswith(f"{one.name}:")]
        words = list(dict.fromkeys((*refused, *told, *(word for word in column.words if not is_known(one, word)))))
        if not words:
            self.app.notify(f"Every word of {safe(column.header, 40)} is known.", markup=False)
            return
        lines = [(word_line(word, self._words.get(f"{one.name}:{word}"), self.ink), word) for word in words]
        start = next((at for at, word in enumerate(words) if f"{one.name}:{word}" not in self._words), 0)
        self.app.push_screen(ListDialog(Text(f"Words that are no {one.name}", style="bold"), lines, start), partial(self._ask_word, one))

    def _ask_word(self, one: Field, word: str | None) -> None:
        if word is not None:
            lines = [(Text(choice), choice) for choice in one.choices]
            question = Text(f"What is “{safe(word, 40)}”?", style="bold")
            self.app.push_screen(ListDialog(question, lines), partial(self._word, one, word))

    def _word(self, one: Field, word: str, choice: str | None) -> None:
        if choice is not None:
            self._words[f"{one.name}:{word}"] = choice
            self._say()

    def action_dates(self) -> None:
        """Say how the file writes dates."""
        self.app.push_screen(dates_dialog(self._reading.dates, self.ink), self._with_dates)

    def _with_dates(self, dates: str | None) -> None:
        if dates is not None:
            self._reading = replace(self._reading, dates=dates or None)
            self._say()
