"""What an import says of itself: updates field by field, past figures that move, refused rows kept for a while."""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from cstui.base.errors import NoRejects, UnknownImport
from cstui.base.outcome import Changes, FieldChange, Move, RowChange
from cstui.desk import import_session
from cstui.desk.import_request import ImportRequest
from cstui.desk.import_session import Session
from cstui.desk.importing import Job, log
from cstui.desk.maintenance import doctor
from cstui.desk.rejects import write_logged
from cstui.desk.workspace import let_go, open_workspace
from cstui.store.undo import undo
from cstui.store.workspace import Workspace
from tests.oracle.companies import company
from tests.property.program import bring_in, created, seeds
from tests.property.test_imports import changed
from tests.unit.store.import_calls import AT, DAY, bring, content, one, select

SUBS = "subscription_id,customer_id,started_at,amount,currency,discount,plan\n"


def fields(*names: tuple[str, str | None, str | None]) -> tuple[FieldChange, ...]:
    return tuple(FieldChange(*name) for name in names)


def test_updates_are_told_field_by_field_in_the_files_own_words(tmp_path: Path) -> None:
    workspace = tmp_path / "desk.db"
    one(workspace, SUBS + "s1,c1,2025-01-01,5,USD,,pro\ns2,c1,2025-01-01,5,USD,1,\ns3,c1,2025-01-01,5,USD,,\n")
    came = one(workspace, SUBS + "s2,c1,2025-01-01,7.50,USD,2,team\ns1,c2,2025-01-01,5,USD,,\ns3,c1,2025-01-01,5,USD,,\n")
    assert came.changes == Changes(
        2,
        came.changes.fields,
        (
            RowChange(2, "s2", fields(("amount", "5.00", "7.50"), ("plan", None, "team"), ("discount", "1.00", "2.00"))),
            RowChange(3, "s1", fields(("customer_id", "c1", "c2"))),
        ),
    )
    assert dict(came.changes.fields) == {"amount": 1, "discount": 1, "plan": 1, "customer_id": 1}


def test_updates_of_attributes_dates_and_use_are_told(tmp_path: Path) -> None:
    workspace = tmp_path / "desk.db"
    first = (
        "customer_id,created_at,tier,size\nc1,2025-01-01,gold,4\n",
        "customer_id,date,user_id,sessions,minutes\nc1,2025-03-01,u1,2,1.5\n",
    )
    header = "customer_id,date,user_id,sessions,minutes\n"
    then = ("customer_id,created_at,tier,size\nc1,2025-01-02,tin,4\n", header + "c1,2025-03-01,u1,3,\n")
    bring(workspace, *first)
    customer, use = bring(workspace, *then).files
    assert customer.changes.first == (
        RowChange(2, "c1", fields(("created_at", "2025-01-01", "2025-01-02"), ("attribute:tier", "gold", "tin"))),
    )
    assert dict(customer.changes.fields) == {"created_at": 1, "attribute:tier": 1}
    assert use.changes == Changes(1, (("sessions", 1),), (RowChange(2, "c1 on 2025-03-01 by u1", fields(("sessions", "2", "3"))),))
    assert [file.changes for file in bring(workspace, *then).files] == [Changes(), Changes()]


def test_several_lines_of_one_key_of_use_are_one_change(tmp_path: Path) -> None:
    workspace = tmp_path / "desk.db"
    header = "customer_id,date,sessions,events\n"
    one(workspace, header + "c1,2025-03-01,1,1\nc2,2025-03-01,1,1\n")
    came = one(workspace, header + "c1,2025-03-01,2,1\nc1,2025-03-01,,4\nc2,2025-03-01,1,7\n")
    assert (came.changes.rows, dict(came.changes.fields)) == (2, {"sessions": 1, "events": 2})
    assert {row.id: row.fields for row in came.changes.first} == {
        "c1 on 2025-03-01": fields(("sessions", "1", "2"), ("events", "1", "4")),
        "c2 on 2025-03-01": fields(("events", "1", "7")),
    }


def test_past_figures_that_move_are_told_before_and_kept_after(tmp_path: Path) -> None:
    workspace, path = tmp_path / "desk.db", tmp_path / "more.csv"
    payments = "payment_id,customer_id,amount,paid_at,currency\np1,c1,5,2025-03-10,USD\n"
    bring(workspace, SUBS + "s1,c1,2025-01-01,5,USD,,\ns2,c2,2025-02-01,8,USD,,\n", payments)
    path.write_text(SUBS + "s2,c2,2025-02-01,6,USD,,\ns3,c3,2025-02-15,1,USD,,\ns4,c4,2025-03-20,1,USD,,\n", encoding="utf-8")
    before = content(workspace)
    job = Job(workspace, ImportRequest((str(path),), day=DAY, at=AT))
    assert job.preview().moves is None
    expected = (
        Move("mrr", "money", "2025-02", Fraction(13), Fraction(12)),
        Move("customers_active", "count", "2025-02", Fraction(2), Fraction(3)),
        Move("customers_new", "count", "2025-02", Fraction(1), Fraction(2)),
    )
    assert job.moves() == expected
    assert content(workspace) == before, "nothing is changed by asking"
    assert job.commit().moves == expected
    job.close()
    ws = open_workspace(workspace)
    assert [entry.moves for entry in log(ws)] == [(), expected]
    ws.close()


