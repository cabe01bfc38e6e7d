"""The trend screen's lines: the month under the mark in words, the series as a table to read and to copy.

Functions of a `TrendLine` and the inks; draws nothing and asks nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from rich.text import Text

from cstui.base import formatting as fmt
from cstui.base.days import iso, month_name, month_of
from cstui.base.text import safe
from cstui.desk.goals import progress
from cstui.desk.trend import Point, TrendLine
from cstui.ui.theme import Ink

_VALUE, _CHANGE, _COUNT = 12, 22, 9
"""Cells of the columns at least."""
_SHARE, _MOST = 11, 14
"""Cells of a change in percent, and of an amount at most."""
_YEAR = 86
"""Columns from which the year before has room."""


def unit_of(line: TrendLine) -> str:
    """The unit the metric is read in."""
    return fmt.unit_of(line.metric.id, line.metric.unit)


def point_words(line: TrendLine, point: Point, width: int, ink: Ink) -> Text:
    """The month under the mark: its value, against the month and the year before, against the goal, and how far to trust it.

    What does not fit beside the rest goes to a line of its own, whole.
    """
    unit, better, currency = unit_of(line), line.metric.better, line.currency
    month = fmt.period(point.period) + ("" if point.complete else " so far")
    parts = [Text.assemble((f"{month}  ", f"bold {ink.accent}"), (fmt.figure(point.value, unit, currency), "bold"))]
    for then, before in ((point.period.previous, point.previous), (point.period.year_before, point.year_before)):
        words = fmt.delta(point.value, before, unit, better, currency)
        if words:
            style = {1: ink.good, -1: ink.bad, 0: ink.dim}[fmt.verdict(point.value, before, better)]
            parts.append(Text.assemble((words, style), (f" vs {fmt.period(then)}", ink.dim)))
    if line.goal is not None and point.value is not None:
        parts.append(Text.assemble(("goal: ", ink.dim), progress(point.value, line.goal, unit, better, currency).words))
    text, room = Text(), width
    for part in parts:
        if text:
            text.append("   " if part.cell_len + 3 <= room else "\n")
            room = room - 3 if part.cell_len + 3 <= room else width
        text.append_text(part)
        room -= part.cell_len
    if point.status != "ok":
        text.append(f"\n{point.status.replace('_', ' ')}", ink.care).append(
            f": {safe(fmt.reason(point.reason), 200)}" if point.reason else ""
        )
    return text


def note_words(line: TrendLine, ink: Ink, here: int) -> Text:
    """What happened, newest last; that of the month under the mark stands out."""
    first, last = line.points[0].period.start, line.points[-1].period.last
    noted = [note for note in line.annotations if first <= note.day <= last]
    if not noted:
        return Text("n notes what happened on a day, such as “price change”, on every trend.", style=ink.faint)
    text = Text()
    for note in noted[-4:]:
        style = f"bold {ink.accent}" if note.day in line.points[here].period else ink.text
        text.append(f"{fmt.day(note.day)} ", ink.dim).append(f"{safe(note.text, 60)}   ", style)
    return text


def _columns(line: TrendLine) -> tuple[int, int]:
    """Widths of value and change: those of the largest amount, with its sign and gap. Amounts of more than 14 digits are shortened."""
    if unit_of(line) != "money":
        return _VALUE, _CHANGE
    largest = max((abs(point.value) for point in line.points if point.value is not None), default=Fraction(0))
    room = min(_MOST, len(fmt.money(largest, line.currency, code=False)))
    return max(_VALUE, room + 2), max(_CHANGE, room + 3 + _SHARE)


def table_heading(line: TrendLine, ink: Ink, width: int) -> Text:
    """The table's titles."""
    value, change = _columns(line)
    titles = f"{'month':13}{'value':>{value}}{'month before':>{change}}"
    return Text(titles + (f"{'year before':>{change}}{'n':>{_COUNT}}" if width >= _YEAR else ""), style=ink.dim)


def table_line(line: TrendLine, index: int, width: int, ink: Ink) -> Text:
    """A month as a line of the table; the top line names the currency."""
    point, unit, better = line.points[index], unit_of(line), line.metric.better
    for_value, for_change = _columns(line)
    value = fmt.figure_within(point.value, unit, line.currency, for_value - 1)
    text = Text.assemble(f"{fmt.period(point.period):13}", (f"{value:>{for_value}}", ink.dim if point.value is None else "bold"))
    for before in (point.previous, point.year_before) if width >= _YEAR else (point.previous,):
        words, _, share = fmt.delta(point.value, before, unit, better, line.currency).partition("  ")
        if unit == "money" and point.value is not None and before is not None and point.value != before:
            words = f"{words[0]} {fmt.money_within(abs(point.value - before), line.currency, for_change - _SHARE - 3)}"
        shown = f"{words}{share:>{_SHARE}}" if share else words
        text.append(f"{shown:>{for_change}}", {1: ink.good, -1: ink.bad, 0: ink.dim}[fmt.verdict(point.value, before, better)])
    if width >= _YEAR:
        text.append(f"{'' if point.n is None else f'{point.n:,}':>{_COUNT}}", ink.dim)
    text.append("  ")
    if point.status not in ("ok", "no_data"):
        text.append(point.status.replace("_", " ") if point.status != "incomplete" else "so far", ink.care)
    noted = " · ".join(note.text for note in line.annotations if note.day in point.period)
    return text.append(f"  ┊ {safe(noted, 60)}" if noted else "", ink.accent)


def copied(line: TrendLine) -> str:
    """The series as tab-separated lines for a sheet: exact values, no symbols."""
    lines = ["month\tvalue\tprevious\tyear_before\tn\tstatus\tnote"]
    for point in line.points:
        noted = "; ".join(f"{iso(note.day)} {note.text}" for note in line.annotations if note.day in point.period)
        cells: Sequence[object] = (
            month_name(month_of(point.period.start)),
            *("" if value is None else plain(value) for value in (point.value, point.previous, point.year_before)),
            "" if point.n is None else point.n,
            point.status,
            pasted(safe(noted, 300)),
        )
        lines.append("\t".join(map(str, cells)))
    return "\n".join(lines)


def pasted(text: str) -> str:
    """Text as a sheet may be given it: what it would run as a formula gets a `'` before it."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


def plain(value: object) -> str:
    """A number as a sheet reads it: at most ten decimals, no grouping."""
    return f"{float(value):.10f}".rstrip("0").rstrip(".")  # type: ignore[arg-type]  # a Fraction
