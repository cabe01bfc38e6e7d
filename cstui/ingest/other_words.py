"""Fields that headers may mean by other words than their own: who says the kind is understood, who says none is asked.

By headers alone. Knows the record kinds and the words; no file, no values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from shlex import quote

from cstui.base.errors import UnknownKind
from cstui.base.records import RECORDS, Kind, RecordKind, Type
from cstui.base.text import clean
from cstui.ingest import words
from cstui.ingest.words import fold_header, meanings

_CUSTOMER = "customer_id"
_OF_CUSTOMERS = frozenset(fold_header(name) for name in RECORDS[Kind.CUSTOMERS].names)
_LISTED = frozenset(("name", "email"))
"""Customer fields that tell a list of customers from what happened to them."""
_FEW = 2
"""Columns of another kind that may be a customer's attributes."""


@dataclass(frozen=True, slots=True)
class Rival:
    """A kind that explains more columns than customers do."""

    kind: Kind
    fields: Mapping[str, int]
    """Field → column."""


def by_words(record: RecordKind, header: Sequence[str], given: Mapping[str, object], taken: set[int]) -> dict[str, int]:
    """Columns of fields that nothing gives, where one free header alone may mean one; none where rows lack nothing without them."""
    either = record.any_of if not any(name in given for name in record.any_of) else ()
    needed = [name for name in (*record.required, *either) if name not in given]
    found: dict[str, int] = {}
    for name in (*needed, *(name for name in record.names if name not in given and name not in needed)):
        columns = [at for at, cell in enumerate(header) if at not in taken and at not in found.values() and name in _may_mean(cell)]
        if len(columns) == 1:
            found[name] = columns[0]
    return found if not found.keys().isdisjoint(needed) else {}


def rival(header: Sequence[str]) -> Rival | None:
    """What a file that names customers may hold instead of customers; None where it is, by its other columns, a list of them."""
    own = _explained(RECORDS[Kind.CUSTOMERS], header)
    others = [
        Rival(kind, _explained(record, header)) for kind, record in RECORDS.items() if kind is not Kind.CUSTOMERS and _has_customers(record)
    ]
    telling = [one for one in others if len(one.fields) > len(own) and _tells(one, listed=not _LISTED.isdisjoint(own))]
    return max(telling, key=lambda one: len(one.fields), default=None)


def in_doubt(file: str, header: Sequence[str], other: Rival) -> UnknownKind:
    """What is said of a file that may hold a kind's rows, or customers with attributes."""
    told = ", ".join(f"{clean(header[at])} as {name}" for name, at in other.fields.items())
    kind = other.kind.value
    message = (
        f"{file} names customers, and its other columns look like {kind}: {told}. Say what its rows are: --as {kind} or --as customers."
    )
    return UnknownKind(message, file=file, line=1)


def nobody_named(header: Sequence[str]) -> str:
    """What is said of a file without a column of customers; of a header that may mean one, how to say so."""
    told = " None of them names a customer (customer_id), as all but traffic, costs and exchange rates must."
    found = next((clean(cell) for cell in header if _CUSTOMER in _may_mean(cell)), None)
    return told if found is None else f"{told} “{found}” may: --map {_CUSTOMER}={quote(found)}."


def _tells(one: Rival, *, listed: bool) -> bool:
    """Whether the columns say more than that a customer has such attributes: an id of the kind's own, or days of what happened."""
    record = RECORDS[one.kind]
    days = {*(f.name for f in record.fields if f.type is Type.DATE and f.required), *record.any_of}
    numbered = record.own_id is not None and record.own_id in one.fields
    return len(one.fields) >= _FEW and (numbered or (not listed and not days.isdisjoint(one.fields)))


def _has_customers(record: RecordKind) -> bool:
    return _CUSTOMER in record.names


def _explained(record: RecordKind, header: Sequence[str]) -> dict[str, int]:
    """Fields of a kind but for the customer's id that columns have, by their own names or by another word; each column serves one."""
    found: dict[str, int] = {}
    names = {fold_header(name): name for name in record.names}
    for at, cell in enumerate(header):
        fold = fold_header(cell)
        mean = (names[fold],) if fold in names else () if fold in _OF_CUSTOMERS else _may_mean(cell)
        if _CUSTOMER not in mean and (name := next((name for name in mean if name in record.names and name not in found), None)):
            found[name] = at
    return found


def _may_mean(cell: str) -> tuple[str, ...]:
    return (*meanings(cell), *words.english().get(fold_header(cell), ()))
