"""What became of the answers recorded by hand: each one recorded, changed or deleted, with what it was before, the newest first.

Takes a workspace, returns frozen snapshots. Making and taking back changes is `cstui.desk.survey`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cstui.base.days import iso
from cstui.store import survey_edits as edits
from cstui.store.edits import Connection
from cstui.store.workspace import Workspace

__all__ = ["AnswerChange", "History", "history", "history_in"]

_FIELDS = ("answered_at", "kind", "score", "scale", "direction", "respondent", "touchpoint", "comment")


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """One change to one answer."""

    at: str
    """The instant, UTC."""
    action: str
    """`record`, `edit` or `delete`."""
    customer: int | None
    """The customer's row; None where they are gone."""
    customer_id: str
    name: str | None
    kind: str
    score: str
    """As it was left; of a deleted answer, as it was."""
    fields: tuple[tuple[str, str | None, str | None], ...]
    """(field, before, after) of an edit."""
    undone: bool
    """It was taken back."""


@dataclass(frozen=True, slots=True)
class History:
    """Changes by hand."""

    total: int
    changes: tuple[AnswerChange, ...]
    """The newest of them first."""

    def to_json(self) -> dict[str, Any]:
        """The document of `cstui survey history --json`."""
        return {"schema": 1, "total": self.total, "changes": [_json(one) for one in self.changes]}


def history(ws: Workspace, limit: int | None = None) -> History:
    """Every change by hand, at most `limit`."""
    with ws.read() as db:
        return history_in(db, limit)


def history_in(db: Connection, limit: int | None) -> History:
    """The same, inside a read."""
    total, found = edits.changes(db, limit)
    return History(total, tuple(map(_change, found)))


def _change(one: edits.Changed) -> AnswerChange:
    before, after = one.change.before, one.change.after
    row = after or before or {}
    fields = tuple(_fields(before, after)) if before and after else ()
    return AnswerChange(
        one.change.at, one.change.action, one.customer, one.customer_id, one.name, str(row["kind"]), str(row["score"]), fields, one.undone
    )


def _fields(before: Mapping[str, object], after: Mapping[str, object]) -> Iterator[tuple[str, str | None, str | None]]:
    if before["customer_id"] != after["customer_id"]:
        yield "customer", None, None  # whose it was is named by no number that means anything to people
    for name in _FIELDS:
        if before[name] != after[name]:
            yield name, _text(before[name]), _text(after[name])


def _text(value: object) -> str | None:
    return None if value is None else iso(value) if isinstance(value, int) else str(value)


def _json(one: AnswerChange) -> dict[str, Any]:
    return {
        "at": one.at,
        "action": one.action,
        "customer_id": one.customer_id,
        "name": one.name,
        "kind": one.kind,
        "score": one.score,
        "fields": {name: {"before": before, "after": after} for name, before, after in one.fields},
        "undone": one.undone,
    }
