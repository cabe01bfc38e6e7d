"""The files of one call, from paths to batches of typed rows: opened, surveyed, and read a second time into values.

Knows no workspace: what it must know of one (time zone, currency, day) is given to it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from stat import S_ISREG

from cstui.base.errors import (
    BadFile,
    CstuiError,
    MissingColumn,
    NoRecords,
    NothingOfUse,
    NothingThere,
    OnlyReconciled,
    UnknownKind,
    UsageError,
)
from cstui.ingest.dates import Order
from cstui.ingest.headers import Plan, Wishes, check_wishes
from cstui.ingest.layout import Note
from cstui.ingest.opening import Wanted, open_tables
from cstui.ingest.parsing import Parser
from cstui.ingest.reading import Table
from cstui.ingest.recognition import Understood, known, understood
from cstui.ingest.remarks import days_said
from cstui.ingest.survey import Survey, survey

_SMALL = 1 << 16
"""Bytes that a file without rows may have."""
OnProgress = Callable[[int, int], None]
"""Told bytes (of all files) and rows so far."""


WishesOf = Callable[[Table], Wishes]
"""What the person said of one table."""
WantedOf = Callable[[str], Wanted]
"""How the file at a path is to be opened."""
OrderOf = Callable[[Table], Order | None]
"""How a table writes dates, where the person said so."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What one kind of record of a file is understood by, so that its rows can be read into values."""

    table: Table
    plan: Plan
    survey: Survey
    order: Order | None
    """How it writes dates, where the person said so."""


@dataclass(frozen=True, slots=True)
class Unused:
    """A file that is recognised and whose rows are not imported."""

    table: Table
    label: str
    """The program it comes from."""
    why: str
    use: str
    """What its source says it is for; `import` where another file of the call says the same."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The files of a call, opened and recognised."""

    files: list[tuple[Table, Plan]]
    """One entry per file and kind of record."""
    unused: list[Unused]
    tables: list[tuple[Table, str | None]]
    """Every file, with the name of the source it was recognised as."""


def order_of(asked: str | None) -> Order | None:
    """`--dates` as an Order. Raises UsageError."""
    try:
        return None if asked is None else Order(asked)
    except ValueError:
        raise UsageError(f"--dates {asked}: dates are read as {', '.join(Order)}.") from None


def headers(path: str, wanted: Wanted) -> tuple[str, ...]:
    """The header cells of a file's first table as they stand. Raises BadFile, UsageError."""
    return open_tables(Path(path), wanted, known())[0].header


def sizes(paths: Sequence[str]) -> int:
    """Bytes of all files; those that can't be asked count 0, and say so when they are opened."""
    return sum(map(_size, paths))


def _size(path: str) -> int:
    try:
        told = Path(path).stat()
    except OSError:
        return 0
    return told.st_size if S_ISREG(told.st_mode) else 0


def open_all(paths: Sequence[str], wanted: WantedOf, wishes: Wishes, of: WishesOf | None = None) -> Opened:
    """Open every file and say what the columns of each table in it are. Raises BadFile, UsageError, BadSource.

    `wishes` are the call's; `of` gives what holds for one table, where that may be something else.
    """
    name = known()
    opened: list[list[Table]] = []
    empty: list[NoRecords] = []
    for path in paths:
        try:
            opened.append(open_tables(Path(path), wanted(path), name))
        except NoRecords as error:
            empty.append(error)
    if not opened:
        raise empty[0]
    if empty:
        told = tuple(Note("left-out", 0, f"left out: {error.message}") for error in empty)
        opened[0][0] = replace(opened[0][0], notes=(*opened[0][0].notes, *told))
    with reading([table for tables in opened for table in tables]):
        return _opened(opened, wishes, of or (lambda _: wishes))


@contextmanager
def reading(tables: Sequence[Table]) -> Iterator[None]:
    """Whatever is wrong with one of the files inside says what it was read as."""
    try:
        yield
    except CstuiError as error:
        error.encoding = error.encoding or next((table.encoding for table in tables if str(table.path) == error.file), "")
        raise


def _opened(opened: Sequence[list[Table]], wishes: Wishes, of: WishesOf) -> Opened:
    tables = [table for tables in opened for table in tables]
    check_wishes(wishes, {table.name: table.header for table in tables})
    own = _apart(tables, wishes, of)
    for said, those in own:
        with _named(those):
            check_wishes(said, {table.name: table.header for table in those})
    found = [entry for tables in opened for entry in _understood(tables, of)]
    here = {entry.source.name: table.name for table, entry in reversed(found) if entry.source is not None}
    files: list[tuple[Table, Plan]] = []
    unused: list[Unused] = []
    empty = _without_rows(opened)
    for table, entry in found:
        if (table.path, table.name) in empty and entry.plans:
            unused.append(Unused(table, entry.plans[0].source, "it has a header and no row", "none"))
            continue
        why = entry.unused or _said_already(entry, here)
        if why and entry.source is not None:
            unused.append(Unused(table, entry.source.label, why, entry.source.use))
        else:
            plans = [replace(plan, words=of(table).words_of(plan.record.kind)) for plan in entry.plans]
            files += [(table if at == 0 else replace(table, notes=()), plan) for at, plan in enumerate(plans)]
    for said, those in [(wishes, tables), *own]:
        places = {(table.path, table.name) for table in those}
        with _named(those if said is not wishes else []):
            for name in said.constants:
                if not any(name in plan.record.names for table, plan in files if (table.path, table.name) in places):
                    whose = "no file of this call has" if said is wishes else f"{those[0].name} has no"
                    raise UsageError(f"--set {name}: {whose} records with “{name}”.")
    if not files:
        told = " ".join(f"{entry.table.name}: {entry.why}." for entry in unused[:5])
        kind = OnlyReconciled if any(entry.use == "reconcile" for entry in unused) else NothingOfUse
        raise kind(f"Nothing of this call is imported. {told}", file=str(unused[0].table.path), line=1)
    return Opened(files, unused, [(table, entry.source.name if entry.source is not None else None) for table, entry in found])


