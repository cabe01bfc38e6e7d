"""What a source makes of a file's rows before they are read as values: cells filled down, rows set aside, columns made.

The file's own cells stay in front; what is made stands behind them. Rows come in with a cell for each header. Knows no kind.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from cstui.base.text import clean, fold_choice
from cstui.ingest.expressions import CellFault, Cells, Context, Maker, compiled
from cstui.ingest.failures import Bad
from cstui.ingest.numbers import Mark, decimal_of, mark_of
from cstui.ingest.resolving import LookupKey, Resolved, columns, lookups, numbers
from cstui.ingest.values import kept_text


@dataclass(frozen=True, slots=True)
class Made:
    """A column that is made."""

    field: str
    """The field it serves."""
    name: str
    """What it is called to people."""
    expr: Resolved
    of: int | None = None
    """The one column of the file that it is made of; None where there are several, or none."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What there is to say of rows that hold something in one column."""

    index: int
    says: str


@dataclass(frozen=True, slots=True)
class Condition:
    """Which rows are wanted, by one column's words."""

    index: int
    name: str
    words: frozenset[str]
    wanted: bool
    """Whether the words are those of the rows that stay, or of those set aside."""


@dataclass(frozen=True, slots=True)
class Second:
    """A row is a second record too, where one column of the file holds more than 0."""

    over: int
    made: tuple[Made | None, ...]
    """For each column that is made, how the second record has it; None where it is the first's."""


@dataclass(frozen=True, slots=True)
class Derivation:
    """How one kind's rows are made from a file's."""

    width: int
    """Columns of the file itself."""
    made: tuple[Made, ...] = ()
    conditions: tuple[Condition, ...] = ()
    fill: tuple[int, ...] = ()
    fill_by: int | None = None
    second: Second | None = None

    @property
    def _making(self) -> tuple[Made, ...]:
        return (*self.made, *(filter(None, self.second.made) if self.second is not None else ()))

    @property
    def lookups(self) -> frozenset[LookupKey]:
        """What is looked up elsewhere."""
        return frozenset(key for made in self._making for key in lookups(made.expr))

    @property
    def reckoned(self) -> frozenset[int]:
        """The columns whose cells are reckoned with."""
        found = (index for made in self._making for index in numbers(made.expr))
        return frozenset(found if self.second is None else (*found, self.second.over))

    @property
    def taken(self) -> frozenset[int]:
        """The columns that are looked at at all."""
        used = {index for made in self._making for index in columns(made.expr)} | {condition.index for condition in self.conditions}
        return frozenset(used if self.fill_by is None else used | {self.fill_by})

    def start(self, context: Context) -> Runner:
        """A pass over the file."""
        return Runner(self, context)


class Blocks(Protocol):
    """A file's rows, as often as they are asked for."""

    def blocks(self) -> Iterable[RawBlock]:
        """All of them, block by block."""


class RawBlock(Protocol):
    """Some rows."""

    @property
    def rows(self) -> list[Cells]: ...


def with_marks(derivation: Derivation, table: Blocks, context: Context) -> Context:
    """The context with the decimal mark of each column that is reckoned with, found by reading the file once."""
    wanted = derivation.reckoned
    if not wanted:
        return context
    texts: dict[int, set[str]] = {index: set() for index in wanted}
    for block in table.blocks():
        for index, found in texts.items():
            found.update(row[index] for row in block.rows if len(row) == derivation.width)
    marks = {index: mark_of({text for raw in found if (text := kept_text(raw))}) for index, found in texts.items()}
    return replace(context, marks=marks)


