"""What the columns of an unknown file may be: by their headers and by what their first cells look like, each with the reason.

Guesses for a person to confirm; import itself never acts on one. Knows the record kinds, and a file's header and first rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC

from cstui.base.records import RECORDS, Field, Kind, RecordKind, Type
from cstui.base.text import fold_choice, fold_key
from cstui.ingest import words
from cstui.ingest.dates import Order, day_of, month_of, order_of
from cstui.ingest.failures import Bad
from cstui.ingest.numbers import DIGITS, Mark, decimal_of, mark_of
from cstui.ingest.values import currency_of, kept_text
from cstui.ingest.words import fold_header, meanings

LOOKED_AT = 500
"""Rows that are looked at."""
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_MONTHLY = {"monthly_amount": "amount", "nps": "score"}
_LONGEST_ID = 40
_ENOUGH = 0.9
"""Share of cells that must look alike, as a sheet has its odd ones."""
_POOR = 30
"""Points below which a guess is a poor one."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A field that a column may be, and why."""

    field: str
    points: int
    why: str


@dataclass(frozen=True, slots=True)
class Look:
    """What the cells of a column look like."""

    filled: tuple[str, ...]
    """The cells that hold something, cleaned."""
    date: bool
    number: bool
    whole: bool
    email: bool
    distinct: float
    """Share of cells that are different ones."""
    codes: bool
    """Whether all are currencies."""
    prose: bool = False
    """Whether many of them are sentences."""
    scores: bool = False
    """Whether they are whole numbers from 0 to 10."""


@dataclass(frozen=True, slots=True)
class Assigned:
    """One kind's fields given to columns."""

    kind: Kind
    fields: Mapping[str, tuple[int, str]]
    """Field → column and why."""
    missing: tuple[str, ...]
    """Fields that rows can't be without and that no column was found for."""
    points: int
    poor: tuple[str, ...] = ()
    """Fields that rows can't be without and that rest on little: a person should look."""
    constants: Mapping[str, str] = field(default_factory=dict)
    """What a question in a header says of every row: that it is NPS, and its scale."""


def look_at(cells: Sequence[str]) -> Look:
    """What some cells of one column look like."""
    filled = tuple(text for cell in cells if (text := kept_text(cell)))
    if not filled:
        return Look((), date=False, number=False, whole=False, email=False, distinct=0.0, codes=False)
    order = order_of(set(filled))
    asked = order if isinstance(order, Order) else Order.DMY
    numbers = _numbers(filled)
    dated = [text for text in filled if _dated(text, asked)]
    number = len(numbers) >= _ENOUGH * len(filled)
    return Look(
        filled,
        date=len(dated) >= _ENOUGH * len(filled),
        number=number,
        whole=number and all(value == int(value) for value in numbers),
        email=sum(_EMAIL.fullmatch(text) is not None for text in filled) >= _ENOUGH * len(filled),
        distinct=len(set(map(fold_key, filled))) / len(filled),
        codes=all(isinstance(currency_of(text), str) for text in set(filled)),
        prose=sum(len(text) > _LONGEST_ID or text.count(" ") > 2 for text in filled) > 0.2 * len(filled),
        scores=number and sum(value == int(value) and 0 <= value <= 10 for value in numbers) >= _ENOUGH * len(filled),
    )


def _dated(text: str, order: Order) -> bool:
    if month_of(text, order) is not None:
        return True
    return isinstance(day_of(text, order, UTC), int) and not _only_digits(text)


def _only_digits(text: str) -> bool:
    return fold_key(text).isdecimal() and len(text) != 8


def _numbers(filled: Sequence[str]) -> list[float]:
    mark = mark_of(filled)
    found = (decimal_of(text, Mark.POINT if mark is Mark.UNKNOWN else mark, money=True) for text in filled)
    return [float(value) for value in found if not isinstance(value, Bad)]


def candidates(header: str, look: Look, record: RecordKind) -> list[Candidate]:
    """The fields of a kind that a column may be, the likeliest first."""
    best: dict[str, Candidate] = {}
    for found in (*_by_header(header, look, record), *_by_content(header, look, record)):
        meant = record.field(found.field)
        worse = 30 if meant.choices else 60  # words of their own can be told what they mean
        points = found.points if _fits(meant, look) else found.points - worse
        held = best.get(found.field)
        if points > 0 and (held is None or points > held.points):
            best[found.field] = Candidate(found.field, points, found.why)
    return sorted(best.values(), key=lambda found: (-found.points, record.names.index(found.field)))


