"""Text that is drawn and nothing else: the line on top, the line of keys, headings, messages.

Takes ready-made rich Text only, never a string, so that no data can be read as markup.
"""

from __future__ import annotations

from collections.abc import Mapping

from rich.cells import cell_len, set_cell_size
from rich.text import Text
from textual.screen import ModalScreen
from textual.widget import Widget

from cstui.base.text import cell
from cstui.ui import commands
from cstui.ui.theme import INKS, Ink


def ink_for(widget: Widget) -> Ink:
    """The inks of the theme in force."""
    return INKS.get(widget.app.theme) or INKS["cstui-dark"]


def fit(data: str, width: int, style: str = "") -> Text:
    """Data as exactly `width` cells: made safe, cut with `…`, and closed with U+200E where it runs right to left."""
    shown = cell(data, 400)
    if cell_len(shown) > width:
        shown = cell(set_cell_size(shown, width - 1).rstrip() + "…", 400) if width > 0 else ""
    return Text.assemble((shown, style), " " * max(0, width - cell_len(shown)))


def between(data: str, width: int, style: str = "") -> Text:
    """As `fit`, but cut in the middle: headers that begin alike are told apart by how they end."""
    shown = cell(data, 400)
    if cell_len(shown) > width > 4:
        tail, room = "", width // 2
        for char in reversed(shown):
            if cell_len(char + tail) > room:
                break
            tail = char + tail
        shown = f"{set_cell_size(shown, width - 1 - cell_len(tail)).rstrip()}…{tail}"
    return fit(shown, width, style)


class Words(Widget):
    """Ready-made text."""

    def __init__(self, text: Text | None = None, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.text = text or Text()

    def say(self, text: Text) -> None:
        """Show this from now on."""
        if text != self.text or text.spans != self.text.spans or text.style != self.text.style:
            self.text = text
            self.refresh(layout=self.styles.auto_dimensions)  # of a fixed size, nothing else moves

    def render(self) -> Text:
        return self.text


class TopLine(Widget):
    """Workspace, currency, how far the data goes and how old it is; on the right, what is being looked at."""

    def __init__(self) -> None:
        super().__init__()
        self._left: tuple[Text, ...] = ()
        self._right: tuple[Text, ...] = ()

    def say(self, left: tuple[Text, ...], right: tuple[Text, ...] = ()) -> None:
        """Wordings for the left and for the right, longest first: the longest pair that fits is shown."""
        self._left, self._right = left, right
        self.refresh()

    def render(self) -> Text:
        width = self.content_size.width
        lefts, rights = self._left or (Text(),), self._right or (Text(),)
        best = [(i + j, i, left, right) for i, left in enumerate(lefts) for j, right in enumerate(rights[:2])]
        pairs = [pair[2:] for pair in sorted(best, key=lambda pair: pair[:2])] + [(left, rights[-1]) for left in lefts]
        fits = ((left, right) for left, right in pairs if left.cell_len + right.cell_len + 2 <= width)
        left, right = next(fits, (lefts[-1], rights[-1]))
        gap = max(1, width - left.cell_len - right.cell_len)
        line = Text.assemble(left, " " * gap, right, no_wrap=True, end="")
        line.truncate(width, overflow="ellipsis")
        return line


class KeysLine(Widget):
    """One line of keys: the scopes' own first, then help and quit; what does not fit is in help.

    A field with `KEYS`, scopes of its own, has those in sight while it has the keyboard; where letters are typed, none is named as a key.
    What its keys do just now may be worded by the field, in `says`: action id → its word, or key and word; blank: nothing.
    """

    def __init__(self, *scopes: str) -> None:
        super().__init__()
        self._scopes = scopes
        self._dropped: frozenset[str] = frozenset()

    def on_mount(self) -> None:
        """Follow the keyboard."""
        self.watch(self.screen, "focused", self._follow, init=False)

    def _follow(self) -> None:
        self.refresh()

    def without(self, *action_ids: str) -> None:
        """Leave these out while they would do nothing."""
        self._dropped = frozenset(action_ids)
        self.refresh()

    def render(self) -> Text:
        ink, width = ink_for(self), self.content_size.width
        tail = [action for action in commands.of("app") if action.short]
        field = self.screen.focused
        scopes = getattr(field, "KEYS", self._scopes)
        typing = field is not None and field.check_consume_key("q", "q")
        says: Mapping[str, str | tuple[str, str]] = getattr(field, "says", {})
        named = {action.id: action for scope in scopes for action in commands.of(scope) if action.id not in self._dropped}
        worded = {name: says.get(name, action.short) for name, action in named.items()}
        own = [action for action in named.values() if worded[action.id]]
        keymap = {key for action in own for key in action.keys}
        tail = [] if typing or isinstance(self.screen, ModalScreen) else [action for action in tail if action.keys[0] not in keymap]
        spent = sum(len(commands.shown(action.keys[0])) + len(action.short) + 4 for action in tail)
        line = Text(no_wrap=True, end="")
        for action in [*own, *tail]:
            said = worded.get(action.id, action.short)
            key, word = (commands.shown(action.keys[0]), said) if isinstance(said, str) else said
            last = action in tail
            if not last and line.cell_len + len(key) + len(word) + 4 + spent > width:
                continue
            if line.cell_len:
                line.append("   ")
            line.append(key, f"bold {ink.accent}")
            line.append(f" {word}", ink.dim)
        return line
