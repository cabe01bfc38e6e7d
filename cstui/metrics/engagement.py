"""The family of engagement: who uses the product, how often, for how long. Counted from days of use.

A user is a person at a customer; without user ids a customer is one user. The days a period counts are its *covered* days: from the
first to the last day of use of anybody, before filters.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from cstui.base.days import Period, iso, month_start
from cstui.metrics.cells import Cells, Group, Moved, Total, frame
from cstui.metrics.facts import Facts
from cstui.metrics.figure import NO_DATA, Figure, Frame, figure, no_data, ratio
from cstui.metrics.rows import Asked, Evidence
from cstui.metrics.steps import level_on

WINDOWS: Mapping[str, int] = {"dau": 1, "wau": 7, "mau": 30}
"""Metric → days of its window, which ends with the day it is asked about."""
LONGEST = 30


class User(NamedTuple):
    """Whoever uses: user 0 is the customer itself."""

    customer: int
    user: int


@dataclass(frozen=True, slots=True)
class Days:
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


def use(facts: Facts, span: Period) -> dict[User, Days]:
    """Every user's days of use from 30 days before a span to its end; days before the first covered one hold no use."""
    reach = Period(span.start - LONGEST + 1, span.end)
    first = reach.start
    found: dict[User, int] = {}
    starts: dict[int, int] = {}
    for row in facts.usage_months(reach):
        start = starts.get(row.month)
        if start is None:
            start = starts[row.month] = month_start(row.month) - first
        user = User(row.customer_id, row.user_id)
        bits = row.days << start if start >= 0 else row.days >> -start
        found[user] = found.get(user, 0) | bits
    return {user: Days(first, bits) for user, bits in found.items() if bits}


def figures(facts: Facts, periods: Sequence[Period], wanted: AbstractSet[str]) -> Cells:
    """The family's figures by group and period but those of `shares`; each kind of reading only where something `wanted` needs it."""
    frames = [frame(facts, period, "usage") for period in periods]
    cells: dict[Group, list[dict[str, Figure]]] = {group: [{} for _ in periods] for group in _groups(facts)}
    if wanted & {*WINDOWS, "stickiness"}:
        for i, (one, sums) in enumerate(zip(frames, _sums(facts, periods), strict=True)):
            for group, own in cells.items():
                own[i] |= _people(one, sums.get(group, (0, 0, 0)), covered(facts, one.period))
    if "session_minutes" in wanted:
        for i, one in enumerate(frames):
            lengths = _lengths(facts, one.period)
            for group, own in cells.items():
                own[i]["session_minutes"] = _minutes(one, lengths.get(group))
    return cells


