"""JSON: a list of records, an object that holds lists of records, and lines with a record each (NDJSON); record by record.

A record's fields become columns, those of a record in it with a dot (`customer.id`); what lies deeper stays JSON text. Knows
nothing of kinds and fields.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, BinaryIO, TextIO

from cstui.base.errors import BrokenText, NoRecords
from cstui.base.text import clean
from cstui.ingest.cells import plain_decimal, whole_characters
from cstui.ingest.content import Content
from cstui.ingest.delimited import undecodable
from cstui.ingest.dialect import MOST_COLUMNS
from cstui.ingest.encodings import Scan
from cstui.ingest.json_text import TOO_DEEP, BrokenJson, NoNumber, Number, Pairs, Scanner, decoded
from cstui.ingest.layout import Note
from cstui.ingest.reading import Table
from cstui.ingest.spool import Spool, SpooledTable

_LONGEST_LINE = 1 << 24
_LONGEST_NUMBER = 40
"""Characters of a number up to which it is written without its exponent."""
_MANY_COLUMNS, _MANY_CELLS, _SPARSE = 1024, 1 << 25, 20
"""Records that leave all but one cell in so many blank are no table, where there are so many columns and cells."""
_WITHIN = 3
"""Objects in each other that may hold the lists."""

Fault = tuple[int, str, str]


class _Records:
    """Records of one list, as they come, and the columns they have between them."""

    def __init__(self, title: str, content: Content) -> None:
        self.title, self._content = title, content
        self.columns: dict[str, int] = {}
        self.spool = Spool()
        self._filled = 0
        """Fields of all records."""

    def add(self, number: int, value: object) -> None:
        """Take a record in, or note why it is none."""
        if not isinstance(value, Pairs):
            self.spool.add(
                number, [whole_characters(_text(value))], [(-1, "type-error", "This is no record: a record is a JSON object with fields.")]
            )
            return
        try:
            fields, faults = _flat(value)
        except RecursionError:
            self.spool.add(number, [], [(-1, "type-error", f"The record can't be read: {TOO_DEEP}.")])
            return
        row: list[str] = []
        for name, text in fields.items():
            at = self.columns.setdefault(name, len(self.columns))
            if at >= len(row):
                row.extend([""] * (at + 1 - len(row)))
            row[at] = text
        if len(self.columns) > MOST_COLUMNS:
            message = f"{self._content.name}: by record {number:,} there are more than {MOST_COLUMNS:,} different fields."
            raise BrokenText(message, file=str(self._content.path))
        self._filled += len(fields)
        if len(self.columns) > _MANY_COLUMNS and max(_MANY_CELLS, self._filled * _SPARSE) < self.spool.rows * len(self.columns):
            message = (
                f"{self._content.name}: {number:,} records have {len(self.columns):,} different fields between them, hardly two the same: "
                "that is no table. What is told apart by a field's name (an id, a day) must be a field's value."
            )
            raise BrokenText(message, file=str(self._content.path))
        self.spool.add(number, row, [(-1 if name is None else self.columns[name], code, why) for name, code, why in faults])

    def broken(self, number: int, text: str, why: str) -> None:
        """Note a line that is no JSON."""
        self.spool.add(number, [text[:200]], [(-1, "type-error", f"The line is no JSON: {why}.")])


def tables_of(content: Content, found: Scan) -> list[Table]:
    """The tables of a JSON text. Raises BrokenText, NoRecords."""
    with content.open() as stream:
        try:
            lists, beside = _lists(stream, content, found.encoding)
        except BrokenJson as error:
            raise BrokenText(f"{content.name}, line {error.line}: {error.why}.", file=str(content.path), line=error.line) from error
        except UnicodeError as error:
            raise undecodable(content, found.encoding) from error
    full = [records for records in lists if records.columns]
    if not full:
        raise NoRecords(f"{content.name} holds no list of records.", file=str(content.path))
    shown = "utf-8" if found.encoding == "utf-8-sig" else found.encoding
    notes = [] if found.guess is None else [Note("encoding", 0, f"read as {shown}: {found.guess}. Another: --encoding E")]
    if beside:
        notes.append(Note("left-out", 0, f"fields beside the records are left out: {', '.join(map(clean, beside[:10]))}"))
    tables: list[Table] = []
    for at, records in enumerate(full):
        records.spool.seal()
        name = content.name if len(full) == 1 else content.within(records.title)
        header = tuple(map(whole_characters, records.columns))
        told = tuple(notes) if at == 0 else ()
        share = content.size // len(full)
        tables.append(SpooledTable(content.path, name, share, found.sha256, shown, ",", header, told, records.spool, 0, None, frozenset()))
    return tables


def _lists(stream: BinaryIO, content: Content, encoding: str) -> tuple[list[_Records], list[str]]:
    text = io.TextIOWrapper(stream, encoding=encoding, newline="")
    first = text.readline(_LONGEST_LINE)
    while first and not first.strip("\ufeff \t\r\n"):
        first = text.readline(_LONGEST_LINE)
    if first.lstrip("\ufeff").lstrip().startswith("{") and _by_lines(first, text.readline(_LONGEST_LINE)):
        return [_lines(content, encoding)], []
    with content.open() as again:
        scanner = Scanner(_from_start(again, encoding))
        if scanner.peek() == "\ufeff":
            scanner.take("\ufeff")
        beside: list[str] = []
        if scanner.take("["):
            records = _Records("", content)
            _array(scanner, records)
            found = [records]
        else:
            found, beside = _object(scanner, content)
        if scanner.peek():
            raise BrokenJson("the document has ended before this", scanner.line)
        return found, beside


def _from_start(stream: BinaryIO, encoding: str) -> TextIO:
    return io.TextIOWrapper(stream, encoding=encoding, newline="")


def _by_lines(first: str, second: str) -> bool:
    """Whether a text is records line by line: the first line is one, and another begins below it."""
    try:
        decoded(first.lstrip("\ufeff"))
    except BrokenJson as error:
        return error.why == TOO_DEEP and second.lstrip().startswith("{")
    return second.lstrip().startswith("{") or (bool(second) and not second.strip())


def _lines(content: Content, encoding: str) -> _Records:
    records = _Records("", content)
    with content.open() as stream:
        text = _from_start(stream, encoding)
        for number, line in enumerate(iter(lambda: text.readline(_LONGEST_LINE), ""), start=1):
            bare = line.strip("\ufeff \t\r\n")
            if bare:
                try:
                    records.add(number, decoded(bare))
                except BrokenJson as error:
                    records.broken(number, bare, error.why)
    return records


def _array(scanner: Scanner, records: _Records) -> None:
    """The elements of a list, after its bracket."""
    number = 0
    while not scanner.take("]"):
        if number:
            scanner.expect(",")
        number += 1
        records.add(number, scanner.value())


def _object(scanner: Scanner, content: Content) -> tuple[list[_Records], list[str]]:
    """An object's lists of records; if it has none, the object itself as the one record."""
    found: list[_Records] = []
    own = Pairs()
    _members_of(scanner, content, "", found, own)
    if not found:
        records = _Records("", content)
        records.add(1, own)
        return [records], []
    return found, [name for name, _ in own]


