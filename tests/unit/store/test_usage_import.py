"""Rows of use keep every promise of the other kinds: exact counts, provenance, repetition, undo, and rollups in step."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from cstui.desk.workspace import open_workspace
from cstui.store import rollups
from cstui.store.undo import undo
from tests.unit.store.import_calls import AT, bring, content, counts, one, select

HEADER = "customer_id,date,user_id,sessions,minutes,events\n"
FIRST = date(2025, 1, 25)


def usage(workspace: Path) -> list[tuple[Any, ...]]:
    """Every row of use by the names that files have for it, with its line."""
    return select(
        workspace,
        "SELECT c.fold, ifnull(w.user_id, ''), u.month, u.dom, u.sessions, u.minutes, u.events, u.line FROM usage AS u "
        "JOIN customer AS c ON c.id = u.customer_id LEFT JOIN usage_user AS w ON w.id = u.user_id ORDER BY 1, 2, 3, 4",
    )


def state(workspace: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Everything there is, use and its rollups included."""
    return {
        **content(workspace),
        "usage": usage(workspace),
        "user": select(workspace, "SELECT user_id FROM usage_user ORDER BY 1"),
        "day": select(workspace, "SELECT * FROM usage_day ORDER BY 1"),
        "prior": select(workspace, "SELECT count(*) FROM usage_prior"),
    }


def in_step(workspace: Path) -> tuple[str, ...]:
    """Rollups that are not what the facts give."""
    with open_workspace(workspace).read() as db:
        return rollups.differences(db)


def some_file(chance: random.Random) -> str:
    """Rows of a few customers, users and days, so that keys meet in a file and between files."""

    def row() -> str:
        day = FIRST + timedelta(days=chance.randrange(50))
        values = (chance.choice(("", "1", "2")), chance.choice(("", "0.5", "3.25")), chance.choice(("", "7")))
        return f"c{chance.randrange(3)},{day},{chance.choice(('', 'u1', 'u2'))},{','.join(values)}\n"

    return HEADER + "".join(row() for _ in range(chance.randrange(1, 60)))


def test_rows_come_in_with_their_place(tmp_path: Path) -> None:
    workspace = tmp_path / "desk.db"
    found = one(workspace, HEADER + "c1,2025-01-31,u1,2,2.5,9\nc1,2025-01-31,,,,\nc2,2025-02-01,u1,1,,\n")
    assert counts(found) == (3, 3, 0, 0, 0)
    month = 2025 * 12
    assert usage(workspace) == [
        ("c1", "", month, 31, None, None, None, 3),
        ("c1", "u1", month, 31, 2, 2500, 9, 2),
        ("c2", "u1", month + 1, 1, 1, None, None, 4),
    ]
    assert select(workspace, "SELECT dau, wau, mau FROM usage_day") == [(2, 2, 2), (1, 3, 3)]
    assert select(workspace, "SELECT days, sessions FROM usage_month ORDER BY month, user_id") == [(1 << 30, None), (1 << 30, 2), (1, 1)]
    assert select(workspace, "SELECT n, first, last FROM coverage WHERE kind = 'usage'") == [(3, 20119, 20120)]
    assert select(workspace, "SELECT as_of FROM state") == [(20120,)]


def test_what_cannot_be_is_refused_by_column(tmp_path: Path) -> None:
    rows = (",2025-01-01,,1,,", "c1,2025-02-30,,1,,", "c1,2025-01-01,,-1,,", "c1,2025-01-01,,1.5,,", "c1,2025-01-01,,,nan,", "c1,,,1,,")
    text = HEADER + "".join(f"{row}\n" for row in rows) + "c1,2025-01-01,,1\nc1,2025-01-01,,1,1,1,1\n   , ,,,,\nc1,2025-01-02,u,1,1,1\n"
    found = one(tmp_path / "desk.db", text)
    assert counts(found) == (9, 1, 0, 0, 8)
    assert [(problem.line, problem.column, problem.code) for problem in found.problems] == [
        (2, "customer_id", "missing-value"),
        (3, "date", "not-a-date"),
        (4, "sessions", "constraint-error"),
        (5, "sessions", "not-a-number"),
        (6, "minutes", "not-a-number"),
        (7, "date", "missing-value"),
        (8, "minutes", "missing-cell"),
        (9, None, "extra-cell"),
    ]
    assert usage(tmp_path / "desk.db") == [("c1", "u", 24300, 2, 1, 1000, 1, 11)]


