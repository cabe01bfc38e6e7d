"""Every day that a person types is read as imports read theirs, and a month of another calendar says what to ask instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from cstui.base.days import iso, parse_iso
from cstui.base.errors import UsageError
from cstui.desk.annotations import day_of as annotated
from cstui.desk.survey import day_of as answered
from cstui.desk.typed_days import typed_day
from tests.e2e.command import cstui
from tests.unit.risk import company

TODAY = parse_iso("2026-11-26")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-25", "2026-11-25"),
        ("۲۰۲۶/۱۱/۲۵", "2026-11-25"),
        ("25.11.2026", "2026-11-25"),
        ("25 Nov 2026", "2026-11-25"),
        ("20261125", "2026-11-25"),
        ("۱۴۰۵/۰۹/۰۵", "2026-11-26"),
        ("1405-09-04", "2026-11-25"),
        ("۴ آذر ۱۴۰۵", "2026-11-25"),
        ("1447-05-10", "2025-11-01"),
        ("9999-12-31", "9999-12-31"),
    ],
)
def test_a_typed_day(text: str, day: str) -> None:
    assert iso(typed_day(text)) == day


@pytest.mark.parametrize("text", ["", "soon", "45000", "1700000000", "2026-02-30", "1405-13-01", "03/04/2026", "2026-11"])
def test_what_is_no_day_says_how_to_write_one(text: str) -> None:
    with pytest.raises(UsageError, match="2026-10-31"):
        typed_day(text)


def test_forms_and_annotations_read_them() -> None:
    assert iso(answered("۱۴۰۵-۰۹-۰۴", TODAY)) == "2026-11-25"
    assert iso(annotated("۱۴۰۵/۰۹/۰۵")) == "2026-11-26"
    assert iso(annotated("۲۰۲۶-۱۱")) == "2026-11-01"


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return company.make(tmp_path_factory.mktemp("acme") / "acme.db")


def test_options_read_them(acme: Path, tmp_path: Path) -> None:
    asked = ("metrics", "mrr", "--json", "--db", acme)
    jalali = cstui(*asked, "--from", "۱۴۰۵/۰۷/۰۱", "--to", "۱۴۰۵/۰۷/۳۰", home=tmp_path)
    assert jalali.out == cstui(*asked, "--from", "2026-09-23", "--to", "2026-10-22", home=tmp_path).out
    assert cstui("at-risk", "--as-of", "1405-06-19", "--json", "--db", acme, home=tmp_path).json["as_of"] == "2026-09-10"


@pytest.mark.parametrize(
    ("option", "text", "days"), [("--month", "1405-08", "2026-10-23 to 2026-11-21"), ("--year", "۱۴۰۴", "2025-03-21 to 2026-03-20")]
)
def test_a_jalali_month_names_its_days(acme: Path, tmp_path: Path, option: str, text: str, days: str) -> None:
    done = cstui("metrics", "mrr", option, text, "--db", acme, home=tmp_path)
    assert done.status == 2
    assert days in done.err
    assert "--from" in done.err


def test_a_filter_is_compared_as_meant(acme: Path, tmp_path: Path) -> None:
    meant = cstui("customers", "--where", "owner=sara", "--json", "--db", acme, home=tmp_path)
    assert [one["customer_id"] for one in meant.json["customers"]] == ["c-1", "c-3", "c-7", "c-8"] or meant.json["total"] == 4
