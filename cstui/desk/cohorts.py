"""Cohort retention as a person reads it: one row a month of first payment, one column a month after.

Takes a workspace and a view; returns one frozen snapshot.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from cstui.base.ask import View, Where
from cstui.base.collector import held_back
from cstui.base.days import iso, month_name, month_of
from cstui.base.errors import UsageError
from cstui.base.formatting import count
from cstui.desk.figures import header, number
from cstui.metrics.cohorts import Cohort
from cstui.metrics.cohorts import cohorts as cohorts_of
from cstui.metrics.purchases import REPEAT_PURCHASE
from cstui.metrics.purchasing import NO_MRR
from cstui.store.facts import SqlFacts
from cstui.store.workspace import Workspace

__all__ = ["VALUES", "Cohort", "Cohorts", "cohorts"]

VALUES = ("customers", "mrr", "revenue")


@dataclass(frozen=True, slots=True)
class Cohorts:
    """The retention table."""

    revision: int
    as_of: int | None
    """None: nothing has been imported."""
    currency: str
    where: Where
    value: str
    """`customers`, `mrr` or `revenue`."""
    cohorts: tuple[Cohort, ...]
    reason: str | None = None
    """Why there are no cells, where there are cohorts."""

    @property
    def lacking(self) -> str | None:
        """Why some of the cells are unknown; None where all are known."""
        unknown = sum(cell is None for cohort in self.cohorts for cell in self.values(cohort))
        return f"no exchange rate for {count(unknown, 'cell')}: import exchange_rates" if unknown else None

    def values(self, cohort: Cohort) -> tuple[Fraction | None, ...]:
        """A cohort's cells: customers, or MRR or net revenue in major units; None where a part has no exchange rate."""
        if self.value == "customers":
            return tuple(Fraction(count) for count in cohort.customers)
        return cohort.mrr if self.value == "mrr" else cohort.revenue

    def retention(self, cohort: Cohort) -> tuple[Fraction | None, ...]:
        """The cells as shares of M0; None where M0 is nothing, or one of the two unknown."""
        cells = self.values(cohort)
        return tuple(cell / cells[0] if cells[0] and cell is not None else None for cell in cells)

    def rows(self) -> Iterator[tuple[str, int, tuple[Fraction | None, ...], tuple[Fraction | None, ...]]]:
        """(month, size, cells, shares) of every cohort, oldest first."""
        for cohort in self.cohorts:
            yield month_name(month_of(cohort.month.start)), cohort.size, self.values(cohort), self.retention(cohort)

    def to_json(self) -> dict[str, Any]:
        """The document of docs/commands.md, `cstui cohorts --json`."""
        whole = self.value == "customers"
        return header(self.as_of, self.currency, self.where) | {
            "value": self.value,
            "unit": "count" if whole else "money",
            **({} if (reason := self.reason or self.lacking) is None else {"reason": reason}),
            "cohorts": [
                {
                    "month": month,
                    "start": iso(cohort.month.start),
                    "size": size,
                    "values": [number(cell, whole=whole) for cell in cells],
                    "retention": [number(share, whole=False) for share in shares],
                }
                for cohort, (month, size, cells, shares) in zip(self.cohorts, self.rows(), strict=True)
            ],
        }


def cohorts(workspace: Workspace, value: str, view: View, *, since: int = 0) -> Cohorts:
    """The retention table of the customers in the view's filter, as known, from the month `since` on. Raises UnknownField, UsageError."""
    if value not in VALUES:
        raise UsageError(f"Cohorts are counted by {' or '.join(VALUES)}, not by “{value}”.")
    with held_back(), workspace.read() as db:
        facts = SqlFacts(db, View(where=view.where, as_of=view.as_of))
        empty = facts.empty and view.as_of is None
        return Cohorts(
            facts.revision,
            None if empty else facts.as_of,
            facts.currency,
            view.where,
            value,
            () if empty else cohorts_of(facts, revenue=value == "revenue", since=since),
            NO_MRR if value == "mrr" and facts.mode == REPEAT_PURCHASE else None,
        )
