"""Keys that arrive at once are all heard, in order, also where what one was handed to goes with it."""

from __future__ import annotations

import asyncio

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.events import Key
from textual.reactive import Reactive
from textual.widget import Widget

from cstui.ui.app import CstuiApp
from cstui.ui.in_order import InOrder


class Leaf(Widget, can_focus=True):
    """Goes with what it is in, at an x."""

    def on_key(self, event: Key) -> None:
        if event.key == "x":
            self.app.query_one("#box").remove()


class Listening(InOrder):
    """Keeps the keys that come up to it."""

    theme: Reactive[str] = CstuiApp.theme  # Textual's own are gone once there is a `CstuiApp`

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []
        self.all_heard = asyncio.Event()

    def compose(self) -> ComposeResult:
        with Vertical(id="box"), Vertical():
            yield Leaf()

    async def on_key(self, event: Key) -> None:
        self.heard.append(event.key)
        if event.key == "z":
            self.all_heard.set()


async def test_the_keys_behind_one_that_was_lost_with_its_dialog_are_heard() -> None:
    app = Listening()
    async with app.run_test() as pilot:
        app.query_one(Leaf).focus()
        await pilot.pause()
        for key in "abxyz":
            app.post_message(Key(key, key))
        await asyncio.wait_for(app.all_heard.wait(), 20)
    assert [key for key in app.heard if key != "x"] == list("abyz")
