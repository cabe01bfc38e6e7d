"""The exports that cstui knows, what an unknown file may be, and keeping a mapping as a source of one's own.

Reads headers and first rows only; never a workspace. Nothing is written but the person's own source, when they say so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from dataclasses import replace as replaced
from datetime import UTC
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from cstui.base.errors import CstuiError, UnknownField, UsageError
from cstui.base.problems import Problem
from cstui.base.records import RECORDS, Kind
from cstui.base.text import clean

if TYPE_CHECKING:
    from cstui.desk.importing import ColumnPreview
    from cstui.ingest.guess import Look
    from cstui.ingest.reading import Table
    from cstui.ingest.source import Source

SAMPLES = 5
WORDS = 60
"""Different words that a column of choices may have."""


class SourceExists(CstuiError):
    """A source of the person's own has that name already."""

    code = "exists"


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """A kind of export that is known."""

    name: str
    label: str
    title: str
    kinds: tuple[str, ...]
    """What its rows become."""
    use: str
    """`import`, `lookup`, `reconcile` or `none`."""
    why: str
    """Why its rows are not imported, where they are not."""
    own: bool
    """Whether it is the person's own."""
    columns: tuple[str, ...]
    """The columns that it is recognised by."""


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether a file is of a source, and what keeps it from being so."""

    name: str
    lacking: tuple[str, ...]
    """Nothing, where it fits."""


@dataclass(frozen=True, slots=True)
class Check:
    """What a file is taken for, and how far it is from every source."""

    file: str
    taken_for: str | None
    """The source's name; None where it is none's."""
    kinds: tuple[str, ...]
    """What its rows become."""
    why: str
    """Why it is taken so, or why it is not."""
    fits: tuple[Fit, ...]
    """Sources, those first that lack least."""


@dataclass(frozen=True, slots=True)
class ColumnGuess:
    """A column of an unknown file and what it may be."""

    header: str
    samples: tuple[str, ...]
    looks: str
    """`date`, `number`, `email`, `text` or `blank`."""
    field: str | None
    """The field guessed, or None."""
    why: str
    """The reason, blank where nothing is guessed."""
    others: tuple[tuple[str, str], ...]
    """Other fields it may be, with their reasons, the likeliest first."""
    words: tuple[str, ...] = ()
    """What it says, each word once, where these are few."""


@dataclass(frozen=True, slots=True)
class Guess:
    """What an unknown file may be."""

    file: str
    kind: str
    kinds: tuple[str, ...]
    """All kinds, the likeliest first."""
    columns: tuple[ColumnGuess, ...]
    fields: tuple[str, ...]
    """Fields of the kind, in template order."""
    required: tuple[str, ...]
    missing: tuple[str, ...]
    """Fields that rows can't be without and that no column was found for."""
    poor: tuple[str, ...] = ()
    """Of the required ones, those whose guess rests on little."""
    constants: Mapping[str, str] = field(default_factory=dict)
    """Field → what every row has, as far as a header says so."""


@dataclass(frozen=True, slots=True)
class FirstRows:
    """A file's first rows as a mapping reads them."""

    columns: tuple[ColumnPreview, ...]
    rows: tuple[tuple[str, ...], ...]
    """One cell per column, as it would be kept."""
    problems: tuple[Problem, ...]
    """What is wrong with rows among the first."""
    read: int
    refused: int


@dataclass(frozen=True, slots=True)
class ReadAs:
    """How a file is read while a mapping is tried on it."""

    dates: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    of: str | None = None
    """The kind that the rows are taken for already; the mapping then has only what is to be otherwise."""


def listing() -> tuple[SourceEntry, ...]:
    """All sources, the person's own first. Raises BadSource."""
    from cstui.ingest import catalogue

    return tuple(map(_entry, catalogue.sources()))


def check(path: str, name: str | None = None, encoding: str | None = None, sheet: str | None = None) -> Check:
    """What a file is taken for and why; and what keeps it from being of other sources, or of the one named. Raises BadFile, UsageError."""
    from cstui.ingest import catalogue
    from cstui.ingest.headers import Wishes
    from cstui.ingest.recognition import understood

    table = _table(path, encoding, sheet)
    sources = [source for source in catalogue.sources() if name in (None, source.name)]
    if not sources:
        raise UsageError(f"There is no source “{name}”. `cstui sources` names them all.")
    fits = [Fit(source.name, catalogue.lacking(source, table.path.name, table.header)) for source in sources]
    asks = {source.name: source.signature.size for source in sources}
    fits.sort(key=lambda fit: (2 * len(fit.lacking) / asks[fit.name], -asks[fit.name]))
    try:
        found = understood(str(table.path), table.header, Wishes())
    except CstuiError as error:
        source = catalogue.match(table.path.name, table.header)
        return Check(table.name, None if source is None else source.name, (), error.message, tuple(fits))
    kinds = tuple(plan.record.kind.value for plan in found.plans)
    taken = None if found.source is None else found.source.name
    return Check(table.name, taken, kinds, found.unused or found.plans[0].why, tuple(fits))


