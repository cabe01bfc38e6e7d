"""What a document is made of: headings, words, tables and charts, as frozen values that go to JSON and come back the same.

Text is kept as it came; each renderer makes it safe in its own way. A cell that is about a customer names them, so that
forgetting one can find it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table."""

    text: str
    who: str | None = None
    """The id of the customer it names."""
    tone: str = ""
    """`good`, `bad` or `care`: what the colour says, where the words say it too; `note`: somebody wrote it, and may name a customer."""
    heat: int | None = None
    """0 to 100: how strongly it is shaded."""

    def to_json(self) -> Any:  # noqa: ANN401  # a text, or an object where there is more to say
        """A bare text where that is all."""
        more = {name: value for name, value in (("who", self.who), ("tone", self.tone or None), ("heat", self.heat)) if value is not None}
        return {"text": self.text, **more} if more else self.text


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 (the title) to 3."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph."""

    text: str
    care: bool = False
    """It says why something is to be read with care."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table. Columns whose title ends in `>` are numbers, set right."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A series as a line or as bars; None is a gap."""

    form: str
    """`line`, `bars` (each from 0), or `steps` (each from where the one before ended: a waterfall; the first and last are levels)."""
    title: str
    labels: tuple[str, ...]
    values: tuple[float | None, ...]
    texts: tuple[str, ...]
    """The values as a person reads them."""
    unfinished: int = 0
    """How many of the last values are not complete."""
    marks: tuple[tuple[int, str], ...] = ()
    """(index of a value, what somebody noted of that time): on a line."""


Block = Heading | Words | Table | Chart
Document = tuple[Block, ...]


def to_json(document: Document) -> list[Any]:
    """Blocks as JSON values."""
    return [_to_json(block) for block in document]


def from_json(values: Sequence[Mapping[str, Any]]) -> Document:
    """Blocks as they were before `to_json`."""
    return tuple(_from_json(value) for value in values)


def _to_json(block: Block) -> dict[str, Any]:
    if isinstance(block, Heading):
        return {"type": "heading", "level": block.level, "text": block.text}
    if isinstance(block, Words):
        return {"type": "words", "text": block.text} | ({"care": True} if block.care else {})
    if isinstance(block, Table):
        return {"type": "table", "columns": list(block.columns), "rows": [[cell.to_json() for cell in row] for row in block.rows]}
    return {
        "type": "chart",
        "form": block.form,
        "title": block.title,
        "labels": list(block.labels),
        "values": list(block.values),
        "texts": list(block.texts),
        "unfinished": block.unfinished,
    } | ({"marks": [list(mark) for mark in block.marks]} if block.marks else {})


def _from_json(value: Mapping[str, Any]) -> Block:
    kind = value["type"]
    if kind == "heading":
        return Heading(value["level"], value["text"])
    if kind == "words":
        return Words(value["text"], value.get("care", False))
    if kind == "table":
        return Table(tuple(value["columns"]), tuple(tuple(_cell(cell) for cell in row) for row in value["rows"]))
    labels, values, texts = (tuple(value[name]) for name in ("labels", "values", "texts"))
    marks = tuple((index, text) for index, text in value.get("marks", ()))
    return Chart(value["form"], value["title"], labels, values, texts, value["unfinished"], marks)


def _cell(value: str | Mapping[str, Any]) -> Cell:
    if isinstance(value, str):
        return Cell(value)
    return Cell(value["text"], value.get("who"), value.get("tone", ""), value.get("heat"))
