"""Giving a field one value for every row of an import: which field, then what.

Dialogs alone: what is done with the answer is the caller's. Knows the record kinds; reads no file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from rich.text import Text

from cstui.base.records import RECORDS, Field, Kind, Type
from cstui.base.text import cell
from cstui.ui.screens.choices import AskLine, ListDialog

if TYPE_CHECKING:
    from textual.app import App

    from cstui.desk.importing import FileOutcome
    from cstui.ui.theme import Ink

_LIKE: Mapping[Type, str] = {Type.DATE: "2026-09-30", Type.CURRENCY: "USD", Type.SCALE: "0-10"}
_NAME = 22

Given = Callable[[str, str], None]
"""Told the field and its value; a blank one takes the value away."""


def ask_field(app: App[None], kind: str, file: FileOutcome | None, constants: Mapping[str, str], ink: Ink, given: Given) -> None:
    """Let a field of the kind be chosen, then ask for its value."""
    columns = {column.field: column.header for column in file.columns if column.field} if file is not None else {}
    fields = sorted(RECORDS[Kind(kind)].fields, key=lambda one: (one.name not in constants, one.name in columns))

    def chosen(name: str | None) -> None:
        if name is not None:
            ask_value(app, kind, name, constants.get(name, ""), given)

    lines = [(_line(one, columns.get(one.name), constants.get(one.name), ink), one.name) for one in fields]
    title = Text.assemble(("One value for every row", "bold"), ("   that has none of its own", ink.dim))
    app.push_screen(ListDialog(title, lines), chosen)


def ask_value(app: App[None], kind: str, name: str, value: str, given: Given, *, why: str = "") -> None:
    """Ask for a field's value; what is known of it stands there already."""
    one = RECORDS[Kind(kind)].field(name)
    question = Text.assemble((f"{name} of every row of {kind.replace('_', ' ')} that has none of its own", "bold"))
    if why:
        question.append(f"\n{why}")

    def answered(text: str | None) -> None:
        if text is not None:
            given(name, text)

    if one.choices:
        app.push_screen(ListDialog(question, [*((Text(choice), choice) for choice in one.choices), (Text("none"), "")]), answered)
        return
    if one.type is Type.ID:
        question.append("\nshop-* puts shop- before the id of each row: two files that count ids of their own stay apart")
    if one.type in _LIKE:
        question.append(f"\nlike {_LIKE[one.type]}")
    app.push_screen(AskLine(question, value), answered)


def _line(one: Field, column: str | None, constant: str | None, ink: Ink) -> Text:
    line = Text(f"{one.name:<{_NAME}} ")
    if constant is not None:
        return line.append(f"= {cell(constant, 30)}", ink.care)
    if column is not None:
        return line.append(f"← {cell(column, 30)}", ink.faint)
    return line.append("*" if one.required else "", ink.care)
