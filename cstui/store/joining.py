"""Staged rows whose customer nobody knows, given to the one customer who has their e-mail address, or its domain.

On demand, and before rows of one key are made one: afterwards they are rows of that customer like any other, compared,
merged, told and taken back in the same way. Writes the staging file only.

A call twice must come to the same as once, so a customer is decided once, by one address, and in the order of first
mention: whoever the workspace has, or has not joined another, is there to be joined. Rows that join by domain alone are
another person's of the same company: they leave the customer's own address as it is.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from json import loads
from typing import NamedTuple

from cstui.base.emails import address, company_domain
from cstui.base.outcome import FIRST_JOINED, Join, Joins
from cstui.base.text import fold_key
from cstui.store import usage_staging
from cstui.store.tables import TABLES, Table

EMAIL, DOMAIN = SECOND_KEYS = ("email", "domain")
FIRST_LINES = 10

_CALLED = """
SELECT r.ref, r.fold, r.raw, c.id IS NOT NULL FROM s_ref AS r LEFT JOIN customer AS c ON c.fold = r.fold ORDER BY r.ref
"""
_TOLD = "SELECT ref, iif(typeof(email) = 'text', email, '') FROM s_customer WHERE email IS NOT NULL ORDER BY seq"
_ANSWERED = "SELECT DISTINCT ref, respondent FROM s_survey WHERE typeof(respondent) = 'text' AND instr(respondent, '@') ORDER BY seq"
_KNOWN = "SELECT fold, customer_id, email, pinned FROM customer WHERE email <> '' OR instr(fold, '@')"
_PLACES = "FROM {} AS s JOIN s_join AS j ON j.ref = s.ref WHERE j.into_ref IS {} NULL"


@dataclass(slots=True)
class Found:
    """What a second key has come to in one file."""

    joins: Joins = field(default_factory=Joins)
    rows_in_doubt: int = 0
    """Rows for which there are several candidates; they keep a customer of their own."""
    lines: tuple[int, ...] = ()
    """The first of those."""


class _Decided(NamedTuple):
    """What was decided of a customer of the call whom the workspace does not have."""

    ref: int
    target: str | None
    """The folded id of the customer to join; None: there are several."""
    by: str
    value: str


class _Index:
    """Which customers have an address, and which one at a company's domain."""

    def __init__(self, second_key: str) -> None:
        self._ways = {EMAIL: address} if second_key == EMAIL else {EMAIL: address, DOMAIN: company_domain}
        self._found: dict[tuple[str, str], set[str]] = {}

    def add(self, fold: str, email: str) -> None:
        """A customer who can be joined."""
        for by, key_of in self._ways.items():
            if key := key_of(email):
                self._found.setdefault((by, key), set()).add(fold)

    def decide(self, ref: int, emails: Iterable[str]) -> _Decided | None:
        """Whom a customer with these addresses joins: by the address, and only if nobody has it by its domain."""
        for by, key_of in self._ways.items():
            keys = {key_of(email) for email in emails}
            key = keys.pop() if len(keys) == 1 else ""
            if there := self._found.get((by, key)) if key else None:
                return _Decided(ref, next(iter(there)) if len(there) == 1 else None, by, key)
        return None


def join(db: sqlite3.Connection, second_key: str, addresses: Mapping[int, Iterable[str]]) -> Mapping[int, Found]:
    """Give rows to the customers they join; by file what came of it. `s_ref` must be there, and no row folded away yet.

    `addresses`: a customer's number → e-mail addresses that no staged row holds.
    """
    called = db.execute(_CALLED).fetchall()
    decided = list(_decide(db, second_key, called, addresses))
    if not decided:
        return {}
    names = {fold: (ref, raw) for ref, fold, raw, _ in called}
    _number(db, [one.target for one in decided if one.target is not None], names)
    db.execute("CREATE TABLE s_join(ref INTEGER PRIMARY KEY, into_ref INTEGER, way TEXT, value TEXT, raw TEXT, customer TEXT)")
    raws = {ref: raw for ref, _, raw, _ in called}
    db.executemany(
        "INSERT INTO s_join(ref, into_ref, way, value, raw, customer) VALUES (?, ?, ?, ?, ?, ?)",
        ((d.ref, *_target(d, names, 0), d.by, d.value, raws[d.ref], *_target(d, names, 1)) for d in decided),
    )
    found: dict[int, Found] = {}
    for table in TABLES.values():
        if "ref" in table.values:
            _tell(db, table, found)
    _move(db, found)
    return found


