"""What the overview's cards are compared with: the period before, the same one a year before, or goals; and setting a goal."""

from __future__ import annotations

from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical

from cstui.base import formatting as fmt
from cstui.base.text import safe
from cstui.desk.goals import written
from cstui.desk.overview import Card, Overview
from cstui.ui.screens.choices import Dialog
from cstui.ui.screens.entry import Ask, EntryDialog
from cstui.ui.widgets.card import GOAL, PREVIOUS, YEAR, change_text, goal_text
from cstui.ui.widgets.line import KeysLine, Words
from cstui.ui.widgets.rows import Rows

WAYS = (PREVIOUS, YEAR, GOAL)
_LABELS = ("the period before", "a year before", "goals")


class CompareDialog(Dialog[str]):
    """Three ways, each with what it says of the figure in focus; the fourth line sets a goal. Dismisses with the way chosen."""

    DEFAULT_CSS = "CompareDialog .box { width: 78; } CompareDialog .why { margin-top: 1; }"
    ABOUT: ClassVar[str] = "All cards are compared the same way. A goal is for a month; where lower is better it is a limit."

    def __init__(self, card: Card, overview: Overview, against: str) -> None:
        super().__init__()
        self._card = card
        self._overview = overview
        self._against = against

    def compose(self) -> ComposeResult:
        card, overview = self._card, self._overview
        value = fmt.figure(card.value, fmt.unit_of(card.metric, card.unit), overview.currency)
        with Vertical(classes="box"):
            yield Words(Text.assemble(("Compare the cards with", "bold"), (f"   here {safe(card.label, 30)}, {value}", self.ink.dim)))
            rows = Rows(id="choices")
            rows.styles.height = 5
            yield rows
            yield Words(Text(self.ABOUT, style=self.ink.dim), classes="why")
            yield KeysLine("dialog")

    def on_mount(self) -> None:
        self.query_one(Rows).show(5, self._line, cursor=WAYS.index(self._against), skip=frozenset((3,)))

    def _line(self, index: int, width: int) -> Text:
        if index == 3:
            return Text()
        card, overview = self._card, self._overview
        if index == 4:
            word = "Set a goal for" if card.goal_set is None else "Change the goal for"
            return Text(f"{word} {safe(card.label, 40)}…", style=self.ink.accent)
        period = overview.period
        when = (fmt.period(period.previous), fmt.period(period.year_before), self._goal())[index]
        line = Text.assemble((f"{_LABELS[index]:19}", "bold"), (f"{when:24} ", self.ink.dim))
        room = width - line.cell_len
        if index == 2:
            return line.append_text(goal_text(card, overview.currency, self.ink, room))
        return line.append_text(change_text(card, overview.currency, self.ink, room, WAYS[index]))

    def _goal(self) -> str:
        card = self._card
        goal = card.goal if card.goal is not None else card.goal_set
        return "" if goal is None else fmt.figure(goal, fmt.unit_of(card.metric, card.unit), self._overview.currency)

    @on(Rows.Opened)
    def _picked(self, event: Rows.Opened) -> None:
        if event.index < 3:
            self.dismiss(WAYS[event.index])
        else:
            self.app.push_screen(self._entry(), self._set)

    def _set(self, given: dict[str, str] | None) -> None:
        if given is not None:
            self.dismiss(GOAL)

    def _entry(self) -> EntryDialog:
        from cstui.ui.app import CstuiApp

        app, card = self.app, self._card
        assert isinstance(app, CstuiApp)

        def save(given: dict[str, str]) -> None:
            app.desk.set_goal(app.opened().workspace, card.metric, given["goal"])

        kind = {"lower": "at most, in a month", "higher": "at least, in a month", "neither": "in a month"}[card.better]
        hint = {"ratio": "2 % or 0.02", "money": f"200k, in {self._overview.currency}"}.get(fmt.unit_of(card.metric, card.unit), "a number")
        title = Text.assemble((f"A goal for {safe(card.label, 40)}", "bold"), ("   blank takes it away", self.ink.dim))
        held = "" if card.goal_set is None else written(card.goal_set, fmt.unit_of(card.metric, card.unit))
        return EntryDialog(title, (Ask("goal", kind, hint, held),), save)
