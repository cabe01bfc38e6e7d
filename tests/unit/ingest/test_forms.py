"""Files of every form as tables: workbooks, JSON, archives, several tables in one file, and what stands around the rows."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from datetime import date, datetime
from pathlib import Path
from random import Random

import openpyxl
import pytest
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from cstui.base.errors import BadFile, UsageError
from cstui.desk.import_request import ImportRequest
from cstui.desk.import_session import Session
from cstui.ingest.headers import known
from cstui.ingest.opening import Wanted, open_tables
from cstui.ingest.reading import Table
from tests.unit.store.import_calls import AT, DAY


def opened(folder: Path, name: str, content: bytes | str, encoding: str | None = None, sheet: str | None = None) -> list[Table]:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return open_tables(path, Wanted(encoding, sheet), known)


def rows(table: Table) -> list[tuple[int, list[str]]]:
    return [(line, row) for block in table.blocks() for line, row in zip(block.lines, block.rows, strict=True)]


def codes(table: Table) -> list[str]:
    return [note.code for note in table.notes]


def saved(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_cells_of_a_workbook_are_the_text_that_a_person_reads(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book["Sheet"]
    page.append(["customer_id", "name", "created_at", "seats", "active", "share", "long"])
    page.append(["007", "_x001B_[31m", datetime(2026, 1, 2), 7, True, 0.1 + 0.2, 12345678901234567890])  # noqa: DTZ001
    page.append([7.0, None, datetime(2026, 1, 2, 3, 4, 5), 7.5, False, 1e-7, "1E+05"])  # noqa: DTZ001
    (table,) = opened(tmp_path, "book.xlsx", saved(book))
    assert (table.name, table.encoding) == ("book.xlsx", "xlsx")
    assert rows(table) == [
        (2, ["007", "\x1b[31m", "2026-01-02", "7", "true", "0.3", "12345678901234570000"]),
        (3, ["7", "", "2026-01-02 03:04:05", "7.5", "false", "0.0000001", "1E+05"]),
    ]


def test_dates_are_the_same_whichever_year_a_workbook_counts_from(tmp_path: Path) -> None:
    days = [date.fromordinal(date(1901, 1, 1).toordinal() + Random(1).randrange(80_000)) for _ in range(50)]
    for epoch in (WINDOWS_EPOCH, MAC_EPOCH):
        book = openpyxl.Workbook()
        book.epoch = epoch
        page = book["Sheet"]
        page.append(["customer_id", "created_at"])
        wanted = [day for day in days if day > date(1904, 1, 2)]
        for number, day in enumerate(wanted):
            page.append([str(number), day])
        (table,) = opened(tmp_path, "book.xlsx", saved(book))
        assert [row[1] for _, row in rows(table)] == [day.isoformat() for day in wanted]
        assert table.from_1904 == (epoch == MAC_EPOCH)


def test_sheets_are_tables_and_one_can_be_chosen(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for name, header, row in (("People", ["customer_id", "name"], ["1", "A"]), ("Money", ["payment_id", "amount"], ["p", 5])):
        page = book.create_sheet(name)
        page.append(header)
        page.append(row)
    hidden = book.create_sheet("Old")
    hidden.append(["customer_id"])
    hidden.sheet_state = "hidden"
    content = saved(book)
    tables = opened(tmp_path, "book.xlsx", content)
    assert [table.name for table in tables] == ["book.xlsx › People", "book.xlsx › Money"]
    assert "left-out" in codes(tables[0])
    for asked in ("money", "2", "book.xlsx › Money"):
        (table,) = opened(tmp_path, "book.xlsx", content, sheet=asked)
        assert table.header == ("payment_id", "amount")
    with pytest.raises(UsageError, match="People, Money"):
        opened(tmp_path, "book.xlsx", content, sheet="Costs")


def test_members_of_a_zip_and_a_workbook_in_it_are_tables(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book["Sheet"].append(["customer_id", "name"])
    book["Sheet"].append(["3", "C"])
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a/subs.csv", "customer_id;name\n1;A\n")
        archive.writestr("b.json", json.dumps([{"customer_id": 2, "name": "B"}]))
        archive.writestr("c.xlsx", saved(book))
    tables = opened(tmp_path, "all.zip", stream.getvalue())
    assert [table.name for table in tables] == ["all.zip › a/subs.csv", "all.zip › b.json", "all.zip › c.xlsx › Sheet"]
    assert [rows(table)[0][1] for table in tables] == [["1", "A"], ["2", "B"], ["3", "C"]]
    (packed,) = opened(tmp_path, "x.csv.gz", gzip.compress(b"customer_id,name\n1,A\n"))
    assert (packed.name, rows(packed)) == ("x.csv.gz", [(2, ["1", "A"])])


def test_json_in_its_forms(tmp_path: Path) -> None:
    record = {"customer_id": 7, "name": None, "at": {"city": "Basra", "geo": {"x": 1}}, "tags": ["a", 2], "mrr": 1e3, "ok": True}
    expected = ["7", "", "Basra", '{"x": "1"}', "a, 2", "1000", "true"]
    for name, text in (
        ("list.json", json.dumps([record], indent=2)), ("one.json", json.dumps(record | {"at": {"city": "Basra"}, "at.geo": '{"x": "1"}'})),
        ("inside.json", json.dumps({"page": 1, "data": [record]})), ("deeper.json", json.dumps({"result": {"items": [record]}})),
        ("lines.ndjson", json.dumps(record) + "\n" + json.dumps(record) + "\n"),
    ):  # fmt: skip
        (table,) = opened(tmp_path, name, text)
        assert table.header[:3] == ("customer_id", "name", "at.city"), name
        assert sorted(rows(table)[0][1]) == sorted(expected), name
    two = opened(tmp_path, "two.json", json.dumps({"people": [record], "money": [{"payment_id": "p"}]}))
    assert [table.name for table in two] == ["two.json › people", "two.json › money"]


def test_a_large_list_comes_record_by_record(tmp_path: Path) -> None:
    many = [{"customer_id": f"c-{number}", "name": "x" * (number % 700)} for number in range(5_000)]
    (table,) = opened(tmp_path, "many.json", json.dumps(many, indent=1))
    assert [row for _, row in rows(table)] == [[record["customer_id"], record["name"]] for record in many]


def test_several_tables_below_each_other_as_web_analytics_has_them(tmp_path: Path) -> None:
    text = (
        "# ----\n# All users, Acme\n# 20260101-20260131\n# ----\n\n"
        "date,visits,conversions\nGrand total,30,3\n20260101,10,1\n20260102,20,2\n\n"
        "# ----\n\nBy channel\ncustomer_id,name\nc-1,A\n\n"
    )
    first, second = opened(tmp_path, "ga.csv", text)
    assert (first.name, second.name) == ("ga.csv › table 1", "ga.csv › By channel")
    assert rows(first) == [(8, ["20260101", "10", "1"]), (9, ["20260102", "20", "2"])]
    assert rows(second) == [(15, ["c-1", "A"])]
    assert {"comment-line", "totals-row"} <= set(codes(first))


def test_two_header_rows_are_one(tmp_path: Path) -> None:
    text = "Respondent ID,Collector ID,Start Date,How likely?,Why?,\n,,,Response,Open-Ended Response,Other\n1,2,01/31/2026,9,good,\n"
    (table,) = opened(tmp_path, "monkey.csv", text)
    assert table.header == ("Respondent ID", "Collector ID", "Start Date", "How likely?", "Why?", "Why? – Other")
    assert rows(table)[0][0] == 3
    assert "second-header" in codes(table)


def test_aligned_columns_and_columns_without_a_header(tmp_path: Path) -> None:
    (table,) = opened(tmp_path, "aligned.txt", " customer_id  date number\n 00001 19970101   1\n 00002 19970112  12\n")
    assert (table.header, rows(table)[1]) == (("customer_id", "date", "number"), (3, ["00002", "19970112", "12"]))
    (table,) = opened(tmp_path, "bare.csv", "00001,2026-01-01,11.77\n00002,2026-01-02,1.5\n")
    assert (table.header, rows(table)[0]) == (("column 1", "column 2", "column 3"), (1, ["00001", "2026-01-01", "11.77"]))
    assert codes(table) == ["no-header"]


def test_what_only_looks_like_something_around_the_rows_stays_a_row(tmp_path: Path) -> None:
    text = "customer_id,name,segment\n#1001,Total,retail\nTotal,Total Energies,oil\n\nemail,Acme,b\nc-9,A long name,b\n"
    (table,) = opened(tmp_path, "plain.csv", text)
    assert [row[0] for _, row in rows(table)] == ["#1001", "Total", "email", "c-9"]
    assert codes(table) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32", "cp1256"])
def test_encodings_are_told_from_the_bytes(encoding: str, tmp_path: Path) -> None:
    (table,) = opened(tmp_path, "file.csv", "customer_id،name\n1،شركة النور\n".replace("،", ",").encode(encoding))
    assert rows(table) == [(2, ["1", "شركة النور"])]
    assert table.encoding.removesuffix("-sig") == encoding.removesuffix("-sig")


def test_the_person_s_word_on_the_encoding_goes(tmp_path: Path) -> None:
    content = "customer_id,name\n1,Café\n".encode("cp1252")
    assert rows(opened(tmp_path, "f.csv", content)[0]) == [(2, ["1", "Café"])]
    assert rows(opened(tmp_path, "f.csv", content, encoding="cp1251")[0]) == [(2, ["1", "Cafй"])]
    with pytest.raises(BadFile):
        opened(tmp_path, "f.csv", content, encoding="utf-8")
    for nonsense in ("klingon", "rot13", "idna", "undefined"):
        with pytest.raises(UsageError):
            opened(tmp_path, "f.csv", content, encoding=nonsense)


def test_serial_days_of_a_1904_workbook_are_told_as_they_are_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.epoch = MAC_EPOCH
    assert book.active is not None
    for row in (["payment_id", "customer_id", "amount", "paid_at"], ["p1", "c1", 5, 44255]):
        book.active.append(row)
    path = tmp_path / "old.xlsx"
    book.save(path)
    outcome = Session(tmp_path / "w.db", ImportRequest((str(path),), day=DAY, at=AT), lambda _: None).preview()
    told = [odd.message for odd in outcome.files[0].oddities if odd.code == "dates"]
    assert told == ["“paid_at” holds numbers, read as days since 1904, as this workbook counts: 44255 is 2025-03-01"]
    assert outcome.files[0].samples[0][3] == "2025-03-01"
