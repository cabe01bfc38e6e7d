"""Two files that each number from 1: what would be written over another customer's is told first, and can be kept apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from cstui.base.errors import UsageError
from cstui.desk.importing import ImportOutcome
from tests.unit.store.import_calls import bring, counts, select

NPS = "response_id,date,customer_id,score,touchpoint,customer_segment\n"
FIRST = NPS + "1,2026-05-02,a1,9,web,SMB\n2,2026-05-02,a2,3,web,SMB\n"
SECOND = NPS + "1,2026-06-02,b1,4,web,SMB\n2,2026-05-02,a2,3,web,SMB\n3,2026-06-03,b3,8,web,SMB\n"
PAYMENTS = "payment_id,customer_id,amount,currency,paid_at\n"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "desk.db"


def told(outcome: ImportOutcome, at: int = 0) -> tuple[int, tuple[int, ...], str] | None:
    found = [one for one in outcome.files[at].oddities if one.code == "customer-changed"]
    assert found == list(outcome.files[at].oddities[: len(found)]), "it stands first"
    return (found[0].count, found[0].lines, found[0].message) if found else None


def test_answers_over_those_of_another_file_are_told_with_their_file_and_the_way_out(desk: Path) -> None:
    assert told(bring(desk, FIRST)) is None
    before = bring(desk, SECOND, commit=False)
    assert before.overwritten == 1
    message = "answers that overwrite those of file0.csv (import 1): the same ids, other customers. "
    assert told(before) == (1, (2,), message + "If each file counts ids of its own, --set survey=NAME keeps both")
    apart = bring(desk, SECOND, commit=False, constants={"survey": "june"})
    assert (counts(apart.files[0]), apart.overwritten) == ((3, 3, 0, 0, 0), 0)
    after = bring(desk, SECOND)
    assert told(after) == told(before)
    assert told(bring(desk, SECOND)) is None, "what comes again for its own customer is no matter"


def test_answers_over_those_of_another_file_of_the_call_are_told(desk: Path) -> None:
    outcome = bring(desk, FIRST, SECOND, commit=False)
    assert told(outcome, 0) is None
    found = told(outcome, 1)
    assert found is not None
    assert found[:2] == (1, (2,))
    assert "those of file0.csv: " in found[2]


@pytest.mark.parametrize(
    ("first", "second", "lines", "way"),
    [
        (PAYMENTS + "1,a,5,USD,2026-05-02\n", PAYMENTS + "1,b,7,USD,2026-05-02\n2,b,7,USD,2026-05-02\n", (2,), "payment_id"),
        (
            "subscription_id,customer_id,started_at,amount,currency\n1,a,2026-01-01,5,USD\n2,a,2026-01-01,5,USD\n",
            "subscription_id,customer_id,started_at,amount,currency\n1,b,2026-02-01,5,USD\n2,a,2026-03-01,9,USD\n",
            (2,),
            "subscription_id",
        ),
        ("interaction_id,customer_id,at\n1,a,2026-05-02\n", "interaction_id,customer_id,at\n1,b,2026-05-02\n", (2,), "interaction_id"),
    ],
)
def test_other_records_with_ids_are_told_and_kept_apart_by_what_stands_around_the_id(
    desk: Path, first: str, second: str, lines: tuple[int, ...], way: str
) -> None:
    bring(desk, first)
    found = told(bring(desk, second, commit=False))
    assert found is not None
    assert found[:2] == (len(lines), lines)
    assert f"--set {way}=NAME-* keeps both" in found[2]
    apart = bring(desk, second, constants={way: "shop-*"})
    assert told(apart) is None
    assert apart.files[0].created == apart.files[0].read
    ids = [row[0] for row in select(desk, f"SELECT DISTINCT {way} FROM {way.removesuffix('_id')} ORDER BY 1")]
    assert {"1", "shop-1", "shop-2"} <= set(ids) | {"shop-2"}
    again = bring(desk, second, constants={way: "shop-*"})
    assert again.files[0].unchanged == again.files[0].read


def test_what_stands_around_an_id_leaves_blank_ones_blank_and_reaches_refunds_use_and_customers(desk: Path) -> None:
    refused = bring(desk, PAYMENTS + "1,a,5,USD,2026-05-02\n,a,5,USD,2026-05-02\n", constants={"payment_id": "x-*"}).files[0]
    assert [(problem.line, problem.column, problem.code) for problem in refused.problems] == [(3, "payment_id", "missing-value")]
    stripe = "id,Seller Message,Created (UTC),Amount,Amount Refunded,Currency,Status,Customer ID\n"
    bring(desk, stripe + "ch_1,,2026-07-02 10:00,10,4,usd,Paid,cus_1\n", constants={"payment_id": "eu/*", "customer_id": "*@eu"})
    bring(desk, "customer_id,date,user_id,sessions\n1,2026-05-02,u,3\n", constants={"customer_id": "*@eu", "user_id": "eu-*"})
    assert select(desk, "SELECT payment_id FROM payment ORDER BY 1") == [("eu/ch_1",), ("eu/ch_1-refund",), ("x-1",)]
    assert select(desk, "SELECT customer_id FROM customer ORDER BY 1") == [("1@eu",), ("a",), ("cus_1@eu",)]
    assert select(desk, "SELECT user_id FROM usage_user") == [("eu-u",)]


def test_an_id_that_no_column_holds_has_nothing_to_stand_around(desk: Path) -> None:
    with pytest.raises(UsageError, match=r"nothing for \* to stand for"):
        bring(desk, "customer_id,date,sessions\n1,2026-05-02,3\n", constants={"user_id": "eu-*"})
