"""A customer's MRR steps as `mrr_steps` keeps them: pairs of day and level, each a little-endian 64-bit integer."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from cstui.metrics.steps import Steps


def pack(steps: Steps) -> bytes:
    """Steps as the rollup keeps them."""
    values = [value for step in steps for value in step]
    return _struct(8 * len(values)).pack(*values)


def unpack(packed: bytes) -> Iterator[tuple[int, int]]:
    """Steps as they were before `pack`; can be read once."""
    values = iter(_struct(len(packed)).unpack(packed))
    return zip(values, values, strict=True)


def flat(packed: bytes) -> Sequence[int]:
    """Steps as day, level, day, level, …: for whoever looks at the last ones only."""
    values: Sequence[int] = _struct(len(packed)).unpack(packed)
    return values


def unpack_each(rows: Iterable[tuple[int, str, bytes]]) -> Iterator[tuple[int, Iterator[tuple[int, int]]]]:
    """(customer, steps) of rollup rows. One loop rather than a call a customer: there may be a hundred thousand."""
    for customer, _, packed in rows:
        values = iter(_struct(len(packed)).unpack(packed))
        yield customer, zip(values, values, strict=True)


def levels_of(rows: Iterable[tuple[int, str, bytes]], before: int, after: int) -> Iterator[tuple[int, int, int, int]]:
    """(customer, level on `before`, level on `after`, first paid day) of rollup rows, of those who pay on either or began in between.

    From the last step backwards: most ask about late days.
    """
    unpacks: dict[int, struct.Struct] = {}
    for customer, _, packed in rows:
        size = len(packed)
        found = unpacks.get(size)
        if found is None:
            found = unpacks[size] = _struct(size)
        values = found.unpack(packed)
        first = values[0]  # MRR begins at 0, so the first step is the first paid day
        if first > after:
            continue
        at = len(values) - 2
        while values[at] > after:
            at -= 2
        now = values[at + 1]
        while at >= 0 and values[at] > before:
            at -= 2
        was = values[at + 1] if at >= 0 else 0
        if now or was or first > before:
            yield customer, was, now, first


@cache
def _struct(size: int) -> struct.Struct:
    return struct.Struct(f"<{size // 8}q")
