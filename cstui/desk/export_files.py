"""Tables into files, row by row: CSV, JSON, NDJSON, XLSX. Text is guarded where a spreadsheet would run it; numbers stay bare.

Knows nothing of what the rows mean. openpyxl is loaded when a workbook is written.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from cstui.base.cells import guarded, quoted
from cstui.base.days import iso, to_date
from cstui.base.errors import CstuiError

if TYPE_CHECKING:
    from openpyxl import Workbook


class Day(int):
    """A day number that is written as a date."""

    __slots__ = ()


Value: TypeAlias = "str | int | float | Decimal | Day | None"
Writer = Callable[[Path, str, Sequence[str], Iterable[Sequence[Value]]], int]
"""Writes a table (file, title, column names, rows); gives how many rows there were."""

_SHEET_ROWS = 1_048_576
_SHEET_TEXT = 32_767
_SHEET_DIGITS = 15
_SHEET_DATES = date(1900, 3, 1)
"""Before it, spreadsheets do not agree on what day a number is."""


class TooLongForASheet(CstuiError):
    """A workbook's cell can't hold the text."""

    code = "too-long"

    def __init__(self, title: str, row: int, column: str) -> None:
        super().__init__(
            f"{title}, row {row}, {column}: a workbook's cell holds {_SHEET_TEXT:,} characters, and this has more. Export as CSV."
        )


@lru_cache(maxsize=100_000)
def _iso(day: int) -> str:
    return iso(day)


def _plain(value: Value) -> str:
    """A value that is no text, as CSV and JSON write it."""
    if isinstance(value, Day):
        return _iso(int(value))
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _csv(path: Path, _title: str, names: Sequence[str], rows: Iterable[Sequence[Value]]) -> int:
    count = 0

    def told() -> Iterator[list[str]]:
        nonlocal count
        for row in rows:
            count += 1
            yield ["" if value is None else guarded(value) if isinstance(value, str) else _plain(value) for value in row]

    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([guarded(name) for name in names])
        writer.writerows(told())
    return count


def _record(names: Sequence[str], row: Sequence[Value]) -> str:
    members = (f"{name}: {_json(value)}" for name, value in zip(names, row, strict=True))
    return "{" + ", ".join(members) + "}"


def _json(value: Value) -> str:
    if value is None:
        return "null"
    if isinstance(value, str):
        return json.dumps(quoted(value), ensure_ascii=False)
    return f'"{_plain(value)}"' if isinstance(value, Day) else _plain(value)


def _quoted_names(names: Sequence[str]) -> list[str]:
    return [json.dumps(quoted(name), ensure_ascii=False) for name in names]


def _ndjson(path: Path, _title: str, names: Sequence[str], rows: Iterable[Sequence[Value]]) -> int:
    keys, count = _quoted_names(names), 0
    with path.open("w", encoding="utf-8", newline="") as stream:
        for count, row in enumerate(rows, start=1):  # noqa: B007  # the last number is the answer
            stream.write(_record(keys, row) + "\n")
    return count


def _json_list(path: Path, _title: str, names: Sequence[str], rows: Iterable[Sequence[Value]]) -> int:
    keys, count = _quoted_names(names), 0
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write("[")
        for count, row in enumerate(rows, start=1):  # the last number is the answer
            stream.write(("\n" if count == 1 else ",\n") + _record(keys, row))
        stream.write("\n]\n")
    return count


def _xlsx(path: Path, title: str, names: Sequence[str], rows: Iterable[Sequence[Value]]) -> int:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    count = 0
    sheet = _sheet(book, title, names)
    try:
        for count, row in enumerate(rows, start=1):  # the last number is the answer
            if count % (_SHEET_ROWS - 1) == 0:
                sheet = _sheet(book, f"{title} {count // (_SHEET_ROWS - 1) + 1}", names)
            sheet.append([_sheet_cell(value, (title, count + 1, names[at])) for at, value in enumerate(row)])  # type: ignore[attr-defined]
    except BaseException:
        with suppress(Exception):
            book.close()
        raise
    book.save(path)
    return count


def _sheet(book: Workbook, title: str, names: Sequence[str]) -> object:
    sheet = book.create_sheet(title[:31])
    sheet.append([guarded(name) for name in names])
    return sheet


def _sheet_cell(value: Value, place: tuple[str, int, str]) -> str | int | float | Decimal | date | None:
    if isinstance(value, str):
        text = guarded(value)
        if len(text) > _SHEET_TEXT:
            raise TooLongForASheet(*place)
        return text
    if isinstance(value, Day):
        day = to_date(int(value))
        return day if day >= _SHEET_DATES else day.isoformat()
    if isinstance(value, Decimal | int):
        digits = sum(char.isdigit() for char in _plain(value).strip("-0"))
        return value if digits <= _SHEET_DIGITS else _plain(value)  # a sheet's numbers have no more digits
    return value


_WRITERS: Mapping[str, Writer] = {"csv": _csv, "json": _json_list, "ndjson": _ndjson, "xlsx": _xlsx}
FORMATS = tuple(_WRITERS)
"""Names of the formats, which are the files' endings too."""


def writer_of(form: str) -> Writer:
    """What writes a format. Raises KeyError."""
    return _WRITERS[form]
