"""The rollups of subscriptions where very many customers are touched: one pass through the rows, worked out a column at a time.

Writes what `rollups` writes customer by customer; tests hold both equal. What the columns mean is `cstui.metrics.columns`'.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import starmap
from operator import eq
from typing import NamedTuple

import numpy as np

from cstui.base.days import Period
from cstui.metrics.columns import NOBODY, StepColumns, sweep
from cstui.metrics.movements import Tally, tally_of
from cstui.metrics.service import FOREVER, Known, monthly
from cstui.metrics.step_columns import Bools, Ints, Rows, Steps, on_day, paid_on, steps_of
from cstui.metrics.terms import paid_on as paid_on_in
from cstui.store.inserting import insert
from cstui.store.packed import unpack
from cstui.store.sql import query
from cstui.store.standing import Standing, standing_of
from cstui.store.vectors import NEVER, days, ints, parts, texts

_DENSE, _DAYS, _NUMBERS = 4, 9, 13
"""Leading columns of `many_rows.sql` that have a number for every row; with them, those that may be days, and that are whole numbers."""


class Derived(NamedTuple):
    """What the touched customers' rows have come to, beside what has been written of it."""

    tallies: list[Tally]
    """By month, of customers without foreign money."""
    standings: Sequence[Standing]
    plans: Sequence[tuple[int, str]]
    """(customer, plan) of the latest row that has begun, where it names one."""


class _Numbers(dict[str, int]):
    """Texts, numbered as they come."""

    def __missing__(self, text: str) -> int:
        self[text] = len(self)
        return self[text]


class _Levels(dict[tuple[int, int, int, str, str], int]):
    """What a row with these terms pays a month: amount, discount, interval count, quantity and interval."""

    def __missing__(self, terms: tuple[int, int, int, str, str]) -> int:
        amount, discount, count, quantity, interval = terms
        found = self[terms] = monthly(amount, quantity, discount, interval, count)
        return found


class _Read(NamedTuple):
    """The touched customers' rows, by id."""

    id: Ints
    began: Ints
    """When the row's trial began, if it has one."""
    plan: Ints
    plans: Sequence[str]
    codes: Sequence[str]
    rows: Rows


def derive(db: sqlite3.Connection, currency: str, known: Known, periods: Sequence[Period]) -> Derived:
    """Write the touched customers' steps and trials. `known.as_of` is the workspace's own last day; no gap is bridged."""
    read = _read(db)
    steps = steps_of(read.rows, known)
    alone, own = steps.alone, steps.currency == _number(read.codes, currency)
    packed = _packed(steps)
    customers, codes = steps.customer.tolist(), [read.codes[number] for number in steps.currency.tolist()]
    insert(db, "INSERT INTO mrr_steps(customer_id, currency, steps)", 3, zip(customers, codes, packed, strict=True))
    several: dict[int, dict[str, bytes]] = {}
    for at in np.flatnonzero(~alone).tolist():
        several.setdefault(customers[at], {})[codes[at]] = packed[at]
    _write_trials(db, read, steps, known.as_of, several)
    standings = [
        *_alone_on(steps.chosen(alone), own[alone], known.as_of),
        *(
            standing_of(customer, {code: unpack(own) for code, own in by.items()}, known.as_of, currency)
            for customer, by in several.items()
        ),
    ]
    return Derived(_tallies(steps.chosen(alone & own).columns, periods, known.as_of), standings, list(_plans(read, known.as_of)))


def taken(rows: Iterable[tuple[int, str, bytes]], currency: str, periods: Sequence[Period], as_of: int) -> list[Tally]:
    """What moved in each period by steps as they are kept, of customers without foreign money; rows of one customer stand together."""
    held = [(customer, code == currency, packed) for customer, code, packed in rows]
    customer = np.array([row[0] for row in held], np.int64)
    size = np.array([len(row[2]) for row in held], np.int64) // 16
    pairs = np.frombuffer(bytearray(b"").join(row[2] for row in held), "<i8").reshape(-1, 2)
    steps = Steps(customer, customer, np.cumsum(size) - size, size, pairs[:, 0], pairs[:, 1])
    return _tallies(steps.chosen(steps.alone & np.array([row[1] for row in held], np.bool_)).columns, periods, as_of)


def _read(db: sqlite3.Connection) -> _Read:
    codes, plans, levels = _Numbers(), _Numbers(), _Levels()
    last = db.execute("SELECT ifnull(max(id), 0) FROM subscription").fetchone()[0]
    found: list[list[Ints]] = [[np.zeros(0, np.int64)] * _NUMBERS]
    for part in parts(db, query("many_rows"), last, {"never": NEVER}):
        columns = [days(text, FOREVER) for text in part[:_DENSE]]
        columns += [_sparse(text, columns[0], FOREVER) for text in part[_DENSE:_DAYS]] + [ints(text) for text in part[_DAYS:_NUMBERS]]
        quantity, interval, currency, plan = map(texts, part[_NUMBERS:])
        *columns, amount, discount, count = columns
        terms = zip(amount.tolist(), discount.tolist(), count.tolist(), quantity, interval, strict=True)
        level = _array(map(levels.__getitem__, terms))
        found.append([*columns, level, _array(map(codes.__getitem__, currency)), _array(map(plans.__getitem__, plan))])
    whole = [np.concatenate(column) for column in zip(*found, strict=True)]
    row, customer, started, ended, began, trial_end, since, requested, period_end, status, level, code, plan_of = whole
    began = np.where(began == FOREVER, started, began)
    following = _following(db, row)
    rows = Rows(customer, code, level, started, trial_end, status, since, requested, ended, period_end, following)
    return _Read(row, began, plan_of, list(plans), list(codes), rows)


