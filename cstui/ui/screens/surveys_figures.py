"""The figures of the surveys screen that the keyboard goes through: the scores and their parts, the bars, the months of the trend.

Functions of a `Voices` snapshot: of each figure what it says in words, and what explains it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cstui.base import formatting as fmt
from cstui.base.days import months
from cstui.base.text import cell
from cstui.desk.subjects import AnswersOf, FigureOf, TouchpointOf
from cstui.desk.voices import EASY, AnswerPart
from cstui.ui.screens import surveys_words as words
from cstui.ui.widgets.answer_form import KIND_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.text import Text

    from cstui.base.ask import View
    from cstui.desk.subjects import Subject
    from cstui.desk.voices import Voices
    from cstui.ui.screens.surveys_words import Mark
    from cstui.ui.theme import Ink


class Told(NamedTuple):
    """A figure under the keyboard."""

    words: str
    subject: Subject
    mark: Mark = ("", "")
    """Where it stands among the scores."""


def scores(voices: Voices, view: View) -> tuple[Told, ...]:
    """NPS, its bands, CES, its easy side, CSAT, its touchpoints: those that are known, in the order they stand in."""
    return tuple(_scores(voices, view)) if voices.around.answered else ()


def _scores(voices: Voices, view: View) -> Iterator[Told]:
    yield _score(voices, "nps", view)
    bands = words.band_counts(voices)
    if voices.now["nps"].figure.value is not None:
        for name, count in bands.items():
            yield Told(f"{fmt.count(count, name)} of {sum(bands.values()):,}", AnswersOf(AnswerPart("nps", name), view), ("nps", name))
    yield _score(voices, "ces", view)
    if (share := words.easy_share(voices)) is not None:
        yield Told(f"CES, the easy side: {fmt.percent(share)}", AnswersOf(AnswerPart("ces", EASY), view), ("ces", EASY))
    yield _score(voices, "csat", view)
    for name, value, n in words.by_touchpoint(voices):
        where = cell(name or "no touchpoint", 40)
        told = f"CSAT, {where}: {words.measure_text('csat', value)} of {fmt.count(n, 'answer')}"
        yield Told(told, TouchpointOf(name, view), (words.TOUCHPOINT, name))


def _score(voices: Voices, measure: str, view: View) -> Told:
    value = words.measure_text(measure, voices.now[measure].figure.value)
    return Told(f"{KIND_NAMES[measure]} {value}", FigureOf(measure, view), (measure, ""))


def bars(voices: Voices, view: View) -> tuple[Told, ...]:
    """The bars, then the scales that the title names."""
    if not voices.spreads:
        return ()
    kind, one = voices.measure, voices.spreads[0]
    found = [
        Told(f"{KIND_NAMES[kind]} {score}: {fmt.count(count, 'answer')}", AnswersOf(AnswerPart(kind, scale=one.scale, score=score), view))
        for score, count in one.counts
    ]
    for other in voices.spreads:
        scale = other.scale.replace("-", "–")
        told = f"{KIND_NAMES[kind]} on the scale {scale}: {fmt.count(other.total, 'answer')}"
        found.append(Told(told, AnswersOf(AnswerPart(kind, scale=other.scale), view)))
    return tuple(found)


def touchpoints(voices: Voices, view: View, ink: Ink) -> list[tuple[Text, Subject]]:
    """CSAT of all touchpoints together and of each, to choose from."""
    every = words.touchpoint_line("all touchpoints together", voices.now["csat"].figure.value, ink)
    lines: list[tuple[Text, Subject]] = [(every, FigureOf("csat", view))]
    for name, value, n in words.by_touchpoint(voices):
        lines.append((words.touchpoint_line(name or "(no touchpoint)", value, ink, n), TouchpointOf(name, view)))
    return lines


def points(voices: Voices, view: View) -> tuple[Told, ...]:
    """The months of the trend."""
    name = KIND_NAMES[voices.measure]
    return tuple(
        Told(f"{name} {fmt.month(month)}: {words.measure_text(voices.measure, value)}", FigureOf(voices.measure, view.on(months(month))))
        for month, value in zip(voices.trend_months, voices.trend, strict=True)
    )
