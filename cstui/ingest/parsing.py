"""Blocks of raw rows to typed rows and problems, a column at a time: each distinct text is understood once.

The last step inside `ingest`: what comes out is ready to be staged. Knows customers only as the numbers that `Customers`
gives their ids.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress, starmap
from json import dumps
from typing import cast

from cstui.base.errors import UsageError
from cstui.base.matching import hand_number
from cstui.base.problems import Problem
from cstui.base.records import Field, Type
from cstui.base.text import clean
from cstui.base.usage import Packed
from cstui.ingest import values
from cstui.ingest.amounts import Amounts
from cstui.ingest.columns import reader_for
from cstui.ingest.customers import Customers
from cstui.ingest.derivation import Runner, follow, with_marks
from cstui.ingest.expressions import Context
from cstui.ingest.failures import FORGOTTEN, Bad
from cstui.ingest.faults import misshapen, repeats, shown, told
from cstui.ingest.headers import Plan
from cstui.ingest.keys import BLANK, MATCH, matcher_of
from cstui.ingest.layout import Note
from cstui.ingest.numbers import Mark
from cstui.ingest.reading import Block, Table
from cstui.ingest.refunded import given_back, told_by_status
from cstui.ingest.resolving import LookupKey
from cstui.ingest.rules import RULES
from cstui.ingest.survey import Distinct, Survey, concluded
from cstui.ingest.typed import Checked, Faults, Raw, Typed
from cstui.ingest.values import Memo, Settings
from cstui.ingest.watching import Watch

CLEARED = b""
"""Stands for “empty what is there” (`--clear`) where None says “leave what is there”."""
_FIRST = 5
AT_ONCE = 512
"""Rows whose cells, and what they become, stay within the processor's reach from the first step to the last."""
OPENS = Field("opens", Type.DATE)
"""How the day on which a snapshot's present period began is read."""
_ALWAYS = frozenset({"currency", "kind", "status", "scale", "direction"})
"""Fields that `--clear` leaves: a row can't be without them, or their blank has a meaning of its own."""

Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """What a block came to."""

    read: int
    rows: list[Row]
    """(line, the parser's `columns`…), `customer_id` as a customer's number."""
    problems: list[Problem]
    refused: list[tuple[int, Raw]]
    """Line and raw cells of each refused row."""
    first: list[Raw]
    """A few raw rows, to show."""
    packed: Packed | None = None
    """Rows of use come in arrays; `rows` then holds only the first few, to show."""
    opens: tuple[tuple[int, int], ...] = ()
    """(line, day) of rows of a snapshot that say when their present period began."""


Like = tuple["type[Parser]", Plan, Survey, Settings]
"""A parser, but for the table it reads and what it shares with others."""


