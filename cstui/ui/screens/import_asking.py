"""What a person says of the files of an import call: which column is what, one value for every row, kind, dates, encoding.

Whatever is said of one file holds for that file alone, and has the call read again. Draws nothing but dialogs.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.text import Text

from cstui.base.errors import CstuiError, MissingColumn
from cstui.base.text import safe
from cstui.desk.import_request import ImportRequest, Said, table_place
from cstui.desk.importing import FileOutcome, ImportOutcome, packed
from cstui.ui.screens import setting
from cstui.ui.screens.choices import CALENDARS, ORDERS, UNSAID, ListDialog, dates_dialog, encoding_dialog, kind_dialog
from cstui.ui.screens.import_run import ImportRun
from cstui.ui.widgets.rows import Rows

if TYPE_CHECKING:
    from cstui.ui.screens.mapping_asking import Chosen, Reading

_NO_COLUMN = "No column of the file holds it."
_LAST_DAY = f"{_NO_COLUMN} The day below is the last of those that it names above its header."


class ImportAsking(ImportRun):
    """A screen with an import call in the making, whose files stand in the list `#files`."""

    def __init__(self, request: ImportRequest) -> None:
        super().__init__(request)
        self._outcome: ImportOutcome | None = None
        self._busy = False
        self._error: CstuiError | None = None
        self._thought: dict[str, str] = {}
        """Place of a file → the kind that it was last mapped as, used or not."""
        self._stood: tuple[str, str | None, str] | None = None
        """Where the cursor was when the files were read again: path, table inside it, kind."""

    @abstractmethod
    def _again(self, request: ImportRequest) -> None:
        """Read the files once more, as the request says now."""

    def _file(self) -> FileOutcome | None:
        """The file under the cursor."""
        if self._outcome is None or not self._outcome.files:
            return None
        return self._outcome.files[self.query_one("#files", Rows).cursor]

    def _stand(self) -> None:
        """Remember the file in question, to come back to it when it has been read again."""
        file = self._file()
        self._stood = (*self._where(file), file.kind if file else "")

    def _nearest(self, outcome: ImportOutcome) -> int:
        """The line of the file that was in question: of the same table and kind, or else of the same table, or the same file."""
        if self._stood is None:
            return 0
        path, table, kind = self._stood

        def alike(at: int) -> tuple[bool, bool, bool]:
            file = outcome.files[at]
            here = self._where(file)
            return here[0] == path, here == (path, table), file.kind == kind

        return max(range(len(outcome.files)), key=alike)

    def _where(self, file: FileOutcome | None) -> tuple[str, str | None]:
        """The path of a file in question, and the table inside it."""
        paths = self._request.files
        if file is None:
            error = self._error
            return (error.file, error.table or None) if error is not None and error.file in paths else (paths[0], None)
        return next((path for path in paths if Path(path) == Path(file.path)), paths[0]), file.file.partition(" › ")[2] or None

    def _kind_of(self, file: FileOutcome | None) -> str | None:
        """What the rows of the file in question are, as far as anybody knows."""
        return (file.kind if file else None) or getattr(self._error, "kind", None) or self._request.said_of(*self._where(file)).kind

    def _said(self, file: FileOutcome | None) -> Said:
        """What has been said of the file in question."""
        return self._request.said_of(*self._where(file))

    def _say_of(self, where: tuple[str, str | None], **said: Any) -> None:  # noqa: ANN401 - the fields of a Said
        """Have it hold for this file, or table of a file, and for no other."""
        place = table_place(*where)
        own = {**self._request.own, place: replace(self._request.own.get(place, Said()), **said)}
        self._again(replace(self._request, own=own))

    def action_set(self) -> None:
        """Give a field one value for every row of the file."""
        file = self._file()
        kind = self._kind_of(file)
        if self._busy:
            return
        if kind is None:
            self.app.notify("Say first what the rows are: a chooses their kind.", markup=False)
            return
        setting.ask_field(self.app, kind, file, self._said(file).constants or {}, self.ink, partial(self._set, file))

    def _set(self, file: FileOutcome | None, name: str, value: str) -> None:
        others = {field: text for field, text in (self._said(file).constants or {}).items() if field != name}
        self._say_of(self._where(file), constants={**others, **({name: value} if value else {})})

    def _ask_day(self, error: MissingColumn) -> None:
        """Only a day is missing: ask for it, with the one that the file names above its header, if any."""
        assert error.suggested is not None
        assert error.kind is not None
        name, value = error.suggested
        setting.ask_value(self.app, error.kind, name, value, partial(self._set, None), why=_LAST_DAY if value else _NO_COLUMN)

    def action_kind(self) -> None:
        """Choose what the rows of the file are."""
        if self._busy:
            return
        work = partial(self._guess, self._reading(self._file()), None, kinds=True)
        self.run_worker(work, name="guess", group="guess", thread=True, exclusive=True)

    def _ask_kind(self, event: ImportRun.Guessed) -> None:
        file = self._file()
        where = self._where(file)
        unsaid = self._said(file).kind is not None

        def chosen(kind: str | None) -> None:
            if kind == UNSAID:
                self._say_of(where, kind=None, mapping=None, of_kind=None)
            elif kind is not None:
                self._say_of(where, kind=kind)

        name = Path(where[0]).name if len(self._request.files) > 1 else ""
        self.app.push_screen(kind_dialog(event.guess.kinds, self._kind_of(file), name, self.ink, unsaid=unsaid), chosen)

    def action_encoding(self) -> None:
        """Read the file as another encoding."""
        if not self._busy:
            file = self._file()
            path, table = self._where(file)
            where = path, packed(path, table)
            current = self._request.said_of(*where).encoding or (file.encoding if file else "")
            self.app.push_screen(encoding_dialog(current, self.ink), partial(self._read_as, where))

    def _read_as(self, where: tuple[str, str | None], encoding: str | None) -> None:
        if encoding is not None:
            self._say_of(where, encoding=encoding or None)

    def action_sheet(self) -> None:
        """Read only one table of a file that holds several."""
        if not self._busy:
            path, _ = self._where(self._file())
            work = partial(self._look_inside, path, self._request.said_of(path).encoding)
            self.run_worker(work, name="tables", group="guess", thread=True, exclusive=True)

    def on_import_run_inside(self, event: ImportRun.Inside) -> None:
        """Let one be chosen, or all; nothing where the import was confirmed meanwhile."""
        if self._busy:
            return
        name = safe(Path(event.path).name, 40)
        if not event.tables:
            self.app.notify(f"{name} holds one table alone.", markup=False)
            return
        current = self._request.said_of(event.path).sheet
        lines = [(Text("all that fit", style="bold"), ""), *((Text(safe(table, 60)), table) for table in event.tables)]
        start = event.tables.index(current) + 1 if current in event.tables else 0
        self.app.push_screen(ListDialog(Text(f"Which table of {name}?", style="bold"), lines, start), partial(self._only, event.path))

    def _only(self, path: str, table: str | None) -> None:
        if table is not None:
            self._say_of((path, None), sheet=table or None)

    def _ask_dates(self, error: CstuiError) -> None:
        """No day in the file tells which of two numbers is the month, or no year whose it is: the person knows."""
        ink, calendars = self.ink, "--dates jalali" in error.message
        asked = "Whose years are these?" if calendars else "Which is the day?"
        question = Text.assemble((asked, "bold"), (f"\n{safe(error.message.partition(' Say --')[0], 300)}", ink.dim))
        lines = [
            (Text.assemble((f"{words:<18}", "bold"), (example, ink.dim)), code)
            for code, words, example in (CALENDARS if calendars else ORDERS)
        ]
        self.app.push_screen(ListDialog(question, lines), partial(self._with_dates, self._where(None)))

    def action_dates(self) -> None:
        """Read the dates of the file otherwise."""
        if self._busy:
            return
        file = self._file()
        self.app.push_screen(dates_dialog(self._said(file).dates, self.ink), partial(self._with_dates, self._where(file)))

    def _with_dates(self, where: tuple[str, str | None], dates: str | None) -> None:
        if dates is not None:
            self._say_of(where, dates=dates or None)

    def action_mapping(self) -> None:
        """Say which column of the file is which field."""
        if self._busy:
            return
        file = self._file()
        kind = self._thought.get(table_place(*self._where(file))) or self._kind_of(file)
        self.run_worker(partial(self._guess, self._reading(file), kind), name="guess", group="guess", thread=True, exclusive=True)

    def _reading(self, file: FileOutcome | None) -> Reading:
        """How the file in question is read."""
        from cstui.ui.screens.mapping_asking import Reading

        path, sheet = self._where(file)
        said = self._said(file)
        kinds = {one.kind for one in self._outcome.files if one.path == file.path and one.kind} if file and self._outcome else set()
        refused: dict[str, dict[str, None]] = {}
        for found in file.problems if file else ():
            if found.code == "not-a-choice" and found.column and found.value:
                refused.setdefault(found.column, {})[found.value] = None
        words = {column: tuple(values) for column, values in refused.items()}
        return Reading(path, said.dates, said.encoding, self._request.sheet or sheet, self._known(file), len(kinds) > 1, words)

    def on_import_run_guessed(self, event: ImportRun.Guessed) -> None:
        """Open the mapping with what is known, and what is guessed; nothing where the import was confirmed meanwhile."""
        if self._busy:
            return
        if event.kinds:
            self._ask_kind(event)
            return
        from cstui.ui.screens.mapping import MappingScreen
        from cstui.ui.screens.mapping_asking import Chosen

        file = self._file()
        said = self._said(file)
        known = event.reading.known
        chosen = known if known is not None and known.kind == event.guess.kind else None
        chosen = chosen or Chosen(event.guess.kind, dict(said.mapping or {}), dict(said.constants or {}))
        self.app.push_screen(MappingScreen(event.guess, chosen, event.reading), partial(self._mapped, file, event.reading.known))

    def _known(self, file: FileOutcome | None) -> Chosen | None:
        """What a file's rows are taken for, field by field."""
        from cstui.ui.screens.mapping_asking import Chosen

        if file is None or not file.kind:
            return None
        taken = [column for column in file.columns if column.field and not column.field.startswith("attribute:")]
        own, made = ({one.field: one.header for one in taken if one.field and one.made is made} for made in (False, True))
        _, said = self._of_kind(file)
        own |= {key: text for key, text in (said.mapping or {}).items() if ":" in key}
        return Chosen(file.kind, own, {**(self._said(file).constants or {}), **(said.constants or {})}, made)

    def _of_kind(self, file: FileOutcome) -> tuple[str, Said]:
        """The kind that a file's rows are taken for if nothing is said of it, and what was said of it."""
        before = self._said(file).of_kind or {}
        return next(((kind, said) for kind, said in before.items() if (said.kind or kind) == file.kind), (file.kind, Said()))

    def _mapped(self, file: FileOutcome | None, known: Chosen | None, chosen: Chosen | None) -> None:
        if chosen is None:
            return
        self._thought[table_place(*self._where(file))] = chosen.kind
        if not chosen.used:
            return
        if file is None or known is None:
            self._say_of(self._where(file), kind=chosen.kind, mapping=chosen.mapping, constants=chosen.constants, dates=chosen.dates)
            return
        kind, before = self._of_kind(file)
        mapping = {**(before.mapping or {} if chosen.kind == known.kind else {}), **chosen.unlike(known)}
        now = Said(chosen.kind, mapping, chosen.constants)
        self._say_of(self._where(file), of_kind={**(self._said(file).of_kind or {}), kind: now}, dates=chosen.dates)
