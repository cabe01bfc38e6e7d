"""Files that are broken inside, or made to break a reader: told as bad files, or read as what a person sees; never more than that."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import openpyxl
import pytest

from cstui.base.errors import BadFile, UsageError
from tests.unit.ingest.test_forms import opened, rows

SHEET, STYLES, RELATIONS, BOOK = "xl/worksheets/sheet1.xml", "xl/styles.xml", "_rels/.rels", "xl/workbook.xml"


def parts() -> dict[str, bytes]:
    """The parts of a small workbook."""
    book = openpyxl.Workbook()
    for row in (["customer_id", "name", "seats"], ["c-1", "Acme", 5], ["c-2", "Kestrel", 6]):
        book["Sheet"].append(row)
    stream = io.BytesIO()
    book.save(stream)
    with zipfile.ZipFile(stream) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def garbled(content: bytes, member: str) -> bytes:
    """An archive, the packed bytes of a member of which are nonsense."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        begins = archive.getinfo(member).header_offset + 30 + len(member)
    return content[: begins + 4] + b"\xff" * 30 + content[begins + 34 :]


def edited(part: str, old: bytes, new: bytes) -> dict[str, bytes]:
    """The workbook with one thing in a part replaced."""
    found = parts()
    assert old in found[part]
    return {**found, part: found[part].replace(old, new)}


def test_a_row_with_an_endless_number_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="damaged workbook"):
        opened(tmp_path, "book.xlsx", packed(edited(SHEET, b'<row r="2"', b'<row r="1e999"')))


def test_a_workbook_that_names_no_document_is_told(tmp_path: Path) -> None:
    found = edited(RELATIONS, b'officeDocument"', b'other"')
    found["xl/book.xml"] = found.pop(BOOK)
    with pytest.raises(BadFile, match="damaged workbook"):
        opened(tmp_path, "book.xlsx", packed(found))


@pytest.mark.parametrize("name", ["book.xlsx", "all.zip"])
def test_packed_bytes_that_are_nonsense_are_told(tmp_path: Path, name: str) -> None:
    content, member = (packed(parts()), SHEET) if name == "book.xlsx" else (packed({"a.csv": b"customer_id,name\n1,A\n" * 99}), "a.csv")
    with pytest.raises(BadFile, match="damaged"):
        opened(tmp_path, name, garbled(content, member))


NUMBERS = ["1234567890123456e999999999", "1e999999", "-1e999999999", "1e-999999999"]
"""Few characters that would be more digits than any memory holds."""


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_beyond_all_measure_stays_as_it_is_written(tmp_path: Path, number: str) -> None:
    (table,) = opened(tmp_path, "book.xlsx", packed(edited(SHEET, b"<v>5</v>", f"<v>{number}</v>".encode())))
    assert rows(table)[0][1] == ["c-1", "Acme", number]
    (table,) = opened(tmp_path, "list.json", f'[{{"customer_id": "c-1", "seats": {number}}}]')
    assert rows(table)[0][1] == ["c-1", number]


@pytest.mark.parametrize("number", NUMBERS[:3])
def test_so_does_a_duration_beyond_all_measure(tmp_path: Path, number: str) -> None:
    found = edited(SHEET, b"<v>5</v>", f"<v>{number}</v>".encode())
    found[SHEET] = found[SHEET].replace(b'<c r="C2"', b'<c s="1" r="C2"')
    spans = b'<numFmts count="1"><numFmt numFmtId="164" formatCode="[h]:mm"/></numFmts><fonts'
    found[STYLES] = found[STYLES].replace(b"<fonts", spans, 1).replace(b"</cellXfs>", b'<xf numFmtId="164"/></cellXfs>')
    (table,) = opened(tmp_path, "book.xlsx", packed(found))
    assert rows(table)[0][1] == ["c-1", "Acme", number]


def test_halves_of_characters_are_made_whole_or_replaced(tmp_path: Path) -> None:
    found = edited(SHEET, b">Acme<", b">_xD83D__xDE00_ _xD800_<")
    found[SHEET] = found[SHEET].replace(b">seats<", b">se_xDC00_ats<")
    (table,) = opened(tmp_path, "book.xlsx", packed(found))
    assert table.header == ("customer_id", "name", "se\N{REPLACEMENT CHARACTER}ats")
    assert rows(table)[0][1] == ["c-1", "\N{GRINNING FACE} \N{REPLACEMENT CHARACTER}", "5"]
    (table,) = opened(tmp_path, "list.json", json.dumps([{"customer_id": "c-1"}, "\ud800"]))
    assert rows(table)[1][1] == ["\N{REPLACEMENT CHARACTER}"]


def test_an_encoding_in_which_no_table_is_written_is_none(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no encoding"):
        opened(tmp_path, "f.csv", b"customer_id,name\n1,+2AA-\n", encoding="utf-7")


def test_records_that_share_no_field_are_no_table(tmp_path: Path) -> None:
    """Made one, 8,000 records would have 64 million cells and something in 16,000 of them."""
    records = [{"customer_id": f"c{number}", f"on {number}": "x"} for number in range(8000)]
    with pytest.raises(BadFile, match=r"different fields between them, hardly two the same"):
        opened(tmp_path, "sparse.json", json.dumps(records).encode())
    few = [{"customer_id": f"c{number}", f"on {number % 1100}": "x"} for number in range(2200)]
    (table,) = opened(tmp_path, "few.json", json.dumps(few).encode())
    assert len(rows(table)) == 2200
