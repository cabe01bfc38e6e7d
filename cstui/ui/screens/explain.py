"""What is behind one figure: its definition, switches, parts, and the very rows with their file and line.

A function of an `Explanation`. Parts of a composed figure open as explanations of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll

from cstui.base import formatting as fmt
from cstui.base.ask import View
from cstui.base.errors import CstuiError
from cstui.base.text import cell, safe
from cstui.desk.explain import Explanation
from cstui.desk.overview import Overview
from cstui.ui import commands
from cstui.ui.screens.base import BREAKPOINTS, SnapshotScreen, where_words, workspace_words
from cstui.ui.widgets.line import KeysLine, TopLine, Words, fit
from cstui.ui.widgets.rows import Rows

if TYPE_CHECKING:
    from cstui.desk.explain import SourceRow

MOST_ROWS = 20_000
"""Rows looked up at most, largest first; the heading says how many there are."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Column widths that all rows share."""

    adds: int
    source: int
    ratio: bool
    """Rows carry a denominator too."""


def layout_of(rows: Sequence[SourceRow], *, ratio: bool) -> Layout:
    """Widths by the longest of the first rows; the source gets at most 32 cells."""
    first = rows[:2000]
    adds = max((len(_adds(row, ratio)) for row in first), default=0)
    return Layout(adds, min(32, max((cell_len(_source(row)) for row in first), default=0) + 2), ratio)


