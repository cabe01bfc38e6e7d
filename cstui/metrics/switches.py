"""The definition switches of the catalogue: where the field disagrees, which reading is in force.

Kept in the workspace file as settings `switch.NAME`; this module knows their names, values and defaults only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from cstui.base.errors import UsageError


@dataclass(frozen=True, slots=True)
class Switch:
    """One definition that a person may change."""

    name: str
    default: str
    choices: tuple[str, ...]
    """Allowed words, or empty: a whole number of days from `least` up."""
    least: int
    definition: str

    def check(self, value: str) -> str:
        """The value in canonical form. Raises UsageError."""
        text = value.strip()
        if self.choices:
            if text not in self.choices:
                raise UsageError(f"Switch {self.name} takes {' or '.join(self.choices)}, not “{text}”.")
            return text
        if not (text.isascii() and text.isdigit()) or not self.least <= int(text) <= 3650:
            raise UsageError(f"Switch {self.name} takes a whole number of days from {self.least} to 3650, not “{text}”.")
        return str(int(text))


SWITCHES: Mapping[str, Switch] = {
    switch.name: switch
    for switch in (
        Switch(
            "past_due_days",
            "30",
            choices=(),
            least=0,
            definition="Days after the end of its period that a past-due subscription still counts; then it is churn, named delinquent.",
        ),
        Switch(
            "reactivation_gap_days",
            "1",
            choices=(),
            least=1,
            definition="A gap in a customer's MRR shorter than this many days is bridged at the MRR before it.",
        ),
        Switch(
            "churn_base",
            "start",
            choices=("start", "start+new"),
            least=0,
            definition="What churned customers are divided by: those active at the start, or those and the period's new ones "
            "(as Stripe does).",
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Definitions:
    """The switches in force, typed."""

    past_due_days: int = 30
    reactivation_gap_days: int = 1
    churn_base: str = "start"

    def value(self, name: str) -> str:
        """A switch's value in force, as text."""
        return str(getattr(self, name))


def definitions(settings: Mapping[str, str]) -> Definitions:
    """The switches in force, from the workspace's settings (`switch.NAME`)."""
    chosen: dict[str, int | str] = {}
    for item in fields(Definitions):
        switch = SWITCHES[item.name]
        value = settings.get(f"switch.{switch.name}", switch.default)
        chosen[switch.name] = value if switch.choices else int(value)
    return Definitions(**chosen)  # type: ignore[arg-type]  # the fields are the switches, each typed by its own check
