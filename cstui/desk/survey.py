"""Recording what customers say: one answer at a time, changed, deleted; the list of answers; drafts. Taking back is `answer_turns`.

Takes a workspace and what a person typed, checks it, returns frozen answers. What the answers add up to is `cstui.desk.voices`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from cstui.base.days import iso, parse_iso
from cstui.base.errors import CstuiError, UnknownCustomer, UsageError
from cstui.base.scores import DIRECTIONS, SCALES, Scale, parse_scale, scale_text
from cstui.base.text import clean, fold_key
from cstui.desk.roster import roster
from cstui.desk.typed_days import typed_day
from cstui.ingest.failures import Bad
from cstui.ingest.numbers import canonical, decimal_of
from cstui.store import drafts
from cstui.store import survey_edits as edits
from cstui.store import surveys as rows
from cstui.store.forget import predicate as forgotten
from cstui.store.survey_edits import AnswerChanged, Given
from cstui.store.surveys import AnswerRow
from cstui.store.workspace import Workspace

if TYPE_CHECKING:
    from cstui.desk.roster import CustomerName

__all__ = ["Answer", "AnswerChanged", "Recording"]

Answer = AnswerRow
"""A recorded or imported answer, with its customer and where it came from."""
KINDS = tuple(SCALES)
DRAFT = "survey"
MOST_COMMENT = 10_000
"""Characters that a comment typed by hand may have."""


@dataclass(frozen=True, slots=True)
class Recording:
    """An answer as it is typed; text is checked when it is recorded."""

    customer_id: str = ""
    kind: str = "nps"
    score: str = ""
    scale: str = ""
    """Blank: 0-10 for nps; the other kinds have no usual one that could be assumed."""
    direction: str = ""
    """Of a ces scale; blank: `high_easy`, agreement with “it was easy”."""
    touchpoint: str = ""
    respondent: str = ""
    comment: str = ""
    date: str = ""
    """`YYYY-MM-DD`, any script's digits; blank: today."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of a recording."""

    answer: Answer
    new_customer: bool
    """Nobody had that id: a customer who is only mentioned so far was made."""
    change: int
    """The number of what was done, to take it back by."""

    def to_json(self) -> dict[str, Any]:
        """The document of `cstui survey add --json`."""
        return {"schema": 1, "new_customer": self.new_customer, "answer": answer_json(self.answer)}


@dataclass(frozen=True, slots=True)
class Answers:
    """A list of answers, the newest first."""

    kind: str | None
    customer_id: str | None
    total: int
    answers: tuple[Answer, ...]

    def to_json(self) -> dict[str, Any]:
        """The document of `cstui survey list --json`."""
        return {
            "schema": 1,
            "kind": self.kind,
            "customer_id": self.customer_id,
            "total": self.total,
            "answers": [answer_json(one) for one in self.answers],
        }


class NobodyThere(UnknownCustomer):
    """An answer for an id that nobody has, where customers are known: it may be mistyped."""

    def __init__(self, customer_id: str, near: Sequence[CustomerName]) -> None:
        CstuiError.__init__(self, f"There is no customer “{customer_id}”. {_near(near)}`--new` records it for a new customer of that id.")


def _near(near: Sequence[CustomerName]) -> str:
    found = ", ".join(one.customer_id if one.name is None else f"{one.customer_id} ({one.name})" for one in near)
    return f"Nearest: {found}. " if found else "Nobody's id, name or e-mail is near it. "


class FromFile(CstuiError):
    """The answer came from a file, whose rows are mended there and imported again."""

    code = "from-a-file"

    def __init__(self, answer: Answer) -> None:
        super().__init__(f"That answer came from {answer.file}, line {answer.line}: mend it there and import the file again.")


# Recording


def record(ws: Workspace, given: Recording, *, today: int, at: str, new: bool = False) -> Recorded:
    """Record an answer. An id that nobody has makes a customer where `new` says so, or while no file has named any.

    Raises UsageError for what can't be, NobodyThere, WorkspaceBusy.
    """
    checked = check(given, today)
    customer_id = clean(checked.customer_id)
    try:
        with ws.write() as db:
            if (gone := forgotten(db)) is not None and gone(fold_key(customer_id)):
                raise UsageError(f"{customer_id} was forgotten, and is not brought back unasked.")
            customer, made = edits.customer(db, customer_id, today)
            if made and not new and rows.any_imported(db):
                raise UnknownCustomer(customer_id)
            number, change = edits.record(db, _given(checked, customer, today), at)
            answer = rows.answer(db, number)
    except UnknownCustomer:  # who may be meant takes a while to find among many: nobody waits for it who wants to write
        raise NobodyThere(customer_id, roster(ws).near(customer_id)) from None
    assert answer is not None
    return Recorded(answer, made, change)


def edit(ws: Workspace, answer_id: int, given: Recording, *, today: int, at: str) -> Recorded:
    """Change an answer that was recorded by hand. Raises UsageError, FromFile, AnswerChanged, UnknownCustomer."""
    checked = check(given, today)
    with ws.write() as db:
        held = _by_hand(rows.answer(db, answer_id))
        same = fold_key(checked.customer_id) == fold_key(held.customer_id)
        customer, new = (held.customer, False) if same else edits.customer(db, clean(checked.customer_id), today)
        if new:
            raise UnknownCustomer(checked.customer_id)
        entered = today if held.entered is None else held.entered
        change = edits.edit(db, answer_id, _given(checked, customer, entered), at)
        answer = rows.answer(db, answer_id)
    assert answer is not None
    return Recorded(answer, new_customer=False, change=change)


