"""The retention table: published examples (cohort-01 and cohort-02 of worked_examples.json), and what must hold for any company."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from cstui.base.ask import PeriodChoice, View
from cstui.base.days import month_name, month_of
from cstui.desk.cohort_cell import CohortCell, cohort_cell
from cstui.desk.cohorts import cohorts
from cstui.desk.figures import figures
from cstui.store import columns
from tests.oracle.companies import IMPORT_DAY, Company, company
from tests.property.program import imported

LAST_ACTIVE = {  # cohort → last active month of each of its customers; the data ends with April 2026
    "2025-10": ("2026-01", "2026-04", "2025-11", "2026-04", "2026-02"),
    "2025-11": ("2026-04", "2025-12", "2026-04", "2026-04"),
    "2025-12": ("2026-04", "2026-02", "2026-04", "2026-04"),
    "2026-01": ("2026-04", "2026-04", "2026-02", "2026-04"),
}
COUNTS = {
    "2025-10": (5, 5, 4, 4, 3, 2, 2),
    "2025-11": (4, 4, 3, 3, 3, 3),
    "2025-12": (4, 4, 4, 3, 3),
    "2026-01": (4, 4, 3, 3),
}


def after(month: str) -> str:
    year, number = map(int, month.split("-"))
    return f"{year + number // 12}-{number % 12 + 1:02d}-01"


def example() -> Company:
    rows = []
    for cohort, lasts in LAST_ACTIVE.items():
        for i, last in enumerate(lasts):
            ended = "" if last == "2026-04" else after(last)
            name = f"{cohort}-{i}"
            rows.append({"subscription_id": name, "customer_id": name, "started_at": f"{cohort}-05", "amount": "10", "ended_at": ended})
    lead = {"customer_id": "lead", "name": "Lead", "created_at": "2026-04-30"}
    return Company((lead,), tuple(rows), ())


def test_the_published_table(tmp_path: Path) -> None:
    with imported(example(), tmp_path) as ws:
        found = cohorts(ws, "customers", View())
        assert {month: cells for month, _, cells, _ in found.rows()} == COUNTS
        assert found.to_json()["cohorts"][0]["retention"] == [1.0, 1.0, 0.8, 0.8, 0.6, 0.4, 0.4]
        money = cohorts(ws, "mrr", View())
        assert [list(cells) for _, _, cells, _ in money.rows()][3] == [40, 40, 30, 30]


def test_published_rates_are_counts_of_the_cohort(tmp_path: Path) -> None:
    """cohort-02: of 200, 85 % are there after a month and 70 % after three."""
    ends = ["2026-02-20"] * 30 + ["2026-03-20"] * 10 + ["2026-04-10"] * 20 + [""] * 140
    rows = [
        {"subscription_id": f"s-{i}", "customer_id": f"c-{i}", "started_at": "2026-01-10", "amount": "10", "ended_at": ended}
        for i, ended in enumerate(ends)
    ]
    seen = {"customer_id": "lead", "name": "Lead", "created_at": "2026-04-30"}
    with imported(Company((seen,), tuple(rows), ()), tmp_path) as ws:
        (cohort,) = cohorts(ws, "customers", View()).to_json()["cohorts"]
    assert (cohort["size"], cohort["values"][1], cohort["values"][3]) == (200, 170, 140)
    assert (cohort["retention"][1], cohort["retention"][3]) == (0.85, 0.7)


@pytest.mark.parametrize("seed", range(10))
def test_the_cohorts_add_up_to_the_active_customers_and_the_mrr(seed: int, tmp_path: Path) -> None:
    with imported(company(Random(seed)), tmp_path) as ws:
        found = cohorts(ws, "mrr", View())
        if not found.cohorts:
            return
        last = found.cohorts[-1].month
        asked = figures(ws, ["mrr", "customers_active", "customers_new"], View(PeriodChoice(period=last)), IMPORT_DAY)
        now = {name: answer.figure.value for name, answer in asked.periods[0].metrics.items()}
        ages = [month_of(last.start) - month_of(cohort.month.start) for cohort in found.cohorts]
        assert found.cohorts[-1].size == now["customers_new"]
        if now["mrr"] is not None:
            assert sum((cohort.mrr[age] or 0 for cohort, age in zip(found.cohorts, ages, strict=True)), Fraction(0)) == now["mrr"]
        older = sum(cohort.customers[age] for cohort, age in zip(found.cohorts[:-1], ages, strict=False))
        assert older <= (now["customers_active"] or 0) <= older + found.cohorts[-1].size


def test_cohorts_of_a_shop_count_who_has_not_lapsed_and_what_they_paid(tmp_path: Path) -> None:
    def paid(customer: str, day: str, amount: str, kind: str = "one_off") -> dict[str, str]:
        return {"payment_id": f"{customer}-{day}-{kind}", "customer_id": customer, "paid_at": day, "amount": amount, "kind": kind}

    rows = (
        paid("weekly", "2026-01-05", "10"),
        paid("weekly", "2026-01-12", "10"),
        paid("weekly", "2026-01-12", "4", "refund"),
        paid("monthly", "2026-01-10", "50"),
        paid("monthly", "2026-02-10", "60"),
        paid("monthly", "2026-03-10", "70"),
        paid("late", "2026-03-31", "5"),
    )
    with imported(Company((), (), rows), tmp_path) as ws:
        found = cohorts(ws, "customers", View())
        assert [(month_name(month_of(one.month.start)), one.size, one.customers) for one in found.cohorts] == [
            ("2026-01", 2, (2, 1, 1)),  # weekly has been silent for more than 14 days at the end of January already, and never came back
            ("2026-03", 1, (1,)),
        ]
        money = cohorts(ws, "revenue", View())
        assert [list(cells) for _, _, cells, _ in money.rows()] == [[66, 60, 70], [5]]
        none = cohorts(ws, "mrr", View())
        assert none.to_json()["cohorts"][0]["values"] == []
        assert "repeat-purchase" in none.to_json()["reason"]


@pytest.mark.parametrize("many", [False, True])
def test_a_cell_without_an_exchange_rate_is_unknown_and_not_smaller(many: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if many:
        monkeypatch.setattr(columns, "MANY", 0)

    def bought(customer: str, amount: str, currency: str) -> dict[str, str]:
        return {"subscription_id": customer, "customer_id": customer, "started_at": "2026-01-10", "amount": amount, "currency": currency}

    subscriptions = (bought("home", "100", "USD"), bought("away", "5000", "JPY"))
    payments = ({"payment_id": "p", "customer_id": "away", "paid_at": "2026-01-15", "amount": "5000", "currency": "JPY"},)
    rates = ({"date": "2026-02-28", "from": "JPY", "to": "USD", "rate": "0.01"},)
    seen = {"customer_id": "lead", "name": "Lead", "created_at": "2026-03-31"}
    with imported(Company((seen,), subscriptions, payments, exchange_rates=rates), tmp_path) as ws:
        people, money, paid = (cohorts(ws, value, View()).to_json() for value in ("customers", "mrr", "revenue"))
        assert people["cohorts"][0]["values"] == [2, 2, 2]
        assert "reason" not in people
        assert money["cohorts"][0]["values"] == [None, 150, None]
        assert money["cohorts"][0]["retention"] == [None, None, None]
        assert money["reason"] == "no exchange rate for 2 cells: import exchange_rates"
        assert paid["cohorts"][0]["values"][0] is None
        cell = cohort_cell(ws, CohortCell.parse("2026-01:1", "mrr"), View()).to_json()
        assert (cell["value"], cell["status"]) == (None, "missing_rate")
        assert [(row["numerator"], row["denominator"]) for row in cell["rows"]] == [(100, 100), (50, None)]
