"""A program whose terminal is taken away, and to which no signal says so, ends by itself: nobody would ever end it."""

from __future__ import annotations

import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path

from tests.e2e.terminal import PATIENCE

ROOT = Path(__file__).parents[2]


def test_the_program_ends_where_its_terminal_has_gone(tmp_path: Path) -> None:
    shutil.copy(ROOT / "sample.db", tmp_path / "shop.db")
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "cstui", "--db", str(tmp_path / "shop.db")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm-256color"}
    program = subprocess.Popen(  # in a session of its own, whose terminal this is not
        command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, cwd=tmp_path, start_new_session=True
    )
    os.close(theirs)
    shown = b""
    while b"MRR" not in shown:
        shown += os.read(ours, 4096)
    os.close(ours)
    try:
        assert program.wait(PATIENCE) == 1
    finally:
        program.kill()
        program.wait()
