"""Definition switches: what each decides and its value; and, before one is turned, what that would do.

The list is a function of the switches' states, the preview of a `Preview`; both come from the desk in a thread. Nothing is written until
the preview is confirmed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.message import Message

from cstui.base import formatting as fmt
from cstui.base.ask import View
from cstui.base.errors import CstuiError
from cstui.base.text import cell, safe
from cstui.desk.settings import SwitchState
from cstui.desk.subjects import FigureOf
from cstui.desk.switching import Moving, Preview, Turned, metric_label, moving_words, part_values
from cstui.ui import commands
from cstui.ui.screens.base import BREAKPOINTS, SnapshotScreen, Stamp, workspace_words
from cstui.ui.screens.choices import AskLine, ListDialog
from cstui.ui.screens.explain import explain_one_of
from cstui.ui.screens.in_front import InFront
from cstui.ui.widgets.line import KeysLine, TopLine, Words, fit
from cstui.ui.widgets.rows import Rows

if TYPE_CHECKING:
    from cstui.desk.subjects import Subject
    from cstui.ui.theme import Ink

MOST_MOVERS = 2000
"""Customers that are listed, the largest change first; the heading says how many there are."""
Switches = tuple[SwitchState, ...]


class SwitchesScreen(SnapshotScreen[Switches]):
    """The list of switches."""

    SCOPES: ClassVar[tuple[str, ...]] = ("switches", "list")
    LEAD = "#meaning"
    BINDINGS = commands.bindings("switches")
    HORIZONTAL_BREAKPOINTS = BREAKPOINTS
    AUTO_FOCUS = "#list"
    DEFAULT_CSS = """
    SwitchesScreen #frame { height: 1fr; padding: 1 1 0 1; }
    SwitchesScreen #list { width: 52; margin-right: 3; }
    SwitchesScreen #explained { width: 1fr; }
    SwitchesScreen.-narrow #frame { layout: vertical; padding: 0 1; }
    SwitchesScreen.-narrow #list { width: 1fr; height: 1fr; margin: 0; }
    SwitchesScreen.-narrow #explained { height: 9; margin-top: 1; }
    """
    ABOUT: ClassVar[str] = (
        "Where the field disagrees on what a figure means, a switch says which reading is in force. enter chooses another value and shows "
        "what it would do before anything is set: the figures before and after, and the customers who would count otherwise. Every "
        "explanation and every report says which values were in force."
    )

    def __init__(self, stamp: Stamp | None) -> None:
        """`stamp` is what the top line says of the workspace; None where not even that can be known."""
        super().__init__()
        self._stamp = stamp

    def compose(self) -> ComposeResult:
        yield TopLine()
        with Horizontal(id="frame"):
            yield Rows(id="list", empty=Text("reading…", style=self.ink.dim))
            with VerticalScroll(id="explained", can_focus=False):
                yield Words(id="meaning")
        yield KeysLine("switches")

    def on_mount(self) -> None:
        self.query_one(TopLine).say(_workspace(self._stamp, self.ink), (Text("Switches", style="bold"),))
        self.ask()

    def question(self) -> Callable[[], Switches]:
        app = self.cstui
        return lambda: app.desk.switches(app.opened().workspace)

    async def show(self, snapshot: Switches) -> None:
        ink = self.ink
        self.query_one("#list", Rows).show(len(snapshot), lambda index, width: switch_line(snapshot[index], width, ink))
        self._say()

    @property
    def _switch(self) -> SwitchState | None:
        """The one under the cursor."""
        cursor = self.query_one("#list", Rows).cursor
        return self.snapshot[cursor] if self.snapshot is not None and cursor < len(self.snapshot) else None

    @on(Rows.Moved, "#list")
    def _say(self) -> None:
        if (one := self._switch) is not None:
            self.query_one("#meaning", Words).say(switch_words(one, self.ink))

    @on(Rows.Opened, "#list")
    def action_choose(self) -> None:
        """Another value, and what it would do."""
        one = self._switch
        if one is None:
            return
        if one.choices:
            at = one.value if one.value in one.choices else one.default
            lines = [
                (Text.assemble(choice, ("   in force" if choice == one.value else "", self.ink.dim)), choice) for choice in one.choices
            ]
            self.app.push_screen(ListDialog(Text(one.label, style="bold"), lines, one.choices.index(at)), self._chosen)
        else:
            question = Text.assemble((one.label, "bold"), (f"   {one.takes}; {one.default} unless set", self.ink.dim))
            self.app.push_screen(AskLine(question, one.value), self._chosen)

    def _chosen(self, value: str | None) -> None:
        one = self._switch
        if one is None or not value or value == one.value:
            return
        if one.problem:  # without figures before there is nothing to hold those after against
            self.run_worker(partial(self._mend, one, value), name="set switch", group="set", thread=True, exclusive=True)
        else:
            self.app.push_screen(SwitchPreviewScreen(one, value, self._stamp), lambda _: self.ask())

    def _mend(self, one: SwitchState, value: str) -> None:
        app = self.cstui
        try:
            app.desk.set_switch(app.opened().workspace, one.name, value)
        except CstuiError as error:
            app.notify(safe(error.message, 400), severity="error", markup=False)
        else:
            app.notify(_now(one, value), markup=False)
            app.call_from_thread(self.ask)


def _workspace(stamp: Stamp | None, ink: Ink) -> tuple[Text, ...]:
    return (Text("cstui", style="bold"),) if stamp is None else workspace_words(stamp, ink)


def _now(one: SwitchState, value: str) -> str:
    return f"{one.label}: {safe(value, 40)} from now on."


def switch_line(one: SwitchState, width: int, ink: Ink) -> Text:
    """Name and value; one that is not the default stands out."""
    changed = one.value != one.default
    room = max(8, width - 33)
    style = f"bold {ink.bad if one.problem else ink.accent}" if changed else ""
    return Text.assemble(fit(one.label, 30, ink.text if changed else ink.dim), " ", fit(one.value, room, style))


def switch_words(one: SwitchState, ink: Ink) -> Text:
    """What a switch decides, and what it can be."""
    text = Text.assemble((one.label, f"bold {ink.accent}"), f"   {safe(one.value, 60)}\n\n{safe(one.definition, 1000)}\n\n")
    if one.problem:
        text.append(f"{safe(one.problem, 300)} No figure can be worked out until another is chosen.\n\n", ink.bad)
    text.append("default   ", ink.dim).append(one.default)
    text.append("\nchoices   ", ink.dim).append(", ".join(one.choices) or one.takes)
    return text.append("\ncommand   ", ink.dim).append(f"cstui switches {one.name}")


class SwitchPreviewScreen(SnapshotScreen[Preview], InFront[None]):
    """What turning a switch would do, and the question whether to."""

    SCOPES: ClassVar[tuple[str, ...]] = ("switch_preview", "list")
    LEAD = "#head"
    BINDINGS = commands.bindings("switch_preview")
    HORIZONTAL_BREAKPOINTS = BREAKPOINTS
    AUTO_FOCUS = "#people"
    DEFAULT_CSS = """
    SwitchPreviewScreen #head { padding: 0 1; margin-top: 1; }
    SwitchPreviewScreen #frame { height: 1fr; padding: 1 1 0 1; }
    SwitchPreviewScreen #figures { width: 62; margin-right: 3; }
    SwitchPreviewScreen #who { width: 1fr; }
    SwitchPreviewScreen.-narrow #head { margin-top: 0; }
    SwitchPreviewScreen.-narrow #frame { layout: vertical; padding: 0 1; }
    SwitchPreviewScreen.-narrow #figures { width: 1fr; height: 9; margin: 1 0; }
    SwitchPreviewScreen.-narrow #who { height: 1fr; }
    """
    ABOUT: ClassVar[str] = (
        "What a switch would do to the last complete month: the overview's figures and all that rest on the switch, before and after, then "
        "the customers who would count otherwise, the largest change first. e explains a figure as it is or as it would be, and of a "
        "customer what they add; enter opens a customer, or explains a figure. Nothing has been written. ctrl+s sets the switch, esc "
        "leaves it as it is, tab goes from one list to the other."
    )

    class Done(Message):
        """The switch has been set."""

    def __init__(self, one: SwitchState, value: str, stamp: Stamp | None) -> None:
        super().__init__()
        self._one = one
        self._value = value
        self._stamp = stamp
        self._setting = False

    def compose(self) -> ComposeResult:
        yield TopLine()
        yield Words(Text("working out what it would do…", style=self.ink.dim), id="head")
        with Horizontal(id="frame"):
            yield Rows(id="figures")
            with Vertical(id="who"):
                yield Words(id="count")
                yield Rows(id="people")
        yield KeysLine("switch_preview")

    def on_mount(self) -> None:
        title = Text.assemble((self._one.label, "bold"), f"   {safe(self._one.value, 40)} → {safe(self._value, 40)}")
        self.query_one(TopLine).say(_workspace(self._stamp, self.ink), (title, Text(self._one.label, style="bold")))
        self.ask()

    def question(self) -> Callable[[], Preview]:
        app, name, value = self.cstui, self._one.name, self._value
        return lambda: app.desk.preview_switch(app.opened().workspace, name, value, app.today, MOST_MOVERS)

    async def show(self, snapshot: Preview) -> None:
        ink = self.ink
        self.query_one("#head", Words).say(preview_words(snapshot, ink))
        figures, people = in_order(snapshot), snapshot.customers
        listing = self.query_one("#figures", Rows)
        listing.show(len(figures), lambda index, width: figure_line(figures[index], snapshot.currency, width, ink))
        self.query_one("#count", Words).say(movers_heading(snapshot, ink))
        self.query_one("#people", Rows).show(len(people), lambda index, width: mover_line(people[index], snapshot, width, ink))

    def workspace_changed(self, revision: int) -> None:
        if self.snapshot is not None and not self._setting:
            super().workspace_changed(revision)

    @on(Rows.Opened, "#people")
    def _opened(self, event: Rows.Opened) -> None:
        """The customer's page."""
        if (snapshot := self.snapshot) is None:
            return
        from cstui.ui.screens.customer import CustomerScreen

        self.app.push_screen(CustomerScreen([one.number for one in snapshot.customers], event.index))

    @on(Rows.Opened, "#figures")
    def action_explain(self) -> None:
        """The figure under the cursor, or what the customer adds to one: as it is, or as it would be."""
        snapshot, stamp = self.snapshot, self._stamp
        if snapshot is None or stamp is None:
            return
        figures, people = self.query_one("#figures", Rows), self.query_one("#people", Rows)
        if self.focused is people and people.count:
            one = snapshot.customers[people.cursor]
            title, lines = one.name or one.customer_id, mover_subjects(one, snapshot)
        else:
            turned = in_order(snapshot)[figures.cursor]
            title, lines = turned.metric.label, figure_subjects(turned, snapshot)
        explain_one_of(self, stamp, f"Explain {cell(title, 40)}", lines, (snapshot.label,))

    def action_set(self) -> None:
        """Turn the switch."""
        if self.snapshot is not None and not self._setting:
            self._setting = True
            self.query_one("#head", Words).say(Text("setting it, and working out again what rests on it…", style=self.ink.dim))
            self.run_worker(self._set, name="set switch", group="set", thread=True, exclusive=True)

    def _set(self) -> None:
        app = self.cstui
        try:
            app.desk.set_switch(app.opened().workspace, self._one.name, self._value)
        except CstuiError as error:
            self._setting = False
            app.notify(safe(error.message, 400), severity="error", markup=False)
            return
        self.post_message(self.Done())

    def on_switch_preview_screen_done(self) -> None:
        """Back to the list, with the new value."""
        self.app.notify(_now(self._one, self._value), markup=False)
        self.in_front(self.dismiss)

    def action_back(self) -> None:
        """Leave the switch as it is."""
        if not self._setting:
            self.dismiss()


