"""Answers by hand: recorded, changed, deleted, taken back and made again, with the rollups in step all the while."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cstui.base.days import month_of, parse_iso, to_date
from cstui.base.errors import UnknownCustomer, UsageError
from cstui.desk.answer_turns import Hand, redo, undo
from cstui.desk.import_request import ImportRequest
from cstui.desk.importing import Job
from cstui.desk.maintenance import doctor
from cstui.desk.roster import CustomerName, Roster, roster
from cstui.desk.survey import (
    AnswerChanged,
    NobodyThere,
    Recording,
    answers,
    check,
    delete,
    draft,
    edit,
    record,
    save_draft,
)  # fmt: skip
from cstui.desk.voices import Question, voices
from cstui.desk.workspace import Workspace, open_workspace
from cstui.store import survey_edits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

TODAY = parse_iso("2026-11-21")
AT = "2026-11-21T00:00:00Z"
NINE = Recording("c-1", "nps", "9")


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    found = open_workspace(tmp_path / "a.db", create=True)
    yield found
    found.close()


def said(workspace: Workspace) -> list[tuple[str, str, str | None]]:
    return [(one.customer_id, one.score, one.comment) for one in answers(workspace).answers]


def test_nobody_waits_who_wants_to_write_while_it_is_looked_up_who_may_be_meant(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "customers.csv"
    file.write_text("customer_id,name\nc-100,Kestrel Market\n", encoding="utf-8")
    job = Job(workspace.path, ImportRequest((str(file),), day=TODAY, at=AT))
    job.preview()
    job.commit()
    job.close()
    looked, near = [], Roster.near

    def looking(found: Roster, text: str, limit: int = 3) -> tuple[CustomerName, ...]:
        other = open_workspace(workspace.path)
        save_draft(other, "written meanwhile")
        other.close()
        looked.append(text)
        return near(found, text, limit)

    monkeypatch.setattr(Roster, "near", looking)
    with pytest.raises(NobodyThere, match=r"c-100 \(Kestrel Market\)"):
        record(workspace, Recording("c-10", "nps", "9"), today=TODAY, at=AT)
    assert looked == ["c-10"]
    assert draft(workspace) == "written meanwhile"


def test_an_answer_is_kept_as_it_was_given(workspace: Workspace) -> None:
    given_ = Recording("c-۱", "NPS", "٩", " ۰–۱۰ ", "", " support ", "سارا", " ok\x1b ", "۲۰۲۶-۱۱-۰۱")
    done = record(workspace, given_, today=TODAY, at=AT)
    answer = done.answer
    assert done.new_customer
    assert (answer.score, answer.scale, answer.touchpoint, answer.respondent, answer.comment) == ("9", "0-10", "support", "سارا", "ok·")
    assert (answer.answered_at, answer.entered, answer.file, answer.line) == (parse_iso("2026-11-01"), TODAY, None, None)
    assert not record(workspace, NINE, today=TODAY, at=AT).new_customer
    assert answers(workspace).total == 2


@pytest.mark.parametrize(
    "wrong",
    [
        Recording("c-1", "nps", "11"), Recording("c-1", "nps", "-1"), Recording("c-1", "nps", ""), Recording("c-1", "nps", "1_0"),
        Recording("c-1", "nps", "0", "1-10"), Recording("c-1", "csat", "4"), Recording("c-1", "ces", "4", "0-10"),
        Recording("", "nps", "4"),
        Recording("c-1", "nps", "4", date="2026-11-22"), Recording("c-1", "nps", "4", date="1203-01-01"),
        Recording("c-1", "nps", "4", comment="x" * 10_001),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_leaves_nothing(workspace: Workspace, wrong: Recording) -> None:
    with pytest.raises(UsageError):
        record(workspace, wrong, today=TODAY, at=AT)
    assert answers(workspace).total == 0
    assert len(roster(workspace)) == 0


def test_edit_delete_undo_and_redo_in_any_order(workspace: Workspace) -> None:
    first = record(workspace, NINE, today=TODAY, at=AT).answer
    edit(workspace, first.id, Recording("c-1", "nps", "3", comment="worse"), today=TODAY, at=AT)
    delete(workspace, first.id, at=AT)
    assert said(workspace) == []
    for expected in ([("c-1", "3", "worse")], [("c-1", "9", None)], []):
        assert undo(workspace) is not None
        assert said(workspace) == expected
    assert undo(workspace) is None
    for expected in ([("c-1", "9", None)], [("c-1", "3", "worse")], []):
        assert redo(workspace) is not None
        assert said(workspace) == expected
    assert redo(workspace) is None


def test_a_new_answer_ends_what_could_be_made_again(workspace: Workspace) -> None:
    record(workspace, NINE, today=TODAY, at=AT)
    undo(workspace)
    record(workspace, Recording("c-1", "nps", "5"), today=TODAY, at=AT)
    assert redo(workspace) is None
    assert said(workspace) == [("c-1", "5", None)]
    undo(workspace)
    assert undo(workspace) is None


def test_a_hand_turns_its_own_changes_first_and_others_only_when_they_are_meant(workspace: Workspace) -> None:
    mine, others = Hand(), Hand()

    def tell(hand: Hand, score: str) -> None:
        hand.did(record(workspace, Recording("c-1", "nps", score), today=TODAY, at=AT).change)

    for hand, score in ((mine, "1"), (others, "2"), (mine, "3"), (others, "4")):
        tell(hand, score)
    scores = []
    while (done := undo(workspace, mine)) is not None and done.own:
        scores.append(done.score)
    assert scores == ["3", "1"]
    assert done is not None
    assert (done.own, done.score) == (False, "4")
    assert sorted(score for _, score, _ in said(workspace)) == ["2", "4"]
    tell(others, "5")
    assert [turned.score for turned in (redo(workspace, mine), redo(workspace, mine)) if turned is not None] == ["1", "3"]
    assert redo(workspace, mine) is None
    meant = undo(workspace, mine, done.change)
    assert meant is not None
    assert (meant.own, meant.score) == (True, "4")
    assert undo(workspace, others) is not None  # its last
    assert (turned := undo(workspace, others)) is not None  # what another has taken back is passed over
    assert turned.score == "2"


def test_a_change_that_cannot_be_turned_is_not_in_the_way_of_those_before_it(workspace: Workspace) -> None:
    mine = Hand()
    for score in ("1", "2"):
        mine.did(record(workspace, Recording("c-1", "nps", score), today=TODAY, at=AT).change)
    last = answers(workspace).answers[0]
    edit(workspace, last.id, Recording("c-1", "nps", "7"), today=TODAY, at=AT)
    with pytest.raises(AnswerChanged):
        undo(workspace, mine)
    assert (done := undo(workspace, mine)) is not None
    assert done.score == "1"


def test_a_customer_who_was_made_for_an_answer_goes_and_comes_with_it(workspace: Workspace) -> None:
    one = record(workspace, NINE, today=TODAY, at=AT)
    record(workspace, Recording("new", "nps", "3"), today=TODAY, at=AT)
    edit(workspace, answers(workspace).answers[0].id, Recording("new", "nps", "4"), today=TODAY, at=AT)
    assert [done.customer_gone for done in (undo(workspace), undo(workspace)) if done is not None] == [False, True]
    assert [name.customer_id for name in roster(workspace).find("e")] == []
    record_again = [redo(workspace), redo(workspace)]
    assert [done.score for done in record_again if done is not None] == ["3", "4"]
    assert said(workspace) == [("new", "4", None), ("c-1", "9", None)]
    delete(workspace, one.answer.id, at=AT)
    undo(workspace)
    undo(workspace)
    undo(workspace)
    assert (done := undo(workspace)) is not None
    assert done.customer_gone  # the first, c-1
    assert len(roster(workspace)) == 0
    assert doctor(workspace.path).ok


def test_an_answer_that_is_gone_cannot_be_changed(workspace: Workspace) -> None:
    gone = record(workspace, NINE, today=TODAY, at=AT).answer
    delete(workspace, gone.id, at=AT)
    with pytest.raises(AnswerChanged):
        edit(workspace, gone.id, NINE, today=TODAY, at=AT)
    with pytest.raises(AnswerChanged):
        delete(workspace, gone.id, at=AT)
    with workspace.write() as db:
        db.execute("DELETE FROM customer")
    with pytest.raises(AnswerChanged):
        undo(workspace)


def test_an_edit_makes_no_customer(workspace: Workspace) -> None:
    one = record(workspace, NINE, today=TODAY, at=AT).answer
    with pytest.raises(UnknownCustomer):
        edit(workspace, one.id, Recording("c-2", "nps", "9"), today=TODAY, at=AT)
    assert len(roster(workspace)) == 1


def test_drafts_change_no_revision(workspace: Workspace) -> None:
    before = workspace.revision()
    save_draft(workspace, "[half]")
    assert draft(workspace) == "[half]"
    save_draft(workspace, None)
    assert draft(workspace) is None
    assert workspace.revision() == before


def test_forgetting_a_customer_clears_history_and_drafts(workspace: Workspace) -> None:
    one = record(workspace, NINE, today=TODAY, at=AT).answer
    record(workspace, Recording("c-2", "nps", "1"), today=TODAY, at=AT)
    save_draft(workspace, "c-1")
    with workspace.write() as db:
        assert survey_edits.forget(db, one.customer, "c-1") == 1
        assert db.execute("SELECT count(*) FROM survey_change").fetchone() == (1,)


def test_customers_are_found_in_any_script_the_very_one_first(workspace: Workspace) -> None:
    for customer_id in ("acme-10", "acme-1", "شركة النور", "كافه"):
        record(workspace, Recording(customer_id, "nps", "9", respondent="Ann"), today=TODAY, at=AT)
    found = roster(workspace)
    assert [name.customer_id for name in found.find("ACME-۱")] == ["acme-1", "acme-10"]
    assert [name.customer_id for name in found.find("شرکه")] == ["شركة النور"]
    assert [name.respondent for name in found.find("کافه")] == ["Ann"]
    assert found.find(" ") == ()
    assert (one := found.one("acme-۱")) is not None
    assert one.customer_id == "acme-1"


def test_the_running_score_counts_what_was_recorded_today(workspace: Workspace) -> None:
    for score in ("9", "10", "3"):
        record(workspace, Recording("c-1", "nps", score), today=TODAY, at=AT)
    seen = voices(workspace, Question(), to_date(TODAY))
    assert [score for _, score in seen.around.recorded] == ["9", "10", "3"]
    assert seen.spreads[0].counts[3] == (3, 1)
    assert seen.spreads[0].bands[6:10] == ("detractor", "passive", "passive", "promoter")
    assert [one.customer_id for one in seen.queues.detractors.people] == ["c-1"]
    assert seen.queues.promoters.total == 0


@pytest.mark.parametrize(
    "asked",
    [
        Question("csat"),
        Question("nps", month=month_of(TODAY) - 1),
        Question("nps", find="ann"),
        Question("nps", where=(("plan", ("pro",)),)),
    ],
)
def test_a_snapshot_that_builds_on_another_is_the_one_made_from_nothing(workspace: Workspace, asked: Question) -> None:
    def tell(customer: str, score: str) -> None:
        record(workspace, Recording(customer, "nps", score, respondent="Ann", touchpoint="support"), today=TODAY, at=AT)

    tell("c-1", "3")
    before = voices(workspace, Question(), to_date(TODAY))
    assert voices(workspace, asked, to_date(TODAY), before) == voices(workspace, asked, to_date(TODAY))
    tell("c-2", "10")
    seen = voices(workspace, asked, to_date(TODAY), before)
    assert seen == voices(workspace, asked, to_date(TODAY))
    assert len(seen.around.recorded) == 2


ACTIONS = ("record", "edit", "delete", "undo", "redo")
steps = st.lists(st.tuples(st.sampled_from(ACTIONS), st.integers(0, 10), st.sampled_from(["c-1", "c-2"])), max_size=14)


def act(workspace: Workspace, action: str, score: int, customer: str) -> None:
    held = answers(workspace, "nps").answers
    if action == "record":
        record(workspace, Recording(customer, "nps", str(score)), today=TODAY, at=AT)
    elif action == "edit" and held:
        edit(workspace, held[0].id, Recording(customer, "nps", str(score), comment=str(score)), today=TODAY, at=AT)
    elif action == "delete" and held:
        delete(workspace, held[-1].id, at=AT)
    elif action in ("undo", "redo"):
        (undo if action == "undo" else redo)(workspace)


def all_of(workspace: Workspace, turn: Callable[[Workspace], object]) -> list[tuple[str, str, str | None]]:
    while turn(workspace) is not None:
        pass
    return sorted(said(workspace), key=str)


@settings(max_examples=15)
@given(steps)
def test_any_run_of_changes_undone_is_the_start_and_redone_is_the_end(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, str]]
) -> None:
    path = tmp_path_factory.mktemp("run") / "a.db"
    workspace = open_workspace(path, create=True)
    for customer in ("c-1", "c-2"):
        record(workspace, Recording(customer, "csat", "5", "1-5"), today=TODAY, at=AT)
    with workspace.write() as db:
        db.execute("DELETE FROM survey_change")
    start = sorted(said(workspace), key=str)
    for action, score, customer in steps:
        act(workspace, action, score, customer)
    end = all_of(workspace, redo)
    assert all_of(workspace, undo) == start
    assert all_of(workspace, redo) == end
    workspace.close()
    assert doctor(path).ok
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT n FROM coverage WHERE kind = 'surveys'").fetchone()[0] == len(end)


def test_checking_is_idempotent() -> None:
    once = check(Recording(" c-1 ", "CES", "٤", "1–7", "", date=""), TODAY)
    assert check(once, TODAY) == once
    assert once.date == date(2026, 11, 21).isoformat()
