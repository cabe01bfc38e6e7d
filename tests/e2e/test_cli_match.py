"""`cstui import --match` on the real program: said before, done, done again, taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.command import cstui

pytestmark = pytest.mark.e2e
WEB = "customer_id,plan,email\nweb-1,pro,ANN@acme.com\nweb-2,team,it@acme.com\nweb-3,pro,x@gmail.com\n"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A folder with a workspace of two customers, and a file of another program's."""
    (tmp_path / "c.csv").write_text("customer_id,name,email\nc-1,Acme,ann@acme.com\nc-2,Zoe,zoe@gmail.com\n", encoding="utf-8")
    (tmp_path / "web.csv").write_text(WEB, encoding="utf-8")
    assert cstui("import", "c.csv", "--db", "shop.db", home=tmp_path).status == 0
    return tmp_path


def test_who_would_join_then_joins_and_is_taken_back(shop: Path) -> None:
    before = cstui("customers", "--json", "--db", "shop.db", home=shop).out
    wanted = [{"line": 2, "id": "web-1", "customer_id": "c-1", "by": "email", "value": "ann@acme.com"}]
    dry = cstui("import", "web.csv", "--match", "email", "--dry-run", "--json", "--db", "shop.db", home=shop).json["files"][0]
    assert (dry["joined_rows"], dry["joined"], dry["created"], dry["updated"]) == (1, wanted, 2, 1)
    assert cstui("customers", "--json", "--db", "shop.db", home=shop).out == before
    asked = ("--match", "email", "--match", "domain", "--db", "shop.db")
    done = cstui("import", "web.csv", *asked, home=shop)
    assert "joined: web.csv: 2 rows join a known customer" in done.err
    assert "web-2 joins c-1 (same domain: acme.com)" in done.err
    again = cstui("import", "--again", "--json", "--db", "shop.db", home=shop).json["files"][0]
    assert (again["joined_rows"], again["created"], again["updated"], again["unchanged"]) == (2, 0, 0, 3)
    assert cstui("imports", "2", "--json", "--db", "shop.db", home=shop).json["files"][0]["joined_rows"] == 2
    assert cstui("undo", "--db", "shop.db", home=shop).status == 0  # the one that changed nothing is passed over
    assert cstui("customers", "--json", "--db", "shop.db", home=shop).out == before
    assert cstui("doctor", "--db", "shop.db", home=shop).status == 0


def test_it_is_absent_unless_asked_and_another_key_is_wrong_usage(shop: Path) -> None:
    assert "joined" not in cstui("import", "web.csv", "--dry-run", "--json", "--db", "shop.db", home=shop).json["files"][0]
    assert cstui("import", "web.csv", "--match", "phone", "--db", "shop.db", home=shop).status == 2
    assert cstui("import", "--again", "--match", "email", "--db", "shop.db", home=shop).status == 2


ZENDESK = "Summation column,Id,Requester,Requester id,Requester email,Organization,Status,Created at,Satisfaction Score\n"
INTERCOM = "conversation_id,message_created_at,user_id,user_email,conversation_state\n"
TICKETS = {
    "zendesk.csv": (
        ZENDESK + "1,11,Ann,77,Ann@acme.com,ACME Int.,Solved,2026-03-01 10:00,\n1,12,Bo,78,bo@acme.com,ACME Int.,Open,2026-03-02 10:00,\n",
        "domain",
    ),
    "intercom.csv": (INTERCOM + "5,2026-03-01 10:00,u-9,ann@acme.com,open\n5,2026-03-01 11:00,u-9,ann@acme.com,open\n", "email"),
    "tickets.csv": ("interaction_id,customer_id,at,Requester email\nt1,x-9,2026-03-01,ann@acme.com\n", "email"),
    "payments.csv": ("payment_id,customer_id,paid_at,amount,customer email\np1,x-9,2026-03-01,5,ANN@acme.com\n", "email"),
}


@pytest.mark.parametrize("name", TICKETS)
def test_rows_without_a_field_for_it_are_matched_by_their_file_s_address_which_is_not_kept(shop: Path, name: str) -> None:
    text, key = TICKETS[name]
    (shop / name).write_text(text, encoding="utf-8")
    asked = ("import", name, "--json", "--db", "shop.db")
    plain = cstui(*asked, "--dry-run", home=shop).json["files"][0]
    found = cstui(*asked, "--match", key, home=shop).json["files"][0]
    assert (found["created"], found["joined_rows"]) == (plain["created"], found["created"])
    assert {join["customer_id"] for join in found["joined"]} == {"c-1"}
    assert [customer["customer_id"] for customer in cstui("customers", "--json", "--db", "shop.db", home=shop).json["customers"]] == [
        "c-1", "c-2",
    ]  # fmt: skip
    again = cstui(*asked, "--match", key, home=shop).json["files"][0]
    assert (again["created"], again["unchanged"]) == (0, found["created"])
    assert cstui("export", found["kind"], "-o", "out.csv", "--db", "shop.db", home=shop).status == 0
    assert "ann@acme.com" not in (shop / "out.csv").read_text(encoding="utf-8").casefold()
