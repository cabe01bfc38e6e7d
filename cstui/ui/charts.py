"""A series and a size in, coloured text out: the chart of a screen, around plotext.

Pure but for plotext's own figure, which is one per process and therefore kept under a lock. plotext is imported when the
first chart is drawn, never before the first frame; call `line` from a thread. Block characters only, never braille.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import groupby
from operator import itemgetter
from threading import Lock
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from cstui.base.text import cell
from cstui.ui.theme import Ink

_LOCK = Lock()
_HATCH = str.maketrans(dict.fromkeys("█▛▜▙▟▌▐▀▄▚▞▖▗▘▝", "░"))
_AXIS = frozenset("─│┤┬└┼├┴")
_LEAST_LABEL, _NEAR = 7, 14
"""Cells that are worth a word, and how far from its line it may stand."""
_BLOCKS = frozenset("█▛▜▙▟▌▐▀▄▚▞▖▗▘▝")


class Series(NamedTuple):
    """What to draw: one value per label, oldest first."""

    values: tuple[Fraction | None, ...]
    labels: tuple[str, ...]
    """One per value, for the horizontal axis."""
    filled: bool
    """An area from zero (levels), or a line in its own range (rates)."""
    unfinished: int
    """How many of the last values are of periods that are not over: hatched."""
    note: str
    """Written beside the marked value."""
    marks: tuple[tuple[int, str], ...] = ()
    """(index of a value, what happened then): a dotted line down to the value, and its words where there is room."""
    at: int | None = None
    """Which value is marked; None: the last known."""
    beside: tuple[Fraction | None, ...] = ()
    """A second line on the same axis, in the accent: what was expected of the values. Where both run together they alternate."""
    titled: bool = False
    """The note stands in the title's line, with its month: over the picture it is as wide as some months, and would stand above others."""


def line(series: Series, width: int, height: int, axis: Callable[[Fraction], str], ink: Ink) -> Text:
    """The chart, exactly `width` × `height` cells, or fewer lines of words where that is too small to draw."""
    known = [value for value in series.values if value is not None]
    if len(known) < 2:
        return Text("two months are needed to draw a trend" if width >= 37 else "no trend yet", style=ink.dim)
    if width < 16 or height < 4:
        return Text(series.note, style=ink.dim)
    with _LOCK:  # Python runs one thread at a time anyway, so the first of two charts is there sooner
        return _picture(series, (width, height), axis, ink)


def _picture(series: Series, size: tuple[int, int], axis: Callable[[Fraction], str], ink: Ink) -> Text:
    width, height = size
    known = [value for value in series.values if value is not None]
    beside = [value for value in series.beside if value is not None]
    low, high, ticks = _ticked([*known, *beside], series.filled, height)
    names = [axis(tick) for tick in ticks]
    drawn = height - (height - 3) % (len(ticks) - 1)  # as many rows between one tick and the next everywhere

    def built(values: Sequence[Fraction | None]) -> list[str]:
        points = _downsample(values, max(8, (width - max(map(len, names)) - 1) * 2))
        rows = _build(points, series, width, drawn, (low, high), ticks, names)
        return [" " * width] * (height - len(rows)) + rows

    second = built(series.beside) if len(beside) > 1 else None
    return _paint(built(series.values), series, (width, height), 1 + max(map(len, names)), ink, second)


def heading(title: Text, series: Series, width: int, ink: Ink) -> Text:
    """A chart's title, and at the right end of its line the value that is marked, with its month where there is room for it."""
    known = [index for index, value in enumerate(series.values) if value is not None]
    if not series.titled or len(known) < 2 or not series.note:
        return title
    last = known[-1] if series.at is None else series.at
    for words in (f"● {series.labels[last]} {series.note}", f"● {series.note}"):
        room = width - title.cell_len - cell_len(words)
        if room >= 2:
            return Text.assemble(title, " " * room, (words, f"bold {ink.accent}"), no_wrap=True)
    return title


def margin(series: Series, height: int, axis: Callable[[Fraction], str]) -> int:
    """The cells left of the plot in `line`'s chart: what is to stand on the same axis begins there."""
    known = [value for value in series.values if value is not None]
    _, _, ticks = _ticked(known, series.filled, height)
    return 1 + max(len(axis(tick)) for tick in ticks)


