"""Which column is which field: fields with what they take on the right, the file's columns on the left.

Dismisses with (field → column, field → constant), or None. Reads no file.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input

from cstui.base.records import RECORDS, Field, Kind
from cstui.base.text import cell, safe
from cstui.ui import commands
from cstui.ui.screens.choices import Dialog, ListDialog
from cstui.ui.widgets.line import KeysLine, Words, fit
from cstui.ui.widgets.rows import Rows

Chosen = tuple[dict[str, str], dict[str, str]]


class MappingScreen(Dialog[Chosen]):
    """Opened when a required column is missing, or with `m` from the preview."""

    SCOPES: ClassVar[tuple[str, ...]] = ("mapping", "list")
    BINDINGS = commands.bindings("mapping")
    AUTO_FOCUS = "#fields"
    DEFAULT_CSS = """
    MappingScreen .box { width: 96; height: 90%; }
    MappingScreen Horizontal { height: 1fr; }
    MappingScreen #columns { width: 2fr; margin: 1 2 0 0; }
    MappingScreen #fields { width: 3fr; }
    """
    ABOUT: ClassVar[str] = (
        "Which column of the file is which field of cstui. Fields marked * are required: enter on a field goes to the columns, enter on a "
        "column takes it. c gives a constant for every row instead, such as interval = month; backspace takes nothing."
    )

    def __init__(self, kind: Kind, headers: tuple[str, ...], mapping: Mapping[str, str], constants: Mapping[str, str]) -> None:
        super().__init__()
        self._kind = kind
        self._headers = headers
        record = RECORDS[kind]
        fields = sorted(record.fields, key=lambda field: not field.required)  # required ones first, else template order
        self._fields: tuple[Field, ...] = tuple(fields)
        known = {field: column for field, column in mapping.items() if column in headers}
        same = {field.name: field.name for field in fields if field.name in headers}
        self._mapping = {**same, **known}
        self._constants = dict(constants)

    def compose(self) -> ComposeResult:
        ink = self.ink
        with Vertical(classes="box"):
            yield Words(
                Text.assemble(
                    (f"Columns for {self._kind.value}", "bold"), ("   file on the left, fields on the right, * required", ink.dim)
                )
            )
            with Horizontal():
                yield Rows(id="columns", empty=Text("The file's columns could not be read.", style=ink.dim))
                yield Rows(id="fields")
            yield Words(id="open")
            yield KeysLine("mapping")

    def on_mount(self) -> None:
        first = next((i for i, field in enumerate(self._fields) if field.required and field.name not in self._mapping), 0)
        self.query_one("#columns", Rows).show(len(self._headers), self._column_line)
        self.query_one("#fields", Rows).show(len(self._fields), self._field_line, cursor=first)
        self._say()

    def _say(self) -> None:
        missing = [field.name for field in self._fields if field.required and not self._given(field)]
        words = (
            Text(f"Still needed: {', '.join(missing)}", style=self.ink.care)
            if missing
            else Text("Nothing is missing: ^s reads the file again.", style=self.ink.good)
        )
        self.query_one("#open", Words).say(words)
        self.query_one("#columns", Rows).refresh()
        self.query_one("#fields", Rows).refresh()

    def _given(self, field: Field) -> bool:
        return field.name in self._mapping or field.name in self._constants

    def _column_line(self, index: int, width: int) -> Text:
        header = self._headers[index]
        used = next((field for field, column in self._mapping.items() if column == header), None)
        return fit(header or "(blank)", max(8, width - 2), self.ink.dim if used else self.ink.text)

    def _field_line(self, index: int, _width: int) -> Text:
        field, ink = self._fields[index], self.ink
        star = "*" if field.required else " "
        line = Text.assemble((star, ink.care), (f"{field.name:<20} ", "bold" if field.required else ""))
        if field.name in self._mapping:
            return line.append("← ", ink.faint).append(cell(self._mapping[field.name], 60), ink.primary)
        if field.name in self._constants:
            return line.append("= ", ink.faint).append(cell(self._constants[field.name], 40), ink.care)
        return line.append("needed" if field.required else "–", ink.care if field.required else ink.faint)

    def _field(self) -> Field:
        return self._fields[self.query_one("#fields", Rows).cursor]

    @on(Rows.Opened, "#fields")
    def _to_columns(self) -> None:
        columns = self.query_one("#columns", Rows)
        current = self._mapping.get(self._field().name)
        if current in self._headers:
            columns.cursor = self._headers.index(current)
        columns.focus()

    @on(Rows.Opened, "#columns")
    def _take(self, event: Rows.Opened) -> None:
        field, header = self._field(), self._headers[event.index]
        self._mapping = {name: column for name, column in self._mapping.items() if column != header}
        self._mapping[field.name] = header
        self._constants.pop(field.name, None)
        fields = self.query_one("#fields", Rows)
        after = next((i for i, other in enumerate(self._fields) if other.required and not self._given(other)), fields.cursor)
        fields.focus()
        fields.cursor = after
        self._say()

    def action_constant(self) -> None:
        """One value for every row without its own."""
        field = self._field()
        question = Text(f"{field.name} of every row that has none of its own", style="bold")
        if field.choices:
            self.app.push_screen(ListDialog(question, [(Text(choice), choice) for choice in field.choices]), self._constant)
        else:
            self.app.push_screen(AskLine(question, self._constants.get(field.name, "")), self._constant)

    def _constant(self, value: str | None) -> None:
        if value:
            self._constants[self._field().name] = value
            self._mapping.pop(self._field().name, None)
            self._say()

    def action_clear(self) -> None:
        """Take nothing for this field."""
        self._mapping.pop(self._field().name, None)
        self._constants.pop(self._field().name, None)
        self._say()

    def action_done(self) -> None:
        """Read the file again with this."""
        self.dismiss((self._mapping, self._constants))


class AskLine(Dialog[str]):
    """A question answered with one line."""

    AUTO_FOCUS = "Input"

    def __init__(self, question: Text, value: str) -> None:
        super().__init__()
        self._question = question
        self._value = safe(value)

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Words(self._question)
            yield Input(self._value)
            yield KeysLine("dialog")

    @on(Input.Submitted)
    def _answered(self, event: Input.Submitted) -> None:
        self.dismiss(event.value.strip())
