"""The family of engagement: who uses the product, how often, for how long. Counted from days of use.

A user is a person at a customer; without user ids a customer is one user. The days a period counts are its *covered* days: from the
first to the last day of use of anybody, before filters.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from cstui.base.days import Period, iso, month_of, month_start
from cstui.metrics.cells import Cells, Group, Moved, Total, frame
from cstui.metrics.facts import Facts
from cstui.metrics.figure import NO_DATA, Figure, Frame, figure, no_data, ratio
from cstui.metrics.steps import Steps, level_on

if TYPE_CHECKING:
    from cstui.metrics.using import Month

WINDOWS: Mapping[str, int] = {"dau": 1, "wau": 7, "mau": 30}
"""Metric → days of its window, which ends with the day it is asked about."""
LONGEST = 30
SESSIONS, SHARE = "session_minutes", "active_customer_share"
PAIR = 2


User = tuple[int, int]
"""Whoever uses: customer and user; user 0 is the customer itself."""


class Days(NamedTuple):
    """Days of use as bits from `first` on."""

    first: int
    bits: int

    def within(self, period: Period, window: int) -> int:
        """On how many days of a period the user had been active in the window that ends with the day."""
        if period.end <= period.start:
            return 0
        shift = period.start - self.first
        return (_spread(self.bits, window) >> shift & ((1 << period.end - period.start) - 1)).bit_count()


def covered(facts: Facts, period: Period) -> Period:
    """The covered days of a period; empty where there are none."""
    first, last = facts.coverage("usage")
    if first is None or last is None:
        return Period(period.start, period.start)
    start = max(period.start, first)
    return Period(start, max(start, min(period.end, last + 1, facts.as_of + 1)))


class Use(NamedTuple):
    """Days of use of everybody, as bits from `first` on. Plain numbers: there may be a hundred thousand users."""

    first: int
    bits: Mapping[User, int]

    def found(self, span: Period, window: int) -> dict[User, int]:
        """As `Days.within`, of everybody whom it finds on a day."""
        shift, mask, steps = span.start - self.first, (1 << span.end - span.start) - 1, _steps(window)
        found = {}
        for user, bits in self.bits.items():
            for step in steps:
                bits |= bits << step  # noqa: PLW2901  # drawn out in place
            size = (bits >> shift & mask).bit_count()
            if size:
                found[user] = size
        return found


def use(facts: Facts, span: Period, *, back: int = LONGEST - 1, customers: Collection[int] | None = None) -> Use:
    """Every user's days of use from `back` days before a span to its end; days before the first covered one hold no use."""
    reach = Period(span.start - back, span.end)
    first = reach.start
    found: dict[User, int] = {}
    starts = {month: month_start(month) - first for month in range(month_of(reach.start), month_of(reach.last) + 1)}
    for month, customer, who, days in facts.usage_months(reach, customers):
        start = starts[month]
        bits = days << start if start >= 0 else days >> -start
        if bits:
            user = customer, who
            found[user] = found[user] | bits if user in found else bits
    return Use(first, found)


def figures(facts: Facts, periods: Sequence[Period], wanted: AbstractSet[str]) -> Cells:
    """The family's figures by group and period but those of `shares`; each kind of reading only where something `wanted` needs it."""
    frames = [frame(facts, period, "usage") for period in periods]
    cells: dict[Group, list[dict[str, Figure]]] = {group: [{} for _ in periods] for group in _groups(facts)}
    if wanted & {*WINDOWS, "stickiness"}:
        for i, (one, sums) in enumerate(zip(frames, _sums(facts, periods), strict=True)):
            for group, own in cells.items():
                own[i] |= _people(one, sums.get(group, (0, 0, 0)), covered(facts, one.period))
    if SESSIONS in wanted:
        months = facts.usage_columns(Period(min(period.start for period in periods), max(period.end for period in periods)))
        for i, one in enumerate(frames):
            lengths = _lengths(facts, one.period, months)
            for group, own in cells.items():
                own[i][SESSIONS] = _minutes(one, lengths.get(group))
    return cells