class ExplainScreen(SnapshotScreen[Explanation]):
    """Opened with `e` on any figure."""

    SCOPES: ClassVar[tuple[str, ...]] = ("explain", "list")
    BINDINGS = commands.bindings("explain")
    HORIZONTAL_BREAKPOINTS = BREAKPOINTS
    AUTO_FOCUS = "#rows"
    DEFAULT_CSS = """
    ExplainScreen #frame { height: 1fr; padding: 1 1 0 1; }
    ExplainScreen #words { width: 46; margin-right: 3; }
    ExplainScreen #evidence { width: 1fr; }
    ExplainScreen #detail { margin-top: 1; padding: 0 1; max-height: 3; }
    ExplainScreen.-narrow #detail { margin-top: 0; }
    ExplainScreen.-narrow #frame { layout: vertical; padding: 0 1; }
    ExplainScreen.-narrow #words { width: 1fr; height: auto; max-height: 45%; margin: 0 0 1 0; }
    ExplainScreen.-narrow #evidence { height: 1fr; }
    """
    ABOUT: ClassVar[str] = (
        "Where a figure comes from. On top or at the left: what it means, how it is computed, which switches are in force. "
        "The list holds the parts it is made of (enter opens one), or the rows it counts: what each adds, and the file and line it came "
        "from. The rows add up to the figure."
    )

    def __init__(self, metric: str, view: View, overview: Overview, explanation: Explanation | None = None) -> None:
        super().__init__()
        self._metric = metric
        self._view = view
        self._overview = overview
        self._given = explanation

    def compose(self) -> ComposeResult:
        yield TopLine()
        with Horizontal(id="frame"):
            with VerticalScroll(id="words", can_focus=False):
                yield Words(Text("looking it up…", style=self.ink.dim), id="meaning")
            with Vertical(id="evidence"):
                yield Words(id="columns")
                yield Rows(id="rows")
                yield Words(id="detail")
        yield KeysLine("explain")

    async def on_mount(self) -> None:
        ink, snapshot = self.ink, self._overview
        period = self._view.choice.resolve(snapshot.as_of or 0)[-1]
        right = Text.assemble((fmt.period(period), "bold"), "   ", (where_words(self._view.where), ink.dim))
        self.query_one(TopLine).say(workspace_words(snapshot, ink), (right, Text(fmt.period(period), style="bold")))
        if self._given is not None:
            self.snapshot = self._given
            await self.show(self._given)
        else:
            self.ask()

    def question(self) -> Callable[[], Explanation]:
        app, metric, view = self.cstui, self._metric, self._view
        return lambda: app.desk.explain(app.opened().workspace, metric, view, app.today, MOST_ROWS)

    async def show(self, snapshot: Explanation) -> None:
        self.query_one("#meaning", Words).say(self._meaning(snapshot))
        parts, rows = tuple(snapshot.explained.items()), snapshot.rows or ()
        listing = self.query_one("#rows", Rows)
        listing.say(Text("No row counts towards this figure in this period.", style=self.ink.dim))
        self.query_one("#columns", Words).say(self._heading(snapshot))
        layout = layout_of(rows, ratio=snapshot.answer.figure.denominator is not None)

        def draw(index: int, width: int) -> Text:
            if index < len(parts):
                return self._part_line(*parts[index], width)
            return self._row_line(rows[index - len(parts)], layout, width)

        listing.show(len(parts) + len(rows), draw)
        self._detail(Rows.Moved(listing, listing.cursor))

    def _meaning(self, snapshot: Explanation) -> Text:
        ink, figure, metric, currency = self.ink, snapshot.answer.figure, snapshot.metric, snapshot.currency
        previous = snapshot.answer.previous
        unit = fmt.unit_of(metric.id, metric.unit)
        value = fmt.figure(figure.value, unit, currency)
        text = Text.assemble((safe(metric.label, 60), f"bold {ink.accent}"), "   ", (value, "bold"))
        change = fmt.delta(figure.value, previous, unit, metric.better, currency)
        if change:
            good = {1: ink.good, -1: ink.bad, 0: ink.dim}[fmt.verdict(figure.value, previous, metric.better)]
            text.append(f"\n{change}", good).append(f"   before {fmt.figure(previous, unit, currency)}", ink.dim)
        if figure.status != "ok":
            text.append(f"\n{figure.status.replace('_', ' ')}", ink.care).append(
                f": {safe(figure.reason or '', 300)}" if figure.reason else ""
            )
        text.append(f"\n\n{safe(metric.definition, 1000)}")
        for name, words in self._details(snapshot):
            text.append(f"\n\n{name}\n", ink.dim).append(words)
        return text

    def _details(self, snapshot: Explanation) -> list[tuple[str, str]]:
        figure, metric = snapshot.answer.figure, snapshot.metric
        found = []
        if figure.numerator is not None and figure.denominator is not None:
            found.append(("numerator ÷ denominator", f"{_plain(figure.numerator)} ÷ {_plain(figure.denominator)}"))
        if metric.formula:
            found.append(("computed as", safe(metric.formula, 300)))
        if snapshot.coverage:
            found.append(("coverage", "\n".join(safe(note, 200) for note in snapshot.coverage)))
        if snapshot.switches:
            found.append(("switches in force", "\n".join(f"{safe(name)} = {safe(value)}" for name, value in snapshot.switches.items())))
        if figure.parts:
            found.append(("parts", "\n".join(_part_lines(figure.parts))))
        return found

    def _heading(self, snapshot: Explanation) -> Text:
        rows = snapshot.rows or ()
        if snapshot.explained:
            return Text.assemble(("Made of", "bold"), ("   enter opens a part", self.ink.dim))
        if not rows:
            return Text()
        total = snapshot.total_rows
        if total is None:
            return Text.assemble((f"The {len(rows):,} largest rows", "bold"), ("   what each adds, and file and line", self.ink.dim))
        which = f"the {len(rows):,} largest of them" if len(rows) < total else "what each adds, and the file and line it came from"
        return Text.assemble((fmt.count(total, "row"), "bold"), (f"   {which}", self.ink.dim))

    def _part_line(self, name: str, part: Explanation, width: int) -> Text:
        value = fmt.figure(part.answer.figure.value, fmt.unit_of(part.metric.id, part.metric.unit), part.currency)
        left = Text.assemble((safe(part.metric.label, 40), "bold"), (f"  {safe(name, 40)}", self.ink.dim))
        return Text.assemble(left, value.rjust(max(1, width - left.cell_len - 1)))

    def _row_line(self, row: SourceRow, layout: Layout, width: int) -> Text:
        """customer, record, what it adds, where it came from."""
        ink = self.ink
        room = width - layout.adds - layout.source - 4
        ident_room = 14 if room >= 34 else 0
        line = Text.assemble(fit(row.name or row.customer_id or "", max(4, room - ident_room - 1)), " ", fit(row.id, ident_room, ink.dim))
        line.append(f" {_adds(row, layout.ratio):>{layout.adds}}", ink.text if row.numerator else ink.dim)
        line.append("  ").append_text(fit(_source(row), layout.source, ink.dim))
        return line.append(f" {safe(row.note, 60)}", ink.care) if row.note else line

    def fail(self, error: CstuiError) -> None:
        if self.snapshot is not None:
            super().fail(error)
        else:
            self.query_one("#meaning", Words).say(Text(safe(error.message, 600), style=self.ink.bad))

    def redraw(self) -> None:
        if self.snapshot is not None:
            self.run_worker(self.show(self.snapshot), exclusive=True, group="redraw")

    def workspace_changed(self, revision: int) -> None:
        if self._given is None and revision != self._overview.revision:
            self.ask()

    def _owner(self, row: SourceRow) -> tuple[Text | tuple[str, str] | str, ...]:
        """Whose row it is; a cost or a day of traffic is nobody's."""
        return () if row.customer_id is None else ((" of ", self.ink.dim), cell(row.customer_id, 60))

    @on(Rows.Moved, "#rows")
    def _detail(self, event: Rows.Moved) -> None:
        """All of the row under the cursor, of which its line may show a part."""
        snapshot = self.snapshot
        index = event.index - len(snapshot.explained) if snapshot is not None else -1
        if snapshot is None or not snapshot.rows or not 0 <= index < len(snapshot.rows):
            return
        row = snapshot.rows[index]
        words = Text.assemble((f"{row.kind} ", self.ink.dim), cell(row.id, 60), *self._owner(row))
        words.append(f"  {cell(row.name, 120)}" if row.name else "").append(f"   {_source(row)}", self.ink.dim)
        self.query_one("#detail", Words).say(words.append(f"\n{safe(row.note, 300)}", self.ink.care) if row.note else words)

    @on(Rows.Opened, "#rows")
    def _opened(self, event: Rows.Opened) -> None:
        snapshot = self.snapshot
        if snapshot is not None and event.index < len(snapshot.explained):
            name, part = list(snapshot.explained.items())[event.index]
            self.app.push_screen(ExplainScreen(name, self._view, self._overview, part))

    def action_back(self) -> None:
        """To the figure."""
        self.dismiss()

    def action_copy(self) -> None:
        """Copy the selected line as words."""
        rows = self.query_one("#rows", Rows)
        if rows.count:
            self.app.copy_to_clipboard(rows.line_text(rows.cursor))
            self.app.notify("Copied.", markup=False)


def _plain(value: Fraction) -> str:
    """A sum as a number: whole, or with two decimals."""
    return fmt.number(value, 0 if value.denominator == 1 else 2)


def _adds(row: SourceRow, ratio: bool) -> str:
    if row.numerator is None:
        return "" if row.denominator is None else _plain(row.denominator)
    if not ratio or row.denominator is None:
        return _plain(row.numerator)
    word = "of" if 0 <= row.numerator <= row.denominator else "÷"
    return f"{_plain(row.numerator)} {word} {_plain(row.denominator)}"


def _source(row: SourceRow) -> str:
    if row.file is not None:
        return f"{cell(Path(row.file).name, 60)}:{row.line}"
    return "entered by hand" if row.entered is None else f"entered {fmt.day(row.entered)}"


def _part_lines(parts: Mapping[str, object], indent: str = "") -> list[str]:
    lines = []
    for name, value in parts.items():
        if isinstance(value, Mapping):
            lines += [f"{indent}{safe(name)}", *_part_lines(value, indent + "  ")]
        else:
            words = _plain(value) if isinstance(value, Fraction) else fmt.UNKNOWN if value is None else safe(str(value), 200)
            lines.append(f"{indent}{safe(name)}  {words}")
    return lines
