"""What a list of customers at risk comes to, explained: MRR × risk of each customer on it, largest first; they sum to the total.

Returns an `Explanation`. What a customer's risk rests on is `risk_rows`' to say.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from cstui.base.ask import View
from cstui.base.days import month_of, months
from cstui.base.errors import UsageError
from cstui.base.formatting import money
from cstui.base.money import SCALE, to_major
from cstui.desk.at_risk import AtRisk, Choice, at_risk
from cstui.desk.difference import Difference
from cstui.desk.explain import Explanation, Wanted, sourced
from cstui.metrics.compute import Answer
from cstui.metrics.figure import OK, Figure
from cstui.metrics.registry import METRICS, Metric
from cstui.metrics.rows import Evidence
from cstui.risk.score import MOST
from cstui.store.risk_facts import Paying, RiskFacts
from cstui.store.workspace import Workspace

_NO_PAST = "a score is of one day; what it was before is not kept"


def risk_total(ws: Workspace, view: View, choice: Choice, today: date, wanted: Wanted) -> Explanation:
    """The total of the list that `at_risk` gives for the same view and choice. Raises UnknownField, UsageError."""
    with ws.read() as db:
        ranking = at_risk(ws, view, today, 0, choice=choice)
        if ranking.as_of is None:
            raise UsageError("Nobody is at risk yet: nothing has been imported.")
        facts = RiskFacts(db, view)
        paying = facts.paying(None, 0)
        scored = [(customer, risk, paying[customer]) for customer, risk in zip(ranking.order, ranking.risks, strict=True) if risk]
        found = [_row(*one, ranking) for one in scored]
        found.sort(key=lambda row: (-(row.numerator or 0), row.customer or 0))
        period, one = months(month_of(ranking.as_of)), _metric(ranking)
        return Explanation(
            ranking.revision,
            ranking.as_of,
            ranking.currency,
            view.where,
            period,
            one,
            Answer(Figure(ranking.weighted, OK, n=len(ranking.order)), None),
            {switch: facts.facts.in_force[switch] for switch in one.switches},
            {},
            tuple(sourced(facts.facts, found[: wanted.limit], period)) if wanted.rows else None,
            len(found),
            Difference.unknown(period.previous, None, ranking.weighted, _NO_PAST) if wanted.difference else None,
        )


def _row(customer: int, risk: int, held: Paying, ranking: AtRisk) -> Evidence:
    """One customer's share of the total."""
    if held.elsewhere:
        return Evidence("customer", customer, customer, None, None, f"risk {risk}; no exchange rate, so left out")
    level = to_major(Fraction(held.level, SCALE), ranking.currency)
    stake = "a month" if ranking.by_purchase else "MRR"
    return Evidence("customer", customer, customer, level * risk / MOST, None, f"{money(level, ranking.currency)} {stake} × risk {risk}")


def _metric(ranking: AtRisk) -> Metric:
    """The total as a metric of its own."""
    stake = "revenue a month" if ranking.by_purchase else "MRR"
    return Metric(
        "mrr_at_risk",
        f"{stake} × risk",
        "money",
        "lower",
        "recurring",
        f"Of every customer on the list: their {stake} × their risk ÷ 100. What is at stake, weighed by how likely it looks to be lost; "
        f"no forecast. {MOST} = most at risk; who has no risk adds nothing.",
        f"sum({stake} * risk / {MOST})",
        switches=METRICS["mrr"].switches,
        level=True,
    )
