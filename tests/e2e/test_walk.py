"""README's five minutes in the sample company, key by key in a real terminal: every row of the table shows what it promises."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.e2e.terminal import Terminal, cstui

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]
KEY = re.compile(r"`([^`]+)`(?: (\d+) times)?")

# Row by row: the keys as README prints them, each with what then stands on the screen (with “&”: all of it), or, with “!”, no longer does.
WALK: tuple[tuple[tuple[str, str], ...], ...] = (
    (("m", "Which period"), ("j 14 times", "▸Nov 2025"), ("enter", "‹ Nov 2025 ›")),
    (
        ("f", "Which customers"),
        ("j 3 times", "▸region"),
        ("enter", "▸ Europe"),
        ("j", "▸ Gulf"),
        ("space", "●Gulf"),
        ("enter", "before $30,731"),
    ),
    (
        ("→", "Customers with MRR > 0"),
        ("→", "Churned customers ÷"),
        # the line of keys comes last: esc and a key in one breath would be another key
        ("e", "10 ÷ 71 & 71 rows & csv: & left & d difference"),
        ("esc", "What moved in Nov 2025"),
        ("x", "all customers"),
    ),
    (("2", "by MRR × risk"), ("e", "interactions.csv:"), ("esc", "by MRR × risk"), ("enter", "Timeline")),
    (("l", "Log a contact"), ("called back", "called back"), ("^s", "!Log a contact"), ("esc", "by MRR × risk")),
    (("3", "662 customers"), ("/", "!▸"), ("النور", "!662 customers"), ("enter", "Timeline"), ("esc", "Customers")),
    (("4", "promoters to ask"), ("m", "CSAT, 12 months"), ("[ 11 times", "‹ Nov 2025 ›")),
    (
        ("/", ""),
        ("move", "all months & Since the move"),
        ("↓", "▸"),
        ("d", "1 of 1–5 & We lose orders."),
        ("esc", "!1 of 1–5"),
        ("esc", "!all months"),
    ),
    (
        ("a", "tab next field"),
        ("quartz", "▸ Quartz"),
        ("enter", "score   ▁"),
        ("n", "‹NPS›"),
        ("9", "score   9"),
        ("enter", "recorded: NPS 9"),
    ),
    (("esc", "u undo"), ("u", "nothing recorded today"), ("q", "")),
)
SENT = {"→": "right", "↓": "down", "^s": "\x13"}


def test_the_table_is_the_walk() -> None:
    assert _table() == [" ".join(key for key, _ in row) for row in WALK]


def test_five_minutes_in_the_sample_company(tmp_path: Path) -> None:
    workspace = shutil.copy(ROOT / "sample.db", tmp_path / "workspace.db")
    with Terminal(cstui("--db", str(workspace))) as terminal:
        terminal.wait_for(lambda text: "‹ Oct 2026 ›" in text and "What moved in Oct 2026" in text)
        for row in WALK:
            for keys, shown in row:
                key, _, times = keys.removesuffix(" times").partition(" ") if keys.endswith(" times") else (keys, "", "1")
                for _ in range(int(times)):
                    _press(terminal, key)
                if shown.startswith("!"):
                    terminal.wait_gone(shown[1:])
                elif shown:
                    terminal.wait_for(lambda text, shown=shown: all(part in text for part in shown.split(" & ")))  # type: ignore[misc]
        assert terminal.finish() == 0
        terminal.assert_restored()


def _press(terminal: Terminal, key: str) -> None:
    """Press a key; the one that leads to another month is pressed again only when that month is there."""
    before = _months(terminal.text)
    terminal.press(SENT.get(key, key))
    if key == "[":
        terminal.wait_for(lambda text: _months(text) not in ([], before))


def _months(text: str) -> list[str]:
    return re.findall("‹ .* ›", text)[:1]


def _table() -> list[str]:
    """The keys of README's walk, row by row."""
    text = ROOT.joinpath("README.md").read_text("utf-8")
    section = text[text.index("## Five minutes in the sample company") :]
    rows = [line.split(" | ")[0] for line in section[: section.index("\n\nThe same on")].splitlines() if line.startswith("| `")]
    return [" ".join(f"{key} {times} times" if times else key for key, times in KEY.findall(row)) for row in rows]
