"""The last import once more: its files from where they were, read in the same way, where they still have the same columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cstui.base.errors import BadFile, UnknownImport, UnreadableFile
from cstui.base.text import clean
from cstui.desk.import_request import ImportRequest, request_from
from cstui.desk.importing import headers
from cstui.store import log

if TYPE_CHECKING:
    from cstui.store.workspace import Workspace


class ChangedShape(BadFile):
    """A file has other columns than when it was imported."""

    code = "changed-shape"


def again(workspace: Workspace, day: int, at: str) -> ImportRequest:
    """What the last import that stands asked for, asked on `day`. Raises UnknownImport, UnreadableFile, ChangedShape, BadFile."""
    with workspace.read() as db:
        last = log.last_asked(db)
        if last is None:
            raise UnknownImport("There is no import to repeat.")
        number, asked = last
        if not asked:
            raise UnknownImport(f"Import {number} did not keep what was asked for. Name its files: cstui import FILE….")
        mappings = log.mappings(db, number)
    request = _request(asked, day, at)
    _look(request, {name: _header(mapping) for name, mapping in mappings.items()}, number)
    return request


def _request(asked: Mapping[str, Any], day: int, at: str) -> ImportRequest:
    return replace(request_from(asked), day=day, at=at)


def _header(mapping: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(clean(str(cell)) for cell in mapping.get("header", ()))


def _there(name: str) -> bool:
    """Whether a file is where it was. Raises UnreadableFile where its folder can't be looked into."""
    try:
        return Path(name).is_file()
    except OSError as error:
        raise UnreadableFile(f"{clean(name)} can't be read: {error.strerror}.", file=name) from error


def _look(request: ImportRequest, shapes: dict[str, tuple[str, ...]], number: int) -> None:
    """Whether the files are there, and have the columns they had."""
    gone = [name for name in request.files if not _there(name)]
    if gone:
        shown = ", ".join(clean(name) for name in gone)
        raise UnreadableFile(f"Import {number} can't be repeated: {shown} is not there any more.", file=gone[0])
    for name in request.files:
        before = shapes.get(clean(Path(name).name))
        if not before:
            continue  # a workbook or an archive: its tables are judged when they are read
        now = headers(name, request.said_of(name).encoding, request.said_of(name).sheet)
        if now != before:
            lost, new = ([cell for cell in one if cell not in other] for one, other in ((before, now), (now, before)))
            told = "; ".join(f"{word}: {', '.join(cells)}" for word, cells in (("gone", lost), ("new", new)) if cells) or "in another order"
            message = f"{clean(Path(name).name)} has other columns than in import {number} ({told}). Look at it first: cstui import FILE."
            raise ChangedShape(message, file=name, line=1)
