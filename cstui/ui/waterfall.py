"""The way of MRR, or of active customers, through a period as standing bars: each begins where the one before ended. Pure.

Every bar has its name, its amount with a sign, and its customers beneath it: nothing is said by colour alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import groupby
from operator import itemgetter

from rich.text import Text

from cstui.base import formatting as fmt
from cstui.desk.overview import Move
from cstui.ui.theme import Ink
from cstui.ui.widgets.moves import level_of, step_words, waterfall

_FEET = 2
"""Lines beneath the bars: names, customers."""
_LEAST = (56, 8)
Cells = list[list[tuple[str, str]]]


def standing(moves: Sequence[Move], size: tuple[int, int], currency: str, ink: Ink) -> Text:
    """The picture, `size` cells wide and high; nothing where that is too small to say more than the list beneath it."""
    width, height = size
    if width < _LEAST[0] or height < _LEAST[1] or not moves or any(move.amount is None for move in moves):
        return Text()
    spans = waterfall(tuple(moves))
    rows = height - _FEET - 1  # one line on top for the highest amount
    low, reach = _stretch(spans)
    cells: Cells = [[(" ", "")] * width for _ in range(rows + 1)]
    each = width // len(moves)
    previous: int | None = None
    for index, (move, (start, end)) in enumerate(zip(moves, spans, strict=True)):
        level = index in (0, len(moves) - 1)
        bottom, top = (
            round(max(Fraction(0), min(max(point, low), low + reach) - low) * rows * 2 / reach) for point in sorted((start, end))
        )
        bottom, top = (0 if level else min(bottom, rows * 2 - 1)), max(top, min(bottom, rows * 2 - 1) + 1)
        style = ink.line if level else ink.good if (move.amount or 0) > 0 else ink.bad if (move.amount or 0) < 0 else ink.faint
        left = index * each + 1
        if previous is not None:
            _thread(cells, previous, (left - 2, left - 1), ink)
        _bar(cells, (left, each - 2), (bottom, top), style, broken=level, flat=not move.amount)
        _amount(cells, (index * each, each), top, _words(move, level_of(moves), each, level=level, currency=currency), style)
        previous = round(max(Fraction(0), end - low) * rows * 2 / reach)
    return _text(cells, _feet(moves, each, ink))


def _stretch(spans: Sequence[tuple[Fraction, Fraction]]) -> tuple[Fraction, Fraction]:
    """From where, and how far, the axis goes: levels dwarf movements, so it shows where something moved, and some ground."""
    ends = [end for span in spans[1:-1] for end in span] + [spans[0][1], spans[-1][1]]
    low, high = min(ends), max(ends)
    low -= (high - low) / 3 or Fraction(1)
    return low, (high - low) or Fraction(1)


def _bar(cells: Cells, place: tuple[int, int], halves: tuple[int, int], style: str, *, broken: bool, flat: bool) -> None:
    (left, width), (bottom, top) = place, halves
    for row in range(len(cells) - 1):
        lower, upper = bottom <= 2 * row < top, bottom <= 2 * row + 1 < top
        char = "█" if lower and upper else "▄" if lower else "▀" if upper else ""
        if char:
            if broken and row == 0:
                char = "≈"  # the axis does not begin at 0
            if flat:
                char = "─"
            line = cells[len(cells) - 1 - row]
            line[left : left + width] = [(char, style)] * width


def _thread(cells: Cells, level: int, span: tuple[int, int], ink: Ink) -> None:
    """The dotted line from one bar's end to the next one's beginning."""
    row = len(cells) - 1 - min(len(cells) - 2, max(0, (level - 1) // 2))
    for x in range(*span):
        if 0 <= x < len(cells[row]) and cells[row][x][0] == " ":
            cells[row][x] = ("┄", ink.faint)


def _amount(cells: Cells, place: tuple[int, int], top: int, words: str, style: str) -> None:
    """The amount right above the bar, in its middle."""
    (left, width), row = place, len(cells) - 2 - (top - 1) // 2
    start = left + max(0, (width - len(words)) // 2)
    for x, char in enumerate(words[:width], start):
        if x < len(cells[0]):
            cells[max(0, row)][x] = (char, f"bold {style}")


def _words(move: Move, highest: Fraction, room: int, *, level: bool, currency: str) -> str:
    """The amount over a bar of `room` cells. A step leaves a cell free at both sides, so that no two numbers read as one."""
    amount = move.amount or Fraction(0)
    if not level:
        return step_words(amount, move.unit, currency, highest, room - 2)
    words = fmt.figure(amount, move.unit, currency)
    return words if len(words) <= room else fmt.figure_within(amount, move.unit, currency, room)


def _feet(moves: Sequence[Move], each: int, ink: Ink) -> Text:
    names = "".join(_within(move.label, each).center(each) for move in moves)
    people = "".join(("" if move.customers is None else f"{move.customers:,}").center(each) for move in moves)
    return Text.assemble((names.rstrip(), ink.text), "\n", (people.rstrip(), ink.dim))


def _within(label: str, room: int) -> str:
    """A name, or its first word, or as much as leaves a cell free."""
    first = label.partition(" ")[0]
    return label if len(label) <= room else first if len(first) <= room else label[: room - 2] + "…"


def _text(cells: Cells, feet: Text) -> Text:
    text = Text(no_wrap=True, end="")
    for line in cells:
        for style, run in groupby(line, key=itemgetter(1)):
            text.append("".join(char for char, _ in run), style)
        text.append("\n")
    return text.append_text(feet)
