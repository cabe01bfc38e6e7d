"""A call's files, understood, read a second time: a parser for each file and kind of record, and their batches of typed rows in order.

Knows what `job` has prepared; no workspace, and nobody who waits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from cstui.base.records import Kind
from cstui.base.second import Second
from cstui.ingest import lookups, rows_second, sharing
from cstui.ingest.customers import Customers
from cstui.ingest.delimited import TextTable
from cstui.ingest.grouping import GroupedParser
from cstui.ingest.headers import Plan
from cstui.ingest.job import OnProgress, Opened, Prepared, share
from cstui.ingest.parsing import Batch, Parser
from cstui.ingest.repeating import RepeatingParser, may_repeat
from cstui.ingest.resolving import LookupKey
from cstui.ingest.values import Settings


def parsers(prepared: Sequence[Prepared], settings: Settings, customers: Customers, second: Second | None = None) -> list[Parser]:
    """A parser for every file and kind; `second` reads large ones too. Raises UsageError where a `--set` value can't be its field's."""
    of_use = any(file.plan.record.kind is Kind.USAGE for file in prepared)
    usage = _usage_parsers(settings, customers, second) if of_use else None
    kinds = Counter((file.table.path, file.table.name) for file in prepared)
    found: list[Parser] = []
    for number, file in enumerate(prepared):
        if usage is not None and file.plan.record.kind is Kind.USAGE:
            found.append(usage(file, number))
        else:
            make = _reader_of(file.plan, alone=kinds[file.table.path, file.table.name] == 1)
            found.append(make(file.table, file.plan, file.survey, replace(settings, order=file.order), customers, number))
    return found


def _reader_of(plan: Plan, *, alone: bool) -> type[Parser]:
    """What reads rows by a plan; `alone`: they are of nothing else besides."""
    if plan.group is not None:
        return GroupedParser
    return RepeatingParser if not alone and may_repeat(plan) else Parser


def _usage_parsers(settings: Settings, customers: Customers, second: Second | None) -> Callable[[Prepared, int], Parser]:
    from cstui.ingest.usage import UsageParser  # with numpy, which no other kind needs
    from cstui.ingest.usage_cells import Users
    from cstui.ingest.usage_second import SharedParser

    users = Users()

    def made(file: Prepared, number: int) -> Parser:
        about = (file.table, file.plan, file.survey, replace(settings, order=file.order), customers, users, number)
        if second is not None and (mine := sharing.own_blocks(file.table, file.plan)):
            return SharedParser(*about, second=second, mine=mine)
        return UsageParser(*about)

    return made


def give_lookups(opened: Opened, parsers: Sequence[Parser], known: lookups.Known) -> None:
    """Give every parser what its plan looks up elsewhere: in other files of the call, or in what is `known` already."""
    wanted = [plan.derivation.lookups if plan.derivation is not None else frozenset() for _, plan in opened.files]
    everything = frozenset[LookupKey]().union(*wanted)
    found = lookups.build(everything, opened.files, opened.tables, known)
    for parser, own in zip(parsers, wanted, strict=True):
        parser.lookups = {key: found[key] for key in own}


def batches(
    prepared: Sequence[Prepared], parsers: Sequence[Parser], progress: OnProgress, second: Second | None = None
) -> Iterator[tuple[int, Batch]]:
    """Every file's rows, in order: (file number, batch). A file of several kinds is read once for all of them, block by block.

    Raises Gone where `second` fails, and all are to be read again without it.
    """
    done = rows = 0
    files = [(file.table, file.plan) for file in prepared]
    for numbers in _read_together(prepared, parsers):
        size = sum(prepared[number].table.size for number in numbers)
        for number, batch, position in _interleaved(numbers, prepared, parsers, second):
            yield number, batch
            rows += batch.read
            progress(share(done + position * len(numbers), files), rows)
        done += size


def _read_together(prepared: Sequence[Prepared], parsers: Sequence[Parser]) -> Iterator[list[int]]:
    """The numbers of the files, those together that are one table's blocks read row by row."""
    numbered = zip(prepared, parsers, strict=True)
    for _, group in groupby(enumerate(numbered), key=lambda one: (one[1][0].table.path, one[1][0].table.name)):
        numbers = [(number, parser) for number, (_, parser) in group]
        together = [number for number, parser in numbers if parser.by_block]
        if together:
            yield together
        yield from ([number] for number, parser in numbers if not parser.by_block)


def _interleaved(
    numbers: Sequence[int], prepared: Sequence[Prepared], parsers: Sequence[Parser], second: Second | None
) -> Iterator[tuple[int, Batch, int]]:
    """(file number, batch, bytes of the table read) of one table."""
    table, own = prepared[numbers[0]].table, [parsers[number] for number in numbers]
    mine = sharing.own_bytes(table, [prepared[number].plan for number in numbers]) if second is not None else 0
    if second is not None and mine and isinstance(table, TextTable):
        for at, batch, position in rows_second.batches(table, own, second, mine):
            yield numbers[at], batch, position
    elif len(numbers) == 1:
        for batch, position in own[0].batches():
            yield numbers[0], batch, position
    else:
        for block in own[0].blocks():
            for number, parser in zip(numbers, own, strict=True):
                yield number, parser.batch(block), block.position
