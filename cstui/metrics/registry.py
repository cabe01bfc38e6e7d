"""Every metric, declared once: what it is called, what it means, how it is read.

Cards, tables, drill-down, `--json`, help and the README's table read these declarations. How a figure is computed lives
in the family modules.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from cstui.base.errors import UnknownMetric


@dataclass(frozen=True, slots=True)
class Metric:
    """One figure of the catalogue."""

    id: str
    label: str
    unit: str
    """money, ratio, count, months, days, minutes, score."""
    better: str
    """`higher`, `lower` or `neither`."""
    family: str
    definition: str
    """In words, with every decision taken where the field disagrees."""
    formula: str
    """Over other metrics when `composed`, else over its rows."""
    floor: int = 0
    """Under this n the figure is a small sample."""
    switches: tuple[str, ...] = ()
    composed: tuple[str, ...] = ()
    """The metrics it is made of; empty: counted from rows."""
    level: bool = False
    """A level on a day rather than something that happened during the period."""


_MRR = ("past_due_days", "reactivation_gap_days")
_RATE = 30

_METRICS = (
    Metric(
        "customers_active", "Active customers", "count", "higher", "customers",
        "Customers with MRR > 0 on the last day of the period. A subscription past due for longer than past_due_days no longer counts.",
        "count(customers)", switches=_MRR, level=True,
    ),
    Metric(
        "customers_new", "New customers", "count", "higher", "customers",
        "Customers whose first paid day ever is in the period: cumulative customers at its end minus at its start. Trials have not paid.",
        "count(customers)", switches=_MRR,
    ),
    Metric(
        "customers_churned", "Churned customers", "count", "lower", "customers",
        "Customers active at the start of the period and not at its end. Memo lines count those who left and came back inside it, and "
        "those who joined and left inside it.",
        "count(customers)", switches=_MRR,
    ),
    Metric(
        "customers_returned", "Returned customers", "count", "higher", "customers",
        "Customers active at the end of the period, not at its start, who had paid before it.",
        "count(customers)", switches=_MRR,
    ),
    Metric(
        "customers_expanded", "Expanded customers", "count", "higher", "customers",
        "Customers active at both ends of the period whose MRR is higher at the end.",
        "count(customers)", switches=_MRR,
    ),
    Metric(
        "customer_churn_rate", "Customer churn", "ratio", "lower", "customers",
        "Churned customers ÷ customers active at the start of the period. New customers are never in the base (churn_base start): "
        "100 at the start, 5 lost, 10 gained is 5 %.",
        "customers churned / customers active at the start", floor=_RATE, switches=("churn_base", *_MRR),
    ),
    Metric(
        "leads_new", "New leads", "count", "higher", "leads",
        "Customer records created in the period, each customer once. A record without a creation date counts in no period; "
        "parts.without_date says how many there are.",
        "count(customers)",
    ),
    Metric(
        "leads_open", "Open leads", "count", "neither", "leads",
        "Records created before the period's end that had not paid and were not lost by then. A record in stage lost without a "
        "date counts as lost from as_of. By stage as it is now.",
        "count(customers)", switches=_MRR, level=True,
    ),
    Metric(
        "lead_conversion_rate", "Lead conversion", "ratio", "higher", "leads",
        "Of the leads created in the period, those who have paid by as_of. With the median days from creation to the first paid day.",
        "leads that have paid / leads created", floor=_RATE, switches=_MRR,
    ),
    Metric(
        "mrr", "MRR", "money", "higher", "recurring",
        "Monthly recurring revenue on the last day of the period: of every subscription in service, (amount × quantity − discount) ÷ "
        "months in its interval. Trials, free plans, tax and one-off items are not MRR. It is ARPC × active customers.",
        "sum(subscriptions in service on the last day)", switches=_MRR, level=True,
    ),
    Metric("arr", "ARR", "money", "higher", "recurring", "Annual recurring revenue: 12 × MRR.", "12 * mrr", switches=_MRR,
           composed=("mrr",), level=True),
    Metric(
        "mrr_new", "New MRR", "money", "higher", "recurring",
        "MRR at the end of the period of customers who had none at its start and had never paid before it.",
        "sum(MRR at end of new customers)", switches=_MRR,
    ),
    Metric(
        "mrr_expansion", "Expansion MRR", "money", "higher", "recurring",
        "Rise in MRR of customers active at both ends of the period.",
        "sum(end - start) over customers with more at the end", switches=_MRR,
    ),
    Metric(
        "mrr_contraction", "Contraction MRR", "money", "lower", "recurring",
        "Fall in MRR of customers active at both ends of the period. Losing one of several subscriptions is contraction.",
        "sum(start - end) over customers with less at the end", switches=_MRR,
    ),
    Metric(
        "mrr_churned", "Churned MRR", "money", "lower", "recurring",
        "MRR at the start of the period of customers who had none at its end.",
        "sum(MRR at start of churned customers)", switches=_MRR,
    ),
    Metric(
        "mrr_reactivation", "Reactivation MRR", "money", "higher", "recurring",
        "MRR at the end of the period of customers who had none at its start but had paid before it.",
        "sum(MRR at end of returned customers)", switches=_MRR,
    ),
    Metric(
        "mrr_fx", "Exchange-rate effect", "money", "neither", "recurring",
        "What the change of exchange rates did to MRR; movements are valued at the rate of the period's start. 0 while all MRR is in the "
        "workspace's currency.",
        "end at end rate - end at start rate", switches=_MRR,
    ),
    Metric(
        "mrr_net_new", "Net new MRR", "money", "higher", "recurring",
        "MRR at the end of the period − MRR at its start.",
        "mrr_new + mrr_expansion + mrr_reactivation - mrr_contraction - mrr_churned + mrr_fx", switches=_MRR,
        composed=("mrr_new", "mrr_expansion", "mrr_reactivation", "mrr_contraction", "mrr_churned", "mrr_fx"),
    ),
    Metric(
        "mrr_with_addons", "MRR with add-ons", "money", "higher", "recurring",
        "MRR + one-off revenue of the three calendar months that end with the period's last month ÷ 3. Refunds never reduce it. "
        "Without any payments in those months' reach it is unknown.",
        "mrr + one_off_revenue / 3", switches=_MRR, composed=("mrr", "one_off_revenue"), level=True,
    ),
    Metric(
        "grr", "Gross revenue retention", "ratio", "higher", "recurring",
        "Σ min(MRR at end, MRR at start) ÷ Σ MRR at start, over customers with MRR at the start. Never above 100 %.",
        "sum(min(end, start)) / sum(start)", floor=_RATE, switches=_MRR,
    ),
    Metric(
        "nrr", "Net revenue retention", "ratio", "higher", "recurring",
        "Σ MRR at end ÷ Σ MRR at start, over customers with MRR at the start.",
        "sum(end) / sum(start)", floor=_RATE, switches=_MRR,
    ),
    Metric(
        "revenue_churn_rate", "Revenue churn", "ratio", "lower", "recurring",
        "1 − gross revenue retention; net, in the parts: 1 − net revenue retention.",
        "sum(start - min(end, start)) / sum(start)", floor=_RATE, switches=_MRR,
    ),
    Metric(
        "quick_ratio", "Quick ratio", "ratio", "higher", "recurring",
        "(new + expansion + reactivation) ÷ (contraction + churned) MRR. Without a base when nothing was lost.",
        "sum(MRR gained) / sum(MRR lost)", switches=_MRR,
    ),
    Metric(
        "arpc", "Revenue per customer", "money", "higher", "recurring",
        "MRR ÷ active customers, at the end of the period.",
        "mrr / customers_active", switches=_MRR, composed=("mrr", "customers_active"), level=True,
    ),
    Metric(
        "mrr_scheduled_churn", "Scheduled churn", "money", "lower", "recurring",
        "MRR of subscriptions that are cancelled but still in service at as_of, with days left: it can still be saved. It is a level "
        "at as_of, whatever period is asked about.",
        "sum(subscriptions cancelled and in service at as_of)", switches=_MRR, level=True,
    ),
    Metric(
        "revenue", "Revenue", "money", "higher", "revenue",
        "Paid payments of the period less paid refunds (absolute value, whatever their sign in the file). Failed and open payments "
        "are not revenue.",
        "sum(paid payments) - sum(paid refunds)",
    ),
    Metric(
        "one_off_revenue", "One-off revenue", "money", "higher", "revenue",
        "Paid payments of kind one_off in the period. Refunds never reduce it.",
        "sum(paid one-off payments)",
    ),
)  # fmt: skip

METRICS: Mapping[str, Metric] = {metric.id: metric for metric in _METRICS}
"""Every metric by its id, in the catalogue's order."""


def metric(name: str) -> Metric:
    """The metric of that id. Raises UnknownMetric."""
    found = METRICS.get(name)
    if found is None:
        raise UnknownMetric(name, tuple(get_close_matches(name, METRICS, 3)))
    return found
