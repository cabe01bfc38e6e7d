"""`cstui at-risk` as a script meets it: the document, the table, the counts, what is new, wrong usage."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.e2e.command import cstui
from tests.unit.risk import company


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return company.make(tmp_path_factory.mktemp("acme") / "acme.db")


def test_the_document(acme: Path, tmp_path: Path) -> None:
    done = cstui("at-risk", "--limit", "2", "--json", "--db", acme, home=tmp_path)
    assert done.status == 0
    assert done.json["direction"] == "100 = most at risk"
    assert [one["customer_id"] for one in done.json["customers"]] == ["c-1", "c-6"]
    for one in done.json["customers"]:
        assert one["risk"] == sum(reason["points"] for reason in one["reasons"])
    assert done.out == cstui("at-risk", "--limit", "2", "--json", "--db", acme, home=tmp_path).out


def test_the_table_and_its_word_on_the_direction(acme: Path, tmp_path: Path) -> None:
    done = cstui("at-risk", "--db", acme, home=tmp_path)
    assert done.status == 0
    assert "use down 90 %" in done.text
    assert "شركة النور" in done.text
    assert "\x1b" not in done.text
    assert "100 = most at risk" in done.err


def test_csv_and_counts(acme: Path, tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(cstui("at-risk", "--csv", "--db", acme, home=tmp_path).text)))
    assert len(rows) == 8
    assert rows[0]["reasons"].startswith("usage_drop 29: use down 90 %")
    counts = list(csv.DictReader(io.StringIO(cstui("at-risk", "--by", "owner", "--csv", "--db", acme, home=tmp_path).text)))
    assert {row["by"]: row["customers"] for row in counts} == {"Sara": "4", "Omid": "3", "": "1"}


def test_filters_and_the_past(acme: Path, tmp_path: Path) -> None:
    some = cstui("at-risk", "--where", "owner=Omid", "--reason", "no_contact", "--json", "--db", acme, home=tmp_path)
    assert [one["customer_id"] for one in some.json["customers"]] == ["c-6", "c-5"]
    then = cstui("at-risk", "--as-of", "2026-09-10", "--json", "--db", acme, home=tmp_path)
    assert then.json["as_of"] == "2026-09-10"


def test_what_is_new(acme: Path, tmp_path: Path) -> None:
    first = cstui("at-risk", "--new", "--json", "--db", acme, home=tmp_path)
    assert (first.json["new_since"], first.json["customers"]) == (None, [])
    again = cstui("at-risk", "--new", "--json", "--db", acme, home=tmp_path, CSTUI_TODAY="2026-11-05")
    assert (again.json["new_since"], again.json["customers"]) == ("2026-11-02", [])
    words = cstui("at-risk", "--new", "--db", acme, home=tmp_path, CSTUI_TODAY="2026-11-05")
    assert "Nobody is new at risk since" in words.err
    assert "0 paying customers" not in words.err


@pytest.mark.parametrize(
    "wrong",
    [
        ("--reason", "moon"),
        ("--sort", "moon"),
        ("--by", "moon"),
        ("--where", "moon=1"),
        ("--limit", "0"),
        ("--new", "--as-of", "2026-01-01"),
    ],
)
def test_wrong_usage(acme: Path, tmp_path: Path, wrong: tuple[str, ...]) -> None:
    done = cstui("at-risk", *wrong, "--json", "--db", acme, home=tmp_path)
    assert done.status == 2
    assert done.json["error"]["code"] in {"usage", "unknown-field"}
