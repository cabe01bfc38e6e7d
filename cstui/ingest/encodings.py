"""In which encoding a file is written: by its byte order mark, by being UTF-8 to its last byte, or by evidence from a shortlist.

One pass over all bytes, which also gives their number and checksum and where lines are blank. Knows nothing of cells, and no
header but through a predicate that it is given.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from queue import Queue
from threading import Thread
from typing import BinaryIO

from cstui.base.errors import BrokenText, UsageError
from cstui.ingest.content import Content

CHUNK = 1 << 20
TAIL = 1 << 14
"""Bytes of a file's end that are kept for a look."""
_SAMPLE = 1 << 18
_LITTLE = 1 << 11
_AHEAD = 4
"""Chunks that wait to be hashed."""
_WIDE = ("utf-16", "utf-32")
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NOT_OF_FILES = frozenset(
    {"idna", "punycode", "undefined", "utf-7", "unicode_escape", "raw_unicode_escape", "unicode-escape", "raw-unicode-escape"}
)
_GAP = re.compile(rb"\n(?=[\r\n#,;\t|])(?:\r?\n|#|[,;\t|][,;\t|])")
"""A blank line, one that begins as a comment does, or one whose first cells are empty. What most lines begin with fails at one look."""
_OLD_GAP = re.compile(rb"\r[\r#]")
"""The same where lines end with CR alone. Apart, because a pattern that begins with one certain byte is found six times as fast."""
_SEAM = 4
"""Bytes of a gap's longest sign, and one more."""
_ARABIC_WORD = re.compile(r"(?<![^\W\d_])[\u0621-\u064a\u067e\u0686\u0698\u06a9\u06af\u06be\u06cc\u200c]{2,}(?![^\W\d_])")
_ARABIC_IN_LATIN = re.compile(r"[a-zA-Z][\u0621-\u0652\u067e\u0686\u0698\u06af]+|[\u0621-\u0652\u067e\u0686\u0698\u06af]+[a-zA-Z]")


@dataclass(frozen=True, slots=True)
class Scan:
    """What one pass over a file's bytes has shown."""

    encoding: str
    guess: str | None
    """Why this encoding, where the bytes leave a choice."""
    size: int
    """Bytes, unpacked."""
    sha256: str
    gaps: bool
    """Whether some line is blank or looks like a comment, so that there may be more in the file than one table."""
    endless: bool
    """Whether some line is longer than a chunk."""
    tail: bytes
    """The end of the file, from the beginning of a line; empty where lines can't be told from bytes."""
    tail_line: int
    """The line on which that begins."""


def wide(encoding: str) -> bool:
    """Whether a character takes more than one byte even where it is ASCII."""
    return encoding.startswith(_WIDE)


def scan(content: Content, asked: str | None, known: Callable[[str], bool]) -> Scan:
    """Read all bytes once. Raises UsageError (no such encoding), BrokenText with the line, and what opening raises."""
    with content.open() as stream:
        start = stream.read(4096)
    name, guess = (_named(asked), None) if asked else _begins_as(start)
    counted = _Count(content, name)
    try:
        with content.open() as stream:
            while chunk := stream.read(CHUNK):
                counted.add(chunk)
    finally:
        checksum = counted.digest.found()
    tail, line = counted.tail()  # which finds what the last bytes alone tell: a character that does not end
    if not counted.utf8 and not asked:
        name, guess = _by_evidence(content, start, known)
    return Scan(name, guess, counted.size, checksum, counted.gaps or wide(name), counted.endless, tail, line)


def _named(asked: str) -> str:
    try:
        found = codecs.lookup(asked)
    except (LookupError, ValueError):
        found = None
    if found is None or not found._is_text_encoding or found.name in _NOT_OF_FILES:  # noqa: SLF001  # the only place where it is said
        raise UsageError(f"There is no encoding “{asked}”. Examples: utf-8, cp1252, cp1256, utf-16.")
    return "utf-8-sig" if found.name == "utf-8" else found.name


def _begins_as(start: bytes) -> tuple[str, str | None]:
    for mark, name in _MARKS:
        if start.startswith(mark):
            return name, None
    for name, zeros, others in (("utf-16-le", start[1::2], start[::2]), ("utf-16-be", start[::2], start[1::2])):
        if len(zeros) >= 4 and zeros.count(0) * 10 >= len(zeros) * 4 and not others.count(0):
            return name, "every other byte is zero, as in UTF-16"
    return "utf-8-sig", None


