"""What must hold between the cells of one row, by kind: whole columns in, the rows that break a rule out.

Columns hold values or None. Knows nothing of files; what a kind's rules are is said here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import cast

from cstui.base.money import LARGEST
from cstui.base.records import Kind
from cstui.base.scores import SCALES, parse_scale, scale_text
from cstui.base.synonyms import REFUNDED
from cstui.ingest.failures import Bad

Columns = Mapping[str, list[object]]
"""Field → its values, one per row of the block."""
Broken = Iterator[tuple[int, str, Bad]]
"""Row, field, why."""

USUAL_SCALE = scale_text(SCALES["nps"][0])
"""Of an NPS answer that names none."""
_PAID = frozenset(("paid", REFUNDED))
_INTERVALS_LARGEST = 1200
_FACTOR = {"day": 31, "week": 5}
"""How many times what is billed a month's worth of it can be, rounded up."""


def _customers(columns: Columns) -> Broken:
    yield from _not_before(columns, "created_at", "lost_at")


def _subscriptions(columns: Columns) -> Broken:
    yield from _not_before(columns, "started_at", "ended_at")
    for row, count in _outside(columns, "interval_count", 1, _INTERVALS_LARGEST):
        yield row, "interval_count", Bad("constraint-error", f"Every 1 to {_INTERVALS_LARGEST} intervals, not every {count}.")
    for row, amount in _outside(columns, "discount", 0, LARGEST):
        if amount < 0:
            yield row, "discount", Bad("constraint-error", "A discount is what the row is reduced by: write it without a minus.")
    yield from _too_large(columns)


def _payments(columns: Columns) -> Broken:
    paid, due, status = columns["paid_at"], columns["due_at"], columns["status"]
    for row, day in enumerate(paid):
        if day is None:
            state = status[row]
            if state in _PAID or (state is None and due[row] is None):
                yield row, "paid_at", Bad("missing-value", "A paid payment needs the day it was paid.")
            elif due[row] is None:
                yield row, "due_at", Bad("missing-value", f"A payment that is {state} needs the day it is due.")


def _interactions(columns: Columns) -> Broken:
    yield from _not_before(columns, "at", "resolved_at")


def _surveys(columns: Columns) -> Broken:
    """A score lies on its scale; only NPS has a scale that goes without saying."""
    judged: dict[tuple[object, ...], tuple[str, Bad] | None] = {}
    for row, answer in enumerate(zip(columns["kind"], columns["score"], columns["scale"], strict=True)):
        if answer not in judged:
            judged[answer] = _answer(*cast("tuple[str | None, str | None, str | None]", answer))
        broken = judged[answer]
        if broken is not None:
            yield row, *broken


def _answer(kind: str | None, score: str | None, scale: str | None) -> tuple[str, Bad] | None:
    if kind is None or score is None:
        return None
    if scale is None and kind != "nps":
        return "scale", Bad("missing-value", f"An answer of {kind} needs its scale. Say it for all rows with --set scale=1-5.")
    low, high = parse_scale(scale or USUAL_SCALE) or (0, 0)
    if kind == "nps" and (low, high) not in SCALES["nps"]:
        return "scale", Bad("constraint-error", f"NPS is asked on 0-10 or 1-10, not on {scale}.")
    if not low <= Decimal(score) <= high:
        return "score", Bad("constraint-error", f"The score lies outside its scale, {low}-{high}.")
    return None


def _traffic(columns: Columns) -> Broken:
    for row, counts in enumerate(zip(columns["visits"], columns["conversions"], columns["leads"], strict=True)):
        if not any(count is not None for count in counts):
            yield row, "visits", Bad("missing-value", "The row counts nothing: no visits, conversions or leads.")


def _exchange_rates(columns: Columns) -> Broken:
    for row, (one, other, rate) in enumerate(zip(columns["from"], columns["to"], columns["rate"], strict=True)):
        if rate == "0":
            yield row, "rate", Bad("constraint-error", "A rate is more than 0.")
        elif one is not None and one == other and rate != "1":
            yield row, "to", Bad("constraint-error", "A currency is worth 1 of itself.")


def _nothing(_columns: Columns) -> Broken:
    return iter(())


RULES: Mapping[Kind, Callable[[Columns], Broken]] = {
    Kind.CUSTOMERS: _customers,
    Kind.SUBSCRIPTIONS: _subscriptions,
    Kind.PAYMENTS: _payments,
    Kind.USAGE: _nothing,
    Kind.INTERACTIONS: _interactions,
    Kind.SURVEYS: _surveys,
    Kind.TRAFFIC: _traffic,
    Kind.COSTS: _nothing,
    Kind.EXCHANGE_RATES: _exchange_rates,
}


def _outside(columns: Columns, name: str, least: int, most: int) -> Iterator[tuple[int, int]]:
    """The rows whose value lies outside the bounds."""
    column = cast("list[int]", columns[name])
    outside = {value for value in set(column) - {None} if not least <= value <= most}
    return ((row, value) for row, value in enumerate(column) if value in outside) if outside else iter(())


def _not_before(columns: Columns, first: str, then: str) -> Broken:
    ends = columns[then]
    if any(ends):
        days = zip(cast("list[int | None]", columns[first]), cast("list[int | None]", ends), strict=True)
        for row in [row for row, (start, end) in enumerate(days) if end is not None and start is not None and end < start]:
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
