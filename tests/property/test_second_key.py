"""Matching by a second key: twice is once, an undo brings back what was, and rows go where an independent reading sends them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from cstui.store.undo import undo
from tests.unit.store.import_calls import AT, bring, content, select

HEAD = "customer_id,email,plan\n"
EMAILS = ("", "a@x.io", "A@X.io", "b@x.io", "c@y.io", "d@gmail.com", "e@gmail.com")
Rows = list[tuple[str, str, str]]


def rows(ids: str) -> st.SearchStrategy[Rows]:
    """Customers with few addresses, so that they often share one."""
    return st.lists(st.tuples(st.sampled_from(ids), st.sampled_from(EMAILS), st.sampled_from(("", "pro", "team"))), min_size=1, max_size=6)


def text(made: Rows) -> str:
    return HEAD + "".join(",".join(row) + "\n" for row in made)


def expected(known: Rows, made: Rows, by: str) -> dict[str, str]:
    """Id → the customer it is, as docs/commands.md has it: a customer is judged once, by the last address it is given."""

    def latest(found: Rows) -> dict[str, str]:
        emails: dict[str, str] = {}
        for name, email, _ in found:
            emails[name] = email.lower() or emails.get(name, "")
        return emails

    before, now = latest(known), latest(made)
    there = {name: now.get(name) or email for name, email in before.items()}
    went = {}
    for name, email in now.items():
        same = [other for other, own in there.items() if email and own == email]
        domain = email.partition("@")[2]
        near = [other for other, own in there.items() if domain not in ("", "gmail.com") and own.endswith(f"@{domain}")]
        fits = same or (near if by == "domain" else [])
        went[name] = fits[0] if name not in before and len(fits) == 1 else name
        if went[name] == name:
            there[name] = there.get(name) or email
    return went


@given(rows("klm"), rows("kwxyz"), rows("wxvu"), st.sampled_from(("email", "domain")))
@settings(max_examples=40, deadline=None)
def test_twice_is_once_and_back_is_back(known: Rows, made: Rows, more: Rows, by: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "w.db"
        bring(path, text(known))
        before = content(path)
        outcome = bring(path, text(made), text(more), match=by)
        after = content(path)
        assert_where_they_should(path, known, [*made, *more], by)
        for file in outcome.files:
            assert file.read == file.created + file.updated + file.unchanged + file.refused
        again = bring(path, text(made), text(more), match=by)
        assert [(file.created, file.updated) for file in again.files] == [(0, 0)] * 2
        assert [file.joined for file in again.files] == [file.joined for file in outcome.files]
        assert content(path) == after
        if any(file.created or file.updated for file in outcome.files):
            undo(path, None, AT)  # the second, which changed nothing, is passed over
        assert content(path) == before


def assert_where_they_should(path: Path, known: Rows, made: Rows, by: str) -> None:
    went = expected(known, made, by)
    wanted = {name for name, _, _ in known} | set(went.values())
    assert {name for (name,) in select(path, "SELECT customer_id FROM customer")} == wanted
    assert plans(path) == told_plans([*known, *((went[name], email, plan) for name, email, plan in made)])


def plans(path: Path) -> dict[str, str | None]:
    return dict(select(path, "SELECT customer_id, plan FROM customer"))


def told_plans(told: Sequence[tuple[str, str, str]]) -> dict[str, str | None]:
    """The last plan that anybody says of each customer."""
    found: dict[str, str | None] = {}
    for name, _, plan in told:
        found[name] = plan or found.get(name)
    return found
