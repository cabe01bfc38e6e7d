"""`cstui journey`, as scripts call it."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.e2e.command import cstui

CUSTOMERS = "customer_id,created_at,owner,segment\nc-1,2026-01-01,Sara,smb\nc-2,2026-01-05,[/],\nc-3,2026-02-01,,smb\n"
SUBSCRIPTIONS = (
    "subscription_id,customer_id,started_at,amount,currency,trial_end,ended_at\n"
    "s-1,c-1,2026-01-11,10,USD,2026-01-25,\ns-2,c-2,2026-02-01,10,USD,,2026-03-01\n"
)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    (folder / "customers.csv").write_text(CUSTOMERS, encoding="utf-8")
    (folder / "subscriptions.csv").write_text(SUBSCRIPTIONS, encoding="utf-8")
    done = cstui("import", folder / "customers.csv", folder / "subscriptions.csv", "--db", folder / "shop.db", home=folder)
    assert done.status == 0, done.err
    return folder / "shop.db"


def test_the_document(shop: Path, tmp_path: Path) -> None:
    document = cstui("journey", "--json", "--db", shop, home=tmp_path).json
    assert (document["as_of"], document["period"], document["customers"], document["undated"]) == ("2026-03-01", None, 3, 0)
    assert {line["stage"]: (line["reached"], line["now"], line["median_days"]) for line in document["stages"] if line["reached"]} == {
        "lead": (3, 1, 18.5),
        "trial": (1, 0, 14.0),
        "customer": (2, 1, 28.0),
        "churned": (1, 1, None),
    }
    assert {(move["from"], move["to"]): (move["customers"], move["median_days"]) for move in document["transitions"]} == {
        (None, "lead"): (3, None),
        ("lead", "trial"): (1, 10.0),
        ("lead", "customer"): (1, 27.0),
        ("trial", "customer"): (1, 14.0),
        ("customer", "churned"): (1, 28.0),
    }
    assert document["stages"][3]["owners"] == [{"owner": "Sara", "customers": 1}]


def test_a_month_a_filter_and_csv(shop: Path, tmp_path: Path) -> None:
    done = cstui("journey", "--month", "2026-01", "--where", "segment=smb", "--csv", "--db", shop, home=tmp_path)
    found = list(csv.DictReader(io.StringIO(done.text)))
    assert [(row["from"], row["to"], row["customers"]) for row in found if row["to"]] == [
        ("", "lead", "1"),
        ("lead", "trial", "1"),
        ("trial", "customer", "1"),
    ]
    assert [row["now"] for row in found if row["from"] == "customer" and not row["to"]] == ["1"]


def test_the_table_says_what_it_is_of(shop: Path, tmp_path: Path) -> None:
    done = cstui("journey", "--db", shop, home=tmp_path)
    assert "[/] 1" in done.text
    assert "3 customers" in done.err
    assert cstui("journey", "--last", "3", "--db", shop, home=tmp_path).status == 2
