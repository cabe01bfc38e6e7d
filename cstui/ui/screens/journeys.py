"""All customers from stage to stage: how many are where, where they go on to, how long it takes, and whose they are.

A function of a `JourneysSnapshot`. A line opens the list of its customers, from which each has their page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.message import Message

from cstui.base import formatting as fmt
from cstui.base.ask import PeriodChoice
from cstui.base.errors import CstuiError
from cstui.base.text import safe
from cstui.desk.goals import bar
from cstui.desk.journey_line import LEFT, REACHED, JourneyLine
from cstui.desk.journeys import JourneysSnapshot, StageLine, Transition
from cstui.desk.subjects import LineOf
from cstui.ui import commands
from cstui.ui.screens.base import BREAKPOINTS, DeskScreen, Stamp, period_words, where_text, workspace_words
from cstui.ui.screens.views import BranchScreen
from cstui.ui.widgets.line import KeysLine, TopLine, Words, fit
from cstui.ui.widgets.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cstui.base.ask import View
    from cstui.desk.customers import CustomerLine
    from cstui.desk.subjects import Subject
    from cstui.ui.theme import Ink

BLOCK = 100
"""Lines read at once."""
_DAYS = 7
"""Cells of the days before a customer."""


def stage_line(line: StageLine, began: int, width: int, ink: Ink) -> Text:
    """A stage: who is there and for how long, who came through, and who is in charge."""
    text = Text.assemble((f"{line.stage:10}", f"bold {ink.text}"), (f"{line.now:>7,}", f"bold {ink.accent}"))
    text.append(f"{line.reached:>9,}", ink.text).append(f"{began:>8,}" if began else " " * 8, ink.dim)
    text.append(f"{_days(line.median_days):>12}{_days(line.waiting_days):>12}", ink.dim)
    owners = ", ".join(f"{safe(owner, 20)} {count:,}" for owner, count in line.owners[:6])
    room = width - text.cell_len - 3
    return text.append("   ").append_text(fit(owners, room, ink.dim)) if owners and room > 8 else text


def heading(width: int, ink: Ink) -> Text:
    """The titles over the stages."""
    words = f"{'stage':10}{'now':>7}{'reached':>9}{'began':>8}{'median stay':>12}{'there for':>12}   "
    return Text(words + ("who had them" if width >= 76 else ""), style=ink.dim)


def move_line(move: Transition, width: int, ink: Ink) -> Text:
    """The way to another stage, beneath the one it leaves: share, customers, and after how long."""
    room = 20 if width >= 90 else 10
    text = Text.assemble(("    → ", ink.faint), (f"{move.target:10}", ink.text), (f"{bar(move.share, room)} ", ink.line))
    text.append(f"{fmt.percent(move.share):>8}", "bold").append(f"  {fmt.count(move.customers, 'customer'):>15}", ink.text)
    if move.median_days is not None:
        text.append(f"   after {_days(move.median_days)}", ink.dim)
    return text.append(f", {move.times:,} times" if move.times > move.customers else "", ink.dim)


def _days(value: Fraction | None) -> str:
    return "–" if value is None else fmt.figure(value, "days", "")


def subject_of(line: StageLine | Transition, view: View) -> Subject:
    """A line as something to explain."""
    return LineOf(JourneyLine(line.stage) if isinstance(line, StageLine) else JourneyLine(line.origin, line.target), view)


class JourneysScreen(BranchScreen[JourneysSnapshot]):
    """Opened with `o` on the overview."""

    SCOPES: ClassVar[tuple[str, ...]] = ("journeys", "list")
    BINDINGS = commands.bindings("journeys")
    HORIZONTAL_BREAKPOINTS = BREAKPOINTS
    AUTO_FOCUS = "#ways"
    DEFAULT_CSS = """
    JourneysScreen #title { padding: 1 2; }
    JourneysScreen #columns { padding: 0 2; }
    JourneysScreen #ways { margin: 0 1 1 1; }
    JourneysScreen.-narrow #title, JourneysScreen.-narrow #columns { padding: 0 1; }
    JourneysScreen.-narrow #ways { margin: 0; }
    """
    ABOUT: ClassVar[str] = (
        "Every stage customers go through, and under it where they went on to: the share of all who were there, how many, and after "
        "how many days in the median. “now” are those who are there; “there for” is how long in the median; “began” are those whose "
        "journey starts there. Beside a stage stands who was in charge of how many customers while they were in it: of all who came "
        "through, not only of those who are there now. Enter opens the customers of a line, e what any of its figures is worked out "
        "from: the rows that put them there, with file and line, and in a period who made it differ from the one before. v turns from "
        "everything that has happened to one period and back."
    )

    def __init__(self, view: View, stamp: Stamp) -> None:
        super().__init__(view, stamp)
        self._ever = True
        self._lines: tuple[StageLine | Transition, ...] = ()

    def compose(self) -> ComposeResult:
        yield TopLine()
        yield Words(Text("working it out…", style=self.ink.dim), id="title")
        yield Words(id="columns")
        yield Rows(id="ways")
        yield KeysLine("journeys")

    def on_mount(self) -> None:
        self.ask()

    @property
    def _asked(self) -> View:
        """The view with everything so far, or the period."""
        return self.view._replace(choice=PeriodChoice()) if self._ever else self.view.on(self.period)

    def question(self) -> Callable[[], JourneysSnapshot]:
        app, view = self.cstui, self._asked
        return lambda: app.desk.journeys(app.opened().workspace, view, app.today)

    # Showing

    async def show(self, snapshot: JourneysSnapshot) -> None:
        ink = self.ink
        when, period = Text("everything so far", style="bold"), snapshot.period
        if period is not None:
            when = period_words(period, ink, complete=period.complete(self.stamp.as_of or 0))
        right = Text.assemble(when, "   ", where_text(snapshot.where, ink))
        self.query_one(TopLine).say(workspace_words(snapshot, ink), (right, when))
        title = Text.assemble(("From stage to stage", f"bold {ink.accent}"), (f"   {fmt.count(snapshot.customers, 'customer')}", "bold"))
        if snapshot.undated:
            title.append(f", {snapshot.undated:,} of whom no date says that it began", ink.care)
        self.query_one("#title", Words).say(title)
        self._lines = self._laid_out(snapshot)
        began = {move.target: move.customers for move in snapshot.transitions if move.origin is None}
        rows = self.query_one("#ways", Rows)
        rows.say(Text("No journey yet: no date says when one began. 6 imports customers with created_at, or subscriptions.", style=ink.dim))
        self.query_one("#columns", Words).say(Text.assemble(" ", heading(self.size.width - 4, ink)) if self._lines else Text())

        def draw(index: int, width: int) -> Text:
            line = self._lines[index]
            if isinstance(line, StageLine):
                return stage_line(line, began.get(line.stage, 0), width, ink)
            return move_line(line, width, ink)

        rows.show(len(self._lines), draw)

    @staticmethod
    def _laid_out(snapshot: JourneysSnapshot) -> tuple[StageLine | Transition, ...]:
        """Stages that anybody was in, each with the ways out of it."""
        found: list[StageLine | Transition] = []
        for line in snapshot.stages:
            ways = [move for move in snapshot.transitions if move.origin == line.stage]
            if line.reached or line.now or ways:
                found += [line, *sorted(ways, key=lambda move: -move.share)]
        return tuple(found)

    # Acting

    @property
    def _line(self) -> StageLine | Transition | None:
        """The line under the cursor."""
        return self._lines[self.query_one("#ways", Rows).cursor] if self._lines else None

    @on(Rows.Opened, "#ways")
    def _opened(self) -> None:
        """The customers of the line under the cursor."""
        line = self._line
        if line is None:
            return
        if not line.members:
            self.app.notify("Nobody is there.", markup=False)
            return
        if isinstance(line, StageLine):
            title, said, middle = f"in stage {line.stage}", "days there", line.waiting_days
        else:
            title, said, middle = f"{line.origin} → {line.target}", f"days as {line.origin}", line.median_days
        if middle is not None:
            title += f"   {said}, median {fmt.number(middle, 0 if middle.denominator == 1 else 1)}"
        by_days = sorted(zip(line.members, line.days, strict=True), key=lambda member: -member[1])
        self.app.push_screen(MembersScreen(title, by_days, subject_of(line, self._asked), self.stamp))

    def action_explain(self) -> None:
        """What is behind the line under the cursor; of a stage, which of its figures is asked first."""
        line, snapshot = self._line, self.snapshot
        if line is None or snapshot is None:
            return
        from cstui.ui.screens.explain import BehindScreen, explain_one_of

        if isinstance(line, Transition):
            self.app.push_screen(BehindScreen(subject_of(line, self._asked), self.stamp))
            return
        began = next((move for move in snapshot.transitions if move.origin is None and move.target == line.stage), None)
        figures = {
            f"in it now   {line.now:,}, for {_days(line.waiting_days)} in the median": JourneyLine(line.stage),
            f"reached it   {line.reached:,}": JourneyLine(line.stage, REACHED),
            f"went on from it   after {_days(line.median_days)} in the median": JourneyLine(line.stage, LEFT),
        }
        if began is not None:
            figures[f"journeys that began there   {began.customers:,}, {fmt.percent(began.share)} of all"] = JourneyLine(None, line.stage)
        lines: list[tuple[Text, Subject]] = [(Text(words), LineOf(one, self._asked)) for words, one in figures.items()]
        explain_one_of(self, self.stamp, f"Explain a figure of stage {line.stage}", lines)

    def action_turn(self) -> None:
        """Everything so far, or one period."""
        self._ever = not self._ever
        self.ask()

    def action_period(self, by: int) -> None:
        """First the period itself, then those before and after it."""
        if self._ever:
            self.action_turn()
        else:
            super().action_period(by)


class MembersScreen(DeskScreen):
    """The customers of a line: read block by block as they come into sight; enter opens one's page."""

    SCOPES: ClassVar[tuple[str, ...]] = ("members", "list")
    BINDINGS = commands.bindings("members")
    HORIZONTAL_BREAKPOINTS = BREAKPOINTS
    AUTO_FOCUS = "#members"
    DEFAULT_CSS = """
    MembersScreen #title { padding: 1 2; }
    MembersScreen #columns { padding: 0; }
    MembersScreen.-narrow #title { padding: 0 1; }
    """
    ABOUT: ClassVar[str] = (
        "The customers who are, or went, there, and for how many days: those that the median is the middle of. Who went there more than "
        "once has the days of the last time. Enter opens one's page; ] and [ there go from one to the next. e explains the line: which row "
        "put each of them there, with file and line."
    )

    class Read(Message):
        """Lines have been read."""

        def __init__(self, lines: Mapping[int, CustomerLine]) -> None:
            super().__init__()
            self.lines = lines

    def __init__(self, title: str, members: Sequence[tuple[int, int]], subject: Subject, stamp: Stamp) -> None:
        """`members`: customers with their days; `subject`: the line they are of."""
        super().__init__()
        self._subject = subject
        self._called = title
        self._members = [number for number, _ in members]
        self._days = [days for _, days in members]
        self.stamp = stamp
        self._known: dict[int, CustomerLine] = {}
        self._asked: set[int] = set()

    def compose(self) -> ComposeResult:
        yield TopLine()
        yield Words(id="title")
        yield Words(id="columns")
        yield Rows(id="members")
        yield KeysLine("members")

    def on_mount(self) -> None:
        self.redraw()

    def redraw(self) -> None:
        from cstui.ui.screens.customers_words import heading as customer_heading

        ink = self.ink
        count = Text(fmt.count(len(self._members), "customer"), style="bold")
        self.query_one(TopLine).say(workspace_words(self.stamp, ink), (count,))
        self.query_one("#title", Words).say(Text.assemble((safe(self._called, 90), f"bold {ink.accent}"), ("   enter opens", ink.dim)))
        rows = self.query_one("#members", Rows)
        rows.show(len(self._members), self._line)
        columns = self.query_one("#columns", Words)

        def titles() -> Text:
            return Text(f"{'days':>{_DAYS}}", style=ink.dim) + customer_heading(rows.room - _DAYS, ink)

        self.call_after_refresh(lambda: columns.say(titles()))  # the list may have got a scrollbar

    def _line(self, index: int, width: int) -> Text:
        from cstui.ui.screens.customers_words import customer_line

        block = index // BLOCK
        if block not in self._asked:
            self._asked.add(block)
            wanted = tuple(self._members[block * BLOCK : (block + 1) * BLOCK])
            self.run_worker(partial(self._read, wanted), name="lines", group="lines", thread=True)
        line = self._known.get(self._members[index])
        days = Text(f"{self._days[index]:>{_DAYS - 1},} ", style="bold")
        if line is None:
            return days.append("…", self.ink.faint)
        return days + customer_line(line, self.stamp.currency, width - _DAYS, self.ink)

    def _read(self, numbers: tuple[int, ...]) -> None:
        app = self.cstui
        try:
            self.post_message(self.Read(app.desk.lines(app.opened().workspace, numbers)))
        except CstuiError as error:
            app.notify(safe(error.message, 400), severity="error", markup=False)

    def on_members_screen_read(self, event: Read) -> None:
        """Keep the lines and draw them."""
        self._known.update(event.lines)
        self.query_one("#members", Rows).refresh()

    def action_explain(self) -> None:
        """What is behind the line that these are of."""
        from cstui.ui.screens.explain import BehindScreen

        self.app.push_screen(BehindScreen(self._subject, self.stamp))

    @on(Rows.Opened, "#members")
    def _opened(self, event: Rows.Opened) -> None:
        from cstui.ui.screens.customer import CustomerScreen

        self.app.push_screen(CustomerScreen(self._members, event.index))
