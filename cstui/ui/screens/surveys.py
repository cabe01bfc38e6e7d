"""Surveys: what answers add up to, what was said, and who waits for us; the form above them is `surveys_recording`'s.

A function of a `Voices` snapshot. Asks the desk in a thread and writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from cstui.base import formatting as fmt
from cstui.base.ask import View
from cstui.base.days import month_of, months, to_day
from cstui.base.errors import CstuiError
from cstui.base.text import safe
from cstui.desk.answer_history import AnswerChange
from cstui.desk.voices import MEASURES, Voices, Waiting
from cstui.ui import commands
from cstui.ui.charts import Series
from cstui.ui.screens import surveys_figures as figures
from cstui.ui.screens import surveys_words as words
from cstui.ui.screens.base import BREAKPOINTS, period_words, where_text, workspace_words
from cstui.ui.screens.surveys_recording import RecordingScreen
from cstui.ui.widgets.answer_form import KIND_NAMES, AnswerForm
from cstui.ui.widgets.find_input import FindInput
from cstui.ui.widgets.line import KeysLine, TopLine, Words
from cstui.ui.widgets.pointing import FigureChart, FigureDrawing, FigureLines, Pointing, towards
from cstui.ui.widgets.rows import Rows

if TYPE_CHECKING:
    from cstui.base.ask import Where
    from cstui.desk.survey import Answer
    from cstui.ui.app import CstuiApp

LISTS = ("answers", "detractors", "promoters", "unasked", "history")
_TITLES = {"answers": ("answers",), "detractors": ("detractors",), "promoters": ("promoters to ask", "promoters"),
           "unasked": ("not asked for 180 days", "not asked"), "history": ("changes by hand",)}  # fmt: skip
"""What a list is called, longest first."""
_ORDERS = (None, True, False)
_ORDER_WORDS = {None: "newest first", True: "lowest first", False: "highest first"}


class SurveysScreen(RecordingScreen):
    """Screen 4."""

    SCOPES: ClassVar[tuple[str, ...]] = ("surveys", "list", "card")
    BINDINGS = commands.bindings("surveys")
    AUTO_FOCUS = "#lines"
    HORIZONTAL_BREAKPOINTS = BREAKPOINTS
    VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-high")]  # noqa: RUF012 - Textual's own shape
    DEFAULT_CSS = """
    SurveysScreen { layers: base over; }
    SurveysScreen #said { height: 1; padding: 0 1; }
    SurveysScreen #middle { height: 9; padding: 0 1; }
    SurveysScreen #now { width: 1fr; height: 100%; margin-right: 2; }
    SurveysScreen #drawn { width: 1fr; height: 100%; }
    SurveysScreen #spread { height: 4; width: 1fr; }
    SurveysScreen #trend { height: 1fr; width: 1fr; }
    SurveysScreen.-high #middle { height: 14; padding: 1 1 0 1; }
    SurveysScreen.-high #spread { height: 6; }
    SurveysScreen.-wide.-high #now { width: 48; }
    SurveysScreen.-wide.-high #drawn { layout: horizontal; }
    SurveysScreen.-wide.-high #spread { height: 100%; margin-right: 2; }
    SurveysScreen.-wide.-high #trend { height: 100%; }
    SurveysScreen #tabs { height: 1; padding: 0 1; }
    SurveysScreen.-high #tabs { margin-top: 1; }
    SurveysScreen #find { display: none; }
    SurveysScreen.-finding #find { display: block; }
    SurveysScreen #found { layer: over; offset: 10 2; width: 62; max-width: 100%; height: auto; max-height: 9; display: none; }
    SurveysScreen #found { background: $panel; }
    """
    ABOUT: ClassVar[str] = (
        "Record what customers say, with the keyboard alone. a goes to the form: type a part of the customer's name, enter takes the one "
        "marked, one key is the score (0 to 9, t for 10), enter saves and goes on to the next; n, c and e in the score field say NPS, CSAT "
        "or CES. Somebody who does not exist yet is the last line found: ↓ enter makes them. What was begun is kept at every key. "
        "Beneath: the month's scores, distribution and trend (→ goes there, e explains the one figure the arrows are on: a bar is the "
        "answers with that score, a point its month), every answer (d shows it whole), and three queues: detractors nobody has been in "
        "contact with since, promoters to ask, and paying customers not asked for 180 days; at last what was changed by hand."
    )

    def __init__(self) -> None:
        super().__init__()
        self._list = "answers"
        self._told: dict[str, tuple[figures.Told, ...]] = {}
        """The figures that the keyboard goes through, by the picture they are in."""

    def compose(self) -> ComposeResult:
        yield TopLine()
        yield AnswerForm(self.cstui.today, id="form")
        yield Words(id="said")
        with Horizontal(id="middle"):
            yield FigureLines(id="now")
            with Vertical(id="drawn"):
                yield FigureDrawing(id="spread")
                yield FigureChart(id="trend")
        yield Words(id="tabs")
        yield FindInput("find in comment, customer, respondent, touchpoint", id="find")
        yield Rows(id="lines", empty=Text("reading the answers…", style=self.ink.dim))
        yield Words(id="found")
        yield KeysLine("surveys")

    def on_mount(self) -> None:
        self.query_one(TopLine).say((Text("opening…", style=self.ink.dim),))
        self.ask()
        self._read_roster()

    def question(self) -> Callable[[], Voices]:
        app, look, before = self.cstui, self.look, self.snapshot
        return lambda: app.desk.voices(app.opened().workspace, look, app.today, before)

    # Showing

    async def show(self, snapshot: Voices) -> None:
        ink = self.ink
        period = period_words(snapshot.period, ink, complete=snapshot.complete)
        long = Text.assemble(period, "   ", where_text(snapshot.where, ink))
        self.query_one(TopLine).say(workspace_words(snapshot, ink), (long, period))
        self._draw(snapshot)
        self._show_list(snapshot)
        self._tell()
        self._return_from(snapshot)
        if self._roster is None or len(self._roster) != snapshot.around.customers:
            self._read_roster()
        self._offer()

    def _draw(self, snapshot: Voices) -> None:
        ink, view = self.ink, self._month_view(snapshot)
        scores, bars, points = figures.scores(snapshot, view), figures.bars(snapshot, view), figures.points(snapshot, view)
        self._told = {"now": scores, "spread": bars, "trend": points}
        now, spread = self.query_one("#now", FigureLines), self.query_one("#spread", FigureDrawing)
        now.hold(len(scores))
        spread.hold(len(bars))

        def running(width: int, height: int) -> Text:
            return words.running(snapshot, width, height, ink, None if now.mark is None else scores[now.mark].mark)

        now.show(running)
        spread.show(lambda width, height: words.spread(snapshot.spreads, snapshot.measure, width, height, ink, spread.mark))
        labels = tuple(fmt.month(month, short=True) for month in snapshot.trend_months)
        texts = [words.measure_text(snapshot.measure, value) for value in snapshot.trend]
        note = next((text for text, value in zip(reversed(texts), reversed(snapshot.trend), strict=True) if value is not None), "")
        mixed = ", all touchpoints" if snapshot.measure == "csat" else ""
        title = Text.assemble((KIND_NAMES[snapshot.measure], "bold"), (f", {fmt.count(len(labels), 'month')}{mixed}", ink.dim))
        series = Series(snapshot.trend, labels, False, snapshot.unfinished, note, titled=True)
        self.query_one("#trend", FigureChart).show_points(
            title, series, _axis, lambda at: (Text(points[at].words, style=f"bold {ink.accent}"), texts[at])
        )

    def _show_list(self, snapshot: Voices) -> None:
        ink, line = self.ink, Text(no_wrap=True)
        wide = self.size.width >= 100
        for name in LISTS:
            if name == "history" != self._list:
                continue  # there is no room for it beside the others
            around = snapshot.around.history if name == "history" else getattr(snapshot.queues, name, None)
            count = snapshot.total if around is None else around.total
            title = _TITLES[name][0 if wide else -1]
            title = f"{KIND_NAMES[snapshot.measure]} {title}" if name == "answers" else title
            line.append(f"{title} {count:,}", f"bold {ink.accent}" if name == self._list else ink.dim)
            line.append("   " if wide else "  ")
        if self._list == "answers":
            order = _ORDER_WORDS[self.look.worst_first]
            when = "all months" if self.look.find else fmt.period(snapshot.period)
            shown = f", {len(snapshot.answers):,} shown" if len(snapshot.answers) < snapshot.total else ""
            line.append(when, ink.dim).append(f", {order if wide else order.split()[0]}{shown}", ink.faint)
        line.rstrip()
        line.truncate(max(1, self.size.width - 2), overflow="ellipsis")
        self.query_one("#tabs", Words).say(line)
        nothing = f"No {KIND_NAMES[snapshot.measure]} answer has that. m turns the measure."
        empty = nothing if self._list == "answers" and self.look.find else words.EMPTY[self._list]
        if self._list == "answers" and snapshot.around.answered and not self.look.find:
            empty = f"No {KIND_NAMES[snapshot.measure]} answers in {fmt.period(snapshot.period)}. [ goes a month back, m turns the measure."
        self.lines.say(Text(empty, style=ink.dim))
        self.lines.show(len(self._rows()), self._line)

    def _return_from(self, snapshot: Voices) -> None:
        """Where a recording moved the month, and there is no answer in it any more, to the one before."""
        before = self._before
        if before is not None and not any(now.figure.n for now in snapshot.now.values()):
            self._before = None  # there may be none in that one either
            self._look(replace(self.look, measure=before.measure, month=before.month))

    def _rows(self) -> tuple[Answer, ...] | tuple[Waiting, ...] | tuple[AnswerChange, ...]:
        if self.snapshot is None:
            return ()
        if self._list == "history":
            return self.snapshot.around.history.changes
        if self._list == "answers":
            return self.snapshot.answers
        found: tuple[Waiting, ...] = getattr(self.snapshot.queues, self._list).people
        return found

    def _line(self, index: int, width: int) -> Text:
        snapshot, one = self.snapshot, self._rows()[index]
        assert snapshot is not None
        if isinstance(one, AnswerChange):
            return words.change_line(one, width, self.ink)
        if isinstance(one, Waiting):
            return words.waiting_line(one, self._list, snapshot.period.last, width, snapshot.currency, self.ink)
        return words.answer_line(one, snapshot.bands.get(one.id, ""), width, self.ink)

    def refuse(self, error: CstuiError) -> None:
        if not self.cstui.first_run_for(error):
            self.query_one(TopLine).say((Text("cstui", style="bold"),))
            self.lines.say(Text(safe(error.message, 600), style=self.ink.bad))

    def workspace_changed(self, revision: int) -> None:
        super().workspace_changed(revision)
        if self.snapshot is None or self.snapshot.revision != revision:
            self._read_roster()

    # The list

    def under(self) -> Answer | Waiting | AnswerChange | None:
        """What is under the list's cursor."""
        rows = self._rows()
        return rows[self.lines.cursor] if rows and self.lines.cursor < len(rows) else None

    def action_turn_list(self) -> None:
        """The next list."""
        self._list = LISTS[(LISTS.index(self._list) + 1) % len(LISTS)]
        if self.snapshot is not None:
            self._show_list(self.snapshot)
            self.lines.action_first()
        self.set_focus(self.lines)

    def action_turn_measure(self) -> None:
        """NPS, CSAT, CES."""
        self._look(replace(self.look, measure=MEASURES[(MEASURES.index(self.look.measure) + 1) % len(MEASURES)]))

    def action_sort(self) -> None:
        """Newest, lowest, highest first."""
        self._look(replace(self.look, worst_first=_ORDERS[(_ORDERS.index(self.look.worst_first) + 1) % len(_ORDERS)]))

    def action_find(self) -> None:
        """Type what to find."""
        self._list = "answers"
        if self.snapshot is not None:
            self._show_list(self.snapshot)
        self.add_class("-finding")
        self.set_focus(self.query_one(FindInput))

    @on(FindInput.Changed, "#find")
    def _find(self, event: FindInput.Changed) -> None:
        event.stop()
        if event.value != self.look.find:
            self._look(replace(self.look, find=event.value))

    def on_find_input_left(self, event: FindInput.Left) -> None:
        """To the list, as found or whole."""
        if event.clear:
            self.action_everything()
        self.set_focus(self.lines)

    def action_everything(self) -> None:
        """Take the search off."""
        self.remove_class("-finding")
        self.query_one(FindInput).value = ""
        if self.look.find:
            self._look(replace(self.look, find=""))
        self._say(None)

    @on(Rows.Opened, "#lines")
    def _opened(self) -> None:
        """The customer's page."""
        if (one := self.under()) is not None and one.customer is not None:
            from cstui.ui.screens.customer import CustomerScreen

            people = [number for number in dict.fromkeys(row.customer for row in self._rows()) if number is not None]
            self.app.push_screen(CustomerScreen(people, people.index(one.customer)))

    def action_details(self) -> None:
        """The line under the cursor whole: every word of the comment."""
        if (one := self.under()) is not None:
            from cstui.ui.screens.entry import Reading

            self.app.push_screen(Reading(words.whole_words(one, self.ink)))

    def action_copy(self) -> None:
        """The line under the cursor as words."""
        if self._rows():
            self.app.copy_to_clipboard(self.lines.line_text(self.lines.cursor))
            self.warn("Copied.")

    # Period and segment

    def action_month(self, by: int) -> None:
        """An earlier or a later month."""
        if (snapshot := self.snapshot) is None:
            return
        shown = self.look.month if self.look.month is not None else month_of(snapshot.period.start)
        month = shown + by  # from what was asked for last: keys come faster than answers
        if months(month).start > max(to_day(self.cstui.today), snapshot.as_of or 0):
            self.warn("That month has not begun.")
            return
        self._before = None
        self._look(replace(self.look, month=month))

    @property
    def where(self) -> Where:
        return self.look.where

    def narrow(self, where: Where) -> None:
        self._before = None
        self._look(replace(self.look, where=where))

    @property
    def choosable(self) -> bool:
        return self.snapshot is not None and self.snapshot.around.customers > 0

    def action_table(self) -> None:
        """The measure over many months as a table; t there draws it."""
        if (snapshot := self.snapshot) is not None and snapshot.around.answered:
            from cstui.ui.screens.trend import TrendScreen

            view = View(where=self.look.where).on(snapshot.period)
            self.app.push_screen(TrendScreen(snapshot.measure, view, snapshot, table=True))

    # The figures

    @staticmethod
    def _month_view(snapshot: Voices) -> View:
        return View(where=snapshot.where).on(snapshot.period)

    @property
    def _figure(self) -> figures.Told | None:
        """The figure under the keyboard."""
        here = self.focused
        told = self._told.get(here.id or "", ()) if isinstance(here, Pointing) else ()
        return told[here.at] if isinstance(here, Pointing) and here.at < len(told) else None

    def _tell(self) -> None:
        """The figure under the keyboard; else what else is to be said."""
        if (figure := self._figure) is None:
            super()._tell()
            return
        line = Text.assemble((figure.words, f"bold {self.ink.accent}"), ("   e or enter explains it", self.ink.dim), no_wrap=True)
        line.truncate(max(1, self.size.width - 2), overflow="ellipsis")
        self.query_one("#said", Words).say(line)

    @on(Pointing.Moved)
    def _figure_moved(self) -> None:
        self._tell()

    @on(Pointing.Beyond)
    def _beyond(self, event: Pointing.Beyond) -> None:
        """To the picture that the arrow leads to; down from the last, and to the left of the first, is the list."""
        if (ahead := towards(event, self.query(Pointing))) is not None:
            ahead.focus()
        elif event.down == (event.by > 0):
            self.set_focus(self.lines)

    def action_figures(self) -> None:
        """From the list to the figures above it."""
        if self._told.get("now"):
            self.query_one("#now").focus()

    @on(Pointing.Opened)
    def action_explain(self) -> None:
        """What is behind the figure under the keyboard; from the list, the measure in sight."""
        if (snapshot := self.snapshot) is None or not snapshot.around.answered:
            return
        from cstui.ui.screens.explain import BehindScreen, ExplainScreen, explain_one_of

        if (figure := self._figure) is not None:
            self.app.push_screen(BehindScreen(figure.subject, snapshot, ("Surveys",)))
            return
        view = self._month_view(snapshot)
        lines = figures.touchpoints(snapshot, view, self.ink) if snapshot.measure == "csat" else []
        if len(lines) < 3:  # all together, and one
            self.app.push_screen(ExplainScreen(snapshot.measure, view, snapshot))
        else:
            explain_one_of(self, snapshot, "Explain CSAT", lines)


def _axis(value: Fraction) -> str:
    return fmt.number(value, 0 if value.denominator == 1 else 1)


def record_for(app: CstuiApp, customer_id: str) -> None:
    """Go to the surveys screen and record for one customer."""

    async def go() -> None:
        await app.switch_mode("surveys")
        if isinstance(app.screen, SurveysScreen):
            app.screen.record_for(customer_id)

    app.run_worker(go(), name="record for", group="record for", exclusive=True)
