"""Help: what the screen beneath says, and every key that works there now, as bound now.

Reads the live bindings of that screen, so a remapped key shows as remapped. Knows no screen in particular.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll

from cstui.ui import commands
from cstui.ui.keys import is_alias, scope_title
from cstui.ui.screens.choices import Dialog
from cstui.ui.widgets.line import KeysLine, Words

if TYPE_CHECKING:
    from textual.screen import Screen


class HelpScreen(Dialog[None]):
    """Over the screen it explains."""

    SCOPES: ClassVar[tuple[str, ...]] = ("dialog",)
    DEFAULT_CSS = "HelpScreen .box { width: 92; height: 90%; } HelpScreen VerticalScroll { height: 1fr; margin-top: 1; }"
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
        scope = ""
        for action, keys in self._keys:
            if action.scope != scope:
                text.append("\n" if scope else "\n\n").append(f"{scope_title(action.scope)}\n", f"bold {ink.accent}")
                scope = action.scope
            text.append(f"  {' '.join(keys):<14}", f"bold {ink.text}")
            text.append(f"{action.title}: {action.help[0].lower()}{action.help[1:]}\n", ink.dim)
        text.append("\nKeys work under Arabic and Persian keyboard layouts too: the same key, whatever letter it sends.", ink.dim)
        return text


def live_keys(screen: Screen[Any]) -> list[tuple[commands.Action, list[str]]]:
    """The actions that keys reach on a screen now, in table order, with those keys."""
    bound: dict[str, list[str]] = {}
    for key, active in screen.active_bindings.items():
        if active.binding.id and active.enabled:
            bound.setdefault(active.binding.id, []).append(key)
    found = []
    for action in commands.ACTIONS:
        if action.id in bound:
            keys = [commands.shown(commands.character(key)) for key in bound[action.id] if not is_alias(key)]
            found.append((action, keys))
    return sorted(found, key=lambda pair: pair[0].scope == "app")  # what is particular to the screen first
