"""Forgetting: no byte of the customer stays in the file, backups are named, and an import does not bring them back unasked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.command import cstui

pytestmark = pytest.mark.e2e

FILES = {
    "customers.csv": "customer_id,name,email,owner,goal\nc-9,شركة الزهراء,zahra@secret.example,Sara,quiet launch\n"
    "c-91,Kestrel Labs,k@example.com,Omid,\n",
    "subs.csv": "subscription_id,customer_id,started_at,amount,currency,interval\ns-1,c-9,2026-01-13,50,USD,month\n"
    "s-2,c-91,2026-01-14,70,USD,month\ns-3,c-9,2026-01-15,zahra@secret.example,USD,month\n",
    "interactions.csv": "interaction_id,customer_id,at,kind,note\n"
    "i-1,c-9,2026-02-13,call,whispered secretly\ni-2,c-91,2026-02-14,call,fine\n",
    "surveys.csv": "customer_id,answered_at,kind,score,scale,response_id,respondent,comment\n"
    "c-9,2026-02-15,nps,2,0-10,r-1,Zahra Amini,unhappy words\n",
    "usage.csv": "customer_id,date,user_id,sessions\nc-9,2026-02-16,zahra-user,3\nc-91,2026-02-17,kes-user,2\n",
    "again.csv": "customer_id,name,email\nc-9,مجموعة الزهراء,zahra@secret.example\n",
}
THEIRS = ("الزهراء", "zahra", "Zahra", "quiet launch", "whispered", "unhappy words")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A folder with a workspace that two imports filled, and a backup of it."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    first = [name for name in FILES if name != "again.csv"]
    assert cstui("--db", "shop.db", "import", *first, home=tmp_path).status == 0
    assert cstui("--db", "shop.db", "import", "again.csv", home=tmp_path).status == 0
    assert cstui("--db", "shop.db", "backup", "old.db", home=tmp_path).status == 0
    return tmp_path


def held(path: Path) -> list[str]:
    """The words of theirs that some byte of the workspace, or of its write-ahead log, still spells."""
    data = b"".join(part.read_bytes() for part in path.parent.glob(f"{path.name}*"))
    return [word for word in THEIRS if word.encode() in data]


def test_nothing_of_them_is_left_and_the_rest_is_whole(shop: Path) -> None:
    assert held(shop / "shop.db")
    done = cstui("--db", "shop.db", "forget", "c-٩", "--yes", "--json", home=shop)
    assert done.status == 0, done
    document = done.json
    assert document["customer_id"] == "c-9"
    assert document["removed"]["customer"] == 1
    assert document["removed"]["usage"] == 1
    assert document["log_entries_emptied"] >= 1
    assert document["backups"] == ["old.db"]
    assert held(shop / "shop.db") == []
    assert held(shop / "old.db")
    assert cstui("--db", "shop.db", "doctor", home=shop).status == 0
    left = cstui("--db", "shop.db", "customers", "--json", home=shop).json
    assert [one["customer_id"] for one in left["customers"]] == ["c-91"]
    assert cstui("--db", "shop.db", "customer", "c-9", home=shop).status == 1


def test_an_import_brings_them_back_only_when_asked(shop: Path) -> None:
    cstui("--db", "shop.db", "forget", "c-9", "--yes", home=shop)
    refused = cstui("--db", "shop.db", "import", "customers.csv", "interactions.csv", "--json", home=shop).json
    assert [file["refused"] for file in refused["files"]] == [1, 1]
    assert {problem["code"] for file in refused["files"] for problem in file["problems"]} == {"forgotten"}
    assert held(shop / "shop.db") == []
    assert cstui("--db", "shop.db", "forget", "c-9", "--lift", home=shop).status == 0
    assert cstui("--db", "shop.db", "forget", "c-9", "--lift", home=shop).status == 1
    assert cstui("--db", "shop.db", "import", "customers.csv", home=shop).status == 0
    assert cstui("--db", "shop.db", "customer", "c-9", home=shop).status == 0


def test_a_script_must_say_yes_and_an_unknown_customer_is_refused(shop: Path) -> None:
    assert cstui("--db", "shop.db", "forget", "c-9", home=shop).status == 2
    assert cstui("--db", "shop.db", "forget", "nobody", "--yes", home=shop).status == 1
    assert cstui("--demo", "forget", "c-1150", "--yes", home=shop).status == 2
    assert held(shop / "shop.db")


def test_imports_that_mentioned_them_can_still_be_taken_back(shop: Path) -> None:
    cstui("--db", "shop.db", "forget", "c-9", "--yes", home=shop)
    for _ in range(2):
        done = cstui("--db", "shop.db", "undo", home=shop)
        assert done.status == 0, done
    assert cstui("--db", "shop.db", "doctor", home=shop).status == 0
    assert cstui("--db", "shop.db", "customers", "--json", home=shop).json["customers"] == []
