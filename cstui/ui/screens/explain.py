"""What is behind one figure: its definition, switches and parts, who made it differ, and the very rows with their file and line.

A function of an `Explanation`, asked for in steps: the first rows at once, then what made the difference, more rows as somebody goes
down. Parts of a composed figure open as explanations of their own, rows and movers open their customer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll

from cstui.base import formatting as fmt
from cstui.base.ask import View
from cstui.base.days import month_of, months
from cstui.base.text import safe
from cstui.desk.explain import Explanation, Wanted
from cstui.desk.subjects import FigureOf
from cstui.ui import commands
from cstui.ui.screens import explain_words as words
from cstui.ui.screens.base import BREAKPOINTS, DeskScreen, SnapshotScreen, Stamp, where_words, workspace_words
from cstui.ui.screens.choices import ListDialog
from cstui.ui.widgets.line import KeysLine, TopLine, Words
from cstui.ui.widgets.rows import Rows

if TYPE_CHECKING:
    from cstui.base.ask import Where
    from cstui.desk.difference import Mover
    from cstui.desk.explain import SourceRow
    from cstui.desk.subjects import Subject

FIRST_ROWS = 100
"""Rows and movers looked up at first, largest first."""
MORE = 8
"""How many times as many, when somebody goes down to the last of them."""


class BehindScreen(SnapshotScreen[Explanation]):
    """What is behind any subject."""

    SCOPES: ClassVar[tuple[str, ...]] = ("explain", "list")
    LEAD = "#meaning"
    BINDINGS = commands.bindings("explain")
    HORIZONTAL_BREAKPOINTS = BREAKPOINTS
    AUTO_FOCUS = "#rows"
    DEFAULT_CSS = """
    BehindScreen #frame { height: 1fr; padding: 1 1 0 1; }
    BehindScreen #words { width: 46; margin-right: 3; }
    BehindScreen #evidence { width: 1fr; }
    BehindScreen #detail { margin-top: 1; padding: 0 1; max-height: 3; }
    BehindScreen.-narrow #detail { margin-top: 0; }
    BehindScreen.-narrow #frame { layout: vertical; padding: 0 1; }
    BehindScreen.-narrow #words { width: 1fr; height: auto; max-height: 45%; margin: 0 0 1 0; }
    BehindScreen.-narrow #evidence { height: 1fr; }
    """
    ABOUT: ClassVar[str] = (
        "Where a figure comes from. On top or at the left: what it means, how it is computed, which switches are in force. "
        "The list holds the parts it is made of (enter opens one), or the rows it counts: what each adds, and the file and line it came "
        "from; enter opens the row's customer. The rows add up to the figure. d shows what made it differ from the period before: who "
        "moved it, largest first. In a ratio, numerator and denominator each had their effect: its change, with the other held at the mean "
        "of both periods. A contribution is somebody's part of both effects, so that all of them add up to the difference."
    )

    def __init__(self, subject: Subject, stamp: Stamp, trail: tuple[str, ...] = (), *, difference: bool = False) -> None:
        """`stamp` is what the top line says of the workspace, `trail` what this was opened from; `difference`: begin with that list."""
        super().__init__()
        self._subject = subject
        self._stamp = stamp
        self._trail = trail
        self._limit = FIRST_ROWS
        self._turned = difference

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

    def on_mount(self) -> None:
        self.query_one(TopLine).say(workspace_words(self._stamp, self.ink))
        self.ask()

    # Asking

    def question(self) -> Callable[[], Explanation]:
        """The first rows while there is nothing yet; then the difference, which takes longer; then more of both."""
        app, subject, held, limit = self.cstui, self._subject, self.snapshot, self._limit
        wanted = Wanted(limit=limit, parts=False) if held is None else Wanted(rows=False, limit=limit, difference=True, parts=False)

        def answer() -> Explanation:
            found = app.desk.explain(app.opened().workspace, subject, app.today, wanted)
            if held is None:
                return found
            if len(held.rows or ()) < limit and self._more_rows(held):
                rows = app.desk.explain(app.opened().workspace, subject, app.today, Wanted(limit=limit, parts=False))
                return replace(rows, difference=found.difference)
            return replace(found, rows=held.rows, total_rows=held.total_rows)

        return answer

    @staticmethod
    def _more_rows(held: Explanation) -> bool:
        rows = len(held.rows or ())
        return rows > 0 and (held.total_rows is None or rows < held.total_rows)

    def _go_on(self) -> None:
        """Look further down than before, where there is more."""
        held = self.snapshot
        if held is None or held.difference is None:
            return
        if self._more_rows(held) or len(held.difference.movers) < held.difference.total:
            self._limit *= MORE
            self.ask()

    def workspace_changed(self, revision: int) -> None:
        if self.snapshot is not None and revision != self.snapshot.revision:
            self.snapshot = None
            self.ask()

    # Showing

    async def show(self, snapshot: Explanation) -> None:
        ink = self.ink
        period = Text("" if snapshot.as_of is None else fmt.period(snapshot.period), style="bold")  # nothing happened on any day
        trail = " › ".join(safe(part, 40) for part in (*self._trail, snapshot.metric.label))
        long = Text.assemble((trail, ink.accent), "   ", period, "   ", (where_words(snapshot.where), ink.dim))
        self.query_one(TopLine).say(workspace_words(self._stamp, ink), (long, Text.assemble((trail, ink.accent), "   ", period), period))
        self.query_one("#meaning", Words).say(words.meaning(snapshot, ink))
        self._list(snapshot)
        if snapshot.difference is None:
            self.ask()

    def _list(self, snapshot: Explanation) -> None:
        """The rows or parts, or those who made the difference."""
        ink, listing = self.ink, self.query_one("#rows", Rows)
        if self._shows_difference:
            heading = words.difference_heading(snapshot, ink)
            movers = self._movers
            rest = snapshot.difference is not None and len(movers) < snapshot.difference.total
            listing.say(Text(words.no_difference(snapshot), style=ink.dim))
            wide = words.mover_layout(snapshot)

            def mover(index: int, width: int) -> Text:
                return (
                    words.mover_line(movers[index], snapshot, wide, width, ink) if index < len(movers) else words.rest_line(snapshot, ink)
                )

            listing.show(len(movers) + rest, mover, skip=frozenset({len(movers)} if rest else ()))
        else:
            heading = words.rows_heading(snapshot, ink)
            rows = snapshot.rows or ()
            layout = words.layout_of(rows, ratio=snapshot.answer.figure.denominator is not None)
            listing.say(Text("No row counts towards this figure in this period.", style=ink.dim))
            parts = tuple(snapshot.explained.items())

            def draw(index: int, width: int) -> Text:
                if index < len(parts):
                    return words.part_line(*parts[index], snapshot, width, ink)
                return words.row_line(rows[index - len(parts)], layout, width, ink)

            listing.show(len(parts) + len(rows), draw)
        self.query_one("#columns", Words).say(heading)
        self._detail()

    @property
    def _shows_difference(self) -> bool:
        """A composed figure has the difference beside its parts."""
        return self._turned and not (self.snapshot is not None and not self.snapshot.counted)

    @property
    def _movers(self) -> tuple[Mover, ...]:
        snapshot = self.snapshot
        return () if snapshot is None or snapshot.difference is None else snapshot.difference.movers

    def _detail(self) -> None:
        """All of the line under the cursor, of which the list may show a part."""
        snapshot, at = self.snapshot, self.query_one("#rows", Rows).cursor
        text = Text()
        if snapshot is not None and self._shows_difference and at < len(self._movers):
            text = words.mover_words(self._movers[at], snapshot, self.ink)
        elif snapshot is not None and not self._shows_difference and snapshot.rows and at < len(snapshot.rows):
            text = words.row_words(snapshot.rows[at], self.ink)
        self.query_one("#detail", Words).say(text)

    # Acting

    @on(Rows.Moved, "#rows")
    def _moved(self, event: Rows.Moved) -> None:
        self._detail()
        if event.index >= event.rows.count - 2:
            self._go_on()

    @on(Rows.Opened, "#rows")
    def _opened(self, event: Rows.Opened) -> None:
        """A part opens as a figure of its own, a row or a mover its customer."""
        snapshot = self.snapshot
        if snapshot is None:
            return
        if event.index < len(snapshot.explained):
            subject = self._subject.part(list(snapshot.explained.values())[event.index])
            self.app.push_screen(BehindScreen(subject, self._stamp, (*self._trail, snapshot.metric.label)))
            return
        self._open_customer(self._movers if self._shows_difference else snapshot.rows or (), event.index)

    def _open_customer(self, lines: Sequence[Mover | SourceRow], index: int) -> None:
        if index >= len(lines) or (number := lines[index].number) is None:
            self.app.notify("Costs and traffic have no customer.", markup=False)
            return
        from cstui.ui.screens.customer import CustomerScreen

        people = list(dict.fromkeys(line.number for line in lines if line.number is not None))
        self.app.push_screen(CustomerScreen(people, people.index(number)))

    def action_meaning(self) -> None:
        """All that is said of the figure, of which a small terminal shows a part."""
        if self.snapshot is not None:
            from cstui.ui.screens.entry import Reading

            self.app.push_screen(Reading(words.meaning(self.snapshot, self.ink)))

    def action_turn(self) -> None:
        """What made the difference, or the rows again."""
        if self.snapshot is not None and self.snapshot.counted:
            self._turned = not self._turned
            self._list(self.snapshot)
            self.query_one("#rows", Rows).action_first()


class ExplainScreen(BehindScreen):
    """Opened with `e` on any figure."""

    def __init__(self, metric: str, view: View, stamp: Stamp, *, difference: bool = False, year_before: bool = False) -> None:
        """The metric in the last period of the view; `difference`: begin with who made it differ; `year_before`: from a year before."""
        super().__init__(FigureOf(metric, view, year_before), stamp, difference=difference)


TOTALS = (
    ("mrr", "MRR"),
    ("customers_active", "Active customers"),
    ("arpc", "Revenue per customer"),
    ("customer_churn_rate", "Customer churn"),
    ("mrr_scheduled_churn", "Scheduled churn"),
    ("leads_open", "Open leads"),
)
"""What a list of customers comes to, and may be asked about."""


class TotalsDialog(ListDialog["Subject"]):
    """Which of some figures to explain. Dismisses with the subject."""

    def __init__(self, title: str, lines: Sequence[tuple[Text, Subject]]) -> None:
        super().__init__(Text(title, style="bold"), lines)


def explain_one_of(
    screen: DeskScreen, stamp: Stamp, title: str, lines: Sequence[tuple[Text, Subject]], trail: tuple[str, ...] = ()
) -> None:
    """Ask for one of some figures, and open what is behind it; `trail` is where from."""

    def chosen(subject: Subject | None) -> None:
        if subject is not None:
            screen.app.push_screen(BehindScreen(subject, stamp, trail))

    screen.app.push_screen(TotalsDialog(title, lines), chosen)


def explain_total(screen: DeskScreen, stamp: Stamp, where: Where, more: Sequence[tuple[Text, Subject]] = ()) -> None:
    """Ask for a total of the customers in a filter, on the last day of the data, and open what is behind it; `more` come first."""
    if stamp.as_of is None:
        return
    view = View(where=where).on(months(month_of(stamp.as_of)))
    totals: list[tuple[Text, Subject]] = [(Text(label), FigureOf(metric, view)) for metric, label in TOTALS]
    explain_one_of(screen, stamp, "Explain what these customers come to", [*more, *totals])