def _ticked(known: Sequence[Fraction], filled: bool, height: int) -> tuple[Fraction, Fraction, tuple[Fraction, ...]]:
    """The axis of a chart that is `height` lines high; where not every tick has a row of its own, its ends alone."""
    low, high, ticks = _range(known, filled, max(2, min(6, height // 3)))
    return low, high, ticks if len(ticks) <= height - 2 else (ticks[0], ticks[-1])


def _range(known: Sequence[Fraction], filled: bool, count: int) -> tuple[Fraction, Fraction, tuple[Fraction, ...]]:
    """The axis: from a round number to a round number, with at most `count` + 1 round ticks."""
    low, high = min(known), max(known)
    if filled:
        low, high = min(low, Fraction(0)), max(high, Fraction(0))
    if low == high:
        low, high = (low - 1, high + 1) if not filled else (low, high + 1)
    step = _round_up((high - low) / count)
    first, last = low // step, -(-high // step)
    return first * step, last * step, tuple(step * index for index in range(first, last + 1))


def _round_up(value: Fraction) -> Fraction:
    """The least of 1, 2, 2.5, 5 × 10^k that is not below `value` > 0."""
    power = Fraction(1)
    while power * 10 <= value:
        power *= 10
    while power > value:
        power /= 10
    return next(power * lead for lead in (1, 2, Fraction(5, 2), 5, 10) if power * lead >= value)


def _downsample(values: Sequence[Fraction | None], limit: int) -> list[tuple[int, float | None]]:
    """(position, value) pairs, at most about `limit`: per bucket its least and most, so that no peak is lost."""
    pairs = [(index, None if value is None else float(value)) for index, value in enumerate(values)]
    if len(pairs) <= limit:
        return pairs
    kept: list[tuple[int, float | None]] = []
    size = -(-len(pairs) * 2 // limit)
    for start in range(0, len(pairs), size):
        bucket = [(value, index) for index, value in pairs[start : start + size] if value is not None]
        kept.extend(sorted({(min(bucket)[1], min(bucket)[0]), (max(bucket)[1], max(bucket)[0])}) if bucket else [(start, None)])
    return kept


def _build(
    points: Sequence[tuple[int, float | None]],
    series: Series,
    width: int,
    height: int,
    bounds: tuple[Fraction, Fraction],
    ticks: Sequence[Fraction],
    names: Sequence[str],
) -> list[str]:
    """Plotext's canvas as plain lines."""
    import plotext  # 46 ms: only when a chart is drawn

    wanted = max(2, min(len(series.labels), width // 14))
    last = len(series.labels) - 1
    places = sorted({round(last * index / (wanted - 1)) for index in range(wanted)})
    plotext.clear_figure()
    plotext.theme("clear")
    plotext.limit_size(False, False)  # the size asked for, whatever terminal the process was started in
    plotext.plotsize(width, height)
    plotext.xaxes(True, False)
    plotext.yaxes(True, False)
    for run in _runs(points):
        plotext.plot([x for x, _ in run], [y for _, y in run], marker="hd", fillx=series.filled)
    plotext.xlim(0, last)
    plotext.ylim(float(bounds[0]), float(bounds[1]))
    plotext.yticks([float(tick) for tick in ticks], list(names))
    plotext.xticks(places, [series.labels[place] for place in places])
    text: str = plotext.uncolorize(plotext.build())
    return [row[:width].ljust(width) for row in text.splitlines()[:height]]


def _runs(points: Sequence[tuple[int, float | None]]) -> list[list[tuple[int, float]]]:
    """The stretches without a gap."""
    runs: list[list[tuple[int, float]]] = [[]]
    for x, y in points:
        if y is None:
            runs.append([])
        else:
            runs[-1].append((x, y))
    return [run for run in runs if run]


def _paint(  # the picture, what it shows, and how
    rows: list[str], series: Series, size: tuple[int, int], margin: int, ink: Ink, second: list[str] | None = None
) -> Text:
    """Colour by place: the top block of each column is the line, blocks below it the area, else the axis; a second line lies over it."""
    width, height = size
    tops = {x: next((y for y, row in enumerate(rows) if row[x] in _BLOCKS), None) for x in range(margin, width)}
    hatched = _hatched_from(series, width, margin)
    mark = _marked(series, tops, width, margin)
    text = Text(no_wrap=True, end="")
    for y, row in enumerate(rows):
        cells = []
        for x, char in enumerate(row):
            over = second[y][x] if second is not None and x >= margin else " "
            if x == mark and tops[x] == y:
                cells.append(("●", ink.accent if second is None else ink.line))
            elif over in _BLOCKS and (char not in _BLOCKS or x % 4 < 2):
                cells.append((over, ink.accent))
            elif char in _BLOCKS and x >= margin:
                inside = series.filled and tops[x] != y
                cells.append((char.translate(_HATCH) if inside and x >= hatched else char, ink.fill if inside else ink.line))
            else:
                cells.append((char, ink.faint if char in _AXIS else ink.dim))
        for style, run in groupby(cells, key=itemgetter(1)):
            text.append("".join(char for char, _ in run), style)
        if y < height - 1:
            text.append("\n")
    text = _annotate(text, rows, series, (mark, tops.get(mark) if mark is not None else None), ink)
    return _marks(text, series, (width, margin), tops, ink) if series.marks else text


def _column(index: int, series: Series, width: int, margin: int) -> int:
    """Where a value stands."""
    return margin + round((width - 1 - margin) * index / max(1, len(series.values) - 1))


def _marked(series: Series, tops: Mapping[int, int | None], width: int, margin: int) -> int | None:
    """The column of the marked value: the nearest that has one."""
    known = [x for x, y in tops.items() if y is not None]
    if series.at is None or not known:
        return max(known, default=None)
    wanted = _column(series.at, series, width, margin)
    return min(known, key=lambda x: (abs(x - wanted), x))


def _marks(text: Text, series: Series, size: tuple[int, int], tops: Mapping[int, int | None], ink: Ink) -> Text:
    """Draw what happened: `┊` from the top down to the value, and the words beside it, where nothing else stands."""
    width, margin = size
    lines = text.plain.split("\n")
    columns = [(_column(index, series, width, margin), words) for index, words in series.marks]
    for x, _ in columns:
        top = tops.get(x)
        blank = [y for y in range(top if top is not None else len(lines) - 2) if lines[y][x] == " "]
        for y in blank:
            text = _put(text, lines, (x, y), "┊", ink.accent)
        if not blank and top is not None:
            text = _put(text, lines, (x, top + 1), "▾", ink.accent)  # the value leaves no room above it
    for x, words in columns:
        text = _label(text, lines, (x, margin, width), words, ink)
    return text


def _label(text: Text, lines: list[str], place: tuple[int, int, int], words: str, ink: Ink) -> Text:
    """Write a mark's words beside its line, on the first row where they fit; cut to the largest gap where they fit nowhere."""
    x, margin, width = place
    gaps = []
    for y in range(max(1, min(4, len(lines) - 3))):
        right = lines[y][x + 1 : width]
        gaps.append((len(right) - len(right.lstrip(" ")), y, x + 1, False))
        for edge in range(x, max(margin, x - _NEAR), -1):  # at the left, past what stands beside the line
            left = lines[y][margin:edge]
            gaps.append((len(left) - len(left.rstrip(" ")), y, edge, True))
    needed = cell_len(cell(words)) + 2
    room, y, edge, ends = next((gap for gap in gaps if gap[0] >= needed), max(gaps, key=lambda gap: gap[0]))
    if room < _LEAST_LABEL:
        return text
    shown = cell(words) if room >= needed else cell(set_cell_size(cell(words), room - 3).rstrip() + "…")
    start = edge - cell_len(shown) - 2 if ends else edge
    return _put(text, lines, (start, y), f" {shown} ", ink.accent)


def _put(text: Text, lines: list[str], place: tuple[int, int], words: str, style: str) -> Text:
    """Write over the picture. Words wider or narrower than their characters keep the line's width in cells."""
    (x, y), room = place, cell_len(words)
    at = sum(len(line) + 1 for line in lines[:y]) + x
    lines[y] = lines[y][:x] + words + lines[y][x + room :]
    return Text.assemble(text[:at], (words, style), text[at + room :], no_wrap=True, end="")


def _hatched_from(series: Series, width: int, margin: int) -> int:
    """The first column that belongs to an unfinished period."""
    if not series.unfinished:
        return width
    last = max(1, len(series.values) - 1)
    return margin + round((width - margin) * (last - series.unfinished) / last)


def _annotate(text: Text, rows: Sequence[str], series: Series, mark: tuple[int | None, int | None], ink: Ink) -> Text:
    """Write the last value above its mark, before the line that leads there, or beneath: where there are blanks, else on the area."""
    x, y = mark
    if x is None or y is None or not series.note or series.titled:
        return text
    width, length = len(rows[0]), len(series.note)
    start = max(0, min(x + 1, width) - length)
    before = len(rows[y][: x + 1].rpartition(" ")[0]) - length
    places = [(y - 1, start), (y - 2, start), (y, before), (y + 2, start)]
    note = (series.note, f"bold {ink.line if series.beside else ink.accent}")
    for row, column in places:
        if not (0 <= row < len(rows) - 2 and column >= 0):
            continue
        if not rows[row][column : column + length].strip() or row > y:
            at = row * (width + 1) + column
            return Text.assemble(text[:at], note, text[at + length :], no_wrap=True, end="")
    return text
