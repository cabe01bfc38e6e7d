"""Spoilt files: what people's files really come with, each with what must become of it. Written apart from the program.

A pollution takes clean rows of customers and gives bytes, and says which rows still have to come in as they are, which lines
have to be refused, or on which line the file as a whole has to be refused.
"""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import openpyxl

HEADER = ("customer_id", "name", "created_at")
Cells = tuple[str, str, str]


@dataclass(frozen=True)
class Spoilt:
    """A file, and what must be said of it."""

    content: bytes
    suffix: str = ".csv"
    good: Sequence[Cells] = ()
    """Rows that come in."""
    refused: Sequence[tuple[int, str]] = ()
    """Line and code of each row that does not."""
    fails: str | None = None
    """The code of the file's refusal as a whole."""
    line: int | None = None
    """The line that the refusal names; None where it need not name one."""
    notes: Sequence[str] = ()
    """Codes of what must be told besides."""
    options: dict[str, str] = field(default_factory=dict)


Pollution = Callable[[list[Cells]], Spoilt]


def csv_text(rows: Sequence[Sequence[str]], delimiter: str = ",", header: Sequence[str] = HEADER) -> str:
    """Rows under a header; no cell holds what would need a quote."""
    return "".join(delimiter.join(row) + "\n" for row in (header, *rows))


def clean(rows: list[Cells]) -> Spoilt:
    return Spoilt(csv_text(rows).encode(), good=rows)


def no_payload(rows: list[Cells]) -> Spoilt:
    return Spoilt(csv_text([]).encode(), fails="empty-file")


def nothing(rows: list[Cells]) -> Spoilt:
    return Spoilt(b"", fails="empty-file")


def only_spaces(rows: list[Cells]) -> Spoilt:
    return Spoilt(b"\xef\xbb\xbf \n\n  \r\n", fails="empty-file")


def no_header(rows: list[Cells]) -> Spoilt:
    return Spoilt(csv_text(rows[1:], header=rows[0]).encode(), fails="unknown-kind")


def double_header(rows: list[Cells]) -> Spoilt:
    return Spoilt(csv_text([HEADER, *rows]).encode(), good=rows, refused=[(2, "repeated-header")])


def header_in_the_middle(rows: list[Cells]) -> Spoilt:
    return Spoilt(csv_text([rows[0], HEADER, *rows[1:]]).encode(), good=rows, refused=[(3, "repeated-header")])


def files_joined_with_a_mark(rows: list[Cells]) -> Spoilt:
    """Two exports copied together, the second with its byte order mark."""
    first, second = csv_text(rows[:2]), csv_text(rows[2:])
    return Spoilt(b"\xef\xbb\xbf" + first.encode() + b"\xef\xbb\xbf" + second.encode(), good=rows, refused=[(4, "repeated-header")])


def mark_in_a_cell(rows: list[Cells]) -> Spoilt:
    spoilt = [("\ufeff" + rows[0][0], *rows[0][1:]), *rows[1:]]
    return Spoilt(csv_text(spoilt).encode(), good=rows)


def wrong_delimiter_in_one_row(rows: list[Cells]) -> Spoilt:
    lines = csv_text(rows).splitlines(keepends=True)
    lines[2] = lines[2].replace(",", ";")
    return Spoilt("".join(lines).encode(), good=[rows[0], *rows[2:]], refused=[(3, "missing-cell")])


def one_cell_less(rows: list[Cells]) -> Spoilt:
    lines = csv_text(rows).splitlines()
    lines[2] = lines[2].rpartition(",")[0]
    return Spoilt("\n".join(lines).encode(), good=[rows[0], *rows[2:]], refused=[(3, "missing-cell")])


def one_cell_more(rows: list[Cells]) -> Spoilt:
    lines = csv_text(rows).splitlines()
    lines[2] += ",more"
    return Spoilt("\n".join(lines).encode(), good=[rows[0], *rows[2:]], refused=[(3, "extra-cell")])


def delimiters_at_the_ends(rows: list[Cells]) -> Spoilt:
    lines = csv_text(rows).splitlines()
    return Spoilt("\n".join([lines[0], *(line + ",," for line in lines[1:])]).encode(), good=rows)


