"""Where bytes come from: a file as it lies there, what a gzip file holds, or a member of a zip; never more of them than can be right.

Tells what bytes are by how they begin, not by what the file is called. Knows nothing of text, cells or tables.
"""

from __future__ import annotations

import gzip
import io
import lzma
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from cstui.base.errors import BrokenText, NothingThere, UnreadableFile
from cstui.base.text import clean
from cstui.ingest.failures import NotATable, TooLarge

UNPACKED_FREELY = 64 << 20
"""Bytes that anything may unpack to."""
_RATIO = 200
"""How many times larger than packed what is unpacked may be beyond that: tables reach 40, bombs 1,000."""
_MEMBERS = 2_000
DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError)
"""What unpacking raises beside OSError and EOFError where the packed bytes are not what they should be."""
_SNIFFED = 4096
_WITHIN = " › "
"""Between the name of a file and that of a table in it."""

_SIGNS: Mapping[bytes, str] = {
    b"\xd0\xcf\x11\xe0": "an old Excel file (.xls) or one with a password. Save it as .xlsx or CSV, without a password",
    b"%PDF": "a PDF. Export the table behind it as CSV",
    b"SQLite format 3\0": "a database. Export its tables as CSV",
    b"PAR1": "a Parquet file. Export it as CSV",
    b"BZh": "packed with bzip2. Unpack it first",
    b"\xfd7zXZ\0": "packed with xz. Unpack it first",
    b"\x28\xb5\x2f\xfd": "packed with zstd. Unpack it first",
    b"7z\xbc\xaf\x27\x1c": "a 7-Zip archive. Unpack it first",
    b"Rar!\x1a": "a RAR archive. Unpack it first",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
}
_MARKUP = (b"<?xml", b"<!doctype", b"<html", b"<table")


class Form(Enum):
    """What bytes are."""

    TEXT = "text"
    WORKBOOK = "workbook"


@dataclass(frozen=True, slots=True)
class Content:
    """Bytes of one file, or of one that is packed in it."""

    path: Path
    name: str
    """As it is told to people: `book.xlsx`, `export.zip › subs.csv`."""
    form: Form
    size: int
    """Bytes that it takes on the disk."""
    member: str | None = None
    """Its name in the archive; empty in a gzip file."""

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """The bytes from their beginning. Raises UnreadableFile, BrokenText, TooLarge, here and while reading."""
        with ExitStack() as stack:
            try:
                stream = self._opened(stack)
            except (RuntimeError, *DAMAGED) as error:
                raise _damaged(self, error) from error
            except OSError as error:
                raise unreadable(self.path, error) from error
            try:
                yield stream
            except OSError as error:
                raise unreadable(self.path, error) from error

    def _opened(self, stack: ExitStack) -> BinaryIO:
        if self.member is None:
            return stack.enter_context(self.path.open("rb"))
        if not self.member:
            return _limited(cast("BinaryIO", stack.enter_context(gzip.open(self.path))), self)
        archive = stack.enter_context(zipfile.ZipFile(self.path))
        return _limited(cast("BinaryIO", stack.enter_context(archive.open(self.member))), self)

    def within(self, part: str) -> str:
        """The name of a table in it, as it is told to people."""
        return f"{self.name}{_WITHIN}{clean(part)}"


def contents_of(path: Path) -> tuple[list[Content], list[tuple[str, str]]]:
    """What a file holds that may be tables; and the names of what it holds besides, with what they are.

    Raises UnreadableFile, NotATable, TooLarge, BrokenText, NothingThere.
    """
    name = clean(path.name)
    try:
        status = path.stat()
        if what := _waits(status.st_mode):  # before it is opened: that may never come back
            message = f"{clean(str(path))} is {what}, not a file. Write what comes from it to a file, and import that."
            raise NotATable(message, file=str(path))
        size = status.st_size
        with path.open("rb") as stream:
            start = stream.read(_SNIFFED)
    except OSError as error:
        raise unreadable(path, error) from error
    if start.startswith(b"\x1f\x8b"):
        packed = Content(path, name, Form.TEXT, size, "")
        with packed.open() as stream:
            start = stream.read(_SNIFFED)
        inner = Form.WORKBOOK if start.startswith(b"PK\x03\x04") else Form.TEXT
        _object_to(start, path, name)
        return [Content(path, name, inner, size, "")], []
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(path, name, size)
    _object_to(start, path, name)
    return [Content(path, name, Form.TEXT, size)], []


def check_members(archive: zipfile.ZipFile, path: Path, name: str) -> None:
    """Raise TooLarge where members say that they unpack to more than can be right; they never give more than they say."""
    infos = archive.infolist()
    if len(infos) > _MEMBERS:
        raise TooLarge(f"{name} holds {len(infos):,} files; at most {_MEMBERS:,} are looked at.", file=str(path))
    for info in infos:
        if info.file_size > max(UNPACKED_FREELY, info.compress_size * _RATIO):
            what = f"“{clean(info.filename)}” would unpack to {info.file_size:,} bytes from {info.compress_size:,}"
            raise TooLarge(f"{name}: {what}. No table is packed so tightly: this may be a zip bomb.", file=str(path))


