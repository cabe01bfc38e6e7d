"""Answers and costs without an id that come once more, read by other columns, do not come to count twice unsaid."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cstui.store.undo import undo
from tests.unit.store.import_calls import AT, bring, counts, select

NPS = "response_id,date,customer_id,score,touchpoint,customer_segment,feedback\n"
ROWS = "1,2026-05-02,c1,9,web,SMB,good\n2,2026-05-02,c1,9,web,SMB,good\n3,2026-05-03,c2,3,mail,SMB,slow\n"
BY_HAND = {"customer_id": "customer_id", "answered_at": "date", "score": "score", "comment": "feedback", "response_id": ""}
WISHES: dict[str, Any] = {"kind": "surveys", "mapping": BY_HAND, "constants": {"kind": "nps"}}


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "desk.db"


def odd(outcome: object, code: str) -> tuple[int, tuple[int, ...], str] | None:
    found = next((one for one in outcome.files[0].oddities if one.code == code), None)  # type: ignore[attr-defined]
    return found and (found.count, found.lines, found.message)


def test_the_same_file_by_another_mapping_leaves_what_it_brought(desk: Path) -> None:
    bring(desk, NPS + ROWS)
    again = bring(desk, NPS + ROWS, **WISHES)
    assert counts(again.files[0]) == (3, 0, 0, 3, 0)
    told = odd(again, "came-before")
    assert told is not None
    assert told[:2] == (3, (2, 3, 4))
    assert "this very file brought before (import 1)" in told[2]
    assert select(desk, "SELECT response_id, score, comment FROM survey ORDER BY 1") == [
        ("1", "9", "good"),
        ("2", "9", "good"),
        ("3", "3", "slow"),
    ]
    # Taken back first, it is read anew.
    undo(desk, 1, AT)
    once_more = bring(desk, NPS + ROWS, **WISHES)
    assert counts(once_more.files[0]) == (3, 3, 0, 0, 0)
    assert odd(once_more, "came-before") is None
    # And the other way round: mapped by hand first, recognised then.
    back = bring(desk, NPS + ROWS)
    assert counts(back.files[0]) == (3, 0, 0, 3, 0)
    assert select(desk, "SELECT count(*) FROM survey") == [(3,)]


def test_another_question_of_the_same_lines_is_another_answer(desk: Path) -> None:
    form = "who,when,recommend,also\nc1,2026-05-02,9,9\nc2,2026-05-03,8,2\n"
    mapping = {"customer_id": "who", "answered_at": "when", "score": "recommend"}
    bring(desk, form, kind="surveys", mapping=mapping, constants={"kind": "nps"})
    second = bring(desk, form, kind="surveys", mapping=mapping | {"score": "also"}, constants={"kind": "nps", "touchpoint": "also"})
    assert counts(second.files[0]) == (2, 2, 0, 0, 0)
    assert odd(second, "came-before") is None
    assert odd(second, "told-twice") is None
    third = bring(desk, form, kind="surveys", mapping=mapping | {"customer_id": "also"}, constants={"kind": "nps"}, commit=False)
    assert counts(third.files[0]) == (2, 2, 0, 0, 0), "another customer's is another answer"


def test_another_file_that_tells_the_same_by_other_columns_is_pointed_at(desk: Path) -> None:
    bring(desk, NPS + ROWS)
    more = NPS + ROWS + "4,2026-05-09,c2,10,web,SMB,fine\n"
    told = bring(desk, more, commit=False, **WISHES)
    assert counts(told.files[0]) == (4, 4, 0, 0, 0)
    found = odd(told, "told-twice")
    assert found is not None
    assert found[:2] == (3, (2, 3, 4))
    assert "file0.csv, import 1" in found[2]
    other_words = bring(desk, more.replace("good", "bad").replace("slow", "quick"), commit=False, **WISHES)
    assert odd(other_words, "told-twice") is None
    # Read as it was read before, it is what it was, and one more.
    alike = bring(desk, more, commit=False)
    assert counts(alike.files[0]) == (4, 1, 0, 3, 0)
    assert odd(alike, "told-twice") is None


def test_another_file_of_the_same_call_that_tells_the_same_is_pointed_at(desk: Path) -> None:
    plain = "customer_id,answered_at,kind,score,comment\nc1,2026-05-02,nps,9,good\nc2,2026-05-03,nps,3,other words\nc3,2026-05-04,nps,7,\n"
    both = bring(desk, NPS + ROWS, plain, plain + "c4,2026-05-05,nps,7,\n", commit=False)
    assert [counts(file) for file in both.files] == [(3, 3, 0, 0, 0), (3, 3, 0, 0, 0), (4, 1, 0, 3, 0)]
    found = [[(one.lines, one.message) for one in file.oddities if one.code == "told-twice"] for file in both.files]
    assert [[lines for lines, _ in of_file] for of_file in found] == [[], [(2,)], []], "of its third file all but one are the second's"
    assert "file0.csv, of this very import" in found[1][0][1]
    assert found[1][0][1].endswith("Leave one of the files out")
    # And of what is there already as well.
    bring(desk, NPS + ROWS)
    more = bring(desk, plain, "customer_id,answered_at,kind,score\nc1,2026-05-02,nps,9\nc3,2026-05-04,nps,7\n", commit=False)
    told = [one for file in more.files for one in file.oddities if one.code == "told-twice"]
    assert [one.lines for one in told] == [(2,), (2,)], "a row that says no more than one before it is that one"
    assert "file0.csv, import 1; file0.csv, of this very import" in told[1].message
    assert told[1].message.endswith("Take that import back first, or leave one of the files out")


def test_two_equal_answers_of_files_that_are_read_alike_are_two(desk: Path) -> None:
    plain = "customer_id,answered_at,kind,score\n"
    bring(desk, plain + "c1,2026-05-02,nps,9\n")
    again = bring(desk, plain + "c1,2026-05-02,nps,9\nc1,2026-05-02,nps,9\n", commit=False)
    assert counts(again.files[0]) == (2, 1, 0, 1, 0)
    assert odd(again, "told-twice") is None


def test_costs_too(desk: Path) -> None:
    ledger = "day,what,sum,where\n2026-05-02,marketing,100,web\n2026-05-02,marketing,100,web\n2026-05-03,sales,7,\n"
    mapping = {"date": "day", "category": "what", "amount": "sum"}
    bring(desk, ledger, kind="costs", mapping=mapping)
    again = bring(desk, ledger, kind="costs", mapping=mapping | {"channel": "where"})
    assert counts(again.files[0]) == (3, 0, 0, 3, 0)
    told = odd(again, "came-before")
    assert told is not None
    assert "costs that this very file brought" in told[2]
    other = bring(desk, ledger + "2026-05-04,sales,8,\n", kind="costs", mapping=mapping | {"channel": "where"}, commit=False)
    assert counts(other.files[0]) == (4, 3, 0, 1, 0), "a row without a channel is what it was"
    found = odd(other, "told-twice")
    assert found is not None
    assert found[:2] == (2, (2, 3))
