"""What one row adds to a figure. Shared by the families that name their rows. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from cstui.base.days import Period
from cstui.metrics.facts import Facts


@dataclass(frozen=True, slots=True)
class Evidence:
    """One row a figure counts, and what it adds to it. Money in major units of the workspace's currency."""

    kind: str
    """`customer`, `subscription`, `payment`, `cost`, `traffic`, `survey` or `usage`."""
    row: int
    """The row's id; of `usage` the user, 0 where the customer is the user."""
    customer: int | None
    """None: costs and traffic have none."""
    numerator: Fraction | None
    denominator: Fraction | None
    note: str | None = None
    under: str | None = None
    """What a row without a customer counts under: a cost's category and channel, the channel of traffic."""


class Asked(NamedTuple):
    """Which metric, in which period, of which facts."""

    facts: Facts
    name: str
    period: Period
