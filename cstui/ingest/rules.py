"""What must hold between the cells of one row, by kind: whole columns in, the rows that break a rule out.

Columns hold values or None. Knows nothing of files; what a kind's rules are is said here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import cast

from cstui.base.money import LARGEST
from cstui.base.records import Kind
from cstui.ingest.failures import Bad

Columns = Mapping[str, list[object]]
"""Field → its values, one per row of the block."""
Broken = Iterator[tuple[int, str, Bad]]
"""Row, field, why."""

_INTERVALS_LARGEST = 1200
_FACTOR = {"day": 31, "week": 5}
"""How many times what is billed a month's worth of it can be, rounded up."""


def _customers(columns: Columns) -> Broken:
    yield from _not_before(columns, "created_at", "lost_at")


def _subscriptions(columns: Columns) -> Broken:
    yield from _not_before(columns, "started_at", "ended_at")
    for row, count in _present(columns, "interval_count", 1, _INTERVALS_LARGEST):
        if not 1 <= cast("int", count) <= _INTERVALS_LARGEST:
            yield row, "interval_count", Bad("constraint-error", f"Every 1 to {_INTERVALS_LARGEST} intervals, not every {count}.")
    for row, amount in _present(columns, "discount", 0, LARGEST):
        if cast("int", amount) < 0:
            yield row, "discount", Bad("constraint-error", "A discount is what the row is reduced by: write it without a minus.")
    yield from _too_large(columns)


def _payments(columns: Columns) -> Broken:
    paid, due, status = columns["paid_at"], columns["due_at"], columns["status"]
    for row, day in enumerate(paid):
        if day is None:
            state = status[row]
            if state == "paid" or (state is None and due[row] is None):
                yield row, "paid_at", Bad("missing-value", "A paid payment needs the day it was paid.")
            elif due[row] is None:
                yield row, "due_at", Bad("missing-value", f"A payment that is {state} needs the day it is due.")


RULES: Mapping[Kind, Callable[[Columns], Broken]] = {
    Kind.CUSTOMERS: _customers,
    Kind.SUBSCRIPTIONS: _subscriptions,
    Kind.PAYMENTS: _payments,
}


def _present(columns: Columns, name: str, least: int, most: int) -> Iterator[tuple[int, object]]:
    """The rows that have a value; none at all where no value lies outside the bounds."""
    column = columns[name]
    distinct = cast("set[int]", set(column) - {None})
    if not distinct or (min(distinct) >= least and max(distinct) <= most):
        return iter(())
    return ((row, value) for row, value in enumerate(column) if value is not None)


def _not_before(columns: Columns, first: str, then: str) -> Broken:
    ends = columns[then]
    if any(ends):
        for row, (start, end) in enumerate(zip(columns[first], ends, strict=True)):
            if end is not None and start is not None and cast("int", end) < cast("int", start):
                yield row, then, Bad("constraint-error", f"{then} is before {first}.")


def _too_large(columns: Columns) -> Broken:
    """Amount × quantity per month must fit the integers in which MRR is kept."""
    amounts = columns["amount"]
    largest = max((abs(amount) for amount in cast("set[int]", set(amounts) - {None})), default=0)
    quantities = cast("set[str]", set(columns["quantity"]) - {None})
    if largest * max(map(Decimal, quantities), default=Decimal(1)) * max(_FACTOR.values()) <= LARGEST:
        return
    for row, quantity in enumerate(columns["quantity"]):
        interval = columns["interval"][row]
        if quantity is not None or interval in _FACTOR:
            amount = abs(cast("int", amounts[row] or 0)) * Decimal(cast("str", quantity or "1"))
            if amount * _FACTOR.get(cast("str", interval), 1) > LARGEST:
                yield row, "amount", Bad("constraint-error", "The amount times the quantity is out of range.")
