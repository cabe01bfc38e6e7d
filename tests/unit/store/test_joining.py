"""Customers matched by e-mail address or domain, on demand: who joins whom, what that changes, and that it can be taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from cstui.base.errors import UsageError
from cstui.base.outcome import Join, Joins
from cstui.desk.importing import FileOutcome, log
from cstui.desk.workspace import open_workspace
from cstui.store.undo import undo
from tests.unit.store.import_calls import AT, bring, content, counts, one, select

HEAD = "customer_id,name,email,plan\n"
KNOWN = HEAD + (
    "c-1,Acme,Ann@Acme.com,pro\nc-2,Globex,bob@globex.com,pro\nc-3,Globex Iran,eve@globex.com,basic\nc-4,Zoe,zoe@gmail.com,basic\n"
)
CUSTOMERS = "SELECT customer_id, name, email, plan FROM customer ORDER BY customer_id"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Four customers: one alone at its domain, two of one domain, one with free mail."""
    path = tmp_path / "w.db"
    one(path, KNOWN)
    return path


def joined(file: FileOutcome) -> list[tuple[int, str, str, str, str]]:
    assert file.joined is not None
    assert file.joined.rows == len(file.joined.first)
    return [(j.line, j.id, j.customer_id, j.by, j.value) for j in file.joined.first]


def doubtful(file: FileOutcome) -> list[tuple[int, tuple[int, ...]]]:
    return [(odd.count, odd.lines) for odd in file.oddities if odd.code == "several-candidates"]


def test_nothing_joins_unless_asked(workspace: Path) -> None:
    file = one(workspace, HEAD + "web-1,Acme Inc,ann@acme.com,pro\n")
    assert (counts(file), file.joined) == ((1, 1, 0, 0, 0), None)


def test_by_email_whatever_its_case(workspace: Path) -> None:
    file = one(workspace, HEAD + "web-1,Acme Inc,ANN@ACME.COM,pro\nweb-2,New,new@acme.com,pro\nc-2,,,team\n", match="email")
    assert counts(file) == (3, 1, 2, 0, 0)
    assert joined(file) == [(2, "web-1", "c-1", "email", "ann@acme.com")]
    assert select(workspace, CUSTOMERS)[:2] == [("c-1", "Acme Inc", "ANN@ACME.COM", "pro"), ("c-2", "Globex", "bob@globex.com", "team")]
    assert ("web-2",) in select(workspace, "SELECT customer_id FROM customer")


def test_by_domain_the_address_stays_and_free_mail_is_none(workspace: Path) -> None:
    rows = "web-1,,new@acme.com,team\nweb-2,Zed,zed@gmail.com,\nweb-3,Three,x@globex.com,\nweb-4,,BOB@globex.com,team\n"
    file = one(workspace, HEAD + rows, match="domain")
    assert joined(file) == [(2, "web-1", "c-1", "domain", "acme.com"), (5, "web-4", "c-2", "email", "bob@globex.com")]
    assert doubtful(file) == [(1, (4,))]
    assert counts(file) == (4, 2, 2, 0, 0)
    assert select(workspace, CUSTOMERS)[0] == ("c-1", "Acme", "Ann@Acme.com", "team")
    assert len(select(workspace, CUSTOMERS)) == 6


def test_several_with_one_address_are_nobody(workspace: Path) -> None:
    one(workspace, HEAD + "c-5,Acme again,ann@acme.com,\n")
    file = one(workspace, HEAD + "web-1,Third,ann@acme.com,\n", match="domain")
    assert (joined(file), doubtful(file), counts(file)) == ([], [(1, (2,))], (1, 1, 0, 0, 0))


def test_a_customer_named_earlier_in_the_call_is_joined_across_files(tmp_path: Path) -> None:
    first, second = HEAD + "a-1,One,one@new.io,pro\n", HEAD + "b-1,,ONE@new.io,team\nb-2,,two@new.io,\n"
    outcome = bring(tmp_path / "w.db", first, second, match="domain")
    assert [joined(file) for file in outcome.files] == [
        [], [(2, "b-1", "a-1", "email", "one@new.io"), (3, "b-2", "a-1", "domain", "new.io")],
    ]  # fmt: skip
    assert select(tmp_path / "w.db", CUSTOMERS) == [("a-1", "One", "ONE@new.io", "team")]


