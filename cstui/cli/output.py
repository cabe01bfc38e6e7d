"""What leaves the program: results to stdout as text, JSON or CSV, messages to stderr. Knows no command.

JSON and CSV are UTF-8 whatever the locale, the same bytes for the same input, and hold no raw control character.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol, TextIO, TypeVar

from cstui.base.cells import guarded
from cstui.base.errors import CstuiError
from cstui.base.text import safe

if TYPE_CHECKING:
    import argparse

Json = Mapping[str, object]
Rows = Iterable[Sequence[str | int | float | None]]


class Found(Protocol):
    """What a command found."""

    def to_json(self) -> Json:
        """As one document."""


F = TypeVar("F", bound=Found)

# json escapes C0 itself. DEL and C1, line separators, bidi embeddings, overrides and isolates, lone surrogates and tag
# characters are legal in JSON text, but a terminal may obey them.
_RAW = re.compile("[\u007f-\u009f\u2028-\u202e\u2066-\u206f\ud800-\udfff\U000e0000-\U000e007f]")


_LONGEST_LINE = 2000
"""Characters of a line of a message."""


def json_text(document: Json) -> str:
    """One document with its keys in the order given. Raises ValueError for NaN and infinity, which JSON has no word for."""
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2)
    return _RAW.sub(_escape, text) + "\n"


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x10000:
        return f"\\u{code:04x}"
    return f"\\u{0xD800 + (code - 0x10000 >> 10):04x}\\u{0xDC00 + (code - 0x10000 & 0x3FF):04x}"


def csv_text(titles: Sequence[str], rows: Rows) -> str:
    """Comma-separated text. A cell that a spreadsheet would run as a formula gets a leading `'`; numbers stay bare."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([_field(title) for title in titles])
    writer.writerows([_field(value) for value in row] for row in rows)
    return buffer.getvalue()


def _field(value: str | float | None) -> str | int | float:
    if value is None:
        return ""
    if not isinstance(value, str):
        return value
    whole = guarded(value)
    return safe(whole, max(len(whole), 1))


class OutputFailed(CstuiError):
    """Results can't be written to stdout: it is closed, or its disk full."""

    code = "output"

    def __init__(self, why: str) -> None:
        super().__init__(f"Results can't be written to standard output: {why}.")


def emit(text: str) -> None:
    """Write a result to stdout as UTF-8, ending in a line end. Raises OutputFailed; BrokenPipeError where its reader has read enough."""
    data = text if text.endswith("\n") else text + "\n"
    if sys.stdout is None:
        raise OutputFailed("it is closed")
    if (buffer := getattr(sys.stdout, "buffer", None)) is None:  # a stream that someone put in stdout's place
        sys.stdout.write(data)
        return
    try:
        sys.stdout.flush()
        buffer.write(data.encode("utf-8", "replace"))
        buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        drop_stdout()
        raise OutputFailed(error.strerror or str(error)) from error


def emit_line(text: str) -> None:
    """Write a result of one line to stdout, made safe: a file's name or a title may hold anything."""
    emit(safe(text, _LONGEST_LINE))


def drop_stdout() -> None:
    """Have what is still to be written to stdout go nowhere: what Python flushes at exit must not fail again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def emit_json(document: Json) -> None:
    """Write one JSON document to stdout."""
    emit(json_text(document))


def emit_found(args: argparse.Namespace, found: F, csv_rows: Callable[[F], tuple[Sequence[str], Rows]], show: Callable[[F], None]) -> int:
    """Write what was found in the form that `--json` or `--csv` asks for, else by `show`; the exit status."""
    if args.json:
        emit_json(found.to_json())
    elif args.csv:
        emit(csv_text(*csv_rows(found)))
    else:
        show(found)
    return 0


def say(text: str) -> None:
    """Write a message to stderr, each of its lines made safe; nowhere, where that is closed."""
    if sys.stderr is None:
        return
    lines = (safe(line, _LONGEST_LINE) for line in text.split("\n"))
    sys.stderr.write("\n".join(lines).encode(_encoding(sys.stderr), "replace").decode(_encoding(sys.stderr)) + "\n")
    sys.stderr.flush()


def error_json(error: CstuiError) -> Json:
    """The failure document of commands.md."""
    return {"schema": 1, "error": {"code": error.code, "message": error.message, "file": error.file, "line": error.line}}


def fail(error: CstuiError, *, as_json: bool) -> int:
    """Report a failure: the message to stderr and, where JSON was asked for, the document to stdout. Returns the exit status."""
    if as_json and not isinstance(error, OutputFailed):
        emit_json(error_json(error))
    say(f"cstui: {error.message}")
    if error.encoding not in {"", "xlsx"}:
        say(f"note: the file was read as {error.encoding}; --encoding E reads it as another.")
    return error.exit_status


class ProgressLine:
    """One line on stderr that is drawn over itself while work runs, and wiped after. Silent when stderr is not a terminal."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._live = self._stream is not None and self._stream.isatty() and os.environ.get("TERM") != "dumb"
        self._drawn = ""

    def show(self, text: str) -> None:
        """Draw `text` in place of what was there; the same text twice draws nothing."""
        if self._live and text != self._drawn:
            self._stream.write("\r\x1b[K" + safe(text, 78))
            self._stream.flush()
            self._drawn = text

    def clear(self) -> None:
        """Leave an empty line behind."""
        if self._drawn:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
            self._drawn = ""


def _encoding(stream: TextIO) -> str:
    return stream.encoding or "utf-8"
