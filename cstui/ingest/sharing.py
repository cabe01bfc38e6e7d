"""Which files are read by two processes, and how much of one by the first. Knows neither what they read nor how."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from cstui.base.records import Kind
from cstui.base.second import Gone, Second
from cstui.ingest.delimited import TextTable
from cstui.ingest.headers import Plan
from cstui.ingest.reading import Table

CHUNK = 1 << 22
"""Bytes of a plain file in each of its blocks."""
_BLOCKS = 2
"""Fewer are as soon read alone."""
_OWN = 0.4
"""The first process's share: it has the other's to join besides."""


def worth_it(sizes: int) -> bool:
    """Whether a second process may be wanted for files of so many bytes."""
    return sizes > _BLOCKS * CHUNK


def own_blocks(table: Table, plan: Plan) -> int:
    """How many of a file's blocks the first process reads; 0 where it reads all."""
    if plan.record.kind is not Kind.USAGE or plan.derivation is not None or not isinstance(table, TextTable):
        return 0
    if table.content.member is not None or not plain_enough(table) or not worth_it(table.size):
        return 0
    return max(1, int(table.size / CHUNK * _OWN))


def beside(folder: Path) -> Second | None:
    """A second process, where there can be one, getting ready for what it may be wanted for; before any thread exists."""
    second = Second.start(folder)
    if second is not None:
        with suppress(Gone):
            second.ready("cstui.ingest.usage_second")
    return second


def plain_enough(table: TextTable) -> bool:
    """Whether a text may be read by the places of its cells."""
    return table.codec in {"utf-8-sig", "ascii"} and len(table.separator) == 1 and table.separator.isascii() and table.whole
