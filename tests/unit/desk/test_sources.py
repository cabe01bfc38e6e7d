"""Unknown files guessed at, the guess kept as a source of one's own, and the file known from then on."""

from __future__ import annotations

from pathlib import Path

import pytest

from cstui.base.errors import UnknownField, UsageError
from cstui.desk.sources import SourceExists, check, first_rows, guess, listing, save_source
from cstui.ingest.source_text import BadSource
from tests.unit.store.import_calls import bring, select

UNKNOWN = (
    "Account;Firm;Begin;Monthly fee;Money;Contact mail;State of things;Feeling\n"
    "K-1;Acme;13/01/2026;1.020,50;EUR;a@x.example;active;9\n"
    "K-2;Bolt;02/02/2026;99,00;EUR;b@x.example;cancelled;3\n"
    "K-3;Cup;03/03/2026;10,00;EUR;c@x.example;active;\n"
)


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "data" / "cstui" / "sources"


@pytest.fixture
def unknown(tmp_path: Path) -> str:
    path = tmp_path / "unknown.csv"
    path.write_text(UNKNOWN, encoding="utf-8")
    return str(path)


def test_columns_are_guessed_by_header_and_by_content_with_the_reason(unknown: str) -> None:
    found = guess(unknown, "subscriptions")
    given = {column.field: (column.header, column.why) for column in found.columns if column.field}
    assert given["customer_id"] == ("Account", "the header is another word for customer_id")
    assert given["amount"] == ("Monthly fee", "the header is another word for amount")
    assert given["started_at"] == ("Begin", "its cells are dates")
    assert given["currency"] == ("Money", "its cells are currency codes")
    assert given["status"] == ("State of things", "its cells are words for status: active, cancelled")
    assert [column.looks for column in found.columns] == ["text", "text", "date", "number", "text", "email", "text", "number"]
    assert found.columns[0].samples == ("K-1", "K-2", "K-3")
    assert found.required == ("subscription_id", "customer_id", "started_at", "amount")


def test_the_likeliest_kind_comes_first(tmp_path: Path) -> None:
    path = tmp_path / "tickets.csv"
    path.write_text("Case number,Client,Opened,Closed,Title\n1,c1,2026-01-01,2026-01-02,Help\n2,c2,2026-01-03,,More\n", encoding="utf-8")
    found = guess(str(path))
    assert found.kind == found.kinds[0] == "interactions"
    assert found.missing == ()
    assert {column.field for column in found.columns} == {"interaction_id", "customer_id", "at", "resolved_at", "subject"}


def test_a_mapping_shows_its_first_rows_as_they_would_be_kept(unknown: str) -> None:
    mapping = {"customer_id": "Account", "subscription_id": "Account", "started_at": "Begin", "amount": "Monthly fee", "currency": "Money"}
    found = first_rows(unknown, "subscriptions", mapping, {"interval": "month"})
    assert (found.read, found.refused, found.problems) == (3, 0, ())
    kept = {(column.header, column.field): [row[at] for row in found.rows] for at, column in enumerate(found.columns)}
    assert kept["Begin", "started_at"] == ["2026-01-13", "2026-02-02", "2026-03-03"]
    assert kept["Monthly fee", "amount"] == ["1020.50", "99.00", "10.00"]
    assert kept["Account", "subscription_id"] == kept["Account", "customer_id"] == ["K-1", "K-2", "K-3"]


def test_a_kept_mapping_is_recognised_next_time(unknown: str, tmp_path: Path, own_folder: Path) -> None:
    mapping = {"customer_id": "Account", "name": "Firm", "created_at": "Begin", "email": "Contact mail"}
    path = save_source("Our “CRM”", "customers", mapping, {"channel": "crm"}, "DMY")
    assert path == own_folder / "our_crm.toml"
    assert next((entry.name, entry.own) for entry in listing()) == ("our_crm", True)
    found = check(unknown)
    assert (found.taken_for, found.kinds) == ("our_crm", ("customers",))
    outcome = bring(tmp_path / "w.db", UNKNOWN)
    assert [(file.kind, file.source, file.created) for file in outcome.files] == [("customers", "Our “CRM”", 3)]
    rows = select(tmp_path / "w.db", "SELECT customer_id, name, channel, date(created_at * 86400, 'unixepoch') FROM customer ORDER BY 1")
    assert rows[1] == ("K-2", "Bolt", "crm", "2026-02-02")
    with pytest.raises(SourceExists):
        save_source("our crm", "customers", mapping, {})
    save_source("our crm", "customers", {"customer_id": "Account"}, {}, replace=True)
    assert listing()[0].columns == ("Account",)


def test_a_person_s_own_source_comes_before_ours(tmp_path: Path) -> None:
    save_source("mine", "customers", {"customer_id": "id", "name": "Description"}, {})
    found = check_text(tmp_path, "id,Description,Created (UTC),Delinquent,Total Spend\n1,a,2026-01-01,false,0\n")
    assert found == "mine"


def check_text(tmp_path: Path, text: str) -> str | None:
    path = tmp_path / "export.csv"
    path.write_text(text, encoding="utf-8")
    return check(str(path)).taken_for


def test_a_check_says_what_a_file_lacks(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("id,Created (UTC),Amount\n1,2026-01-01,5\n", encoding="utf-8")
    found = check(str(path))
    assert found.taken_for is None
    assert found.fits[0].name == "stripe_payments"
    assert found.fits[0].lacking == ("none of the columns “Seller Message”, “PaymentIntent ID”",)
    with pytest.raises(UsageError, match="no source “nope”"):
        check(str(path), "nope")


def test_what_can_t_be_kept_says_so(own_folder: Path) -> None:
    with pytest.raises(UnknownField):
        save_source("x", "customers", {"colour": "Colour"}, {})
    with pytest.raises(UsageError, match="at least one column"):
        save_source("x", "customers", {}, {})
    with pytest.raises(UsageError, match="a letter or a digit"):
        save_source("***", "customers", {"customer_id": "A"}, {})
    assert not own_folder.exists()


@pytest.mark.parametrize("header", ["@name", "/etc/", "#", "Ünï “x” \\ y", "با سلام"])
def test_odd_headers_are_known_again(header: str, tmp_path: Path) -> None:
    save_source("odd", "customers", {"customer_id": header}, {})
    assert check_text(tmp_path, f'"{header}",other\nc1,2\n') == "odd"


def test_a_broken_source_of_one_s_own_says_where(own_folder: Path, unknown: str) -> None:
    own_folder.mkdir(parents=True)
    (own_folder / "mine.toml").write_text('headers = ["a"]\n[[becomes]]\nkind = "customers"\n[becomes.fields]\ncolour = "Colour"\n')
    with pytest.raises(BadSource, match=r"“mine”.*no field “colour”"):
        check(unknown)
