"""`cstui redo`, `cstui imports IMPORT --rows` and `cstui import --again` on the real program."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.command import cstui

pytestmark = pytest.mark.e2e
SUBS = "Abo,customer_id,started_at,amount,currency\ns-1,c-1,2026-01-01,5,USD\ns-2,c-2,2026-01-01,5,USD\n"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A folder with a workspace of one import that needed to be told a column."""
    (tmp_path / "s.csv").write_text(SUBS, encoding="utf-8")
    assert cstui("import", "s.csv", "--map", "subscription_id=Abo", "--db", "shop.db", home=tmp_path).status == 0
    return tmp_path


def test_back_and_again(shop: Path) -> None:
    before = cstui("metrics", "mrr", "--json", "--db", "shop.db", home=shop).out
    taken = cstui("undo", "--db", "shop.db", "--json", home=shop).json
    assert (taken["reversed"], taken["kept"], taken["failed"]) == (2, 0, 0)
    rows = cstui("imports", "1", "--rows", "--limit", "1", "--db", "shop.db", "--json", home=shop).json["rows"]
    assert rows == [{"outcome": "reversed", "kind": "subscriptions", "id": "s-1", "why": None}]
    assert b"reversed  subscriptions  s-1" in cstui("imports", "1", "--rows", "--db", "shop.db", home=shop).out
    assert cstui("redo", "--db", "shop.db", "--json", home=shop).json == {
        "schema": 1, "import_id": 1, "redone": 2, "kept": 0, "kept_why": [],
    }  # fmt: skip
    assert cstui("metrics", "mrr", "--json", "--db", "shop.db", home=shop).out == before
    assert cstui("redo", "--db", "shop.db", "--json", home=shop).json["error"]["code"] == "unknown-import"
    assert cstui("doctor", "--db", "shop.db", home=shop).status == 0


def test_undo_passes_over_what_changed_nothing_and_says_so(shop: Path) -> None:
    assert cstui("import", "--again", "--db", "shop.db", "--json", home=shop).json["files"][0]["unchanged"] == 2
    done = cstui("undo", "--db", "shop.db", home=shop)
    assert "Passed over, because it changed nothing: import 2." in done.err
    assert b"Import 1 taken back: 2 rows" in done.out
    nothing = cstui("undo", "--db", "shop.db", "--json", home=shop)
    assert (nothing.status, nothing.json["error"]["code"]) == (1, "unknown-import")
    assert "No import that stands changed anything" in nothing.json["error"]["message"]
    assert cstui("undo", "2", "--db", "shop.db", "--json", home=shop).json["reversed"] == 0, "named, it is taken back all the same"
    assert cstui("redo", "1", "--db", "shop.db", home=shop).status == 0
    assert cstui("undo", "--db", "shop.db", "--json", home=shop).json["skipped"] == []


def test_an_import_that_changed_nothing_does_not_name_undo(shop: Path) -> None:
    """`cstui undo` would take the import before it back."""
    again = cstui("import", "--again", "--db", "shop.db", home=shop).err
    assert "Import 2 changed nothing: all of it was there already." in again
    assert "cstui undo" not in again


def test_where_no_row_is_refused_no_file_of_refused_rows_is_written(shop: Path) -> None:
    done = cstui("import", "--again", "--rejects", "refused.csv", "--db", "shop.db", home=shop)
    assert done.status == 0
    assert "No row was refused: refused.csv was not written." in done.err
    assert not (shop / "refused.csv").exists()
    (shop / "refused.csv").write_text("mine")
    assert "was left as it was" in cstui("import", "--again", "--rejects", "refused.csv", "--db", "shop.db", home=shop).err
    assert (shop / "refused.csv").read_text() == "mine"


def test_the_last_import_again(shop: Path) -> None:
    (shop / "s.csv").write_text(SUBS.replace(",5,", ",6,"), encoding="utf-8")
    came = cstui("import", "--again", "--db", "shop.db", "--json", home=shop).json
    assert (came["import_id"], came["files"][0]["updated"], came["files"][0]["source"]) == (2, 2, "mapped")
    first = cstui("imports", "1", "--db", "shop.db", "--json", home=shop).json
    assert first["built_on"] == [{"import_id": 2, "kind": "subscriptions", "rows": 2}]
    (shop / "s.csv").write_text(SUBS.replace("amount", "price"), encoding="utf-8")
    shape = cstui("import", "--again", "--db", "shop.db", "--json", home=shop)
    assert (shape.status, shape.json["error"]["code"]) == (1, "changed-shape")
    assert "gone: amount; new: price" in shape.json["error"]["message"]
    (shop / "s.csv").unlink()
    assert cstui("import", "--again", "--db", "shop.db", "--json", home=shop).json["error"]["code"] == "unreadable"
    assert cstui("import", "--again", "s.csv", "--db", "shop.db", home=shop).status == 2
    assert cstui("import", "--db", "shop.db", home=shop).status == 2
