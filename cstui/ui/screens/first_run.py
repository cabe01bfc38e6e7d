"""The first minutes: the sample company, or one's own, for which three things are asked that no file says.

Writes nothing until the person says so.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input

from cstui.base.errors import CstuiError
from cstui.base.text import cell, safe
from cstui.ui import commands
from cstui.ui.screens.base import DeskScreen
from cstui.ui.widgets.line import KeysLine, TopLine, Words
from cstui.ui.widgets.one_line import OneLine
from cstui.ui.widgets.rows import Rows

_FIELDS = (
    ("company", "Company", "shown on top of every screen"),
    ("currency", "Currency", "what sums are in: three letters, such as EUR or AED"),
    ("timezone", "Time zone", "an IANA name, such as Asia/Tehran; days begin and end in it"),
)
_PROMISE = (
    "See what is happening to your customers, down to the row every figure came from. One file on this machine; nothing is sent anywhere."
)


_CURRENCIES = {
    "IR": "IRR", "AF": "AFN", "AE": "AED", "SA": "SAR", "EG": "EGP", "IQ": "IQD", "JO": "JOD", "KW": "KWD", "BH": "BHD", "QA": "QAR",
    "OM": "OMR", "YE": "YER", "LB": "LBP", "SY": "SYP", "MA": "MAD", "DZ": "DZD", "TN": "TND", "LY": "LYD", "SD": "SDG", "TR": "TRY",
    "PK": "PKR", "GB": "GBP", "CH": "CHF", "CA": "CAD", "AU": "AUD", "IN": "INR",
    **dict.fromkeys(("AT", "BE", "DE", "ES", "FI", "FR", "GR", "IE", "IT", "NL", "PT"), "EUR"),
}  # fmt: skip
"""Territory of a locale → what sums are in there; elsewhere US dollars are proposed."""


def local_currency() -> str:
    """What sums are likely in, by the locale: `fa_IR.UTF-8` says IRR. A proposal: the field can be typed in."""
    name = next((value for key in ("LC_ALL", "LC_MONETARY", "LANG") if (value := os.environ.get(key, ""))), "")
    language, _, territory = name.partition(".")[0].partition("@")[0].partition("_")
    return _CURRENCIES.get(territory or {"fa": "IR"}.get(language, ""), "USD")


def local_zone() -> str:
    """The machine's time zone by its IANA name, else UTC."""
    if name := os.environ.get("TZ", "").lstrip(":"):
        return name if "/" in name else "UTC"
    try:
        return str(Path("/etc/localtime").readlink()).rpartition("zoneinfo/")[2] or "UTC"
    except OSError:  # no such link on this system: the field can be typed in
        return "UTC"