def _without_rows(opened: Sequence[list[Table]]) -> set[tuple[Path, str]]:
    """Of several files those with a header alone, as an export of what there is none of; none where that is all of them."""
    tables = [table for tables in opened for table in tables]
    found = {(table.path, table.name) for table in tables if table.size <= _SMALL and not any(block.rows for block in table.blocks())}
    return found if len(found) < len(tables) else set()


def _apart(tables: Sequence[Table], wishes: Wishes, of: WishesOf) -> list[tuple[Wishes, list[Table]]]:
    """Wishes that are not the call's, each with the tables that they hold for."""
    found: list[tuple[Wishes, list[Table]]] = []
    for table in tables:
        if (said := of(table)) != wishes:
            those = next((those for other, those in found if other == said and those[0].path == table.path), None)
            if those is None:
                found.append((said, those := []))
            those.append(table)
    return found


@contextmanager
def _named(tables: Sequence[Table]) -> Iterator[None]:
    """What is wrong with a wish for these tables alone names their file."""
    try:
        yield
    except CstuiError as error:
        error.file = error.file or (str(tables[0].path) if tables else None)
        raise


def _understood(tables: Sequence[Table], of: WishesOf) -> list[tuple[Table, Understood]]:
    """The tables of one file that are of some kind; of several, those that are of none are left out, and the first one says so."""
    found: list[tuple[Table, Understood]] = []
    failed: list[BadFile] = []
    for table in tables:
        try:
            found.append((table, understood(str(table.path) if len(tables) == 1 else table.name, table.header, of(table))))
        except (UnknownKind, MissingColumn) as error:
            error.file, error.table = str(table.path), table.within
            _with_days(error, table)
            failed.append(error)
    if not found:
        raise failed[0]
    if failed:
        told = tuple(Note("left-out", 0, f"left out: {error.message}") for error in failed)
        found[0] = (replace(found[0][0], notes=(*found[0][0].notes, *told)), found[0][1])
    return found


def _with_days(error: BadFile, table: Table) -> None:
    """Where only a day is missing and the file says above its header which it is, that is offered."""
    days = days_said(table) if isinstance(error, MissingColumn) and error.suggested else None
    if days is None:
        return
    assert isinstance(error, MissingColumn)
    assert error.suggested is not None
    first, last = days
    name = error.suggested[0]
    error.suggested = (name, last.isoformat())
    span = f"of {last}" if first == last else f"from {first} to {last}"
    told = f" Above its header it says that it is {span}: --set {name}={last} takes it whole as of its last day."
    if (first.year, first.month) != (last.year, last.month):
        told += " That is more than one month: a file for each month, or with a column of days, gives true months."
    error.message += told
    error.args = (error.message,)


def _said_already(entry: Understood, here: Mapping[str, str]) -> str:
    """Why a file is left to others of the call that say the same; `here`: source → the first file of it."""
    if entry.source is None:
        return ""
    others = [here[name] for name in entry.source.yields_to if name in here]
    return f"the same is in {' and '.join(others)} of this call: counted twice it would be wrong" if others else ""


def survey_all(opened: Sequence[tuple[Table, Plan]], order_of: OrderOf, progress: OnProgress | None) -> list[Prepared]:
    """Survey every file; without `progress` only the first block of each, which mostly tells, and the parsers find out if not.

    Progress runs to half of the bytes. Raises BadFile, AmbiguousDates.
    """
    prepared: list[Prepared] = []
    done = rows = 0
    for table, plan in opened:
        before_bytes, before_rows = done, rows

        def told(position: int, count: int, base: int = before_bytes, first: int = before_rows) -> None:
            if progress is not None:
                progress(share(base + position, opened) // 2, first + count)

        order = order_of(table)
        found = survey(table, plan, order, told if progress is not None else None)
        if not found.rows and progress is not None:
            raise NothingThere(f"{table.name} has a header and no row.", file=str(table.path))
        prepared.append(Prepared(table, plan, found, order))
        done, rows = done + table.size, rows + found.rows
    return prepared


def share(done: int, files: Sequence[tuple[Table, Plan]]) -> int:
    """Bytes read, of files that are read once for each kind of record, as if each were read once."""
    whole = sum(table.size for table, _ in files)
    once = sum({table.path: table.size for table, _ in files}.values())
    return done if whole == once else done * once // max(whole, 1)


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
    """The currency that most rows can be valued in by the call's own exchange rates; among equals the one that most rows name, and
    the first by name; None where none is named.
    """
    found: Counter[str] = Counter()
    for file in prepared:
        found.update(file.survey.currencies)
        if code := file.plan.constants.get("currency", "").strip().upper():
            found[code] += file.survey.rows - sum(file.survey.currencies.values())
    rates = frozenset[frozenset[str]]().union(*(file.survey.rates for file in prepared))
    worth = {code: sum(rows for other, rows in found.items() if other == code or {code, other} in rates) for code in found}
    return min(found, key=lambda code: (-worth[code], -found[code], code)) if found else None
