"""Ctrl-C during an import: it stops, says that nothing was changed, and nothing was."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest

from tests.e2e.command import cstui, environment

pexpect = pytest.importorskip("pexpect", reason="pexpect drives the terminal")

pytestmark = [pytest.mark.e2e, pytest.mark.skipif(sys.platform == "win32", reason="needs a pty")]

ROWS = 150_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cancel")
    lines = [f"s-{i},c-{i % 9000},2026-0{i % 9 + 1}-01,{i % 90 + 10}.00,USD,month" for i in range(ROWS)]
    (folder / "big.csv").write_text(
        "subscription_id,customer_id,started_at,amount,currency,interval\n" + "\n".join(lines), encoding="utf-8"
    )
    (folder / "small.csv").write_text("customer_id,name\nc-1,Acme\n", encoding="utf-8")
    assert cstui("import", "small.csv", "--db", "shop.db", home=folder).status == 0
    return folder


@pytest.mark.parametrize("share", [2, 20])
def test_ctrl_c_cancels_and_changes_nothing(folder: Path, share: int) -> None:
    before = cstui("imports", "--db", "shop.db", "--json", home=folder).out
    command = ["-m", "cstui", "import", "big.csv", "--db", "shop.db"]
    program = pexpect.spawn(
        sys.executable, command, cwd=str(folder), env=environment(folder), encoding="utf-8", timeout=30, preexec_fn=_heed_ctrl_c
    )
    program.expect(rf"reading +({'|'.join(map(str, range(share, 100)))}) %")
    program.sendintr()
    program.expect("Cancelled. Nothing was changed.")
    program.expect(pexpect.EOF)
    program.close()
    assert program.exitstatus == 130
    assert cstui("imports", "--db", "shop.db", "--json", home=folder).out == before
    assert sorted(path.name for path in folder.iterdir() if not path.name.startswith((".", "shop.db-"))) == [
        "big.csv",
        "shop.db",
        "small.csv",
    ]


def _heed_ctrl_c() -> None:
    """A suite that runs in the background of a shell ignores Ctrl-C, and what it starts would inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_progress_is_for_terminals_only(folder: Path) -> None:
    done = cstui("import", "small.csv", "--db", "shop.db", "--dry-run", home=folder)
    assert "\r" not in done.err
    assert "reading" not in done.err
