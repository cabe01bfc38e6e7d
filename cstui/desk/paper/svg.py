"""Charts as SVG text, for one place only: inside the HTML report. Pure: the same series, the same bytes; no script, no font, no link.

Colours are the page's own CSS variables, so that a chart follows dark, light and print.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import pairwise

from cstui.base.text import safe
from cstui.desk.paper.blocks import Chart

WIDTH, HEIGHT = 720, 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 16, 16, 42, 26
_INNER_W, _INNER_H = WIDTH - _LEFT - _RIGHT, HEIGHT - _TOP - _BOTTOM
_MARK_ROWS, _MARK_CELL, _MARK_LONGEST = (26, 38), 5.5, 40
"""Where words of marks stand, about how wide a letter of them is, and how many of them there may be."""
_LABELS = 8
"""At most so many labels under a line."""


def svg(chart: Chart) -> str:
    """The chart, titled for whoever can't see it."""
    body = {"line": _line, "bars": _bars, "steps": _steps}[chart.form](chart)
    title = _text(chart.title)
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{title}"><title>{title}</title>'
        f'<text x="{_LEFT}" y="14" class="t">{title}</text>{body}</svg>'
    )


def _text(value: str) -> str:
    return escape(safe(value, 200), quote=True)


def _n(value: float) -> str:
    """A coordinate with at most one decimal."""
    return f"{round(value, 1):g}"


class _Scale:
    """Values to heights: the lowest at the bottom, 0 always in sight for bars."""

    def __init__(self, low: float, high: float) -> None:
        self.low, self.span = low, (high - low) or 1.0

    def y(self, value: float) -> float:
        return _TOP + _INNER_H * (1 - (value - self.low) / self.span)


def _line(chart: Chart) -> str:
    known = [value for value in chart.values if value is not None]
    if not known:
        return f'<text x="{_LEFT}" y="{HEIGHT // 2}" class="l">n/a</text>'
    low, high = min(known), max(known)
    pad = (high - low) * 0.1 or abs(high) * 0.1 or 1.0
    scale = _Scale(low - pad, high + pad)
    step = _INNER_W / max(1, len(chart.values) - 1)
    points = [None if value is None else (_LEFT + step * i, scale.y(value)) for i, value in enumerate(chart.values)]
    solid = len(points) - chart.unfinished
    parts = [f'<line x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{HEIGHT - _BOTTOM}" y2="{HEIGHT - _BOTTOM}" class="x"/>']
    for i, (one, other) in enumerate(pairwise(points)):
        if one is not None and other is not None:
            dashed = "" if i + 1 < solid else " d"
            parts.append(f'<line x1="{_n(one[0])}" y1="{_n(one[1])}" x2="{_n(other[0])}" y2="{_n(other[1])}" class="s{dashed}"/>')
    last = next(i for i in reversed(range(len(points))) if points[i] is not None)
    for i in {last, *(i for i in range(len(points)) if _alone(points, i))}:
        at = points[i]
        assert at is not None
        parts.append(f'<circle cx="{_n(at[0])}" cy="{_n(at[1])}" r="3" class="p"/>')
    parts += _marks(chart, points)
    end = points[last]
    assert end is not None
    parts.append(f'<text x="{WIDTH - _RIGHT}" y="14" class="v e">{_text(chart.texts[last])}</text>')
    start = next(i for i, point in enumerate(points) if point is not None)
    begin = points[start]
    if start != last and begin is not None:
        parts.append(f'<text x="{_n(begin[0])}" y="{_n(max(begin[1] - 8, 30))}" class="l">{_text(chart.texts[start])}</text>')
    return "".join(parts) + _under(chart, [_LEFT + step * i for i in range(len(points))])


