"""The customer list: everybody in the segment, in order, found as one types. Only the lines in sight are read.

A function of a `Listing`; lines are fetched in blocks in a thread and kept until the workspace changes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input

from cstui.base import formatting as fmt
from cstui.base.ask import View
from cstui.base.errors import CstuiError
from cstui.base.text import cell, safe
from cstui.desk.customer_list import SORTS, Listing
from cstui.ui import commands
from cstui.ui.screens.base import BREAKPOINTS, where_words, workspace_words
from cstui.ui.screens.customers_words import customer_line, heading
from cstui.ui.screens.views import PeerScreen, empty_words
from cstui.ui.widgets.find_input import FindInput
from cstui.ui.widgets.line import KeysLine, TopLine, Words
from cstui.ui.widgets.rows import AFTERWARDS, Rows

if TYPE_CHECKING:
    from cstui.desk.customer_list import Finder
    from cstui.desk.customers import CustomerLine
    from cstui.ui.theme import Ink

BLOCK = 64
"""Lines that are read at once."""
_SORTED = {"mrr": "highest MRR first", "name": "by name", "newest": "newest first", "id": "by id"}


class CustomersScreen(PeerScreen[Listing]):
    """Screen 3."""

    SCOPES: ClassVar[tuple[str, ...]] = ("customers", "list")
    BINDINGS = commands.bindings("customers")
    HORIZONTAL_BREAKPOINTS = BREAKPOINTS
    AUTO_FOCUS = "#list"
    DEFAULT_CSS = """
    CustomersScreen #bar { height: 1; padding: 0 1; margin: 1 0 0 0; }
    CustomersScreen #find { width: 1fr; max-width: 50; }
    CustomersScreen #count { width: auto; margin-left: 2; }
    CustomersScreen #columns { padding: 0 1; margin-top: 1; }
    CustomersScreen #list { padding: 0 1; }
    """
    ABOUT: ClassVar[str] = (
        "Every customer of the segment, with what they pay on the last day of the data. Press / and type a part of an id, a name or an "
        "e-mail, in any script and on any keyboard (ي finds ی, ١ finds 1). enter opens the customer's page."
    )

    @dataclass
    class Read(Message):
        """Lines have been read."""

        revision: int
        lines: Mapping[int, CustomerLine]

    @dataclass
    class Folded(Message):
        """Every name can be searched now."""

        finder: Finder

    @dataclass
    class Found(Message):
        """Who matches has been found."""

        text: str
        numbers: tuple[int, ...]

    def __init__(self) -> None:
        super().__init__(View())
        self._sort = SORTS[0]
        self._numbers: tuple[int, ...] = ()
        self._lines: dict[int, CustomerLine] = {}
        self._asked: set[int] = set()
        self._missing = False
        """A line was drawn that is still to be read."""
        self._held: int | None = None
        self._finder: Finder | None = None

    def compose(self) -> ComposeResult:
        yield TopLine()
        yield Words(id="notice")
        with Horizontal(id="bar"):
            yield FindInput("/ finds by id, name, e-mail", id="find")
            yield Words(id="count")
        yield Words(id="columns")
        yield Rows(id="list", empty=Text("reading the list…", style=self.ink.dim))
        yield KeysLine("customers")

    def on_mount(self) -> None:
        self.query_one(TopLine).say((Text("opening…", style=self.ink.dim),))
        self.ask()

    def question(self) -> Callable[[], Listing]:
        app, view, sort = self.cstui, self.view, self._sort
        return lambda: app.desk.listing(app.opened().workspace, view, sort, app.today)

    # Showing

    async def show(self, snapshot: Listing) -> None:
        before = self._at()
        ink = self.ink
        self.query_one(TopLine).say(workspace_words(snapshot, ink), _frame(snapshot, ink))
        self.notice(None if snapshot.total else empty_words(ink))
        if not snapshot.total:
            return
        if any(line.customer_id for line in snapshot.first):
            self._lines = dict(zip(snapshot.numbers, snapshot.first, strict=False)) | (self._lines if not self._stale(snapshot) else {})
        self._asked.clear()
        if self._finder is not None and self._finder.revision != snapshot.revision:
            self._finder = None
        if text := self._text():
            self._search(text)
        else:
            self._list(snapshot.numbers, before)

    def _stale(self, snapshot: Listing) -> bool:
        """Whether the lines that are held are of another state of the file."""
        held, self._held = self._held, snapshot.revision
        return held != snapshot.revision

    def _list(self, numbers: tuple[int, ...], keep: int | None) -> None:
        """Show these, the cursor on `keep` if it is among them."""
        self._numbers = numbers
        rows = self.query_one("#list", Rows)
        rows.say(self._nobody())
        at = numbers.index(keep) if keep is not None and rows.cursor and keep in numbers else 0
        rows.show(len(numbers), self._draw, cursor=at)
        self._count()
        self.call_after_refresh(self._head)  # the list may have got a scrollbar

    def _head(self) -> None:
        by_purchase, width = self.snapshot is not None and self.snapshot.by_purchase, self.query_one("#list", Rows).room
        self.query_one("#columns", Words).say(heading(width, self.ink, by_purchase=by_purchase))

    def _nobody(self) -> Text:
        ink = self.ink
        if text := self._text():
            return Text.assemble((f"Nobody's id, name or e-mail holds “{cell(text, 40)}”.", ink.dim), (" esc shows everybody.", ink.dim))
        return Text("No customer has these values. x takes the segment off.", style=ink.dim)

    def _count(self) -> None:
        snapshot = self.snapshot
        if snapshot is None:
            return
        size = len(self._numbers)
        words = fmt.count(size, "customer") if size == snapshot.total else f"{size:,} of {snapshot.total:,}"
        ink = self.ink
        order = "highest revenue first" if snapshot.by_purchase and snapshot.sort == "mrr" else _SORTED[snapshot.sort]
        self.query_one("#count", Words).say(Text.assemble((words, "bold"), (f" · {order}", ink.dim)))

    def _draw(self, index: int, width: int) -> Text:
        block = index // BLOCK
        if block not in self._asked:
            self._fetch((block, block + 1, block - 1))
        elif block + 1 not in self._asked:
            self._fetch((block + 1,), ahead=True)
        snapshot, line = self.snapshot, self._lines.get(self._numbers[index])
        if line is None or snapshot is None:
            self._missing = True
            return Text("…", style=self.ink.faint)
        return customer_line(line, snapshot.currency, width, self.ink)

    def _fetch(self, blocks: tuple[int, ...], *, ahead: bool = False) -> None:
        """Read the lines of these blocks, unless they are there or on their way: the next one before it is in sight."""
        there = range(0, len(self._numbers), BLOCK)
        wanted = [block for block in blocks if block * BLOCK in there and block not in self._asked]
        self._asked.update(wanted)
        numbers = [n for block in wanted for n in self._numbers[block * BLOCK : (block + 1) * BLOCK] if n not in self._lines]
        if numbers:
            read = partial(self._read, tuple(numbers))
            work = partial(self.run_worker, read, name="lines", group="lines", thread=True)
            self.set_timer(AFTERWARDS, work) if ahead else work()

    def _read(self, numbers: tuple[int, ...]) -> None:
        app = self.cstui
        snapshot = self.snapshot
        try:
            lines = app.desk.lines(app.opened().workspace, numbers)
        except CstuiError as error:
            app.notify(safe(error.message, 400), severity="error", markup=False)
            return
        if snapshot is not None:
            self.post_message(self.Read(snapshot.revision, lines))

    def on_customers_screen_read(self, event: Read) -> None:
        """Keep the lines and draw them."""
        if self.snapshot is not None and event.revision == self.snapshot.revision:
            self._lines.update(event.lines)
            if self._missing:  # mostly they were read before they came in sight
                self._missing = False
                self.query_one("#list", Rows).refresh()

    def on_resize(self) -> None:
        """Headings follow the width."""
        if self._numbers:
            self.call_after_refresh(self._head)

    # Finding

    def _text(self) -> str:
        return self.query_one("#find", Input).value.strip()

    def action_find(self) -> None:
        """To the find line."""
        self.query_one("#find", Input).focus()
        if self._finder is None:
            self._fold()

    def _fold(self) -> None:
        self.run_worker(self._make_finder, name="finder", group="finder", thread=True, exclusive=True)

    def _make_finder(self) -> None:
        app = self.cstui
        try:
            self.post_message(self.Folded(app.desk.finder(app.opened().workspace)))
        except CstuiError as error:
            app.notify(safe(error.message, 400), severity="error", markup=False)

    def on_customers_screen_folded(self, event: Folded) -> None:
        """Search for what has been typed meanwhile."""
        self._finder = event.finder
        if text := self._text():
            self._search(text)

    @on(Input.Changed, "#find")
    def _typed(self) -> None:
        snapshot = self.snapshot
        if snapshot is None:
            return
        if text := self._text():
            self._search(text)
        else:
            self._list(snapshot.numbers, self._at())

    def _search(self, text: str) -> None:
        """Look for it in a thread; only the newest answer counts."""
        snapshot, finder = self.snapshot, self._finder
        if finder is None:
            self._fold()
        elif snapshot is not None:
            self.run_worker(partial(self._find, finder, text, snapshot.numbers), name="find", group="find", thread=True, exclusive=True)

    def _find(self, finder: Finder, text: str, numbers: tuple[int, ...]) -> None:
        found = finder.find(text)
        self.post_message(self.Found(text, tuple(number for number in numbers if number in found)))

    def on_customers_screen_found(self, event: Found) -> None:
        """Show who matches what is typed now."""
        if event.text == self._text():
            self._asked.clear()
            self._list(event.numbers, None)

    @on(FindInput.Left)
    def _left_find(self, event: FindInput.Left) -> None:
        """Into the list; esc takes the search off too."""
        if event.clear:
            self.query_one("#find", Input).value = ""
        self.query_one("#list", Rows).focus()
        if event.open and self._numbers:
            self._open(self.query_one("#list", Rows).cursor)

    # Acting

    def _at(self) -> int | None:
        """The customer under the cursor."""
        cursor = self.query_one("#list", Rows).cursor
        return self._numbers[cursor] if cursor < len(self._numbers) else None

    @on(Rows.Opened, "#list")
    def _opened(self, event: Rows.Opened) -> None:
        self._open(event.index)

    def _open(self, index: int) -> None:
        from cstui.ui.screens.customer import CustomerScreen

        def back(at: int) -> None:
            rows = self.query_one("#list", Rows)
            if at < rows.count:
                rows.cursor = at

        self.app.push_screen(CustomerScreen(self._numbers, index, back))

    def action_escape(self) -> None:
        """Everybody again, where a search is on."""
        self.query_one("#find", Input).value = ""

    def action_explain(self) -> None:
        """What these customers come to."""
        if (snapshot := self.snapshot) is not None:
            from cstui.ui.screens.explain import explain_total

            explain_total(self, snapshot, self.view.where)

    def action_sort(self) -> None:
        """The next order."""
        if self.snapshot is not None:
            self._sort = SORTS[(SORTS.index(self._sort) + 1) % len(SORTS)]
            self.ask()

    @property
    def choosable(self) -> bool:
        return self.snapshot is not None and self.snapshot.total > 0


def _frame(snapshot: Listing, ink: Ink) -> tuple[Text, ...]:
    """The right of the top line: the screen's name and the segment, longest first."""
    where = where_words(snapshot.where)
    return (Text.assemble(("Customers", "bold"), (f"   {where}", ink.dim)), Text(where, style=ink.dim), Text())
