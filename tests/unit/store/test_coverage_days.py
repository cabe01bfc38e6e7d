"""The calendar of what was imported: in step with every way rows come, change and go."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from cstui.base.records import Kind
from cstui.desk import answer_turns, customer_edit, survey
from cstui.desk.workspace import open_workspace
from cstui.store import coverage_days, rollups
from cstui.store.forget import forget
from cstui.store.undo import undo
from cstui.store.workspace import connect
from tests.unit.store.import_calls import AT, DAY, bring, select
from tests.unit.store.test_undo import some_files

PAYMENTS = "payment_id,customer_id,amount,paid_at,due_at\np1,c1,5,2026-01-10,\np2,c1,5,2026-01-10,\np3,c2,5,,2026-03-01\n"


def counted(workspace: Path, kind: str) -> dict[int, int]:
    return dict(select(workspace, f"SELECT day, n FROM coverage_day WHERE kind = '{kind}'"))


def in_step(workspace: Path) -> bool:
    db = connect(workspace)
    try:
        return "coverage_day" not in rollups.differences(db)
    finally:
        db.close()


def test_rows_are_counted_on_their_day(tmp_path: Path) -> None:
    workspace = tmp_path / "w.db"
    bring(workspace, PAYMENTS)
    assert counted(workspace, "payments") == {20_463: 2, 20_513: 1}


def test_a_changed_day_moves_and_an_undo_moves_it_back(tmp_path: Path) -> None:
    workspace = tmp_path / "w.db"
    bring(workspace, PAYMENTS)
    before = counted(workspace, "payments")
    bring(workspace, "payment_id,customer_id,amount,paid_at\np1,c1,5,2026-02-01\np9,c1,5,2026-02-01\n")
    assert counted(workspace, "payments") == {20_463: 1, 20_485: 2, 20_513: 1}
    undo(workspace, None, AT)
    assert counted(workspace, "payments") == before
    undo(workspace, None, AT)
    assert counted(workspace, "payments") == {}


def test_a_stub_counts_once_it_is_a_customer(tmp_path: Path) -> None:
    workspace = tmp_path / "w.db"
    bring(workspace, PAYMENTS)
    assert counted(workspace, "customers") == {}
    bring(workspace, "customer_id,created_at\nc1,2025-12-31\nc3,\n")
    assert counted(workspace, "customers") == {20_453: 1}


@pytest.mark.parametrize("seed", range(25))
def test_any_imports_and_undos_keep_it_in_step(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    workspace = tmp_path / "w.db"
    done = 0
    for _ in range(chance.randrange(2, 5)):
        done += 1
        bring(workspace, *some_files(chance))
        assert in_step(workspace)
    for number in chance.sample(range(1, done + 1), chance.randrange(1, done + 1)):
        undo(workspace, number, AT)
        assert in_step(workspace)


def test_what_is_written_by_hand_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "w.db"
    bring(path, PAYMENTS, "customer_id,name,created_at\nc1,Ada,2025-12-31\n")
    workspace = open_workspace(path)
    given = survey.Recording(customer_id="c1", kind="nps", score="9", date="2026-03-04")
    made = survey.record(workspace, given, today=DAY, at=AT)
    assert counted(path, "surveys") == {20_516: 1}
    survey.edit(workspace, made.answer.id, survey.Recording(customer_id="c1", kind="nps", score="9", date="2026-03-05"), today=DAY, at=AT)
    assert counted(path, "surveys") == {20_517: 1}
    survey.delete(workspace, made.answer.id, at=AT)
    assert counted(path, "surveys") == {}
    answer_turns.undo(workspace)
    assert counted(path, "surveys") == {20_517: 1}
    customer_edit.enter(workspace, "c1", customer_edit.Entry("contact", "called", "2026-03-06"), DAY, AT)
    assert counted(path, "interactions") == {20_518: 1}
    customer_edit.undo(workspace, "c1")
    assert counted(path, "interactions") == {}
    customer_edit.redo(workspace, "c1")
    customer_edit.edit_field(workspace, "c1", "created_at", "2026-01-01", AT)
    assert counted(path, "customers") == {20_454: 1}
    workspace.close()
    assert in_step(path)
    forget(path, "c1", AT)
    assert in_step(path)
    assert counted(path, "payments") == {20_513: 1}


def test_every_kind_is_counted_or_has_days_of_its_own() -> None:
    assert {*coverage_days.KINDS, Kind.USAGE} == set(Kind)