def cut_off(rows: list[Cells]) -> Spoilt:
    text = csv_text(rows).rstrip("\n").rpartition(",")[0]
    return Spoilt(text.encode(), good=rows[:-1], refused=[(len(rows) + 1, "missing-cell")])


def unclosed_quote(rows: list[Cells]) -> Spoilt:
    lines = csv_text(rows).splitlines(keepends=True)
    lines[2] = '"' + lines[2]
    return Spoilt("".join(lines).encode(), fails="broken-text", line=3)


def stray_quote(rows: list[Cells]) -> Spoilt:
    lines = csv_text(rows).splitlines(keepends=True)
    lines[2] = '"a"b,' + lines[2]
    return Spoilt("".join(lines).encode(), fails="broken-text", line=3)


def mixed_encodings(rows: list[Cells]) -> Spoilt:
    lines = csv_text([("u", "شركة", "2026-01-01"), *rows]).encode().splitlines(keepends=True)
    lines[3] = "x,café,2026-01-01\n".encode("cp1252")
    return Spoilt(b"".join(lines), fails="broken-text", line=4)


def nul(rows: list[Cells]) -> Spoilt:
    lines = csv_text(rows).encode().splitlines(keepends=True)
    lines[2] = b"\0" + lines[2]
    return Spoilt(b"".join(lines), fails="broken-text", line=3)


def lone_surrogate(rows: list[Cells]) -> Spoilt:
    """CESU bytes, as some databases write them: no UTF-8."""
    lines = csv_text([("u", "شركة", "2026-01-01"), *rows]).encode().splitlines(keepends=True)
    lines[3] = b"x,\xed\xa0\x80,2026-01-01\n"
    return Spoilt(b"".join(lines), fails="broken-text", line=4)


def endless_cell(rows: list[Cells]) -> Spoilt:
    spoilt = [rows[0], (rows[1][0], "x" * 131_073, rows[1][2]), *rows[2:]]
    return Spoilt(csv_text(spoilt).encode(), good=[rows[0], *rows[2:]], refused=[(3, "constraint-error")])


def longest_cell(rows: list[Cells]) -> Spoilt:
    long = [rows[0], (rows[1][0], "x" * 131_072, rows[1][2]), *rows[2:]]
    return Spoilt(csv_text(long).encode(), good=long)


def most_columns(rows: list[Cells]) -> Spoilt:
    more = [f"c{number}" for number in range(16_384 - len(HEADER))]
    lines = [",".join((*HEADER, *more)), *(",".join((*row, *("" for _ in more))) for row in rows)]
    return Spoilt("\n".join(lines).encode(), good=rows)


def too_many_columns(rows: list[Cells]) -> Spoilt:
    more = [f"c{number}" for number in range(16_385 - len(HEADER))]
    lines = [",".join((*HEADER, *more)), *(",".join((*row, *("" for _ in more))) for row in rows)]
    return Spoilt("\n".join(lines).encode(), fails="broken-text", line=1)


def same_header_after_folding(rows: list[Cells]) -> Spoilt:
    lines = csv_text(rows, header=("customer_id", "Name", "created_at")).splitlines()
    return Spoilt("\n".join([lines[0] + ",  NAME ", *(line + ",other" for line in lines[1:])]).encode(), fails="duplicate-label", line=1)


def preamble_comments_totals_and_trailer(rows: list[Cells]) -> Spoilt:
    text = "# ----\n# Customers of Acme\n# ----\n\n" + csv_text(rows) + "Total,,1234\n\nExported by Acme at noon\n"
    return Spoilt(text.encode(), good=rows, notes=["comment-line", "totals-row", "trailer"])


def report_title(rows: list[Cells]) -> Spoilt:
    return Spoilt(f"Customers of Acme,,\nas of,2026-01-01,\n\n{csv_text(rows)}".encode(), good=rows, notes=["preamble"])


def _book(rows: Sequence[Sequence[object]], sheet: str = "Customers") -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for row in rows:
        page.append(list(row))
    return book


