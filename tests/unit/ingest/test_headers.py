"""Columns to fields, and the kind of records a file holds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cstui.base.errors import MissingColumn, UnknownField, UnknownKind, UsageError
from cstui.base.records import RECORDS
from cstui.ingest.failures import DuplicateLabel
from cstui.ingest.headers import Wishes, check_wishes, plan_for


@pytest.mark.parametrize("kind", list(RECORDS))
def test_a_template_is_recognised_by_its_columns(kind: str) -> None:
    plan = plan_for("f.csv", RECORDS[kind].names, Wishes())  # type: ignore[index]  # a Kind is a str
    assert (plan.record.kind, plan.source) == (kind, "template")
    assert tuple(plan.fields) == plan.record.names


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


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        (("Customer ID", "Answered at", "Kind", "Score", "Response ID"), "surveys"),
        (("customer_id", "answered_at", "kind", "score"), "surveys"),
        (("interaction_id", "customer_id", "at", "kind", "response_id"), "interactions"),
        (("date", "visits"), "traffic"),
        (("date", "category", "amount", "channel"), "costs"),
        (("Date", "From", "To", "Rate"), "exchange_rates"),
        (("customer_id", "name", "date"), "customers"),
    ],
)
def test_the_columns_tell_the_kind(header: tuple[str, ...], kind: str) -> None:
    assert plan_for("f.csv", header, Wishes()).record.kind == kind


def test_one_of_several_columns_is_enough_and_none_is_not() -> None:
    assert plan_for("f.csv", ("payment_id", "customer_id", "amount", "due_at"), Wishes()).record.kind == "payments"
    with pytest.raises(UnknownKind):
        plan_for("f.csv", ("date", "weather"), Wishes())
    with pytest.raises(MissingColumn, match="--map visits=COLUMN"):
        plan_for("f.csv", ("date", "weather"), Wishes(kind="traffic"))


def test_a_constant_stands_for_a_column() -> None:
    wishes = Wishes(mapping={"answered_at": "date"}, constants={"kind": "nps"})
    plan = plan_for("f.csv", ("date", "customer_id", "score"), wishes)
    assert (plan.record.kind, plan.source) == ("surveys", "mapped")


def test_the_documented_templates_are_the_declared_ones() -> None:
    text = (Path(__file__).parents[3] / "docs" / "commands.md").read_text(encoding="utf-8")
    for kind, record in RECORDS.items():
        columns = ", ".join(f"{field.name}*" if field.required else field.name for field in record.fields)
        assert re.search(rf"^\| `{kind}` \| {re.escape(columns)}(;| \|)", text, re.MULTILINE), kind
