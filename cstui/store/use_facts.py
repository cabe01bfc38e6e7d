"""The use that figures rest on: by day, by user and month, by customer, and where it comes from. Says which rows, never what they mean."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from cstui.base.days import Period, month_of, months, to_date
from cstui.metrics.engagement import LONGEST
from cstui.metrics.facts import UsageDay, UsageMonth, UsageSum
from cstui.store import columns
from cstui.store.chosen import Chosen
from cstui.store.sql import query

if TYPE_CHECKING:
    from cstui.metrics.using import Month

Source = tuple[str, str | None, str | None, str | None, int | None, int | None]
"""A row's own id, its customer's id and name, file, line, and the day it was entered by hand."""


class UseFacts(Chosen):
    """What `SqlFacts` knows of use."""

    _n: Mapping[str, int]

    @property
    def _much_use(self) -> bool:
        """Whether there is so much that numpy pays."""
        return self._n.get("usage", 0) >= 10 * columns.MANY

    def usage_days(self, span: Period) -> Iterable[UsageDay]:
        """Active users by covered day, of all customers."""
        return map(UsageDay._make, self._db.execute(query("usage_days"), {"start": span.start, "end": span.end, "as_of": self.as_of}))

    def usage_months(self, span: Period, customers: Collection[int] | None = None) -> Iterable[UsageMonth]:
        """Active days of every user in the filter, or of some customers, month by month, of the months that a span touches."""
        if customers is not None:
            touched = range(month_of(span.start), month_of(span.last) + 1)
            few = {"months": json.dumps([*touched]), "ids": json.dumps(sorted(customers))}
            return self._db.execute(query("usage_months_of"), few)
        bounds = {"first": month_of(span.start), "last": month_of(span.last), "ids": self.ids}
        return self._db.execute(query("usage_months"), bounds)

    def usage_columns(self, span: Period) -> Sequence[Month] | None:
        """Use as columns, of the months that a span touches; None where there is so little that numpy would not pay."""
        if not self._much_use:
            return None
        from cstui.store import usage_columns

        return usage_columns.months(self._db, month_of(span.start), month_of(span.last), self.chosen_flags)

    def customers_using(self, span: Period) -> set[int]:
        """The customers in the filter with use in a span, as known."""
        if self._much_use:
            from cstui.store import usage_columns

            return usage_columns.customers(self._db, span, self.chosen_flags)
        found: set[int] = set()
        for month in range(month_of(span.start), month_of(span.last) + 1):
            whole = months(month)
            first, last = max(span.start, whole.start), min(span.last, whole.last)
            mask = (1 << last - whole.start + 1) - (1 << first - whole.start)
            found.update(row[0] for row in self._db.execute(query("usage_seen"), {"month": month, "mask": mask, "ids": self.ids}))
        return found

    def usage_sums(self, span: Period) -> Iterable[UsageSum]:
        """Minutes and sessions by user in a span, of the days that name both."""
        return map(UsageSum._make, self._db.execute(query("usage_sums"), _month_bounds(span, self.as_of) | {"ids": self.ids}))

    def usage_total(self, span: Period) -> tuple[int, int] | None:
        """Minutes and sessions of everybody in the filter in a span, of the days that name both; None where none does."""
        minutes, sessions = self._db.execute(query("usage_total"), _month_bounds(span, self.as_of) | {"ids": self.ids}).fetchone()
        return None if minutes is None else (minutes, sessions)

    def usage_longest(self, span: Period, most: int) -> Sequence[UsageSum]:
        """The first users by minutes in a span."""
        bounds = _month_bounds(span, self.as_of) | {"ids": self.ids, "most": most}
        return [UsageSum._make(row) for row in self._db.execute(query("usage_longest"), bounds)]

    def usage_sources(self, pairs: Iterable[tuple[int, int]], span: Period) -> dict[tuple[int, int], Source]:
        """(customer, user) → where the last of their days of use in a span, or in the window before it, comes from."""
        last = min(span.last, self.as_of)
        bounds = {
            "pairs": json.dumps(sorted(pairs)),
            "months": json.dumps([*range(month_of(span.start - LONGEST + 1), month_of(last) + 1)]),
            "last_month": month_of(last),
            "last_dom": to_date(last).day,
        }
        return {(row[0], row[1]): (*row[2:], None) for row in self._db.execute(query("usage_sources"), bounds)}


def _month_bounds(span: Period, as_of: int) -> dict[str, object]:
    """A span, up to `as_of`, as the first and last month and day of the month."""
    last = min(span.last, as_of)
    return {
        "first_month": month_of(span.start),
        "first_dom": to_date(span.start).day,
        "last_month": month_of(last),
        "last_dom": to_date(last).day,
    }