@dataclass(slots=True)
class Runner:
    """One pass over a file."""

    derivation: Derivation
    context: Context
    aside: Counter[str] = field(default_factory=Counter)
    """Why rows were set aside → how many."""
    _makers: list[Maker] = field(default_factory=list)
    _seconds: list[Maker | None] = field(default_factory=list)
    _above: Cells | None = None

    def __post_init__(self) -> None:
        self._makers = [compiled(made.expr, self.context) for made in self.derivation.made]
        second = self.derivation.second
        self._seconds = [made if made is None else compiled(made.expr, self.context) for made in second.made] if second is not None else []

    def apply(self, rows: list[Cells], lines: Sequence[int]) -> tuple[list[Cells], Sequence[int], list[tuple[int, str, Bad]]]:
        """The rows that stay, with what is made; their lines; and (row, field, why) where something could not be made."""
        plan = self.derivation
        if plan.fill:
            rows = [self._filled(row) for row in rows]
        if plan.conditions:
            kept = [at for at, row in enumerate(rows) if self._stays(row)]
            rows, lines = [rows[at] for at in kept], [lines[at] for at in kept]
        faults: list[tuple[int, str, Bad]] = []
        if plan.second is not None:
            return self._twice(plan.second, rows, lines, faults)
        made = [self._extended(at, row, faults, self._makers) for at, row in enumerate(rows)] if self._makers else rows
        return made, lines, faults

    def _twice(
        self, second: Second, rows: list[Cells], lines: Sequence[int], faults: list[tuple[int, str, Bad]]
    ) -> tuple[list[Cells], Sequence[int], list[tuple[int, str, Bad]]]:
        """The rows with what is made, each followed by the second record that it is, on the same line."""
        found: list[Cells] = []
        places: list[int] = []
        others = [again or maker for maker, again in zip(self._makers, self._seconds, strict=True)]
        mark = self.context.marks.get(second.over, Mark.UNKNOWN)
        for row, line in zip(rows, lines, strict=True):
            found.append(self._extended(len(found), row, faults, self._makers))
            places.append(line)
            over = decimal_of(text, mark, money=True) if (text := row[second.over].strip()) else 0
            if isinstance(over, Bad):
                unread = [*row[: second.over], "", *row[second.over + 1 :]]
                name = next(made.field for made in second.made if made is not None and second.over in columns(made.expr))
                faults.append((len(found), name, replace(over, at=second.over)))
                extended = self._extended(len(found), unread, faults, others)
                found.append([*row, *extended[len(row) :]])
            elif over > 0:
                found.append(self._extended(len(found), row, faults, others))
            places += [line] * (len(found) - len(places))
        return found, places, faults

    def _extended(self, at: int, row: Cells, faults: list[tuple[int, str, Bad]], makers: Sequence[Maker]) -> Cells:
        cells = list(row)
        for made, maker in zip(self.derivation.made, makers, strict=True):
            try:
                cells.append(maker(row))
            except CellFault as fault:
                cells.append("")
                faults.append((at, made.field, replace(fault.bad, at=fault.index)))
        return cells

    def _stays(self, row: Cells) -> bool:
        for condition in self.derivation.conditions:
            if (fold_choice(row[condition.index]) in condition.words) != condition.wanted:
                self.aside[_why(condition, row[condition.index])] += 1
                return False
        return True

    def _filled(self, row: Cells) -> Cells:
        above, by = self._above, self.derivation.fill_by
        if above is not None and (by is None or row[by].strip() == above[by].strip()):
            row = list(row)
            for index in self.derivation.fill:
                if not row[index].strip():
                    row[index] = above[index]
        self._above = row
        return row


def follow(derivation: Derivation | None, lines: Sequence[int], faults: MutableMapping[int, list[tuple[str, Bad]]]) -> set[int]:
    """The second records of rows that are refused: one row is refused once, and whole. Marks them as faulty too."""
    if derivation is None or derivation.second is None:
        return set()
    after = [row + 1 for row in faults if faults[row] and row + 1 < len(lines) and lines[row + 1] == lines[row]]
    for row in after:
        faults[row] = [*faults.get(row, ()), *faults[row - 1]]
    return set(after)


def _why(condition: Condition, cell: str) -> str:
    text = cell.strip()
    return f"{condition.name} is {text[:40]}" if text else f"no {condition.name}"


def conditions(
    header: Sequence[str],
    find: Mapping[str, int | None],
    only: Mapping[str, Iterable[str]],
    unless: Mapping[str, Iterable[str]],
    filled: Iterable[str],
) -> Iterator[Condition]:
    """The conditions over columns that the file has (spec → place)."""
    for spec, words in only.items():
        if (index := find[spec]) is not None:
            yield Condition(index, clean(header[index]), frozenset(map(fold_choice, words)), wanted=True)
    for spec, words in unless.items():
        if (index := find[spec]) is not None:
            yield Condition(index, clean(header[index]), frozenset(map(fold_choice, words)), wanted=False)
    for spec in filled:
        if (index := find[spec]) is not None:
            yield Condition(index, clean(header[index]), frozenset({""}), wanted=False)
