"""Cohort retention: of everyone first paid in a month, who is active, and with what MRR, at the end of each month after.

Pandas turns the steps into the table; only who asks for cohorts imports it. Pure; no SQL, no display.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeAlias

import pandas as pd

from cstui.base.days import Period, month_of, month_start
from cstui.base.days import months as month_period
from cstui.metrics.cells import major
from cstui.metrics.columns import grid
from cstui.metrics.facts import Facts
from cstui.metrics.purchases import REPEAT_PURCHASE
from cstui.metrics.rates import Rates
from cstui.metrics.revenue import signed

_Level: TypeAlias = Fraction | int | None
"""MRR; None where a currency of it has no rate."""
_Cells: TypeAlias = dict[int, list[tuple[int, _Level, int]]]
"""Cohort → (active, level, everybody) of each month from its first on."""
_Row: TypeAlias = tuple[int, int, int, bool, Fraction | int, bool]
_EVER = -(2**31)
_COLUMNS = ("cohort", "k", "customer", "active", "level", "lacks")


@dataclass(frozen=True, slots=True)
class Cohort:
    """One month's cohort. Cells are M0, M1, …, as far as months are complete."""

    month: Period
    size: int
    """Everyone first paid in that month: 100 % at M0, whoever had left by its end."""
    customers: tuple[int, ...]
    """M0 is the size; then those active at the end of the k-th month after. A returned customer counts again."""
    mrr: tuple[Fraction | None, ...]
    """MRR at the end of the month, and of the k-th month after, in major units of the workspace's currency; empty without any recurring.

    None where a part of it has no exchange rate: what is left would say that customers had gone."""
    revenue: tuple[Fraction | None, ...] = ()
    """Net revenue of the month, and of the k-th month after, likewise; empty where it was not asked for."""


def cohorts(facts: Facts, *, revenue: bool = False, since: int = 0) -> tuple[Cohort, ...]:
    """Every cohort of the customers in the filter from the month `since` on, oldest first (metrics.md, “Cohort retention”).

    MRR in another currency is converted at the rate of each month's last day, `revenue` at that of each payment's; without a rate the
    cell is unknown (rule 3), and its customers count all the same.
    """
    complete = month_of(facts.as_of + 1) - 1
    if facts.mode == REPEAT_PURCHASE:
        complete = min(complete, month_of(facts.buying().through))  # months that no payment is known of say nothing
    cells = _cells(_rows(facts, complete, since))
    if facts.step_columns is not None:
        cells = _together(cells, grid(facts.step_columns, complete, since))
    found = tuple(_cohort(month, own, facts.currency) for month, own in sorted(cells.items()))
    if facts.mode == REPEAT_PURCHASE:
        found = tuple(replace(cohort, mrr=()) for cohort in found)
    return _with_revenue(facts, found) if revenue else found


def _cells(rows: Sequence[_Row]) -> _Cells:
    table = pd.DataFrame(rows, columns=list(_COLUMNS)).astype({"level": object})
    cells: _Cells = {}
    if table.empty:
        return cells
    sums = {"active": ("active", "sum"), "level": ("level", "sum"), "everybody": ("customer", "nunique"), "lacks": ("lacks", "any")}
    for (cohort, _), active, level, everybody, lacks in table.groupby(["cohort", "k"]).agg(**sums).itertuples():
        cells.setdefault(int(cohort), []).append((int(active), None if lacks else level, int(everybody)))
    return cells


def _together(some: _Cells, others: Mapping[int, Sequence[tuple[int, _Level, int]]]) -> _Cells:
    """The cells of disjoint sets of customers, added up."""
    found = dict(some)
    for cohort, own in others.items():
        held = found.get(cohort, [(0, 0, 0)] * len(own))
        found[cohort] = [(a + b, _sum(level, more), n + m) for (a, level, n), (b, more, m) in zip(held, own, strict=True)]
    return found


def _sum(one: _Level, other: _Level) -> _Level:
    return None if one is None or other is None else one + other


def _with_revenue(facts: Facts, found: tuple[Cohort, ...]) -> tuple[Cohort, ...]:
    """The cohorts with what their customers paid, net, in each month."""
    first = {customer: str(month_of(day)) for customer, day in facts.first_paid().items()}
    paid: dict[tuple[int, int], Fraction | int | None] = {}
    for row in facts.paid_by(first, Period(_EVER, facts.as_of + 1)):
        cell = (int(row.group or 0), month_of(row.day))
        worth = facts.rates.major(signed(row.kind, row.amount), row.currency, row.day)
        paid[cell] = _sum(paid.get(cell, Fraction(0)), worth)
    return tuple(
        replace(cohort, revenue=tuple(_fraction(paid.get((month, month + k), 0)) for k in range(len(cohort.customers))))
        for cohort in found
        for month in (month_of(cohort.month.start),)
    )


def _fraction(amount: _Level) -> Fraction | None:
    return None if amount is None else Fraction(amount)


def _cohort(month: int, cells: Sequence[tuple[int, _Level, int]], currency: str) -> Cohort:
    """A cohort from its (active, level, everybody) by k."""
    size = cells[0][2]
    active = (size, *(count for count, _, _ in cells[1:]))
    return Cohort(month_period(month), size, active, tuple(None if level is None else major(level, currency) for _, level, _ in cells))


def _rows(facts: Facts, complete: int, since: int) -> list[_Row]:
    """One row a customer and month, from the first paid one (not before `since`) to the last complete one; not of those in columns."""
    begin = month_start(since) if since else None
    rows: list[_Row] = []
    for customer, steps in facts.steps() if facts.step_columns is None else ():
        own = list(steps)
        if begin is None or own[0][0] >= begin:
            rows.extend(_months(customer, {facts.currency: own}, facts.rates, complete))
    for customer, by_currency in facts.foreign_steps().items():
        if begin is not None and min(steps[0][0] for steps in by_currency.values()) < begin:
            continue
        rows.extend(_months(customer, by_currency, facts.rates, complete))
    return rows


def _months(customer: int, by_currency: Mapping[str, Sequence[tuple[int, int]]], rates: Rates, complete: int) -> Iterator[_Row]:
    first = min(month_of(steps[0][0]) for steps in by_currency.values())
    position = dict.fromkeys(by_currency, 0)
    level = dict.fromkeys(by_currency, 0)
    for month in range(first, complete + 1):
        past = month_start(month + 1)
        for code, steps in by_currency.items():
            while position[code] < len(steps) and steps[position[code]][0] < past:
                level[code] = steps[position[code]][1]
                position[code] += 1
        factors = {code: rates.factor(code, past - 1) for code, amount in level.items() if amount}
        worth = sum(level[code] * (factor or 0) for code, factor in factors.items())
        yield first, month - first, customer, bool(factors), worth, None in factors.values()
