"""The lines of the column mapping, as text: columns with samples, fields with what they take, the first rows as they would be kept.

Functions of desk snapshots; draws nothing and asks nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from cstui.base import formatting as fmt
from cstui.base.records import Field
from cstui.base.text import cell, fold_choice
from cstui.ui.theme import Ink
from cstui.ui.widgets.line import between, fit

if TYPE_CHECKING:
    from cstui.desk.sources import ColumnGuess, FirstRows

_NAME = 20
"""Cells for a field's name."""


def column_line(column: ColumnGuess, used: str | None, width: int, ink: Ink) -> Text:
    """A column of the file: its header, what the values look like, a few of them."""
    name = max(12, width * 2 // 5)
    header = between(column.header or "(blank)", name, ink.dim if used else ink.text)
    looks = fit(column.looks, 7, ink.faint)
    samples = " · ".join(sample for sample in column.samples if sample.strip())
    return Text.assemble(header, " ", looks, fit(samples, max(0, width - name - 8), ink.dim))


def field_line(one: Field, column: str | None, constant: str | None, width: int, ink: Ink) -> Text:
    """A field: `*` where it is required, its name, and the column or the constant that it takes."""
    line = Text.assemble(("*" if one.required else " ", ink.care), (f"{one.name:<{_NAME}} ", "bold" if one.required else ""))
    room = max(4, width - _NAME - 4)
    if column is not None:
        return line.append("← ", ink.faint).append_text(between(column, room, ink.primary))
    if constant is not None:
        return line.append("= ", ink.faint).append_text(fit(constant, room, ink.care))
    return line.append("needed" if one.required else "–", ink.care if one.required else ink.faint)


def reason_words(column: ColumnGuess | None, mapping: Mapping[str, str], constant: str | None, ink: Ink, width: int, to: str = "") -> Text:
    """Why a column is taken for what it is, or what else it may be; `constant` is what the field has instead of a column.

    `to` is the field that enter takes the column for, while columns are chosen from.
    """
    if to:
        enter = Text.assemble(("enter takes this column for ", ink.text), (to, f"bold {ink.accent}"), (" · ", ink.faint))
        return enter.append_text(reason_words(column, mapping, constant, ink, max(0, width - enter.cell_len)))
    if column is None and constant is not None:
        return fit(f"Every row without a value of its own has {cell(constant, 60)}.", width, ink.dim)
    if column is None:
        return Text("No column is taken for this field.", style=ink.dim)
    header = cell(column.header, 24)
    taken = next((name for name, used in mapping.items() if used == column.header), None)
    if taken is not None and taken == column.field and column.why:
        words = f"{header} is {taken}: {column.why}"
    elif column.others or column.field:
        may = [(column.field, column.why)] if column.field and column.field != taken else []
        other = "; ".join(f"{name} ({why})" for name, why in [*may, *column.others][:3] if name != taken)
        words = f"{header} may be {other}" if other else f"{header} is {taken}: you said so"
    else:
        words = f"{header}: nothing tells what it is"
    return fit(words, width, ink.dim)


def first_lines(rows: FirstRows | None, problem: str, most: int, width: int, ink: Ink) -> Text:
    """The first rows as they would be kept, typed; or why they would not."""
    if problem:
        return Text(cell(problem, 2 * width), style=ink.bad)
    if rows is None:
        return Text("The first rows appear here, as they would be kept, once nothing is missing.", style=ink.faint)
    text = Text.assemble(("First rows as they would be kept", "bold"))
    if rows.refused:
        text.append(f"   {rows.refused:,} of the first {fmt.count(rows.read, 'row')} would be refused", ink.bad)
    named = [(index, column.field) for index, column in enumerate(rows.columns) if column.field]
    for row in rows.rows[:most]:
        parts = [
            f"{(name or '').removeprefix('attribute:')} {cell(row[index], 60)}" for index, name in named if index < len(row) and row[index]
        ]
        text.append("\n").append_text(fit(" · ".join(parts), width, ink.text))
    for found in rows.problems[: max(0, most - len(rows.rows))]:
        text.append("\n").append(f"line {found.line}: {cell(found.message, 2 * width)}", ink.bad)
    return text


def open_words(missing: list[str], doubtful: list[str], tried: FirstRows | None, problem: str, ink: Ink) -> Text:
    """What is still to be done before the file is read with the mapping."""
    if missing:
        return Text(f"Still needed: {', '.join(missing)}", style=ink.care)
    if problem:
        return Text("The file can't be read with this.", style=ink.bad)
    if tried is not None and tried.read and tried.refused == tried.read:
        rows = "its only row" if tried.read == 1 else f"all of the first {tried.read:,} rows"
        return Text(f"With this {rows} would be refused.", style=ink.bad)
    if doubtful:
        return Text(f"Look at {', '.join(doubtful)}: little speaks for it. ^s reads the whole file with this.", style=ink.care)
    return Text("Nothing is missing: ^s reads the whole file with this.", style=ink.good)


def is_known(one: Field, word: str) -> bool:
    """Whether a word is one of the field's choices, or means one."""
    return fold_choice(word) in {fold_choice(known) for known in (*one.choices, *(one.synonyms or {}))}


def word_line(word: str, choice: str | None, ink: Ink) -> Text:
    """A word of the file, and what it means so far."""
    return Text.assemble(fit(word, 30, ink.text), ("  = " if choice else "", ink.faint), (choice or "", ink.care))


def unkept_words(missing: Sequence[str], *, known: bool) -> str:
    """Why a mapping can't be kept as a source; blank where it can. `known`: of an export that has a source already."""
    if known:
        return "This export is known, and its rows are more than a mapping says: what you change holds for this import."
    return f"Still needed: {', '.join(missing)}. A source must say where each is." if missing else ""
