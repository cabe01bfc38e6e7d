"""The rows behind the figures of engagement: users with what they add, or the active customers. Pure.

A user's days before the period matter to weekly and monthly users; the first rows are found without looking at everybody's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from heapq import nlargest, nsmallest

from cstui.base.days import Period, iso
from cstui.metrics.cells import frame
from cstui.metrics.engagement import LONGEST, SESSIONS, SHARE, WINDOWS, Use, User, active_at, covered, use, window_of
from cstui.metrics.facts import Facts, UsageSum
from cstui.metrics.rows import Asked, Evidence

COUNTED = frozenset((*WINDOWS, "stickiness", SESSIONS, SHARE))
"""The family's metrics: all are counted from rows."""


def rows(asked: Asked) -> Iterator[Evidence]:
    """The family's rows: users with what they add, or the active customers."""
    facts, name, period = asked
    if name == SHARE:
        yield from _shared(facts, period, *_split(facts, period))
    elif name == SESSIONS:
        yield from map(_length_row, facts.usage_sums(period))
    else:
        span = covered(facts, period)
        yield from (_user_row(name, user, *found, span) for user, found in reached(facts, name, span).items())


def _split(facts: Facts, period: Period) -> tuple[set[int], set[int]]:
    """The active customers, with use and without."""
    one = frame(facts, period, "usage")
    _, active = active_at(facts, [period.start - 1, one.end])  # the pair that the figure has asked for
    seen = active & facts.customers_using(window_of(facts, one))
    return seen, active - seen


def _shared(facts: Facts, period: Period, seen: Iterable[int], idle: Iterable[int]) -> Iterator[Evidence]:
    window = window_of(facts, frame(facts, period, "usage"))
    note = f"no use from {iso(window.start)} to {iso(window.last)}"
    for customers, used in ((seen, 1), (idle, 0)):
        for customer in customers:
            yield Evidence("customer", customer, customer, Fraction(used), Fraction(1), None if used else note)


Found = tuple[int, int]
"""A user's active days of a span, and the days of it on which the metric's window finds them."""


def reached(facts: Facts, name: str, span: Period) -> dict[User, Found]:
    """Everybody whom the metric's window finds on some day of a span."""
    return _found(use(facts, span), name, span) if span.end > span.start else {}


def _found(users: Use, name: str, span: Period) -> dict[User, Found]:
    active = users.found(span, 1).get
    return {user: (active(user, 0), size) for user, size in users.found(span, WINDOWS.get(name, LONGEST)).items()}


def adds(asked: Asked) -> tuple[dict[int, tuple[int, int]], int]:
    """What each customer adds to numerator and denominator, × what comes second, which makes it whole."""
    facts, name, period = asked
    found: dict[int, tuple[int, int]] = {}
    if name == SHARE:
        seen, idle = _split(facts, period)
        return dict.fromkeys(seen, (1, 1)) | dict.fromkeys(idle, (0, 1)), 1
    if name == SESSIONS:
        each = ((row.customer_id, row.minutes, 1000 * row.sessions) for row in facts.usage_sums(period))
        scale = 1000
    else:
        span = covered(facts, period)
        by_user = reached(facts, name, span).items()
        each = ((user[0], active, days) if name == "stickiness" else (user[0], days, 0) for user, (active, days) in by_user)
        scale = 1 if name == "stickiness" else max(1, span.end - span.start)
    for customer, top, bottom in each:
        held = found.get(customer)
        found[customer] = (top, bottom) if held is None else (held[0] + top, held[1] + bottom)
    return found, scale


def largest(asked: Asked, limit: int) -> tuple[list[Evidence], int | None]:
    """As `rows` of people, the first `limit` of them in their order, and how many there are; None where not everybody was looked at.

    What somebody did before the span adds no more to what they did inside it than the window reaches back: few need looking at whole.
    """
    facts, name, period = asked
    span = covered(facts, period)
    days = span.end - span.start
    if name == SHARE:
        seen, idle = _split(facts, period)
        first = nsmallest(limit, seen)
        return [*_shared(facts, period, first, nsmallest(limit - len(first), idle))], len(seen) + len(idle)
    if name == SESSIONS:
        lengths = facts.usage_longest(period, limit)
        return list(map(_length_row, lengths)), len(lengths) if len(lengths) < limit else None
    if not days:
        return [], 0
    window = 1 if name == "stickiness" else WINDOWS[name]
    inside = use(facts, span, back=0)
    sizes = inside.found(span, window)
    least = nlargest(limit, sizes.values())[-1] if sizes else 0
    slack = 0 if least == days else window - 1
    if limit >= len(sizes) or least <= slack:
        found = reached(facts, name, span)
        return _first(name, found, span, limit), len(found)
    near = {user for user, size in sizes.items() if size >= least - slack}
    whole = use(facts, span, customers={customer for customer, _ in near}) if slack or name == "stickiness" else inside
    near_whole = Use(whole.first, {user: bits for user, bits in whole.bits.items() if user in near})
    return _first(name, _found(near_whole, name, span), span, limit), len(sizes) if window == 1 else None


def _first(name: str, found: Mapping[User, Found], span: Period, limit: int) -> list[Evidence]:
    """The rows of those who add the most."""

    def size(one: tuple[User, Found]) -> tuple[int, int, User]:
        user, (active, days) = one
        return (-active, -days, user) if name == "stickiness" else (-days, 0, user)

    return [_user_row(name, user, *own, span) for user, own in nsmallest(limit, found.items(), key=size)]


def _length_row(row: UsageSum) -> Evidence:
    return Evidence("usage", row.user_id, row.customer_id, Fraction(row.minutes, 1000), Fraction(row.sessions))


def _user_row(name: str, user: User, active: int, found: int, span: Period) -> Evidence:
    note = f"{active} active days"
    if name == "stickiness":
        return Evidence("usage", user[1], user[0], Fraction(active), Fraction(found), note)
    return Evidence("usage", user[1], user[0], Fraction(found, span.end - span.start), None, note)
