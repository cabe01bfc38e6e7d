"""The fact tables that import writes, as data: their columns, their keys, and what a new row makes of an old one.

Staging, classification, merge and undo are each written once over these. Knows no file and no meaning of a figure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from json import dumps, loads

from cstui.base.records import RECORDS, Kind

CLEARED = b""
"""In a staged cell: empty what is there. NULL leaves it."""

State = dict[str, object]
"""A row's values by column."""


@dataclass(frozen=True, slots=True)
class Table:
    """One kind's table in the workspace and in the staging file."""

    kind: Kind
    name: str
    key: tuple[str, ...]
    """Staged columns that identify a row."""
    values: tuple[str, ...]
    """Columns that a row of a file sets, in staging order, key included; `ref` is the customer's number in the staging."""
    defaults: Mapping[str, str]
    """Column → SQL over `s` (staged) for a new row whose cell is empty."""
    keeps: Mapping[str, str]
    """Column → SQL over `s` and `o` (old row) where an empty cell does not simply keep the old value."""

    @property
    def staged(self) -> str:
        """Its table in the staging file."""
        return f"s_{self.name}"

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the workspace table that a file sets."""
        if self.kind is Kind.CUSTOMERS:
            return ("customer_id", *self.values[1:])
        return tuple("customer_id" if column == "ref" else column for column in self.values)

    @property
    def kept(self) -> tuple[str, ...]:
        """Every column of the workspace table but `id`: what a prior version keeps."""
        keys = ("customer_id", "fold", *self.values[1:], "stub") if self.kind is Kind.CUSTOMERS else self.columns
        return (*keys, "file_id", "line", "entered")

    def result(self, column: str, *, clear: bool) -> str:
        """SQL over `s` and `o` for what an existing row's column becomes; `m.id` and `m.raw` are the staged customer's."""
        if column == "customer_id":
            return "m.raw" if self.kind is Kind.CUSTOMERS else "m.id"
        if column == "attributes":
            return "CASE WHEN s.attributes IS NULL THEN o.attributes ELSE merged(o.attributes, s.attributes) END"
        if column in self.key:
            return f"s.{column}"
        kept = self.keeps.get(column, f"o.{column}")
        if clear and column not in self.defaults:
            return f"CASE WHEN s.{column} IS NULL THEN {kept} WHEN s.{column} = X'' THEN NULL ELSE s.{column} END"
        return f"ifnull(s.{column}, {kept})"

    def initial(self, column: str, *, clear: bool) -> str:
        """SQL over `s` for a new row's column."""
        if column == "customer_id":
            return "m.raw" if self.kind is Kind.CUSTOMERS else "m.id"
        if column == "attributes":
            return "CASE WHEN s.attributes IS NULL THEN NULL ELSE merged(NULL, s.attributes) END" if clear else "s.attributes"
        if column in self.defaults:
            return f"ifnull(s.{column}, {self.defaults[column]})"
        return f"nullif(s.{column}, X'')" if clear and column not in self.key else f"s.{column}"

    def apply(self, old: State | None, row: State) -> State:
        """What a staged row makes of the staged rows of its key before it: still a staged row, its empty cells still to be filled."""
        if old is None:
            return dict(row)
        new = {column: old[column] if row[column] is None else row[column] for column in self.values}
        if "attributes" in new:
            new["attributes"] = patched(old["attributes"], row["attributes"])
        if self.kind is Kind.PAYMENTS and row["status"] is None and row["paid_at"] is not None and old["status"] == "open":
            new["status"] = "paid"
        return new


def merged(old: str | None, new: str) -> str | None:
    """Custom attributes with newer ones over older; an empty text takes one away. For SQL."""
    both: dict[str, str] = {**(loads(old) if old else {}), **loads(new)}
    kept = {name: both[name] for name in sorted(both) if both[name] != ""}
    return dumps(kept, ensure_ascii=False, separators=(",", ":")) if kept else None


def patched(old: object, new: object) -> object:
    """Two staged rows' attributes as one that does what both did in turn."""
    if not isinstance(old, str) or not isinstance(new, str):
        return old if new is None else new
    both = {**loads(old), **loads(new)}
    return dumps({name: both[name] for name in sorted(both)}, ensure_ascii=False, separators=(",", ":"))


def _names(kind: Kind, *first: str) -> tuple[str, ...]:
    return (*first, *(name for name in RECORDS[kind].names if name not in {*first, "customer_id"}))


TABLES: Mapping[Kind, Table] = {
    table.kind: table
    for table in (
        Table(Kind.CUSTOMERS, "customer", ("ref",), (*_names(Kind.CUSTOMERS, "ref"), "attributes"), {}, {}),
        Table(
            Kind.SUBSCRIPTIONS,
            "subscription",
            ("subscription_id", "started_at"),
            _names(Kind.SUBSCRIPTIONS, "subscription_id", "started_at", "ref"),
            {"currency": ":currency"},
            {},
        ),
        Table(
            Kind.PAYMENTS,
            "payment",
            ("payment_id",),
            _names(Kind.PAYMENTS, "payment_id", "ref"),
            {
                "currency": ":currency",
                "kind": "'recurring'",
                "status": "CASE WHEN s.paid_at IS NULL THEN 'open' ELSE 'paid' END",
            },
            {"status": "CASE WHEN o.status = 'open' AND s.paid_at IS NOT NULL THEN 'paid' ELSE o.status END"},
        ),
    )
}
"""In the order in which they are merged: customers before what mentions them."""