def shares(facts: Facts, periods: Sequence[Period], movements: Mapping[Group, Sequence[Moved]]) -> Cells:
    """Of the active customers, those who use the product."""
    frames = [frame(facts, period, "usage") for period in periods]
    seen = _seen(facts, frames)
    return {
        group: [{SHARE: _share(facts, one, movements[group][i].end_n, seen.get((group, i), 0))} for i, one in enumerate(frames)]
        for group in _groups(facts)
    }


def _groups(facts: Facts) -> tuple[Group, ...]:
    return (*facts.groups(), Total.ALL) if facts.grouped else (Total.ALL,)


Sums = dict[Group, tuple[int, int, int]]
"""Group → ΣDAU, ΣWAU, ΣMAU over a period's covered days."""


def _sums(facts: Facts, periods: Sequence[Period]) -> list[Sums]:
    spans = [covered(facts, period) for period in periods]
    reach = [span for span in spans if span.end > span.start]
    if not reach:
        return [{} for _ in periods]
    whole = Period(min(span.start for span in reach), max(span.end for span in reach))
    if not facts.grouped and not facts.filtered:
        return _from_days(facts, spans, whole)
    months = facts.usage_columns(Period(whole.start - LONGEST + 1, whole.end))
    if months is None:
        return _from_users(facts, spans, whole)
    from cstui.metrics.using import active_sums  # brings numpy along

    return active_sums(facts, months, spans, tuple(WINDOWS.values()))


def _from_days(facts: Facts, spans: Sequence[Period], whole: Period) -> list[Sums]:
    """From the rollup of all customers, summed up day by day so that any span is a difference."""
    running = [(0, 0, 0)]
    for row in facts.usage_days(whole):
        while len(running) <= row.day - whole.start:
            running.append(running[-1])
        dau, wau, mau = running[-1]
        running.append((dau + row.dau, wau + row.wau, mau + row.mau))

    def until(day: int) -> tuple[int, int, int]:
        return running[min(max(day - whole.start, 0), len(running) - 1)]

    found: list[Sums] = []
    for span in spans:
        (d1, w1, m1), (d2, w2, m2) = until(span.start), until(span.end)
        found.append({Total.ALL: (d2 - d1, w2 - w1, m2 - m1)})
    return found


def _from_users(facts: Facts, spans: Sequence[Period], whole: Period) -> list[Sums]:
    users = use(facts, whole)
    found: list[Sums] = []
    for span in spans:
        sums: dict[Group, list[int]] = {}
        for place, window in enumerate(WINDOWS.values()):
            sizes = users.found(span, window) if span.end > span.start else {}
            sums.setdefault(Total.ALL, [0, 0, 0])[place] = sum(sizes.values())
            if facts.grouped:
                of = facts.group_of().get
                for (customer, _), size in sizes.items():
                    sums.setdefault(of(customer), [0, 0, 0])[place] += size
        found.append({group: (dau, wau, mau) for group, (dau, wau, mau) in sums.items()})
    return found


def _spread(bits: int, window: int) -> int:
    """Bits, each drawn out over the `window` days that begin with it."""
    for step in _steps(window):
        bits |= bits << step
    return bits


@cache
def _steps(window: int) -> tuple[int, ...]:
    """By how many days to shift bits, one after the other, until each is drawn out over a window."""
    steps, drawn = [], 1
    while drawn < window:
        steps.append(min(drawn, window - drawn))
        drawn += steps[-1]
    return tuple(steps)


def _people(one: Frame, sums: tuple[int, int, int], days: Period) -> dict[str, Figure]:
    count = days.end - days.start
    found = {
        name: figure(one, Fraction(total, count) if count else None, n=count, parts={"covered_days": count, "sum": total})
        for name, total in zip(WINDOWS, sums, strict=True)
    }
    dau, _, mau = sums
    return found | {"stickiness": ratio(one, dau, mau, n=count, floor=0, base="nobody used the product in the period")}


