"""One customer's life on one time axis: MRR as a chart, and beneath it active days, scores and events, month under month.

Pure; draws with `charts.line`, so call it from a thread.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from rich.text import Text

from cstui.base import formatting as fmt
from cstui.base.text import safe
from cstui.desk.customer_trend import MARKS, Answer, LifeLine
from cstui.ui import charts
from cstui.ui.charts import Series
from cstui.ui.theme import Ink

_BARS = " ▁▂▃▄▅▆▇█"
_LEAST_MARGIN = 7
_WORDS = {
    "first_paid": "first paid",
    "expansion": "more",
    "contraction": "less",
    "churned": "left",
    "returned": "back",
    "trial_started": "trial",
    "cancel_requested": "cancelled",
    "payment_failed": "not paid",
    "ticket_opened": "ticket",
}
_GOOD = frozenset(("first_paid", "expansion", "returned", "trial_started"))
_BAD = frozenset(("churned", "contraction", "payment_failed", "cancel_requested"))
BENEATH = 3
"""Lines under the MRR chart."""


def life_chart(life: LifeLine, size: tuple[int, int], axis: Callable[[Fraction], str], ink: Ink) -> Text:
    """The chart, `size` (width, height) cells; words where there is too little to draw or no room."""
    width, height = size
    series = Series(life.mrr, tuple(fmt.month(month, short=True) for month in life.months), True, 0, axis(_last(life.mrr)))
    if len(life.months) < 2 or width < 30 or height < BENEATH + 4:
        return charts.line(series, width, height, axis, ink)
    if not any(value != 0 for value in life.mrr):
        top, left = _unpaid(life, width, height - BENEATH, ink), _LEAST_MARGIN
        return Text("\n", no_wrap=True, end="").join([top, *_beneath(life, left, width, ink)])

    def padded(value: Fraction) -> str:
        return axis(value).rjust(_LEAST_MARGIN - 1)

    top = charts.line(series, width, height - BENEATH, padded, ink)
    left = charts.margin(series, height - BENEATH, padded)
    return Text("\n", no_wrap=True, end="").join([top, *_beneath(life, left, width, ink)])


def _beneath(life: LifeLine, left: int, width: int, ink: Ink) -> tuple[Text, ...]:
    """Active days, scores and events, month under month."""
    places = _places(len(life.months), left, width)
    return (
        _days_row(life.days, left, width, ink),
        _scores_row(life.scores, places, left, width, ink),
        _marks_row(life, places, left, width, ink),
    )


def _unpaid(life: LifeLine, width: int, height: int, ink: Ink) -> Text:
    """Words in place of a flat line at nothing, over the first and the last month."""
    first, last = (fmt.month(month, short=True) for month in (life.months[0], life.months[-1]))
    words = Text(f"{' ' * _LEAST_MARGIN}no {'MRR' if life.money == 'MRR' else 'revenue'} in these months", style=ink.dim)
    words.truncate(width, overflow="ellipsis")
    ends = Text(f"{' ' * _LEAST_MARGIN}{first}{last:>{max(0, width - _LEAST_MARGIN - len(first))}}", style=ink.dim)
    return Text("\n", no_wrap=True, end="").join([words, *[Text()] * (height - 2), ends])


def _last(values: Sequence[Fraction | None]) -> Fraction:
    return next((value for value in reversed(values) if value is not None), Fraction(0))


def _places(count: int, left: int, width: int) -> list[int]:
    """The column of each month."""
    room = width - left - 1
    return [left + round(index * room / (count - 1)) for index in range(count)]


def _days_row(days: Sequence[int | None], left: int, width: int, ink: Ink) -> Text:
    """A bar a month, as wide as the month is on the axis."""
    line = Text("days ".rjust(left), style=ink.dim, no_wrap=True, end="")
    room, last = width - left - 1, len(days) - 1
    for column in range(room + 1):
        value = days[round(column * last / room)]
        if value is None:
            line.append("·", ink.faint)
        elif value == 0:
            line.append("_", ink.bad)
        else:
            line.append(_BARS[max(1, min(8, -(-value * 8 // 31)))], ink.primary)
    return line


def _scores_row(scores: Sequence[tuple[Answer, ...]], places: Sequence[int], left: int, width: int, ink: Ink) -> Text:
    """The worst answer of each month where it was given; a later one gives way to one that stands there already."""
    marks: list[tuple[int, str, str]] = []
    for place, answers in zip(places, scores, strict=True):
        if answers:
            worst = min(answers, key=lambda one: one.share)
            marks.append((min(place, width - len(worst.score)), worst.score, shade(worst.share, ink)))
    return _placed("scores ", marks, left, width, ink)


def shade(share: Fraction, ink: Ink) -> str:
    """The colour of an answer by where on its scale it stands."""
    return ink.bad if share <= Fraction(3, 5) else ink.care if share < Fraction(7, 8) else ink.good


def _marks_row(life: LifeLine, places: Sequence[int], left: int, width: int, ink: Ink) -> Text:
    marks = []
    for place, happened in zip(places, life.marks, strict=True):
        if happened:
            what = min(happened, key=list(MARKS).index)
            marks.append((place, MARKS[what], _ink_of(what, ink)))
    return _placed("events ", marks, left, width, ink)


def _ink_of(what: str, ink: Ink) -> str:
    return ink.good if what in _GOOD else ink.bad if what in _BAD else ink.care


def _placed(name: str, marks: Sequence[tuple[int, str, str]], left: int, width: int, ink: Ink) -> Text:
    """A name, and marks at their columns; what would lie over another is left out."""
    line = Text(name.rjust(left), style=ink.dim, no_wrap=True, end="")
    at = left
    for place, text, style in marks:
        if at <= place <= width - len(text):
            line.append(" " * (place - at)).append(text, f"bold {style}")
            at = place + len(text)
    return line


def life_heading(life: LifeLine, currency: str) -> str:
    """Over `life_lines`."""
    return f"{'month':9}{f'{life.money} in {currency}':>16}{'days':>6}  scores, events"


def life_lines(life: LifeLine, currency: str, ink: Ink) -> list[tuple[int, Text]]:
    """The same months as text, newest first, as (place in the line, text): money, active days, scores, events."""
    lines: list[tuple[int, Text]] = []
    months = zip(life.months, life.mrr, life.days, life.scores, life.marks, strict=True)
    for at, (month, money, days, scores, marks) in enumerate(months):
        amount = "no rate" if money is None else fmt.money(money, currency, code=False)
        text = Text.assemble((f"{fmt.month(month):9}{amount:>16}", ink.text), (f"{'–' if days is None else days:>6}", ink.dim))
        said = [*(f"{one.kind.upper()} {one.score}" for one in scores), *(_WORDS[what] for what in marks)]
        lines.append((at, text.append(f"  {safe(', '.join(said), 60)}", ink.accent)))
    return lines[::-1]


def legend(life: LifeLine, ink: Ink) -> Text:
    """What the marks that are drawn mean."""
    drawn = {min(happened, key=list(MARKS).index) for happened in life.marks if happened}
    text = Text(no_wrap=True, end="")
    for what in MARKS:
        if what in drawn:
            text.append(f"  {MARKS[what]} ", f"bold {_ink_of(what, ink)}").append(_WORDS[what], ink.dim)
    return text