def delete(ws: Workspace, answer_id: int, *, at: str) -> Recorded:
    """Delete an answer that was recorded by hand; gives it as it was. Raises FromFile, AnswerChanged."""
    with ws.write() as db:
        held = _by_hand(rows.answer(db, answer_id))
        change = edits.delete(db, answer_id, at)
    return Recorded(held, new_customer=False, change=change)


def _by_hand(answer: Answer | None) -> Answer:
    if answer is None:
        raise AnswerChanged
    if answer.file is not None:
        raise FromFile(answer)
    return answer


# Checking


def check(given: Recording, today: int) -> Recording:
    """The recording in canonical form: every field as it will be kept, none of them doubtful. Raises UsageError."""
    kind = fold_key(given.kind).lower()
    if kind not in SCALES:
        raise UsageError(f"“{given.kind}” is no kind of answer. Take nps, csat or ces.")
    if not fold_key(given.customer_id):
        raise UsageError("An answer needs a customer.")
    scale = _scale(kind, given.scale)
    day = day_of(given.date, today)
    comment = clean(given.comment)
    if len(comment) > MOST_COMMENT:
        raise UsageError(f"A comment may have {MOST_COMMENT:,} characters; this one has {len(comment):,}.")
    return replace(
        given,
        kind=kind,
        scale=scale_text(scale),
        score=_score(given.score, scale, whole=kind == "nps"),
        direction=_direction(kind, given.direction),
        touchpoint=clean(given.touchpoint),
        respondent=clean(given.respondent),
        comment=comment,
        date=iso(day),
    )


def day_of(text: str, today: int) -> int:
    """A typed date as a day number; blank is today. Raises UsageError for what is no date, or not yet."""
    if not fold_key(text):
        return today
    day = typed_day(text)
    if day > today:
        raise UsageError(f"{iso(day)} has not come yet.")
    if day < 0:
        raise UsageError(f"{iso(day)} is before 1970.")
    return day


def _scale(kind: str, text: str) -> Scale:
    if not text.strip():
        if kind == "nps":
            return SCALES["nps"][0]
        raise UsageError(f"Say which scale the score is on, for example --scale {scale_text(SCALES[kind][0])}.")
    scale = parse_scale(text)
    if scale not in SCALES[kind]:
        raise UsageError(f"“{text}” is no scale for {kind}. Take {' or '.join(map(scale_text, SCALES[kind]))}.")
    return scale


def _score(text: str, scale: Scale, *, whole: bool) -> str:
    value = decimal_of(text.strip())
    if isinstance(value, Bad):
        raise UsageError(f"“{text}” is not a score." if text.strip() else "An answer needs a score.")
    if not scale[0] <= value <= scale[1]:
        raise UsageError(f"{canonical(value)} is not on the scale from {scale[0]} to {scale[1]}.")
    if whole and value != int(value):
        raise UsageError(f"{canonical(value)} is not a whole number.")
    return canonical(value)


def _direction(kind: str, text: str) -> str:
    chosen = fold_key(text).lower()
    if kind != "ces":
        if chosen:
            raise UsageError("Only ces has a direction.")
        return ""
    if chosen and chosen not in DIRECTIONS:
        raise UsageError(f"“{text}” is no direction. Take {' or '.join(DIRECTIONS)}.")
    return chosen or DIRECTIONS[0]


def _given(checked: Recording, customer: int, entered: int) -> Given:
    return Given(
        customer,
        parse_iso(checked.date),
        checked.kind,
        checked.score,
        checked.scale,
        checked.direction or None,
        checked.respondent or None,
        checked.touchpoint or None,
        checked.comment or None,
        entered,
    )


# The list


def answers(ws: Workspace, kind: str | None = None, customer_id: str | None = None, *, limit: int | None = None) -> Answers:
    """Answers, the newest first; of one kind or customer where they are named. Raises UnknownCustomer."""
    with ws.read() as db:
        chosen: tuple[int, ...] | None = None
        if customer_id is not None:
            found = rows.known(db, customer_id)
            if found is None:
                raise UnknownCustomer(customer_id)
            chosen, customer_id = (found[0],), found[1]
        total, kept = rows.answers(db, rows.Which(kind=kind, customers=chosen), limit)
    return Answers(kind, customer_id, total, tuple(kept))


def answer_json(one: Answer) -> dict[str, Any]:
    """An answer as documents write it."""
    return {
        "customer_id": one.customer_id,
        "name": one.name,
        "answered_at": iso(one.answered_at),
        "kind": one.kind,
        "score": score_number(one.score),
        "scale": one.scale,
        "direction": one.direction,
        "survey": one.survey,
        "response_id": one.response_id,
        "respondent": one.respondent,
        "touchpoint": one.touchpoint,
        "comment": one.comment,
        "source": source_json(one),
    }


def source_json(one: Answer) -> Mapping[str, object] | None:
    """Where an answer came from: a file and line, or the day it was entered by hand."""
    if one.file is not None:
        return {"file": one.file, "line": one.line}
    return None if one.entered is None else {"entered": iso(one.entered)}


def score_number(text: str) -> int | float:
    """A stored score as a JSON number."""
    value = Fraction(Decimal(text))
    return int(value) if value.denominator == 1 else float(value)


# Drafts


def draft(ws: Workspace) -> str | None:
    """What was being recorded when the screen was left, in the screen's own words."""
    with ws.read() as db:
        return drafts.draft(db, DRAFT)


def save_draft(ws: Workspace, value: str | None) -> None:
    """Keep what is being recorded; changes no figure and no revision."""
    with ws.write() as db:
        drafts.save(db, DRAFT, value)
