"""JSON and CSV: deterministic, whole, and without a raw control character."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cstui.base.cells import unguarded
from cstui.base.errors import BadFile
from cstui.cli.output import ProgressLine, csv_text, error_json, json_text

RAW = [*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]


@given(st.text())
def test_json_reads_back_and_holds_no_raw_control(text: str) -> None:
    document = json_text({"name": text})
    assert json.loads(document)["name"] == text
    assert not [char for char in document if ord(char) in RAW and char != "\n"]
    document.encode("utf-8")


@pytest.mark.parametrize("text", ["\x1b]52;c;x\x07", "\x9b31m", "\u202eevil", "\U000e0041", "\ud800"])
def test_json_escapes_what_a_terminal_may_obey(text: str) -> None:
    document = json_text({text: text})
    assert document.encode("utf-8").isascii()
    assert json.loads(document) == {text: text}


def test_json_keeps_names_readable_and_keys_in_order() -> None:
    assert json_text({"b": "شركة پارس‌داده", "a": None}) == '{\n  "b": "شركة پارس‌داده",\n  "a": null\n}\n'


def test_json_refuses_what_it_has_no_word_for() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        json_text({"rate": float("nan")})


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1"])
def test_csv_disarms_formulas(text: str) -> None:
    row = next(csv.reader(io.StringIO(csv_text(["a"], [[text]]).split("\n", 1)[1])))
    assert row[0].startswith("'")


@pytest.mark.parametrize("text", ["=1+1", "'=1+1", "''-x", "'quoted'"])
def test_csv_reads_back_as_it_was(text: str) -> None:
    row = next(csv.reader(io.StringIO(csv_text(["a"], [[text]]).split("\n", 1)[1])))
    assert unguarded(row[0]) == text


def test_csv_keeps_numbers_bare_and_long_text_whole() -> None:
    assert csv_text(["a", "b", "c"], [[-5, -1.5, None]]) == "a,b,c\n-5,-1.5,\n"
    assert "x" * 5000 in csv_text(["a"], [["x" * 5000]])


@given(st.text())
def test_csv_holds_no_raw_control(text: str) -> None:
    assert not [char for char in csv_text(["a"], [[text]]) if ord(char) in RAW and char != "\n"]


def test_an_error_names_its_place() -> None:
    error = BadFile("broken", file="a.csv", line=3)
    assert error_json(error) == {"schema": 1, "error": {"code": "bad-file", "message": "broken", "file": "a.csv", "line": 3}}


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_drawn_on_a_terminal_and_wiped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    stream = Terminal()
    line = ProgressLine(stream)
    line.show("reading 1 %")
    line.show("reading 1 %")
    line.clear()
    line.clear()
    assert stream.getvalue() == "\r\x1b[Kreading 1 %\r\x1b[K"


def test_progress_is_silent_when_piped() -> None:
    stream = io.StringIO()
    line = ProgressLine(stream)
    line.show("reading 1 %")
    line.clear()
    assert stream.getvalue() == ""
