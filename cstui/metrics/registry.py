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
    """The metrics it is made of; empty: counted from rows. `NAME.start` is a level at the start of the period, `NAME.end` at its end."""
    instead: tuple[str, ...] = ()
    """Two parts whose difference is the figure where one of `composed` is unknown."""
    level: bool = False
    """A level on a day rather than something that happened during the period."""
    timeless: bool = False
    """It has one value, that of the data's last day, whichever period is asked about: no earlier one to hold it against."""
    times: int = 1
    """What one sum over another is multiplied by: 100 for a score out of a hundred."""


_MRR = ("mode", "past_due_days", "reactivation_gap_days")
_RATE = 30
_SURVEY = 10

_METRICS = (
    Metric(
        "customers_active", "Active customers", "count", "higher", "customers",
        "Customers with MRR > 0 on the last day of the period. A subscription past due for longer than past_due_days no longer counts. "
        "In repeat-purchase mode: customers who have not lapsed by then. Lapsed is who has been silent for more days than twice the "
        "median of their own gaps so far or, after a single purchase, than the 90th percentile (nearest rank) of all gaps of the "
        "workspace as known now. A purchase is a paid payment that is no refund; purchases of one day are one; silence counts up to the "
        "last day that payments are known for.",
        "count(customers)", switches=_MRR, level=True,
    ),
    Metric(
        "customers_new", "New customers", "count", "higher", "customers",
        "Customers whose first paid day ever is in the period: cumulative customers at its end minus at its start. Trials have not paid. "
        "In repeat-purchase mode a paid day is one with a purchase.",
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
        "Customers active at both ends of the period whose MRR is higher at the end. Unknown in repeat-purchase mode.",
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
        "goal_conversion_rate", "Goal conversion", "ratio", "higher", "funnel",
        "Conversions ÷ visits, of the traffic that names both; by channel in the parts. Traffic has no customers: only a channel can "
        "narrow it.",
        "sum(conversions) / sum(visits)", floor=_RATE,
    ),
    Metric(
        "trial_conversion_rate", "Trial conversion", "ratio", "higher", "lifecycle",
        "Trials whose end is in the period (trial_basis ended) or whose start is (started), one for each customer and trial_end: "
        "converted ÷ (converted + lost). Converted is a customer with MRR > 0 on some day of the 14 that start with trial_end, from "
        "whatever subscription. While those days are not over at as_of and nothing is paid, a trial is pending: in the parts, in "
        "neither side. A trial starts at trial_start, or else when its subscription does; one of no days is none, one without an end "
        "can't be told.",
        "trials converted / trials converted or lost", floor=_RATE, switches=("trial_basis", *_MRR),
    ),
    Metric(
        "renewal_rate", "Renewals", "ratio", "higher", "lifecycle",
        "Terms due in the period: renewed ÷ (renewed + lost). A subscription row's terms are due at its first paying day + whole "
        "intervals, the day of the month kept and clipped to the month's end; current_period_end says when the term running on the last "
        "day of the data (or a row's last one) ends. Every term that began counts on its due day, cancelled inside it or not. Renewed: "
        "the row has MRR on the due day, or a row that carries it on has some on or after it: one that begins later than it and starts "
        "paying within 30 days before or after its end; and so on from that one. Not renewed 30 days after is lost; before that, and "
        "when due after as_of, pending: in the parts, in neither side. Terms of a quarter (3 months, 13 weeks, 92 days) and longer; "
        "renewal_terms all takes every one.",
        "terms renewed / terms renewed or lost", floor=_RATE, switches=("renewal_terms", "mode", "past_due_days"),
    ),
    Metric(
        "renewal_rate_value", "Renewals by value", "ratio", "higher", "renewed",
        "Renewed MRR ÷ due MRR of the same terms, each renewed at no more than it was due at (gross); net, in the parts, has no such "
        "bound and can exceed 100 %. Renewed MRR is that of the row, or of the rows that carry it on, on the first day on or after the "
        "due day. Valued at the rates of the period's start.",
        "sum(min(renewed, due)) / sum(due)", floor=_RATE, switches=("renewal_terms", "mode", "past_due_days"),
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
        "What the change of exchange rates did to MRR: its level at the end, at the rate of the end less that of the start. Movements and "
        "retention are valued at the rate of the period's start.",
        "end at end rate - end at start rate", switches=_MRR,
    ),
    Metric(
        "mrr_net_new", "Net new MRR", "money", "higher", "recurring",
        "MRR at the end of the period − MRR at its start.",
        "mrr_new + mrr_expansion + mrr_reactivation - mrr_contraction - mrr_churned + mrr_fx", switches=_MRR,
        composed=("mrr_new", "mrr_expansion", "mrr_reactivation", "mrr_contraction", "mrr_churned", "mrr_fx"),
        instead=("mrr.end", "mrr.start"),
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
        "MRR ÷ active customers, at the end of the period. In repeat-purchase mode: net revenue of the period ÷ its months "
        "(days × 12 ÷ 365 where it is not whole months) ÷ customers active at its end.",
        "mrr / customers_active", switches=_MRR, composed=("mrr", "customers_active"), level=True,
    ),
    Metric(
        "mrr_scheduled_churn", "Scheduled churn", "money", "lower", "recurring",
        "MRR of subscriptions that are cancelled but still in service at as_of, with days left: it can still be saved. It is a level "
        "at as_of, whatever period is asked about, and so has none before it.",
        "sum(subscriptions cancelled and in service at as_of)", switches=_MRR, level=True, timeless=True,
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
    Metric(
        "costs", "Costs", "money", "lower", "money",
        "The cost ledger of the period; by category in the parts. Costs have no customer: only a channel can narrow them.",
        "sum(costs)",
    ),
    Metric(
        "profit", "Profit", "money", "higher", "money",
        "Revenue − costs. Unknown in a period without a single cost: profit would be revenue.",
        "revenue - costs", composed=("revenue", "costs"),
    ),
    Metric(
        "profit_per_customer", "Profit per customer", "money", "higher", "money",
        "Profit ÷ the mean of the customers active at the start and at the end of the period.",
        "profit / mean(customers_active.start, customers_active.end)", switches=_MRR,
        composed=("profit", "customers_active.start", "customers_active.end"),
    ),
    Metric(
        "gross_margin", "Gross margin", "ratio", "higher", "money",
        "(Revenue − cost of revenue) ÷ revenue, or the share that you set (gross_margin). Without revenue there is no margin.",
        "(sum(payments) - sum(costs of revenue)) / sum(payments)", switches=("gross_margin",),
    ),
    Metric(
        "clv", "Customer value", "money", "higher", "value",
        "What a customer is expected to bring: ARPC × gross margin ÷ customer churn. The margin is that of the 12 calendar months that "
        "end with the period's last, or of those for which there are payments and costs, at least 3; without a cost in the 12 it is 1 "
        "and the figure is before costs. Churn is the mean of the monthly rates of the 6 months that end with it, months without a base "
        "left out. Unknown with a margin of 0 or less, or with fewer than 5 customers churned in the 6 months. A lifetime counts for at "
        "most 60 months; the parts say what it would be uncapped.",
        "arpc * gross_margin * min(60, 1 / mean(customer_churn_rate))", switches=("gross_margin", "churn_base", *_MRR),
        composed=("arpc", "gross_margin", "customer_churn_rate"),
    ),
    Metric(
        "clv_realised", "Value so far", "money", "higher", "value",
        "Net revenue (paid payments less paid refunds) up to the period's end ÷ customers who had ever paid by then, which is to say had "
        "a day with MRR > 0 (in repeat-purchase mode: a purchase). One customer's own is on their page.",
        "(sum(paid payments) - sum(paid refunds)) / customers who ever paid", switches=_MRR, level=True,
    ),
    Metric(
        "cac", "Cost of a new customer", "money", "lower", "money",
        "Sales and marketing costs, of the period cac_lag_months earlier, ÷ new customers of the period. Who comes back is not new. By "
        "channel in the parts; and by segment, for which costs have no name: those of a channel are shared equally by the customers it "
        "won, what has no channel or won nobody by all of them.",
        "sum(sales and marketing costs) / customers_new", switches=("cac_lag_months", *_MRR),
    ),
    Metric(
        "clv_cac_ratio", "CLV : CAC", "ratio", "higher", "value",
        "Customer value ÷ cost of a new customer; article 003 calls it profit per customer. 3 and more is healthy, 2 to 3 slim, 1 to 2 "
        "poor, 1 and less is losing money.",
        "clv / cac", switches=("gross_margin", "churn_base", "cac_lag_months", *_MRR), composed=("clv", "cac"),
    ),
    Metric(
        "clv_net_of_cac", "Value less cost", "money", "higher", "value",
        "Customer value − cost of a new customer.",
        "clv - cac", switches=("gross_margin", "churn_base", "cac_lag_months", *_MRR), composed=("clv", "cac"),
    ),
    Metric(
        "first_mrr", "First MRR", "money", "higher", "value",
        "Mean MRR of the period's new customers on their first paid day, at that day's rates.",
        "sum(MRR on the first paid day) / customers_new", switches=_MRR,
    ),
    Metric(
        "cac_payback_months", "CAC payback", "months", "lower", "value",
        "Months until a new customer has paid for being won: cost of a new customer ÷ (first MRR × gross margin of the period). Unknown "
        "with a margin of 0 or less.",
        "cac / (first_mrr * gross_margin)", switches=("gross_margin", "cac_lag_months", *_MRR),
        composed=("cac", "first_mrr", "gross_margin"),
    ),
    Metric(
        "dau", "Daily users", "count", "higher", "engagement",
        "Distinct active users on a day, on the mean of the period's covered days. A user is a person at a customer; without user ids a "
        "customer is one user. Covered are the days from the first to the last use of anybody, before filters; one without use counts 0.",
        "sum over users(active days / covered days)",
    ),
    Metric(
        "wau", "Weekly users", "count", "higher", "engagement",
        "Distinct active users in the 7 days that end with a day, on the mean of the period's covered days. The window is cut at the first "
        "covered day.",
        "sum over users(days active in the 7 before / covered days)",
    ),
    Metric(
        "mau", "Monthly users", "count", "higher", "engagement",
        "Distinct active users in the 30 days that end with a day, on the mean of the period's covered days. The window is cut at the "
        "first covered day.",
        "sum over users(days active in the 30 before / covered days)",
    ),
    Metric(
        "stickiness", "Stickiness", "ratio", "higher", "engagement",
        "Σ daily users ÷ Σ monthly users over the period's covered days: on how many of 30 days a monthly user comes.",
        "sum(daily users) / sum(monthly users)",
    ),
    Metric(
        "active_customer_share", "Customers who use it", "ratio", "higher", "engagement",
        "Active customers with use in the last 30 days that use is known of, at the end of the period ÷ active customers.",
        "active customers with use / active customers", switches=_MRR, level=True,
    ),
    Metric(
        "session_minutes", "Minutes a session", "minutes", "higher", "engagement",
        "Σ minutes ÷ Σ sessions, of the days of use that name both.",
        "sum(minutes) / sum(sessions)",
    ),
    Metric(
        "nps", "NPS", "score", "higher", "satisfaction",
        "% promoters (9–10) − % detractors (0–6), passives 7–8 (nps_bands). The latest answer of each respondent in the period; who gives "
        "no name is a respondent each time. Answers on 0–10 and on 1–10 count alike, and it is said when there are both.",
        "100 * (promoters - detractors) / answers", floor=_SURVEY, switches=("nps_bands",), times=100,
    ),
    Metric(
        "csat", "CSAT", "score", "higher", "satisfaction",
        "Satisfied answers ÷ answers × 100: of 5 points from 4, of 7 from 5, of 10 from 6 (csat_threshold). All answers count. By "
        "touchpoint in the parts; the figure of several together is labelled mixed.",
        "100 * satisfied answers / answers", floor=_SURVEY, switches=("csat_threshold",), times=100,
    ),
    Metric(
        "ces", "CES", "score", "higher", "satisfaction",
        "Mean agreement with “it was easy”, on the scale it was asked on; where a high score means effort, the scale is read from its "
        "other end. All answers count. Two scales are never averaged together: unknown then, unless ces_scale chooses one.",
        "sum(agreement) / answers", floor=_SURVEY, switches=("ces_scale",),
    ),
    Metric(
        "high_effort_share", "High effort", "ratio", "lower", "satisfaction",
        "CES answers on the hard side of their scale's middle ÷ CES answers.",
        "hard answers / answers", floor=_SURVEY,
    ),
    Metric(
        "promoters", "Advocates", "count", "higher", "satisfaction",
        "Customers whose latest NPS answer by the end of the period is 9 or 10: whom to ask for a word.",
        "count(customers)", level=True,
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