def _marks(chart: Chart, points: list[tuple[float, float] | None]) -> Iterator[str]:
    """A dotted line down to the value for each mark, and its words where two rows of them leave room: the table beneath has them all."""
    taken = [0.0] * len(_MARK_ROWS)
    step = _INNER_W / max(1, len(chart.values) - 1)
    for index, words in chart.marks:
        x, point = _LEFT + step * index, points[index]
        foot = HEIGHT - _BOTTOM if point is None else point[1]
        yield f'<line x1="{_n(x)}" x2="{_n(x)}" y1="{_MARK_ROWS[0]}" y2="{_n(foot)}" class="a"/>'
        shown = safe(words, _MARK_LONGEST)
        room = _MARK_CELL * len(shown) + 4
        start = x - room if x + room > WIDTH - _RIGHT else x
        row = next((row for row, end in enumerate(taken) if end <= start), None)
        if row is not None:
            taken[row] = start + room
            side = ' class="l e"' if start < x else ' class="l"'
            yield f'<text x="{_n(x - 3 if start < x else x + 3)}" y="{_MARK_ROWS[row]}"{side}>{escape(shown, quote=True)}</text>'


def _alone(points: list[tuple[float, float] | None], i: int) -> bool:
    """A known value between gaps, which no line would show."""
    before, after = i > 0 and points[i - 1] is not None, i + 1 < len(points) and points[i + 1] is not None
    return points[i] is not None and not before and not after


def _under(chart: Chart, places: list[float]) -> str:
    """Labels under the points, as many as there is room for, the last one always."""
    every = max(1, -(-len(places) // _LABELS))
    chosen = [i for i in range(len(places)) if (len(places) - 1 - i) % every == 0]
    anchors = {0: "b", len(places) - 1: "e"}
    return "".join(
        f'<text x="{_n(places[i])}" y="{HEIGHT - 8}" class="l {anchors.get(i, "m")}">{_text(chart.labels[i])}</text>' for i in chosen
    )


def _bars(chart: Chart) -> str:
    values = [value or 0.0 for value in chart.values]
    spans = [(0.0, value) for value in values]
    return _boxes(chart, spans, ["up" if value >= 0 else "down" for value in values], 0.0)


def _steps(chart: Chart) -> str:
    """Levels at both ends, and between them each step from where the one before ended."""
    values = [value or 0.0 for value in chart.values]
    spans, tones, level = [], [], 0.0
    for i, value in enumerate(values):
        if i in (0, len(values) - 1):
            spans.append((0.0, value))
            tones.append("level")
            level = value
        else:
            spans.append((level, level + value))
            tones.append("up" if value >= 0 else "down")
            level += value
    levels = [level for span, tone in zip(spans, tones, strict=True) for level in (span[1:] if tone == "level" else span)]
    reach = max(levels) - min(levels)
    base = max(0.0, min(levels) - reach / 2) if min(levels) >= 0 else 0.0
    return _boxes(chart, spans, tones, base) + ("" if not base else f'<text x="{WIDTH - _RIGHT}" y="14" class="l e">axis cut</text>')


def _boxes(chart: Chart, spans: list[tuple[float, float]], tones: list[str], base: float) -> str:
    """Boxes over their labels; whatever lies under `base` is cut off."""
    spans = [(max(start, base), end) if start == 0 else (start, end) for start, end in spans]
    scale = _Scale(min(base, *(min(span) for span in spans)), max(base, *(max(span) for span in spans)))
    slot = _INNER_W / max(1, len(spans))
    parts = []
    for i, ((start, end), tone) in enumerate(zip(spans, tones, strict=True)):
        top, bottom = scale.y(max(start, end)), scale.y(min(start, end))
        x, middle = _LEFT + slot * (i + 0.15), _LEFT + slot * (i + 0.5)
        parts.append(f'<rect x="{_n(x)}" y="{_n(top)}" width="{_n(slot * 0.7)}" height="{_n(max(bottom - top, 1.0))}" class="{tone}"/>')
        parts.append(f'<text x="{_n(middle)}" y="{_n(max(top - 4, 32))}" class="l m">{_text(chart.texts[i])}</text>')
        parts.append(f'<text x="{_n(middle)}" y="{HEIGHT - 8}" class="l m">{_text(chart.labels[i])}</text>')
    zero = _n(scale.y(base))
    return f'<line x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{zero}" y2="{zero}" class="x"/>' + "".join(parts)
