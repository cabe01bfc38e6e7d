"""`cstui survey`: an answer recorded from a shell, the list of answers, and what can't be."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.command import TODAY, cstui

pytestmark = pytest.mark.e2e


def test_the_first_answer_makes_the_workspace_and_mentions_the_customer(tmp_path: Path) -> None:
    done = cstui(
        "survey",
        "add",
        "c-۱",
        "nps",
        "٩",
        "--comment",
        "عالی [/]\x1b[2J",
        "--respondent",
        "Sara",
        "--db",
        "new.db",
        "--json",
        home=tmp_path,
    )
    assert done.status == 0, done
    assert done.json == {
        "schema": 1,
        "new_customer": True,
        "answer": {
            "customer_id": "c-۱", "name": None, "answered_at": TODAY, "kind": "nps", "score": 9, "scale": "0-10", "direction": None,
            "survey": None, "response_id": None, "respondent": "Sara", "touchpoint": None, "comment": "عالی [/]·[2J",
            "source": {"entered": TODAY},
        },
    }  # fmt: skip
    assert list(done.json["answer"])[:4] == ["customer_id", "name", "answered_at", "kind"]
    assert "mentioned" in done.err
    again = cstui(
        "--db",
        "new.db",
        "survey",
        "add",
        "c-1",
        "ces",
        "2",
        "--scale",
        "1–7",
        "--direction",
        "low_easy",
        "--date",
        "2026-10-30",
        home=tmp_path,
    )
    assert again.status == 0, again
    assert again.err == ""
    assert "ces 2 of 1-7" in again.text
    doctor = cstui("--db", "new.db", "doctor", home=tmp_path)
    assert doctor.status == 0, doctor


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("c-1", "nps", "11"), "11 is not on the scale from 0 to 10"),
        (("c-1", "nps", "7.5"), "not a whole number"),
        (("c-1", "nps", "nan"), "not a score"),
        (("c-1", "csat", "4"), "--scale 1-5"),
        (("c-1", "csat", "4", "--scale", "5-1"), "no scale for csat"),
        (("c-1", "csat", "4", "--scale", "1-5", "--direction", "low_easy"), "Only ces has a direction"),
        (("c-1", "smile", "4"), "no kind of answer"),
        (("c-1", "nps", "9", "--date", "2026-11-03"), "has not come yet"),
        (("c-1", "nps", "9", "--date", "03/11/2026"), "not a date"),
        ((" ", "nps", "9"), "needs a customer"),
        (("c-1", "nps"), "usage"),
    ],
)
def test_what_cannot_be_is_wrong_usage_and_makes_no_workspace(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    done = cstui("survey", "add", *arguments, "--db", "none.db", home=tmp_path)
    assert done.status == 2, done
    assert said in done.err
    assert not (tmp_path / "none.db").exists()


def test_an_id_that_nobody_has_is_refused_with_those_near_it(tmp_path: Path) -> None:
    """A typing error made a customer, silently but for a line on stderr."""
    rows = "customer_id,name,email\nc-100,Kestrel Market,ann@kestrel.example\nc-200,شركة النور,\nz,Quay,\n"
    (tmp_path / "customers.csv").write_text(rows, encoding="utf-8")
    assert cstui("--db", "a.db", "import", "customers.csv", home=tmp_path).status == 0
    for typed, near in (
        ("c-10", "c-100 (Kestrel Market)"),
        ("Kestral Market", "c-100 (Kestrel Market)"),
        ("شركه النور", "c-200 (شركة النور)"),
    ):
        done = cstui("--db", "a.db", "survey", "add", typed, "nps", "9", "--json", home=tmp_path)
        assert (done.status, done.json["error"]["code"]) == (1, "unknown-customer"), done
        assert near in done.err
        assert "--new" in done.err
    far = cstui("--db", "a.db", "survey", "add", "0815", "nps", "9", home=tmp_path)
    assert far.status == 1
    assert "near" in far.err
    assert cstui("--db", "a.db", "survey", "list", "--json", home=tmp_path).json["total"] == 0
    assert len(cstui("--db", "a.db", "customers", "--json", home=tmp_path).json["customers"]) == 3
    made = cstui("--db", "a.db", "survey", "add", "c-10", "nps", "9", "--new", "--json", home=tmp_path)
    assert (made.status, made.json["new_customer"]) == (0, True), made
    assert "only mentioned so far" in made.err
    known = cstui("--db", "a.db", "survey", "add", "c-۱۰", "nps", "8", "--new", "--json", home=tmp_path)
    assert (known.status, known.json["new_customer"], known.json["answer"]["customer_id"]) == (0, False, "c-10")


def test_the_list_in_words_json_and_csv(tmp_path: Path) -> None:
    for arguments in (
        ("c-1", "nps", "9"),
        ("c-2", "csat", "4", "--scale", "1-5", "--comment", "=cmd()"),
        ("c-1", "nps", "3", "--date", "2026-10-01"),
    ):
        assert cstui("--db", "a.db", "survey", "add", *arguments, home=tmp_path).status == 0
    listed = cstui("--db", "a.db", "survey", "list", "--json", home=tmp_path).json
    assert list(listed) == ["schema", "kind", "customer_id", "total", "answers"]
    assert [(one["customer_id"], one["kind"], one["score"]) for one in listed["answers"]] == [
        ("c-2", "csat", 4),
        ("c-1", "nps", 9),
        ("c-1", "nps", 3),
    ]
    only = cstui(
        "--db", "a.db", "survey", "list", "--kind", "nps", "--customer", "C-1".lower(), "--limit", "1", "--json", home=tmp_path
    ).json
    assert (only["total"], len(only["answers"]), only["customer_id"]) == (2, 1, "c-1")
    csv = cstui("--db", "a.db", "survey", "list", "--csv", home=tmp_path).text.splitlines()
    assert csv[0] == "customer_id,answered_at,kind,score,scale,direction,survey,response_id,respondent,touchpoint,comment"
    assert csv[1] == f"c-2,{TODAY},csat,4,1-5,,,,,,'=cmd()"
    words = cstui("--db", "a.db", "survey", "list", home=tmp_path)
    assert "by hand 2026-11-02" in words.text
    assert "3 answers" in words.err


def test_the_list_makes_no_workspace_and_knows_its_customers(tmp_path: Path) -> None:
    gone = cstui("--db", "none.db", "survey", "list", "--json", home=tmp_path)
    assert (gone.status, gone.json["error"]["code"]) == (1, "no-workspace")
    assert not (tmp_path / "none.db").exists()
    cstui("--db", "a.db", "survey", "add", "c-1", "nps", "9", home=tmp_path)
    unknown = cstui("--db", "a.db", "survey", "list", "--customer", "c-9", "--json", home=tmp_path)
    assert (unknown.status, unknown.json["error"]["code"]) == (1, "unknown-customer")
    assert cstui("--db", "a.db", "survey", "list", "--kind", "smile", home=tmp_path).status == 2
    assert cstui("--db", "a.db", "survey", home=tmp_path).status == 2


def test_an_answer_by_hand_explains_itself_and_does_not_move_as_of(tmp_path: Path) -> None:
    rows = "subscription_id,customer_id,started_at,amount,interval,currency\ns-1,c-1,2026-10-01,10,month,USD\n"
    (tmp_path / "subs.csv").write_text(rows, encoding="utf-8")
    assert cstui("--db", "a.db", "import", "subs.csv", home=tmp_path).status == 0
    assert cstui("--db", "a.db", "survey", "add", "c-1", "nps", "9", home=tmp_path).status == 0
    found = cstui("--db", "a.db", "explain", "nps", "--month", "2026-11", "--rows", "--json", home=tmp_path).json
    assert found["as_of"] == "2026-10-01"
    assert [(row["customer_id"], row["source"]) for row in found["rows"]] == [("c-1", {"entered": TODAY})]


def test_what_was_done_by_hand_has_a_history(tmp_path: Path) -> None:
    for arguments in (("c-1", "nps", "9"), ("c-2", "nps", "3", "--comment", "slow")):
        assert cstui("--db", "a.db", "survey", "add", *arguments, home=tmp_path).status == 0
    found = cstui("--db", "a.db", "survey", "history", "--json", home=tmp_path).json
    assert found["total"] == 2
    assert found["changes"][0] == {
        "at": found["changes"][0]["at"], "action": "record", "customer_id": "c-2", "name": None, "kind": "nps", "score": "3", "fields": {},
        "undone": False,
    }  # fmt: skip
    words = cstui("--db", "a.db", "survey", "history", "--limit", "1", home=tmp_path)
    assert "c-2" in words.text
    assert "1 of 2 changes" in words.err
    assert cstui("--db", "none.db", "survey", "history", home=tmp_path).status == 1
