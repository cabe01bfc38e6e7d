"""The definition switches of the catalogue: where the field disagrees, which reading is in force.

Kept in the workspace file as settings `switch.NAME`; this module knows their names, values and defaults only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import NamedTuple

from cstui.base.errors import BadSwitch, UsageError


class Switch(NamedTuple):
    """One definition that a person may change."""

    name: str
    label: str
    """What people call it."""
    default: str
    choices: tuple[str, ...]
    """Allowed words, or empty: a whole number of `unit` from `least` to `most`, unless `form` says otherwise."""
    least: int
    definition: str
    most: int = 3650
    unit: str = "days"
    form: Callable[[str], str] | None = None
    """Brings a value of a form of its own into canonical form. Raises UsageError."""

    def check(self, value: str) -> str:
        """The value in canonical form. Raises UsageError."""
        text = value.strip()
        if self.form is not None:
            return self.form(text)
        if self.choices:
            if text not in self.choices:
                raise UsageError(f"Switch {self.name} takes {' or '.join(self.choices)}, not “{text}”.")
            return text
        if not (text.isascii() and text.isdigit()) or not self.least <= int(text) <= self.most:
            raise UsageError(f"Switch {self.name} takes a whole number of {self.unit} from {self.least} to {self.most}, not “{text}”.")
        return str(int(text))

    def problem(self, value: str) -> str:
        """Why it can't have this value; blank where it can."""
        try:
            self.check(value)
        except UsageError as error:
            return error.message
        return ""


def _thresholds(text: str) -> str:
    """`10:9` over the defaults, as `5:4,7:5,10:9`."""
    found = dict(CSAT_THRESHOLDS)
    for part in text.split(","):
        match = re.fullmatch(r"\s*(\d{1,3})\s*[:=]\s*(\d{1,3})\s*", part, re.ASCII)
        if match is None or not 0 < int(match[2]) <= int(match[1]):
            raise UsageError(f"Switch csat_threshold takes a scale's highest score and the least that is satisfied, as 10:9, not “{text}”.")
        found[int(match[1])] = int(match[2])
    return ",".join(f"{top}:{least}" for top, least in sorted(found.items()))


def _scale(text: str) -> str:
    if text == "auto":
        return text
    match = re.fullmatch(r"(\d{1,3})-(\d{1,3})", text, re.ASCII)
    if match is None or int(match[1]) >= int(match[2]):
        raise UsageError(f"Switch ces_scale takes auto or a scale such as 1-7, not “{text}”.")
    return f"{int(match[1])}-{int(match[2])}"


def _margin(text: str) -> str:
    """`80 %` and `0.8` are one margin."""
    if text == "computed":
        return text
    match = re.fullmatch(r"(\d{1,3}(?:\.\d{1,6})?)\s*(%?)", text, re.ASCII)
    value = None if match is None else Decimal(match[1]).scaleb(-2 if match[2] else 0)
    if value is None or value > 1:
        raise UsageError(f"Switch gross_margin takes computed or a share such as 0.8 or 80 %, not “{text}”.")
    return f"{value.normalize():f}"


CSAT_THRESHOLDS: Mapping[int, int] = {5: 4, 7: 5, 10: 6}
"""A scale's highest score → the least score that is satisfied."""

SWITCHES: Mapping[str, Switch] = {
    switch.name: switch
    for switch in (
        Switch(
            "mode",
            "How customers pay",
            "auto",
            choices=("auto", "subscription", "repeat_purchase"),
            least=0,
            definition="How customers pay: by subscription, or by repeat purchase, where who is active is told from the days on which they "
            "bought. auto takes subscriptions where there are any, and purchases where there are payments only.",
        ),
        Switch(
            "past_due_days",
            "Days past due until churned",
            "30",
            choices=(),
            least=0,
            definition="Days after the end of its period that a past-due subscription still counts; then it is churn, named delinquent.",
        ),
        Switch(
            "reactivation_gap_days",
            "Days of a gap that is bridged",
            "1",
            choices=(),
            least=1,
            definition="A gap in a customer's MRR shorter than this many days is bridged at the MRR before it.",
        ),
        Switch(
            "churn_base",
            "What churn is divided by",
            "start",
            choices=("start", "start+new"),
            least=0,
            definition="What churned customers are divided by: those active at the start, or those and the period's new ones "
            "(as Stripe does).",
        ),
        Switch(
            "nps_bands",
            "Bands of NPS",
            "standard",
            choices=("standard", "article"),
            least=0,
            definition="Detractors, passives and promoters: standard is 0–6, 7–8 and 9–10; article is 0–5, 6–8 and 9–10.",
        ),
        Switch(
            "csat_threshold",
            "Satisfied from, for CSAT",
            "5:4,7:5,10:6",
            choices=(),
            least=0,
            definition="From which score an answer is satisfied, by the scale's highest score: 10:9 asks for 9 of 10.",
            form=_thresholds,
        ),
        Switch(
            "ces_scale",
            "Scale of CES",
            "auto",
            choices=(),
            least=0,
            definition="The scale whose answers CES is the mean of, such as 1-7. Scales are never averaged together: with answers on two "
            "and none chosen (auto), CES is unknown.",
            form=_scale,
        ),
        Switch(
            "gross_margin",
            "Gross margin",
            "computed",
            choices=(),
            least=0,
            definition="Gross margin: computed from revenue and its cost, or a share that you set, such as 0.8.",
            form=_margin,
        ),
        Switch(
            "cac_lag_months",
            "Months that costs go ahead",
            "0",
            choices=(),
            least=0,
            most=36,
            unit="months",
            definition="Months by which sales and marketing costs go before the customers they won.",
        ),
        Switch(
            "trial_basis",
            "Trials that count",
            "ended",
            choices=("ended", "started"),
            least=0,
            definition="Which trials a period's conversion counts: those that ended in it, or those that started in it.",
        ),
        Switch(
            "renewal_terms",
            "Renewals that count",
            "quarter",
            choices=("quarter", "all"),
            least=0,
            definition="Which terms the renewal rates count: those of a quarter and longer, or all, monthly ones too.",
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Definitions:
    """The switches in force, typed."""

    mode: str = "auto"
    past_due_days: int = 30
    reactivation_gap_days: int = 1
    churn_base: str = "start"
    nps_bands: str = "standard"
    csat_threshold: str = "5:4,7:5,10:6"
    ces_scale: str = "auto"
    gross_margin: str = "computed"
    cac_lag_months: int = 0
    trial_basis: str = "ended"
    renewal_terms: str = "quarter"

    def value(self, name: str) -> str:
        """A switch's value in force, as text."""
        return str(getattr(self, name))

    @property
    def detractor(self) -> int:
        """The highest NPS score of a detractor."""
        return 6 if self.nps_bands == "standard" else 5

    @property
    def thresholds(self) -> Mapping[int, int]:
        """A CSAT scale's highest score → the least score that is satisfied."""
        return {int(top): int(least) for top, least in (pair.split(":") for pair in self.csat_threshold.split(","))}


def definitions(settings: Mapping[str, str]) -> Definitions:
    """The switches in force, from the workspace's settings (`switch.NAME`). Raises BadSwitch where one holds what it can't."""
    chosen: dict[str, int | str] = {}
    for item in fields(Definitions):
        switch = SWITCHES[item.name]
        value = settings.get(f"switch.{switch.name}", switch.default)
        if problem := switch.problem(value):
            raise BadSwitch(switch.name, problem, switch.default)
        chosen[switch.name] = value if switch.choices or switch.form else int(value)
    return Definitions(**chosen)  # type: ignore[arg-type]  # the fields are the switches, each typed by its own check
