"""Help: what the screen beneath says, and every key that works there now, as bound now.

Reads the live bindings of that screen, so a remapped key shows as remapped. Knows no screen in particular.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll

from cstui.ui import commands
from cstui.ui.keys import does, is_alias, scope_title
from cstui.ui.screens.choices import Dialog
from cstui.ui.widgets.line import KeysLine, Words

if TYPE_CHECKING:
    from textual.screen import Screen

_WIDTH, _KEYS = 92, 16
"""Columns of the box, and of the keys in it; what they do stands beside them."""
ALSO = (
    "tab and shift+tab go from one part of the screen to the next and back. ctrl+c copies what the mouse has selected, ctrl+q quits too.\n"
    "Keys work under Arabic and Persian keyboard layouts too: the same key, whatever letter it sends."
)
"""What the table of actions does not hold: keys that are Textual's own."""


class HelpScreen(Dialog[None]):
    """Over the screen it explains."""

    SCOPES: ClassVar[tuple[str, ...]] = ("dialog",)
    DEFAULT_CSS = f"""
    HelpScreen .box {{ width: {_WIDTH}; height: 90%; }}
    HelpScreen VerticalScroll {{ height: 1fr; margin-top: 1; }}
    HelpScreen VerticalScroll Words {{ padding-right: 1; }}
    """
    AUTO_FOCUS = "VerticalScroll"

    def __init__(self, about: Screen[Any]) -> None:
        super().__init__()
        self._about = str(getattr(about, "ABOUT", ""))
        self._keys = live_keys(about)

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Words(Text("Help", style="bold"))
            with VerticalScroll():
                yield Words(self._words())
            yield KeysLine("dialog")

    def _words(self) -> Text:
        ink = self.ink
        text = Text(self._about, style=ink.text)
        scope, room = "", max(20, min(_WIDTH, self.app.size.width) - 7 - _KEYS)
        for action, keys in self._keys:
            if action.scope != scope:
                text.append("\n" if scope else "\n\n").append(f"{scope_title(action.scope)}\n", f"bold {ink.accent}")
                scope = action.scope
            lines = Text(does(action), style=ink.dim).wrap(self.app.console, room)
            text.append(f"  {' '.join(keys):<{_KEYS - 2}}", f"bold {ink.text}").append_text(lines[0]).append("\n")
            for line in lines[1:]:
                text.append(" " * _KEYS).append_text(line).append("\n")
        text.append(f"\n{ALSO}", ink.dim)
        return text


def live_keys(screen: Screen[Any]) -> list[tuple[commands.Action, list[str]]]:
    """The actions that keys reach on a screen now, with those keys: the screen's own first, those that work everywhere last.

    A list answers to enter and the screen does what that means there: then it is the screen's action that is told.
    """
    scopes = (*getattr(screen, "SCOPES", ()), "app")
    meant = {key: action for action in commands.of(scopes[0]) for key in commands.bound_keys(action)}
    bound: dict[str, list[str]] = {}
    for key, active in screen.active_bindings.items():
        if active.binding.id and active.enabled:
            told = meant[key].id if key in meant and active.binding.id in ("list.open", "grid.open") else active.binding.id
            bound.setdefault(told, []).append(key)
    found = []
    for action in commands.ACTIONS:
        if action.id in bound:
            keys = [commands.shown(commands.character(key)) for key in bound[action.id] if not is_alias(key)]
            found.append((action, keys))
    return sorted(found, key=lambda pair: scopes.index(pair[0].scope) if pair[0].scope in scopes else len(scopes) - 1)