def window_of(facts: Facts, one: Frame) -> Period:
    """The last 30 days of the period that use is known of: silence is measured against what is covered."""
    _, last = facts.coverage("usage")
    end = min(one.end, last if last is not None else one.end)
    return Period(end - LONGEST + 1, end + 1)


def active_at(facts: Facts, days: Sequence[int]) -> list[set[int]]:
    """Who had MRR, on each of some days."""
    found: list[set[int]] = [set() for _ in days]
    columns = facts.step_columns
    if columns is not None:
        for active, day in zip(found, days, strict=True):
            active.update(columns.customer[columns.levels(day) > 0].tolist())
    elif len(days) == PAIR:
        for customer, was, now, _ in facts.levels(*days):
            if was:
                found[0].add(customer)
            if now:
                found[1].add(customer)
    else:
        for customer, steps in facts.steps():
            _note(found, days, customer, (list(steps),))
    for customer, by_currency in facts.foreign_steps().items():
        _note(found, days, customer, by_currency.values())
    return found


def _note(found: Sequence[set[int]], days: Sequence[int], customer: int, held: Collection[Steps]) -> None:
    for active, day in zip(found, days, strict=True):
        if any(level_on(steps, day) for steps in held):
            active.add(customer)


def _seen(facts: Facts, frames: Sequence[Frame]) -> dict[tuple[Group, int], int]:
    """Active customers with use in the window of a period, by group and the period's place."""
    places = [i for i, one in enumerate(frames) if not one.outside]
    windows = [window_of(facts, frames[i]) for i in places]
    if len(places) > PAIR:  # those of a pair are asked for again, one by one
        months = facts.usage_columns(Period(min(window.start for window in windows), max(window.end for window in windows)))
        if months is not None:
            from cstui.metrics.using import seen_active  # brings numpy along

            by_period = seen_active(facts, months, [(frames[i].end, window) for i, window in zip(places, windows, strict=True)])
            return {(group, i): n for i, counts in zip(places, by_period, strict=True) for group, n in counts.items()}
    of = facts.group_of()
    found: dict[tuple[Group, int], int] = {}
    for i, active in zip(places, active_at(facts, [frames[i].end for i in places]), strict=True):
        seen = active & facts.customers_using(window_of(facts, frames[i]))
        found[Total.ALL, i] = len(seen)
        if facts.grouped:
            for customer in seen:
                key = of.get(customer), i
                found[key] = found.get(key, 0) + 1
    return found


def _share(facts: Facts, one: Frame, active: int, seen: int) -> Figure:
    paying = frame(facts, one.period, facts.paying)
    base = f"nobody was active on {iso(one.end)}"
    return ratio(paying if paying.outside else one, seen, active, n=active, floor=0, base=base)


def _lengths(facts: Facts, period: Period, months: Sequence[Month] | None) -> dict[Group, tuple[int, int]]:
    """Minutes (thousandths) and sessions by group."""
    if frame(facts, period, "usage").outside:
        return {}
    found: dict[Group, tuple[int, int]] = {}
    rest = [period]
    if months is not None:
        from cstui.metrics.using import lengths

        found, rest = lengths(facts, months, period)
    for span in rest:
        for group, (more, times) in _summed(facts, span):
            minutes, sessions = found.get(group, (0, 0))
            found[group] = minutes + more, sessions + times
    return found


def _summed(facts: Facts, span: Period) -> Iterator[tuple[Group, tuple[int, int]]]:
    if not facts.grouped:
        total = facts.usage_total(span)
        if total is not None:
            yield Total.ALL, total
        return
    of = facts.group_of()
    for row in facts.usage_sums(span):
        for key in (of.get(row.customer_id), Total.ALL):
            yield key, (row.minutes, row.sessions)


def _minutes(one: Frame, sums: tuple[int, int] | None) -> Figure:
    if sums is None:
        reason = no_data(one) if one.outside else "no day of use in the period names both minutes and sessions"
        return Figure(None, NO_DATA, reason)
    minutes, sessions = sums
    return ratio(one, Fraction(minutes, 1000), sessions, n=sessions, floor=0, base="no sessions in the period")
