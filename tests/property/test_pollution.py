"""Spoilt files are read right or refused with their place: never silently, never with a traceback, never at any cost of memory or time."""

from __future__ import annotations

import gzip
import io
import json
import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cstui.base.days import iso
from cstui.base.errors import BadFile, CstuiError
from cstui.desk.import_request import ImportRequest
from cstui.desk.import_session import Session
from cstui.desk.importing import FileOutcome
from tests.e2e.command import ROOT, environment
from tests.property.pollutions import (
    POLLUTIONS,
    Cells,
    Spoilt,
    csv_text,
    gzip_bomb,
    gzipped,
    json_list,
    lines_of_json,
    most_columns,
    workbook,
    workbook_bomb,
    zipped,
)
from tests.property.program import EXAMPLES

DAY, AT = 20_778, "2026-11-21T00:00:00Z"
MEMORY = 500 << 20
ROWS: list[Cells] = [(f"c-{number}", f"Name {number}", f"2026-01-{number:02d}") for number in range(1, 8)]


def book(sheet: str) -> bytes:
    """A workbook of one sheet, in as few parts as can be."""
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    parts = {
        "[Content_Types].xml": "<Types/>",
        "xl/workbook.xml": f'<workbook xmlns:r="{kinds}"><sheets><sheet name="S" r:id="a"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships><Relationship Id="a" Type="{kinds}/worksheet" Target="worksheets/s.xml"/>'
        "</Relationships>",
        "xl/worksheets/s.xml": sheet,
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return stream.getvalue()


def bring(path: Path) -> tuple[FileOutcome, ...]:
    """Import one file into a fresh workspace beside it. Raises what the program raises."""
    workspace = path.with_name("w.db")
    session = Session(workspace, ImportRequest((str(path),), day=DAY, at=AT), lambda _: None)
    try:
        session.preview()
        return session.commit().files
    finally:
        session.close()


def customers(path: Path) -> list[Cells]:
    """What the workspace holds."""
    db = sqlite3.connect(path.with_name("w.db"))
    try:
        rows = db.execute("SELECT customer_id, name, created_at FROM customer ORDER BY 1").fetchall()
    finally:
        db.close()
    return [(customer, name, iso(day)) for customer, name, day in rows]


def adds_up(files: Sequence[FileOutcome]) -> None:
    for file in files:
        assert file.read == file.created + file.updated + file.unchanged + file.refused
        assert len({problem.line for problem in file.problems}) == min(file.refused, 100)


def judge(spoilt: Spoilt, path: Path) -> None:
    """What became of a spoilt file is what must."""
    path.write_bytes(spoilt.content)
    if spoilt.fails is not None:
        with pytest.raises(BadFile) as failed:
            bring(path)
        assert failed.value.code == spoilt.fails, failed.value.message
        assert path.name in failed.value.message
        if spoilt.line is not None:
            assert failed.value.line == spoilt.line, failed.value.message
        assert not path.with_name("w.db").exists()
        return
    files = bring(path)
    adds_up(files)
    (file,) = files
    assert [(problem.line, problem.code) for problem in file.problems] == list(spoilt.refused)
    assert (file.created, file.refused) == (len(spoilt.good), len(spoilt.refused))
    assert customers(path) == sorted(spoilt.good)
    assert set(spoilt.notes) <= {oddity.code for oddity in file.oddities}


@pytest.mark.parametrize("name", POLLUTIONS)
def test_a_spoilt_file_is_read_right_or_refused_with_its_place(name: str, tmp_path: Path) -> None:
    spoilt = POLLUTIONS[name](list(ROWS))
    judge(spoilt, tmp_path / f"file{spoilt.suffix}")


WORD = st.text(st.sampled_from("abcXYZéßñ شركةنورکیپ۱٣'&-."), min_size=1, max_size=12).map(lambda text: f"n{text}n")
SLOW = frozenset({"gzip_bomb", "workbook_bomb", "most_columns", "too_many_columns", "longest_cell", "far_cell"})


@st.composite
def companies(draw: st.DrawFn) -> list[Cells]:
    """Rows of customers with ids that stay apart, names in several scripts and some days."""
    names = draw(st.lists(WORD, min_size=4, max_size=9))
    days = st.dates(min_value=date(2001, 1, 1), max_value=date(2026, 10, 31))
    return [(f"c-{number}", name, draw(days).isoformat()) for number, name in enumerate(names)]


@settings(max_examples=EXAMPLES or 60)
@given(rows=companies(), name=st.sampled_from(sorted(POLLUTIONS.keys() - SLOW)))
def test_it_is_so_for_any_rows(rows: list[Cells], name: str) -> None:
    spoilt = POLLUTIONS[name](rows)
    with tempfile.TemporaryDirectory() as folder:
        judge(spoilt, Path(folder) / f"file{spoilt.suffix}")


def usage_file(rows: list[Cells]) -> bytes:
    return csv_text([(row[0], row[2], "12") for row in rows], header=("customer_id", "date", "events")).encode()


def subscription_file(rows: list[Cells]) -> bytes:
    header = ("subscription_id", "customer_id", "started_at", "amount", "interval")
    return csv_text([(row[0], row[0], "۱۴۰۳/۰۸/۱۷", "۱٬۲۳۴٫۵", "month") for row in rows], ";", header).encode()


SOUND: dict[str, bytes] = {".csv": csv_text(ROWS).encode(), ".usage.csv": usage_file(ROWS), ".subs.csv": subscription_file(ROWS)}
for form in (workbook, json_list, lines_of_json, zipped, gzipped):
    SOUND[form(ROWS).suffix] = form(ROWS).content
"""What a file is called → a file of that form, to be damaged anywhere; made once, for workbooks and archives carry their time."""
PIECES = (
    b"\0",
    b'"',
    b",",
    b";",
    b"\n",
    b"\r",
    b"\n\n",
    b"\xff",
    b"\xef\xbb\xbf",
    b"{",
    b"]",
    b"\\ud800",
    b"<",
    b"&a;",
    b"1e999",
    b"NaN",
    b"\xd8\xb4",
)


@st.composite
def damaged(draw: st.DrawFn) -> tuple[str, bytes]:
    """A sound file with some of its bytes put in, taken out, changed or repeated."""
    suffix = draw(st.sampled_from(sorted(SOUND)))
    content = bytearray(SOUND[suffix])
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(content)))
        length = draw(st.integers(0, 40))
        what = draw(st.sampled_from(("insert", "delete", "change", "repeat", "cut")))
        if what == "insert":
            content[at:at] = draw(st.sampled_from(PIECES) | st.binary(min_size=1, max_size=4))
        elif what == "delete":
            del content[at : at + length]
        elif what == "change" and at < len(content):
            content[at] = draw(st.integers(0, 255))
        elif what == "repeat":
            content[at:at] = content[at : at + length] * draw(st.integers(1, 30))
        else:
            del content[at:]
    return suffix, bytes(content)