def preview_words(snapshot: Preview, ink: Ink) -> Text:
    """What would be set, for which month, and how to."""
    text = Text.assemble((snapshot.label, f"bold {ink.accent}"), f"   {safe(snapshot.before, 40)} → ", (safe(snapshot.after, 40), "bold"))
    text.append(f"   {fmt.period(snapshot.period)}   ", ink.dim).append("nothing has been set yet", ink.care)
    return text.append(f"\n{safe(snapshot.definition, 300)}", ink.dim)


def in_order(snapshot: Preview) -> list[Turned]:
    """The figures that would change first."""
    return sorted(snapshot.figures, key=lambda turned: turned.before.value == turned.after.value)


def figure_subjects(turned: Turned, snapshot: Preview) -> list[tuple[Text, Subject]]:
    """A figure as it is and as it would be, each with what explains it."""
    unit = fmt.unit_of(turned.metric.id, turned.metric.unit)
    values = [fmt.figure(figure.value, unit, snapshot.currency) for figure in (turned.before, turned.after)]
    return _both_ways(turned.metric.id, values, snapshot, View().on(snapshot.period))


def mover_subjects(one: Moving, snapshot: Preview) -> list[tuple[Text, Subject]]:
    """What a customer adds to each figure that they move, as it is and as it would be."""
    view = View(where=(("customer_id", (one.customer_id,)),)).on(snapshot.period)
    names = sorted(one.parts, key=lambda name: name != snapshot.by)
    return [
        line
        for name in names
        for line in _both_ways(name, part_values(name, one.parts[name], snapshot.currency), snapshot, view, metric_label(name))
    ]