def shares(facts: Facts, periods: Sequence[Period], movements: Mapping[Group, Sequence[Moved]]) -> Cells:
    """Of the active customers, those who use the product."""
    frames = [frame(facts, period, "usage") for period in periods]
    seen = _seen(facts, frames)
    return {
        group: [
            {"active_customer_share": _share(facts, one, movements[group][i].end_n, seen.get((group, i), 0))}
            for i, one in enumerate(frames)
        ]
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
    return _from_users(facts, spans, whole)


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
    of = facts.group_of()
    found: list[Sums] = [{} for _ in spans]
    for user, days in use(facts, whole).items():
        spread = [_spread(days.bits, window) for window in WINDOWS.values()]
        group = of.get(user.customer)
        for sums, span in zip(found, spans, strict=True):
            mask = (1 << span.end - span.start) - 1
            dau, wau, mau = ((bits >> span.start - days.first & mask).bit_count() for bits in spread)
            if not mau:
                continue
            for key in (group, Total.ALL) if facts.grouped else (Total.ALL,):
                d, w, m = sums.get(key, (0, 0, 0))
                sums[key] = d + dau, w + wau, m + mau
    return found


def _spread(bits: int, window: int) -> int:
    """Bits, each drawn out over the `window` days that begin with it."""
    drawn = 1
    while drawn < window:
        step = min(drawn, window - drawn)
        bits |= bits << step
        drawn += step
    return bits


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


def customers_using(facts: Facts, span: Period) -> dict[int, Days]:
    """Every customer's days of use in the months that a span touches, all their users together."""
    first = span.start
    found: dict[int, int] = {}
    for row in facts.usage_months(span):
        start = month_start(row.month) - first
        found[row.customer_id] = found.get(row.customer_id, 0) | (row.days << start if start >= 0 else row.days >> -start)
    return {customer: Days(first, bits) for customer, bits in found.items()}


def levels_at(facts: Facts, days: Sequence[int]) -> Iterator[tuple[int, list[bool]]]:
    """Every customer who ever paid, and whether they had MRR on each of some days."""
    for customer, steps in facts.steps():
        own = list(steps)
        yield customer, [level_on(own, day) > 0 for day in days]
    for customer, by_currency in facts.foreign_steps().items():
        yield customer, [any(level_on(steps, day) for steps in by_currency.values()) for day in days]


def _seen(facts: Facts, frames: Sequence[Frame]) -> dict[tuple[Group, int], int]:
    """Active customers with use in the window of a period, by group and the period's place."""
    places = [i for i, one in enumerate(frames) if not one.outside]
    if not places:
        return {}
    windows = [window_of(facts, frames[i]) for i in places]
    using = customers_using(facts, Period(min(w.start for w in windows), max(w.end for w in windows)))
    of = facts.group_of()
    found: dict[tuple[Group, int], int] = {}
    for customer, active in levels_at(facts, [frames[i].end for i in places]):
        days = using.get(customer)
        if days is None:
            continue
        for i, window, on in zip(places, windows, active, strict=True):
            if on and days.within(window, 1):
                for key in (of.get(customer), Total.ALL) if facts.grouped else (Total.ALL,):
                    found[key, i] = found.get((key, i), 0) + 1
    return found


def _share(facts: Facts, one: Frame, active: int, seen: int) -> Figure:
    paying = frame(facts, one.period, facts.paying)
    base = f"nobody was active on {iso(one.end)}"
    return ratio(paying if paying.outside else one, seen, active, n=active, floor=0, base=base)


def _lengths(facts: Facts, period: Period) -> dict[Group, tuple[int, int]]:
    """Minutes (thousandths) and sessions by group."""
    if frame(facts, period, "usage").outside:
        return {}
    of = facts.group_of()
    found: dict[Group, tuple[int, int]] = {}
    for row in facts.usage_sums(period):
        for key in (of.get(row.customer_id), Total.ALL) if facts.grouped else (Total.ALL,):
            minutes, sessions = found.get(key, (0, 0))
            found[key] = minutes + row.minutes, sessions + row.sessions
    return found


def _minutes(one: Frame, sums: tuple[int, int] | None) -> Figure:
    if sums is None:
        reason = no_data(one) if one.outside else "no day of use in the period names both minutes and sessions"
        return Figure(None, NO_DATA, reason)
    minutes, sessions = sums
    return ratio(one, Fraction(minutes, 1000), sessions, n=sessions, floor=0, base="no sessions in the period")


def rows(asked: Asked) -> Iterator[Evidence]:
    """The family's rows: users with what they add, or the active customers."""
    facts, name, period = asked
    if name == "active_customer_share":
        one = frame(facts, period, "usage")
        window = window_of(facts, one)
        using = customers_using(facts, window)
        for customer, (active,) in levels_at(facts, [one.end]):
            if active:
                used = customer in using and using[customer].within(window, 1) > 0
                note = None if used else f"no use from {iso(window.start)} to {iso(window.last)}"
                yield Evidence("customer", customer, customer, Fraction(used), Fraction(1), note)
    elif name == "session_minutes":
        for row in facts.usage_sums(period):
            yield Evidence("usage", row.user_id, row.customer_id, Fraction(row.minutes, 1000), Fraction(row.sessions))
    else:
        span = covered(facts, period)
        for user, days in use(facts, span).items():
            yield from _user_rows(name, user, days, span)


def _user_rows(name: str, user: User, days: Days, span: Period) -> Iterator[Evidence]:
    active = days.within(span, 1)
    reached = days.within(span, WINDOWS.get(name, LONGEST))
    if not reached:
        return
    note = f"{active} active days"
    if name == "stickiness":
        yield Evidence("usage", user.user, user.customer, Fraction(active), Fraction(reached), note)
    else:
        yield Evidence("usage", user.user, user.customer, Fraction(reached, span.end - span.start), None, note)
