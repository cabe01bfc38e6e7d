"""Switches with a form of their own: what they take, and what they make of it."""

from __future__ import annotations

import pytest

from cstui.base.errors import UsageError
from cstui.metrics.switches import SWITCHES, definitions


@pytest.mark.parametrize(
    ("name", "given", "kept"),
    [
        ("csat_threshold", "10:9", "5:4,7:5,10:9"),
        ("csat_threshold", "3=3, 5:5", "3:3,5:5,7:5,10:6"),
        ("ces_scale", "1-7", "1-7"),
        ("ces_scale", "auto", "auto"),
        ("gross_margin", "80 %", "0.8"),
        ("gross_margin", "0.80", "0.8"),
        ("gross_margin", "computed", "computed"),
        ("cac_lag_months", "03", "3"),
    ],
)
def test_a_value_is_kept_in_one_form(name: str, given: str, kept: str) -> None:
    assert SWITCHES[name].check(given) == kept


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("csat_threshold", "10"),
        ("csat_threshold", "5:6"),
        ("csat_threshold", ""),
        ("ces_scale", "7-1"),
        ("ces_scale", "7"),
        ("gross_margin", "1.2"),
        ("gross_margin", "-1"),
        ("cac_lag_months", "37"),
        ("nps_bands", "0-5"),
    ],
)
def test_what_can_not_be_is_refused(name: str, given: str) -> None:
    with pytest.raises(UsageError):
        SWITCHES[name].check(given)


def test_the_switches_in_force_are_typed() -> None:
    found = definitions({"switch.csat_threshold": "5:4,7:5,10:9", "switch.cac_lag_months": "2", "switch.nps_bands": "article"})
    assert (found.thresholds[10], found.cac_lag_months, found.detractor) == (9, 2, 5)
    assert definitions({}).detractor == 6
