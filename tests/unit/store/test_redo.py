"""An import that was taken back comes again, exactly, as far as nothing has changed since; every row of an undo is accounted for."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from cstui.base.errors import UnknownImport
from cstui.desk.importing import redo as redo_in_child
from cstui.desk.workspace import open_workspace
from cstui.store import undone
from cstui.store.forget import forget
from cstui.store.redo import redo
from cstui.store.undo import undo
from tests.oracle.companies import company
from tests.property.program import bring_in, created, held, seeds
from tests.property.test_imports import changed
from tests.unit.store.import_calls import AT, bring, content, one, select
from tests.unit.store.test_undo import some_files

SUBS = "subscription_id,customer_id,started_at,amount,currency\n"
USE = "customer_id,date,user_id,sessions\n"


@pytest.mark.parametrize("seed", seeds(400, 6))
def test_what_was_taken_back_comes_again_as_it_was(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    made = company(chance, 6)
    with created(made, tmp_path) as ws:
        first = bring_in(ws, *made.write(tmp_path)).import_id
        bring_in(ws, *changed(made, chance).write(tmp_path))
        after = held(ws)
        undo(ws.path, None, AT)
        between = held(ws)
        assert redo(ws.path, None).kept == 0
        assert held(ws) == after
        undo(ws.path, None, AT)
        assert held(ws) == between
        undo(ws.path, first, AT)
        redo(ws.path, first)
        assert held(ws) == between


@pytest.mark.parametrize("seed", seeds(0, 10))
def test_an_earlier_import_comes_again_beneath_the_later_one(seed: int, tmp_path: Path) -> None:
    chance, workspace = random.Random(seed), tmp_path / "desk.db"
    one(workspace, "customer_id\nc0\n")
    numbers = [bring(workspace, *some_files(chance)).import_id for _ in range(3)]
    after = content(workspace)
    number = chance.choice(numbers)
    assert number is not None
    taken = undo(workspace, number, AT)
    again = redo(workspace, number)
    assert (again.redone, again.kept) == (taken.reversed + taken.kept, 0)
    assert content(workspace) == after
    for each in reversed(numbers):
        undo(workspace, each, AT)
    for each in numbers:
        redo(workspace, each)
    assert content(workspace) == after


def test_what_has_changed_since_stays_and_is_said(tmp_path: Path) -> None:
    workspace = tmp_path / "desk.db"
    one(workspace, SUBS + "s1,c1,2025-01-01,5,USD\n")
    bring(workspace, SUBS + "s1,c1,2025-01-01,7,USD\ns2,c2,2025-01-01,1,USD\ns3,c3,2025-01-01,2,USD\n", USE + "c1,2025-01-02,u,3\n")
    undo(workspace, None, AT)
    bring(workspace, SUBS + "s1,c1,2025-01-01,9,USD\ns2,c2,2025-01-01,4,USD\n", USE + "c1,2025-01-02,u,8\n")
    done = redo_in_child(workspace, 2)
    assert (done.import_id, done.redone, done.kept) == (2, 1, 3)
    assert done.kept_why == (
        "subscription s1: changed since it was taken back",
        "subscription s2: changed since it was taken back",
        "usage c1 on 2025-01-02: changed since it was taken back",
    )
    assert select(workspace, "SELECT subscription_id, amount FROM subscription ORDER BY 1") == [("s1", 900), ("s2", 400), ("s3", 200)]
    with pytest.raises(UnknownImport):
        redo(workspace, 2)
    with pytest.raises(UnknownImport):
        redo(workspace, None)
    with pytest.raises(UnknownImport):
        redo(workspace, 99)


def test_every_row_is_reversed_kept_or_failed(tmp_path: Path) -> None:
    workspace = tmp_path / "desk.db"
    bring(
        workspace,
        SUBS + "s1,c1,2025-01-01,5,USD\ns2,c2,2025-01-01,5,USD\ns3,c3,2025-01-01,5,USD\n",
        USE + "c1,2025-01-02,u,3\nc3,2025-01-02,v,3\n",
    )
    bring(workspace, SUBS + "s1,c1,2025-01-01,6,USD\n")
    forget(workspace, "c3", AT)
    done = undo(workspace, 1, AT)
    assert (done.reversed, done.kept, done.failed) == (2, 1, 2)
    ws = open_workspace(workspace)
    with ws.read() as db:
        found = [(row.outcome, row.kind, row.id, row.why) for row in undone.rows(db, 1)]
    ws.close()
    assert found == [
        ("kept", "subscriptions", "s1", "changed since by import 2"),
        ("reversed", "subscriptions", "s2", None),
        ("reversed", "usage", "c1 on 2025-01-02 by u", None),
        ("failed", "subscriptions", None, undone.GONE),
        ("failed", "usage", None, undone.GONE),
    ]


def test_a_forgotten_customer_does_not_come_again(tmp_path: Path) -> None:
    workspace = tmp_path / "desk.db"
    one(workspace, "customer_id\nc2\n")
    bring(
        workspace,
        "customer_id,name\nc2,Secretname\n",
        SUBS + "s2,c2,2025-01-01,5,USD\ns1,c1,2025-01-01,5,USD\n",
        USE + "c2,2025-01-02,secretuser,3\n",
    )
    undo(workspace, None, AT)
    forget(workspace, "c2", AT)
    data = b"".join(path.read_bytes() for path in tmp_path.glob("desk.db*"))
    assert b"Secretname" not in data
    assert b"secretuser" not in data
    assert redo(workspace, None).redone == 1
    assert select(workspace, "SELECT subscription_id FROM subscription") == [("s1",)]


def test_it_is_remembered_for_ninety_days(tmp_path: Path) -> None:
    workspace = tmp_path / "desk.db"
    one(workspace, SUBS + "s1,c1,2025-01-01,5,USD\n")
    undo(workspace, None, "2025-01-01T00:00:00Z")
    ws = open_workspace(workspace)
    with ws.write() as db:
        undone.purge(db, "2025-01-01")
        assert list(undone.rows(db, 1))
        undone.purge(db, "2025-01-02")
    ws.close()
    with pytest.raises(UnknownImport, match="90 days"):
        redo(workspace, 1)
