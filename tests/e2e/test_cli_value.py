"""`cstui value` and repeat-purchase mode, as scripts call them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.e2e.command import cstui
from tests.unit.desk.test_value import shop

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shop")
    done = cstui("import", *shop().write(folder), "--db", folder / "shop.db", home=folder)
    assert done.status == 0, done.err
    return folder / "shop.db"


def test_the_document(workspace: Path, tmp_path: Path) -> None:
    document = cstui("value", "--json", "--limit", "2", "--db", workspace, home=tmp_path).json
    assert list(document) == [
        *("schema", "as_of", "currency", "filters", "mode", "weeks", "purchases", "spending", "total", "expected_value", "customers"),
    ]
    assert document["purchases"]["unit"] == "weeks"
    assert document["purchases"]["calibration"]["customers"] == document["total"] == 260
    assert set(document["purchases"]["parameters"]) == {"r", "alpha", "a", "b"}
    assert [line["repeat_purchases"] for line in document["purchases"]["frequencies"]] == [*"0123456", "7+"]
    assert len(document["customers"]) == 2
    again = cstui("value", "--json", "--limit", "2", "--db", workspace, home=tmp_path)
    assert again.json == document


def test_the_text_shows_fit_tables_and_customers_safely(workspace: Path, tmp_path: Path) -> None:
    done = cstui("value", "--limit", "3", "--db", workspace, home=tmp_path)
    assert done.status == 0
    for words in (
        "BG/NBD: r ",
        "Gamma-Gamma: p ",
        "repeat purchases  customers actual  expected",
        "Held against what came",
        "Most valuable",
    ):
        assert words in done.text
    assert "[/] " in done.text
    assert "data through 2026-0" in done.err


def test_the_csv_has_everybody(workspace: Path, tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(cstui("value", "--csv", "--db", workspace, home=tmp_path).text)))
    assert len(rows) == 260
    assert list(rows[0])[:3] == ["customer_id", "name", "purchases"]
    assert float(rows[0]["expected_value"]) >= float(rows[-1]["expected_value"])


def test_wrong_usage(workspace: Path, tmp_path: Path) -> None:
    for option in (("--weeks", "0"), ("--until", "2030-01-01"), ("--until", "soon"), ("--where", "nothing=1")):
        done = cstui("value", *option, "--json", "--db", workspace, home=tmp_path)
        assert done.status == 2
        assert done.json["error"]["message"]


def test_the_mode_is_a_switch_and_explained(workspace: Path, tmp_path: Path) -> None:
    churn = cstui("explain", "customers_churned", "--month", "2026-05", "--rows", "--json", "--db", workspace, home=tmp_path).json
    assert churn["switches"] == {"mode": "repeat_purchase"}
    assert churn["value"] == len(churn["rows"]) > 0
    assert all(row["kind"] == "payment" and "lapsed 2026-05-" in row["note"] for row in churn["rows"])
    mrr = cstui("metrics", "mrr", "--json", "--db", workspace, home=tmp_path).json["periods"][0]["metrics"]["mrr"]
    assert (mrr["status"], mrr["value"]) == ("no_data", None)
    assert "repeat-purchase" in mrr["reason"]
    assert "payments" not in cstui("switches", "mode", "--db", workspace, home=tmp_path).err
    assert cstui("cohorts", "--value", "mrr", "--json", "--db", workspace, home=tmp_path).json["reason"] == mrr["reason"]