def unreadable(path: Path, error: OSError) -> UnreadableFile:
    """The system refuses a file."""
    return UnreadableFile(f"{clean(str(path))} can't be read: {error.strerror or error}.", file=str(path))


def _zipped(path: Path, name: str, size: int) -> tuple[list[Content], list[tuple[str, str]]]:
    try:
        with zipfile.ZipFile(path) as archive:
            check_members(archive, path, name)
            names = set(archive.namelist())
            if "[Content_Types].xml" in names or "mimetype" in names:
                if any(member.startswith("xl/") for member in names):
                    return [Content(path, name, Form.WORKBOOK, size)], []
                raise NotATable(f"{name} is a document, no workbook. Save the table in it as .xlsx or CSV.", file=str(path))
            return _members(archive, path, name)
    except (RuntimeError, OSError, EOFError, *DAMAGED) as error:
        raise BrokenText(f"{name} is a damaged zip file: {clean(str(error))}.", file=str(path)) from error


def _members(archive: zipfile.ZipFile, path: Path, name: str) -> tuple[list[Content], list[tuple[str, str]]]:
    found: list[Content] = []
    others: list[tuple[str, str]] = []
    for info in archive.infolist():
        parts = PurePosixPath(info.filename).parts
        if info.is_dir() or not info.file_size or any(part.startswith((".", "__MACOSX")) for part in parts):
            continue
        within = f"{name}{_WITHIN}{clean(info.filename)}"
        if info.flag_bits & 1:
            others.append((within, "it has a password. Unpack it first"))
            continue
        with archive.open(info) as stream:
            start = stream.read(_SNIFFED)
        what = _foreign(start)
        if start.startswith(b"PK\x03\x04"):
            workbook = b"xl/" in start or b"[Content_Types].xml" in start
            if workbook:
                found.append(Content(path, within, Form.WORKBOOK, info.compress_size, info.filename))
            else:
                others.append((within, "it is an archive in an archive. Unpack it first"))
        elif what is not None or start.startswith(b"\x1f\x8b") or (b"\0" in start and not start.startswith((b"\xff\xfe", b"\xfe\xff"))):
            others.append((within, f"it is {what or 'no table'}"))
        else:
            found.append(Content(path, within, Form.TEXT, info.compress_size, info.filename))
    if not found:
        why = f": {'; '.join(f'{other}: {what}' for other, what in others[:3])}" if others else ""
        raise NothingThere(f"{name} holds no table{why}.", file=str(path))
    return found, others


def _object_to(start: bytes, path: Path, name: str) -> None:
    what = _foreign(start)
    if what is not None:
        raise NotATable(f"{name} is {what}.", file=str(path))


def _waits(mode: int) -> str | None:
    """What something is that has no end of its own to be read to; None for files, and for folders, which the system refuses."""
    kinds = ((stat.S_ISFIFO, "a pipe"), (stat.S_ISSOCK, "a socket"), (stat.S_ISCHR, "a device"), (stat.S_ISBLK, "a device"))
    return next((what for is_one, what in kinds if is_one(mode)), None)


def _foreign(start: bytes) -> str | None:
    """What bytes are that can't be a table; None where they may be one."""
    for sign, what in _SIGNS.items():
        if start.startswith(sign):
            return what
    if start[257:262] == b"ustar":
        return "a tar archive. Unpack it first"
    if start.removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_MARKUP):
        return "a web page or XML, whatever it is called. Open it in a spreadsheet program and save it as .xlsx or CSV"
    return None


def _limited(stream: BinaryIO, content: Content) -> BinaryIO:
    return cast("BinaryIO", io.BufferedReader(_Limited(stream, content), 1 << 16))


class _Limited(io.RawIOBase):
    """Unpacked bytes, as long as there are not too many; what is damaged is told as that."""

    def __init__(self, stream: BinaryIO, content: Content) -> None:
        super().__init__()
        self._stream, self._content = stream, content
        self._left = max(UNPACKED_FREELY, content.size * _RATIO)
        self._done = 0

    def readable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._done

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # typeshed's buffer can't be sliced
        try:
            data = self._stream.read(len(buffer))
        except (OSError, EOFError, *DAMAGED) as error:
            raise _damaged(self._content, error) from error
        self._done += len(data)
        if self._done > self._left:
            message = f"{self._content.name} unpacks to more than {self._left:,} bytes. No table is packed so tightly: this may be a bomb."
            raise TooLarge(message, file=str(self._content.path))
        buffer[: len(data)] = data
        return len(data)


def _damaged(content: Content, error: Exception) -> BrokenText:
    return BrokenText(f"{content.name} can't be unpacked: {clean(str(error))}.", file=str(content.path))
