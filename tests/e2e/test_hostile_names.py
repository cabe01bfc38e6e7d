"""Names that are markup, control sequences or endless are shown as text, in every command and on every screen.

What a terminal would obey must not reach it, in any output; what can be shown is shown as it is.
"""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from cstui.base.text import safe
from tests.e2e.terminal import Terminal, cstui

pytestmark = pytest.mark.e2e

LONG = "Longname " + "x" * 9_991
NAMES = {
    "markup": "[/]",
    "path": "[/srv/me]",
    "click": "[@click=app.quit]x[/]",
    "clipboard": "\x1b]52;c;cHduZWQ=\x07Osc Ltd",
    "clear": "Wipe\x1b[2J\x1b[31;45mLtd",
    "c1": "\x9b31mC1 Ltd",
    "c1-osc": "\x9d52;c;cHduZWQ=\x9cC1 Osc",
    "lines": "Two\u2028lines\u0085here",
    "override": "abc\u202egnp.exe",
    "tags": "Tag\U000e0041\U000e0042ged",
    "del": "Del\x7f\x08\x08\x08Ltd",
    "long": LONG,
    "arabic": "شركة النور",
    "persian": "پارس\u200cداده",
    "formula": "=HYPERLINK(1)",
}
"""Customer ids, and names that have broken programs like this one."""

FROM_THE_DATA = re.compile(
    rb"\x1b\]52|\x1b\[31;45m|\x9b31m|\x9d52;|\xc2[\x80-\x9f]|\xe2\x80[\xa8-\xae]|\xf3\xa0[\x80\x81]|\x08|\x7f",
)
"""Bytes that only our names could have sent: OSC 52, C1 in UTF-8, line separators, overrides, tags, backspace, delete."""

