"""Which customers a question is about: its filter and its breakdown, by what customers are now (metrics.md, rule 6). Knows no figure."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING

from cstui.base.ask import NO_VALUE, View
from cstui.base.errors import UnknownField
from cstui.base.records import FILTER_FIELDS
from cstui.base.text import fold_key, fold_search
from cstui.store import columns
from cstui.store.divided import OUT
from cstui.store.sql import query

if TYPE_CHECKING:
    from cstui.metrics.columns import Flags, Grouping

_FEW = 5
"""So many values are named where none is near."""
CUSTOMER = "customer_id"
"""What is filtered by like a field, to ask of one customer or a few; nothing is broken down by it."""


class Chosen:
    """The customers in a view's filter, and the groups of its breakdown."""

    def __init__(self, db: sqlite3.Connection, view: View, own: int) -> None:
        """`own` is the workspace's own as_of. Raises UnknownField."""
        self._db = db
        self._view = view
        self.own = own
        self.as_of: int = view.as_of if view.as_of is not None else own
        self.grouped = view.by is not None
        self.by_channel = view.by == "channel"
        self.filtered = bool(view.where)
        self.of_some = any(name == CUSTOMER for name, _ in view.where)
        """The filter names customers, so that they are better looked up than looked for among all."""
        self.beyond_channel = any(name != "channel" for name, _ in view.where)
        for field in (*(name for name, _ in view.where if name != CUSTOMER), *((view.by,) if view.by else ())):
            self.field(field)

    def field(self, name: str) -> str:
        """The field's own name. Raises UnknownField."""
        if name in FILTER_FIELDS or name in self.attributes:
            return name
        raise UnknownField(name, (*FILTER_FIELDS, *self.attributes))

    @cached_property
    def attributes(self) -> tuple[str, ...]:
        """Names of the custom attributes somebody has."""
        return tuple(name for (name,) in self._db.execute(query("attribute_names")) if name not in FILTER_FIELDS)

    def distinct(self, field: str) -> tuple[str, ...]:
        """The values of a field today, by code point."""
        return tuple(value for (value,) in self._db.execute(query("attribute_distinct"), {"field": field}))

    def values(self, field: str) -> Iterator[tuple[int, str]]:
        """(customer, value) of a field."""
        if self._dated(field):
            return self._db.execute(query("plan_values_as_of"), {"as_of": self.as_of})
        return self._db.execute(query("attribute_values"), {"field": field})

    def _dated(self, field: str) -> bool:
        """Whether a field's values are those of the day asked about, and so no rollup's."""
        return field == "plan" and self.as_of != self.own

    @cached_property
    def ids(self) -> str | None:
        """The customers in the filter as a JSON array; None for all of them."""
        having = [self._having(field, values) for field, values in self._view.where]
        if len(having) > 1:
            return json.dumps(sorted(set.intersection(*(set(json.loads(ids)) for ids in having))))
        return having[0] if having else None

    def _having(self, field: str, values: Sequence[str]) -> str:
        """The customers that have one of the values, as a JSON array."""
        if field == CUSTOMER:
            folds = json.dumps([fold_key(value) for value in values])
            sql = "SELECT json_group_array(id) FROM customer WHERE fold IN (SELECT value FROM json_each(?))"
            return str(self._db.execute(sql, (folds,)).fetchone()[0])
        if self._dated(field):
            of = dict(self.values(field))
            chosen = {NO_VALUE} & set(values) | set(_spelt([value for value in values if value != NO_VALUE], set(of.values())))
            everybody = (customer for (customer,) in self._db.execute("SELECT id FROM customer")) if NO_VALUE in chosen else of
            return json.dumps([customer for customer in everybody if of.get(customer, NO_VALUE) in chosen])
        if NO_VALUE in values:
            lacking = [customer for (customer,) in self._db.execute(query("attribute_lacking"), {"field": field})]
            named = [value for value in values if value != NO_VALUE]
            return json.dumps(sorted([*lacking, *(json.loads(self._having(field, named)) if named else ())]))
        bound = {"field": field, "values": json.dumps(self._spelt(field, values))}
        row = self._db.execute(f"SELECT json_group_array(customer_id) FROM ({query('attribute_chosen')})", bound).fetchone()
        return str(row[0])

    def unheld(self) -> list[tuple[str, str, tuple[str, ...]]]:
        """(field, value, values near it) of what the filter asks for and nobody has."""
        found: list[tuple[str, str, tuple[str, ...]]] = []
        for field, values in self._view.where:
            for value in values:
                if not self.having(field, value):
                    held = () if field == CUSTOMER else self.distinct(field)
                    folded = {fold_search(one): one for one in held}
                    near = get_close_matches(fold_search(value), folded, 3, 0.5)
                    found.append((field, value, tuple(folded[one] for one in near) if near else held if len(held) <= _FEW else ()))
        return found

    def having(self, field: str, value: str) -> bool:
        """Whether anybody has a value of a field; of a channel, whether costs or traffic name it."""
        if json.loads(self._having(field, (value,))):
            return True
        ledgers = {channel for (channel,) in self._db.execute(query("ledger_channels"))} if field == "channel" else set()
        return value in ledgers or fold_search(value) in map(fold_search, ledgers)

    def selected(self) -> frozenset[int] | None:
        """The customers in the filter; None for all of them."""
        return None if self.ids is None else frozenset(json.loads(self.ids))

    @cached_property
    def chosen_flags(self) -> Flags | None:
        """The customers in the filter by their number; the last place is nobody's. None for all of them."""
        return None if self.ids is None else columns.flags(self.ids)

    def _spelt(self, field: str, values: Sequence[str]) -> list[str]:
        """The values as they are written in the workspace: one that nobody has is looked for among all of them."""
        sql = f"SELECT EXISTS ({query('attribute_chosen')})"
        if all(self._db.execute(sql, {"field": field, "values": json.dumps([value])}).fetchone()[0] for value in values):
            return list(values)
        return _spelt(values, set(self.distinct(field)))

    @cached_property
    def _names(self) -> tuple[str | None, ...]:
        assert self._view.by is not None
        if self._dated(self._view.by):
            named, having = set(self._of.values()), len(self._of)
        else:
            named = set(self.distinct(self._view.by))
            having = self._db.execute(query("attribute_count"), {"field": self._view.by}).fetchone()[0]
        nameless = having < self._db.execute("SELECT count(*) FROM customer").fetchone()[0]
        if self.by_channel:
            ledgers = {channel for (channel,) in self._db.execute(query("ledger_channels"))}
            named |= ledgers - {""}
            nameless = nameless or "" in ledgers
        return (*sorted(named), *((None,) if nameless else ()))

    @cached_property
    def _of(self) -> Mapping[int, str]:
        assert self._view.by is not None
        return self.all_values(self._view.by)

    def all_values(self, field: str) -> dict[int, str]:
        """Customer → their value of a field, of those who have one."""
        if self._dated(field):
            return dict(self.values(field))
        found: dict[int, str] = {}
        for value, customers in self._db.execute(query("attribute_members"), {"field": field}):
            found.update(dict.fromkeys(json.loads(f"[{customers}]"), value))
        return found

    def groups(self) -> Sequence[str | None]:
        """The breakdown's values by code point, then None when somebody has no value."""
        return self._names if self.grouped else ()

    def group_of(self) -> Mapping[int, str]:
        """Customer → value of the breakdown's field."""
        return self._of if self.grouped else {}

    @cached_property
    def group_or_out(self) -> Callable[[int], str | None]:
        """Customer → their group (None: no value, or no breakdown), or OUT where the filter leaves them out."""
        of = self.group_of()
        chosen = self.selected()
        if chosen is None:
            return of.get
        inside: dict[int, str | None] = {customer: of.get(customer) for customer in chosen}
        return lambda customer: inside.get(customer, OUT)

    @cached_property
    def grouping(self) -> Grouping:
        """The breakdown's groups as columns; one group of everybody without a breakdown."""
        from cstui.metrics.columns import NOBODY

        if self._view.by is None:
            return NOBODY
        if not self._dated(self._view.by):
            return self.grouped_by(self._view.by)
        members: dict[str, list[str]] = {}
        for customer, value in self._of.items():
            members.setdefault(value, []).append(str(customer))
        return columns.grouping((value, ",".join(own)) for value, own in members.items())

    def grouped_by(self, field: str) -> Grouping:
        """Everybody by their value of a field today, as columns."""
        return columns.grouping(self._db.execute(query("attribute_members"), {"field": field}))

    def in_channels(self, channel: str) -> bool:
        """Whether a ledger's channel is among those that the filter chooses."""
        return self._channels is None or channel in self._channels or fold_search(channel) in self._folded_channels

    @cached_property
    def _channels(self) -> frozenset[str] | None:
        """The channels that the filter chooses; None for all of them."""
        return next((frozenset(values) for name, values in self._view.where if name == "channel"), None)

    @cached_property
    def _folded_channels(self) -> frozenset[str]:
        """Those of them that may be written otherwise in the ledgers."""
        return frozenset(fold_search(value) for value in self._channels or () if not value.isascii())


def _spelt(values: Sequence[str], held: Collection[str]) -> list[str]:
    """Values as they are held: exactly, and what nobody has exactly, folded (ي as ی, digits, case)."""
    folded: dict[str, list[str]] = {}
    for value in held:
        folded.setdefault(fold_search(value), []).append(value)
    return [found for value in values for found in ([value] if value in held else folded.get(fold_search(value), []))]
