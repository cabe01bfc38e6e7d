"""What an import changes, as it is told before and kept after: fields from old to new, and past figures that move.

Plain data with its own JSON. Knows neither where rows are kept nor what a figure means.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

FIRST_ROWS = 20
"""Rows of a file that are told field by field."""
FIRST_JOINED = 100
"""Rows of a file that are told by the customers they join."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a row, as a file would write it; None: empty."""

    field: str
    """`attribute:NAME` for a custom attribute."""
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row of the workspace that is updated."""

    line: int
    id: str
    """What a person calls the row."""
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """What a file's updates come to. Counts are of rows of the workspace: several lines of one key are one."""

    rows: int = 0
    fields: tuple[tuple[str, int], ...] = ()
    """(field, rows in which it changes), most first."""
    first: tuple[RowChange, ...] = ()
    """The first `FIRST_ROWS` rows, by line."""

    def to_json(self) -> dict[str, Any]:
        """As documents and the log have it."""
        first = [
            {"line": row.line, "id": row.id, "fields": [{"field": f.field, "before": f.before, "after": f.after} for f in row.fields]}
            for row in self.first
        ]
        return {"rows": self.rows, "fields": dict(self.fields), "first": first}


def changes_from(data: Mapping[str, Any]) -> Changes:
    """What `Changes.to_json` made."""
    first = tuple(
        RowChange(row["line"], row["id"], tuple(FieldChange(f["field"], f["before"], f["after"]) for f in row["fields"]))
        for row in data["first"]
    )
    return Changes(data["rows"], tuple(data["fields"].items()), first)


@dataclass(frozen=True, slots=True)
class Join:
    """One row that is taken for another customer's than the id it names, because both have one e-mail address or domain."""

    line: int
    id: str
    """As the row has it."""
    customer_id: str
    """Of the customer that it joins."""
    by: str
    """`email` or `domain`."""
    value: str
    """The address or domain."""


@dataclass(frozen=True, slots=True)
class Joins:
    """The rows of a file that join a customer by a second key."""

    rows: int = 0
    first: tuple[Join, ...] = ()
    """The first `FIRST_JOINED`, in file order."""

    def to_json(self) -> dict[str, Any]:
        """As documents and the log have it."""
        first = [{"line": j.line, "id": j.id, "customer_id": j.customer_id, "by": j.by, "value": j.value} for j in self.first]
        return {"joined_rows": self.rows, "joined": first}


def joins_from(data: Mapping[str, Any]) -> Joins | None:
    """What `Joins.to_json` made; None where nobody asked for a second key."""
    return Joins(data["joined_rows"], tuple(Join(**join) for join in data["joined"])) if "joined" in data else None


@dataclass(frozen=True, slots=True)
class Move:
    """One metric of one past month that is no longer what it was, or that was not known."""

    metric: str
    unit: str
    """`money`, `count` or `score`."""
    month: str
    """`YYYY-MM`."""
    before: Fraction | None
    """None: it could not be told, for want of an exchange rate."""
    after: Fraction | None
    """None: it can't be told any more."""

    @property
    def delta(self) -> Fraction | None:
        """After less before, where both are known."""
        return None if self.after is None or self.before is None else self.after - self.before

    def to_json(self) -> dict[str, Any]:
        """As documents have it: counts as integers, money rounded once, to 10 decimals."""
        return {
            "metric": self.metric,
            "unit": self.unit,
            "month": self.month,
            "before": _number(self.before),
            "after": _number(self.after),
            "delta": _number(self.delta),
        }

    def exact(self) -> list[str | None]:
        """As the log keeps it and one process hands it to another: nothing rounded."""
        return [self.metric, self.unit, self.month, *(None if value is None else str(value) for value in (self.before, self.after))]


def move_from(data: Sequence[str | None]) -> Move:
    """What `Move.exact` made."""
    metric, unit, month, before, after = data
    return Move(str(metric), str(unit), str(month), *(None if value is None else Fraction(value) for value in (before, after)))


def _number(value: Fraction | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value.denominator == 1 else float(round(value, 10))
