"""What every screen has in common, and every one that shows a snapshot: asking in a thread, dropping stale answers, handing errors over.

Knows no particular snapshot. A worker never touches a widget: it posts one message back.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Generic, Protocol, TypeVar

from rich.text import Text
from textual.message import Message
from textual.screen import Screen
from textual.worker import get_current_worker

from cstui.base import formatting as fmt
from cstui.base.collector import held_back
from cstui.base.errors import CstuiError
from cstui.base.text import cell, safe
from cstui.ui.first_frame import FirstFrame
from cstui.ui.theme import INKS, Ink
from cstui.ui.widgets.line import Words
from cstui.ui.widgets.rows import Rows

if TYPE_CHECKING:
    from cstui.base.ask import Where
    from cstui.base.days import Period
    from cstui.ui.app import CstuiApp


class Stamp(Protocol):
    """What every snapshot with a top line says of its workspace."""

    @property
    def workspace(self) -> str:
        """The company's name, or the file's."""

    @property
    def currency(self) -> str:
        """What sums are in."""

    @property
    def as_of(self) -> int | None:
        """The last day of the data."""

    @property
    def age_days(self) -> int:
        """How long ago that was."""


S = TypeVar("S")
BREAKPOINTS = [(0, "-narrow"), (104, "-wide")]
"""(columns from which, class): most screens set two lists side by side when they are wide."""
OVERDUE = 0.12
"""Seconds after which a screen is shown without its first answer."""


class DeskScreen(Screen[None]):
    """A full screen of cstui."""

    SCOPES: ClassVar[tuple[str, ...]] = ()
    """Scopes of `commands.ACTIONS` that work here."""
    ABOUT: ClassVar[str] = ""
    """What the screen says, for help."""

    @property
    def cstui(self) -> CstuiApp:
        """The application, as its own type."""
        from cstui.ui.app import CstuiApp

        assert isinstance(self.app, CstuiApp)
        return self.app

    @property
    def ink(self) -> Ink:
        """The inks of the theme in force."""
        return INKS[self.app.theme]

    def _compositor_refresh(self) -> None:
        # While updates are batched, Textual draws, shows nothing and forgets what was to be drawn: of the first frame, one card.
        if not (isinstance(self.app, FirstFrame) and self.app.batching):
            super()._compositor_refresh()

    def redraw(self) -> None:
        """The theme changed: build what was built with inks again."""

    def workspace_changed(self, revision: int) -> None:
        """Another screen or process wrote to the workspace, which is at `revision` now."""

    def copy(self, text: str, told: str = "Copied.") -> None:
        """Put it on the clipboard, and say so."""
        self.app.copy_to_clipboard(text)
        self.app.notify(told, markup=False)

    def action_copy(self) -> None:
        """Copy the line under the cursor as words: of the list with the keyboard, else of the first."""
        rows = self.focused if isinstance(self.focused, Rows) else self.query(Rows).first()
        if rows.count:
            self.copy(rows.line_text(rows.cursor))

    def action_back(self) -> None:
        """To where it was opened from."""
        self.dismiss()


class SnapshotScreen(DeskScreen, Generic[S]):
    """A screen that is a function of one snapshot."""

    LEAD: ClassVar[str] = "#title"
    """The `Words` that say why there is nothing to show."""

    class Arrived(Message):
        """The answer to a question has come."""

        def __init__(self, request: int, snapshot: object) -> None:
            super().__init__()
            self.request = request
            self.snapshot = snapshot

    class Failed(Message):
        """The question could not be answered."""

        def __init__(self, request: int, error: CstuiError) -> None:
            super().__init__()
            self.request = request
            self.error = error

    def __init__(self) -> None:
        super().__init__()
        self.snapshot: S | None = None
        self._request = 0
        self._behind = False
        """What was on the terminal before is still there."""

    def _compositor_refresh(self) -> None:
        # Until the first answer is here, or overdue, what was there before stays: an empty frame costs as much as a full one.
        if self._behind and isinstance(self.app, FirstFrame) and self.app.painted:
            self._dirty_widgets.clear()
        else:
            super()._compositor_refresh()

    def _to_front(self) -> None:
        if self._behind:
            self._behind = False
            self.refresh()

    @abstractmethod
    def question(self) -> Callable[[], S]:
        """What to ask the desk, with everything it needs bound now; called in a thread."""

    @abstractmethod
    async def show(self, snapshot: S) -> None:
        """Draw the snapshot. No input or output here."""

    def fail(self, error: CstuiError) -> None:
        """Say what went wrong: in a toast over what is shown, or in its place while there is nothing."""
        if self.snapshot is not None:
            self.app.notify(safe(error.message, 400), severity="error", markup=False)
        else:
            self.refuse(error)

    def refuse(self, error: CstuiError) -> None:
        """Say why there is nothing to show."""
        self.query_one(self.LEAD, Words).say(Text(safe(error.message, 600), style=self.ink.bad))

    def redraw(self) -> None:
        """Show the snapshot again, and all that draws itself with inks."""
        if self.snapshot is not None:
            self.run_worker(self.show(self.snapshot), exclusive=True, group="redraw")
        for widget in self.query("*"):
            widget.refresh()

    def workspace_changed(self, revision: int) -> None:
        """Ask again, unless the snapshot says that it is of this very revision."""
        if getattr(self.snapshot, "revision", None) != revision:
            self.ask()

    def ask(self) -> None:
        """Ask again; whatever was asked before and has not come yet is dropped when it does."""
        self._request += 1
        if self._request == 1:
            self._behind = True
            self.set_timer(OVERDUE, self._to_front)
        work = partial(self._answer, self._request, self.question())
        self.run_worker(work, name=f"{type(self).__name__} snapshot", group="snapshot", exclusive=True, thread=True)

    def _answer(self, request: int, question: Callable[[], S]) -> None:
        worker = get_current_worker()
        message: Message
        try:
            with held_back():
                message = self.Arrived(request, question())
        except CstuiError as error:
            message = self.Failed(request, error)
        if not worker.is_cancelled:
            self.post_message(message)

    async def on_snapshot_screen_arrived(self, event: Arrived) -> None:
        """Show the newest answer, drop any other."""
        event.stop()
        if event.request == self._request:
            self.snapshot = event.snapshot  # type: ignore[assignment]  # the message can't carry the type parameter
            await self.show(event.snapshot)  # type: ignore[arg-type]
            self.call_after_refresh(self._to_front)

    def on_snapshot_screen_failed(self, event: Failed) -> None:
        """Hand the newest failure over."""
        event.stop()
        if event.request == self._request:
            self.fail(event.error)
            self._to_front()


def workspace_words(overview: Stamp, ink: Ink) -> tuple[Text, ...]:
    """The left of the top line, longest first: workspace · currency · how far the data goes."""
    name = cell(overview.workspace, 32)
    short = cell(overview.workspace, 16)
    if overview.as_of is None:
        return (Text.assemble((name, "bold"), (f" · {overview.currency} · no data yet", ink.dim)),)
    old = ink.care if overview.age_days > 14 else ink.dim
    through, age = fmt.day(overview.as_of), fmt.age(overview.age_days)
    return (
        Text.assemble((name, "bold"), (f" · {overview.currency} · data through {through} ", ink.dim), (f"({age})", old)),
        Text.assemble((short, "bold"), (f" · {overview.currency} · data through {through} ", ink.dim), (f"({overview.age_days} d)", old)),
        Text.assemble((short, "bold"), (f" · data through {through} ", ink.dim), (f"({overview.age_days} d)", old)),
        Text.assemble((short, "bold"), (f" · {through} ", ink.dim), (f"({overview.age_days} d)", old)),
        Text.assemble((short, "bold"), (f" · {through}", old)),
        Text(short, style="bold"),
    )


def where_words(where: Where, limit: int = 40) -> str:
    """A filter in words: `all customers`, `plan pro or team · region EMEA`."""
    if not where:
        return "all customers"
    parts = [f"{cell(field, 20)} {' or '.join(cell(value, 24) or '(none)' for value in values)}" for field, values in where]
    words = " · ".join(parts)
    return words if len(words) <= limit else f"{' · '.join(cell(field, 20) for field, _ in where)} ({sum(len(v) for _, v in where)} values)"


def where_text(where: Where, ink: Ink, limit: int = 40) -> Text:
    """The same, standing out where there is a filter."""
    return Text(where_words(where, limit), style=ink.accent if where else ink.dim)


def period_words(period: Period, ink: Ink, *, complete: bool) -> Text:
    """The period between the signs of the keys that move it; one that is not over says so."""
    words, style = (fmt.period(period), ink.text) if complete else (f"{fmt.period(period)} so far", ink.care)
    return Text.assemble(("‹ ", ink.faint), (words, f"bold {style}"), (" ›", ink.faint))
