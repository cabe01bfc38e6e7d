"""Packed rows of use that are of one customer, user and day, added up: what finer exports (one row per event) come to.

Knows the arrays; knows no file.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from cstui.base.usage import EMPTY, Packed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]


def added_up(parts: Sequence[Packed]) -> Packed:
    """Rows of one customer, user and day as one: what they count added up, at the line of the first."""
    joined = [np.concatenate(columns) for columns in zip(*(part[:6] for part in parts), strict=True)]
    month, key, line = joined[0], joined[1], joined[5]
    order = np.lexsort((line, key, month))
    month, key, line = month[order], key[order], line[order]
    heads = np.flatnonzero(np.concatenate(([True], (month[1:] != month[:-1]) | (key[1:] != key[:-1]))))
    sessions, minutes, events = (_sums(column[order], heads) for column in joined[2:5])
    in_file = np.argsort(line[heads], kind="stable")
    heads = heads[in_file]
    counts = (sessions[in_file].astype(np.int32), minutes[in_file], events[in_file].astype(np.int32))
    return Packed(month[heads], key[heads], *counts, line[heads], [user for part in parts for user in part.users])


def _sums(column: Numbers, heads: Numbers) -> Numbers:
    """Sums from each head to the next; EMPTY where none of the rows says anything."""
    said = column >= 0
    total = np.add.reduceat(np.where(said, column.astype(np.int64), 0), heads)
    return np.where(np.logical_or.reduceat(said, heads), total, EMPTY)
