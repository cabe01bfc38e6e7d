"""One customer on one page: who they are, their journey, their life on one axis, what happened when, and why they are at risk.

A function of a `CustomerPage`; reasons come in an answer of their own. What a person writes goes through the desk.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message

from cstui.base.days import to_day
from cstui.base.errors import CstuiError, UnknownCustomer
from cstui.base.text import safe
from cstui.desk.customer_page import CustomerPage
from cstui.desk.customer_timeline import GROUPS, Event
from cstui.ui import commands
from cstui.ui.life_chart import legend
from cstui.ui.screens.base import BREAKPOINTS, workspace_words
from cstui.ui.screens.customer_words import (
    event_line,
    event_words,
    fact_line,
    fact_list,
    facts_words,
    goal_words,
    groups_words,
    head_words,
    journey_words,
    reason_line,
    reason_words,
    risk_words,
)
from cstui.ui.screens.customer_writing import CustomerWriting
from cstui.ui.screens.entry import Reading
from cstui.ui.widgets.life import LifeChart, money_axis
from cstui.ui.widgets.line import KeysLine, TopLine, Words
from cstui.ui.widgets.rows import Rows

if TYPE_CHECKING:
    from cstui.desk.at_risk import RiskRow

_SHOWN: tuple[str | None, ...] = (None, *GROUPS)
_LINES = [(0, "-short"), (34, "-tall")]


class CustomerScreen(CustomerWriting):
    """Opened with enter on any customer; walks the list it was opened from."""

    SCOPES: ClassVar[tuple[str, ...]] = ("customer", "list")
    BINDINGS = commands.bindings("customer")
    HORIZONTAL_BREAKPOINTS = BREAKPOINTS
    VERTICAL_BREAKPOINTS = _LINES
    AUTO_FOCUS = "#timeline"
    DEFAULT_CSS = """
    CustomerScreen #head { padding: 0 1; max-height: 3; }
    CustomerScreen #goal { padding: 0 1; height: 1; }
    CustomerScreen #journey { padding: 0 1; max-height: 3; }
    CustomerScreen #frame { height: 1fr; margin-top: 1; padding: 0 1; }
    CustomerScreen #left { width: 1fr; }
    CustomerScreen #right { width: 48; margin-left: 2; }
    CustomerScreen #life { height: 14; }
    CustomerScreen #groups { margin-top: 1; }
    CustomerScreen #facts { height: 3fr; }
    CustomerScreen #risk { margin-top: 1; }
    CustomerScreen #reasons { height: 2fr; }
    CustomerScreen.-short #life { height: 9; }
    CustomerScreen.-short #frame, CustomerScreen.-short #groups { margin-top: 0; }
    CustomerScreen.-short #head { max-height: 2; }
    CustomerScreen.-short #journey { max-height: 2; }
    CustomerScreen.-narrow #right { display: none; width: 1fr; margin-left: 0; }
    CustomerScreen.-narrow.-side #right { display: block; }
    CustomerScreen.-narrow.-side #left { display: none; }
    CustomerScreen.-gone #frame { display: none; }
    """
    ABOUT: ClassVar[str] = (
        "One customer, whole: what they want, how far they came and who took them there, what they pay, use and say on one time axis, and "
        "every fact with the day it happened. enter opens a line in full, with the file and line it was read from. What you write by hand "
        "stays: an import leaves a field that you edited alone until you unpin it. e explains a figure of theirs, t those of each month. "
        "] and [ go through the list you came from."
    )

    @dataclass
    class Judged(Message):
        """The reasons have come."""

        number: int
        risk: RiskRow | None
        trouble: str

    def __init__(self, numbers: Sequence[int], at: int, on_leave: Callable[[int], None] | None = None) -> None:
        super().__init__()
        self._numbers = numbers
        self._index = at
        self._left_at = on_leave
        self._group: str | None = None
        self._events: tuple[Event, ...] = ()
        self._judged: CustomerScreen.Judged | None = None

    def compose(self) -> ComposeResult:
        ink = self.ink
        yield TopLine()
        yield Words(Text("looking them up…", style=ink.dim), id="head")
        yield Words(id="goal")
        yield Words(id="journey")
        with Horizontal(id="frame"):
            with Vertical(id="left"):
                yield LifeChart(id="life")
                yield Words(id="groups")
                yield Rows(id="timeline", empty=Text("reading…", style=ink.dim))
            with Vertical(id="right"):
                yield Words(id="origin")
                yield Rows(id="facts")
                yield Words(id="risk")
                yield Rows(id="reasons")
        yield KeysLine("customer")

    def on_mount(self) -> None:
        self.ask()

    def question(self) -> Callable[[], CustomerPage]:
        number = self._numbers[self._index]
        return lambda: self._read(number)

    def _read(self, number: int) -> CustomerPage:
        """The page; its reasons are sent ahead, so that both are drawn at once."""
        app = self.cstui
        page = app.desk.customer(app.opened().workspace, number)
        try:
            self.post_message(self.Judged(page.number, app.desk.customer_risk(app.opened().workspace, page.customer_id), ""))
        except CstuiError as error:
            self.post_message(self.Judged(page.number, None, error.message))
        return page

    # Showing

    async def show(self, snapshot: CustomerPage) -> None:
        ink = self.ink
        self.remove_class("-gone")
        place = f"{self._index + 1:,} of {len(self._numbers):,}"
        stamp = _Stamp(snapshot, to_day(self.cstui.today))
        self.query_one(TopLine).say(
            workspace_words(stamp, ink), (Text.assemble(("Customer", "bold"), (f"   {place}", ink.dim)), Text(place))
        )
        self.query_one("#journey", Words).say(journey_words(snapshot.journey, ink))
        title = Text.assemble((f"{snapshot.trend.money}, active days, scores", "bold"), legend(snapshot.trend, ink), no_wrap=True)
        self.query_one(LifeChart).show_life(title, snapshot.trend, money_axis(snapshot.currency))
        self.query_one("#origin", Words).say(facts_words(snapshot, ink))
        self._facts = fact_list(snapshot)
        self.query_one("#facts", Rows).show(len(self._facts), lambda i, width: fact_line(self._facts[i], width, self.ink))
        self._show_timeline(self._group)
        self.query_one(KeysLine).without(*(() if self.has_class("-narrow") else ("customer.side",)))
        self._show_reasons()

    def _show_timeline(self, group: str | None, cursor: int | None = None) -> None:
        page = self._page
        if page is None:
            return
        self._group = group
        self._events = tuple(event for event in page.timeline if group is None or event.group == group)
        self.query_one("#groups", Words).say(groups_words(_SHOWN, group, len(self._events), self.ink))
        rows = self.query_one("#timeline", Rows)
        rows.say(Text(f"Nothing is known of {group or 'them'} yet.", style=self.ink.dim))
        rows.show(len(self._events), lambda index, _width: event_line(self._events, index, self.ink), cursor=cursor)

    def on_customer_screen_judged(self, event: Judged) -> None:
        """Keep the reasons for the page that follows."""
        self._judged = event

    @property
    def _risk(self) -> RiskRow | None:
        """Why the customer in sight is at risk."""
        judged, page = self._judged, self._page
        return None if judged is None or page is None or judged.number != page.number else judged.risk

    @property
    def _today(self) -> int:
        """From which days left are counted."""
        return max(to_day(self.cstui.today), (self._page.as_of or 0) if self._page else 0)

    def _show_reasons(self) -> None:
        """Show why they are at risk."""
        page, risk, ink = self._page, self._risk, self.ink
        if page is None or self._judged is None:
            return
        self.query_one("#risk", Words).say(risk_words(risk, self._judged.trouble, ink))
        lines = [reason_line(reason.points, reason.told(self._today), ink) for reason in risk.reasons] if risk else []
        lines += [reason_line(None, why, ink) for why in dict.fromkeys(unknown.why for unknown in risk.unknown)] if risk else []
        rows = self.query_one("#reasons", Rows)
        rows.show(len(lines), lambda index, _width: lines[index])
        self.query_one("#head", Words).say(head_words(page, ink, brief=self.has_class("-narrow")))
        beside = risk if self.has_class("-narrow") else None
        self.query_one("#goal", Words).say(goal_words(page, beside, max(1, self.size.width - 2), ink))

    def fail(self, error: CstuiError) -> None:
        """A customer who is gone leaves the page to say so."""
        if self.snapshot is not None and not isinstance(error, UnknownCustomer):
            super().fail(error)
            return
        self.add_class("-gone")
        self.query_one("#head", Words).say(Text(safe(error.message, 600), style=self.ink.bad))
        self.query_one("#goal", Words).say(Text())
        self.query_one("#journey", Words).say(Text("esc goes back, ] to the next.", style=self.ink.dim))

    def on_resize(self) -> None:
        """What stands on top follows the width."""
        self.call_after_refresh(self._show_reasons)

    # Reading

    @on(Rows.Opened, "#timeline")
    def _open_event(self, event: Rows.Opened) -> None:
        if event.index < len(self._events):  # another page may have come since
            self.app.push_screen(Reading(event_words(self._events[event.index], self.ink)))

    @on(Rows.Opened, "#reasons")
    def _open_reason(self, event: Rows.Opened) -> None:
        if self._risk is not None and event.index < len(self._risk.reasons):
            self.app.push_screen(Reading(reason_words(self._risk.reasons[event.index], self._today, self.ink)))

    @on(Rows.Opened, "#facts")
    def _open_fact(self, event: Rows.Opened) -> None:
        self._edit(event.index)

    def action_show_next(self) -> None:
        """The next part of the timeline, then all of it."""
        self._show_timeline(_SHOWN[(_SHOWN.index(self._group) + 1) % len(_SHOWN)], cursor=0)

    def action_side(self) -> None:
        """Facts and reasons in place of the timeline, and back; where both are in sight, the keyboard alone goes there."""
        if self.has_class("-narrow"):
            self.toggle_class("-side")
            there = self.has_class("-side")
        else:
            there = self.focused is self.query_one("#timeline", Rows)
        self.query_one("#facts" if there else "#timeline", Rows).focus()

    def action_table(self) -> None:
        """The chart's months as text."""
        if (page := self._page) is not None:
            from cstui.ui.screens.customer_months import show_months

            show_months(self, page, _Stamp(page, to_day(self.cstui.today)))

    def action_explain(self) -> None:
        """Choose a figure of the page, and see what is behind it."""
        if (page := self._page) is not None:
            from cstui.ui.screens.customer_figures import explain_customer

            explain_customer(self, page, _Stamp(page, to_day(self.cstui.today)), self._risk)

    def action_step(self, by: int) -> None:
        """To a neighbour in the list."""
        wanted = self._index + by
        if 0 <= wanted < len(self._numbers):
            self._index = wanted
            self.query_one("#timeline", Rows).cursor = 0
            self.ask()
        else:
            self.app.notify("That is the end of the list." if by > 0 else "That is the top of the list.", markup=False)

    def action_back(self) -> None:
        """To where one came from."""
        if self.has_class("-side") and self.has_class("-narrow"):
            self.action_side()
            return
        if self._left_at is not None:
            self._left_at(self._index)
        self.dismiss()


@dataclass(frozen=True, slots=True)
class _Stamp:
    """The page's workspace, as the top line reads it."""

    page: CustomerPage
    today: int

    @property
    def workspace(self) -> str:
        return self.page.workspace

    @property
    def currency(self) -> str:
        return self.page.currency

    @property
    def as_of(self) -> int | None:
        return self.page.as_of

    @property
    def age_days(self) -> int:
        return 0 if self.page.as_of is None else self.today - self.page.as_of
