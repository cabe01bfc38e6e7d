"""Whom an answer can be recorded for: everybody, found by a part of a name in any script; and who is meant by an id that nobody has.

Takes a workspace, returns frozen lists of names. Records nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from difflib import SequenceMatcher
from heapq import nlargest

from cstui.base.text import fold_key, fold_search
from cstui.store import surveys as rows
from cstui.store.surveys import CustomerName
from cstui.store.workspace import Workspace

__all__ = ["CustomerName", "Roster", "roster"]

_ALIKE = 0.6
"""Share of a text that another must have in common with it, to be near it."""


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody an answer can be recorded for, ready to be searched at every key."""

    revision: int
    _folded: tuple[tuple[str, ...], ...]
    _names: tuple[CustomerName, ...]

    def find(self, text: str, limit: int = 8) -> tuple[CustomerName, ...]:
        """Customers whose id, name or e-mail holds `text`, folded: the very one first, then beginnings, then the rest."""
        wanted = fold_search(text)
        if not wanted:
            return ()
        ranks: tuple[list[int], ...] = ([], [], [], [])
        for index, folded in enumerate(self._folded):
            if any(wanted in part for part in folded):
                ranks[_rank(wanted, folded)].append(index)
        return tuple(self._names[index] for index in [index for rank in ranks for index in rank][:limit])

    def one(self, customer_id: str) -> CustomerName | None:
        """The customer whose id folds to the same key."""
        wanted = fold_key(customer_id)
        return next((name for name in self._names if fold_key(name.customer_id) == wanted), None)

    def near(self, text: str, limit: int = 3) -> tuple[CustomerName, ...]:
        """Who may be meant by an id that nobody has: whose id, name or e-mail holds it, else those most like it."""
        if found := self.find(text, limit):
            return found
        likeness = _likeness(fold_search(text))
        scored = ((max(map(likeness, parts)), -index) for index, parts in enumerate(self._folded))
        return tuple(self._names[-index] for score, index in nlargest(limit, scored) if score >= _ALIKE)

    def __len__(self) -> int:
        return len(self._names)


def _rank(wanted: str, folded: tuple[str, ...]) -> int:
    if wanted in folded:
        return 0
    if any(part.startswith(wanted) for part in folded):
        return 1
    return 2 if any(f" {wanted}" in part for part in folded) else 3


def roster(ws: Workspace) -> Roster:
    """Every customer of the workspace."""
    with ws.read() as db:
        revision, found = rows.revision(db), tuple(rows.names(db))
    return Roster(
        revision, tuple(tuple(fold_search(text) for text in (one.customer_id, one.name, one.email) if text) for one in found), found
    )


def _likeness(wanted: str) -> Callable[[str], float]:
    """How much of a text is in another, in the same order: 1 is all of it."""
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(wanted)

    def measured(text: str) -> float:
        matcher.set_seq1(text)
        possible = matcher.real_quick_ratio() >= _ALIKE and matcher.quick_ratio() >= _ALIKE
        return matcher.ratio() if possible else 0.0

    return measured
