"""One import of the log, whole: its files and kinds with what became of their rows, what was refused or odd, which past figures moved.

A function of a `KeptImport`; the lines are those of the preview, in the past tense.
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
from textual.containers import Vertical
from textual.message import Message

from cstui.base import formatting as fmt
from cstui.base.ask import View
from cstui.base.days import parse_month
from cstui.base.errors import CstuiError
from cstui.base.text import cell, safe
from cstui.ui import commands
from cstui.ui.screens.base import BREAKPOINTS, SnapshotScreen, workspace_words
from cstui.ui.screens.entry import Reading
from cstui.ui.screens.import_past import NAMED_BY, built_on_words
from cstui.ui.screens.preview_lines import Line, column_lines, file_line, file_words, finding_lines, move_lines, said
from cstui.ui.widgets.line import KeysLine, TopLine, Words
from cstui.ui.widgets.rows import Rows

if TYPE_CHECKING:
    from cstui.desk.import_kept import KeptImport, UndoneRows
    from cstui.desk.importing import FileOutcome
    from cstui.ui.theme import Ink

_FILES_SHOWN = 8
"""Lines of files in sight at most."""


class ImportKeptScreen(SnapshotScreen["KeptImport"]):
    """Opened with enter on an import of the log."""

    SCOPES: ClassVar[tuple[str, ...]] = ("kept", "list")
    BINDINGS = commands.bindings("kept")
    AUTO_FOCUS = "#files"
    HORIZONTAL_BREAKPOINTS = BREAKPOINTS
    DEFAULT_CSS = """
    ImportKeptScreen #frame { height: 1fr; padding: 1 1 0 1; }
    ImportKeptScreen.-narrow #frame { padding: 0 1; }
    ImportKeptScreen #files { height: auto; min-height: 1; }
    ImportKeptScreen #head { margin-top: 1; }
    ImportKeptScreen.-narrow #head { margin-top: 0; }
    ImportKeptScreen #findings { height: 1fr; margin-top: 1; }
    """
    ABOUT: ClassVar[str] = (
        "All that is kept of an import: per file and kind what it was taken for and why, and how many rows were created, updated, left the "
        "same, refused. Below: every refused row with line, column and reason, what was odd, how the updates went, field by field, and "
        "which past figures moved by it: e or enter on one explains the figure as it is now; of one that was taken back, how many rows "
        "were reversed, kept and failed, and why. w writes the refused rows to a file that can "
        "be mended and imported again, for 90 days, beside the file they came from; none that is there is written over."
    )

    @dataclass
    class Written(Message):
        """The refused rows are in these files, or why not."""

        words: str
        bad: bool = False

    def __init__(self, import_id: int, folder: Path) -> None:
        """`folder`: where refused rows are written whose file has gone."""
        super().__init__()
        self._number = import_id
        self._folder = folder
        self._lines: list[Line] = []

    def compose(self) -> ComposeResult:
        yield TopLine()
        with Vertical(id="frame"):
            yield Words(Text("looking…", style=self.ink.dim), id="title")
            yield Words(id="head")
            yield Rows(id="files")
            yield Rows(id="findings")
        yield KeysLine("kept")

    def on_mount(self) -> None:
        self.ask()

    def question(self) -> Callable[[], KeptImport]:
        app = self.cstui
        return lambda: app.desk.kept(app.opened().workspace, self._number, app.today)

    async def show(self, snapshot: KeptImport) -> None:
        ink, entry = self.ink, snapshot.entry
        name = Text.assemble(("Import ", ink.dim), (str(entry.import_id), "bold"))
        self.query_one(TopLine).say(workspace_words(snapshot, ink), (name,))
        created, updated = sum(file.created for file in entry.files), sum(file.updated for file in entry.files)
        same, refused = sum(file.unchanged for file in entry.files), sum(file.refused for file in entry.files)
        title = Text.assemble((f"Import {entry.import_id}", "bold"), (f"   {cell(entry.at.replace('T', ' '), 30)}", ink.dim))
        if entry.undone_at is not None:
            title.append(f"   taken back {cell(entry.undone_at.replace('T', ' '), 30)}", ink.care)
        title.append(f"\n{fmt.count(sum(file.read for file in entry.files), 'row')} read: ", "bold")
        title.append(f"{created:,} created", ink.good if created else ink.dim).append(" · ", ink.faint)
        title.append(f"{updated:,} updated", ink.care if updated else ink.dim).append(" · ", ink.faint)
        title.append(f"{same:,} the same", ink.dim).append(" · ", ink.faint)
        title.append(f"{refused:,} refused", ink.bad if refused else ink.dim)
        self.query_one("#title", Words).say(title)
        self.query_one("#head", Words).say(file_line(None, self.size.width - 4, ink))
        files = self.query_one("#files", Rows)
        files.styles.height = min(_FILES_SHOWN, max(1, len(entry.files)))
        files.show(len(entry.files), lambda index, width: file_line(entry.files[index], width, ink))
        self._show_file()
        self.query_one(KeysLine).without(*([] if refused else ["kept.rejects"]), *([] if entry.moves else ["kept.explain"]))

    @property
    def _file(self) -> FileOutcome | None:
        """The file under the cursor."""
        entry = self.snapshot.entry if self.snapshot is not None else None
        return entry.files[self.query_one("#files", Rows).cursor] if entry is not None and entry.files else None

    @on(Rows.Moved, "#files")
    def _show_file(self) -> None:
        file, kept, ink = self._file, self.snapshot, self.ink
        if file is None or kept is None:
            return
        lines = [
            *column_lines(file, ink)[:2],
            *_undone_lines(kept.undone, ink),
            *finding_lines(file, ink, past=True),
            *move_lines(kept.entry.moves, ink, past=True),
        ]
        lines += [said(Text(line.strip(), style=ink.care)) for line in built_on_words(kept.built_on)]
        lines += [said(Text(line.strip(), style=ink.dim)) for line in built_on_words(kept.named_by, NAMED_BY)]
        self._lines = lines
        self.query_one("#findings", Rows).show(len(lines), lambda index, width: lines[index].draw(width), cursor=0)

    @on(Rows.Opened, "#files")
    def _to_findings(self) -> None:
        self.query_one("#findings", Rows).focus()

    @on(Rows.Opened, "#findings")
    def _opened(self) -> None:
        if not self._explained():
            self.action_details()

    def _explained(self) -> bool:
        """Open the past figure on the line, if there is one."""
        from cstui.ui.screens.explain import ExplainScreen

        rows = self.query_one("#findings", Rows)
        line = self._lines[rows.cursor] if rows.has_focus and self._lines else None
        if line is None or line.move is None or self.snapshot is None:
            return False
        self.app.push_screen(ExplainScreen(line.move.metric, View().on(parse_month(line.move.month)), self.snapshot))
        return True

    def action_explain(self) -> None:
        """The past figure on the line, as it is now."""
        if not self._explained():
            self.app.notify("Go to a line of the past figures first.", markup=False)

    def action_details(self) -> None:
        """The selected line whole, or all there is to say of the file."""
        rows, file = self.query_one("#findings", Rows), self._file
        if rows.has_focus and self._lines:
            line = self._lines[rows.cursor]
            self.app.push_screen(Reading(line.whole or line.draw(400)))
        elif file is not None:
            self.app.push_screen(Reading(file_words(file, self.ink, past=True)))

    def action_rejects(self) -> None:
        """Write the refused rows, to mend and import again."""
        if self.snapshot is not None:
            self.run_worker(partial(self._write, self.snapshot.entry.import_id), name="refused rows", group="refused", thread=True)

    def _write(self, number: int) -> None:
        app = self.cstui
        try:
            written = app.desk.write_refused(app.opened().workspace, number, app.today, self._folder)
        except CstuiError as error:
            self.post_message(self.Written(error.message, bad=True))
        else:
            names = ", ".join(path.name for path in written)
            self.post_message(self.Written(f"Refused rows are in {names}, in {written[0].parent}. Mend them there, then import that."))

    def on_import_kept_screen_written(self, event: Written) -> None:
        """Tell it."""
        self.app.notify(safe(event.words, 400), severity="error" if event.bad else "information", markup=False)


def _undone_lines(undone: UndoneRows | None, ink: Ink) -> list[Line]:
    """What became of the rows of an import that was taken back, all its files together."""
    if undone is None:
        return []
    count = f"Taken back: {fmt.count(undone.reversed, 'row')} reversed, {undone.kept:,} kept, {undone.failed:,} failed"
    lines = [said(Text(count, style=f"bold {ink.care}"))]
    for row in undone.reasons:
        named = " ".join(part for part in (row.kind.replace("_", " "), cell(row.id or "", 60)) if part)
        lines.append(said(Text.assemble((f"  {row.outcome}  ", ink.dim), f"{named}: {safe(row.why or '', 200)}")))
    more = undone.kept + undone.failed - sum(row.outcome != "reversed" for row in undone.reasons)
    return [*lines, said(Text(f"  and {more:,} more", style=ink.dim))] if more > 0 else lines