@settings(max_examples=EXAMPLES or 120)
@given(damaged())
def test_a_file_damaged_anywhere_adds_up_or_is_refused_in_words(found: tuple[str, bytes]) -> None:
    suffix, content = found
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"file{suffix}"
        path.write_bytes(content)
        try:
            adds_up(bring(path))
        except CstuiError as error:
            told = error.message
            assert told.isprintable()


HEAVY: dict[str, tuple[str, Callable[[], bytes]]] = {
    "a quote that is never closed": ("quote.csv", lambda: b'customer_id,name\n1,"open\n' + b"2,x\n" * 5_000_000),
    "one endless line": ("line.csv", lambda: b"a" * 40_000_000),
    "blank lines": ("blank.csv.gz", lambda: gzip.compress(b"customer_id,name\n1,a\n" + b"\n" * 4_000_000)),
    "a list of ten million": ("list.json", lambda: b"[" + b"1," * 10_000_000 + b"1]"),
    "a value that no memory holds": ("value.json", lambda: b'[{"customer_id": "' + b"x" * 40_000_000 + b'"}]'),
    "nothing but commas": ("commas.csv", lambda: b"customer_id,name\n" + b"," * 20_000_000),
    "an object of millions": (
        "object.json",
        lambda: b'{"a":{"b":{"c":{"d":{' + b",".join(b'"k%d":1' % at for at in range(2_000_000)) + b"}}}}}",
    ),
    "brackets": ("brackets.json", lambda: b"[[[" * 1_000_000),
    "a million fields": ("fields.json", lambda: b"[{" + b",".join(b'"k%d":1' % at for at in range(500_000)) + b"}]"),
    "elements of no use": ("elements.xlsx", lambda: book("<worksheet>" + "<x/>" * 5_000_000 + "</worksheet>")),
    "elements in elements": ("depth.xlsx", lambda: book("<worksheet>" + "<a>" * 5_000_000)),
    "cells in one row": ("row.xlsx", lambda: book('<worksheet><sheetData><row r="1">' + '<c r="A1"><v>1</v></c>' * 1_000_000)),
    "a bomb": ("bomb.csv.gz", lambda: gzip_bomb(list(ROWS)).content),
    "a bomb in a workbook": ("bomb.xlsx", lambda: workbook_bomb(list(ROWS)).content),
    "rows of 16,384 cells": ("wide.csv", lambda: most_columns(list(ROWS)).content + (b"\n9" + b"," * 16_383) * 300),
}
"""What it is → a name and bytes that cost far more to read than to send."""

