"""The fact tables that import writes, as data: their columns, their keys, and what a new row makes of an old one.

Staging, classification, merge and undo are each written once over these. Knows no file and no meaning of a figure.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from json import dumps, loads

from cstui.base.records import RECORDS, Kind

CLEARED = b""
"""In a staged cell: empty what is there. NULL leaves it."""

State = dict[str, object]
"""A row's values by column."""


_RESERVED = frozenset({"from", "to"})
_DAY = "date({} * 86400, 'unixepoch')"


def sql_name(name: str) -> str:
    """A field's column as SQL writes it."""
    return f'"{name}"' if name in _RESERVED else name


def _settles_nothing(_old: State | None, _row: State, _currency: str) -> Iterator[tuple[str, object]]:
    return iter(())


def _currency(old: State | None, row: State, currency: str) -> Iterator[tuple[str, object]]:
    if old is None and row["currency"] is None:
        yield "currency", currency


def _payment(old: State | None, row: State, currency: str) -> Iterator[tuple[str, object]]:
    yield from _currency(old, row, currency)
    if old is None and row["kind"] is None:
        yield "kind", "recurring"
    if row["status"] is None:
        if old is None:
            yield "status", "open" if row["paid_at"] is None else "paid"
        elif old["status"] == "open" and row["paid_at"] is not None:
            yield "status", "paid"


def _survey(old: State | None, row: State, _currency: str) -> Iterator[tuple[str, object]]:
    if old is None and row["scale"] is None:
        yield "scale", "0-10"
    if old is None and row["direction"] is None and row["kind"] == "ces":
        yield "direction", "high_easy"


@dataclass(frozen=True, slots=True)
class Table:
    """One kind's table in the workspace and in the staging file."""

    kind: Kind
    name: str
    key: tuple[str, ...]
    """Staged columns that identify a row."""
    values: tuple[str, ...]
    """Columns that a row of a file sets, as SQL writes them, in staging order, key included; `ref` is the customer's number there."""
    label: str
    """SQL over `o`: what a person calls the row."""
    defaults: Mapping[str, str] = field(default_factory=dict)
    """Column → SQL over `s` (staged) for a new row whose cell is empty."""
    keeps: Mapping[str, str] = field(default_factory=dict)
    """Column → SQL over `s` and `o` (old row) where an empty cell does not simply keep the old value."""
    settles: Callable[[State | None, State, str], Iterator[tuple[str, object]]] = _settles_nothing
    """What `defaults` and `keeps` say, for rows in hand: (old row, staged row, currency) → columns and values."""
    moves: str | None = None
    """What the rollups must be told of a changed row: `customer`, its customer, or `day`, the day it was paid."""

    @property
    def mentions(self) -> bool:
        """Whether its rows belong to customers that they name."""
        return "ref" in self.values and self.kind is not Kind.CUSTOMERS

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
            return "CASE WHEN s.attributes IS NULL THEN o.attributes ELSE merged(o.attributes, s.attributes, o.pinned) END"
        if column in self.key:
            return f"s.{column}"
        kept = self.keeps.get(column, f"o.{column}")
        if clear and column not in self.defaults:
            new = f"CASE WHEN s.{column} IS NULL THEN {kept} WHEN s.{column} = X'' THEN NULL ELSE s.{column} END"
        else:
            new = f"ifnull(s.{column}, {kept})"
        return f"CASE WHEN {pinned(column)} THEN o.{column} ELSE {new} END" if self.kind is Kind.CUSTOMERS else new

    def restored(self, column: str) -> str:
        """SQL over `p` (prior version) and `o` (the row as it is) for what taking an import back makes of a column."""
        if self.kind is not Kind.CUSTOMERS or column not in self.columns[1:]:
            return f"p.{column}"
        if column == "attributes":
            return "CASE WHEN o.pinned IS NULL THEN p.attributes ELSE repinned(p.attributes, o.attributes, o.pinned) END"
        return f"CASE WHEN {pinned(column)} THEN o.{column} ELSE p.{column} END"

    def initial(self, column: str, *, clear: bool) -> str:
        """SQL over `s` for a new row's column."""
        if column == "customer_id":
            return "m.raw" if self.kind is Kind.CUSTOMERS else "m.id"
        if column == "attributes":
            return "CASE WHEN s.attributes IS NULL THEN NULL ELSE merged(NULL, s.attributes, NULL) END" if clear else "s.attributes"
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


def pinned(column: str) -> str:
    """SQL over `o`: whether a person has edited this field of a customer by hand."""
    return f"(o.pinned IS NOT NULL AND instr(o.pinned, '\"{column}\"') > 0)"