def _by_header(header: str, look: Look, record: RecordKind) -> Iterator[Candidate]:
    for place, part in enumerate(_parts(header)):
        for found in _by_name(part, record):
            yield replace(found, points=found.points - place)
    if _is_question(header):
        yield from _by_question(look, record)
        return
    said = set(re.findall(r"[^\W_]+", header.casefold()))
    for name in record.names:
        if len(name) > 3 and fold_header(name) != fold_header(header) and set(name.split("_")) <= said:
            yield Candidate(name, 45, f"the header has “{name}” in it")


def _parts(header: str) -> tuple[str, ...]:
    """The header, and what it says in one language or without what stands in brackets."""
    bare = re.sub(r"[(\[（][^)\]）]*[)\]）]", " ", header)
    return tuple(dict.fromkeys(part for part in (header, bare, *re.split(r"[/|–\n]", bare)) if part.strip()))


def _by_name(header: str, record: RecordKind) -> Iterator[Candidate]:
    fold = fold_header(header)
    names = {fold_header(name): name for name in record.names}
    if fold in names:
        yield Candidate(names[fold], 100, f"the header is {names[fold]} itself")
    for place, name in enumerate(meanings(header)):
        if (own := _MONTHLY.get(name, name)) in record.names:
            yield Candidate(own, 95 - place, f"“{header.strip()}” means {own}")
    for place, name in enumerate(words.english().get(fold, ())):
        if name in record.names:
            yield Candidate(name, 80 - place, f"the header is another word for {name}")


def _is_question(header: str) -> bool:
    return re.search(r"[?؟]", header) is not None or len(header.split()) > 6


def _by_question(look: Look, record: RecordKind) -> Iterator[Candidate]:
    """A question of a survey: numbers from 0 to 10 below it are its scores, sentences the comments."""
    if record.kind is not Kind.SURVEYS:
        return
    if look.scores:
        yield Candidate("score", 85, "whole numbers from 0 to 10 under a question are scores")
    elif look.filled and not (look.number or look.date or look.email):
        yield Candidate("comment", 60, "texts under a question are comments")


def _asked(header: str) -> Mapping[str, str]:
    """What a question in a header says of every answer: its kind, and its scale where that is written too."""
    text = header.casefold()
    kind = next((kind for kind, signs in _QUESTIONS.items() if any(sign in text for sign in signs)), None)
    found = {} if kind is None else {"kind": kind}
    if scale := re.search(r"(?<!\d)([01])\s*(?:-|–|to|تا|إلى|الى)\s*(5|7|10)(?!\d)", text.translate(DIGITS)):
        found["scale"] = f"{scale[1]}-{scale[2]}"
    return found


_QUESTIONS: Mapping[str, tuple[str, ...]] = {
    "nps": ("recommend", "nps", "توصي", "توصیه", "پیشنهاد"),
    "ces": ("easy", "effort", "سهل", "آسان", "راحت"),
    "csat": ("satisf", "راض", "رضایت"),
}


def _by_content(header: str, look: Look, record: RecordKind) -> Iterator[Candidate]:
    if look.email:
        for name in ("email", "respondent", "customer_id"):
            if name in record.names:
                points = 60 if name == "email" else 45 if name == "customer_id" and "email" not in record.names else 25
                yield Candidate(name, points, "its cells are e-mail addresses")
    if look.date:
        for place, field in enumerate(f for f in record.fields if f.type is Type.DATE and (f.required or f.event)):
            yield Candidate(field.name, 40 - place, "its cells are dates")
    if look.codes:
        yield from (Candidate(f.name, 50, "its cells are currency codes") for f in record.fields if f.type is Type.CURRENCY)
    for field in record.fields:
        if field.type is Type.CHOICE and look.filled and _choices(field, look):
            yield Candidate(field.name, 55, f"its cells are words for {field.name}: {', '.join(sorted(set(look.filled))[:3])}")
    yield from _by_numbers(look, record)
    yield from _by_ids(header, look, record)


