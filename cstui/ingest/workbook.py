"""Excel workbooks (.xlsx): their sheets as tables, cells as the text that a person reads in them.

Reads the XML itself, with entities refused and sizes checked before anything is unpacked: a number stays the number that is
written (`7`, not `7.0`; ids never through a float), one cell that can't be read costs its row and not the sheet. Knows
nothing of kinds and fields.
"""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Any
from xml.etree.ElementTree import Element, ParseError  # its types; what parses is defusedxml

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring, iterparse

from cstui.base.errors import BrokenText, NothingThere
from cstui.base.text import clean
from cstui.ingest.cells import Style, column_of, style_of, text_of, unescaped
from cstui.ingest.content import DAMAGED, Content, check_members
from cstui.ingest.dialect import MOST_COLUMNS
from cstui.ingest.failures import TooLarge
from cstui.ingest.layout import Note, spans
from cstui.ingest.reading import Table
from cstui.ingest.spool import Spool, SpooledTable

_MOST_ROWS = 1_048_576
_PART = 64 << 20
"""Bytes that a part which is read as a whole may have: strings have more, sheets are read as they come."""
_STRINGS = 192 << 20
_SHEET = 4 << 30
_DEEPEST = 64
_MOST_PARTS = 40_000
_KEPT = frozenset({"c", "si"})
"""Elements that are read as a whole when they end."""
_DATES = frozenset({*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)})
"""Built-in number formats that show a date or a time."""

Cells = list[str]
Faults = list[tuple[int, str, str]]


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    part: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class _Book:
    """What all sheets share."""

    archive: zipfile.ZipFile
    content: Content
    sheets: list[_Sheet]
    strings: list[str]
    styles: list[Style]
    from_1904: bool


def tables_of(content: Content, sha256: str, known: Callable[[str], bool]) -> list[Table]:
    """The tables in a workbook's visible sheets. Raises BrokenText, TooLarge, NothingThere."""
    try:
        with _archive(content) as archive:
            check_members(archive, content.path, content.name)
            book = _opened(archive, content)
            return _tables(book, sha256, known)
    except DefusedXmlException as error:
        message = f"{content.name} holds XML with entities of its own, as no spreadsheet program writes: it is not read."
        raise BrokenText(message, file=str(content.path)) from error
    except (ParseError, KeyError, ValueError, ArithmeticError, EOFError, RuntimeError, *DAMAGED) as error:
        message = f"{content.name} is a damaged workbook ({clean(str(error))}). Open it in a spreadsheet program and save it again."
        raise BrokenText(message, file=str(content.path)) from error


@contextmanager
def _archive(content: Content) -> Iterator[zipfile.ZipFile]:
    if content.member is None:
        with content.open(), zipfile.ZipFile(content.path) as archive:
            yield archive
    else:  # a zip is read from its end, and a packed stream has none to go to
        with tempfile.TemporaryFile() as aside:
            with content.open() as stream:
                shutil.copyfileobj(stream, aside)
            with zipfile.ZipFile(aside) as archive:
                yield archive


def _tables(book: _Book, sha256: str, known: Callable[[str], bool]) -> list[Table]:
    content, notes, tables = book.content, [], []
    for sheet in book.sheets:
        if sheet.hidden:
            notes.append(Note("left-out", 0, f"the sheet “{clean(sheet.name)}” is hidden, and left out"))
            continue
        spool = _rows(book, sheet)
        found = spans(spool.layout(), known)
        for number, span in enumerate(found, start=1):
            part = sheet.name if len(found) == 1 else f"{sheet.name} › {span.title or f'table {number}'}"
            tables.append((content.within(part), spool, span))
    if not tables:
        raise NothingThere(f"{content.name} has no sheet with a row in it.", file=str(content.path))
    share = content.size // len(tables)
    return [
        SpooledTable(
            content.path, name, share, sha256, "xlsx", ",", span.header, (*notes, *span.notes) if at == 0 else span.notes,
            spool, span.skip, span.until, span.drop, 1904 if book.from_1904 else 1900,
        )
        for at, (name, spool, span) in enumerate(tables)
    ]  # fmt: skip


def _opened(archive: zipfile.ZipFile, content: Content) -> _Book:
    root = _whole(archive, content, "xl/workbook.xml") if "xl/workbook.xml" in archive.namelist() else None
    where = "xl/workbook.xml"
    if root is None:
        where = dict(_relations(archive, content, "").values())["officeDocument"]
        root = _whole(archive, content, where)
    relations = _relations(archive, content, where)
    folder = dict(relations.values())
    properties = next((e for e in root.iter() if _local(e) == "workbookPr"), None)
    from_1904 = properties is not None and properties.get("date1904", "0") in {"1", "true"}
    sheets = []
    for element in root.iter():
        if _local(element) == "sheet":
            number = next((value for name, value in element.attrib.items() if name.endswith("}id")), "")
            kind, target = relations.get(number, ("", ""))
            if kind == "worksheet":
                sheets.append(_Sheet(element.get("name", ""), target, element.get("state", "visible") != "visible"))
    strings = _strings(archive, content, folder["sharedStrings"]) if folder.get("sharedStrings") in archive.namelist() else []
    styles = _styles(archive, content, folder["styles"]) if folder.get("styles") in archive.namelist() else []
    return _Book(archive, content, sheets, strings, styles, from_1904)


def _whole(archive: zipfile.ZipFile, content: Content, part: str) -> Element:
    _check(archive, content, part, _PART)
    return fromstring(archive.read(part))


