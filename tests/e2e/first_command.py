"""Runs the README's first command in a terminal, as a new user would, until the sample company is on the screen; then quits.

`python -m tests.e2e.first_command` from the top of a checkout. Not a pytest test, because it installs into `.venv`.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from pathlib import Path

from tests.e2e.terminal import Terminal

ROOT = Path(__file__).resolve().parents[2]
MONEY = re.compile(r"\$\d{1,3}(?:,\d{3})+")
INSTALL_SECONDS = 600


def commands() -> list[str]:
    """The README's commands that make a virtual environment, in order."""
    return [line for line in (ROOT / "README.md").read_text("utf-8").splitlines() if line.startswith("python3 -m venv")]


def main() -> int:
    """Exit status 0 where the program ran, drew figures, quit on `q` and gave the terminal back."""
    first = commands()[0]
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    with tempfile.TemporaryDirectory() as home:
        os.environ.clear()
        os.environ.update(kept, HOME=home)
        with Terminal(("/bin/sh", "-c", first), cwd=str(ROOT)) as terminal:
            took = terminal.wait_for(lambda text: MONEY.search(text) is not None, seconds=INSTALL_SECONDS)
            sys.stdout.write(terminal.text + f"\n\nthe sample company, {took:.0f} s after: {first}\n")
            terminal.press("q")
            status = terminal.finish()
            terminal.assert_restored()
    return status


if __name__ == "__main__":
    sys.exit(main())
