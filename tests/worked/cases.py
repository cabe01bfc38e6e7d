"""Published worked examples as small companies, with what their sources say the figures are.

Case ids are those of the project's collection of worked examples. Read by the oracle's own tests and by the program's.

Out of scope here, and why: `churn-07` has no numbers (the whole-period formula it names is what churn-02 and churn-04 test); `mrr-09` is
`test_dbt_playbook.py`; `nps-06`, `nps-07`, `csat-02` and `ces-01` are `test_survey_exports.py`; the mean of `csat-01` is no figure of the
catalogue, its counts are; `cohort-*` (retention table) is `test_cohorts.py`; `ltv-*` (value of a customer) is `test_customer_value.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from tests.oracle.companies import Company
from tests.oracle.periods import Span, from_to, month, quarter, year

Rows = list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Case:
    """A company, a period, and figures: metric (or `metric.part`) → value. `switches` other than the defaults."""

    id: str
    company: Company
    span: Span
    expected: Mapping[str, float]
    tolerance: float = 0.0
    switches: Mapping[str, str] | None = None


MARCH = month(2026, 3)


def sub(number: int, amount: float | str, started: str, ended: str = "", **more: str) -> dict[str, str]:
    """One subscription of a customer of its own."""
    row = {"subscription_id": f"s-{number}", "customer_id": f"c-{number}", "started_at": started, "amount": str(amount), "currency": "USD"}
    return row | {"interval": "month", "ended_at": ended} | more


def of(subscriptions: Rows) -> Company:
    """A company that is only its subscriptions, seen through the end of May 2026."""
    return Company((), (*subscriptions, sub(10**6, 0, "2026-05-31")), ())


def base(start: int, lost: int, gained: int = 0, ended: str = "2026-03-10") -> Company:
    """`start` customers from January on, `lost` of them gone in March, `gained` new ones in March."""
    rows = [sub(n, 10, "2026-01-01", ended if n < lost else "") for n in range(start)]
    return of(rows + [sub(start + n, 10, "2026-03-15") for n in range(gained)])


def shrinking(customers: int, monthly: float, months: int) -> Company:
    """Customers of whom a share leaves every month of 2025, none joins."""
    stays = [round(customers * (1 - monthly) ** (number + 1)) for number in range(months)]
    rows: Rows = []
    for n in range(customers):
        gone = [f"2025-{number + 1:02d}-15" for number, stay in enumerate(stays) if n >= stay]
        rows.append(sub(n, 10, "2024-12-01", gone[0] if gone else ""))
    return of(rows)


def rolled(start: int, *, new: int = 0, up: int = 0, back: int = 0, down: int = 0, lost: int = 0) -> Company:
    """MRR of `start` through February; in March one customer each is new, grows, comes back, shrinks, leaves."""
    change = "2026-03-12"
    rows = [sub(1, start - lost - 2 * down, "2026-01-01")]
    if up:
        rows.append(rows[0] | {"started_at": change, "amount": str(start - lost - 2 * down + up)})
    if down:
        rows += [sub(2, 2 * down, "2026-01-01"), sub(2, down, change)]
    if lost:
        rows.append(sub(3, lost, "2026-01-01", change))
    if new:
        rows.append(sub(4, new, change))
    if back:
        rows += [sub(5, 70, "2025-06-01", "2025-09-01"), sub(5, back, change) | {"subscription_id": "s-5-again"}]
    return of(rows)


def chartmogul(first: date, last: date, expected: dict[str, float]) -> Case:
    """mrr-06: one customer's year with Gold and Silver plans, step by step."""
    gold = sub(1, 500, "2025-01-05", quantity="4", interval="year", cancel_requested_at="2025-10-01", current_period_end="2026-01-05")
    silver = sub(1, 30, "2025-01-08", "2025-01-22", quantity="2") | {"subscription_id": "silver"}
    again = sub(1, 50, "2026-03-10", quantity="3") | {"subscription_id": "again"}
    none = dict.fromkeys("mrr_new mrr_expansion mrr_contraction mrr_churned mrr_reactivation".split(), 0.0)
    return Case("mrr-06", of([gold, silver, again]), from_to(first, last), none | expected, 0.01)