def _by_numbers(look: Look, record: RecordKind) -> Iterator[Candidate]:
    if look.number and not look.whole and record.kind in {Kind.SUBSCRIPTIONS, Kind.PAYMENTS, Kind.COSTS}:
        yield Candidate("amount", 35, "its cells are numbers with decimals")
    if look.scores and record.kind is Kind.SURVEYS and look.distinct < 0.5:
        yield Candidate("score", 35, "its cells are whole numbers from 0 to 10")


def _by_ids(header: str, look: Look, record: RecordKind) -> Iterator[Candidate]:
    """A row's own id is short, never twice the same, and no sentence."""
    if len(look.filled) < 2 or look.date or look.email or look.prose or max(map(len, look.filled)) > _LONGEST_ID:
        return
    own = record.own_id or ("customer_id" if record.kind is Kind.CUSTOMERS else None)
    bare = sum(" " in text for text in look.filled) <= (1 - _ENOUGH) * len(look.filled)
    if look.distinct == 1.0 and own is not None and bare and (look.whole or not look.number):
        numbered = fold_header(header) in words.numbers() or header.strip() in {"#", "№"}
        yield Candidate(own, 60 if numbered else 20, "it numbers the rows" if numbered else "no two of its cells are the same")
    again = 0.05 < look.distinct < 0.95 and not look.number
    if again and "customer_id" in record.names and all(map(_has_digit, look.filled)):
        yield Candidate("customer_id", 15, "its cells look like ids that come again")


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text)) and " " not in text


def _choices(field: Field, look: Look) -> bool:
    known = set(map(fold_choice, (*field.choices, *(field.synonyms or {}))))
    return all(fold_choice(text) in known for text in set(look.filled))


def _fits(field: Field, look: Look) -> bool:
    """Whether cells that look so can be the field's; blank ones can be anything."""
    if not look.filled or field.type in {Type.ID, Type.TEXT, Type.SCALE}:
        return not (field.type is Type.ID and look.date)
    checks = {
        Type.DATE: look.date or look.number,
        Type.MONEY: look.number,
        Type.NUMBER: look.number,
        Type.COUNT: look.whole,
        Type.CURRENCY: look.codes,
    }
    return checks[field.type] if field.type in checks else _choices(field, look)


def assign(header: Sequence[str], looks: Sequence[Look], kind: Kind) -> Assigned:
    """Give the fields of a kind to columns, the surest first; each column serves one field."""
    record = RECORDS[kind]
    found = [
        (candidate, index)
        for index, (name, look) in enumerate(zip(header, looks, strict=True))
        if name.strip()
        for candidate in candidates(name, look, record)
    ]
    found.sort(key=lambda pair: (-pair[0].points, not record.field(pair[0].field).required, pair[1]))
    fields: dict[str, tuple[int, str]] = {}
    taken: set[int] = set()
    points: dict[str, int] = {}
    for candidate, index in found:
        if candidate.field not in fields and index not in taken:
            fields[candidate.field] = (index, candidate.why)
            taken.add(index)
            points[candidate.field] = candidate.points
    said = _asked(header[fields["score"][0]]) if kind is Kind.SURVEYS and "score" in fields else {}
    constants = {name: text for name, text in said.items() if name not in fields}
    given = {*fields, *constants}
    missing = [name for name in record.required if name not in given]
    if record.any_of and not given.intersection(record.any_of):
        missing.append(record.any_of[0])
    poor = tuple(name for name in record.required if points.get(name, _POOR) < _POOR)
    return Assigned(kind, fields, tuple(missing), sum(points.values()), poor, constants)


def ranked(header: Sequence[str], looks: Sequence[Look]) -> list[Assigned]:
    """What the file may be of each kind, the likeliest first: what needs least said, then what explains most columns."""
    found = [assign(header, looks, kind) for kind in Kind]

    def rank(one: Assigned) -> tuple[int, bool, int]:
        # A kind's own id tells it from others; customers fit almost anything that names one.
        record = RECORDS[one.kind]
        own = record.own_id is not None and one.fields.get(record.own_id, (0, ""))[1].startswith(("the header", "“"))
        hard = [*(name for name in one.missing if not record.field(name).choices), *one.poor]
        return (len(hard), not own, -one.points + (60 if one.kind is Kind.CUSTOMERS else 0))

    return sorted(found, key=rank)
