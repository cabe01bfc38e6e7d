"""What there is to tell of a file whose rows are staged and compared: everything odd about it that keeps no row out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from cstui.base import formatting as fmt
from cstui.base.problems import OVERWRITES
from cstui.base.records import Kind
from cstui.desk.importing import Oddity
from cstui.ingest.headers import Plan
from cstui.ingest.job import Prepared
from cstui.ingest.layout import Note
from cstui.ingest.words import fold_header, meanings
from cstui.store import again, oddities, overwriting, usage_staging
from cstui.store.oddities import FIRST_LINES, Odd
from cstui.store.staging import Staging

_THEIRS = {fold_header(name): name for name in ("started_at", "amount")}
"""What else a subscription can't be without."""


@dataclass(slots=True)
class Seen:
    """What reading one file has come to."""

    read: int = 0
    refused: int = 0
    raw: list[list[str]] = field(default_factory=list)
    rows: list[dict[str, object]] = field(default_factory=list)
    aside: Counter[str] = field(default_factory=Counter)
    """Why rows were set aside → how many."""
    together: tuple[int, int] | None = None
    """Rows that were added up, and the records they made."""
    notes: Sequence[Note] = ()
    """What its parser noted of cells."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What holds for all files of a call."""

    day: int
    match: str | None
    """The second key that was asked for."""
    currency: str
    """The workspace's."""
    names: Sequence[str]
    """Of the call's files, one for each kind."""
    files: Sequence[again.Came]
    """The same files, as they are known again."""


def came(file: Prepared) -> again.Came:
    """The file as it is known again; what shows only the present is news whenever it comes."""
    plan = file.plan
    fields = {name: plan.column(name) for name in plan.fields}
    return again.Came(
        "" if plan.snapshot else file.table.sha256, file.table.within, plan.record.kind, fields,
        frozenset(fields) | frozenset(plan.constants),
    )  # fmt: skip


def oddities_of(
    staging: Staging, number: int, file: Prepared, seen: Seen, asked: Asked, conflicts: Sequence[int], found: Sequence[Odd | None]
) -> tuple[Oddity, ...]:
    """Everything odd about a file: what is overwritten first, then by code.

    `conflicts` are lines that change what the call said before; `found` is known already.
    """
    db, kind = staging.db, file.plan.record.kind
    whole = [
        *oddities.oddities(db, number, kind, asked.day),
        oddities.unknown_customers(db, number),
        again.told_twice(db, number, asked.files, asked.names),
        overwriting.overwrites(db, number, kind, asked.names),
    ]
    odd = [Oddity(o.code, o.count, o.message, o.lines) for o in (*whole, *found) if o is not None]
    odd += _of_rows(staging, number, file, asked, [*conflicts, *usage_staging.conflicts(db, number)])
    odd += _of_the_file(file, seen)
    return tuple(sorted(odd, key=lambda o: (o.code != OVERWRITES, o.code)))


def _of_rows(staging: Staging, number: int, file: Prepared, asked: Asked, conflicts: Sequence[int]) -> Iterator[Oddity]:
    if conflicts:
        lines = tuple(sorted(conflicts)[:FIRST_LINES])
        yield Oddity("duplicate-key", len(conflicts), "rows that change what an earlier row of this call said of the same key", lines)
    if number in staging.joined and (doubtful := staging.joined[number]).rows_in_doubt:
        message = f"rows that fit several known customers by their {asked.match}: each keeps a customer of its own"
        yield Oddity("several-candidates", doubtful.rows_in_doubt, message, doubtful.lines)
    assumed = oddities.without_currency(staging.db, number, file.plan.record.kind)
    if assumed is not None:
        yield Oddity(assumed.code, assumed.count, f"{assumed.message} {asked.currency}", assumed.lines)
    for odd in oddities.without_rate(staging.db, number, file.plan.record.kind, asked.currency):
        yield Oddity(odd.code, odd.count, odd.message, odd.lines)


def _of_the_file(file: Prepared, seen: Seen) -> Iterator[Oddity]:
    for note in (*file.table.notes, *file.survey.notes, *seen.notes):
        yield Oddity(note.code, note.count, note.message, note.lines)
    plan = file.plan
    if plan.left_out:
        yield Oddity("left-out", seen.read, f"columns that nothing takes: {', '.join(plan.left_out)}", ())
    if told := _no_subscriptions(plan):
        yield Oddity("as-attributes", seen.read, told, ())
    if plan.doubled:
        yield Oddity("duplicate-label", seen.read, f"columns that came twice, the later left out: {', '.join(plan.doubled)}", ())
    if seen.aside:
        told = "; ".join(f"{why}: {count:,}" for why, count in seen.aside.most_common(5))
        yield Oddity("set-aside", seen.aside.total(), f"rows that are no {plan.record.kind} and stay out: {told}", ())
    if seen.together is not None:
        rows, records = seen.together
        yield Oddity("added-up", rows, f"rows added up to {fmt.count(records, 'row')} of {plan.record.kind}", ())
    if plan.note:
        yield Oddity("note", seen.read, plan.note, ())


def _no_subscriptions(plan: Plan) -> str | None:
    """What is told of a customer list whose rows also say since when and for how much: attributes, of which no figure is made."""
    if plan.record.kind is not Kind.CUSTOMERS or plan.recognised is not None:
        return None
    of = {name: column for column in plan.attributes for name in meanings(column) or (_THEIRS.get(fold_header(column), ""),)}
    amount = of.get("amount", of.get("monthly_amount"))
    if amount is None or "started_at" not in of:
        return None
    told = f"“{of['started_at']}” and “{amount}” are kept as attributes: no subscription comes of them, and no MRR. "
    how = "--as subscriptions --map subscription_id=COLUMN --map customer_id=COLUMN (a in the preview)"
    return f"{told}If each row is one too, import the file again with {how}"
