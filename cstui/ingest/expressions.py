"""What a source's expressions make of a row's cells.

Text in, text out; only sums look at cells as numbers. What a text means as a field's value is not decided here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from functools import reduce
from operator import add, mul, sub

from cstui.base.days import iso
from cstui.base.money import exponent
from cstui.base.text import fold_choice, fold_key
from cstui.ingest.failures import FOREIGN, Bad
from cstui.ingest.numbers import Mark, canonical, currencies_of, decimal_of, unit_in
from cstui.ingest.resolving import LookupKey, Resolved
from cstui.ingest.source import At, Call, Text

Cells = list[str]
Maker = Callable[[Cells], str]

_CLOCK_AT_END = re.compile(r"(?:[T\s,]|^)\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[AaPp][Mm])?$")
_DURATION = re.compile(r"(?:(\d+)\s*h)?\s*(?:(\d+)\s*m)?\s*(?:(\d+(?:\.\d+)?)\s*s)?", re.IGNORECASE)
_CLOCK = re.compile(r"(\d+):(\d{2}):(\d{2})")


class CellFault(Exception):
    """A cell that an expression can't work with."""

    def __init__(self, bad: Bad, index: int | None) -> None:
        super().__init__(bad.message)
        self.bad, self.index = bad, index


@dataclass(slots=True)
class Context:
    """What expressions need to know beside their row."""

    marks: Mapping[int, Mark] = field(default_factory=dict)
    """Column → its decimal mark."""
    lookups: Mapping[LookupKey, Mapping[str, str]] = field(default_factory=dict)
    """Lookup → folded key → text."""
    day: int = 0
    currency: str = "USD"
    strict: bool = True
    """Whether a lookup that finds nothing is a fault; a first look at a file has no lookups yet."""


def compiled(expr: Resolved, context: Context) -> Maker:
    """The expression as a function of a row's cells. Keeps count of rows where it numbers them: make a new one for each pass."""
    if isinstance(expr, At):
        index = expr.index
        return lambda row: row[index].strip()
    if isinstance(expr, Text):
        text = expr.text
        return lambda _: text
    assert isinstance(expr, Call)
    return _MAKERS[expr.word](expr, context)


@dataclass(frozen=True, slots=True)
class _Number:
    """A cell's number."""

    value: Decimal
    unit: str = ""
    """What the cell itself calls its currency; what is made of the number is in it too."""


def _number(expr: Resolved, context: Context) -> Callable[[Cells], _Number | None]:
    make, index = compiled(expr, context), expr.index if isinstance(expr, At) else None
    mark = Mark.POINT if index is None else context.marks.get(index, Mark.UNKNOWN)

    def read(row: Cells) -> _Number | None:
        text = make(row)
        if not text:
            return None
        value = decimal_of(text, mark, money=True)
        if isinstance(value, Bad):
            raise CellFault(value, index)
        return _Number(value, unit_in(text))

    return read


def _made(text: str, unit: str) -> str:
    return f"{text} {unit}" if unit else text


def _unit_of(terms: Iterable[_Number], where: int | None) -> str:
    """The unit of what is made of several. Raises CellFault where they contradict each other."""
    unit = ""
    for term in terms:
        if term.unit and term.unit != unit:
            ours, theirs = (currencies_of(name) for name in (unit, term.unit))
            if unit and not ours & theirs:
                raise CellFault(Bad("constraint-error", f"One amount says {unit}, the other {term.unit}."), where)
            unit = unit if unit and len(ours) <= len(theirs) else term.unit
    return unit


