"""Screens that ask under a view: whose customers can be chosen, whose period can be moved, and where there may be no data yet.

`FilteredScreen` has a filter, `ViewScreen` keeps it in a `View`; `PeerScreen` is one that a digit opens, `BranchScreen` one that is opened
from the overview. Knows no particular snapshot.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, TypeVar

from rich.text import Text

from cstui.base import formatting as fmt
from cstui.base.text import safe
from cstui.ui import commands
from cstui.ui.screens.base import S, SnapshotScreen, Stamp
from cstui.ui.widgets.line import KeysLine, TopLine, Words

if TYPE_CHECKING:
    from cstui.base.ask import View, Where
    from cstui.base.days import Period
    from cstui.base.errors import CstuiError
    from cstui.ui.theme import Ink

P = TypeVar("P", bound=Stamp)


class FilteredScreen(SnapshotScreen[S]):
    """A screen whose customers can be chosen by their fields."""

    @property
    @abstractmethod
    def where(self) -> Where:
        """The filter in force."""

    @abstractmethod
    def narrow(self, where: Where) -> None:
        """Ask under another filter."""

    @property
    def choosable(self) -> bool:
        """Whether there is anybody to choose from."""
        return True

    def action_choose_segment(self) -> None:
        """Fields and values to filter by."""
        if self.choosable:
            from cstui.ui.screens.choices import SegmentDialog

            self.app.push_screen(SegmentDialog(self.where), self._filter)

    def action_all_customers(self) -> None:
        """Take the filter off."""
        self._filter(())

    def _filter(self, where: Where | None) -> None:
        if where is not None and where != self.where:
            self.narrow(where)


class ViewScreen(FilteredScreen[S]):
    """A screen that asks under a view."""

    def __init__(self, view: View) -> None:
        super().__init__()
        self.view = view

    @property
    def where(self) -> Where:
        return self.view.where

    def narrow(self, where: Where) -> None:
        self.look(self.view._replace(where=where))

    def look(self, view: View) -> None:
        """Ask under another view."""
        self.view = view
        self.ask()

    def reaches(self, period: Period, as_of: int | None) -> bool:
        """Whether the period begins before the data ends, on `as_of`; says so where it doesn't."""
        if period.start <= (as_of or 0):
            return True
        self.app.notify(f"The data ends on {fmt.day(as_of or 0)}.", markup=False)
        return False


class PeerScreen(ViewScreen[P]):
    """A screen that a digit opens; `Words` #notice take its place while there is no data, or no workspace."""

    @property
    def choosable(self) -> bool:
        return self.snapshot is not None and self.snapshot.as_of is not None

    def notice(self, text: Text | None) -> None:
        """Show these words, with the keys that work everywhere, and nothing else; None: the screen itself again."""
        self.set_class(text is not None, "-empty")
        notice = self.query_one("#notice", Words)
        notice.display = text is not None
        notice.say(text or Text())
        self.query_one(KeysLine).without(*(action.id for action in commands.of(self.SCOPES[0]) if text is not None))

    def refuse(self, error: CstuiError) -> None:
        if not self.cstui.first_run_for(error):
            self.notice(trouble_words(error.message, self.ink))
            self.query_one(TopLine).say((Text("cstui", style="bold"),))


class BranchScreen(ViewScreen[S]):
    """A screen opened from the overview, under its view."""

    def __init__(self, view: View, stamp: Stamp) -> None:
        """`stamp` is what the top line says of the workspace."""
        super().__init__(view)
        self.stamp = stamp

    @property
    def period(self) -> Period:
        """What is being looked at."""
        return self.view.choice.resolve(self.stamp.as_of or 0)[-1]

    def action_period(self, by: int) -> None:
        """The period before, or the one after as far as the data goes."""
        moved = self.period.previous if by < 0 else self.period.next
        if self.reaches(moved, self.stamp.as_of):
            self.look(self.view.on(moved))


def empty_words(ink: Ink, undated: int = 0) -> Text:
    """A workspace without data, or with so many rows of which none says that anything happened on a day: what to do."""
    key = f"bold {ink.accent}"
    if undated:
        return Text.assemble(
            (f"{fmt.count(undated, 'row')} imported, but none of them says what happened on which day.\n\n", "bold"),
            ("6", key),
            (" imports what figures rest on: subscriptions, payments, use, answers, or customers with created_at.\n", ink.dim),
            ("3", key),
            (" lists the customers there are, ", ink.dim),
            ("C", key),
            (" what has been imported.", ink.dim),
        )
    return Text.assemble(
        ("Nothing has been imported yet.\n\n", "bold"),
        ("6", key),
        (" imports customers, subscriptions, payments, use, answers and more: CSV as it comes out of your billing or CRM.\n", ink.dim),
        ("?", key),
        (" shows every key.", ink.dim),
    )


def trouble_words(message: str, ink: Ink) -> Text:
    """Why nothing can be shown."""
    return Text.assemble(("This workspace can't be shown.\n\n", f"bold {ink.bad}"), safe(message, 600))
