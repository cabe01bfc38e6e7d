"""The one table of what a key does.

Bindings, the footer, the command palette, the help screen and the README's keys table are read from here; nothing else in
`ui` names a key. Knows no screen: an action is a name that the screen or widget of its scope answers to.
"""

from __future__ import annotations

from typing import NamedTuple

from textual.binding import Binding, BindingType

from cstui.ui.layouts import SENT, key_name

_NAMES = {"?": "question_mark", "[": "left_square_bracket", "]": "right_square_bracket", "/": "slash"}
_SHOWN = {
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "enter": "enter",
    "escape": "esc",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "f1": "F1",
}


class Action(NamedTuple):
    """One thing a person can do, and the keys that do it."""

    id: str
    """`scope.name`; users remap keys by it."""
    keys: tuple[str, ...]
    """As pressed on a Latin layout; the first is the one shown."""
    action: str
    """Textual's action string."""
    title: str
    """In the palette and in help: an imperative."""
    help: str
    """One sentence more."""
    short: str = ""
    """In the footer; empty: not there."""
    palette: bool = True
    """Whether the command palette offers it while its scope is on screen."""

    @property
    def scope(self) -> str:
        """Where it works: `app` everywhere, else a screen or a widget."""
        return self.id.partition(".")[0]


ACTIONS: tuple[Action, ...] = (
    Action("app.overview", ("1",), "go('overview')", "Overview", "How the customer base is doing."),
    Action("app.import", ("6",), "go('import')", "Import", "Put files in, see the log, take an import back."),
    Action("app.help", ("?", "f1"), "help", "Help", "What this screen says, and every key that works now.", "help"),
    Action("app.palette", ("ctrl+p",), "command_palette", "Commands", "Find a command by its name.", palette=False),
    Action("app.theme", ("ctrl+t",), "theme", "Dark or light", "Switch between the dark and the light theme."),
    Action("app.quit", ("q",), "quit", "Quit", "Leave cstui; everything is saved already.", "quit"),
    Action("list.down", ("j", "down"), "down", "Down", "One line down.", palette=False),
    Action("list.up", ("k", "up"), "up", "Up", "One line up.", palette=False),
    Action("list.first", ("g", "home"), "first", "First line", "To the first line.", palette=False),
    Action("list.last", ("G", "end"), "last", "Last line", "To the last line.", palette=False),
    Action("list.page_down", ("pagedown", "ctrl+d"), "page_down", "Page down", "One page down.", palette=False),
    Action("list.page_up", ("pageup", "ctrl+u"), "page_up", "Page up", "One page up.", palette=False),
    Action("list.open", ("enter",), "open", "Open", "Open the line.", palette=False),
    Action("list.mark", ("space",), "mark", "Mark", "Mark the line, where lines can be marked.", palette=False),
    Action("card.open", ("enter",), "open", "Open the figure", "Explain the figure down to its rows.", palette=False),
    Action("card.next", ("right", "l"), "step(1)", "Next figure", "To the next figure.", palette=False),
    Action("card.back", ("left", "h"), "step(-1)", "Previous figure", "To the figure before.", palette=False),
    Action("card.down", ("j", "down"), "leap(1)", "Down", "To the figure or list below.", palette=False),
    Action("card.up", ("k", "up"), "leap(-1)", "Up", "To the figure above.", palette=False),
    Action("overview.explain", ("e",), "explain", "Explain the figure", "Definition, parts, and the rows with file and line.", "explain"),
    Action("overview.earlier", ("[",), "period(-1)", "Earlier period", "The period before this one.", "earlier"),
    Action("overview.later", ("]",), "period(1)", "Later period", "The period after this one.", "later"),
    Action("overview.period", ("m",), "choose_period", "Choose the period", "A month, quarter, year or trailing window.", "months"),
    Action("overview.segment", ("f",), "choose_segment", "Choose the segment", "Only the customers with these values.", "segment"),
    Action("overview.all", ("x",), "all_customers", "All customers", "Take the segment filter off."),
    Action("overview.copy", ("y",), "copy", "Copy the figure", "The focused figure as text to the clipboard."),
    Action("explain.back", ("escape",), "back", "Back", "To where you came from.", "back", palette=False),
    Action("explain.copy", ("y",), "copy", "Copy the line", "The selected line as text to the clipboard.", "copy"),
    Action("import.preview", ("enter",), "preview", "Preview the import", "Read the marked files; nothing is written yet.", "preview"),
    Action("import.mark", ("space",), "mark", "Mark the file", "Several files can go in as one import.", "mark", palette=False),
    Action("import.path", ("/",), "path", "Type a path", "Go to the path line; Tab or → completes.", "type a path"),
    Action("import.undo", ("u",), "undo", "Take an import back", "The one selected in the log, or else the last.", "take back"),
    Action("preview.commit", ("enter",), "commit", "Import all", "Write everything that was not refused, or nothing.", "import all"),
    Action("preview.mapping", ("m",), "mapping", "Map columns", "Say which column is which field, or give a constant.", "map columns"),
    Action("preview.kind", ("a",), "kind", "Take it as another kind", "Say what the rows of the file are.", "kind"),
    Action("preview.rejects", ("w",), "rejects", "Write the refused rows", "To a CSV file with line, column and reason.", "write refused"),
    Action("preview.cancel", ("escape",), "cancel", "Cancel", "Stop; nothing is changed.", "cancel", palette=False),
    Action("mapping.done", ("ctrl+s",), "done", "Use this mapping", "Read the file again with it.", "use it"),
    Action("mapping.constant", ("c",), "constant", "Give a constant", "One value for every row that has none of its own.", "constant"),
    Action("mapping.clear", ("backspace", "delete"), "clear", "Take nothing", "Leave the field empty.", "nothing"),
    Action("mapping.back", ("escape",), "back", "Back", "Keep the mapping as it was.", "back", palette=False),
    Action("dialog.back", ("escape",), "back", "Back", "Close without choosing.", "back", palette=False),
    Action("segment.clear", ("x",), "clear", "All customers", "Unmark every value.", "all customers", palette=False),
    Action("segment.apply", ("enter",), "apply", "Apply", "Show the customers with the marked values.", "apply", palette=False),
    Action("segment.back", ("escape",), "back", "Back", "Keep the segment as it was.", "back", palette=False),
    Action("first_run.begin", ("ctrl+s",), "begin", "Make the workspace", "With the name, currency and time zone given.", "make it"),
    Action(
        "first_run.sample", ("ctrl+o",), "sample", "Open the sample company", "A private copy; your own data stays apart.", "sample company"
    ),
    Action("first_run.quit", ("escape",), "app.quit", "Leave", "Nothing has been written yet.", "quit", palette=False),
)