def test_cells_of_all_ways_of_writing(tmp_path: Path) -> None:
    text = (
        "Customer ID;date;user_id;sessions;minutes;events\r\n"
        'c1;31/01/2025;"u;1";۱۲;1,5;1.234\r\n c1 ;2025-01-30 23:15:00;ب;"3";1;0\r\n"c\n2";2025-01-29;;+4;;7\r\nc1;29/01/2025;0;4;0,125;\r\n'
    )
    assert counts(one(tmp_path / "desk.db", text)) == (4, 4, 0, 0, 0)
    assert [row[:2] + row[3:] for row in usage(tmp_path / "desk.db")] == [
        ("c1", "0", 29, 4, 125, None, 6),
        ("c1", "u;1", 31, 12, 1500, 1234, 2),
        ("c1", "ب", 30, 3, 1000, 0, 3),
        ("c·2", "", 29, 4, None, 7, 4),
    ]


def some_number(chance: random.Random, points: str) -> str:
    """A count or a decimal in one of the three sets of digits, now and then with marks that it may or may not have."""
    number = f"{chance.randrange(10 ** chance.randrange(1, 7))}"
    if chance.random() < 0.5:
        number += chance.choice(points) + f"{chance.randrange(1000)}"[: chance.randrange(1, 4)]
    if chance.random() < 0.1:
        at = chance.randrange(len(number) + 1)
        number = number[:at] + chance.choice(("٬", "٫", ",", ".", "-", "\u2212", " ", "%", "٪", "۰", "x", "\u200f")) + number[at:]
    digits = chance.choice(("0123456789", "۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩"))
    return number.translate(str.maketrans("0123456789", digits)) if chance.random() < 0.9 else number


@pytest.mark.parametrize("points", [".", ",", "٫", "٫.", "٫,"])
@pytest.mark.parametrize("seed", range(6))
def test_cells_are_the_same_by_their_places_and_in_quotes(seed: int, points: str, tmp_path: Path) -> None:
    """What stands bare in a file is read a column at a time, what is quoted cell by cell."""
    chance = random.Random(f"{seed} {points}")
    header = HEADER.strip().split(",")
    days = ("2025-01-31", "۱۴۰۳/۱۱/۱۲", "1403-11-13", "۲۰۲۵-۰۱-۰۲")
    rows = [
        [f"c{n % 7}", chance.choice(days), f"u{n}", f"{n % 4}", some_number(chance, points), some_number(chance, points)]
        for n in range(200)
    ]
    texts = ["\n".join(";".join(quote + cell + quote for cell in row) for row in [header, *rows]) + "\n" for quote in ("", chr(34))]
    bare, quoted = (one(tmp_path / f"{at}.db", text) for at, text in enumerate(texts))
    assert counts(bare) == counts(quoted)
    assert bare.problems == quoted.problems
    assert bare.created > len(rows) // 5
    assert usage(tmp_path / "0.db") == usage(tmp_path / "1.db")


def test_rows_of_one_key_apply_in_order(tmp_path: Path) -> None:
    workspace = tmp_path / "desk.db"
    text = HEADER + "c1,2025-01-01,u,1,,\nc1,2025-01-01,u,,2,\nc1,2025-01-01,u,1,2,\nc1,2025-01-01,u,3,,\n"
    found = one(workspace, text)
    assert counts(found) == (4, 1, 2, 1, 0)
    assert [(odd.code, odd.lines) for odd in found.oddities if odd.code == "duplicate-key"] == [("duplicate-key", (3, 5))]
    assert usage(workspace) == [("c1", "u", 24300, 1, 3, 2000, None, 5)]
    assert counts(one(workspace, text)) == (4, 0, 0, 4, 0)


def test_clear_empties_and_an_empty_cell_leaves(tmp_path: Path) -> None:
    workspace = tmp_path / "desk.db"
    one(workspace, HEADER + "c1,2025-01-01,u,1,2,3\n")
    assert counts(one(workspace, HEADER + "c1,2025-01-01,u,,,3\n")) == (1, 0, 0, 1, 0)
    assert counts(one(workspace, HEADER + "c1,2025-01-01,u,,5,3\n", clear=True)) == (1, 0, 1, 0, 0)
    assert usage(workspace) == [("c1", "u", 24300, 1, None, 5000, 3, 2)]


def test_a_constant_fills_what_a_file_lacks(tmp_path: Path) -> None:
    workspace = tmp_path / "desk.db"
    one(
        workspace,
        "customer_id,date,user_id\nc1,2025-01-01,\nc1,2025-01-02,u\n",
        constants={"user_id": "all", "sessions": "2"},
        kind="usage",
    )
    assert [(row[1], row[4]) for row in usage(workspace)] == [("all", 2), ("u", 2)]


