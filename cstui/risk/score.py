"""From findings to one score: points add up to it exactly, and what is not known never makes a customer look safe.

Plain rules, no fitted model. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from cstui.risk.signals import BY_ID, SIGNALS, Finding

DIRECTION = "100 = most at risk"
METHOD = {"kind": "rules"}
MOST = 100
HIGH, MEDIUM = 60, 30
"""Scores from which a customer is at high and at medium risk."""
KNOWN_FAMILIES = 3
"""How many of the five families (contract, payments, use, contacts, voices) must be known before a low score may be called low."""

_ORDER = {signal.id: place for place, signal in enumerate(SIGNALS)}


class Score(NamedTuple):
    """One customer's score."""

    risk: int
    """0 to 100, 100 = most at risk; the sum of the reasons' points."""
    band: str
    """`high`, `medium`, `low`, or `unknown`: no sign of risk, and too little known to call that good."""
    reasons: tuple[tuple[Finding, int], ...]
    """Findings with the points they count for, strongest first."""
    unknown: tuple[Finding, ...]
    """Signals without data."""


def score(findings: Iterable[Finding]) -> Score:
    """Add the findings up. Over 100, each counts for its share of 100."""
    every = list(findings)
    telling = sorted((item for item in every if item.points), key=lambda item: (-(item.points or 0), _ORDER[item.signal]))
    points = shared([item.points or 0 for item in telling])
    missing = sorted((item for item in every if item.points is None), key=lambda item: _ORDER[item.signal])
    known = {BY_ID[item.signal].family for item in every if item.points is not None}
    risk = sum(points)
    return Score(risk, band(risk, len(known)), tuple(zip(telling, points, strict=True)), tuple(missing))


def shared(points: list[int]) -> list[int]:
    """The points as they count: their sum is at most 100, rests going to the largest remainders, the earlier first."""
    total = sum(points)
    if total <= MOST:
        return points
    whole = [value * MOST // total for value in points]
    rests = sorted(range(len(points)), key=lambda index: (-(points[index] * MOST % total), index))
    for index in rests[: MOST - sum(whole)]:
        whole[index] += 1
    return whole


def band(risk: int, known_families: int) -> str:
    """What a score is called."""
    if risk >= HIGH:
        return "high"
    if risk >= MEDIUM:
        return "medium"
    return "low" if known_families >= KNOWN_FAMILIES else "unknown"
