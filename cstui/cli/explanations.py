"""An explanation as paragraphs and tables of plain text: the figure, what made the difference, the rows with file and line."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from cstui.base.days import iso
from cstui.base.errors import UsageError
from cstui.base.formatting import contribution, count, delta, figure, money, unit_of
from cstui.base.formatting import period as period_text
from cstui.base.formatting import reason as in_words
from cstui.base.parts import name_words, part_words
from cstui.base.text import safe
from cstui.cli.options import whole
from cstui.cli.output import emit, emit_json
from cstui.cli.session import opened
from cstui.cli.tables import Column, facts, table
from cstui.desk.difference import RATIO, Difference, Mover
from cstui.desk.explain import Explanation, SourceRow, Wanted

if TYPE_CHECKING:
    from cstui.desk.workspace import Workspace

MONEY = frozenset(("recurring", "revenue", "money", "value", "renewed"))
"""Families whose numerators and denominators are money."""


def explained(args: argparse.Namespace, option: str, ask: Callable[[Workspace, Wanted], Explanation]) -> int:
    """Print what `option` names of a table explained, with `--limit` rows and movers. Raises UsageError for `--csv`."""
    if args.csv:
        raise UsageError(f"{option} is explained as text or with --json.")
    limit = None if args.limit is None else whole(args.limit, "--limit", 10**9 - 1)
    with opened(args) as workspace:
        found = ask(workspace, Wanted(limit=limit, difference=True))
    if args.json:
        emit_json(found.to_json())
    else:
        emit("\n\n".join(explanation(found)))
    return 0


def explanation(found: Explanation) -> Iterator[str]:
    """An explanation in paragraphs; those of a composed figure's parts after it."""
    yield _headline(found)
    yield safe(found.metric.definition, 1000)
    yield facts(_particulars(found))
    if found.difference is not None:
        yield from _difference(found.difference, found)
    if found.rows is not None and found.rows:
        yield _rows(found.rows, found)
        if found.total_rows is None:
            yield f"the {len(found.rows):,} largest rows"
        elif found.total_rows > len(found.rows):
            yield f"{len(found.rows):,} of {count(found.total_rows, 'row')}"
    for part in found.explained.values():
        yield from explanation(part)


def _difference(difference: Difference, found: Explanation) -> Iterator[str]:
    """What made the difference against the period before."""
    one, currency = found.metric, found.currency
    unit = unit_of(one.id, one.unit)
    title = f"Against {period_text(difference.previous)}"
    if difference.value is None:
        yield f"{title}: nothing to compare with: {safe(in_words(difference.reason), 300)}"
        return
    before, now = (figure(value, unit, currency) for value in (difference.before, difference.now))
    yield f"{title}: {before} → {now}, a difference of {_signed(difference.value, found)}"
    sides = [("numerator", difference.numerator), ("denominator", difference.denominator), *difference.parts.items()]
    told = [(name, side) for name, side in sides if side]
    rows = [(name, _side(name, one.before, found), _side(name, one.now, found), _signed(one.effect, found)) for name, one in told]
    if rows:
        yield table((Column(""), *(Column(name, right=True) for name in ("before", "now", "made it differ by"))), rows)
    if difference.movers:
        yield table(_mover_columns(difference), [_mover_row(mover, difference, found) for mover in difference.movers])
    if difference.total > len(difference.movers):
        rest = difference.total - len(difference.movers)
        yield f"{rest:,} more, together {_signed(difference.rest, found)}"


def _mover_columns(difference: Difference) -> tuple[Column, ...]:
    """Each side of a ratio before and now."""
    sides = ("before", "now") if difference.method != RATIO else ("before", "of", "now", "of")
    return (Column("made it differ by", right=True), Column("customer"), Column("name"), *(Column(side, right=True) for side in sides))


def _mover_row(mover: Mover, difference: Difference, found: Explanation) -> tuple[str | None, ...]:
    pairs = (pair[: 2 if difference.method == RATIO else 1] if pair is not None else None for pair in (mover.before, mover.now))
    width = 2 if difference.method == RATIO else 1
    sides = [text for pair in pairs for text in ([_number(value) for value in pair] if pair is not None else ["–"] * width)]
    return _signed(mover.contribution, found), mover.customer_id or mover.what, mover.name, *sides


