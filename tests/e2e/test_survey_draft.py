"""A half-recorded answer outlives the program's sudden death, and what was recorded before it too."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.command import cstui as command
from tests.e2e.terminal import Terminal, cstui

pytestmark = pytest.mark.e2e


def drafted(path: Path, wanted: str) -> bool:
    """Whether the draft in the file says `wanted`."""
    with closing(sqlite3.connect(path)) as db:
        return any(wanted in value for (value,) in db.execute("SELECT value FROM draft"))


def test_a_draft_outlives_a_kill(tmp_path: Path) -> None:
    rows = "customer_id,name\nc-1,Kestrel Labs\nc-2,شركة النور\n"
    (tmp_path / "customers.csv").write_text(rows, encoding="utf-8")
    assert command("--db", "a.db", "import", "customers.csv", home=tmp_path).status == 0
    assert command("--db", "a.db", "settings", "company", "Acme", home=tmp_path).status == 0
    path = tmp_path / "a.db"
    with Terminal(cstui("--db", str(path))) as terminal:
        terminal.wait_for("Acme")
        terminal.press("4")
        terminal.wait_for(", newest")
        terminal.press("a")
        terminal.wait_for("tab next field")
        terminal.press("K", "e", "s")
        terminal.wait_for("▸ Kestrel Labs")
        terminal.press("enter")
        terminal.wait_for("score   ▁")
        terminal.press("9")
        terminal.wait_for("score   9")
        terminal.press(*"good", "enter")
        terminal.wait_for("recorded: NPS 9")
        terminal.press("c", "-", "2")
        terminal.wait_for("▸ ")
        terminal.press("enter")
        terminal.wait_for("score   ▁")
        terminal.press("4")
        terminal.wait_for("score   4")
        terminal.press(*"half a thou")
        limit = time.monotonic() + 30
        while not drafted(path, "half a thou"):
            assert time.monotonic() < limit, terminal.text
            terminal.wait_for("half a")
        assert terminal.child.pid is not None
        os.kill(terminal.child.pid, signal.SIGKILL)
        terminal.finish()
    with Terminal(cstui("--db", str(path)), columns=80, rows=24) as terminal:
        terminal.wait_for("Acme")
        terminal.press("4")
        terminal.wait_for("half a thou")
        terminal.press("a")
        terminal.wait_for("enter save")
        terminal.press(*"ght", "enter")
        terminal.wait_for("recorded: NPS 4")
        terminal.press("esc")
        terminal.wait_for("v list")
        terminal.press("q")
        assert terminal.finish() == 0
        terminal.assert_restored()
    listed = command("--db", "a.db", "survey", "list", "--json", home=tmp_path).json["answers"]
    assert [(one["customer_id"], one["score"], one["comment"]) for one in listed] == [("c-2", 4, "half a thought"), ("c-1", 9, "good")]
    assert command("--db", "a.db", "doctor", home=tmp_path).status == 0


def test_keys_that_arrive_at_once_go_where_each_was_meant(tmp_path: Path) -> None:
    """As over a slow line. Those after the key that opens the form were lost, or taken for commands of the list."""
    (tmp_path / "customers.csv").write_text("customer_id,name\nc-1,Kestrel Labs\nc-2,شركة النور\n", encoding="utf-8")
    assert command("--db", "a.db", "import", "customers.csv", home=tmp_path).status == 0
    assert command("--db", "a.db", "settings", "company", "Acme", home=tmp_path).status == 0
    with Terminal(cstui("--db", str(tmp_path / "a.db")), columns=80, rows=24) as terminal:
        terminal.wait_for("Acme")
        terminal.press("4")
        terminal.wait_for(", newest")
        terminal.child.send("akes\r9quite good\rc-2\r")
        terminal.wait_for("recorded: NPS 9")
        terminal.wait_for("customer  شركة النور")
        terminal.child.send("4\x1b")
        terminal.wait_for("v list")
        terminal.press("q")
        assert terminal.finish() == 0
    listed = command("--db", "a.db", "survey", "list", "--json", home=tmp_path).json["answers"]
    assert [(one["customer_id"], one["score"], one["comment"]) for one in listed] == [("c-1", 9, "quite good")]


def test_a_note_that_was_begun_outlives_a_kill(tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("customer_id,name\nc-1,Kestrel Labs\n", encoding="utf-8")
    assert command("--db", "a.db", "import", "customers.csv", home=tmp_path).status == 0
    assert command("--db", "a.db", "settings", "company", "Acme", home=tmp_path).status == 0
    path = tmp_path / "a.db"
    with Terminal(cstui("--db", str(path)), columns=80, rows=24) as terminal:
        terminal.wait_for("Acme")
        terminal.press("3")
        terminal.wait_for("Kestrel Labs")
        terminal.press("enter")
        terminal.wait_for("l log")
        terminal.press("n")
        terminal.wait_for("who writes it")
        terminal.press(*"half a thou")
        limit = time.monotonic() + 30
        while not drafted(path, "half a thou"):
            assert time.monotonic() < limit, terminal.text
            terminal.wait_for("half a")
        assert terminal.child.pid is not None
        os.kill(terminal.child.pid, signal.SIGKILL)
        terminal.finish()
    with Terminal(cstui("--db", str(path)), columns=80, rows=24) as terminal:
        terminal.wait_for("Acme")
        terminal.press("3")
        terminal.wait_for("Kestrel Labs")
        terminal.press("enter")
        terminal.wait_for("l log")
        terminal.press("n")
        terminal.wait_for("half a thou")
        terminal.press(*"ght", "enter")
        terminal.wait_for("Noted.")
        terminal.press("q")
        assert terminal.finish() == 0
    timeline = command("--db", "a.db", "customer", "c-1", "--json", home=tmp_path).json["timeline"]
    assert [one["text"] for one in timeline if one["what"] == "note"] == ["half a thought"]
    assert command("--db", "a.db", "doctor", home=tmp_path).status == 0
