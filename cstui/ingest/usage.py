"""Blocks of raw rows of use to packed arrays and problems: the parser of the kind that comes by the million.

Same promises as `Parser`, other means: each distinct text is understood once, as there, but becomes a number, and the rest
is arithmetic on whole columns. Knows customers and users only as the numbers that a call gives them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING, cast

import numpy as np

from cstui.base.days import month_of, month_start
from cstui.base.problems import Problem
from cstui.base.records import Field
from cstui.base.text import clean
from cstui.base.usage import CLEARED, CUSTOMER_SHIFT, DAY_BITS, EMPTY, MINUTE, Packed
from cstui.ingest import plain
from cstui.ingest.customers import Customers
from cstui.ingest.failures import FORGOTTEN, Bad
from cstui.ingest.faults import shown, told
from cstui.ingest.headers import Plan
from cstui.ingest.numbered import Numbered
from cstui.ingest.numbers import Mark, decimal_of
from cstui.ingest.parsing import Batch, Parser
from cstui.ingest.plain import Ids, PlainBlock
from cstui.ingest.reading import Block, Table
from cstui.ingest.survey import Survey, concluded
from cstui.ingest.typed import Faults
from cstui.ingest.usage_cells import BAD, TOO_LONG, Codes, Column, Parsed, Users
from cstui.ingest.usage_sums import added_up
from cstui.ingest.values import LONGEST_CELL, Settings, all_plain, kept_text, reader_of, rounded
from cstui.ingest.values import plain as is_plain

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]

_IDS = frozenset({"customer_id", "user_id"})
_FORMS = {"date": "date", "sessions": "count", "minutes": "thousandths", "events": "count"}
_LONGEST_MINUTES = 10**12
_SAMPLE = 5


class UsageParser(Parser):
    """Reads one file's blocks of use."""

    by_block = False

    def __init__(self, table: Table, plan: Plan, survey: Survey, settings: Settings, customers: Customers, users: Users, file: int) -> None:
        super().__init__(table, plan, survey, settings, customers, file)
        self._users = users
        self._headers = list(map(clean, plan.header))
        self._codes = {f.name: Codes(self._reader(f)) for f in self._fields}
        self._known: dict[str, dict[str, int]] = {"customer_id": {}, "user_id": users.numbers}
        """Raw id → number, of ids that accepted rows have named."""
        self._numbered_ids = {name: Numbered() for name in _IDS}
        self._read_id = {name: self._codes.pop(name).read for name in _IDS}
        if "user_id" not in self._constants:
            users.numbers[""] = 0
        self._fixed = {name: self._number(name, value) for name, value in self._constants.items() if name not in _IDS}

    def seen(self) -> Survey:
        """What all blocks so far say about how the columns are to be read. Raises AmbiguousDates."""
        texts = {name: set(self._codes[name]) for name in self._distinct.texts}
        return concluded(self._table, self._plan, self._settings.order, replace(self._distinct, texts=texts))

    def batches(self) -> Iterator[tuple[Batch, int]]:
        """The whole file: batches, and bytes read so far."""
        if self._plan.derivation is not None:
            yield from self._derived_batches()
            return
        yield from self._read(plain.blocks(self._table))

    def _read(self, blocks: Iterable[Block | PlainBlock]) -> Iterator[tuple[Batch, int]]:
        for block in blocks:
            yield self.batch(block) if isinstance(block, Block) else self._plain(block), block.position

    def _derived_batches(self) -> Iterator[tuple[Batch, int]]:
        """Batches of rows that a source makes; where several make one day's use, added up at the end."""
        held: list[Packed] = []
        position = 0
        for block in self._table.blocks():
            batch, position = self.batch(block), block.position
            if self._plan.group is not None and batch.packed is not None:
                held.append(batch.packed)
                batch = replace(batch, read=len(batch.refused), rows=[], packed=None)
            yield batch, position
        if held:
            packed = added_up(held)
            self.together = (sum(len(part.key) for part in held), len(packed.key))
            yield Batch(len(packed.key), self._shown(packed), [], [], [], packed), position

    def batch(self, block: Block) -> Batch:
        """One block of cells, read whole."""
        rows, lines, problems, refused = self._shape(block)
        self._distinct.rows += len(block.rows)
        misshapen = len(block.rows) - len(rows)
        rows, lines, faults = self._derived(rows, lines)
        if not rows:
            return Batch(misshapen, [], problems, refused, [])
        columns = [Parsed(cells) for cells in zip(*rows, strict=True)]
        found = self._understood(columns, np.fromiter(lines, np.int64, len(lines)), rows.__getitem__, faults)
        problems, refused = problems + found.problems, refused + found.refused
        read = found.read + misshapen
        return replace(found, read=read, problems=sorted(problems, key=lambda p: p.line), refused=sorted(refused), first=rows[:_SAMPLE])

    def _plain(self, block: PlainBlock) -> Batch:
        """One block of places, and the rows between them that were parsed, as one batch in file order."""
        if not len(block.lines):
            return self.batch(block.others)
        self._distinct.rows += len(block.lines)
        first = [block.row(at) for at in range(min(_SAMPLE, len(block.lines)))]
        batch = replace(self._understood(block.columns, block.lines, block.row), first=first)
        if not block.others.rows:
            return batch
        others = self.batch(block.others)
        return self._together(batch, others)

    def _together(self, batch: Batch, others: Batch) -> Batch:
        problems = sorted(batch.problems + others.problems, key=lambda problem: problem.line)
        packed = batch.packed
        if packed is not None and others.packed is not None:
            self._named_earlier(others.packed)
            line = np.concatenate((packed.line, others.packed.line))
            order = np.argsort(line, kind="stable")
            users = packed.users + others.packed.users
            arrays: Iterator[tuple[Numbers, Numbers]] = zip(packed[:-1], others.packed[:-1], strict=True)  # type: ignore[arg-type]  # six arrays
            packed = Packed._make((*(np.concatenate(pair)[order] for pair in arrays), users))
        read, refused = batch.read + others.read, sorted(batch.refused + others.refused)
        shown = [] if packed is None else self._shown(packed)
        return Batch(read, shown, problems, refused, batch.first or others.first, packed)

    def _named_earlier(self, packed: Packed) -> None:
        """Where a row that was parsed stands before the plain row that named its customer, it is the first."""
        mentions = self._customers.mentions
        for key, line in zip((packed.key >> CUSTOMER_SHIFT).tolist(), packed.line.tolist(), strict=True):
            if mentions[key].file == self._file and line < mentions[key].line:
                mentions[key] = mentions[key]._replace(line=line)

    def _understood(
        self, columns: Sequence[Column], lines: Numbers, row_of: Callable[[int], list[str]], faults: Faults | None = None
    ) -> Batch:
        """Rows that all have a cell for each header."""
        faults = defaultdict(list) if faults is None else faults
        cells = {name: columns[index] for name, index in self._plan.fields.items()}
        ids = {name: cells[name].distinct(self._numbered_ids[name]) for name in _IDS if name in cells}
        numbers: dict[str, Numbers] = {}
        for f in self._fields:
            if f.name in ids:
                self._look_at(f, ids[f.name], lines, faults)
            elif f.name not in _IDS:
                numbers[f.name] = self._column_of(f, cells.get(f.name), len(lines), faults)
        raw = {row: row_of(row) for row in sorted(faults)}
        width = self._plan.width
        blank = {row for row, texts in raw.items() if not any(map(str.strip, texts[:width]))}
        refused = [(int(lines[row]), texts[:width]) for row, texts in raw.items() if row not in blank]
        problems = [self._problem(raw[row], int(lines[row]), *fault) for row in raw if row not in blank for fault in told(faults[row])]
        packed = self._packed(numbers, ids, lines, faults)
        return Batch(len(lines) - len(blank), self._shown(packed), problems, refused, [], packed)

    def _column_of(self, f: Field, cells: Column | None, count: int, faults: Faults) -> Numbers:
        """A column's numbers; EMPTY where the cell is empty, or faulty and noted so."""
        if cells is None:
            return np.full(count, self._fixed.get(f.name, EMPTY), np.int64)
        codes = self._codes[f.name]
        column = cells.read(codes, _FORMS[f.name])
        if codes.faults:
            for row in np.flatnonzero(column == BAD).tolist():
                faults[row].append((f.name, codes.faults[cells.text(row)]))
        if f.name in self._fixed:
            column[column == EMPTY] = self._fixed[f.name]
        elif f.required:
            for row in np.flatnonzero(column == EMPTY).tolist():
                if not any(name == f.name for name, _ in faults.get(row, ())):
                    faults[row].append((f.name, _missing(f)))
        elif self._settings.clear:
            column[column == EMPTY] = CLEARED
        return column

    def _look_at(self, f: Field, ids: Ids, lines: Numbers, faults: Faults) -> None:
        """Note the rows whose id can't be one. Most ids have been seen before, and then there is nothing to look at."""
        known = self._known[f.name]
        unseen = [(at, raw) for at, raw in zip(ids.nameless, ids.texts, strict=True) if raw not in known]
        raws = [raw for _, raw in unseen]
        doubtful = unseen
        if self._settings.forgotten is None:
            sure = all_plain(raws)
            doubtful = [(number, raw) for number, raw in unseen if not raw or not (sure or is_plain(raw))]
        wrong = {number: bad for number, raw in doubtful if (bad := self._wrong(f, raw))}
        if odd := [unseen[at][0] for at in rounded(raws)]:
            rows = np.flatnonzero(np.isin(ids.which, odd))
            texts = dict(unseen)
            self._note_rounded(f.name, [texts[at] for at in ids.which[rows].tolist()], lines[rows].tolist())
        if wrong:
            for row in np.flatnonzero(np.isin(ids.which, list(wrong))).tolist():
                if not any(name == f.name for name, _ in faults.get(row, ())):
                    faults[row].append((f.name, wrong[int(ids.which[row])]))

    def _note_rounded(self, name: str, _raws: list[str], lines: list[int]) -> None:
        """Rows with an id that was not named before and looks rounded."""
        self._watch.rounded[name] += lines

    def _wrong(self, f: Field, raw: str) -> Bad | None:
        """Why an id can't be one."""
        text = kept_text(raw)
        found = text and (TOO_LONG if len(raw) > LONGEST_CELL else self._read_id[f.name](text))
        if isinstance(found, Bad):
            return found
        return _missing(f) if not found and f.required and f.name not in self._constants else None

    def _packed(self, numbers: dict[str, Numbers], ids: dict[str, Ids], lines: Numbers, faults: Faults) -> Packed:
        """The rows without faults; the ids they name have their numbers from here on."""
        if faults:
            keep = np.ones(len(lines), bool)
            keep[list(faults)] = False
            lines = lines[keep]
            numbers = {name: column[keep] for name, column in numbers.items()}
            ids = {name: found._replace(which=found.which[keep]) for name, found in ids.items()}
        customer, user = (self._numbered(name, ids.get(name), lines) for name in ("customer_id", "user_id"))
        month, dom = np.divmod(numbers["date"], 1 << DAY_BITS)
        return Packed(
            month.astype(np.int32),
            (customer << CUSTOMER_SHIFT) | (user << DAY_BITS) | dom,
            numbers["sessions"].astype(np.int32),
            numbers["minutes"],
            numbers["events"].astype(np.int32),
            lines.astype(np.int32),
            self._users.taken(),
        )

    def _numbered(self, name: str, ids: Ids | None, lines: Numbers) -> Numbers:
        """A column of ids that all can be ones, as numbers."""
        if ids is None:
            ids = Ids([""], np.array([-1]), np.zeros(len(lines), np.int64))
        known, numbers = self._known[name], ids.numbers
        if ids.texts:
            first = np.full(len(numbers), -1, np.int64)
            first[ids.which[::-1]] = np.arange(len(lines) - 1, -1, -1)  # of several places the last written stays: the first row
            first = first[ids.nameless]
            fresh = [at for at, raw in enumerate(ids.texts) if first[at] >= 0 and raw not in known]
            self._name(name, [ids.texts[at] for at in fresh], first[fresh], lines)
            numbers = numbers.copy()
            numbers[ids.nameless] = [known.get(raw, 0) for raw in ids.texts]
            named = [raw for raw in ids.texts if raw in known]
            self._numbered_ids[name].add(named, [known[raw] for raw in named])
        return numbers[ids.which]

    def _name(self, name: str, raws: list[str], first: Numbers, lines: Numbers) -> None:
        """Number ids that were not named before, in the order of their first rows."""
        constant, known = str(self._constants.get(name, "")), self._known[name]
        order = np.argsort(first).tolist()
        ordered = [raws[at] for at in order]
        sure = all_plain(ordered)
        texts = [(raw if sure or is_plain(raw) else kept_text(raw)) or constant for raw in ordered]
        if name == "customer_id":
            places = lines[first[order]].tolist()
            known.update(zip(ordered, self._customers.numbers(texts, places, self._file), strict=True))
            return
        self._users.add(ordered, texts)

    def _problem(self, row: list[str], line: int, name: str, bad: Bad) -> Problem:
        """What `Parser` makes of it; a file may have a hundred thousand of them, and most tell a column as it stands."""
        at = self._plan.fields.get(name)
        if at is None or bad.at is not None or bad.code == FORGOTTEN or self._plan.derivation is not None:
            return super()._problem(row, line, name, bad)
        return Problem(line, self._headers[at], bad.code, shown(row[at]), bad.message)

    def _shown(self, packed: Packed) -> list[tuple[object, ...]]:
        """The first rows as `Parser` would give them."""
        shown = []
        for index in range(min(_SAMPLE, len(packed.key))):
            key, month = int(packed.key[index]), int(packed.month[index])
            user = (key >> DAY_BITS) & ((1 << CUSTOMER_SHIFT - DAY_BITS) - 1)
            minutes = int(packed.minutes[index])
            values: dict[str, object] = {
                "customer_id": key >> CUSTOMER_SHIFT,
                "date": month_start(month) + (key & ((1 << DAY_BITS) - 1)) - 1,
                "user_id": self._users.name(user),
                "sessions": _shown_count(int(packed.sessions[index])),
                "minutes": None if minutes < 0 else format(Decimal(minutes) / MINUTE, "f"),
                "events": _shown_count(int(packed.events[index])),
            }
            shown.append((int(packed.line[index]), *(values[name] for name in self.columns)))
        return shown

    def _reader(self, f: Field) -> Callable[[str], object]:
        order = self._survey.orders.get(f.name, self._settings.order)
        mark = self._survey.marks.get(f.name, Mark.UNKNOWN)
        read = reader_of(f, self._settings, order, mark)
        if f.name == "date":
            return lambda text: _day_code(read(text))
        if f.name == "minutes":
            return lambda text: _thousandths(text, mark)
        return read

    def _number(self, name: str, value: object) -> int:
        """A `--set` value as its column has it."""
        if name == "date":
            return cast("int", _day_code(value))
        if name == "minutes":
            return cast("int", _thousandths(str(value), Mark.POINT))
        return cast("int", value)


def _missing(f: Field) -> Bad:
    return Bad("missing-value", f"{f.name} is required, and this is empty.")


def _shown_count(value: int) -> int | None:
    return None if value < 0 else value


def _day_code(day: object) -> object:
    """A day as month << DAY_BITS | day of the month."""
    if not isinstance(day, int):
        return day
    month = month_of(day)
    return month << DAY_BITS | (day - month_start(month) + 1)


def _thousandths(text: str, mark: Mark) -> object:
    """Minutes in thousandths, more decimals rounded half to even; or why not."""
    value = decimal_of(text, mark)
    if isinstance(value, Bad):
        return value
    if value < 0:
        return Bad("constraint-error", "The number is negative.")
    if value > _LONGEST_MINUTES:
        return Bad("constraint-error", "The number of minutes is out of range.")
    return int((value * MINUTE).quantize(Decimal(1), ROUND_HALF_EVEN))