def _check(archive: zipfile.ZipFile, content: Content, part: str, most: int) -> None:
    size = archive.getinfo(part).file_size
    if size > most:
        message = f"{content.name}: its part “{clean(part)}” has {size:,} bytes, more than is read. Save the sheet as CSV."
        raise TooLarge(message, file=str(content.path))


def _relations(archive: zipfile.ZipFile, content: Content, part: str) -> Mapping[str, tuple[str, str]]:
    """Id → kind and part, of what a part refers to."""
    path = PurePosixPath(part)
    where = str(path.parent / "_rels" / f"{path.name}.rels") if part else "_rels/.rels"
    found = {}
    for element in _whole(archive, content, where):
        target = element.get("Target", "")
        base = PurePosixPath(target[1:]) if target.startswith("/") else path.parent / target
        found[element.get("Id", "")] = (element.get("Type", "").rpartition("/")[2], _straight(base))
    return found


def _straight(path: PurePosixPath) -> str:
    parts: list[str] = []
    for part in path.parts:
        if part == "..":
            parts = parts[:-1]
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def _strings(archive: zipfile.ZipFile, content: Content, part: str) -> list[str]:
    _check(archive, content, part, _STRINGS)
    found: list[str] = []
    with archive.open(part) as stream:
        for event, element in _events(stream):
            if event == "end" and _local(element) == "si":
                found.append(unescaped(_rich(element)))
    return found


def _styles(archive: zipfile.ZipFile, content: Content, part: str) -> list[Style]:
    """Of each cell format, what its numbers are shown as."""
    root = _whole(archive, content, part)
    codes = {e.get("numFmtId"): e.get("formatCode", "") for e in root.iter() if _local(e) == "numFmt"}
    formats = next((e for e in root if _local(e) == "cellXfs"), None)
    if formats is None:
        return []
    numbers = [element.get("numFmtId", "0") for element in formats]
    return [style_of(codes[number]) if number in codes else Style.DATE if int(number) in _DATES else Style.NUMBER for number in numbers]


def _rows(book: _Book, sheet: _Sheet) -> Spool:
    """A sheet's rows, put aside. Raises BrokenText, TooLarge."""
    _check(book.archive, book.content, sheet.part, _SHEET)
    spool = Spool()
    with book.archive.open(sheet.part) as stream:
        reading = _SheetReading(book, sheet)
        for event, element in _events(stream):
            row = reading.take(event, element)
            if row is not None:
                spool.add(*row)
    spool.seal()
    return spool


class _SheetReading:
    """What is known while a sheet's XML goes by."""

    def __init__(self, book: _Book, sheet: _Sheet) -> None:
        self._book, self._sheet = book, sheet
        self._line = 0
        self._cells: Cells = []
        self._faults: Faults = []

    def take(self, event: str, element: Element) -> tuple[int, Cells, Faults] | None:
        """A row where this ends one."""
        name = _local(element)
        if event == "start":
            if name == "row":
                self._begin(element)
            return None
        if name == "c":
            self._cell(element)
        return (self._line, self._cells, self._faults) if name == "row" else None

    def _begin(self, element: Element) -> None:
        self._line = int(float(element.get("r", self._line + 1)))
        self._cells, self._faults = [], []
        if not 1 <= self._line <= _MOST_ROWS:
            raise self._outside(f"row {self._line:,}")

    def _cell(self, element: Element) -> None:
        where = element.get("r")
        at = column_of(where) - 1 if where else len(self._cells)
        if not 0 <= at < MOST_COLUMNS:
            raise self._outside(f"the cell {clean(where or '')}")
        style = int(element.get("s", 0))
        book = self._book
        shown = book.styles[style] if style < len(book.styles) else Style.NUMBER
        kind = element.get("t", "n")
        raw, formula, rich = None, False, None
        for child in element:
            match _local(child):
                case "v":
                    raw = child.text
                case "f":
                    formula = True
                case "is":
                    rich = _rich(child)
        text, fault = text_of(kind, raw, rich, shown, book.strings, from_1904=book.from_1904)
        if formula and raw is None and kind != "str":
            fault = ("no-value", "The cell holds a formula without its result. Open the file in a spreadsheet program and save it.")
        if fault is not None:
            self._faults.append((at, *fault))
        if text or fault:
            self._cells.extend([""] * (at + 1 - len(self._cells)))
            self._cells[at] = text

    def _outside(self, where: str) -> BrokenText:
        message = f"{self._book.content.within(self._sheet.name)}: {where} lies outside of what a sheet can have."
        return BrokenText(message, file=str(self._book.content.path), line=self._line or None)


def _events(stream: IO[bytes]) -> Iterator[tuple[str, Element]]:
    """Elements as they begin and end. What has ended is let go, but for what is in a cell or a string that has not."""
    parents: list[Element] = []
    kept = 0
    for event, element in iterparse(stream, events=("start", "end"), forbid_dtd=True):
        whole = _local(element) in _KEPT
        if event == "start":
            parents.append(element)
            kept += whole
            if len(parents) > _DEEPEST or (kept and len(parents) > 1 and len(parents[-2]) > _MOST_PARTS):
                raise ValueError("its XML is nested as no spreadsheet program does")
            yield event, element
            continue
        parents.pop()
        kept -= whole
        yield event, element
        if not kept and parents:
            del parents[-1][:]


def _local(element: Any) -> str:  # noqa: ANN401  # a comment's tag is a function
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _rich(element: Element) -> str:
    """The text of a string with or without runs; without what tells how it is spoken."""
    parts = []
    for child in element:
        if _local(child) == "t":
            parts.append(child.text or "")
        elif _local(child) == "r":
            parts += [part.text or "" for part in child if _local(part) == "t"]
    return "".join(parts)
