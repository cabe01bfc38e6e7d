"""One import call from reading to done: progress, the exact preview, then all of it or nothing.

Drives a desk `Job` from thread workers. Dismisses with the finished import, or None when nothing was changed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message

from cstui.base.config import instant
from cstui.base.errors import Cancelled, CstuiError, MissingColumn, NothingOfUse, OnlyReconciled, UnknownKind
from cstui.base.outcome_words import move_words
from cstui.base.text import safe
from cstui.desk.import_request import ImportRequest, Said
from cstui.desk.importing import FileOutcome, ImportOutcome, Progress
from cstui.ui import commands, files
from cstui.ui.screens.base import BREAKPOINTS
from cstui.ui.screens.entry import Reading as InFull
from cstui.ui.screens.failure import failure_words
from cstui.ui.screens.import_asking import ImportAsking
from cstui.ui.screens.import_run import ImportRun
from cstui.ui.screens.preview_lines import (
    Line,
    column_lines,
    file_line,
    file_words,
    finding_lines,
    move_lines,
    mover_words,
    progress_words,
    summary,
)
from cstui.ui.widgets.line import KeysLine, TopLine, Words
from cstui.ui.widgets.rows import Rows

if TYPE_CHECKING:
    from cstui.ui.jobs import Job


_SAYING = ("mapping", "set", "kind", "encoding", "dates", "sheet", "match")
"""What can be said of the files once they have been read."""
_SECOND_KEYS: Mapping[str | None, str | None] = {None: "email", "email": "domain", "domain": None}
"""`--match` → what the next press asks for."""


class PreviewScreen(ImportAsking):
    """What the files would do."""

    SCOPES: ClassVar[tuple[str, ...]] = ("preview", "list")
    BINDINGS = commands.bindings("preview")
    AUTO_FOCUS = "#files"
    HORIZONTAL_BREAKPOINTS = BREAKPOINTS
    DEFAULT_CSS = """
    PreviewScreen #frame { height: 1fr; padding: 1 1 0 1; }
    PreviewScreen #files { height: auto; max-height: 8; min-height: 1; }
    PreviewScreen #details { height: 1fr; margin-top: 1; }
    PreviewScreen #shape { width: 1fr; margin-right: 3; }
    PreviewScreen #findings { width: 1fr; }
    PreviewScreen.-narrow #frame { padding: 0 1; }
    PreviewScreen.-narrow #details { layout: vertical; }
    PreviewScreen.-narrow #shape { height: 1fr; margin: 0; }
    PreviewScreen.-narrow #findings { height: 1fr; }
    """
    ABOUT: ClassVar[str] = (
        "Exactly what the import would do; nothing has been written. One line per file and kind: what it was taken for, its rows, and how "
        "many would be created, updated, left the same, refused. Below: the columns and where they go; every refused row with line, "
        "column and reason; how the updates go, field by field; and which past figures would move: enter or e on one shows who moves it, "
        "largest first. Elsewhere e lets rows whose customer's id is not known join the one customer with their e-mail address, then also "
        "the one at its domain, and lists who would join whom; s reads one sheet of a workbook alone, and enter imports all or none; "
        "esc cancels."
    )

    @dataclass
    class Noted(Message):
        """Something to tell."""

        words: str
        bad: bool = False

    def __init__(self, request: ImportRequest) -> None:
        super().__init__(request)
        self._read: dict[str, tuple[int, int]] = {}
        """Size and last change of the files when they were read."""
        self._writing = False
        """Whether the import was confirmed and is going on."""
        self._looking = False
        """Whether it is being worked out which past figures would move."""
        self._lines: dict[str, list[Line]] = {}
        """What the lists below the files show."""

    def compose(self) -> ComposeResult:
        yield TopLine()
        with Vertical(id="frame"):
            yield Words(id="state")
            yield Words(id="head")
            yield Rows(id="files")
            with Horizontal(id="details"):
                yield Rows(id="shape")
                yield Rows(id="findings")
        yield KeysLine("preview")

    def on_mount(self) -> None:
        self._say_top()
        self._start()

    @property
    def would_lose(self) -> str:
        """An import that is being written, or what was said of its files."""
        if self._writing:
            return "The import is still being written: unless it is done first, nothing of it comes in."
        said = self._request.match is not None or any(one != Said() for one in self._request.own.values())
        return "Nothing has been imported, and what you have said of the files in the import preview goes." if said else ""

    def on_unmount(self) -> None:
        if self._job is not None:
            self._job.cancel()

    # The job

    def _start(self) -> None:
        """Read the files, as the request says now."""
        self._outcome, self._error, self._busy, self._looking = None, None, True, False
        self._job = job = self.cstui.desk.job(self.cstui.path, self._request)
        self._say(progress_words(Progress(0, 0, 0, "reading"), 0, self.ink))
        self._keys()
        self._work(partial(self._preview, job), self.Ready)

    def _preview(self, job: Job, report: Callable[[Progress], None]) -> ImportOutcome:
        """Read the files, and remember what they were."""
        self._read = files.stamps(self._request.files)
        return job.preview(report)

    def _commit(self, job: Job, at: str, report: Callable[[Progress], None]) -> ImportOutcome:
        """Write what was previewed, as confirmed at that instant, and say so where a file is another by now."""
        outcome, now = job.commit(report, at), files.stamps(self._read)
        if names := ", ".join(Path(path).name for path, stamp in now.items() if stamp != self._read[path]):
            told = f"{safe(names, 120)} changed since the preview: what came in is what it showed."
            self.post_message(self.Noted(f"{told} Import once more for what is there now."))
        return outcome

    def on_import_run_going(self, event: ImportRun.Going) -> None:
        """Draw the progress."""
        if self._busy:
            self._say(progress_words(event.progress, event.seconds, self.ink))

    def on_import_run_ready(self, event: ImportRun.Ready) -> None:
        """Show what the files would do."""
        self._busy, self._outcome = False, event.outcome
        self._show(event.outcome, at=self._nearest(event.outcome))
        if self._job is not None and any(file.created or file.updated for file in event.outcome.files):
            self._looking = True
            self.run_worker(partial(self._look_back, self._job), name="past figures", group="moves", thread=True)

    def on_import_run_moved(self, event: ImportRun.Moved) -> None:
        """Say which past figures would move."""
        if self._outcome is not None and event.job is self._job and not self._busy:
            self._looking = False
            self._outcome = replace(self._outcome, moves=event.moves)
            self._show_file(self._file() or self._outcome.files[0], keep=True)

    def on_import_run_done(self, event: ImportRun.Done) -> None:
        """All of it is in."""
        self._busy = self._writing = False
        self._close()
        if not self.in_front(partial(self.dismiss, event.outcome)):
            self.app.notify("The import is done; 6 says what came in.", markup=False)

    def on_import_run_failed(self, event: ImportRun.Failed) -> None:
        """Nothing was changed; ask what is missing where that can mend it."""
        self._busy, self._writing, self._error = False, False, event.error
        self._close()
        self._clear()
        if isinstance(event.error, Cancelled):
            self.app.notify(event.error.message, markup=False)
            self.in_front(partial(self.dismiss, None))
            return
        words = Text.assemble(("Nothing was imported.\n", f"bold {self.ink.bad}"), failure_words(event.error))
        if event.error.encoding not in {"", "xlsx"} and not isinstance(event.error, NothingOfUse):
            words.append(f"\nThe file was read as {safe(event.error.encoding)}; o reads it as another.", self.ink.dim)
        self._say(words)
        self._keys()
        if isinstance(event.error, OnlyReconciled):
            self._say(words.append("\n\nc compares it with the MRR here: every difference with its cause.", self.ink.accent))
        elif isinstance(event.error, MissingColumn) and event.error.suggested and event.error.kind:
            self.in_front(partial(self._ask_day, event.error))
        elif isinstance(event.error, UnknownKind | MissingColumn):
            self.in_front(self.action_mapping)
        elif event.error.code == "ambiguous-dates":
            self.in_front(partial(self._ask_dates, event.error))

    def _clear(self) -> None:
        """Nothing stays in sight of a reading that came before."""
        self.query_one("#head", Words).say(Text())
        for where in ("#files", "#shape", "#findings"):
            self._list(where, [])

    def _close(self) -> None:
        job, self._job = self._job, None
        if job is not None:
            self.run_worker(job.close, name="close import", thread=True)

    def on_preview_screen_noted(self, event: Noted) -> None:
        """Tell it."""
        self.app.notify(safe(event.words, 300), severity="error" if event.bad else "information", markup=False)

    # Showing

    def redraw(self) -> None:
        """The theme changed: build what was built with inks again."""
        self._say_top()
        if self._outcome is not None:
            self._show(self._outcome, at=self.query_one("#files", Rows).cursor)

    def _say_top(self) -> None:
        names = ", ".join(Path(name).name for name in self._request.files)
        self.query_one(TopLine).say((Text.assemble(("Import preview", "bold"), (f"   {safe(names, 90)}", self.ink.dim)),))

    def _say(self, text: Text) -> None:
        self.query_one("#state", Words).say(text)

    def _keys(self) -> None:
        refused = self._outcome is not None and any(file.refused for file in self._outcome.files)
        idle = [] if self._outcome else ["preview.commit", "preview.match", "preview.details"]
        idle += [] if refused else ["preview.rejects"]
        idle += [f"preview.{name}" for name in _SAYING] if self._busy else []
        idle += [] if self._reconcilable() else ["preview.reconcile"]
        idle += [] if self._where(self._file())[1] else ["preview.sheet"]
        self.query_one(KeysLine).without(*idle)

    def _show(self, outcome: ImportOutcome, at: int = 0) -> None:
        ink = self.ink
        self._say(summary(outcome, ink, self._request))
        self.query_one("#head", Words).say(file_line(None, self.size.width - 4, ink))
        listed = self.query_one("#files", Rows)
        listed.styles.height = min(8, max(1, len(outcome.files)))
        listed.show(len(outcome.files), lambda index, width: file_line(outcome.files[index], width, ink), cursor=at)
        self._show_file(outcome.files[at])
        self._keys()

    @on(Rows.Moved, "#files")
    def _other_file(self, event: Rows.Moved) -> None:
        if self._outcome is not None:
            self._show_file(self._outcome.files[event.index])
            self._keys()

    def _show_file(self, file: FileOutcome, *, keep: bool = False) -> None:
        moves = self._outcome.moves if self._outcome else None
        if not keep:
            self._list("#shape", column_lines(file, self.ink))
        self._list("#findings", [*finding_lines(file, self.ink), *move_lines(moves, self.ink, looking=self._looking)], keep=keep)

    def _list(self, where: str, lines: list[Line], *, keep: bool = False) -> None:
        rows = self.query_one(where, Rows)
        self._lines[where] = lines
        rows.show(len(lines), lambda index, width: lines[index].draw(width), cursor=rows.cursor if keep else 0)

    # Acting

    @on(Rows.Opened)
    def _opened(self) -> None:
        if not self._trace_line():
            self.action_commit()

    @on(Rows.Moved, "#findings")
    def _word_enter(self, event: Rows.Moved) -> None:
        """What enter does, which on a past figure is another thing."""
        lines = self._lines.get("#findings", [])
        on_move = event.index < len(lines) and lines[event.index].move is not None
        event.rows.says = {"preview.commit": "who moves it", "preview.match": ""} if on_move else {}
        self.query_one(KeysLine).refresh()

    def _trace_line(self) -> bool:
        """Whether the line under the cursor is a past figure: then who would move it is worked out."""
        findings, lines = self.query_one("#findings", Rows), self._lines.get("#findings", [])
        move = lines[findings.cursor].move if findings.has_focus and findings.cursor < len(lines) else None
        if move is None or self._busy or self._job is None:
            return False
        self.app.notify(f"{move_words(move)}: working out who moves it…", markup=False, timeout=2)
        work = partial(self._trace, self._job, move)
        self.run_worker(work, name="who moves a figure", group="trace", thread=True, exclusive=True)
        return True

    def on_import_run_traced(self, event: ImportRun.Traced) -> None:
        """Show who would move a past figure."""
        if event.job is self._job and not self._busy:
            words = mover_words(event.move, event.moved_by, self.ink)
            self.in_front(partial(self.app.push_screen, InFull(words)))

    def action_commit(self) -> None:
        """Write it."""
        if self._busy or self._outcome is None or self._job is None:
            return
        self._busy = self._writing = True
        self._say(progress_words(Progress(0, 0, 0, "merging"), 0, self.ink))
        self._work(partial(self._commit, self._job, instant()), self.Done)

    def action_cancel(self) -> None:
        """Stop whatever is going on and change nothing."""
        job = self._job
        if self._busy and job is not None:
            self.run_worker(job.cancel, name="cancel import", thread=True)
            return
        self._close()
        self.app.notify(Cancelled().message, markup=False)
        self.dismiss(None)

    def action_rejects(self) -> None:
        """Write the refused rows beside the first file."""
        if self._outcome is not None and self._job is not None and not self._busy and any(file.refused for file in self._outcome.files):
            first = Path(self._where(next(file for file in self._outcome.files if file.refused))[0])
            self.run_worker(partial(self._rejects, self._job, first.with_name(f"{first.stem}.refused.csv")), name="rejects", thread=True)

    def _rejects(self, job: Job, path: Path) -> None:
        try:
            written = job.write_rejects(path)
        except CstuiError as error:
            self.post_message(self.Noted(error.message, bad=True))
        else:
            self.post_message(self.Noted(f"Refused rows are in {', '.join(found.name for found in written)}, beside the file."))

    def action_match(self) -> None:
        """Match customers whose id is not known by a second key: none, their e-mail address, also its domain; then none again.

        On a past figure: who would move it.
        """
        if not self._busy and self._outcome is not None and not self._trace_line():
            self._again(replace(self._request, match=_SECOND_KEYS[self._request.match]))

    def action_details(self) -> None:
        """The selected line whole: a long reason, every sample."""
        where = f"#{self.focused.id}" if self.focused is not None else ""
        file = self._file()
        if self._lines.get(where):
            line = self._lines[where][self.query_one(where, Rows).cursor]
            self.app.push_screen(InFull(line.whole or line.draw(400)))
        elif file is not None:
            self.app.push_screen(InFull(file_words(file, self.ink)))

    def _reconcilable(self) -> str | None:
        """The path of the file in question, where `reconcile` is what it is made for."""
        file = self._file()
        if self._busy or not (file.use == "reconcile" if file else isinstance(self._error, OnlyReconciled)):
            return None
        return self._where(file)[0]

    def action_reconcile(self) -> None:
        """Compare the file with the MRR here."""
        from cstui.ui.screens.reconcile import ReconcileScreen

        path = self._reconcilable()
        if path is None:
            self.app.notify("This file is no MRR per subscriber.", markup=False)
        else:
            self.app.push_screen(ReconcileScreen(Path(path), self._request.said_of(path).encoding))

    def _again(self, request: ImportRequest) -> None:
        self._stand()
        self._request = request
        self.cstui.answers.keep(request)
        self._close()
        self._start()