def _side(name: str, value: Fraction, found: Explanation) -> str:
    """One side of a ratio, or a part in its own unit: a margin of 0.79 is 78.9 %."""
    part = found.explained.get(name)
    return _number(value) if part is None else figure(value, unit_of(part.metric.id, part.metric.unit), found.currency)


def _number(value: Fraction) -> str:
    return f"{value.numerator:,}" if value.denominator == 1 else f"{float(round(value, 2)):,.2f}"


def _signed(value: Fraction | None, found: Explanation) -> str:
    return "n/a" if value is None else contribution(value, unit_of(found.metric.id, found.metric.unit), found.currency)


def _headline(found: Explanation) -> str:
    metric, answer = found.metric, found.answer
    read_in = unit_of(metric.id, metric.unit)
    value = figure(answer.figure.value, read_in, found.currency)
    change = delta(answer.figure.value, answer.previous, read_in, metric.better, found.currency)
    return "  ".join(part for part in (f"{metric.label} ({metric.id})", period_text(found.period), value, change) if part)


def _particulars(found: Explanation) -> Iterator[tuple[str, str | None]]:
    answer = found.answer.figure
    unit = "money" if found.metric.family in MONEY and not found.metric.composed else "count"
    yield "status", answer.status if answer.reason is None else f"{answer.status}: {in_words(answer.reason)}"
    for note in found.coverage:
        yield "coverage", note
    yield "formula", found.metric.formula
    yield "numerator", _plain(answer.numerator, unit, found.currency)
    yield "denominator", _plain(answer.denominator, "count" if found.metric.unit == "money" else unit, found.currency)
    yield "n", None if answer.n is None else f"{answer.n:,}"
    read_in = unit_of(found.metric.id, found.metric.unit)
    previous = None if found.answer.previous is None else figure(found.answer.previous, read_in, found.currency)
    yield "previous" if found.against is None else period_text(found.against), previous
    for name, value in found.switches.items():
        yield name, value
    for field, values in found.where:
        yield f"only {field}", f"{' or '.join(one or '(none)' for one in values)} (as they are now)"
    for name, part in (answer.parts or {}).items():
        yield name, _part((name,), part, found)


def _plain(value: Fraction | None, unit: str, currency: str) -> str | None:
    return None if value is None else figure(value, unit, currency)


def _part(path: tuple[str, ...], part: object, found: Explanation) -> str:
    if isinstance(part, Mapping):
        told = ((name_words(name), _part((*path, name), inner, found)) for name, inner in part.items())
        return ", ".join(words if words.startswith(f"{name} ") else f"{name} {words}" for name, words in told)  # KWD 45.123 names itself
    return part_words(path, part, found.metric.unit, found.currency)


def _rows(rows: Sequence[SourceRow], found: Explanation) -> str:
    in_money = found.metric.family in MONEY
    with_bottom = any(row.denominator is not None for row in rows)
    columns = [Column("row", limit=24), Column("id"), Column("customer"), Column("name"), Column("counts", right=True)]
    columns += [Column("of", right=True)] if with_bottom else []
    columns += [Column("from", limit=80), Column("", limit=80)]

    def amount(value: Fraction | None) -> str | None:
        return None if value is None else _money(value, found.currency) if in_money else f"{value}"

    return table(
        columns,
        [
            [
                row.kind,
                row.id,
                row.customer_id,
                row.name,
                amount(row.numerator),
                *([amount(row.denominator) if found.metric.unit != "money" else f"{row.denominator}"] if with_bottom else []),
                _where(row),
                row.note,
            ]
            for row in rows
        ],
    )


def _money(value: Fraction, currency: str) -> str:
    return money(value, currency, exact=True)


def _where(row: SourceRow) -> str:
    if row.file is None:
        return "by hand" if row.entered is None else f"by hand {iso(row.entered)}"
    return f"{row.file}:{row.line}"
