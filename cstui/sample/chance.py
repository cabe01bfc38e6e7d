"""A seeded source of chance that gives the same choices on every Python from 3.11 on.

Uses nothing of `random` but `Random(int).random()`, whose sequence the language keeps; what `choice` or `shuffle` make of
it has changed between releases.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """One independent stream; equal seeds give equal streams."""

    def __init__(self, seed: int) -> None:
        self._next = random.Random(seed).random

    def below(self, limit: int) -> int:
        """A whole number, 0 ≤ n < limit."""
        return int(self._next() * limit)

    def between(self, low: int, high: int) -> int:
        """A whole number, low ≤ n ≤ high."""
        return low + self.below(high - low + 1)

    def happens(self, share: float) -> bool:
        """True in `share` (0…1) of the calls. Draws once, whatever the share."""
        return self._next() < share

    def pick(self, items: Sequence[T]) -> T:
        """One of the items, each as likely."""
        return items[self.below(len(items))]

    def weighted(self, choices: Sequence[tuple[T, int]]) -> T:
        """One of the (item, weight) pairs' items, by weight."""
        left = self.below(sum(weight for _, weight in choices))
        for item, weight in choices:
            left -= weight
            if left < 0:
                return item
        raise AssertionError("unreachable: the weights sum to more than was drawn")

    def spread(self, low: float, high: float) -> float:
        """A number, low ≤ x < high."""
        return low + (high - low) * self._next()
