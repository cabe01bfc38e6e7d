"""Use read month by month as columns: figures of engagement for workspaces with many users. Pure; what they mean is said in `engagement`.

numpy is imported with this module, so whoever needs it imports it late.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cstui.base.days import Period, month_of, month_start
from cstui.metrics.cells import Group, Total
from cstui.metrics.columns import distinct, sums
from cstui.metrics.facts import Facts
from cstui.metrics.steps import Steps, level_on

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cstui.metrics.columns import Ints

    Words = NDArray[np.uint64]

NONE = -1
"""Minutes of a user no day of whom names both minutes and sessions."""
USER_BITS = 32
_REACH = 29
"""Days before one that its longest window reaches back."""


class Month(NamedTuple):
    """A month's use by user."""

    month: int
    users: Ints
    """customer << 32 | user, ascending, each once."""
    days: Ints
    """Bit day of month − 1 for each active day."""
    minutes: Ints
    """Thousandths, of the days that name both minutes and sessions, or NONE."""
    sessions: Ints
    """Of the same days."""

    @property
    def customers(self) -> Ints:
        """Whose users they are."""
        return self.users >> USER_BITS

    def within(self, span: Period) -> NDArray[np.bool_]:
        """Who was active on a day of a span."""
        found: NDArray[np.bool_] = (self.days & days_of(self.month, span)) != 0
        return found


def days_of(month: int, span: Period) -> int:
    """The days of a month that are in a span, as bits."""
    start, end = month_start(month), month_start(month + 1)
    low, high = max(span.start, start) - start, min(span.end, end) - start
    return (1 << high) - (1 << low) if high > low else 0


Sums = tuple[int, int, int]


def active_sums(facts: Facts, months: Sequence[Month], spans: Sequence[Period], windows: Sequence[int]) -> list[dict[Group, Sums]]:
    """By span and group: over the days of the span, how many users were active in each window that ends with the day, summed up."""
    groups = facts.grouping
    pieces = {piece for span in spans for piece in _by_month(span)}
    everybody = distinct(np.concatenate([month.users for month in months])) if months else np.zeros(0, dtype=np.int64)
    places = {month.month: (np.searchsorted(everybody, month.users), month.days.astype(np.uint64)) for month in months}
    code = groups.of(everybody >> USER_BITS)
    parts = {piece: _piece(places, piece, windows, code, len(groups.names)) for piece in pieces}
    nothing = np.zeros((len(windows), len(groups.names)), dtype=np.int64)
    found: list[dict[Group, Sums]] = []
    for span in spans:
        by_window = sum((parts[piece] for piece in _by_month(span)), nothing)
        by_group: dict[Group, Ints] = dict(zip(groups.names, by_window.T, strict=True)) if facts.grouped else {}
        by_group[Total.ALL] = by_window.sum(axis=1)
        found.append({name: (int(dau), int(wau), int(mau)) for name, (dau, wau, mau) in by_group.items()})
    return found


def _by_month(span: Period) -> Iterator[Period]:
    """A span, cut where months begin."""
    if span.end > span.start:
        for month in range(month_of(span.start), month_of(span.last) + 1):
            yield Period(max(span.start, month_start(month)), min(span.end, month_start(month + 1)))


def _piece(places: Mapping[int, tuple[Ints, Words]], piece: Period, windows: Sequence[int], code: Ints, groups: int) -> Ints:
    """Of days in one month: sums by window and group."""
    origin = piece.start - _REACH  # the day of bit 0: with the month's last days it is 60 bits at most
    words = np.zeros(len(code), dtype=np.uint64)
    month = month_of(piece.start)
    for near in range(month_of(origin), month + 1):
        if near in places:
            at, days = places[near]
            by = month_start(near) - origin
            words[at] |= days << np.uint64(by) if by >= 0 else days >> np.uint64(-by)
    inside = np.uint64(((1 << piece.end - piece.start) - 1) << _REACH)
    found = np.zeros((len(windows), groups), dtype=np.int64)
    drawn = 1
    for row, window in enumerate(windows):  # from the shortest to the longest: each goes on from the one before
        while drawn < window:
            step = min(drawn, window - drawn)
            words |= words << np.uint64(step)
            drawn += step
        counts = np.bitwise_count(words & inside)
        found[row] = np.bincount(code, counts, groups)
    return found


def seen_active(facts: Facts, months: Sequence[Month], asked: Sequence[tuple[int, Period]]) -> list[dict[Group, int]]:
    """Who had MRR on a day, and use in a window: how many, by group."""
    most = max((int(month.customers[-1]) for month in months), default=0)
    found = []
    for active, (_, window) in zip(_active(facts, [day for day, _ in asked]), asked, strict=True):
        used = np.zeros(most + 2, dtype=np.bool_)
        for month in months:
            used[month.customers[month.within(window)]] = True
        those = active[used[np.minimum(active, most + 1)]]
        found.append(_by_group(facts, np.bincount(facts.grouping.of(those), minlength=len(facts.grouping.names)).tolist()))
    return found


def _active(facts: Facts, days: Sequence[int]) -> list[Ints]:
    """The customers with MRR on each of some days."""
    steps = facts.step_columns
    found: list[list[int]] = [[] for _ in days]
    held: Iterable[tuple[int, Collection[Steps]]] = ((one, by_currency.values()) for one, by_currency in facts.foreign_steps().items())
    if steps is None:
        held = chain(((one, (list(own),)) for one, own in facts.steps()), held)
    for customer, parts in held:
        for own, day in zip(found, days, strict=True):
            if any(level_on(part, day) for part in parts):
                own.append(customer)
    others = [np.array(own, dtype=np.int64) for own in found]
    if steps is None:
        return others
    return [np.concatenate((steps.customer[steps.levels(day) > 0], own)) for day, own in zip(days, others, strict=True)]


def _by_group(facts: Facts, counts: Sequence[int]) -> dict[Group, int]:
    own: dict[Group, int] = dict(zip(facts.grouping.names, counts, strict=True)) if facts.grouped else {}
    return own | {Total.ALL: sum(counts)}


def lengths(facts: Facts, months: Sequence[Month], period: Period) -> tuple[dict[Group, tuple[int, int]], list[Period]]:
    """Minutes and sessions of a period by group, where any day names both; and the parts of it that only the days themselves can tell."""
    groups = facts.grouping
    span = Period(period.start, min(period.end, facts.as_of + 1))
    found: dict[Group, tuple[int, int]] = {}
    rest: list[Period] = []
    for month in months:
        inside = days_of(month.month, span)
        if not inside:
            continue
        active = month.within(span)
        if (month.days & ~inside)[active].any():  # somebody's month is only in part in the span
            start = month_start(month.month)
            rest.append(Period(max(span.start, start), min(span.end, month_start(month.month + 1))))
            continue
        both = active & (month.minutes != NONE)
        code, count = groups.of(month.customers[both]), len(groups.names)
        n, minutes, sessions = (
            np.bincount(code, minlength=count),
            sums(code, month.minutes[both], count),
            sums(code, month.sessions[both], count),
        )
        for index in np.flatnonzero(n).tolist():
            for group in (groups.names[index], Total.ALL) if facts.grouped else (Total.ALL,):
                more, times = found.get(group, (0, 0))
                found[group] = more + minutes[index], times + sessions[index]
    return found, rest
