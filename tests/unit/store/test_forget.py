"""Forgetting reaches what a customer's rows were before, and what became of rows that were theirs once; and says where it can't yet."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from cstui.base.days import iso
from cstui.base.errors import AllRefused, UsageError
from cstui.desk import answer_turns, entry_drafts
from cstui.desk.annotations import add, all_annotations
from cstui.desk.customer_edit import forget, lift
from cstui.desk.survey import Recording, draft, record, save_draft
from cstui.desk.workspace import open_workspace
from cstui.store.forget import GONE
from cstui.store.undo import undo
from tests.unit.store.import_calls import AT, bring, select

NOTES = "interaction_id,customer_id,at,note\n"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Two customers, and a contact of the first."""
    path = tmp_path / "shop.db"
    bring(path, "customer_id,name\nc-1,Zahra\nc-2,Kestrel\n")
    bring(path, NOTES + "i-1,c-1,2026-10-01,whispered\n")
    return path


def spelt(path: Path, *words: str) -> list[str]:
    """The words that some byte of the workspace, or of its write-ahead log, still spells."""
    data = b"".join(part.read_bytes() for part in path.parent.glob(f"{path.name}*"))
    return [word for word in words if word.encode() in data]


def test_how_their_rows_were_changed_by_import_after_import_goes(shop: Path) -> None:
    bring(shop, NOTES + "i-2,c-2,2026-10-01,kept\ni-1,c-1,2026-10-01,said aloud\n")
    bring(shop, NOTES + "i-1,c-1,2026-10-01,shouted\n")
    words = ("whispered", "said aloud", "shouted", "Zahra")
    assert spelt(shop, *words) == list(words)
    done = forget(shop, "c-1", AT)
    assert done.rewritten
    assert spelt(shop, *words, "kept") == ["kept"]


def test_what_a_row_was_that_is_another_s_now_goes(shop: Path) -> None:
    bring(shop, NOTES + "i-1,c-2,2026-10-01,another matter\n")
    forget(shop, "c-1", AT)
    assert spelt(shop, "whispered", "another matter") == ["another matter"]
    undo(shop, None, AT)
    assert select(shop, "SELECT * FROM interaction") == []


def test_what_an_import_made_of_their_row_before_it_was_taken_back_goes(shop: Path) -> None:
    bring(shop, NOTES + "i-1,c-2,2026-10-01,another matter\n")
    undo(shop, None, AT)
    forget(shop, "c-1", AT)
    assert spelt(shop, "whispered") == []


