"""What tells a row from others where its own columns don't do it as they stand.

Answers and costs may have an id or none: both get one text to be matched by. Traffic without a channel gets the blank one.
Knows no file and no workspace.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from hashlib import blake2b

from cstui.base.records import RECORDS, Kind

MATCH = "match"
"""The column in which that text is staged."""
_PART = "\x1f"
"""Between the parts: import lets no control character in, so that no two rows have the same text by chance."""
_DIGEST = 16

Columns = Mapping[str, Sequence[object]]


class Matcher:
    """Gives each accepted row of one file its text: by its id, or else by all its columns and its number among equal rows."""

    def __init__(self, kind: Kind, by: Sequence[str], given: str) -> None:
        """`by` names the columns of the id; `given` the one of them that must not be blank."""
        self._names = RECORDS[kind].names
        self._by, self._given = by, given
        self._seen: Counter[str] = Counter()

    def texts(self, columns: Columns) -> list[object]:
        """One text for each row; `columns` hold values or None, a customer by its folded id."""
        own = columns[self._given]
        named = zip(*(columns[name] for name in self._by), strict=True)
        every = zip(*(columns[name] for name in self._names), strict=True)
        rows = zip(own, named, every, strict=True)
        return [self._by_all(whole) if given is None else self._by_id(parts) for given, parts, whole in rows]

    def _by_id(self, parts: Sequence[object]) -> str:
        return _joined(("id", *parts))

    def _by_all(self, whole: Sequence[object]) -> str:
        digest = blake2b(_joined(whole).encode("utf-8", "surrogatepass"), digest_size=_DIGEST).hexdigest()
        self._seen[digest] += 1
        return _joined(("row", digest, self._seen[digest]))


def _joined(parts: Sequence[object]) -> str:
    return _PART.join("" if part is None else str(part) for part in parts)


_MATCHED: Mapping[Kind, tuple[tuple[str, ...], str]] = {
    Kind.SURVEYS: (("survey", "kind", "response_id"), "response_id"),
    Kind.COSTS: (("cost_id",), "cost_id"),
}


def matcher_of(kind: Kind) -> Matcher | None:
    """How rows of the kind are matched, for one file; None where their own columns do it."""
    return Matcher(kind, *_MATCHED[kind]) if kind in _MATCHED else None


BLANK: Mapping[Kind, Mapping[str, str]] = {Kind.TRAFFIC: {"channel": ""}}
"""Kind → what a column of its key holds where the cell is blank, or where the file has no such column."""
