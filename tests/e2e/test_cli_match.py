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
    for _ in range(2):
        assert cstui("undo", "--db", "shop.db", home=shop).status == 0
    assert cstui("customers", "--json", "--db", "shop.db", home=shop).out == before
    assert cstui("doctor", "--db", "shop.db", home=shop).status == 0


def test_it_is_absent_unless_asked_and_another_key_is_wrong_usage(shop: Path) -> None:
    assert "joined" not in cstui("import", "web.csv", "--dry-run", "--json", "--db", "shop.db", home=shop).json["files"][0]
    assert cstui("import", "web.csv", "--match", "phone", "--db", "shop.db", home=shop).status == 2
    assert cstui("import", "--again", "--match", "email", "--db", "shop.db", home=shop).status == 2
