"""A large file of use read by two processes: its first blocks here, the others by a second process meanwhile, joined in file order.

What comes out is what one process gives, numbers of customers and users included. Where the second process fails, or comes upon something
that is not plain, the rest is read here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cstui.base.second import Gone, Second
from cstui.base.usage import CUSTOMER_SHIFT, DAY_BITS, USER_BITS
from cstui.ingest import plain
from cstui.ingest.customers import Customers, Mention
from cstui.ingest.headers import Plan
from cstui.ingest.parsing import Batch
from cstui.ingest.reading import Table
from cstui.ingest.survey import Survey, concluded
from cstui.ingest.usage import UsageParser
from cstui.ingest.usage_cells import Users
from cstui.ingest.values import Settings

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]

Read = tuple[Batch, int]
"""A batch, and the bytes of the file read so far."""
_USER = (1 << USER_BITS) - 1
_DAY = (1 << DAY_BITS) - 1


class Part(NamedTuple):
    """A block that was read over there, by the numbers that are given there."""

    batch: Batch
    position: int
    rows: int
    mentions: list[Mention]
    """Customers first named in it; they have the numbers after those before."""
    named: Mapping[str, list[tuple[str, int]]]
    """Id field → raw ids first named in it, and their numbers."""
    texts: Mapping[str, list[str]]
    """Field → texts first understood in it."""
    rounded: list[tuple[str, list[str], list[int]]]
    """Id field, and raw ids and lines of rows whose id looks rounded."""


class SharedParser(UsageParser):
    """Reads a file of use together with a second process."""

    def __init__(  # noqa: PLR0913  # a parser, and with whom it reads how much
        self,
        table: Table,
        plan: Plan,
        survey: Survey,
        settings: Settings,
        customers: Customers,
        users: Users,
        file: int,
        *,
        second: Second,
        mine: int,
    ) -> None:
        """`mine`: blocks of the file that are read here."""
        super().__init__(table, plan, survey, settings, customers, users, file)
        self._second, self._mine = second, mine
        self._texts: defaultdict[str, set[str]] = defaultdict(set)
        """Field → texts that were understood over there."""
        self._numbers: dict[str, Numbers] = {"customer_id": np.zeros(0, np.int64), "user_id": np.zeros(1, np.int64)}
        """Our numbers of theirs."""

    def seen(self) -> Survey:
        texts = {name: self._texts[name].union(self._codes[name]) for name in self._distinct.texts}
        return concluded(self._table, self._plan, self._settings.order, replace(self._distinct, texts=texts))

    def batches(self) -> Iterator[Read]:
        try:
            parts = self._second.begin(read, self._table, self._plan, self._survey, self._settings, self._file, self._mine)
        except Gone:
            yield from super().batches()
            return
        line = yield from self._quickly(until=self._mine)
        if line is None:
            line = yield from self._joined(parts)
        else:
            self._second.close()
        yield from self._read(plain.strictly(self._table, line))

    def _quickly(self, *, after: int = 0, until: int | None = None) -> Generator[Read, None, int | None]:
        """Plain blocks read here; gives the line where they end before their time."""
        blocks = plain.quick(self._table, after=after, until=until)
        while True:
            try:
                block = next(blocks)
            except StopIteration as end:
                line: int | None = end.value
                return line
            yield self._plain(block), block.position

    def _joined(self, parts: Iterator[Part | int | None]) -> Generator[Read, None, int | None]:
        """The blocks that were read over there; gives the line where they end before their time."""
        done, line = self._mine, None
        try:
            for part in parts:  # to their end, so that the second process is free for another file
                if isinstance(part, Part):
                    done += 1
                    yield self._ours(part), part.position
                else:
                    line = part
        except Gone:
            line = yield from self._quickly(after=done)
        return line

    def _ours(self, part: Part) -> Batch:
        """What was read over there, with the numbers of here."""
        self._distinct.rows += part.rows
        for name, raws, lines in part.rounded:
            known = self._known[name]
            fresh = [at for at, raw in enumerate(raws) if raw not in known]
            self._note_rounded(name, [raws[at] for at in fresh], [lines[at] for at in fresh])
        for name, texts in part.texts.items():
            self._texts[name].update(texts)
        batch = part.batch
        fresh_users = [] if batch.packed is None else batch.packed.users
        for name, more in (("customer_id", self._customers.again(part.mentions)), ("user_id", self._users.again(fresh_users))):
            numbers = self._numbers[name] = np.concatenate((self._numbers[name], np.array(more, np.int64)))
            self._known[name].update((raw, int(numbers[own])) for raw, own in part.named[name])
        if batch.packed is None:
            return batch
        key = batch.packed.key
        customer = self._numbers["customer_id"][key >> CUSTOMER_SHIFT]
        user = self._numbers["user_id"][(key >> DAY_BITS) & _USER]
        packed = batch.packed._replace(key=(customer << CUSTOMER_SHIFT) | (user << DAY_BITS) | (key & _DAY), users=self._users.taken())
        return replace(batch, rows=self._shown(packed), packed=packed)


class _There(UsageParser):
    """Reads the second process's blocks, and what they add to what was known there."""

    def __init__(self, table: Table, plan: Plan, survey: Survey, settings: Settings, file: int) -> None:
        super().__init__(table, plan, survey, settings, Customers(), Users(), file)
        self._odd: list[tuple[str, list[str], list[int]]] = []

    def part(self, block: plain.PlainBlock) -> Part:
        """A block, read."""
        mentioned, rows = len(self._customers.mentions), self._distinct.rows
        named, texts = ({name: len(known) for name, known in held.items()} for held in (self._known, self._codes))
        self._odd = []
        batch = self._plain(block)
        return Part(
            replace(batch, rows=[]),
            block.position,
            self._distinct.rows - rows,
            self._customers.mentions[mentioned:],
            {name: list(islice(self._known[name].items(), count, None)) for name, count in named.items()},
            {name: list(islice(self._codes[name], count, None)) for name, count in texts.items()},
            self._odd,
        )

    def _note_rounded(self, name: str, raws: list[str], lines: list[int]) -> None:
        self._odd.append((name, raws, lines))


def read(table: Table, plan: Plan, survey: Survey, settings: Settings, file: int, after: int) -> Iterator[Part | int | None]:
    """In the second process: a file's blocks after the first so many; at last the line on which what is not plain begins, or None."""
    parser = _There(table, plan, survey, settings, file)
    blocks = plain.quick(table, after=after)
    while True:
        try:
            block = next(blocks)
        except StopIteration as end:
            yield end.value
            return
        yield parser.part(block)
