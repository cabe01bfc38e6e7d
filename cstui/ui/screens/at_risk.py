"""At risk: the paying customers in order of MRR × risk, each with the reasons; only the lines in sight are read.

A function of an `AtRisk` ranking; rows are fetched in blocks in a thread. What is behind the reasons is the evidence screen's to show.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.message import Message

from cstui.base import formatting as fmt
from cstui.base.ask import View
from cstui.base.errors import CstuiError
from cstui.base.text import cell, safe
from cstui.desk.at_risk import SORTS, AtRisk, Choice, RiskRow, labels, shorts
from cstui.ui import commands
from cstui.ui.screens import risk_words as words
from cstui.ui.screens.base import workspace_words
from cstui.ui.screens.choices import ListDialog
from cstui.ui.screens.views import PeerScreen, empty_words
from cstui.ui.widgets.line import KeysLine, TopLine, Words
from cstui.ui.widgets.rows import AFTERWARDS, Rows

if TYPE_CHECKING:
    from cstui.ui.theme import Ink

BLOCK = 64
"""Rows that are read at once."""
TALL = 34
"""Lines from which the reasons get more room."""

_LINES = [(0, "-short"), (TALL, "-tall")]


class AtRiskScreen(PeerScreen[AtRisk]):
    """Screen 2."""

    SCOPES: ClassVar[tuple[str, ...]] = ("at_risk", "list")
    BINDINGS = commands.bindings("at_risk")
    VERTICAL_BREAKPOINTS = _LINES
    AUTO_FOCUS = "#list"
    DEFAULT_CSS = """
    AtRiskScreen #head { padding: 0 1; height: 2; }
    AtRiskScreen #columns { padding: 0 1; height: 1; }
    AtRiskScreen #detail { height: 9; padding: 0 1; background: $surface; border-left: outer $panel; margin-bottom: 1; }
    AtRiskScreen.-short #detail { height: 6; margin-bottom: 0; }
    """
    ABOUT: ClassVar[str] = (
        "Paying customers, those with the most money at stake first: MRR × risk. 100 = most at risk. The score is the sum of the reasons' "
        "points, by plain rules; it is no probability. Use is measured against the customer's own past, silence against the days that each "
        "kind of data covers. A signal without data says so and is no good sign. ● marks who is new at risk since the list was last "
        "looked at, on an earlier day or before the last import, and ! who is at risk: at 30 or more, at high risk at 60 or more. "
        "enter opens the customer, e the rows behind the reasons."
    )

    @dataclass
    class Read(Message):
        """Rows of a ranking have been read."""

        ranking: AtRisk
        rows: tuple[RiskRow, ...]

    @dataclass
    class Counted(Message):
        """Customers have been counted by a field."""

        by: str
        ranking: AtRisk

    def __init__(self) -> None:
        super().__init__(View())
        self._sort = SORTS[0]
        self._reason: str | None = None
        self._only_new = False
        self._rows: dict[int, RiskRow] = {}
        self._asked: set[int] = set()
        self._missing = False
        """A line was drawn whose row is still to be read."""

    def compose(self) -> ComposeResult:
        yield TopLine()
        yield Words(id="notice")
        yield Words(Text("weighing the signs…", style=self.ink.dim), id="head")
        yield Words(id="columns")
        yield Rows(id="list", empty=Text("reading the list…", style=self.ink.dim))
        yield Words(id="detail")
        yield KeysLine("at_risk")

    def on_mount(self) -> None:
        self.query_one(TopLine).say((Text("opening…", style=self.ink.dim),))
        self.ask()

    def question(self) -> Callable[[], AtRisk]:
        app, view, choice = self.cstui, self.view, Choice(self._sort, self._reason, None, self._only_new)
        return lambda: app.desk.at_risk(app.opened().workspace, view, app.today, BLOCK, choice=choice, look=True)

    # Showing

    async def show(self, snapshot: AtRisk) -> None:
        ink = self.ink
        self.query_one(TopLine).say(workspace_words(snapshot, ink), words.frame_words(snapshot, ink))
        self.notice(empty_words(ink, snapshot.undated) if snapshot.as_of is None else None)
        if snapshot.as_of is None:
            return
        before = self._row()
        self._rows = {row.customer: row for row in snapshot.customers}
        self._asked = {0}
        state = words.state_words(snapshot, self._only_new, self.size.width - 2, ink, labels())
        self.query_one("#head", Words).say(Text("\n").join((words.head_words(snapshot, self._only_new, self.size.width - 2, ink), state)))
        self._say_columns()
        rows = self.query_one("#list", Rows)
        rows.say(self._nobody(snapshot))
        keep = rows.cursor and before is not None and before.customer in snapshot.order
        rows.show(len(snapshot.order), self._draw, cursor=snapshot.order.index(before.customer) if keep and before else 0)
        self._say_detail()

    def _nobody(self, snapshot: AtRisk) -> Text:
        ink = self.ink
        if self._only_new and snapshot.since is None:
            return Text("This is the first look, so there is nothing to compare with. n shows everybody.", style=ink.dim)
        if self._only_new:
            return Text(f"Nobody is new at risk since {snapshot.since}. n shows everybody.", style=ink.dim)
        if self.view.where or self._reason:
            return Text("No paying customer is like that. x shows everybody.", style=ink.dim)
        return Text("Nobody pays anything on the last day of the data.", style=ink.dim)

    def _draw(self, index: int, width: int) -> Text:
        snapshot = self.snapshot
        if snapshot is None or index >= len(snapshot.order):
            return Text()
        block = index // BLOCK
        for near in (block, block + 1, block - 1):  # the next one before it is in sight
            if near not in self._asked and 0 <= near * BLOCK < len(snapshot.order):
                self._fetch(snapshot, near, ahead=near != block)
        row = self._rows.get(snapshot.order[index])
        if row is None:
            self._missing = True
            return words.waiting_line(snapshot.risks[index], self.ink)
        return words.risk_line(row, snapshot, width, self.ink)

    def _fetch(self, ranking: AtRisk, block: int, *, ahead: bool) -> None:
        """Read a block's rows."""
        self._asked.add(block)
        read = partial(self._read, ranking, block * BLOCK)
        work = partial(self.run_worker, read, name="risk rows", group="rows", thread=True)
        self.set_timer(AFTERWARDS, work) if ahead else work()

    def _read(self, ranking: AtRisk, offset: int) -> None:
        app = self.cstui
        try:
            rows = app.desk.risk_rows(app.opened().workspace, ranking, offset, BLOCK)
        except CstuiError as error:
            self._asked.discard(offset // BLOCK)  # asked again when it is next drawn
            app.notify(safe(error.message, 400), severity="error", markup=False)
            return
        self.post_message(self.Read(ranking, rows))

    def on_at_risk_screen_read(self, event: Read) -> None:
        """Keep the rows, if they are of the ranking in sight, and draw them."""
        if event.ranking is self.snapshot:
            self._rows.update((row.customer, row) for row in event.rows)
            if self._missing:
                self._missing = False
                self.query_one("#list", Rows).refresh()
            self._say_detail()

    def _say_columns(self) -> None:
        by_purchase = self.snapshot is not None and self.snapshot.by_purchase
        self.query_one("#columns", Words).say(words.heading(self.size.width - 3, self.ink, by_purchase=by_purchase))

    def _say_detail(self) -> None:
        row, lines = self._row(), 9 if self.size.height >= TALL else 6
        text = (
            Text()
            if row is None or self.snapshot is None
            else words.detail_words(row, self.snapshot.today, self.size.width - 4, lines, shorts(), self.ink)
        )
        self.query_one("#detail", Words).say(text)

    @on(Rows.Moved, "#list")
    def _moved(self) -> None:
        self._say_detail()

    def on_resize(self) -> None:
        """Columns and reasons follow the size."""
        if self.snapshot is not None and self.snapshot.as_of is not None:
            self._say_columns()
            self._say_detail()

    # Acting

    def _row(self) -> RiskRow | None:
        """The customer under the cursor."""
        snapshot, cursor = self.snapshot, self.query_one("#list", Rows).cursor
        return self._rows.get(snapshot.order[cursor]) if snapshot is not None and cursor < len(snapshot.order) else None

    @on(Rows.Opened, "#list")
    def _opened(self, event: Rows.Opened) -> None:
        """The customer's page, where [ and ] go on through this list."""
        from cstui.ui.screens.customer import CustomerScreen

        snapshot = self.snapshot
        if snapshot is None or event.index >= len(snapshot.order):
            return

        def back(at: int) -> None:
            if self.snapshot is snapshot:
                event.rows.cursor = at

        self.app.push_screen(CustomerScreen(snapshot.order, event.index, back))

    def action_evidence(self) -> None:
        """The rows behind the reasons of the customer under the cursor."""
        snapshot, row = self.snapshot, self._row()
        if snapshot is not None and row is not None:
            from cstui.ui.screens.risk_evidence import RiskEvidenceScreen

            self.app.push_screen(RiskEvidenceScreen(row, snapshot, snapshot.today))

    def action_explain(self) -> None:
        """What these customers come to."""
        if (snapshot := self.snapshot) is not None:
            from cstui.desk.subjects import RiskTotalOf
            from cstui.ui.screens.explain import explain_total

            weighted = Text("revenue a month × risk" if snapshot.by_purchase else "MRR × risk, of this list")
            choice = Choice(self._sort, self._reason, None, self._only_new)
            explain_total(self, snapshot, self.view.where, [(weighted, RiskTotalOf(self.view, choice))])

    def action_sort(self) -> None:
        """The next order."""
        if self.choosable:
            self._sort = SORTS[(SORTS.index(self._sort) + 1) % len(SORTS)]
            self.ask()

    def action_new(self) -> None:
        """Only who is new at risk, or everybody again."""
        if self.choosable:
            self._only_new = not self._only_new
            self.ask()

    def action_all_customers(self) -> None:
        """Take every filter off."""
        if self.view.where or self._reason or self._only_new:
            self._reason, self._only_new = None, False
            self.look(View())

    def action_count_by(self, by: str) -> None:
        """Count the list by owner, segment or reason; one of them may be picked."""
        if self.choosable:
            self.run_worker(partial(self._count, by, self.view, self._reason), name=f"by {by}", group="groups", thread=True, exclusive=True)

    def _count(self, by: str, view: View, reason: str | None) -> None:
        app = self.cstui
        # Without what `by` itself narrows, so that the others stay in sight.
        where = tuple(item for item in view.where if item[0] != by)
        choice = Choice(reason=None if by == "reason" else reason, by=by)
        try:
            ranking = app.desk.at_risk(app.opened().workspace, View(where=where), app.today, 0, choice=choice)
        except CstuiError as error:
            app.notify(safe(error.message, 400), severity="error", markup=False)
            return
        self.post_message(self.Counted(by, ranking))

    def on_at_risk_screen_counted(self, event: Counted) -> None:
        """Offer the groups."""
        if self.is_current:
            self.app.push_screen(GroupDialog(event.by, event.ranking, self.size.width, self.ink), partial(self._pick, event.by))

    def _pick(self, by: str, choice: tuple[str | None] | None) -> None:
        if choice is None:
            return
        (value,) = choice
        if by == "reason":
            self._reason = value
        else:
            kept = tuple(item for item in self.view.where if item[0] != by)
            self.view = View(where=kept if value is None else tuple(sorted((*kept, (by, (value,))))))
        self.ask()


class GroupDialog(ListDialog[tuple[str | None]]):
    """The list counted by a field: customers at risk and MRR × risk of each. Dismisses with (value,), or (None,) for all of them."""

    DEFAULT_CSS = "GroupDialog .box { width: 72; }"

    def __init__(self, by: str, ranking: AtRisk, width: int, ink: Ink) -> None:
        picked = ranking.reason if by == "reason" else next((values[0] for name, values in ranking.where if name == by), None)
        named = [group for group in ranking.groups if group.value is not None]
        rest = sum(group.customers for group in ranking.groups if group.value is None)
        without = f"   {fmt.count(rest, 'customer')} without one" if rest else ""
        lines: list[tuple[Text, tuple[str | None]]] = [(Text.assemble(f"all {by}s", (without, ink.dim)), (None,))]
        for group in named:
            value = group.value or ""
            label = labels().get(value, value) if by == "reason" else cell(value, 40)
            lines.append((words.group_line(group, label, ranking.currency, min(66, width - 6), ink), (group.value,)))
        start = next((index + 1 for index, group in enumerate(named) if group.value == picked), 0)
        title = Text.assemble((f"By {by}", "bold"), ("   at risk of all, and MRR × risk; 100 = most at risk", ink.dim))
        super().__init__(title, lines, start)
