"""Whom an answer can be recorded for: everybody, found by a part of a name in any script; and who is meant by an id that nobody has.

Takes a workspace, returns frozen lists of names. Records nothing.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from heapq import nlargest
from itertools import accumulate, pairwise

from cstui.base.text import fold_key, fold_search
from cstui.store import surveys as rows
from cstui.store.surveys import CustomerName
from cstui.store.workspace import Workspace

__all__ = ["CustomerName", "Roster", "roster"]

_END = "\x1f"
_ALIKE = 0.6
"""Share of a text that another must have in common with it, to be near it."""


@dataclass(frozen=True, slots=True, eq=False)
class Roster:
    """Everybody an answer can be recorded for, ready to be searched at every key."""

    revision: int
    _names: tuple[CustomerName, ...]
    _text: str
    """Id, name and e-mail of each, folded, an END before and behind every one of them."""
    _starts: Sequence[int]
    """Where each customer's begin in the text, and where the last one's end."""
    _keys: Mapping[str, int]
    """Folded id → place among the names."""

    def find(self, text: str, limit: int = 8) -> tuple[CustomerName, ...]:
        """Customers whose id, name or e-mail holds `text`, folded: the very one first, then beginnings, then the rest."""
        wanted = _words(text)
        if not wanted:
            return ()
        found: dict[int, None] = {}
        for written in (f"{_END}{wanted}{_END}", f"{_END}{wanted}", f" {wanted}", wanted):
            for index in self._holding(written):
                if len(found) == limit:
                    break
                found[index] = None
        return tuple(self._names[index] for index in found)

    def _holding(self, written: str) -> Iterator[int]:
        """The places of those whose words hold it, in order."""
        at = self._text.find(written)
        while at >= 0:
            index = bisect_right(self._starts, at) - 1
            yield index
            at = self._text.find(written, self._starts[index + 1])

    def one(self, customer_id: str) -> CustomerName | None:
        """The customer whose id folds to the same key."""
        index = self._keys.get(fold_key(customer_id))
        return None if index is None else self._names[index]

    def near(self, text: str, limit: int = 3) -> tuple[CustomerName, ...]:
        """Who may be meant by an id that nobody has: whose id, name or e-mail holds it, else those most like it."""
        if found := self.find(text, limit):
            return found
        likeness = _likeness(fold_search(text))
        words = (self._text[start + 1 : end - 1].split(_END) for start, end in pairwise(self._starts))
        scored = ((max(map(likeness, parts)), -index) for index, parts in enumerate(words))
        return tuple(self._names[-index] for score, index in nlargest(limit, scored) if score >= _ALIKE)

    def __len__(self) -> int:
        return len(self._names)


def roster(ws: Workspace) -> Roster:
    """Every customer of the workspace."""
    with ws.read() as db:
        revision, found = rows.revision(db), tuple(rows.names(db))
    words = [_END + "".join(_words(text) + _END for text in (one.customer_id, one.name, one.email) if text) for one in found]
    keys = {fold_key(one.customer_id): index for index, one in reversed(list(enumerate(found)))}
    return Roster(revision, found, "".join(words), (0, *accumulate(map(len, words))), keys)


def _words(text: str) -> str:
    return fold_search(text).replace(_END, " ")


def _likeness(wanted: str) -> Callable[[str], float]:
    """How much of a text is in another, in the same order: 1 is all of it."""
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(wanted)

    def measured(text: str) -> float:
        matcher.set_seq1(text)
        possible = matcher.real_quick_ratio() >= _ALIKE and matcher.quick_ratio() >= _ALIKE
        return matcher.ratio() if possible else 0.0

    return measured
