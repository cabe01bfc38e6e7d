"""What one file of a call tells about the rows of another: tables from a key to a text, from the call's files and the workspace.

Knows no workspace: what must be known of one is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from cstui.base.records import RECORDS
from cstui.base.text import fold_key
from cstui.ingest.expressions import Context
from cstui.ingest.headers import Plan
from cstui.ingest.reading import Table
from cstui.ingest.resolving import LookupKey, find
from cstui.ingest.values import kept_text
from cstui.ingest.words import fold_header

Known = Callable[[str, str, str], Mapping[str, str]]
"""Kind, key field, field taken → what the workspace has: folded key → text."""


def build(
    wanted: frozenset[LookupKey], files: Sequence[tuple[Table, Plan]], tables: Sequence[tuple[Table, str | None]], known: Known
) -> Mapping[LookupKey, Mapping[str, str]]:
    """Each lookup's table. `tables` are all files of the call, with the source each was recognised as."""
    return {key: _built(key, files, tables, known) for key in wanted}


def _built(
    wanted: LookupKey, files: Sequence[tuple[Table, Plan]], tables: Sequence[tuple[Table, str | None]], known: Known
) -> Mapping[str, str]:
    where, key, take = wanted
    if where not in RECORDS:
        return _told_by(pair for table, source in tables if source == where for pair in _pairs(table, key, take))
    found = dict(known(where, key, take))
    found.update(_told_by(pair for table, plan in files if plan.record.kind == where for pair in _values(table, plan, key, take)))
    return found


def _told_by(pairs: Iterator[tuple[str, str]]) -> dict[str, str]:
    """Key → text; a key of which two different things are said tells nothing."""
    found: dict[str, str] = {}
    doubtful: set[str] = set()
    for key, text in pairs:
        if found.setdefault(key, text) != text:
            doubtful.add(key)
    return {key: text for key, text in found.items() if key not in doubtful}


def _pairs(table: Table, key: str, take: str) -> Iterator[tuple[str, str]]:
    """The two columns of a file, by their headers."""
    folded = [fold_header(cell) for cell in table.header]
    at, of = find(key, table.header, folded), find(take, table.header, folded)
    if at is None or of is None:
        return
    for block in table.blocks():
        for row in block.rows:
            if len(row) == len(table.header) and (known := fold_key(row[at])):
                yield known, kept_text(row[of]) or ""


def _values(table: Table, plan: Plan, key: str, take: str) -> Iterator[tuple[str, str]]:
    """Two fields of a file's records, as its plan makes them."""
    if key not in plan.fields or take not in plan.fields:
        return
    at, of = plan.fields[key], plan.fields[take]
    runner = None if plan.derivation is None else plan.derivation.start(Context(strict=False))
    for block in table.blocks():
        rows = [row for row in block.rows if len(row) == plan.width]
        for row in rows if runner is None else runner.apply(rows, block.lines)[0]:
            if known := fold_key(row[at]):
                yield known, kept_text(row[of]) or ""
