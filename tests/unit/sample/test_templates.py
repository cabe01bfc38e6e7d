"""The sample company as it is written: the same every time, coherent in itself, and as varied as the screens need it."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from pathlib import Path

import pytest

from cstui.base.days import iso
from cstui.base.records import RECORDS, Kind
from cstui.sample import TEMPLATES, write
from cstui.sample.company import THROUGH

Rows = list[dict[str, str]]
LAST = iso(THROUGH)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Rows]:
    """Rows of each template, by the file's stem."""
    found: dict[str, Rows] = {}
    for path in write(tmp_path_factory.mktemp("company")):
        with path.open(encoding="utf-8", newline="") as file:
            found[path.stem] = list(csv.DictReader(file))
    return found


def test_written_twice_it_is_the_same(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    assert [path.name for path in write(first)] == list(TEMPLATES)
    write(second)
    for name in TEMPLATES:
        assert (first / name).read_bytes() == (second / name).read_bytes()


def test_columns_are_those_of_the_plain_templates(company: dict[str, Rows]) -> None:
    for kind in (Kind.CUSTOMERS, Kind.SUBSCRIPTIONS, Kind.PAYMENTS):
        unknown = set(company[kind.value][0]) - set(RECORDS[kind].names)
        assert unknown == ({"seats_band", "platform"} if kind is Kind.CUSTOMERS else set())


def test_names_and_ids_are_nobody_elses(company: dict[str, Rows]) -> None:
    for stem, key in (("customers", "customer_id"), ("customers", "name"), ("payments", "payment_id")):
        values = [row[key] for row in company[stem]]
        assert len(values) == len(set(values))
    keys = [(row["subscription_id"], row["started_at"]) for row in company["subscriptions"]]
    assert len(keys) == len(set(keys))
    assert all(row["email"].endswith(".example") for row in company["customers"])


def test_three_scripts_and_all_languages_are_there(company: dict[str, Rows]) -> None:
    names = [row["name"] for row in company["customers"]]
    persian = [name for name in names if re.search("[پچژگکی\u200c]", name)]
    arabic = [name for name in names if re.search("[\u0621-\u064a]", name) and name not in persian]
    assert len(persian) > 80
    assert len(arabic) > 150
    assert len(names) - len(persian) - len(arabic) > 200
    assert {row["language"] for row in company["customers"]} == {"ar", "de", "en", "fa", "fr"}
    assert any(not row["owner"].isascii() for row in company["customers"])


def test_nothing_has_happened_after_the_last_day(company: dict[str, Rows]) -> None:
    happened = {
        "customers": ("created_at", "lost_at"),
        "subscriptions": ("started_at", "trial_start", "status_since", "cancel_requested_at"),
        "payments": ("paid_at",),
    }
    for stem, columns in happened.items():
        assert max(row[column] for row in company[stem] for column in columns) <= LAST
    assert max(row["paid_at"] for row in company["payments"]) == LAST
    for row in company["subscriptions"]:
        assert row["ended_at"] <= LAST or row["cancel_requested_at"], "an end ahead is one that was asked for"


def test_dates_and_status_of_a_subscription_agree(company: dict[str, Rows]) -> None:
    versions: dict[str, Rows] = defaultdict(list)
    for row in company["subscriptions"]:
        versions[row["subscription_id"]].append(row)
    for rows in versions.values():
        starts = [row["started_at"] for row in rows]
        assert starts == sorted(starts)
        assert len({row["customer_id"] for row in rows}) == 1
        assert all(not row["status"] and not row["ended_at"] for row in rows[:-1])
        _check_last(rows[-1])


def _check_last(row: dict[str, str]) -> None:
    ended = row["ended_at"]
    assert not ended or ended > row["started_at"]
    assert not row["cancel_requested_at"] or row["cancel_requested_at"] >= row["started_at"]
    assert (row["status"] == "cancelled") == (bool(ended) and ended <= LAST)
    assert row["status"] != "trial" or row["trial_end"] > LAST
    if row["status"] == "active":
        assert row["current_period_end"] > LAST
    if row["status"] in ("past_due", "paused"):
        assert row["status_since"] == row["current_period_end"] <= LAST


def test_every_state_a_screen_must_show_is_there(company: dict[str, Rows]) -> None:
    subscriptions, payments, customers = company["subscriptions"], company["payments"], company["customers"]
    assert {row["status"] for row in subscriptions} == {"", "active", "trial", "past_due", "paused", "cancelled"}
    assert {row["interval"] for row in subscriptions} == {"month", "quarter", "year"}
    assert {(row["kind"], row["status"]) for row in payments} >= {
        ("recurring", "paid"),
        ("recurring", "failed"),
        ("recurring", "open"),
        ("one_off", "paid"),
        ("refund", "paid"),
    }
    assert {row["stage"] for row in customers} == {"visitor", "lead", "trial", "customer", "churned", "lost"}
    scheduled = [row for row in subscriptions if row["status"] == "active" and row["cancel_requested_at"]]
    assert len(scheduled) >= 4
    assert any(row["ended_at"] for row in scheduled)
    assert any(not row["ended_at"] for row in scheduled)


def test_money_is_received_only_while_there_is_service(company: dict[str, Rows]) -> None:
    first: dict[str, str] = {}
    for row in company["subscriptions"]:
        start = row["trial_end"] or row["started_at"]
        first[row["customer_id"]] = min(first.get(row["customer_id"], "9999"), start)
    for row in company["payments"]:
        assert (row["paid_at"] or row["due_at"]) >= first[row["customer_id"]]
        assert (row["status"] == "paid") == bool(row["paid_at"])
        assert float(row["amount"]) > 0
