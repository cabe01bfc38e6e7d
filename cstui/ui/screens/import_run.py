"""Running an import call from a screen: each step in a thread, its progress and its end as messages.

Knows the desk's `Job`; what is shown of it is the preview's business.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.message import Message

from cstui.base.errors import Cancelled, CstuiError
from cstui.base.outcome import Move
from cstui.base.text import safe
from cstui.desk.import_request import ImportRequest
from cstui.desk.importing import ImportOutcome, Progress
from cstui.ui.screens.in_front import InFront
from cstui.ui.theme import INKS, Ink

if TYPE_CHECKING:
    from cstui.desk.import_moved import MovedBy
    from cstui.desk.sources import Guess
    from cstui.ui.app import CstuiApp
    from cstui.ui.jobs import Job
    from cstui.ui.screens.mapping_asking import Reading

REPORT_EVERY = 0.1
"""Seconds between progress messages: the screen needs no more, and the reader must not wait for it."""


class ImportRun(InFront[ImportOutcome | None]):
    """A screen that owns one import call."""

    AT_WORK: ClassVar[bool] = True
    """Going to its peer screen leaves it in front: what has been read is not thrown away by a digit."""

    @dataclass
    class Going(Message):
        """The job is so far."""

        progress: Progress
        seconds: float

    @dataclass
    class Ready(Message):
        """The files are staged and previewed."""

        outcome: ImportOutcome

    @dataclass
    class Moved(Message):
        """Which past figures the import would move has been worked out."""

        job: Job
        moves: tuple[Move, ...] | None

    @dataclass
    class Traced(Message):
        """Who would move a past figure has been worked out; None: nobody can be told to."""

        job: Job
        move: Move
        moved_by: MovedBy | None

    @dataclass
    class Done(Message):
        """Everything has been written."""

        outcome: ImportOutcome

    @dataclass
    class Failed(Message):
        """Nothing was changed, because of this."""

        error: CstuiError

    @dataclass
    class Guessed(Message):
        """What the columns of a file may be."""

        guess: Guess
        reading: Reading
        kinds: bool = False
        """Whether it was asked for the kinds that it may be."""

    @dataclass
    class Inside(Message):
        """Which tables a file holds has been looked up."""

        path: str
        tables: tuple[str, ...]

    def __init__(self, request: ImportRequest) -> None:
        super().__init__()
        self._request = request
        self._job: Job | None = None

    @property
    def would_lose(self) -> str:
        """What is lost if the program is left now; blank: nothing."""
        return ""

    @property
    def ink(self) -> Ink:
        """The inks of the theme in force."""
        return INKS[self.app.theme]

    @property
    def cstui(self) -> CstuiApp:
        """The application, as its own type."""
        app: CstuiApp = self.app  # type: ignore[assignment]  # the only app there is
        return app

    def _work(self, step: Callable[[Callable[[Progress], None]], ImportOutcome], then: type[Ready | Done]) -> None:
        self.run_worker(partial(self._run, step, then), name="import", group="job", thread=True)

    def _run(self, step: Callable[[Callable[[Progress], None]], ImportOutcome], then: type[Ready | Done]) -> None:
        began = last = time.monotonic()

        def report(progress: Progress) -> None:
            nonlocal last
            if (now := time.monotonic()) - last >= REPORT_EVERY:
                last = now
                self.post_message(self.Going(progress, now - began))

        try:
            self.post_message(then(step(report)))
        except CstuiError as error:
            self.post_message(self.Failed(error))

    def _look_back(self, job: Job) -> None:
        """Work out which past figures would move, while the preview is read."""
        try:
            self.post_message(self.Moved(job, job.moves()))
        except CstuiError:  # the preview stands without it, and the commit will say what is wrong
            self.post_message(self.Moved(job, None))

    def _trace(self, job: Job, move: Move) -> None:
        """Work out who would move a past figure."""
        try:
            self.post_message(self.Traced(job, move, job.moved_by(move.metric, move.month)))
        except Cancelled:
            return  # the preview has been left
        except CstuiError as error:
            self.app.notify(safe(error.message, 300), severity="error", markup=False)

    def _guess(self, reading: Reading, kind: str | None, *, kinds: bool = False) -> None:
        """Guess at a file's columns, of the likeliest kind or of the one named."""
        try:
            self.post_message(self.Guessed(self.cstui.desk.guess(reading.path, kind, reading.encoding, reading.sheet), reading, kinds))
        except CstuiError as error:
            self.app.notify(safe(error.message, 300), severity="error", markup=False)

    def _look_inside(self, path: str, encoding: str | None) -> None:
        """Which tables a file holds."""
        try:
            self.post_message(self.Inside(path, self.cstui.desk.tables(path, encoding)))
        except CstuiError as error:
            self.app.notify(safe(error.message, 300), severity="error", markup=False)