def _both_ways(metric: str, values: Sequence[str], snapshot: Preview, view: View, label: str = "") -> list[tuple[Text, Subject]]:
    settings, turned = (snapshot.before, snapshot.after), ((snapshot.switch, snapshot.after),)
    lines: list[tuple[Text, Subject]] = []
    for way, value, setting, supposing in zip(("as it is", "as it would be"), values, settings, ((), turned), strict=True):
        words = Text.assemble(f"{label}, {way}" if label else way, "   ", (safe(value, 40), "bold"), f"   {safe(setting, 24)}")
        lines.append((words, FigureOf(metric, view, supposing=supposing)))
    return lines


def figure_line(turned: Turned, currency: str, width: int, ink: Ink) -> Text:
    """A figure before and after; those that would stay as they are, dim."""
    one, before, after = turned.metric, turned.before.value, turned.after.value
    unit = fmt.unit_of(one.id, one.unit)
    shown = [fmt.figure(value, unit, currency) for value in (before, after)]
    same = before == after
    change = "" if same or before is None or after is None else fmt.contribution(after - before, unit, currency)
    style = {1: ink.good, -1: ink.bad, 0: ink.text}[fmt.verdict(after, before, one.better)]
    label = max(12, min(34, width - 37))
    line = Text.assemble(fit(one.label, label, ink.dim if same else ""), f"{shown[0]:>12}", (" → ", ink.dim))
    return line.append(f"{shown[1]:>11}", ink.dim if same else "bold").append(f"{change:>11}", style)


def movers_heading(snapshot: Preview, ink: Ink) -> Text:
    """How many would count otherwise."""
    if snapshot.by is None:
        return Text("Nobody would count otherwise.", style=ink.dim)
    words = Text(f"{fmt.count(snapshot.total, 'customer')} would count otherwise", style="bold")
    cut = f", {len(snapshot.customers):,} shown" if len(snapshot.customers) < snapshot.total else ""
    return words.append(f"   the largest change of {snapshot.leading} first{cut}", ink.dim)


def mover_line(one: Moving, snapshot: Preview, width: int, ink: Ink) -> Text:
    """Who, and what changes."""
    line = Text.assemble(fit(one.name or one.customer_id, 22), " ")
    if width >= 70:
        line.append_text(fit(one.customer_id, 8, ink.dim)).append(" ")
    return line.append(cell("; ".join(moving_words(one, snapshot, 4)), 300), ink.text)
