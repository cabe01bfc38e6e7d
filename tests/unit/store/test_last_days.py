"""What a preview says of the last day of the data is what the import makes it; one row that alone moves it far is named."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.property.program import seeds
from tests.unit.store.import_calls import bring, one, select
from tests.unit.store.test_undo import some_files

PAYMENTS = "payment_id,customer_id,amount,paid_at,due_at\n"
USE = "customer_id,date,user_id,sessions\n"


@pytest.mark.parametrize("seed", seeds(0, 8))
def test_the_last_day_that_is_told_is_the_one_that_comes(seed: int, tmp_path: Path) -> None:
    chance, workspace = random.Random(seed), tmp_path / "desk.db"
    one(workspace, "customer_id,created_at\nc0,2024-02-03\n")
    for _ in range(4):
        before = select(workspace, "SELECT as_of FROM state")[0][0]
        told = bring(workspace, *some_files(chance)).last_days
        assert told == (before, select(workspace, "SELECT as_of FROM state")[0][0])


def test_days_after_the_import_s_own_move_nothing(tmp_path: Path) -> None:
    workspace = tmp_path / "desk.db"
    assert one(workspace, PAYMENTS + "p1,c1,5,2026-03-01,\n").problems == ()
    outcome = bring(workspace, PAYMENTS + "p2,c1,5,2027-03-01,\np3,c1,5,,2026-09-01\n")
    assert outcome.last_days[0] == outcome.last_days[1]
    assert [odd.code for odd in outcome.files[0].oddities if odd.code.startswith("last")] == []


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (PAYMENTS + "p1,c1,5,2026-03-01,\n", PAYMENTS + "p2,c1,5,2026-03-20,\np3,c1,5,2026-06-20,\n"),
        (USE + "c1,2026-03-01,u,1\n", USE + "c1,2026-03-20,u,3\nc1,2026-06-20,u,3\nc1,2026-03-21,v,3\n"),
    ],
)
def test_one_row_far_after_all_others_is_named(first: str, then: str, tmp_path: Path) -> None:
    workspace = tmp_path / "desk.db"
    one(workspace, first)
    odd = next(odd for odd in one(workspace, then).oddities if odd.code == "last-day-alone")
    assert (odd.count, odd.lines) == (1, (3,))
    assert "to 2026-06-20, 9" in odd.message


def test_two_such_rows_or_one_that_is_a_month_on_are_not(tmp_path: Path) -> None:
    workspace = tmp_path / "desk.db"
    one(workspace, PAYMENTS + "p1,c1,5,2026-03-01,\n")
    for rows in ("p2,c1,5,2026-06-20,\np3,c2,5,2026-06-20,\n", "p4,c1,5,2026-07-20,\n"):
        assert "last-day-alone" not in {odd.code for odd in one(workspace, PAYMENTS + rows).oddities}