class FirstRunScreen(DeskScreen):
    """Shown when there is no workspace, or one that has neither a name nor data."""

    SCOPES: ClassVar[tuple[str, ...]] = ("first_run", "list")
    BINDINGS = commands.bindings("first_run")
    AUTO_FOCUS = "#ways"
    DEFAULT_CSS = """
    FirstRunScreen { align: center middle; }
    FirstRunScreen #welcome { width: 76; max-width: 100%; height: auto; max-height: 100%; padding: 1 2; overflow-y: auto; }
    FirstRunScreen #ways { margin: 1 0; }
    FirstRunScreen #form { height: auto; display: none; }
    FirstRunScreen.-own #form { display: block; }
    FirstRunScreen Input { height: 1; border: none; background: $panel; padding: 0 1; margin-bottom: 1; }
    FirstRunScreen Input:focus { border: none; background: $selected; }
    """
    ABOUT: ClassVar[str] = (
        "Nothing is here yet. Look around in a sample company (a private copy, so nothing you do there touches the original), or "
        "begin with your own: a name, a currency and a time zone, then the files. Everything stays in one file on this machine."
    )

    @dataclass
    class Made(Message):
        """The workspace file is there."""

        path: Path

    @dataclass
    class Refused(Message):
        """It could not be made."""

        error: CstuiError

    def compose(self) -> ComposeResult:
        yield TopLine()
        with Vertical(id="welcome"):
            yield Words(id="promise")
            yield Rows(id="ways")
            with Vertical(id="form"):
                known = {"currency": local_currency(), "timezone": local_zone()}
                for name, *_ in _FIELDS:
                    yield Words(id=f"about-{name}")
                    yield OneLine(known.get(name, ""), id=name)
                yield Words(id="how")
            yield Words(id="trouble")
        yield KeysLine("first_run")

    def on_mount(self) -> None:
        self.query_one(KeysLine).without("first_run.begin")
        self.query_one("#ways", Rows).styles.height = 3  # lists elsewhere take what is left
        self.redraw()

    def redraw(self) -> None:
        ink, path = self.ink, self.cstui.path
        self.query_one(TopLine).say((Text("cstui", style="bold"),), (Text(cell(str(path), 80), style=ink.dim),))
        welcome = Text.assemble(("Welcome to cstui\n", f"bold {ink.accent}"), (_PROMISE, ink.dim))
        self.query_one("#promise", Words).say(welcome)
        for name, title, why in _FIELDS:
            self.query_one(f"#about-{name}", Words).say(Text.assemble((title, "bold"), (f"   {why}", ink.dim)))
        key = f"bold {ink.accent}"
        how = Text.assemble(("enter", key), (" in the last line, or ", ink.dim), ("^s", key), (" makes the workspace", ink.dim))
        self.query_one("#how", Words).say(how)
        ways = (
            ("Look around in the sample company", "a private copy to play with"),
            ("Begin with your own files", "name the company, then import"),
            ("Leave", "nothing is written yet"),
        )
        shown = [Text.assemble((f"{title:<36}", "bold"), (why, ink.dim)) for title, why in ways]
        self.query_one("#ways", Rows).show(len(shown), lambda index, _width: shown[index])

    @on(Rows.Opened, "#ways")
    def _chosen(self, event: Rows.Opened) -> None:
        (self.action_sample, self._own, self.app.exit)[event.index]()

    def action_sample(self) -> None:
        """Open a private copy of the sample company."""
        self._trouble(Text("opening the sample company…", style=self.ink.dim))
        self.cstui.use_sample()

    def _own(self) -> None:
        self.add_class("-own")
        self.query_one(KeysLine).without()
        self.query_one("#company", Input).focus()

    @on(Input.Submitted)
    def _next(self, event: Input.Submitted) -> None:
        names = [name for name, *_ in _FIELDS]
        at = names.index(event.input.id or "")
        if at + 1 < len(names):
            self.query_one(f"#{names[at + 1]}", Input).focus()
        else:
            self.action_begin()

    @on(Input.Changed)
    def _typed(self) -> None:
        self._trouble(Text())  # it was said of what stood there before

    def action_begin(self) -> None:
        """Make the workspace with what was typed."""
        if not self.has_class("-own"):
            self._own()
            return
        given = {name: self.query_one(f"#{name}", Input).value.strip() for name, *_ in _FIELDS}
        if not given["company"]:
            self._trouble(Text("The company needs a name.", style=self.ink.care))
            self.query_one("#company", Input).focus()
            return
        self.run_worker(partial(self._make, self.cstui.path, given), name="first run", thread=True, exclusive=True)

    def _make(self, path: Path, given: dict[str, str]) -> None:
        try:
            self.cstui.desk.begin(path, given)
        except CstuiError as error:
            self.post_message(self.Refused(error))
        else:
            self.post_message(self.Made(path))

    def on_first_run_screen_made(self, event: Made) -> None:
        """On to the files."""
        self.cstui.use(event.path, then="import")

    def on_first_run_screen_refused(self, event: Refused) -> None:
        """Say what to change."""
        self._trouble(Text(safe(event.error.message, 400), style=self.ink.bad))

    def _trouble(self, text: Text) -> None:
        self.query_one("#trouble", Words).say(text)
