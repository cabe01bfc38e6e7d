"""Published data of others, through the command line, equals what they published."""

from __future__ import annotations

import csv
import sqlite3
from pathlib import Path

import pytest

from cstui.base.text import fold_search
from tests.e2e.command import SHARED, cstui

PLAYBOOK = SHARED / "dbt_mrr_playbook"
RAVENSTACK = SHARED / "ravenstack"
MOCK = SHARED / "nps_csat_ces_mock"

pytestmark = [pytest.mark.e2e, pytest.mark.shared_data]

MONEY = {
    "mrr": "mrr",
    "mrr_new": "new_mrr",
    "mrr_reactivation": "reactivation_mrr",
    "mrr_expansion": "upgrade_mrr",
    "mrr_contraction": "downgrade_mrr",
    "mrr_churned": "churn_mrr",
}
COUNTS = {
    "customers_active": "active_customers",
    "customers_new": "n_new",
    "customers_returned": "n_react",
    "customers_expanded": "n_up",
    "customers_churned": "n_churn",
}


@pytest.mark.skipif(not PLAYBOOK.is_dir(), reason=f"{PLAYBOOK} is not there")
def test_dbt_labs_mrr_playbook_equals_its_own_output_every_month(tmp_path: Path) -> None:
    maps = ("started_at=start_date", "ended_at=end_date", "amount=monthly_amount")
    options = [part for name in maps for part in ("--map", name)]
    done = cstui(
        "import", PLAYBOOK / "subscription_periods.csv", *options, "--set", "interval=month", "--set", "currency=USD",
        "--db", "dbt.db", "--json", home=tmp_path,
    )  # fmt: skip
    assert done.status == 0, done.err
    assert [(file["read"], file["created"], file["refused"]) for file in done.json["files"]] == [(121, 121, 0)]
    with (PLAYBOOK / "expected_monthly_summary_fullspine2017-01.csv").open(encoding="utf-8") as file:
        expected = {row["date_month"]: row for row in csv.DictReader(file)}
    answer = cstui("metrics", *MONEY, *COUNTS, "--month", "2020-02", "--last", "38", "--db", "dbt.db", "--json", home=tmp_path)
    assert answer.status == 0, answer.err
    months = {period["start"]: period["metrics"] for period in answer.json["periods"]}
    assert min(months) == "2017-01-01"
    assert set(expected) <= set(months)
    for month, metrics in months.items():
        row = expected.get(month)
        for ours, theirs in MONEY.items():
            assert (metrics[ours]["value"] or 0) == abs(float(row[theirs]) if row else 0), (month, ours)
        for ours, theirs in COUNTS.items():
            assert (metrics[ours]["value"] or 0) == (int(row[theirs]) if row else 0), (month, ours)


@pytest.mark.skipif(not RAVENSTACK.is_dir(), reason=f"{RAVENSTACK} is not there")
def test_ravenstack_s_accounts_and_subscriptions_come_in_by_map(tmp_path: Path) -> None:
    accounts = cstui(
        "import", RAVENSTACK / "ravenstack_accounts.csv", "--as", "customers", "--map", "customer_id=account_id",
        "--map", "name=account_name", "--map", "created_at=signup_date", "--map", "plan=plan_tier", "--map", "channel=referral_source",
        "--db", "raven.db", "--json", home=tmp_path,
    )  # fmt: skip
    assert accounts.status == 0, accounts.err
    assert accounts.json["files"][0]["created"] == 500
    subscriptions = cstui(
        "import", RAVENSTACK / "ravenstack_subscriptions.csv", "--as", "subscriptions", "--map", "customer_id=account_id",
        "--map", "started_at=start_date", "--map", "ended_at=end_date", "--map", "amount=mrr_amount", "--map", "plan=plan_tier",
        "--set", "interval=month", "--set", "currency=USD", "--db", "raven.db", "--json", home=tmp_path,
    )  # fmt: skip
    assert subscriptions.status == 0, subscriptions.err
    file = subscriptions.json["files"][0]
    assert file["read"] == file["created"] + file["updated"] + file["unchanged"] + file["refused"] == 5000
    with (RAVENSTACK / "ravenstack_subscriptions.csv").open(encoding="utf-8") as source:
        rows = [row for row in csv.DictReader(source) if row["start_date"] < "2025-01-01" and (row["end_date"] or "9") > "2024-12-31"]
    active = cstui("metrics", "mrr", "customers_active", "--month", "2024-12", "--db", "raven.db", "--json", home=tmp_path).json
    figures = active["periods"][0]["metrics"]
    assert figures["mrr"]["value"] == sum(float(row["mrr_amount"]) for row in rows)
    assert figures["customers_active"]["value"] == len({row["account_id"] for row in rows if float(row["mrr_amount"])})


