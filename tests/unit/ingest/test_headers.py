"""Columns to fields, and the kind of records a file holds."""

from __future__ import annotations

import pytest

from cstui.base.errors import MissingColumn, UnknownField, UnknownKind, UsageError
from cstui.base.records import RECORDS
from cstui.ingest.failures import DuplicateLabel
from cstui.ingest.headers import Wishes, check_wishes, plan_for


@pytest.mark.parametrize("kind", [kind for kind, record in RECORDS.items() if record.importable])
def test_a_template_is_recognised_by_its_columns(kind: str) -> None:
    plan = plan_for("f.csv", RECORDS[kind].names, Wishes())  # type: ignore[index]  # a Kind is a str
    assert (plan.record.kind, plan.source) == (kind, "template")
    assert tuple(plan.fields) == plan.record.names


@pytest.mark.parametrize("kind", [kind for kind, record in RECORDS.items() if not record.importable])
def test_a_kind_that_is_not_read_yet_is_named(kind: str) -> None:
    with pytest.raises(UnknownKind, match=kind):
        plan_for("f.csv", RECORDS[kind].names, Wishes())  # type: ignore[index]  # a Kind is a str


def test_headers_match_without_case_space_and_punctuation() -> None:
    plan = plan_for("f.csv", (" Customer ID", "NAME", "Créé le"), Wishes())
    assert plan.fields == {"customer_id": 0, "name": 1}
    assert plan.attributes == {"Créé le": 2}


def test_mapped_columns_decide_the_kind_too() -> None:
    mapping = {"started_at": "start_date", "ended_at": "End Date", "amount": "monthly_amount"}
    header = ("subscription_id", "customer_id", "start_date", "end_date", "monthly_amount")
    plan = plan_for("f.csv", header, Wishes(None, mapping, {"interval": "month"}))
    assert (plan.record.kind, plan.source) == ("subscriptions", "mapped")
    assert plan.column("ended_at") == "end_date"


def test_what_is_lacking_is_named() -> None:
    with pytest.raises(MissingColumn, match="started_at, amount"):
        plan_for("f.csv", ("subscription_id", "customer_id", "price"), Wishes())
    with pytest.raises(MissingColumn, match="paid_at"):
        plan_for("f.csv", ("payment_id", "customer_id", "amount"), Wishes())
    with pytest.raises(UnknownKind):
        plan_for("f.csv", ("a", "b"), Wishes())
    with pytest.raises(MissingColumn):
        plan_for("f.csv", ("customer_id", "name"), Wishes(kind="payments"))


def test_two_columns_for_one_field() -> None:
    with pytest.raises(DuplicateLabel):
        plan_for("f.csv", ("customer_id", "Name", "name"), Wishes())
    plan = plan_for("f.csv", ("customer_id", "Name", "name"), Wishes(mapping={"name": "Name"}))
    assert plan.fields["name"] == 1
    assert plan_for("f.csv", ("customer_id", "seats", "seats"), Wishes()).doubled == ("seats",)


def test_wishes_that_no_file_can_fulfil() -> None:
    header = {"f.csv": ("customer_id", "name")}
    with pytest.raises(UnknownField):
        check_wishes(Wishes(mapping={"nonsense": "name"}), header)
    with pytest.raises(UnknownField):
        check_wishes(Wishes(constants={"nonsense": "1"}), header)
    with pytest.raises(UsageError, match=r"customer_id, name"):
        check_wishes(Wishes(mapping={"plan": "tier"}), header)
    with pytest.raises(UsageError):
        check_wishes(Wishes(kind="invoices"), header)
