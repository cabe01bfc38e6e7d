"""Import: choose files, and the log of what was imported with the way back.

Reads folders and the log in threads; what is in the files is the preview's to show.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message

from cstui.base import config
from cstui.base import formatting as fmt
from cstui.base.days import to_day
from cstui.base.errors import CstuiError
from cstui.base.text import cell, safe
from cstui.desk.import_request import ImportRequest
from cstui.desk.importing import ImportOutcome
from cstui.ui import commands, files
from cstui.ui.screens.base import BREAKPOINTS
from cstui.ui.screens.choices import ListDialog
from cstui.ui.screens.import_past import ImportPast, Log
from cstui.ui.widgets.line import KeysLine, TopLine, Words, fit
from cstui.ui.widgets.path_input import PathInput
from cstui.ui.widgets.rows import Rows

if TYPE_CHECKING:
    from cstui.ui.files import Entry


_IN_LOG = {f"import.{name}": "" for name in ("mark", "unmark", "path", "recent", "reconcile")}
_IN_LOG |= {"import.preview": "all that is kept", "import.redo": "make again"}
"""What the keys do in the list of imports."""


class ImportScreen(ImportPast):
    """Screen 6."""

    SCOPES: ClassVar[tuple[str, ...]] = ("import", "list")
    BINDINGS = commands.bindings("import")
    AUTO_FOCUS = "#files"
    HORIZONTAL_BREAKPOINTS = BREAKPOINTS
    DEFAULT_CSS = """
    ImportScreen #frame { height: 1fr; padding: 1 1 0 1; }
    ImportScreen #picker { width: 1fr; margin-right: 3; }
    ImportScreen #past { width: 58; }
    ImportScreen PathInput { margin: 1 0; }
    ImportScreen.-narrow #frame { layout: vertical; padding: 0 1; }
    ImportScreen.-narrow #picker { width: 1fr; height: 3fr; margin: 0; }
    ImportScreen.-narrow #past { width: 1fr; height: 2fr; margin-top: 1; }
    ImportScreen.-narrow PathInput { margin: 0; }
    ImportScreen #log { margin-top: 1; }
    ImportScreen.-narrow #log { margin-top: 0; }
    """
    ABOUT: ClassVar[str] = (
        "Put files in: CSV, workbooks, JSON, also inside zip or gz, of customers, subscriptions, payments, use, contacts, answers, "
        "traffic, costs or exchange rates, in any order, several at once (space marks); r goes back to a folder of an earlier import. "
        "enter reads them and shows exactly what would be created, updated, left as it is or refused; nothing is written before you say "
        "so, and then all of it or nothing. The log lists every import: enter shows all that is kept of it, u takes it back, at any size, "
        "and ^r makes it again. "
        "c compares Stripe's MRR per subscriber with the MRR here, and imports nothing."
    )

    @dataclass
    class Listed(Message):
        """A folder has been read."""

        folder: Path
        entries: tuple[Entry, ...]
        select: str | None
        """The entry that the cursor goes to; None: it stays on its own."""
        problem: str

    @dataclass
    class Recent(Message):
        """Folders of earlier imports have been looked up."""

        folders: tuple[Path, ...]

    def __init__(self, folder: Path | None = None) -> None:
        super().__init__()
        self._folder = folder or files.here()
        self._entries: tuple[Entry, ...] = ()
        self._marked: dict[Path, None] = {}

    def compose(self) -> ComposeResult:
        dim = self.ink.dim
        yield TopLine()
        with Horizontal(id="frame"):
            with Vertical(id="picker"):
                yield Words(id="title")
                yield PathInput(self._folder, id="path")
                yield Rows(id="files", empty=Text("reading the folder…", style=dim))
            with Vertical(id="past"):
                yield Words(id="imports")
                log = Rows(id="log", empty=Text("reading the log…", style=dim))
                log.says = _IN_LOG
                yield log
        yield KeysLine("import")

    def on_mount(self) -> None:
        self._say_top()
        self._title()
        self._list(self._folder)
        self.ask()

    def question(self) -> Callable[[], Log]:
        app = self.cstui
        return lambda: app.desk.log(app.opened().workspace)

    def _say_top(self) -> None:
        opened = self.cstui.opening_now()
        words = (Text(cell(opened.overview.workspace, 32) if opened and opened.overview else "cstui", style="bold"),)
        self.query_one(TopLine).say(words, (Text("Import", style="bold"),))

    # Files

    def _title(self) -> None:
        ink, marked = self.ink, len(self._marked)
        chosen = Text(f"   {fmt.count(marked, 'file')} marked, enter previews", style=ink.accent) if marked else Text("")
        picker = self.size.width - (2 if self.has_class("-narrow") else 63)
        room = max(10, picker - chosen.cell_len - len("Files   "))
        folder = str(self._folder)
        where = folder if len(folder) <= room else "…" + folder[1 - room :]
        self.query_one("#title", Words).say(Text.assemble(("Files", "bold"), (f"   {cell(where, 200)}", ink.dim), chosen))
        self.query_one("#imports", Words).say(Text.assemble(("Imports", "bold"), ("   newest first", ink.dim)))

    def _list(self, folder: Path, select: str | None = "") -> None:
        self.run_worker(partial(self._read, folder, select), name="folder", group="folder", thread=True, exclusive=True)

    def _read(self, folder: Path, select: str | None) -> None:
        problem = ""
        entries: tuple[Entry, ...] = ()
        try:
            folder = folder.resolve()
            entries = files.listing(folder)
        except OSError as error:
            problem = f"{folder} can't be read: {error.strerror or error}"
        self.post_message(self.Listed(folder, entries, select, problem))

    def on_import_screen_listed(self, event: Listed) -> None:
        """Show the folder, or why it can't be."""
        if event.problem:
            self.app.notify(safe(event.problem, 300), severity="error", markup=False)
            return
        listing = self.query_one("#files", Rows)
        here = self._entries[listing.cursor].name if event.select is None and self._entries else event.select
        if event.select is None and event.folder != self._folder:
            return  # another folder was gone to meanwhile
        self._folder, self._entries = event.folder, event.entries
        self.query_one(PathInput).base_folder(event.folder)
        listing.say(Text("This folder is empty.", style=self.ink.dim))
        cursor = next((i for i, entry in enumerate(self._entries) if entry.name == here), 0)
        if event.select == "":
            cursor = next((i for i, entry in enumerate(self._entries) if entry.table), cursor)
        listing.show(len(self._entries), self._file_line, cursor=cursor)
        self._title()

    def _file_line(self, index: int, width: int) -> Text:
        entry, ink = self._entries[index], self.ink
        mark = ("● ", ink.accent) if entry.path in self._marked else ("  ", "")
        style = ink.primary if entry.folder else ink.text if entry.table else ink.faint
        size = fmt.size(entry.size) if entry.size is not None else "" if entry.folder else "no file"
        name = fit(entry.name + ("/" if entry.folder else ""), max(4, width - len(size) - 4), style)
        return Text.assemble(mark, name, (f" {size}", ink.dim))

    def action_mark(self) -> None:
        """Mark or unmark the file under the cursor."""
        rows = self.query_one("#files", Rows)
        if self.focused is rows and self._entries:
            entry = self._entries[rows.cursor]
            if not entry.folder and self._marked.pop(entry.path, entry) is entry:
                self._marked[entry.path] = None
            rows.action_down()
            rows.refresh()
            self._title()

    def action_unmark(self) -> None:
        """Unmark every file."""
        self._marked.clear()
        self.query_one("#files", Rows).refresh()
        self._title()

    def on_screen_resume(self) -> None:
        """What has come into the folder meanwhile, such as a file of refused rows, is there too."""
        if self._entries:
            self._list(self._folder, None)

    def action_recent(self) -> None:
        """To a folder that files were imported from before."""
        self.run_worker(self._read_recent, name="recent folders", group="recent", thread=True, exclusive=True)

    def _read_recent(self) -> None:
        app = self.cstui
        try:
            self.post_message(self.Recent(app.desk.recent_folders(app.opened().workspace)))
        except CstuiError as error:
            app.notify(safe(error.message, 400), severity="error", markup=False)

    def on_import_screen_recent(self, event: Recent) -> None:
        """Let one be chosen."""
        if not event.folders:
            self.app.notify("Nothing has been imported from a folder that is still there.", markup=False)
            return
        lines = [(Text(cell(str(folder), 200)), folder) for folder in event.folders]
        self.app.push_screen(ListDialog(Text("Where files came from before", style="bold"), lines), self._to_folder)

    def _to_folder(self, folder: Path | None) -> None:
        if folder is not None:
            self._list(folder)
            self.query_one("#files", Rows).focus()

    def action_path(self) -> None:
        """To the path line."""
        self.query_one(PathInput).focus()

    @on(PathInput.Left)
    def _to_files(self) -> None:
        self.query_one("#files", Rows).focus()

    @on(PathInput.Submitted)
    def _typed(self, event: PathInput.Submitted) -> None:
        if not event.value.strip():
            self.query_one("#files", Rows).focus()
            return
        path = files.typed(event.value, self._folder)
        if files.is_folder(path):
            event.input.value = ""
            self._list(path)
            self.query_one("#files", Rows).focus()
        else:
            self._preview([*self._marked, path])

    @on(Rows.Opened, "#files")
    def _open_file(self, event: Rows.Opened) -> None:
        if event.index >= len(self._entries):  # another folder has come since
            return
        entry = self._entries[event.index]
        if entry.folder:
            self._list(entry.path, self._folder.name if entry.name == ".." else "")
        else:
            self.action_preview()

    def action_preview(self) -> None:
        """Read the marked files, or else the one under the cursor."""
        rows = self.query_one("#files", Rows)
        chosen = list(self._marked)
        if not chosen and self._entries and not self._entries[rows.cursor].folder:
            chosen = [self._entries[rows.cursor].path]
        if chosen:
            self._preview(chosen)
        else:
            self.app.notify("Mark files with space first, or choose one.", markup=False)

    def _preview(self, paths: list[Path]) -> None:
        from cstui.ui.screens.preview import PreviewScreen

        names = tuple(str(path) for path in dict.fromkeys(paths))
        own = self.cstui.answers.of(names)
        if own:
            self.app.notify("The preview starts from what you said of it before: columns, kind, values, dates.", markup=False)
        request = ImportRequest(names, own=own, day=to_day(self.cstui.today), at=config.instant())
        self.app.push_screen(PreviewScreen(request), self._previewed)

    def _previewed(self, outcome: ImportOutcome | None) -> None:
        self.query_one(PathInput).value = ""
        self.query_one("#files", Rows).focus()  # where a digit leads to a screen
        if outcome is None:
            return
        self._marked.clear()
        self._title()
        total = sum(file.created + file.updated for file in outcome.files)
        refused = sum(file.refused for file in outcome.files)
        tail = f", {outcome.overwritten:,} of them over those of other customers" if outcome.overwritten else ""
        tail += f", {fmt.count(refused, 'row')} refused" if refused else ""
        self.app.notify(
            f"Import {outcome.import_id} done: {fmt.count(total, 'row')} created or updated{tail}. 1 shows the figures.", markup=False
        )
        self.ask()

    def action_reconcile(self) -> None:
        """Compare the path being typed, or else the file under the cursor, with the MRR here."""
        from cstui.ui.screens.reconcile import ReconcileScreen

        typed, rows = self.query_one(PathInput), self.query_one("#files", Rows)
        entry = self._entries[rows.cursor] if self._entries else None
        if self.focused is typed and typed.value.strip():
            self.app.push_screen(ReconcileScreen(files.typed(typed.value, self._folder)))
        elif entry is not None and not entry.folder:
            self.app.push_screen(ReconcileScreen(entry.path))
        else:
            self.app.notify("Choose a file of MRR per subscriber first, or type its path.", markup=False)

    # The log

    async def show(self, snapshot: Log) -> None:
        log = self.query_one("#log", Rows)
        log.say(Text("Nothing has been imported yet.", style=self.ink.dim))
        log.show(len(snapshot), self._log_line)
        self._say_top()

    def _log_line(self, index: int, width: int) -> Text:
        assert self.snapshot is not None
        entry, ink = self.snapshot[index], self.ink
        names = ", ".join(dict.fromkeys(Path(file.file).name for file in entry.files))
        created, updated = sum(file.created for file in entry.files), sum(file.updated for file in entry.files)
        counts = f" +{created:,} ~{updated:,}"
        if entry.undone_at is not None:
            counts = " taken back"
        head = Text(f"{entry.import_id:>4}  {fmt.day(entry.day):>11}  ", style=ink.dim)
        name = fit(names, max(6, width - head.cell_len - len(counts)), ink.dim if entry.undone_at else ink.text)
        return Text.assemble(head, name, (counts, ink.care if entry.undone_at else ink.good))

    def fail(self, error: CstuiError) -> None:
        self.query_one("#log", Rows).say(Text(safe(error.message, 400), style=self.ink.bad))

    def redraw(self) -> None:
        self._say_top()
        self._title()
        for widget in self.query("*"):
            widget.refresh()