def merged(old: str | None, new: str, pins: str | None) -> str | None:
    """Custom attributes with newer ones over older; an empty text takes one away, a pinned one stays. For SQL."""
    held = set(loads(pins)) if pins else set()
    newer: dict[str, str] = {name: value for name, value in loads(new).items() if name not in held}
    return _packed({**(loads(old) if old else {}), **newer})


def repinned(prior: str | None, now: str | None, pins: str) -> str | None:
    """Custom attributes as they were, but pinned ones as they are. For SQL."""
    held = set(loads(pins))
    before = {name: value for name, value in (loads(prior) if prior else {}).items() if name not in held}
    return _packed(before | {name: value for name, value in (loads(now) if now else {}).items() if name in held})


def _packed(attributes: Mapping[str, str]) -> str | None:
    kept = {name: attributes[name] for name in sorted(attributes) if attributes[name] != ""}
    return dumps(kept, ensure_ascii=False, separators=(",", ":")) if kept else None


def functions(db: sqlite3.Connection) -> None:
    """Give a connection the SQL functions that `Table` speaks of."""
    db.create_function("merged", 3, merged, deterministic=True)
    db.create_function("repinned", 3, repinned, deterministic=True)


def patched(old: object, new: object) -> object:
    """Two staged rows' attributes as one that does what both did in turn."""
    if not isinstance(old, str) or not isinstance(new, str):
        return old if new is None else new
    both = {**loads(old), **loads(new)}
    return dumps({name: both[name] for name in sorted(both)}, ensure_ascii=False, separators=(",", ":"))


def _names(kind: Kind, *first: str) -> tuple[str, ...]:
    return (*first, *(name for name in map(sql_name, RECORDS[kind].names) if name not in {*first, "customer_id"}))


TABLES: Mapping[Kind, Table] = {
    table.kind: table
    for table in (
        Table(Kind.CUSTOMERS, "customer", ("ref",), (*_names(Kind.CUSTOMERS, "ref"), "attributes"), "o.customer_id", moves="customer"),
        Table(
            Kind.SUBSCRIPTIONS,
            "subscription",
            ("subscription_id", "started_at"),
            _names(Kind.SUBSCRIPTIONS, "subscription_id", "started_at", "ref"),
            "o.subscription_id",
            {"currency": ":currency"},
            settles=_currency,
            moves="customer",
        ),
        Table(
            Kind.PAYMENTS,
            "payment",
            ("payment_id",),
            _names(Kind.PAYMENTS, "payment_id", "ref"),
            "o.payment_id",
            {
                "currency": ":currency",
                "kind": "'recurring'",
                "status": "CASE WHEN s.paid_at IS NULL THEN 'open' ELSE 'paid' END",
            },
            {"status": "CASE WHEN o.status = 'open' AND s.paid_at IS NOT NULL THEN 'paid' ELSE o.status END"},
            settles=_payment,
            moves="day",
        ),
        Table(
            Kind.INTERACTIONS, "interaction", ("interaction_id",), _names(Kind.INTERACTIONS, "interaction_id", "ref"), "o.interaction_id"
        ),
        Table(
            Kind.SURVEYS,
            "survey",
            ("match",),
            _names(Kind.SURVEYS, "match", "ref"),
            f"ifnull(o.response_id, 'of ' || {_DAY.format('o.answered_at')})",
            {"scale": "'0-10'", "direction": "CASE s.kind WHEN 'ces' THEN 'high_easy' END"},
            settles=_survey,
        ),
        Table(
            Kind.TRAFFIC,
            "traffic",
            ("date", "channel"),
            _names(Kind.TRAFFIC, "date", "channel"),
            f"rtrim({_DAY.format('o.date')} || ' ' || o.channel)",
        ),
        Table(
            Kind.COSTS,
            "cost",
            ("match",),
            _names(Kind.COSTS, "match"),
            f"ifnull(o.cost_id, 'of ' || {_DAY.format('o.date')})",
            {"currency": ":currency"},
            settles=_currency,
        ),
        Table(
            Kind.EXCHANGE_RATES,
            "exchange_rate",
            ('"from"', '"to"', "date"),
            _names(Kind.EXCHANGE_RATES, '"from"', '"to"', "date"),
            f"""o."from" || '/' || o."to" || ' ' || {_DAY.format("o.date")}""",
        ),
    )
}
"""In the order in which they are merged: customers before what mentions them. Use is kept in a way of its own."""
