"""What a person asks figures for: which periods, which customers, broken down by what, known as of when.

Shared by the command line and the screens. Does not know what a figure means nor where facts are.
"""

from __future__ import annotations

from typing import NamedTuple

from cstui.base.days import Period, month_of, months, rolling, series

Where = tuple[tuple[str, tuple[str, ...]], ...]
"""Filters: (field, values), fields sorted; values of one field OR, fields AND. `()` is all customers."""
NO_VALUE = ""
"""What a filter names for customers who have no value of its field."""


def where_of(pairs: list[tuple[str, str]]) -> Where:
    """(field, value) pairs as given, to the canonical filter."""
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        if value not in (values := fields.setdefault(name, [])):
            values.append(value)
    return tuple((name, tuple(values)) for name, values in sorted(fields.items()))


class PeriodChoice(NamedTuple):
    """How the periods were asked for. Nothing set is the month of `as_of` alone."""

    period: Period | None = None
    """An explicit month, quarter, year or from–to."""
    trailing: int | None = None
    """A window of this many months that ends with the period (or with the month of `as_of`)."""
    last: int = 1
    """How many periods, ascending, ending with the one chosen."""

    def resolve(self, as_of: int) -> tuple[Period, ...]:
        """The periods asked for, ascending."""
        if self.trailing is None:
            return series(self.period or months(month_of(as_of)), self.last)
        final = month_of(self.period.last if self.period else as_of)
        return rolling(months(final - self.trailing + 1, self.trailing), self.last)


class View(NamedTuple):
    """One question's frame. Hashable, so that answers can be matched to questions."""

    choice: PeriodChoice = PeriodChoice()
    where: Where = ()
    by: str | None = None
    as_of: int | None = None
    """Set by the user, or None for the workspace's own."""

    def on(self, period: Period) -> View:
        """The same question about one explicit period."""
        return self._replace(choice=PeriodChoice(period=period))