def _sum(operation: Callable[[Decimal, Decimal], Decimal], *, whole: bool) -> Callable[[Call, Context], Maker]:
    """A sum over the terms that a row has; `whole`: only where it has all, and `minus` only where it has the first."""

    def build(expr: Call, context: Context) -> Maker:
        terms = [_number(arg, context) for arg in expr.args]
        first = expr.word != "plus"
        where = next((arg.index for arg in expr.args if isinstance(arg, At)), None)

        def make(row: Cells) -> str:
            values = [term(row) for term in terms]
            if (whole and None in values) or (first and values[0] is None):
                return ""
            present = [value for value in values if value is not None]
            if not present:
                return ""
            return _made(format(reduce(operation, (one.value for one in present)), "f"), _unit_of(present, where))

        return make

    return build


def _changed(expr: Call, context: Context, change: Callable[[Decimal, Cells], Decimal]) -> Maker:
    """One number, changed, in the unit it has."""
    read = _number(expr.args[0], context)

    def make(row: Cells) -> str:
        term = read(row)
        return "" if term is None else _made(format(change(term.value, row), "f"), term.unit)

    return make


def _divide(expr: Call, context: Context) -> Maker:
    by = Decimal(expr.options["by"])
    return _changed(expr, context, lambda value, _: (value / by).normalize())


def _round(expr: Call, context: Context) -> Maker:
    unit = Decimal(1).scaleb(-expr.options["to"])
    return _changed(expr, context, lambda value, _: value.quantize(unit, ROUND_HALF_EVEN))


def _positive(expr: Call, context: Context) -> Maker:
    return _changed(expr, context, lambda value, _: abs(value))


def _minor(expr: Call, context: Context) -> Maker:
    """Minor units of the row's currency as major ones."""
    stated = expr.options.get("currency")
    currency: Maker = compiled(stated, context) if stated is not None else lambda _: context.currency
    return _changed(expr, context, lambda value, row: value.scaleb(-exponent((currency(row) or context.currency).upper())))


def _first(expr: Call, context: Context) -> Maker:
    makers = [compiled(arg, context) for arg in expr.args]

    def make(row: Cells) -> str:
        fault: CellFault | None = None
        for maker in makers:
            try:
                if text := maker(row):
                    return text
            except CellFault as error:
                fault = fault or error
        if fault is not None:
            raise fault
        return ""

    return make


def _join(expr: Call, context: Context) -> Maker:
    makers, between = [compiled(arg, context) for arg in expr.args], str(expr.options.get("with", " "))
    return lambda row: between.join(filter(None, (maker(row) for maker in makers)))


def _whole(expr: Call, context: Context) -> Maker:
    """An id that a program wrote as a number with decimals, `12923.0`."""
    make = compiled(expr.args[0], context)

    def plain(row: Cells) -> str:
        text = make(row)
        before, _, after = text.partition(".")
        return before if after and before.isdecimal() and not after.strip("0") else text

    return plain


def _unix(expr: Call, context: Context) -> Maker:
    make, index = compiled(expr.args[0], context), expr.args[0].index if isinstance(expr.args[0], At) else None

    def moment(row: Cells) -> str:
        text = fold_key(make(row))
        if not text or not text.replace(".", "", 1).isdecimal():
            return text
        seconds = float(text) / (1000 if len(text.partition(".")[0]) > 11 else 1)
        try:
            return datetime.fromtimestamp(seconds, UTC).isoformat(sep=" ", timespec="seconds")
        except (OverflowError, OSError, ValueError):
            raise CellFault(Bad("not-a-date", "This is not a time in seconds since 1970."), index) from None

    return moment


def _minutes(expr: Call, context: Context) -> Maker:
    """`1m 20s`, `0:01:20` or seconds, as minutes."""
    make, index = compiled(expr.args[0], context), expr.args[0].index if isinstance(expr.args[0], At) else None

    def minutes(row: Cells) -> str:
        text = fold_key(make(row))
        if not text:
            return ""
        match = _CLOCK.fullmatch(text) or _DURATION.fullmatch(text)
        if match and any(match.groups()):
            hours, mins, seconds = (Decimal(part or 0) for part in match.groups())
            return canonical(hours * 60 + mins + round(seconds / 60, 3))
        value = decimal_of(text, Mark.POINT)
        if isinstance(value, Bad):
            raise CellFault(Bad("not-a-number", "This is not a duration. Write it like 1m 20s, or in seconds."), index)
        return canonical(round(value / 60, 3))

    return minutes


