"""Data out: records of a kind as a file that imports back unchanged, or any table of figures, as CSV, JSON, NDJSON or XLSX.

A file is written beside its place and put there whole. Nothing in it runs as a formula, and only its owner can read it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from cstui.base.errors import CstuiError, UnreadableFile, UsageError
from cstui.base.money import exponent
from cstui.base.records import RECORDS, Kind, Type
from cstui.desk.export_files import FORMATS, Day, Value, writer_of
from cstui.desk.placing import placed
from cstui.desk.sparing import spare
from cstui.store import export as rows_of

if TYPE_CHECKING:
    from cstui.store.workspace import Workspace

KINDS: tuple[str, ...] = tuple(kind.value for kind in RECORDS)


class ExportExists(CstuiError):
    """There is a file of that name, and nobody said that it may go."""

    code = "exists"

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} exists already; --force writes over it.", file=str(path))


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written."""

    file: str
    format: str
    rows: int


@dataclass(frozen=True, slots=True)
class Target:
    """Where to write, how, and whether over what is there."""

    path: Path
    format: str
    force: bool = False


def target_of(path: Path, form: str | None, *, force: bool) -> Target:
    """The target, its format by `form` or else by the file's ending. Raises UsageError."""
    chosen = form or path.suffix.removeprefix(".").casefold()
    chosen = {"jsonl": "ndjson"}.get(chosen, chosen)
    if chosen not in FORMATS:
        ending = f"the ending “{path.suffix}”" if path.suffix else "a name without an ending"
        raise UsageError(
            f"{path.name}: {ending} does not say which format to write. End it in .csv, .json, .ndjson or .xlsx, or say --format."
        )
    return Target(path, chosen, force)


def only_kinds(names: Sequence[str]) -> tuple[str, ...]:
    """Those of the names that are kinds of record and no metrics."""
    from cstui.metrics.registry import METRICS

    return tuple(name for name in names if name in KINDS and name not in METRICS)


def export_records(workspace: Workspace, kind: str, target: Target) -> Exported:
    """Every record of a kind. Raises ExportExists, UnreadableFile, UsageError."""
    chosen = Kind(kind)
    with workspace.read() as db:
        extra = rows_of.attributes(db) if chosen is Kind.CUSTOMERS else ()
        names = (*RECORDS[chosen].names, *extra)
        told = _told(chosen, rows_of.records(db, chosen))
        return export_table(workspace, target, chosen.value, names, _flat(told, extra) if chosen is Kind.CUSTOMERS else told)


def export_table(workspace: Workspace, target: Target, title: str, names: Sequence[str], rows: Iterable[Sequence[Value]]) -> Exported:
    """Any table out of a workspace. Raises ExportExists, UnreadableFile, UsageError."""
    with _whole(workspace, target) as part:
        count = writer_of(target.format)(part, title, names, rows)
    return Exported(str(target.path), target.format, count)


def export_text(workspace: Workspace, target: Target, text: str, rows: int) -> Exported:
    """A document out of a workspace, as its text. Raises ExportExists, UnreadableFile, UsageError."""
    with _whole(workspace, target) as part:
        part.write_text(text, encoding="utf-8", newline="")
    return Exported(str(target.path), target.format, rows)


@contextmanager
def _whole(workspace: Workspace, target: Target) -> Iterator[Path]:
    """A private file to write into, put in its place at the end or taken away."""
    path = target.path
    if target.force:
        spare(path, workspace.path)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with placed(path, over=target.force) as part:
            yield part
    except FileExistsError:
        raise ExportExists(path) from None
    except OSError as error:
        raise UnreadableFile(f"{path} can't be written: {error.strerror or error}.", file=str(path)) from error


def _flat(rows: Iterable[Sequence[Value]], extra: Sequence[str]) -> Iterator[Sequence[Value]]:
    """Customers with a column for each attribute in place of the mapping at their end."""
    for *values, attributes in rows:
        held: Mapping[str, str] = attributes  # type: ignore[assignment]  # `records` says so
        yield [*values, *(held.get(name) for name in extra)]


def _told(kind: Kind, rows: Iterable[tuple[object, ...]]) -> Iterator[Sequence[Value]]:
    """Stored values as a file has them: days as dates, money in major units, numbers as numbers, anything else as text."""
    fields = RECORDS[kind].fields
    days = [at for at, field in enumerate(fields) if field.type is Type.DATE]
    numbers = [at for at, field in enumerate(fields) if field.type is Type.NUMBER]
    money = [at for at, field in enumerate(fields) if field.type is Type.MONEY]
    currency = next((at for at, field in enumerate(fields) if field.type is Type.CURRENCY), 0)
    for row in rows:
        told: list[Value] = list(row)  # type: ignore[arg-type]  # stored values are text and whole numbers
        for at in days:
            if told[at] is not None:
                told[at] = Day(told[at])  # type: ignore[arg-type]  # a day number
        for at in numbers:
            if told[at] is not None:
                told[at] = Decimal(str(told[at]))
        for at in money:
            if told[at] is not None:
                told[at] = Decimal(int(str(told[at]))).scaleb(-exponent(str(told[currency])))
        yield told