def test_facts_join_by_an_id_that_is_an_address_and_by_the_respondent(workspace: Path) -> None:
    subs = "subscription_id,customer_id,started_at,amount,currency\ns-1,ANN@acme.com,2026-01-01,5,USD\n"
    answers = (
        "customer_id,answered_at,kind,score,respondent,response_id\nx-1,2026-01-01,nps,9,Bob <bob@globex.com>,r1\n"
        "x-2,2026-01-02,nps,8,it@acme.com,r2\nx-3,2026-01-02,nps,8,sales@globex.com,r3\nc-1,2026-01-02,nps,8,bob@globex.com,r4\n"
    )
    use = "customer_id,date,minutes\nann@acme.com,2026-01-02,5\nc-1,2026-01-02,7\nc-1,2026-01-03,7\n"
    use += "ops@acme.com,2026-01-03,1\nwho,2026-01-03,1\n"
    outcome = bring(workspace, subs, answers, use, match="domain")
    assert [joined(file) for file in outcome.files] == [
        [(2, "ANN@acme.com", "c-1", "email", "ann@acme.com")],
        [(2, "x-1", "c-2", "email", "bob@globex.com"), (3, "x-2", "c-1", "domain", "acme.com")],
        [(2, "ann@acme.com", "c-1", "email", "ann@acme.com"), (5, "ops@acme.com", "c-1", "domain", "acme.com")],
    ]
    assert doubtful(outcome.files[1]) == [(1, (4,))]
    named = "SELECT c.customer_id FROM {} AS t JOIN customer AS c ON c.id = t.customer_id ORDER BY 1"
    assert select(workspace, named.format("subscription")) == [("c-1",)]
    assert [row[0] for row in select(workspace, named.format("survey"))] == ["c-1", "c-1", "c-2", "x-3"]
    use_of = "SELECT c.customer_id, count(*), sum(minutes) FROM usage AS t JOIN customer AS c ON c.id = t.customer_id GROUP BY 1 ORDER BY 1"
    assert select(workspace, use_of) == [("c-1", 2, 8_000), ("who", 1, 1_000)]
    stubs = "SELECT customer_id FROM customer WHERE stub ORDER BY 1"
    assert select(workspace, stubs) == [("who",), ("x-3",)]


def test_a_preview_says_it_and_changes_nothing(workspace: Path) -> None:
    before = content(workspace)
    file = bring(workspace, HEAD + "web-1,,ann@acme.com,team\n", match="email", commit=False).files[0]
    assert file.joined == Joins(1, (Join(2, "web-1", "c-1", "email", "ann@acme.com"),))
    assert [(row.id, [f.field for f in row.fields]) for row in file.changes.first] == [("c-1", ["email", "plan"])]
    assert content(workspace) == before


def test_again_changes_nothing_and_undo_brings_back_what_was(workspace: Path) -> None:
    before = content(workspace)
    text = HEAD + "web-1,,new@acme.com,team\nweb-2,,b@globex.com,\nweb-3,,c@fresh.io,\nweb-4,,d@fresh.io,pro\n"
    assert counts(one(workspace, text, match="domain")) == (4, 2, 2, 0, 0)
    after = content(workspace)
    again = one(workspace, text, match="domain")
    assert (counts(again), len(joined(again))) == ((4, 0, 0, 4, 0), 2)
    assert content(workspace) == after
    undo(workspace, None, AT)
    assert content(workspace) == before


def test_the_log_keeps_who_joined(workspace: Path) -> None:
    one(workspace, HEAD + "web-1,,ann@acme.com,team\n", match="email")
    ws = open_workspace(workspace)
    first, second = log(ws)
    ws.close()
    assert first.files[0].joined is None
    assert second.files[0].joined == Joins(1, (Join(2, "web-1", "c-1", "email", "ann@acme.com"),))


def test_an_address_that_this_call_gives_a_known_customer_counts(workspace: Path) -> None:
    text = HEAD + "web-1,,old@acme.com,\nweb-2,,ann@acme.com,\nc-1,,old@acme.com,\n"
    file = one(workspace, text, match="email")
    assert [j[:3] for j in joined(file)] == [(2, "web-1", "c-1")]
    assert counts(one(workspace, text, match="email"))[1:3] == (0, 0)


def test_another_key_is_refused(workspace: Path) -> None:
    with pytest.raises(UsageError, match="email or domain"):
        one(workspace, KNOWN, match="phone")
