"""Small dialogs that return a choice: a period, a segment, a kind of record, a yes.

Each dismisses with a value, or None for “as it was”; the caller decides what follows.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, TypeVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input

from cstui.base import formatting as fmt
from cstui.base.ask import PeriodChoice, Where
from cstui.base.days import Period, month_of, months
from cstui.base.errors import CstuiError
from cstui.base.records import RECORDS, Kind
from cstui.base.text import cell, safe
from cstui.ui import commands
from cstui.ui.theme import INKS, Ink
from cstui.ui.widgets.line import KeysLine, Words
from cstui.ui.widgets.one_line import OneLine
from cstui.ui.widgets.rows import Rows

if TYPE_CHECKING:
    from cstui.desk.overview import Segment
    from cstui.ui.app import CstuiApp

T = TypeVar("T")

_BOX = """
.box { width: 60; max-width: 100%; height: auto; max-height: 90%; background: $surface; border: round $border; padding: 0 1; }
.box KeysLine { dock: none; padding: 0; margin-top: 1; }
.box Rows { margin-top: 1; }
"""


class Dialog(ModalScreen[T | None]):
    """A box in the middle, over the screen that asked."""

    SCOPES: ClassVar[tuple[str, ...]] = ("dialog", "list")
    DEFAULT_CSS = _BOX
    BINDINGS = commands.bindings("dialog")
    AUTO_FOCUS = "Rows"

    @property
    def ink(self) -> Ink:
        """The inks of the theme in force."""
        return INKS[self.app.theme]

    def action_back(self) -> None:
        """Close without choosing."""
        self.dismiss(None)


class ListDialog(Dialog[T]):
    """A title and a list to pick one line from."""

    def __init__(self, title: Text, lines: Sequence[tuple[Text, T]], start: int = 0, *, width: int | None = None) -> None:
        super().__init__()
        self._heading = title
        self._lines = lines
        self._start = start
        self._width = width

    def compose(self) -> ComposeResult:
        with Vertical(classes="box") as box:
            box.styles.width = self._width  # None: as of any dialog
            yield Words(self._heading)
            rows = Rows(id="choices")
            rows.styles.height = min(len(self._lines), 18)
            yield rows
            yield KeysLine("dialog")

    def on_mount(self) -> None:
        self.query_one(Rows).show(len(self._lines), lambda index, _width: self._lines[index][0], cursor=self._start)

    @on(Rows.Opened)
    def _picked(self, event: Rows.Opened) -> None:
        self.dismiss(self._lines[event.index][1])


class AskLine(Dialog[str]):
    """A question answered with one line."""

    AUTO_FOCUS = "Input"

    def __init__(self, question: Text, value: str) -> None:
        super().__init__()
        self._question = question
        self._value = safe(value)

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Words(self._question)
            yield OneLine(self._value)
            yield KeysLine("dialog")

    @on(Input.Submitted)
    def _answered(self, event: Input.Submitted) -> None:
        self.dismiss(event.value.strip())


class PeriodDialog(ListDialog[PeriodChoice]):
    """Months, quarters, years and trailing windows, newest first."""

    def __init__(self, as_of: int, current: Period) -> None:
        lines = period_lines(as_of)
        start = next((i for i, (_, choice) in enumerate(lines) if choice.resolve(as_of)[-1] == current), 0)
        super().__init__(Text("Which period", style="bold"), lines, start)


def period_lines(as_of: int) -> list[tuple[Text, PeriodChoice]]:
    """What can be chosen, given how far the data goes."""
    last = month_of(as_of)
    quarter, year = last - last % 3, last - last % 12
    choices = [PeriodChoice(period=months(last - back)) for back in range(36)]
    choices[3:3] = [PeriodChoice(trailing=count) for count in (3, 6, 12)]
    choices += [PeriodChoice(period=months(quarter - 3 * back, 3)) for back in range(8)]
    choices += [PeriodChoice(period=months(year - 12 * back, 12)) for back in range(4)]
    return [(_period_line(choice, as_of), choice) for choice in choices]


def _period_line(choice: PeriodChoice, as_of: int) -> Text:
    period = choice.resolve(as_of)[-1]
    words = fmt.period(period) if choice.trailing is None else f"last {choice.trailing} months: {fmt.period(period)}"
    return Text.assemble(words, ("" if period.complete(as_of) else "  so far", "italic"))


class FieldsDialog(Dialog[T]):
    """A box about the fields that customers have, and their values: read in a thread once it is open."""

    @dataclass
    class Found(Message):
        """The fields and values have been read."""

        segments: tuple[Segment, ...]

    def __init__(self) -> None:
        super().__init__()
        self.segments: tuple[Segment, ...] = ()

    def on_mount(self) -> None:
        self.run_worker(self._read, name="segments", thread=True, exclusive=True)

    def _read(self) -> None:
        app: CstuiApp = self.app  # type: ignore[assignment]  # the only app there is
        try:
            self.post_message(self.Found(app.desk.segments(app.opened().workspace)))
        except CstuiError as error:
            app.notify(safe(error.message), severity="error", markup=False)

    def on_fields_dialog_found(self, event: Found) -> None:
        """List what has been read."""
        self.segments = event.segments
        self.fill()

    @abstractmethod
    def fill(self) -> None:
        """Show `segments`."""


class SegmentDialog(FieldsDialog[Where]):
    """Fields on the left, the values of the field in sight on the right; several may be marked."""

    SCOPES: ClassVar[tuple[str, ...]] = ("segment", "list")
    DEFAULT_CSS = (
        "SegmentDialog .box { width: 84; height: 80%; } SegmentDialog Horizontal { height: 1fr; }"
        "SegmentDialog #fields { width: 28; margin: 1 2 0 0; }"
    )
    BINDINGS = commands.bindings("segment")
    AUTO_FOCUS = "#fields"

    def __init__(self, where: Where) -> None:
        super().__init__()
        self._where = {field: list(values) for field, values in where}

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Words(Text("Which customers", style="bold"))
            yield Words(
                Text("space marks. Values of one field: any of them; fields: all of them; as customers are today.", style=self.ink.dim)
            )
            with Horizontal():
                yield Rows(id="fields", empty=Text("reading…", style=self.ink.dim))
                yield Rows(id="values", markable=True)
            yield Words(id="chosen")
            yield KeysLine("segment")

    def on_mount(self) -> None:
        self._say()
        super().on_mount()

    def fill(self) -> None:
        fields = self.query_one("#fields", Rows)
        fields.say(Text("No customer has a field to choose by.", style=self.ink.dim))
        first = next((i for i, segment in enumerate(self.segments) if segment.field in self._where), 0)
        fields.show(len(self.segments), self._field_line, cursor=first)
        self._list_values(first)

    def _field_line(self, index: int, width: int) -> Text:
        segment = self.segments[index]
        chosen = len(self._where.get(segment.field, ()))
        right = f"{chosen} of {len(segment.values)}" if chosen else str(len(segment.values))
        name = Text(cell(segment.field, 20), style=self.ink.accent if chosen else "")
        return Text.assemble(name, (right.rjust(max(1, width - name.cell_len - 1)), self.ink.dim))

    @on(Rows.Moved, "#fields")
    def _other_field(self, event: Rows.Moved) -> None:
        self._list_values(event.index)

    def _list_values(self, index: int) -> None:
        if not self.segments:
            return
        segment = self.segments[index]
        values = self.query_one("#values", Rows)
        values.marked = {i for i, value in enumerate(segment.values) if value in self._where.get(segment.field, ())}
        values.show(len(segment.values), lambda i, _width: Text(cell(segment.values[i], 60) or "(none)"), cursor=0)

    @on(Rows.Marked, "#values")
    def _marked(self, event: Rows.Marked) -> None:
        fields = self.query_one("#fields", Rows)
        segment = self.segments[fields.cursor]
        chosen = [segment.values[i] for i in sorted(event.rows.marked)]
        self._where.pop(segment.field, None)
        if chosen:
            self._where[segment.field] = chosen
        fields.refresh()
        self._say()

    def _say(self) -> None:
        from cstui.ui.screens.base import where_words

        self.query_one("#chosen", Words).say(Text(where_words(self._result(), 76), style=self.ink.accent))

    def _result(self) -> Where:
        return tuple((field, tuple(values)) for field, values in sorted(self._where.items()))

    @on(Rows.Opened, "#fields")
    def _into_values(self) -> None:
        self.query_one("#values", Rows).focus()

    @on(Rows.Opened, "#values")
    def _apply_line(self, event: Rows.Opened) -> None:
        if not self._where:
            event.rows.action_mark()
            self.call_after_refresh(self.action_apply)
        else:
            self.action_apply()

    def action_apply(self) -> None:
        """Use what is marked."""
        self.dismiss(self._result())

    def action_clear(self) -> None:
        """Unmark everything."""
        self._where.clear()
        self._list_values(self.query_one("#fields", Rows).cursor)
        self.query_one("#fields", Rows).refresh()
        self._say()


class Confirm(ListDialog[bool]):
    """A question with a yes and a no; the cursor starts on no."""

    def __init__(self, question: Text, yes: str, no: str) -> None:
        super().__init__(question, [(Text(no), False), (Text(yes), True)])


UNSAID = ""
"""What `kind_dialog` dismisses with where what was said of the kind is taken back."""


def kind_dialog(kinds: Sequence[str], current: str | None, file: str, ink: Ink, *, unsaid: bool = False) -> ListDialog[str]:
    """What the rows of a file are, the likeliest first, from the kind that they are taken for now; dismisses with a kind."""
    question = Text.assemble(("What are the rows? The likeliest first.", "bold"), (f"   {safe(file, 40)}" if file else "", ink.dim))
    lines = [(Text.assemble((kind, "bold"), (f"   needs {', '.join(RECORDS[Kind(kind)].required)}", ink.dim)), kind) for kind in kinds]
    if unsaid:
        lines.insert(0, (Text.assemble(("what its columns say", "bold"), ("   takes back what you said", ink.dim)), UNSAID))
    return ListDialog(question, lines, 0 if unsaid else next((at for at, kind in enumerate(kinds) if kind == current), 0))


_ENCODINGS = (
    ("", "as its bytes say", "byte order mark, UTF-8 to the last byte, or by evidence"),
    ("utf-8", "UTF-8", "what most programs write today"),
    ("cp1256", "Windows Arabic", "Excel with an Arabic or Persian system"),
    ("cp1252", "Windows Western", "Excel with a Western European system"),
    ("utf-16", "UTF-16", "“Unicode text” of Excel"),
)


def encoding_dialog(current: str, ink: Ink) -> ListDialog[str]:
    """As what a file is read; dismisses with an encoding, or with a blank for what its bytes say."""
    lines = [
        (Text.assemble((f"{code or 'automatic':<10}", "bold"), f"{words}", (f"   {more}", ink.dim)), code)
        for code, words, more in _ENCODINGS
    ]
    start = next((index for index, (code, _, _) in enumerate(_ENCODINGS) if code == current.removesuffix("-sig")), 0)
    return ListDialog(Text("Read the file as", style="bold"), lines, start)


ORDERS = (("DMY", "day, month, year", "03/04/2026 is 3 April"), ("MDY", "month, day, year", "03/04/2026 is 4 March"))
_YEAR_FIRST = ("YMD", "year, month, day", "2026-04-03 is 3 April")
CALENDARS = (("jalali", "Solar Hijri", "1405/01/15 is 4 April 2026"), ("hijri", "Hijri", "1447/10/16 is 4 April 2026"))
"""`--dates`, what it means, and an example."""


def dates_dialog(current: str | None, ink: Ink) -> ListDialog[str]:
    """How a file writes dates; dismisses with a code of `--dates`, or with a blank for what the file tells."""
    ways = (("", "as the file tells", "where no day tells, you are asked"), *ORDERS, _YEAR_FIRST, *CALENDARS)
    lines = [(Text.assemble((f"{words:<18}", "bold"), (example, ink.dim)), code) for code, words, example in ways]
    start = next((at for at, (code, *_) in enumerate(ways) if code == current), 0)
    return ListDialog(Text("How does the file write dates?", style="bold"), lines, start)
