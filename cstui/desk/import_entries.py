"""What is kept in the log of each file of an import, and what is said of one that nothing is taken of.

Knows what a file was understood by and what came of it; reads nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cstui.base.errors import AllRefused
from cstui.base.problems import Problem
from cstui.desk.importing import FileOutcome, not_used
from cstui.ingest.job import Prepared, Unused
from cstui.store import merge


def entry(file: Prepared, came: FileOutcome) -> merge.FileEntry:
    """A file of one kind of record as the log keeps it."""
    about = {
        "fields": {name: file.plan.column(name) for name in file.plan.fields},
        "header": list(file.table.header),
        "delimiter": file.table.delimiter,
        "constants": dict(file.plan.constants),
        "why": file.plan.why,
        "encoding": file.table.encoding,
        "oddities": [[o.code, o.count, o.message, list(o.lines)] for o in came.oddities],
        **(came.joined.to_json() if came.joined is not None else {}),
    }
    return merge.FileEntry(
        file.table.name, file.plan.record.kind, file.plan.source, file.table.sha256, file.table.size, about,
        came.read, came.created, came.updated, came.unchanged, came.refused, came.changes,
    )  # fmt: skip


def unused_for_log(file: Unused) -> dict[str, str]:
    """A file whose rows are not imported, as the log keeps it."""
    return {"name": file.table.name, "source": file.label, "why": file.why, "use": file.use, "encoding": file.table.encoding}


def unused(file: Unused) -> FileOutcome:
    """The same as an outcome."""
    return replace(not_used(unused_for_log(file)), path=str(file.table.path))


def object_to(file: Prepared, read: int, problems: Sequence[Problem]) -> None:
    """Object to a file none of whose rows is accepted, with the first of its `problems`. Raises AllRefused."""
    if not read or not problems:
        return
    first = problems[0]
    where = f"line {first.line}" + (f", {first.column}" if first.column else "") + (f" “{first.value}”" if first.value else "")
    every = "its only row is" if read == 1 else f"all {read:,} rows are"
    message = f"{file.table.name}: {every} refused, so nothing was imported. The first, {where}: {first.message}"
    raise AllRefused(message, file=str(file.table.path), line=first.line, column=first.column)