def raisekit(number: int, expected: dict[str, float]) -> Case:
    """mrr-08: two customers over three months of 2022."""
    rows = [sub(1, 40, "2022-01-01"), sub(1, 75, "2022-02-01", "2022-03-01"), sub(2, 20, "2022-01-01"), sub(2, 80, "2022-02-01")]
    return Case("mrr-08", of([*rows, sub(2, 120, "2022-03-01")]), month(2022, number), expected)


def quick(name: str, value: float, tolerance: float = 0.0, net: float | None = None, **moves: int) -> Case:
    """A quick ratio from its movements; the level at start is not given and does not matter."""
    expected = {"quick_ratio": value} | ({"mrr_net_new": net} if net is not None else {})
    return Case(name, rolled(1_000_000, **moves), MARCH, expected, tolerance)


def asked(kind: str, scale: str, counts: Mapping[int, int], **more: str) -> Company:
    """Answers in March to one question, score → how many; no respondent is named, so every answer counts."""
    scores = [score for score, count in counts.items() for _ in range(count)]
    row = {"answered_at": "2026-03-05", "kind": kind, "scale": scale} | more
    answers = [row | {"customer_id": f"c-{n % 7}", "score": str(score)} for n, score in enumerate(scores)]
    return replace(of([]), surveys=tuple(answers))


def nps(name: str, counts: Mapping[int, int], value: float, **switches: str) -> Case:
    """A Net Promoter Score from how many gave which score."""
    return Case(name, asked("nps", "0-10", counts), MARCH, {"nps": value}, 1e-9, switches)


def csat(name: str, scale: str, counts: Mapping[int, int], value: float, **switches: str) -> Case:
    """Satisfied answers of a hundred."""
    return Case(name, asked("csat", scale, counts), MARCH, {"csat": value}, 1e-9, switches)


def ces(name: str, scale: str, counts: Mapping[int, int], value: float, hard: float, direction: str = "high_easy") -> Case:
    """Mean agreement with “it was easy”, and the share on the hard side."""
    return Case(name, asked("ces", scale, counts, direction=direction), MARCH, {"ces": value, "high_effort_share": hard}, 1e-9)


_TEN_POINT = {2: 2, 3: 6, 4: 20, 5: 26, 6: 30, 7: 23, 8: 51, 9: 28, 10: 14}
"""The thousand answers of csat-01, a fifth of each."""

_TEN_YEARLY = [sub(n, 100, "2026-01-01") for n in range(100)] + [sub(100 + n, 600, "2026-01-01", interval="year") for n in range(50)]