def test_where_another_program_reads_they_are_gone_and_their_bytes_follow(shop: Path) -> None:
    with closing(sqlite3.connect(shop, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM customer").fetchone() == (2,)
        done = forget(shop, "c-1", AT)
        assert not done.rewritten
        assert select(shop, "SELECT customer_id FROM customer") == [("c-2",)]
    with closing(sqlite3.connect(shop)) as last:
        last.execute("SELECT 1 FROM customer")
    assert spelt(shop, "whispered", "Zahra") == []


def test_who_came_only_with_an_import_that_was_taken_back_can_be_forgotten(shop: Path) -> None:
    bring(shop, "customer_id,name\nc-3,Amini\n", NOTES + "i-3,c-3,2026-10-01,murmured\n")
    undo(shop, None, AT)
    assert spelt(shop, "Amini", "murmured") == ["Amini", "murmured"]
    done = forget(shop, "c-3", AT)
    assert (done.customer_id, done.name, done.rows) == ("c-3", None, ())
    assert spelt(shop, "Amini", "murmured") == []
    with pytest.raises(AllRefused, match="forgotten"):
        bring(shop, "customer_id,name\nc-3,Amini\n")


def test_an_annotation_that_names_them_keeps_its_day_alone(shop: Path) -> None:
    with closing(open_workspace(shop)) as ws:
        add(ws, "2026-09-01", "Zahra's renewal")
        add(ws, "2026-09-02", "price change")
    assert forget(shop, "c-1", AT).annotations == 1
    with closing(open_workspace(shop)) as ws:
        assert [(iso(one.day), one.text) for one in all_annotations(ws)] == [("2026-09-01", GONE), ("2026-09-02", "price change")]
    assert spelt(shop, "Zahra", "price change") == ["price change"]


def test_no_answer_brings_them_back_unasked(shop: Path) -> None:
    forget(shop, "c-1", AT)
    with closing(open_workspace(shop)) as ws:
        with pytest.raises(UsageError, match="was forgotten"):
            record(ws, Recording("c-۱", "nps", "9"), today=20759, at=AT)
        assert select(shop, "SELECT customer_id FROM customer") == [("c-2",)]
        lift(shop, "c-1")
        assert record(ws, Recording("c-1", "nps", "9"), today=20759, at=AT, new=True).new_customer


def test_whom_only_an_answer_that_was_taken_back_named_can_be_forgotten(shop: Path) -> None:
    with closing(open_workspace(shop)) as ws:
        record(ws, Recording("Jane Roe", "nps", "9", comment="murmured"), today=20759, at=AT, new=True)
        taken = answer_turns.undo(ws)
        assert taken is not None
        assert (taken.customer_id, taken.customer_gone) == ("Jane Roe", True)
        assert select(shop, "SELECT customer_id FROM customer") == [("c-1",), ("c-2",)]
    forget(shop, "Jane Roe", AT)
    assert spelt(shop, "Jane Roe", "murmured", "Kestrel") == ["Kestrel"]


def test_drafts_about_them_go_and_others_stay(shop: Path) -> None:
    with closing(open_workspace(shop)) as ws:
        for kind, customer, text in (("note", "c-1", "hushed"), ("note", "c-2", "kept"), ("contact", "c-2", "Zahra’s sister")):
            entry_drafts.keep(ws, entry_drafts.name_of(kind, customer), {"text": text})
        save_draft(ws, '[{"customer_id": "c-2", "who": "Kestrel", "comment": "half"}]')
    forget(shop, "c-1", AT)
    assert spelt(shop, "hushed", "Zahra") == []
    with closing(open_workspace(shop)) as ws:
        assert dict(entry_drafts.begun(ws, "note/c-2")) == {"text": "kept"}
        assert dict(entry_drafts.begun(ws, "contact/c-2")) == {}
        assert draft(ws) is not None


class TestWhatTheMarksCover:
    """Harbor came from Stripe, and row 12 of a list had joined them by e-mail."""

    LIST = "customer_id,name,email\n12,Harbor Inc,Team@harbor.example\n13,Tide,info@tide.example\n"

    @pytest.fixture
    def harbor(self, tmp_path: Path) -> Path:
        path = tmp_path / "harbor.db"
        bring(path, "customer_id,name,email\ncus_B3,Harbor,team@harbor.example\ncus_C4,Quay,quay@quay.example\n")
        bring(path, self.LIST, match="email")
        assert select(path, "SELECT customer_id FROM customer ORDER BY 1") == [("13",), ("cus_B3",), ("cus_C4",)]
        forget(path, "cus_B3", AT)
        return path

    @pytest.mark.parametrize("match", ["email", "domain", None])
    def test_the_list_that_had_joined_does_not_bring_them_back(self, harbor: Path, match: str | None) -> None:
        came = bring(harbor, self.LIST, match=match).files[0]
        assert [(one.line, one.code, one.value) for one in came.problems] == [(2, "forgotten", None)]
        assert (came.read, came.refused, came.unchanged) == (2, 1, 1)
        assert select(harbor, "SELECT customer_id FROM customer ORDER BY 1") == [("13",), ("cus_C4",)]

    def test_an_id_that_joined_is_refused_without_an_address(self, harbor: Path) -> None:
        with pytest.raises(AllRefused, match="forgotten"):
            bring(harbor, NOTES + "i-9,12,2026-10-01,hello\n")

    def test_their_address_is_refused_whoever_it_is_said_of(self, harbor: Path) -> None:
        came = bring(
            harbor, "customer_id,name,email\nnew-1,Harbor Ltd,TEAM@harbor.example\nnew-2,Pilot,pilot@harbor.example\n", match="domain"
        ).files[0]
        assert [one.line for one in came.problems] == [2]
        assert select(harbor, "SELECT customer_id FROM customer WHERE customer_id LIKE 'new%'") == [("new-2",)]
        answers = "customer_id,answered_at,kind,score,respondent\nnew-3,2026-10-01,nps,9,team@harbor.example\n"
        answers += "new-2,2026-10-01,nps,9,pilot@harbor.example\n"
        assert [(one.line, one.code) for one in bring(harbor, answers).files[0].problems] == [(2, "forgotten")]

    def test_what_another_customer_has_too_is_nobody_s_mark(self, tmp_path: Path) -> None:
        path = tmp_path / "shared.db"
        bring(path, "customer_id,name,email\nc-1,One,info@shop.example\nc-2,Two,info@shop.example\n")
        forget(path, "c-1", AT)
        assert bring(path, "customer_id,name,email\nc-2,Second,info@shop.example\n").files[0].updated == 1

    def test_no_byte_tells_of_what_is_marked(self, harbor: Path) -> None:
        assert spelt(harbor, "harbor", "Harbor", "cus_B3", "Quay") == ["Quay"]

    def test_lifting_by_any_of_them_lifts_all(self, harbor: Path) -> None:
        assert lift(harbor, "12")
        assert not lift(harbor, "cus_B3")
        bring(harbor, self.LIST, match="email")
        assert select(harbor, "SELECT customer_id FROM customer ORDER BY 1") == [("12",), ("13",), ("cus_C4",)]