def _members_of(scanner: Scanner, content: Content, above: str, found: list[_Records], own: Pairs) -> None:
    """An object's members: lists of records to `found`, everything else to `own`; of objects in it too, which may be large."""
    scanner.expect("{")
    first = True
    while not scanner.take("}"):
        if not first:
            scanner.expect(",")
        first = False
        if scanner.peek() != '"':
            raise BrokenJson("a field's name in double quotes was expected", scanner.line)
        name = above + scanner.value()
        scanner.expect(":")
        begins = scanner.peek()
        if begins == "{" and above.count(".") < _WITHIN:
            _members_of(scanner, content, f"{name}.", found, own)
        elif begins == "[":
            scanner.take("[")
            if scanner.peek() == "{":
                found.append(_Records(whole_characters(name), content))
                _array(scanner, found[-1])
            else:
                own.append((name, _rest_of_list(scanner)))
        else:
            own.append((name, scanner.value()))


def _rest_of_list(scanner: Scanner) -> list[Any]:
    values: list[Any] = []
    while not scanner.take("]"):
        if values:
            scanner.expect(",")
        values.append(scanner.value())
    return values


def _flat(record: Pairs) -> tuple[dict[str, str], list[tuple[str | None, str, str]]]:
    """A record's columns, and what is wrong with them."""
    fields: dict[str, str] = {}
    faults: list[tuple[str | None, str, str]] = []
    for name, value in _members(record):
        if name in fields:
            faults.append((None, "duplicate-label", f"The record has the field “{clean(name)}” twice."))
        text = _text(value)
        if isinstance(value, NoNumber):
            faults.append((name, "not-a-number", "The field holds no number (NaN or infinity)."))
        elif (mended := whole_characters(text)) != text:
            text = mended
            faults.append((name, "encoding-error", "The field holds half a character (a lone surrogate)."))
        fields[name] = text
    return fields, faults


def _members(record: Pairs) -> Iterator[tuple[str, object]]:
    for name, value in record:
        if isinstance(value, Pairs) and value:
            yield from ((f"{name}.{inner}", deeper) for inner, deeper in value)
        else:
            yield name, value


def _text(value: object) -> str:
    if isinstance(value, Number):
        raw = str(value)  # what is put aside is text and no kind of its own
        return plain_decimal(Decimal(raw), raw) if not raw.isdecimal() and len(raw) <= _LONGEST_NUMBER else raw
    if value is None or value == []:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return str(value)
    if isinstance(value, list) and not isinstance(value, Pairs) and not any(isinstance(item, list) for item in value):
        return ", ".join(map(_text, value))
    return json.dumps(_plain(value), ensure_ascii=False)


def _plain(value: object) -> object:
    if isinstance(value, Pairs):
        return {name: _plain(item) for name, item in value}
    return [_plain(item) for item in value] if isinstance(value, list) else value
