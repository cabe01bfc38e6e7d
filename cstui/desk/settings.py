"""The few things a workspace must be told: currency, time zone, company, and the definition switches. Values are checked here."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cstui.base.errors import UsageError
from cstui.base.money import CURRENCIES
from cstui.base.text import clean
from cstui.metrics.switches import SWITCHES
from cstui.store.workspace import Workspace

NAMES = ("currency", "timezone", "company")
"""The settings, in the order they are listed."""
SWITCH_NAMES = tuple(SWITCHES)
DEFAULTS = {"currency": "USD", "timezone": "UTC"}


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting and its value in force."""

    name: str
    value: str | None
    chosen: bool
    """Set by a person or by the first import, not assumed."""
    definition: str


@dataclass(frozen=True, slots=True)
class SwitchState:
    """One definition switch and its value in force."""

    name: str
    value: str
    default: str
    choices: tuple[str, ...]
    """Allowed words; empty: a whole number of days."""
    definition: str


_DEFINITIONS = {
    "currency": "The currency that sums are in; a blank currency cell means it. Three letters, ISO 4217.",
    "timezone": "The time zone whose days the data is in, such as Asia/Tehran; later imports read times of day in it.",
    "company": "The name on top of the screens.",
}


def settings(ws: Workspace) -> tuple[Setting, ...]:
    """All settings, in order."""
    held = ws.settings()
    return tuple(Setting(name, held.get(name, DEFAULTS.get(name)), name in held, _DEFINITIONS[name]) for name in NAMES)


def set_setting(ws: Workspace, name: str, value: str) -> None:
    """Change a setting; what figures rest on is derived again where it must be. Raises UsageError for a name or value that can't be."""
    checked = check_setting(name, value)
    if ws.setting(name) != checked:
        ws.set_setting(name, checked)


def switches(ws: Workspace) -> tuple[SwitchState, ...]:
    """All definition switches, in the catalogue's order."""
    held = ws.settings()
    return tuple(
        SwitchState(switch.name, held.get(f"switch.{switch.name}", switch.default), switch.default, switch.choices, switch.definition)
        for switch in SWITCHES.values()
    )


def set_switch(ws: Workspace, name: str, value: str) -> None:
    """Change a definition switch; every figure that rests on it follows. Raises UsageError for a name or value that can't be."""
    check_name(name, SWITCH_NAMES, "switch")
    checked = SWITCHES[name].check(value)
    if (ws.setting(f"switch.{name}") or SWITCHES[name].default) != checked:
        ws.set_setting(f"switch.{name}", checked)


def check_name(name: str, known: tuple[str, ...], what: str) -> None:
    """Raise UsageError unless `name` is one of `known`."""
    if name not in known:
        raise UsageError(f"There is no {what} “{name}”. Known: {', '.join(known)}.")


def check_setting(name: str, value: str) -> str:
    """A setting's value in canonical form; needs no workspace. Raises UsageError for a name or value that can't be."""
    check_name(name, NAMES, "setting")
    text = clean(value)
    if name == "currency":
        if text.upper() not in CURRENCIES:
            raise UsageError(f"“{text}” is not a currency code; write three letters of ISO 4217, for example EUR.")
        return text.upper()
    if name == "timezone":
        try:
            return ZoneInfo(text).key
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise UsageError(f"“{text}” is not a time zone; write its IANA name, for example Asia/Tehran.") from None
    if not text:
        raise UsageError("A company needs a name.")
    return text