def guess(path: str, kind: str | None = None, encoding: str | None = None, sheet: str | None = None) -> Guess:
    """What a file's columns may be, of the likeliest kind or of the one named. Raises BadFile, UsageError."""
    from cstui.ingest import guess as guessing

    table = _table(path, encoding, sheet)
    block = next(iter(table.blocks()), None)
    width = len(table.header)
    rows = [row for row in islice(block.rows if block else (), guessing.LOOKED_AT) if len(row) == width]
    looks = [guessing.look_at([row[index] for row in rows]) for index in range(width)]
    ranked = guessing.ranked(table.header, looks)
    taken = _taken_for(table)
    ranked.sort(key=lambda one: one.kind not in taken)  # what the file is known for is the likeliest
    best = ranked[0] if kind is None else guessing.assign(table.header, looks, _kind(kind))
    record = RECORDS[best.kind]
    given = {index: (name, why) for name, (index, why) in best.fields.items()}
    columns = []
    for index, (header, look) in enumerate(zip(table.header, looks, strict=True)):
        name, why = given.get(index, (None, ""))
        others = tuple((c.field, c.why) for c in guessing.candidates(header, look, record) if c.field != name)
        samples = tuple(clean(row[index])[:80] for row in rows[:SAMPLES])
        words = tuple(dict.fromkeys(look.filled))
        columns.append(ColumnGuess(clean(header), samples, _looks(look), name, why, others, words if len(words) <= WORDS else ()))
    kinds = tuple(one.kind.value for one in ranked)
    return Guess(table.name, best.kind.value, kinds, tuple(columns), record.names, record.required, best.missing, best.poor, best.constants)


def _taken_for(table: Table) -> frozenset[Kind]:
    """The kinds that an import takes the file's rows for, unasked."""
    from cstui.ingest.headers import Wishes
    from cstui.ingest.recognition import understood

    try:
        return frozenset(plan.record.kind for plan in understood(str(table.path), table.header, Wishes()).plans)
    except CstuiError:
        return frozenset()


def first_rows(path: str, kind: str, mapping: Mapping[str, str], constants: Mapping[str, str], read: ReadAs | None = None) -> FirstRows:
    """A file's first rows as a mapping (field → header) reads them; writes nothing. Raises BadFile, UsageError, AmbiguousDates."""
    from cstui.desk import import_preview
    from cstui.ingest import batches, headers, job, recognition
    from cstui.ingest.customers import Customers
    from cstui.ingest.values import Settings

    read = read or ReadAs()
    table = _table(path, read.encoding, read.sheet)
    order = job.order_of(read.dates)
    wishes = headers.spoken(_kind(kind).value, mapping, constants)
    headers.check_wishes(wishes, {table.name: table.header})
    if read.of is None:
        plan = headers.plan_for(str(table.path), table.header, wishes)
    else:
        plans = recognition.understood(str(table.path), table.header, headers.Wishes(of_kind={read.of: wishes})).plans
        plan = next(plan for plan in plans if plan.record.kind.value == kind)
    plan = replaced(plan, words=wishes.words)
    prepared = job.survey_all([(table, plan)], lambda _: order, None)
    customers, currency = Customers(), job.currency_of(prepared) or "USD"
    (parser,) = batches.parsers(prepared, Settings(UTC, currency, order), customers)
    batch = next((batch for batch, _ in parser.batches()), None)
    if batch is None:
        return FirstRows((), (), (), 0, 0)
    rows = [dict(zip(parser.columns, row[1:], strict=True)) for row in batch.rows[:SAMPLES]]
    return FirstRows(
        import_preview.columns_of(plan, batch.first), import_preview.rows_of(plan, rows, customers.mentions, currency),
        tuple(batch.problems[:SAMPLES]), batch.read, len(batch.refused),
    )  # fmt: skip


def save_source(
    name: str, kind: str, mapping: Mapping[str, str], constants: Mapping[str, str], dates: str | None = None, *, replace: bool = False
) -> Path:
    """Keep a mapping (field → header) as the person's own source, by which files with these headers are known from then on.

    Gives the file it is in. Raises UsageError, UnknownField, SourceExists.
    """
    from cstui.ingest import catalogue, source, writing

    record = RECORDS[_kind(kind)]
    for one in (*(key.partition(":")[0] for key in mapping), *constants):
        if one not in record.names:
            raise UnknownField(one, record.names)
    if not mapping:
        raise UsageError("A source needs at least one column by which its files are known.")
    stem = writing.slug(name)
    if not stem:
        raise UsageError("A source needs a name with a letter or a digit in it.")
    path = catalogue.own_folder() / f"{stem}.toml"
    if path.exists() and not replace:
        raise SourceExists(f"There is a source “{stem}” of your own already, in {path}.", file=str(path))
    text = writing.source_text(name, record.kind, mapping, constants, dates)
    source.parse(stem, text, own=True)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CstuiError(f"{path} can't be written: {error.strerror or error}.", file=str(path)) from error
    return path


def tables(path: str, encoding: str | None = None) -> tuple[str, ...]:
    """The tables in a file, as `--sheet` calls them; none where it holds but one. Raises BadFile, UsageError."""
    from cstui.ingest.opening import Wanted, open_tables
    from cstui.ingest.recognition import known

    found = open_tables(Path(path), Wanted(encoding), known())
    return tuple(table.within for table in found) if len(found) > 1 else ()


def _table(path: str, encoding: str | None, sheet: str | None) -> Table:
    from cstui.ingest.opening import Wanted, open_tables
    from cstui.ingest.recognition import known

    return open_tables(Path(path), Wanted(encoding, sheet), known())[0]


def _kind(kind: str) -> Kind:
    try:
        return Kind(kind)
    except ValueError:
        raise UsageError(f"There is no kind “{kind}”. Known: {', '.join(RECORDS)}.") from None


def _looks(look: Look) -> str:
    if not look.filled:
        return "blank"
    return "email" if look.email else "date" if look.date else "number" if look.number else "text"


def _entry(source: Source) -> SourceEntry:
    asked = source.signature
    columns = (*filter(None, (asked.first,)), *asked.headers, *(" or ".join(group) for group in asked.any), *filter(None, (asked.matches,)))
    kinds = tuple(dict.fromkeys(entry.kind.kind.value for entry in source.becomes))
    return SourceEntry(source.name, source.label, source.title, kinds, source.use, source.why, source.own, columns)
