"""Rows of use as columns of numbers. Knows no SQL and no meaning."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Counted = NDArray[np.signedinteger[Any]]
    Bools = NDArray[np.bool_]

TYPES = (np.int64, np.int32, np.int64, np.int32, np.int32, np.int32)
"""Of the columns of `Rows`."""


class Rows(NamedTuple):
    """Rows of one month. See `cstui.base.usage` for `key` and for what stands for an empty count."""

    key: NDArray[np.int64]
    sessions: NDArray[np.int32]
    minutes: NDArray[np.int64]
    events: NDArray[np.int32]
    file: NDArray[np.int32]
    """Number of the file in the call."""
    line: NDArray[np.int32]

    @property
    def values(self) -> tuple[Counted, Counted, Counted]:
        """Sessions, minutes, events."""
        return self.sessions, self.minutes, self.events

    def take(self, which: Ints | Bools | slice) -> Rows:
        """Some of them, or all in another order."""
        return Rows._make(column[which] for column in self)


def joined(parts: Sequence[Rows]) -> Rows:
    """Several as one."""
    return parts[0] if len(parts) == 1 else Rows._make(np.concatenate(columns) for columns in zip(*parts, strict=True))
