"""The explanation screen's words and lines: functions of an explanation, the inks and a width. Draws nothing and asks nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from rich.cells import cell_len
from rich.text import Text

from cstui.base import formatting as fmt
from cstui.base.parts import name_words, part_words
from cstui.base.text import cell, safe
from cstui.desk.difference import RATIO, Difference, Effect, Mover, Pair
from cstui.desk.explain import Explanation, SourceRow
from cstui.desk.settings import switch_label
from cstui.ui.theme import Ink
from cstui.ui.widgets.line import fit

_ENOUGH = 2000
"""Rows whose lengths decide on the columns' widths."""
_NOTE, _LEAST, _WHOSE, _NAMED = 24, 8, 34, 10
"""Cells for what is said of a row at most and at least; and how many the customer keeps for there to be any, and keeps beside sums."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Column widths that all rows share."""

    adds: int
    source: int
    ratio: bool
    """Rows carry a denominator too."""
    note: int
    """For what is said of a row."""


def layout_of(rows: Sequence[SourceRow], *, ratio: bool) -> Layout:
    """Widths by the longest of the first rows; the source gets at most 32 cells."""
    first = rows[:_ENOUGH]
    adds = max((len(_adds(row.numerator, row.denominator, ratio)) for row in first), default=0)
    note = max((cell_len(safe(row.note, 60)) + 1 for row in first if row.note), default=0)
    return Layout(adds, min(32, max((cell_len(source(row)) for row in first), default=0) + 2), ratio, min(_NOTE, note))


def unit_of(snapshot: Explanation) -> str:
    """What the figure is read in."""
    return fmt.unit_of(snapshot.metric.id, snapshot.metric.unit)


# What it means


def meaning(snapshot: Explanation, ink: Ink) -> Text:
    """Value, change, how far to trust it, what it means, how it is computed, what is in force."""
    figure, metric, currency = snapshot.answer.figure, snapshot.metric, snapshot.currency
    previous, unit = snapshot.answer.previous, unit_of(snapshot)
    value = fmt.figure(figure.value, unit, currency)
    text = Text.assemble((safe(metric.label, 60), f"bold {ink.accent}"), "   ", (value, "bold"))
    change = fmt.delta(figure.value, previous, unit, metric.better, currency)
    if change:
        good = {1: ink.good, -1: ink.bad, 0: ink.dim}[fmt.verdict(figure.value, previous, metric.better)]
        when = "before" if snapshot.against is None else fmt.period(snapshot.against)
        text.append(f"\n{change}", good).append(f"   {when} {fmt.figure(previous, unit, currency)}", ink.dim)
    if figure.status != "ok":
        text.append(f"\n{figure.status.replace('_', ' ')}", ink.care).append(
            f": {safe(fmt.reason(figure.reason), 300)}" if figure.reason else ""
        )
    text.append(f"\n\n{safe(metric.definition, 1000)}")
    for name, words in _details(snapshot):
        text.append(f"\n\n{name}\n", ink.dim).append(words)
    return text


def _details(snapshot: Explanation) -> Iterator[tuple[str, str]]:
    figure, metric = snapshot.answer.figure, snapshot.metric
    worked = ""
    if figure.numerator is not None and figure.denominator is not None:
        worked = f"{plain(figure.numerator)} ÷ {plain(figure.denominator)}"
    formula = safe(metric.formula, 300).replace(" / ", " ÷ ") if metric.formula else ""
    if formula or worked:
        yield "computed as", ": ".join(filter(None, (worked, formula)))
    if (difference := snapshot.difference) is not None and difference.method == RATIO:
        sides = (("numerator", difference.numerator), ("denominator", difference.denominator))
        yield (
            f"against {fmt.period(difference.previous)}",
            "\n".join(f"{name} {plain(side.before)} → {plain(side.now)}: {_effect(side, snapshot)}" for name, side in sides if side),
        )
    if snapshot.coverage:
        yield "coverage", "\n".join(safe(note, 200) for note in snapshot.coverage)
    if snapshot.switches:
        yield "switches in force", "\n".join(f"{safe(switch_label(name))}: {safe(value)}" for name, value in snapshot.switches.items())
    if figure.parts:
        yield "parts", "\n".join(_part_lines(figure.parts, metric.unit, snapshot.currency))


def _effect(side: Effect, snapshot: Explanation) -> str:
    return "n/a" if side.effect is None else fmt.contribution(side.effect, unit_of(snapshot), snapshot.currency)


