"""Runs `python -m cstui` as a person's shell would: its own process, an empty home, a fixed day."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
TODAY = "2026-11-02"
SHARED = ROOT.parent / "shared" / "data"
"""Real exports that are no part of this repository; tests that read them are skipped where it is absent."""


@dataclass(frozen=True, slots=True)
class Done:
    """A finished command."""

    status: int
    out: bytes
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever shape the document has
        """Its one JSON document."""
        return json.loads(self.out)

    @property
    def text(self) -> str:
        """Its results."""
        return self.out.decode("utf-8")


def environment(home: Path, **extra: str) -> dict[str, str]:
    """What the program sees: nothing of this machine's own settings."""
    kept = {
        name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "PYTHONPYCACHEPREFIX", "PYTHONDONTWRITEBYTECODE") if name in os.environ
    }
    own = {"HOME": str(home), "PYTHONPATH": str(ROOT), "CSTUI_TODAY": TODAY, "TZ": "UTC", "LC_ALL": "C.UTF-8", "TERM": "xterm-256color"}
    return kept | own | extra


def cstui(*arguments: str | Path, home: Path, **extra: str) -> Done:
    """Run it to its end."""
    command = [sys.executable, "-m", "cstui", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, env=environment(home, **extra), cwd=home, timeout=60, check=False)
    return Done(done.returncode, done.stdout, done.stderr.decode("utf-8"))
