"""The public MRR playbook: its 55 customers imported by the command line, every month equal to what its program derives.

Reads `../shared/data/dbt_mrr_playbook`, which is no part of the repository; skipped where it is absent.
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

Months = dict[str, dict[str, Any]]

COLUMNS = {
    "mrr": "mrr",
    "customers_active": "active_customers",
    "mrr_new": "new_mrr",
    "mrr_reactivation": "reactivation_mrr",
    "mrr_expansion": "upgrade_mrr",
    "mrr_contraction": "downgrade_mrr",
    "mrr_churned": "churn_mrr",
    "customers_new": "n_new",
    "customers_returned": "n_react",
    "customers_expanded": "n_up",
    "customers_churned": "n_churn",
}
"""Metric → the playbook's column. Its losses are negative, the catalogue's positive."""
MONTHS = [f"{year}-{month:02d}" for year in (2017, 2018, 2019, 2020) for month in range(1, 13)]
MONTHS = MONTHS[MONTHS.index("2017-09") : MONTHS.index("2020-02") + 1]


def cstui(*arguments: str) -> dict[str, Any]:
    done = subprocess.run([sys.executable, "-m", "cstui", *arguments, "--json"], check=True, capture_output=True, text=True)
    document: dict[str, Any] = json.loads(done.stdout)
    return document


@pytest.fixture(scope="module")
def folder(shared_data: Path) -> Path:
    found = shared_data / "dbt_mrr_playbook"
    if not found.is_dir():
        pytest.skip("../shared/data/dbt_mrr_playbook is not here")
    return found


@pytest.fixture(scope="module")
def months(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Months:
    db = str(tmp_path_factory.mktemp("dbt") / "playbook.cstui")
    mapping = ["--map", "started_at=start_date", "--map", "ended_at=end_date", "--map", "amount=monthly_amount"]
    constants = ["--set", "interval=month", "--set", "currency=USD"]
    outcome = cstui("--db", db, "import", str(folder / "subscription_periods.csv"), *mapping, *constants)
    assert outcome["files"][0]["refused"] == 0
    document = cstui("--db", db, "metrics", "--month", MONTHS[-1], "--last", str(len(MONTHS)))
    return {period["start"][:7]: period["metrics"] for period in document["periods"]}


@pytest.fixture(scope="module")
def expected(folder: Path) -> dict[str, dict[str, float]]:
    with (folder / "expected_monthly_summary_fullspine2017-01.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["date_month"][:7]: row for row in csv.DictReader(file)}
    zeros = dict.fromkeys(COLUMNS.values(), "0")  # a month the summary leaves out is one in which nothing happened
    return {month: {name: abs(float(rows.get(month, zeros)[column])) for name, column in COLUMNS.items()} for month in MONTHS}


@pytest.mark.shared_data
@pytest.mark.e2e
def test_every_month_is_asked(months: Months) -> None:
    assert list(months) == MONTHS


@pytest.mark.shared_data
@pytest.mark.e2e
@pytest.mark.parametrize("metric", list(COLUMNS))
def test_the_figure_equals_the_playbooks_in_every_month(metric: str, months: Months, expected: dict[str, dict[str, float]]) -> None:
    assert {month: figures[metric]["value"] for month, figures in months.items()} == {m: row[metric] for m, row in expected.items()}


@pytest.mark.shared_data
@pytest.mark.e2e
def test_the_totals_that_the_playbook_is_known_by(months: Months) -> None:
    """mrr-09: 55 new, 58 churned, 30 upgrades, 3 reactivations; the peak in November 2019 is 1,840 from 42 customers."""
    sums = {name: sum(figures[name]["value"] for figures in months.values()) for name in COLUMNS if name.startswith("customers_")}
    assert sums["customers_new"] == 55
    assert sums["customers_churned"] == 58
    assert sums["customers_expanded"] == 30
    assert sums["customers_returned"] == 3
    assert max((figures["mrr"]["value"], month) for month, figures in months.items()) == (1840.0, "2019-11")