def _utc(expr: Call, context: Context) -> Maker:
    make = compiled(expr.args[0], context)

    def zoned(row: Cells) -> str:
        text = make(row)
        return f"{text} UTC" if ":" in text and _CLOCK_AT_END.search(fold_key(text)) else text

    return zoned


def _part(expr: Call, context: Context) -> Maker:
    make, pattern = compiled(expr.args[0], context), re.compile(expr.options["of"])

    def part(row: Cells) -> str:
        match = pattern.search(make(row))
        return "" if match is None else (match[1] if pattern.groups else match[0]) or ""

    return part


def _numbered(expr: Call, context: Context) -> Maker:
    """The cells, and the row's number among those that have the same."""
    makers, seen = [compiled(arg, context) for arg in expr.args], Counter[tuple[str, ...]]()

    def numbered(row: Cells) -> str:
        cells = tuple(maker(row) for maker in makers)
        seen[cells] += 1
        return "/".join((*cells, str(seen[cells])))

    return numbered


def _import_day(_expr: Call, context: Context) -> Maker:
    day = iso(context.day)
    return lambda _: day


def _map(expr: Call, context: Context) -> Maker:
    make = compiled(expr.args[0], context)
    words = {fold_choice(word): ours for word, ours in expr.options["words"].items()}
    other = expr.options.get("else")
    known: dict[str, str] = {}

    def mapped(row: Cells) -> str:
        text = make(row)
        found = known.get(text)
        if found is None:
            rest = None if other is None or not text else compiled(other, context)(row)
            found = words.get(fold_choice(text), text if rest is None else rest)
            if other is None or isinstance(other, Text):
                known[text] = found
        return found

    return mapped


def _when(expr: Call, context: Context) -> Maker:
    subject = compiled(expr.args[0], context)
    then, other = (compiled(part, context) if part is not None else str for part in (expr.options.get("then"), expr.options.get("else")))
    words = frozenset(map(fold_choice, expr.options.get("is", ())))
    pattern = re.compile(expr.options["matches"]) if "matches" in expr.options else None
    blank: Maker = lambda _: ""  # noqa: E731  # a name for what an absent branch makes
    then, other = (blank if part is str else part for part in (then, other))

    def make(row: Cells) -> str:
        text = subject(row)
        holds = pattern.search(text) is not None if pattern is not None else fold_choice(text) in words
        return then(row) if holds else other(row)

    return make


def _lookup(expr: Call, context: Context) -> Maker:
    by, where = expr.options["by"], (expr.options["in"], expr.options["key"], expr.options["take"])
    make, found = compiled(by, context), context.lookups.get(where, {})
    index = by.index if isinstance(by, At) else None
    name = where[0].replace("_", " ")

    def look(row: Cells) -> str:
        text = make(row)
        if not text:
            return ""
        answer = found.get(fold_key(text))
        if answer is None and context.strict:
            what = f"No row of {name} with this {where[1]} is in the call or the workspace, so its {where[2]} is not known."
            raise CellFault(Bad(FOREIGN, f"{what} Import that file first, or in the same call."), index)
        return answer or ""

    return look


_MAKERS: Mapping[str, Callable[[Call, Context], Maker]] = {
    "first": _first,
    "join": _join,
    "plus": _sum(add, whole=False),
    "minus": _sum(sub, whole=False),
    "times": _sum(mul, whole=True),
    "divide": _divide,
    "round": _round,
    "positive": _positive,
    "minor": _minor,
    "whole": _whole,
    "unix": _unix,
    "minutes": _minutes,
    "utc": _utc,
    "part": _part,
    "numbered": _numbered,
    "import_day": _import_day,
    "map": _map,
    "when": _when,
    "lookup": _lookup,
}
