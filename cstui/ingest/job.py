"""The files of one call, from paths to batches of typed rows: opened, surveyed, and read a second time into values.

Knows no workspace: what it must know of one (time zone, currency, day) is given to it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cstui.base.errors import BadFile, MissingColumn, NothingThere, UnknownKind, UsageError
from cstui.base.records import Kind
from cstui.ingest.customers import Customers
from cstui.ingest.dates import Order
from cstui.ingest.headers import Plan, Wishes, check_wishes, known, plan_for
from cstui.ingest.layout import Note
from cstui.ingest.opening import Wanted, open_tables
from cstui.ingest.parsing import Batch, Parser
from cstui.ingest.reading import Table
from cstui.ingest.survey import Survey, survey
from cstui.ingest.values import Settings

OnProgress = Callable[[int, int], None]
"""Told bytes (of all files) and rows so far."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file that is understood and can be read into values."""

    table: Table
    plan: Plan
    survey: Survey


def order_of(asked: str | None) -> Order | None:
    """`--dates` as an Order. Raises UsageError."""
    try:
        return None if asked is None else Order(asked)
    except ValueError:
        raise UsageError(f"--dates {asked}: dates are read as {', '.join(Order)}.") from None


def headers(path: str, wanted: Wanted) -> tuple[str, ...]:
    """The header cells of a file's first table as they stand. Raises BadFile, UsageError."""
    return open_tables(Path(path), wanted, known)[0].header


def sizes(paths: Sequence[str]) -> int:
    """Bytes of all files; those that can't be asked count 0, and say so when they are opened."""
    return sum(Path(path).stat().st_size for path in paths if Path(path).is_file())


def open_all(paths: Sequence[str], wanted: Wanted, wishes: Wishes) -> list[tuple[Table, Plan]]:
    """Open every file and say what the columns of each table in it are. Raises BadFile, UsageError."""
    files = [open_tables(Path(path), wanted, known) for path in paths]
    check_wishes(wishes, {table.name: table.header for tables in files for table in tables})
    opened = [found for tables in files for found in _understood(tables, wishes)]
    for name in wishes.constants:
        if not any(name in plan.record.names for _, plan in opened):
            raise UsageError(f"--set {name}: no file of this call has records with “{name}”.")
    return opened


def _understood(tables: Sequence[Table], wishes: Wishes) -> list[tuple[Table, Plan]]:
    """The tables of one file that are of some kind; of several, those that are of none are left out, and the first one says so."""
    found: list[tuple[Table, Plan]] = []
    failed: list[BadFile] = []
    for table in tables:
        try:
            found.append((table, plan_for(str(table.path) if len(tables) == 1 else table.name, table.header, wishes)))
        except (UnknownKind, MissingColumn) as error:
            error.file = str(table.path)
            failed.append(error)
    if not found:
        raise failed[0]
    if failed:
        told = tuple(Note("left-out", 0, f"left out: {error.message}") for error in failed)
        found[0] = (replace(found[0][0], notes=(*found[0][0].notes, *told)), found[0][1])
    return found


def survey_all(opened: Sequence[tuple[Table, Plan]], order: Order | None, progress: OnProgress | None) -> list[Prepared]:
    """Survey every file; without `progress` only the first block of each, which mostly tells, and the parsers find out if not.

    Progress runs to half of the bytes. Raises BadFile, AmbiguousDates.
    """
    prepared: list[Prepared] = []
    done = rows = 0
    for table, plan in opened:
        before_bytes, before_rows = done, rows

        def told(position: int, count: int, base: int = before_bytes, first: int = before_rows) -> None:
            if progress is not None:
                progress((base + position) // 2, first + count)

        found = survey(table, plan, order, told if progress is not None else None)
        if not found.rows and progress is not None:
            raise NothingThere(f"{table.name} has a header and no row.", file=str(table.path))
        prepared.append(Prepared(table, plan, found))
        done, rows = done + table.size, rows + found.rows
    return prepared


def as_seen(prepared: Sequence[Prepared], parsers: Sequence[Parser]) -> list[Prepared] | None:
    """The files with what reading them whole has shown, or None where it shows that a column must be read otherwise.

    Raises AmbiguousDates, NothingThere.
    """
    seen = [replace(file, survey=parser.seen()) for file, parser in zip(prepared, parsers, strict=True)]
    for file in seen:
        if not file.survey.rows:
            raise NothingThere(f"{file.table.name} has a header and no row.", file=str(file.table.path))
    same = all(new.survey.reads_like(old.survey) for new, old in zip(seen, prepared, strict=True))
    return seen if same else None


def currency_of(prepared: Sequence[Prepared]) -> str | None:
    """The currency that most rows of the call name; the first by name among equals; None where none does."""
    found: Counter[str] = Counter()
    for file in prepared:
        found.update(file.survey.currencies)
        if code := file.plan.constants.get("currency", "").strip().upper():
            found[code] += file.survey.rows - sum(file.survey.currencies.values())
    return min(found, key=lambda code: (-found[code], code)) if found else None


def parsers(prepared: Sequence[Prepared], settings: Settings, customers: Customers) -> list[Parser]:
    """A parser for every file. Raises UsageError where a `--set` value can't be its field's."""
    if all(f.plan.record.kind is not Kind.USAGE for f in prepared):
        return [Parser(f.table, f.plan, f.survey, settings, customers, number) for number, f in enumerate(prepared)]
    from cstui.ingest.usage import UsageParser, Users  # with numpy, which no other kind needs

    users = Users()
    return [
        UsageParser(f.table, f.plan, f.survey, settings, customers, users, number)
        if f.plan.record.kind is Kind.USAGE
        else Parser(f.table, f.plan, f.survey, settings, customers, number)
        for number, f in enumerate(prepared)
    ]


def batches(prepared: Sequence[Prepared], parsers: Sequence[Parser], progress: OnProgress) -> Iterator[tuple[int, Batch]]:
    """Every file's rows, in order: (file number, batch)."""
    done = rows = 0
    for number, (file, parser) in enumerate(zip(prepared, parsers, strict=True)):
        for batch, position in parser.batches():
            yield number, batch
            rows += batch.read
            progress(done + position, rows)
        done += file.table.size
