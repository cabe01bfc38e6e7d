"""From a path to the tables in it, whatever form the file has: text, workbook, JSON, each also in gzip or zip.

The one door through which files come in. Knows nothing of kinds and fields, and no header but through a predicate.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from cstui.base.errors import BadFile, NoRecords, NothingThere, UsageError
from cstui.base.text import clean
from cstui.ingest import delimited, encodings
from cstui.ingest.content import Content, Form, contents_of
from cstui.ingest.layout import Note
from cstui.ingest.reading import Table

Known = Callable[[str], bool]

_JSON = re.compile(r"[\ufeff\s]*(?:\{\s*[\"}]|\[\s*[\[{\]])")
_NAMED_JSON = re.compile(r"\.(?:json|jsonl|ndjson)(?:\.gz)?$", re.IGNORECASE)
"""Names of files that may be empty and say something: that there is no record."""
_BLANKS_LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the person said of how files are to be opened."""

    encoding: str | None = None
    sheet: str | None = None
    """A sheet by its name or number, or any table in a file by what stands after the `›` of its name."""
    of: Mapping[str, str] = field(default_factory=dict)
    """Member of an archive → its encoding, where that is one of its own."""

    def encoding_of(self, content: Content) -> str | None:
        """As what a file, or a member of an archive, is to be read."""
        return self.of.get(content.name.partition(" › ")[2], self.encoding)


def open_tables(path: Path, wanted: Wanted, known: Known) -> list[Table]:
    """The tables in a file. Raises BadFile; UsageError where the encoding or the sheet does not exist."""
    contents, others = contents_of(path)
    tables: list[Table] = []
    failed: list[BadFile] = []
    for content in contents:
        try:
            tables += _tables_in(content, wanted, known)
        except BadFile as error:
            member = content.name.partition(" › ")[2]
            if len(contents) == 1 or member in wanted.of:
                error.table = member
                raise
            failed.append(error)
    if not tables:
        raise failed[0]
    if len(tables) == 1 and wanted.sheet is None:
        return [_with_blank_headers(replace(tables[0], name=clean(path.name), notes=(*_told(others, failed), *tables[0].notes)))]
    tables, empty = _chosen(path, tables, wanted), []
    if len(tables) > 1:
        filled = [table for table in tables if any(block.rows for block in table.blocks())]
        empty = [(table.name, "it has a header and no row") for table in tables if table not in filled]
        tables = filled or tables[:1]
    tables[0] = replace(tables[0], notes=(*_told([*others, *empty], failed), *tables[0].notes))
    return [_with_blank_headers(table) for table in tables]


def _told(others: Sequence[tuple[str, str]], failed: Sequence[BadFile]) -> list[Note]:
    told = [Note("left-out", 0, f"{name} is left out: {what}") for name, what in others]
    told += [Note("left-out", 0, f"left out: {error.message}") for error in failed]
    return told


def _tables_in(content: Content, wanted: Wanted, known: Known) -> list[Table]:
    if content.form is Form.WORKBOOK:
        from cstui.ingest import workbook  # with its XML reader, which no other form needs

        return workbook.tables_of(content, _digest(content), known)
    found = encodings.scan(content, wanted.encoding_of(content), known)
    try:
        if _is_json(content, found.encoding):
            from cstui.ingest import documents

            return documents.tables_of(content, found)
        try:
            return delimited.tables_of(content, found, known)
        except NothingThere:
            if not _NAMED_JSON.search(content.name):
                raise
            raise NoRecords(f"{content.name} holds no record.", file=str(content.path)) from None
    except BadFile as error:
        error.encoding = found.encoding.removesuffix("-sig")
        raise


def _is_json(content: Content, encoding: str) -> bool:
    with content.open() as stream:
        return _JSON.match(stream.read(1024).decode(encoding, "ignore")) is not None


def _digest(content: Content) -> str:
    digest = hashlib.sha256()
    with content.open() as stream:
        while chunk := stream.read(encodings.CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _chosen(path: Path, tables: list[Table], wanted: Wanted) -> list[Table]:
    """The tables that the person wants: all, or those that answer to `--sheet`."""
    if wanted.sheet is None:
        return tables
    asked = clean(wanted.sheet).casefold()
    found = [table for table in tables if asked in _names(table)]
    if not found and asked.isdecimal() and 1 <= int(asked) <= len(tables):
        found = [tables[int(asked) - 1]]
    if not found:
        names = ", ".join(table.name.rpartition(" › ")[2] for table in tables)
        raise UsageError(f"--sheet {wanted.sheet}: {clean(path.name)} has no such table. It has: {names}.")
    return found


def _names(table: Table) -> set[str]:
    parts = table.name.casefold().split(" › ")
    return {" › ".join(parts[at:]) for at in range(len(parts))} | set(parts[1:])


def _with_blank_headers(table: Table) -> Table:
    """The table, with a note on columns that hold something and have no name."""
    blank = [at for at, name in enumerate(table.header) if not name.strip()]
    if not blank:
        return table
    first = next(table.blocks(), None)
    rows = first.rows[:_BLANKS_LOOKED_AT] if first else []
    filled = [at for at in blank if any(at < len(row) and row[at].strip() for row in rows)]
    if not filled:
        return table
    named = ", ".join(str(at + 1) for at in filled[:10])
    note = Note("blank-header", 0, f"columns without a name are left out: number {named} of {len(table.header)}")
    return replace(table, notes=(*table.notes, note))
