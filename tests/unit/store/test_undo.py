"""Undo is the exact inverse of an import, over random small companies, in any order."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from cstui.base.errors import UnknownImport
from cstui.desk.import_request import ImportRequest
from cstui.desk.importing import Job, log
from cstui.desk.importing import undo as undo_in_child
from cstui.desk.workspace import open_workspace
from cstui.store.undo import undo
from tests.unit.store.import_calls import AT, FACTS, bring, content, one, select


def some_files(chance: random.Random) -> list[str]:
    """One to four files of a few rows of all kinds that overlap with each other's keys."""

    def cell(*choices: str) -> str:
        return chance.choice(choices)

    def day() -> str:
        return cell("2025-01-01", "2025-02-01", "2025-03-01")

    texts = {
        "customers": "customer_id,name,plan,tier\n"
        + "".join(f"c{chance.randrange(4)},{cell('', 'Ada', 'Bo')},{cell('', 'pro')},{cell('', 'gold', 'tin')}\n" for _ in range(4)),
        "subscriptions": "subscription_id,customer_id,started_at,amount,currency,ended_at\n"
        + "".join(
            f"s{chance.randrange(4)},c{chance.randrange(6)},{day()},{cell('5', '7')},{cell('', 'USD', 'EUR')},{cell('', '2025-06-01')}\n"
            for _ in range(5)
        ),
        "payments": "payment_id,customer_id,amount,paid_at,due_at,status\n"
        + "".join(
            f"p{chance.randrange(5)},c{chance.randrange(6)},{cell('5', '7')},{cell('', day())},{day()},{cell('', 'open')}\n"
            for _ in range(4)
        ),
        "interactions": "interaction_id,customer_id,at,status,note\n"
        + "".join(
            f"i{chance.randrange(4)},c{chance.randrange(6)},{day()},{cell('', 'open', 'solved')},{cell('', 'x')}\n" for _ in range(4)
        ),
        "surveys": "customer_id,answered_at,kind,score,scale,response_id,comment\n"
        + "".join(
            f"c{chance.randrange(6)},{day()},{cell('nps,7,', 'csat,5,1-5', 'ces,2,1-7')},{cell('', 'r1', 'r2')},{cell('', 'good', 'bad')}\n"
            for _ in range(5)
        ),
        "traffic": "date,channel,visits,leads\n"
        + "".join(f"{day()},{cell('', 'ads')},{cell('10', '20')},{cell('', '3')}\n" for _ in range(3)),
        "costs": "date,category,amount,cost_id,currency\n"
        + "".join(f"{day()},{cell('sales', 'other')},{cell('5', '7')},{cell('', 'k1', 'k2')},{cell('', 'EUR')}\n" for _ in range(4)),
        "exchange_rates": "date,from,to,rate\n" + "".join(f"{day()},EUR,USD,{cell('1.1', '1.2')}\n" for _ in range(2)),
    }
    return chance.sample(list(texts.values()), chance.randrange(1, 5))


def undo_one(workspace: Path, number: int) -> None:
    undo(workspace, number, AT)


@pytest.mark.parametrize("seed", range(12))
def test_undoing_the_last_import_brings_back_what_was(seed: int, tmp_path: Path) -> None:
    chance, workspace = random.Random(seed), tmp_path / "desk.db"
    one(workspace, "customer_id\nc0\n")
    states = [content(workspace)]
    for _ in range(4):
        bring(workspace, *some_files(chance))
        states.append(content(workspace))
    for before in reversed(states[:-1]):
        undo(workspace, None, AT)
        assert content(workspace) == before
    with open_workspace(workspace).read() as db:
        assert [db.execute(f"SELECT count(*) FROM {table}_prior").fetchone()[0] for table in FACTS] == [0] * len(FACTS)


@pytest.mark.parametrize("seed", range(12))
def test_undoing_all_in_any_order_leads_to_the_start(seed: int, tmp_path: Path) -> None:
    chance, workspace = random.Random(1000 + seed), tmp_path / "desk.db"
    one(workspace, "customer_id\nc0\n")
    start = content(workspace)
    numbers = [bring(workspace, *some_files(chance)).import_id for _ in range(4)]
    chance.shuffle(numbers)
    for number in numbers:
        assert number is not None
        undo_one(workspace, number)
    assert content(workspace) == start


def test_a_row_changed_since_is_kept_and_said(tmp_path: Path) -> None:
    workspace = tmp_path / "desk.db"
    header = "subscription_id,customer_id,started_at,amount,currency\n"
    one(workspace, header + "s1,c1,2025-01-01,5,USD\ns2,c1,2025-01-01,5,USD\n")
    one(workspace, header + "s1,c1,2025-01-01,7,USD\n")
    done = undo_in_child(workspace, 1)
    assert (done.reversed, done.kept, done.kept_why) == (1, 1, ("subscription s1: changed since by import 2",))
    assert select(workspace, "SELECT subscription_id, amount FROM subscription") == [("s1", 700)]
    undo_in_child(workspace, None)
    assert select(workspace, "SELECT count(*) FROM subscription UNION ALL SELECT count(*) FROM customer") == [(0,), (0,)]
    ws = open_workspace(workspace)
    assert [(entry.import_id, entry.undone_at is not None, entry.files[0].created) for entry in log(ws)] == [(1, True, 2), (2, True, 0)]
    ws.close()
    with pytest.raises(UnknownImport):
        undo_in_child(workspace, None)
    with pytest.raises(UnknownImport):
        undo_in_child(workspace, 9)


def test_an_import_compares_again_when_the_workspace_has_moved(tmp_path: Path) -> None:
    workspace, path = tmp_path / "desk.db", tmp_path / "subs.csv"
    header = "subscription_id,customer_id,started_at,amount,currency\n"
    path.write_text(header + "s1,c1,2025-01-01,5,USD\ns2,c2,2025-01-01,5,USD\ns2,c2,2025-01-01,6,USD\n", encoding="utf-8")
    session = Job(workspace, ImportRequest((str(path),), day=1, at=AT))
    assert session.preview().files[0].created == 2
    one(workspace, header + "s1,c1,2025-01-01,5,USD\n")
    came = session.commit().files[0]
    session.close()
    assert (came.created, came.updated, came.unchanged) == (1, 1, 1)
    assert select(workspace, "SELECT subscription_id, amount FROM subscription ORDER BY 1") == [("s1", 500), ("s2", 600)]
    undo(workspace, None, AT)
    assert select(workspace, "SELECT subscription_id, amount FROM subscription") == [("s1", 500)]
