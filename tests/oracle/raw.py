"""What the oracle answers with, before and after the status is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Answer:
    """One figure. Money in major units. `n` is what the floor of a rate is measured against, else how many were counted."""

    value: Fraction | None
    status: str
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    n: int | None = None
    previous: Fraction | None = None
    parts: Mapping[str, Fraction | None] | None = None


@dataclass(frozen=True, slots=True)
class Raw:
    """A figure before its status: a quotient, `times` over, where `denominator` is given, else a sum or count."""

    numerator: Fraction
    denominator: Fraction | None = None
    n: int | None = None
    floor: int = 0
    parts: Mapping[str, Fraction | None] | None = None
    times: int = 1
    """What a share is multiplied by: 100 where the figure's usual scale is that."""
