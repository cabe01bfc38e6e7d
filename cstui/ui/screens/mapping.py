"""Which column is which field: the file's columns with what is in them on the left, the fields with what they take on the right.

Starts from what the desk guesses, with its reasons, and shows the first rows as they would be kept. Dismisses with what was chosen,
or None. Reads a file only through the desk, in a thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message

from cstui.base.errors import CstuiError
from cstui.base.records import RECORDS, Field, Kind, Type
from cstui.base.text import cell, safe
from cstui.ui import commands
from cstui.ui.screens.choices import AskLine, ListDialog, kind_dialog
from cstui.ui.screens.failure import in_keys
from cstui.ui.screens.mapping_asking import Chosen, MappingAsking, Reading
from cstui.ui.screens.mapping_lines import column_line, field_line, first_lines, open_words, reason_words, unkept_words
from cstui.ui.widgets.line import KeysLine, Words
from cstui.ui.widgets.rows import Rows

if TYPE_CHECKING:
    from cstui.desk.sources import ColumnGuess, FirstRows, Guess

SHOWN_ROWS = 3
"""First rows that are shown as they would be kept."""


class MappingScreen(MappingAsking):
    """Opened when a file is nothing known or a required column is missing, or with `m` from the preview."""

    SCOPES: ClassVar[tuple[str, ...]] = ("mapping", "list")
    BINDINGS = commands.bindings("mapping")
    AUTO_FOCUS = "#fields"
    DEFAULT_CSS = """
    MappingScreen .box { width: 118; height: 94%; }
    MappingScreen Horizontal { height: 1fr; }
    MappingScreen #columns { width: 1fr; margin: 1 2 0 0; }
    MappingScreen #fields { width: 1fr; }
    MappingScreen #first { margin-top: 1; }
    """
    ABOUT: ClassVar[str] = (
        "Which column of the file is which field of cstui. Fields marked * are required; what is guessed says why. enter on a field goes "
        "to the columns, enter on a column takes it. c gives a constant for every row instead, such as interval = month; backspace takes "
        "nothing; w says what words mean that a field doesn't know; t says how dates are written; a takes the rows for another kind. Below "
        "are the first rows as they would be kept. s keeps all this as a source of your own: the next file with these columns is known at "
        "once."
    )

    @dataclass
    class Guessed(Message):
        """The columns as another kind have been guessed."""

        guess: Guess

    @dataclass
    class Tried(Message):
        """The first rows have been read with the mapping."""

        rows: FirstRows | None
        problem: str

    @dataclass
    class Saved(Message):
        """The mapping has been kept, or could not be."""

        words: str
        bad: bool = False

    def __init__(self, guess: Guess, chosen: Chosen, reading: Reading) -> None:
        super().__init__(reading)
        self._settled: set[str] = set()
        """Fields whose column the person has chosen."""
        self._tried: FirstRows | None = None
        self._problem = ""
        self._take_guess(guess, chosen)

    def _take_guess(self, guess: Guess, chosen: Chosen) -> None:
        self._guess = guess
        headers = [column.header for column in guess.columns]
        guessed = {column.field: column.header for column in guess.columns if column.field}
        record = RECORDS[Kind(guess.kind)]
        # A column of one's own is kept as it is, without being mapped.
        known = {name: column for name, column in chosen.mapping.items() if column in headers and name in record.names}
        taken = set(known.values())
        self._made = {name: words for name, words in chosen.made.items() if name in record.names}
        given = {**known, **self._made, **chosen.constants}
        recognised = self._reading.known is not None and self._reading.known.kind == chosen.kind  # nothing of it needs guessing
        fresh = {name: column for name, column in guessed.items() if not (recognised or name in given or column in taken)}
        self._mapping = {**fresh, **known}
        self._words = {key: text for key, text in chosen.mapping.items() if key.partition(":")[0] in record.names and ":" in key}
        said = {name: text for name, text in guess.constants.items() if not (recognised or name in self._mapping)}
        self._constants = {**said, **chosen.constants}
        self._fields: tuple[Field, ...] = tuple(sorted(record.fields, key=lambda one: not one.required))  # required first

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Words(id="title")
            with Horizontal():
                columns = Rows(id="columns", empty=Text("The file's columns could not be read.", style=self.ink.dim))
                columns.says = {"mapping.open": "take it"}
                yield columns
                yield Rows(id="fields")
            yield Words(id="why")
            yield Words(id="first")
            yield Words(id="open")
            yield KeysLine("mapping")

    def on_mount(self) -> None:
        self._list()

    def _list(self) -> None:
        ink = self.ink
        name = cell(Path(self._reading.path).name, 28)
        title = Text.assemble((f"Columns for {self._guess.kind}", "bold"), (f"   {name} left, fields right, * required", ink.dim))
        self.query_one("#title", Words).say(title)
        missing = self._missing()
        first = next((i for i, one in enumerate(self._fields) if one.name in missing), 0)
        self.query_one("#columns", Rows).show(len(self._guess.columns), self._column_line)
        self.query_one("#fields", Rows).show(len(self._fields), self._field_line, cursor=first)
        self._say()

    def _say(self) -> None:
        """Say what is missing, and try the mapping on the first rows where nothing is."""
        missing = self._missing()
        self._tried, self._problem = None, ""
        self._say_open()
        self.query_one("#columns", Rows).refresh()
        self.query_one("#fields", Rows).refresh()
        self._say_why()
        if missing:
            self._say_first()
        else:
            self.run_worker(partial(self._try, self._chosen()), name="first rows", group="first", thread=True, exclusive=True)

    def _missing(self) -> list[str]:
        """Fields that rows can't be without and that nothing is taken for."""
        either = RECORDS[Kind(self._guess.kind)].any_of
        lacking = [one.name for one in self._fields if one.required and not self._given(one)]
        return lacking if not either or any(self._given(one) for one in self._fields if one.name in either) else [*lacking, either[0]]

    def _doubtful(self) -> list[str]:
        """Required fields that still rest on a poor guess."""
        guessed = {column.field: column.header for column in self._guess.columns}
        return [name for name in self._guess.poor if self._mapping.get(name) == guessed.get(name) and name not in self._settled]

    def _say_open(self) -> None:
        """What is still to be done before the file is read."""
        self.query_one("#open", Words).say(open_words(self._missing(), self._doubtful(), self._tried, self._problem, self.ink))

    def _say_first(self) -> None:
        self.query_one("#first", Words).say(
            first_lines(self._tried, self._problem, SHOWN_ROWS, min(112, self.app.size.width - 6), self.ink)
        )

    def _say_why(self) -> None:
        """What is in the column at hand, and why it was taken for what it was."""
        columns, name = self.query_one("#columns", Rows), self._field().name
        to = name if self.focused is columns and columns.count else ""
        reason = reason_words(self._at_hand(), self._mapping, self._constants.get(name), self.ink, self._room(), to)
        self.query_one("#why", Words).say(reason)

    def _room(self) -> int:
        """Cells of a line in the box."""
        return min(112, self.app.size.width - 6)

    def _at_hand(self) -> ColumnGuess | None:
        columns = self._guess.columns
        if self.focused is self.query_one("#columns", Rows) and columns:
            return columns[self.query_one("#columns", Rows).cursor]
        header = self._mapping.get(self._field().name)
        return next((column for column in columns if column.header == header), None)

    @on(Rows.Moved)
    def _moved(self) -> None:
        self._say_why()

    def on_descendant_focus(self) -> None:
        """Another list has the keyboard."""
        self._say_why()

    def _chosen(self) -> Chosen:
        words = {key: text for key, text in self._words.items() if key.partition(":")[0] in self._mapping}
        return Chosen(self._guess.kind, {**self._mapping, **words}, dict(self._constants), dict(self._made), self._reading.dates)

    def _given(self, one: Field) -> bool:
        return one.name in self._mapping or one.name in self._constants or one.name in self._made

    def _column_line(self, index: int, width: int) -> Text:
        column = self._guess.columns[index]
        used = next((name for name, header in self._mapping.items() if header == column.header), None)
        return column_line(column, used, width, self.ink)

    def _field_line(self, index: int, width: int) -> Text:
        one = self._fields[index]
        column = self._mapping.get(one.name, self._made.get(one.name))
        return field_line(one, column, self._constants.get(one.name), width, self.ink)

    def _field(self) -> Field:
        return self._fields[self.query_one("#fields", Rows).cursor]

    # Choosing

    def action_open(self) -> None:
        """What enter does in the list that has the keyboard."""
        if isinstance(self.focused, Rows):
            self.focused.action_open()

    @on(Rows.Opened, "#fields")
    def _to_columns(self) -> None:
        columns = self.query_one("#columns", Rows)
        current = self._mapping.get(self._field().name)
        headers = [column.header for column in self._guess.columns]
        if current in headers:
            columns.cursor = headers.index(current)
        columns.focus()

    @on(Rows.Opened, "#columns")
    def _take(self, event: Rows.Opened) -> None:
        chosen, header = self._field(), self._guess.columns[event.index].header
        both = self._settled & {one.name for one in self._fields if self._names_rows(one)} if self._names_rows(chosen) else set()
        self._mapping = {name: column for name, column in self._mapping.items() if column != header or name in both}
        self._mapping[chosen.name] = header
        self._settled.add(chosen.name)
        self._constants.pop(chosen.name, None)
        self._made.pop(chosen.name, None)
        fields = self.query_one("#fields", Rows)
        after = next((i for i, other in enumerate(self._fields) if other.required and not self._given(other)), fields.cursor)
        fields.focus()
        fields.cursor = after
        self._say()

    @staticmethod
    def _names_rows(one: Field) -> bool:
        """Whether a field is an id that each row needs: where a list has but one, it may be said to be both, as of a customer's only
        subscription.
        """
        return one.required and one.type is Type.ID

    def action_constant(self) -> None:
        """One value for every row without its own."""
        chosen = self._field()
        question = Text(f"{chosen.name} of every row that has none of its own", style="bold")
        if chosen.choices:
            self.app.push_screen(ListDialog(question, [(Text(choice), choice) for choice in chosen.choices]), self._constant)
        else:
            self.app.push_screen(AskLine(question, self._constants.get(chosen.name, "")), self._constant)

    def _constant(self, value: str | None) -> None:
        if value:
            self._constants[self._field().name] = value
            self._mapping.pop(self._field().name, None)
            self._made.pop(self._field().name, None)
            self._say()

    def action_clear(self) -> None:
        """Take nothing for this field."""
        for given in (self._mapping, self._constants, self._made):
            given.pop(self._field().name, None)
        self._say()

    def action_kind(self) -> None:
        """Take the rows for another kind."""
        self.app.push_screen(kind_dialog(self._guess.kinds, self._guess.kind, "", self.ink), self._as_kind)

    def _as_kind(self, kind: str | None) -> None:
        if kind is not None and kind != self._guess.kind:
            self.run_worker(partial(self._guess_again, kind), name="guess", group="guess", thread=True, exclusive=True)

    def _guess_again(self, kind: str) -> None:
        app, reading = self._app(), self._reading
        try:
            self.post_message(self.Guessed(app.desk.guess(reading.path, kind, reading.encoding, reading.sheet)))
        except CstuiError as error:
            self.post_message(self.Saved(error.message, bad=True))

    def on_mapping_screen_guessed(self, event: Guessed) -> None:
        """Begin again with the other kind."""
        self._take_guess(event.guess, Chosen(event.guess.kind))
        self.set_focus(self.query_one("#fields"))
        self._list()

    def action_done(self) -> None:
        """Read the file again with this, once nothing is missing."""
        if missing := self._missing():
            fields = self.query_one("#fields", Rows)
            fields.focus()
            fields.cursor = next(i for i, one in enumerate(self._fields) if one.name == missing[0])
            words = f"{', '.join(missing)} can't be missing: enter gives a column, c one value for all rows."
            self.query_one("#open", Words).say(Text(words, style=self.ink.bad))
            return
        self.dismiss(self._chosen())

    def action_back(self) -> None:
        """Leave the mapping as it was; the kind that was chosen is remembered."""
        self.dismiss(Chosen(self._guess.kind, used=False))

    # Trying and keeping

    def _try(self, chosen: Chosen) -> None:
        from cstui.desk.sources import ReadAs

        app, reading = self._app(), self._reading
        try:
            known = reading.known
            mapping, of = (chosen.mapping, None) if known is None else (chosen.unlike(known), known.kind)
            read = ReadAs(reading.dates, reading.encoding, reading.sheet, of)
            rows = app.desk.first_rows(reading.path, chosen.kind, mapping, chosen.constants, read)
            self.post_message(self.Tried(rows, ""))
        except CstuiError as error:
            self.post_message(self.Tried(None, in_keys(error.message)))

    def on_mapping_screen_tried(self, event: Tried) -> None:
        """Show the first rows."""
        self._tried, self._problem = event.rows, event.problem
        self._say_open()
        self._say_first()

    def action_save(self) -> None:
        """Keep the mapping as a source of one's own."""
        why = unkept_words(self._missing(), known=self._reading.several or bool(self._made))
        if why:
            self.app.notify(why, markup=False)
            return
        question = Text("Keep this as a source of your own, named", style="bold")
        self.app.push_screen(AskLine(question, Path(self._reading.path).stem), self._save_as)

    def _save_as(self, name: str | None) -> None:
        if name:
            self.run_worker(partial(self._save, name, self._chosen()), name="save source", group="save", thread=True)

    def _save(self, name: str, chosen: Chosen) -> None:
        app = self._app()
        try:
            path = app.desk.save_source(name, chosen.kind, chosen.mapping, chosen.constants, self._reading.dates)
        except CstuiError as error:
            self.post_message(self.Saved(error.message, bad=True))
        else:
            self.post_message(self.Saved(f"Kept as {path.name}: the next file with these columns is known at once."))

    def on_mapping_screen_saved(self, event: Saved) -> None:
        """Say so."""
        self.app.notify(safe(event.words, 300), severity="error" if event.bad else "information", markup=False)
