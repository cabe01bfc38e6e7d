"""The days of a month on which a customer used the product, explained: user by user, each day counted once.

Returns an `Explanation`, in the words and rows of any other figure.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from cstui.base.ask import View
from cstui.base.days import Period, month_of, month_start
from cstui.base.formatting import count
from cstui.desk.difference import Difference
from cstui.desk.explain import Explanation, Wanted, sourced
from cstui.desk.figures import periods_of
from cstui.metrics.cells import frame
from cstui.metrics.compute import Answer
from cstui.metrics.difference import moves, reading_of
from cstui.metrics.figure import Figure, figure
from cstui.metrics.registry import Metric
from cstui.metrics.rows import Evidence
from cstui.store.facts import SqlFacts
from cstui.store.workspace import Workspace

_ONE = Metric(
    "active_days",
    "Active days",
    "count",
    "higher",
    "engagement",
    "Days of the month on which anybody of the customer used the product. A day with several users counts once: with the first of them "
    "here, who is the one with the most days. Each user's row names the file and line of their last day.",
    "count(days)",
)


def active_days(workspace: Workspace, view: View, today: date, wanted: Wanted) -> Explanation:
    """Of the customer that the view narrows to, in the last month that it asks for. Raises UnknownField, UsageError."""
    with workspace.read() as db:
        facts = SqlFacts(db, View(view.choice, view.where, None, view.as_of))
        period = periods_of(view, facts, today)[-1]
        (now, found), (then, before) = (_read(facts, span) for span in (period, period.previous))
        difference = None
        if wanted.difference and (now.value is None or then.value is None):
            difference = Difference.unknown(period.previous, then.value, now.value, now.reason or then.reason or "")
        elif wanted.difference:
            moved = moves(reading_of(before), reading_of(found), then, now, 1, wanted.limit)
            difference = Difference.of(facts, period.previous, then, now, moved)
        return Explanation(
            facts.revision,
            None if facts.empty and view.as_of is None else facts.as_of,
            facts.currency,
            view.where,
            period,
            _ONE,
            Answer(now, then.value),
            {},
            {},
            tuple(sourced(facts, found[: wanted.limit], period)) if wanted.rows else None,
            len(found),
            difference,
        )


def _read(facts: SqlFacts, period: Period) -> tuple[Figure, list[Evidence]]:
    found = list(_rows(facts, period))
    days = sum((row.numerator or Fraction(0) for row in found), Fraction(0))
    return figure(frame(facts, period, "usage"), days, numerator=days, n=len(found)), found


def _rows(facts: SqlFacts, period: Period) -> Iterator[Evidence]:
    """Users, who has the most days first; each adds the days that nobody before has."""
    month, known = month_of(period.start), facts.as_of - month_start(month_of(period.start)) + 1
    mask = (1 << max(0, min(31, known))) - 1
    users = [(customer, user, days & mask) for at, customer, user, days in facts.usage_months(period, facts.selected()) if at == month]
    seen = 0
    for customer, user, days in sorted(users, key=lambda one: (-one[2].bit_count(), one[1])):
        if days:
            shared = (days & seen).bit_count()
            note = count(days.bit_count(), "day") + (f", {shared} of them with others" if shared else "")
            yield Evidence("usage", user, customer, Fraction((days & ~seen).bit_count()), None, note)
            seen |= days
