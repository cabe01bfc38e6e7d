"""Which files are read by two processes, and how much of one by the first. Knows neither what they read nor how."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from cstui.base.matching import MATCHED
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
_OWN_ROWS = 0.27
"""The same of rows that are read one by one: all of them are staged by the first."""


def worth_it(sizes: int) -> bool:
    """Whether a second process may be wanted for files of so many bytes."""
    return sizes > _BLOCKS * CHUNK


def own_blocks(table: Table, plan: Plan) -> int:
    """How many of a file's blocks the first process reads; 0 where it reads all."""
    if plan.record.kind is not Kind.USAGE or plan.derivation is not None or not isinstance(table, TextTable):
        return 0
    return max(1, int(table.size / CHUNK * _OWN)) if _large_and_plain(table) else 0


def own_bytes(table: Table, plans: Iterable[Plan]) -> int:
    """How many of a file's first bytes the first process reads, where what `plans` make of a row rests on that row alone; else 0."""
    if not isinstance(table, TextTable) or not all(map(_row_by_row, plans)) or not _large_and_plain(table):
        return 0
    return int(table.size * _OWN_ROWS)


def _large_and_plain(table: TextTable) -> bool:
    return table.content.member is None and plain_enough(table) and worth_it(table.size)


def _row_by_row(plan: Plan) -> bool:
    """Whether rows are read without regard to those before them, but for what `Parser.joined` sees to."""
    whole = plan.derivation is None and plan.group is None and plan.email is None and not plan.remarks
    return whole and plan.record.kind not in {Kind.USAGE, *MATCHED}


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
