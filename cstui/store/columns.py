"""Rollups read as columns, for figures over many customers: SQLite joins what a hundred thousand rows would be fetched for one by one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from cstui.metrics.facts import PaidDay
from cstui.store.sql import query

if TYPE_CHECKING:
    from cstui.metrics.columns import Flags, Grouping, Ints, ScoreColumns, StepColumns

MANY = 10_000
"""Rows of a kind from which on columns are faster, numpy's own loading included."""
_BY_HAND = 2**40
"""In place of the file of what was entered by hand."""


def steps(db: sqlite3.Connection, source: str, bound: dict[str, object]) -> StepColumns:
    """The MRR steps of the rows that a query gives, which are of one currency."""
    import numpy as np

    from cstui.metrics.columns import StepColumns

    sql = f"SELECT group_concat(customer_id), group_concat(length(steps)), group_concat(hex(steps), '') FROM ({source})"
    customers, lengths, packed = db.execute(sql, bound).fetchone()
    values = np.frombuffer(bytes.fromhex(packed or ""), dtype="<i8")
    sizes = numbers(lengths) // 16  # bytes of a day and a level
    return StepColumns(numbers(customers), np.cumsum(sizes) - sizes, values[::2], values[1::2])


def scores(db: sqlite3.Connection, bound: Mapping[str, object]) -> ScoreColumns:
    """The answers that a question is about, in the order they were given."""
    import numpy as np

    from cstui.metrics.columns import ScoreColumns

    *texts, words = db.execute(query("score_columns"), {**bound, "by_hand": _BY_HAND}).fetchone()
    ids, customers, days, files, lines = map(numbers, texts)
    order = np.lexsort((lines, files, days))  # stable: of one line the lower id is first
    said = words.split(",") if words else []
    kinds = {one: number for number, one in enumerate(sorted(set(said)))}
    codes = np.fromiter(map(kinds.__getitem__, said), np.int64, len(said))
    return ScoreColumns(ids[order], customers[order], days[order], codes[order], list(kinds))


def grouping(rows: Iterable[tuple[str, str]]) -> Grouping:
    """Groups of (value, who has it)."""
    from cstui.metrics.columns import grouping

    return grouping({value: numbers(customers) for value, customers in rows})


def flags(customers: str) -> Flags:
    """By number, which customers are in a JSON array; the last place is nobody's."""
    import numpy as np

    those = numbers(customers[1:-1])
    found = np.zeros(int(those.max(initial=0)) + 2, dtype=np.bool_)
    found[those] = True
    return found


def paid(rows: Iterable[tuple[int, str, str, str, int, str, str]], groups: Grouping, chosen: Flags | None) -> Iterator[PaidDay]:
    """Rows of `payment_rollup.each` by group, of `chosen` customers."""
    import numpy as np

    from cstui.metrics.columns import sums

    held = list(rows)
    if not held:
        return
    _, _, _, _, n, customers, amounts = zip(*held, strict=True)
    whose, much = numbers(",".join(customers)), numbers(",".join(amounts))
    key = np.repeat(np.arange(len(held)), n) * len(groups.names) + groups.of(whose)
    if chosen is not None:
        mine = chosen[np.minimum(whose, len(chosen) - 1)]
        key, much = key[mine], much[mine]
    size = len(held) * len(groups.names)
    counts = np.bincount(key, minlength=size).tolist()
    for place, (count, amount) in enumerate(zip(counts, sums(key, much, size), strict=True)):
        if count:
            row, group = divmod(place, len(groups.names))
            yield PaidDay(groups.names[group], *held[row][:4], count, amount)


def least_of_largest(rows: Iterable[tuple[int, str, str, str, int, str, str]], chosen: Flags | None, most: int) -> int:
    """Of rows of `payment_rollup.each`, an amount that none of the `most` largest payments of `chosen` customers is below."""
    import numpy as np

    held = list(rows)
    much = np.abs(numbers(",".join(row[6] for row in held)))
    if chosen is not None:
        whose = numbers(",".join(row[5] for row in held))
        much = much[chosen[np.minimum(whose, len(chosen) - 1)]]
    return 0 if len(much) <= most else int(np.partition(much, len(much) - most)[-most])


def numbers(joined: str | None) -> Ints:
    """What `group_concat` made of whole numbers."""
    import numpy as np

    return np.fromstring(joined, dtype=np.int64, sep=",") if joined else np.zeros(0, dtype=np.int64)