CASES: tuple[Case, ...] = (
    Case("churn-01", base(100, 10), MARCH, {"customer_churn_rate": 0.10, "customers_churned": 10}),
    Case("churn-02", base(100, 3, ended="2026-02-10"), quarter(2026, 1), {"customers_active": 97}),
    Case("churn-02", base(100, 3, ended="2026-05-10"), quarter(2026, 2), {"customer_churn_rate": 0.03}),
    # 52,430 and 3,245 divided by five: the same quotient of a company that imports faster.
    Case("churn-03", base(52430 // 5, 3245 // 5), MARCH, {"customer_churn_rate": 0.0619}, 0.00005),
    # TRAP of churn-05: over a year, point to point, 3 % a month are 30.62 %, neither 36 nor 31.8.
    Case("churn-04, churn-05", shrinking(245, 0.03, 12), year(2025), {"customer_churn_rate": 0.3062}, 0.0001),
    Case("churn-06", base(100, 5, 10), MARCH, {"customer_churn_rate": 0.05}),
    Case("churn-06", base(100, 5, 10), MARCH, {"customer_churn_rate": 0.045455}, 0.00001, {"churn_base": "start+new"}),
    Case("churn-08", base(100, 5, 10), MARCH, {"customer_churn_rate": 0.05, "customers_active": 105, "customers_new": 10}),
    Case("mrr-01", of(_TEN_YEARLY), MARCH, {"mrr": 12500, "customers_active": 150}),
    Case("mrr-02", of([sub(1, 1200, "2026-01-01", interval="year")]), MARCH, {"mrr": 100, "arr": 1200}),
    Case("mrr-03", of([sub(1, 100, "2026-01-01", discount="50")]), MARCH, {"mrr": 50}),
    # A coupon for one bill is not what each bill is reduced by, so it is not in the row's discount.
    Case("mrr-04", of([sub(1, 100, "2026-01-01")]), MARCH, {"mrr": 100}),
    Case("mrr-05", of([sub(1, 100, "2026-05-01", status="trial")]), month(2026, 5), {"mrr": 0, "customers_active": 0}),
    Case("mrr-05", of([sub(1, 100, "2026-03-01", trial_end="2026-04-01")]), MARCH, {"mrr": 0, "customers_active": 0}),
    chartmogul(date(2025, 1, 5), date(2025, 1, 7), {"mrr_new": 166.67}),
    chartmogul(date(2025, 1, 8), date(2025, 1, 21), {"mrr_expansion": 60, "mrr": 226.67}),
    chartmogul(date(2025, 1, 22), date(2025, 12, 31), {"mrr_contraction": 60, "mrr": 166.67}),
    chartmogul(date(2026, 1, 1), date(2026, 1, 31), {"mrr_churned": 166.67, "mrr": 0}),
    chartmogul(date(2026, 3, 1), date(2026, 3, 31), {"mrr_reactivation": 150, "mrr": 150}),
    Case(
        "mrr-07",
        rolled(50_000, new=8000, up=4000, back=1000, down=2000, lost=3000),
        MARCH,
        {"mrr": 58_000, "mrr_net_new": 8000, "quick_ratio": 2.6, "mrr_new": 8000, "mrr_reactivation": 1000},
    ),
    raisekit(1, {"mrr": 60, "arr": 720}),
    raisekit(2, {"mrr": 155, "arr": 1860, "mrr_new": 0, "mrr_churned": 0, "mrr_expansion": 95, "mrr_contraction": 0}),
    raisekit(3, {"mrr": 120, "arr": 1440, "mrr_new": 0, "mrr_churned": 75, "mrr_expansion": 40, "mrr_contraction": 0}),
    quick("qr-01", 3.5, new=20_000, up=8000, lost=5000, down=3000),
    quick("qr-02", 6.0, new=24_000, lost=4000),
    quick("qr-03", 3.0, new=30_000, lost=10_000),
    quick("qr-04", 2.0, new=40_000, lost=20_000),
    quick("qr-05", 4.92, 0.005, net=98_000, new=95_000, up=28_000, lost=18_000, down=7000),
    quick("qr-06", 1.125, net=5000, new=40_000, up=5000, lost=32_000, down=8000),
    Case("nrr-01", rolled(20_000, lost=1200, down=800, up=3000), MARCH, {"grr": 0.90, "nrr": 1.05, "revenue_churn_rate": 0.10}),
    Case("nrr-02", rolled(100_000, up=15_000, down=5000, lost=10_000), MARCH, {"nrr": 1.0}),
    Case("nrr-03", rolled(100_000, up=15_000, down=5000, lost=8000), MARCH, {"nrr": 1.02, "grr": 0.87}),
    # A cohort's twelve months, as a from–to: those who pay on its eve, and what they pay on its last day.
    Case("nrr-04", rolled(10_000, up=1500), from_to(date(2026, 1, 2), date(2026, 4, 1)), {"nrr": 1.15}),
    Case("nrr-05", rolled(20_000, lost=2000, up=3000), MARCH, {"nrr": 1.05}),
    nps("nps-01", {3: 1, 4: 1, 5: 1, 6: 1, 8: 3, 9: 1, 10: 2}, -10.0),
    nps("nps-02", {6: 60, 7: 45, 8: 45, 9: 50, 10: 50}, 16.0),
    nps("nps-03", {0: 15, 8: 25, 10: 60}, 45.0),
    # TRAP of nps-04: a 6 is a detractor, unless the bands are chosen as article 004 draws them.
    nps("nps-04", {6: 1}, -100.0),
    nps("nps-04", {6: 1}, 0.0, nps_bands="article"),
    nps("nps-04", {9: 2, 5: 1, 6: 1}, 25.0, nps_bands="article"),
    csat("csat-01", "1-10", _TEN_POINT, 73.0),
    csat("csat-01", "1-10", _TEN_POINT, 21.0, csat_threshold="5:4,7:5,10:9"),
    csat("csat-five", "1-5", {1: 2, 3: 2, 4: 3, 5: 3}, 60.0),
    csat("csat-seven", "1-7", {4: 5, 5: 3, 7: 2}, 50.0),
    ces("ces-seven", "1-7", {7: 3, 6: 2, 5: 1, 4: 2, 2: 1, 1: 1}, 4.9, 0.2),
    ces("ces-low-is-easy", "1-5", {1: 6, 3: 2, 5: 2}, 3.8, 0.2, "low_easy"),
)
