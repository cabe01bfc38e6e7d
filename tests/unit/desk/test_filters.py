"""Filters that nobody meets, and customers without a value."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.unit.desk.test_coverage_and_changes import cstui
from tests.unit.store.import_calls import bring

FILES = (
    "customer_id,name,plan,segment,size\nc1,Ann,pro,smb,\nc2,Ben,,Enterprise,large\nc3,Cid,pro,,\n",
    "subscription_id,customer_id,started_at,amount\ns1,c1,2026-08-01,10\ns2,c2,2026-08-01,20\ns3,c3,2026-08-01,40\n",
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    workspace = tmp_path / "w.db"
    bring(workspace, *FILES)
    return workspace


def asked(path: Path, *where: str) -> tuple[float, str]:
    filters = [part for one in where for part in ("--where", one)]
    status, out, err = cstui("--db", str(path), "metrics", "mrr", "--json", *filters)
    assert status == 0
    return json.loads(out)["periods"][0]["metrics"]["mrr"]["value"], err


@pytest.mark.parametrize(
    ("where", "mrr"),
    [(("segment=",), 40), (("segment=", "segment=smb"), 50), (("plan=",), 20), (("plan=", "segment="), 0), (("size=",), 50)],
)
def test_customers_without_a_value_are_asked_for_by_none(path: Path, where: tuple[str, ...], mrr: float) -> None:
    assert asked(path, *where) == (mrr, "")


def test_a_value_that_nobody_has_is_told_with_those_that_come_near(path: Path) -> None:
    assert asked(path, "segment=Enterprize") == (0, "No customer has segment “Enterprize”; there is “Enterprise”.\n")
    assert asked(path, "plan=nosuch") == (0, "No customer has plan “nosuch”; there is “pro”.\n")
    assert asked(path, "customer_id=c9") == (0, "No customer has customer_id “c9”.\n")
    assert asked(path, "size=large", "size=tiny") == (20, "No customer has size “tiny”; there is “large”.\n")


def test_a_value_that_everybody_has_leaves_nobody_without(path: Path) -> None:
    bring(path, "customer_id,plan\nc2,team\n")
    assert asked(path, "plan=") == (0, "No customer is without plan.\n")


def test_explanations_name_customers_without_a_value(path: Path) -> None:
    status, out, err = cstui("--db", str(path), "explain", "mrr", "--rows", "--where", "segment=")
    assert (status, err) == (0, "")
    assert "(none) (as they are now)" in out
    assert "Cid" in out
    assert "Ann" not in out