def _array(values: Iterable[int]) -> Ints:
    return np.fromiter(values, np.int64)


def _sparse(text: str | None, row: Ints, otherwise: int) -> Ints:
    """A column of which only some of the ascending rows have a number: row and number in turn."""
    found = np.full(len(row), otherwise, np.int64)
    some = ints(text or "").reshape(-1, 2)
    found[np.searchsorted(row, some[:, 0])] = some[:, 1]
    return found


def _following(db: sqlite3.Connection, row: Ints) -> Ints:
    """When the next row with the same subscription id begins, for each of the ascending rows."""
    found = np.full(len(row), FOREVER)
    numbers, starts, named = db.execute(query("many_next_starts")).fetchone()
    ids, day, names = ints(numbers), ints(starts), texts(named)
    again = np.fromiter(map(eq, names, names[1:]), np.bool_)
    version, following = ids[:-1][again], day[1:][again]
    touched = np.isin(version, row, assume_unique=True)
    found[np.searchsorted(row, version[touched])] = following[touched]
    return found


def _number(codes: Sequence[str], currency: str) -> int:
    return codes.index(currency) if currency in codes else -1


def _packed(steps: Steps) -> list[bytes]:
    """Each group's steps as `packed.pack` has them."""
    pairs = np.empty((len(steps.day), 2), "<i8")
    pairs[:, 0], pairs[:, 1] = steps.day, steps.level
    whole = pairs.tobytes()
    ends = (steps.begins + steps.size) * 16
    return [whole[begin:end] for begin, end in zip((steps.begins * 16).tolist(), ends.tolist(), strict=True)]


def _tallies(steps: StepColumns, periods: Sequence[Period], as_of: int) -> list[Tally]:
    return [tally_of(movement) for movement in sweep(steps, periods, as_of, NOBODY)[None]]


def _maybe(days: Ints) -> list[int | None]:
    return [None if day == FOREVER else day for day in days.tolist()]


def _alone_on(steps: Steps, own: Bools, day: int) -> Iterator[Standing]:
    """How customers with one currency stand on a day."""
    found = on_day(steps, day)
    elsewhere, mrr = np.where(own, 0, found.level > 0), np.where(own, found.level, 0)
    columns = (elsewhere.tolist(), mrr.tolist(), _maybe(found.first), _maybe(found.next), steps.customer.tolist())
    return starmap(Standing, zip(*columns, strict=True))


def _write_trials(db: sqlite3.Connection, read: _Read, steps: Steps, as_of: int, several: Mapping[int, Mapping[str, bytes]]) -> None:
    """The touched customers' trials that have begun: of rows that share an end, the earliest."""
    rows = read.rows
    begun = np.flatnonzero((rows.trial_end < FOREVER) & (rows.trial_end > read.began) & (rows.started <= as_of) & (read.began <= as_of))
    begun = begun[np.lexsort((read.id[begun], read.began[begun], rows.customer[begun], rows.trial_end[begun]))]
    customer, ends = rows.customer[begun], rows.trial_end[begun]
    kept = np.ones(len(begun), np.bool_)
    kept[1:] = (customer[1:] != customer[:-1]) | (ends[1:] != ends[:-1])
    begun, customer, ends = begun[kept], customer[kept], ends[kept]
    group = np.searchsorted(steps.customer, customer)
    pays = group < len(steps.customer)
    pays[pays] = steps.customer[group[pays]] == customer[pays]
    first = np.full(len(begun), FOREVER)
    first[pays] = paid_on(steps, group[pays], ends[pays])
    paid = _maybe(first)
    for at in np.flatnonzero(np.isin(customer, list(several))).tolist():
        by_currency = {code: list(unpack(packed)) for code, packed in several[int(customer[at])].items()}
        paid[at] = paid_on_in(by_currency, int(ends[at]))
    columns = (ends.tolist(), customer.tolist(), read.began[begun].tolist(), read.id[begun].tolist(), paid)
    insert(db, "INSERT INTO trial", 5, zip(*columns, strict=True))


def _plans(read: _Read, as_of: int) -> Iterator[tuple[int, str]]:
    begun = np.flatnonzero(read.rows.started <= as_of)
    begun = begun[np.lexsort((read.id[begun], read.rows.started[begun], read.rows.customer[begun]))]
    customer = read.rows.customer[begun]
    last = np.append(customer[1:] != customer[:-1], True) if len(customer) else np.zeros(0, np.bool_)
    for number, at in zip(customer[last].tolist(), read.plan[begun[last]].tolist(), strict=True):
        plan = read.plans[at]
        if plan:
            yield number, plan