SURVEYS = {
    "nps_responses.csv": ("nps", "0-10", 100),
    "csat_responses.csv": ("csat", "1-5", 100),
    "ces_responses.csv": ("ces", "1-7", 100),
    "nps_20k_responses.csv": ("nps", "0-10", 20_000),
}


@pytest.mark.skipif(not MOCK.is_dir(), reason=f"{MOCK} is not there")
@pytest.mark.parametrize("name", SURVEYS)
def test_answers_of_customers_come_in_by_map_and_set(name: str, tmp_path: Path) -> None:
    kind, scale, rows = SURVEYS[name]
    wishes = ("--map", "answered_at=date", "--map", "comment=feedback", "--set", f"kind={kind}", "--set", f"scale={scale}")
    for created, unchanged in ((rows, 0), (0, rows)):
        done = cstui("import", MOCK / name, *wishes, "--db", "voices.db", "--json", home=tmp_path)
        assert done.status == 0, done.err
        (file,) = done.json["files"]
        assert [file[what] for what in ("kind", "read", "created", "updated", "unchanged", "refused")] == [
            "surveys", rows, created, 0, unchanged, 0,
        ]  # fmt: skip


@pytest.mark.skipif(not MOCK.is_dir(), reason=f"{MOCK} is not there")
@pytest.mark.parametrize("name", ["NPS_webinar_1to10.csv", "csat_aggregated_data.csv"])
def test_answers_of_nobody_say_that_a_customer_is_lacking(name: str, tmp_path: Path) -> None:
    for options in ((), ("--as", "surveys")):
        done = cstui("import", MOCK / name, *options, "--db", "voices.db", home=tmp_path)
        assert done.status == 1
        assert "customer" in done.err
    assert not (tmp_path / "voices.db").exists()


PERSIAN = SHARED / "persian_arabic"
STATUS = {"فعال": "active", "لغو شده": "cancelled", "آزمایشی": "trial"}


@pytest.mark.skipif(not PERSIAN.is_dir(), reason=f"{PERSIAN} is not there")
@pytest.mark.parametrize("name", ["fa_cp1256", "fa_semicolon_utf8", "fa_utf8bom_persian_digits"])
def test_persian_customers_come_in_as_their_truth_has_them(name: str, tmp_path: Path) -> None:
    done = cstui("import", PERSIAN / f"constructed_customers_{name}.csv", "--db", "fa.db", "--json", home=tmp_path)
    assert done.status == 0, done.err
    assert {file["encoding"] for file in done.json["files"]} == {"cp1256" if "cp1256" in name else "utf-8"}
    assert {file["kind"]: (file["read"], file["refused"]) for file in done.json["files"]} == {
        "customers": (300, 0), "subscriptions": (300, 0), "surveys": (281, 0),
    }  # fmt: skip
    with (PERSIAN / "constructed_customers_truth.csv").open(encoding="utf-8-sig") as file:
        truth = {row["customer_id"]: row for row in csv.DictReader(file)}
    db = sqlite3.connect(tmp_path / "fa.db")
    query = """
        SELECT c.customer_id, c.name, date(s.started_at * 86400, 'unixepoch'), date(s.ended_at * 86400, 'unixepoch'), s.amount, s.currency,
          s.status, s.interval, (SELECT score FROM survey AS a WHERE a.customer_id = c.id)
        FROM customer AS c JOIN subscription AS s ON s.customer_id = c.id
    """
    found = db.execute(query).fetchall()
    db.close()
    assert len(found) == len(truth) == 300
    for customer, called, start, end, amount, currency, status, interval, score in found:
        row = truth[customer]
        assert fold_search(called) == fold_search(row["name"])
        assert (start, end or "") == (row["start_gregorian"], row["cancel_gregorian"])
        assert (amount, currency, interval) == (int(row["monthly_rial"]) * 100, "IRR", "month")
        assert (status, score or "") == (STATUS[row["status"]], row["nps"])
