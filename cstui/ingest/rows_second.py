"""A large file read row by row by two processes: its first rows here, the others by a second process meanwhile, joined in file order.

What comes out is what one process gives, numbers of customers included. Where the second process fails there is nothing to go on from:
the files are to be read again, alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cstui.base.errors import BrokenText
from cstui.base.second import Gone, Second
from cstui.ingest import halves
from cstui.ingest.customers import Customers
from cstui.ingest.delimited import TextTable
from cstui.ingest.parsing import AT_ONCE, Batch, Like, Parser
from cstui.ingest.survey import Distinct
from cstui.ingest.typed import Checked


class Blocks(NamedTuple):
    """A block as each of the parsers has read it, and the bytes of the file read so far."""

    found: list[Checked]
    position: int


def batches(table: TextTable, parsers: Sequence[Parser], second: Second, own: int) -> Iterator[tuple[int, Batch, int]]:
    """(place of the parser, batch, bytes read so far) of a whole file, of which about `own` bytes are read here.

    Raises Gone where the second process fails, or the file can't be read in two parts.
    """
    at = halves.cut(table, own)
    if at is None:
        yield from _alone(table, parsers)
        return
    parts = second.begin(read, halves.after(table, at), [parser.like for parser in parsers])
    try:
        yield from _alone(halves.before(table, at), parsers)
    except BrokenText:
        raise Gone from None  # perhaps only because it is cut where a cell goes on
    for part in parts:
        if isinstance(part, Blocks):
            for number, found in enumerate(part.found):
                yield number, parsers[number].joined(found), part.position
        else:
            for parser, distinct in zip(parsers, part, strict=True):
                parser.join_distinct(distinct)


def _alone(table: TextTable, parsers: Sequence[Parser]) -> Iterator[tuple[int, Batch, int]]:
    for block in table.blocks(AT_ONCE):
        for number, parser in enumerate(parsers):
            yield number, parser.batch(block), block.position


def read(table: TextTable, likes: Sequence[Like]) -> Iterator[Blocks | list[Distinct]]:
    """In the second process: the rows, block by block; at last what all of them hold."""
    parsers = [make(table, plan, survey, settings, Customers(), 0) for make, plan, survey, settings in likes]
    for parser in parsers:
        parser.continues()
    for block in table.blocks(AT_ONCE):
        yield Blocks([parser.checked(block) for parser in parsers], block.position)
    yield [parser.distinct() for parser in parsers]
