"""The real program in a real terminal: start, look, act, quit; and what it leaves behind."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.e2e.terminal import Terminal, cstui

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).resolve().parents[2]
MONEY = re.compile(r"\$\d{1,3}(?:,\d{3})+")


def overview_is_there(text: str) -> bool:
    """Whether the header and a figure are on the screen."""
    return "data through" in text and MONEY.search(text) is not None


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A copy of the sample company; nothing has it open."""
    return Path(shutil.copy(ROOT / "sample.db", tmp_path / "workspace.db"))


@pytest.mark.parametrize(("columns", "rows"), [(120, 40), (80, 24)])
def test_start_look_act_and_quit(workspace: Path, columns: int, rows: int) -> None:
    with Terminal(cstui("--db", str(workspace)), columns=columns, rows=rows) as terminal:
        terminal.wait_for(overview_is_there)
        overview = terminal.text
        assert "MRR" in overview
        terminal.press("?")
        terminal.wait_for("│ Help")
        terminal.press("esc")
        terminal.wait_gone("│ Help")
        terminal.press("6")
        terminal.wait_for("Files")
        terminal.press("1")
        terminal.wait_for(overview_is_there)
        terminal.press("q")
        assert terminal.finish() == 0
        terminal.assert_restored()


def test_the_palette_is_there_when_it_is_opened(workspace: Path) -> None:
    """The program starts without it; a test that imports Textual first can't see that."""
    with Terminal(cstui("--db", str(workspace))) as terminal:
        terminal.wait_for(overview_is_there)
        terminal.press("ctrl+p")
        terminal.wait_for("Choose the period")
        terminal.press(*"segment", "enter")
        terminal.wait_for("space marks")
        terminal.press("esc")
        terminal.wait_gone("space marks")
        terminal.press("ctrl+p")
        terminal.wait_for("Choose the period")
        terminal.press("esc")
        terminal.wait_gone("Choose the period")
        terminal.press("q")
        assert terminal.finish() == 0
        terminal.assert_restored()


def test_the_demo_opens_a_private_copy(tmp_path: Path) -> None:
    shipped = (ROOT / "sample.db").read_bytes()
    with Terminal(cstui("--demo"), env={"TMPDIR": str(tmp_path)}) as terminal:
        terminal.wait_for(overview_is_there)
        copies = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert copies
        assert all(path.stat().st_mode & 0o077 == 0 for path in copies)
        terminal.press("q")
        assert terminal.finish() == 0
        terminal.assert_restored()
    assert (ROOT / "sample.db").read_bytes() == shipped
    assert list(tmp_path.iterdir()) == []


def test_a_new_workspace_begins_with_a_welcome(tmp_path: Path) -> None:
    with Terminal(cstui("--db", str(tmp_path / "new.db"))) as terminal:
        terminal.wait_for(lambda text: "import" in text.lower() and "sample" in text.lower())
        terminal.press("q")
        assert terminal.finish() == 0
        terminal.assert_restored()


def test_what_is_no_workspace_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_text("not a database, but somebody's notes, which must stay as they are\n" * 50)
    before = path.read_bytes()
    with Terminal(cstui("--db", str(path))) as terminal:
        terminal.wait_for("not a cstui workspace")
        if terminal.child.isalive() and "Traceback" not in terminal.text:
            terminal.press("q")
        assert terminal.finish() in {0, 1}
        terminal.assert_restored()
        assert "Traceback" not in terminal.text
    assert path.read_bytes() == before


def test_a_command_while_the_app_is_open_shows_there(workspace: Path, tmp_path: Path) -> None:
    new = tmp_path / "customers.csv"
    new.write_text("customer_id,name\nfresh-1,Fresh Ltd\n")
    with Terminal(cstui("--db", str(workspace))) as terminal:
        terminal.wait_for(overview_is_there)
        with Terminal(cstui("--db", str(workspace), "import", str(new))) as command:
            assert command.finish() == 0, command.text
        terminal.press("6")
        terminal.wait_for("customers.csv")
        terminal.press("q")
        assert terminal.finish() == 0