def _part_lines(parts: Mapping[str, object], unit: str, currency: str, path: tuple[str, ...] = ()) -> list[str]:
    lines, indent = [], "  " * len(path)
    for name, value in parts.items():
        words, own = safe(name_words(name)), (*path, name)
        if isinstance(value, Mapping):
            lines += [f"{indent}{words}", *_part_lines(value, unit, currency, own)]
        else:
            told = safe(part_words(own, value, unit, currency), 200)
            lines.append(f"{indent}{told}" if told.startswith(f"{words} ") else f"{indent}{words}  {told}")  # KWD 45.123 names itself
    return lines


# The lists


def rows_heading(snapshot: Explanation, ink: Ink) -> Text:
    """Over the rows."""
    if not snapshot.counted:
        title, difference = Text("Made of", "bold").append("   enter opens a part", ink.dim), snapshot.difference
        if difference is None or not _taken_apart(difference):
            return title
        return title.append(f"; at the right what it did since {fmt.period(difference.previous)}", ink.dim)
    rows, total = snapshot.rows or (), snapshot.total_rows
    if not rows:
        return Text("No row")
    words = f"The {len(rows):,} largest rows" if total is None else fmt.count(total, "row")
    which = "more as you go down" if total is None or len(rows) < total else "what each adds, file and line"
    return Text(words, "bold").append(f"   {which}", ink.dim)


def difference_heading(snapshot: Explanation, ink: Ink) -> Text:
    """Over those who made the difference."""
    difference = snapshot.difference
    if difference is None:
        return Text("What made the difference", "bold")
    words = Text(fmt.count(difference.total, "mover"), "bold")
    if difference.value is not None:
        value = fmt.contribution(difference.value, unit_of(snapshot), snapshot.currency)
        words.append(f"   {value} since {fmt.period(difference.previous)}, largest first", ink.dim)
    return words


def no_difference(snapshot: Explanation) -> str:
    """Why nobody is listed."""
    difference = snapshot.difference
    if difference is None:
        return "working it out…"
    if difference.value is None:
        return f"Nothing to compare with: {safe(fmt.reason(difference.reason), 300)}."
    return f"Everybody adds what they added in {fmt.period(difference.previous)}."


def _taken_apart(difference: Difference) -> bool:
    return any(part.effect is not None for part in difference.parts.values())


def part_line(name: str, part: Explanation, snapshot: Explanation, width: int, ink: Ink) -> Text:
    """A part of a composed figure: its value, and what its change did."""
    value = fmt.figure(part.answer.figure.value, unit_of(part), part.currency)
    left = Text.assemble((safe(part.metric.label, 40), "bold"), (f"  {safe(name, 40)}", ink.dim))
    side = None if snapshot.difference is None else snapshot.difference.parts.get(name)
    if side is None or side.effect is None:
        return left.append(value.rjust(max(1, width - left.cell_len - 1)))
    effect = fmt.contribution(side.effect, unit_of(snapshot), snapshot.currency)
    room = max(1, width - left.cell_len - 14)
    return left.append(value.rjust(room)).append(effect.rjust(13), _shade(side.effect, snapshot, ink))


def row_line(row: SourceRow, layout: Layout, width: int, ink: Ink) -> Text:
    """customer, record, what it adds, where it came from."""
    room = width - layout.adds - layout.source - 4
    room -= layout.note if room - layout.note >= _WHOSE else 0
    ident_room = 14 if room >= 34 and row.customer_id is not None else 0
    line = Text.assemble(fit(row.name or row.customer_id or row.id, max(4, room - ident_room - 1)), " ", fit(row.id, ident_room, ink.dim))
    line.append(f" {_adds(row.numerator, row.denominator, layout.ratio):>{layout.adds}}", ink.text if row.numerator else ink.dim)
    line.append("  ").append_text(fit(source(row), layout.source, ink.dim))
    note, left = f" {safe(row.note or '', 60)}", width - line.cell_len - 1
    worth = row.note is not None and left >= min(_LEAST, cell_len(note))  # all of it is beneath the list
    return line.append_text(fit(note, left, ink.care)) if worth else line


