"""Taking back what was done by hand to answers, and making it again: one's own first, another's only when that is meant.

A workspace may be open in two windows. What this session did is in its `Hand`; whatever else was done is told, not turned.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from cstui.store import survey_edits as edits
from cstui.store.workspace import Workspace

__all__ = ["Hand", "Turned", "redo", "undo"]


@dataclass(slots=True)
class Hand:
    """The numbers of the changes that one session made and can turn."""

    done: list[int] = field(default_factory=list)
    """In force, the last at the end."""
    back: list[int] = field(default_factory=list)
    """Taken back, the last at the end."""

    def did(self, change: int) -> None:
        """Something was done: what was taken back before it is not made again."""
        self.done.append(change)
        self.back.clear()


@dataclass(frozen=True, slots=True)
class Turned:
    """A change that was taken back or made again; or that could be, and is not this session's own."""

    change: int
    at: str
    """The instant it was made, UTC."""
    action: str
    """`record`, `edit` or `delete`."""
    kind: str
    score: str
    customer_id: str
    own: bool
    """It was turned. Else it was made elsewhere, and nothing has been done."""
    customer_gone: bool
    """Taken back with it was the customer, who was made for it and of whom nothing else is known."""


def undo(ws: Workspace, hand: Hand | None = None, meant: int | None = None) -> Turned | None:
    """Take the hand's last change back; where there is none the very one that is `meant`, or tell the last of anybody.

    Without a hand the last of anybody is meant. None where there is nothing to take back. Raises AnswerChanged.
    """
    return _turn(ws, hand, meant, back=True)


def redo(ws: Workspace, hand: Hand | None = None, meant: int | None = None) -> Turned | None:
    """The same for what was taken back last."""
    return _turn(ws, hand, meant, back=False)


def _turn(ws: Workspace, hand: Hand | None, meant: int | None, *, back: bool) -> Turned | None:
    held = Hand() if hand is None else hand
    taken, given = (held.done, held.back) if back else (held.back, held.done)
    with ws.write() as db:
        change = None
        while meant is None and taken and change is None:
            change = edits.numbered(db, taken[-1], undone=not back)
            if change is None:  # another has turned it already
                taken.pop()
        own = change is not None
        if change is None and meant is not None:
            change, own = edits.numbered(db, meant, undone=not back), True
        if change is None and meant is None:
            change, own = edits.last(db) if back else edits.last_undone(db), hand is None
        if change is None:
            return None
        raw, gone = edits.customer_id_of(db, change), False
        if own:
            if change.id in taken:
                taken.remove(change.id)  # however it goes, it is not in the way of those before it
            if back:
                gone = edits.undo(db, change)
            else:
                edits.redo(db, change)
    if own:
        given.append(change.id)
    row = change.after or change.before or {}
    return Turned(change.id, change.at, change.action, str(row["kind"]), str(row["score"]), raw, own, gone)