def of(scope: str) -> tuple[Action, ...]:
    """The actions of one scope, in table order."""
    return tuple(action for action in ACTIONS if action.scope == scope)


def named(action_id: str) -> Action | None:
    """The action with that id, or None."""
    return next((action for action in ACTIONS if action.id == action_id), None)


def bound_keys(action: Action) -> tuple[str, ...]:
    """Textual's key names for an action: its own keys, and what the Arabic and Persian layouts send for them."""
    own = {name for other in of(action.scope) for key in other.keys for name in (_NAMES.get(key, key),)}
    keys: list[str] = []
    for key in action.keys:
        for name in (_NAMES.get(key, key), *map(key_name, SENT.get(key, ()))):
            if name not in keys and (name not in own or name == _NAMES.get(key, key)):
                keys.append(name)
    return tuple(keys)


def bindings(*scopes: str) -> list[BindingType]:
    """The bindings of these scopes. A layout's letter that two actions would claim goes to the first of the table."""
    claimed: set[str] = set()
    found: list[BindingType] = []
    for action in (action for scope in scopes for action in of(scope)):
        keys = [key for key in bound_keys(action) if key not in claimed]
        claimed.update(keys)
        found.append(
            Binding(
                ",".join(keys),
                action.action,
                action.title,
                show=bool(action.short),
                key_display=shown(action.keys[0]),
                tooltip=action.help,
                id=action.id,
            )
        )
    return found


def shown(key: str) -> str:
    """A key as the footer and help print it."""
    return _SHOWN.get(key) or key.replace("ctrl+", "^")


def character(key: str) -> str:
    """Textual's key name as the character it stands for, where it stands for one."""
    return next((char for char, name in _NAMES.items() if name == key), key)


def is_alias(key: str) -> bool:
    """Whether a key name is only what another keyboard layout sends for a Latin key."""
    return key in _ALIASES


_ALIASES = frozenset(key_name(sent) for layouts in SENT.values() for sent in layouts)
_SCOPES = {
    "app": "Everywhere",
    "list": "In a list",
    "card": "On a figure",
    "overview": "Overview",
    "explain": "Explanation",
    "import": "Import",
    "preview": "Import preview",
    "mapping": "Column mapping",
    "segment": "Segment choice",
    "dialog": "In a dialog",
    "first_run": "First run",
}


def scope_title(scope: str) -> str:
    """A scope's name in help and in the README."""
    return _SCOPES[scope]


def keys_table() -> str:
    """The README's keys table, in Markdown."""
    lines = ["| where | keys | does |", "|---|---|---|"]
    for action in ACTIONS:
        keys = " ".join(f"`{shown(key)}`" for key in action.keys)
        lines.append(f"| {scope_title(action.scope)} | {keys} | {action.title}: {action.help[0].lower()}{action.help[1:]} |")
    return "\n".join(lines)
