"""What tells a row from others where its own columns don't do it as they stand: one text to be matched by.

Answers and costs may have an id or none. With one, they are found by it; without, by all their columns, as the workspace keeps
them, and their number among equal rows. Knows no file and no workspace.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from hashlib import blake2b

from cstui.base.records import RECORDS, Kind

PART = "\x1f"
"""Between the parts: import lets no control character in, so that no two rows have the same text by chance."""
HAND, HAND_ID = "hand", "cstui-hand-"
"""An answer entered by hand is matched by this and a number; exported, it has this and the number for an id."""

_DIGEST = 16
_HAND_ID = re.compile(re.escape(HAND_ID) + "([0-9]{1,12})")
_BY: Mapping[Kind, tuple[tuple[str, ...], str]] = {
    Kind.SURVEYS: (("survey", "kind", "response_id"), "response_id"),
    Kind.COSTS: (("cost_id",), "cost_id"),
}
"""Kind → the columns of the id, and the one of them that must not be blank."""

MATCHED = frozenset(_BY)
"""The kinds whose rows are matched by such a text."""

Columns = Mapping[str, Sequence[object]]


class Matcher:
    """Gives each accepted row of one file its text."""

    def __init__(self, kind: Kind, currency: str) -> None:
        """`currency` is that of costs that name none."""
        self._kind, self._currency = kind, currency
        self._names = RECORDS[kind].names
        self._by, self._given = _BY[kind]
        self._seen: Counter[str] = Counter()

    def texts(self, columns: Columns) -> list[object]:
        """One text for each row; `columns` hold values or None, a customer by its folded id."""
        columns = self._settled(columns)
        own = columns[self._given]
        named = zip(*(columns[name] for name in self._by), strict=True)
        every = zip(*(columns[name] for name in self._names), strict=True)
        rows = zip(own, named, every, strict=True)
        return [self._by_all(whole) if given is None else self._by_id(parts) for given, parts, whole in rows]

    def _settled(self, columns: Columns) -> Columns:
        """With what the workspace makes of a blank, so that a row is found again however little its file says."""
        if self._kind is Kind.COSTS:
            return {**columns, "currency": [self._currency if value is None else value for value in columns["currency"]]}
        scales = ["0-10" if value is None else value for value in columns["scale"]]
        directions = [
            "high_easy" if value is None and kind == "ces" else value
            for value, kind in zip(columns["direction"], columns["kind"], strict=True)
        ]
        return {**columns, "scale": scales, "direction": directions}

    def _by_id(self, parts: Sequence[object]) -> str:
        hand = hand_number(parts[-1]) if self._kind is Kind.SURVEYS else None
        return joined(("id", *parts)) if hand is None else joined((HAND, hand))

    def _by_all(self, whole: Sequence[object]) -> str:
        digest = blake2b(joined(whole).encode("utf-8", "surrogatepass"), digest_size=_DIGEST).hexdigest()
        self._seen[digest] += 1
        return joined(("row", digest, self._seen[digest]))


def hand_number(response_id: object) -> str | None:
    """The number of an answer entered by hand, out of the id it was exported with; None for any other id."""
    found = _HAND_ID.fullmatch(response_id) if isinstance(response_id, str) else None
    return found[1] if found else None


def joined(parts: Sequence[object]) -> str:
    """Parts as one text."""
    return PART.join("" if part is None else str(part) for part in parts)
