"""Several rows of a file that make one record: an invoice of its lines, added up once every row has been read as values.

A row that can't be read spoils its whole record: added up without it the sum would be wrong. So do amounts of two currencies, which
have no sum. Knows no file but through `Parser`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from cstui.base.money import LARGEST
from cstui.base.problems import Problem
from cstui.base.records import Type
from cstui.ingest.failures import Bad
from cstui.ingest.numbers import canonical
from cstui.ingest.parsing import Batch, Parser
from cstui.ingest.typed import Faults, Raw, Typed

Key = tuple[object, ...]
_TOO_MUCH = Bad("constraint-error", "The rows together come to more than an amount can be.")


@dataclass(slots=True)
class _Record:
    """A record in the making."""

    values: list[object]
    lines: list[int]
    currency: object = None
    """Of what is added up; None where the kind has none, or no row yet."""
    spoiled: Bad | None = None
    """Why it can't be added up."""


class GroupedParser(Parser):
    """Reads one file's blocks, and gives the records when it has seen them all."""

    by_block = False

    def batches(self) -> Iterator[tuple[Batch, int]]:
        """Refused rows as they come, the records at the end."""
        records: dict[Key, _Record] = {}
        position, first = 0, list[Raw]()
        for block in self._table.blocks():
            typed, position = self._typed(block), block.position
            first = first or typed.rows[:5]
            self._take(typed, records)
            found = self._finished(_faulty(typed))
            yield Batch(found.read, [], found.problems, found.refused, []), position
        yield self._made(records, first), position

    def _take(self, typed: Typed, records: dict[Key, _Record]) -> None:
        group = self._plan.group
        assert group is not None
        names = list(typed.columns)
        if typed.rows:
            for name, lines in self._rounded(typed.raw, typed.lines).items():
                self._watch.rounded[name] += lines
        sums = [names.index(name) for name in group.sum if name in names]
        paid = any(self._plan.record.field(name).type is Type.MONEY for name in group.sum)
        currencies = typed.columns["currency"] if paid and "currency" in typed.columns else None
        for row, values in enumerate(zip(*typed.columns.values(), strict=True)):
            key = tuple(typed.columns[name][row] for name in group.by)
            faulty = row in typed.faults
            if faulty and None in key:
                continue  # nothing says whose it is
            found = records.get(key)
            if found is None:
                records[key] = found = _Record(list(values), [])
            elif found.spoiled is None and not faulty:
                _add(found.values, values, sums)
            if faulty:
                found.spoiled = found.spoiled or _without(typed.lines[row])
                continue
            found.lines.append(typed.lines[row])
            if currencies is not None:
                _in_one(found, currencies[row] or self._settings.currency, typed.lines[row])
        self._spoil(typed.refused, records)

    def _spoil(self, refused: list[tuple[int, Raw]], records: dict[Key, _Record]) -> None:
        """Rows without a cell for each header: where they still say whose they are, that record is not whole."""
        group = self._plan.group
        assert group is not None
        places = [self._plan.fields.get(name, self._plan.width) for name in group.by]
        if not refused or not group.sum or max(places) >= self._plan.width:
            return  # nothing is added up, or only whole rows say whose they are
        memos = [self._memo(self._plan.record.field(name)) for name in group.by]
        for line, row in refused:
            if len(row) <= max(places):
                continue
            key = tuple(memo[row[place]] for memo, place in zip(memos, places, strict=True))
            if not any(part is None or isinstance(part, Bad) for part in key):
                found = records.setdefault(key, _Record([], []))
                found.spoiled = found.spoiled or _without(line)

    def _made(self, records: dict[Key, _Record], first: list[Raw]) -> Batch:
        names = [f.name for f in sorted(self._fields, key=lambda f: f.type is Type.MONEY)]
        money = [at for at, name in enumerate(names) if self._plan.record.field(name).type is Type.MONEY]
        spoiled: dict[int, Bad] = {}
        whole: list[_Record] = []
        for record in records.values():
            large = record.spoiled is None and any(abs(cast("int", record.values[at] or 0)) > LARGEST for at in money)
            if record.spoiled is None and not large:
                whole.append(record)
            else:
                spoiled.update(dict.fromkeys(record.lines, record.spoiled or _TOO_MUCH))
        whole.sort(key=lambda record: record.lines[0])
        columns = {name: [record.values[at] for record in whole] for at, name in enumerate(names)}
        lines = [record.lines[0] for record in whole]
        self.together = (sum(len(record.lines) for record in whole), len(whole))
        rows = self._rows(columns, lines) if whole else []
        problems, refused = self._refused(spoiled)
        return Batch(len(whole) + len(refused), rows, problems, refused, first)

    def _refused(self, spoiled: dict[int, Bad]) -> tuple[list[Problem], list[tuple[int, Raw]]]:
        """The rows of spoiled records, read once more for their raw cells."""
        problems: list[Problem] = []
        refused: list[tuple[int, Raw]] = []
        if not spoiled:
            return problems, refused
        for block in self._table.blocks():
            for line, row in zip(block.lines, block.rows, strict=True):
                if line in spoiled:
                    problems.append(Problem(line, None, spoiled[line].code, None, spoiled[line].message))
                    refused.append((line, row))
        return problems, refused


def _faulty(typed: Typed) -> Typed:
    """The block with nothing in it but the rows that are refused on their own account."""
    rows = sorted(typed.faults)
    faults: Faults = defaultdict(list)
    faults.update({at: typed.faults[row] for at, row in enumerate(rows)})
    columns = {name: [column[row] for row in rows] for name, column in typed.columns.items()}
    count = len(rows) + len(typed.refused)
    kept = [typed.rows[row] for row in rows]
    raw = list(zip(*kept, strict=True))
    return Typed(kept, raw, [typed.lines[row] for row in rows], columns, faults, count, typed.problems, typed.refused)


def _in_one(record: _Record, currency: object, line: int) -> None:
    """Hold a row's currency against that of the rows of its record before."""
    if record.currency is None:
        record.currency = currency
    elif record.currency != currency and record.spoiled is None:
        said = f"Line {record.lines[0]} is in {record.currency} and line {line}, of the same record, in {currency}"
        record.spoiled = Bad("mixed-currencies", f"{said}: amounts of two currencies have no sum, so none of its rows is taken.")


def _without(line: int) -> Bad:
    return Bad("incomplete-group", f"Line {line} belongs to the same record and is refused: without it the sum would be wrong.")


def _add(into: list[object], values: tuple[object, ...], sums: list[int]) -> None:
    """One more row of a record: what is added up, and what earlier rows left open."""
    for at, value in enumerate(values):
        held = into[at]
        if held is None:
            into[at] = value
        elif at in sums and value is not None:
            into[at] = held + value if isinstance(held, int) and isinstance(value, int) else _sum(held, value)


def _sum(one: object, other: object) -> str:
    return canonical(Decimal(str(one)) + Decimal(str(other)))
