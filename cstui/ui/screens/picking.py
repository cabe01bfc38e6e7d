"""Finding metrics by typing: what the dialogs that choose one, or several in order, have in common. A live preview beside the list.

Every value shown is asked for in a thread; a metric without one says what to import.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar, TypeVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input
from textual.worker import get_current_worker

from cstui.base import formatting as fmt
from cstui.base.errors import CstuiError
from cstui.base.text import fold_search, safe
from cstui.desk.overview import Overview
from cstui.ui import commands
from cstui.ui.screens.choices import Dialog
from cstui.ui.widgets.card import CardTile
from cstui.ui.widgets.find_input import FindInput
from cstui.ui.widgets.line import KeysLine, Words, fit
from cstui.ui.widgets.rows import Rows

if TYPE_CHECKING:
    from cstui.base.ask import View
    from cstui.base.days import Period
    from cstui.desk.figures import Metric
    from cstui.ui.app import CstuiApp

T = TypeVar("T")


def matching(metrics: Sequence[Metric], text: str) -> tuple[Metric, ...]:
    """The metrics that all the words are in: those of whose name first, then those of whose meaning."""
    words = fold_search(text).split()

    def holds(*parts: str) -> bool:
        where = fold_search(" ".join(parts))
        return all(word in where for word in words)

    named = [one for one in metrics if holds(one.id, one.label)]
    return (*named, *(one for one in metrics if one not in named and holds(one.id, one.label, one.definition)))


class MetricDialog(Dialog[T]):
    """The catalogue with a line to find in, values of the period, and the metric under the cursor as the card it would be."""

    TITLE: ClassVar[str] = ""
    DEFAULT_CSS = """
    MetricDialog .box { width: 100; height: 90%; }
    MetricDialog FindInput { margin-top: 1; }
    MetricDialog Horizontal { height: 1fr; }
    MetricDialog #side { width: 34; padding: 1 0 0 2; }
    MetricDialog #meaning { margin-top: 1; }
    """
    AUTO_FOCUS = "FindInput"

    @dataclass
    class Known(Message):
        """The period's figures have come."""

        values: dict[str, str]
        """Metric → value as a person reads it."""

    @dataclass
    class Previewed(Message):
        """A card has been worked out."""

        metric: str
        overview: Overview

    def __init__(self, view: View) -> None:
        super().__init__()
        self._view = view
        self._metrics = self._shown = self._catalogue()
        self._values: dict[str, str] = {}
        self._cards: dict[str, Overview] = {}

    @staticmethod
    def _catalogue() -> tuple[Metric, ...]:
        from cstui.desk.figures import catalogue

        return catalogue()

    @property
    def _app(self) -> CstuiApp:
        return self.app  # type: ignore[return-value]  # the only app there is

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Words(Text.assemble((self.TITLE, "bold"), (f"   {fmt.period(self._period)}", self.ink.dim)))
            yield FindInput("type a part of a name, or of what it means", id="find")
            with Horizontal():
                yield Rows(id="metrics", empty=Text("No metric is called that.", style=self.ink.dim))
                with Vertical(id="side"):
                    yield CardTile(None, "")
                    yield Words(id="meaning")
            yield Words(id="chosen")
            yield KeysLine(self.SCOPES[0])

    @property
    def _period(self) -> Period:
        period = self._view.choice.period
        assert period is not None  # asked about the very period that is on the screen
        return period

    def on_mount(self) -> None:
        tile = self.query_one(CardTile)
        tile.can_focus, tile.styles.height = False, 7  # the overview's own rule would make it as high as it can be
        self._list(next((index for index, one in enumerate(self._shown) if one.id == self._first()), 0))
        self.run_worker(self._ask_values, name="values", group="values", thread=True, exclusive=True)

    def _first(self) -> str | None:
        """The metric that the cursor begins on."""
        return None

    # What is worked out in threads

    def _ask_values(self) -> None:
        app = self._app
        try:
            found = app.desk.figures(app.opened().workspace, None, self._view, app.today)
        except CstuiError as error:
            app.notify(safe(error.message), severity="error", markup=False)
            return
        metrics = found.periods[-1].metrics
        values = {one.id: fmt.figure(metrics[one.id].figure.value, fmt.unit_of(one.id, one.unit), found.currency) for one in self._metrics}
        self.post_message(self.Known(values))

    def _ask_card(self, metric: str) -> None:
        app, worker = self._app, get_current_worker()
        try:
            found = app.desk.preview_card(app.opened().workspace, metric, self._view, app.today)
        except CstuiError:
            return  # the list has said so already
        if not worker.is_cancelled:
            self.post_message(self.Previewed(metric, found))

    def on_metric_dialog_known(self, event: Known) -> None:
        """Fill the values in."""
        self._values = event.values
        self.query_one("#metrics", Rows).refresh()

    def on_metric_dialog_previewed(self, event: Previewed) -> None:
        """Show the card, if it is still the one under the cursor."""
        self._cards[event.metric] = event.overview
        self._preview()

    # The list

    @property
    def _here(self) -> Metric | None:
        rows = self.query_one("#metrics", Rows)
        return self._shown[rows.cursor] if self._shown else None

    def _list(self, cursor: int | None) -> None:
        self.query_one("#metrics", Rows).show(len(self._shown), self._line, cursor=cursor)
        self._preview()

    def _line(self, index: int, width: int) -> Text:
        one = self._shown[index]
        value = self._values.get(one.id, "…")
        lead = self._lead(one)
        room = width - lead.cell_len - len(value) - 2
        return Text.assemble(lead, fit(one.label, room), " ", (value, self.ink.dim if value == fmt.UNKNOWN else ""))

    def _lead(self, one: Metric) -> Text:
        """What stands before a metric's name."""
        return Text(" ")

    def _preview(self) -> None:
        one = self._here
        tile, meaning = self.query_one(CardTile), self.query_one("#meaning", Words)
        if one is None:
            tile.display = False
            meaning.say(Text())
            return
        tile.display = True
        known = self._cards.get(one.id)
        tile.show(known.cards[0] if known else None, known.currency if known else "", waiting=True)
        meaning.say(Text(safe(one.definition, 400), style=self.ink.dim))
        if known is None:
            self.run_worker(partial(self._ask_card, one.id), name="card", group="card", thread=True, exclusive=True)

    @on(Rows.Moved, "#metrics")
    def _moved(self) -> None:
        self._preview()

    @on(Input.Changed, "#find")
    def _typed(self, event: Input.Changed) -> None:
        self._shown = matching(self._metrics, event.value)
        self._list(0)

    @on(FindInput.Left)
    def _left(self, event: FindInput.Left) -> None:
        find = self.query_one(FindInput)
        if event.clear and not find.value:
            self.dismiss(None)
            return
        if event.clear:
            find.value = ""
        elif event.open and self._shown:
            self._found()
            return
        self.query_one("#metrics", Rows).focus()

    @abstractmethod
    def _found(self) -> None:
        """Enter was pressed on what was typed: the first metric found is meant."""

    def action_find(self) -> None:
        """To the line one types into."""
        self.query_one(FindInput).focus()


class PickMetric(MetricDialog[str]):
    """One metric of the catalogue. Dismisses with its id."""

    SCOPES: ClassVar[tuple[str, ...]] = ("pick", "list")
    BINDINGS = commands.bindings("pick")
    TITLE = "Which figure"

    def __init__(self, view: View, current: str) -> None:
        super().__init__(view)
        self._current = current

    def _first(self) -> str | None:
        return self._current

    def _found(self) -> None:
        self.dismiss(self._shown[0].id)

    @on(Rows.Opened, "#metrics")
    def _opened(self, event: Rows.Opened) -> None:
        self.dismiss(self._shown[event.index].id)
