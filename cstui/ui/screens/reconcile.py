"""Another program's MRR per subscriber against ours: the months with both sums, and every difference with its cause.

A function of a `Reconciliation`, read in a thread. Changes nothing; enter on a difference opens the customer.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical

from cstui.base.errors import CstuiError
from cstui.base.text import safe
from cstui.ui import commands
from cstui.ui.screens import reconcile_words as words
from cstui.ui.screens.base import BREAKPOINTS, SnapshotScreen, workspace_words
from cstui.ui.screens.choices import encoding_dialog
from cstui.ui.widgets.line import KeysLine, TopLine, Words
from cstui.ui.widgets.rows import Rows

if TYPE_CHECKING:
    from cstui.desk.reconcile import Difference, Reconciliation


_NOT_HERE = "They are not here: the file alone knows them."


class ReconcileScreen(SnapshotScreen["Reconciliation"]):
    """Opened with `c` on the import screen, or on the preview of a file that is made for it."""

    SCOPES: ClassVar[tuple[str, ...]] = ("reconcile", "list")
    BINDINGS = commands.bindings("reconcile")
    AUTO_FOCUS = "#differences"
    HORIZONTAL_BREAKPOINTS = BREAKPOINTS
    DEFAULT_CSS = """
    ReconcileScreen #head { padding: 1 2 0 2; }
    ReconcileScreen #frame { height: 1fr; padding: 1 1 0 1; }
    ReconcileScreen #months { height: 12; margin-top: 1; }
    ReconcileScreen #list { height: 1fr; }
    ReconcileScreen #why, ReconcileScreen #causes { padding: 0 1; margin-top: 1; max-height: 4; }
    ReconcileScreen.-narrow #head { padding: 0 2; }
    ReconcileScreen.-narrow #frame { padding: 0 1; }
    ReconcileScreen.-narrow #months { height: 7; margin-top: 1; }
    ReconcileScreen.-narrow #why, ReconcileScreen.-narrow #causes { margin: 0; max-height: 2; }
    """
    ABOUT: ClassVar[str] = (
        "Stripe's MRR per subscriber beside the MRR here, on each month's last day: a line for each customer, currency and month on which "
        "the two disagree, with the one difference in reading that explains the amount exactly; what none explains is unknown. The months "
        "show both sums, and what each cause makes of the difference. enter on a difference opens the customer, on a month its first "
        "difference. e shows what our amount is made of, down to file and line. Nothing is changed."
    )

    def __init__(self, path: Path, encoding: str | None = None) -> None:
        super().__init__()
        self._path = path
        self._encoding = encoding

    def compose(self) -> ComposeResult:
        waiting = Text("comparing…", style=self.ink.dim)
        yield TopLine()
        yield Words(Text("reading the file, and working out our MRR of each of its months…", style=self.ink.dim), id="head")
        with Vertical(id="frame"):
            with Vertical(id="list"):
                yield Words(id="columns")
                yield Rows(id="differences", empty=waiting)
                yield Words(id="why")
            with Vertical(id="months"):
                yield Words(id="sums")
                yield Rows(id="totals")
                yield Words(id="causes")
        yield KeysLine("reconcile")

    def on_mount(self) -> None:
        self._say_top()
        self.ask()

    def question(self) -> Callable[[], Reconciliation]:
        app, path, encoding = self.cstui, self._path, self._encoding
        return lambda: app.desk.reconcile(app.opened().workspace, path, encoding)

    def workspace_changed(self, revision: int) -> None:
        if self.snapshot is not None:
            super().workspace_changed(revision)

    # Showing

    def _say_top(self) -> None:
        opened = self.cstui.opening_now()
        left = workspace_words(opened.overview, self.ink) if opened and opened.overview else (Text("cstui", style="bold"),)
        name = Text(safe(self._path.name, 40), style=self.ink.dim)
        title = Text("Reconcile", style="bold")
        self.query_one(TopLine).say(left, (Text.assemble(title, "   ", name), title))

    async def show(self, snapshot: Reconciliation) -> None:
        ink = self.ink
        self._say_top()
        self.query_one("#head", Words).say(words.summary(snapshot, ink))
        differences, totals = self.query_one("#differences", Rows), self.query_one("#totals", Rows)
        differences.say(Text("Both agree on every customer and month." if snapshot.totals else "", style=ink.good))
        totals.show(len(snapshot.totals), lambda index, width: words.total_line(snapshot.totals[index], width, ink))
        found = snapshot.differences
        differences.show(len(found), lambda index, width: words.difference_line(found[index], snapshot, width, ink))
        self._details()

    def fail(self, error: CstuiError) -> None:
        self.snapshot = None
        self.query_one("#head", Words).say(Text.assemble(("Nothing was compared.\n", f"bold {self.ink.bad}"), safe(error.message, 600)))
        for rows in self.query(Rows):
            rows.say(Text())
            rows.show(0, lambda _index, _width: Text())
        self._details()

    def on_resize(self) -> None:
        self.call_after_refresh(self._details)

    @on(Rows.Moved)
    def _details(self) -> None:
        """Headings, and all of the lines under the cursors."""
        snapshot, ink, here = self.snapshot, self.ink, self._here()
        differences, totals = self.query_one("#differences", Rows), self.query_one("#totals", Rows)
        heading = words.differences_heading(snapshot, differences.size.width - 1, ink) if snapshot and here else Text()
        self.query_one("#columns", Words).say(heading)
        self.query_one("#why", Words).say(words.difference_words(here, ink) if here else Text())
        sums = causes = Text()
        if snapshot is not None and snapshot.totals:
            sums = words.totals_heading(totals.size.width - 1, ink)
            causes = words.cause_words(snapshot.totals[totals.cursor], ink)
        self.query_one("#sums", Words).say(sums)
        self.query_one("#causes", Words).say(causes)

    def _here(self) -> Difference | None:
        """The difference under the cursor."""
        cursor = self.query_one("#differences", Rows).cursor
        found = self.snapshot.differences if self.snapshot is not None else ()
        return found[cursor] if cursor < len(found) else None

    # Acting

    @on(Rows.Opened, "#differences")
    def _open_customer(self) -> None:
        """The customer's page; the other customers that differ are a key away."""
        here, snapshot = self._here(), self.snapshot
        if here is None or snapshot is None:
            return
        if here.number is None:
            self.app.notify(_NOT_HERE, markup=False)
            return
        from cstui.ui.screens.customer import CustomerScreen

        people = list(dict.fromkeys(one.number for one in snapshot.differences if one.number is not None))
        self.app.push_screen(CustomerScreen(people, people.index(here.number)))

    @on(Rows.Opened, "#totals")
    def _to_month(self, event: Rows.Opened) -> None:
        """To the month's first difference."""
        if (snapshot := self.snapshot) is None:
            return
        total = snapshot.totals[event.index]
        places = (i for i, one in enumerate(snapshot.differences) if (one.month, one.currency) == (total.month, total.currency))
        if (first := next(places, None)) is None:
            self.app.notify("Both agree on this month.", markup=False)
            return
        differences = self.query_one("#differences", Rows)
        differences.cursor = first
        differences.focus()

    def action_explain(self) -> None:
        """What our amount of the line is made of: of the month, or of the difference's customer in it."""
        from cstui.desk.reconcile_side import OurSide
        from cstui.desk.subjects import OursOf
        from cstui.ui.screens.explain import BehindScreen

        snapshot, here, opened = self.snapshot, self._here(), self.cstui.opening_now()
        if snapshot is None or opened is None or opened.overview is None:
            return
        totals = self.query_one("#totals", Rows)
        if self.focused is totals and totals.count:
            month = snapshot.totals[totals.cursor]
            side = OurSide(month.month, month.currency, month.theirs, month.causes)
        elif here is None:
            return
        elif here.number is None:
            self.app.notify(_NOT_HERE, markup=False)
            return
        else:
            whose = (here.number, here.customer_id)
            side = OurSide(here.month, here.currency, here.theirs, ((here.cause, here.theirs - here.ours),), whose)
        self.app.push_screen(BehindScreen(OursOf(side), opened.overview, ("Reconcile",)))

    def action_totals(self) -> None:
        """From the differences to the months, and back."""
        totals = self.query_one("#totals", Rows)
        (self.query_one("#differences", Rows) if self.focused is totals else totals).focus()

    def action_copy(self) -> None:
        """Copy the selected line as words: the difference, or the month with its causes."""
        totals, here = self.query_one("#totals", Rows), self._here()
        if self.focused is totals and self.snapshot is not None and totals.count:
            causes = words.cause_words(self.snapshot.totals[totals.cursor], self.ink).plain
            self.copy(f"{totals.line_text(totals.cursor)}: {causes}")
        elif here is not None:
            self.copy(words.copied(here))

    def action_encoding(self) -> None:
        """Read the file as another encoding."""
        self.app.push_screen(encoding_dialog(self._encoding or "", self.ink), self._read_as)

    def _read_as(self, encoding: str | None) -> None:
        if encoding is not None:
            self._encoding = encoding or None
            self.query_one("#head", Words).say(Text("reading the file again…", style=self.ink.dim))
            self.ask()
