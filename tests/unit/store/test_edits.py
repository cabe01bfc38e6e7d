"""What is written by hand: numbered, undone and redone in order, and the narrow rollup of who pays what stays true."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cstui.base.ask import View
from cstui.base.errors import UnknownCustomer, UsageError
from cstui.desk.answer_turns import redo as redo_answer
from cstui.desk.answer_turns import undo as undo_answer
from cstui.desk.customer_edit import Entry, edit_field, enter, redo, undo, unpin
from cstui.desk.customer_list import listing
from cstui.desk.customers import customer, customers
from cstui.desk.survey import Recording, check, record
from cstui.desk.workspace import Workspace, open_workspace
from cstui.store import rollups
from cstui.store.edits import EntryChanged
from cstui.store.undo import undo as undo_import
from tests.unit.store.import_calls import bring

AT, TODAY = "2026-11-02T08:30:00Z", 20759


@pytest.fixture
def shop(tmp_path: Path) -> Workspace:
    """Two customers, one of whom pays."""
    path = tmp_path / "shop.db"
    bring(path, "customer_id,name,owner\nc-1,شركة النور,Sara\nc-2,Kestrel,\n")
    bring(path, "subscription_id,customer_id,started_at,amount,currency,interval\ns-1,c-2,2026-01-13,50,USD,month\n")
    return open_workspace(path)


def test_entries_are_numbered_and_go_and_come_back(shop: Workspace) -> None:
    enter(shop, "c-١", Entry("note", "first"), TODAY, AT)
    enter(shop, "c-1", Entry("contact", "second", day="۲۰۲۶/۱۰/۳۰", channel="phone"), TODAY, AT)
    told = [(event.what, event.text) for event in customer(shop, "c-1").timeline]
    assert told == [("note", "first"), ("contact", "second")]
    assert (undo(shop, "c-1"), undo(shop, "c-1"), undo(shop, "c-1")) == ("the contact of 2026-10-30", "the note of 2026-11-02", None)
    assert customer(shop, "c-1").timeline == ()
    assert (redo(shop, "c-1"), redo(shop, "c-1"), redo(shop, "c-1")) == ("the note of 2026-11-02", "the contact of 2026-10-30", None)
    assert [(event.what, event.text) for event in customer(shop, "c-1").timeline] == told


def test_another_entry_ends_the_redo(shop: Workspace) -> None:
    enter(shop, "c-1", Entry("note", "first"), TODAY, AT)
    undo(shop, "c-1")
    enter(shop, "c-1", Entry("note", "other"), TODAY, AT)
    assert redo(shop, "c-1") is None


def test_an_entry_comes_back_though_its_number_was_given_away(shop: Workspace) -> None:
    enter(shop, "c-1", Entry("note", "first"), TODAY, AT)
    undo(shop, "c-1")
    enter(shop, "c-2", Entry("note", "of another"), TODAY, AT)
    bring(shop.path, "interaction_id,customer_id,at,note\ni-1,c-2,2026-10-01,called\n")
    assert redo(shop, "c-1") == "the note of 2026-11-02"
    assert [event.text for event in customer(shop, "c-1").timeline] == ["first"]
    assert sorted(str(event.text) for event in customer(shop, "c-2").timeline if event.what == "note") == ["of another"]
    assert undo(shop, "c-1") == "the note of 2026-11-02"
    assert customer(shop, "c-1").timeline == ()
    assert undo(shop, "c-2") == "the note of 2026-11-02"


def test_an_entry_that_an_import_has_changed_stays_its_row(shop: Workspace) -> None:
    enter(shop, "c-1", Entry("note", "first"), TODAY, AT)
    bring(shop.path, "interaction_id,customer_id,at,note\nhand-1,c-1,2026-11-02,first and more\n")
    with pytest.raises(EntryChanged):
        undo(shop, "c-1")
    assert [event.text for event in customer(shop, "c-1").timeline] == ["first and more"]
    undo_import(shop.path, None, AT)
    assert undo(shop, "c-1") == "the note of 2026-11-02"


def test_what_was_done_to_a_customer_is_not_done_to_another_under_their_number(shop: Workspace) -> None:
    bring(shop.path, "customer_id,owner\nc-3,Omid\n")
    edit_field(shop, "c-3", "owner", "Zoe", AT)
    undo(shop, "c-3")
    record(shop, check(Recording("c-3", "nps", "3"), TODAY), today=TODAY, at=AT)
    undo_answer(shop)
    undo_import(shop.path, None, AT)
    bring(shop.path, "customer_id,owner\nc-4,Carl\n")
    assert redo(shop, "c-4") is None
    assert redo_answer(shop) is None
    assert dict(customer(shop, "c-4").facts)["owner"] == "Carl"


def test_a_field_is_edited_pinned_unpinned_and_taken_back(shop: Workspace) -> None:
    edit_field(shop, "c-1", "owner", " Omid ", AT)
    edit_field(shop, "c-1", "created_at", "2026.01.02", AT)
    page = customer(shop, "c-1")
    assert dict(page.facts)["owner"] == "Omid"
    assert page.pinned == {"owner", "created_at"}
    assert [event.what for event in page.timeline] == ["edited", "edited", "created"]
    assert unpin(shop, "c-1", "owner", AT)
    assert not unpin(shop, "c-1", "owner", AT)
    for words in ("unpinning owner", "the edit of created_at", "the edit of owner"):
        assert undo(shop, "c-1") == words
    page = customer(shop, "c-1")
    assert (dict(page.facts)["owner"], page.pinned, page.timeline) == ("Sara", frozenset(), ())


def test_what_cannot_be_is_refused_and_nothing_is_written(shop: Workspace) -> None:
    before = shop.revision()
    with pytest.raises(UsageError):
        enter(shop, "c-1", Entry("note", " \x1b "[:1]), TODAY, AT)
    with pytest.raises(UsageError):
        enter(shop, "c-1", Entry("note", "later", day="2027-01-01"), TODAY, AT)
    with pytest.raises(UsageError):
        edit_field(shop, "c-1", "created_at", "soon", AT)
    with pytest.raises(UsageError, match="between 1900 and 2199"):
        edit_field(shop, "c-1", "created_at", "9999-12-31", AT)
    with pytest.raises(UsageError, match="between 1900 and 2199"):
        enter(shop, "c-1", Entry("note", "long ago", day="0001-01-01"), TODAY, AT)
    with pytest.raises(UsageError):
        edit_field(shop, "c-1", "fold", "x", AT)
    with pytest.raises(UnknownCustomer):
        enter(shop, "c-9", Entry("note", "x"), TODAY, AT)
    assert shop.revision() == before


def test_the_list_of_the_screen_is_that_of_the_command(shop: Workspace) -> None:
    plain = [line.customer_id for line in customers(shop, View()).customers]
    shown = listing(shop, View(), "mrr", date(2026, 11, 2))
    assert [line.customer_id for line in shown.first] == plain == ["c-2", "c-1"]
    assert shown.total == len(shown.numbers) == 2
    with shop.read() as db:
        assert rollups.differences(db) == ()


def last_day(shop: Workspace) -> tuple[str, tuple[str, ...]]:
    """The last day of the data, and which rollups are not what the facts give."""
    with shop.read() as db:
        return str(customers(shop, View()).to_json()["as_of"]), rollups.differences(db)


@pytest.fixture
def dated(tmp_path: Path) -> Workspace:
    """A customer who came on the last day of the data."""
    path = tmp_path / "dated.db"
    bring(path, "customer_id,created_at\nc-1,2026-01-15\nc-2,2026-10-30\n")
    return open_workspace(path)


@pytest.mark.parametrize("day", ["2026-11-02", "2026-02-01", ""])
@pytest.mark.parametrize("field", ["created_at", "lost_at"])
def test_a_day_changed_by_hand_does_not_move_the_last_day_of_the_data(dated: Workspace, field: str, day: str) -> None:
    edit_field(dated, "c-2", field, day, AT)
    assert last_day(dated) == ("2026-10-30", ())
    edit_field(dated, "c-2", "segment", "shops", AT)
    edit_field(dated, "c-2", field, "2026-03-03", AT)
    assert last_day(dated) == ("2026-10-30", ())
    bring(dated.path, "customer_id,name\nc-1,Kestrel\n")
    assert last_day(dated) == ("2026-10-30", ())


def test_a_day_by_hand_counts_as_an_import_s_once_imports_may_change_it(dated: Workspace) -> None:
    edit_field(dated, "c-2", "created_at", "2026-11-01", AT)
    unpin(dated, "c-2", "created_at", AT)
    assert last_day(dated) == ("2026-11-01", ())
    undo(dated, "c-2")
    assert last_day(dated) == ("2026-10-30", ())
    redo(dated, "c-2")
    assert last_day(dated) == ("2026-11-01", ())
    undo(dated, "c-2")
    undo(dated, "c-2")
    assert last_day(dated) == ("2026-10-30", ())


def test_the_first_fact_of_a_workspace_may_be_by_hand(tmp_path: Path) -> None:
    ws = open_workspace(tmp_path / "new.db", create=True)
    record(ws, check(Recording("c-9", "nps", "9"), TODAY), today=TODAY, at=AT)
    enter(ws, "c-9", Entry("note", "first"), TODAY, AT)
    edit_field(ws, "c-9", "plan", "Pro", AT)
    with ws.read() as db:
        assert rollups.differences(db) == ()
    assert [line.plan for line in customers(ws, View()).customers] == ["Pro"]