def _saved(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _edited(content: bytes, part: str, edit: Callable[[str], str]) -> bytes:
    """A workbook with one of its parts rewritten."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, edit(data.decode()) if name == part else data)
    return stream.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def workbook(rows: list[Cells]) -> Spoilt:
    return Spoilt(_saved(_book([HEADER, *rows])), ".xlsx", good=rows)


def far_cell(rows: list[Cells]) -> Spoilt:
    """A legal cell in the last column of the last row: a row without a customer, and nothing else."""
    book = _book([HEADER, *rows])
    assert book.active is not None
    book.active["XFD1048576"] = "far"
    return Spoilt(_saved(book), ".xlsx", good=rows, refused=[(1_048_576, "extra-cell")])


def cell_beyond(rows: list[Cells]) -> Spoilt:
    content = _edited(_saved(_book([HEADER, *rows])), SHEET, lambda xml: xml.replace('r="A2"', 'r="XFE2"'))
    return Spoilt(content, ".xlsx", fails="broken-text", line=2)


def not_a_number_in_a_sheet(rows: list[Cells]) -> Spoilt:
    content = _saved(_book([HEADER, *rows[:1], (rows[1][0], 12345, rows[1][2]), *rows[2:]]))
    spoilt = _edited(content, SHEET, lambda xml: xml.replace("<v>12345</v>", "<v>NaN</v>"))
    return Spoilt(spoilt, ".xlsx", good=[rows[0], *rows[2:]], refused=[(3, "not-a-number")])


def formula_without_a_result(rows: list[Cells]) -> Spoilt:
    content = _saved(_book([HEADER, *rows[:1], (rows[1][0], "=1+1", rows[1][2]), *rows[2:]]))
    return Spoilt(content, ".xlsx", good=[rows[0], *rows[2:]], refused=[(3, "no-value")])


def error_in_a_sheet(rows: list[Cells]) -> Spoilt:
    content = _saved(_book([HEADER, *rows[:1], (rows[1][0], 12345, rows[1][2]), *rows[2:]]))
    spoilt = _edited(content, SHEET, lambda xml: xml.replace('t="n"><v>12345</v>', 't="e"><v>#REF!</v>'))
    return Spoilt(spoilt, ".xlsx", good=[rows[0], *rows[2:]], refused=[(3, "cell-error")])


def billion_laughs(rows: list[Cells]) -> Spoilt:
    entities = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {chr(98 + at)} "{f"&{chr(97 + at)};" * 10}">' for at in range(9)
    ) + "]>"  # fmt: skip
    content = _edited(_saved(_book([HEADER, *rows])), SHEET, lambda xml: xml.replace("<worksheet", f"{entities}<worksheet", 1))
    return Spoilt(content, ".xlsx", fails="broken-text")


def damaged_workbook(rows: list[Cells]) -> Spoilt:
    content = _edited(_saved(_book([HEADER, *rows])), SHEET, lambda xml: xml[: len(xml) // 2])
    return Spoilt(content, ".xlsx", fails="broken-text")


def workbook_bomb(rows: list[Cells]) -> Spoilt:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in (("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<workbook/>")):
            archive.writestr(name, data)
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(300):
                part.write(b"<row/>" * 200_000)
    return Spoilt(stream.getvalue(), ".xlsx", fails="too-large")


def gzip_bomb(rows: list[Cells]) -> Spoilt:
    stream = io.BytesIO()
    with gzip.GzipFile(fileobj=stream, mode="wb") as packed:
        packed.write(csv_text(rows).encode())
        for _ in range(300):
            packed.write(b"\n" * 1_000_000)
    return Spoilt(stream.getvalue(), ".csv.gz", fails="too-large")


def zipped(rows: list[Cells]) -> Spoilt:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("export/customers.csv", csv_text(rows))
        archive.writestr("__MACOSX/._customers.csv", b"\0\1")
        archive.writestr("readme.pdf", b"%PDF-1.4")
    return Spoilt(stream.getvalue(), ".zip", good=rows, notes=["left-out"])


def gzipped(rows: list[Cells]) -> Spoilt:
    return Spoilt(gzip.compress(csv_text(rows).encode()), ".csv.gz", good=rows)


def cut_gzip(rows: list[Cells]) -> Spoilt:
    return Spoilt(gzip.compress(csv_text(rows).encode())[:-12], ".csv.gz", fails="broken-text")


def _records(rows: Sequence[Cells]) -> list[dict[str, str]]:
    return [dict(zip(HEADER, row, strict=True)) for row in rows]


def json_list(rows: list[Cells]) -> Spoilt:
    return Spoilt(json.dumps(_records(rows), indent=1).encode(), ".json", good=rows)


def json_with_a_key_twice(rows: list[Cells]) -> Spoilt:
    first, *rest = (json.dumps(record) for record in _records(rows))
    twice = first[:-1] + ', "name": "again"}'
    return Spoilt(f"[{', '.join([twice, *rest])}]".encode(), ".json", good=rows[1:], refused=[(1, "duplicate-label")])


def json_lone_surrogate(rows: list[Cells]) -> Spoilt:
    records = _records(rows)
    records[1]["name"] = "half \ud83d"
    return Spoilt(json.dumps(records).encode(), ".json", good=[rows[0], *rows[2:]], refused=[(2, "encoding-error")])


def json_not_a_number(rows: list[Cells]) -> Spoilt:
    text = json.dumps(_records(rows)).replace(json.dumps(rows[1][1]), "NaN", 1)
    return Spoilt(text.encode(), ".json", good=[rows[0], *rows[2:]], refused=[(2, "not-a-number")])


def json_deep(rows: list[Cells]) -> Spoilt:
    return Spoilt(b'[{"customer_id": ' + b"[" * 10_000 + b"]" * 10_000 + b"}]", ".json", fails="broken-text", line=1)


def json_cut_off(rows: list[Cells]) -> Spoilt:
    return Spoilt(json.dumps(_records(rows), indent=1).encode()[:-10], ".json", fails="broken-text", line=len(rows) * 5)


def lines_of_json(rows: list[Cells]) -> Spoilt:
    lines = [json.dumps(record) for record in _records(rows)]
    spoilt = [lines[0], '{"customer_id": "x"', "5", '{"customer_id": ' + "[" * 10_000 + "]" * 10_000 + "}", *lines[1:]]
    refused = [(2, "type-error"), (3, "type-error"), (4, "type-error")]
    return Spoilt("\n".join(spoilt).encode(), ".ndjson", good=rows, refused=refused)


def utf_16(rows: list[Cells]) -> Spoilt:
    return Spoilt(csv_text(rows, "\t").encode("utf-16"), good=rows)


def utf_16_without_a_mark(rows: list[Cells]) -> Spoilt:
    return Spoilt(csv_text(rows).encode("utf-16-le"), good=rows, notes=["encoding"])


def arabic_code_page(rows: list[Cells]) -> Spoilt:
    arabic = [(row[0], "شركة النور للتجارة", row[2]) for row in rows]
    return Spoilt(csv_text(arabic).encode("cp1256"), good=arabic, notes=["encoding"])


def latin_code_page(rows: list[Cells]) -> Spoilt:
    latin = [(row[0], "Café Müller & Søn", row[2]) for row in rows]
    return Spoilt(csv_text(latin).encode("cp1252"), good=latin, notes=["encoding"])


def old_excel(rows: list[Cells]) -> Spoilt:
    return Spoilt(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), ".xls", fails="not-a-table")


def web_page(rows: list[Cells]) -> Spoilt:
    return Spoilt(b"<html><table><tr><td>customer_id</td></tr></table></html>", ".xls", fails="not-a-table")


POLLUTIONS: dict[str, Pollution] = {
    pollution.__name__: pollution
    for pollution in (
        clean, no_payload, nothing, only_spaces, no_header, double_header, header_in_the_middle, files_joined_with_a_mark,
        mark_in_a_cell, wrong_delimiter_in_one_row, one_cell_less, one_cell_more, delimiters_at_the_ends, cut_off,
        unclosed_quote, stray_quote, mixed_encodings, nul, lone_surrogate, endless_cell, longest_cell, most_columns,
        too_many_columns, same_header_after_folding, preamble_comments_totals_and_trailer, report_title, workbook, far_cell,
        cell_beyond, not_a_number_in_a_sheet, formula_without_a_result, error_in_a_sheet, billion_laughs, damaged_workbook,
        workbook_bomb, gzip_bomb, zipped, gzipped, cut_gzip, json_list, json_with_a_key_twice, json_lone_surrogate,
        json_not_a_number, json_deep, json_cut_off, lines_of_json, utf_16, utf_16_without_a_mark, arabic_code_page,
        latin_code_page, old_excel, web_page,
    )
}  # fmt: skip