class Parser:
    """Reads one file's blocks. Raises UsageError at once where a `--set` value can't be the field's."""

    by_block = True
    """Whether each block is a batch of its own, so that one reading of the file can do for several kinds."""

    def __init__(self, table: Table, plan: Plan, survey: Survey, settings: Settings, customers: Customers, file: int) -> None:
        self._table, self._plan, self._survey = table, plan, survey
        self._settings = replace(settings, from_1904=True) if table.from_1904 else settings
        self._customers, self._file = customers, file
        self._runner: Runner | None = None
        self.lookups: Mapping[LookupKey, Mapping[str, str]] = {}
        """What the plan's lookups find; given before the first block is read."""
        self.together: tuple[int, int] | None = None
        """Rows of the file that were added up, and records they made; None where each is its own."""
        self.again = 0
        """Accepted rows so far that say again what one before them has said; they are not among a batch's `rows`."""
        self._fields = plan.record.fields
        self._memos = {f.name: self._memo(f) for f in self._fields}
        self._distinct, self._also = Distinct.of(plan), Distinct.of(plan)
        self._attributes = {name: Memo(lambda text: text) for name in plan.attributes}
        self._opened = Memo(values.reader_of(OPENS, self._settings, survey.orders.get("started_at", settings.order), Mark.UNKNOWN))
        self._matcher = matcher_of(plan.record.kind, settings.currency)
        self._watch = Watch(plan.remarks)
        self._blank = BLANK.get(plan.record.kind, {})
        told = told_by_status(plan) | ({"currency"} if survey.signs or plan.tomans else set())  # by the amounts, or by their header
        self._emails: defaultdict[object, set[str]] = defaultdict(set)
        """Customer's id → addresses, of rows so far."""
        self.columns = (
            *((MATCH,) if self._matcher is not None else ()),
            *(f.name for f in self._fields if f.name in plan.fields.keys() | plan.constants.keys() | self._blank.keys() | told),
            *(("attributes",) if plan.attributes or plan.pair else ()),
        )
        """What a row holds after its line: the fields that the file, `--set`, the kind or its amounts give, and its attributes as JSON."""
        self._constants = {name: self._constant(name, text) for name, text in plan.constants.items()}
        self._amounts = Amounts(plan, survey, settings.currency, self._memos, self._constants)

    def seen(self) -> Survey:
        """What all blocks so far say about how the columns are to be read. Raises AmbiguousDates."""
        return concluded(self._table, self._plan, self._settings.order, self.distinct())

    @property
    def like(self) -> Like:
        """What another process makes one like it of."""
        return type(self), self._plan, self._survey, self._settings

    @property
    def aside(self) -> Counter[str]:
        """Why rows were set aside → how many, so far."""
        return Counter() if self._runner is None else self._runner.aside

    def batches(self) -> Iterator[tuple[Batch, int]]:
        """The whole file: batches, and bytes read so far."""
        for block in self.blocks():
            yield self.batch(block), block.position

    def blocks(self) -> Iterator[Block]:
        """The file's rows, as many at once as are read best."""
        return self._table.blocks(AT_ONCE)

    def batch(self, block: Block) -> Batch:
        """One block, read whole."""
        return self.joined(self.checked(block))

    def checked(self, block: Block) -> Checked:
        """One block, read as far as it can be without knowing the customers of those before it."""
        return self._finished(self._typed(block))

    def joined(self, found: Checked) -> Batch:
        """What was read of the block that follows, here or by a parser that `continues`."""
        self.again += found.again
        for name, lines in found.rounded.items():
            self._watch.rounded[name] += lines
        rows = self._rows(found.columns, found.lines) if found.columns else []
        return Batch(found.read, rows, found.problems, found.refused, found.first, None, found.opens)

    def continues(self) -> None:
        """The blocks to be read here are not the file's first: another parser has these, and is given what comes of the others."""

    def distinct(self) -> Distinct:
        """The distinct cells of the typed columns of all blocks so far."""
        texts = {name: self._also.texts[name].union(self._memos[name]) for name in self._distinct.texts}
        whole = replace(self._distinct, texts=texts, codes=self._distinct.codes + self._also.codes)
        return replace(whole, pairs=self._distinct.pairs | self._also.pairs, rows=self._distinct.rows + self._also.rows)

    def join_distinct(self, found: Distinct) -> None:
        """Those of blocks that another parser has read."""
        self._also = found

    def _derived(self, rows: list[Raw], lines: Sequence[int]) -> tuple[list[Raw], Sequence[int], Faults]:
        """The rows as the plan's source makes them."""
        faults: Faults = defaultdict(list)
        if self._plan.derivation is None:
            return rows, lines, faults
        if self._runner is None:
            context = Context({}, self.lookups, self._settings.day, self._settings.currency)
            self._runner = self._plan.derivation.start(with_marks(self._plan.derivation, self._table, context))
        rows, lines, found = self._runner.apply(rows, lines)
        for row, name, bad in found:
            faults[row].append((name, bad))
        return rows, lines, faults

    def _typed(self, block: Block) -> Typed:
        """One block's rows as values."""
        rows, lines, problems, refused = self._shape(block)
        self._distinct.rows += len(block.rows)
        shaped = len(rows)
        rows, lines, faults = self._derived(rows, lines)
        count = len(block.rows) - shaped + len(rows)
        if not rows:
            return Typed([], [], [], {}, faults, count, problems, refused)
        self._distinct.named(self._plan, rows)
        raw = list(zip(*rows, strict=True))
        columns = self._columns(raw, len(rows), faults)
        if self._plan.email is not None:
            for row, text in enumerate(raw[self._plan.email]):
                if "@" in text and self._settings.gone(text):
                    faults[row].append(("customer_id", values.FORGOTTEN_ROW))
                elif "@" in text:
                    self._emails[columns["customer_id"][row]].add(text)
        for row, name, bad in RULES[self._plan.record.kind](columns):
            if row not in faults:
                faults[row].append((name, bad))
        self._watch.look(rows, lines, faults)
        return Typed(rows, raw, lines, columns, faults, count, problems, refused)

    def _finished(self, typed: Typed) -> Checked:
        """The rows without faults, and what is wrong with the others."""
        rows, lines, faults, width = typed.rows, typed.lines, typed.faults, self._plan.width
        problems, refused = typed.problems, typed.refused
        if not rows:
            return Checked(typed.count, [], {}, problems, refused)
        blank = follow(self._plan.derivation, lines, faults) | {row for row in faults if not any(map(str.strip, rows[row][:width]))}
        for row in sorted(faults.keys() - blank):
            problems.extend(dict.fromkeys(self._problem(rows[row], lines[row], *fault) for fault in told(faults[row])))
            refused.append((lines[row], rows[row][:width]))
        problems.sort(key=lambda p: p.line)
        found = Checked(typed.count - len(blank), lines, self._values(typed), problems, sorted(refused), rows[:_FIRST])
        found.opens, found.rounded = self._opens(typed.raw, lines, faults), self._rounded(typed.raw, lines)
        if faults:
            keep = [row not in faults for row in range(len(lines))]
            found.lines = list(compress(lines, keep))
            found.columns = {name: list(compress(column, keep)) for name, column in found.columns.items()}
        return given_back(found, self._plan)

    def _values(self, typed: Typed) -> dict[str, list[object]]:
        """The columns of whatever is staged of a row or tells it from others."""
        found = {f.name: typed.columns[f.name] for f in self._fields if self._matcher is not None or f.name in self.columns}
        if self._plan.pair is not None:
            found["attributes"] = self._paired(typed.raw, *self._plan.pair)
        elif self._plan.attributes:
            found["attributes"] = self._attribute_column(typed.raw)
        return found

    def _opens(self, raw: list[tuple[str, ...]], lines: Sequence[int], faults: Faults) -> tuple[tuple[int, int], ...]:
        """When the present period of each accepted row began, where it says so."""
        if self._plan.opens is None:
            return ()
        days = map(self._opened.__getitem__, raw[self._plan.opens])
        return tuple(
            (line, day) for row, (line, day) in enumerate(zip(lines, days, strict=True)) if isinstance(day, int) and row not in faults
        )

    def _shape(self, block: Block) -> tuple[list[Raw], Sequence[int], list[Problem], list[tuple[int, Raw]]]:
        """The rows with a cell for each header; problems of the others."""
        rows, lines, width = block.rows, block.lines, len(self._table.header)
        widths = set(map(len, rows))
        if max(widths, default=0) > width:
            rows = [row if len(row) <= width or any(map(str.strip, row[width:])) else row[:width] for row in rows]
            widths = set(map(len, rows))
        if widths == {width} and not block.faults and not repeats(self._table.header, rows):
            return rows, lines, [], []
        found = [misshapen(row, line, self._table.header) for line, row in zip(lines, rows, strict=True)]
        for at, faults in block.faults.items():
            found[at] = found[at] or self._unread(rows[at], lines[at], faults)
        kept = [i for i, problem in enumerate(found) if problem is None]
        refused = [(lines[i], rows[i]) for i, problem in enumerate(found) if problem is not None]
        return [rows[i] for i in kept], [lines[i] for i in kept], [p for p in found if p is not None], refused

    def _unread(self, row: Raw, line: int, faults: Sequence[tuple[int, Bad]]) -> Problem | None:
        """The first cell that could not be read and that something takes, or None."""
        taken = {-1, *self._plan.fields.values(), *self._plan.attributes.values()}
        for column, bad in faults:
            if column in taken:
                header, value = (None, None) if column < 0 else (clean(self._table.header[column]), shown(row[column]))
                return Problem(line, header, bad.code, value, bad.message)
        return None

    def _columns(self, raw: list[tuple[str, ...]], count: int, faults: Faults) -> dict[str, list[object]]:
        columns: dict[str, list[object]] = {}
        said = self._amounts.said(raw, count)
        for f in sorted(self._fields, key=lambda f: f.type is Type.MONEY):  # money last: it needs its row's currency
            index = self._plan.fields.get(f.name)
            if index is None:
                constant = self._constants.get(f.name)
                column = (
                    self._amounts.minor(f.name, None, columns, count)
                    if f.type is Type.MONEY and constant is not None
                    else [constant] * count
                )
            else:
                column = self._column(f, raw[index], columns, said, faults)
            columns[f.name] = column
            if f.required and None in column:
                for row in [row for row, value in enumerate(column) if value is None]:
                    if not any(name == f.name for name, _ in faults.get(row, ())):
                        faults[row].append((f.name, Bad("missing-value", f"{f.name} is required, and this is empty.")))
        if "currency" in columns:
            columns["currency"] = values.out_of_toman(columns["currency"])
        for name, blank in self._blank.items():
            columns[name] = [blank if value is None else value for value in columns[name]]
        return columns

    def _column(self, f: Field, raw: tuple[str, ...], columns: dict[str, list[object]], said: list[object], faults: Faults) -> list[object]:
        """One column's values; None where the cell is empty, or faulty and noted so."""
        memo = self._memos[f.name]
        if f.type is Type.MONEY:
            self._amounts.signs(f.name, raw, columns["currency"], said, faults)
            column = self._amounts.minor(f.name, raw, columns, len(raw))
        elif (f.type is Type.TEXT or f.type is Type.ID) and not (f.name in values.NAMING and self._settings.forgotten):
            column = values.texts(raw, memo)
        else:
            column = list(map(memo.__getitem__, raw))
        if memo.bad or f.type is Type.MONEY:
            for row in [row for row, value in enumerate(column) if value.__class__ is Bad]:
                faults[row].append((f.name, cast("Bad", column[row])))
                column[row] = None
        constant = self._constants.get(f.name)
        if constant is not None and f.type is not Type.MONEY and None in column:
            return [constant if value is None else value for value in column]
        return column

    def _rows(self, columns: dict[str, list[object]], lines: Sequence[int]) -> list[Row]:
        """Accepted rows as they are staged, their customers numbered."""
        out = {f.name: self._cleared(f, columns[f.name]) for f in self._fields if f.name in self.columns}
        if "attributes" in columns:
            out["attributes"] = columns["attributes"]
        if "customer_id" in out:
            named = cast("list[str]", out["customer_id"])
            numbers = self._customers.numbers(named, lines, self._file)
            if self._emails:
                for customer, number in dict(zip(named, numbers, strict=True)).items():
                    self._customers.addresses.setdefault(number, set()).update(self._emails.get(customer, ()))
            out["customer_id"] = list(numbers)
            # Two programs may write one id in two ways: equal rows are those of one folded id.
            columns = columns | {"customer_id": [self._customers.mentions[number].fold for number in numbers]} if self._matcher else columns
        if self._matcher is not None:
            if "response_id" in out:
                out["response_id"] = [
                    None if hand_number(value) else value for value in out["response_id"]
                ]  # the id it has in an export only
            out = {MATCH: self._matcher.texts(columns), **out}
        return list(zip(lines, *out.values(), strict=True))

    def _rounded(self, raw: list[tuple[str, ...]], lines: Sequence[int]) -> dict[str, list[int]]:
        ids = [f.name for f in self._fields if f.type is Type.ID and f.name in self._plan.fields]
        return {name: [lines[row] for row in values.rounded(raw[self._plan.fields[name]])] for name in ids}

    def notes(self) -> list[Note]:
        """What is odd about cells of accepted and refused rows alike."""
        return self._watch.notes({name: self._plan.column(name) for name in self._plan.fields})

    def _cleared(self, f: Field, column: list[object]) -> list[object]:
        if self._settings.clear and f.name in self._plan.fields and not f.required and f.name not in _ALWAYS and None in column:
            return [CLEARED if value is None else value for value in column]
        return column

    def _attribute_column(self, raw: list[tuple[str, ...]]) -> list[object]:
        """Custom attributes as one JSON object of text per row, names sorted; None where a row has none."""
        names = sorted(self._plan.attributes)
        found = [values.texts(raw[self._plan.attributes[name]], self._attributes[name]) for name in names]
        empty = None if not self._settings.clear else ""

        def pack(*cells: object) -> str | None:
            own = {name: cell or empty for name, cell in zip(names, cells, strict=True) if cell or empty is not None}
            return dumps(own, ensure_ascii=False, separators=(",", ":")) if own else None

        return list(starmap(pack, zip(*found, strict=True)))

    def _paired(self, raw: list[tuple[str, ...]], name: int, value: int) -> list[object]:
        """Custom attributes of which each row names one."""
        names, found = Memo(lambda text: text), Memo(lambda text: text)
        cells = zip(map(names.__getitem__, raw[name]), map(found.__getitem__, raw[value]), strict=True)
        return [dumps({key: text}, ensure_ascii=False, separators=(",", ":")) if key and text else None for key, text in cells]

    def _memo(self, f: Field) -> Memo:
        return Memo(reader_for(f, self._plan, self._survey, self._settings))

    def _constant(self, name: str, text: str) -> object:
        value = values.constant_of(self._plan.record.field(name), text, self._settings)
        if isinstance(value, Bad):
            raise UsageError(f"--set {name}={text} does not fit the {self._plan.record.kind} of {self._table.name}: {value.message}")
        return value

    def _problem(self, row: Raw, line: int, name: str, bad: Bad) -> Problem:
        index = self._plan.fields.get(name) if bad.at is None else bad.at
        index = None if index is None else self._plan.told_of(index, row)
        column = name if index is None else clean(self._plan.header[index])
        value = None if index is None or bad.code == FORGOTTEN else shown(row[index])
        return Problem(line, column, bad.code, value, bad.message)
