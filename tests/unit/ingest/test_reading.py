"""Delimited files: bytes, delimiters, quotes, lines."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from cstui.base.errors import BrokenText, NothingThere, UnreadableFile
from cstui.ingest.headers import known
from cstui.ingest.opening import Wanted, open_tables
from cstui.ingest.reading import Table


def table(folder: Path, content: bytes | str, encoding: str | None = None) -> Table:
    path = folder / "file.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    (found,) = open_tables(path, Wanted(encoding), known)
    return found


def rows(folder: Path, content: bytes | str) -> list[tuple[int, list[str]]]:
    return [(line, row) for block in table(folder, content).blocks() for line, row in zip(block.lines, block.rows, strict=True)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_byte_order_mark_and_line_ends(tmp_path: Path, delimiter: str, start: bytes, end: str) -> None:
    lines = [["customer_id", "name", "goal"], ["007", "a, b; c", "1,5"], ["8", 'say "hi"', ""]]
    quoted = [delimiter.join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in line) for line in lines]
    found = table(tmp_path, start + end.join(quoted).encode() + end.encode())
    assert (found.delimiter, found.header) == (delimiter, ("customer_id", "name", "goal"))
    assert [row for block in found.blocks() for row in block.rows] == lines[1:]


def test_one_column_and_sep_line(tmp_path: Path) -> None:
    assert table(tmp_path, "customer_id\n1\n").header == ("customer_id",)
    found = table(tmp_path, "sep=|\ncustomer_id|name\n1|a\n")
    assert (found.delimiter, found.header) == ("|", ("customer_id", "name"))
    assert list(next(found.blocks()).lines) == [3]


def test_lines_are_counted_through_quoted_line_ends_and_blank_rows(tmp_path: Path) -> None:
    content = 'customer_id,name\n1,"a\nb\r\nc"\n\n,\n2,d\n  \n3,e\n'
    assert [line for line, _ in rows(tmp_path, content)][:2] == [2, 7]
    assert [row[0] for _, row in rows(tmp_path, content)] == ["1", "2", "3"]


def test_an_unclosed_quote_is_told_with_the_line_it_begins_on(tmp_path: Path) -> None:
    content = 'customer_id,name\n1,a\n2,b\n3,"never closed\n' + "4,x\n" * 50_000
    with pytest.raises(BrokenText) as found:
        rows(tmp_path, content)
    assert found.value.line == 4
    assert "never closed" in found.value.message


def test_a_stray_quote_nul_and_wrong_bytes_are_told_with_their_line(tmp_path: Path) -> None:
    for content, line in (
        (b'customer_id,name\n1,"a"b\n', 2),
        (b"customer_id,name\n1,a\n2,b\0\n", 3),
        ("customer_id,name\n1,شركة\n".encode() + b"2,caf\xe9\n", 3),
        (b"\xef\xbb\xbfcustomer_id,name\n1,a\n2,caf\xe9\n", 3),
    ):
        with pytest.raises(BrokenText) as found:
            rows(tmp_path, content)
        assert found.value.line == line, content


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
def test_a_file_is_not_utf8_for_its_very_last_letter(tmp_path: Path, end: bytes) -> None:
    """Without a line end after it, it could be the first byte of something in UTF-8."""
    found = table(tmp_path, b"customer_id,name\nc-1,Acme Caf\xe9" + end)
    assert found.encoding == "cp1252"
    assert [row for block in found.blocks() for row in block.rows] == [["c-1", "Acme Café"]]


def test_a_large_file_that_is_damaged_leaves_no_thread_behind(tmp_path: Path) -> None:
    before = threading.active_count()
    with pytest.raises(BrokenText):
        table(tmp_path, b"customer_id,name\n" + b"c-1,Acme\n" * (1 << 20) + b"c-2,\0\n")
    assert threading.active_count() == before


def test_other_encodings_by_name(tmp_path: Path) -> None:
    found = table(tmp_path, "customer_id,name\n1,شركة\n".encode("cp1256"), "cp1256")
    assert next(found.blocks()).rows == [["1", "شركة"]]


def test_empty_missing_and_folder(tmp_path: Path) -> None:
    with pytest.raises(NothingThere):
        table(tmp_path, "")
    with pytest.raises(NothingThere):
        table(tmp_path, "\n\n")
    with pytest.raises(UnreadableFile):
        open_tables(tmp_path / "none.csv", Wanted(), known)
    with pytest.raises(UnreadableFile):
        open_tables(tmp_path, Wanted(), known)
