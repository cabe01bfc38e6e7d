"""The child process of an import or an undo: JSON lines in, JSON lines out, and gone when its parent is gone.

Run as `python -m cstui.desk.import_worker` by `cstui.desk.child` alone. Each line in is a question with "do": import,
commit, moves, moved by, rejects, undo or redo; each line out is {"progress": […]}, {"answer": {…}} or {"error": {…}}. “hurry” is no
question: it has no answer, and makes that of “moves” and “moved by” come at once.
"""

from __future__ import annotations

import gc
import json
import os
import queue
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from cstui.base.errors import CstuiError
from cstui.base.second import Second
from cstui.desk.import_request import request_from
from cstui.desk.import_session import Session, beside
from cstui.desk.importing import Progress
from cstui.store.staging import path_for, remove
from cstui.store.trouble import plain_refusals

_TELL_EVERY = 0.05
"""Seconds between two words on progress."""


class Worker:
    """Answers questions one after another until its input ends."""

    def __init__(self) -> None:
        self._questions: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._session: Session | None = None
        self._workspace: Path | None = None
        self._second: Second | None = None
        self._told, self._stage = 0.0, ""

    def run(self) -> None:
        """Serve until the parent closes our input, or is gone."""
        if line := sys.stdin.readline():
            self._hear(line)
            self._second = _second_for(json.loads(line))  # before there is a thread
        busy = threading.Event()
        threading.Thread(target=self._listen, args=(busy,), daemon=True).start()
        while True:
            busy.clear()
            question = self._questions.get()
            if question is None:
                break
            busy.set()
            try:
                with plain_refusals(Path(question["workspace"])):
                    answer = self._answer(question)
            except CstuiError as error:
                _say({"error": _told(error)})
            else:
                _say({"answer": answer})
        if self._session is not None:
            self._session.close()

    def _listen(self, busy: threading.Event) -> None:
        """Read questions in the background, so that the end of input is seen while we work."""
        for line in sys.stdin:
            self._hear(line)
        self._questions.put(None)
        if busy.is_set():
            self.leave()

    def _hear(self, line: str) -> None:
        question = json.loads(line)
        if question["do"] == "hurry":
            if self._session is not None:
                self._session.hurry()
            return
        self._workspace = Path(question["workspace"])
        self._questions.put(question)

    def leave(self) -> NoReturn:
        """The parent has gone in the middle of our work: whatever is in the workspace is whole, the rest is disposable."""
        if self._workspace is not None:
            remove(path_for(self._workspace, os.getpid()))
        os._exit(3)

    def _answer(self, question: dict[str, Any]) -> dict[str, Any]:
        path = Path(question["workspace"])
        match question["do"]:
            case "import":
                self._session, self._second = Session(path, request_from(question["request"]), self._tell, self._second), None
                return self._session.preview().to_json()
            case "commit":
                return self._current().commit(question.get("at", "")).to_json()
            case "moves":
                moves = self._current().moves()
                return {"moves": None if moves is None else [move.exact() for move in moves]}
            case "moved by":
                found = self._current().moved_by(question["metric"], question["month"])
                return {"moved_by": found and found.to_json()}
            case "rejects":
                return {"written": [str(name) for name in self._current().write_rejects(Path(question["path"]))]}
            case "undo":
                from cstui.store.undo import undo  # an import waits for neither

                self._tell(Progress(0, 0, 0, "undoing"))
                done = undo(path, question["import_id"], question["at"])
                return {
                    "import_id": done.number,
                    "reversed": done.reversed,
                    "kept": done.kept,
                    "kept_why": list(done.why),
                    "failed": done.failed,
                    "failed_why": list(done.failed_why),
                    "skipped": list(done.skipped),
                }
            case "redo":
                from cstui.store.redo import redo

                self._tell(Progress(0, 0, 0, "redoing"))
                again = redo(path, question["import_id"])
                return {"import_id": again.number, "redone": again.redone, "kept": again.kept, "kept_why": list(again.why)}
            case other:
                raise CstuiError(f"The import process was asked for “{other}”.")

    def _current(self) -> Session:
        if self._session is None:
            raise CstuiError("Nothing has been read yet.")
        return self._session

    def _tell(self, progress: Progress) -> None:
        now = time.monotonic()
        if now - self._told >= _TELL_EVERY or progress.stage != self._stage:
            self._told, self._stage = now, progress.stage
            _say({"progress": [progress.bytes_read, progress.bytes_total, progress.rows, progress.stage]})


def _second_for(question: dict[str, Any]) -> Second | None:
    """A process to help with an import of large files."""
    return beside(Path(question["workspace"]), question["request"]["files"]) if question["do"] == "import" else None


def _told(error: CstuiError) -> dict[str, Any]:
    return {
        "class": type(error).__name__,
        "code": error.code,
        "exit_status": error.exit_status,
        "message": error.message,
        "file": error.file,
        "line": error.line,
        "column": error.column,
        "encoding": error.encoding,
        "table": error.table,
        "kind": getattr(error, "kind", None),
        "suggested": getattr(error, "suggested", None),
    }


def _stand_back() -> None:
    """Let whoever waits for a key go first: on Linux a process that works in batches has its share, and takes the processor from nobody."""
    if sys.platform.startswith("linux"):
        with suppress(OSError):
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


def _say(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    _stand_back()
    gc.disable()  # nothing here makes cycles worth looking for, and looking costs a fifth of the time
    worker = Worker()
    try:
        worker.run()
        os._exit(0)  # the system takes memory back at once, which piece by piece takes the parent's time
    except BrokenPipeError:  # noticed before the end of our input was
        worker.leave()
