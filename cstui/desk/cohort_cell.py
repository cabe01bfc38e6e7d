"""One cell of the cohort table, explained as any figure is: its customers and rows, and who made it differ from the month before.

Returns an `Explanation`; what a cell counts, `metrics.cohort_rows` says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from cstui.base.ask import View
from cstui.base.days import month_name, month_of, months, parse_month
from cstui.base.errors import UsageError
from cstui.base.formatting import count
from cstui.base.formatting import month as month_words
from cstui.desk.coverage import notes
from cstui.desk.difference import Difference
from cstui.desk.explain import EVERYTHING, Explanation, Wanted, sourced
from cstui.metrics.cohort_rows import CUSTOMERS, MRR, REVENUE, last_month, members, rows
from cstui.metrics.compute import Answer
from cstui.metrics.difference import moves, reading_of
from cstui.metrics.figure import MISSING_RATE, OK, SMALL_SAMPLE, ZERO_BASE, Figure
from cstui.metrics.purchases import REPEAT_PURCHASE
from cstui.metrics.purchasing import NO_MRR
from cstui.metrics.registry import METRICS, Metric
from cstui.metrics.rows import Evidence
from cstui.store.facts import SqlFacts
from cstui.store.workspace import Workspace

_COUNTED = {
    CUSTOMERS: ("those active at the end of {}", "customers active then / everyone first paid in the month"),
    MRR: ("their MRR at the end of {}, of that at the end of their first month", "sum(MRR then) / sum(MRR at the end of the first month)"),
    REVENUE: ("their net revenue in {}, of that in their first month", "sum(payments then) / sum(payments in the first month)"),
}
_SHARE_OF = {CUSTOMERS: "customers_active", MRR: "mrr", REVENUE: "revenue"}
_NOBODY = {CUSTOMERS: "customer", MRR: "MRR", REVENUE: "revenue"}


@dataclass(frozen=True, slots=True)
class CohortCell:
    """A cell's place in the table."""

    month: int
    """The month of first payment, as a month number."""
    k: int
    """Months after it."""
    value: str = CUSTOMERS
    """`customers`, `mrr` or `revenue`."""

    @classmethod
    def parse(cls, text: str, value: str = CUSTOMERS) -> CohortCell:
        """`2025-03:4`. Raises UsageError."""
        match = re.fullmatch(r"(\d{4}-\d{2}):(\d{1,4})", text.strip(), re.ASCII)
        if match is None:
            raise UsageError(f"A cell is the month of first payment and the months after it, such as 2025-03:4, not “{text}”.")
        if value not in _COUNTED:
            raise UsageError(f"Cohorts are counted by {' or '.join(_COUNTED)}, not by “{value}”.")
        return cls(month_of(parse_month(match[1]).start), int(match[2]), value)

    def __str__(self) -> str:
        return f"{month_name(self.month)}:{self.k}"


def cohort_cell(workspace: Workspace, cell: CohortCell, view: View, wanted: Wanted = EVERYTHING) -> Explanation:
    """The explanation of a cell of the table that `desk.cohorts` gives for the view. Raises UnknownField, UsageError."""
    with workspace.read() as db:
        facts = SqlFacts(db, View(where=view.where, as_of=view.as_of))
        if facts.empty or not members(facts, cell.month):
            raise UsageError(f"Nobody in the filter was first paid in {month_name(cell.month)}, so the table has no cell {cell}.")
        if cell.month + cell.k > last_month(facts):
            raise UsageError(f"{month_name(cell.month + cell.k)} is not over in the data, so the table has no cell {cell} yet.")
        if cell.value == MRR and facts.mode == REPEAT_PURCHASE:
            raise UsageError(f"The table has no such cells: {NO_MRR}.")
        return _explained(facts, cell, view, wanted)


def _explained(facts: SqlFacts, cell: CohortCell, view: View, wanted: Wanted) -> Explanation:
    one = _metric(cell)
    found = rows(facts, cell.month, cell.k, cell.value)
    before = rows(facts, cell.month, cell.k - 1, cell.value) if cell.k else []
    now, then = _figure(cell, found), _figure(cell, before) if cell.k else None
    return Explanation(
        facts.revision,
        facts.as_of,
        facts.currency,
        view.where,
        months(cell.month + cell.k),
        one,
        Answer(now, None if then is None else then.value),
        {switch: facts.in_force[switch] for switch in one.switches},
        {},
        tuple(sourced(facts, found[: wanted.limit], months(cell.month + cell.k))) if wanted.rows else None,
        len(found),
        _difference(facts, cell, (before, found), (then, now), wanted.limit) if wanted.difference else None,
        _missing(facts, cell),
    )


def _missing(facts: SqlFacts, cell: CohortCell) -> tuple[str, ...]:
    """What was not imported for the cell's two months, as it is said of the figure that the cell is a share of."""
    name = _SHARE_OF[cell.value]
    said = (notes(facts, [name], months(month)).get(name, ()) for month in (cell.month, cell.month + cell.k))
    return tuple(dict.fromkeys(note for found in said for note in found))


def _metric(cell: CohortCell) -> Metric:
    """The cell as a metric of its own."""
    counted, formula = _COUNTED[cell.value]
    first, then = month_words(cell.month), month_words(cell.month + cell.k)
    over = "M0 is everyone, 100 %, whoever had left by its end." if cell.k == 0 and cell.value == CUSTOMERS else ""
    return Metric(
        "cohort_retention",
        f"Cohort {first}, M{cell.k}",
        "ratio",
        "higher",
        "customers" if cell.value == CUSTOMERS else "recurring",
        f"Of everyone first paid in {first}: {counted.format(then)}. Who came back counts again. {over}".strip(),
        formula,
        floor=METRICS["customer_churn_rate"].floor,
        switches=METRICS["customers_active"].switches,
    )


def _figure(cell: CohortCell, found: list[Evidence]) -> Figure:
    top = sum((row.numerator or Fraction(0) for row in found), Fraction(0))
    bottom = sum((row.denominator or Fraction(0) for row in found), Fraction(0))
    n = len({row.customer for row in found if row.denominator})
    lacking = sum(None in (row.numerator, row.denominator) for row in found)
    if lacking:
        return Figure(None, MISSING_RATE, f"no exchange rate for {count(lacking, 'row')} of it: import exchange_rates", n=n)
    if bottom <= 0:
        return Figure(None, ZERO_BASE, f"the cohort's first month has no {_NOBODY[cell.value]} to hold it against", top, bottom, n)
    few = n < METRICS["customer_churn_rate"].floor
    reason = f"only {n} in the base; under {METRICS['customer_churn_rate'].floor} a rate says little" if few else None
    return Figure(top / bottom, SMALL_SAMPLE if few else OK, reason, top, bottom, n)


def _difference(
    facts: SqlFacts,
    cell: CohortCell,
    found: tuple[list[Evidence], list[Evidence]],
    figures: tuple[Figure | None, Figure],
    limit: int | None,
) -> Difference:
    """Against the month before; M0 has none."""
    before, now = figures
    period = months(cell.month + cell.k)
    if before is None or before.value is None or now.value is None:
        reason = "the cohort begins here" if before is None else now.reason or before.reason or ""
        return Difference.unknown(period.previous, None if before is None else before.value, now.value, reason)
    first, then = (reading_of(side) for side in found)
    return Difference.of(facts, period.previous, before, now, moves(first, then, before, now, 1, limit))
