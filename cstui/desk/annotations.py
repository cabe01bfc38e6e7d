"""Annotations: a day and what happened on it (“price change”), shown as marks on every trend.

They move no figure and no `as_of`. The first overview reads them, so it is light.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cstui.base.days import iso
from cstui.base.errors import UsageError
from cstui.base.text import clean, fold_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cstui.base.days import Period
    from cstui.desk.workspace import Workspace

LONGEST = 80


class Annotation(NamedTuple):
    """A day and what happened on it."""

    number: int
    """What it is removed by."""
    day: int
    text: str

    def to_json(self) -> dict[str, Any]:
        """An entry of `cstui annotations --json`."""
        return {"number": self.number, "date": iso(self.day), "text": self.text}


def all_annotations(ws: Workspace) -> tuple[Annotation, ...]:
    """Every annotation, by day."""
    from cstui.store import notes

    with ws.read() as db:
        return tuple(Annotation(*row) for row in notes.annotated(db))


def marks_of(notes: Sequence[Annotation], periods: Sequence[Period]) -> tuple[tuple[int, str], ...]:
    """(index of a period, what happened in it), of those in which anything did."""
    found = ((index, " · ".join(note.text for note in notes if note.day in period)) for index, period in enumerate(periods))
    return tuple((index, words) for index, words in found if words)


def add(ws: Workspace, date: str, text: str, *, draft: str | None = None) -> Annotation:
    """Keep one, and drop the draft that it was begun as. Raises UsageError for what is no day or no text."""
    from cstui.store import drafts, notes

    day = day_of(date)
    said = clean(text)
    if not said:
        raise UsageError("An annotation says what happened, for example “price change”.")
    if len(said) > LONGEST:
        raise UsageError(f"An annotation is at most {LONGEST} characters long; this one has {len(said):,}.")
    with ws.write() as db:
        if draft is not None:
            drafts.save(db, draft, None)
        return Annotation(notes.add_annotation(db, day, said), day, said)


def remove(ws: Workspace, number: int) -> Annotation:
    """Take one away; which it was. Raises UsageError where there is none of that number."""
    from cstui.store import notes

    with ws.write() as db:
        there = {row.number: row for row in notes.annotated(db)}
        if number not in there:
            known = ", ".join(str(known) for known in sorted(there)) or "none yet"
            raise UsageError(f"There is no annotation {number}. Numbers: {known}.")
        notes.remove_annotation(db, number)
        return Annotation(*there[number])


def day_of(text: str) -> int:
    """YYYY-MM-DD in any script's digits, or YYYY-MM for its first day. Raises UsageError."""
    from cstui.desk.typed_days import typed_day  # the overview draws notes, and reads none

    written = fold_key(text).replace("/", "-").replace("−", "-")
    return typed_day(f"{written}-01" if len(written) == 7 else text)
