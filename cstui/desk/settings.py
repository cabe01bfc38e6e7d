"""The few things a workspace must be told: currency, time zone, company, and the definition switches. Values are checked here."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from cstui.base.currencies import CURRENCIES
from cstui.base.errors import UsageError
from cstui.base.text import clean
from cstui.desk.overview import CARDS
from cstui.metrics.registry import metric
from cstui.metrics.switches import SWITCHES
from cstui.store.workspace import Workspace

NAMES = ("currency", "timezone", "company", "cards")
"""The settings, in the order they are listed."""
SWITCH_NAMES = tuple(SWITCHES)
DEFAULTS = {"currency": "USD", "timezone": "UTC", "cards": ",".join(CARDS)}
MOST_CARDS = 6


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
    label: str
    """What people call it."""
    value: str
    default: str
    choices: tuple[str, ...]
    """Allowed words; empty: what `takes` says."""
    takes: str
    """What a value looks like, where there are no words to choose from."""
    definition: str
    problem: str = ""
    """Why it can't have the value it has; blank where it can."""


_DEFINITIONS = {
    "currency": "The currency that sums are in; a blank currency cell means it. Three letters, ISO 4217.",
    "timezone": "The time zone whose days the data is in, such as Asia/Tehran; later imports read times of day in it.",
    "company": "The name on top of the screens.",
    "cards": "The metrics on the overview's cards, at most six, with commas between them: any of the catalogue.",
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
    values = {name: held.get(f"switch.{name}", switch.default) for name, switch in SWITCHES.items()}
    return tuple(
        SwitchState(
            name,
            switch.label,
            values[name],
            switch.default,
            switch.choices,
            "" if switch.choices else "a value of its own" if switch.form else switch.unit,
            switch.definition,
            switch.problem(values[name]),
        )
        for name, switch in SWITCHES.items()
    )


def switch_label(name: str) -> str:
    """What people call a switch; its name where there is none like it."""
    return SWITCHES[name].label if name in SWITCHES else name


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


@cache
def _zones() -> dict[str, str]:
    """Every time zone's name in lower case → as IANA writes it."""
    return {name.lower(): name for name in available_timezones()}


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
            return ZoneInfo(_zones().get(text.lower(), text)).key
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise UsageError(f"“{text}” is not a time zone; write its IANA name, for example Asia/Tehran.") from None
    if name == "cards":
        ids = tuple(dict.fromkeys(metric(part.strip()).id for part in text.split(",")))
        if len(ids) > MOST_CARDS:
            raise UsageError(f"There is room for {MOST_CARDS} cards, not {len(ids)}.")
        return ",".join(ids)
    if not text:
        raise UsageError("A company needs a name.")
    return text