_MEASURED = """
import json, resource, subprocess, sys
done = subprocess.run(sys.argv[1:], capture_output=True, text=True)
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps({"status": done.returncode, "out": json.loads(done.stdout), "err": done.stderr, "peak": peak}))
"""
"""A small process of its own, so that what it waits for is the command and the import process it starts, and nothing of this one."""
HANG = 900
"""Seconds that nothing takes, on however crowded a machine."""


def imported(path: Path) -> dict[str, Any]:
    """What `cstui import FILE --json` answers; its peak memory, that of its import process with it, is under the limit."""
    command = [sys.executable, "-m", "cstui", "import", str(path), "--db", str(path.with_name("w.db")), "--json"]
    launcher = [sys.executable, "-c", _MEASURED, *command]
    done = subprocess.run(launcher, capture_output=True, text=True, env=environment(path.parent), cwd=ROOT, timeout=HANG, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["peak"] << 10 < MEMORY, f"{found['peak'] >> 10} MiB"
    assert "Traceback" not in found["err"]
    document: dict[str, Any] = found["out"]
    assert (found["status"] == 0) is ("files" in document), document
    return document


MANY: list[Cells] = [(f"c-{number}", f"Name {number}", f"2026-01-{number % 28 + 1:02d}") for number in range(20_000)]
WIDE = frozenset({"most_columns", "too_many_columns"})
"""Pollutions of thousands of cells a row: of a few rows only."""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss is in KiB only here")
@pytest.mark.parametrize("name", POLLUTIONS)
def test_a_large_file_that_is_spoilt_is_imported_within_the_memory(name: str, tmp_path: Path) -> None:
    spoilt = POLLUTIONS[name](list(ROWS if name in WIDE else MANY))
    path = tmp_path / f"file{spoilt.suffix}"
    path.write_bytes(spoilt.content)
    document = imported(path)
    if spoilt.fails is not None:
        assert document["error"]["code"] == spoilt.fails
        return
    (file,) = document["files"]
    assert file["read"] == file["created"] + file["refused"]
    assert (file["created"], file["refused"]) == (len(spoilt.good), len(spoilt.refused))


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss is in KiB only here")
@pytest.mark.parametrize("what", HEAVY)
def test_no_file_takes_more_memory_than_there_is(what: str, tmp_path: Path) -> None:
    name, content = HEAVY[what]
    path = tmp_path / name
    path.write_bytes(content())
    for file in imported(path).get("files", ()):
        assert file["read"] == file["created"] + file["updated"] + file["unchanged"] + file["refused"]
