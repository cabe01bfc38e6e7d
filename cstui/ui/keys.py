"""What help and the README say of keys beyond the table of actions: where a scope is, and which keys another layout sends.

Knows no screen and no binding; loaded when somebody asks for help.
"""

from __future__ import annotations

from cstui.ui.commands import ACTIONS, Action, shown
from cstui.ui.layouts import SENT, key_name

_ALIASES = frozenset(key_name(sent) for layouts in SENT.values() for sent in layouts)
_SCOPES = {
    "app": "Everywhere",
    "list": "In a list",
    "card": "On a figure",
    "overview": "Overview",
    "coverage": "Coverage",
    "grid": "In a table",
    "trend": "Trend",
    "breakdown": "Breakdown",
    "cohorts": "Cohorts",
    "waterfall": "Waterfall",
    "value": "Customer value",
    "members": "Customers of a stage",
    "journeys": "Journey",
    "cards": "Choosing cards",
    "pick": "Choosing a metric",
    "at_risk": "At risk",
    "customers": "Customers",
    "find": "While finding",
    "customer": "Customer page",
    "entry": "While writing",
    "explain": "Explanation",
    "evidence": "Evidence of a risk",
    "switches": "Switches",
    "switch_preview": "A switch before it is turned",
    "surveys": "Surveys",
    "answer": "Recording an answer",
    "whom": "In the customer field",
    "text": "In a field of text",
    "choice": "In a field of choices",
    "score": "In the score field",
    "day": "In the date field",
    "import": "Import",
    "kept": "A past import",
    "path": "In the path line",
    "preview": "Import preview",
    "reconcile": "Reconciliation",
    "mapping": "Column mapping",
    "segment": "Segment choice",
    "dialog": "In a dialog",
    "first_run": "First run",
}


def is_alias(key: str) -> bool:
    """Whether a key name is only what another keyboard layout sends for a Latin key."""
    return key in _ALIASES


def scope_title(scope: str) -> str:
    """A scope's name in help and in the README."""
    return _SCOPES[scope]


def does(action: Action) -> str:
    """What a key does in one sentence: its title before the help, where that does not say it again."""
    if action.title.lower() in action.help.lower():
        return action.help
    first = action.help.split()[0].strip(",.;:")
    named = len(first) > 1 and first.isupper()  # NPS, MRR: no sentence's capital
    return f"{action.title}: {action.help if named else action.help[0].lower() + action.help[1:]}"


def keys_table() -> str:
    """The README's keys table, in Markdown."""
    lines = ["| where | keys | does |", "|---|---|---|"]
    for action in ACTIONS:
        keys = " ".join(f"`{shown(key)}`" for key in action.keys)
        lines.append(f"| {scope_title(action.scope)} | {keys} | {does(action)} |")
    return "\n".join(lines)