def keep(db: sqlite3.Connection) -> None:
    """Keep in the workspace which ids have joined whom: forgetting a customer covers them. Inside the merge's transaction."""
    if not db.execute("SELECT EXISTS (SELECT 1 FROM stage.sqlite_master WHERE name = 's_join')").fetchone()[0]:
        return
    found = db.execute("SELECT r.fold, j.raw, j.way, j.value FROM s_join AS j JOIN s_ref AS r ON r.ref = j.into_ref").fetchall()
    db.executemany(
        "INSERT OR REPLACE INTO joined_customer(into_fold, fold, email) VALUES (?, ?, ?)",
        ((into, fold_key(raw), value if way == EMAIL else None) for into, raw, way, value in found),
    )


def _target(decided: _Decided, names: Mapping[str, tuple[int, str]], at: int) -> tuple[object]:
    return (None if decided.target is None else names[decided.target][at],)


def _decide(
    db: sqlite3.Connection, second_key: str, called: list[tuple[int, str, str, int]], addresses: Mapping[int, Iterable[str]]
) -> Iterator[_Decided]:
    told: dict[int, str] = dict(db.execute(_TOLD))
    answered = {ref: set(own) for ref, own in addresses.items()}
    for ref, respondent in db.execute(_ANSWERED):
        answered.setdefault(ref, set()).add(respondent)
    index = _Index(second_key)
    anew = {fold: told[ref] for ref, fold, _, known in called if known and ref in told}
    for fold, _, email, pinned in db.execute(_KNOWN):
        own = email if pinned and "email" in loads(pinned) else anew.pop(fold, email)
        index.add(fold, own or fold)
    for fold, email in anew.items():  # known, and without an address until this call
        index.add(fold, email or fold)
    for ref, fold, _, known in called:
        if known:
            continue
        own = told.get(ref) or fold
        decided = index.decide(ref, [own] if address(own) else answered.get(ref, ()))
        if decided is None or decided.target is None:
            index.add(fold, own)
        if decided is not None:
            yield decided


def _number(db: sqlite3.Connection, targets: Iterable[str], names: dict[str, tuple[int, str]]) -> None:
    """Numbers for customers who are joined and whom the call itself does not name."""
    after = max((ref for ref, _ in names.values()), default=-1) + 1
    for fold in dict.fromkeys(targets):
        if fold not in names:
            raw = db.execute("SELECT customer_id FROM customer WHERE fold = ?", (fold,)).fetchone()[0]
            names[fold] = (after, raw)
            db.execute("INSERT INTO s_ref(ref, fold, raw, file, line) VALUES (?, ?, ?, 0, 0)", (after, fold, raw))
            after += 1


def _tell(db: sqlite3.Connection, table: Table, found: dict[int, Found]) -> None:
    """Count a kind's rows that join, and those that can't be told, and keep the first."""
    joining, doubtful = (_PLACES.format(table.staged, word) for word in ("NOT", ""))
    for file, rows in db.execute(f"SELECT s.file, count(*) {joining} GROUP BY s.file").fetchall():
        told = f"SELECT s.line, j.raw, j.customer, j.way, j.value {joining} AND s.file = ? ORDER BY s.line LIMIT {FIRST_JOINED}"
        first = db.execute(told, (file,))
        found.setdefault(file, Found()).joins = Joins(rows, tuple(Join(*row) for row in first))
    for file, rows in db.execute(f"SELECT s.file, count(*) {doubtful} GROUP BY s.file").fetchall():
        lines = db.execute(f"SELECT s.line {doubtful} AND s.file = ? ORDER BY s.line LIMIT {FIRST_LINES}", (file,))
        own = found.setdefault(file, Found())
        own.rows_in_doubt, own.lines = rows, tuple(line for (line,) in lines)


def _move(db: sqlite3.Connection, found: dict[int, Found]) -> None:
    """Make the rows those of the customers they join."""
    db.execute("DELETE FROM s_ref WHERE ref IN (SELECT ref FROM s_join WHERE into_ref IS NOT NULL)")
    db.execute(f"UPDATE s_customer SET email = NULL WHERE ref IN (SELECT ref FROM s_join WHERE way = '{DOMAIN}' AND into_ref IS NOT NULL)")
    for table in TABLES.values():
        if "ref" in table.values:
            db.execute(
                f"UPDATE {table.staged} SET ref = j.into_ref FROM s_join AS j WHERE j.ref = {table.staged}.ref AND j.into_ref IS NOT NULL"
            )
    into = dict(db.execute("SELECT ref, into_ref FROM s_join WHERE into_ref IS NOT NULL"))
    words = {ref: told for ref, *told in db.execute("SELECT ref, raw, customer, way, value FROM s_join")}
    for file, rows in usage_staging.rejoin(db, into).items():
        first = tuple(Join(line, *words[ref]) for line, ref in rows[:FIRST_JOINED])
        found.setdefault(file, Found()).joins = Joins(len(rows), first)