def test_past_figures_that_become_known_by_exchange_rates_are_told_too(tmp_path: Path) -> None:
    workspace = tmp_path / "desk.db"
    header = "subscription_id,customer_id,started_at,amount,currency\n"
    first = header + "s1,c1,2025-01-01,5,USD\ns2,c2,2025-01-01,8,USD\ns3,c3,2025-01-01,10,EUR\n"
    assert bring(workspace, first, "payment_id,customer_id,amount,paid_at,currency\np1,c1,5,2025-03-10,USD\n").moves == ()
    rates = "date,from,to,rate\n2025-01-15,EUR,USD,2\n"  # a month's only rate holds for all of it
    expected = (Move("mrr", "money", "2025-01", None, Fraction(33)),)
    (tmp_path / "rates.csv").write_text(rates, encoding="utf-8")
    job = Job(workspace, ImportRequest((str(tmp_path / "rates.csv"),), day=DAY, at=AT))
    job.preview()
    assert job.moves() == expected
    assert job.commit().moves == expected
    job.close()
    assert bring(workspace, rates.replace(",2\n", ",3\n")).moves == (Move("mrr", "money", "2025-01", Fraction(33), Fraction(43)),)


@pytest.mark.parametrize("seed", seeds(700, 6))
@pytest.mark.parametrize("in_place", [0, 20_000])
def test_what_a_preview_says_will_move_is_what_moves(seed: int, in_place: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = Random(seed)
    made = company(chance, 6)
    monkeypatch.setattr(import_session, "REHEARSED_IN_PLACE", in_place)
    with created(made, tmp_path) as ws:
        bring_in(ws, *made.write(tmp_path))
        files = changed(made, chance).write(tmp_path)
        session = Session(ws.path, ImportRequest(tuple(map(str, files)), day=DAY, at=AT), lambda _: None)
        session.preview()
        told = session.moves()
        assert session.commit().moves == told
        session.close()
    assert {path.name for path in tmp_path.iterdir() if "staging" in path.name} == set()


BAD = "customer_id,created_at,name\nc1,2025-01-01,Ada\nc2,soon,=Bo\nc3,2025-01-01\n"


def test_refused_rows_can_be_written_later_mended_and_imported(tmp_path: Path) -> None:
    workspace, out = tmp_path / "desk.db", tmp_path / "bad.csv"
    assert one(workspace, BAD).refused == 2
    ws = open_workspace(workspace)
    assert write_logged(ws, 1, out, DAY + 90) == (out,)
    rows = list(csv.reader(out.open(encoding="utf-8")))
    assert [row[:6] for row in rows[1:]] == [
        ["c2", "soon", "'=Bo", "3", "created_at", "not-a-date"],
        ["c3", "2025-01-01", "", "4", "name", "missing-cell"],
    ]
    mended = out.read_text(encoding="utf-8").replace("soon", "2025-02-02")
    came = one(workspace, mended)
    assert (came.created, came.refused) == (2, 0)
    assert select(workspace, "SELECT customer_id, name FROM customer ORDER BY 1") == [("c1", "Ada"), ("c2", "=Bo"), ("c3", None)]
    with pytest.raises(NoRejects):
        write_logged(ws, 2, out, DAY)
    with pytest.raises(UnknownImport):
        write_logged(ws, 9, out, DAY)
    ws.close()


def test_raw_text_is_kept_for_ninety_days(tmp_path: Path) -> None:
    workspace = tmp_path / "desk.db"
    one(workspace, BAD)
    ws = Workspace.open(workspace)
    with pytest.raises(NoRejects, match="90 days"):
        write_logged(ws, 1, tmp_path / "bad.csv", DAY + 91)
    let_go(ws, DAY + 90)
    assert select(workspace, "SELECT count(*) FROM refused_row") == [(2,)]
    let_go(ws, DAY + 91)
    ws.close()
    assert select(workspace, "SELECT count(*) FROM refused_row") == [(0,)]


def test_a_look_at_the_workspace_lets_go_of_what_is_too_old(tmp_path: Path) -> None:
    """Raw text, and what an undo took away; and nothing that is still to be kept."""
    workspace = tmp_path / "desk.db"
    one(workspace, BAD)
    undo(workspace, None, AT)
    kept = "SELECT (SELECT count(*) FROM refused_row), (SELECT count(*) FROM undone_row)"
    assert select(workspace, kept) == [(2, 1)]
    assert doctor(workspace, day=DAY + 90).ok
    assert select(workspace, kept) == [(2, 1)]
    assert doctor(workspace, day=DAY + 91).ok
    assert select(workspace, kept) == [(0, 0)]