COMMANDS = (
    ("imports",),
    ("metrics",),
    ("metrics", "--by", "plan"),
    ("metrics", "--where", "owner=\x1b[31;45mOwner"),
    ("explain", "customers_active", "--rows"),
    ("explain", "mrr", "--rows"),
    ("customers",),
    ("customers", "--find", "\x1b]52;c;x\x07"),
    *(("customer", identity) for identity in NAMES),
    ("customer", "no\x1b[31;45msuch\x9b31m"),
    ("doctor",),
    ("undo", "\x1b]52;c;x\x07"),
    ("metrics", "\x1b]52;c;x\x07"),
    ("metrics", "--by", "\x9b31m"),
    ("import", "no\x1b[31;45msuch\x9b31m.csv"),
)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with the names above as customers, and hostile plans, owners and file names around them."""
    folder = tmp_path_factory.mktemp("hostile")
    customers = folder / "cust\x1b[31;45momers[@click=app.quit].csv"
    with customers.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["customer_id", "name", "owner", "segment", "goal", "cus\x9b31mtom[/]"])
        for identity, name in NAMES.items():
            rows.writerow([identity, name, "\x1b[31;45mOwner", name[:60], name[:60], name[:60]])
    subscriptions = folder / "subscriptions.csv"
    with subscriptions.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["subscription_id", "customer_id", "started_at", "amount", "plan", "currency", "interval"])
        for number, (identity, name) in enumerate(NAMES.items()):
            rows.writerow(
                [
                    f"s{number}\x1b[31;45m",
                    identity,
                    "2026-03-15" if identity == "formula" else "2025-06-01",
                    100 + number,
                    name[:60],
                    "USD",
                    "month",
                ]
            )
        rows.writerow(["bad\x1b]52;c;x\x07", "markup", "2026-\x9b31m", "1\x1b[31;45m2", "[/]", "USD", "month"])
    db = folder / "hostile.db"
    done = run(db, "import", str(customers), str(subscriptions))
    assert done.returncode == 0, done.stderr
    assert_clean(done.stdout + done.stderr)
    assert b"refused" in done.stdout
    return db


def run(db: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """One command, piped."""
    return subprocess.run(cstui("--db", str(db), *arguments), capture_output=True, check=False, stdin=subprocess.DEVNULL, timeout=120)


def assert_clean(raw: bytes) -> None:
    """Nothing of the data that a terminal would obey."""
    found = FROM_THE_DATA.search(raw)
    assert found is None, raw[max(found.start() - 60, 0) : found.end() + 60]


def in_words(arguments: tuple[str, ...]) -> str:
    return " ".join(arguments).encode("ascii", "backslashreplace").decode().replace("\x1b", "ESC").replace("\x07", "BEL")


@pytest.mark.parametrize("arguments", COMMANDS, ids=in_words)
def test_a_command_prints_names_as_text(workspace: Path, arguments: tuple[str, ...]) -> None:
    done = run(workspace, *arguments)
    output = done.stdout + done.stderr
    assert b"Traceback" not in output
    assert_clean(output)
    assert not re.search(rb"[\x00-\x08\x0b-\x1f\x7f]", output), "piped output holds no control characters at all"
    output.decode("utf-8")


@pytest.mark.parametrize("arguments", COMMANDS, ids=in_words)
def test_json_holds_the_names_escaped(workspace: Path, arguments: tuple[str, ...]) -> None:
    done = run(workspace, *arguments, "--json")
    assert_clean(done.stdout + done.stderr)
    if done.stdout:
        json.loads(done.stdout)


def test_the_list_shows_every_name_literally(workspace: Path) -> None:
    listed = run(workspace, "customers").stdout.decode()
    for identity, name in NAMES.items():
        assert safe(name, 20).rstrip("…") in listed, identity
    assert max(map(len, listed.splitlines())) < 1_000


def test_in_a_terminal_too(workspace: Path) -> None:
    for command, shown in (("customers", "[/]"), ("imports", "[@click=app.quit].csv")):
        with Terminal(cstui("--db", str(workspace), command), columns=200, rows=60) as terminal:
            assert terminal.finish() == 0
            assert_clean(bytes(terminal.raw))
            assert shown in terminal.text


@pytest.mark.parametrize(("columns", "rows"), [(120, 40), (80, 24)])
def test_screens_show_names_as_text(workspace: Path, columns: int, rows: int) -> None:
    with Terminal(cstui("--db", str(workspace)), columns=columns, rows=rows, cwd=str(workspace.parent)) as terminal:
        terminal.wait_for("data through")
        terminal.press("e")
        terminal.wait_for("Wipe·[2J·[31;45mLtd")
        terminal.press("G")
        terminal.wait_for(lambda text: "[/]" in text and "esc back" in text)  # its own line of keys: what is beneath has "h cohorts"
        terminal.press("esc")
        terminal.wait_for("h cohorts")
        terminal.press("f")
        terminal.wait_for("Which customers")
        terminal.press("esc")
        terminal.wait_gone("Which customers")
        terminal.press("6")
        terminal.wait_for("momers[@click=app.quit].csv")
        terminal.press("enter")
        terminal.wait_for("import all")
        assert "momers[@click=app.quit]" in terminal.text
        terminal.press("esc")
        terminal.wait_for("Imports   newest first")
        terminal.press("q")
        assert terminal.finish() == 0
        assert_clean(bytes(terminal.raw))
        terminal.assert_restored()


def test_a_command_prints_the_names_of_files_as_text(workspace: Path, tmp_path: Path) -> None:
    name = "f\x1b[31;45mile\x9b31m"
    copy, source = tmp_path / f"{name}.db", tmp_path / f"{name}.csv"
    assert_clean(run(workspace, "backup", str(copy)).stdout)
    source.write_text("customer_id,name\nc,C\n", encoding="utf-8")
    own = tmp_path / "data" / "cstui" / "sources" / "mine.toml"
    own.parent.mkdir(parents=True)
    wanted = 'headers = ["Nobody\\u001b[31;45m"]\n[[becomes]]\nkind = "customers"\n[becomes.fields]\ncustomer_id = "Nobody"\n'
    own.write_text(f'title = "Mine \\u001b[31;45m"\n{wanted}', encoding="utf-8")
    for arguments in (
        ("doctor",),
        ("export", "customers", "-o", str(source), "--force"),
        ("export", "customers", "-o", str(source)),
        ("import", str(source)),
        ("imports",),
        ("report", "--force", "-o", str(source)),
        ("sources", "--check", str(source)),
        ("sources", "mine"),
        ("sources",),
    ):
        done = subprocess.run(
            cstui("--db", str(copy), *arguments),
            capture_output=True,
            check=False,
            env={**os.environ, "XDG_DATA_HOME": str(tmp_path / "data")},
        )
        assert b"Traceback" not in done.stderr
        assert done.stdout + done.stderr
        assert_clean(done.stdout + done.stderr)