def test_rows_dated_after_the_import_do_not_move_as_of(tmp_path: Path) -> None:
    workspace = tmp_path / "desk.db"
    found = one(workspace, HEADER + "c1,2025-01-01,,1,,\nc1,2030-01-01,,1,,\n")
    assert [odd.code for odd in found.oddities] == ["future-date", "unknown-customer"]
    assert select(workspace, "SELECT as_of FROM state") == [(20089,)]
    assert select(workspace, "SELECT day, dau FROM usage_day") == [(20089, 1)]
    assert in_step(workspace) == ()


@pytest.mark.parametrize("seed", range(10))
def test_rollups_are_what_the_rows_say(seed: int, tmp_path: Path) -> None:
    chance, workspace = random.Random(seed), tmp_path / "desk.db"
    for _ in range(3):
        bring(workspace, some_file(chance), some_file(chance))
    rows = select(workspace, "SELECT month, customer_id, user_id, dom FROM usage")
    active = {((date(m // 12, m % 12 + 1, d) - date(1970, 1, 1)).days, c, u) for m, c, u, d in rows}
    days = [day for day, _, _ in active]
    expected = [
        (end, *(len({(c, u) for day, c, u in active if end - width < day <= end}) for width in (1, 7, 30)))
        for end in range(min(days), max(days) + 1)
    ]
    assert select(workspace, "SELECT * FROM usage_day ORDER BY day") == expected
    assert in_step(workspace) == ()


@pytest.mark.parametrize("seed", range(10))
def test_a_repeated_import_changes_nothing(seed: int, tmp_path: Path) -> None:
    chance, workspace = random.Random(seed), tmp_path / "desk.db"
    files = [some_file(chance), some_file(chance)]
    bring(workspace, *files)
    before = state(workspace)
    for outcome in bring(workspace, *files).files:
        assert (outcome.created, outcome.updated, outcome.unchanged) == (0, 0, outcome.read)
    assert state(workspace) == before


@pytest.mark.parametrize("seed", range(10))
def test_a_preview_says_what_comes(seed: int, tmp_path: Path) -> None:
    chance, workspace = random.Random(seed), tmp_path / "desk.db"
    one(workspace, some_file(chance))
    text, before = some_file(chance), state(workspace)
    preview = bring(workspace, text, commit=False).files[0]
    assert state(workspace) == before
    assert counts(one(workspace, text)) == counts(preview)
    there, after = {row[:4] for row in before["usage"]}, usage(workspace)
    assert preview.created == len(after) - len(there)


@pytest.mark.parametrize("seed", range(10))
def test_undoing_the_last_import_brings_back_what_was(seed: int, tmp_path: Path) -> None:
    chance, workspace = random.Random(seed), tmp_path / "desk.db"
    one(workspace, "customer_id\nc0\n")
    states = [state(workspace)]
    for _ in range(4):
        bring(workspace, *[some_file(chance) for _ in range(chance.randrange(1, 3))])
        states.append(state(workspace))
    for before in reversed(states[:-1]):
        undo(workspace, None, AT)
        assert state(workspace) == before
        assert in_step(workspace) == ()


@pytest.mark.parametrize("seed", range(10))
def test_undoing_all_in_any_order_leads_to_the_start(seed: int, tmp_path: Path) -> None:
    chance, workspace = random.Random(seed), tmp_path / "desk.db"
    one(workspace, "customer_id\nc0\n")
    start = state(workspace)
    numbers = [
        bring(workspace, some_file(chance), "subscription_id,customer_id,started_at,amount\ns1,c1,2025-01-01,5\n").import_id
        for _ in range(4)
    ]
    chance.shuffle(numbers)
    for number in numbers:
        undo(workspace, number, AT)
    assert state(workspace) == start


def test_a_row_changed_since_is_kept_and_said(tmp_path: Path) -> None:
    workspace = tmp_path / "desk.db"
    one(workspace, HEADER + "c1,2025-01-01,u,1,,\nc1,2025-01-02,u,1,,\n")
    one(workspace, HEADER + "c1,2025-01-01,u,2,,\n")
    done = undo(workspace, 1, AT)
    assert (done.reversed, done.kept, done.why) == (1, 1, ("usage c1 on 2025-01-01 by u: changed since by import 2",))
    assert [row[4] for row in usage(workspace)] == [2]


@pytest.mark.parametrize("seed", range(4))
def test_a_month_looked_at_in_parts_is_the_same(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [some_file(random.Random(seed * 10 + number)) for number in range(3)]
    whole, parts = tmp_path / "whole.db", tmp_path / "parts.db"
    expected = [counts(one(whole, text)) for text in files]
    monkeypatch.setattr("cstui.store.usage_classify.AT_ONCE", 2)
    assert [counts(one(parts, text)) for text in files] == expected
    assert state(parts) == state(whole)
    assert in_step(parts) == ()
