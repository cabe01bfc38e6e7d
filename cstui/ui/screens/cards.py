"""Which figures the overview shows: up to six of the catalogue, in the order they are chosen. Kept in the workspace."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.message import Message

from cstui.base.errors import CstuiError
from cstui.base.text import safe
from cstui.ui import commands
from cstui.ui.screens.picking import MetricDialog
from cstui.ui.widgets.find_input import FindInput
from cstui.ui.widgets.line import Words
from cstui.ui.widgets.rows import Rows

if TYPE_CHECKING:
    from cstui.base.ask import View
    from cstui.desk.figures import Metric

MOST = 6


class CardsDialog(MetricDialog[bool]):
    """Dismisses with True when other cards have been kept."""

    SCOPES: ClassVar[tuple[str, ...]] = ("cards", "list")
    BINDINGS = commands.bindings("cards")
    TITLE = "Figures on the overview"
    AUTO_FOCUS = "#metrics"

    class Kept(Message):
        """The cards have been saved."""

    def __init__(self, chosen: Sequence[str], view: View) -> None:
        super().__init__(view)
        known = {one.id for one in self._metrics}
        self._before = self._chosen = [name for name in chosen if name in known]

    def _first(self) -> str | None:
        return self._chosen[0] if self._chosen else None

    def _lead(self, one: Metric) -> Text:
        place = self._chosen.index(one.id) + 1 if one.id in self._chosen else None
        return Text(f"{place} " if place else "· ", style=f"bold {self.ink.accent}" if place else self.ink.faint)

    def _say(self) -> None:
        """The cards as they stand, in order."""
        labels = {one.id: one.label for one in self._metrics}
        here, text, room = self._here, Text(), 0
        width = max(20, min(96, self.size.width - 4))
        items = [(f"{place} ", safe(labels[name], 30), here is not None and here.id == name) for place, name in enumerate(self._chosen, 1)]
        if len(self._chosen) < MOST:
            items.append(("", f"room for {MOST - len(self._chosen)} more", False))
        for place, label, marked in items:
            length = len(place) + len(label) + 3
            if room < length:  # a figure's number and name stay together
                text.append("\n")
                room = width
            style = f"bold {self.ink.accent}" if marked else self.ink.text if place else self.ink.dim
            text.append(place, self.ink.dim).append(label, style).append("   ")
            room -= length
        self.query_one("#chosen", Words).say(text)
        self.query_one("#metrics", Rows).refresh()

    def _preview(self) -> None:
        super()._preview()
        self._say()

    def _found(self) -> None:
        self.query_one("#metrics", Rows).focus()
        self.action_mark()

    def action_mark(self) -> None:
        """Choose the metric under the cursor, or take it away."""
        if (one := self._here) is None:
            return
        if one.id in self._chosen:
            self._chosen = [name for name in self._chosen if name != one.id]
        elif len(self._chosen) == MOST:
            self.app.notify(f"There is room for {MOST}: space on a chosen one takes it away.", markup=False)
        else:
            self._chosen = [*self._chosen, one.id]
        self._say()

    def action_shift(self, by: int) -> None:
        """Move the chosen metric under the cursor among the cards."""
        one = self._here
        if one is None or one.id not in self._chosen:
            return
        place = self._chosen.index(one.id)
        rest = [name for name in self._chosen if name != one.id]
        rest.insert(max(0, min(len(rest), place + by)), one.id)
        self._chosen = rest
        self._say()

    @on(Rows.Opened, "#metrics")
    def _opened(self) -> None:
        self.action_apply()

    def action_apply(self) -> None:
        """Keep these cards."""
        if isinstance(self.focused, FindInput):
            self._found()
        elif not self._chosen:
            self.app.notify("Choose at least one: space marks it.", markup=False)
        elif self._chosen == self._before:
            self.dismiss(None)
        else:
            self.run_worker(partial(self._keep, tuple(self._chosen)), name="cards", thread=True, exclusive=True, group="keep")

    def _keep(self, chosen: tuple[str, ...]) -> None:
        app = self._app
        try:
            app.desk.set_cards(app.opened().workspace, chosen)
        except CstuiError as error:
            app.notify(safe(error.message, 300), severity="error", markup=False)
        else:
            self.post_message(self.Kept())

    def on_cards_dialog_kept(self) -> None:
        """Done."""
        self.dismiss(True)