class _Digest:
    """A checksum; of more than a few chunks worked out by a thread of its own, since hashing needs no interpreter."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self._chunks: Queue[bytes] = Queue(_AHEAD)
        self._thread: Thread | None = None
        self._added = 0

    def add(self, chunk: bytes) -> None:
        self._added += 1
        if self._added > _AHEAD and self._thread is None:
            self._thread = Thread(target=self._work, daemon=True)
            self._thread.start()
        if self._thread is None:
            self._digest.update(chunk)
        else:
            self._chunks.put(chunk)

    def _work(self) -> None:
        while chunk := self._chunks.get():
            self._digest.update(chunk)

    def found(self) -> str:
        """The checksum of all chunks. None may come afterwards."""
        if self._thread is not None:
            self._chunks.put(b"")
            self._thread.join()
        return self._digest.hexdigest()


@dataclass(slots=True)
class _Count:
    """What the pass has seen so far."""

    content: Content
    encoding: str
    size: int = 0
    lines: int = 0
    gaps: bool = False
    endless: bool = False
    ascii: bool = True
    utf8: bool = True
    digest: _Digest = field(default_factory=_Digest)
    _decode: codecs.IncrementalDecoder = field(default_factory=codecs.getincrementaldecoder("utf-8"))
    _last: bytes = b""

    def add(self, chunk: bytes) -> None:
        if not wide(self.encoding) and (at := chunk.find(b"\0")) >= 0:
            line = self.lines + 1 + chunk.count(b"\n", 0, at)
            what = "It holds a NUL character: it is damaged, or no text file. Export it again as CSV in UTF-8."
            raise BrokenText(f"{self.content.name}, line {line}: {what}", file=str(self.content.path), line=line)
        self.digest.add(chunk)
        self.size += len(chunk)
        lines = chunk.count(b"\n")
        self.lines += lines
        self.endless = self.endless or (not lines and len(chunk) == CHUNK)
        self.gaps = self.gaps or _has_gap(chunk) or _has_gap(self._last[-_SEAM:] + chunk[:_SEAM])
        if self.encoding == "utf-8-sig" and self.utf8 and not (chunk.isascii() and not self._decode.getstate()[0]):
            self.ascii = False
            self.utf8 = self._decodable(chunk)
        self._last = chunk if len(chunk) >= TAIL else self._last[-TAIL:] + chunk

    def _decodable(self, chunk: bytes) -> bool:
        """Whether a chunk goes on as UTF-8 does. Where there is little in it but ASCII, only that little is looked at."""
        try:
            for at in range(0, len(chunk), _LITTLE):
                part = chunk[at : at + _LITTLE]
                if not part.isascii() or self._decode.getstate()[0]:
                    self._decode.decode(part)
        except UnicodeDecodeError:
            return False
        return True

    def tail(self) -> tuple[bytes, int]:
        if wide(self.encoding) or b"\n" not in self._last:
            return b"", self.lines + 1
        if self.utf8 and self.encoding == "utf-8-sig" and not self.ascii:
            try:
                self._decode.decode(b"", final=True)
            except UnicodeDecodeError:
                self.utf8 = False
        last = self._last[-TAIL:]
        if self.size > len(last):
            last = last[last.find(b"\n") + 1 :]
        return last, self.lines + 1 - last.count(b"\n")


def _has_gap(data: bytes) -> bool:
    return _GAP.search(data) is not None or (b"\r" in data and _OLD_GAP.search(data) is not None)


def _by_evidence(content: Content, start: bytes, known: Callable[[str], bool]) -> tuple[str, str]:
    """cp1256 or cp1252, for bytes that are not UTF-8. Raises BrokenText where they are partly UTF-8, or neither."""
    with content.open() as stream:
        line, sample = _first_wrong(stream)
    if line is None or start.startswith(codecs.BOM_UTF8):
        where = line or _wrong_line(content)
        what = "the bytes are not UTF-8, as those of other lines are: two encodings are mixed. Mend this line, or say --encoding"
        raise BrokenText(f"{content.name}, line {where}: {what}.", file=str(content.path), line=where)
    found = {name: _read(sample, name) for name in ("cp1256", "cp1252")}
    arabic, latin = found["cp1256"] or "", found["cp1252"]
    words = sum(map(len, _ARABIC_WORD.findall(arabic)))
    mixed = sum(map(len, _ARABIC_IN_LATIN.findall(arabic)))
    headers = {name: _headers(text, known) for name, text in found.items()}
    if latin is None or headers["cp1256"] > headers["cp1252"] or (words > 2 * mixed and headers["cp1256"] == headers["cp1252"]):
        if words or headers["cp1256"]:
            return "cp1256", "it is not UTF-8, and read as cp1256 its words are Arabic or Persian"
    elif latin is not None:
        return "cp1252", "it is not UTF-8, and its letters beyond ASCII stand in Latin words, as in cp1252"
    what = "the bytes are neither UTF-8 nor cp1256 nor cp1252. Name their encoding with --encoding"
    raise BrokenText(f"{content.name}, line {line}: {what}.", file=str(content.path), line=line)


def _first_wrong(stream: BinaryIO) -> tuple[int | None, bytes]:
    """The first line that is not UTF-8 (None where others are UTF-8 beyond ASCII), and the lines beyond ASCII to judge by."""
    first: int | None = None
    kept: list[bytes] = []
    room = _SAMPLE
    for number, raw in enumerate(_lines(stream), start=1):
        if not raw.isascii():
            try:
                raw.decode()
            except UnicodeDecodeError:
                first = first or number
            else:
                return None, b""
        if room > 0 and (number == 1 or not raw.isascii()):
            kept.append(raw)
            room -= len(raw)
    return first, b"".join(kept)


def _wrong_line(content: Content) -> int:
    with content.open() as stream:
        for number, raw in enumerate(_lines(stream), start=1):
            try:
                raw.decode()
            except UnicodeDecodeError:
                return number
    return 1


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """Lines, none of them endless."""
    while line := stream.readline(CHUNK):
        yield line


def _read(sample: bytes, encoding: str) -> str | None:
    try:
        return sample.decode(encoding)
    except UnicodeDecodeError:
        return None


def _headers(text: str | None, known: Callable[[str], bool]) -> int:
    first = (text or "").partition("\n")[0]
    return sum(map(known, re.split(r"[,;\t|،]", first.replace('"', ""))))
