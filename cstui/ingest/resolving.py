"""A source's expressions over the header of one file: which columns they take, what they look up, what they are called.

Knows headers; knows no row. What expressions make of a row's cells is said in `expressions`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from cstui.base.text import clean
from cstui.ingest.source import At, Call, Column, Expr, Text
from cstui.ingest.words import fold_header, meanings

LookupKey = tuple[str, str, str]
"""Source or kind, its key column, the column taken."""

ARITHMETIC = frozenset({"plus", "minus", "times", "divide", "round", "positive", "minor"})
"""Words that look at cells as numbers."""
_PARTS = ("then", "else", "currency", "by")
"""Options that are expressions."""


Resolved = Expr
"""An expression whose columns are places in a header: no `Column` is left in it."""


def find(spec: str, header: Sequence[str], folded: Sequence[str]) -> int | None:
    """The first column that a spec means: a header, `@field`, or `/pattern/`."""
    if spec.startswith("@"):
        return next(iter(_meaning(spec[1:], header, folded)), None)
    if len(spec) > 2 and spec[0] == spec[-1] == "/":
        pattern = re.compile(spec[1:-1], re.IGNORECASE)
        return next((i for i, text in enumerate(header) if pattern.search(clean(text))), None)
    exact = next((i for i, text in enumerate(header) if text.strip() == spec), None)
    wanted = fold_header(spec)
    return exact if exact is not None or not wanted else next((i for i, text in enumerate(folded) if text == wanted), None)


def _meaning(name: str, header: Sequence[str], folded: Sequence[str]) -> Iterator[int]:
    wanted = fold_header(name)
    yield from (i for i, text in enumerate(folded) if text == wanted)
    yield from (i for i, text in enumerate(header) if name in meanings(text))


def resolve(expr: Expr, header: Sequence[str], folded: Sequence[str]) -> Resolved | None:
    """The expression over this file's columns; None where it has none that it can't do without."""
    if isinstance(expr, Column):
        index = find(expr.spec, header, folded)
        return None if index is None else At(index)
    if isinstance(expr, Text | At):
        return expr
    found = [resolve(arg, header, folded) for arg in expr.args]
    options = dict(expr.options)
    for key in _PARTS:
        if isinstance(options.get(key), Column | Text | Call):
            options[key] = resolve(options[key], header, folded)
    if expr.word == "lookup" and options["by"] is None:
        return None
    if expr.word == "when" and found[0] is None:
        return options.get("else")
    args = tuple(arg for arg in found if arg is not None)
    spared = expr.word in {"first", "join", "plus", "numbered"} or (expr.word == "minus" and found[0] is not None)
    if (len(args) < len(found) and not spared) or (found and not args):
        return None
    return args[0] if expr.word == "first" and len(args) == 1 else replace(expr, args=args, options=options)


def columns(expr: Resolved | None) -> Iterator[int]:
    """The columns that an expression takes."""
    if isinstance(expr, At):
        yield expr.index
    if isinstance(expr, Call):
        for part in (*expr.args, *(expr.options.get(key) for key in _PARTS)):
            if isinstance(part, At | Call):
                yield from columns(part)


def lookups(expr: Resolved | None) -> Iterator[LookupKey]:
    """The lookups that an expression makes."""
    if isinstance(expr, Call):
        if expr.word == "lookup":
            yield (expr.options["in"], expr.options["key"], expr.options["take"])
        for part in (*expr.args, *(expr.options.get(key) for key in _PARTS)):
            yield from lookups(part)


def numbers(expr: Resolved | None) -> Iterator[int]:
    """The columns whose cells are reckoned with."""
    if isinstance(expr, Call):
        for part in expr.args:
            if expr.word in ARITHMETIC and isinstance(part, At):
                yield part.index
            yield from numbers(part)
        for key in ("then", "else"):
            yield from numbers(expr.options.get(key))


def exact(expr: Resolved | None) -> bool:
    """Whether what is made is a number of our own writing, with a point before its decimals."""
    if isinstance(expr, Text):
        return True
    if not isinstance(expr, Call):
        return False
    if expr.word == "when":
        return all(exact(expr.options.get(key)) for key in ("then", "else") if expr.options.get(key) is not None)
    return expr.word in ARITHMETIC | {"minutes", "lookup"} or (expr.word == "first" and all(map(exact, expr.args)))


def told(expr: Resolved | None, header: Sequence[str]) -> str:
    """The expression for people: the headers it takes."""
    names = dict.fromkeys(clean(header[index]) for index in columns(expr))
    while isinstance(expr, Call) and expr.word in {"round", "minor", "positive", "utc", "whole"}:
        expr = expr.args[0]
    sign = {"minus": " − ", "times": " × ", "plus": " + "}.get(expr.word, ", ") if isinstance(expr, Call) else ""
    return sign.join(names) or (f"“{expr.text}”" if isinstance(expr, Text) else "the day of the import")
