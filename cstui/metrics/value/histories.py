"""What the models of purchase see of customers: repeat purchases, recency and age in weeks, and the mean spent when they came back.

Purchases of one day are one, their spend summed; the first purchase makes a customer and is no repeat. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from cstui.metrics.value.bgnbd import Customers
from cstui.metrics.value.fitting import Array, Flags
from cstui.metrics.value.gamma_gamma import Spend

WEEK = 7


@dataclass(frozen=True, slots=True)
class Histories:
    """Customers who had bought by the last day of calibration, in one order throughout."""

    customers: Sequence[int]
    first: Array
    """Day of the first purchase."""
    last: Array
    """Day of the last purchase by then."""
    seen: Customers
    spend: Spend
    """Repeat purchases whose worth is known, and their mean; 0 where there are none."""
    until: int
    """The last day of calibration."""
    later: Array
    """Purchases after it, as known."""

    @property
    def returned(self) -> Flags:
        """Who has a repeat purchase."""
        return self.seen.repeats > 0

    @property
    def spent(self) -> Flags:
        """Who has a repeat purchase above nothing: whom the model of spend is fitted on."""
        return (self.spend.repeats > 0) & (self.spend.mean > 0)


def histories(days: Mapping[int, Sequence[int]], worth: Mapping[tuple[int, int], float | None], until: int) -> Histories:
    """From customers' days of purchase, ascending, and what was spent by (customer, day); None where a rate is missing."""
    chosen = [customer for customer, own in days.items() if own and own[0] <= until]
    table = np.zeros((len(chosen), 6))
    for row, customer in enumerate(chosen):
        own = days[customer]
        inside = [day for day in own if day <= until]
        spent = [amount for day in inside[1:] if (amount := worth.get((customer, day))) is not None]
        mean = sum(spent) / len(spent) if spent else 0.0
        table[row] = inside[0], inside[-1], len(inside) - 1, len(own) - len(inside), len(spent), mean
    first, last, repeats, later, known, mean_spent = table.T
    seen = Customers(repeats, (last - first) / WEEK, (until - first) / WEEK)
    return Histories(chosen, first, last, seen, Spend(known, mean_spent), until, later)
