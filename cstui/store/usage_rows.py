"""Rows of use as columns of numbers, and as bytes in the staging file. Knows no SQL and no meaning."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Counted = NDArray[np.signedinteger[Any]]
    Bools = NDArray[np.bool_]

_TYPES = (np.int64, np.int32, np.int64, np.int32, np.int32, np.int32)
_SIZE = sum(np.dtype(kind).itemsize for kind in _TYPES)


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

    def packed(self) -> bytes:
        """As the staging file keeps them."""
        return b"".join(column.tobytes() for column in self)


def unpacked(data: bytes) -> Rows:
    """What `Rows.packed` made bytes of."""
    count, at, columns = len(data) // _SIZE, 0, []
    for kind in _TYPES:
        columns.append(np.frombuffer(data, kind, count, at))
        at += count * np.dtype(kind).itemsize
    return Rows._make(columns)


def gathered(blocks: Iterable[bytes], size: int) -> Rows:
    """Blocks of `size` bytes in all as one, each let go before the next is asked for."""
    columns, at = [np.empty(size // _SIZE, kind) for kind in _TYPES], 0
    for block in blocks:
        rows: tuple[NDArray[Any], ...] = unpacked(block)
        for column, own in zip(columns, rows, strict=True):
            column[at : at + len(own)] = own
        at += len(rows[0])
    return Rows._make(columns)


def joined(parts: Sequence[Rows]) -> Rows:
    """Several as one."""
    return parts[0] if len(parts) == 1 else Rows._make(np.concatenate(columns) for columns in zip(*parts, strict=True))