def mover_layout(snapshot: Explanation) -> tuple[int, int]:
    """How wide the longest of the changes is, whole and rounded, of the movers that are listed."""
    difference = snapshot.difference
    movers = () if difference is None else difference.movers[:_ENOUGH]
    ratio = difference is not None and difference.method == RATIO
    whole, rounded = ([len(_change(mover, ratio, say)) for mover in movers] for say in (plain, fmt.scaled))
    return max(whole, default=0), max(rounded, default=0)


def mover_line(mover: Mover, snapshot: Explanation, layout: tuple[int, int], width: int, ink: Ink) -> Text:
    """Who, what they added and add, and what they contributed. Sums too long for the width are rounded: whole beneath the list."""
    assert snapshot.difference is not None
    effect = fmt.contribution(mover.contribution, unit_of(snapshot), snapshot.currency)
    whole, rounded = layout
    say, wide = (plain, whole) if whole + 14 + _NAMED <= width else (fmt.scaled, rounded)
    room = max(4, width - wide - 14)
    ident_room = 12 if room >= 34 and mover.customer_id is not None else 0
    who = fit(mover.name or mover.customer_id or mover.what, max(4, room - ident_room - 1))
    line = Text.assemble(who, " ", fit(mover.customer_id or "", ident_room, ink.dim))
    line.append(f"{_change(mover, snapshot.difference.method == RATIO, say).rjust(wide)} ", ink.dim)
    return line.append(effect.rjust(13), _shade(mover.contribution, snapshot, ink))


def _change(mover: Mover, ratio: bool, say: Callable[[Fraction], str]) -> str:
    return f"{_held(mover.before, ratio, say)} → {_held(mover.now, ratio, say)}"


def rest_line(snapshot: Explanation, ink: Ink) -> Text:
    """Those who are not listed."""
    difference = snapshot.difference
    assert difference is not None
    effect = fmt.contribution(difference.rest, unit_of(snapshot), snapshot.currency)
    return Text(f"and {difference.total - len(difference.movers):,} more, together {effect}", ink.dim)


def _shade(effect: Fraction, snapshot: Explanation, ink: Ink) -> str:
    """Better or worse."""
    return {1: ink.good, -1: ink.bad, 0: ink.dim}[fmt.verdict(effect, Fraction(0), snapshot.metric.better)]


# The line under the cursor, in full


def row_words(row: SourceRow, ink: Ink) -> Text:
    """All of a row, of which its line may show a part."""
    own = row.customer_id is None or row.customer_id == row.id
    whose: tuple[Text | tuple[str, str] | str, ...] = () if own else ((" of ", ink.dim), cell(row.customer_id or "", 60))
    words = Text.assemble((f"{row.kind} ", ink.dim), cell(row.id, 60), *whose)
    words.append(f"  {cell(row.name, 120)}" if row.name else "").append(f"   {source(row)}", ink.dim)
    return words.append(f"\n{safe(row.note, 300)}", ink.care) if row.note else words


def mover_words(mover: Mover, snapshot: Explanation, ink: Ink) -> Text:
    """All of a mover."""
    ratio = snapshot.difference is not None and snapshot.difference.method == RATIO
    words = Text.assemble(cell(mover.customer_id or mover.what, 60), f"  {cell(mover.name, 120)}" if mover.name else "")
    words.append(f"\nadded {_held(mover.before, ratio)}, adds {_held(mover.now, ratio)}: ", ink.dim)
    return words.append(
        fmt.contribution(mover.contribution, unit_of(snapshot), snapshot.currency), _shade(mover.contribution, snapshot, ink)
    )


def source(row: SourceRow) -> str:
    """File and line, or the day it was entered."""
    if row.file is not None:
        return f"{cell(Path(row.file).name, 60)}:{row.line}"
    return "entered by hand" if row.entered is None else f"entered {fmt.day(row.entered)}"


def plain(value: Fraction) -> str:
    """A sum as a number: whole, or with two decimals."""
    return fmt.number(value, 0 if value.denominator == 1 else 2)


def _adds(numerator: Fraction | None, denominator: Fraction | None, ratio: bool, say: Callable[[Fraction], str] = plain) -> str:
    if numerator is None:
        return "" if denominator is None else say(denominator)
    if not ratio or denominator is None:
        return say(numerator)
    word = "of" if 0 <= numerator <= denominator else "÷"
    return f"{say(numerator)} {word} {say(denominator)}"


def _held(pair: Pair | None, ratio: bool, say: Callable[[Fraction], str] = plain) -> str:
    return "–" if pair is None else _adds(*pair, ratio, say)
