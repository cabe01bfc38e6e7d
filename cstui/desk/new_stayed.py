"""The step of a shop's roll-forward that is new customers still there: its customers, and who made it differ from the period before.

Returns an `Explanation`. Who came and lapsed inside the period is new too, and in no step.
"""

from __future__ import annotations

from datetime import date

from cstui.base.ask import View
from cstui.base.days import Period
from cstui.desk.counted import Side, counted
from cstui.desk.explain import Explanation, Wanted
from cstui.desk.figures import periods_of
from cstui.metrics.cells import frame
from cstui.metrics.figure import Figure, figure
from cstui.metrics.purchase_rows import NEW_STAYED, rows
from cstui.metrics.registry import METRICS, Metric
from cstui.metrics.rows import Asked, Evidence
from cstui.store.facts import SqlFacts
from cstui.store.workspace import Workspace

_ONE = Metric(
    NEW_STAYED,
    "New customers who stayed",
    "count",
    "higher",
    "customers",
    "Customers whose first purchase ever is in the period, and who had not lapsed by its end: start + these + returned − lapsed = end. "
    "Who came and lapsed inside the period is a new customer too, but in no step from its start to its end.",
    "count(customers)",
    switches=METRICS["customers_new"].switches,
)


def new_stayed(workspace: Workspace, view: View, today: date, wanted: Wanted) -> Explanation:
    """The step in the last period that `view` asks for. Raises UnknownField, UsageError."""
    with workspace.read() as db:
        facts = SqlFacts(db, View(view.choice, view.where, None, view.as_of))
        period = periods_of(view, facts, today)[-1]
        against = wanted.against(period)
        (now, found), (then, before) = _read(facts, period), _read(facts, against)
        return counted(facts, view, wanted, _ONE, Side(against, then, before), Side(period, now, found), "customers_new")


def _read(facts: SqlFacts, period: Period) -> tuple[Figure, list[Evidence]]:
    found = sorted(rows(Asked(facts, NEW_STAYED, period)), key=lambda row: row.customer or 0)
    return figure(frame(facts, period, "payments"), len(found), numerator=len(found), n=len(found)), found
