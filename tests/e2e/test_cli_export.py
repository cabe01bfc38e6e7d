"""`cstui export` on the real program: formats, what may not be overwritten, and the way back in."""

from __future__ import annotations

import csv
import json
import stat
from pathlib import Path

import pytest

from tests.e2e.command import cstui

pytestmark = pytest.mark.e2e


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A folder with a workspace."""
    (tmp_path / "c.csv").write_text("customer_id,name,tier\nc-1,=1+1,gold\nc-2,شركة,\n", encoding="utf-8")
    (tmp_path / "s.csv").write_text("subscription_id,customer_id,started_at,amount,currency\ns-1,c-1,2026-01-01,-5,USD\n", encoding="utf-8")
    assert cstui("import", "c.csv", "s.csv", "--db", "shop.db", home=tmp_path).status == 0
    return tmp_path


def test_records_go_out_privately_and_come_back_unchanged(shop: Path) -> None:
    done = cstui("export", "customers", "-o", "out.csv", "--db", "shop.db", "--json", home=shop)
    assert done.json == {"schema": 1, "file": "out.csv", "format": "csv", "rows": 2}
    assert stat.S_IMODE((shop / "out.csv").stat().st_mode) == 0o600
    rows = list(csv.DictReader((shop / "out.csv").open(encoding="utf-8")))
    assert [(row["customer_id"], row["name"], row["tier"]) for row in rows] == [("c-1", "'=1+1", "gold"), ("c-2", "شركة", "")]
    back = cstui("import", "out.csv", "--db", "shop.db", "--dry-run", "--json", home=shop).json["files"][0]
    assert (back["kind"], back["read"], back["unchanged"]) == ("customers", 2, 2)
    assert cstui("export", "subscriptions", "-o", "subs.json", "--db", "shop.db", home=shop).status == 0
    assert json.loads((shop / "subs.json").read_bytes())[0]["amount"] == -5.0
    again = cstui("export", "customers", "-o", "out.csv", "--db", "shop.db", "--json", home=shop)
    assert (again.status, again.json["error"]["code"]) == (1, "exists")
    assert cstui("export", "customers", "-o", "out.csv", "--force", "--db", "shop.db", home=shop).status == 0
    assert not list(shop.glob(".*part"))


def test_figures_go_out_for_any_period(shop: Path) -> None:
    options = ["--month", "2026-01", "--last", "2", "--db", "shop.db"]
    assert cstui("export", "mrr", "customers_active", "-o", "f.csv", *options, home=shop).status == 0
    assert (shop / "f.csv").read_bytes() == cstui("metrics", "mrr", "customers_active", "--csv", *options, home=shop).out
    assert cstui("export", "mrr", "-o", "f.json", *options, home=shop).status == 0
    assert (shop / "f.json").read_bytes() == cstui("metrics", "mrr", "--json", *options, home=shop).out
    assert cstui("export", "costs", "-o", "costs.csv", *options, home=shop).status == 0
    assert (shop / "costs.csv").read_text(encoding="utf-8").startswith("period_start")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["customers", "-o", "out"], "usage"),
        (["customers", "usage", "-o", "out.csv"], "usage"),
        (["customers", "-o", "out.csv", "--month", "2026-01"], "usage"),
        (["mrrr", "-o", "out.csv"], "unknown-metric"),
        (["customers", "-o", "nowhere/at/all/out.csv"], None),
    ],
)
def test_what_cannot_be_is_said(shop: Path, arguments: list[str], code: str | None) -> None:
    done = cstui("export", *arguments, "--db", "shop.db", "--json", home=shop)
    assert (done.status, done.json.get("error", {}).get("code")) == ((2, code) if code else (0, None))
