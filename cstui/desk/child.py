"""The parent's side of a child process that speaks JSON lines: ask, be told of progress, be answered; cancel from any thread.

The child exits by itself when this process goes, because its standard input ends then.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import cstui
from cstui.base import errors
from cstui.base.errors import Cancelled, CstuiError

_PATIENCE = 10.0
"""Seconds to let the child clean up before it is killed."""
_ENVIRONMENT = {
    # Nothing here multiplies matrices: the threads that numpy would keep for it take time to start, and the processor from the app.
    "OPENBLAS_NUM_THREADS": "1",
    # Columns come and go: memory that the next one will want is kept (by glibc; others do as they do), and given back between the stages.
    "MALLOC_MMAP_THRESHOLD_": str(32 << 20),
    "MALLOC_TRIM_THRESHOLD_": str(256 << 20),
    "MALLOC_TOP_PAD_": str(4 << 20),
}
_LAST_BYTES = 4096
"""Of what the child said, those that its last line is looked for in."""


class ChildDied(CstuiError):
    """The import process ended without an answer; the workspace is as it was."""

    code = "import-process"

    def __init__(self, why: str) -> None:
        super().__init__(f"The import process ended without an answer{why}. Nothing was changed by it.")


class Child:
    """A child process for one workspace, started with the first question."""

    def __init__(self, workspace: Path) -> None:
        self._workspace = workspace
        self._process: subprocess.Popen[str] | None = None
        self._cancelled = threading.Event()
        self._guard = threading.Lock()
        self._asking = threading.Lock()
        self._words: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  # a pipe that nobody reads while we wait for answers would fill up
        """What the child says beside its answers: warnings, and what it died of."""

    def hurry(self) -> None:
        """Tell the child to leave off what another thread asked and may do without; harmless when there is nothing."""
        process = self._process
        if process is not None and process.stdin is not None and self._asking.locked():
            with suppress(BrokenPipeError, ValueError):
                process.stdin.write(json.dumps({"do": "hurry"}) + "\n")
                process.stdin.flush()

    def ask(self, question: Mapping[str, Any], on_progress: Callable[[list[Any]], None] | None) -> dict[str, Any]:
        """The answer to one question. Blocks, also while another is asked. Raises what the child raised, or Cancelled, or ChildDied."""
        with self._asking:
            return self._ask(question, on_progress)

    def _ask(self, question: Mapping[str, Any], on_progress: Callable[[list[Any]], None] | None) -> dict[str, Any]:
        try:
            process = self._started()
            assert process.stdin is not None
            assert process.stdout is not None
            try:
                # ASCII: a file name need not be UTF-8, and comes as it is through JSON's escapes.
                process.stdin.write(json.dumps({"workspace": str(self._workspace), **question}) + "\n")
                process.stdin.flush()
            except (BrokenPipeError, ValueError):
                raise self._death(process) from None
            for line in process.stdout:
                message = json.loads(line)
                if "progress" in message:
                    if on_progress is not None:
                        on_progress(message["progress"])
                elif "error" in message:
                    raise _error(message["error"])
                else:
                    answer: dict[str, Any] = message["answer"]
                    return answer
            raise self._death(process)
        except KeyboardInterrupt:
            self.cancel()
            raise

    def cancel(self) -> None:
        """Kill the child and take away what it staged."""
        self._cancelled.set()
        with self._guard:
            if self._process is not None and self._process.poll() is None:
                _kill(self._process)
            self._clear()

    def close(self) -> None:
        """Let the child go, and see to it that nothing of it stays."""
        with self._guard:
            process = self._process
            if process is None:
                self._words.close()
                return
            assert process.stdin is not None
            try:
                process.stdin.close()
            except BrokenPipeError:
                self._cancelled.set()  # it has gone already; there is nothing left to ask it
            try:
                process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                _kill(process)
            self._clear()
            if process.stdout is not None and not process.stdout.closed:
                process.stdout.close()
            self._words.close()

    def _started(self) -> subprocess.Popen[str]:
        with self._guard:
            if self._cancelled.is_set():
                raise Cancelled
            if self._process is None:
                if _waiting:
                    self._words.close()
                    self._process, self._words = _waiting.pop()
                else:
                    self._process = _spawned(self._words)
                from cstui.store import staging  # noqa: F401  # wanted at the end: loaded while the child is at its beginning
            return self._process

    def _clear(self) -> None:
        """What a killed child left of its staging. Called with the guard held, once it is dead or dying."""
        from cstui.store.staging import path_for, remove

        if self._process is not None:
            self._process.wait()
            remove(path_for(self._workspace, self._process.pid))

    def _death(self, process: subprocess.Popen[str]) -> CstuiError:
        if self._cancelled.is_set():
            return Cancelled()
        status = process.wait()
        last = ""
        with suppress(ValueError):  # another thread may let the child go meanwhile, and close what it said
            last = self._last_words()
        return ChildDied(f" (status {status}{': ' + last if last else ''})")

    def _last_words(self) -> str:
        self._words.seek(max(0, self._words.seek(0, os.SEEK_END) - _LAST_BYTES))
        told = self._words.read().decode("utf-8", "replace").split("\n")
        return next((line.strip() for line in reversed(told) if line.strip()), "")


def start_early() -> None:
    """Start a child for the first that will want one, who has other things to load meanwhile. Unwanted, it goes with this process."""
    words = tempfile.TemporaryFile()  # noqa: SIM115  # the child's, as long as it lives
    _waiting.append((_spawned(words), words))


_waiting: list[tuple[subprocess.Popen[str], IO[bytes]]] = []
"""Children that nobody has wanted yet, with what they say beside."""


def _spawned(words: IO[bytes]) -> subprocess.Popen[str]:
    root = str(Path(cstui.__file__).resolve().parent.parent)
    paths = os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])
    # -P: a `csv.py` in the folder that someone happens to be in is not ours to run.
    return subprocess.Popen(  # our own interpreter and module
        [sys.executable, "-P", "-X", "utf8", "-m", "cstui.desk.import_worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=words,
        text=True,
        encoding="utf-8",
        env={**_ENVIRONMENT, **os.environ, "PYTHONPATH": paths},
        start_new_session=True,  # Ctrl-C is this process's to answer
    )


def _kill(process: subprocess.Popen[str]) -> None:
    """Kill the child with whatever it has started: they are a group of their own."""
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()


def _error(data: Mapping[str, Any]) -> CstuiError:
    """The child's error as the leaf it was there, or else with its code."""
    kind = getattr(errors, data["class"], CstuiError)
    found: CstuiError = kind.__new__(kind)
    CstuiError.__init__(found, data["message"], file=data["file"], line=data["line"], column=data["column"])
    if isinstance(found, errors.MissingColumn):
        found.kind = data["kind"]
        found.suggested = data["suggested"] and tuple(data["suggested"])
    found.code, found.exit_status, found.encoding, found.table = (data[name] for name in ("code", "exit_status", "encoding", "table"))
    return found
